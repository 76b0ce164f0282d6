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

// stands says that there is something to be paid on: a list, a quantity or the network itself.
func (r Reckoning) stands() bool { return r.List != 0 || r.Counted != 0 || r.Annual != 0 }

// listName names the list that was looked in.
func (r Reckoning) listName(rate Rate) string {
	if r.List == 0 {
		return "any " + string(rate.Population) + " list"
	}
	return fmt.Sprintf("list %d", r.List)
}

// Counted is one practice in a reckoning. Days out of Of are those in the network, where practices count by day.
type Counted struct {
	Practice Body
	Patients int64
	Listed   bool // it stands in the list
	Days, Of int64
}

// A reckoner works entitlements out. It remembers who counted for which network for as long as one question lasts.
type reckoner struct {
	*Grounds
	members map[membersBy]map[Body][]Counted
}

// membersBy is a rule of membership on the day, or for the month, that it asks for.
type membersBy struct {
	rule MembershipRule
	day  Date
}

// memberDay is the day whose members count for a month; where they count by day, the first of the month.
func (r Rate) memberDay(month Service) Date {
	if r.Membership == MembersAtReference && r.Reference != "" {
		return r.Reference
	}
	return month.First()
}

// membersIn returns who counts for each network in a month, in order of code.
func (g *reckoner) membersIn(rate Rate, month Service) map[Body][]Counted {
	by := membersBy{rate.Membership, rate.memberDay(month)}
	if g.members[by] == nil {
		set(&g.members, by, g.registry.members(rate, month))
	}
	return g.members[by]
}

// members returns who counts for each network in a month by the rule of a rate, in order of code.
func (r *registry) members(rate Rate, month Service) map[Body][]Counted {
	if rate.Membership == MembersByDay {
		return r.membersByDay(month)
	}
	all := map[Body][]Counted{}
	for network, practices := range r.membersOn(rate.memberDay(month)) {
		for _, practice := range practices {
			all[network] = append(all[network], Counted{Practice: practice})
		}
	}
	return all
}

// membersByDay returns who was in each network in a month, each with its days, in order of code.
func (r *registry) membersByDay(month Service) map[Body][]Counted {
	all := map[Body][]Counted{}
	for _, practice := range sortedKeys(r.enrolments) {
		days := map[Body]int64{}
		for _, e := range r.enrolments[practice] {
			days[e.network] += e.daysIn(month)
		}
		for network, n := range days {
			if n > 0 {
				all[network] = append(all[network], Counted{Practice: practice, Days: n, Of: month.days()})
			}
		}
	}
	return all
}

// daysIn is how many days of a month an enrolment covers.
func (e enrolment) daysIn(month Service) int64 {
	from, to := max(e.from, month.First()), month.Last()
	if e.to != "" {
		to = min(to, e.to)
	}
	return max(0, daysBetween(from, to)+1)
}

// networkFor returns the network that a practice's month belongs to by the rule of a rate, or nobody: where days count, that
// of its first day in any.
func (g *Grounds) networkFor(rate Rate, practice Body, month Service) Body {
	if rate.Membership != MembersByDay {
		return g.registry.networkOf(practice, rate.memberDay(month))
	}
	var first enrolment
	for _, e := range g.registry.enrolments[practice] {
		if e.daysIn(month) > 0 && (first.network == "" || e.from < first.from) {
			first = e
		}
	}
	return first.network
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
	if pounds.Mul(pounds, r.Count).Cmp(big.NewRat(int64(MostPence/100), 1)) > 0 {
		return r, refuse(RuleAmountTooLarge, "check the rate, the lists and the quantity", "%s of %s comes to £%s; an amount has at most %s", rate.Title, cmp.Or(c.practice, c.network).Bare(), pounds.FloatString(2), MostPence)
	}
	r.Annual = r.Version.rounded(pounds)
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
	r.Members = g.membersFor(rate, c, r.Month)
	if len(r.Members) == 0 {
		return nil
	}
	reference := rate.Reference
	if reference == "" {
		reference = r.Month.First()
	}
	practices := make([]Body, len(r.Members))
	for i, m := range r.Members {
		practices[i] = m.Practice
	}
	list, err := g.listOf(practices, rate.Population, reference, r.Month)
	if err != nil {
		return err
	}
	r.List = list.number
	var whole int64 // of those that count with all their days
	for i := range r.Members {
		m := &r.Members[i]
		m.Patients, m.Listed = list.patients[m.Practice], has(list.patients, m.Practice)
		r.Patients += m.Patients
		if m.Days == m.Of {
			whole += m.Patients
		} else {
			r.Count.Add(r.Count, big.NewRat(m.Patients*m.Days, m.Of))
		}
	}
	r.Count.Add(r.Count, new(big.Rat).SetInt64(whole))
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
func (g *reckoner) membersFor(rate Rate, c claimant, month Service) []Counted {
	if c.practice == "" {
		return slices.Clone(g.membersIn(rate, month)[c.network])
	}
	if g.networkFor(rate, c.practice, month) == "" {
		return nil
	}
	counted := Counted{Practice: c.practice}
	if rate.Membership == MembersByDay {
		counted.Of = month.days()
		for _, e := range g.registry.enrolments[c.practice] {
			counted.Days += e.daysIn(month)
		}
	}
	return []Counted{counted}
}

// countQuantity multiplies by the quantity that counts for the month; with a population, by the share of the whole.
func (g *reckoner) countQuantity(r *Reckoning, rate Rate, c claimant) {
	body, day := c.network, r.Month.First()
	if c.practice != "" {
		body = c.practice
		if g.networkFor(rate, c.practice, r.Month) == "" {
			return
		}
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

// own is each month's own result of a rate's annual amounts, which has an entry for each month of its period that came.
// None is below zero: what a payment made once comes to less later is taken off the months that made it, the last first.
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
		for j := i; own[j] < 0; j-- {
			own[j-1], own[j] = own[j-1]+own[j], 0
		}
	}
	return own
}
