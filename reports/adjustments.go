package reports

import (
	"fmt"

	"pcnledger/domain"
	"pcnledger/projections"
)

// adjustments says what came of rates that were revised, and of lists and quantities that were corrected, for months that
// were raised before.
var adjustments = Definition{
	Name:  "adjustments",
	Title: "Adjustments of entitlements",
	Line:  "what revised rates and corrected lists made of months raised before: was, is, difference, and what each stands on; --year",
	Takes: Takes{Payee: true, Network: true, Year: true},
	body: func(v *projections.Views, o Options) body {
		return body{
			tables: []Table{adjustmentTable(v, o), adjustedMonthTable(v, o)},
			notes: []string{
				"Was and is are what a month stands on before and after; the difference is what was posted for it: more is due to the payee, less " +
					"is to be paid back by whoever was paid.",
				"What was taken back (ReverseEntry) is named, and in no total.",
			},
		}
	},
}

const adjustFirst = "Nothing is adjusted. What a revised rate or a corrected list makes of months raised before is posted with AdjustEntitlement."

// adjustmentLines are the lines of adjustments that were asked for.
func adjustmentLines(v *projections.Views, o Options, each func(a projections.Adjustment, at int, line domain.AdjustmentLine)) {
	for _, a := range v.Entitlements.Adjustments() {
		if o.Year != "" && a.Year != o.Year {
			continue
		}
		for at, line := range a.Lines {
			if (o.Payee == "" || line.Payee == o.Payee) && (o.Network == "" || line.Beneficiary == o.Network) {
				each(a, at, line)
			}
		}
	}
}

// signed is a line's pence, less than nothing where it is to be paid back.
func signed(line domain.AdjustmentLine, pence domain.Pence) domain.Pence {
	if line.Of != "" {
		return -pence
	}
	return pence
}

// adjustmentTable has a row for each item, with a total for each event and one over all.
func adjustmentTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "adjustments", Title: "By payee", Empty: adjustFirst,
		Columns: columns(of(KindNumber, "event"), of(KindDate, "date"), of(KindText, "rate", "year", "through", "reason"), of(KindOrganisation, "network", "practice", "payee"),
			of(KindText, "item", "from item"), of(KindDate, "due"), of(KindNumber, "reversed by"), of(KindMoney, "more", "less", "difference")),
	}
	var rows [][]Cell
	var events []int64
	byEvent := map[int64][][]Cell{}
	adjustmentLines(v, o, func(a projections.Adjustment, at int, line domain.AdjustmentLine) {
		var more, less Cell
		if line.Of == "" {
			more = money(line.Pence)
		} else {
			less = money(line.Pence)
		}
		t.row(number(a.Number), date(a.Effective), text(a.Rate), text(a.Year), text(a.Through), text(a.Reason), organisation(v, line.Beneficiary),
			organisation(v, line.Practice), organisation(v, line.Payee), text(a.Item(at)), text(line.Of), date(a.Due), number(a.Reversed), more, less,
			money(signed(line, line.Pence)))
		if a.Reversed != 0 {
			return
		}
		if byEvent[a.Number] == nil {
			events = append(events, a.Number)
		}
		rows = append(rows, t.Rows[len(t.Rows)-1])
		byEvent[a.Number] = append(byEvent[a.Number], t.Rows[len(t.Rows)-1])
	})
	for _, event := range events {
		t.Totals = append(t.Totals, t.sum(fmt.Sprintf("total %d", event), byEvent[event]))
	}
	if len(events) > 1 {
		t.Totals = append(t.Totals, t.sum("total", rows))
	}
	t.leaveOut("practice", "reversed by", "from item")
	return t
}

// adjustedMonthTable has a row for each month of each item.
func adjustedMonthTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "by-month", Title: "Month by month: what it stood on, and what it stands on now", Empty: adjustFirst, Detail: true,
		Columns: columns(of(KindNumber, "event"), of(KindText, "rate"), of(KindOrganisation, "network", "practice", "payee"), of(KindText, "for", "month", "stood on"),
			of(KindMoney, "annual before"), of(KindText, "stands on"), of(KindMoney, "annual now", "difference")),
	}
	var rows [][]Cell
	adjustmentLines(v, o, func(a projections.Adjustment, _ int, line domain.AdjustmentLine) {
		for _, part := range line.Parts {
			t.row(number(a.Number), text(a.Rate), organisation(v, line.Beneficiary), organisation(v, line.Practice), organisation(v, line.Payee), text(part.For),
				text(monthName(part.For)), text(footingWords(v, a.Year, a.Rate, part.Was)), money(part.Was.Annual), text(footingWords(v, a.Year, a.Rate, part.Now)),
				money(part.Now.Annual), money(signed(line, part.Pence)))
			if a.Reversed == 0 {
				rows = append(rows, t.Rows[len(t.Rows)-1])
			}
		}
	})
	if len(rows) > 1 {
		total := t.sum("total", rows)
		total[8], total[10] = nil, nil // amounts of a year are no sums
		t.Totals = append(t.Totals, total)
	}
	t.leaveOut("practice")
	return t
}

// footingWords says what a month stands on: £120.00 (event 18) × 328 (event 23); £2.218 (event 18) × 50,001 patients of list 12.
func footingWords(v *projections.Views, year domain.Year, code domain.RateCode, on domain.Footing) string {
	rate, _ := v.Rates.Rate(year, code)
	words := pounds(rate.By(on.Rate).Amount)
	if on.Rate != 0 {
		words += fmt.Sprintf(" (event %d)", on.Rate)
	}
	if on.List != 0 || on.Patients != 0 {
		words += fmt.Sprintf(" × %s patients", grouped(on.Patients))
		if on.List != 0 {
			words += fmt.Sprintf(" of list %d", on.List)
		}
	}
	if on.Quantity != "" {
		words += " × " + string(on.Quantity)
		if on.Counted != 0 {
			words += fmt.Sprintf(" (event %d)", on.Counted)
		}
	}
	return words
}
