package domain

// AdjustEntitlement asks that what a revised rate, a corrected population or another fact that came late makes of months
// that were raised already be posted: what is more becomes due, what is less is to be paid back by whoever was paid. It
// raises no month that was not raised before.
type AdjustEntitlement struct {
	Fund     FundCode `json:"fund"`
	Rate     RateCode `json:"rate"`
	Through  Service  `json:"through"`           // the last month to adjust
	Networks []Body   `json:"networks,omitzero"` // only these; none = all
	Reason   string   `json:"reason"`
	Due      Date     `json:"due,omitzero"`
}

// EntitlementAdjusted says what became due, or is to be paid back, for months that were raised before. Each line is an
// item of one payee, with a part for each month that names what it stood on and what it stands on now.
type EntitlementAdjusted struct {
	Fund     FundCode         `json:"fund"`
	Rate     RateCode         `json:"rate"`
	Year     Year             `json:"year"`
	Through  Service          `json:"through"`
	Due      Date             `json:"due"`
	Reason   string           `json:"reason"`
	Lines    []AdjustmentLine `json:"lines"`
	Warnings []string         `json:"warnings,omitzero"`
}

// An AdjustmentLine is more that is due to a payee, or less: then Of is the item that too much was raised in.
type AdjustmentLine struct {
	Payee       Body           `json:"payee"`
	Beneficiary Body           `json:"beneficiary"`
	Practice    Body           `json:"practice,omitzero"`
	Category    Category       `json:"category"`
	Pence       Pence          `json:"pence"` // above zero in either direction
	Of          ItemID         `json:"of,omitzero"`
	Parts       []AdjustedPart `json:"parts"`
}

// An AdjustedPart is the difference of one month, and the allocations it is charged to or given back to. Charge counts the
// charges of the item that it takes from, from 1.
type AdjustedPart struct {
	For    Service `json:"for"`
	Pence  Pence   `json:"pence"`
	Was    Footing `json:"was"`
	Now    Footing `json:"now"`
	Charge int     `json:"charge,omitzero"`
	Draws  []Draw  `json:"draws"`
}

// A Footing is what a month's result stands on: the event that its rate was adopted, revised or overridden in, the list,
// and what they come to for the rate's whole period.
type Footing struct {
	Rate     int64    `json:"rate"`
	List     int64    `json:"list,omitzero"`
	Patients int64    `json:"patients,omitzero"`
	Quantity Quantity `json:"quantity,omitzero"` // times the factors, in lowest terms
	Counted  int64    `json:"counted,omitzero"`  // the event that the quantity was recorded in
	Annual   Pence    `json:"annual"`
}

func (c AdjustEntitlement) decide(l *Ledger, m moment) (Event, error) { panic("AdjustEntitlement") }

// applyAdjustment adds to what was raised, or takes off, and remembers what it stands on now.
func (l *Ledger) applyAdjustment(e EntitlementAdjusted) { panic("EntitlementAdjusted") }
