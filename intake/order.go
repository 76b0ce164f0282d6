package intake

import (
	"cmp"
	"slices"

	"pcnledger/domain"
)

// A part is what becomes one RecordMembership: the members of a network, or those of them whose turn it is.
type part struct {
	network domain.Body
	members []*membership // by practice and first day
}

// parts returns the networks that have members, in the order of the file.
func (r *membershipReader) parts() (parts []part) {
	for _, n := range r.networks.bodies {
		if members := r.members[n.body]; len(members) > 0 {
			slices.SortFunc(members, func(a, b *membership) int {
				return cmp.Or(cmp.Compare(a.practice, b.practice), cmp.Compare(a.from, b.from))
			})
			parts = append(parts, part{n.body, members})
		}
	}
	return parts
}

// inOrder puts the parts of a file into an order in which a ledger can record them. The ledger may still have any
// membership without the last day that this file gives it; so each is recorded after all of its practice that began
// before. Parts that wait for each other are split, as few of them as can easily be told.
func inOrder(left []part) (ordered []part) {
	for len(left) > 0 {
		var later []part
		least := -1 // of those left, the one to split
		waitingOfLeast := 0
		for _, p := range left {
			ready, waiting := p.split()
			if len(waiting) == 0 {
				ordered = append(ordered, p.take())
				continue
			}
			later = append(later, p)
			if len(ready) > 0 && (least < 0 || len(waiting) < waitingOfLeast) {
				least, waitingOfLeast = len(later)-1, len(waiting)
			}
		}
		if len(later) == len(left) {
			p := later[least] // the earliest membership of all that are left waits for none, so there is one
			ready, waiting := p.split()
			ordered = append(ordered, part{p.network, ready}.take())
			later[least].members = waiting
		}
		left = later
	}
	return ordered
}

// split parts the members whose turn it is from those that wait for a membership of another network.
func (p part) split() (ready, waiting []*membership) {
	for _, m := range p.members {
		if m.before == nil || m.before.recorded {
			ready = append(ready, m)
		} else {
			waiting = append(waiting, m)
		}
	}
	return ready, waiting
}

// take marks the members as recorded.
func (p part) take() part {
	for _, m := range p.members {
		m.recorded = true
	}
	return p
}
