package domain

import (
	"cmp"
	"slices"
)

// The rules of manual entries.
const (
	RuleJournalSide      Rule = "journal-debit-or-credit"
	RuleJournalAccount   Rule = "journal-account"
	RuleJournalDimension Rule = "journal-dimension"
	RuleJournalBalance   Rule = "journal-balance"
	RuleJournalPair      Rule = "journal-pair"
	RuleJournalOver      Rule = "journal-over-balance"
)

// PostJournal asks for a manual entry: what no other command can say. It always needs two people. It may name the period
// it belongs to; its effective date is then by default the period's last day.
type PostJournal struct {
	Period Period        `json:"period,omitzero"`
	Reason string        `json:"reason"`
	Lines  []JournalLine `json:"lines"`
}

// A JournalLine debits or credits an account of a fund: one of the two.
type JournalLine struct {
	Account Account  `json:"account"`
	Fund    FundCode `json:"fund"`
	Bucket
	Debit  Pence `json:"debit,omitzero"`
	Credit Pence `json:"credit,omitzero"`
}

// pence is the line's amount, debit positive.
func (j JournalLine) pence() Pence { return j.Debit - j.Credit }

// JournalPosted is a manual entry.
type JournalPosted struct {
	Reason   string        `json:"reason"`
	Lines    []JournalLine `json:"lines"`
	Warnings []string      `json:"warnings,omitzero"`
}

func (c PostJournal) decide(l *Ledger, m moment) (Event, error) {
	if err := checkText(c.Reason, "the reason", `"spend recorded under the wrong category"`); err != nil {
		return nil, err
	}
	if err := checkLines(len(c.Lines)); err != nil {
		return nil, err
	}
	e := JournalPosted{Reason: c.Reason}
	entry := newEntry()
	for i, line := range c.Lines {
		line, err := l.journalLine(line)
		if err != nil {
			return nil, onLine(i, err)
		}
		e.Lines = append(e.Lines, line)
		entry.add(line)
	}
	if err := entry.check(); err != nil {
		return nil, err
	}
	if entry.isNothing() {
		return nil, ErrUnchanged
	}
	var err error
	e.Warnings, err = l.checkCover(entry, m)
	return e, err
}

// journalLine fills in a line's time of service, or refuses a line that a journal cannot have. The fund need not be open:
// prior years are corrected too.
func (l *Ledger) journalLine(line JournalLine) (JournalLine, error) {
	if line.Account == "" {
		return line, refuse(RuleJournalAccount, "name one of: expenditure, accruals, clearing, charged, unallocated, allocated, lapsed", "the account is missing")
	}
	if remedy := line.Account.movedBy(); remedy != "" {
		return line, refuse(RuleJournalAccount, remedy, "the account %s is moved by its own commands, not by journal", line.Account)
	}
	f, err := l.fund(line.Fund)
	if err != nil {
		return line, err
	}
	if f.closed != "" && (line.Account == Unallocated || line.Account == Allocated) {
		return line, refuse(RuleJournalAccount, "use lapsed, where what was left of the fund stands", "fund %s was closed on %s and has nothing %s any more", f.Fund, f.closed, line.Account)
	}
	return l.entryLine(f, line, false)
}

// movedBy says which command moves an account that no journal moves; nothing for those that a journal does.
func (a Account) movedBy() string {
	switch a {
	case Advances, Released:
		return "release, charge or call back the advance (ReleaseFunds, RecordSpend, ReturnAdvance)"
	case Payables:
		return "pay it, or take back the entry that it arose from (SettlePayment, ReverseEntry)"
	case Receivables:
		return "raise, receive or write off what is owed (RaiseRecovery, ReturnAdvance, RecordReceipt, WriteOff)"
	case InTransit:
		return "settle or fail the payment of its run (SettlePayment, FailPayment)"
	case Limit:
		return "confirm the funding (ConfirmFunding)"
	}
	return ""
}

// entryLine fills in the time of service of a line of a manual entry, or refuses a line that is not right by itself.
func (l *Ledger) entryLine(f *fundState, line JournalLine, payee bool) (JournalLine, error) {
	if (line.Debit == 0) == (line.Credit == 0) {
		return line, refuse(RuleJournalSide, "give debit or credit, one of the two", "%s is debited with %s and credited with %s", line.Account, line.Debit, line.Credit).
			figure("debit", line.Debit).figure("credit", line.Credit)
	}
	if err := checkAmount(cmp.Or(line.Debit, line.Credit), "the amount"); err != nil {
		return line, err
	}
	if err := line.checkDimensions(f); err != nil {
		return line, err
	}
	rule := line.Account.rule()
	bucket, err := l.resolveBucket(f, line.Bucket, "", lineRule{payee: payee && rule.payee, category: line.Account == Expenditure || line.Account == Charged, past: true})
	line.Bucket = line.Account.keep(bucket)
	return line, err
}

// checkDimensions refuses what an account does not keep: dropped silently it would be missed.
func (j JournalLine) checkDimensions(f *fundState) error {
	kept := j.Account.keep(j.Bucket)
	what := ""
	switch {
	case kept.Payee != j.Payee:
		what = "payee"
	case kept.Beneficiary != j.Beneficiary:
		what = "beneficiary"
	case kept.Category != j.Category:
		what = "category"
	case kept.For != j.For:
		what = "for"
	case (j.Account == Unallocated || j.Account == Limit) && j.For != "" && j.For != j.For.WholeYear():
		return refuse(RuleJournalDimension, "leave for out, or give the year", "%s stands under the whole year %s, not under %s", j.Account, f.Year, j.For)
	}
	if what == "" {
		return nil
	}
	return refuse(RuleJournalDimension, "leave "+what+" out on this line", "%s keeps no %s", j.Account, what)
}

// A manualEntry is what the lines of a manual entry come to.
type manualEntry struct {
	funds []FundCode // in the order of their first line
	nets  map[FundCode]map[side]Pence
}

func newEntry() *manualEntry { return &manualEntry{nets: map[FundCode]map[side]Pence{}} }

func (e *manualEntry) add(line JournalLine) {
	if e.nets[line.Fund] == nil {
		e.funds = append(e.funds, line.Fund)
		e.nets[line.Fund] = map[side]Pence{}
	}
	e.nets[line.Fund][at(line.Account, line.Bucket)] += line.pence()
}

func (e *manualEntry) isNothing() bool {
	for _, nets := range e.nets {
		for _, pence := range nets {
			if pence != 0 {
				return false
			}
		}
	}
	return true
}

// sides lists what an entry moves in a fund, in the order of a trial balance.
func (e *manualEntry) sides(fund FundCode) []side {
	sides := make([]side, 0, len(e.nets[fund]))
	for s := range e.nets[fund] {
		sides = append(sides, s)
	}
	slices.SortFunc(sides, func(a, b side) int {
		return cmp.Or(cmp.Compare(a.account.Order(), b.account.Order()), compareBuckets(a.bucket, b.bucket))
	})
	return sides
}

// check refuses an entry that does not balance in each fund, or that moves expenditure without charging the fund.
func (e *manualEntry) check() error {
	for _, fund := range e.funds {
		if err := e.checkBalance(fund); err != nil {
			return err
		}
		for _, pair := range [][2]Account{{Expenditure, Charged}, {Advances, Released}} {
			if err := e.checkPair(fund, pair[0], pair[1]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *manualEntry) checkBalance(fund FundCode) error {
	var financial, control Pence
	for s, pence := range e.nets[fund] {
		if s.account.IsControl() {
			control += pence
		} else {
			financial += pence
		}
	}
	if financial == 0 && control == 0 {
		return nil
	}
	return refuse(RuleJournalBalance, "make the debits and the credits of each fund equal, for the financial accounts and for the control accounts",
		"the lines of fund %s leave %s on the financial accounts and %s on the control accounts", fund, financial, control).
		figure("financial accounts", financial).figure("control accounts", control)
}

// checkPair refuses an entry that moves one of two accounts which are always equal, bucket by bucket, without the other.
func (e *manualEntry) checkPair(fund FundCode, financial, control Account) error {
	for _, s := range e.sides(fund) {
		if s.account != financial && s.account != control {
			continue
		}
		moved, matched := e.nets[fund][side{financial, s.bucket}], e.nets[fund][side{control, s.bucket}]
		if moved != matched {
			return refuse(RuleJournalPair, "give both by the same pence with the same payee, beneficiary, category and for",
				"%s%s in fund %s moves by %s and %s by %s; the two are always equal", financial, toPayee(s.bucket), fund, moved, control, matched).
				figure(string(financial), moved).figure(string(control), matched)
		}
	}
	return nil
}

// checkCover refuses an entry that takes more from where money of a fund stands than is there. A fund that only warns is
// drawn on beyond that.
func (l *Ledger) checkCover(e *manualEntry, m moment) (warnings []string, err error) {
	for _, fund := range e.funds {
		f := l.funds[fund]
		for _, s := range e.sides(fund) {
			pence := e.nets[fund][s]
			left := m.free(f, s)
			if pence >= 0 || left+pence >= 0 || !drawable(s.account) && s.account != Charged {
				continue
			}
			over := refuse(RuleJournalOver, "take at most what is there: pcnledger show balances", "fund %s has %s %s%s%s; the entry takes %s",
				fund, left, s.account, toPayee(s.bucket), besides(f.balances[s]-left), -pence).figure("left", left).figure("asked", -pence)
			if f.Cover == CoverHard {
				return nil, over
			}
			warnings = append(warnings, over.Reason)
		}
	}
	return warnings, nil
}

// besides says what requests that wait would take of the same money.
func besides(held Pence) string {
	if held == 0 {
		return ""
	}
	return " besides " + held.String() + " that requests wait for"
}
