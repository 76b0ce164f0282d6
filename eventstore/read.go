package eventstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"pcnledger/eventstore/proof"
)

// Read calls fn with every commit that ends at number from or later, in order, up to the end of the log as it is when
// Read begins. It checks that nothing is missing, moved or foreign; if anything is, it ends with [Damage] that names the
// first number that cannot be read, and fn has then been given every commit before that. fn's error is returned as it is.
//
// What another writer has added is taken in on the way, once its signatures are verified. Read waits for no commit much longer than the
// read timeout. After [ErrConflict], read from [Log.Next] on and decide again.
func (l *Log) Read(ctx context.Context, from int64, fn func(Commit) error) error {
	return l.Fold(ctx, from, each(fn))
}

// Fold is Read for whoever decodes what the commits hold: that is then done by several goroutines.
func (l *Log) Fold(ctx context.Context, from int64, fold Fold) error {
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
	apply := fold.Apply
	fold.Apply = func(c Commit, decoded any) error {
		if c.Last() < from {
			return nil
		}
		return apply(c, decoded)
	}
	return l.readThrough(ctx, l.before(from), max(last, known), l.meetNext, fold)
}

// Refold folds the whole log from its first event, and returns the root of the tree over what it read.
func (l *Log) Refold(ctx context.Context, fold Fold) (proof.Hash, error) {
	ctx, done, err := l.begin(ctx)
	if err != nil {
		return proof.Hash{}, err
	}
	defer done()
	last, err := l.lastSequence(ctx)
	if err != nil {
		return proof.Hash{}, err
	}
	var tree proof.Tree
	err = l.readThrough(ctx, tail{}, last, func(c taken) error {
		for _, leaf := range c.leaves {
			tree.Add(leaf)
		}
		return l.meetNext(c)
	}, fold)
	return tree.Root(), err
}

// meetNext takes in what another writer has added.
func (l *Log) meetNext(c taken) error {
	if c.Sequence <= l.lastTaken().sequence {
		return nil
	}
	if err := l.checkSeal(c.Commit); err != nil {
		return err
	}
	return l.take(c)
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
	return tail{sequence: sequence - 1, number: l.index.first(sequence) - 1}
}

// Find returns the events of a command, if it was recorded, as they stand in the log.
func (l *Log) Find(ctx context.Context, commandID string) (events []Event, found bool, err error) {
	ctx, done, err := l.begin(ctx)
	if err != nil {
		return nil, false, err
	}
	defer done()
	if err := l.settleFor(commandID); err != nil {
		return nil, false, err
	}
	l.mu.RLock()
	number, ok, err := l.index.find(commandID)
	sequence := l.index.sequence(number)
	l.mu.RUnlock()
	if !ok || err != nil {
		return nil, false, err
	}
	commit, err := l.readOne(ctx, l.before(number), sequence)
	for _, e := range commit.Events {
		if e.CommandID == commandID {
			events = append(events, e)
		}
	}
	return events, len(events) > 0, err
}

// Event returns the event with a number that the log has, as it stands there. It reads one commit.
func (l *Log) Event(ctx context.Context, number int64) (Event, error) {
	ctx, done, err := l.begin(ctx)
	if err != nil {
		return Event{}, err
	}
	defer done()
	if number < 1 || number >= l.Next() {
		return Event{}, fmt.Errorf("there is no number %d", number)
	}
	before := l.before(number)
	c, err := l.readOne(ctx, before, before.sequence+1)
	if err != nil {
		return Event{}, err
	}
	return c.Events[number-c.First()], nil
}

// RootAfter returns the root of the log at a number that ends a commit. It is not known of commits before the first that
// is sealed.
func (l *Log) RootAfter(ctx context.Context, number int64) (root proof.Hash, known bool, err error) {
	ctx, done, err := l.begin(ctx)
	if err != nil {
		return root, false, err
	}
	defer done()
	l.mu.RLock()
	last := l.tail.number
	if number == last {
		root = l.tree.Root()
	}
	l.mu.RUnlock()
	if number >= last {
		return root, number == last, nil
	}
	before := l.before(number + 1)
	next, err := l.readOne(ctx, before, before.sequence+1)
	return next.Before, next.Sealed(), err
}

// readOne reads the commit after before.
func (l *Log) readOne(ctx context.Context, before tail, sequence uint64) (Commit, error) {
	var message *jetstream.RawStreamMsg
	err := l.ask(ctx, func(ctx context.Context, s *session) (err error) {
		message, err = s.stream.GetMsg(ctx, sequence)
		return err
	})
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return Commit{}, l.options.damage(before.number+1, sequence, "the commit that begins there is missing from the stream")
	}
	if err != nil {
		return Commit{}, fmt.Errorf("read number %d: %w", before.number+1, err)
	}
	return before.follow(l.options, raw{sequence: message.Sequence, header: message.Header, body: message.Data})
}

// lastSequence asks the stream how far it goes. After damage it may say more than it holds.
func (l *Log) lastSequence(ctx context.Context) (uint64, error) {
	var info *jetstream.StreamInfo
	err := l.ask(ctx, func(ctx context.Context, s *session) (err error) {
		info, err = s.stream.Info(ctx)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("ask stream %s how far it goes: %w", l.generation.stream(), err)
	}
	return info.State.LastSeq, nil
}
