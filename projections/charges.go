package projections

import "pcnledger/domain"

// charges remembers what each charge of a payable took from which rows, for recoveries.
type charges struct{ grouped[charged] }

// A charged is pence that a charge took from a row. Held says that the place held them; if not, they were overspent.
type charged struct {
	pence domain.Pence
	from  int32 // number of the place
	row   int32
	held  bool
}

// charge takes pence from a place, and remembers from which rows.
func (p *Purposes) charge(to chargeKey, from int32, pence domain.Pence, row int32) {
	taken, short := p.takeHeld(from, pence, row)
	for _, t := range taken {
		p.sums(t.row).Unspent -= t.pence
		p.charges.add(to, charged{t.pence, from, t.row, true})
	}
	if short > 0 {
		p.sums(row).Unspent -= short
		p.charges.add(to, charged{short, from, row, false})
	}
}

// recover gives money back to the rows that its charge was taken from, and puts it where the event says it returns to.
// By is the receivable, and which month of it.
func (p *Purposes) recover(e *domain.RecoveryRaised, by chargeKey) {
	fund := p.book.fund(e.Fund)
	spent := p.row(fund, p.book.bucket(&domain.Bucket{Payee: e.Payee, Beneficiary: e.Beneficiary, Category: e.Category}))
	p.sums(spent).Recovered += e.Pence
	p.owed.owe(by.item(), e.Pence, spent, p.book.service(e.For))
	for i := range e.Draws {
		d := &e.Draws[i]
		to := p.place(d.Account, fund, p.book.bucket(&d.Bucket))
		p.giveBack(keyOfItem(e.Item).charge(e.Charge), to, d.Pence, spent, by)
	}
}

// A given is pence that a recovery gave back of a charge, or of none that is known: charge counts from 1 here.
type given struct {
	pence  domain.Pence
	charge int32
	to     int32 // number of the place
}

// giveBack undoes what a charge took: first what it took from the very place, then whatever it took, always the last
// first. What was overspent leaves nothing to be put anywhere. A recovery gives its key, and what it gave back is noted:
// it may be taken back itself.
func (p *Purposes) giveBack(of chargeKey, to int32, pence domain.Pence, spent int32, by chargeKey) {
	entries := p.charges.of(of)
	for _, anywhere := range []bool{false, true} {
		for at := entries.first + entries.n - 1; at >= entries.first; at-- {
			entry := p.charges.rows.at(at)
			give := min(entry.pence, pence)
			if give == 0 || !anywhere && entry.from != to {
				continue
			}
			entry.pence -= give
			pence -= give
			p.sums(entry.row).Unspent += give
			if entry.held {
				p.origins.put(to, portion{give, entry.row})
			}
			p.note(by, given{give, at + 1, to})
		}
	}
	if pence > 0 { // a charge is not recovered beyond itself: history has been cut short, and does not have it
		p.sums(spent).Unspent += pence
		p.note(by, given{pence, 0, to})
	}
}

func (p *Purposes) note(by chargeKey, g given) {
	if by != (chargeKey{}) {
		p.given.add(by, g)
	}
}

// unrecover takes a recovery back: what it gave back is spent again.
func (p *Purposes) unrecover(e *domain.EntryReversed, was *domain.RecoveryRaised, by chargeKey) {
	fund := p.book.fund(was.Fund)
	spent := p.row(fund, p.book.bucket(&domain.Bucket{Payee: was.Payee, Beneficiary: was.Beneficiary, Category: was.Category}))
	p.sums(spent).Recovered -= was.Pence
	p.owed.settle(by.item(), p.book.service(was.For), was.Pence)
	left := was.Pence
	for at := range p.given.of(by).rows() {
		g := p.given.rows.at(at)
		left -= g.pence
		p.takeAgain(e, fund, *g, spent)
	}
	p.sums(spent).Unspent -= left // of a recovery that history, cut short, does not have
}

// takeAgain takes again what a recovery had given back.
func (p *Purposes) takeAgain(e *domain.EntryReversed, fund word, g given, spent int32) {
	if g.charge == 0 {
		p.sums(spent).Unspent -= g.pence
		return
	}
	entry := p.charges.rows.at(g.charge - 1)
	entry.pence += g.pence
	if !entry.held {
		p.sums(entry.row).Unspent -= g.pence
		return
	}
	stood := p.book.placeAt(g.to)
	from := p.place(returnsTo(e, stood.Account), fund, p.book.bucket(&stood.Bucket))
	for _, taken := range p.take(from, g.pence, entry.row) {
		p.sums(taken.row).Unspent -= taken.pence
	}
}
