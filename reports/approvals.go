package reports

import (
	"fmt"
	"slices"
	"strings"

	"pcnledger/domain"
	"pcnledger/projections"
)

// approvals is what waits for a second person, with all that one needs to decide on it, and what became of the rest.
var approvals = Definition{
	Name:  "approvals",
	Title: "Requests for approval",
	Line:  "what waits for a second person: what it would do, its worth and its digest; and what became of the rest",
	Takes: Takes{Fund: true, OpenOnly: true},
	body: func(v *projections.Views, o Options) body {
		day := o.dayOf(v)
		var waiting, ended []projections.Request
		for _, r := range v.Requests.All() {
			switch {
			case !o.takesRequest(r):
			case r.State(day) == projections.RequestOpen:
				waiting = append(waiting, r)
			default:
				ended = append(ended, r)
			}
		}
		b := body{
			tables: []Table{waitingTable(waiting), worthTable(waiting), effectTable(v, waiting), digestTable(waiting)},
			notes: []string{
				"A request goes by the number of the event that held it. Waiting and expired are as at " + o.dayWords(v) +
					": a request can be decided up to the day on which it expires, inclusive.",
				"Judged is what the officer caused of the kind on that fund, with what waits and what is asked; an approver's limit has to reach it.",
				"To approve, give Approve with the request and its digest; to turn down, Refuse; who raised it may take it back: Withdraw. " +
					"What a payment run would do, it does once it is released.",
			},
		}
		if !o.OpenOnly {
			b.tables = append(b.tables, endedTable(v, day, ended))
		}
		return b
	},
}

const nothingWaits = "Nothing waits for a second person. A command that is above its officer's limit, or that needs two people, is held here."

// takesRequest says whether a request about the fund, or worth something of it, was asked for.
func (o Options) takesRequest(r projections.Request) bool {
	return o.Fund == "" || r.About == "fund/"+string(o.Fund) ||
		slices.ContainsFunc(r.Worth, func(w domain.FundPence) bool { return w.Fund == o.Fund }) ||
		slices.ContainsFunc(r.Effect, func(e domain.EffectLine) bool { return e.Fund == o.Fund })
}

func waitingTable(waiting []projections.Request) Table {
	t := Table{
		Name: "waiting", Title: "Waiting", Empty: nothingWaits,
		Columns: columns(of(KindNumber, "request"), of(KindText, "command", "about", "raised by"), of(KindDate, "raised"),
			of(KindText, "why"), of(KindDate, "effective", "expires"), of(KindText, "warnings")),
	}
	for _, r := range waiting {
		t.row(number(r.Number), text(r.Command), text(r.About), text(r.By), date(domain.DateIn(r.Time)), text(r.Why), date(r.Effective),
			date(r.Expires), text(strings.Join(r.Warnings, "; ")))
	}
	return t
}

// worthTable has a row for each fund of a request.
func worthTable(waiting []projections.Request) Table {
	t := Table{
		Name: "worth", Title: "What each is worth, by fund, and the limit of who raised it", Empty: "Nothing that waits is worth money.",
		Columns: columns(of(KindNumber, "request"), of(KindText, "fund"), of(KindMoney, "worth", "judged", "limit")),
	}
	for _, r := range waiting {
		for _, worth := range r.Worth {
			t.row(number(r.Number), text(worth.Fund), money(worth.Pence), money(ofFund(r.Judged, worth.Fund)), money(r.Limit))
		}
	}
	return t
}

func ofFund(all []domain.FundPence, fund domain.FundCode) domain.Pence {
	for _, one := range all {
		if one.Fund == fund {
			return one.Pence
		}
	}
	return 0
}

func effectTable(v *projections.Views, waiting []projections.Request) Table {
	t := Table{
		Name: "effect", Title: "What each would do to accounts", Empty: "Nothing that waits would post anything.",
		Columns: columns(of(KindNumber, "request"), of(KindText, "account", "fund"), of(KindOrganisation, "payee", "beneficiary"),
			of(KindText, "purpose", "for", "period"), of(KindMoney, "debit", "credit")),
	}
	for _, r := range waiting {
		for _, e := range r.Effect {
			debit, credit := onItsSide(e.Pence)
			t.row(number(r.Number), text(e.Account), text(e.Fund), organisation(v, e.Payee), organisation(v, e.Beneficiary), text(e.Category),
				text(e.For), text(e.Period), debit, credit)
		}
	}
	return t
}

// digestTable keeps digests apart, where they stand whole in any format and can be copied.
func digestTable(waiting []projections.Request) Table {
	t := Table{
		Name: "digests", Title: "The digest that an approval names", Empty: nothingWaits,
		Columns: columns(of(KindNumber, "request"), of(KindText, "digest")),
	}
	for _, r := range waiting {
		t.row(number(r.Number), text(r.Digest))
	}
	return t
}

func endedTable(v *projections.Views, day domain.Date, ended []projections.Request) Table {
	t := Table{
		Name: "decided", Title: "Approved, refused, withdrawn and expired", Empty: "No request was decided, and none has expired.",
		Columns: columns(of(KindNumber, "request"), of(KindText, "command", "about", "raised by"), of(KindDate, "raised"), of(KindText, "became", "by"),
			of(KindDate, "on"), of(KindText, "hours waited"), of(KindNumber, "by event"), of(KindText, "caused events", "approved in", "reason"),
			of(KindMoney, "worth", "approver's limit")),
	}
	for _, r := range ended {
		on, waited := r.Expires, ""
		if r.Ended != "" {
			on, waited = domain.DateIn(r.EndedAt), hoursWaited(r)
		}
		t.row(number(r.Number), text(r.Command), text(r.About), text(r.By), date(domain.DateIn(r.Time)), text(r.State(day)), text(r.EndedBy), date(on),
			text(waited), number(r.EndedIn), text(numbers(r.Caused)), text(appointmentWords(v, r.ApprovedIn)), text(r.Reason), moneyIfAny(worthOf(r)),
			moneyIfAny(r.ApprovedLimit))
	}
	return t
}

// hoursWaited says how long a request waited, to two places: an auditor looks for those that hardly did.
func hoursWaited(r projections.Request) string {
	hundredths := int64(r.EndedAt.Sub(r.Time).Minutes()) * 100 / 60
	return fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100)
}

// appointmentWords names an appointment: 3, administrator.
func appointmentWords(v *projections.Views, number int64) string {
	a, known := v.Officers.Appointment(number)
	if !known {
		return ""
	}
	return fmt.Sprintf("%d, %s", number, a.Role)
}

func worthOf(r projections.Request) (sum domain.Pence) {
	for _, worth := range r.Worth {
		sum += worth.Pence
	}
	return sum
}
