package projections

import (
	"slices"

	"pcnledger/domain"
)

// Corrections holds every entry that was taken back.
type Corrections struct {
	corrections []Correction
	rows        map[int64]int // by entry
}

// A Correction is an entry that was taken back, and what took its place.
type Correction struct {
	Entry   int64         // number of the event
	Event   string        // FundsReleased
	Subject string        // fund/NR-PCN-2018
	Text    string        // the reference, title or reason that it carries
	Dated   domain.Date   // its effective date
	In      domain.Period // its period
	Pence   domain.Pence  // what it debited on the financial accounts, or else on the control accounts

	Reversed  int64         // number of the event that took it back
	On        domain.Date   // London date of that event
	Effective domain.Date   // of that event
	Period    domain.Period // of that event
	Hands                   // who raised the reversal, and who approved it
	Reason    string
	ToLapsed  bool // what it had drawn on lapsed since, and returned there

	Replaced   int64 `json:",omitzero"` // number of the event that says what took its place; 0 if nothing did
	ReplacedBy int64 `json:",omitzero"` // number of the event that took its place
}

func newCorrections() Corrections { return Corrections{rows: map[int64]int{}} }

func (c *Corrections) apply(r *record) {
	switch e := r.Event.(type) {
	case domain.EntryReversed:
		c.rows[e.Entry] = len(c.corrections)
		c.corrections = append(c.corrections, correctionOf(r, &e))
	case domain.EntryReplaced:
		if at, known := c.rows[e.Entry]; known {
			c.corrections[at].Replaced, c.corrections[at].ReplacedBy = r.Number, e.By
		}
	}
}

func correctionOf(r *record, e *domain.EntryReversed) Correction {
	c := Correction{
		Entry: e.Entry, Dated: e.Dated, In: e.In, Pence: debitedBy(r.postings), Reversed: r.Number, On: domain.DateIn(r.Time),
		Effective: r.Effective, Period: r.Period, Hands: handsIn(r), Reason: e.Reason, ToLapsed: e.ToLapsed,
	}
	if was := e.Was.Event; was != nil {
		c.Event, c.Subject, c.Text = domain.EventKindOf(was).Name, was.Subject(), voucherText(was)
	}
	return c
}

// debitedBy returns what postings debit on the financial accounts, or else on the control accounts.
func debitedBy(postings []domain.Posting) domain.Pence {
	var financial, control domain.Pence
	for i := range postings {
		switch p := &postings[i]; {
		case p.Pence < 0:
		case p.Account.IsControl():
			control += p.Pence
		default:
			financial += p.Pence
		}
	}
	if financial == 0 {
		return control
	}
	return financial
}

// All returns every entry that was taken back, in the order of the reversals.
func (c *Corrections) All() []Correction { return slices.Clone(c.corrections) }

// Correction returns what became of an entry, if it was taken back.
func (c *Corrections) Correction(entry int64) (correction Correction, ok bool) {
	at, ok := c.rows[entry]
	if !ok {
		return Correction{}, false
	}
	return c.corrections[at], true
}
