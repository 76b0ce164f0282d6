package reports

import (
	"slices"

	"pcnledger/projections"
)

// spends says of each spend whether it was checked against its evidence: until it was, it is in no payment run.
var spends = Definition{
	Name:  "spends",
	Title: "Spends and their verification",
	Line:  "each spend that was reported, and who checked it against its evidence; --open: those that nobody checked",
	Takes: Takes{Fund: true, OpenOnly: true},
	body: func(v *projections.Views, o Options) body {
		return body{
			tables: []Table{spendTable(spendsOf(v, o))},
			notes: []string{
				"A spend goes by the number of the event that recorded it. Who recorded it does not verify it (VerifySpend).",
				"What was taken back need not be verified.",
			},
		}
	},
}

func spendsOf(v *projections.Views, o Options) []projections.Spend {
	return slices.DeleteFunc(v.Spends.All(), func(s projections.Spend) bool {
		return o.Fund != "" && s.Fund != o.Fund || o.OpenOnly && (s.Verified.Number != 0 || s.Reversed != 0)
	})
}

func spendTable(selected []projections.Spend) Table {
	t := Table{
		Name: "spends", Title: "Spends",
		Empty: "No spend is here. What payees report, or show by invoices, is recorded with RecordSpend.",
		Columns: columns(of(KindNumber, "spend"), of(KindDate, "date"), of(KindText, "fund", "reference", "raised by", "approved by"),
			of(KindNumber, "verified in"), of(KindDate, "verified on"), of(KindText, "verified by", "evidence"), of(KindNumber, "reversed by"), of(KindMoney, "amount")),
	}
	for _, s := range selected {
		t.row(number(s.Number), date(s.Effective), text(s.Fund), text(s.Reference), text(s.Raised), text(s.Approved),
			number(s.Verified.Number), date(s.Verified.On), text(s.Verified.By), text(s.Verified.Evidence), number(s.Reversed), money(s.Pence))
	}
	t.total()
	return t
}
