package projections

import "pcnledger/domain"

// HeldAt returns how much of the money at a place knows where it was set aside.
func (p *Purposes) HeldAt(account domain.Account, fund domain.FundCode, b domain.Bucket) domain.Pence {
	var sum domain.Pence
	for _, parcel := range p.origins[placeOf(account, fund, b)] {
		sum += parcel.Pence
	}
	return sum
}
