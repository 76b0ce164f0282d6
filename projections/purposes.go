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
//     due at a rate, approved of a claim, accrued and not reversed, or written off is spent.
//   - recovered: on the row that had been charged; the money returns to the row it was taken from.
//   - called back: on the row of the advance that is called back. A receipt names no purpose; it goes to the rows whose
//     advances its item called back, those of the receipt's time of service, in the order of the call-back.
//   - unspent: allocated, less what was spent out of that row, wherever the spend was reported, plus what was recovered
//     of that. Every penny knows on which row it was set aside and keeps that through release, call-back and lapse (see
//     origins); so a spend is taken from exactly one row, and for each fund the sum of unspent is the sum of allocated
//     less the sum of spent plus the sum of recovered.
//   - a manual entry, and what a fund began with: by the buckets of its lines, see flow.
//   - a reversal takes back what its entry added, on the same rows, as far as the money was not put to another use since.
type Purposes struct {
	book    *book
	rows    table[rowKey, purposeRow]
	origins origins
	owed    owings
	charges charges
	given   grouped[given] // by recovery
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
			p.allocate(fund, domain.Allocated, &e.Lines[i].Bucket, e.Lines[i].Pence)
		}
	case domain.AllocationMoved:
		for i := range e.Lines {
			p.move(p.book.fund(e.Fund), domain.Allocated, &e.Lines[i].From, &e.Lines[i].To, e.Lines[i].Pence)
		}
	case domain.FundsReleased:
		for i := range e.Lines {
			p.release(p.book.fund(e.Fund), &e.Lines[i])
		}
	case domain.RecoveryRaised:
		p.recover(&e, itemKey{r.Number, 1}.charge(0))
	case domain.EntitlementAdjusted:
		p.adjust(r.Number, &e)
	case domain.AdvanceCalledBack:
		p.callBack(p.book.fund(e.Fund), e.Lines, e.ReturnsTo, r.Number)
	case domain.FundClosed:
		p.callBack(p.book.fund(e.Fund), e.CalledBack, domain.Allocated, r.Number)
		p.lapse(&e)
	case domain.JournalPosted:
		p.journal(e.Lines)
	case domain.BalancesOpened:
		p.journal(e.Lines)
	case domain.EntryReversed:
		p.takeBack(&e)
	default:
		p.charged(r.Number, e, (*Purposes).spend)
		p.received(e, (*Purposes).receive)
	}
}

// allocate sets money aside on the row of a bucket; it stands on an account.
func (p *Purposes) allocate(fund word, account domain.Account, bucket *domain.Bucket, pence domain.Pence) {
	to := p.book.bucket(bucket)
	row := p.row(fund, to)
	p.setAside(row, pence)
	p.origins.put(p.place(account, fund, to), portion{pence, row})
}

func (p *Purposes) setAside(row int32, pence domain.Pence) {
	sums := p.sums(row)
	sums.Allocated += pence
	sums.Unspent += pence
}

// free takes from the row on which the money was set aside: that of the bucket, unless it came back there from an advance.
func (p *Purposes) free(fund word, account domain.Account, bucket *domain.Bucket, pence domain.Pence) {
	from := p.book.bucket(bucket)
	for _, taken := range p.take(p.place(account, fund, from), pence, p.row(fund, from)) {
		p.setAside(taken.row, -taken.pence)
	}
}

func (p *Purposes) move(fund word, account domain.Account, from, to *domain.Bucket, pence domain.Pence) {
	p.free(fund, account, from, pence)
	p.allocate(fund, account, to, pence)
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

// spend takes a charge from the rows on which its money was set aside, and remembers which those were.
func (p *Purposes) spend(c spending) {
	p.sums(p.row(c.fund, c.spent)).Spent += c.pence
	for i := range c.draws {
		d := &c.draws[i]
		from := p.book.bucket(&d.Bucket)
		own := from
		if d.Account == domain.Lapsed { // which keeps neither payee nor purpose
			own = c.spent
		}
		p.charge(c.key, p.place(d.Account, c.fund, from), d.Pence, p.row(c.fund, own))
		if d.Owed.Item != "" { // it is no longer to be received
			p.owed.settle(keyOfItem(d.Owed.Item), p.book.service(d.Owed.For), d.Pence)
		}
	}
	if c.gaveUp != "" {
		p.owed.settle(keyOfItem(c.gaveUp), c.spent.service, c.pence)
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
			p.owed.owe(itemKey{number, int32(i + 1)}, d.Pence, row, from.service)
		}
	}
}

// lapse carries parcels along, for a spend before the end may be reported after it. Overspent buckets hold none.
func (p *Purposes) lapse(e *domain.FundClosed) {
	fund := p.book.fund(e.Fund)
	for i := range e.Lapsed {
		if d := &e.Lapsed[i]; d.Account != domain.Unallocated { // which was never set aside on any row
			p.carry(fund, d.Account, domain.Lapsed, d)
		}
	}
}

// carry carries parcels of a bucket from one account to another.
func (p *Purposes) carry(fund word, account, to domain.Account, d *domain.Draw) {
	from := p.book.bucket(&d.Bucket)
	taken := p.take(p.place(account, fund, from), d.Pence, p.row(fund, from))
	p.origins.put(p.place(to, fund, from), taken...)
}

func (p *Purposes) receive(line *domain.SettledLine) {
	for _, part := range line.Parts {
		settled, left := p.owed.settle(keyOfItem(line.Item), p.book.service(part.For), part.Pence)
		for _, s := range settled {
			p.sums(s.row).Received += s.pence
		}
		p.receiveOther(line, left)
	}
}

// receiveOther receives what was neither called back nor recovered here: what a fund began with.
func (p *Purposes) receiveOther(line *domain.SettledLine, pence domain.Pence) {
	if pence != 0 {
		of := domain.Bucket{Payee: line.Payee, Beneficiary: line.Beneficiary}
		p.sums(p.row(p.book.fund(line.Fund), p.book.bucket(&of))).Received += pence
	}
}

// journal adds what the control lines of a manual entry do with money that is set aside. What comes from nowhere is set
// aside on the row of the line that it goes to; what goes nowhere is set aside no more.
func (p *Purposes) journal(lines []domain.JournalLine) {
	for _, w := range flowsOf(lines) {
		p.flow(&w)
	}
}

func (p *Purposes) flow(w *flow) {
	fund := p.book.fund(w.fund)
	from, to := p.book.bucket(&w.from.bucket), p.book.bucket(&w.to.bucket)
	taken := p.flowFrom(fund, w, from, to)
	switch w.to.account {
	case "":
		for _, t := range taken {
			p.setAside(t.row, -t.pence)
		}
	case domain.Charged:
		p.sums(p.row(fund, to)).Spent += w.pence
		for _, t := range taken {
			p.sums(t.row).Unspent -= t.pence
		}
	case domain.Released:
		p.sums(p.row(fund, to)).Released += w.pence
		p.origins.put(p.place(w.to.account, fund, to), taken...)
	default:
		p.origins.put(p.place(w.to.account, fund, to), taken...)
	}
}

// flowFrom returns what flows, by the rows on which it was set aside.
func (p *Purposes) flowFrom(fund word, w *flow, from, to bucket) []portion {
	switch w.from.account {
	case "":
		row := p.row(fund, to)
		p.setAside(row, w.pence)
		return []portion{{w.pence, row}}
	case domain.Charged:
		row := p.row(fund, from)
		p.sums(row).Spent -= w.pence
		p.sums(row).Unspent += w.pence
		return []portion{{w.pence, row}}
	case domain.Lapsed: // which keeps neither payee nor purpose
		return p.take(p.place(w.from.account, fund, from), w.pence, p.row(fund, to))
	}
	row := p.row(fund, from)
	if w.from.account == domain.Released && w.to.account != domain.Charged { // spending an advance does not undo its release
		p.sums(row).Released -= w.pence
	}
	return p.take(p.place(w.from.account, fund, from), w.pence, row)
}

// adjust spends what an adjustment brings more, and gives back what it brings less, line by line.
func (p *Purposes) adjust(number int64, e *domain.EntitlementAdjusted) {
	for i := range e.Lines {
		line, item := &e.Lines[i], itemKey{number, int32(i + 1)}
		if line.Of == "" {
			raised := asRun(line)
			p.raised(p.book.fund(e.Fund), &raised, item, (*Purposes).spend)
			continue
		}
		for n := range line.Parts {
			r := asRecovery(e, line, &line.Parts[n])
			p.recover(&r, item.charge(n))
		}
	}
}

// unadjust takes an adjustment back, the last line first.
func (p *Purposes) unadjust(e *domain.EntryReversed, was *domain.EntitlementAdjusted) {
	for i := len(was.Lines) - 1; i >= 0; i-- {
		line, item := &was.Lines[i], itemKey{e.Entry, int32(i + 1)}
		if line.Of == "" {
			raised := asRun(line)
			p.raised(p.book.fund(was.Fund), &raised, item, func(p *Purposes, c spending) { p.uncharge(e, c) })
			continue
		}
		for n := len(line.Parts) - 1; n >= 0; n-- {
			r := asRecovery(was, line, &line.Parts[n])
			p.unrecover(e, &r, item.charge(n))
		}
	}
}
