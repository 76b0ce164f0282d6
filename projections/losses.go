package projections

import (
	"slices"

	"pcnledger/domain"
)

// Losses is the register of what was given up (HM Treasury, Managing Public Money, annex on losses and write-offs).
type Losses struct{ losses []Loss }

// A Loss is a receivable, or part of one, that was given up. One that was taken back stays in the register.
type Loss struct {
	Number    int64
	Effective domain.Date
	Period    domain.Period
	domain.ReceivableWrittenOff
	Hands
	Reversed int64 `json:",omitzero"` // number of the event that took it back; 0 if none did
}

// A LossSum is the losses of one class.
type LossSum struct {
	Loss   domain.Loss
	Number int // how many
	Pence  domain.Pence
}

func (l *Losses) apply(r *record) {
	switch e := r.Event.(type) {
	case domain.ReceivableWrittenOff:
		l.losses = append(l.losses, Loss{Number: r.Number, Effective: r.Effective, Period: r.Period, ReceivableWrittenOff: e, Hands: handsIn(r)})
	case domain.EntryReversed:
		for i := range l.losses {
			if l.losses[i].Number == e.Entry {
				l.losses[i].Reversed = r.Number
			}
		}
	}
}

// All returns every loss in the order of recording.
func (l *Losses) All() []Loss { return slices.Clone(l.losses) }

// Sums returns the losses that stand, by class.
func (l *Losses) Sums() []LossSum {
	var sums []LossSum
	for _, class := range []domain.Loss{domain.LossBadDebt, domain.LossOverpayment, domain.LossFraud, domain.LossOther} {
		sum := LossSum{Loss: class}
		for _, loss := range l.losses {
			if loss.Loss == class && loss.Reversed == 0 {
				sum.Number++
				sum.Pence += loss.Pence
			}
		}
		if sum.Number > 0 {
			sums = append(sums, sum)
		}
	}
	return sums
}
