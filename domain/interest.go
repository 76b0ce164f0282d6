package domain

import (
	"fmt"
	"slices"
)

// An Outcome is what was decided about a conflict of interest: one of the five that a paper records.
type Outcome string

// The five outcomes (Oxfordshire CCG, locality paper, December 2018).
const (
	OutcomeNone     Outcome = "no conflict"
	OutcomeDecide   Outcome = "may discuss and decide"
	OutcomeDiscuss  Outcome = "may discuss, not decide"
	OutcomeRemain   Outcome = "may remain, neither discuss nor decide"
	OutcomeExcluded Outcome = "excluded"
)

// Outcomes lists the outcomes, the mildest first.
func Outcomes() []Outcome {
	return []Outcome{OutcomeNone, OutcomeDecide, OutcomeDiscuss, OutcomeRemain, OutcomeExcluded}
}

// UnmarshalText refuses anything but the five.
func (o *Outcome) UnmarshalText(text []byte) error {
	for _, known := range Outcomes() {
		if Outcome(text) == known {
			*o = known
			return nil
		}
	}
	return fmt.Errorf("%q is no outcome: no conflict; may discuss and decide; may discuss, not decide; may remain, neither discuss nor decide; or excluded", text)
}

// severity is its place among the outcomes.
func (o Outcome) severity() int {
	for i, known := range Outcomes() {
		if o == known {
			return i
		}
	}
	return -1
}

// An Interest is an officer's connection with a body, and what was decided about it.
type Interest struct {
	Officer  OfficerID `json:"officer"`
	Body     Body      `json:"body"`   // the payee or network
	Nature   string    `json:"nature"` // "partner in the practice"
	Outcome  Outcome   `json:"outcome"`
	From     Date      `json:"from"`
	To       Date      `json:"to,omitzero"` // last day, inclusive
	Decision Decision  `json:"decision"`    // who decided on the outcome
}

// DeclareInterest asks to record an officer's interest. From its first day on it takes the place of an earlier one in the
// same body. One's own declaration can only become stricter: another officer records what loosens it.
type DeclareInterest struct{ Interest }

// InterestDeclared says which interest an officer has, and what was decided about it.
type InterestDeclared struct{ Interest }

func (c DeclareInterest) decide(l *Ledger, m moment) (Event, error) {
	if len(l.officers.of[c.Officer]) == 0 {
		return nil, refuse(RuleOfficerUnknown, "look for it: pcnledger show officers", "%q is no officer", string(c.Officer))
	}
	if _, err := l.registry.known(c.Body, "the body"); err != nil {
		return nil, err
	}
	if err := checkText(c.Nature, "the nature of the interest", `"partner in the practice"`); err != nil {
		return nil, err
	}
	if c.Outcome == "" || c.From == "" || c.To != "" && c.To < c.From {
		return nil, refuse(RuleInterest, "give the outcome and the first day, and a last day after it", "the interest of %s in %s lacks its outcome or its days", c.Officer, c.Body.Bare())
	}
	if err := c.Decision.complete(); err != nil {
		return nil, err
	}
	known := l.declared(c.Officer, c.Body)
	if len(known) > 0 && known[len(known)-1].equal(c.Interest) {
		return nil, ErrUnchanged
	}
	if acting, _ := l.officers.acting(m.Stamp); acting == c.Officer {
		if err := checkLoosening(known, c.Interest, m.today()); err != nil {
			return nil, err
		}
	}
	return InterestDeclared(c), nil
}

// checkLoosening refuses an officer's own declaration that allows it, on any day from today on, what one before forbade: by
// a milder outcome, by an earlier last day, or by a later first one.
func checkLoosening(known []Interest, own Interest, today Date) error {
	after := append(slices.Clip(known), own)
	days := []Date{today}
	for _, i := range after {
		days = append(days, i.From)
		if i.To != "" {
			days = append(days, i.To.AddDays(1))
		}
	}
	for _, d := range days {
		was, now := standingOn(known, d), standingOn(after, d)
		if d >= today && now.Outcome.severity() < was.Outcome.severity() {
			return refuse(RuleInterest, "have another officer record it", "%s would loosen its own declaration about %s on %s from %q to %q",
				own.Officer, own.Body.Bare(), d, was.Outcome, now.Outcome)
		}
	}
	return nil
}

func (i Interest) equal(other Interest) bool {
	return i.Officer == other.Officer && i.Body == other.Body && i.Nature == other.Nature && i.Outcome == other.Outcome &&
		i.From == other.From && i.To == other.To && i.Decision.Body == other.Decision.Body && i.Decision.Date == other.Decision.Date &&
		i.Decision.Paper == other.Decision.Paper
}

// declared lists what an officer declared about a body, the first declaration first.
func (l *Ledger) declared(officer OfficerID, body Body) (all []Interest) {
	for _, i := range l.interests {
		if i.Officer == officer && i.Body == body {
			all = append(all, i)
		}
	}
	return all
}

// standingOn returns which of an officer's declarations about a body stands on a day: the last that had begun, if it had
// not ended. Where none stands it is no conflict.
func standingOn(declared []Interest, d Date) Interest {
	found := Interest{Outcome: OutcomeNone}
	for _, i := range declared {
		if i.From <= d {
			found = i
		}
	}
	if found.To != "" && found.To < d {
		return Interest{Outcome: OutcomeNone}
	}
	return found
}

// checkInterests refuses a hand with an interest in one of the bodies whose outcome forbids to take part, or to decide.
func (l *Ledger) checkInterests(h Hand, bodies []Body, decides bool, d Date) error {
	allowed := OutcomeDiscuss
	doing := "take part in"
	if decides {
		allowed, doing = OutcomeDecide, "decide on"
	}
	for _, officer := range h.officers() {
		for _, body := range bodies {
			interest := standingOn(l.declared(officer, body), d)
			if interest.Outcome.severity() > allowed.severity() {
				return refuse(RuleInterest, "have an officer without that interest do it", "%s declared an interest in %s (%s), and the outcome is %q: it cannot %s this",
					officer, body.Bare(), interest.Nature, interest.Outcome, doing)
			}
		}
	}
	return nil
}
