package reports

import (
	"fmt"
	"strings"

	"pcnledger/domain"
	"pcnledger/projections"
)

// finance is the monthly finance return that boards and NHS England are given, without a forecast.
var finance = Definition{
	Name:  "finance",
	Title: "Monthly finance return",
	Line:  "each fund's budget, actual and variance up to a period, with its coding",
	Takes: Takes{Fund: true, Period: true},
	body: func(v *projections.Views, o Options) body {
		through := financeThrough(v, o)
		t, unplanned := financeTable(v, o, through)
		return body{tables: []Table{t, profileTable(v, o)}, notes: financeNotes(through, unplanned), closing: financeTie(v, o, through), through: through}
	},
}

// financeThrough is the period that was asked for, or that of the last event, or of the last date that views take in.
func financeThrough(v *projections.Views, o Options) domain.Period {
	switch last := v.Ledger.Date(); {
	case o.Period != "" || v.Ledger.Number == 0:
		return o.Period
	case v.Effective() != "" && v.Effective() < last:
		return domain.PeriodOf(v.Effective())
	default:
		return domain.PeriodOf(last)
	}
}

func financeNotes(through domain.Period, unplanned []string) []string {
	notes := []string{
		"Figures are of postings in periods up to " + string(through) + ". The annual budget is the fund's limit; the budget to date is " +
			"its profile up to that period, and all of it once the fund's year is over.",
		"Actual is expenditure, net of recoveries. Variance is budget less actual: positive is an underspend.",
		"Committed is allocated and neither released nor spent; advances are released and their spending not yet reported.",
	}
	if through == "" {
		notes = notes[1:]
	}
	if len(unplanned) > 0 {
		notes = append(notes, "No profile is set for "+strings.Join(unplanned, ", ")+" (SetBudget): it has no budget to date and no "+
			"variance, and the totals of those leave it out.")
	}
	return notes
}

// A fundPosition is what stood on a fund's accounts at the end of a period, debit positive.
type fundPosition map[domain.Account]domain.Pence

// positions adds up the journal up to and including a period, by fund.
func positions(v *projections.Views, through domain.Period) map[domain.FundCode]fundPosition {
	all := map[domain.FundCode]fundPosition{}
	for _, entry := range v.Journal.All() {
		if entry.Period > through {
			continue
		}
		if all[entry.Fund] == nil {
			all[entry.Fund] = fundPosition{}
		}
		all[entry.Fund][entry.Account] += entry.Pence
	}
	return all
}

// financeTable names the funds for which no budget to date is known.
func financeTable(v *projections.Views, o Options, through domain.Period) (t Table, unplanned []string) {
	t = Table{
		Name: "funds", Title: "By fund", Empty: openFundFirst,
		Columns: columns(of(KindText, "fund", "programme", "funding line", "year", "R/NR", "cost centre", "subjective", "analysis 1", "analysis 2"),
			of(KindMoney, "annual budget", "budget to date", "actual to date", "of it accrued", "variance to date", "committed", "advances", "in transit")),
	}
	stood := positions(v, through)
	for _, f := range fundsOf(v, o) {
		p := stood[f.Fund]
		actual := p[domain.Expenditure]
		var toDate, variance Cell
		if budget, known := budgetToDate(v, f, p, through); known {
			toDate, variance = money(budget), money(budget-actual)
		} else {
			unplanned = append(unplanned, string(f.Fund))
		}
		t.row(text(f.Fund), text(f.Title), text(fundingLine(v, f)), text(f.Year), text(recurrence(f)), text(f.Coding.CostCentre),
			text(f.Coding.Subjective), text(f.Coding.Analysis1), text(f.Coding.Analysis2), money(-p[domain.Limit]), toDate,
			money(actual), moneyIfAny(-p[domain.Accruals]), variance, money(p[domain.Allocated]), money(p[domain.Advances]), moneyIfAny(-p[domain.InTransit]))
	}
	t.leaveOut("of it accrued", "in transit")
	t.total()
	return t, unplanned
}

// budgetToDate is a fund's profile up to a period; once its year is over, its limit.
func budgetToDate(v *projections.Views, f projections.Fund, p fundPosition, through domain.Period) (domain.Pence, bool) {
	if through >= domain.PeriodOf(f.Year.Last()) {
		return -p[domain.Limit], true
	}
	budget, set := v.Budgets.Budget(f.Fund)
	return budget.Through(through), set
}

func recurrence(f projections.Fund) string {
	if f.Recurrent {
		return "R"
	}
	return "NR"
}

// fundingLine names what was confirmed, and not taken back.
func fundingLine(v *projections.Views, f projections.Fund) string {
	var titles []string
	for _, tranche := range f.Tranches {
		if tranche.Pence > 0 && !isReversed(v, tranche.Number) {
			titles = append(titles, tranche.Title)
		}
	}
	return strings.Join(titles, "; ")
}

func profileTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "profile", Title: "How the money is expected to be spent", Detail: true,
		Empty:   "No profile is set. Set one for each fund (SetBudget).",
		Columns: columns(of(KindText, "fund", "for", "month"), of(KindNumber, "event"), of(KindMoney, "budget")),
	}
	for _, b := range v.Budgets.All() {
		for _, m := range b.Months {
			if o.shows(v, b.Fund) {
				t.row(text(b.Fund), text(m.Month), text(monthName(m.Month)), number(b.Number), money(m.Pence))
			}
		}
	}
	t.total()
	return t
}

// financeTie compares the return with the trial balance, which knows every period.
func financeTie(v *projections.Views, o Options, through domain.Period) []string {
	if v.Journal.Len() == 0 {
		return nil
	}
	var actual, later, trial domain.Pence
	for _, entry := range v.Journal.All() {
		switch {
		case entry.Account != domain.Expenditure || !o.shows(v, entry.Fund):
		case entry.Period > through:
			later += entry.Pence
		default:
			actual += entry.Pence
		}
	}
	for _, line := range v.TrialBalance.Lines() {
		if line.Account == domain.Expenditure && o.shows(v, line.Fund) {
			trial += line.Balance()
		}
	}
	if actual+later != trial {
		return []string{fmt.Sprintf("DOES NOT AGREE: expenditure here is %s and in later periods %s; in the trial balance it is %s. "+
			"Stop and run: pcnledger replay", actual, later, trial)}
	}
	return []string{fmt.Sprintf("Tie to the trial balance: expenditure here %s + in later periods %s = %s in the trial balance.", actual, later, trial)}
}
