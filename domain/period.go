package domain

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A Period is a month of accounts, written 2018-19/M04: M01 is April, M12 is March. M13 takes the adjustments of the year's
// end. Periods compare with < and >.
type Period string

var periodForm = regexp.MustCompile(`^(\d{4}-\d\d)/M(0[1-9]|1[0-3])$`)

// UnmarshalText reads a period; empty text is none.
func (p *Period) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*p = ""
		return nil
	}
	parts := periodForm.FindStringSubmatch(string(text))
	if parts == nil {
		return fmt.Errorf("%q is no period: write 2018-19/M04 for July 2018, or 2018-19/M13 for the adjustments of the year's end", text)
	}
	if _, err := ParseYear(parts[1]); err != nil {
		return err
	}
	*p = Period(text)
	return nil
}

// PeriodOf returns the period that holds a date.
func PeriodOf(d Date) Period { return Period(monthOf(d)) }

func periodIn(y Year, month int) Period { return Period(y.month(month)) }

// Year returns the financial year of the period.
func (p Period) Year() Year { return Year(p[:7]) }

// IsAdjustment says that the period is the thirteenth, for the adjustments of the year's end.
func (p Period) IsAdjustment() bool { return p.month() == 13 }

func (p Period) month() int { return digits(p[9:]) }

// calendar is the month of the period: of M13, that of M12.
func (p Period) calendar() Service { return Service(periodIn(p.Year(), min(p.month(), 12))) }

// First returns the first day of the period: of M13, that of M12.
func (p Period) First() Date { return p.calendar().First() }

// Last returns the last day of the period.
func (p Period) Last() Date { return p.calendar().Last() }

// next returns the period after it: M13 after M12.
func (p Period) next() Period {
	if p.IsAdjustment() {
		return PeriodOf(p.Last().AddDays(1))
	}
	return periodIn(p.Year(), p.month()+1)
}

// nextMonth returns the month after it: M01 after M12.
func (p Period) nextMonth() Period { return PeriodOf(p.Last().AddDays(1)) }

// Counts says that what is posted in another period counts in the trial balance of this one: of all periods up to it. The
// M13 of a year counts from the next year's M12 on, which is not closed before it: until then the adjustments of the year's
// end go on beside the months of the new year, and a month that is closed has to stay as it was.
func (p Period) Counts(other Period) bool {
	return other <= p && !(other.IsAdjustment() && other != p && p.month() < 12 && other.Year().Last().AddDays(1) == p.Year().First())
}

// before returns the month before it: M12 before M01.
func (p Period) before() Period { return PeriodOf(p.First().AddDays(-1)) }

// ClosePeriod asks that a period take no more postings. Softly closed it still takes accruals, journals and corrections:
// the work of the month end. Every earlier period is closed with the first one.
type ClosePeriod struct {
	Period Period `json:"period"`
	Soft   bool   `json:"soft,omitzero"`
}

// PeriodClosed says that a period takes no more postings, and what the accounts stood at: the trial balance over all
// periods up to it, and its hash. A rebuild that comes to another stops the ledger. A soft close has neither.
type PeriodClosed struct {
	Period       Period      `json:"period"`
	Soft         bool        `json:"soft,omitzero"`
	TrialBalance []TrialLine `json:"trialbalance,omitzero"`
	Hash         string      `json:"hash,omitzero"`     // lower-case hex SHA-256, see [HashTrialBalance]
	Warnings     []string    `json:"warnings,omitzero"` // the requests that wait in it and will land in another period
}

// A TrialLine is what one account of a fund stands at, debit positive.
type TrialLine struct {
	Fund    FundCode `json:"fund"`
	Account Account  `json:"account"`
	Pence   Pence    `json:"pence"`
}

// ReopenPeriod asks that the last period that was closed take postings again. It always needs two people.
type ReopenPeriod struct {
	Period Period `json:"period"`
	Reason string `json:"reason"`
}

// PeriodReopened says that a closed period takes postings again.
type PeriodReopened struct {
	Period Period `json:"period"`
	Reason string `json:"reason"`
}

// periods is which periods take postings, and what was posted in each.
type periods struct {
	first    Period        // the earliest month that was closed by itself, and not with a later one; none if none was
	through  Period        // the last month that is closed, and with it all before; none if none is
	soft     Period        // the last month that is softly closed, and with it all before that are not closed
	adjusted map[Year]bool // the years whose M13 is closed
	sums     map[Period]map[trialKey]Pence
	wrong    string // a close that what is recorded does not bear out, or a posting in a closed period
}

// trialKey is an account of a fund.
type trialKey struct {
	fund    FundCode
	account Account
}

// takes says that a period takes postings; a softly closed one those of the month end only.
func (p *periods) takes(period Period, monthEnd bool) bool {
	if period.IsAdjustment() {
		return p.through >= periodIn(period.Year(), 12) && !p.adjustmentClosed(period.Year())
	}
	return period > p.through && (period > p.soft || monthEnd)
}

// adjustmentClosed says that a year's M13 is closed: by itself, or because the first month that was ever closed came after
// it and closed everything before.
func (p *periods) adjustmentClosed(y Year) bool {
	return p.adjusted[y] || p.first > periodIn(y, 13)
}

// inPeriod is implemented by commands that may name their period.
type inPeriod interface{ named() Period }

func (c PostAccrual) named() Period { return c.Period }
func (c PostJournal) named() Period { return c.Period }

// place fixes the effective date and the period of a money command: that of its date, if it is open, else the earliest
// open period after it. A command that names its period goes there or nowhere.
func (p *periods) place(c Command, kind CommandKind, effective, today Date) (Date, Period, error) {
	named := Period("")
	if n, may := c.(inPeriod); may {
		named = n.named()
	}
	if effective == "" && named != "" {
		effective = named.Last()
	}
	if effective == "" {
		effective = today
	}
	own := PeriodOf(effective)
	if own.First() > today {
		return "", "", refuse(RulePeriodNotBegun, "date it "+today.String()+" or earlier, or wait until the period has begun",
			"%s is in period %s, which has not begun on %s", effective, own, today)
	}
	if named != "" {
		return effective, named, p.checkNamed(named, effective, kind)
	}
	for !p.takes(own, kind.MonthEnd) {
		own = own.next()
	}
	return effective, own, nil
}

// checkNamed refuses a period that is closed, or to which the effective date does not belong.
func (p *periods) checkNamed(named Period, effective Date, kind CommandKind) error {
	if !named.holds(effective) {
		return refuse(RulePeriodNamed, "correct the effective date, or leave it out", "%s is not in period %s", effective, named)
	}
	if !p.takes(named, kind.MonthEnd) {
		remedy := "name an open period, or have this one reopened (ReopenPeriod); a journal that names none goes to the next open one"
		if named.IsAdjustment() && p.through < periodIn(named.Year(), 12) {
			remedy = "close " + string(periodIn(named.Year(), 12)) + " first (ClosePeriod), or name an open month"
		}
		return refuse(RulePeriodClosed, remedy, "period %s takes no postings: %s", named, p.standing(named))
	}
	return nil
}

// holds says that a date belongs to a period: to M13 every day of its year.
func (p Period) holds(d Date) bool {
	if p.IsAdjustment() {
		return YearOf(d) == p.Year()
	}
	return PeriodOf(d) == p
}

// standing says in words how a period stands.
func (p *periods) standing(period Period) string {
	switch {
	case period.IsAdjustment() && p.through < periodIn(period.Year(), 12):
		return "it opens when M12 is closed"
	case period > p.through && period <= p.soft:
		return "it is softly closed"
	}
	return "it is closed"
}

// begin notes a fault if an event posts in a period that took nothing when it was recorded.
func (p *periods) begin(r Recorded) {
	if r.Period != "" && !p.takes(r.Period, true) && p.wrong == "" {
		p.wrong = fmt.Sprintf("event %d posts in period %s, which was closed when it was recorded", r.Number, r.Period)
	}
}

// post adds an event's postings to what its period and its accounts stand at. An accrual posts in the next period too. An
// event may post thousands of times to a few accounts: they are added up first.
func (p *periods) post(r *Recorded, postings []Posting) {
	type moved struct {
		period Period
		trialKey
		pence Pence
	}
	var sums []moved
	last := 0
	for i := range postings {
		posting := &postings[i]
		is := func(m moved) bool {
			return m.account == posting.Account && m.fund == posting.Fund && m.period == posting.Period
		}
		if len(sums) == 0 || !is(sums[last]) {
			if last = slices.IndexFunc(sums, is); last < 0 {
				sums, last = append(sums, moved{posting.Period, trialKey{posting.Fund, posting.Account}, 0}), len(sums)
			}
		}
		sums[last].pence += posting.Pence
	}
	for _, m := range sums {
		if m.period != r.Period && !p.takes(m.period, true) && p.wrong == "" {
			p.wrong = fmt.Sprintf("event %d posts in period %s, which was closed when it was recorded", r.Number, m.period)
		}
		if p.sums[m.period] == nil {
			set(&p.sums, m.period, map[trialKey]Pence{})
		}
		p.sums[m.period][m.trialKey] += m.pence
	}
}

// trialBalance returns what every account stands at over all periods up to one, but those that come to nothing.
func (p *periods) trialBalance(through Period) []TrialLine {
	sums := map[trialKey]Pence{}
	for period, posted := range p.sums {
		if !through.Counts(period) {
			continue
		}
		for key, pence := range posted {
			sums[key] += pence
		}
	}
	var lines []TrialLine
	for key, pence := range sums {
		if pence != 0 {
			lines = append(lines, TrialLine{key.fund, key.account, pence})
		}
	}
	slices.SortFunc(lines, func(a, b TrialLine) int {
		return cmp.Or(cmp.Compare(a.Fund, b.Fund), cmp.Compare(a.Account.Order(), b.Account.Order()))
	})
	return lines
}

// HashTrialBalance returns the lower-case hex SHA-256 of a trial balance: of the period and a line feed, then for each line
// fund, account and pence, with a tab between them and a line feed after them.
func HashTrialBalance(period Period, lines []TrialLine) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s\n", period)
	for _, line := range lines {
		fmt.Fprintf(&text, "%s\t%s\t%d\n", line.Fund, line.Account, line.Pence)
	}
	sum := sha256.Sum256([]byte(text.String()))
	return hex.EncodeToString(sum[:])
}

// close closes a period, and notes a fault if it stood at something else.
func (p *periods) close(e PeriodClosed) {
	if e.Soft {
		p.soft = e.Period
		return
	}
	hash := HashTrialBalance(e.Period, p.trialBalance(e.Period))
	switch {
	case p.wrong != "":
	case hash != e.Hash:
		p.wrong = fmt.Sprintf("period %s was closed with the trial balance %s; what is recorded comes to %s", e.Period, e.Hash, hash)
	case HashTrialBalance(e.Period, e.TrialBalance) != e.Hash:
		p.wrong = fmt.Sprintf("the trial balance that period %s was closed with is not the one that its hash %s is of", e.Period, e.Hash)
	}
	if e.Period.IsAdjustment() {
		set(&p.adjusted, e.Period.Year(), true)
		return
	}
	p.through = e.Period
	if p.soft <= e.Period {
		p.soft = ""
	}
	if p.first == "" || e.Period < p.first {
		p.first = e.Period
	}
}

func (p *periods) reopen(e PeriodReopened) {
	switch {
	case e.Period.IsAdjustment():
		delete(p.adjusted, e.Period.Year())
	case e.Period > p.through: // what was softly closed with it stays so
		if p.soft = e.Period.before(); p.soft <= p.through {
			p.soft = ""
		}
	default:
		p.through = e.Period.before()
	}
}

// Fault returns what is wrong with the closed periods of a ledger as it is recorded: a close that stood at something else,
// or a posting in a closed period. Such a ledger was altered, or written by a programme with other rules: it is not gone on
// with.
func (l *Ledger) Fault() error {
	if l.periods.wrong == "" {
		return nil
	}
	return fmt.Errorf("%s", l.periods.wrong)
}

func (c ClosePeriod) decide(l *Ledger, m moment) (Event, error) {
	p := &l.periods
	if c.Period == "" {
		return nil, refuse(RuleTextMissing, "name it, for example 2018-19/M04", "the period is missing")
	}
	if c.Period.Last() >= m.today() {
		return nil, refuse(RulePeriodOrder, "close it from "+c.Period.Last().AddDays(1).String()+" on", "period %s ends on %s", c.Period, c.Period.Last())
	}
	if err := p.checkClose(c); err != nil {
		return nil, err
	}
	e := PeriodClosed{Period: c.Period, Soft: c.Soft, Warnings: l.waitingIn(c, m)}
	if !c.Soft {
		e.TrialBalance = p.trialBalance(c.Period)
		e.Hash = HashTrialBalance(c.Period, e.TrialBalance)
	}
	return e, nil
}

// checkClose refuses to close a period out of its order.
func (p *periods) checkClose(c ClosePeriod) error {
	if c.Period.IsAdjustment() {
		return p.checkCloseAdjustment(c)
	}
	switch {
	case c.Period <= p.through, c.Soft && c.Period <= p.soft:
		return ErrUnchanged
	case p.through != "" && c.Period.before() != p.through:
		return refuse(RulePeriodOrder, "close "+string(p.through.nextMonth())+" first", "period %s is not the next one: the last that was closed is %s", c.Period, p.through)
	case c.Period.month() == 12 && !c.Soft && p.takes(c.Period.lastAdjustment(), true):
		return refuse(RulePeriodOrder, "close "+string(c.Period.lastAdjustment())+" first", "period %s ends a year, and %s of the year before is still open", c.Period, c.Period.lastAdjustment())
	}
	return nil
}

// lastAdjustment is the M13 of the year before.
func (p Period) lastAdjustment() Period { return periodIn(YearOf(p.Year().First().AddDays(-1)), 13) }

func (p *periods) checkCloseAdjustment(c ClosePeriod) error {
	switch {
	case c.Soft:
		return refuse(RulePeriodOrder, "close it, or leave it open", "period %s cannot be closed softly", c.Period)
	case p.adjustmentClosed(c.Period.Year()):
		return ErrUnchanged
	case !p.takes(c.Period, true):
		return refuse(RulePeriodOrder, "close "+string(periodIn(c.Period.Year(), 12))+" first", "period %s is not open: %s", c.Period, p.standing(c.Period))
	}
	return nil
}

// waitingIn names the requests that wait in a period which is closed now. The close goes through all the same: the month
// end cannot wait for every approver, and whoever approves later is shown that the request lands in another period.
func (l *Ledger) waitingIn(c ClosePeriod, m moment) (warnings []string) {
	for _, number := range l.waiting {
		r := l.requests[number]
		if !r.waits(m.today()) || c.Soft && KindOf(r.command().Command).MonthEnd {
			continue
		}
		if in := r.closedWith(&l.periods, c.Period); in != "" {
			warnings = append(warnings, fmt.Sprintf("request %d (%s of %s) waits to be approved in period %s; it will have to be looked at again, and lands in a later period",
				number, r.act, r.about, in))
		}
	}
	return warnings
}

// closedWith returns the first open period that a request would post in and that is closed with another; none if none is.
func (r *request) closedWith(p *periods, closing Period) (first Period) {
	for _, line := range r.effect {
		in := line.Period
		if in == "" || in.IsAdjustment() && in != closing || !in.IsAdjustment() && in > closing || !p.takes(in, false) {
			continue
		}
		if first == "" || in < first {
			first = in
		}
	}
	return first
}

func (c ReopenPeriod) decide(l *Ledger, _ moment) (Event, error) {
	p := &l.periods
	if err := checkText(c.Reason, "the reason", `"the bank statement came late"`); err != nil {
		return nil, err
	}
	if c.Period == "" {
		return nil, refuse(RuleTextMissing, "name it, for example 2018-19/M04", "the period is missing")
	}
	check := p.checkReopen
	if c.Period.IsAdjustment() {
		check = p.checkReopenAdjustment
	}
	if err := check(c.Period); err != nil {
		return nil, err
	}
	return PeriodReopened(c), nil
}

// checkReopen refuses to reopen any month but the last that was closed.
func (p *periods) checkReopen(period Period) error {
	first := p.through
	switch {
	case p.soft != "":
		first = p.soft
	case period > p.through:
		return ErrUnchanged
	case p.adjusted[period.Year()] && period.month() == 12:
		return refuse(RulePeriodOrder, "reopen "+string(periodIn(period.Year(), 13))+" first", "period %s was followed by M13, which is closed", period)
	}
	switch {
	case period > first:
		return ErrUnchanged
	case period < first:
		return refuse(RulePeriodOrder, "reopen "+string(first)+" first", "period %s is not the last that was closed", period)
	}
	return nil
}

// checkReopenAdjustment refuses to reopen any M13 but the last that was closed. The months of the next year beside which
// it stands may be closed.
func (p *periods) checkReopenAdjustment(period Period) error {
	for _, year := range sortedKeys(p.adjusted) {
		if year > period.Year() {
			return refuse(RulePeriodOrder, "post it in an open period", "period %s is not the last M13 that was closed: that of %s was", period, year)
		}
	}
	switch following := periodIn(YearOf(period.Last().AddDays(1)), 12); {
	case p.adjusted[period.Year()] && p.through >= following:
		return refuse(RulePeriodOrder, "post it in an open period", "period %s counts in the accounts of %s, which is closed", period, following)
	case p.adjusted[period.Year()]:
		return nil
	case p.adjustmentClosed(period.Year()):
		return refuse(RulePeriodOrder, "post it in an open period", "period %s was closed with %s and all before it, not by itself", period, p.first)
	}
	return ErrUnchanged
}
