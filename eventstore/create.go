package eventstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"pcnledger/eventstore/proof"
)

// A Founding is what a ledger begins with.
type Founding struct {
	Key     func() (*proof.Key, error)             // makes the key that signs its commits
	Entries func(proof.PublicKey) ([]Entry, error) // its first commit, the event that says by which key it is signed among them
}

// Create makes a ledger with its first commit and opens its log. It does so once: if there is a head or a stream of that
// name, whole or damaged, the error is [ErrExists] or [Damage], and nothing is changed.
//
// The order is chosen for what a crash leaves behind. The key comes first: alone it is nothing. Then the head, with number
// 0: a creation began and nothing was acknowledged. Then the stream; then its first commit; then the head with the commit's number. A crash before the
// commit is on disk leaves what Create takes up when it is called again; a crash after it leaves a ledger that [Open]
// opens.
func Create(ctx context.Context, o Options, f Founding) (*Log, Commit, error) {
	o, err := o.settled()
	if err != nil {
		return nil, Commit{}, err
	}
	if err := makeDir(o.Dir); err != nil {
		return nil, Commit{}, fmt.Errorf("create the data directory: %w", err)
	}
	l, err := newLog(o)
	if err != nil {
		return nil, Commit{}, err
	}
	commit, err := l.create(ctx, f)
	if err != nil {
		return nil, Commit{}, l.abandon(err)
	}
	return l, commit, nil
}

func (l *Log) create(ctx context.Context, f Founding) (Commit, error) {
	if err := l.checkNone(); err != nil {
		return Commit{}, err
	}
	entries, err := l.prepare(f)
	if err != nil {
		return Commit{}, err
	}
	if err := l.beginHead(); err != nil {
		return Commit{}, err
	}
	if err := l.createStream(ctx); err != nil {
		return Commit{}, err
	}
	commit, err := l.Append(ctx, entries)
	if err != nil {
		return Commit{}, err
	}
	l.writing.Lock()
	defer l.writing.Unlock()
	l.awaitHead()
	return commit, l.headErr
}

// prepare makes the key and the first entries. Entries that cannot be recorded are refused before they leave half a ledger
// behind.
func (l *Log) prepare(f Founding) ([]Entry, error) {
	key, err := l.options.keyFile().obtain(f.Key)
	if err != nil {
		return nil, fmt.Errorf("make the signing key: %w", err)
	}
	l.nextSigner = key
	entries, err := f.Entries(key.Public())
	if err != nil {
		return nil, err
	}
	_, err = l.Compose(entries, nil)
	return entries, err
}

// checkNone says what is there if the ledger was created before.
func (l *Log) checkNone() error {
	head, err := l.openHead()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = l.head.close()
		l.head = nil
	}
	if err == nil && head.Number > 0 {
		err = fmt.Errorf("%w: %s in %s, at number %d", ErrExists, l.options.Ledger, l.options.Dir, head.Number)
	}
	return err
}

// beginHead writes the head with number 0, unless a creation that was interrupted has left it.
func (l *Log) beginHead() error {
	o := l.options
	head, err := l.openHead()
	if errors.Is(err, fs.ErrNotExist) {
		switch found, err := o.hasStream(); {
		case err != nil:
			return err
		case found:
			return fmt.Errorf("%w: there is a stream of ledger %s in %s, but no head", ErrExists, o.Ledger, o.Dir)
		}
		if err := createHeadFile(o.headPath(), l.Head()); err != nil {
			return fmt.Errorf("create the head: %w", err)
		}
		head, err = l.openHead()
	}
	if err == nil && head.Number > 0 {
		err = fmt.Errorf("%w: %s in %s, at number %d", ErrExists, o.Ledger, o.Dir, head.Number)
	}
	return err
}

// createStream starts the server and makes the stream. What an interrupted creation has left of it is removed first:
// JetStream would neither recognise a stream of which it had written half, nor make it whole. A stream with a message in
// it is not such a rest.
func (l *Log) createStream(ctx context.Context) error {
	o := l.options
	switch holds, err := l.holdsMessages(); {
	case err != nil:
		return err
	case holds:
		return fmt.Errorf("%w: %s in %s; its creation was finished but for the head, which opening it will mend", ErrExists, o.Ledger, o.Dir)
	}
	if err := os.RemoveAll(l.streamDir()); err != nil {
		return err
	}
	if err := l.startServer(ctx); err != nil {
		return err
	}
	var err error
	s := *l.on()
	if s.stream, err = s.nats.js.CreateStream(ctx, l.generation.config()); err != nil {
		return fmt.Errorf("create the stream of ledger %s: %w", o.Ledger, err)
	}
	l.session.Store(&s)
	return l.syncStreamDirs()
}

func (l *Log) streamDir() string { return l.generation.streamDir(l.options.Dir) }

// holdsMessages reports whether there is a block of the stream with anything in it.
func (l *Log) holdsMessages() (bool, error) {
	blocks, err := l.generation.blocks(l.options.Dir)
	if err != nil {
		return false, err
	}
	for _, b := range blocks {
		info, err := os.Stat(b.path)
		if err != nil || info.Size() > 0 {
			return true, err
		}
	}
	return false, nil
}

// syncStreamDirs puts the names of the directories down to the stream's blocks on disk, which JetStream leaves to the
// file system.
func (l *Log) syncStreamDirs() error { return l.syncDirsDownTo(l.streamDir()) }

func (l *Log) syncDirsDownTo(stream string) error {
	var dirs []string
	for dir := filepath.Join(stream, "msgs"); dir != l.options.Dir; dir = filepath.Dir(dir) {
		dirs = append(dirs, dir)
	}
	return syncDirs(append(dirs, l.options.Dir)...)
}

// openHead opens the head file and returns the head in it. What is wrong with it is Damage, but for its not being there.
func (l *Log) openHead() (Head, error) {
	o := l.options
	file, head, err := openHeadFile(o.headPath())
	if errors.Is(err, fs.ErrNotExist) {
		return Head{}, err
	}
	if err != nil && !errors.Is(err, errBadHead) {
		return Head{}, fmt.Errorf("open the head: %w", err)
	}
	if err != nil {
		return Head{}, o.damage(0, 0, "the head %s cannot be read, so that it is not known how far the ledger had got: %v", o.headPath(), err)
	}
	l.head = file
	if head.Ledger != o.Ledger || head.Generation < firstGeneration || head.Number < 0 {
		return Head{}, o.damage(0, 0, "the head %s is not of this ledger: it says ledger %q, generation %d, number %d",
			o.headPath(), head.Ledger, head.Generation, head.Number)
	}
	if file.torn != nil {
		o.logger().Warn("half of the head could not be read; the other half is used", "ledger", o.Ledger, "err", file.torn)
	}
	l.generation.n = head.Generation
	return head, nil
}
