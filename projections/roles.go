package projections

import (
	"math/big"
	"slices"

	"pcnledger/domain"
)

// Roles holds who was engaged in which reimbursed role, by token.
type Roles struct {
	engagements []Engagement
	index       map[domain.Person][]int
}

// An Engagement is one person's time in a role of a network. To is the last day, inclusive; no date while it goes on.
type Engagement struct {
	Number int64 // of the event that engaged the role
	domain.RoleEngaged
	To     domain.Date
	Ended  int64 // number of the event that ended it
	Reason string
}

func newRoles() Roles { return Roles{index: map[domain.Person][]int{}} }

func (r *Roles) apply(recorded domain.Recorded) {
	switch e := recorded.Event.(type) {
	case domain.RoleEngaged:
		r.index[e.Person] = append(r.index[e.Person], len(r.engagements))
		r.engagements = append(r.engagements, Engagement{Number: recorded.Number, RoleEngaged: e})
	case domain.RoleEnded:
		if all := r.index[e.Person]; len(all) > 0 {
			last := &r.engagements[all[len(all)-1]]
			last.To, last.Ended, last.Reason = e.To, recorded.Number, e.Reason
		}
	}
}

// All returns every engagement in the order of recording.
func (r *Roles) All() []Engagement { return slices.Clone(r.engagements) }

// InPost returns a person's engagement with a network in a month.
func (r *Roles) InPost(person domain.Person, network domain.Body, month domain.Service) (Engagement, bool) {
	for _, at := range r.index[person] {
		if e := r.engagements[at]; e.Network == network && e.In(month) {
			return e, true
		}
	}
	return Engagement{}, false
}

// In says that the person was in post on some day of a time of service.
func (e Engagement) In(s domain.Service) bool {
	return e.From <= s.Last() && (e.To == "" || s.First() <= e.To)
}

// Months returns the months in post, the last of them that of the last day, or of a given day while it goes on.
func (e Engagement) Months(until domain.Date) []domain.Service {
	last := until
	if e.To != "" {
		last = min(last, e.To)
	}
	var months []domain.Service
	for day := e.From; day <= last; {
		month := domain.Service(domain.PeriodOf(day))
		months = append(months, month)
		day = month.Last().AddDays(1)
	}
	return months
}

// WTE returns the post as a part of a whole-time one of 37.5 hours a week, to two places: 1.00, 0.53.
func (e Engagement) WTE() string { return e.Whole().FloatString(2) }

// Whole returns the same exactly, to be added up.
func (e Engagement) Whole() *big.Rat {
	hours, ok := new(big.Rat).SetString(string(e.Hours))
	if !ok {
		panic("recorded hours that are no number: " + string(e.Hours))
	}
	return hours.Quo(hours, big.NewRat(75, 2))
}
