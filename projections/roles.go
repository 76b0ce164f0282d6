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

	baselines map[baselineKey]Baseline
	warnings  map[int32][]string // by row
}

// An engagementRow is an engagement in words, and the row of the same person's before it, from 1.
type engagementRow struct {
	number, ended int64
	before        int32

	person  person
	reason  text
	source  source
	waiver  source
	exempt  text // why the baseline does not matter
	changed bool
	hired   bool // from a supplier

	network, role, from, hours, sessions, area, held, to word
}

// An Engagement is one person's time in a post of a network, until it ends or changes. To is the last day, inclusive; no date while it goes on.
type Engagement struct {
	Number int64 // of the event that engaged the role, or changed the post
	domain.RoleEngaged
	Changed bool `json:",omitzero"` // it goes on from another post
	To      domain.Date
	Ended   int64 // number of the event that ended or changed it
	Reason  string
}

func newRoles(k *book) Roles {
	return Roles{book: k, last: map[person]int32{}, baselines: map[baselineKey]Baseline{}, warnings: map[int32][]string{}}
}

func (r *Roles) apply(recorded *record) {
	switch e := recorded.Event.(type) {
	case domain.RoleEngaged:
		r.engage(recorded.Number, &e, false)
	case domain.RoleChanged:
		if last := r.last[r.book.person(e.Person)]; last > 0 {
			row := r.rows.at(last - 1)
			row.to, row.ended = r.book.date(e.From.AddDays(-1)), recorded.Number
			engaged := domain.RoleEngaged(e)
			r.engage(recorded.Number, &engaged, true)
		}
	case domain.RoleBaselineSet:
		r.baselines[baselineKey{e.Network, e.Role}] = Baseline{recorded.Number, domain.DateIn(recorded.Time), e}
	case domain.RoleEnded:
		if last := r.last[r.book.person(e.Person)]; last > 0 {
			row := r.rows.at(last - 1)
			row.to, row.ended, row.reason = r.book.date(e.To), recorded.Number, r.book.texts.add(e.Reason)
		}
	}
}

func (r *Roles) engage(number int64, e *domain.RoleEngaged, changed bool) {
	k := r.book
	person := k.person(e.Person)
	row := r.rows.add(engagementRow{
		number: number, before: r.last[person], person: person, network: k.beneficiary(e.Network), role: k.words.of(string(e.Role)),
		from: k.date(e.From), hours: k.words.of(string(e.Hours)), source: k.source(&e.Source),
		sessions: k.words.of(string(e.Sessions)), area: k.words.of(string(e.Area)), held: k.words.of(string(e.Held)), hired: e.Supplier,
		exempt: k.texts.add(e.Exception), waiver: k.source(&e.Waiver), changed: changed,
	})
	if len(e.Warnings) > 0 {
		r.warnings[row] = e.Warnings
	}
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
			From: domain.Date(text(row.from)), Source: r.book.sourceOf(row.source),
			Post: domain.Post{
				Hours: domain.Hours(text(row.hours)), Sessions: domain.Hours(text(row.sessions)), Area: domain.CostArea(text(row.area)), Supplier: row.hired,
			},
			Additionality: domain.Additionality{
				Held: domain.Quantity(text(row.held)), Exception: r.book.texts.text(row.exempt), Waiver: r.book.sourceOf(row.waiver),
			},
			Warnings: r.warnings[at],
		},
		Changed: row.changed, To: domain.Date(text(row.to)), Ended: row.ended, Reason: r.book.texts.text(row.reason),
	}
}

// InPost returns a person's engagement with a network in a month: of several the first, or the last of them in a role that
// is named.
func (r *Roles) InPost(person domain.Person, network domain.Body, month domain.Service, role ...domain.RateCode) (post Engagement, in bool) {
	token, known := r.book.persons.find(string(person))
	if !known {
		return Engagement{}, false
	}
	named := len(role) > 0 && role[0] != ""
	for row := r.last[token]; row > 0; row = r.rows.at(row - 1).before {
		switch e := r.engagement(row - 1); {
		case e.Network != network || !e.In(month):
		case !named:
			post, in = e, true
		case e.Role == role[0]:
			return e, true
		}
	}
	return post, in
}

// In says that the person was in post on some day of a time of service.
func (e Engagement) In(s domain.Service) bool {
	return e.From <= s.Last() && (e.To == "" || s.First() <= e.To && e.From <= e.To)
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

// WTE returns the post as a part of a whole-time one, to two places: 1.00, 0.53.
func (e Engagement) WTE() string { return e.Whole().FloatString(2) }

// Whole returns the same exactly, to be added up: hours out of 37.5 a week, or the sessions of a GP out of nine.
func (e Engagement) Whole() *big.Rat {
	worked, full := e.Hours, big.NewRat(75, 2)
	if e.Sessions != "" {
		worked, full = e.Sessions, big.NewRat(9, 1)
	}
	part, ok := new(big.Rat).SetString(string(worked))
	if !ok {
		panic("a recorded post that is no number: " + string(worked))
	}
	return part.Quo(part, full)
}
