package ledger

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
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

// A Ledger is one open ledger. It is for one goroutine at a time.
type Ledger struct {
	log   *eventstore.Log
	state *domain.Ledger
	views *projections.Views
	actor string
	stale error // why state and log may differ; nothing more is decided then
}

// Create begins a ledger with LedgerCreated as its event 1. Asked again with the same words it answers repeated; where
// another ledger of that name is, it is refused. Script stamps a demo; it is nil for a live ledger.
func Create(ctx context.Context, o Options, c domain.CreateLedger, script *Script) (Receipt, error) {
	stamp, err := firstStamp(o, c.Kind, script)
	if err != nil {
		return Receipt{}, err
	}
	sent := Encode(initID, c, "")
	entry, _, err := decide(&domain.Ledger{}, sent, c, "", stamp)
	if err != nil {
		return receiptFor(initID, err)
	}
	log, commit, err := eventstore.Create(ctx, o.store(), entry)
	if errors.Is(err, eventstore.ErrExists) {
		return createdBefore(ctx, o, sent, stamp.Actor)
	}
	if err != nil {
		return Receipt{}, err
	}
	return receiptOf(Recorded, commit.Events), log.Close()
}

// initID is the command id of LedgerCreated; no other command may have it.
const initID = "init"

func firstStamp(o Options, kind domain.LedgerKind, script *Script) (domain.Stamp, error) {
	if (script != nil) != (kind == domain.KindDemo) {
		return domain.Stamp{}, errors.New("a demo ledger is created by a script, a live one never is")
	}
	stamp := domain.Stamp{Number: 1, Time: time.Now().UTC().Truncate(time.Millisecond), Actor: o.Actor, Auth: authLogin}
	if script != nil {
		stamp.Time, stamp.Actor, stamp.Auth = script.At, script.Actor, authDemo
	}
	return stamp, nil
}

// createdBefore answers a second init: the first receipt if it asks for the same ledger, else a refusal.
func createdBefore(ctx context.Context, o Options, sent Command, actor string) (Receipt, error) {
	l, err := Open(ctx, o)
	if err != nil {
		return Receipt{}, err
	}
	defer l.Close()
	receipt, found, err := l.lookUp(ctx, sent, actor)
	if err == nil && found && receipt.Outcome == Repeated {
		return receipt, nil
	}
	if err != nil {
		return Receipt{}, err
	}
	_, err = l.state.Decide(domain.CreateLedger{}, "", domain.Stamp{})
	return receiptFor(initID, err)
}

// Open reads a ledger from its log. It fails with [eventstore.ErrNoLedger] where there is none, with
// [eventstore.ErrInUse] where another process has it open, and with an *[eventstore.Damage] where the log is not whole.
func Open(ctx context.Context, o Options) (*Ledger, error) {
	l := &Ledger{state: &domain.Ledger{}, views: projections.NewViews(), actor: o.Actor}
	log, err := eventstore.OpenAndRead(ctx, o.store(), func(c eventstore.Commit) error {
		return eachRecorded(c, l.apply)
	})
	if err != nil {
		return nil, err
	}
	l.log = log
	return l, nil
}

// Close ends the ledger and lets another process open it.
func (l *Ledger) Close() error { return l.log.Close() }

// Views returns the views at the last recorded number. They change with the next [Ledger.Submit].
func (l *Ledger) Views() *projections.Views { return l.views }

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

// Recorded hands on every event as the rules read it, in order.
func (l *Ledger) Recorded(ctx context.Context, each func(domain.Recorded)) error {
	return l.log.Read(ctx, 1, func(c eventstore.Commit) error { return eachRecorded(c, each) })
}

func (l *Ledger) apply(r domain.Recorded) {
	l.state.Apply(r)
	l.views.Apply(r)
}

// A Script is who acts when in a demo.
type Script struct {
	Actor string
	At    time.Time
}

// Submit decides commands in their order and records what they cause. Each stands alone: one that is refused does not
// touch its neighbours. Commands that come together share commits, and so the wait for the disk; a commit is recorded
// wholly or not at all. There is a receipt for each command that was answered; the error, if any, says why the others
// were not.
func (l *Ledger) Submit(ctx context.Context, commands ...Command) ([]Receipt, error) {
	return l.submit(ctx, commands, func(last time.Time) (domain.Stamp, error) {
		now, err := clock(time.Now(), last)
		return domain.Stamp{Time: now, Actor: l.actor, Auth: authLogin}, err
	})
}

// SubmitScripted is Submit with actor and time from a script. Only a demo ledger takes it.
func (l *Ledger) SubmitScripted(ctx context.Context, script Script, commands ...Command) ([]Receipt, error) {
	if l.views.Ledger.Kind != domain.KindDemo {
		return nil, errors.New("only a demo ledger takes actors and times from a script")
	}
	return l.submit(ctx, commands, func(last time.Time) (domain.Stamp, error) {
		return domain.Stamp{Time: later(script.At, last), Actor: script.Actor, Auth: authDemo}, nil
	})
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
