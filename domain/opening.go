package domain

import "slices"

// The rules of opening balances.
const (
	RuleOpeningPosted  Rule = "opening-posted"
	RuleOpeningAccount Rule = "opening-account"
	RuleOpeningSide    Rule = "opening-side"
)

// OpenBalances asks to begin funds with what they stood at elsewhere: the balances of an earlier ledger, or of the
// spreadsheets before it. It always needs two people. The lines of each fund balance; those of payables and receivables
// open items.
type OpenBalances struct {
	Source Source        `json:"source"`
	Due    Date          `json:"due,omitzero"` // of the items; 30 days if not given
	Lines  []JournalLine `json:"lines"`
}

// BalancesOpened says what funds began with. Item ids are <number>.<line>. InAdvance lists the funds that pay in advance:
// their payables release advances, and their receivables call them back.
type BalancesOpened struct {
	Source    Source        `json:"source"`
	Due       Date          `json:"due"`
	Lines     []JournalLine `json:"lines"`
	InAdvance []FundCode    `json:"inadvance,omitzero"`
}

func (c OpenBalances) decide(l *Ledger, m moment) (Event, error) {
	if err := checkText(c.Source.Title, "the source's title", `"trial balance of the old workbook at 31 October 2018"`); err != nil {
		return nil, err
	}
	if err := checkLines(len(c.Lines)); err != nil {
		return nil, err
	}
	e := BalancesOpened{Source: c.Source, Due: dueBy(c.Due, m)}
	entry := newEntry()
	for i, line := range c.Lines {
		line, err := l.openingLine(line, m)
		if err != nil {
			return nil, onLine(i, err)
		}
		e.Lines = append(e.Lines, line)
		entry.add(line)
	}
	if err := entry.check(); err != nil {
		return nil, err
	}
	if err := l.checkOpening(entry); err != nil {
		return nil, err
	}
	for _, fund := range entry.funds {
		if l.funds[fund].Basis == BasisAdvance {
			e.InAdvance = append(e.InAdvance, fund)
		}
	}
	slices.Sort(e.InAdvance)
	return e, nil
}

// openingLine fills in a line's time of service, or refuses a line that a fund cannot begin with.
func (l *Ledger) openingLine(line JournalLine, m moment) (JournalLine, error) {
	f, err := l.openedFund(line.Fund)
	if err != nil {
		return line, err
	}
	advance := line.Account == Advances || line.Account == Released
	item := line.Account == Payables || line.Account == Receivables
	switch {
	case len(f.balances) > 0:
		return line, refuse(RuleOpeningPosted, "open another fund for it, or correct what was recorded (ReverseEntry, PostJournal)",
			"fund %s has entries already; balances are opened before anything else", f.Fund)
	case m.effective < f.From:
		return line, f.checkDay(m.effective)
	case line.Account == "":
		return line, refuse(RuleOpeningAccount, "name the account, such as payables", "the account is missing")
	case line.Account == InTransit:
		return line, refuse(RuleOpeningAccount, "open it as a payable until it has arrived, and under clearing once it has", "what is in transit belongs to a payment run, and this ledger has none of it")
	case advance && f.Basis != BasisAdvance:
		return line, refuse(RuleFundNoAdvances, "open it as expenditure, or the fund with the basis advance", "fund %s pays on evidence, never in advance", f.Fund)
	case line.Account == Payables && line.Debit != 0, line.Account == Receivables && line.Credit != 0:
		return line, refuse(RuleOpeningSide, "open what is owed to the commissioner as a receivable, and what it owes as a payable",
			"%s is on the wrong side: payables are credited, receivables debited", line.Account).figure("debit", line.Debit).figure("credit", line.Credit)
	}
	return l.entryLine(f, line, item || advance)
}

// checkOpening refuses balances on the side on which they cannot stand. What is unallocated, allocated or lapsed may be
// below zero in a fund that only warns: the overspend.
func (l *Ledger) checkOpening(e *manualEntry) error {
	for _, fund := range e.funds {
		for _, s := range e.sides(fund) {
			pence, wrong := e.nets[fund][s], false
			switch s.account {
			case Limit, Accruals:
				wrong = pence > 0
			case Expenditure, Advances, Charged, Released:
				wrong = pence < 0
			case Unallocated, Allocated, Lapsed:
				wrong = pence < 0 && l.funds[fund].Cover == CoverHard
			}
			if wrong {
				return refuse(RuleOpeningSide, "exchange debit and credit, or correct the amounts", "%s%s in fund %s would begin at %s, on the wrong side",
					s.account, toPayee(s.bucket), fund, pence).figure("balance", pence)
			}
		}
	}
	return nil
}
