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
func (p *Purposes) recover(e *domain.RecoveryRaised, item itemKey) {
	fund := p.book.fund(e.Fund)
	spent := p.row(fund, p.book.bucket(&domain.Bucket{Payee: e.Payee, Beneficiary: e.Beneficiary, Category: e.Category}))
	p.sums(spent).Recovered += e.Pence
	p.owed.add(item.charge(0), owing{e.Pence, spent, p.book.service(e.For)})
	for i := range e.Draws {
		d := &e.Draws[i]
		to := p.place(d.Account, fund, p.book.bucket(&d.Bucket))
		p.giveBack(keyOfItem(e.Item).charge(e.Charge), to, d.Pence, spent)
	}
}

// giveBack undoes what a charge took: first what it took from the very place, then whatever it took, always the last
// first. What was overspent leaves nothing to be put anywhere.
func (p *Purposes) giveBack(of chargeKey, to int32, pence domain.Pence, spent int32) {
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
		}
	}
	if pence > 0 { // never yet: a charge is not recovered beyond itself
		p.sums(spent).Unspent += pence
	}
}
