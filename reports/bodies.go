package reports

import (
	"fmt"
	"strings"

	"pcnledger/projections"
)

var bodies = Definition{
	Name:  "bodies",
	Title: "Bodies",
	Line:  "every registered organisation, the network it belongs to, and who succeeded it",
	body: func(v *projections.Views, _ Options) body {
		return body{
			tables: []Table{bodyTable(v), membershipTable(v)},
			notes:  []string{"The network is the one on the date of the last event. A code without a scheme is an NHS (ODS) code."},
		}
	},
}

func bodyTable(v *projections.Views) Table {
	t := Table{
		Name: "bodies", Title: "Organisations",
		Empty: "No body is registered. Register networks and payees (RegisterBody), or run: " +
			"pcnledger import list-sizes FILE",
		Columns: columns(of(KindText, "code", "kind", "name"), of(KindOrganisation, "network"), of(KindText, "succeeded by")),
	}
	for _, b := range v.Registry.Bodies() {
		network := v.Registry.NetworkOf(b.Code, v.Ledger.Date())
		t.row(text(b.Code.Bare()), text(b.Kind), text(b.Name()), organisation(v, network), text(successors(v, b)))
	}
	return t
}

// successors says who took a body's place, and when: its newest succession.
func successors(v *projections.Views, b projections.Body) string {
	if len(b.Successions) == 0 {
		return ""
	}
	newest := b.Successions[len(b.Successions)-1]
	var shares []string
	for _, s := range newest.Successors {
		share := organisationOf(v, s.Body).String()
		if s.Share != s.Of {
			share = fmt.Sprintf("%s: %d of %d", share, s.Share, s.Of)
		}
		shares = append(shares, share)
	}
	return "from " + newest.Date.String() + ": " + strings.Join(shares, "; ")
}

func membershipTable(v *projections.Views) Table {
	t := Table{
		Name: "memberships", Title: "Memberships", Detail: true,
		Empty:   "No membership is recorded. Record which practices belong to each network (RecordMembership).",
		Columns: columns(of(KindOrganisation, "network", "practice"), of(KindDate, "from", "to"), of(KindText, "source")),
	}
	for _, m := range v.Registry.Memberships() {
		t.row(organisation(v, m.Network), organisation(v, m.Practice), date(m.From), date(m.To), text(m.Source.Title))
	}
	return t
}
