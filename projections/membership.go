package projections

import (
	"cmp"
	"slices"

	"pcnledger/domain"
)

// A Membership is a practice's time in a network. To is its last day, inclusive; no date while it goes on.
type Membership struct {
	Number   int64 // of the event that recorded it last
	Network  domain.Body
	Practice domain.Body
	From, To domain.Date
	Source   domain.Source
}

// InForce says whether the membership holds on a day.
func (m Membership) InForce(on domain.Date) bool { return m.From <= on && (m.To == "" || on <= m.To) }

// enrol adds a membership; one with the same practice, network and first day is replaced.
func (g *Registry) enrol(m Membership) {
	all := g.memberships[m.Practice]
	same := slices.IndexFunc(all, func(known Membership) bool { return known.Network == m.Network && known.From == m.From })
	if same >= 0 {
		all[same] = m
		return
	}
	g.memberships[m.Practice] = append(all, m)
}

// Memberships returns every membership by network, practice and first day.
func (g *Registry) Memberships() []Membership {
	var memberships []Membership
	for _, all := range g.memberships {
		memberships = append(memberships, all...)
	}
	slices.SortFunc(memberships, func(a, b Membership) int {
		return cmp.Or(cmp.Compare(a.Network, b.Network), cmp.Compare(a.Practice, b.Practice), cmp.Compare(a.From, b.From))
	})
	return memberships
}

// NetworkOf returns the network that a practice belongs to on a day, or nobody.
func (g *Registry) NetworkOf(practice domain.Body, on domain.Date) domain.Body {
	for _, m := range g.memberships[practice] {
		if m.InForce(on) {
			return m.Network
		}
	}
	return ""
}
