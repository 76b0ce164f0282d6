package reports

import (
	"math/big"

	"pcnledger/domain"
	"pcnledger/projections"
)

// roles are the posts that networks are reimbursed for, and what they come on top of.
var roles = Definition{
	Name:  "roles",
	Title: "Reimbursed posts and their baselines",
	Line:  "who is in which reimbursed post, by token, with every change of it; and what each network had of a role on 31 March 2019",
	Takes: Takes{Network: true},
	body: func(v *projections.Views, o Options) body {
		return body{
			tables: []Table{postTable(v, o), baselineTable(v, o)},
			notes: []string{
				"A person is a random token. WTE is contracted hours ÷ 37.5 a week, or the sessions of a GP ÷ 9.",
				"Only posts above the baseline of 31 March 2019 are reimbursed. Held is what the network has of the role that is paid otherwise.",
				"In post is as at " + o.dayWords(v) + ".",
			},
		}
	},
}

const engageFirst = "Nobody is in a reimbursed post. Record who is with EngageRole."

func postTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "posts", Title: "Posts", Empty: engageFirst,
		Columns: columns(of(KindNumber, "event"), of(KindText, "person"), of(KindOrganisation, "network"), of(KindText, "role", "what"), of(KindDate, "from", "to"),
			of(KindText, "hours", "sessions", "WTE", "area", "engaged", "held", "exception", "waiver", "source", "warnings"), of(KindNumber, "ended in"), of(KindText, "reason")),
	}
	for _, e := range v.Roles.All() {
		if o.Network != "" && e.Network != o.Network {
			continue
		}
		what, engaged, warnings := "engaged", "employed", ""
		if e.Changed {
			what = "changed"
		}
		if e.Supplier {
			engaged = "by a supplier"
		}
		for i, w := range e.Warnings {
			if i > 0 {
				warnings += "; "
			}
			warnings += w
		}
		t.row(number(e.Number), text(e.Person), organisation(v, e.Network), text(e.Role), text(what), date(e.From), date(e.To), text(e.Hours), text(e.Sessions),
			text(e.WTE()), text(e.Area), text(engaged), text(e.Held), text(e.Exception), text(e.Waiver.Title), text(e.Source.Title), text(warnings),
			number(e.Ended), text(e.Reason))
	}
	t.leaveOut("sessions", "area", "held", "exception", "waiver", "warnings")
	return t
}

const baselineFirst = "No baseline is set, and nobody is in a post that one is asked for. Set those of 31 March 2019 with SetRoleBaseline."

// A networkRole is a role in a network.
type networkRole struct {
	network domain.Body
	role    domain.RateCode
}

// baselineTable has a row for each role that a network has a baseline for, or somebody in.
func baselineTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "baselines", Title: "Baselines of 31 March 2019, and posts beside them", Empty: baselineFirst,
		Columns: columns(of(KindOrganisation, "network"), of(KindText, "role", "baseline", "held", "reimbursed"), of(KindNumber, "event"), of(KindDate, "recorded"), of(KindText, "source")),
	}
	var order []networkRole
	posts, held := map[networkRole]*big.Rat{}, map[networkRole]domain.Quantity{}
	meet := func(key networkRole) {
		if posts[key] == nil {
			posts[key] = new(big.Rat)
			order = append(order, key)
		}
	}
	for _, b := range v.Roles.Baselines() {
		meet(networkRole{b.Network, b.Role})
	}
	day := o.dayOf(v)
	for _, e := range v.Roles.All() {
		key := networkRole{e.Network, e.Role}
		meet(key)
		if e.Held != "" {
			held[key] = e.Held
		}
		if e.From <= day && (e.To == "" || day <= e.To) {
			posts[key].Add(posts[key], e.Whole())
		}
	}
	for _, key := range order {
		if o.Network != "" && key.network != o.Network {
			continue
		}
		baseline, set := v.Roles.Baseline(key.network, key.role)
		wte := string(baseline.WTE)
		if !set {
			wte = "not set"
		}
		t.row(organisation(v, key.network), text(key.role), text(wte), text(held[key]), text(posts[key].FloatString(2)), number(baseline.Number),
			date(baseline.On), text(baseline.Source.Title))
	}
	return t
}
