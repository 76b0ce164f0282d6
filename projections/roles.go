package projections

import (
	"math/big"

	"pcnledger/domain"
)

// Roles holds who was engaged in which reimbursed role, by token.
type Roles struct {
	book *book
	rows column[engagementRow]
	last map[person]int32 // by person: the row of the last engagement, from 1
}

// An engagementRow is an engagement in words, and the row of the same person's before it, from 1.
type engagementRow struct {
	number, ended int64
	before        int32

	person person
	reason text
	source source

	network, role, from, hours, to word
}

// An Engagement is one person's time in a role of a network. To is the last day, inclusive; no date while it goes on.
type Engagement struct {
	Number int64 // of the event that engaged the role
	domain.RoleEngaged
	To     domain.Date
	Ended  int64 // number of the event that ended it
	Reason string
}

func newRoles(k *book) Roles { return Roles{book: k, last: map[person]int32{}} }

func (r *Roles) apply(recorded *record) {
	switch e := recorded.Event.(type) {
	case domain.RoleEngaged:
		r.engage(recorded.Number, &e)
	case domain.RoleEnded:
		if last := r.last[r.book.person(e.Person)]; last > 0 {
			row := r.rows.at(last - 1)
			row.to, row.ended, row.reason = r.book.date(e.To), recorded.Number, r.book.texts.add(e.Reason)
		}
	}
}

func (r *Roles) engage(number int64, e *domain.RoleEngaged) {
	k := r.book
	person := k.person(e.Person)
	row := r.rows.add(engagementRow{
		number: number, before: r.last[person], person: person, network: k.beneficiary(e.Network), role: k.words.of(string(e.Role)),
		from: k.date(e.From), hours: k.words.of(string(e.Hours)), source: k.source(&e.Source),
	})
	r.last[person] = row + 1
}

// All returns every engagement in the order of recording.
func (r *Roles) All() []Engagement {
	engagements := make([]Engagement, r.rows.len())
	for row := range engagements {
		engagements[row] = r.engagement(int32(row))
	}
	return engagements
}

func (r *Roles) engagement(at int32) Engagement {
	row, text := r.rows.at(at), r.book.words.text
	return Engagement{
		Number: row.number,
		RoleEngaged: domain.RoleEngaged{
			Person: domain.Person(r.book.persons.text(row.person)), Network: domain.Body(text(row.network)), Role: domain.RateCode(text(row.role)),
			From: domain.Date(text(row.from)), Post: domain.Post{Hours: domain.Hours(text(row.hours))}, Source: r.book.sourceOf(row.source),
		},
		To: domain.Date(text(row.to)), Ended: row.ended, Reason: r.book.texts.text(row.reason),
	}
}

// InPost returns a person's engagement with a network in a month: of several the first.
func (r *Roles) InPost(person domain.Person, network domain.Body, month domain.Service) (post Engagement, in bool) {
	token, known := r.book.persons.find(string(person))
	if !known {
		return Engagement{}, false
	}
	for row := r.last[token]; row > 0; row = r.rows.at(row - 1).before {
		if e := r.engagement(row - 1); e.Network == network && e.In(month) {
			post, in = e, true
		}
	}
	return post, in
}

// In says that the person was in post on some day of a time of service.
func (e Engagement) In(s domain.Service) bool {
	return e.From <= s.Last() && (e.To == "" || s.First() <= e.To)
}

// Months returns the months in post, the last of them that of the last day, or of a given day while it goes on.
func (e Engagement) Months(until domain.Date) []domain.Service {
	last := until
	if e.To != "" {
		last = min(last, e.To)
	}
	var months []domain.Service
	for day := e.From; day <= last; {
		month := domain.Service(domain.PeriodOf(day))
		months = append(months, month)
		day = month.Last().AddDays(1)
	}
	return months
}

// WTE returns the post as a part of a whole-time one of 37.5 hours a week, to two places: 1.00, 0.53.
func (e Engagement) WTE() string { return e.Whole().FloatString(2) }

// Whole returns the same exactly, to be added up.
func (e Engagement) Whole() *big.Rat {
	hours, ok := new(big.Rat).SetString(string(e.Hours))
	if !ok {
		panic("recorded hours that are no number: " + string(e.Hours))
	}
	return hours.Quo(hours, big.NewRat(75, 2))
}
