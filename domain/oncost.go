package domain

import (
	"math/big"
	"slices"
)

// An OnCost is what an employer pays on a salary in the published maxima of reimbursed roles: national insurance above a
// threshold, and the part of the pension contribution that the practice pays. That maxima are made of it was worked out
// backwards: it gives all published successors of October 2022 to April 2025 to the pound. Nothing is paid on it; it shows
// where a maximum comes from.
type OnCost struct {
	NI        *big.Rat // of the salary above the threshold: 0.138
	Threshold *big.Rat // pounds a year
	Pension   *big.Rat // of the salary: 0.1438; the balance of 0.2068 is paid centrally
}

// OnCostOn returns the on-costs of a day, from the year's card. None are known before October 2022.
func OnCostOn(d Date) (o OnCost, ok bool) {
	card := cards()[YearOf(d)]
	find := func(code RateCode) int {
		return slices.IndexFunc(card, func(r Rate) bool { return r.Kind == RateOnCost && r.Rate == code && r.From <= d && d <= r.To })
	}
	ni, pension := find("ONCOST_NI"), find("ONCOST_PENSION")
	if ni < 0 || pension < 0 {
		return o, false
	}
	return OnCost{NI: fraction(card[ni].Percent), Threshold: card[ni].amount().Rat(), Pension: fraction(card[pension].Percent)}, true
}

// fraction is a percentage as a part of one.
func fraction(percent string) *big.Rat { return mustDecimal(percent).Shift(-2).Rat() }

// factor is what a pound of salary above the threshold costs.
func (o OnCost) factor() *big.Rat {
	f := big.NewRat(1, 1)
	return f.Add(f, o.NI).Add(f, o.Pension)
}

// relief is what the employer saves by the threshold.
func (o OnCost) relief() *big.Rat { return new(big.Rat).Mul(o.NI, o.Threshold) }

// Cost returns what a post of a salary, in pounds a year and above the threshold, costs its employer:
// salary × (1 + national insurance + pension) − national insurance × threshold. It is exact.
func (o OnCost) Cost(salary *big.Rat) *big.Rat {
	cost := new(big.Rat).Mul(salary, o.factor())
	return cost.Sub(cost, o.relief())
}

// Maximum returns the maximum that follows from a salary, rounded to whole pounds as maxima are printed.
func (o OnCost) Maximum(salary *big.Rat) Pence { return 100 * roundRat(o.Cost(salary)) }

// Salary returns the salary that a maximum implies, exactly: the inverse of [OnCost.Cost].
func (o OnCost) Salary(maximum *big.Rat) *big.Rat {
	salary := new(big.Rat).Add(maximum, o.relief())
	return salary.Quo(salary, o.factor())
}

// InLondon returns the maximum of a post in a high cost area: that of elsewhere, and what the area's supplement costs.
func (o OnCost) InLondon(maximum, supplement *big.Rat) Pence {
	cost := new(big.Rat).Mul(supplement, o.factor())
	return 100 * roundRat(cost.Add(cost, maximum))
}

// HighCost returns the supplement of a salary in a high cost area: a percentage of it, and at most so many pounds.
func HighCost(salary *big.Rat, percent, most int64) *big.Rat {
	supplement := new(big.Rat).Mul(salary, big.NewRat(percent, 100))
	if limit := big.NewRat(most, 1); supplement.Cmp(limit) > 0 {
		return limit
	}
	return supplement
}
