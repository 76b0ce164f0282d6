package projections

import (
	"slices"

	"pcnledger/domain"
)

// origins says, for each place where money stands, on which rows it was set aside. Money that changes its place takes
// its parcels along: from allocated to released, back when an advance is called back, and on to lapsed.
type origins struct {
	slots column[int32] // by number of the place: where its parcels are, from 1; 0 for a place that money never came from or to
	held  []heldAt
	taken []parcel // what was taken last
}

// A heldAt is what stands at a place, the oldest first.
type heldAt struct {
	place   int32
	parcels []parcel
}

// A parcel is pence that were set aside on one row of [Purposes].
type parcel struct {
	pence domain.Pence
	row   int32
}

// put adds parcels to a place.
func (o *origins) put(at int32, parcels ...parcel) {
	here := o.at(at)
	held := here.parcels
	for _, more := range parcels {
		same := slices.IndexFunc(held, func(p parcel) bool { return p.row == more.row })
		if same >= 0 {
			held[same].pence += more.pence
		} else {
			held = append(held, more)
		}
	}
	here.parcels = held
}

// at returns what stands at a place.
func (o *origins) at(place int32) *heldAt {
	for o.slots.len() <= int(place) {
		o.slots.add(0)
	}
	slot := o.slots.at(place)
	if *slot == 0 {
		o.held = append(o.held, heldAt{place: place})
		*slot = int32(len(o.held))
	}
	return &o.held[*slot-1]
}

// take removes pence from a place and returns the parcels, which sum to pence. Those of the given row come first, then
// those of its payee, then the oldest. What the place does not hold (a fund may let itself be overdrawn) is charged to
// the row itself, whose unspent money then falls below zero. The parcels are good until more are taken.
func (p *Purposes) take(from int32, pence domain.Pence, row int32) []parcel {
	taken, short := p.takeHeld(from, pence, row)
	if short > 0 {
		p.origins.taken = append(taken, parcel{short, row})
	}
	return p.origins.taken
}

// takeHeld takes as [Purposes.take] does, and returns what the place did not hold.
func (p *Purposes) takeHeld(from int32, pence domain.Pence, row int32) (taken []parcel, short domain.Pence) {
	o := &p.origins
	o.taken = o.taken[:0]
	here, payee := o.at(from), p.rows.key(row).payee
	held := here.parcels
	for near := sameRow; near <= anyRow; near++ {
		for i := range held {
			give := min(held[i].pence, pence)
			if give > 0 && (near == anyRow || held[i].row == row || near == samePayee && p.rows.key(held[i].row).payee == payee) {
				held[i].pence -= give
				pence -= give
				o.taken = append(o.taken, parcel{give, held[i].row})
			}
		}
	}
	here.parcels = slices.DeleteFunc(held, func(p parcel) bool { return p.pence == 0 })
	return o.taken, pence
}

// How near a parcel's row has to be to the row that is asked for.
const (
	sameRow = iota
	samePayee
	anyRow
)
