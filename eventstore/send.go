package eventstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// answerLimit bounds the wait for one answer. A disk that needs longer for one write and fsync is failing, and then
	// JetStream does not answer at all; the same bytes are sent again.
	answerLimit = 2 * time.Second

	// mostSendings is how often a commit is sent before the server is started again, and again after that. Two answers
	// that are lost in a row are no accident.
	mostSendings = 2
)

// send puts a draft on the stream and returns once it is known what became of it: nil means recorded in its place.
//
// A sending without an answer is repeated byte for byte with the same expected sequence, so it can be recorded once only.
// If that conflicts, the stream's own message at that sequence says whether it was ours: an answer may have been lost, or
// come late. Where no answer is to be had, the embedded server is stopped and started: after that nothing is on its way any
// more, and what the stream holds is the truth. Only if that cannot be done either is it unknown; then the draft is kept,
// and every later call begins with finding out. The caller holds writing.
func (l *Log) send(d *Draft) error {
	err := l.sendAndAsk(d, false)
	if errors.Is(err, ErrUnknown) {
		l.setUnsettled(d)
	}
	return err
}

// sendAndAsk is send without keeping the draft. Doubt says that a sending before this may still arrive.
func (l *Log) sendAndAsk(d *Draft, doubt bool) error {
	why := l.sendSome(d, doubt)
	if !errors.Is(why, errUnanswered) {
		return why
	}
	l.options.logger().Warn("a commit was not answered; the server is started again", "ledger", l.options.Ledger, "number", d.First(), "err", why)
	if err := l.restart(); err != nil {
		return fmt.Errorf("%w: %w; and then: %w", ErrUnknown, why, err)
	}
	found, err := l.occupant(d)
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w; and after a restart: %w", ErrUnknown, why, err)
	case found == itself:
		return nil
	case found == another:
		return fmt.Errorf("%w, and before: %w", ErrConflict, why)
	case isServerFailure(why):
		return fmt.Errorf("%w: %w", ErrNotRecorded, why)
	}
	if err := l.sendSome(d, false); !errors.Is(err, errUnanswered) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnknown, why)
}

// errUnanswered: a sending was not answered, or not in a way that settles what became of the sendings before it.
var errUnanswered = errors.New("JetStream did not answer")

// sendSome sends a draft until there is an answer that settles it. Doubt says that an earlier sending may still arrive.
func (l *Log) sendSome(d *Draft, doubt bool) error {
	var last error
	for range mostSendings {
		err := l.publish(d)
		var refusal *jetstream.APIError
		switch {
		case err == nil:
			return nil
		case errors.As(err, &refusal) && isConflict(refusal):
			return l.whose(d, err)
		case errors.As(err, &refusal) && isRefusal(refusal) && !doubt:
			return fmt.Errorf("%w: %w", refusalOf(refusal), err)
		}
		last, doubt = err, true
		if isServerFailure(err) {
			break // it will not answer any more
		}
	}
	return fmt.Errorf("%w: %w", errUnanswered, last)
}

// publish sends a draft once and waits for its acknowledgement.
func (l *Log) publish(d *Draft) error {
	s := l.on()
	if s.stream == nil {
		return s.failed
	}
	limit := l.options.answer()
	ctx, cancel := context.WithTimeoutCause(context.Background(), limit, fmt.Errorf("no answer came within %v", limit))
	defer cancel()
	ctx, stop := s.nats.log.untilFailure(ctx)
	defer stop()
	message := &nats.Msg{Subject: l.generation.subject(), Header: d.header(), Data: d.Body}
	ack, err := s.nats.js.PublishMsg(ctx, message, jetstream.WithExpectLastSequence(d.Sequence-1), jetstream.WithRetryAttempts(0))
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return err
	}
	if ack.Stream != l.generation.stream() || ack.Sequence != d.Sequence {
		return fmt.Errorf("JetStream acknowledged sequence %d of stream %s, not %d of %s",
			ack.Sequence, ack.Stream, d.Sequence, l.generation.stream())
	}
	return nil
}

// whose reads what the stream holds where the draft was to stand: the draft itself, or the commit of another writer.
func (l *Log) whose(d *Draft, conflict error) error {
	found, err := l.occupant(d)
	switch {
	case err != nil:
		return err
	case found == itself:
		return nil
	case found == another:
		return fmt.Errorf("%w: %w", ErrConflict, conflict)
	}
	ctx, cancel := context.WithTimeout(context.Background(), l.options.readTimeout())
	defer cancel()
	info, err := l.on().stream.Info(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", errUnanswered, err)
	}
	if last := info.State.LastSeq; last < d.before.sequence {
		l.broken = l.options.damage(d.before.number, d.before.sequence, "the stream ends at sequence %d, but this log has recorded up to sequence %d",
			last, d.before.sequence)
		return l.broken
	}
	return fmt.Errorf("%w: it says that sequence %d is taken, and that nothing is there", errUnanswered, d.Sequence)
}

// occupant is what stands in the stream where a draft was to stand.
type occupant int

const (
	nothing occupant = iota // settles it only if nothing is on its way
	itself
	another // the draft will never be there
)

// occupant asks the stream's leader, not a copy.
func (l *Log) occupant(d *Draft) (occupant, error) {
	ctx, cancel := context.WithTimeout(context.Background(), l.options.readTimeout())
	defer cancel()
	message, err := l.on().stream.GetMsg(ctx, d.Sequence)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nothing, nil
	}
	if err != nil {
		return nothing, fmt.Errorf("%w: %w", errUnanswered, err)
	}
	if bytes.Equal(message.Data, d.Body) && sameHeader(message.Header, d.header()) {
		return itself, nil
	}
	return another, nil
}

func sameHeader(a, b nats.Header) bool {
	for _, name := range []string{rootHeader, signatureHeader} {
		if len(a[name]) != len(b[name]) {
			return false
		}
		for i := range a[name] {
			if a[name][i] != b[name][i] {
				return false
			}
		}
	}
	return true
}

// settle finds out what became of the draft that was not answered, if there is one. The caller holds writing.
func (l *Log) settle() error {
	d := l.whatIsUnsettled()
	if d == nil {
		return nil
	}
	if l.broken != nil {
		return l.broken
	}
	err := l.sendAndAsk(d, true)
	_, damaged := errors.AsType[*Damage](err)
	switch {
	case err == nil:
		l.recorded(d)
	case errors.Is(err, ErrUnknown):
		return fmt.Errorf("%w (an append before this one)", err)
	case damaged:
		return err
	}
	l.setUnsettled(nil)
	return l.broken
}

// Settle finds out what became of an append that was answered with [ErrUnknown], if there was one. It is ErrUnknown again if
// that still cannot be known.
func (l *Log) Settle(ctx context.Context) error {
	_, done, err := l.begin(ctx)
	if err != nil {
		return err
	}
	defer done()
	l.writing.Lock()
	defer l.writing.Unlock()
	return l.settle()
}

// settleFor is settle if the draft that was not answered has the command: whether it is recorded cannot be said before.
func (l *Log) settleFor(commandID string) error {
	d := l.whatIsUnsettled()
	if d == nil || !slices.ContainsFunc(d.Events, func(e Event) bool { return e.CommandID == commandID }) {
		return nil
	}
	l.writing.Lock()
	defer l.writing.Unlock()
	return l.settle()
}

func (l *Log) setUnsettled(d *Draft) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.unsettled = d
}

func (l *Log) whatIsUnsettled() *Draft {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.unsettled
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

func isConflict(err *jetstream.APIError) bool {
	return err.ErrorCode == sequenceTaken || err.ErrorCode == sequenceTaken2
}

func isRefusal(err *jetstream.APIError) bool { return refusalOf(err) != nil }

// refusalOf says what an answer means that is known to mean that nothing was stored; nil if that is not known of it.
func refusalOf(err *jetstream.APIError) error {
	switch err.ErrorCode {
	case messageTooLong:
		return ErrTooLarge
	case accountFull, serverFull, storageFull:
		return ErrNotRecorded
	}
	return nil
}
