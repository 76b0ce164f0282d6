package reports

import (
	"fmt"

	"pcnledger/projections"
)

var funds = Definition{
	Name:  "funds",
	Title: "Funds",
	Line:  "each fund: its terms, what became of its limit, its tranches and decisions",
	Takes: Takes{Fund: true},
	body: func(v *projections.Views, o Options) body {
		return body{
			tables: []Table{
				limitTable(v, o), financialTable(v, o), fundSumTable(v, o), termsTable(v, o), trancheTable(v, o), decisionTable(v, o), warningTable(v, o),
			},
			closing: identities(v, o),
		}
	},
}

// limitTable says where a fund's limit stands now.
func limitTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "limit", Title: "What became of the limit, as it stands now", Empty: openFundFirst,
		Columns: columns(of(KindText, "fund"),
			of(KindMoney, "limit", "unallocated", "allocated", "released", "charged", "lapsed")),
	}
	for _, f := range fundsOf(v, o) {
		c := f.Control
		t.row(text(f.Fund), money(c.Limit), money(c.Unallocated), money(c.Allocated), money(c.Released),
			money(c.Charged), money(c.Lapsed))
	}
	t.total()
	return t
}

// financialTable says what is owed, paid and spent. It adds up to nothing.
func financialTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "financial", Title: "How it stands on the financial accounts", Empty: openFundFirst,
		Columns: columns(of(KindText, "fund"),
			of(KindMoney, "expenditure", "advances", "receivables", "payables", "accruals", "in transit", "clearing")),
	}
	for _, f := range fundsOf(v, o) {
		s := f.Financial
		t.row(text(f.Fund), money(s.Expenditure), money(s.Advances), money(s.Receivables), money(s.Payables), moneyIfAny(s.Accruals),
			moneyIfAny(s.InTransit), money(s.Clearing))
	}
	t.leaveOut("accruals", "in transit")
	t.total()
	return t
}

// fundSumTable says what was done with a fund over its life.
func fundSumTable(v *projections.Views, o Options) Table {
	form := formOf(purposesOf(v, o))
	t := Table{
		Name: "sums", Title: "What was done with it, added up from events", Empty: openFundFirst,
		Columns: columns(of(KindText, "fund"), form.columns(), of(KindMoney, "paid", "spent after all", "written off")),
	}
	for _, f := range fundsOf(v, o) {
		t.rowOf(append([]Cell{text(f.Fund)}, form.cells(f.Sums)...), money(f.Settled), money(f.SpentAfterAll), moneyIfAny(f.WrittenOff))
	}
	t.leaveOut("written off")
	t.total()
	return t
}

func termsTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "terms", Title: "Terms", Empty: openFundFirst,
		Columns: columns(of(KindText, "fund", "title", "year"), of(KindDate, "from", "to"), of(KindText, "funding", "cover", "basis"),
			of(KindDate, "closed"), of(KindText, "source")),
	}
	for _, f := range fundsOf(v, o) {
		funding := "non-recurrent"
		if f.Recurrent {
			funding = "recurrent"
		}
		t.row(text(f.Fund), text(f.Title), text(f.Year), date(f.From), date(f.To), text(funding), text(f.Cover), text(f.Basis),
			date(f.Closed), text(f.Source.Title))
	}
	return t
}

func trancheTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "tranches", Title: "Funding confirmed",
		Empty: "No funding is confirmed. Record the letter that confirms it (ConfirmFunding).",
		Columns: columns(of(KindNumber, "event"), of(KindText, "fund"), of(KindDate, "date"),
			of(KindText, "tranche", "source"), of(KindMoney, "confirmed")),
	}
	for _, f := range fundsOf(v, o) {
		for _, tranche := range f.Tranches {
			t.row(number(tranche.Number), text(f.Fund), date(tranche.Effective), text(tranche.Title),
				text(tranche.Source.Title), money(tranche.Pence))
		}
	}
	t.total()
	return t
}

// decisionTable has no total: a move sets nothing further aside.
func decisionTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "decisions", Title: "Decisions", Empty: allocateFirst,
		Columns: columns(of(KindNumber, "event"), of(KindText, "fund", "what"), of(KindDate, "date"), of(KindText, "decided by"),
			of(KindDate, "decided on"), of(KindText, "paper"), of(KindMoney, "amount")),
	}
	for _, f := range fundsOf(v, o) {
		for _, d := range f.Decisions {
			what := "allocated"
			switch {
			case d.Pence < 0:
				what = "taken back: " + d.Reason
			case d.Reason != "":
				what = "moved: " + d.Reason
			}
			t.row(number(d.Number), text(f.Fund), text(what), date(d.Effective), text(d.Body), date(d.Date), text(d.Paper),
				money(d.Pence))
		}
	}
	return t
}

func warningTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "warnings", Title: "Warnings that were recorded", Empty: "Nothing was recorded with a warning.",
		Columns: columns(of(KindNumber, "event"), of(KindText, "about", "warning")),
	}
	for _, w := range v.Ledger.Warnings {
		if o.Fund == "" || w.Subject == "fund/"+string(o.Fund) {
			t.row(number(w.Number), text(w.Subject), text(w.Text))
		}
	}
	return t
}

// identities says of each fund that its limit is all accounted for, or what is wrong.
func identities(v *projections.Views, o Options) []string {
	var sentences []string
	for _, f := range fundsOf(v, o) {
		c := f.Control
		sentence := fmt.Sprintf("%s: limit %s = unallocated %s + allocated %s + released %s + charged %s + lapsed %s.",
			f.Fund, c.Limit, c.Unallocated, c.Allocated, c.Released, c.Charged, c.Lapsed)
		if err := f.Check(); err != nil {
			sentence = "DOES NOT AGREE: " + err.Error() + ". Stop and run: pcnledger replay"
		}
		sentences = append(sentences, sentence)
	}
	return sentences
}
