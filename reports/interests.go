package reports

import (
	"slices"

	"pcnledger/domain"
	"pcnledger/projections"
)

// interests is the register of interests. Interests stay in it after they end: guidance asks for six months on the public
// register and six years on record (NHS England, Managing conflicts of interest).
var interests = Definition{
	Name:  "interests",
	Title: "Register of interests",
	Line:  "each officer's declared interests, what was decided about each and by whom; those in force and those ended",
	Takes: Takes{Payee: true, Network: true},
	body: func(v *projections.Views, o Options) body {
		return body{
			tables: []Table{interestTable(v, o, true), interestTable(v, o, false)},
			notes: []string{
				"In force is what counts on " + o.dayWords(v) + ": of each officer about each body the last declaration that had begun, if it has not ended.",
				"Who may not decide neither approves, rejects nor releases what is for that body; who may only remain, or is excluded, takes no part in it.",
			},
		}
	},
}

func interestTable(v *projections.Views, o Options, inForce bool) Table {
	t := Table{
		Name: "in-force", Title: "Interests in force",
		Empty: "No interest is declared. Each officer declares its own, or that there is none (DeclareInterest).",
		Columns: columns(of(KindNumber, "event"), of(KindText, "officer"), of(KindOrganisation, "body"), of(KindText, "nature", "outcome"),
			of(KindDate, "from", "to"), of(KindText, "decided by"), of(KindDate, "decided on"), of(KindText, "paper", "recorded by")),
	}
	if !inForce {
		t.Name, t.Title, t.Empty = "ended", "Interests that ended, were replaced, or begin later", "No interest has ended, or was replaced by a later declaration."
	}
	counting := v.Officers.InterestsInForce(o.dayOf(v))
	for _, i := range v.Officers.Interests() {
		counts := slices.ContainsFunc(counting, func(c projections.Interest) bool { return c.Number == i.Number })
		if counts == inForce && o.takesBody(i.Body) {
			t.row(number(i.Number), text(i.Officer), organisation(v, i.Body), text(i.Nature), text(i.Outcome), date(i.From), date(i.To),
				text(i.Decision.Body), date(i.Decision.Date), text(i.Decision.Paper), text(i.Recorded))
		}
	}
	return t
}

// takesBody says whether what is about a body, payee or network, was asked for.
func (o Options) takesBody(b domain.Body) bool {
	return (o.Payee == "" && o.Network == "") || b == o.Payee || b == o.Network
}
