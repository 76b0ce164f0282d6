package eventstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// Read calls fn with every commit that ends at number from or later, in order, up to the end of the log as it is when
// Read begins. It checks that nothing is missing, moved or foreign; if anything is, it ends with [Damage] that names the
// first number that cannot be read, and fn has then been given every commit before that. fn's error is returned as it is.
//
// Read waits for no commit much longer than the read timeout. It also takes in what another writer has added: after
// [ErrConflict], read from [Log.Next] on and decide again.
func (l *Log) Read(ctx context.Context, from int64, fn func(Commit) error) error {
	ctx, done, err := l.begin(ctx)
	if err != nil {
		return err
	}
	defer done()
	known := l.lastTaken().sequence
	last, err := l.lastSequence(ctx)
	if err != nil {
		return err
	}
	return l.readThrough(ctx, l.before(from), max(last, known), func(c Commit) error {
		if err := l.take(c); err != nil {
			return err
		}
		if c.Last() < from {
			return nil
		}
		return fn(c)
	})
}

// before returns the commit before the one that holds number.
func (l *Log) before(number int64) tail {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if number > l.tail.number {
		return l.tail
	}
	if number < 1 {
		return tail{}
	}
	sequence := l.index.sequence(number)
	return tail{sequence: sequence - 1, number: l.index.firsts[sequence-1] - 1}
}

// Find returns the events of a command, if it was recorded, as they stand in the log.
func (l *Log) Find(ctx context.Context, commandID string) (events []Event, found bool, err error) {
	ctx, done, err := l.begin(ctx)
	if err != nil {
		return nil, false, err
	}
	defer done()
	l.mu.RLock()
	number, ok := l.index.find(commandID)
	sequence := l.index.sequence(number)
	l.mu.RUnlock()
	if !ok {
		return nil, false, nil
	}
	commit, err := l.readOne(ctx, l.before(number), sequence)
	for _, e := range commit.Events {
		if e.CommandID == commandID {
			events = append(events, e)
		}
	}
	return events, len(events) > 0, err
}

// readOne reads the commit after before.
func (l *Log) readOne(ctx context.Context, before tail, sequence uint64) (Commit, error) {
	ctx, cancel := context.WithTimeout(ctx, l.options.readTimeout())
	defer cancel()
	message, err := l.stream.GetMsg(ctx, sequence)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return Commit{}, l.options.damage(before.number+1, sequence, "the commit that begins there is missing from the stream")
	}
	if err != nil {
		return Commit{}, fmt.Errorf("read number %d: %w", before.number+1, err)
	}
	return before.follow(l.options, message.Sequence, message.Data)
}

// lastSequence asks the stream how far it goes. After damage it may say more than it holds.
func (l *Log) lastSequence(ctx context.Context) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, l.options.readTimeout())
	defer cancel()
	info, err := l.stream.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("ask stream %s how far it goes: %w", l.generation.stream(), err)
	}
	return info.State.LastSeq, nil
}

// follow makes a commit of the message that was found after t, or says why it is not the commit that was recorded there.
func (t tail) follow(o Options, sequence uint64, body []byte) (Commit, error) {
	number := t.number + 1
	if sequence != t.sequence+1 {
		return Commit{}, o.damage(number, t.sequence+1, "the commit that begins there is missing; the next that can be read is at stream sequence %d", sequence)
	}
	events, err := parseCommit(o.Ledger, body)
	if err != nil {
		return Commit{}, o.damage(number, sequence, "what stands there was not written by this ledger: %v", err)
	}
	if found := events[0]; found.Number != number || found.Time.Before(t.at) {
		return Commit{}, o.damage(number, sequence, "number %d of %s stands where number %d must stand, after %s",
			found.Number, found.Time.Format(timeLayout), number, t.at.Format(timeLayout))
	}
	return Commit{Sequence: sequence, Events: events, Body: body}, nil
}
