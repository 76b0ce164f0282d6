package domain

import (
	"cmp"
	"slices"
)

// AdjustEntitlement asks that what a revised rate, a corrected population or another fact that came late makes of months
// that were raised already be posted: what is more becomes due, what is less is to be paid back by whoever was paid. It
// raises no month that was not raised before.
type AdjustEntitlement struct {
	Fund     FundCode `json:"fund"`
	Rate     RateCode `json:"rate"`
	Through  Service  `json:"through"`           // the last month to adjust
	Networks []Body   `json:"networks,omitzero"` // only these; none = all
	Reason   string   `json:"reason"`
	Due      Date     `json:"due,omitzero"`
}

// EntitlementAdjusted says what became due, or is to be paid back, for months that were raised before. Each line is an
// item of one payee, with a part for each month that names what it stood on and what it stands on now.
type EntitlementAdjusted struct {
	Fund     FundCode         `json:"fund"`
	Rate     RateCode         `json:"rate"`
	Year     Year             `json:"year"`
	Through  Service          `json:"through"`
	Due      Date             `json:"due"`
	Reason   string           `json:"reason"`
	Lines    []AdjustmentLine `json:"lines"`
	Warnings []string         `json:"warnings,omitzero"`
}

// An AdjustmentLine is more that is due to a payee, or less: then Of is the item that too much was raised in.
type AdjustmentLine struct {
	Payee       Body           `json:"payee"`
	Beneficiary Body           `json:"beneficiary"`
	Practice    Body           `json:"practice,omitzero"`
	Category    Category       `json:"category"`
	Pence       Pence          `json:"pence"` // above zero in either direction
	Of          ItemID         `json:"of,omitzero"`
	Parts       []AdjustedPart `json:"parts"`
}

// An AdjustedPart is the difference of one month, and the allocations it is charged to or given back to. Charge counts the
// charges of the item that it takes from, from 1.
type AdjustedPart struct {
	For    Service `json:"for"`
	Pence  Pence   `json:"pence"`
	Was    Footing `json:"was"`
	Now    Footing `json:"now"`
	Charge int     `json:"charge,omitzero"`
	Draws  []Draw  `json:"draws"`
}

// The rules of adjustments.
const (
	RuleAdjustmentElsewhere Rule = "adjustment-in-other-fund"
)

// A Footing is what a month's result stands on: the event that its rate was adopted, revised or overridden in, the list,
// and what they come to for the rate's whole period.
type Footing struct {
	Rate     int64    `json:"rate"`
	List     int64    `json:"list,omitzero"`
	Patients int64    `json:"patients,omitzero"`
	Quantity Quantity `json:"quantity,omitzero"` // times the factors, in lowest terms
	Counted  int64    `json:"counted,omitzero"`  // the event that the quantity was recorded in
	Annual   Pence    `json:"annual"`
}

// stood is what a month of a payment stood on once an entry had raised, adjusted or recovered some of it.
type stood struct {
	entry int64 // the number of the event
	Footing
}

func (c AdjustEntitlement) decide(l *Ledger, m moment) (Event, error) {
	f, err := l.openedFund(c.Fund)
	if err != nil {
		return nil, err
	}
	if err := checkText(c.Reason, "the reason", `"the rate of September 2024, from 1 April"`); err != nil {
		return nil, err
	}
	run, err := l.newRun(f, RunEntitlement{Fund: c.Fund, Rate: c.Rate, Through: c.Through}, m)
	if err != nil {
		return nil, err
	}
	claimants, err := run.claimants(c.Networks)
	if err != nil {
		return nil, err
	}
	e := EntitlementAdjusted{Fund: c.Fund, Rate: c.Rate, Year: f.Year, Through: c.Through, Due: dueBy(c.Due, m), Reason: c.Reason}
	a := adjustment{entitlementRun: run, raisedIn: l.raisedIn(f, rateKey{f.Year, c.Rate})}
	if e.Lines, err = a.lines(claimants); err != nil {
		return nil, err
	}
	switch {
	case len(e.Lines) == 0 && a.elsewhere != nil:
		return nil, a.elsewhere
	case len(e.Lines) == 0:
		return nil, ErrUnchanged
	}
	e.Warnings = a.warnings
	return e, nil
}

// An adjustment is one adjustment of one rate while it is decided.
type adjustment struct {
	*entitlementRun
	raisedIn  map[raisedKey][]*itemState // the items of the fund that a payment was raised in, the last first
	elsewhere *Refusal                   // the first that is less and was raised in other funds; nil if there is none
}

// raisedIn lists the payables of a fund at a rate that are not taken back, by payment, the last first.
func (l *Ledger) raisedIn(f *fundState, rate rateKey) map[raisedKey][]*itemState {
	items := map[raisedKey][]*itemState{}
	for _, id := range slices.Backward(f.items) {
		item := l.items[id]
		if item.Rate != rate.code || l.reversed[id.number()] != 0 {
			continue
		}
		if key := item.payment(); key.rate == rate {
			items[key] = append(items[key], item)
		}
	}
	return items
}

// A monthDifference is how much more or less a month comes to than was raised for it.
type monthDifference struct {
	month    Service
	pence    Pence // below zero for less
	was, now Footing
}

// lines returns what is less and what is more, claimant by claimant. All that is less is given back before anything more is
// charged, so that the money of one network can pay for another's where both draw on the same allocation.
func (a *adjustment) lines(claimants []claimant) ([]AdjustmentLine, error) {
	less, more := make([][]AdjustmentLine, len(claimants)), make([][]monthDifference, len(claimants))
	for i, c := range claimants {
		differences, err := a.differences(c)
		if err != nil {
			return nil, err
		}
		for _, d := range differences {
			if d.pence > 0 {
				more[i] = append(more[i], d)
			} else if less[i], err = a.takeBack(less[i], c, d); err != nil {
				return nil, err
			}
		}
	}
	var lines []AdjustmentLine
	for i, c := range claimants {
		lines = append(lines, less[i]...)
		if len(more[i]) > 0 {
			line, err := a.raise(c, more[i])
			if err != nil {
				return nil, err
			}
			lines = append(lines, line)
		}
	}
	return lines, nil
}

// differences compares each month's own result with what was raised for it. Months that were never raised are a run's, and
// a claimant for whom nothing was is not even worked out: what is missing for it stands in nobody's way.
func (a *adjustment) differences(c claimant) ([]monthDifference, error) {
	key := c.key(a.rate)
	footings := a.ledger.footings[key]
	if len(footings) == 0 {
		return nil, nil
	}
	annual, now := make([]Pence, len(a.months)), make([]Footing, len(a.months))
	for i, month := range a.months {
		reckoning, err := a.reckon(a.rate, c, month)
		if err != nil {
			return nil, err
		}
		annual[i], now[i] = reckoning.Annual, reckoning.Footing
		if a.counts(c, month) && len(footings[month]) > 0 {
			a.warnUnlisted(c, reckoning)
		}
	}
	results, err := a.own(c, annual)
	if err != nil {
		return nil, err
	}
	var differences []monthDifference
	for i, own := range results {
		month := a.months[i]
		was := footings[month]
		if len(was) == 0 || !a.counts(c, month) {
			continue
		}
		if pence := own - a.ledger.raised[key][month]; pence != 0 {
			differences = append(differences, monthDifference{month, pence, was[len(was)-1].Footing, now[i]})
		}
	}
	return differences, nil
}

// takeBack adds to the lines of a claimant what a month is less: it is taken from the items that raised the month, the last
// first, from none more than it raised and was not recovered of it. What other funds raised is adjusted there.
func (a *adjustment) takeBack(lines []AdjustmentLine, c claimant, d monthDifference) ([]AdjustmentLine, error) {
	left := -d.pence
	for _, item := range a.raisedIn[c.key(a.rate)] {
		for n, charge := range item.Charges {
			take := min(charge.Pence-item.recovered[n], left)
			if charge.For != d.month || take <= 0 {
				continue
			}
			if a.till.moment.effective < item.Effective {
				return nil, refuse(RuleItemEarlier, "correct the effective date", "item %s arose on %s; nothing of it can be paid back as from %s, before that",
					item.ID, item.Effective, a.till.moment.effective)
			}
			left -= take
			part := AdjustedPart{For: d.month, Pence: take, Was: d.was, Now: d.now, Charge: n + 1}
			part.Draws = a.till.giveBack(item, n, take)
			lines = addAdjusted(lines, item, charge.Category, part)
		}
	}
	if left > 0 {
		elsewhere := refuse(RuleAdjustmentElsewhere, "adjust the rest in the fund that it was raised in: pcnledger show items",
			"%s of %s for %s is %s less than was raised; %s of that was not raised in fund %s", a.rate.Title, cmp.Or(c.practice, c.network).Bare(), d.month, -d.pence, left, a.till.fund.Fund).
			figure("less", -d.pence).figure("raised in other funds", left)
		a.warnings = addWarnings(a.warnings, []string{elsewhere.Reason})
		if a.elsewhere == nil {
			a.elsewhere = elsewhere
		}
	}
	return lines, nil
}

// standsHere is what of a month was raised in the fund and not recovered.
func (a *adjustment) standsHere(key raisedKey, month Service) (sum Pence) {
	for _, item := range a.raisedIn[key] {
		for n, charge := range item.Charges {
			if charge.For == month {
				sum += charge.Pence - item.recovered[n]
			}
		}
	}
	return sum
}

// giveBack returns pence of an item's charge to what they were charged to, where what becomes due after it can draw on them.
func (t *till) giveBack(item *itemState, n int, pence Pence) []Draw {
	e := RecoveryRaised{Beneficiary: item.Beneficiary, For: item.Charges[n].For, Pence: pence}
	draws := t.fund.giveBack(item.Charges[n], item.recovered[n], e, t.moment)
	for _, d := range draws {
		t.taken[side{d.Account, d.Bucket}] -= d.Pence
	}
	return draws
}

// addAdjusted adds a part to the line that takes from an item; there is one line an item.
func addAdjusted(lines []AdjustmentLine, item *itemState, category Category, part AdjustedPart) []AdjustmentLine {
	i := slices.IndexFunc(lines, func(line AdjustmentLine) bool { return line.Of == item.ID })
	if i < 0 {
		i = len(lines)
		lines = append(lines, AdjustmentLine{Payee: item.Payee, Beneficiary: item.Beneficiary, Practice: item.Practice, Category: category, Of: item.ID})
	}
	lines[i].Pence += part.Pence
	lines[i].Parts = append(lines[i].Parts, part)
	return lines
}

// raise charges what months are more, as a run does, to whoever is the payee on the first day of the last month.
func (a *adjustment) raise(c claimant, more []monthDifference) (AdjustmentLine, error) {
	due := EntitlementLine{Payee: c.practice, Beneficiary: c.network, Practice: c.practice, Category: a.rate.Category}
	for _, d := range more {
		due.Parts = append(due.Parts, EntitlementPart{For: d.month, Pence: d.pence})
	}
	due, err := a.charge(c, due)
	if err != nil {
		return AdjustmentLine{}, err
	}
	line := AdjustmentLine{Payee: due.Payee, Beneficiary: due.Beneficiary, Practice: due.Practice, Category: due.Category}
	for i, d := range more {
		line.Pence += d.pence
		line.Parts = append(line.Parts, AdjustedPart{For: d.month, Pence: d.pence, Was: d.was, Now: d.now, Draws: due.Parts[i].Draws})
	}
	return line, nil
}

// change is what a line adds to what was raised for a month, or, of an item, takes off.
func (line AdjustmentLine) change(part AdjustedPart) Pence {
	if line.Of != "" {
		return -part.Pence
	}
	return part.Pence
}

// Sum is what an adjustment comes to over all payees: what is more less what is less.
func (e EntitlementAdjusted) Sum() (sum Pence) {
	for _, line := range e.Lines {
		for _, part := range line.Parts {
			sum += line.change(part)
		}
	}
	return sum
}

// payment is what the line's months were raised under.
func (e EntitlementAdjusted) payment(line AdjustmentLine) raisedKey {
	return raisedKey{rateKey{e.Year, e.Rate}, cmp.Or(line.Practice, line.Beneficiary)}
}

// applyAdjustment adds to what was raised, or takes off, and remembers what it stands on now.
func (l *Ledger) applyAdjustment(number int64, e EntitlementAdjusted) {
	for _, line := range e.Lines {
		key := e.payment(line)
		for _, part := range line.Parts {
			l.raised[key][part.For] += line.change(part)
			l.stand(key, part.For, stood{number, part.Now})
			if line.Of != "" {
				l.items[line.Of].recovered[part.Charge-1] += part.Pence
			}
		}
	}
}

// reverseAdjustment has what was raised stand as it did before an adjustment.
func (l *Ledger) reverseAdjustment(number int64, e EntitlementAdjusted) {
	for _, line := range e.Lines {
		key := e.payment(line)
		for _, part := range line.Parts {
			l.raised[key][part.For] -= line.change(part)
			l.unstand(key, part.For, number)
			if line.Of != "" {
				l.items[line.Of].recovered[part.Charge-1] -= part.Pence
			}
		}
	}
}

// stand remembers what a month of a payment stands on after an entry; several lines of one entry are remembered once.
func (l *Ledger) stand(key raisedKey, month Service, on stood) {
	if l.footings[key] == nil {
		set(&l.footings, key, map[Service][]stood{})
	}
	before := l.footings[key][month]
	if len(before) > 0 && before[len(before)-1].entry == on.entry {
		before = before[:len(before)-1]
	}
	l.footings[key][month] = append(slices.Clip(before), on)
}

// unstand forgets what a month stood on after an entry that is taken back: it stands on what it did before.
func (l *Ledger) unstand(key raisedKey, month Service, entry int64) {
	left := slices.DeleteFunc(slices.Clone(l.footings[key][month]), func(s stood) bool { return s.entry == entry })
	if len(left) == 0 {
		delete(l.footings[key], month)
		return
	}
	l.footings[key][month] = left
}

// lastChanged is the entry that last raised, adjusted or recovered some of a month; 0 if there is none.
func (l *Ledger) lastChanged(key raisedKey, month Service) int64 {
	if all := l.footings[key][month]; len(all) > 0 {
		return all[len(all)-1].entry
	}
	return 0
}

// checkAdjustedSince refuses to take an adjustment back whose months were raised, adjusted or recovered since: that was
// worked out upon it, and taking it from under that would raise or recover the same twice.
func (l *Ledger) checkAdjustedSince(number int64, e EntitlementAdjusted) error {
	for _, line := range e.Lines {
		for _, part := range line.Parts {
			if last := l.lastChanged(e.payment(line), part.For); last != number {
				return refuse(RuleReversalOvertaken, "take that entry back first (ReverseEntry), or adjust it again (AdjustEntitlement)",
					"%s for %s was changed since by entry %d, which was worked out upon entry %d", cmp.Or(line.Practice, line.Beneficiary).Bare(), part.For, last, number).
					figure("adjusted", part.Pence)
			}
		}
	}
	return nil
}
