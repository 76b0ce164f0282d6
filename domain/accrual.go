package domain

import "slices"

// RuleAccrualTwice forbids to show the same cost twice in one accrual.
const RuleAccrualTwice Rule = "accrual-twice"

// PostAccrual asks that cost of a period be shown in it before its claim or instalment has come. Up to M11 the accrual
// reverses itself on the first day of the next month; that of M12 or M13 stands until it is reversed (ReverseEntry).
type PostAccrual struct {
	Period Period        `json:"period"`
	Reason string        `json:"reason"`
	Lines  []AccrualLine `json:"lines,omitzero"`
	Due    []AccrualDue  `json:"due,omitzero"` // or what is due at rates and not raised, worked out by the ledger
}

// An AccrualLine is cost to be shown. For is a month, or the fund's year.
type AccrualLine struct {
	Fund FundCode `json:"fund"`
	Bucket
	Pence Pence `json:"pence"`
}

// An AccrualDue asks for what is due at a rate for the months up to the period's, and was not raised before.
type AccrualDue struct {
	Fund     FundCode `json:"fund"`
	Rate     RateCode `json:"rate"`
	Networks []Body   `json:"networks,omitzero"` // only these; none = every network with members
}

// AccrualPosted says which cost is shown in a period before it is paid. Reverses is the day on which exactly the same
// lines are exchanged; none in M12 and M13.
type AccrualPosted struct {
	Reason   string        `json:"reason"`
	Reverses Date          `json:"reverses,omitzero"`
	Lines    []AccruedLine `json:"lines"`
	Warnings []string      `json:"warnings,omitzero"`
}

// An AccruedLine is one line of cost and the allocations that it is charged to. Rate is the rate at which it is due, and
// Practice whose list it is due on, where the rate is paid on a practice's own.
type AccruedLine struct {
	Fund FundCode `json:"fund"`
	Bucket
	Pence    Pence    `json:"pence"`
	Rate     RateCode `json:"rate,omitzero"`
	Practice Body     `json:"practice,omitzero"`
	Draws    []Draw   `json:"draws"`
}

// accrual is one that was posted and that nobody reversed.
type accrual struct {
	number   int64
	period   Period
	reverses Date // none if it stands until it is reversed
	lines    []AccruedLine
}

// applyAccruals remembers what is accrued, until somebody reverses it.
func (l *Ledger) applyAccruals(r Recorded) {
	switch e := r.Event.(type) {
	case AccrualPosted:
		l.accrued = append(l.accrued, accrual{r.Number, r.Period, e.Reverses, e.Lines})
	case EntryReversed:
		l.accrued = slices.DeleteFunc(l.accrued, func(a accrual) bool { return a.number == e.Entry })
	}
}

func (c PostAccrual) decide(l *Ledger, m moment) (Event, error) {
	if c.Period == "" {
		return nil, refuse(RuleTextMissing, "name the period in which the cost is to be shown, for example 2018-19/M04", "the period is missing")
	}
	if err := checkText(c.Reason, "the reason", `"claims of July not yet received"`); err != nil {
		return nil, err
	}
	if len(c.Lines)+len(c.Due) == 0 {
		return nil, refuse(RuleLinesMissing, "give lines with the cost, or due with the rate at which it is due", "there are no lines, and nothing that is due at a rate")
	}
	a := accruing{ledger: l, moment: m, tills: map[FundCode]*till{}}
	if err := a.addLines(c.Lines); err != nil {
		return nil, err
	}
	if err := a.addDue(c.Due); err != nil {
		return nil, err
	}
	if len(a.event.Lines) == 0 {
		return nil, ErrUnchanged
	}
	a.event.Reason = c.Reason
	if m.period.month() < 12 {
		a.event.Reverses = m.period.next().First()
	}
	return a.event, nil
}

// accruing is an accrual while it is decided.
type accruing struct {
	ledger *Ledger
	moment moment
	tills  map[FundCode]*till
	event  AccrualPosted
}

// addLines charges the cost that a command names.
func (a *accruing) addLines(lines []AccrualLine) error {
	type cost struct {
		fund FundCode
		Bucket
	}
	seen := map[cost]bool{}
	for i, line := range lines {
		f, bucket, err := a.resolve(line)
		if err != nil {
			return onLine(i, err)
		}
		if seen[cost{line.Fund, bucket}] {
			return onLine(i, refuse(RuleAccrualTwice, "put both amounts in one line, or name what tells them apart: payee, network, category or month",
				"the same cost%s stands twice", toPayee(bucket)))
		}
		seen[cost{line.Fund, bucket}] = true
		draws, warned, err := a.till(f).spendOnEvidence(resolvedLine{Bucket: bucket, Pence: line.Pence})
		if err != nil {
			return onLine(i, err)
		}
		a.event.Lines = append(a.event.Lines, AccruedLine{Fund: line.Fund, Bucket: bucket, Pence: line.Pence, Draws: draws})
		a.event.Warnings = addWarnings(a.event.Warnings, warned)
	}
	return nil
}

// resolve checks a line of cost against its fund and the registry.
func (a *accruing) resolve(line AccrualLine) (*fundState, Bucket, error) {
	f, err := a.fund(line.Fund)
	if err != nil {
		return nil, line.Bucket, err
	}
	if err := checkAmount(line.Pence, "the amount"); err != nil {
		return nil, line.Bucket, err
	}
	bucket, err := a.ledger.resolveBucket(f, line.Bucket, a.moment.effective, lineRule{category: true})
	if err != nil {
		return nil, bucket, err
	}
	if bucket.For.First() > a.moment.period.Last() {
		return nil, bucket, refuse(RuleMonthNotBegun, "accrue it in its own month, or correct for", "%s begins on %s, after the end of period %s",
			bucket.For, bucket.For.First(), a.moment.period)
	}
	return f, bucket, nil
}

// fund returns a fund in which cost may be accrued: one of the period's year that pays on evidence. Its last day does not
// matter: what was done before it may still have to be claimed.
func (a *accruing) fund(code FundCode) (*fundState, error) {
	f, err := a.ledger.openedFund(code)
	if err != nil {
		return nil, err
	}
	if f.Basis != BasisEvidence {
		return nil, refuse(RuleFundTerms, "use a fund with the basis evidence; an advance is charged when its spending is reported (RecordSpend)",
			"fund %s pays in advance; no cost is accrued in it", f.Fund)
	}
	if a.moment.period.Year() != f.Year || a.moment.effective < f.From {
		return nil, refuse(RuleFundDates, "name a period of the fund's own year, its M12 or M13 at the latest; or use the fund of the period's year",
			"fund %s begins on %s and belongs to %s; the accrual is of %s in period %s", f.Fund, f.From, f.Year, a.moment.effective, a.moment.period)
	}
	return f, nil
}

// till is a fund's money for this accrual: less what other accruals show in the same period and will reverse, which the
// fund's balances do not tell.
func (a *accruing) till(f *fundState) *till {
	if known := a.tills[f.Fund]; known != nil {
		return known
	}
	t := a.ledger.tillOf(f, a.moment).anyDay() // cost may be shown in a month before its money was set aside
	for _, other := range a.ledger.accrued {
		if other.period != a.moment.period || other.reverses == "" {
			continue
		}
		for _, line := range other.lines {
			if line.Fund != f.Fund {
				continue
			}
			for _, d := range line.Draws {
				t.taken[side{d.Account, d.Bucket}] += d.Pence
			}
		}
	}
	a.tills[f.Fund] = t
	return t
}

// addDue charges what is due at rates for the months up to the period's and was neither raised nor accrued.
func (a *accruing) addDue(due []AccrualDue) error {
	seen := map[RateCode][]AccrualDue{}
	for _, d := range due {
		f, err := a.fund(d.Fund)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(seen[d.Rate], d.meets) {
			return refuse(RuleAccrualTwice, "name each rate once, with the fund that pays it, or each network once (networks)", "rate %s stands twice for the same networks", d.Rate)
		}
		seen[d.Rate] = append(seen[d.Rate], d)
		run, err := a.ledger.runOf(f, d.Rate, a.moment.period.calendar(), a.moment)
		if err != nil {
			return err
		}
		if len(run.months) == 0 {
			return refuse(RuleRateMonth, "accrue it from the first month of its period on: "+string(run.rate.Months()[0]), "rate %s of %s is not paid for %s",
				d.Rate, f.Year, a.moment.period.calendar())
		}
		run.through = run.months[len(run.months)-1]
		run.till, run.accrued = a.till(f), a.ledger.accruedAt(d.Rate, a.moment.period)
		if err := a.addRun(f, run, d.Networks); err != nil {
			return err
		}
	}
	return nil
}

// meets says that two accruals of a rate have a network in common.
func (d AccrualDue) meets(other AccrualDue) bool {
	return len(d.Networks) == 0 || len(other.Networks) == 0 ||
		slices.ContainsFunc(d.Networks, func(b Body) bool { return slices.Contains(other.Networks, b) })
}

// accruedAt adds up what is accrued at a rate and still shown in a period: by its own accruals, and in M13 by those of M12.
func (l *Ledger) accruedAt(rate RateCode, period Period) map[raisedKey]map[Service]Pence {
	sums := map[raisedKey]map[Service]Pence{}
	for _, a := range l.accrued {
		stands := a.reverses == "" && a.period < period && a.period.Year() == period.Year()
		if a.period != period && !stands {
			continue
		}
		for _, line := range a.lines {
			if line.Rate != rate {
				continue
			}
			key := claimant{line.Beneficiary, line.Practice}.key(Rate{Year: period.Year(), Rate: rate})
			if sums[key] == nil {
				sums[key] = map[Service]Pence{}
			}
			sums[key][line.For] += line.Pence
		}
	}
	return sums
}

// addRun charges what a run would raise. Nothing is accrued for a network that was paid too much, or at a rate that
// was revised since: it is named in a warning, and the others are accrued all the same.
func (a *accruing) addRun(f *fundState, run *entitlementRun, only []Body) error {
	claimants, err := run.claimants(only)
	if err != nil {
		return err
	}
	for _, c := range claimants {
		line, err := run.line(c)
		if refusal, is := err.(*Refusal); is && (refusal.Rule == RuleEntitlementFell || refusal.Rule == RuleRateRevised) {
			run.warnings = addWarnings(run.warnings, []string{"nothing is accrued: " + refusal.Reason})
			continue
		}
		if err != nil {
			return err
		}
		for _, part := range line.Parts {
			a.event.Lines = append(a.event.Lines, AccruedLine{Fund: f.Fund, Bucket: Bucket{line.Payee, line.Beneficiary, line.Category, part.For},
				Pence: part.Pence, Rate: run.rate.Rate, Practice: line.Practice, Draws: part.Draws})
		}
	}
	a.event.Warnings = addWarnings(a.event.Warnings, run.warnings)
	return nil
}
