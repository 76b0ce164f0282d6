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
	Accruals    Account = "accruals"    // cost of a period whose claim has not come
	InTransit   Account = "in transit"  // released to the bank, and not yet known to have arrived
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
		Expenditure, Advances, Receivables, Payables, Accruals, InTransit, Clearing,
		Limit, Unallocated, Allocated, Released, Charged, Lapsed,
	}
}

// Order returns where an account stands in the order of a trial balance, its index in [Accounts]; -1 for what is no
// account. It is a switch and not a search, because every posting asks.
func (a Account) Order() int {
	switch a {
	case Expenditure:
		return 0
	case Advances:
		return 1
	case Receivables:
		return 2
	case Payables:
		return 3
	case Accruals:
		return 4
	case InTransit:
		return 5
	case Clearing:
		return 6
	case Limit:
		return 7
	case Unallocated:
		return 8
	case Allocated:
		return 9
	case Released:
		return 10
	case Charged:
		return 11
	case Lapsed:
		return 12
	}
	return -1
}

// IsControl says that an account belongs to the control side.
func (a Account) IsControl() bool { return a.rule().control }

// UnmarshalText refuses a name that is no account.
func (a *Account) UnmarshalText(text []byte) error {
	if Account(text).Order() < 0 {
		return fmt.Errorf("%q is no account", text)
	}
	*a = Account(text)
	return nil
}

// An accountRule says which dimensions of a posting an account keeps, besides its fund and dates.
type accountRule struct {
	account                                        Account
	control, payee, beneficiary, category, service bool
}

// dimensions are in the order of a trial balance.
var dimensions = [...]accountRule{
	{account: Expenditure, payee: true, beneficiary: true, category: true, service: true},
	{account: Advances, payee: true, beneficiary: true, category: true, service: true},
	{account: Receivables, payee: true, beneficiary: true, service: true},
	{account: Payables, payee: true, beneficiary: true, service: true},
	{account: Accruals, payee: true, beneficiary: true, service: true},
	{account: InTransit},
	{account: Clearing},

	{account: Limit, control: true, service: true},
	{account: Unallocated, control: true, service: true},
	{account: Allocated, control: true, payee: true, beneficiary: true, category: true, service: true},
	{account: Released, control: true, payee: true, beneficiary: true, category: true, service: true},
	{account: Charged, control: true, payee: true, beneficiary: true, category: true, service: true},
	{account: Lapsed, control: true, beneficiary: true, service: true},
}

func (a Account) rule() *accountRule {
	order := a.Order()
	if order < 0 {
		panic("no such account: " + string(a))
	}
	return &dimensions[order]
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
