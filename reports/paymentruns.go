package reports

import (
	"pcnledger/domain"
	"pcnledger/projections"
)

var paymentRuns = Definition{
	Name:  "payment-runs",
	Title: "Payment runs",
	Line:  "each payment run: who proposed, approved and released it, and what of it is in transit, settled, failed or netted",
	Takes: Takes{Fund: true, Payee: true},
	body: func(v *projections.Views, o Options) body {
		runs := runsOf(v, o)
		return body{
			tables: []Table{runTable(runs), runPayeeTable(v, runs), runLineTable(v, runs)},
			notes: []string{
				"A run goes by the number of the event that proposed it. Proposed is approved, and not released; in transit is released, and not known " +
					"to have arrived; failed is to be paid again.",
				"Set off is what is paid by netting: it equals what is netted of receivables, and no money moves for it.",
			},
		}
	},
}

// runsOf returns the runs that were asked for, each with the lines that were.
func runsOf(v *projections.Views, o Options) []projections.Run {
	var runs []projections.Run
	for _, run := range v.Runs.All() {
		of := run
		of.Lines, of.SetOff, of.Netted = nil, o.settledLines(run.SetOff), o.settledLines(run.Netted)
		for _, line := range run.Lines {
			if o.takesLine(line.SettledLine) {
				of.Lines = append(of.Lines, line)
			}
		}
		if len(of.Lines)+len(of.SetOff)+len(of.Netted) > 0 {
			runs = append(runs, of)
		}
	}
	return runs
}

func (o Options) takesLine(line domain.SettledLine) bool {
	return (o.Fund == "" || line.Fund == o.Fund) && (o.Payee == "" || line.Payee == o.Payee)
}

func (o Options) settledLines(all []domain.SettledLine) []domain.SettledLine {
	var lines []domain.SettledLine
	for _, line := range all {
		if o.takesLine(line) {
			lines = append(lines, line)
		}
	}
	return lines
}

const proposeFirst = "No payment run is proposed. Propose one of what is open and due (ProposePaymentRun): pcnledger show items --open"

var runColumns = of(KindMoney, "proposed", "in transit", "settled", "failed", "set off", "netted")

func runCells(s projections.RunTotals) []Cell {
	return []Cell{moneyIfAny(s.Proposed), moneyIfAny(s.InTransit), moneyIfAny(s.Settled), moneyIfAny(s.Failed), moneyIfAny(s.SetOff), moneyIfAny(s.Netted)}
}

func runTable(runs []projections.Run) Table {
	t := Table{
		Name: "runs", Title: "Runs", Empty: proposeFirst,
		Columns: columns(of(KindNumber, "run"), of(KindText, "reference", "state"), of(KindDate, "pay on", "proposed on"), of(KindText, "raised by", "approved by"),
			of(KindDate, "released on"), of(KindText, "released by"), runColumns),
	}
	for _, run := range runs {
		t.row(append([]Cell{
			number(run.Number), text(run.Reference), text(runState(run)), date(run.PayOn), date(run.Proposed), text(run.Raised), text(run.Approved),
			date(run.ReleasedOn), text(handsWords(run.ReleasedBy)),
		}, runCells(run.Totals())...)...)
	}
	t.total()
	return t
}

// runState is the state of a run's payments if they have one in common, or how far the run has come.
func runState(run projections.Run) string {
	sum := run.Totals()
	switch {
	case run.Reversed != 0:
		return "reversed"
	case run.Released == 0:
		return string(projections.RunProposed)
	case sum.InTransit != 0:
		return string(projections.RunInTransit)
	case sum.Failed == 0:
		return string(projections.RunSettled)
	case sum.Settled == 0:
		return string(projections.RunFailed)
	}
	return string(projections.RunPart)
}

func runPayeeTable(v *projections.Views, runs []projections.Run) Table {
	t := Table{
		Name: "payees", Title: "By payee", Empty: proposeFirst,
		Columns: columns(of(KindNumber, "run"), of(KindOrganisation, "payee"), runColumns),
	}
	for _, run := range runs {
		for _, payee := range run.Payees() {
			t.rowOf([]Cell{number(run.Number), organisation(v, payee.Payee)}, runCells(payee.RunTotals)...)
		}
	}
	t.total()
	return t
}

// runLineTable has a row for each item of each run.
func runLineTable(v *projections.Views, runs []projections.Run) Table {
	t := Table{
		Name: "lines", Title: "Item by item", Empty: proposeFirst, Detail: true,
		Columns: columns(of(KindNumber, "run"), of(KindText, "item", "fund"), of(KindOrganisation, "payee", "beneficiary"), of(KindText, "state"),
			of(KindNumber, "by event"), of(KindDate, "date"), of(KindText, "reason"), of(KindMoney, "amount", "settled", "failed")),
	}
	for _, run := range runs {
		row := func(line domain.SettledLine, state string, by int64, on domain.Date, reason string, settled, failed Cell) {
			t.row(number(run.Number), text(line.Item), text(line.Fund), organisation(v, line.Payee), organisation(v, line.Beneficiary), text(state),
				number(by), date(on), text(reason), money(line.Pence), settled, failed)
		}
		for _, line := range run.Lines {
			row(line.SettledLine, string(line.State), line.Number, line.On, line.Reason, moneyIfAny(line.Settled), moneyIfAny(line.Failed))
		}
		for _, line := range run.SetOff {
			row(line, "set off", run.Released, run.ReleasedOn, "", nil, nil)
		}
		for _, line := range run.Netted {
			row(line, "netted", run.Released, run.ReleasedOn, "", nil, nil)
		}
	}
	return t
}
