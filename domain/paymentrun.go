package domain

// ProposePaymentRun asks that items be paid together on a day. It always needs two people: approving it is approving the
// run. What payees owe may be netted: they are paid so much less.
type ProposePaymentRun struct {
	Reference string       `json:"reference"`
	PayOn     Date         `json:"payon"`
	DueBy     Date         `json:"dueby,omitzero"` // every payable that is due by then; or lines
	Funds     []FundCode   `json:"funds,omitzero"` // with dueby: only of these funds
	Lines     []SettleLine `json:"lines,omitzero"`
	Netted    []SettleLine `json:"netted,omitzero"` // receivables of the same payees
}

// PaymentRunProposed says what is to be paid together. The run goes by the number of this event. Its items are in no other
// run, and settled in no other way, until it is released and settled or failed, or reversed.
type PaymentRunProposed struct {
	Reference string        `json:"reference"`
	PayOn     Date          `json:"payon"`
	Lines     []SettledLine `json:"lines"`           // paid in money
	SetOff    []SettledLine `json:"setoff,omitzero"` // payables, or parts of them, that are paid by what is netted
	Netted    []SettledLine `json:"netted,omitzero"` // receivables
}

// ReleasePaymentRun asks that a run that was approved go to the bank or to PCSE.
type ReleasePaymentRun struct {
	Run int64 `json:"run"`
}

// PaymentRunReleased says that a run is on its way: its lines are in transit until each is settled or failed. What is
// netted is settled by it.
type PaymentRunReleased struct {
	Run       int64         `json:"run"`
	Reference string        `json:"reference"`
	Lines     []SettledLine `json:"lines,omitzero"`
	SetOff    []SettledLine `json:"setoff,omitzero"`
	Netted    []SettledLine `json:"netted,omitzero"`
}

// FailPayment asks to record that payments of a run did not arrive: their items are to be paid again.
type FailPayment struct {
	Run    int64        `json:"run"`
	Reason string       `json:"reason"`
	Lines  []SettleLine `json:"lines"`
}

// PaymentFailed says which payments of a run did not arrive.
type PaymentFailed struct {
	Run    int64         `json:"run"`
	Reason string        `json:"reason"`
	Lines  []SettledLine `json:"lines"`
}

// released is the run as its release records it.
func (e PaymentRunProposed) released(run int64) PaymentRunReleased {
	return PaymentRunReleased{Run: run, Reference: e.Reference, Lines: e.Lines, SetOff: e.SetOff, Netted: e.Netted}
}

// ofRuns says that every payment was released in a run.
func (e PaymentSettled) ofRuns() bool {
	for _, line := range e.Lines {
		if line.Run == 0 {
			return false
		}
	}
	return len(e.Lines) > 0 && len(e.Netted) == 0
}

// runState is a payment run and what became of it.
type runState struct {
	PaymentRunProposed
	by       []Hand // who proposed and approved it
	released bool
	reversed bool
	transit  map[ItemID]Pence // released, and neither settled nor failed
}

func (c ProposePaymentRun) decide(l *Ledger, m moment) (Event, error) { panic("not built yet") }
func (c ReleasePaymentRun) decide(l *Ledger, m moment) (Event, error) { panic("not built yet") }
func (c FailPayment) decide(l *Ledger, m moment) (Event, error)       { panic("not built yet") }
func (l *Ledger) proposeRun(r Recorded, e PaymentRunProposed)         { panic("not built yet") }
func (l *Ledger) releaseRun(r Recorded, e PaymentRunReleased)         { panic("not built yet") }
func (l *Ledger) failPayments(e PaymentFailed)                        { panic("not built yet") }
func (l *Ledger) settleRuns(e PaymentSettled)                         {}
