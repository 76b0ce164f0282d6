package projections

import (
	"cmp"
	"slices"

	"pcnledger/domain"
)

// Budgets holds how the money of each fund is expected to be spent, as it was set last.
type Budgets struct {
	budgets map[domain.FundCode]Budget
}

// A Budget is a fund's profile, by month.
type Budget struct {
	Number int64 // of the event that set it
	domain.BudgetSet
}

func newBudgets() Budgets { return Budgets{map[domain.FundCode]Budget{}} }

func (b *Budgets) apply(r *record) {
	if e, ok := r.Event.(domain.BudgetSet); ok {
		e.Months = slices.SortedFunc(slices.Values(e.Months), func(a, b domain.BudgetMonth) int { return cmp.Compare(a.Month, b.Month) })
		b.budgets[e.Fund] = Budget{r.Number, e}
	}
}

// All returns every budget by fund.
func (b *Budgets) All() []Budget {
	budgets := make([]Budget, 0, len(b.budgets))
	for _, budget := range b.budgets {
		budgets = append(budgets, budget)
	}
	slices.SortFunc(budgets, func(a, b Budget) int { return cmp.Compare(a.Fund, b.Fund) })
	return budgets
}

// Budget returns the profile of one fund, if one was set.
func (b *Budgets) Budget(fund domain.FundCode) (budget Budget, set bool) {
	budget, set = b.budgets[fund]
	return budget, set
}

// Through returns what is expected to be spent up to and including a period.
func (b Budget) Through(last domain.Period) (sum domain.Pence) {
	for _, month := range b.Months {
		if domain.Period(month.Month) <= last {
			sum += month.Pence
		}
	}
	return sum
}
