package projections

import (
	"cmp"
	"math/big"
	"slices"

	"pcnledger/domain"
)

// Rates holds the rates that officers adopted, and what became of them since: nothing is paid on any other.
type Rates struct {
	rates map[rateKey][]Rate // the lines of one code, as they were adopted
}

type rateKey struct {
	year domain.Year
	code domain.RateCode
}

// A Rate is a line of a card that may be paid, as it was adopted, with its standing, its source and the document that was
// relied on; and how it was changed since. A code has several lines where it has a maximum for each half of the year, or
// for areas of London.
type Rate struct {
	Number  int64       // of the event that adopted it
	Adopted domain.Date // London date of that event
	domain.Rate
	Changes []RateChange `json:",omitzero"` // in the order of recording
}

// A RateChange is a rate at another amount: revised, or overridden by the commissioner.
type RateChange struct {
	Number int64
	On     domain.Date // London date of recording
	Local  bool        // overridden
	domain.RateChange
}

func newRates() Rates { return Rates{map[rateKey][]Rate{}} }

func (r *Rates) apply(recorded *record) {
	on := domain.DateIn(recorded.Time)
	switch e := recorded.Event.(type) {
	case domain.RateCardAdopted:
		for _, rate := range e.Rates {
			key := rateKey{e.Year, rate.Rate}
			r.rates[key] = append(r.rates[key], Rate{Number: recorded.Number, Adopted: on, Rate: rate})
		}
	case domain.RateRevised:
		r.change(RateChange{recorded.Number, on, false, e.RateChange})
	case domain.RateOverridden:
		r.change(RateChange{recorded.Number, on, true, e.RateChange})
	}
}

// change adds a change to the line that it is about: of its area, and of a period in which it begins.
func (r *Rates) change(c RateChange) {
	lines := r.rates[rateKey{c.Year, c.Rate}]
	for _, exact := range []bool{true, false} {
		for i := range lines {
			if line := &lines[i]; line.Area == c.Area && (!exact || line.From <= c.From && c.From <= line.To) {
				line.Changes = append(line.Changes, c)
				return
			}
		}
	}
}

// All returns every adopted rate by year, code, area and period.
func (r *Rates) All() []Rate {
	rates := make([]Rate, 0, len(r.rates))
	for _, lines := range r.rates {
		rates = append(rates, lines...)
	}
	slices.SortStableFunc(rates, func(a, b Rate) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Rate.Rate, b.Rate.Rate), cmp.Compare(a.Area, b.Area), cmp.Compare(a.From, b.From),
			cmp.Compare(a.Number, b.Number))
	})
	return rates
}

// Rate returns an adopted rate; of several lines of its code the one for everywhere that was adopted first.
func (r *Rates) Rate(year domain.Year, code domain.RateCode) (rate Rate, adopted bool) {
	lines := r.rates[rateKey{year, code}]
	if len(lines) == 0 {
		return Rate{}, false
	}
	if at := slices.IndexFunc(lines, func(line Rate) bool { return line.Area == "" }); at >= 0 {
		return lines[at], true
	}
	return lines[0], true
}

// Line returns the adopted line of a card that another line is about: the same code, area and period.
func (r *Rates) Line(of domain.Rate) (rate Rate, adopted bool) {
	for _, line := range r.rates[rateKey{of.Year, of.Rate}] {
		if line.Area == of.Area && line.From == of.From {
			return line, true
		}
	}
	return Rate{}, false
}

// Now returns the rate as it was last adopted, revised or overridden.
func (r Rate) Now() domain.Rate {
	if n := len(r.Changes); n > 0 {
		return r.Changes[n-1].Now
	}
	return r.Rate
}

// On returns the rate that is paid on a day: of several versions the one recorded last.
func (r Rate) On(day domain.Date) domain.Rate {
	for i := len(r.Changes) - 1; i >= 0; i-- {
		if c := r.Changes[i]; c.From <= day && day <= c.To {
			return c.Now
		}
	}
	return r.Rate
}

// By returns the rate as an event adopted, revised or overrode it; the rate as it was adopted if no change has that number.
func (r Rate) By(number int64) domain.Rate {
	for _, c := range r.Changes {
		if c.Number == number {
			return c.Now
		}
	}
	return r.Rate
}

// Roles returns the adopted maxima of reimbursed roles of a year, by code, area and period.
func (r *Rates) Roles(year domain.Year) []Rate {
	return slices.DeleteFunc(r.All(), func(rate Rate) bool { return rate.Year != year || rate.Kind != domain.RateReimbursedRole })
}

// SumOfRole names the sum that a role is paid out of in a year.
func (r *Rates) SumOfRole(year domain.Year, role domain.RateCode) domain.RateCode {
	rate, _ := r.Rate(year, role)
	return cmp.Or(rate.Sum, domain.SumARRS)
}

// Sums returns the codes of the sums of a year that are adopted, or that adopted roles are paid out of.
func (r *Rates) Sums(year domain.Year) []domain.RateCode {
	var sums []domain.RateCode
	for key, lines := range r.rates {
		switch {
		case key.year != year:
		case lines[0].Kind == domain.RateNetworkSum:
			sums = append(sums, key.code)
		case lines[0].Kind == domain.RateReimbursedRole:
			sums = append(sums, r.SumOfRole(year, key.code))
		}
	}
	slices.Sort(sums)
	return slices.Compact(sums)
}

// NetworkSum returns what the adopted maxima of a year's roles come to for one network, in the months in which they run.
func (r *Rates) NetworkSum(year domain.Year) domain.Pence {
	var rates []domain.Rate
	for _, role := range r.Roles(year) {
		rates = append(rates, role.Rate)
	}
	return domain.NetworkSum(rates)
}

// dueOf returns each month's own result, if every month of the rate's period has the annual amount that it is given.
func dueOf(rate domain.Rate, annual []domain.Pence) []domain.Pence {
	if rate.Instalments != domain.PayOnce {
		return domain.Instalments(annual, len(annual))
	}
	own, before := make([]domain.Pence, len(annual)), domain.Pence(0)
	for i, month := range rate.Months() {
		if month >= rate.First {
			own[i], before = annual[i]-before, annual[i]
		}
	}
	return own
}

// annualAt is what an entitlement comes to in a year at another amount of its rate.
func annualAt(of *Entitlement, rate domain.Rate) domain.Pence {
	amount, ok := new(big.Rat).SetString(rate.Amount)
	if !ok {
		return of.Annual
	}
	count := big.NewRat(of.Patients, 1)
	if of.Quantity != "" {
		quantity, ok := new(big.Rat).SetString(string(of.Quantity))
		switch {
		case !ok:
			return of.Annual
		case rate.Measure != "" && rate.Population != "":
			count.Mul(count, quantity)
		default:
			count = quantity
		}
	} else if rate.Unit == domain.UnitNetwork {
		count.SetInt64(1)
	}
	unit := int64(100)
	if rate.Rounding == domain.RoundPound {
		unit = 1
	}
	return domain.Pence(halfAwayFromZero(amount.Mul(amount, count).Mul(amount, big.NewRat(unit, 1))) * 100 / unit)
}

func halfAwayFromZero(r *big.Rat) int64 {
	half := big.NewRat(int64(r.Sign()), 2)
	half.Add(half, r)
	return new(big.Int).Quo(half.Num(), half.Denom()).Int64()
}
