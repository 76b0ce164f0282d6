package domain

import "fmt"

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

// UnmarshalText refuses what is no class of loss.
func (l *Loss) UnmarshalText(text []byte) error {
	switch *l = Loss(text); *l {
	case LossBadDebt, LossOverpayment, LossFraud, LossOther:
		return nil
	}
	return fmt.Errorf("%q is no class of loss: write bad debt, overpayment, fraud or other", text)
}

func (c WriteOff) decide(l *Ledger, m moment) (Event, error) {
	if err := checkText(string(c.Loss), "the class of loss", `"bad debt", "overpayment", "fraud" or "other"`); err != nil {
		return nil, err
	}
	if err := checkText(c.Reason, "the reason", `"the company was dissolved"`); err != nil {
		return nil, err
	}
	if err := c.Decision.check(m); err != nil {
		return nil, err
	}
	line, err := l.receipt(SettleLine{Item: c.Item, Pence: c.Pence}, m)
	if err != nil {
		return nil, err
	}
	e := ReceivableWrittenOff{
		Item: c.Item, Fund: line.Fund, Payee: line.Payee, Beneficiary: line.Beneficiary,
		Loss: c.Loss, Reason: c.Reason, Decision: c.Decision, Pence: c.Pence,
	}
	t := l.tillOf(l.funds[line.Fund], m)
	for _, part := range line.Parts {
		draws, warnings := t.lose(Bucket{Payee: line.Payee, Beneficiary: line.Beneficiary, For: part.For}, part.Pence)
		e.Parts = append(e.Parts, WrittenPart{part.For, part.Pence, draws})
		e.Warnings = addWarnings(e.Warnings, warnings)
	}
	return e, nil
}

// lose charges a loss to what is available whatever it is for, and the rest below zero, even of a fund that covers no
// overspend: what is lost is lost. The category stays blank, so that an allocation can make it good.
func (t *till) lose(want Bucket, pence Pence) ([]Draw, []string) {
	sides := t.available(want)
	left := t.leftIn(sides)
	draws, short := t.take(sides, pence)
	if short == 0 {
		return draws, nil
	}
	exact := at(Allocated, want)
	if t.fund.closed != "" {
		exact = at(Lapsed, want)
	}
	return append(draws, t.draw(exact, short)), []string{
		fmt.Sprintf("overspent by %s: %s is available%s; %s is written off", short, left, toPayee(want), pence),
	}
}
