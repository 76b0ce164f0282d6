package domain

import "slices"

// worthOf is what facts are worth to a limit, by fund: what is set aside, released, spent, paid or moved, each once.
func worthOf(facts []Fact) []FundPence {
	var worth []FundPence
	for _, f := range facts {
		for _, w := range Worth(f.Event) {
			worth = addWorth(worth, w)
		}
	}
	return worth
}

func addWorth(worth []FundPence, more FundPence) []FundPence {
	for i := range worth {
		if worth[i].Fund == more.Fund {
			worth[i].Pence += more.Pence
			return worth
		}
	}
	if more.Pence == 0 {
		return worth
	}
	return append(worth, more)
}

// Worth returns what an event is worth to an officer's limit, by fund, in the order in which it names them.
func Worth(e Event) []FundPence {
	var worth []FundPence
	add := func(fund FundCode, pence Pence) { worth = addWorth(worth, FundPence{fund, pence}) }
	switch e := e.(type) {
	case FundingConfirmed:
		add(e.Fund, e.Pence)
	case FundAllocated:
		for _, line := range e.Lines {
			add(e.Fund, line.Pence)
		}
	case AllocationMoved:
		for _, line := range e.Lines {
			add(e.Fund, line.Pence)
		}
	case FundsReleased:
		for _, line := range e.Lines {
			add(e.Fund, line.Pence)
		}
	case SpendRecorded:
		for _, line := range e.Lines {
			add(e.Fund, line.Pence)
		}
	case AdvanceCalledBack:
		for _, line := range e.Lines {
			add(e.Fund, line.Pence)
		}
	case EntitlementRun:
		for _, line := range e.Lines {
			add(e.Fund, line.Pence)
		}
	case EntitlementAdjusted:
		for _, line := range e.Lines {
			add(e.Fund, line.Pence)
		}
	case ClaimApproved:
		add(e.Fund, e.Pence())
	case RecoveryRaised:
		add(e.Fund, e.Pence)
	case AccrualPosted:
		for _, line := range e.Lines {
			add(line.Fund, line.Pence)
		}
	case ReceivableWrittenOff:
		add(e.Fund, e.Pence)
	case EntryReversed:
		return Worth(e.Was.Event)
	case FundClosed:
		for _, line := range e.CalledBack {
			add(e.Fund, line.Pence)
		}
		for _, d := range e.Lapsed {
			add(e.Fund, d.Pence)
		}
	case JournalPosted:
		return worthOfLines(e.Lines)
	case BalancesOpened:
		return worthOfLines(e.Lines)
	default:
		return worthOfPayments(e)
	}
	return worth
}

// worthOfPayments is what payments are worth: all that leaves the commissioner or is set off.
func worthOfPayments(e Event) (worth []FundPence) {
	var lines []SettledLine
	switch e := e.(type) {
	case PaymentSettled:
		lines = e.Lines
	case ReceiptRecorded:
		lines = e.Lines
	case PaymentRunProposed:
		lines = slices.Concat(e.Lines, e.SetOff)
	case PaymentRunReleased:
		lines = slices.Concat(e.Lines, e.SetOff)
	case PaymentFailed:
		lines = e.Lines
	}
	for _, line := range lines {
		worth = addWorth(worth, FundPence{line.Fund, line.Pence})
	}
	return worth
}

// worthOfLines is the larger of what a manual entry debits on the financial and on the control side of each fund.
func worthOfLines(lines []JournalLine) (worth []FundPence) {
	var financial, control []FundPence
	for _, line := range lines {
		if line.Account.IsControl() {
			control = addWorth(control, FundPence{line.Fund, line.Debit})
		} else {
			financial = addWorth(financial, FundPence{line.Fund, line.Debit})
		}
	}
	for _, w := range slices.Concat(financial, control) {
		known := slices.IndexFunc(worth, func(k FundPence) bool { return k.Fund == w.Fund })
		if known < 0 {
			worth = append(worth, w)
		} else {
			worth[known].Pence = max(worth[known].Pence, w.Pence)
		}
	}
	return worth
}
