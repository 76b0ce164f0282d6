package projections

import "pcnledger/domain"

// owings says what is still to be received of each item that called advances back or recovers a spend: for each row of
// [Purposes] and time of service, in the order of the call-back.
type owings struct {
	grouped[owing]
	settled []portion // what was settled last
}

// An owing is what is still to be received of an item for one row and one time of service.
type owing struct {
	pence   domain.Pence
	all     domain.Pence // before anything was settled
	row     int32
	service word
}

// owe notes what an item called back, or recovers, for one row.
func (o *owings) owe(item itemKey, pence domain.Pence, row int32, service word) {
	o.add(item.charge(0), owing{pence, pence, row, service})
}

// settle takes pence off what an item called back, for the same time of service, in the order of the call-back. Left is
// what the item did not have. The portions are good until more is settled.
func (o *owings) settle(item itemKey, service word, pence domain.Pence) (settled []portion, left domain.Pence) {
	o.settled = o.settled[:0]
	for at := range o.of(item.charge(0)).rows() {
		owed := o.rows.at(at)
		if owed.service != service || pence == 0 {
			continue
		}
		give := min(owed.pence, pence)
		owed.pence -= give
		pence -= give
		o.settled = append(o.settled, portion{give, owed.row})
	}
	return o.settled, pence
}

// unsettle takes back what was settled of an item for one time of service, the last first. Left is what was not settled of it.
func (o *owings) unsettle(item itemKey, service word, pence domain.Pence) (back []portion, left domain.Pence) {
	o.settled = o.settled[:0]
	rows := o.of(item.charge(0))
	for at := rows.first + rows.n - 1; at >= rows.first && pence > 0; at-- {
		owed := o.rows.at(at)
		if give := min(owed.all-owed.pence, pence); owed.service == service && give > 0 {
			owed.pence += give
			pence -= give
			o.settled = append(o.settled, portion{give, owed.row})
		}
	}
	return o.settled, pence
}
