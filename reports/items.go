package reports

import (
	"pcnledger/domain"
	"pcnledger/projections"
)

var items = Definition{
	Name:  "items",
	Title: "Items",
	Line:  "payables and receivables, open and settled, with their due dates",
	Takes: Takes{Fund: true, Payee: true, Network: true, OpenOnly: true},
	body: func(v *projections.Views, o Options) body {
		selected := itemsOf(v, o)
		return body{tables: []Table{
			payableTable(v, selected), receivableTable(v, selected), partTable(selected), useOfItemTable(selected),
		}, notes: itemNotes(selected)}
	},
}

// itemNotes explain what not every ledger has.
func itemNotes(selected []projections.Item) []string {
	var transit, runs, reversed, given bool
	for _, i := range selected {
		transit = transit || i.InTransit() != 0
		runs = runs || i.InRuns != 0
		reversed = reversed || i.Used(projections.UseReversed) != 0
		given = given || i.Used(projections.UseWrittenOff) != 0
	}
	var notes []string
	for _, note := range []struct {
		wanted bool
		words  string
	}{
		{transit, "In transit is released to the bank in a payment run and not known to have arrived: it is not open any more, and not yet paid."},
		{runs, "In runs is what of the open amount stands in a payment run that is not released: nothing else can pay it."},
		{reversed, "Reversed is of an entry that was taken back: see pcnledger show corrections."},
		{given, "Written off is given up as a loss: see pcnledger show losses."},
	} {
		if note.wanted {
			notes = append(notes, note.words)
		}
	}
	return notes
}

func itemsOf(v *projections.Views, o Options) []projections.Item {
	var selected []projections.Item
	for _, i := range v.Items.All() {
		if (o.Fund == "" || i.Fund == o.Fund) && (o.Payee == "" || i.Payee == o.Payee) &&
			(o.Network == "" || i.Beneficiary == o.Network) && (!o.OpenOnly || i.Open() != 0) {
			selected = append(selected, i)
		}
	}
	return selected
}

var itemColumns = columns(of(KindText, "item", "fund"), of(KindOrganisation, "payee", "beneficiary"), of(KindDate, "due"))

func itemCells(v *projections.Views, i projections.Item) []Cell {
	return []Cell{text(i.ID), text(i.Fund), organisation(v, i.Payee), organisation(v, i.Beneficiary), date(i.Due)}
}

func payableTable(v *projections.Views, selected []projections.Item) Table {
	t := Table{
		Name: "payables", Title: "Payables: to be paid by the commissioner",
		Empty: "There is nothing to be paid. A release (ReleaseFunds), spend of a fund on evidence (RecordSpend), a run of a " +
			"rate (RunEntitlement) or a claim that is approved (ApproveClaim) opens a payable.",
		Columns: columns(itemColumns, of(KindDate, "last paid"), of(KindMoney, "amount", "reversed", "paid", "in transit", "open", "in runs")),
	}
	for _, i := range selected {
		if i.Account == domain.Payables {
			t.rowOf(itemCells(v, i), lastUse(i), money(i.Pence()), moneyIfAny(i.Used(projections.UseReversed)),
				money(i.Used(projections.UsePaid)), moneyIfAny(i.InTransit()), money(i.Open()), moneyIfAny(i.InRuns))
		}
	}
	t.leaveOut("reversed", "in transit", "in runs")
	t.total()
	return t
}

func receivableTable(v *projections.Views, selected []projections.Item) Table {
	t := Table{
		Name: "receivables", Title: "Receivables: to be paid back to the commissioner",
		Empty: "There is nothing to be received. An advance that is called back (ReturnAdvance, CloseFund), or a payment that " +
			"proves too much (RaiseRecovery), opens a receivable.",
		Columns: columns(itemColumns, of(KindText, "recovers"), of(KindDate, "last received"),
			of(KindMoney, "amount", "reversed", "received", "netted", "spent after all", "written off", "open", "in runs")),
	}
	for _, i := range selected {
		if i.Account == domain.Receivables {
			t.rowOf(itemCells(v, i), text(i.Recovers), lastUse(i), money(i.Pence()), moneyIfAny(i.Used(projections.UseReversed)),
				money(i.Used(projections.UseReceived)), money(i.Used(projections.UseNetted)), money(i.Used(projections.UseSpent)),
				moneyIfAny(i.Used(projections.UseWrittenOff)), money(i.Open()), moneyIfAny(i.InRuns))
		}
	}
	t.leaveOut("reversed", "written off", "in runs")
	t.total()
	return t
}

// lastUse is when something of an item arrived last, or proved spent; what was taken back since did not.
func lastUse(i projections.Item) Cell {
	var last domain.Date
	takenBack := map[int64]bool{}
	for _, use := range i.Uses {
		takenBack[use.TakesBack] = true
	}
	for _, use := range i.Uses {
		switch use.Kind {
		case projections.UsePaid, projections.UseReceived, projections.UseNetted, projections.UseSpent:
			if use.TakesBack == 0 && !takenBack[use.Number] {
				last = max(last, use.Effective)
			}
		}
	}
	return date(last)
}

func partTable(selected []projections.Item) Table {
	t := Table{
		Name: "parts", Title: "What each item consists of", Detail: true,
		Empty: "No item is opened. A release of funds (ReleaseFunds) and a run of a rate (RunEntitlement) open one for each of " +
			"their lines.",
		Columns: columns(of(KindText, "item", "for"), of(KindMoney, "amount", "reversed", "paid", "in transit", "received", "spent after all", "written off", "open")),
	}
	for _, i := range selected {
		for _, p := range i.ByPart() {
			t.row(text(i.ID), text(p.For), money(p.Pence), moneyIfAny(p.Reversed), money(p.Paid), moneyIfAny(p.InTransit), money(p.Received),
				money(p.Spent), moneyIfAny(p.WrittenOff), money(p.Open()))
		}
	}
	t.leaveOut("reversed", "in transit", "written off")
	return t
}

func useOfItemTable(selected []projections.Item) Table {
	t := Table{
		Name: "uses", Title: "What was paid and received, and when", Detail: true,
		Empty: "Nothing was paid or received. Record payments (SettlePayment) and receipts (RecordReceipt) by item.",
		Columns: columns(of(KindText, "item"), of(KindNumber, "event"), of(KindDate, "date"),
			of(KindText, "what", "reference", "for"), of(KindNumber, "run", "takes back"), of(KindMoney, "amount")),
	}
	for _, i := range selected {
		for _, use := range i.Uses {
			for _, p := range use.Parts {
				t.row(text(i.ID), number(use.Number), date(use.Effective), text(use.Kind), text(use.Reference), text(p.For),
					number(use.Run), number(use.TakesBack), money(p.Pence))
			}
		}
	}
	t.leaveOut("run", "takes back")
	return t
}
