package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"pcnledger/domain"
	"pcnledger/eventstore"
	"pcnledger/projections"
)

// Options say which ledger to open and who opens it.
type Options struct {
	Dir         string // the data directory
	Name        string // the ledger's name
	Actor       string // the operating-system login
	ReadTimeout time.Duration
	Logger      *slog.Logger
}

func (o Options) store() eventstore.Options {
	return eventstore.Options{Dir: o.Dir, Ledger: o.Name, ReadTimeout: o.ReadTimeout, Logger: o.Logger}
}

// authLogin is the proof of identity of an operating-system login; authDemo says that a script named the actor.
const (
	authLogin = "os-login"
	authDemo  = "demo"
)

// A Ledger is one open ledger. Any number of goroutines may submit commands and look at it.
type Ledger struct {
	log    *eventstore.Log
	writer *writer
	keeper *keeper
	actor  string
	logger *slog.Logger

	decoders sync.Pool // of *decoder: for commands, while their callers wait for nobody

	answering sync.RWMutex // held for reading by whoever waits for receipts, so that the log is not closed before all is noted

	mu    sync.RWMutex // guards views: they change when a commit is on disk
	views *projections.Views
}

// Open reads a ledger from its log. It fails with [eventstore.ErrNoLedger] where there is none, with
// [eventstore.ErrInUse] where another process has it open, and with an *[eventstore.Damage] where the log is not whole.
func Open(ctx context.Context, o Options) (*Ledger, error) {
	l := &Ledger{actor: o.Actor, logger: o.Logger, decoders: sync.Pool{New: func() any { return new(decoder) }}}
	if l.logger == nil {
		l.logger = slog.New(slog.DiscardHandler)
	}
	k := &kept{state: &domain.Ledger{}, views: projections.NewViews()}
	log, err := eventstore.OpenAndRead(ctx, o.store(), folding(func(r domain.Recorded) { k.apply(r) }), k.resumption())
	if err != nil {
		return nil, err
	}
	if err := faultOf(o.Name, k.state); err != nil {
		return nil, errors.Join(err, log.Close())
	}
	l.log, l.views = log, k.views
	l.keeper = &keeper{ledger: l, last: k.from}
	l.writer = newWriter(l, k.state)
	return l, nil
}

// Close answers what was decided, ends the ledger and lets another process open it. Commands that still wait are answered
// with [eventstore.ErrClosed].
func (l *Ledger) Close() error {
	l.writer.close()
	l.answering.Lock() // whoever was answered has noted what there was to note
	defer l.answering.Unlock()
	if l.keeper.due(l.views.Ledger.Number, keepAtLeast) {
		l.keeper.save()
	}
	l.keeper.saving.Wait()
	return l.log.Close()
}

// Log returns the ledger's log: what proves it, and what it is backed up from.
func (l *Ledger) Log() *eventstore.Log { return l.log }

// Views returns the views at the last recorded number. They change whenever a commit is recorded: while other goroutines
// submit, use [Ledger.Look].
func (l *Ledger) Views() *projections.Views { return l.views }

// Look calls fn with the views, which do not change before it returns.
func (l *Ledger) Look(fn func(*projections.Views)) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	fn(l.views)
}

// show brings the views up to what was recorded.
func (l *Ledger) show(facts []domain.Recorded) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range facts {
		l.views.Apply(r)
	}
}

// catchUp brings the views up to what another writer has recorded.
func (l *Ledger) catchUp(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.log.Fold(ctx, l.views.Ledger.Number+1, folding(l.views.Apply))
}

// Has reports whether a command with that id is recorded.
func (l *Ledger) Has(ctx context.Context, id string) (bool, error) {
	_, found, err := l.log.Find(ctx, id)
	return found, err
}

// NumberOf returns the number of the first event of a command.
func (l *Ledger) NumberOf(ctx context.Context, id string) (int64, error) {
	events, found, err := l.log.Find(ctx, id)
	if err != nil {
		return 0, err
	}
	if !found {
		return 0, fmt.Errorf("no command %s is recorded", id)
	}
	return events[0].Number, nil
}

// Events returns every event from a number on, as it stands in the log.
func (l *Ledger) Events(ctx context.Context, from int64, each func(eventstore.Event) error) error {
	return l.log.Read(ctx, from, func(c eventstore.Commit) error {
		for _, e := range c.Events {
			if e.Number < from {
				continue
			}
			if err := each(e); err != nil {
				return err
			}
		}
		return nil
	})
}

// recordedAt returns the event with a number as the rules read it.
func (l *Ledger) recordedAt(number int64) (r domain.Recorded, found bool, err error) {
	if number < 1 || number >= l.log.Next() {
		return r, false, nil
	}
	err = l.log.Read(context.Background(), number, func(c eventstore.Commit) error {
		for _, e := range c.Events {
			if e.Number == number {
				r, err = decodeEvent(e)
				found = err == nil
			}
		}
		return cmp.Or(err, errEnough)
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return r, found, err
}

// errEnough ends a reading that has found what it was for.
var errEnough = errors.New("found")

// Recorded hands on every event as the rules read it, in order.
func (l *Ledger) Recorded(ctx context.Context, each func(domain.Recorded)) error {
	return l.log.Fold(ctx, 1, folding(each))
}

// A Script is who acts when in a demo.
type Script struct {
	Actor string
	At    time.Time
}

// Submit decides commands in their order and records what they cause. Each stands alone: one that is refused does not
// touch its neighbours. Commands that wait together share commits, and so the wait for the disk, whoever sends them; a
// commit is recorded wholly or not at all. There is a receipt for each command that was answered; the error, if any, says
// why the others were not. A refusal is given only when all that it was decided upon is on disk.
//
// It is [ErrBusy] if too many callers wait. When ctx ends, commands that are not decided yet are not recorded; those that
// are on their way to the disk are awaited and answered as they are.
func (l *Ledger) Submit(ctx context.Context, commands ...Command) ([]Receipt, error) {
	return l.submit(ctx, commands, stamper{actor: l.actor, auth: authLogin})
}

// SubmitScripted is Submit with actor and time from a script. Only a demo ledger takes it.
func (l *Ledger) SubmitScripted(ctx context.Context, script Script, commands ...Command) ([]Receipt, error) {
	var kind domain.LedgerKind
	l.Look(func(v *projections.Views) { kind = v.Ledger.Kind })
	if kind != domain.KindDemo {
		return nil, errors.New("only a demo ledger takes actors and times from a script")
	}
	return l.submit(ctx, commands, stamper{actor: script.Actor, auth: authDemo, at: script.At})
}

// mostClockLag is how far the clock may be behind the last event before writing stops: more than that is no drift
// between machines but a wrong clock, and dates decide about money.
const mostClockLag = 5 * time.Minute

// clock returns the time of the next event: UTC milliseconds, never earlier than the last event's.
func clock(now, last time.Time) (time.Time, error) {
	if lag := last.Sub(now); lag > mostClockLag {
		return time.Time{}, fmt.Errorf("this machine's clock says %s, but the last event was recorded at %s: set the clock right and run again; nothing was recorded",
			now.UTC().Format(time.RFC3339), last.UTC().Format(time.RFC3339))
	}
	return later(now.UTC().Truncate(time.Millisecond), last), nil
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
