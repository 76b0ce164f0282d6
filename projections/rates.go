package projections

import (
	"cmp"
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

func (r *Rates) apply(recorded *record) {
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

// NetworkSum returns the most that one network can be reimbursed for its roles in a year, by the adopted maxima.
func (r *Rates) NetworkSum(year domain.Year) domain.Pence {
	var rates []domain.Rate
	for _, role := range r.Roles(year) {
		rates = append(rates, role.Rate)
	}
	return domain.NetworkSum(rates)
}
