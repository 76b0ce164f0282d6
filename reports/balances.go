package reports

import (
	"pcnledger/domain"
	"pcnledger/projections"
)

var balances = Definition{
	Name:  "balances",
	Title: "Balances",
	Line:  "every account by fund, payee, beneficiary, purpose and time of service",
	Takes: Takes{Fund: true, Payee: true, Network: true, Period: true},
	body: func(v *projections.Views, o Options) body {
		return body{
			tables:  []Table{balanceTable(v, o)},
			notes:   []string{"A balance is debits less credits: a credit balance is negative."},
			through: o.Period,
		}
	},
}

func balanceTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "balances", Title: "Balances", Empty: postFirst,
		Columns: columns(of(KindText, "fund", "account"), of(KindOrganisation, "payee", "beneficiary"), of(KindText, "purpose", "for"),
			of(KindMoney, "debits", "credits", "balance")),
	}
	_, balances := o.posted(v)
	for _, b := range balances.All() {
		if o.takes(b.Fund, b.Bucket) {
			t.row(text(b.Fund), text(b.Account), organisation(v, b.Payee), organisation(v, b.Beneficiary), text(b.Category),
				text(b.For), money(b.Debit), money(b.Credit), money(b.Balance()))
		}
	}
	return t
}

// takes says whether a bucket of a fund was asked for.
func (o Options) takes(fund domain.FundCode, b domain.Bucket) bool {
	return (o.Fund == "" || fund == o.Fund) && (o.Payee == "" || b.Payee == o.Payee) &&
		(o.Network == "" || b.Beneficiary == o.Network)
}

// posted returns what was posted up to and including the period that was asked for, or all that was.
func (o Options) posted(v *projections.Views) (projections.TrialBalance, projections.Balances) {
	if o.Period == "" {
		return v.TrialBalance, v.Balances
	}
	return v.Through(o.Period)
}
