package projections

import (
	"cmp"
	"slices"

	"pcnledger/domain"
)

// Balances adds up what was posted, by account, fund and bucket.
type Balances struct{ book *book }

// A Balance is what was posted to one bucket of one account of one fund.
type Balance struct {
	Fund    domain.FundCode
	Account domain.Account
	domain.Bucket
	Turnover
}

// All returns every bucket that was ever posted to, by fund, account, payee, beneficiary, category and service.
func (b *Balances) All() []Balance {
	balances := make([]Balance, 0, b.book.places.len())
	for at := range int32(b.book.places.len()) {
		row := b.book.places.at(at)
		if row.total == 0 {
			continue
		}
		p := b.book.placeAt(at)
		balances = append(balances, Balance{p.Fund, p.Account, p.Bucket, row.Turnover})
	}
	slices.SortFunc(balances, func(a, b Balance) int {
		return cmp.Or(cmp.Compare(a.Fund, b.Fund), compareAccounts(a.Account, b.Account), compareBuckets(a.Bucket, b.Bucket))
	})
	return balances
}

// Of returns debits less credits of one bucket.
func (b *Balances) Of(account domain.Account, fund domain.FundCode, bucket domain.Bucket) domain.Pence {
	at, met := b.book.find(account, fund, bucket)
	if !met {
		return 0
	}
	return b.book.places.at(at).Balance()
}

func compareBuckets(a, b domain.Bucket) int {
	return cmp.Or(cmp.Compare(a.Payee, b.Payee), cmp.Compare(a.Beneficiary, b.Beneficiary),
		cmp.Compare(a.Category, b.Category), cmp.Compare(a.For, b.For))
}
