package projections

import (
	"fmt"

	"pcnledger/domain"
)

// HeldAt returns how much of the money at a place knows where it was set aside.
func (p *Purposes) HeldAt(account domain.Account, fund domain.FundCode, b domain.Bucket) domain.Pence {
	var sum domain.Pence
	for _, parcel := range p.origins.at(p.place(account, p.book.fund(fund), p.book.bucket(&b))) {
		sum += parcel.pence
	}
	return sum
}

// Remaining returns what is kept beside the rows to attribute what is to come, but for what is used up: by place and row
// what was set aside, what is owed of each item, and what each charge took.
func (p *Purposes) Remaining() map[string]domain.Pence {
	left := map[string]domain.Pence{}
	for place := range int32(p.origins.first.len()) {
		for _, held := range p.origins.at(place) {
			left[fmt.Sprintf("parcel %v %v", p.book.placeAt(place), p.keyOf(held.row))] += held.pence
		}
	}
	for at := range int32(p.owed.groups.len()) {
		for row := range p.owed.span(at).rows() {
			o := p.owed.rows.at(row)
			left[fmt.Sprintf("owed %v %v", p.owed.groups.at(at).key, p.keyOf(o.row))] += o.pence
		}
	}
	for at := range int32(p.charges.groups.len()) {
		for row := range p.charges.span(at).rows() {
			c := p.charges.rows.at(row)
			left[fmt.Sprintf("charge %v %v", p.charges.groups.at(at).key, p.keyOf(c.row))] += c.pence
		}
	}
	return left
}
