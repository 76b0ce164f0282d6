package projections

import (
	"cmp"
	"slices"

	"pcnledger/domain"
)

// Registry knows the bodies, who belongs to which network and who is paid for it, and the recorded list sizes.
type Registry struct {
	book        *book
	bodies      map[domain.Body]Body
	memberships map[domain.Body][]Membership // by practice
	nominations map[domain.Body][]Nomination // by network, the earliest first
	lists       lists
}

// A Body is an organisation as the ledger knows it.
type Body struct {
	Code        domain.Body
	Kind        domain.Kind
	Number      int64        // of the event that registered it first
	Names       []Name       // in the order they were recorded
	Successions []Succession // in the order they were recorded
}

// A Name is what a body goes by from a date on; no date is "since it was first known".
type Name struct {
	Number int64
	Name   string
	From   domain.Date
}

// A Succession says who took a body's place from a date on.
type Succession struct {
	Number     int64
	Date       domain.Date // the first day of the successors
	Successors []domain.Successor
	Reason     string
}

func newRegistry(k *book) Registry {
	return Registry{
		book: k, bodies: map[domain.Body]Body{}, memberships: map[domain.Body][]Membership{}, nominations: map[domain.Body][]Nomination{},
	}
}

func (g *Registry) apply(r *record) {
	switch e := r.Event.(type) {
	case domain.LedgerCreated:
		g.register(r.Number, domain.BodyRegistered{Body: e.Commissioner, Kind: domain.KindCommissioner, Name: e.Name})
	case domain.BodyRegistered:
		g.register(r.Number, e)
	case domain.BodySucceeded:
		body := g.bodies[e.Body]
		body.Code = e.Body
		body.Successions = append(body.Successions, Succession{r.Number, e.Date, e.Successors, e.Reason})
		g.bodies[e.Body] = body
	case domain.MembershipRecorded:
		for _, member := range e.Members {
			g.enrol(Membership{r.Number, e.Network, member.Practice, member.From, member.To, e.Source})
		}
	case domain.PayeeNominated:
		g.nominate(Nomination{r.Number, e})
	case domain.ListSizesRecorded:
		g.lists.add(g.book, r.Number, e)
	}
}

func (g *Registry) register(number int64, e domain.BodyRegistered) {
	body, known := g.bodies[e.Body]
	if !known {
		body.Code, body.Number = e.Body, number
	}
	body.Kind = e.Kind
	if e.Name != "" {
		body.Names = append(body.Names, Name{number, e.Name, e.From})
	}
	g.bodies[e.Body] = body
}

// Bodies returns every body, in the order of their codes.
func (g *Registry) Bodies() []Body {
	bodies := make([]Body, 0, len(g.bodies))
	for _, body := range g.bodies {
		bodies = append(bodies, body)
	}
	slices.SortFunc(bodies, func(a, b Body) int { return cmp.Compare(a.Code, b.Code) })
	return bodies
}

// Body returns one body.
func (g *Registry) Body(code domain.Body) (body Body, ok bool) {
	body, ok = g.bodies[code]
	return body, ok
}

// Name returns what a body goes by now, or its bare code if no name is recorded; nothing for nobody.
func (g *Registry) Name(code domain.Body) string {
	if name := g.bodies[code].Name(); name != "" {
		return name
	}
	return code.Bare()
}

// Name returns the name with the latest date; of several with that date, the one recorded last.
func (b Body) Name() string {
	var newest Name
	for _, name := range b.Names {
		if name.From >= newest.From {
			newest = name
		}
	}
	return newest.Name
}
