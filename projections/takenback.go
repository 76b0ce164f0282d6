package projections

import "pcnledger/domain"

// takeBack takes the effect of an entry back: the money returns to the rows and places that it was taken from, or to
// lapsed, if the fund was closed since.
func (p *Purposes) takeBack(e *domain.EntryReversed) {
	switch was := e.Was.Event.(type) {
	case domain.FundAllocated:
		for i := range was.Lines {
			p.free(p.book.fund(was.Fund), returnsTo(e, domain.Allocated), &was.Lines[i].Bucket, was.Lines[i].Pence)
		}
	case domain.AllocationMoved:
		for i := range was.Lines {
			p.move(p.book.fund(was.Fund), returnsTo(e, domain.Allocated), &was.Lines[i].To, &was.Lines[i].From, was.Lines[i].Pence)
		}
	case domain.FundsReleased:
		for i := range was.Lines {
			p.unrelease(e, p.book.fund(was.Fund), &was.Lines[i])
		}
	case domain.RecoveryRaised:
		p.unrecover(e, &was, itemKey{e.Entry, 1}.charge(0))
	case domain.EntitlementAdjusted:
		p.unadjust(e, &was)
	case domain.AdvanceCalledBack:
		p.uncallBack(p.book.fund(was.Fund), was.Lines, returnsTo(e, was.ReturnsTo), e.Entry)
	case domain.FundClosed:
		p.unlapse(&was)
		p.uncallBack(p.book.fund(was.Fund), was.CalledBack, domain.Allocated, e.Entry)
	case domain.JournalPosted:
		p.journal(exchanged(was.Lines, e))
	case domain.BalancesOpened:
		p.journal(exchanged(was.Lines, e))
	default:
		p.charged(e.Entry, was, func(p *Purposes, c spending) { p.uncharge(e, c) })
		p.received(was, (*Purposes).unreceive)
	}
}

func (p *Purposes) unrelease(e *domain.EntryReversed, fund word, line *domain.DrawnLine) {
	to := p.book.bucket(&line.Bucket)
	p.sums(p.row(fund, to)).Released -= line.Pence
	for i := range line.Draws {
		d := &line.Draws[i]
		from := p.book.bucket(&d.Bucket)
		taken := p.take(p.place(domain.Released, fund, to), d.Pence, p.row(fund, from))
		p.origins.put(p.place(returnsTo(e, d.Account), fund, from), taken...)
	}
}

func (p *Purposes) uncharge(e *domain.EntryReversed, c spending) {
	spent := p.row(c.fund, c.spent)
	p.sums(spent).Spent -= c.pence
	for i := range c.draws {
		d := &c.draws[i]
		p.giveBack(c.key, p.place(returnsTo(e, d.Account), c.fund, p.book.bucket(&d.Bucket)), d.Pence, spent, chargeKey{})
		if d.Owed.Item != "" {
			p.owed.unsettle(keyOfItem(d.Owed.Item), p.book.service(d.Owed.For), d.Pence)
		}
	}
	if c.gaveUp != "" {
		p.owed.unsettle(keyOfItem(c.gaveUp), c.spent.service, c.pence)
	}
}

func (p *Purposes) unreceive(line *domain.SettledLine) {
	for _, part := range line.Parts {
		back, left := p.owed.unsettle(keyOfItem(line.Item), p.book.service(part.For), part.Pence)
		for _, b := range back {
			p.sums(b.row).Received -= b.pence
		}
		p.receiveOther(line, -left)
	}
}

func (p *Purposes) uncallBack(fund word, lines []domain.CallBackLine, to domain.Account, number int64) {
	for i := range lines {
		for n := range lines[i].Draws {
			d := &lines[i].Draws[n]
			from := p.book.bucket(&d.Bucket)
			row := p.row(fund, from)
			p.sums(row).CalledBack -= d.Pence
			p.carry(fund, to, d.Account, d)
			p.owed.settle(itemKey{number, int32(i + 1)}, from.service, d.Pence)
		}
	}
}

func (p *Purposes) unlapse(was *domain.FundClosed) {
	fund := p.book.fund(was.Fund)
	for i := range was.Lapsed {
		if d := &was.Lapsed[i]; d.Account != domain.Unallocated {
			p.carry(fund, domain.Lapsed, d.Account, d)
		}
	}
}
