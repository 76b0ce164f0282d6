package domain

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
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
func PeriodOf(d Date) Period {
	month := (int(d.time().Month())+8)%12 + 1
	return periodIn(YearOf(d), month)
}

func periodIn(y Year, month int) Period { return Period(fmt.Sprintf("%s/M%02d", y, month)) }

// Year returns the financial year of the period.
func (p Period) Year() Year { return Year(p[:7]) }

// IsAdjustment says that the period is the thirteenth, for the adjustments of the year's end.
func (p Period) IsAdjustment() bool { return p.month() == 13 }

func (p Period) month() int {
	n, _ := strconv.Atoi(string(p[9:]))
	return n
}

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
	Hash         string      `json:"hash,omitzero"` // lower-case hex SHA-256, see [HashTrialBalance]
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
	through  Period        // the last month that is closed, and with it all before; none if none is
	soft     Period        // a month that is softly closed
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
		return p.through >= periodIn(period.Year(), 12) && !p.adjusted[period.Year()]
	}
	return period > p.through && (period != p.soft || monthEnd)
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
	if Service(PeriodOf(effective)) != named.calendar() {
		return refuse(RulePeriodNamed, "correct the effective date, or leave it out", "%s is not in period %s", effective, named)
	}
	if !p.takes(named, kind.MonthEnd) {
		return refuse(RulePeriodClosed, "leave the period out, so that it goes to the next open one, or have the period reopened (ReopenPeriod)",
			"period %s takes no postings: %s", named, p.standing(named))
	}
	return nil
}

// standing says in words how a period stands.
func (p *periods) standing(period Period) string {
	switch {
	case period.IsAdjustment() && p.through < periodIn(period.Year(), 12):
		return "it opens when M12 is closed"
	case period == p.soft && period > p.through:
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

func (p *periods) post(posting Posting) {
	sums := p.sums[posting.Period]
	if sums == nil {
		sums = map[trialKey]Pence{}
		set(&p.sums, posting.Period, sums)
	}
	sums[trialKey{posting.Fund, posting.Account}] += posting.Pence
}

// trialBalance returns what every account stands at over all periods up to one, but those that come to nothing.
func (p *periods) trialBalance(through Period) []TrialLine {
	sums := map[trialKey]Pence{}
	for period, posted := range p.sums {
		if period > through {
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
	if hash := HashTrialBalance(e.Period, p.trialBalance(e.Period)); hash != e.Hash && p.wrong == "" {
		p.wrong = fmt.Sprintf("period %s was closed with the trial balance %s; what is recorded comes to %s", e.Period, e.Hash, hash)
	}
	if e.Period.IsAdjustment() {
		set(&p.adjusted, e.Period.Year(), true)
		return
	}
	p.through, p.soft = e.Period, ""
}

func (p *periods) reopen(e PeriodReopened) {
	switch {
	case e.Period.IsAdjustment():
		delete(p.adjusted, e.Period.Year())
	case e.Period == p.soft && e.Period > p.through:
		p.soft = ""
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
	if c.Period.IsAdjustment() {
		return p.closeAdjustment(c)
	}
	switch {
	case c.Period <= p.through, c.Soft && c.Period == p.soft:
		return nil, ErrUnchanged
	case p.through != "" && c.Period.before() != p.through:
		next := p.through.next()
		if next.IsAdjustment() {
			next = next.next()
		}
		return nil, refuse(RulePeriodOrder, "close "+string(next)+" first", "period %s is not the next one: the last that was closed is %s", c.Period, p.through)
	case c.Soft:
		return PeriodClosed{Period: c.Period, Soft: true}, nil
	}
	return p.closed(c.Period), nil
}

// closed is the close of a period with what the accounts stand at.
func (p *periods) closed(period Period) PeriodClosed {
	lines := p.trialBalance(period)
	return PeriodClosed{Period: period, TrialBalance: lines, Hash: HashTrialBalance(period, lines)}
}

func (p *periods) closeAdjustment(c ClosePeriod) (Event, error) {
	switch {
	case c.Soft:
		return nil, refuse(RulePeriodOrder, "close it, or leave it open", "period %s cannot be closed softly", c.Period)
	case p.adjusted[c.Period.Year()]:
		return nil, ErrUnchanged
	case !p.takes(c.Period, true):
		return nil, refuse(RulePeriodOrder, "close "+string(periodIn(c.Period.Year(), 12))+" first", "period %s is not open: %s", c.Period, p.standing(c.Period))
	}
	return p.closed(c.Period), nil
}

func (c ReopenPeriod) decide(l *Ledger, _ moment) (Event, error) {
	p := &l.periods
	if err := checkText(c.Reason, "the reason", `"the bank statement came late"`); err != nil {
		return nil, err
	}
	switch {
	case c.Period == "":
		return nil, refuse(RuleTextMissing, "name it, for example 2018-19/M04", "the period is missing")
	case c.Period.IsAdjustment() && p.adjusted[c.Period.Year()], c.Period == p.soft && c.Period > p.through:
		return PeriodReopened(c), nil
	case c.Period.IsAdjustment() || c.Period > p.through:
		return nil, ErrUnchanged
	case c.Period != p.through:
		return nil, refuse(RulePeriodOrder, "reopen "+string(p.through)+" first", "period %s is not the last that was closed", c.Period)
	case p.adjusted[c.Period.Year()] && c.Period.month() == 12:
		return nil, refuse(RulePeriodOrder, "reopen "+string(periodIn(c.Period.Year(), 13))+" first", "period %s was followed by M13, which is closed", c.Period)
	}
	return PeriodReopened(c), nil
}
