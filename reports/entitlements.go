package reports

import (
	"fmt"
	"slices"
	"strings"

	"pcnledger/domain"
	"pcnledger/projections"
)

var entitlements = Definition{
	Name:  "entitlements",
	Title: "Entitlements",
	Line:  "what is due at each rate: list or quantity, annual amount, raised, paid, remaining; by month; and whom a run left out; --year",
	Takes: Takes{Payee: true, Network: true, Year: true},
	body: func(v *projections.Views, o Options) body {
		return body{
			tables: []Table{entitlementTable(v, o), gapTable(v, o), entitlementMonthTable(v, o), raisedTable(v, o), missingTable(v, o)},
			notes: []string{
				"Annual is the newest list or quantity times the rate, for the rate's whole period. Raised is what the runs and adjustments " +
					"made payable; to come is what the months not yet run bring if the newest list or quantity stays.",
				"Remaining is what is to come and what is raised and not yet paid.",
			},
		}
	},
}

const runFirst = "No entitlement is raised. Adopt a rate (AdoptRateCard), import lists and memberships, nominate payees, and run it " +
	"(RunEntitlement)."

func (o Options) takesEntitlement(e projections.Entitlement) bool {
	return (o.Payee == "" || slices.Contains(e.Payees, o.Payee)) && (o.Network == "" || e.Beneficiary == o.Network) &&
		(o.Year == "" || e.Year == o.Year)
}

// entitlementTable has a total for each rate, and one over all.
func entitlementTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "entitlements", Title: "By rate", Empty: runFirst,
		Columns: columns(of(KindText, "rate", "year"), of(KindOrganisation, "network", "practice"), of(KindText, "payee"),
			of(KindNumber, "list"), of(KindCount, "patients"), of(KindText, "quantity"), of(KindMoney, "annual", "raised", "recovered", "paid", "to come", "remaining")),
	}
	paid, sums := entitlementItems(v), v.Grounds.Sums()
	var rates []string
	byRate := map[string][][]Cell{}
	for _, e := range v.Entitlements.All() {
		if !o.takesEntitlement(e) {
			continue
		}
		rate, _ := v.Rates.Rate(e.Year, e.Rate)
		settled, toCome := paid[e.EntitlementKey], v.Entitlements.ToComeToMembers(e, rate, sums)
		t.row(text(e.Rate), text(e.Year), organisation(v, e.Beneficiary), organisation(v, e.Practice),
			text(strings.Join(names(v, e.Payees), "; ")), number(e.List), patients(e.Patients, e.Quantity), text(e.Quantity), money(e.Annual), money(settled.raised),
			money(settled.recovered), money(settled.paid), money(toCome), money(toCome+settled.raised-settled.paid))
		name := string(e.Rate) + " " + string(e.Year)
		if byRate[name] == nil {
			rates = append(rates, name)
		}
		byRate[name] = append(byRate[name], t.Rows[len(t.Rows)-1])
	}
	for _, name := range rates {
		t.Totals = append(t.Totals, t.sum("total "+name, byRate[name]))
	}
	if len(rates) > 1 {
		t.Totals = append(t.Totals, t.sum("total", t.Rows))
	}
	t.leaveOut("quantity")
	return t
}

// patients counts those that an amount stands on; one that stands on a quantity alone has none.
func patients(n int64, quantity domain.Quantity) Cell {
	if n == 0 && quantity != "" {
		return nil
	}
	return Count(n)
}

const allPaid = "No run left anybody out, or warned."

// gapTable has a row for each run that paid nothing for some.
func gapTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "left-out", Title: "Whom runs paid nothing for, and what they warned of", Empty: allPaid,
		Columns: columns(of(KindNumber, "event"), of(KindDate, "date"), of(KindText, "rate", "year", "through"), of(KindCount, "members without a list", "practices in no network", "their patients"),
			of(KindText, "% of patients", "warnings"), of(KindNumber, "reversed by")),
	}
	for _, g := range v.Entitlements.Gaps() {
		if o.Year != "" && g.Year != o.Year {
			continue
		}
		var unallocated int64
		for _, line := range g.Unallocated {
			unallocated += line.Patients
		}
		t.row(number(g.Number), date(g.Effective), text(g.Rate), text(g.Year), text(g.Through), Count(len(g.Unlisted)), Count(len(g.Unallocated)), Count(unallocated),
			text(g.PerCent), text(strings.Join(g.Warnings, "; ")), number(g.Reversed))
	}
	t.leaveOut("reversed by")
	return t
}

// missingTable has a row for each practice that a run paid nothing for.
func missingTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "missing", Title: "Practices that runs paid nothing for", Empty: allPaid, Detail: true,
		Columns: columns(of(KindNumber, "event"), of(KindText, "rate", "through"), of(KindOrganisation, "practice", "network"), of(KindText, "why"), of(KindCount, "patients")),
	}
	for _, g := range v.Entitlements.Gaps() {
		if o.Year != "" && g.Year != o.Year {
			continue
		}
		for _, practice := range g.Unlisted {
			network := v.Registry.NetworkOf(practice, g.Through.First())
			if o.Network == "" || network == o.Network {
				t.row(number(g.Number), text(g.Rate), text(g.Through), organisation(v, practice), organisation(v, network), Words("the list does not have it"), nil)
			}
		}
		for _, line := range g.Unallocated {
			if o.Network == "" {
				t.row(number(g.Number), text(g.Rate), text(g.Through), organisation(v, line.Practice), nil, Words("it is in no network"), Count(line.Patients))
			}
		}
	}
	return t
}

// itemSums is what was raised, recovered and paid.
type itemSums struct{ raised, recovered, paid domain.Pence }

// entitlementItems adds up the items of each entitlement.
func entitlementItems(v *projections.Views) map[projections.EntitlementKey]itemSums {
	sums := map[projections.EntitlementKey]itemSums{}
	for _, i := range v.Items.All() {
		payable := payableOf(v, i)
		if payable.Rate == "" {
			continue
		}
		key := projections.EntitlementKey{Year: yearOf(payable), Rate: payable.Rate, Beneficiary: payable.Beneficiary, Practice: payable.Practice}
		sum := sums[key]
		if i.Account == domain.Payables {
			sum.raised += i.Pence() - i.Used(projections.UseReversed)
			sum.paid += i.Used(projections.UsePaid)
		} else {
			sum.recovered += i.Pence() - i.Used(projections.UseReversed)
		}
		sums[key] = sum
	}
	return sums
}

// payableOf returns the payable that a recovery is from; any other item is its own.
func payableOf(v *projections.Views, i projections.Item) projections.Item {
	if payable, known := v.Items.Item(i.Recovers); known {
		return payable
	}
	return i
}

// yearOf is the year that an item is for.
func yearOf(i projections.Item) domain.Year {
	if len(i.Parts) == 0 {
		return ""
	}
	return i.Parts[0].For.Year()
}

func entitlementMonthTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "by-month", Title: "Raised for each month, net of recoveries", Empty: runFirst, Detail: true,
		Columns: columns(of(KindText, "rate"), of(KindOrganisation, "network", "practice"), of(KindText, "for", "month", "events"), of(KindMoney, "raised")),
	}
	for _, e := range v.Entitlements.All() {
		for _, m := range e.Months {
			if o.takesEntitlement(e) {
				t.row(text(e.Rate), organisation(v, e.Beneficiary), organisation(v, e.Practice), text(m.For), text(monthName(m.For)),
					text(numbers(m.Numbers)), money(m.Pence))
			}
		}
	}
	t.total()
	return t
}

func raisedTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "raised", Title: "How each amount was come by", Empty: runFirst, Detail: true,
		Columns: columns(of(KindText, "rate"), of(KindOrganisation, "network", "practice", "payee"), of(KindNumber, "event"),
			of(KindDate, "date"), of(KindText, "item", "for", "by", "how"), of(KindNumber, "list"), of(KindMoney, "raised")),
	}
	for _, e := range v.Entitlements.All() {
		rate, _ := v.Rates.Rate(e.Year, e.Rate)
		for _, r := range e.Raised {
			if o.takesEntitlement(e) && (o.Payee == "" || r.Payee == o.Payee) {
				t.row(text(e.Rate), organisation(v, e.Beneficiary), organisation(v, e.Practice), organisation(v, r.Payee), number(r.Number),
					date(r.Effective), text(r.Item), text(r.For), text(raisedBy(r)), text(raisedWords(rate, r)), number(r.List), money(r.Pence))
			}
		}
	}
	t.leaveOut("by")
	t.total()
	return t
}

// raisedBy says that an amount is of an adjustment.
func raisedBy(r projections.Raised) string {
	if r.Adjusted {
		return "an adjustment"
	}
	return ""
}

// numbers prints event numbers in a row: 57, 61.
func numbers(of []int64) string {
	var words []string
	for _, n := range of {
		words = append(words, fmt.Sprint(n))
	}
	return strings.Join(words, ", ")
}
