package projections

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"pcnledger/domain"
)

// Rates holds the rates that officers adopted: nothing is paid on any other.
type Rates struct {
	rates map[rateKey]Rate
}

type rateKey struct {
	year domain.Year
	code domain.RateCode
}

// A Rate is one that may be paid, with its standing, its source and the document that was relied on.
type Rate struct {
	Number  int64       // of the event that adopted it
	Adopted domain.Date // London date of that event
	domain.Rate
}

func newRates() Rates { return Rates{map[rateKey]Rate{}} }

func (r *Rates) apply(recorded domain.Recorded) {
	if e, ok := recorded.Event.(domain.RateCardAdopted); ok {
		for _, rate := range e.Rates {
			r.rates[rateKey{e.Year, rate.Rate}] = Rate{recorded.Number, domain.DateIn(recorded.Time), rate}
		}
	}
}

// All returns every adopted rate by year and code.
func (r *Rates) All() []Rate {
	rates := make([]Rate, 0, len(r.rates))
	for _, rate := range r.rates {
		rates = append(rates, rate)
	}
	slices.SortFunc(rates, func(a, b Rate) int { return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Rate.Rate, b.Rate.Rate)) })
	return rates
}

// Rate returns one adopted rate.
func (r *Rates) Rate(year domain.Year, code domain.RateCode) (rate Rate, adopted bool) {
	rate, adopted = r.rates[rateKey{year, code}]
	return rate, adopted
}

// Roles returns the adopted maxima of reimbursed roles of a year, by code.
func (r *Rates) Roles(year domain.Year) []Rate {
	return slices.DeleteFunc(r.All(), func(rate Rate) bool { return rate.Year != year || rate.Kind != domain.RateReimbursedRole })
}

// NetworkSum returns the most that one network can be reimbursed for its roles in a year: the adopted maxima, each for
// the months in which it runs, rounded once, half away from zero. For 2019/20 Practice Index ("A brief guide to PCN
// finance") prints (37,810 + 34,113) × 9 ÷ 12 = £53,942.
func (r *Rates) NetworkSum(year domain.Year) domain.Pence {
	sum := new(big.Rat)
	for _, role := range r.Roles(year) {
		sum.Add(sum, role.inPeriod())
	}
	return pence(sum)
}

// InPeriod returns what a post is reimbursed at most over all months in which its maximum runs.
func (r Rate) InPeriod() domain.Pence { return pence(r.inPeriod()) }

func (r Rate) inPeriod() *big.Rat {
	pounds, ok := new(big.Rat).SetString(r.Amount)
	if !ok {
		panic("a recorded rate that is no number: " + r.Amount)
	}
	return pounds.Mul(pounds, big.NewRat(int64(len(r.Months())), 12))
}

// Months returns the months of the rate's period, in order.
func (r Rate) Months() []domain.Service {
	var months []domain.Service
	for _, month := range monthsOf(r.Year) {
		if first := month.First(); r.From <= first && first <= r.To {
			months = append(months, month)
		}
	}
	return months
}

// monthsOf returns the twelve months of a year.
func monthsOf(year domain.Year) []domain.Service {
	var months []domain.Service
	for m := range 12 {
		months = append(months, domain.Service(fmt.Sprintf("%s/M%02d", year, m+1)))
	}
	return months
}

// pence rounds positive pounds half away from zero.
func pence(pounds *big.Rat) domain.Pence {
	twice := new(big.Rat).Mul(pounds, big.NewRat(200, 1))
	twice.Add(twice, big.NewRat(1, 1)).Quo(twice, big.NewRat(2, 1))
	return domain.Pence(new(big.Int).Quo(twice.Num(), twice.Denom()).Int64())
}
