package domain

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// RuleMissing forbids a run that would pay nothing for more of the patients than its officer allows.
const RuleMissing Rule = "missing-patients"

// mostMissing is how many per cent of patients may be missing from a run if its officer says nothing.
const mostMissing Quantity = "2"

// Missing is whom nothing is paid for in a run: members that the lists do not have, and practices with patients that are in
// no network, both in the last month. PerCent is how much of all patients that is, a member without a list counted as one
// of average size, to two places.
type Missing struct {
	Unlisted    []Body     `json:"unlisted,omitzero"`
	Unallocated []ListLine `json:"unallocated,omitzero"`
	PerCent     string     `json:"percent,omitzero"`
}

// roll is who counts in the last month of a run.
type roll struct {
	lists    map[int64]bool
	listed   map[Body]bool // false for a member that the lists do not have
	patients int64
}

// add counts the members of a reckoning, each practice once.
func (r *roll) add(reckoning Reckoning) {
	for _, m := range reckoning.Members {
		if has(r.listed, m.Practice) {
			continue
		}
		set(&r.listed, m.Practice, m.Listed)
		r.patients += m.Patients
	}
	if reckoning.List != 0 {
		set(&r.lists, reckoning.List, true)
	}
}

// missing names those for whom nothing is paid, or refuses the run if they are too many. Practices in no network are looked
// for in runs of all networks alone: a run of some knows nothing of the others'.
func (r *entitlementRun) missing(all bool, atMost Quantity) (Missing, error) {
	limit, err := perCent(cmp.Or(atMost, mostMissing))
	if err != nil {
		return Missing{}, err
	}
	var m Missing
	for practice, listed := range r.roll.listed {
		if !listed {
			m.Unlisted = append(m.Unlisted, practice)
		}
	}
	slices.Sort(m.Unlisted)
	if all {
		m.Unallocated = r.unallocated()
	}
	if len(m.Unlisted)+len(m.Unallocated) == 0 {
		return m, nil
	}
	share := r.roll.share(m)
	m.PerCent = share.FloatString(2)
	if share.Cmp(limit) > 0 {
		return m, refuse(RuleMissing, "import their lists (of a national file only those of practices that are known: pcnledger import list-sizes FILE --known) and memberships (pcnledger import memberships FILE), or say how many per cent may be missing (missingatmost)",
			"nothing would be paid for %s per cent of patients; at most %s per cent may be missing: %s", m.PerCent, cmp.Or(atMost, mostMissing), m.words())
	}
	return m, nil
}

// perCent refuses what is no percentage.
func perCent(q Quantity) (*big.Rat, error) {
	if err := q.check("the share of patients that may be missing"); err != nil {
		return nil, err
	}
	if r := q.rat(); r.Cmp(big.NewRat(100, 1)) <= 0 {
		return r, nil
	}
	return nil, refuse(RuleQuantityWhole, "give per cent of all patients: 2", "%s per cent of patients may be missing; that is more than all", q)
}

// unallocated lists the practices of the lists that were paid on which are in no network in the last month.
func (r *entitlementRun) unallocated() (lines []ListLine) {
	seen := map[Body]bool{}
	for _, list := range slices.Backward(r.ledger.lists) {
		if !r.roll.lists[list.number] {
			continue
		}
		for practice, patients := range list.patients {
			if !seen[practice] && patients > 0 && r.networkFor(r.rate, practice, r.months[len(r.months)-1]) == "" {
				lines = append(lines, ListLine{Practice: practice, Patients: patients})
			}
			seen[practice] = true
		}
	}
	slices.SortFunc(lines, func(a, b ListLine) int { return cmp.Compare(a.Practice, b.Practice) })
	return lines
}

// share is how many per cent of all patients are missing: all of them if no list says how large a member is on average.
func (r *roll) share(m Missing) *big.Rat {
	hundred := big.NewRat(100, 1)
	listed := int64(len(r.listed) - len(m.Unlisted))
	if listed == 0 || r.patients == 0 {
		return hundred
	}
	missing := big.NewRat(r.patients*int64(len(m.Unlisted)), listed)
	for _, line := range m.Unallocated {
		missing.Add(missing, big.NewRat(line.Patients, 1))
	}
	everyone := new(big.Rat).Add(missing, big.NewRat(r.patients, 1))
	return hundred.Mul(hundred, missing.Quo(missing, everyone))
}

// words names the first of the missing.
func (m Missing) words() string {
	var words []string
	if n := len(m.Unlisted); n > 0 {
		words = append(words, fmt.Sprintf("members without a list: %d (%s)", n, firstNames(n, func(i int) Body { return m.Unlisted[i] })))
	}
	if n := len(m.Unallocated); n > 0 {
		var patients int64
		for _, line := range m.Unallocated {
			patients += line.Patients
		}
		words = append(words, fmt.Sprintf("practices in no network: %d with %s patients (%s)", n, groupThousands(fmt.Sprint(patients)),
			firstNames(n, func(i int) Body { return m.Unallocated[i].Practice })))
	}
	return strings.Join(words, "; ")
}

// firstNames lists the first three of n bodies.
func firstNames(n int, at func(int) Body) string {
	var names []string
	for i := range min(n, 3) {
		names = append(names, at(i).Bare())
	}
	if n > 3 {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}
