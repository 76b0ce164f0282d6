package projections

import (
	"cmp"
	"slices"

	"pcnledger/domain"
)

// origins says, for each place where money stands, on which rows it was set aside. Money that changes its place takes
// its parcels along: from allocated to released, back when an advance is called back, and on to lapsed.
type origins map[place][]parcel

// A place is a bucket of a control account of a fund.
type place struct {
	Account domain.Account
	Fund    domain.FundCode
	Bucket  domain.Bucket
}

// A parcel is pence that were set aside on one row.
type parcel struct {
	Row   PurposeKey
	Pence domain.Pence
}

func placeOf(account domain.Account, fund domain.FundCode, b domain.Bucket) place {
	if account == domain.Lapsed { // which keeps neither payee nor purpose
		b = domain.Bucket{Beneficiary: b.Beneficiary, For: b.For}
	}
	return place{account, fund, b}
}

func (p place) compare(other place) int {
	return cmp.Or(cmp.Compare(p.Fund, other.Fund), compareAccounts(p.Account, other.Account),
		compareBuckets(p.Bucket, other.Bucket))
}

// put adds parcels to a place, the oldest first.
func (o origins) put(at place, parcels []parcel) {
	held := o[at]
	for _, more := range parcels {
		same := slices.IndexFunc(held, func(p parcel) bool { return p.Row == more.Row })
		if same >= 0 {
			held[same].Pence += more.Pence
		} else {
			held = append(held, more)
		}
	}
	o[at] = held
}

// take removes pence from a place and returns the parcels, which sum to pence. Those of the given row come first, then
// those of its payee, then the oldest. What the place does not hold (a fund may let itself be overdrawn) is charged to
// the row itself, whose unspent money then falls below zero.
func (o origins) take(from place, pence domain.Pence, row PurposeKey) []parcel {
	taken, short := o.takeHeld(from, pence, row)
	if short > 0 {
		taken = append(taken, parcel{row, short})
	}
	return taken
}

// takeHeld takes as [origins.take] does, and returns what the place did not hold.
func (o origins) takeHeld(from place, pence domain.Pence, row PurposeKey) (taken []parcel, short domain.Pence) {
	held := o[from]
	for _, near := range []func(PurposeKey) bool{
		func(k PurposeKey) bool { return k == row },
		func(k PurposeKey) bool { return k.Payee == row.Payee },
		func(PurposeKey) bool { return true },
	} {
		for i := range held {
			if give := min(held[i].Pence, pence); give > 0 && near(held[i].Row) {
				held[i].Pence -= give
				pence -= give
				taken = append(taken, parcel{held[i].Row, give})
			}
		}
	}
	o[from] = slices.DeleteFunc(held, func(p parcel) bool { return p.Pence == 0 })
	return taken, pence
}
