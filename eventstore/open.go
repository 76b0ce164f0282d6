package eventstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/nats-io/nats.go/jetstream"

	"pcnledger/eventstore/proof"
)

// Open opens a ledger's log and reads the whole of it. See [OpenAndRead].
func Open(ctx context.Context, o Options) (*Log, error) { return OpenAndRead(ctx, o, Fold{}, nil) }

// OpenAndRead opens a ledger's log and folds every commit from number 1 on while the log reads them for itself. If it
// returns an error, what was folded is to be thrown away. An error of the fold is returned as it is. If r is not nil and there
// is a snapshot that can be used, what the caller kept in it is taken up first, and only what was recorded since is folded.
//
// Nothing is ever created here. Neither head nor stream is [ErrNoLedger]; one of them, or two that disagree, is [Damage];
// a directory that another process has open is [ErrInUse]. A head that is behind the stream, as a crash leaves it, is
// brought up to it.
func OpenAndRead(ctx context.Context, o Options, fold Fold, r *Resumption) (*Log, error) {
	o, err := o.settled()
	if err != nil {
		return nil, err
	}
	if err := o.checkTrace(); err != nil {
		return nil, err
	}
	l, err := newLog(o)
	if err != nil {
		return nil, err
	}
	err = l.open(ctx, fold, r)
	if mismatch, is := errors.AsType[*rootMismatch](err); is {
		err = l.locate(ctx, mismatch)
	}
	if damage, is := errors.AsType[*Damage](err); is && o.Verifying && l.head != nil {
		err = errors.Join(damage, o.noteDamage(damage)) // as Verify would, had it come to that
	}
	if err != nil {
		return nil, l.abandon(err)
	}
	return l, nil
}

// checkTrace looks for a head or a stream before anything is locked or started: asking after a ledger that is not there
// must not leave a directory behind.
func (o Options) checkTrace() error {
	head, err := exists(o.headPath())
	if err != nil {
		return err
	}
	stream, err := o.hasStream()
	if err != nil {
		return err
	}
	if !head && !stream {
		return fmt.Errorf("%w: run init (ledger %s in %s)", ErrNoLedger, o.Ledger, o.Dir)
	}
	return nil
}

func (l *Log) open(ctx context.Context, fold Fold, r *Resumption) error {
	head, err := l.openHead()
	if errors.Is(err, fs.ErrNotExist) {
		return l.options.damage(0, 0, "there is a stream but no head %s, so that it is not known whether the stream's end is whole",
			l.options.headPath())
	}
	if err != nil {
		return err
	}
	if head.Restoring {
		return l.interrupted(head)
	}
	if err := l.options.notedDamage(); err != nil && !l.options.Verifying {
		return err
	}
	note := &noted{}
	snap := l.openSnapshot(head, r)
	if err := l.readFiles(ctx, head, snap, note, fold); err != nil {
		return l.without(snap, err)
	}
	if err := l.startStream(ctx, head); err != nil {
		return l.without(snap, err)
	}
	if !l.resume(ctx, snap, r) && snap != nil { // what it spared the blocks has to be made good
		if err := l.checkFiles(ctx, head, 0); err != nil {
			return err
		}
	}
	if err := l.readRest(ctx, head, note, fold); err != nil {
		return err
	}
	if err := l.findSigner(); err != nil {
		return err
	}
	return l.catchUp(head)
}

// without lets go of a snapshot that is not needed, and returns why.
func (l *Log) without(snap *snapshot, why error) error {
	if err := snap.close(); err != nil {
		l.options.logger().Warn("let go of the snapshot", "ledger", l.options.Ledger, "err", err)
	}
	return why
}

// readFiles folds the log out of its files, or, where a snapshot spares that, checks the files that it does not cover.
// Damage is so found before a server runs, which would begin to write into an emptied directory and to mend a damaged one.
// It changes nothing.
func (l *Log) readFiles(ctx context.Context, head Head, snap *snapshot, note *noted, fold Fold) error {
	if snap != nil {
		return l.checkFiles(ctx, head, snap.sequence())
	}
	if err := l.checkDir(head); err != nil {
		return err
	}
	if err := l.options.checkCheckpointBlocks(ctx); err != nil {
		return err
	}
	note.c.Size = l.options.largestCheckpoint()
	l.index.gather()
	return l.foldBlocks(ctx, head, func(c taken) error { return l.meet(c, head, note) }, fold)
}

// checkFiles looks through the files behind the sequence known.
func (l *Log) checkFiles(ctx context.Context, head Head, known uint64) error {
	if err := l.checkDir(head); err != nil {
		return err
	}
	if err := l.options.checkBlocks(ctx, head, known); err != nil {
		return err
	}
	return l.options.checkCheckpointBlocks(ctx)
}

func (l *Log) checkDir(head Head) error {
	_, err := os.Stat(l.streamDir())
	if errors.Is(err, fs.ErrNotExist) {
		return l.missing(head, "its directory is not there")
	}
	return err
}

// startStream starts the server and finds the stream.
func (l *Log) startStream(ctx context.Context, head Head) error {
	if err := l.startServer(ctx); err != nil {
		return err
	}
	err := l.openStream(ctx)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return l.missing(head, "JetStream does not recognise what is in its directory")
	}
	return err
}

// missing says what it means that the stream is not there: damage, unless nothing was ever recorded.
func (l *Log) missing(head Head, why string) error {
	holds, err := l.holdsMessages()
	if err != nil {
		return err
	}
	if head.Number == 0 && !holds {
		return l.interrupted(head)
	}
	return l.options.damage(1, 1, "the head says that numbers 1 to %d were recorded, but stream %s is missing: %s (%s)",
		head.Number, l.generation.stream(), why, l.streamDir())
}

func (l *Log) interrupted(head Head) error {
	if head.Restoring {
		return fmt.Errorf("%w: a restore was interrupted; run it again (ledger %s in %s)", ErrNoLedger, l.options.Ledger, l.options.Dir)
	}
	return fmt.Errorf("%w: creation was interrupted; run init again (ledger %s in %s)", ErrNoLedger, l.options.Ledger, l.options.Dir)
}

// readRest reads what is not known yet: all that the server has behind what was read from its files or taken up from a
// snapshot. It compares what was met with the head and with the newest checkpoint. The signatures of commits that the head
// covers were verified when they were first met; those behind it are met now.
func (l *Log) readRest(ctx context.Context, head Head, note *noted, fold Fold) error {
	last, err := l.lastSequence(ctx)
	if err != nil {
		return err
	}
	if last == 0 && head.Number == 0 {
		return l.interrupted(head)
	}
	if err := l.findNewest(ctx, head, note); err != nil {
		return err
	}
	from := l.lastTaken()
	if from == (tail{}) {
		l.index.gather()
	}
	err = l.readThrough(ctx, from, last, func(c taken) error { return l.meet(c, head, note) }, fold)
	if err != nil {
		return err
	}
	if err := l.settleIndex(); err != nil {
		return err
	}
	if t := l.lastTaken(); t.sequence < head.Sequence || last < t.sequence {
		return l.options.damage(min(t.number, head.Number)+1, min(t.sequence, last)+1, "the head says that numbers up to %d were recorded (stream sequence %d), but the server has sequences up to %d",
			head.Number, head.Sequence, last)
	}
	return l.checkNoted(note)
}

// findNewest reads the newest checkpoint.
func (l *Log) findNewest(ctx context.Context, head Head, note *noted) error {
	text, c, err := l.newestNote(ctx, head)
	if err != nil {
		return err
	}
	if c.Size != note.c.Size {
		note.found = nil
	}
	note.text, note.c = text, c
	switch t := l.lastTaken(); {
	case t.number == c.Size:
		root := l.Root()
		note.found = &root
	case note.found == nil && !l.resumed && 0 < c.Size && c.Size < t.number:
		root, err := l.rootAt(ctx, c.Size)
		note.found = &root
		return err
	}
	return nil
}

// rootAt reads the log up to a number and returns the root of the tree there.
func (l *Log) rootAt(ctx context.Context, number int64) (proof.Hash, error) {
	var tree proof.Tree
	err := l.readThrough(ctx, tail{}, l.index.sequence(number), func(c taken) error {
		for _, leaf := range c.leaves {
			tree.Add(leaf)
		}
		return nil
	}, Fold{})
	return tree.Root(), err
}

// settleIndex ends a rebuild of the index, which finds commands that are recorded twice.
func (l *Log) settleIndex() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.index.gathered == nil {
		return nil
	}
	repeated, err := l.index.settle()
	if err != nil {
		return err
	}
	if repeated != nil {
		return l.options.recordedTwice(*repeated, 0)
	}
	return nil
}

// meet takes in a commit while the log is opened and compares it with the head.
func (l *Log) meet(c taken, head Head, note *noted) error {
	if c.Sequence > head.Sequence {
		if err := l.checkSeal(c.Commit); err != nil {
			return err
		}
	}
	if err := l.take(c); err != nil {
		return err
	}
	if c.Last() == note.c.Size {
		root := l.Root()
		note.found = &root
	}
	if c.Sequence != head.Sequence {
		return nil
	}
	if c.Last() != head.Number {
		return l.options.damage(c.First(), c.Sequence, "the head says that stream sequence %d ends with number %d, but it holds numbers %d to %d",
			head.Sequence, head.Number, c.First(), c.Last())
	}
	if root := l.Root().String(); head.Root != "" && head.Root != root {
		return &rootMismatch{l.options.damage(0, 0, "the head says that the root of numbers 1 to %d is %s, but what the stream holds has the root %s",
			head.Number, head.Root, root)}
	}
	return nil
}

// noted is the newest checkpoint and the root that was found at its number; nil if that was passed over, because the
// snapshot ends behind it: it was compared when the snapshot was made.
type noted struct {
	text  []byte
	c     proof.Checkpoint
	found *proof.Hash
}

// checkNoted compares the newest checkpoint with the log.
func (l *Log) checkNoted(n *noted) error {
	if n.text == nil {
		return nil
	}
	witnesses, err := l.options.witnesses()
	if err != nil {
		return err
	}
	note, err := proof.OpenNote(n.text, l.publicKeys(), witnesses)
	if err != nil {
		return l.options.damage(0, 0, "the newest checkpoint in stream %s: %v", l.options.checkpointStream(), err)
	}
	t := l.lastTaken()
	switch {
	case !l.ownOrigin(note.Origin):
		return l.options.damage(0, 0, "the newest checkpoint is of %s, not of %s", note.Origin, l.origin())
	case note.Size > t.number:
		return l.options.damage(t.number+1, t.sequence+1, "a signed checkpoint says that %d events were recorded, but the stream holds numbers up to %d",
			note.Size, t.number)
	case n.found != nil && note.Root != *n.found:
		return &rootMismatch{l.options.damage(0, 0, "the signed checkpoint of %d events has the root %s, but what the stream holds has %s",
			note.Size, note.Root, *n.found)}
	}
	l.noted = note.Size
	return nil
}

// catchUp writes the head if the stream is ahead of it. A crash can leave the stream two commits ahead: one whose head
// was being written, and one that was on disk but not yet acknowledged.
func (l *Log) catchUp(head Head) error {
	now := l.Head()
	if head == now {
		return nil
	}
	if head.Sequence == now.Sequence { // it was written before heads had a root, or before the newest checkpoint was stored
		return l.head.write(now)
	}
	l.options.logger().Warn("the head is behind the stream and is brought up to it", "ledger", l.options.Ledger,
		"head", head.Number, "stream", now.Number, "commits", now.Sequence-head.Sequence)
	l.writing.Lock()
	defer l.writing.Unlock()
	if err := l.head.write(now); err != nil {
		return fmt.Errorf("write the head of ledger %s: %w", l.options.Ledger, err)
	}
	return nil
}
