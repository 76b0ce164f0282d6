package reports

import (
	"time"

	"pcnledger/projections"
)

var journal = Definition{
	Name:  "journal",
	Title: "Journal",
	Line:  "every posting with its event, in the order of the log",
	Takes: Takes{Fund: true, Payee: true, Network: true, Period: true},
	body: func(v *projections.Views, o Options) body {
		return body{
			tables: []Table{postingTable(v, o)},
			notes:  []string{"Event is the number by which the ledger knows a fact; line counts its postings from 1."},
			only:   o.Period,
		}
	},
}

func postingTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "postings", Title: "Postings", Empty: postFirst,
		Columns: columns(of(KindNumber, "event", "line"), of(KindText, "fact", "text", "recorded", "by", "raised by", "approved by"),
			of(KindDate, "effective"), of(KindText, "period", "fund", "account"), of(KindOrganisation, "payee", "beneficiary"),
			of(KindText, "purpose", "for"),
			of(KindMoney, "debit", "credit")),
	}
	for _, e := range v.Journal.All() {
		if !o.takes(e.Fund, e.Bucket) || o.Period != "" && e.Period != o.Period {
			continue
		}
		debit, credit := onItsSide(e.Pence)
		t.row(number(e.Number), number(int64(e.Line)), text(e.Event), text(e.Text), text(instant(e.Time)), text(e.Actor),
			text(e.RaisedBy), text(e.ApprovedBy), date(e.Effective), text(e.Period), text(e.Fund), text(e.Account), organisation(v, e.Payee),
			organisation(v, e.Beneficiary), text(e.Category), text(e.For), debit, credit)
	}
	t.total()
	return t
}

// instant prints a moment in UTC to the millisecond, as the log has it.
func instant(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }
