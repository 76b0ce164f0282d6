package projections

import "pcnledger/domain"

// HeldAt returns how much of the money at a place knows where it was set aside.
func (p *Purposes) HeldAt(account domain.Account, fund domain.FundCode, b domain.Bucket) domain.Pence {
	var sum domain.Pence
	for _, parcel := range p.origins.at(p.place(account, p.book.fund(fund), p.book.bucket(&b))) {
		sum += parcel.pence
	}
	return sum
}
