package domain

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"
)

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

// Missing is whom nothing is paid for in a run: members that the lists do not have, and practices with patients that are in
// no network, both in the last month. PerCent is how much of all patients that is, a member without a list counted as one
// of average size, to two places.
type Missing struct {
	Unlisted    []Body     `json:"unlisted,omitzero"`
	Unallocated []ListLine `json:"unallocated,omitzero"`
	PerCent     string     `json:"percent,omitzero"`
}

// An EntitlementLine is what became due to one payee for one network. Patients is the list of the last month that it is
// paid for, and Annual what it comes to at the rate for the rate's whole period; Parts are each month's own result, less what
// was raised.
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
	e := EntitlementRun{Fund: c.Fund, Rate: c.Rate, Year: f.Year, Through: c.Through, Due: dueBy(c.Due, m)}
	claimants, err := run.claimants(c.Networks)
	if err != nil {
		return nil, err
	}
	for _, claimant := range claimants {
		line, err := run.line(claimant)
		if err != nil {
			return nil, err
		}
		if line.Pence > 0 {
			e.Lines = append(e.Lines, line)
		}
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

// A claimant is who a payment is counted for: a network, or a practice and the network it is in; for none that is zero.
type claimant struct{ network, practice Body }

// claimantOf returns who is counted for a practice in a network; the rate says which of the two it is.
func (r *entitlementRun) claimantOf(network, practice Body) claimant {
	if r.rate.Payee != PayPractice {
		return claimant{network: network}
	}
	if network == practice {
		return claimant{practice: practice}
	}
	return claimant{network, practice}
}

// key is what the payment was raised under.
func (c claimant) key(rate Rate) raisedKey {
	key := raisedKey{rateKey{rate.Year, rate.Rate}, c.network}
	if c.practice != "" {
		key.beneficiary = c.practice
	}
	return key
}

// claimants lists the networks, or the practices in networks, that the rate is paid for, in order of code: those of every
// month of the run, not of its last alone, and those for which something was raised before, so that none falls unseen. A
// practice in no network is paid nothing. A network that was asked for and has no members is refused.
func (r *entitlementRun) claimants(only []Body) ([]claimant, error) {
	found := map[claimant]bool{}
	counted := r.rate.Population == "" && r.rate.Measure != ""
	for key := range r.ledger.quantities {
		if counted && key.measure == r.rate.Measure {
			found[r.claimantOf(key.body, key.body)] = true
		}
	}
	for _, month := range r.months {
		first := month.First()
		if counted {
			break
		}
		for practice := range r.ledger.registry.enrolments {
			if network := r.ledger.registry.networkOf(practice, first); network != "" {
				found[r.claimantOf(network, practice)] = true
			}
		}
	}
	for key := range r.ledger.raised {
		if key.rate == (rateKey{r.rate.Year, r.rate.Rate}) {
			found[r.claimantOf(key.beneficiary, key.beneficiary)] = true
		}
	}
	var all []claimant
	for c := range found {
		if len(only) == 0 || slices.Contains(only, c.network) {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b claimant) int {
		return cmp.Or(cmp.Compare(a.network, b.network), cmp.Compare(a.practice, b.practice))
	})
	for _, network := range only {
		if !slices.ContainsFunc(all, func(c claimant) bool { return c.network == network }) {
			return nil, refuse(RuleRunEmpty, "record its members first (RecordMembership), or leave it out", "%s has no members by %s", network.Bare(), r.through)
		}
	}
	if len(all) == 0 {
		return nil, refuse(RuleRunEmpty, "record memberships first: pcnledger import memberships FILE", "no network has members by %s", r.through)
	}
	return all, nil
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
		r.warnUnlisted(c, reckoning)
		annual[i], footings[month] = reckoning.Annual, reckoning.Footing
		if (reckoning.List != 0 || reckoning.Counted != 0 || reckoning.Annual != 0) && r.counts(c, month) {
			line.Footing = reckoning.Footing
		}
	}
	parts, err := r.parts(c, r.rate.own(annual))
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

// warnUnlisted names the members that the list does not have.
func (r *entitlementRun) warnUnlisted(c claimant, reckoning Reckoning) {
	for _, m := range reckoning.Members {
		if !m.Listed {
			r.warnings = addWarnings(r.warnings, []string{fmt.Sprintf("%s of %s has no patients in list %d and nothing is paid for it",
				m.Practice.Bare(), c.network.Bare(), reckoning.List)})
		}
	}
}

// parts returns what each month's own result adds to what was raised for it. A correction of one month can move the
// rounding of another by a penny: a month that so fell is made good out of the others. A month that fell by more is
// refused.
func (r *entitlementRun) parts(c claimant, own []Pence) ([]EntitlementPart, error) {
	raised, accrued := r.ledger.raised[c.key(r.rate)], r.accrued[c.key(r.rate)]
	var parts []EntitlementPart
	var over Pence // raised too much by rounding, not made good yet
	fell := -1
	for i, month := range r.months {
		before := raised[month] + accrued[month]
		due := own[i] - before
		switch {
		case !r.counts(c, month):
			continue
		case due < -1:
			return nil, r.fell(c, month, before, own[i])
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
		return nil, r.fell(c, r.months[fell], raised[r.months[fell]]+accrued[r.months[fell]], own[fell])
	}
	return parts, nil
}

// counts says whether a month's result belongs to a claimant: a practice's belongs to the network that it was in.
func (r *entitlementRun) counts(c claimant, month Service) bool {
	return c.practice == "" || r.ledger.registry.networkOf(c.practice, month.First()) == c.network
}

func (r *entitlementRun) fell(c claimant, month Service, raised, own Pence) *Refusal {
	return refuse(RuleEntitlementFell, "raise a recovery of the difference (RaiseRecovery) and run it again, or run the other networks (networks)",
		"%s of %s for %s was raised at %s; by the lists and memberships of today it is %s", r.rate.Title, cmp.Or(c.practice, c.network).Bare(), month, raised, own).
		figure("raised before", raised).figure("due", own)
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

// listOf returns the list that some practices are paid on for a month: of those that have one of them, stand for the day or
// an earlier one and are used for the month, the latest, and of several for the same day the last recorded.
func (g *Grounds) listOf(members []Body, population Population, day Date, month Service) (listState, error) {
	var found listState
	for _, list := range g.lists {
		if list.population != population || list.standsFor > day || list.standsFor < found.standsFor || list.usedFrom > month.First() {
			continue
		}
		if slices.ContainsFunc(members, func(b Body) bool { return has(list.patients, b) }) {
			found = list
		}
	}
	if found.number == 0 {
		return found, refuse(RuleListUnknown, "import one: pcnledger import list-sizes FILE", "%s has no %s list that stands for %s or an earlier day",
			members[0].Bare(), population, day)
	}
	return found, nil
}

// applyEntitlement remembers what was raised for which month.
func (l *Ledger) applyEntitlement(number int64, e EntitlementRun) {
	for _, line := range e.Lines {
		key := raisedKey{rateKey{e.Year, e.Rate}, line.Beneficiary}
		if line.Practice != "" {
			key.beneficiary = line.Practice
		}
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
	twice := new(big.Rat).Mul(r, big.NewRat(2, 1))
	sign := int64(twice.Sign())
	twice.Abs(twice).Add(twice, big.NewRat(1, 1)).Quo(twice, big.NewRat(2, 1))
	whole := new(big.Int).Quo(twice.Num(), twice.Denom())
	return Pence(sign * whole.Int64())
}
