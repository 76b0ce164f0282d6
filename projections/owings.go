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
	row     int32
	service word
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
