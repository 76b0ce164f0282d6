package domain

import (
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
	Version  *Rate // the maximum in force on the first day in post in the month; not to be changed
	Number   int64 // of its event
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
	var sum termSum
	for _, m := range monthsThrough(month) {
		if m == month {
			most.Before = sum.pence()
		}
		terms, err := g.termsOf(times, m, m == month)
		if err != nil {
			return most, err
		}
		for _, term := range terms {
			sum.add(term)
		}
		most.Terms = append(most.Terms, terms...)
	}
	most.Through = sum.pence()
	return most, nil
}

// termsOf lists what a month adds: one term for each time in post on the same terms. The maximum is that of the first day
// in post in the month, whatever changed later in it, in the area of each. Where there is none the month adds nothing, or
// is refused if it must have one.
func (g *Grounds) termsOf(times []engagement, month Service, must bool) (terms []MaximumTerm, err error) {
	first := firstDayIn(times, month)
	if first == "" {
		return nil, nil
	}
	for _, e := range times {
		days := e.daysIn(month)
		if days == 0 {
			continue
		}
		v := g.maximumOn(e.role, e.Area, first)
		if v == nil && must {
			return nil, g.noMaximum(e.role, e.Area, first)
		}
		if v == nil {
			return nil, nil
		}
		terms = append(terms, MaximumTerm{month, e.Post, days, month.days(), &v.rate, v.number})
	}
	return terms, nil
}

// firstDayIn is the first day in post in a month; none if there is none.
func firstDayIn(times []engagement, month Service) (first Date) {
	for _, e := range times {
		if e.daysIn(month) == 0 {
			continue
		}
		if d := max(e.from, month.First()); first == "" || d < first {
			first = d
		}
	}
	return first
}

// Share is the part of a whole-time post and of the month.
func (t MaximumTerm) Share() *big.Rat {
	f := t.Post.wholeTime()
	return f.Mul(f, big.NewRat(t.Days, t.Of))
}

// addsAs says that a term adds exactly what another adds.
func (t MaximumTerm) addsAs(other MaximumTerm) bool {
	return t.Version == other.Version && t.Post == other.Post && t.Days*other.Of == other.Days*t.Of
}

// pence is an exact twelfth of the year's maximum for the share.
func (t MaximumTerm) pence() *big.Rat {
	pounds, ok := new(big.Rat).SetString(t.Version.Amount)
	if !ok {
		panic("a maximum in force that is no amount: " + t.Version.Amount)
	}
	pounds.Mul(pounds, big.NewRat(100, 12))
	return pounds.Mul(pounds, t.Share())
}

// A termSum adds terms up exactly. Months in a row that add the same are multiplied, not added one by one.
type termSum struct {
	before big.Rat // those before the last
	last   MaximumTerm
	each   *big.Rat // what the last adds
	times  int64    // that it was added
}

func (s *termSum) add(t MaximumTerm) {
	if s.times > 0 && t.addsAs(s.last) {
		s.times++
		return
	}
	s.before.Set(s.exact())
	s.last, s.each, s.times = t, t.pence(), 1
}

func (s *termSum) exact() *big.Rat {
	if s.times == 0 {
		return &s.before
	}
	sum := big.NewRat(s.times, 1)
	sum.Mul(sum, s.each)
	return sum.Add(sum, &s.before)
}

// pence is the sum, rounded half away from zero.
func (s *termSum) pence() Pence { return roundRat(s.exact()) }

// monthsThrough lists the months of a contract year up to one of them.
func monthsThrough(month Service) []Service {
	if month == month.WholeYear() {
		return nil
	}
	return month.Year().Months()[:digits(month[9:])]
}
