package projections

import (
	"cmp"
	"slices"

	"pcnledger/domain"
)

// A Nomination says who is paid for a network from a day on, until another is nominated.
type Nomination struct {
	Number int64 // of the event
	domain.PayeeNominated
}

func (g *Registry) nominate(n Nomination) {
	all := append(g.nominations[n.Network], n)
	slices.SortStableFunc(all, func(a, b Nomination) int { return cmp.Compare(a.From, b.From) })
	g.nominations[n.Network] = all
}

// Nominations returns every nomination by network and first day.
func (g *Registry) Nominations() []Nomination {
	var all []Nomination
	for _, of := range g.nominations {
		all = append(all, of...)
	}
	slices.SortStableFunc(all, func(a, b Nomination) int {
		return cmp.Or(cmp.Compare(a.Network, b.Network), cmp.Compare(a.From, b.From))
	})
	return all
}

// Nominee returns the nomination of a network that holds on a day, if there is one.
func (g *Registry) Nominee(network domain.Body, on domain.Date) (nominee Nomination, ok bool) {
	for _, n := range g.nominations[network] {
		if n.From <= on {
			nominee, ok = n, true
		}
	}
	return nominee, ok
}
