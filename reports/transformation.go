package reports

import (
	"cmp"
	"fmt"
	"slices"

	"pcnledger/domain"
	"pcnledger/projections"
)

// transformation is the return to NHS England on transformation funding: how the money was used, and the progress made.
// NHS England published no template for it; the columns are those that regions and boards were given.
var transformation = Definition{
	Name:  "nhse-transformation",
	Title: "Transformation funding: use and progress, for NHS England",
	Line:  "how transformation funding was used, by payee, purpose and network, and the progress made",
	Takes: Takes{Fund: true},
	basis: domain.BasisAdvance,
	body: func(v *projections.Views, o Options) body {
		rows := purposesOf(v, o)
		return body{
			tables: []Table{
				useTable(v, o), decisionTable(v, o), byPurpose(v, rows), byBeneficiary(v, rows), purposeTable(v, rows),
				sharingTable(v, o), standingTable(v, o), areaTable(v, o), milestoneTable(v, o), narrativeTable(v, o),
			},
			notes: append(transformationNotes(rows), assumptions(v, o)...),
		}
	},
}

// transformationNotes explain the sums; funds that pay in advance have nothing recovered.
func transformationNotes(rows []projections.Purpose) []string {
	notes := []string{
		"Every figure is added up from the events of the ledger. Allocated is net of moves; called back includes what was " +
			"called back at the close.",
		"Unspent is what was allocated on a row less what was spent out of it, even where it was reported for another purpose.",
	}
	if anyRecovered(rows) {
		notes = append(notes, "Recovered is what was charged and proved too much; it is unspent again.")
	}
	return notes
}

const (
	openFundFirst = "No fund is open. Open one (OpenFund) and record the funding that is confirmed for it (ConfirmFunding)."
	allocateFirst = "Nothing is allocated. Allocate money of the fund (AllocateFund), naming payee, network and purpose."
)

// fundsOf returns the funds that were asked for.
func fundsOf(v *projections.Views, o Options) []projections.Fund {
	return slices.DeleteFunc(v.Funds.All(), func(f projections.Fund) bool { return !o.shows(v, f.Fund) })
}

// purposesOf returns the rows that were asked for.
func purposesOf(v *projections.Views, o Options) []projections.Purpose {
	return slices.DeleteFunc(v.Purposes.All(), func(p projections.Purpose) bool { return !o.shows(v, p.Fund) })
}

// shows says whether a fund was asked for.
func (o Options) shows(v *projections.Views, fund domain.FundCode) bool {
	if o.Fund != "" || o.basis == "" {
		return o.Fund == "" || fund == o.Fund
	}
	f, known := v.Funds.Fund(fund)
	return !known || f.Basis == o.basis
}

// useTable has two figures that are derived: not allocated is confirmed less allocated, underspend confirmed less what was
// spent and not recovered.
func useTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "summary", Title: "What became of the money", Empty: openFundFirst,
		Columns: columns(of(KindText, "fund", "title"), of(KindMoney, "confirmed", "allocated", "not allocated", "released",
			"spent", "called back", "received", "still to be received", "lapsed", "underspend")),
	}
	recovered := slices.ContainsFunc(fundsOf(v, o), func(f projections.Fund) bool { return f.Sums.Recovered != 0 })
	if recovered {
		t.Columns = columns(t.Columns, of(KindMoney, "recovered"))
	}
	for _, f := range fundsOf(v, o) {
		t.row(text(f.Fund), text(f.Title), money(f.Control.Limit), money(f.Sums.Allocated), money(f.Control.Limit-f.Sums.Allocated),
			money(f.Sums.Released), money(f.Sums.Spent), money(f.Sums.CalledBack), money(f.Sums.Received),
			money(f.Financial.Receivables), money(f.Control.Lapsed), money(f.Control.Limit-f.Sums.Spent+f.Sums.Recovered))
		if last := len(t.Rows) - 1; recovered {
			t.Rows[last] = append(t.Rows[last], money(f.Sums.Recovered))
		}
	}
	t.total()
	return t
}

func byPurpose(v *projections.Views, rows []projections.Purpose) Table {
	form := formOf(rows)
	t := Table{
		Name: "by-purpose", Title: "By payee and purpose", Empty: allocateFirst,
		Columns: columns(of(KindOrganisation, "payee"), of(KindText, "purpose"), form.columns()),
	}
	for _, p := range added(rows, func(k projections.PurposeKey) projections.PurposeKey {
		return projections.PurposeKey{Payee: k.Payee, Category: k.Category}
	}) {
		t.row(append([]Cell{organisation(v, p.Payee), text(p.Category)}, form.cells(p.Sums)...)...)
	}
	t.total()
	return t
}

func byBeneficiary(v *projections.Views, rows []projections.Purpose) Table {
	form := formOf(rows)
	t := Table{
		Name: "by-beneficiary", Title: "By beneficiary", Empty: allocateFirst,
		Columns: columns(of(KindOrganisation, "beneficiary"), form.columns()),
	}
	for _, p := range added(rows, func(k projections.PurposeKey) projections.PurposeKey {
		return projections.PurposeKey{Beneficiary: k.Beneficiary}
	}) {
		t.row(append([]Cell{organisation(v, p.Beneficiary)}, form.cells(p.Sums)...)...)
	}
	t.total()
	return t
}

// purposeTable is the return itself, line by line.
func purposeTable(v *projections.Views, rows []projections.Purpose) Table {
	form := formOf(rows)
	t := Table{
		Name: "lines", Title: "Line by line", Empty: allocateFirst, Detail: true,
		Columns: columns(of(KindText, "fund"), of(KindOrganisation, "payee", "beneficiary"), of(KindText, "purpose"), form.columns()),
	}
	for _, p := range rows {
		t.row(append([]Cell{text(p.Fund), organisation(v, p.Payee), organisation(v, p.Beneficiary), text(p.Category)},
			form.cells(p.Sums)...)...)
	}
	t.total()
	return t
}

// added adds up rows that have the same key, by payee, beneficiary and category.
func added(rows []projections.Purpose, key func(projections.PurposeKey) projections.PurposeKey) []projections.Purpose {
	sums := map[projections.PurposeKey]projections.Sums{}
	for _, p := range rows {
		sum := sums[key(p.PurposeKey)]
		sum.Add(p.Sums)
		sums[key(p.PurposeKey)] = sum
	}
	all := make([]projections.Purpose, 0, len(sums))
	for k, s := range sums {
		all = append(all, projections.Purpose{PurposeKey: k, Sums: s})
	}
	slices.SortFunc(all, func(a, b projections.Purpose) int {
		return cmp.Or(cmp.Compare(a.Payee, b.Payee), cmp.Compare(a.Beneficiary, b.Beneficiary), cmp.Compare(a.Category, b.Category))
	})
	return all
}

// sharingTable lists the lists that money of the funds was shared by.
func sharingTable(v *projections.Views, o Options) Table {
	t := listTable(v, func(l projections.List) bool {
		return slices.ContainsFunc(fundsOf(v, o), func(f projections.Fund) bool { return slices.Contains(f.Lists, l.Number) })
	})
	t.Title = "Lists that the money was shared by"
	t.Empty = "No money was shared by list; each line named its network."
	return t
}

// assumptions are the notes that stand with the sources of what a return rests on, each once.
func assumptions(v *projections.Views, o Options) []string {
	var notes []string
	add := func(what string, s domain.Source) {
		if note := fmt.Sprintf("%s (%s): %s", what, s.Title, s.Note); s.Note != "" && !slices.Contains(notes, note) {
			notes = append(notes, note)
		}
	}
	for _, f := range fundsOf(v, o) {
		add("Fund "+string(f.Fund), f.Source)
		for _, tranche := range f.Tranches {
			add("Funding of "+string(f.Fund), tranche.Source)
		}
	}
	for _, m := range v.Registry.Memberships() {
		add("Memberships", m.Source)
	}
	for _, f := range v.Progress.Frameworks() {
		add("Framework "+f.Code, f.Source)
	}
	return notes
}
