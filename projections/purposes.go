package projections

import (
	"cmp"
	"slices"

	"pcnledger/domain"
)

// Purposes says what became of the money set aside, by fund, payee, beneficiary and purpose. It is what a return on the
// use of a fund is made of.
//
// Where a row's figures come from:
//
//   - allocated: on the row that the allocation named, less what was moved away from it.
//   - released, spent: on the row that the event named. A spend may name another purpose than the money it used. What is
//     due at a rate and what is approved of a claim is spent.
//   - recovered: on the row that had been charged; the money returns to the row it was taken from.
//   - called back: on the row of the advance that is called back. A receipt names no purpose; it goes to the rows whose
//     advances its item called back, those of the receipt's time of service, in the order of the call-back.
//   - unspent: allocated, less what was spent out of that row, wherever the spend was reported, plus what was recovered
//     of that. Every penny knows on which row it was set aside and keeps that through release, call-back and lapse (see
//     origins); so a spend is taken from exactly one row, and for each fund the sum of unspent is the sum of allocated
//     less the sum of spent plus the sum of recovered.
type Purposes struct {
	rows    map[PurposeKey]Sums
	origins origins
	owed    map[domain.ItemID][]owing
	charges map[charge][]charged
}

// A PurposeKey is what a row of [Purposes] is for. Each part but Fund may be blank: "not said".
type PurposeKey struct {
	Fund        domain.FundCode
	Payee       domain.Body
	Beneficiary domain.Body
	Category    domain.Category
}

// A Purpose is one row.
type Purpose struct {
	PurposeKey
	Sums
}

// An owing is what is still to be received of an item for one advance that it called back.
type owing struct {
	Row   PurposeKey
	For   domain.Service
	Pence domain.Pence
}

func newPurposes() Purposes {
	return Purposes{
		rows: map[PurposeKey]Sums{}, origins: origins{}, owed: map[domain.ItemID][]owing{}, charges: map[charge][]charged{},
	}
}

// All returns every row by fund, payee, beneficiary and category.
func (p *Purposes) All() []Purpose {
	rows := make([]Purpose, 0, len(p.rows))
	for key, sums := range p.rows {
		rows = append(rows, Purpose{key, sums})
	}
	slices.SortFunc(rows, func(a, b Purpose) int { return a.compare(b.PurposeKey) })
	return rows
}

func (k PurposeKey) compare(other PurposeKey) int {
	return cmp.Or(cmp.Compare(k.Fund, other.Fund), cmp.Compare(k.Payee, other.Payee),
		cmp.Compare(k.Beneficiary, other.Beneficiary), cmp.Compare(k.Category, other.Category))
}

func rowOf(fund domain.FundCode, b domain.Bucket) PurposeKey {
	return PurposeKey{fund, b.Payee, b.Beneficiary, b.Category}
}

func (p *Purposes) add(row PurposeKey, more Sums) {
	sums := p.rows[row]
	sums.Add(more)
	p.rows[row] = sums
}

func (p *Purposes) apply(r domain.Recorded) {
	switch e := r.Event.(type) {
	case domain.FundAllocated:
		for _, line := range e.Lines {
			p.allocate(e.Fund, line.Bucket, line.Pence)
		}
	case domain.AllocationMoved:
		for _, line := range e.Lines {
			p.move(e.Fund, line)
		}
	case domain.FundsReleased:
		for _, line := range e.Lines {
			p.release(e.Fund, line)
		}
	case domain.SpendRecorded:
		for i, line := range e.Lines {
			p.spend(e.Fund, line, charge{lineItem(r.Number, i+1), 1})
		}
	case domain.EntitlementRun:
		for i, line := range e.Lines {
			p.raise(e.Fund, line, lineItem(r.Number, i+1))
		}
	case domain.ClaimApproved:
		for i, line := range e.Lines {
			spent := domain.Bucket{Payee: e.Payee, Beneficiary: e.Network, Category: line.Category, For: e.Month}
			p.spend(e.Fund, domain.DrawnLine{Bucket: spent, Pence: line.Pence, Draws: line.Draws}, charge{lineItem(r.Number, 1), i + 1})
		}
	case domain.RecoveryRaised:
		p.recover(e, lineItem(r.Number, 1))
	case domain.PaymentSettled:
		for _, line := range e.Netted {
			p.receive(line)
		}
	case domain.AdvanceCalledBack:
		p.callBack(e.Fund, e.Lines, e.ReturnsTo, domain.ItemsOpened(r))
	case domain.FundClosed:
		p.callBack(e.Fund, e.CalledBack, domain.Allocated, domain.ItemsOpened(r))
		p.lapse(e)
	case domain.ReceiptRecorded:
		for _, line := range e.Lines {
			p.receive(line)
		}
	}
}

func (p *Purposes) allocate(fund domain.FundCode, to domain.Bucket, pence domain.Pence) {
	row := rowOf(fund, to)
	p.add(row, Sums{Allocated: pence, Unspent: pence})
	p.origins.put(placeOf(domain.Allocated, fund, to), []parcel{{row, pence}})
}

// move takes from the row on which the money was set aside: that of From, unless it came back there from an advance.
func (p *Purposes) move(fund domain.FundCode, line domain.MoveLine) {
	from := placeOf(domain.Allocated, fund, line.From)
	for _, taken := range p.origins.take(from, line.Pence, rowOf(fund, line.From)) {
		p.add(taken.Row, Sums{Allocated: -taken.Pence, Unspent: -taken.Pence})
	}
	p.allocate(fund, line.To, line.Pence)
}

func (p *Purposes) release(fund domain.FundCode, line domain.DrawnLine) {
	p.add(rowOf(fund, line.Bucket), Sums{Released: line.Pence})
	for _, d := range line.Draws {
		taken := p.origins.take(placeOf(d.Account, fund, d.Bucket), d.Pence, rowOf(fund, d.Bucket))
		p.origins.put(placeOf(domain.Released, fund, line.Bucket), taken)
	}
}

// raise spends what is due at a rate, month by month.
func (p *Purposes) raise(fund domain.FundCode, line domain.EntitlementLine, item domain.ItemID) {
	for i, part := range line.Parts {
		spent := domain.Bucket{Payee: line.Payee, Beneficiary: line.Beneficiary, Category: line.Category, For: part.For}
		p.spend(fund, domain.DrawnLine{Bucket: spent, Pence: part.Pence, Draws: part.Draws}, charge{item, i + 1})
	}
}

// spend takes a line from the rows on which its money was set aside, and remembers which those were, as of charge to.
func (p *Purposes) spend(fund domain.FundCode, line domain.DrawnLine, to charge) {
	p.add(rowOf(fund, line.Bucket), Sums{Spent: line.Pence})
	for _, d := range line.Draws {
		row := rowOf(fund, d.Bucket)
		if d.Account == domain.Lapsed { // which keeps neither payee nor purpose
			row = rowOf(fund, line.Bucket)
		}
		p.charge(to, placeOf(d.Account, fund, d.Bucket), d.Pence, row)
		if d.Owed.Item != "" { // it is no longer to be received
			p.settle(d.Owed.Item, domain.Part{For: d.Owed.For, Pence: d.Pence})
		}
	}
}

// callBack has one item for each line, in the order of the lines.
func (p *Purposes) callBack(fund domain.FundCode, lines []domain.CallBackLine, to domain.Account, items []domain.Item) {
	for i, line := range lines {
		for _, d := range line.Draws {
			row := rowOf(fund, d.Bucket)
			p.add(row, Sums{CalledBack: d.Pence})
			taken := p.origins.take(placeOf(d.Account, fund, d.Bucket), d.Pence, row)
			p.origins.put(placeOf(to, fund, d.Bucket), taken)
			p.owed[items[i].ID] = append(p.owed[items[i].ID], owing{row, d.For, d.Pence})
		}
	}
}

// lapse carries parcels along, for a spend before the end may be reported after it. Overspent buckets hold none.
func (p *Purposes) lapse(e domain.FundClosed) {
	for _, d := range e.Lapsed {
		if d.Account == domain.Unallocated {
			continue // was never set aside on any row
		}
		taken := p.origins.take(placeOf(d.Account, e.Fund, d.Bucket), d.Pence, rowOf(e.Fund, d.Bucket))
		p.origins.put(placeOf(domain.Lapsed, e.Fund, d.Bucket), taken)
	}
}

func (p *Purposes) receive(line domain.SettledLine) {
	for _, part := range line.Parts {
		settled, left := p.settle(line.Item, part)
		for _, s := range settled {
			p.add(s.Row, Sums{Received: s.Pence})
		}
		if left > 0 { // never yet: what is receivable was called back or recovered
			p.add(PurposeKey{line.Fund, line.Payee, line.Beneficiary, ""}, Sums{Received: left})
		}
	}
}

// settle takes a part off what an item called back, for the same time of service, in the order of the call-back. Left is
// what the item did not have.
func (p *Purposes) settle(item domain.ItemID, part domain.Part) (settled []parcel, left domain.Pence) {
	owed := p.owed[item]
	for i := range owed {
		if owed[i].For != part.For || part.Pence == 0 {
			continue
		}
		pence := min(owed[i].Pence, part.Pence)
		owed[i].Pence -= pence
		part.Pence -= pence
		settled = append(settled, parcel{owed[i].Row, pence})
	}
	return settled, part.Pence
}
