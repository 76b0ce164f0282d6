package eventstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Restore writes the log that a copy holds into a directory that has nothing of the ledger, as the generation after the
// copy's, and returns what was found right about it on the way: framing, numbers, tree, signatures and checkpoints are all
// checked before anything is the ledger. The private key is not in a copy. Where the key file is put back the log goes on
// as before; without it the restored ledger can be read, and a new key be recorded in place of the lost one.
//
// A crash at any moment leaves what Restore begins anew when it is called again, or the whole ledger: the head, which is
// written last, makes it one.
func Restore(ctx context.Context, o Options, c *Copy, progress func(number int64)) (Verification, error) {
	o.Ledger = c.Ledger()
	o, err := o.settled()
	if err != nil {
		return Verification{}, err
	}
	if err := makeDir(o.Dir); err != nil {
		return Verification{}, fmt.Errorf("create the data directory: %w", err)
	}
	l, err := newLog(o)
	if err != nil {
		return Verification{}, err
	}
	l.options.lazySync = true
	l.generation.n = c.Generation() + 1
	outcome, head, err := l.restore(ctx, c, progress)
	if err != nil {
		return outcome, l.abandon(err)
	}
	if err := l.Close(); err != nil {
		return outcome, err
	}
	return outcome, l.finishRestore(head)
}

// restore fills the streams. Nothing is fsynced before all of it is there.
func (l *Log) restore(ctx context.Context, c *Copy, progress func(number int64)) (Verification, Head, error) {
	if err := l.beginRestore(); err != nil {
		return Verification{}, Head{}, err
	}
	if err := l.createStream(ctx); err != nil {
		return Verification{}, Head{}, err
	}
	p := &publisher{log: l, subject: l.generation.subject()}
	v := c.verifier(1)
	v.outcome.Generation = l.generation.n
	verify := v.fold(progress)
	err := c.Read(ctx, Fold{Decode: verify.Decode, Apply: func(commit Commit, by any) error {
		if err := verify.Apply(commit, by); err != nil {
			return err
		}
		return p.publish(&nats.Msg{Subject: p.subject, Header: commit.header(), Data: commit.Body})
	}})
	if err == nil {
		err = p.flush()
	}
	if err != nil {
		return v.outcome, Head{}, err
	}
	outcome, err := c.finish(v, nil)
	if err != nil {
		return outcome, Head{}, err
	}
	head := Head{Ledger: l.options.Ledger, Generation: l.generation.n, Number: outcome.Events, Sequence: uint64(outcome.Commits), Root: outcome.Root.String()}
	for _, note := range outcome.Checkpoints {
		if err := l.storeNote(note.Text); err != nil {
			return outcome, head, err
		}
		head.Checkpoint = max(head.Checkpoint, note.Size)
	}
	return outcome, head, nil
}

// beginRestore makes room: there must be nothing of the ledger but what an interrupted restore has left, and a key.
func (l *Log) beginRestore() error {
	o := l.options
	head, err := l.openHead()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		found, err := o.hasStream()
		if err != nil {
			return err
		}
		if found {
			return fmt.Errorf("%w: there is a stream of ledger %s in %s: restore into an empty directory", ErrExists, o.Ledger, o.Dir)
		}
	case err != nil:
		return err
	case !head.Restoring:
		return fmt.Errorf("%w: %s in %s, at number %d: restore into an empty directory", ErrExists, o.Ledger, o.Dir, head.Number)
	default:
		if err := l.head.close(); err != nil {
			return err
		}
		l.head = nil
	}
	for _, dir := range l.restoredDirs() {
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	if err := os.Remove(o.damagePath()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return createHeadFile(o.headPath(), Head{Ledger: o.Ledger, Generation: l.generation.n, Restoring: true})
}

func (l *Log) restoredDirs() []string {
	return []string{l.streamDir(), filepath.Join(streamsDir(l.options.Dir), l.options.checkpointStream())}
}

// finishRestore puts on disk what the server, which has stopped, has written, and then the head.
func (l *Log) finishRestore(head Head) error {
	for _, dir := range l.restoredDirs() {
		if err := syncTree(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := l.syncStreamDirs(); err != nil {
		return err
	}
	return createHeadFile(l.options.headPath(), head)
}

// syncTree puts every file and directory in a directory on disk.
func syncTree(dir string) error {
	var dirs []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			dirs = append(dirs, path)
			return nil
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		return errors.Join(file.Sync(), file.Close())
	})
	if err != nil {
		return err
	}
	slices.Reverse(dirs)
	return syncDirs(dirs...)
}

// publisher sends messages without waiting for each, and checks that each is stored in its place.
type publisher struct {
	log     *Log
	subject string
	sent    uint64
	acks    []jetstream.PubAckFuture
}

// mostUnacknowledged is how many messages may be on their way: enough to keep the server busy, and at most some tens of
// megabytes.
const mostUnacknowledged = 64

func (p *publisher) publish(m *nats.Msg) error {
	ack, err := p.log.on().nats.js.PublishMsgAsync(m, jetstream.WithExpectLastSequence(p.sent))
	if err != nil {
		return err
	}
	p.sent++
	p.acks = append(p.acks, ack)
	if len(p.acks) < mostUnacknowledged {
		return nil
	}
	return p.await(1)
}

func (p *publisher) flush() error { return p.await(len(p.acks)) }

// await takes the first n acknowledgements.
func (p *publisher) await(n int) error {
	for _, ack := range p.acks[:n] {
		select {
		case a := <-ack.Ok():
			if want := p.sent - uint64(len(p.acks)) + 1; a.Sequence != want {
				return fmt.Errorf("restore: JetStream stored sequence %d where %d was due", a.Sequence, want)
			}
		case err := <-ack.Err():
			return fmt.Errorf("restore: %w", err)
		}
		p.acks = p.acks[1:]
	}
	return nil
}
