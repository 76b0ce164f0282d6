package domain

import (
	"cmp"
	"fmt"
	"slices"
)

// A claimant is who a payment is counted for: a network or an area, or a practice and the network it is in; for none that is
// zero.
type claimant struct{ network, practice Body }

// key is what the payment was raised under.
func (c claimant) key(rate Rate) raisedKey {
	return raisedKey{rateKey{rate.Year, rate.Rate}, cmp.Or(c.practice, c.network)}
}

// counted says that a rate is paid on a measure alone, to whoever has a quantity of it.
func (r Rate) counted() bool { return r.Population == "" && r.Measure != "" }

// claimants lists those that the rate is paid for, in order of code: of every month of the run, not of its last alone, and
// those for which something was raised before, so that none falls unseen. A practice in no network is paid nothing. A network
// that was asked for and has nothing to be paid on is refused.
func (r *entitlementRun) claimants(only []Body) ([]claimant, error) {
	found := map[claimant]bool{}
	switch {
	case r.rate.Payee == PayPractice:
		r.addPractices(found)
	case r.rate.counted():
		r.addCounted(found)
	default:
		for _, month := range r.months {
			for network := range r.membersIn(r.rate, month) {
				found[claimant{network: network}] = true
			}
		}
	}
	r.addRaised(found)
	asked := map[Body]bool{}
	for _, network := range only {
		asked[network] = false
	}
	var all []claimant
	for c := range found {
		if _, is := asked[c.network]; is || len(only) == 0 {
			all = append(all, c)
			asked[c.network] = true
		}
	}
	slices.SortFunc(all, func(a, b claimant) int {
		return cmp.Or(cmp.Compare(a.network, b.network), cmp.Compare(a.practice, b.practice))
	})
	for _, network := range only {
		if !asked[network] {
			return nil, r.empty(network.Bare() + " has no ")
		}
	}
	if len(all) == 0 {
		return nil, r.empty("no network has ")
	}
	return all, nil
}

// addPractices adds the practices that were in a network in a month; where they are paid on a measure, those that have a
// quantity of it.
func (r *entitlementRun) addPractices(found map[claimant]bool) {
	for practice := range r.registry.enrolments {
		if r.rate.counted() && len(r.quantities[quantityKey{r.rate.Measure, practice}]) == 0 {
			continue
		}
		for _, month := range r.months {
			if network := r.networkFor(r.rate, practice, month); network != "" {
				found[claimant{network, practice}] = true
			}
		}
	}
}

// addCounted adds the networks and areas that have a quantity.
func (r *entitlementRun) addCounted(found map[claimant]bool) {
	for key := range r.quantities {
		if key.measure == r.rate.Measure && r.registry.bodies[key.body].kind != KindPractice {
			found[claimant{network: key.body}] = true
		}
	}
}

// addRaised adds those for which something was raised: of a practice that is in no network any more, no network's.
func (r *entitlementRun) addRaised(found map[claimant]bool) {
	for key := range r.ledger.raised {
		if key.rate != (rateKey{r.rate.Year, r.rate.Rate}) {
			continue
		}
		if r.rate.Payee == PayPractice {
			found[claimant{practice: key.beneficiary}] = true
		} else {
			found[claimant{network: key.beneficiary}] = true
		}
	}
}

// empty refuses a run for what has nothing to be paid on.
func (r *entitlementRun) empty(who string) *Refusal {
	if r.rate.counted() {
		return refuse(RuleRunEmpty, "record the quantity first (RecordQuantity), or leave it out", "%s%s", who, r.rate.Measure)
	}
	return refuse(RuleRunEmpty, "record its members first (RecordMembership; pcnledger import memberships FILE), or leave it out",
		"%s", fmt.Sprintf("%smembers by %s", who, r.through))
}
