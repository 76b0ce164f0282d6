package projections

import (
	"cmp"
	"slices"

	"pcnledger/domain"
)

// A Baseline is how many whole-time posts of a role a network had on 31 March 2019, as it was recorded last.
type Baseline struct {
	Number int64
	On     domain.Date // London date of recording
	domain.RoleBaselineSet
}

type baselineKey struct {
	network domain.Body
	role    domain.RateCode
}

// Baseline returns the baseline of a role in a network, if it is set.
func (r *Roles) Baseline(network domain.Body, role domain.RateCode) (Baseline, bool) {
	b, set := r.baselines[baselineKey{network, role}]
	return b, set
}

// Baselines returns every baseline by network and role.
func (r *Roles) Baselines() []Baseline {
	all := make([]Baseline, 0, len(r.baselines))
	for _, b := range r.baselines {
		all = append(all, b)
	}
	slices.SortFunc(all, func(a, b Baseline) int { return cmp.Or(cmp.Compare(a.Network, b.Network), cmp.Compare(a.Role, b.Role)) })
	return all
}
