package domain

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
	Fund FundCode `json:"fund"`
	Rate RateCode `json:"rate"`
}

// AccrualPosted says which cost is shown in a period before it is paid. Reverses is the day on which exactly the same
// lines are exchanged; none in M12 and M13.
type AccrualPosted struct {
	Reason   string        `json:"reason"`
	Reverses Date          `json:"reverses,omitzero"`
	Lines    []AccruedLine `json:"lines"`
	Warnings []string      `json:"warnings,omitzero"`
}

// An AccruedLine is one line of cost and the allocations that it is charged to.
type AccruedLine struct {
	Fund FundCode `json:"fund"`
	Bucket
	Pence Pence  `json:"pence"`
	Draws []Draw `json:"draws"`
}

func (c PostAccrual) decide(l *Ledger, m moment) (Event, error) { panic("not built yet") }
