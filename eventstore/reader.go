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
	batchBytes   = 8 << 20

	// consumerIdle is when the server may forget a reader that does not fetch: long enough for whoever folds a batch in
	// a debugger. Readers are held in memory only and deleted when they are done.
	consumerIdle = time.Hour
)

// readThrough calls fn with the commits after t up to the one at sequence last.
func (l *Log) readThrough(ctx context.Context, t tail, last uint64, fn func(Commit) error) error {
	if last <= t.sequence {
		return nil
	}
	r, err := l.newReader(ctx, t, last)
	if err != nil {
		return fmt.Errorf("begin to read at number %d: %w", t.number+1, err)
	}
	defer r.close()
	if r.consumer.CachedInfo().NumPending == 0 {
		if err := l.mustHold(ctx, t); err != nil {
			return err
		}
	}
	for r.at.sequence < last {
		before := r.at
		if err := r.readBatch(ctx, fn); err != nil {
			return err
		}
		if r.at.sequence-before.sequence == batchCommits || r.at.sequence == last {
			continue
		}
		if err := l.mustHold(ctx, r.at); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if r.at == before {
			return l.stalled(r.at, last)
		}
	}
	return nil
}

// mustHold returns the Damage if the stream does not hold the commit after t. It is asked when fewer commits came than are
// due, so as not to wait for one that is gone.
func (l *Log) mustHold(ctx context.Context, t tail) error {
	_, err := l.readOne(ctx, t, t.sequence+1)
	if damage, ok := errors.AsType[*Damage](err); ok {
		return damage
	}
	return nil
}

// stalled says that nothing came after t although the log goes on to the sequence last and the commit is not known to be
// gone.
func (l *Log) stalled(t tail, last uint64) *Damage {
	damage := l.options.damage(t.number+1, t.sequence+1, "the log goes on to stream sequence %d, but for %v nothing came of it",
		last, l.options.readTimeout())
	damage.Remedy = "The disk may only have been held up: try once more when it is not. If this is said again: " + damage.Remedy
	return damage
}

// reader fetches commits in batches and checks that each follows the last.
type reader struct {
	log      *Log
	at       tail   // the last commit that was delivered
	last     uint64 // the sequence to read up to
	consumer jetstream.Consumer
	batch    jetstream.MessageBatch // the last that was asked for
}

func (l *Log) newReader(ctx context.Context, t tail, last uint64) (*reader, error) {
	consumer, err := l.stream.CreateConsumer(ctx, jetstream.ConsumerConfig{
		DeliverPolicy:     jetstream.DeliverByStartSequencePolicy,
		OptStartSeq:       t.sequence + 1,
		AckPolicy:         jetstream.AckNonePolicy,
		MemoryStorage:     true,
		InactiveThreshold: consumerIdle,
	})
	return &reader{log: l, at: t, last: last, consumer: consumer}, err
}

// readBatch calls fn with the commits that one fetch brings. It brings none only if none came for as long as the read
// timeout.
func (r *reader) readBatch(ctx context.Context, fn func(Commit) error) (err error) {
	size := int(min(r.last-r.at.sequence, batchCommits))
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
			if err := r.deliver(ctx, message, fn); err != nil {
				return err
			}
		}
	}
}

func (r *reader) deliver(ctx context.Context, message jetstream.Msg, fn func(Commit) error) error {
	place, err := message.Metadata()
	if err != nil {
		return err
	}
	c, err := r.at.follow(r.log.options, place.Sequence.Stream, message.Data())
	if err != nil {
		return err
	}
	r.at = tail{c.Sequence, c.Last(), c.Events[len(c.Events)-1].Time}
	if err := fn(c); err != nil {
		return err
	}
	if place.NumPending == 0 && r.at.sequence < r.last {
		return r.log.mustHold(ctx, r.at)
	}
	return nil
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
