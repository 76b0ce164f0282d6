package eventstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// What becomes of an append that was not acknowledged.
var (
	// ErrConflict: another writer got in first. Nothing was recorded. Read on from [Log.Next] and decide again.
	ErrConflict = errors.New("another writer got in first")

	// ErrUnknown: no answer came, or none that can be trusted. The commit may or may not be recorded, and may be later.
	// The log takes no more appends: close it, open it again, and run the same commands again.
	ErrUnknown = errors.New("it is not known whether this was recorded: reopen the log and run the same command again")

	// ErrTooLarge: the commit takes more than MaxCommit bytes. Nothing was recorded.
	ErrTooLarge = errors.New("the commit is too large")

	// ErrRecorded: one of the commands was recorded before; see [Log.Find]. Nothing was recorded now.
	ErrRecorded = errors.New("the command was recorded before")

	// ErrNotRecorded: JetStream refused the commit, for want of space or because it is shutting down. Nothing was
	// recorded; once the cause is gone the same commit may be appended.
	ErrNotRecorded = errors.New("nothing was recorded")
)

// appendLimit bounds the wait for an acknowledgement. A disk that needs longer for one write and fsync is failing, and
// JetStream does not answer at all when a write fails.
const appendLimit = 10 * time.Second

// Append records entries as one commit, all of them or none, directly after the last commit of this log, and returns it
// as it was recorded. A nil error means that it is on disk. Any other error than [ErrUnknown] means that nothing was
// recorded and nothing will be.
//
// Appends are made one at a time, in the order in which they come to it. The head of this commit may still be on its way
// to the disk when Append returns; that of the commit before it is there. If a head could not be written, nothing more is
// recorded until it can be: the log would run ahead of what proves its length.
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
	commit, err := l.compose(entries)
	if err != nil {
		return Commit{}, err
	}
	if err := l.publish(ctx, commit); err != nil {
		return Commit{}, err
	}
	if err := l.take(commit); err != nil {
		return Commit{}, l.lose(err) // cannot be: compose looked
	}
	l.awaitHead()
	l.saveHead()
	return commit, nil
}

// writable says why nothing may be sent.
func (l *Log) writable(ctx context.Context) error {
	select {
	case err := <-l.saving:
		l.headSaved(err)
	default: // still on its way, or there is none
	}
	if unknown := l.whyUnknown(); unknown != nil {
		return fmt.Errorf("%w (an append before this one: %v)", ErrUnknown, unknown)
	}
	if l.headErr != nil {
		l.headSaved(l.head.write(l.Head())) // once more
	}
	if l.headErr != nil {
		return fmt.Errorf("%w: %w", ErrNotRecorded, l.headErr)
	}
	return context.Cause(ctx)
}

func (l *Log) whyUnknown() error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.unknown
}

// compose makes the commit that entries will be, and reads it as it will be read: what could not be read back is not
// sent. Its events are therefore exactly those of a later Read.
func (l *Log) compose(entries []Entry) (Commit, error) {
	if len(entries) == 0 {
		return Commit{}, errors.New("append: there are no entries")
	}
	t := l.lastTaken()
	events := make([]Event, len(entries))
	n := 0
	for i, x := range entries {
		if i == 0 || x.CommandID != entries[i-1].CommandID {
			n = 0
		}
		n++
		events[i] = x.event(l.options.Ledger, t.number+1+int64(i), t.number+1, len(entries), n)
		if err := l.checkNew(events[i], t); err != nil {
			return Commit{}, fmt.Errorf("append %s: %w", events[i].ID, err)
		}
	}
	body, err := encodeCommit(events)
	if err != nil {
		return Commit{}, fmt.Errorf("append: %w", err)
	}
	if len(body) > MaxCommit {
		return Commit{}, fmt.Errorf("%w: %d events take %d bytes; %d are allowed", ErrTooLarge, len(events), len(body), MaxCommit)
	}
	if events, err = parseCommit(l.options.Ledger, body); err != nil {
		return Commit{}, fmt.Errorf("append: %w", err)
	}
	return Commit{Sequence: t.sequence + 1, Events: events, Body: body}, nil
}

// checkNew reports what keeps e from being recorded after t.
func (l *Log) checkNew(e Event, t tail) error {
	if e.Time.Before(t.at) {
		return fmt.Errorf("its time %s is before that of the last event, %s", e.Time.Format(timeLayout), t.at.Format(timeLayout))
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	if number, recorded := l.index.find(e.CommandID); recorded {
		return fmt.Errorf("%w, at number %d", ErrRecorded, number)
	}
	return e.check(l.options.Ledger)
}

// publish sends the commit and waits until it is acknowledged as recorded in its place.
func (l *Log) publish(ctx context.Context, c Commit) error {
	ctx, cancel := context.WithTimeout(ctx, appendLimit)
	defer cancel()
	message := &nats.Msg{Subject: l.generation.subject(), Data: c.Body}
	ack, err := l.nats.js.PublishMsg(ctx, message,
		jetstream.WithExpectLastSequence(c.Sequence-1), jetstream.WithRetryAttempts(0))
	if err != nil {
		return l.outcome(err)
	}
	if ack.Stream != l.generation.stream() || ack.Sequence != c.Sequence || ack.Duplicate {
		return l.lose(fmt.Errorf("JetStream acknowledged sequence %d of stream %s, not %d of %s",
			ack.Sequence, ack.Stream, c.Sequence, l.generation.stream()))
	}
	return nil
}

// The answers by which JetStream says that it stored nothing (nats-server 2.15).
const (
	accountFull    jetstream.ErrorCode = 10002
	serverFull     jetstream.ErrorCode = 10023
	storageFull    jetstream.ErrorCode = 10047
	messageTooLong                     = jetstream.JSErrCodeStreamMessageExceedsMaximum
	sequenceTaken                      = jetstream.JSErrCodeStreamWrongLastSequence         // 10071
	sequenceTaken2                     = jetstream.JSErrCodeStreamWrongLastSequenceConstant // 10164, from a replicated stream
)

// outcome says what became of a commit that was not acknowledged. What is not known to mean that nothing was stored
// counts as unknown.
func (l *Log) outcome(err error) error {
	var refusal *jetstream.APIError
	if errors.As(err, &refusal) {
		switch refusal.ErrorCode {
		case sequenceTaken, sequenceTaken2:
			return fmt.Errorf("%w: %w", ErrConflict, err)
		case messageTooLong:
			return fmt.Errorf("%w: %w", ErrTooLarge, err)
		case accountFull, serverFull, storageFull:
			return fmt.Errorf("%w: %w", ErrNotRecorded, err)
		}
	}
	return l.lose(err)
}

// lose notes that it is not known what the stream ends with, and returns that as an error.
func (l *Log) lose(why error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.unknown = why
	return fmt.Errorf("%w: %w", ErrUnknown, why)
}
