package domain

import (
	"fmt"
	"slices"
)

// Workings are a ledger folded up to the event before one that is to be explained, and the numbers of the events that its
// facts stand in. What was decided then is worked out once more, on the same state and by the same rules.
type Workings struct {
	ledger  Ledger
	sources map[int64]Source
	said    map[statement]int64 // the event that said it last
	raised  map[raisedKey]map[Service][]int64
	given   map[sumKey][]int64 // the events that redistributed a sum
	changes map[int64]string   // what a revision or a local rate took the place of
}

// A statement is something that an event said and of which a state does not keep the number.
type statement struct {
	what   string // member, payee, post, ended
	who    Body
	in     Body
	person Person
	from   Date
}

// Apply folds one more event.
func (w *Workings) Apply(r Recorded) {
	w.ledger.Apply(r)
	switch e := r.Event.(type) {
	case ListSizesRecorded:
		set(&w.sources, r.Number, e.Source)
	case QuantityRecorded:
		set(&w.sources, r.Number, e.Source)
	case MembershipRecorded:
		for _, m := range e.Members {
			w.say(r.Number, e.Source, statement{what: "member", who: m.Practice, in: e.Network, from: m.From})
		}
	case RateRevised:
		set(&w.changes, r.Number, e.words("revised"))
	case RateOverridden:
		set(&w.changes, r.Number, e.words("the commissioner's own rate"))
	case PayeeNominated:
		w.say(r.Number, e.Source, statement{what: "payee", who: e.Network, from: e.From})
	case RoleEngaged:
		w.say(r.Number, e.Source, statement{what: "post", person: e.Person, from: e.From})
	case RoleChanged:
		w.say(r.Number, e.Source, statement{what: "post", person: e.Person, from: e.From})
	case RoleEnded:
		w.say(r.Number, Source{}, statement{what: "ended", person: e.Person, from: e.To})
	case UnclaimedRedistributed:
		w.noteGiven(r.Number, e)
	case EntitlementRun:
		for i := range e.Lines {
			line := &e.Lines[i]
			for _, part := range line.Parts {
				w.noteRaised(r.Number, line.claimant().key(Rate{Year: e.Year, Rate: e.Rate}), part.For)
			}
		}
	case EntitlementAdjusted:
		for i := range e.Lines {
			line := &e.Lines[i]
			for _, part := range line.Parts {
				w.noteRaised(r.Number, line.claimant().key(Rate{Year: e.Year, Rate: e.Rate}), part.For)
			}
		}
	case RecoveryRaised:
		if item := w.ledger.items[e.Item]; item.Rate != "" {
			w.noteRaised(r.Number, item.payment(), e.For)
		}
	}
}

func (w *Workings) say(number int64, source Source, s statement) {
	set(&w.said, s, number)
	set(&w.sources, number, source)
}

// noteRaised keeps which events what was raised for a month stands in.
func (w *Workings) noteRaised(number int64, key raisedKey, month Service) {
	if w.raised[key] == nil {
		set(&w.raised, key, map[Service][]int64{})
	}
	if numbers := w.raised[key][month]; !slices.Contains(numbers, number) {
		w.raised[key][month] = append(numbers, number)
	}
}

func (w *Workings) noteGiven(number int64, e UnclaimedRedistributed) {
	for _, line := range e.Lines {
		for _, network := range []Body{line.From, line.To} {
			key := sumKey{network, e.Year, e.Sum}
			if !slices.Contains(w.given[key], number) {
				set(&w.given, key, append(w.given[key], number))
			}
		}
	}
}

// words says what a change of a rate took the place of.
func (c RateChange) words(what string) string {
	return fmt.Sprintf("%s from %s, from %s on (event %d): %s", what, Pounds(c.Before), c.From, c.Was, c.Reason)
}

// claimant is whom the line is counted for.
func (e *EntitlementLine) claimant() claimant { return claimant{e.Beneficiary, e.Practice} }

// claimant is whom the line is counted for.
func (e *AdjustmentLine) claimant() claimant { return claimant{e.Beneficiary, e.Practice} }

// Explain opens the amounts that an event works out, one tree for each item or line, in their order. The workings are
// those of the event before it. It fails with an [*Unexplained] for an event that works nothing out.
func (w *Workings) Explain(r Recorded) ([]Explanation, error) {
	switch e := r.Event.(type) {
	case EntitlementRun:
		return w.explainRun(r, e)
	case EntitlementAdjusted:
		return w.explainAdjusted(r, e)
	case ClaimApproved:
		x, err := w.explainClaim(r, e)
		return []Explanation{x}, err
	case RecoveryRaised:
		return []Explanation{w.explainRecovery(r, e)}, nil
	}
	return nil, unexplained("name a run or an adjustment of an entitlement, an approved claim or a recovery: pcnledger show items",
		"event %d (%s) records what somebody gave; nothing was worked out in it", r.Number, EventKindOf(r.Event).Name)
}

// Number returns the number of the event that opened the item.
func (id ItemID) Number() int64 { return id.number() }

// Line returns the line of its event that the item is, from 1.
func (id ItemID) Line() int {
	_, line := id.split()
	return line
}
