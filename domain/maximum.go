package domain

import (
	"fmt"
	"math/big"
)

// A PostMaximum is the most that a person's post in a role of a network is reimbursed for one month, and how it was worked
// out: the maxima in force for the months of the contract year up to it, each by the part of a whole-time post and of the
// month, in twelfths, less the same for the months before it; both are rounded half away from zero. What a month leaves
// unused is not carried on.
type PostMaximum struct {
	Month   Service
	Terms   []MaximumTerm // the earliest first
	Through Pence         // for the months up to it
	Before  Pence         // for those before it
}

// A MaximumTerm is what one month adds for a time in post on the same terms.
type MaximumTerm struct {
	Month    Service
	Post     Post
	Days, Of int64
	Share    *big.Rat // of a whole-time post and of the month
	Version  Rate     // the maximum in force on the first day in post in the month
	Number   int64    // of its event
}

// Pence is the maximum for the month.
func (m PostMaximum) Pence() Pence { return m.Through - m.Before }

// Maximum works out the most that a post is reimbursed for a month, or refuses a month in which it has no maximum. An
// earlier month of the year without one adds nothing: it was not reimbursable.
func (g *Grounds) Maximum(p Person, network Body, role RateCode, month Service) (PostMaximum, error) {
	return g.maximumIn(timesIn(g.roles[p], network, role), month)
}

// maximumOf is the most that a post is reimbursed for a month; nothing for a month out of post.
func (g *Grounds) maximumOf(p Person, network Body, role RateCode, month Service) (Pence, error) {
	m, err := g.Maximum(p, network, role, month)
	return m.Pence(), err
}

// timesIn lists the times in a role of a network.
func timesIn(all []engagement, network Body, role RateCode) (times []engagement) {
	for _, e := range all {
		if e.in(network, role) {
			times = append(times, e)
		}
	}
	return times
}

func (g *Grounds) maximumIn(times []engagement, month Service) (PostMaximum, error) {
	most := PostMaximum{Month: month}
	sum := new(big.Rat)
	for _, m := range monthsThrough(month) {
		most.Before = roundRat(sum)
		terms, err := g.termsOf(times, m)
		if err != nil && m == month {
			return most, err
		}
		for _, term := range terms {
			sum.Add(sum, term.pence())
		}
		most.Terms = append(most.Terms, terms...)
	}
	most.Through = roundRat(sum)
	return most, nil
}

// termsOf lists what a month adds: one term for each time in post on the same terms. The maximum is that of the first day
// in post in the month, whatever changed later in it, in the area of each.
func (g *Grounds) termsOf(times []engagement, month Service) (terms []MaximumTerm, err error) {
	first := firstDayIn(times, month)
	for _, e := range times {
		if e.daysIn(month) == 0 {
			continue
		}
		v, err := g.roleVersion(e.role, e.Area, first)
		if err != nil {
			return nil, err
		}
		terms = append(terms, MaximumTerm{month, e.Post, e.daysIn(month), daysBetween(month.First(), month.Last()) + 1, e.share(month), v.rate, v.number})
	}
	return terms, nil
}

// firstDayIn is the first day in post in a month; none if there is none.
func firstDayIn(times []engagement, month Service) (first Date) {
	for _, e := range times {
		if d := max(e.from, month.First()); e.daysIn(month) > 0 && (first == "" || d < first) {
			first = d
		}
	}
	return first
}

// pence is an exact twelfth of the year's maximum for the share.
func (t MaximumTerm) pence() *big.Rat {
	pounds, ok := new(big.Rat).SetString(t.Version.Amount)
	if !ok {
		panic("a maximum in force that is no amount: " + t.Version.Amount)
	}
	pounds.Mul(pounds, big.NewRat(100, 12))
	return pounds.Mul(pounds, t.Share)
}

// monthsThrough lists the months of a contract year up to one of them.
func monthsThrough(month Service) (months []Service) {
	for m := 1; m <= 12; m++ {
		each := Service(fmt.Sprintf("%s/M%02d", month.Year(), m))
		if each <= month {
			months = append(months, each)
		}
	}
	return months
}
