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

// An ordering puts the memberships of a file into parts, and those into an order in which a ledger can record them. The
// ledger may still have any membership without the last day that this file gives it; so each is recorded after all of its
// practice that began before.
type ordering struct {
	queues  map[domain.Body]*queue // by network
	whole   []*queue               // those whose members all have their turn
	awaited []*membership          // those that others wait for, the earliest first
	parts   []part
}

// A queue is the members of one network that are not in a part yet.
type queue struct {
	network domain.Body
	turn    []*membership // those that wait for nobody
	waiting int           // the others
}

// inOrder returns the parts of all networks in the order to record them: a network is one part unless it and others wait
// for each other.
func (r *membershipReader) inOrder() []part {
	o := &ordering{queues: map[domain.Body]*queue{}}
	for _, n := range r.networks.bodies {
		if len(r.members[n.body]) > 0 {
			o.enqueue(n.body, r.members[n.body])
		}
	}
	slices.SortStableFunc(o.awaited, func(a, b *membership) int { return cmp.Compare(a.from, b.from) })
	for {
		for len(o.whole) > 0 {
			next := o.whole[0]
			o.whole = o.whole[1:]
			o.take(next)
		}
		for len(o.awaited) > 0 && o.awaited[0].taken {
			o.awaited = o.awaited[1:]
		}
		if len(o.awaited) == 0 {
			return o.parts
		}
		o.take(o.queues[o.awaited[0].network]) // whatever it waited for was awaited too, and earlier: it has its turn
	}
}

// enqueue takes up the members of a network.
func (o *ordering) enqueue(network domain.Body, members []*membership) {
	q := &queue{network: network}
	o.queues[network] = q
	for _, m := range members {
		if m.before == nil {
			q.turn = append(q.turn, m)
			continue
		}
		q.waiting++
		if len(m.before.after) == 0 {
			o.awaited = append(o.awaited, m.before)
		}
		m.before.after = append(m.before.after, m)
	}
	if q.waiting == 0 {
		o.whole = append(o.whole, q)
	}
}

// take makes a part of the members whose turn it is. Then it is the turn of those that waited for them.
func (o *ordering) take(q *queue) {
	p := part{q.network, q.turn}
	q.turn = nil
	slices.SortFunc(p.members, func(a, b *membership) int {
		return cmp.Or(cmp.Compare(a.practice, b.practice), cmp.Compare(a.from, b.from))
	})
	o.parts = append(o.parts, p)
	for _, m := range p.members {
		m.taken = true
		for _, next := range m.after {
			waited := o.queues[next.network]
			waited.turn = append(waited.turn, next)
			if waited.waiting--; waited.waiting == 0 {
				o.whole = append(o.whole, waited)
			}
		}
	}
}
