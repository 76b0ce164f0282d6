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
	book    *book
	rows    table[rowKey, purposeRow]
	origins origins
	owed    owings
	charges charges
	recent  recentRow
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

// A rowKey is a [PurposeKey] in words.
type rowKey struct{ fund, payee, beneficiary, category word }

func (k rowKey) hash() uint32 {
	return uint32(mix(pair(k.fund, k.payee), pair(k.beneficiary, k.category)))
}

// A recentRow is the row that was asked for last, from 1: the lines of an event mostly ask for it again.
type recentRow struct {
	key    rowKey
	number int32
}

// A purposeRow is not listed before something was added to it: it was only asked for.
type purposeRow struct {
	Sums
	listed bool
}

func newPurposes(k *book) Purposes { return Purposes{book: k} }

// All returns every row by fund, payee, beneficiary and category.
func (p *Purposes) All() []Purpose {
	purposes := make([]Purpose, 0, p.rows.len())
	for at := range int32(p.rows.len()) {
		if row := p.rows.at(at); row.listed {
			purposes = append(purposes, Purpose{p.keyOf(at), row.Sums})
		}
	}
	slices.SortFunc(purposes, func(a, b Purpose) int { return a.compare(b.PurposeKey) })
	return purposes
}

func (p *Purposes) keyOf(row int32) PurposeKey {
	key, text := p.rows.key(row), p.book.words.text
	return PurposeKey{
		domain.FundCode(text(key.fund)), domain.Body(text(key.payee)), domain.Body(text(key.beneficiary)), domain.Category(text(key.category)),
	}
}

func (k PurposeKey) compare(other PurposeKey) int {
	return cmp.Or(cmp.Compare(k.Fund, other.Fund), cmp.Compare(k.Payee, other.Payee),
		cmp.Compare(k.Beneficiary, other.Beneficiary), cmp.Compare(k.Category, other.Category))
}

// row returns the row of a bucket of a fund.
func (p *Purposes) row(fund word, b bucket) int32 {
	key := rowKey{fund, b.payee, b.beneficiary, b.category}
	if p.recent.key != key || p.recent.number == 0 {
		p.recent = recentRow{key, p.rows.number(key) + 1}
	}
	return p.recent.number - 1
}

// sums returns the sums of a row, to be added to.
func (p *Purposes) sums(row int32) *Sums {
	r := p.rows.at(row)
	r.listed = true
	return &r.Sums
}

// place returns the number of the place where money stands.
func (p *Purposes) place(a domain.Account, fund word, b bucket) int32 {
	if a == domain.Lapsed { // which keeps neither payee nor purpose
		b = bucket{beneficiary: b.beneficiary, service: b.service}
	}
	return p.book.place(a, fund, b)
}

func (p *Purposes) apply(r *record) {
	switch e := r.Event.(type) {
	case domain.FundAllocated:
		fund := p.book.fund(e.Fund)
		for i := range e.Lines {
			p.allocate(fund, p.book.bucket(&e.Lines[i].Bucket), e.Lines[i].Pence)
		}
	case domain.AllocationMoved:
		for i := range e.Lines {
			p.move(p.book.fund(e.Fund), &e.Lines[i])
		}
	case domain.FundsReleased:
		for i := range e.Lines {
			p.release(p.book.fund(e.Fund), &e.Lines[i])
		}
	case domain.SpendRecorded:
		for i := range e.Lines {
			line := &e.Lines[i]
			p.spend(p.book.fund(e.Fund), p.book.bucket(&line.Bucket), line.Pence, line.Draws, itemKey{r.Number, int32(i + 1)}.charge(1))
		}
	case domain.EntitlementRun:
		for i := range e.Lines {
			p.raise(p.book.fund(e.Fund), &e.Lines[i], itemKey{r.Number, int32(i + 1)})
		}
	case domain.ClaimApproved:
		for i := range e.Lines {
			line := &e.Lines[i]
			spent := p.book.bucket(&domain.Bucket{Payee: e.Payee, Beneficiary: e.Network, Category: line.Category, For: e.Month})
			p.spend(p.book.fund(e.Fund), spent, line.Pence, line.Draws, itemKey{r.Number, 1}.charge(i+1))
		}
	case domain.RecoveryRaised:
		p.recover(&e, itemKey{r.Number, 1})
	case domain.PaymentSettled:
		for i := range e.Netted {
			p.receive(&e.Netted[i])
		}
	case domain.AdvanceCalledBack:
		p.callBack(p.book.fund(e.Fund), e.Lines, e.ReturnsTo, r.Number)
	case domain.FundClosed:
		p.callBack(p.book.fund(e.Fund), e.CalledBack, domain.Allocated, r.Number)
		p.lapse(&e)
	case domain.ReceiptRecorded:
		for i := range e.Lines {
			p.receive(&e.Lines[i])
		}
	}
}

func (p *Purposes) allocate(fund word, to bucket, pence domain.Pence) {
	row := p.row(fund, to)
	sums := p.sums(row)
	sums.Allocated += pence
	sums.Unspent += pence
	p.origins.put(p.place(domain.Allocated, fund, to), portion{pence, row})
}

// move takes from the row on which the money was set aside: that of From, unless it came back there from an advance.
func (p *Purposes) move(fund word, line *domain.MoveLine) {
	bucket := p.book.bucket(&line.From)
	for _, taken := range p.take(p.place(domain.Allocated, fund, bucket), line.Pence, p.row(fund, bucket)) {
		sums := p.sums(taken.row)
		sums.Allocated -= taken.pence
		sums.Unspent -= taken.pence
	}
	p.allocate(fund, p.book.bucket(&line.To), line.Pence)
}

func (p *Purposes) release(fund word, line *domain.DrawnLine) {
	to := p.book.bucket(&line.Bucket)
	p.sums(p.row(fund, to)).Released += line.Pence
	for i := range line.Draws {
		d := &line.Draws[i]
		from := p.book.bucket(&d.Bucket)
		taken := p.take(p.place(d.Account, fund, from), d.Pence, p.row(fund, from))
		p.origins.put(p.place(domain.Released, fund, to), taken...)
	}
}

// raise spends what is due at a rate, month by month.
func (p *Purposes) raise(fund word, line *domain.EntitlementLine, item itemKey) {
	for i := range line.Parts {
		part := &line.Parts[i]
		spent := p.book.bucket(&domain.Bucket{Payee: line.Payee, Beneficiary: line.Beneficiary, Category: line.Category, For: part.For})
		p.spend(fund, spent, part.Pence, part.Draws, item.charge(i+1))
	}
}

// spend takes a line from the rows on which its money was set aside, and remembers which those were, as of charge to.
func (p *Purposes) spend(fund word, spent bucket, pence domain.Pence, drawn []domain.Draw, to chargeKey) {
	p.sums(p.row(fund, spent)).Spent += pence
	for i := range drawn {
		d := &drawn[i]
		from := p.book.bucket(&d.Bucket)
		own := from
		if d.Account == domain.Lapsed { // which keeps neither payee nor purpose
			own = spent
		}
		p.charge(to, p.place(d.Account, fund, from), d.Pence, p.row(fund, own))
		if d.Owed.Item != "" { // it is no longer to be received
			p.owed.settle(keyOfItem(d.Owed.Item), p.book.service(d.Owed.For), d.Pence)
		}
	}
}

// callBack has one item for each line, in the order of the lines.
func (p *Purposes) callBack(fund word, lines []domain.CallBackLine, to domain.Account, number int64) {
	for i := range lines {
		for n := range lines[i].Draws {
			d := &lines[i].Draws[n]
			from := p.book.bucket(&d.Bucket)
			row := p.row(fund, from)
			p.sums(row).CalledBack += d.Pence
			taken := p.take(p.place(d.Account, fund, from), d.Pence, row)
			p.origins.put(p.place(to, fund, from), taken...)
			p.owed.add(itemKey{number, int32(i + 1)}.charge(0), owing{d.Pence, row, from.service})
		}
	}
}

// lapse carries parcels along, for a spend before the end may be reported after it. Overspent buckets hold none.
func (p *Purposes) lapse(e *domain.FundClosed) {
	fund := p.book.fund(e.Fund)
	for i := range e.Lapsed {
		d := &e.Lapsed[i]
		if d.Account == domain.Unallocated {
			continue // was never set aside on any row
		}
		from := p.book.bucket(&d.Bucket)
		taken := p.take(p.place(d.Account, fund, from), d.Pence, p.row(fund, from))
		p.origins.put(p.place(domain.Lapsed, fund, from), taken...)
	}
}

func (p *Purposes) receive(line *domain.SettledLine) {
	for _, part := range line.Parts {
		settled, left := p.owed.settle(keyOfItem(line.Item), p.book.service(part.For), part.Pence)
		for _, s := range settled {
			p.sums(s.row).Received += s.pence
		}
		if left > 0 { // never yet: what is receivable was called back or recovered
			of := domain.Bucket{Payee: line.Payee, Beneficiary: line.Beneficiary}
			p.sums(p.row(p.book.fund(line.Fund), p.book.bucket(&of))).Received += left
		}
	}
}
