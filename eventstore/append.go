package eventstore

import (
	"context"
	"errors"
	"fmt"
)

// What becomes of an append that was not acknowledged.
var (
	// ErrConflict: another commit stands where this one was to stand. Nothing was recorded, and nothing will be. Read on
	// from [Log.Next] and decide again.
	ErrConflict = errors.New("another writer got in first")

	// ErrUnknown: no answer came in all the time that the log waits, nor after its server was started again. The commit may
	// be recorded. The log keeps it and finds out before it does anything else: run the same commands again.
	ErrUnknown = errors.New("it is not known yet whether this was recorded: run the same command again")

	// ErrTooLarge: the commit takes more than MaxCommit bytes. Nothing was recorded.
	ErrTooLarge = errors.New("the commit is too large")

	// ErrRecorded: one of the commands was recorded before; see [Log.Find]. Nothing was recorded now.
	ErrRecorded = errors.New("the command was recorded before")

	// ErrNotRecorded: the disk is full or cannot be written to, or JetStream is shutting down. Nothing was recorded; once
	// the cause is gone the same commit may be appended.
	ErrNotRecorded = errors.New("nothing was recorded")
)

// Append records entries as one commit, all of them or none, directly after the last commit of this log, and returns it
// as it was recorded. It is [Log.Compose] and [Log.Commit] in one.
func (l *Log) Append(ctx context.Context, entries []Entry) (Commit, error) {
	_, done, err := l.begin(ctx)
	if err != nil {
		return Commit{}, err
	}
	defer done()
	l.writing.Lock()
	defer l.writing.Unlock()
	if err := l.writable(ctx); err != nil {
		return Commit{}, err
	}
	d, err := l.Compose(entries, nil)
	if err != nil {
		return Commit{}, err
	}
	return l.record(d)
}

// Commit records a draft. A nil error means that it is on disk. Any other error than [ErrUnknown] means that nothing was
// recorded and nothing will be. [ErrConflict] is also the answer to a draft that was composed after a commit that is not
// the last.
//
// Commits are made one at a time. ctx is honoured until the draft is sent and not after, when only the truth would do. The
// head of this commit may still be on its way to the disk when Commit returns; that of the commit before it is there. If a
// head could not be written, nothing more is recorded until it can be: the log would run ahead of what proves its length.
func (l *Log) Commit(ctx context.Context, d *Draft) (Commit, error) {
	_, done, err := l.begin(ctx)
	if err != nil {
		return Commit{}, err
	}
	defer done()
	l.writing.Lock()
	defer l.writing.Unlock()
	if err := l.writable(ctx); err != nil {
		return Commit{}, err
	}
	if last := l.lastTaken(); last != d.before {
		return Commit{}, fmt.Errorf("%w: it was composed after number %d, and the last is number %d", ErrConflict, d.before.number, last.number)
	}
	if l.Root() != d.root { // of the same size and time, but not the commit that it was composed after
		return Commit{}, fmt.Errorf("%w: it was composed after another number %d", ErrConflict, d.before.number)
	}
	if err := l.checkStillNew(d); err != nil {
		return Commit{}, err
	}
	return l.record(d)
}

// checkStillNew reports a command of the draft that was recorded since it was composed: Compose looks no further than to
// the draft before it.
func (l *Log) checkStillNew(d *Draft) error {
	if d.before.sequence <= d.known+1 {
		return nil
	}
	for id := range d.commands() {
		if err := l.checkUnrecorded(id); err != nil {
			return fmt.Errorf("append %s: %w", id, err)
		}
	}
	return nil
}

// record sends a draft and takes it in. The caller holds writing.
func (l *Log) record(d *Draft) (Commit, error) {
	if err := l.options.checkSpace(len(d.Body)); err != nil {
		return Commit{}, err
	}
	if err := l.send(d); err != nil {
		return Commit{}, err
	}
	l.recorded(d)
	return d.Commit, nil
}

// recorded takes in a draft that is on disk and begins to write the head. Nothing that fails here makes it unrecorded.
// Where it cannot be taken in, this log records nothing more; a key that could not be put in its place is put there when
// the log is opened next. The caller holds writing.
func (l *Log) recorded(d *Draft) {
	if l.broken = l.takeDraft(d); l.broken != nil {
		l.options.logger().Error("a commit is recorded but could not be taken in", "ledger", l.options.Ledger, "number", d.First(), "err", l.broken)
		return
	}
	if d.begins != nil {
		if err := l.placeKey(); err != nil {
			l.options.logger().Error("the new signing key lies beside its place", "ledger", l.options.Ledger, "err", err)
		}
	}
	l.awaitHead()
	l.saveHead()
}

// writable says why nothing may be sent. It first finds out what became of an append that was not answered. The caller
// holds writing.
func (l *Log) writable(ctx context.Context) error {
	if l.broken != nil {
		return l.broken
	}
	if err := l.settle(); err != nil {
		return err
	}
	select {
	case err := <-l.saving:
		l.headSaved(err)
	default: // still on its way, or there is none
	}
	if l.headErr != nil {
		l.headSaved(l.head.write(l.Head())) // once more
	}
	if l.headErr != nil {
		return fmt.Errorf("%w: %w", ErrNotRecorded, l.headErr)
	}
	return context.Cause(ctx)
}

// takeDraft takes in a draft as [Log.take] does a commit that was read, with the tree that it was composed with. A reader
// may have met it in the stream and taken it in before its acknowledgement came.
func (l *Log) takeDraft(d *Draft) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if d.Sequence != l.tail.sequence+1 {
		return nil
	}
	if command, err := l.index.add(d.Commit); command != "" || err != nil {
		return l.options.damage(d.First(), d.Sequence, "command %s, found new before, is in the index: %v", command, err)
	}
	l.tail, l.tree = d.after(), d.tree.Clone()
	if d.begins != nil {
		l.addKeys(*d.begins)
	}
	return nil
}
