package domain

// This file holds what the ledger promises after every event of a history.

// sums is what an officer with a pencil keeps of a fund: totals from the events' own amounts, not from postings.
type sums struct {
	balances map[side]Pence // these from postings

	confirmed, allocated, spent       Pence
	released, spentAdvance, calledOut Pence // calledOut: called back
	recovered                         Pence
	payable, paid                     Pence
	owedSpent, received               Pence
	lapsed                            Pence // before the close
}

// post keeps the books: balances from the postings, and totals from the amounts of the event's lines.
func (h *history) post(r Recorded) {
	if e, ok := r.Event.(FundOpened); ok {
		h.books[e.Fund] = &sums{balances: map[side]Pence{}}
	}
	for _, p := range Postings(r) {
		h.books[p.Fund].balances[side{p.Account, p.Bucket}] += p.Pence
	}
	switch e := r.Event.(type) {
	case FundingConfirmed:
		h.books[e.Fund].confirmed += e.Pence
	case FundAllocated:
		for _, line := range e.Lines {
			h.books[e.Fund].allocated += line.Pence
		}
	case FundsReleased:
		for _, line := range e.Lines {
			h.books[e.Fund].released += line.Pence
			h.books[e.Fund].payable += line.Pence
		}
	case SpendRecorded:
		for _, line := range e.Lines {
			h.books[e.Fund].spend(line)
		}
	case AdvanceCalledBack:
		for _, line := range e.Lines {
			h.books[e.Fund].calledOut += line.Pence
			if e.ReturnsTo == Lapsed {
				h.books[e.Fund].lapsed += line.Pence
			}
		}
	case PaymentSettled:
		for _, line := range e.Lines {
			h.books[line.Fund].paid += line.Pence
		}
	case ReceiptRecorded:
		for _, line := range e.Lines {
			h.books[line.Fund].received += line.Pence
		}
	case FundClosed:
		for _, line := range e.CalledBack {
			h.books[e.Fund].calledOut += line.Pence
		}
	}
	h.postYear(r)
}

// spend adds a line of spend up: what an advance paid, what a called-back one paid, and what is owed on evidence.
func (b *sums) spend(line DrawnLine) {
	b.spent += line.Pence
	for _, d := range line.Draws {
		if d.Account == Lapsed {
			b.lapsed -= d.Pence
		}
		switch {
		case d.Owed.Item != "":
			b.owedSpent += d.Pence
		case d.Account == Released:
			b.spentAdvance += d.Pence
		default:
			b.payable += d.Pence
		}
	}
}

func (b *sums) totals() map[Account]Pence {
	totals := map[Account]Pence{}
	for s, pence := range b.balances {
		totals[s.account] += pence
	}
	return totals
}

// check requires every promise of the ledger after an event.
func (h *history) check(r Recorded) {
	h.checkPostings(r)
	for _, item := range ItemsOpened(r) {
		if item.Pence() <= 0 {
			h.fail("event %d opens item %s of %s", r.Number, item.ID, item.Pence())
		}
	}
	h.checkLines(r.Event)
	h.checkYear(r)
	if h.governed && h.ledger.officers.governed() && len(h.ledger.officers.known) > 2 {
		h.checkControl(r)
	}
	touched := map[FundCode]bool{}
	for _, p := range Postings(r) {
		touched[p.Fund] = true
	}
	for code := range touched {
		if !h.governed {
			h.checkTotals(code, h.books[code])
		}
		h.checkIdentity(code, h.books[code])
		h.checkBuckets(code, h.books[code])
		h.checkItems(code, h.books[code])
	}
}

// checkPostings requires that an event balances, fund by fund and side by side, and posts only what accounts keep.
func (h *history) checkPostings(r Recorded) {
	type part struct {
		fund    FundCode
		control bool
	}
	sums := map[part]Pence{}
	for _, p := range Postings(r) {
		sums[part{p.Fund, p.Account.IsControl()}] += p.Pence
		if _, accrual := r.Event.(AccrualPosted); p.Pence == 0 || p.Account.keep(p.Bucket) != p.Bucket || !accrual && (p.Effective != r.Effective || p.Period != r.Period) {
			h.fail("event %d posts %+v", r.Number, p)
		}
	}
	for of, sum := range sums {
		if sum != 0 {
			h.fail("event %d, %s, leaves %s in fund %s, control %v", r.Number, EventKindOf(r.Event).Name, sum, of.fund, of.control)
		}
	}
}

// checkLines requires that what a line is made of sums to it.
func (h *history) checkLines(e Event) {
	drawn := func(pence Pence, draws []Draw) {
		sum := Pence(0)
		for _, d := range draws {
			sum += d.Pence
			if d.Pence <= 0 {
				h.fail("%s draws %s", EventKindOf(e).Name, d.Pence)
			}
		}
		if sum != pence {
			h.fail("%s: draws of %s make a line of %s", EventKindOf(e).Name, sum, pence)
		}
	}
	settled := func(line SettledLine) {
		sum := Pence(0)
		for _, p := range line.Parts {
			sum += p.Pence
		}
		if sum != line.Pence {
			h.fail("%s: parts of %s make a line of %s", EventKindOf(e).Name, sum, line.Pence)
		}
	}
	h.drawnYear(e, drawn, settled)
	switch e := e.(type) {
	case FundsReleased:
		for _, line := range e.Lines {
			drawn(line.Pence, line.Draws)
		}
	case SpendRecorded:
		for _, line := range e.Lines {
			drawn(line.Pence, line.Draws)
		}
	case AdvanceCalledBack:
		for _, line := range e.Lines {
			drawn(line.Pence, line.Draws)
		}
	case FundClosed:
		for _, line := range e.CalledBack {
			drawn(line.Pence, line.Draws)
		}
	case PaymentSettled:
		for _, line := range e.Lines {
			settled(line)
		}
	case ReceiptRecorded:
		for _, line := range e.Lines {
			settled(line)
		}
	}
}

// checkTotals requires that every account stands where the amounts of the events put it, sign and all.
func (h *history) checkTotals(code FundCode, b *sums) {
	want := map[Account]Pence{
		Expenditure: b.spent,
		Advances:    b.released - b.spentAdvance - b.calledOut,
		Receivables: b.calledOut + b.recovered - b.owedSpent - b.received,
		Payables:    b.paid - b.payable,
		Clearing:    b.received - b.paid,
		Limit:       -b.confirmed,
		Released:    b.released - b.spentAdvance - b.calledOut,
		Charged:     b.spent,
	}
	f := h.ledger.funds[code]
	if f.closed == "" {
		want[Unallocated], want[Lapsed] = b.confirmed-b.allocated, b.lapsed
	} else {
		want[Unallocated], want[Allocated], want[Advances], want[Lapsed] = 0, 0, 0, b.confirmed-b.spent
	}
	totals := b.totals()
	for account, pence := range want {
		if got := totals[account]; got != pence {
			h.fail("fund %s has %s on %s; its events come to %s", code, got, account, pence)
		}
	}
}

// checkIdentity requires that a fund's limit is all accounted for.
func (h *history) checkIdentity(code FundCode, b *sums) {
	totals := b.totals()
	parts := totals[Unallocated] + totals[Allocated] + totals[Released] + totals[Charged] + totals[Lapsed]
	if limit := -totals[Limit]; limit != parts {
		h.fail("fund %s: limit %s is not %s, the sum of unallocated, allocated, released, charged and lapsed", code, limit, parts)
	}
}

// checkBuckets requires that control and financial accounts say the same of each use, that nothing was taken that was
// not there, and that the ledger's own balances are those of the postings.
func (h *history) checkBuckets(code FundCode, b *sums) {
	f := h.ledger.funds[code]
	for s, pence := range b.balances {
		if f.balances[s] != pence {
			h.fail("fund %s decides on %s for %+v; its postings say %s", code, f.balances[s], s, pence)
		}
		for _, pair := range []struct{ control, financial Account }{{Released, Advances}, {Charged, Expenditure}} {
			if other := (side{pair.financial, s.bucket}); s.account == pair.control && pence != b.balances[other] {
				h.fail("fund %s: %s of %+v is %s, %s %s", code, pair.control, s.bucket, pence, pair.financial, b.balances[other])
			}
			if other := (side{pair.control, s.bucket}); s.account == pair.financial && pence != b.balances[other] {
				h.fail("fund %s: %s of %+v is %s, %s %s", code, pair.financial, s.bucket, pence, pair.control, b.balances[other])
			}
		}
		switch s.account {
		case Unallocated, Released, Advances, Receivables:
			if pence < 0 {
				h.fail("fund %s has %s on %+v", code, pence, s)
			}
		case Allocated, Lapsed:
			if pence < 0 && f.Cover == CoverHard && !h.control.below[code] {
				h.fail("fund %s with hard cover has %s on %+v", code, pence, s)
			}
		case Payables:
			if pence > 0 {
				h.fail("fund %s has overpaid %s of %+v", code, pence, s)
			}
		}
	}
}

// checkItems requires that open items are what payables and receivables consist of, and that none was overpaid.
func (h *history) checkItems(code FundCode, b *sums) {
	open := map[side]Pence{}
	for id, item := range h.ledger.items {
		if item.Fund != code {
			continue
		}
		sign := Pence(1)
		if item.Account == Payables {
			sign = -1
		}
		for _, part := range item.open {
			if part.Pence < 0 {
				h.fail("item %s has %s left for %s", id, part.Pence, part.For)
			}
			open[side{item.Account, Bucket{Payee: item.Payee, Beneficiary: item.Beneficiary, For: part.For}}] += sign * part.Pence
		}
	}
	for s, pence := range b.balances {
		if (s.account == Payables || s.account == Receivables) && pence != open[s] {
			h.fail("fund %s has %s on %+v, and items of %s", code, pence, s, open[s])
		}
		delete(open, s)
	}
	for s, pence := range open {
		if pence != 0 {
			h.fail("fund %s has items of %s for %+v, and nothing posted", code, pence, s)
		}
	}
}
