package bench

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"pcnledger/domain"
	"pcnledger/projections"
)

// currency is what other programs are told that amounts are in.
const currency = "GBP"

// roots are where other programs want an account to stand, so that all of them take the same names.
var roots = map[domain.Account]string{
	domain.Expenditure: "Expenses", domain.Payables: "Liabilities",
	domain.Advances: "Assets", domain.Receivables: "Assets", domain.Clearing: "Assets",
}

// accountName names a bucket of an account in a way that all programs take: Assets:Advances:NR-1:Local-GP-00001:… Every
// name has as many parts as every other, so that none stands above another.
func accountName(account domain.Account, fund domain.FundCode, b domain.Bucket) string {
	root, ok := roots[account]
	if !ok {
		root = "Equity"
	}
	parts := []string{root}
	for _, part := range []string{string(account), string(fund), string(b.Payee), string(b.Beneficiary), string(b.Category), string(b.For)} {
		parts = append(parts, accountPart(part))
	}
	return strings.Join(parts, ":")
}

// accountPart begins with a capital or a digit and has only letters, digits and hyphens, as beancount wants it.
func accountPart(text string) string {
	if text == "" {
		return "None"
	}
	plain := strings.Map(func(c rune) rune {
		if c > unicode.MaxASCII || !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			return '-'
		}
		return c
	}, text)
	return strings.ToUpper(plain[:1]) + plain[1:]
}

// balancesOf returns the balance of every account that has one.
func balancesOf(views *projections.Views) map[string]domain.Pence {
	balances := map[string]domain.Pence{}
	for _, b := range views.Balances.All() {
		if pence := b.Balance(); pence != 0 {
			balances[accountName(b.Account, b.Fund, b.Bucket)] = pence
		}
	}
	return balances
}

// writeJournal writes the journal as ledger and hledger read it.
func writeJournal(w io.Writer, views *projections.Views) {
	last := int64(0)
	for _, e := range views.Journal.All() {
		if e.Number != last {
			last = e.Number
			fmt.Fprintf(w, "\n%s * %s %d\n", string(e.Effective), e.Event, e.Number)
		}
		writePosting(w, e)
	}
}

// writeBeancount writes the journal as beancount reads it: every account is opened before it is used.
func writeBeancount(w io.Writer, views *projections.Views) {
	for _, b := range views.Balances.All() {
		fmt.Fprintf(w, "%s open %s\n", string(year.First()), accountName(b.Account, b.Fund, b.Bucket))
	}
	last := int64(0)
	for _, e := range views.Journal.All() {
		if e.Number != last {
			last = e.Number
			fmt.Fprintf(w, "\n%s * \"%s %d\"\n", string(e.Effective), e.Event, e.Number)
		}
		writePosting(w, e)
	}
}

func writePosting(w io.Writer, e projections.Entry) {
	fmt.Fprintf(w, "  %s  %s %s\n", accountName(e.Account, e.Fund, e.Bucket), e.Pence.Decimal(), currency)
}
