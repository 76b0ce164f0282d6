package ledger

import (
	"context"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"pcnledger/domain"
)

// The outcomes of a rehearsal.
const (
	WouldRecord Outcome = "would record"
	WouldHold   Outcome = "would be held"
)

// A Rehearsal decides commands as the ledger would, each after those before it, and records nothing: it has a state of its
// own, folded from the log when it begins. It is for one goroutine.
type Rehearsal struct {
	ledger  *Ledger
	decider decider
	state   *domain.Ledger
	first   int64             // the number that the next event would have
	facts   []domain.Recorded // what would be recorded from there on
	last    time.Time         // of the last event
	tried   map[string]bool   // the ids of commands that would be recorded
}

// A Rehearsed command is what would become of it: its receipt, without numbers and digest, for others may come before it;
// the events that it would record; and, where it would be held, those that it asks for.
type Rehearsed struct {
	Receipt Receipt    `json:"receipt"`
	Events  []Foreseen `json:"events,omitzero"`
	Asked   []Foreseen `json:"asked,omitzero"`
}

// A Foreseen event is one that is not recorded, as it would be.
type Foreseen struct {
	Type      string         `json:"type"`
	Effective domain.Date    `json:"effectivedate,omitzero"`
	Period    domain.Period  `json:"period,omitzero"`
	Data      jsontext.Value `json:"data"`
	Event     domain.Event   `json:"-"`
}

// Rehearse begins a rehearsal upon all that is recorded.
func (l *Ledger) Rehearse(ctx context.Context) (*Rehearsal, error) {
	r := &Rehearsal{ledger: l, state: &domain.Ledger{}, first: 1, tried: map[string]bool{}}
	return r, l.Recorded(ctx, func(fact domain.Recorded) {
		r.state.Apply(fact)
		r.first, r.last = fact.Number+1, fact.Time
	})
}

// Try says what would become of a command if it were put to the ledger after those that were tried before it. A forbidden
// one is not noted as an attempt: nobody did anything.
func (r *Rehearsal) Try(ctx context.Context, c Command) (Rehearsed, error) {
	p := r.decider.decoder.prepare(c, r.ledger.actor)
	receipt, found, err := r.ledger.lookUp(ctx, p, r.ledger.actor)
	if err != nil || found {
		return Rehearsed{Receipt: receipt}, err
	}
	if r.tried[c.ID] {
		return Rehearsed{Receipt: refused(c.ID, RuleCommandReused, "give the command an id of its own", "id %s stands twice in what is tried", c.ID)}, nil
	}
	stamp, err := stamper{actor: r.ledger.actor, auth: authLogin}.next(r.first+int64(len(r.facts)), r.last)
	if err != nil {
		return Rehearsed{}, err
	}
	var unread error
	look := func(number int64) (domain.Recorded, bool) {
		if i := number - r.first; i >= 0 && i < int64(len(r.facts)) {
			return r.facts[i], true
		}
		fact, found, err := r.ledger.recordedAt(number)
		if err != nil {
			unread = err
		}
		return fact, found
	}
	made, err := r.decider.decide(r.state, p, stamp, look)
	if unread != nil {
		return Rehearsed{}, unread
	}
	if err != nil {
		receipt, err := receiptFor(c.ID, err)
		return Rehearsed{Receipt: receipt}, err
	}
	rehearsed := Rehearsed{Receipt: receiptOfFacts(c.ID, made.facts)}
	answer := &rehearsed.Receipt
	answer.Digest, answer.Expires = "", ""
	if rehearsed.Events, err = r.foreseen(made.facts); err != nil {
		return Rehearsed{}, err
	}
	if answer.Outcome == Held {
		asked, err := r.state.Foresee(p.command, p.effective, stamp, look)
		if err != nil {
			return Rehearsed{}, err
		}
		if rehearsed.Asked, err = r.foreseen(asked); err != nil {
			return Rehearsed{}, err
		}
		answer.Outcome = WouldHold
	} else {
		answer.Outcome = WouldRecord
	}
	for _, fact := range made.facts {
		r.state.Apply(fact)
		r.last = fact.Time
	}
	r.facts, r.tried[c.ID] = append(r.facts, made.facts...), true
	return rehearsed, nil
}

// foreseen writes facts as the log would have them.
func (r *Rehearsal) foreseen(facts []domain.Recorded) (events []Foreseen, err error) {
	for _, fact := range facts {
		entry, err := r.decider.entryOf(fact)
		if err != nil {
			return nil, err
		}
		events = append(events, Foreseen{entry.Type, fact.Effective, fact.Period, slices.Clone(entry.Data), fact.Event})
	}
	return events, nil
}
