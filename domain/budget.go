package domain

import "slices"

// SetBudget asks to record how a fund's money is expected to be spent over its year. It replaces the profile before.
type SetBudget struct {
	Fund   FundCode      `json:"fund"`
	Months []BudgetMonth `json:"months"`
}

// A BudgetMonth is what is expected to be spent in a month.
type BudgetMonth struct {
	Month Service `json:"month"`
	Pence Pence   `json:"pence"`
}

// BudgetSet says how a fund's money is expected to be spent over its year.
type BudgetSet struct {
	Fund   FundCode      `json:"fund"`
	Months []BudgetMonth `json:"months"`
}

func (c SetBudget) decide(l *Ledger, _ moment) (Event, error) {
	f, err := l.openedFund(c.Fund)
	if err != nil {
		return nil, err
	}
	if err := checkLines(len(c.Months)); err != nil {
		return nil, err
	}
	var sum Pence
	seen := map[Service]bool{}
	for i, month := range c.Months {
		if err := checkAmount(month.Pence, "the budget"); err != nil {
			return nil, onLine(i, err)
		}
		if month.Month == "" || month.Month == month.Month.WholeYear() || seen[month.Month] {
			return nil, onLine(i, refuse(RuleBudget, "name each month once, such as 2019-20/M04", "%q is no month, or stands twice", string(month.Month)))
		}
		if err := f.checkService(month.Month); err != nil {
			return nil, onLine(i, err)
		}
		seen[month.Month] = true
		sum += month.Pence
	}
	if limit := -f.balances[at(Limit, Bucket{For: f.service()})]; sum != limit {
		return nil, refuse(RuleBudget, "make the months add up to the limit, or confirm the funding first", "the months of fund %s add up to %s; its limit is %s",
			f.Fund, sum, limit).figure("budget", sum).figure("limit", limit)
	}
	if slices.Equal(f.budget, c.Months) {
		return nil, ErrUnchanged
	}
	return BudgetSet(c), nil
}
