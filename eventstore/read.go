package eventstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	// batchCommits and batchBytes bound what is fetched at once, and so the memory that a read takes. Larger batches
	// were not faster; more bytes would run into what the server is willing to queue for a connection (64 MiB).
	batchCommits = 5000
	batchBytes   = 16 << 20

	// consumerIdle is when the server may forget a reader that does not fetch: long enough for whoever folds a batch in
	// a debugger. Readers are held in memory only and deleted when they are done.
	consumerIdle = time.Hour
)

// Read calls fn with every commit that ends at number from or later, in order, up to the end of the log as it is when
// Read begins. It checks that nothing is missing, moved or foreign; if anything is, it ends with [Damage] that names the
// first number that cannot be read, and fn has then been given every commit before that. fn's error is returned as it is.
//
// Read waits for no commit longer than twice the read timeout. It also takes in what another writer has added: after
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

// readThrough calls fn with the commits after t up to the one at sequence last.
func (l *Log) readThrough(ctx context.Context, t tail, last uint64, fn func(Commit) error) error {
	if last <= t.sequence {
		return nil
	}
	r, err := l.newReader(ctx, t)
	if err != nil {
		return fmt.Errorf("begin to read at number %d: %w", t.number+1, err)
	}
	defer r.close()
	for r.at.sequence < last {
		before := r.at
		if err := r.readBatch(ctx, last, fn); err != nil {
			return err
		}
		if r.at == before {
			return l.stalled(ctx, before, last)
		}
	}
	return nil
}

// stalled says why nothing follows t although the log goes on to the sequence last. It asks for the next commit by itself:
// one that is gone and a disk that is held up look alike from afar, and call for different remedies.
func (l *Log) stalled(ctx context.Context, t tail, last uint64) error {
	_, err := l.readOne(ctx, t, t.sequence+1)
	if _, gone := errors.AsType[*Damage](err); gone || ctx.Err() != nil {
		return err
	}
	damage := l.options.damage(t.number+1, t.sequence+1, "the log goes on to stream sequence %d, but for %v nothing came of it (asked again: %v)",
		last, l.options.readTimeout(), err)
	damage.Remedy = "The disk may only have been held up: try once more when it is not. If this is said again: " + damage.Remedy
	return damage
}

// reader fetches commits in batches and checks that each follows the last.
type reader struct {
	log      *Log
	at       tail // the last commit that was delivered
	consumer jetstream.Consumer
	batch    jetstream.MessageBatch // the last that was asked for
}

func (l *Log) newReader(ctx context.Context, t tail) (*reader, error) {
	consumer, err := l.stream.CreateConsumer(ctx, jetstream.ConsumerConfig{
		DeliverPolicy:     jetstream.DeliverByStartSequencePolicy,
		OptStartSeq:       t.sequence + 1,
		AckPolicy:         jetstream.AckNonePolicy,
		MemoryStorage:     true,
		InactiveThreshold: consumerIdle,
	})
	return &reader{log: l, at: t, consumer: consumer}, err
}

// readBatch calls fn with the commits that one fetch brings. It brings none only if none came for as long as the read
// timeout.
func (r *reader) readBatch(ctx context.Context, last uint64, fn func(Commit) error) (err error) {
	size := int(min(last-r.at.sequence, batchCommits))
	r.batch, err = r.consumer.Fetch(size, jetstream.FetchMaxBytes(batchBytes), jetstream.FetchMaxWait(r.log.options.readTimeout()))
	if err != nil {
		return fmt.Errorf("read on from number %d: %w", r.at.number+1, err)
	}
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case message, more := <-r.batch.Messages():
			if !more {
				return r.batch.Error()
			}
			if err := r.deliver(message, fn); err != nil {
				return err
			}
		}
	}
}

func (r *reader) deliver(message jetstream.Msg, fn func(Commit) error) error {
	place, err := message.Metadata()
	if err != nil {
		return err
	}
	c, err := r.at.follow(r.log.options, place.Sequence.Stream, message.Data())
	if err != nil {
		return err
	}
	r.at = tail{c.Sequence, c.Last(), c.Events[len(c.Events)-1].Time}
	return fn(c)
}

// close deletes the consumer, which ends a fetch that is still under way, and waits for that. Should the deletion go
// unanswered, the server forgets the consumer by itself in time, and all of them when it stops.
func (r *reader) close() {
	ctx, cancel := context.WithTimeout(context.Background(), r.log.options.readTimeout())
	defer cancel()
	if err := r.log.stream.DeleteConsumer(ctx, r.consumer.CachedInfo().Name); err != nil {
		r.log.options.logger().Warn("a reader could not be deleted", "ledger", r.log.options.Ledger, "err", err)
	}
	if r.batch != nil {
		for range r.batch.Messages() {
		}
	}
}
