package domain

import "fmt"

// RecordSpend asks to record what payees spent, on the effective date.
type RecordSpend struct {
	Fund      FundCode `json:"fund"`
	Reference string   `json:"reference"`
	Due       Date     `json:"due,omitzero"` // for a fund on evidence: when it is to be paid; 30 days if not given
	Lines     []Line   `json:"lines"`
}

// SpendRecorded says what payees spent. A draw on released uses an advance; a draw that is owed uses an advance that
// was called back and is not yet received; a line with other draws is a payable item.
type SpendRecorded struct {
	Fund      FundCode    `json:"fund"`
	Reference string      `json:"reference"`
	Due       Date        `json:"due,omitzero"`
	Lines     []DrawnLine `json:"lines"`
	Warnings  []string    `json:"warnings,omitzero"`
}

func (c RecordSpend) decide(l *Ledger, m moment) (Event, error) {
	f, err := l.fund(c.Fund)
	if err != nil {
		return nil, err
	}
	if err := f.checkDay(m.effective); err != nil {
		return nil, err
	}
	if err := checkText(c.Reference, "the reference", `"report of the third quarter"`); err != nil {
		return nil, err
	}
	lines, warnings, err := l.resolve(f, c.Lines, m.effective, lineRule{payee: true, category: true, past: f.Basis == BasisAdvance})
	if err != nil {
		return nil, err
	}
	e := SpendRecorded{Fund: c.Fund, Reference: c.Reference, Warnings: warnings}
	spend := l.tillOf(f, m).spendAdvance
	if f.Basis == BasisEvidence {
		spend, e.Due = l.tillOf(f, m).spendOnEvidence, dueBy(c.Due, m)
	}
	for _, line := range lines {
		draws, warned, err := spend(line)
		if err != nil {
			return nil, onLine(line.asked, err)
		}
		e.Lines = append(e.Lines, DrawnLine{line.Bucket, line.Pence, line.Shared, draws})
		e.Warnings = addWarnings(e.Warnings, warned)
	}
	return e, nil
}

// spendAdvance charges a line to the payee's advances, then to those called back and not yet received.
func (t *till) spendAdvance(line resolvedLine) ([]Draw, []string, error) {
	advances := t.advancesFor(line.Bucket)
	unspent := t.leftIn(advances)
	draws, short := t.take(advances, line.Pence)
	owed, over := t.owed(line.Bucket, short)
	held := sumOwed(owed)
	if over > 0 {
		return nil, nil, refuse(RuleSpendOverRelease, t.fund.orElse("allocate and release the difference first"),
			"%s has %s of advances left to spend%s%s; %s was asked", line.Payee.Bare(), unspent,
			forBeneficiary(Bucket{Beneficiary: line.Beneficiary}), andHeld(held), line.Pence).
			figure("unspent advances", unspent).figure("called back, not received", held).figure("asked", line.Pence)
	}
	if held == 0 {
		return draws, nil, nil
	}
	fromOwed, gone := t.anyDay().take(t.givenBack(line.Bucket), held)
	if gone > 0 {
		return nil, nil, refuse(RuleSpendOverRelease, t.fund.orElse("set the difference aside for it again (AllocateFund, MoveAllocation)"),
			"%s of this spend would come out of advances that %s was asked to pay back; %s of that money is free, the rest was put to another use",
			held, line.Payee.Bare(), held-gone).
			figure("called back, not received", held).figure("free", held-gone).figure("asked", line.Pence)
	}
	return append(draws, pair(fromOwed, owed)...), nil, nil
}

func andHeld(calledBack Pence) string {
	if calledBack == 0 {
		return ""
	}
	return " and " + calledBack.String() + " called back that it still holds"
}

// orElse is the remedy for an amount that is too large: what else can be done while the fund is open.
func (f *fundState) orElse(open string) string {
	if f.closed != "" {
		return fmt.Sprintf("correct the amount; the fund was closed on %s and nothing can be added to it", f.closed)
	}
	return "correct the amount, or " + open
}

// spendOnEvidence charges a line to what is allocated for it. A fund that only warns is charged beyond that.
func (t *till) spendOnEvidence(line resolvedLine) ([]Draw, []string, error) {
	sides := t.available(line.Bucket)
	left := t.leftIn(sides)
	draws, short := t.take(sides, line.Pence)
	if short == 0 {
		return draws, nil, nil
	}
	over := refuse(RuleSpendOver, t.fund.orElse("allocate the difference first"), "%s is available%s%s; %s was asked",
		left, toPayee(line.Bucket), t.since(sides...), line.Pence).figure("available", left).figure("asked", line.Pence)
	if t.fund.Cover == CoverHard {
		return nil, nil, over
	}
	exact := at(Allocated, line.Bucket)
	if t.fund.closed != "" {
		exact = at(Lapsed, line.Bucket)
	}
	return append(draws, t.draw(exact, short)), []string{"overspent by " + short.String() + ": " + over.Reason}, nil
}
