package reports

import (
	"maps"
	"slices"
	"time"

	"pcnledger/domain"
	"pcnledger/projections"
)

// promptPayment is the measure that the Better Payment Practice Code asks for, as boards are shown it.
var promptPayment = Definition{
	Name:  "prompt-payment",
	Title: "Prompt payment: the Better Payment Practice Code",
	Line:  "what was paid within 30 days, by number and value, month by month and by fund; and what is open longer",
	Takes: Takes{Fund: true, Payee: true},
	body: func(v *projections.Views, o Options) body {
		paid := promptOf(v, o)
		return body{
			tables: []Table{
				promptTable("by-month", "By month of payment", "month", paid, func(p projections.PromptPayment) string { return string(domain.PeriodOf(p.Settled)) }),
				promptTable("by-fund", "By fund", "fund", paid, func(p projections.PromptPayment) string { return string(p.Fund) }),
				overdueTable(v, o), promptLineTable(v, paid),
			},
			notes: []string{
				"The code asks that 95 % be paid within 30 days, by number and by value. Days count from the date on which a payable arose to that on which " +
					"the last of it arrived or was set off.",
				"A payable counts once nothing of it is open or in transit. What was reversed does not count. Each percentage stands beside what it is of.",
			},
		}
	},
}

func promptOf(v *projections.Views, o Options) []projections.PromptPayment {
	var paid []projections.PromptPayment
	for _, p := range v.Items.Prompt() {
		if (o.Fund == "" || p.Fund == o.Fund) && (o.Payee == "" || p.Payee == o.Payee) {
			paid = append(paid, p)
		}
	}
	return paid
}

const payFirst = "Nothing is paid in full yet. Record payments by item (SettlePayment): pcnledger show items --open"

// promptTable measures payments group by group; its total is over all of them.
func promptTable(name, title, by string, paid []projections.PromptPayment, group func(projections.PromptPayment) string) Table {
	t := Table{
		Name: name, Title: title, Empty: payFirst,
		Columns: columns(of(KindText, by), of(KindCount, "paid", "within 30 days"), of(KindText, "% by number"),
			of(KindMoney, "value paid", "value within 30 days"), of(KindText, "% by value"), of(KindCount, "by due date")),
	}
	groups := map[string][]projections.PromptPayment{}
	for _, p := range paid {
		groups[group(p)] = append(groups[group(p)], p)
	}
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		t.rowOf(promptCells(key, groups[key]))
	}
	if len(t.Rows) > 1 {
		t.Totals = append(t.Totals, promptCells("total", paid))
	}
	return t
}

func promptCells(first string, paid []projections.PromptPayment) []Cell {
	m := projections.MeasurePrompt(paid)
	return []Cell{
		text(first), Count(m.All.Number), Count(m.Within30.Number), text(percentage(domain.Pence(m.Within30.Number), domain.Pence(m.All.Number))),
		money(m.All.Pence), money(m.Within30.Pence), text(percentage(m.Within30.Pence, m.All.Pence)), Count(m.ByDue.Number),
	}
}

// longestOpen is how many days after it arose a payable is called late here: the code's measure.
const longestOpen = 30

func overdueTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "overdue", Title: "Not paid, and older than 30 days", Empty: "No payable that is open or in transit is older than 30 days.",
		Columns: columns(of(KindText, "item", "fund"), of(KindOrganisation, "payee", "beneficiary"), of(KindDate, "arose", "due"), of(KindCount, "days"),
			of(KindMoney, "open", "in transit")),
	}
	day := o.dayOf(v)
	for _, i := range itemsOf(v, o) {
		open, transit := i.Open(), i.InTransit()
		if i.Account != domain.Payables || open == 0 && transit == 0 || i.Effective.AddDays(longestOpen) >= day {
			continue
		}
		t.row(text(i.ID), text(i.Fund), organisation(v, i.Payee), organisation(v, i.Beneficiary), date(i.Effective), date(i.Due),
			Count(daysBetween(i.Effective, day)), money(open), moneyIfAny(transit))
	}
	t.total()
	return t
}

// daysBetween counts the days from one date to a later one.
func daysBetween(from, to domain.Date) int64 {
	begin, errBegin := time.Parse(time.DateOnly, string(from))
	end, errEnd := time.Parse(time.DateOnly, string(to))
	if errBegin != nil || errEnd != nil {
		return 0 // history has been cut short, and has no dates
	}
	return int64(end.Sub(begin) / (24 * time.Hour))
}

func promptLineTable(v *projections.Views, paid []projections.PromptPayment) Table {
	t := Table{
		Name: "lines", Title: "Payable by payable", Empty: payFirst, Detail: true,
		Columns: columns(of(KindText, "item", "fund"), of(KindOrganisation, "payee"), of(KindDate, "arose", "due", "paid"), of(KindCount, "days"),
			of(KindText, "within 30 days", "by due date"), of(KindMoney, "value")),
	}
	for _, p := range paid {
		t.row(text(p.Item), text(p.Fund), organisation(v, p.Payee), date(p.Arose), date(p.Due), date(p.Settled), Count(p.Days), yes(p.Within30), yes(p.ByDue),
			money(p.Pence))
	}
	return t
}

func yes(is bool) Cell {
	if is {
		return Words("yes")
	}
	return Words("no")
}
