package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"pcnledger/domain"
	"pcnledger/eventstore"
	"pcnledger/ledger"
)

// A subject is a ledger that is measured, and what makes up its commands.
type subject struct {
	*ledger.Ledger
	*generator
	options ledger.Options
}

// newLedger creates a ledger in which nothing is recorded yet.
func (r *run) newLedger(ctx context.Context, name string, size country) (*subject, error) {
	r.say("creating a ledger")
	s := &subject{options: ledger.Options{Dir: filepath.Join(r.dir, name), Name: name, Actor: "bench"}}
	_, err := ledger.Create(ctx, s.options, domain.CreateLedger{
		Ledger: name, Commissioner: "local:NHS", Name: "A made-up commissioner", Kind: domain.KindLive}, nil)
	if err != nil {
		return nil, err
	}
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	s.generator = newGenerator(size, s.Views().Ledger.Number)
	return s, nil
}

// newBook creates a ledger with the whole registry in it, in which single commands can be recorded for ever; see
// [generator.openBook].
func (r *run) newBook(ctx context.Context) (*subject, error) {
	if r.book != nil {
		return r.book, nil
	}
	s, err := r.newLedger(ctx, "book", r.size)
	if err != nil {
		return nil, err
	}
	r.book = s
	return s, s.put(ctx, append(s.registry(), s.openBook()...))
}

func (s *subject) open(ctx context.Context) (err error) {
	s.Ledger, err = ledger.Open(ctx, s.options)
	return err
}

// snapshots is where the ledger keeps what it need not fold again.
func (s *subject) snapshots() string { return filepath.Join(s.options.Dir, "snapshots") }

// close closes the ledger, if it is there and open.
func (s *subject) close() error {
	if s == nil || s.Ledger == nil {
		return nil
	}
	l := s.Ledger
	s.Ledger = nil
	return l.Close()
}

// busyPause is how long a command waits that was told to come again.
const busyPause = time.Millisecond

// put records commands and waits until they are on disk.
func (s *subject) put(ctx context.Context, commands []ledger.Command) error {
	receipts, err := s.Submit(ctx, commands...)
	for errors.Is(err, ledger.ErrBusy) {
		time.Sleep(busyPause)
		receipts, err = s.Submit(ctx, commands...)
	}
	if err != nil {
		return err
	}
	return allRecorded(receipts)
}

// allRecorded refuses to measure commands that recorded nothing.
func allRecorded(receipts []ledger.Receipt) error {
	for _, receipt := range receipts {
		if receipt.Outcome == ledger.Recorded {
			continue
		}
		err := fmt.Errorf("command %s was %s", receipt.Command, receipt.Outcome)
		if receipt.Refusal != nil {
			err = fmt.Errorf("%w: %s", err, receipt.Refusal.Reason)
		}
		return err
	}
	return nil
}

// bodies returns the messages of the commits from a number on, byte for byte as they were sent.
func (s *subject) bodies(ctx context.Context, from int64) (bodies [][]byte, err error) {
	err = s.Log().Read(ctx, from, func(c eventstore.Commit) error {
		bodies = append(bodies, c.Body)
		return nil
	})
	return bodies, err
}
