package projections

import (
	"cmp"
	"fmt"
	"slices"

	"pcnledger/domain"
)

// Funds says of each fund on which terms it was opened, what became of its limit, and what was done with it.
type Funds struct {
	book  *book
	funds map[domain.FundCode]*Fund
}

// A Fund is one fund. Control and Financial are balances, as they stand now; Sums, Settled and SpentAfterAll are added
// up from events and never fall when money is lapsed or paid.
type Fund struct {
	domain.Terms
	Number        int64       // of the event that opened it
	Opened        domain.Date // London date of that event
	Closed        domain.Date // effective date of its close; no date while it is open
	Control       Control
	Financial     Financial
	Sums          Sums
	Settled       domain.Pence // payables paid, what was netted against them not taken off
	SpentAfterAll domain.Pence // of what was called back: spent before the end, and reported later
	WrittenOff    domain.Pence // of what was to be received: given up, and spent as a loss
	Tranches      []Tranche    // one that was reversed stands twice: the second time with less than nothing
	Decisions     []Decision   // and so does a decision
	Lists         []int64      // numbers of the lists that its money was shared by or is due on, ascending
}

// Control is what became of a fund's limit, in pence. Limit is positive here, although it is a credit balance.
type Control struct{ Limit, Unallocated, Allocated, Released, Charged, Lapsed domain.Pence }

// Financial are balances of a fund's financial accounts in pence, debit positive.
type Financial struct {
	Expenditure, Advances, Receivables, Payables, Accruals, InTransit, Clearing domain.Pence
}

// Sums is what became of money that was set aside, in pence, added up from events: allocated net of moves; released in
// advance; spent, which is all that was charged: reported, due at a rate, approved of claims, accrued and not reversed,
// written off; recovered of that, because it was too much; called back of advances; received back, in money or netted.
// Unspent is what was allocated, less what was spent out of it, plus what of that was recovered. Spent less recovered is
// what the fund is charged with. What a reversal takes back is in none of them.
type Sums struct{ Allocated, Released, Spent, Recovered, CalledBack, Received, Unspent domain.Pence }

// Add adds each sum.
func (s *Sums) Add(more Sums) {
	s.Allocated += more.Allocated
	s.Released += more.Released
	s.Spent += more.Spent
	s.Recovered += more.Recovered
	s.CalledBack += more.CalledBack
	s.Received += more.Received
	s.Unspent += more.Unspent
}

// A Tranche is funding that was confirmed.
type Tranche struct {
	Number    int64
	Effective domain.Date
	domain.FundingConfirmed
}

// A Decision is who decided to set money aside or to move it; Reason stands on moves and on what was taken back.
type Decision struct {
	Number    int64
	Effective domain.Date
	Fund      domain.FundCode
	domain.Decision
	Reason string
	Pence  domain.Pence
}

func newFunds(k *book) Funds { return Funds{k, map[domain.FundCode]*Fund{}} }

// All returns every fund by code.
func (f *Funds) All() []Fund {
	funds := make([]Fund, 0, len(f.funds))
	for _, fund := range f.funds {
		funds = append(funds, f.standing(fund))
	}
	slices.SortFunc(funds, func(a, b Fund) int { return cmp.Compare(a.Fund, b.Fund) })
	return funds
}

// Fund returns one fund.
func (f *Funds) Fund(code domain.FundCode) (fund Fund, ok bool) {
	if known, ok := f.funds[code]; ok {
		return f.standing(known), true
	}
	return Fund{}, false
}

// standing returns a fund with its balances as they stand in the book.
func (f *Funds) standing(of *Fund) Fund {
	fund := *of
	for order, name := range accounts {
		fund.add(name, f.book.total(fund.Fund, account(order)).Balance())
	}
	return fund
}

// of returns a fund to be changed. No event but its opening makes one, unless history has been cut short.
func (f *Funds) of(code domain.FundCode) *Fund {
	fund, ok := f.funds[code]
	if !ok {
		fund = &Fund{Terms: domain.Terms{Fund: code}}
		f.funds[code] = fund
	}
	return fund
}

// Check says whether the fund's limit is all accounted for, and its financial and control accounts agree. The error has
// the figures.
func (f Fund) Check() error {
	c := f.Control
	if sum := c.Unallocated + c.Allocated + c.Released + c.Charged + c.Lapsed; sum != c.Limit {
		return fmt.Errorf("fund %s: limit %s is not unallocated %s + allocated %s + released %s + charged %s + lapsed %s",
			f.Fund, c.Limit, c.Unallocated, c.Allocated, c.Released, c.Charged, c.Lapsed)
	}
	if c.Released != f.Financial.Advances {
		return fmt.Errorf("fund %s: released %s is not advances %s", f.Fund, c.Released, f.Financial.Advances)
	}
	if c.Charged != f.Financial.Expenditure {
		return fmt.Errorf("fund %s: charged %s is not expenditure %s", f.Fund, c.Charged, f.Financial.Expenditure)
	}
	return nil
}

func (f *Funds) apply(r *record) {
	switch e := r.Event.(type) {
	case domain.FundOpened:
		fund := f.of(e.Fund)
		fund.Terms, fund.Number, fund.Opened = e.Terms, r.Number, domain.DateIn(r.Time)
	case domain.FundingConfirmed:
		fund := f.of(e.Fund)
		fund.Tranches = append(fund.Tranches, Tranche{r.Number, r.Effective, e})
	case domain.FundAllocated:
		f.of(e.Fund).allocate(r, e, "", 1)
	case domain.AllocationMoved:
		f.of(e.Fund).move(r, e, e.Reason, 1)
	case domain.FundClosed:
		fund := f.of(e.Fund)
		fund.callBack(e.CalledBack, 1)
		fund.Closed = r.Effective
	case domain.JournalPosted:
		f.journal(e.Lines)
	case domain.BalancesOpened:
		f.journal(e.Lines)
	case domain.EntryReversed:
		f.takeBack(r, &e)
	default:
		f.count(e, 1)
	}
}

// takeBack takes the effect of an entry back.
func (f *Funds) takeBack(r *record, e *domain.EntryReversed) {
	switch was := e.Was.Event.(type) {
	case domain.FundingConfirmed:
		fund := f.of(was.Fund)
		was.Pence, was.Title = -was.Pence, "taken back: "+e.Reason
		fund.Tranches = append(fund.Tranches, Tranche{r.Number, r.Effective, was})
	case domain.FundAllocated:
		f.of(was.Fund).allocate(r, was, e.Reason, -1)
	case domain.AllocationMoved:
		f.of(was.Fund).move(r, was, e.Reason, -1)
	case domain.FundClosed:
		fund := f.of(was.Fund)
		fund.callBack(was.CalledBack, -1)
		fund.Closed = ""
	case domain.JournalPosted:
		f.journal(exchanged(was.Lines, e))
	case domain.BalancesOpened:
		f.journal(exchanged(was.Lines, e))
	default:
		f.count(was, -1)
	}
}

// count adds an event to the sums, or with the sign -1 takes it off them.
func (f *Funds) count(e domain.Event, sign domain.Pence) {
	switch e := e.(type) {
	case domain.FundsReleased:
		f.of(e.Fund).release(e, sign)
	case domain.SpendRecorded:
		f.of(e.Fund).spend(e, sign)
	case domain.AdvanceCalledBack:
		f.of(e.Fund).callBack(e.Lines, sign)
	case domain.EntitlementRun:
		f.of(e.Fund).raise(e, sign)
	case domain.EntitlementAdjusted:
		f.of(e.Fund).adjust(&e, sign)
	case domain.ClaimApproved:
		f.of(e.Fund).charge(sign * e.Pence())
	case domain.RecoveryRaised:
		f.of(e.Fund).recover(sign * e.Pence)
	case domain.AccrualPosted:
		for _, line := range e.Lines {
			f.of(line.Fund).accrue(e, sign*line.Pence)
		}
	case domain.ReceivableWrittenOff:
		fund := f.of(e.Fund)
		fund.charge(sign * e.Pence)
		fund.WrittenOff += sign * e.Pence
	case domain.PaymentSettled:
		f.settle(e.Lines, sign)
		f.receive(e.Netted, sign)
	case domain.PaymentRunReleased:
		f.settle(e.SetOff, sign)
		f.receive(e.Netted, sign)
	case domain.ReceiptRecorded:
		f.receive(e.Lines, sign)
	}
}

func (f *Funds) settle(lines []domain.SettledLine, sign domain.Pence) {
	for i := range lines {
		f.of(lines[i].Fund).Settled += sign * lines[i].Pence
	}
}

func (f *Funds) receive(lines []domain.SettledLine, sign domain.Pence) {
	for i := range lines {
		f.of(lines[i].Fund).Sums.Received += sign * lines[i].Pence
	}
}

// journal adds what the control lines of a manual entry do with money that is set aside.
func (f *Funds) journal(lines []domain.JournalLine) {
	for _, w := range flowsOf(lines) {
		f.of(w.fund).flow(w)
	}
}

func (f *Fund) flow(w flow) {
	switch w.from.account {
	case "":
		f.setAside(w.pence)
	case domain.Charged:
		f.charge(-w.pence)
	case domain.Released:
		if w.to.account != domain.Charged { // spending an advance does not undo its release
			f.Sums.Released -= w.pence
		}
	}
	switch w.to.account {
	case "":
		f.setAside(-w.pence)
	case domain.Charged:
		f.charge(w.pence)
	case domain.Released:
		f.Sums.Released += w.pence
	}
}

func (f *Fund) setAside(pence domain.Pence) {
	f.Sums.Allocated += pence
	f.Sums.Unspent += pence
}

func (f *Fund) allocate(r *record, e domain.FundAllocated, reason string, sign domain.Pence) {
	var sum domain.Pence
	for _, line := range e.Lines {
		sum += sign * line.Pence
		f.sharedBy(line.Shared)
	}
	f.setAside(sum)
	f.Decisions = append(f.Decisions, Decision{r.Number, r.Effective, f.Fund, e.Decision, reason, sum})
}

// move changes no sum of the fund: what one use loses another gains.
func (f *Fund) move(r *record, e domain.AllocationMoved, reason string, sign domain.Pence) {
	var sum domain.Pence
	for _, line := range e.Lines {
		sum += sign * line.Pence
	}
	f.Decisions = append(f.Decisions, Decision{r.Number, r.Effective, f.Fund, e.Decision, reason, sum})
}

func (f *Fund) release(e domain.FundsReleased, sign domain.Pence) {
	for _, line := range e.Lines {
		f.Sums.Released += sign * line.Pence
		f.sharedBy(line.Shared)
	}
}

func (f *Fund) charge(pence domain.Pence) {
	f.Sums.Spent += pence
	f.Sums.Unspent -= pence
}

// accrue charges what is accrued; an accrual that reverses itself charges nothing over both its dates.
func (f *Fund) accrue(e domain.AccrualPosted, pence domain.Pence) {
	if e.Reverses == "" {
		f.charge(pence)
	}
}

func (f *Fund) recover(pence domain.Pence) {
	f.Sums.Recovered += pence
	f.Sums.Unspent += pence
}

func (f *Fund) raise(e domain.EntitlementRun, sign domain.Pence) {
	for _, line := range e.Lines {
		f.charge(sign * line.Pence)
		f.sharedBy(domain.Shared{List: line.List})
	}
}

func (f *Fund) adjust(e *domain.EntitlementAdjusted, sign domain.Pence) {
	for i := range e.Lines {
		line := &e.Lines[i]
		if line.Of == "" {
			f.charge(sign * line.Pence)
		} else {
			f.recover(sign * line.Pence)
		}
		for _, part := range line.Parts {
			f.sharedBy(domain.Shared{List: part.Now.List})
		}
	}
}

func (f *Fund) spend(e domain.SpendRecorded, sign domain.Pence) {
	for _, line := range e.Lines {
		f.charge(sign * line.Pence)
		f.sharedBy(line.Shared)
		for _, d := range line.Draws {
			if d.Owed.Item != "" {
				f.SpentAfterAll += sign * d.Pence
			}
		}
	}
}

func (f *Fund) callBack(lines []domain.CallBackLine, sign domain.Pence) {
	for _, line := range lines {
		f.Sums.CalledBack += sign * line.Pence
		f.sharedBy(line.Shared)
	}
}

// sharedBy keeps the number of a list that money was shared by or is due on.
func (f *Fund) sharedBy(s domain.Shared) {
	if s.List == 0 {
		return
	}
	if at, known := slices.BinarySearch(f.Lists, s.List); !known {
		f.Lists = slices.Insert(f.Lists, at, s.List)
	}
}

// add adds pence to the balance of an account.
func (f *Fund) add(to domain.Account, pence domain.Pence) {
	switch to {
	case domain.Limit:
		f.Control.Limit -= pence
	case domain.Unallocated:
		f.Control.Unallocated += pence
	case domain.Allocated:
		f.Control.Allocated += pence
	case domain.Released:
		f.Control.Released += pence
	case domain.Charged:
		f.Control.Charged += pence
	case domain.Lapsed:
		f.Control.Lapsed += pence
	case domain.Expenditure:
		f.Financial.Expenditure += pence
	case domain.Advances:
		f.Financial.Advances += pence
	case domain.Receivables:
		f.Financial.Receivables += pence
	case domain.Payables:
		f.Financial.Payables += pence
	case domain.Accruals:
		f.Financial.Accruals += pence
	case domain.InTransit:
		f.Financial.InTransit += pence
	case domain.Clearing:
		f.Financial.Clearing += pence
	}
}
