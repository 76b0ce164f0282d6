package projections

import "pcnledger/domain"

// origins says, for each place where money stands, on which rows it was set aside. Money that changes its place takes
// its parcels along: from allocated to released, back when an advance is called back, and on to lapsed.
type origins struct {
	first   column[int32] // by number of the place: its oldest parcel, from 1; 0 where money never stood, noneLeft
	parcels column[parcel]
	free    int32     // the first of the parcels that are used no more, from 1
	taken   []portion // what was taken last
}

// noneLeft stands where all money was taken away.
const noneLeft = -1

// A parcel is pence that were set aside on one row of [Purposes], and the next at the same place, from 1.
type parcel struct {
	pence domain.Pence
	row   int32
	next  int32
}

// A portion is pence of a row that are on their way.
type portion struct {
	pence domain.Pence
	row   int32
}

// from returns the oldest parcel at a place, from 1, or noneLeft. It is to be changed before the next call.
func (o *origins) from(place int32) *int32 {
	for o.first.len() <= int(place) {
		o.first.add(0)
	}
	first := o.first.at(place)
	if *first == 0 {
		*first = noneLeft
	}
	return first
}

// put adds portions to a place, after those that are there.
func (o *origins) put(at int32, portions ...portion) {
	for _, more := range portions {
		o.putOne(at, more)
	}
}

func (o *origins) putOne(at int32, more portion) {
	first := o.from(at)
	last := int32(0)
	for n := *first; n > 0; n = o.parcels.at(n - 1).next {
		if p := o.parcels.at(n - 1); p.row == more.row {
			p.pence += more.pence
			return
		}
		last = n
	}
	added := o.add(more)
	if last == 0 {
		*first = added
	} else {
		o.parcels.at(last - 1).next = added
	}
}

// add makes a parcel, of one that is free if there is any.
func (o *origins) add(of portion) int32 {
	fresh := parcel{of.pence, of.row, 0}
	if o.free == 0 {
		return 1 + o.parcels.add(fresh)
	}
	n := o.free
	o.free = o.parcels.at(n - 1).next
	*o.parcels.at(n - 1) = fresh
	return n
}

// sweep frees the parcels of a place of which nothing is left.
func (o *origins) sweep(place int32) {
	first, last := o.from(place), int32(0)
	for n := *first; n > 0; {
		p := o.parcels.at(n - 1)
		next := p.next
		switch {
		case p.pence != 0:
			last = n
		case last == 0:
			*first = next
		default:
			o.parcels.at(last - 1).next = next
		}
		if p.pence == 0 {
			p.next, o.free = o.free, n
		}
		n = next
	}
	if *first == 0 {
		*first = noneLeft
	}
}

// at returns the parcels at a place, the oldest first.
func (o *origins) at(place int32) (parcels []parcel) {
	if int(place) >= o.first.len() {
		return nil
	}
	for n := *o.first.at(place); n > 0; n = o.parcels.at(n - 1).next {
		parcels = append(parcels, *o.parcels.at(n - 1))
	}
	return parcels
}

// take removes pence from a place and returns the portions, which sum to pence. Those of the given row come first, then
// those of its payee, then the oldest. What the place does not hold (a fund may let itself be overdrawn) is charged to
// the row itself, whose unspent money then falls below zero. The portions are good until more are taken.
func (p *Purposes) take(from int32, pence domain.Pence, row int32) []portion {
	taken, short := p.takeHeld(from, pence, row)
	if short > 0 {
		p.origins.taken = append(taken, portion{short, row})
	}
	return p.origins.taken
}

// takeHeld takes as [Purposes.take] does, and returns what the place did not hold.
func (p *Purposes) takeHeld(from int32, pence domain.Pence, row int32) (taken []portion, short domain.Pence) {
	o := &p.origins
	o.taken = o.taken[:0]
	first, emptied := *o.from(from), false
	for near := sameRow; near <= anyRow; near++ {
		for n := first; n > 0; n = o.parcels.at(n - 1).next {
			held := o.parcels.at(n - 1)
			if give := min(held.pence, pence); give > 0 && p.isNear(near, held.row, row) {
				held.pence -= give
				pence -= give
				o.taken = append(o.taken, portion{give, held.row})
			}
			emptied = emptied || held.pence == 0
		}
		if pence == 0 {
			break
		}
	}
	if emptied {
		o.sweep(from)
	}
	return o.taken, pence
}

// A nearness is how near a parcel's row has to be to the row that is asked for.
type nearness int

const (
	sameRow nearness = iota
	samePayee
	anyRow
)

func (p *Purposes) isNear(near nearness, held, row int32) bool {
	switch near {
	case sameRow:
		return held == row
	case samePayee:
		return p.rows.key(held).payee == p.rows.key(row).payee
	}
	return true
}
