package projections

import "pcnledger/domain"

// Views are all views of one ledger, at one number. They are not safe for use by several goroutines at once.
type Views struct {
	Ledger       Ledger
	Registry     Registry
	Journal      Journal
	TrialBalance TrialBalance
	Balances     Balances
	Funds        Funds
	Items        Items
	Purposes     Purposes
	Rates        Rates
	Entitlements Entitlements
	Claims       Claims
	Roles        Roles
	Budgets      Budgets
	Progress     Progress
}

// NewViews returns the views of a ledger in which nothing is recorded.
func NewViews() *Views {
	return &Views{
		Registry:     newRegistry(),
		TrialBalance: newTrialBalance(),
		Balances:     newBalances(),
		Funds:        newFunds(),
		Items:        newItems(),
		Purposes:     newPurposes(),
		Rates:        newRates(),
		Entitlements: newEntitlements(),
		Claims:       newClaims(),
		Roles:        newRoles(),
		Budgets:      newBudgets(),
		Progress:     newProgress(),
	}
}

// Apply brings every view up to date with a recorded event. A number that was applied already changes nothing. A view
// passes over events that it does not need; an event that nobody knows fails when it is decoded, long before.
func (v *Views) Apply(r domain.Recorded) {
	if r.Number <= v.Ledger.Number {
		return
	}
	v.Ledger.apply(r)
	v.Registry.apply(r)
	v.Funds.apply(r)
	v.Items.apply(r)
	v.Purposes.apply(r)
	v.Rates.apply(r)
	v.Entitlements.apply(r)
	v.Claims.apply(r)
	v.Roles.apply(r)
	v.Budgets.apply(r)
	v.Progress.apply(r)
	postings := domain.Postings(r)
	v.Journal.post(r, postings)
	for _, p := range postings {
		v.TrialBalance.post(p)
		v.Balances.post(p)
		v.Funds.post(p)
	}
}
