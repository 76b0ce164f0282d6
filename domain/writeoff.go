package domain

// WriteOff asks that what a payee owes be given up as a loss. It always needs two people.
type WriteOff struct {
	Item     ItemID   `json:"item"`
	Pence    Pence    `json:"pence"`
	Loss     Loss     `json:"loss"`
	Reason   string   `json:"reason"`
	Decision Decision `json:"decision"`
}

// A Loss is the class of a loss in the losses register.
type Loss string

// The classes of loss (HM Treasury, Managing Public Money, annex on losses and write-offs).
const (
	LossBadDebt     Loss = "bad debt"
	LossOverpayment Loss = "overpayment"
	LossFraud       Loss = "fraud"
	LossOther       Loss = "other"
)

// CategoryLosses is what a loss is charged to, whatever a fund's own categories are.
const CategoryLosses Category = "losses"

// ReceivableWrittenOff says what was given up, and what it is charged to.
type ReceivableWrittenOff struct {
	Item        ItemID        `json:"item"`
	Fund        FundCode      `json:"fund"`
	Payee       Body          `json:"payee"`
	Beneficiary Body          `json:"beneficiary,omitzero"`
	Loss        Loss          `json:"loss"`
	Reason      string        `json:"reason"`
	Decision    Decision      `json:"decision"`
	Pence       Pence         `json:"pence"`
	Parts       []WrittenPart `json:"parts"`
	Warnings    []string      `json:"warnings,omitzero"`
}

// A WrittenPart is what was given up for one time of service.
type WrittenPart struct {
	For   Service `json:"for"`
	Pence Pence   `json:"pence"`
	Draws []Draw  `json:"draws"`
}

func (c WriteOff) decide(l *Ledger, m moment) (Event, error) { panic("not built yet") }
