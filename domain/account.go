package domain

import "fmt"

// An Account is where postings stand. Financial accounts say what is owed, paid and spent; control accounts say what
// became of a fund's limit. Each side balances by itself.
type Account string

// The financial accounts.
const (
	Expenditure Account = "expenditure"
	Advances    Account = "advances"    // released, and not yet spent or called back
	Receivables Account = "receivables" // to be paid back to the commissioner
	Payables    Account = "payables"    // to be paid by the commissioner
	Clearing    Account = "clearing"    // paid and received; shared services hold the bank
)

// The control accounts.
const (
	Limit       Account = "limit"
	Unallocated Account = "unallocated"
	Allocated   Account = "allocated"
	Released    Account = "released"
	Charged     Account = "charged"
	Lapsed      Account = "lapsed"
)

// Accounts lists every account in the order of a trial balance.
func Accounts() []Account {
	return []Account{
		Expenditure, Advances, Receivables, Payables, Clearing,
		Limit, Unallocated, Allocated, Released, Charged, Lapsed,
	}
}

// IsControl says that an account belongs to the control side.
func (a Account) IsControl() bool { return a.rule().control }

// UnmarshalText refuses a name that is no account.
func (a *Account) UnmarshalText(text []byte) error {
	if _, ok := dimensions[Account(text)]; !ok {
		return fmt.Errorf("%q is no account", text)
	}
	*a = Account(text)
	return nil
}

// An accountRule says which dimensions of a posting an account keeps, besides its fund and dates.
type accountRule struct{ control, payee, beneficiary, category, service bool }

var dimensions = map[Account]accountRule{
	Expenditure: {payee: true, beneficiary: true, category: true, service: true},
	Advances:    {payee: true, beneficiary: true, category: true, service: true},
	Receivables: {payee: true, beneficiary: true, service: true},
	Payables:    {payee: true, beneficiary: true, service: true},
	Clearing:    {},

	Limit:       {control: true, service: true},
	Unallocated: {control: true, service: true},
	Allocated:   {control: true, payee: true, beneficiary: true, category: true, service: true},
	Released:    {control: true, payee: true, beneficiary: true, category: true, service: true},
	Charged:     {control: true, payee: true, beneficiary: true, category: true, service: true},
	Lapsed:      {control: true, beneficiary: true, service: true},
}

func (a Account) rule() accountRule {
	rule, ok := dimensions[a]
	if !ok {
		panic("no such account: " + string(a))
	}
	return rule
}

// keep returns b with only the dimensions that the account keeps.
func (a Account) keep(b Bucket) Bucket {
	rule, kept := a.rule(), Bucket{}
	if rule.payee {
		kept.Payee = b.Payee
	}
	if rule.beneficiary {
		kept.Beneficiary = b.Beneficiary
	}
	if rule.category {
		kept.Category = b.Category
	}
	if rule.service {
		kept.For = b.For
	}
	return kept
}
