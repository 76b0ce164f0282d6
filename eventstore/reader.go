package eventstore

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
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

// callerError is an error of whoever reads, which is returned as it is.
type callerError struct{ error }

// readThrough folds the commits after t up to the one at sequence last. It calls meet with each before it is applied.
func (l *Log) readThrough(ctx context.Context, t tail, last uint64, meet func(taken) error, fold Fold) error {
	if last <= t.sequence {
		return nil
	}
	for range mostSessions {
		on, err := l.revived(ctx)
		if err != nil {
			return err
		}
		at, err := l.readWith(ctx, on, t, last, meet, fold)
		if caller, ours := errors.AsType[*callerError](err); ours {
			return caller.error
		}
		if err == nil || ctx.Err() != nil || !on.isLost() {
			return err
		}
		t = at // the server was started again under the reader
	}
	return fmt.Errorf("read on from number %d: the server was started again %d times meanwhile", t.number+1, mostSessions)
}

// readWith is readThrough with one session. It returns how far it came.
func (l *Log) readWith(ctx context.Context, on *session, t tail, last uint64, meet func(taken) error, fold Fold) (tail, error) {
	ctx, stop := on.within(ctx)
	defer stop()
	r, err := l.newReader(ctx, on, t, last)
	if err != nil {
		return t, fmt.Errorf("begin to read at number %d: %w", t.number+1, err)
	}
	defer r.close()
	known := l.lastTaken().sequence
	for r.at.sequence < last {
		before := r.at
		err := l.options.pipeline(ctx, fold, known, r.fetchAll, func(c taken) error { return r.deliver(c, meet, fold) })
		if err != nil || r.at.sequence == last {
			return r.at, err
		}
		if err := l.mustHold(ctx, r.at); err != nil {
			return r.at, err
		}
		if ctx.Err() != nil {
			return r.at, context.Cause(ctx)
		}
		if r.at == before {
			return r.at, l.stalled(r.at, last)
		}
	}
	return r.at, nil
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
	on       *session
	at       tail   // the last commit that was delivered
	fetched  uint64 // the sequence of the last commit that was fetched; it runs ahead of at
	last     uint64 // the sequence to read up to
	consumer jetstream.Consumer
	batch    jetstream.MessageBatch // the last that was asked for
}

func (l *Log) newReader(ctx context.Context, on *session, t tail, last uint64) (*reader, error) {
	consumer, err := on.stream.CreateConsumer(ctx, jetstream.ConsumerConfig{
		DeliverPolicy:     jetstream.DeliverByStartSequencePolicy,
		OptStartSeq:       t.sequence + 1,
		AckPolicy:         jetstream.AckNonePolicy,
		MemoryStorage:     true,
		InactiveThreshold: consumerIdle,
	})
	return &reader{log: l, on: on, at: t, fetched: t.sequence, last: last, consumer: consumer}, err
}

// fetchAll emits what the stream holds up to the last commit. It ends early, without an error, where the next commit is not
// there or does not come.
func (r *reader) fetchAll(ctx context.Context, emit func(raw) error) error {
	pending := r.consumer.CachedInfo().NumPending
	for r.fetched < r.last && (pending > 0 || r.isNextThere(ctx)) {
		before := r.fetched
		left, err := r.fetch(ctx, emit)
		if err != nil {
			return err
		}
		if pending = left; r.fetched == before || r.fetched-before < batchCommits && r.fetched < r.last && !r.isNextThere(ctx) {
			return nil
		}
	}
	return nil
}

// isNextThere asks for the next commit by its sequence: nothing is awaited that is gone.
func (r *reader) isNextThere(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, r.log.options.readTimeout())
	defer cancel()
	_, err := r.on.stream.GetMsg(ctx, r.fetched+1)
	return err == nil
}

// fetch emits the commits that one fetch brings, and returns how many are pending behind them. It brings none only if none
// came for as long as the read timeout.
func (r *reader) fetch(ctx context.Context, emit func(raw) error) (pending uint64, err error) {
	size := int(min(r.last-r.fetched, batchCommits))
	r.batch, err = r.consumer.Fetch(size, jetstream.FetchMaxBytes(batchBytes), jetstream.FetchMaxWait(r.log.options.readTimeout()))
	if err != nil {
		return 0, fmt.Errorf("read on from number %d: %w", r.at.number+1, err)
	}
	for {
		select {
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		case message, more := <-r.batch.Messages():
			if !more {
				return pending, r.batch.Error()
			}
			var sequence uint64
			if sequence, pending, err = placeOf(message); err != nil {
				return 0, err
			}
			r.fetched = sequence
			if err := emit(raw{sequence: sequence, header: message.Headers(), body: message.Data()}); err != nil {
				return 0, err
			}
			if pending == 0 && sequence < r.last && !r.isNextThere(ctx) {
				return 0, nil
			}
		}
	}
}

// placeOf reads where the stream holds a message, and how many follow it, from its reply subject:
// $JS.ACK.<stream>.<consumer>.<deliveries>.<sequence>.<consumer's sequence>.<time>.<pending>.
func placeOf(message jetstream.Msg) (sequence, pending uint64, err error) {
	reply := message.Reply()
	last := strings.LastIndexByte(reply, '.')
	if strings.Count(reply, ".") == 8 && last > 0 {
		fields := reply[:last]
		for range 2 {
			fields = fields[:strings.LastIndexByte(fields, '.')]
		}
		sequence, err = strconv.ParseUint(fields[strings.LastIndexByte(fields, '.')+1:], 10, 64)
		if err == nil {
			pending, err = strconv.ParseUint(reply[last+1:], 10, 64)
		}
		if err == nil {
			return sequence, pending, nil
		}
	}
	place, err := message.Metadata() // another form, from a server with a domain
	if err != nil {
		return 0, 0, err
	}
	return place.Sequence.Stream, place.NumPending, nil
}

func (r *reader) deliver(c taken, meet func(taken) error, fold Fold) error {
	if err := r.at.place(r.log.options, c.Commit, c.broken); err != nil {
		return err
	}
	if r.log.closing.Err() != nil {
		return ErrClosed
	}
	r.at = c.tail()
	if meet != nil {
		if err := meet(c); err != nil {
			return err
		}
	}
	if c.err != nil {
		return &callerError{c.err}
	}
	if fold.Apply == nil {
		return nil
	}
	if err := fold.Apply(c.Commit, c.decoded); err != nil {
		return &callerError{err}
	}
	return nil
}

// close deletes the consumer, which ends a fetch that is still under way, and waits for that. Should the deletion go
// unanswered, the server forgets the consumer by itself in time, and all of them when it stops. A server that is being
// stopped has ended the fetch.
func (r *reader) close() {
	if r.on.isLost() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), r.log.options.readTimeout())
	defer cancel()
	if err := r.on.stream.DeleteConsumer(ctx, r.consumer.CachedInfo().Name); err != nil {
		r.log.options.logger().Warn("a reader could not be deleted", "ledger", r.log.options.Ledger, "err", err)
	}
	if r.batch != nil {
		for range r.batch.Messages() {
		}
	}
}
