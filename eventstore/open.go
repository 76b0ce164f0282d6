package eventstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/nats-io/nats.go/jetstream"
)

// Open opens a ledger's log and reads the whole of it. See [OpenAndRead].
func Open(ctx context.Context, o Options) (*Log, error) { return OpenAndRead(ctx, o, nil) }

// OpenAndRead opens a ledger's log and calls fn, if it is not nil, with every commit from number 1 on, in order, while
// the log reads them for itself. If it returns an error, what fn was given is to be thrown away. fn's error is returned
// as it is.
//
// Nothing is ever created here. Neither head nor stream is [ErrNoLedger]; one of them, or two that disagree, is [Damage];
// a directory that another process has open is [ErrInUse]. A head that is behind the stream, as a crash leaves it, is
// brought up to it.
func OpenAndRead(ctx context.Context, o Options, fn func(Commit) error) (*Log, error) {
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
	if err := l.open(ctx, fn); err != nil {
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

func (l *Log) open(ctx context.Context, fn func(Commit) error) error {
	head, err := l.openHead()
	if errors.Is(err, fs.ErrNotExist) {
		return l.options.damage(0, 0, "there is a stream but no head %s, so that it is not known whether the stream's end is whole",
			l.options.headPath())
	}
	if err != nil {
		return err
	}
	if err := l.checkFiles(ctx, head); err != nil {
		return err
	}
	if err := l.openStream(ctx, head); err != nil {
		return err
	}
	if err := l.readAll(ctx, head, fn); err != nil {
		return err
	}
	return l.catchUp(head)
}

// checkFiles finds the damage that can be seen before a server runs, which would begin to write into an emptied directory
// and to mend a damaged one. It changes nothing.
func (l *Log) checkFiles(ctx context.Context, head Head) error {
	_, err := os.Stat(l.streamDir())
	if errors.Is(err, fs.ErrNotExist) {
		return l.missing(head, "its directory is not there")
	}
	if err != nil {
		return err
	}
	return l.options.checkBlocks(ctx, head)
}

// openStream starts the server and finds the stream.
func (l *Log) openStream(ctx context.Context, head Head) (err error) {
	if err := l.startServer(ctx); err != nil {
		return err
	}
	l.stream, err = l.nats.js.Stream(ctx, l.generation.stream())
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return l.missing(head, "JetStream does not recognise what is in its directory")
	}
	if err != nil {
		return fmt.Errorf("open stream %s: %w", l.generation.stream(), err)
	}
	if err := l.generation.check(l.stream.CachedInfo().Config); err != nil {
		return l.options.damage(0, 0, "%v", err)
	}
	return nil
}

// missing says what it means that the stream is not there: damage, unless nothing was ever recorded.
func (l *Log) missing(head Head, why string) error {
	holds, err := l.holdsMessages()
	if err != nil {
		return err
	}
	if head.Number == 0 && !holds {
		return l.interrupted()
	}
	return l.options.damage(1, 1, "the head says that numbers 1 to %d were recorded, but stream %s is missing: %s (%s)",
		head.Number, l.generation.stream(), why, l.streamDir())
}

func (l *Log) interrupted() error {
	return fmt.Errorf("%w: creation was interrupted; run init again (ledger %s in %s)", ErrNoLedger, l.options.Ledger, l.options.Dir)
}

// readAll reads the log from its first event, builds the index, calls fn, and compares what it met with the head. A
// snapshot, once there is one, takes the place of all but the end of this reading; the comparison stays.
func (l *Log) readAll(ctx context.Context, head Head, fn func(Commit) error) error {
	last, err := l.lastSequence(ctx)
	if err != nil {
		return err
	}
	if last == 0 && head.Number == 0 {
		return l.interrupted()
	}
	err = l.readThrough(ctx, tail{}, last, func(c Commit) error {
		if err := l.take(c); err != nil {
			return err
		}
		if c.Sequence == head.Sequence && c.Last() != head.Number {
			return l.options.damage(c.First(), c.Sequence, "the head says that stream sequence %d ends with number %d, but it holds numbers %d to %d",
				head.Sequence, head.Number, c.First(), c.Last())
		}
		if fn == nil {
			return nil
		}
		return fn(c)
	})
	if err != nil {
		return err
	}
	if t := l.lastTaken(); t.sequence < head.Sequence {
		return l.options.damage(t.number+1, t.sequence+1, "the head says that numbers up to %d were recorded (stream sequence %d), but the stream holds numbers up to %d (sequence %d)",
			head.Number, head.Sequence, t.number, t.sequence)
	}
	return nil
}

// catchUp writes the head if the stream is ahead of it. A crash can leave the stream two commits ahead: one whose head
// was being written, and one that was on disk but not yet acknowledged.
func (l *Log) catchUp(head Head) error {
	now := l.Head()
	if head == now {
		return nil
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
