package domain

// RedistributeUnclaimed asks that what networks expect to leave unclaimed of their sums be claimed by others. Who gives it
// up loses the right to it. It moves no money: what was set aside moves by MoveAllocation. Until 2023/24 the contract
// provided for it; the card says so of each year's sum.
type RedistributeUnclaimed struct {
	Year     Year                 `json:"year"`
	Sum      RateCode             `json:"sum"` // ARRS_SUM
	Decision Decision             `json:"decision"`
	Lines    []RedistributionLine `json:"lines"`
}

// A RedistributionLine is what one network gives up and another may claim. Estimate is what the first said that it would
// leave unclaimed.
type RedistributionLine struct {
	From     Body  `json:"from"`
	To       Body  `json:"to"`
	Estimate Pence `json:"estimate"`
	Pence    Pence `json:"pence"`
}

// UnclaimedRedistributed says whose sums changed.
type UnclaimedRedistributed struct {
	Year     Year                 `json:"year"`
	Sum      RateCode             `json:"sum"`
	Decision Decision             `json:"decision"`
	Lines    []RedistributionLine `json:"lines"`
}

func (c RedistributeUnclaimed) decide(l *Ledger, m moment) (Event, error) {
	panic("RedistributeUnclaimed")
}

func (b *Grounds) redistribute(e UnclaimedRedistributed) {
	for _, line := range e.Lines {
		from, to := sumKey{line.From, e.Year, e.Sum}, sumKey{line.To, e.Year, e.Sum}
		set(&b.redistributed, from, b.redistributed[from]-line.Pence)
		set(&b.redistributed, to, b.redistributed[to]+line.Pence)
	}
}
