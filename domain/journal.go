package domain

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
	Reason string        `json:"reason"`
	Lines  []JournalLine `json:"lines"`
}

// OpenBalances asks to begin funds with what they stood at elsewhere: the balances of an earlier ledger, or of the
// spreadsheets before it. It always needs two people. The lines of each fund balance; those of payables and receivables
// open items.
type OpenBalances struct {
	Source Source        `json:"source"`
	Due    Date          `json:"due,omitzero"` // of the items; 30 days if not given
	Lines  []JournalLine `json:"lines"`
}

// BalancesOpened says what funds began with. Item ids are <number>.<line>.
type BalancesOpened struct {
	Source Source        `json:"source"`
	Due    Date          `json:"due"`
	Lines  []JournalLine `json:"lines"`
}

func (c PostJournal) decide(l *Ledger, m moment) (Event, error)  { panic("not built yet") }
func (c OpenBalances) decide(l *Ledger, m moment) (Event, error) { panic("not built yet") }
