package reports

import (
	"slices"
	"strings"
	"time"

	"pcnledger/domain"
	"pcnledger/projections"
)

// Asked says which balance of a fund is asked for: of one account, or of each that stands at something, as at a number that
// was recorded at a time, by an effective date; blank for all.
type Asked struct {
	Account   domain.Account
	Number    int64
	Time      time.Time
	Effective domain.Date
}

// BalanceAt is the report of what the accounts of a fund stood at, at any number and effective date, from views that are
// kept up. It is in no catalogue: the others are made of views of the moment. It returns a [*SelectionError] for a fund that
// the ledger did not have then, and for what is no account.
func BalanceAt(balances *projections.BalancesAt, v *projections.Views, o Options, a Asked) (Report, error) {
	fund, known := v.Funds.Fund(o.Fund)
	if !known || fund.Number > a.Number {
		return Report{}, unknown("fund "+string(o.Fund), fundNamesAt(v, a.Number))
	}
	if a.Account != "" && a.Account.Order() < 0 {
		return Report{}, &SelectionError{string(a.Account) + " is no account", "choose one of: " + strings.Join(accountNames(), ", ")}
	}
	t := Table{
		Name: "balances", Title: "Balances", Empty: "Every account of the fund stands at nothing.",
		Columns: columns(of(KindText, "fund", "account"), of(KindMoney, "balance")),
	}
	for _, account := range domain.Accounts() {
		pence := balances.Of(account, o.Fund, a.Number, a.Effective)
		if account == a.Account || a.Account == "" && pence != 0 {
			t.row(text(o.Fund), text(account), money(pence))
		}
	}
	h := headingOf(v, o, Takes{Fund: true})
	h.Number, h.Time, h.Date, h.Effective = a.Number, a.Time, domain.DateIn(a.Time), a.Effective
	h.Officers = officersOf(v, a.Number)
	h.Notes = []string{"A balance is debits less credits: a credit balance is negative."}
	return Report{Name: "balance", Title: "Balance", Heading: h, Tables: []Table{t}}, nil
}

func accountNames() []string {
	var names []string
	for _, account := range domain.Accounts() {
		names = append(names, string(account))
	}
	return names
}

// fundNamesAt returns the funds that there were at a number.
func fundNamesAt(v *projections.Views, number int64) []string {
	return slices.DeleteFunc(fundNames(v), func(name string) bool {
		fund, _ := v.Funds.Fund(domain.FundCode(name))
		return fund.Number > number
	})
}
