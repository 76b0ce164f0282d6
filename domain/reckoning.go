package domain

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
)

// A Reckoning is how what one month of an entitlement stands on was worked out: the rate in force for the month, whose
// patients or what quantity it is paid on, and what they come to for the rate's whole period.
type Reckoning struct {
	Month Service
	Footing
	Version Rate
	Members []Counted      // in order of code, where it is paid on patients
	Count   *big.Rat       // what the rate is multiplied by: patients, quantity, or both
	Kept    []QuantityLine // the quantity that counts, where it is paid on one
}

// Counted is one practice in a reckoning. Days out of Of are those in the network, where practices count by day.
type Counted struct {
	Practice Body
	Patients int64
	Listed   bool // it stands in the list
	Days, Of int64
}

// A reckoner works entitlements out. It remembers who was in which network on a day for as long as one question lasts.
type reckoner struct {
	*Grounds
	members map[Date]map[Body][]Body // by day and network, in order of code; filled as they are asked for
}

// practicesOf returns the practices of a network on a day, in order of code.
func (g *reckoner) practicesOf(network Body, d Date) []Body {
	if g.members[d] == nil {
		set(&g.members, d, g.registry.membersOn(d))
	}
	return g.members[d][network]
}

// reckon works out one month of an entitlement for whom it is counted. For a network without members it is nothing.
func (g *reckoner) reckon(rate Rate, c claimant, month Service) (Reckoning, error) {
	r := Reckoning{Month: month, Version: rate, Count: new(big.Rat)}
	if v, ok := g.rateOn(rateKey{rate.Year, rate.Rate}, rate.Area, month.First()); ok {
		r.Version, r.Rate = v.rate, v.number
	}
	if rate.Population != "" {
		if err := g.countPatients(&r, rate, c); err != nil {
			return r, err
		}
	} else if rate.Unit == UnitNetwork && rate.Measure == "" && len(g.membersFor(rate, c, month)) > 0 {
		r.Count.SetInt64(1)
	}
	if rate.Measure != "" {
		g.countQuantity(&r, rate, c)
	}
	pounds, ok := new(big.Rat).SetString(r.Version.Amount)
	if !ok {
		return r, refuse(RuleRateNotAdopted, "adopt it with an amount and the document that says so (AdoptRateCard), or revise it (ReviseRate)",
			"no amount of rate %s is in force for %s", rate.Rate, month)
	}
	r.Annual = r.Version.rounded(pounds.Mul(pounds, r.Count))
	return r, nil
}

// rounded is an amount of pounds in pence, rounded once as the rate says.
func (r Rate) rounded(pounds *big.Rat) Pence {
	if r.Rounding == RoundPound {
		return 100 * roundRat(pounds)
	}
	return poundsToPence(pounds)
}

// countPatients adds up the lists of the practices that count.
func (g *reckoner) countPatients(r *Reckoning, rate Rate, c claimant) error {
	members := g.membersFor(rate, c, r.Month)
	if len(members) == 0 {
		return nil
	}
	reference := rate.Reference
	if reference == "" {
		reference = r.Month.First()
	}
	practices := make([]Body, len(members))
	for i, m := range members {
		practices[i] = m.Practice
	}
	list, err := g.listOf(practices, rate.Population, reference, r.Month)
	if err != nil {
		return err
	}
	r.List = list.number
	for _, m := range members {
		m.Patients, m.Listed = list.patients[m.Practice], has(list.patients, m.Practice)
		r.Patients += m.Patients
		if m.Of == 0 {
			r.Count.Add(r.Count, big.NewRat(m.Patients, 1))
		} else {
			r.Count.Add(r.Count, big.NewRat(m.Patients*m.Days, m.Of))
		}
		r.Members = append(r.Members, m)
	}
	if !r.Count.IsInt() {
		r.Quantity = Quantity(r.Count.RatString())
	}
	return nil
}

func has[K comparable, V any](m map[K]V, key K) bool {
	_, ok := m[key]
	return ok
}

// membersFor lists the practices that count for whom a payment is counted in a month, in order of code.
func (g *reckoner) membersFor(rate Rate, c claimant, month Service) (members []Counted) {
	day := month.First()
	if rate.Membership == MembersAtReference && rate.Reference != "" {
		day = rate.Reference
	}
	if c.practice != "" {
		if g.registry.networkOf(c.practice, day) == "" {
			return nil
		}
		return []Counted{{Practice: c.practice}}
	}
	if rate.Membership == MembersByDay {
		return g.registry.membersByDay(c.network, month)
	}
	for _, practice := range g.practicesOf(c.network, day) {
		members = append(members, Counted{Practice: practice})
	}
	return members
}

// membersByDay lists the practices that were in a network in a month, each with its days.
func (r *registry) membersByDay(network Body, month Service) (members []Counted) {
	of := daysBetween(month.First(), month.Last()) + 1
	for practice, enrolments := range r.enrolments {
		days := int64(0)
		for _, e := range enrolments {
			from, to := max(e.from, month.First()), month.Last()
			if e.to != "" {
				to = min(to, e.to)
			}
			if e.network == network && from <= to {
				days += daysBetween(from, to) + 1
			}
		}
		if days > 0 {
			members = append(members, Counted{Practice: practice, Days: days, Of: of})
		}
	}
	slices.SortFunc(members, func(a, b Counted) int { return cmp.Compare(a.Practice, b.Practice) })
	return members
}

// countQuantity multiplies by the quantity that counts for the month; with a population, by the share of the whole.
func (g *reckoner) countQuantity(r *Reckoning, rate Rate, c claimant) {
	body, day := c.network, r.Month.First()
	if c.practice != "" {
		body = c.practice
	}
	if rate.Instalments == PayOnce {
		day = r.Month.Last()
	}
	quantity, ok := g.quantityOn(rate.Measure, body, day)
	count := new(big.Rat)
	if ok {
		count = quantity.line.product()
		r.Counted, r.Quantity = quantity.number, Quantity(count.RatString())
		r.Kept = []QuantityLine{quantity.line}
	}
	if rate.Population == "" {
		r.Count = count
		return
	}
	r.Count.Mul(r.Count, count)
}

// quantityOn returns the quantity of a body that counts on a day: of those from that day or an earlier one the latest, and
// of several from the same day the last recorded.
func (g *Grounds) quantityOn(measure Measure, body Body, d Date) (found quantityFrom, ok bool) {
	for _, q := range g.quantities[quantityKey{measure, body}] {
		if q.from <= d && q.from >= found.from {
			found, ok = q, true
		}
	}
	return found, ok
}

// product is a quantity times its factors.
func (line QuantityLine) product() *big.Rat {
	product := line.Quantity.rat()
	for _, f := range line.Factors {
		product.Mul(product, f.Factor.rat())
	}
	return product
}

// rat is the recorded quantity as a number.
func (q Quantity) rat() *big.Rat {
	r, ok := new(big.Rat).SetString(string(q))
	if !ok {
		panic(fmt.Sprintf("a recorded quantity that is none: %q", string(q)))
	}
	return r
}

// own is each month's own result of a rate's annual amounts, which has an entry for each month of its period that came. Where
// all is paid at once, an amount that falls later on is taken off the last months that had some: no month comes to less
// than nothing.
func (r Rate) own(annual []Pence) []Pence {
	months := r.Months()
	if r.Instalments != PayOnce {
		return Instalments(annual, len(months))
	}
	own := make([]Pence, len(annual))
	var before Pence
	for i, a := range annual {
		if months[i] < r.First {
			continue
		}
		own[i], before = a-before, a
		for j := i; own[j] < 0; j-- { // the sum of all is a, so that months before have it
			own[j-1], own[j] = own[j-1]+own[j], 0
		}
	}
	return own
}
