package domain

// A Posting is one line of the double entry: pence on an account, debit positive and credit negative.
type Posting struct {
	Account Account
	Fund    FundCode
	Bucket
	Effective Date
	Period    Period
	Pence     Pence
}

// Postings returns the double entry of a recorded event, from the event alone. Its lines sum to zero, over the
// financial accounts and over the control accounts, for each fund. Events that move no money post nothing.
func Postings(r Recorded) []Posting { return AppendPostings(nil, r) }

// AppendPostings appends to a list what [Postings] returns, for those who fold many events and keep none.
//
// This is the one table of what posts where. A rule that changes is a new version of its event: what is recorded posts
// for ever as it did.
func AppendPostings(list []Posting, r Recorded) []Posting {
	b := book{effective: r.Effective, period: r.Period, postings: list, first: len(list)}
	switch e := r.Event.(type) {
	case FundingConfirmed:
		b.post(e.Fund, e.Pence, at(Unallocated, Bucket{For: e.For}), at(Limit, Bucket{For: e.For}))
	case FundAllocated:
		for _, line := range e.Lines {
			b.post(e.Fund, line.Pence, at(Allocated, line.Bucket), unallocated(line.For))
		}
	case AllocationMoved:
		for _, line := range e.Lines {
			b.post(e.Fund, line.Pence, unallocated(line.From.For), at(Allocated, line.From))
			b.post(e.Fund, line.Pence, at(Allocated, line.To), unallocated(line.To.For))
		}
	case FundsReleased:
		for _, line := range e.Lines {
			b.post(e.Fund, line.Pence, at(Advances, line.Bucket), at(Payables, line.Bucket))
			b.draw(e.Fund, at(Released, line.Bucket), line.Draws)
		}
	case SpendRecorded:
		for _, line := range e.Lines {
			b.spend(e.Fund, line)
		}
	case AdvanceCalledBack:
		for _, line := range e.Lines {
			b.callBack(e.Fund, line, e.ReturnsTo)
		}
	case EntitlementRun:
		for _, line := range e.Lines {
			for _, part := range line.Parts {
				b.charge(e.Fund, Bucket{line.Payee, line.Beneficiary, line.Category, part.For}, part.Draws)
			}
		}
	case EntitlementAdjusted:
		for _, line := range e.Lines {
			b.adjust(e.Fund, line)
		}
	case ClaimApproved:
		for _, line := range e.Lines {
			b.charge(e.Fund, Bucket{e.Payee, e.Network, line.Category, e.MonthOf(line)}, line.Draws)
		}
	case RecoveryRaised:
		b.recover(e.Fund, Bucket{e.Payee, e.Beneficiary, e.Category, e.For}, e.Pence, e.Draws)
	case PaymentSettled:
		for _, line := range e.Lines {
			if line.Run != 0 {
				b.post(line.Fund, line.Pence, at(InTransit, Bucket{}), at(Clearing, Bucket{}))
				continue
			}
			b.settle(line, Payables)
		}
		for _, line := range e.Netted {
			b.settle(line, Receivables)
		}
	case ReceiptRecorded:
		for _, line := range e.Lines {
			b.settle(line, Receivables)
		}
	case FundClosed:
		b.closeFund(e)
	case AccrualPosted:
		b.accrue(e)
	case JournalPosted:
		b.journal(e.Lines)
	case BalancesOpened:
		b.journal(e.Lines)
	case PaymentRunReleased:
		b.release(e)
	case PaymentFailed:
		for _, line := range e.Lines {
			b.transit(line, -1)
		}
	case ReceivableWrittenOff:
		b.writeOff(e)
	case EntryReversed:
		b.reverse(e)
	}
	return b.postings
}

// A side is one half of an entry: an account and what it is for.
type side struct {
	account Account
	bucket  Bucket
}

func at(a Account, b Bucket) side { return side{a, a.keep(b)} }

// unallocated is a fund's money not yet set aside; it stands under the whole year.
func unallocated(service Service) side { return at(Unallocated, Bucket{For: service.WholeYear()}) }

// A book collects the postings of one event.
type book struct {
	effective Date
	period    Period
	postings  []Posting
	first     int // where the event's own postings begin
}

// post debits one side and credits the other.
func (b *book) post(fund FundCode, pence Pence, debit, credit side) {
	b.postings = append(b.postings,
		Posting{debit.account, fund, debit.bucket, b.effective, b.period, pence},
		Posting{credit.account, fund, credit.bucket, b.effective, b.period, -pence})
}

// draw debits one side with what several buckets gave.
func (b *book) draw(fund FundCode, debit side, draws []Draw) {
	for _, d := range draws {
		b.post(fund, d.Pence, debit, at(d.Account, d.Bucket))
	}
}

// spend charges a line, and credits what paid for it: the advance, the advance that was called back, or a new payable.
func (b *book) spend(fund FundCode, line DrawnLine) {
	for _, d := range line.Draws {
		paidBy := at(Payables, line.Bucket)
		switch {
		case d.Owed.Item != "":
			paidBy = at(Receivables, Bucket{Payee: line.Payee, Beneficiary: d.Owed.Beneficiary, For: d.Owed.For})
		case d.Account == Released:
			paidBy = at(Advances, d.Bucket)
		}
		b.post(fund, d.Pence, at(Expenditure, line.Bucket), paidBy)
		b.post(fund, d.Pence, at(Charged, line.Bucket), at(d.Account, d.Bucket))
	}
}

// charge makes a new payable of what is due, and charges it to what is available.
func (b *book) charge(fund FundCode, spent Bucket, draws []Draw) {
	for _, d := range draws {
		b.post(fund, d.Pence, at(Expenditure, spent), at(Payables, spent))
		b.post(fund, d.Pence, at(Charged, spent), at(d.Account, d.Bucket))
	}
}

// recover makes a receivable of what was charged too much, and gives the money back to what it was charged to.
func (b *book) recover(fund FundCode, spent Bucket, pence Pence, draws []Draw) {
	b.post(fund, pence, at(Receivables, spent), at(Expenditure, spent))
	for _, d := range draws {
		b.post(fund, d.Pence, at(d.Account, d.Bucket), at(Charged, spent))
	}
}

// adjust makes more of an entitlement due, or less.
func (b *book) adjust(fund FundCode, line AdjustmentLine) {
	for _, part := range line.Parts {
		spent := Bucket{line.Payee, line.Beneficiary, line.Category, part.For}
		if line.Of == "" {
			b.charge(fund, spent, part.Draws)
		} else {
			b.recover(fund, spent, part.Pence, part.Draws)
		}
	}
}

// callBack turns advances into a receivable and gives the money back to what it can be used for.
func (b *book) callBack(fund FundCode, line CallBackLine, returnsTo Account) {
	for _, d := range line.Draws {
		owed := Bucket{Payee: line.Payee, Beneficiary: line.Beneficiary, For: d.For}
		b.post(fund, d.Pence, at(Receivables, owed), at(Advances, d.Bucket))
		b.post(fund, d.Pence, at(returnsTo, d.Bucket), at(Released, d.Bucket))
	}
}

// settle clears parts of an item: a payable was paid, or a receivable received.
func (b *book) settle(line SettledLine, account Account) {
	for _, part := range line.Parts {
		item := at(account, Bucket{Payee: line.Payee, Beneficiary: line.Beneficiary, For: part.For})
		cash := at(Clearing, Bucket{})
		if account == Payables {
			b.post(line.Fund, part.Pence, item, cash)
		} else {
			b.post(line.Fund, part.Pence, cash, item)
		}
	}
}

// closeFund calls advances back and lets lapse what is left; a bucket below zero lapses the other way round.
func (b *book) closeFund(e FundClosed) {
	for _, line := range e.CalledBack {
		b.callBack(e.Fund, line, Allocated)
	}
	for _, d := range e.Lapsed {
		b.post(e.Fund, d.Pence, at(Lapsed, d.Bucket), at(d.Account, d.Bucket))
	}
	for _, d := range e.Overspent {
		b.post(e.Fund, d.Pence, at(d.Account, d.Bucket), at(Lapsed, d.Bucket))
	}
}

// accrue charges cost to a period, and on the day on which it reverses itself exchanges exactly the same lines.
func (b *book) accrue(e AccrualPosted) {
	for _, line := range e.Lines {
		b.post(line.Fund, line.Pence, at(Expenditure, line.Bucket), at(Accruals, line.Bucket))
		b.draw(line.Fund, at(Charged, line.Bucket), line.Draws)
	}
	if e.Reverses == "" {
		return
	}
	for _, p := range b.postings[b.first:len(b.postings):len(b.postings)] {
		p.Effective, p.Period, p.Pence = e.Reverses, PeriodOf(e.Reverses), -p.Pence
		b.postings = append(b.postings, p)
	}
}

// journal posts lines as they stand.
func (b *book) journal(lines []JournalLine) {
	for _, line := range lines {
		b.postings = append(b.postings, Posting{line.Account, line.Fund, line.Account.keep(line.Bucket), b.effective, b.period, line.pence()})
	}
}

// release puts the lines of a run in transit, and settles what is netted: its lines on clearing cancel.
func (b *book) release(e PaymentRunReleased) {
	for _, line := range e.Lines {
		b.transit(line, 1)
	}
	for _, line := range e.SetOff {
		b.settle(line, Payables)
	}
	for _, line := range e.Netted {
		b.settle(line, Receivables)
	}
}

// transit puts a payable in transit, or with the sign -1 takes it back.
func (b *book) transit(line SettledLine, sign Pence) {
	for _, part := range line.Parts {
		b.post(line.Fund, sign*part.Pence, at(Payables, Bucket{Payee: line.Payee, Beneficiary: line.Beneficiary, For: part.For}), at(InTransit, Bucket{}))
	}
}

// writeOff charges what was given up as a loss.
func (b *book) writeOff(e ReceivableWrittenOff) {
	for _, part := range e.Parts {
		lost := Bucket{e.Payee, e.Beneficiary, CategoryLosses, part.For}
		b.post(e.Fund, part.Pence, at(Expenditure, lost), at(Receivables, lost))
		b.draw(e.Fund, at(Charged, lost), part.Draws)
	}
}

// reverse posts what an entry posted with the sides exchanged. What it drew on may have lapsed since.
func (b *book) reverse(e EntryReversed) {
	for _, p := range Postings(Recorded{Stamp{Number: e.Entry}, Fact{Event: e.Was.Event, Effective: b.effective, Period: b.period}}) {
		p.Pence = -p.Pence
		if e.ToLapsed && (p.Account == Allocated || p.Account == Unallocated) {
			p.Account, p.Bucket = Lapsed, Lapsed.keep(p.Bucket)
		}
		b.postings = append(b.postings, p)
	}
}
