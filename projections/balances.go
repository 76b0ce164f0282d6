package projections

import (
	"cmp"
	"slices"

	"pcnledger/domain"
)

// Balances adds up what was posted, by account, fund and bucket.
type Balances struct {
	turnovers map[balanceKey]Turnover
}

type balanceKey struct {
	account domain.Account
	fund    domain.FundCode
	bucket  domain.Bucket
}

// A Balance is what was posted to one bucket of one account of one fund.
type Balance struct {
	Fund    domain.FundCode
	Account domain.Account
	domain.Bucket
	Turnover
}

func newBalances() Balances { return Balances{map[balanceKey]Turnover{}} }

func (b *Balances) post(p domain.Posting) {
	key := balanceKey{p.Account, p.Fund, p.Bucket}
	turnover := b.turnovers[key]
	turnover.post(p.Pence)
	b.turnovers[key] = turnover
}

// All returns every bucket that was ever posted to, by fund, account, payee, beneficiary, category and service.
func (b *Balances) All() []Balance {
	balances := make([]Balance, 0, len(b.turnovers))
	for key, turnover := range b.turnovers {
		balances = append(balances, Balance{key.fund, key.account, key.bucket, turnover})
	}
	slices.SortFunc(balances, func(a, b Balance) int {
		return cmp.Or(cmp.Compare(a.Fund, b.Fund), compareAccounts(a.Account, b.Account), compareBuckets(a.Bucket, b.Bucket))
	})
	return balances
}

// Of returns debits less credits of one bucket.
func (b *Balances) Of(account domain.Account, fund domain.FundCode, bucket domain.Bucket) domain.Pence {
	return b.turnovers[balanceKey{account, fund, bucket}].Balance()
}

func compareBuckets(a, b domain.Bucket) int {
	return cmp.Or(cmp.Compare(a.Payee, b.Payee), cmp.Compare(a.Beneficiary, b.Beneficiary),
		cmp.Compare(a.Category, b.Category), cmp.Compare(a.For, b.For))
}
