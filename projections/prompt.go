package projections

import (
	"cmp"
	"slices"

	"pcnledger/domain"
)

// promptDays is within how many days an item is to be paid (Better Payment Practice Code).
const promptDays = 30

// A PromptPayment is a payable that was paid, and how long that took.
type PromptPayment struct {
	Item            domain.ItemID
	Fund            domain.FundCode
	Payee           domain.Body
	Arose           domain.Date // its effective date
	Due             domain.Date
	Settled         domain.Date // when the last of the money arrived
	Days            int64       // from arising to that
	Pence           domain.Pence
	Within30, ByDue bool
}

// Prompt returns every payable of which nothing is left to be paid, by the day on which it was settled and then in the
// order of opening. What was reversed, or is in transit, is not among them.
func (i *Items) Prompt() []PromptPayment {
	var paid []PromptPayment
	for row := range int32(i.rows.len()) {
		if i.rows.at(row).account.name() != domain.Payables {
			continue
		}
		item := i.item(row)
		on, settled := item.Settled()
		if !settled {
			continue
		}
		took := days(item.Effective, on)
		paid = append(paid, PromptPayment{
			Item: item.ID, Fund: item.Fund, Payee: item.Payee, Arose: item.Effective, Due: item.Due, Settled: on, Days: took,
			Pence: item.Used(UsePaid), Within30: took <= promptDays, ByDue: on <= item.Due,
		})
	}
	slices.SortStableFunc(paid, func(a, b PromptPayment) int { return cmp.Compare(a.Settled, b.Settled) })
	return paid
}

// A PromptMeasure is how many payables were paid, and what they came to; of these, within 30 days, and by the due date.
// The code's measure is Within30 of All, by number and by value, with a target of 95 % (Better Payment Practice Code).
type PromptMeasure struct{ All, Within30, ByDue PromptCount }

// A PromptCount is a number of payables and their pence.
type PromptCount struct {
	Number int
	Pence  domain.Pence
}

func (c *PromptCount) add(p PromptPayment) {
	c.Number++
	c.Pence += p.Pence
}

// MeasurePrompt measures payments.
func MeasurePrompt(paid []PromptPayment) (m PromptMeasure) {
	for _, p := range paid {
		m.All.add(p)
		if p.Within30 {
			m.Within30.add(p)
		}
		if p.ByDue {
			m.ByDue.add(p)
		}
	}
	return m
}
