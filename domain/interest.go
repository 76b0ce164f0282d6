package domain

import "fmt"

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

// DeclareInterest asks to record an officer's interest. It takes the place of an earlier one in the same body.
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
	known, has := l.interestIn(c.Officer, c.Body, m.today())
	if has && known.equal(c.Interest) {
		return nil, ErrUnchanged
	}
	acting, _ := l.officers.acting(m.Stamp)
	if has && acting == c.Officer && c.Outcome.severity() < known.Outcome.severity() {
		return nil, refuse(RuleInterest, "have another officer record it", "%s would loosen its own declaration about %s from %q to %q",
			c.Officer, c.Body.Bare(), known.Outcome, c.Outcome)
	}
	return InterestDeclared(c), nil
}

func (i Interest) equal(other Interest) bool {
	return i.Officer == other.Officer && i.Body == other.Body && i.Nature == other.Nature && i.Outcome == other.Outcome &&
		i.From == other.From && i.To == other.To && i.Decision.Body == other.Decision.Body && i.Decision.Date == other.Decision.Date &&
		i.Decision.Paper == other.Decision.Paper
}

// interestIn returns the last declaration of an officer about a body that stands on a day.
func (l *Ledger) interestIn(officer OfficerID, body Body, d Date) (found Interest, ok bool) {
	for _, i := range l.interests {
		if i.Officer == officer && i.Body == body && i.From <= d && (i.To == "" || d <= i.To) {
			found, ok = i, true
		}
	}
	return found, ok
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
			interest, has := l.interestIn(officer, body, d)
			if has && interest.Outcome.severity() > allowed.severity() {
				return refuse(RuleInterest, "have an officer without that interest do it", "%s declared an interest in %s (%s), and the outcome is %q: it cannot %s this",
					officer, body.Bare(), interest.Nature, interest.Outcome, doing)
			}
		}
	}
	return nil
}
