package domain

// ReviseRate asks that an adopted rate be paid at another amount from a day on, which may be before what was raised
// already: as a card prints it (edition), or as a document says (amount, document). Nothing is posted: what the revision
// makes of months that were raised is shown and posted by AdjustEntitlement, and for claims by ClaimUplift.
type ReviseRate struct {
	Year     Year     `json:"year"`
	Rate     RateCode `json:"rate"`
	Area     CostArea `json:"area,omitzero"`
	From     Date     `json:"from,omitzero"`    // the first day of the rate's period if not given
	Edition  string   `json:"edition,omitzero"` // of the card: September 2024
	Amount   string   `json:"amount,omitzero"`  // or in pounds
	Percent  string   `json:"percent,omitzero"` // of a role, if that changes
	Reason   string   `json:"reason"`
	Document Source   `json:"document,omitzero"` // what the officer relies on, where the card does not say it or is less than secondary
}

// OverrideRate asks that an adopted rate be paid at the commissioner's own amount from a day on, as a local variation of
// the contract lets it since 1 May 2026: every practice agrees, and the whole comes to more than the national terms.
type OverrideRate struct {
	Year      Year     `json:"year"`
	Rate      RateCode `json:"rate"`
	Area      CostArea `json:"area,omitzero"`
	From      Date     `json:"from"`
	To        Date     `json:"to,omitzero"` // the last day of the rate's period if not given
	Amount    string   `json:"amount"`      // in pounds, for the rate's whole period
	Percent   string   `json:"percent,omitzero"`
	Reason    string   `json:"reason"`
	Agreement Source   `json:"agreement"`
}

// A RateChange says what a rate is paid at from a day on, and the number of the version it takes the place of.
type RateChange struct {
	Year   Year     `json:"year"`
	Rate   RateCode `json:"rate"`
	Area   CostArea `json:"area,omitzero"`
	From   Date     `json:"from"`
	To     Date     `json:"to"`
	Was    int64    `json:"was"`
	Before string   `json:"before"` // the amount that it was
	Now    Rate     `json:"now"`
	Reason string   `json:"reason"`
}

// RateRevised says that a rate is paid at another amount.
type RateRevised struct{ RateChange }

// RateOverridden says that the commissioner pays its own amount.
type RateOverridden struct{ RateChange }

func (c ReviseRate) decide(l *Ledger, _ moment) (Event, error) { panic("ReviseRate") }

func (c OverrideRate) decide(l *Ledger, _ moment) (Event, error) { panic("OverrideRate") }
