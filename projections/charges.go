package projections

import (
	"cmp"
	"fmt"

	"pcnledger/domain"
)

// A charge is one charge of a payable, counted from 1.
type charge struct {
	Item domain.ItemID
	N    int
}

// A charged is pence that a charge took from a row. Held says that the place held them; if not, they were overspent.
type charged struct {
	From  place
	Row   PurposeKey
	Pence domain.Pence
	Held  bool
}

func (c charge) compare(other charge) int {
	return cmp.Or(cmp.Compare(c.Item, other.Item), cmp.Compare(c.N, other.N))
}

// lineItem names the item of an event's line, as the domain does.
func lineItem(number int64, line int) domain.ItemID {
	return domain.ItemID(fmt.Sprintf("%d.%d", number, line))
}

// charge takes pence from a place, and remembers from which rows.
func (p *Purposes) charge(to charge, from place, pence domain.Pence, row PurposeKey) {
	taken, short := p.origins.takeHeld(from, pence, row)
	for _, t := range taken {
		p.add(t.Row, Sums{Unspent: -t.Pence})
		p.charges[to] = append(p.charges[to], charged{from, t.Row, t.Pence, true})
	}
	if short > 0 {
		p.add(row, Sums{Unspent: -short})
		p.charges[to] = append(p.charges[to], charged{from, row, short, false})
	}
}

// recover gives money back to the rows that its charge was taken from, and puts it where the event says it returns to.
func (p *Purposes) recover(e domain.RecoveryRaised, item domain.ItemID) {
	spent := PurposeKey{e.Fund, e.Payee, e.Beneficiary, e.Category}
	p.add(spent, Sums{Recovered: e.Pence})
	p.owed[item] = append(p.owed[item], owing{spent, e.For, e.Pence})
	for _, d := range e.Draws {
		p.giveBack(charge{e.Item, e.Charge}, placeOf(d.Account, e.Fund, d.Bucket), d.Pence, spent)
	}
}

// giveBack undoes what a charge took: first what it took from the very place, then whatever it took, always the last
// first. What was overspent leaves nothing to be put anywhere.
func (p *Purposes) giveBack(of charge, to place, pence domain.Pence, spent PurposeKey) {
	entries := p.charges[of]
	for _, near := range []func(charged) bool{
		func(c charged) bool { return c.From == to },
		func(charged) bool { return true },
	} {
		for i := len(entries) - 1; i >= 0; i-- {
			give := min(entries[i].Pence, pence)
			if give == 0 || !near(entries[i]) {
				continue
			}
			entries[i].Pence -= give
			pence -= give
			p.add(entries[i].Row, Sums{Unspent: give})
			if entries[i].Held {
				p.origins.put(to, []parcel{{entries[i].Row, give}})
			}
		}
	}
	if pence > 0 { // never yet: a charge is not recovered beyond itself
		p.add(spent, Sums{Unspent: pence})
	}
}
