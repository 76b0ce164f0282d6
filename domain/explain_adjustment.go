package domain

import "fmt"

// explainAdjusted opens each line of an adjustment: what each month stood on, what it stands on now, and the difference.
func (w *Workings) explainAdjusted(r Recorded, e EntitlementAdjusted) ([]Explanation, error) {
	run, err := w.runAgain(e.Year, e.Rate, e.Through)
	if err != nil {
		return nil, err
	}
	a := &adjustment{entitlementRun: run, raisedIn: w.ledger.raisedIn(w.ledger.funds[e.Fund], rateKey{e.Year, e.Rate})}
	all := make([]Explanation, 0, len(e.Lines))
	for i := range e.Lines {
		line := &e.Lines[i]
		due, err := run.dueFor(line.claimant())
		if err != nil {
			return nil, err
		}
		x := money("item "+string(itemID(r.Number, i+1)), 0)
		x.Formula = run.rate.Title + " of " + line.claimant().words() + ": what each month stands on now, less what was raised for it"
		x.Inputs = append(x.Inputs, Input{Name: "the adjustment", Value: e.Reason, Event: r.Number, Note: line.direction(e)})
		for n, part := range line.Parts {
			month := w.explainAdjustedMonth(a, line, due, part, e, r.Number)
			if n > 0 && line.Parts[n-1].Was == part.Was && line.Parts[n-1].Now == part.Now {
				month.Parts = nil // as the month before
			}
			x.Pence += part.Pence
			x.Parts = append(x.Parts, month)
		}
		x.Value = x.Pence.String()
		x.holds(line.Pence)
		if n := len(line.Parts); n > 0 {
			x.Numbers = w.adjustedWords(run.rate, line.Parts[n-1]) + "; " + line.Pence.String() + " " + line.direction(e)
		}
		all = append(all, x)
	}
	return all, nil
}

// direction says which way the money goes.
func (e *AdjustmentLine) direction(of EntitlementAdjusted) string {
	if e.Of == "" {
		return "more is due to " + e.Payee.Bare() + ", on " + of.Due.String()
	}
	return "is to be paid back by " + e.Payee.Bare() + " of item " + string(e.Of) + ", by " + of.Due.String()
}

// adjustedWords is the arithmetic of a difference: what the month stood on, and what it stands on now.
func (w *Workings) adjustedWords(rate Rate, part AdjustedPart) string {
	return AdjustedWords(w.versionOf(rate, part.Was.Rate), w.versionOf(rate, part.Now.Rate), part)
}

// versionOf is a rate as an event adopted, revised or overrode it.
func (w *Workings) versionOf(rate Rate, number int64) Rate {
	for _, v := range w.ledger.rates[rateKey{rate.Year, rate.Rate}] {
		if v.number == number && v.rate.Area == rate.Area {
			rate = v.rate
		}
	}
	return rate
}

// explainAdjustedMonth opens the difference of one month. What is taken off several items, or raised in one and taken off
// another, stands in several lines: together they make the difference.
func (w *Workings) explainAdjustedMonth(a *adjustment, line *AdjustmentLine, due dueMonths, part AdjustedPart, e EntitlementAdjusted, number int64) Explanation {
	x := money(monthName(part.For), part.Pence)
	key, i := line.claimant().key(a.rate), due.at(part.For)
	raised := w.ledger.raised[key][part.For]
	if i < 0 {
		x.Recorded = "a month for which nothing is paid"
		return x
	}
	own := due.own[i] // of a practice that is paid itself, whichever network it is in
	x.Formula = "the month's own result now, less what was raised for it"
	x.Numbers = fmt.Sprintf("%s − %s = %s", own, raised, own-raised)
	if on := due.reckonings[i].Footing; on != part.Now {
		x.Recorded = fmt.Sprintf("%s on %s", part.Pence, part.Now.words())
	}
	here := max(own-raised, -a.standsHere(key, part.For))
	if here != own-raised {
		x.note("%s of the difference was raised in other funds, and is adjusted there", own-raised-here)
	}
	if sum := e.difference(key, part.For); sum != here {
		x.Recorded = fmt.Sprintf("%s in all lines for the month", sum)
	} else if sum != line.change(part) {
		x.note("%s of the difference of %s; the rest stands in the other lines for the month", line.change(part), sum)
	}
	x.Inputs = append(x.Inputs, w.raisedInput(key, part.For, raised))
	for _, d := range part.Draws {
		x.Inputs = append(x.Inputs, d.input(number))
	}
	was := money("annual amount as it was", part.Was.Annual)
	was.Numbers = w.versionOf(a.rate, part.Was.Rate).AnnualWords(part.Was)
	was.Inputs = w.footingInputs(a.rate, part.Was)
	now := w.explainAnnual(a.rate, line.claimant(), due.reckonings[i], monthName(part.For))
	now.Figure = "annual amount as it is now"
	x.Parts = []Explanation{was, now}
	return x
}

// difference adds up what an adjustment makes of a month: what is to be paid back is less than nothing.
func (e EntitlementAdjusted) difference(key raisedKey, month Service) (sum Pence) {
	for _, line := range e.Lines {
		for _, part := range line.Parts {
			if part.For == month && e.payment(line) == key {
				sum += line.change(part)
			}
		}
	}
	return sum
}

// footingInputs are the events that a footing names.
func (w *Workings) footingInputs(rate Rate, on Footing) []Input {
	all := []Input{w.rateInput(w.versionOf(rate, on.Rate), on.Rate)}
	if on.List != 0 {
		all = append(all, Input{Name: "list", Value: numberOf(int(on.Patients), "patient")}.from(on.List, w.sources[on.List]))
	}
	if on.Counted != 0 {
		all = append(all, Input{Name: string(rate.Measure), Value: on.Quantity.Words()}.from(on.Counted, w.sources[on.Counted]))
	}
	return all
}
