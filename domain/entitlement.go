package domain

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"
)

// RuleRateRevised forbids a run to mix two versions of a rate in what was raised for a month.
const RuleRateRevised Rule = "rate-revised"

// RunEntitlement asks that what is due at a rate for all months up to and including one be raised, for every network or
// for some. What was raised before is taken off, so a run may be repeated, and a late start, a catch-up and a corrected
// list are the same run.
type RunEntitlement struct {
	Fund     FundCode `json:"fund"`
	Rate     RateCode `json:"rate"`
	Through  Service  `json:"through"`           // the last month: 2019-20/M04
	Networks []Body   `json:"networks,omitzero"` // only these; none = every network with members
	Due      Date     `json:"due,omitzero"`      // when it is to be paid; 30 days if not given

	MissingAtMost Quantity `json:"missingatmost,omitzero"` // per cent of patients for whom nothing is paid, beyond which the run is refused; 2 if not given
}

// EntitlementRun says what became due at a rate. Each line is a payable item with a part for each month.
type EntitlementRun struct {
	Fund     FundCode          `json:"fund"`
	Rate     RateCode          `json:"rate"`
	Year     Year              `json:"year"`
	Through  Service           `json:"through"`
	Due      Date              `json:"due"`
	Lines    []EntitlementLine `json:"lines"`
	Missing  Missing           `json:"missing,omitzero"`
	Warnings []string          `json:"warnings,omitzero"`
}

// An EntitlementLine is what became due to one payee for one network, or one area. What it stands on is that of the last
// month for which there is anything; Parts are each month's own result, less what was raised.
type EntitlementLine struct {
	Payee       Body     `json:"payee"`
	Beneficiary Body     `json:"beneficiary"`
	Practice    Body     `json:"practice,omitzero"` // where the rate is paid on a practice's own list
	Category    Category `json:"category"`
	Pence       Pence    `json:"pence"`
	Footing
	Parts []EntitlementPart `json:"parts"`
}

// on is what a part of the line stands on.
func (e EntitlementLine) on(part EntitlementPart) Footing {
	if part.On != nil {
		return *part.On
	}
	return e.Footing
}

// An EntitlementPart is what became due for one month, and the allocations it is charged to.
type EntitlementPart struct {
	For   Service  `json:"for"`
	Pence Pence    `json:"pence"`
	On    *Footing `json:"on,omitzero"` // what it stands on, where that is not the line's
	Draws []Draw   `json:"draws"`
}

// raisedKey is a payment, whoever was paid: at a rate, for a network or on a practice's list.
type raisedKey struct {
	rate        rateKey
	beneficiary Body // the network, or the practice whose list it is
}

// Annual returns what a list comes to at a rate for the rate's period: rounded once, half away from zero.
func Annual(rate Rate, patients int64) Pence {
	pounds := rate.amount().Mul(decimal.NewFromInt(patients))
	return Pence(pounds.Shift(2).Round(0).IntPart())
}

// Instalments returns each month's own result when annual amounts are paid in equal instalments: what is due for months
// 1 to k is the sum of the first k annual amounts divided by n, rounded half away from zero, and a month's own result is
// what it adds. Annual has at most n entries, one for each month that has come.
func Instalments(annual []Pence, n int) []Pence {
	own := make([]Pence, len(annual))
	var sum, before Pence
	for i, a := range annual {
		sum += a
		due := (2*sum + Pence(n)) / (2 * Pence(n))
		own[i], before = due-before, due
	}
	return own
}

func (c RunEntitlement) decide(l *Ledger, m moment) (Event, error) {
	f, err := l.openedFund(c.Fund)
	if err != nil {
		return nil, err
	}
	run, err := l.newRun(f, c, m)
	if err != nil {
		return nil, err
	}
	claimants, err := run.claimants(c.Networks)
	if err != nil {
		return nil, err
	}
	e := EntitlementRun{Fund: c.Fund, Rate: c.Rate, Year: f.Year, Through: c.Through, Due: dueBy(c.Due, m)}
	for _, claimant := range claimants {
		line, err := run.line(claimant)
		if err != nil {
			return nil, err
		}
		if line.Pence > 0 {
			e.Lines = append(e.Lines, line)
		}
	}
	if e.Missing, err = run.missing(len(c.Networks) == 0, c.MissingAtMost); err != nil {
		return nil, err
	}
	if len(e.Lines) == 0 {
		return nil, ErrUnchanged
	}
	e.Warnings = run.warnings
	return e, nil
}

// entitlementRun is one run of one rate while it is decided.
type entitlementRun struct {
	reckoner
	ledger   *Ledger
	till     *till
	rate     Rate
	through  Service
	months   []Service // of the rate's period, up to and including the last
	n        int       // months in the rate's period
	roll     roll      // who counts in the last month, and who is missing
	warnings []string

	accrued map[raisedKey]map[Service]Pence // what an accrual of the same period shows already; none in a run
}

// newRun refuses a run that its rate, its fund or the calendar forbids.
func (l *Ledger) newRun(f *fundState, c RunEntitlement, m moment) (*entitlementRun, error) {
	run, err := l.runOf(f, c.Rate, c.Through, m)
	if err != nil {
		return nil, err
	}
	rate, months := run.rate, run.rate.Months()
	if c.Through < rate.First || !slices.Contains(months, c.Through) {
		return nil, refuse(RuleRateMonth, fmt.Sprintf("run it through a month from %s to %s", max(rate.First, months[0]), months[len(months)-1]),
			"rate %s of %s is not paid for %q", rate.Rate, f.Year, string(c.Through))
	}
	if c.Through.First() > m.effective {
		return nil, refuse(RuleMonthNotBegun, "wait until the month has begun", "%s begins on %s; the run takes effect on %s", c.Through, c.Through.First(), m.effective)
	}
	return run, nil
}

// runOf is a run of a rate for its months up to and including one, whether or not they are paid yet. It refuses one that
// the rate or the fund forbids.
func (l *Ledger) runOf(f *fundState, code RateCode, through Service, m moment) (*entitlementRun, error) {
	rate, err := l.adopted(f.Year, code)
	if err != nil {
		return nil, err
	}
	if rate.Kind != RateEntitlement {
		return nil, refuse(RuleRateKind, "run an entitlement; roles are claimed (SubmitClaim)", "rate %s (%s) is no entitlement", rate.Rate, rate.Title)
	}
	if f.Basis != BasisEvidence {
		return nil, refuse(RuleFundTerms, "use a fund with the basis evidence", "fund %s pays in advance; an entitlement is paid when it is due", f.Fund)
	}
	if err := f.checkCategory(rate.Category, true); err != nil {
		return nil, err
	}
	run := &entitlementRun{reckoner: reckoner{Grounds: &l.Grounds}, ledger: l, till: l.tillOf(f, m), rate: rate, through: through, n: len(rate.Months())}
	for _, month := range rate.Months() {
		if month > through {
			break
		}
		if err := f.checkService(month); err != nil {
			return nil, err
		}
		run.months = append(run.months, month)
	}
	return run, nil
}

// line returns what is due to a claimant: every month's own result, less what was raised for it before.
func (r *entitlementRun) line(c claimant) (EntitlementLine, error) {
	line := EntitlementLine{Payee: c.practice, Beneficiary: c.network, Practice: c.practice, Category: r.rate.Category}
	annual, footings := make([]Pence, len(r.months)), map[Service]Footing{}
	for i, month := range r.months {
		reckoning, err := r.reckon(r.rate, c, month)
		if err != nil {
			return line, err
		}
		annual[i], footings[month] = reckoning.Annual, reckoning.Footing
		if !r.counts(c, month) {
			continue
		}
		r.warnUnlisted(c, reckoning)
		if reckoning.stands() {
			line.Footing = reckoning.Footing
		}
		if month == r.months[len(r.months)-1] {
			r.roll.add(reckoning)
		}
	}
	own, err := r.own(c, annual)
	if err != nil {
		return line, err
	}
	parts, err := r.parts(c, own, footings)
	if err != nil || len(parts) == 0 {
		return line, err
	}
	for i, part := range parts {
		line.Pence += part.Pence
		if on := footings[part.For]; on != line.Footing {
			parts[i].On = &on
		}
	}
	line.Parts = parts
	return r.charge(c, line)
}

// own is each month's own result of the annual amounts of the run's months. What is paid once is looked at to the end of the
// rate's period, whatever the run's last month: else a run through an earlier month would raise again what a later one took off.
func (r *entitlementRun) own(c claimant, annual []Pence) ([]Pence, error) {
	if r.rate.Instalments != PayOnce {
		return r.rate.own(annual), nil
	}
	all := slices.Clone(annual)
	for _, month := range r.rate.Months()[len(annual):] {
		reckoning, err := r.reckon(r.rate, c, month)
		if err != nil {
			return nil, err
		}
		all = append(all, reckoning.Annual)
	}
	return r.rate.own(all)[:len(annual)], nil
}

// warnUnlisted names the members that the list does not have.
func (r *entitlementRun) warnUnlisted(c claimant, reckoning Reckoning) {
	for _, m := range reckoning.Members {
		if !m.Listed {
			r.warnings = addWarnings(r.warnings, []string{fmt.Sprintf("%s of %s has no patients in %s and nothing is paid for it",
				m.Practice.Bare(), c.network.Bare(), reckoning.listName(r.rate))})
		}
	}
}

// parts returns what each month's own result adds to what was raised for it. A correction of one month can move the
// rounding of another by a penny: a month that so fell is made good out of the others. A month that fell by more is
// refused, and so is one that comes to something else because the rate itself changed: AdjustEntitlement posts both.
func (r *entitlementRun) parts(c claimant, own []Pence, footings map[Service]Footing) ([]EntitlementPart, error) {
	var parts []EntitlementPart
	var over Pence // raised too much by rounding, not made good yet
	fell := -1
	for i, month := range r.months {
		if !r.counts(c, month) {
			continue
		}
		due := own[i] - r.before(c, month)
		if err := r.revised(c, month, due, footings[month]); err != nil {
			return nil, err
		}
		switch {
		case due < -1:
			return nil, r.fell(c, month, own[i])
		case due == -1:
			fell = i
		}
		due -= over
		over = max(0, -due)
		if due > 0 {
			parts = append(parts, EntitlementPart{For: month, Pence: due})
		}
	}
	for ; over > 0 && len(parts) > 0; over-- {
		last := &parts[len(parts)-1]
		if last.Pence--; last.Pence == 0 {
			parts = parts[:len(parts)-1]
		}
	}
	if over > 0 {
		return nil, r.fell(c, r.months[fell], own[fell])
	}
	return parts, nil
}

// before is what was raised for a month, or is accrued for it.
func (r *entitlementRun) before(c claimant, month Service) Pence {
	return r.ledger.raised[c.key(r.rate)][month] + r.accrued[c.key(r.rate)][month]
}

// counts says whether a month's result belongs to a claimant: a practice's belongs to the network that it was in.
func (r *entitlementRun) counts(c claimant, month Service) bool {
	return c.practice == "" || r.networkFor(r.rate, c.practice, month) == c.network
}

const adjustFirst = "post the difference (AdjustEntitlement) and run it again, or run the other networks (networks)"

func (r *entitlementRun) fell(c claimant, month Service, own Pence) *Refusal {
	raised := r.before(c, month)
	return refuse(RuleEntitlementFell, adjustFirst, "%s of %s for %s was raised at %s; by the lists, memberships and quantities of today it is %s",
		r.rate.Title, cmp.Or(c.practice, c.network).Bare(), month, raised, own).
		figure("raised before", raised).figure("due", own)
}

// revised refuses a month that was raised on another version of the rate, if it comes to more or less on the version of today.
func (r *entitlementRun) revised(c claimant, month Service, due Pence, now Footing) error {
	was, raised := r.ledger.footingOf(c.key(r.rate), month)
	if !raised || was.Rate == now.Rate || due == 0 {
		return nil
	}
	before := r.before(c, month)
	return refuse(RuleRateRevised, adjustFirst, "%s of %s for %s was raised at %s on the rate of event %d; on that of event %d it is %s",
		r.rate.Title, cmp.Or(c.practice, c.network).Bare(), month, before, was.Rate, now.Rate, before+due).
		figure("raised before", before).figure("due", before+due)
}

// footingOf is what a month that was raised stands on; none if it was not.
func (l *Ledger) footingOf(key raisedKey, month Service) (on Footing, raised bool) {
	all := l.footings[key][month]
	if len(all) == 0 {
		return on, false
	}
	return all[len(all)-1].Footing, true
}

// charge names the payee and draws each part on what is allocated.
func (r *entitlementRun) charge(c claimant, line EntitlementLine) (EntitlementLine, error) {
	if line.Payee == "" {
		payee, err := r.ledger.registry.nominee(c.network, r.through.First())
		if err != nil {
			return line, err
		}
		line.Payee = payee
	}
	for i := range line.Parts {
		part := &line.Parts[i]
		want := resolvedLine{Bucket: Bucket{line.Payee, line.Beneficiary, line.Category, part.For}, Pence: part.Pence}
		draws, warned, err := r.till.spendOnEvidence(want)
		if err != nil {
			return line, err
		}
		part.Draws = draws
		r.warnings = addWarnings(r.warnings, warned)
	}
	return line, nil
}

// applyEntitlement remembers what was raised for which month.
func (l *Ledger) applyEntitlement(number int64, e EntitlementRun) {
	for _, line := range e.Lines {
		key := raisedKey{rateKey{e.Year, e.Rate}, cmp.Or(line.Practice, line.Beneficiary)}
		if l.raised == nil {
			l.raised = map[raisedKey]map[Service]Pence{}
		}
		if l.raised[key] == nil {
			l.raised[key] = map[Service]Pence{}
		}
		for _, part := range line.Parts {
			l.raised[key][part.For] += part.Pence
			l.stand(key, part.For, stood{number, line.on(part)})
		}
	}
}

// roundRat rounds half away from zero to whole pence.
func roundRat(r *big.Rat) Pence {
	num, of := r.Num(), r.Denom()
	if num.IsInt64() && of.IsInt64() {
		if n, d := num.Int64(), of.Int64(); -mostExact < n && n < mostExact && d < mostExact {
			return Pence(roundInt(n, d))
		}
	}
	twice := new(big.Int).Lsh(num, 1)
	twice.Abs(twice).Add(twice, of)
	whole := twice.Quo(twice, new(big.Int).Lsh(of, 1))
	return Pence(int64(num.Sign()) * whole.Int64())
}

// mostExact is what twice it plus it cannot overflow.
const mostExact = math.MaxInt64 / 3

// roundInt divides and rounds half away from zero.
func roundInt(n, d int64) int64 {
	if n < 0 {
		return -roundInt(-n, d)
	}
	return (2*n + d) / (2 * d)
}
