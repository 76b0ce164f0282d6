package projections

import (
	"cmp"
	"fmt"
	"slices"

	"pcnledger/domain"
)

// TrialBalance adds up what was posted, by fund and account.
type TrialBalance struct{ book *book }

// A Turnover is what was debited and credited, both as positive pence.
type Turnover struct{ Debit, Credit domain.Pence }

// Balance returns debits less credits.
func (t Turnover) Balance() domain.Pence { return t.Debit - t.Credit }

func (t *Turnover) post(p domain.Pence) {
	if p > 0 {
		t.Debit += p
	} else {
		t.Credit -= p
	}
}

func (t *Turnover) add(more Turnover) { t.Debit += more.Debit; t.Credit += more.Credit }

// A TrialLine is one account of one fund.
type TrialLine struct {
	Fund    domain.FundCode
	Account domain.Account
	Turnover
}

// Lines returns every account that was ever posted to, by fund and then in the order of [domain.Accounts].
func (t *TrialBalance) Lines() []TrialLine {
	totals := &t.book.totals
	lines := make([]TrialLine, totals.len())
	for i := range lines {
		key := totals.key(int32(i))
		lines[i] = TrialLine{domain.FundCode(t.book.words.text(key.fund)), key.account.name(), *totals.at(int32(i))}
	}
	slices.SortFunc(lines, func(a, b TrialLine) int {
		return cmp.Or(cmp.Compare(a.Fund, b.Fund), compareAccounts(a.Account, b.Account))
	})
	return lines
}

// A TrialSide is what was posted to one side of one fund, or of all: Fund is blank then. The financial accounts balance
// by themselves, and so do the control accounts.
type TrialSide struct {
	Fund    domain.FundCode
	Control bool
	Turnover
}

// Sides returns the financial and the control side of every fund, and at the end those of all funds together.
func (t *TrialBalance) Sides() []TrialSide {
	var sides []TrialSide
	financial, control := TrialSide{}, TrialSide{Control: true}
	for _, line := range t.Lines() {
		if n := len(sides); n == 0 || sides[n-1].Fund != line.Fund {
			sides = append(sides, TrialSide{Fund: line.Fund}, TrialSide{Fund: line.Fund, Control: true})
		}
		n := len(sides)
		if line.Account.IsControl() {
			sides[n-1].add(line.Turnover)
			control.add(line.Turnover)
		} else {
			sides[n-2].add(line.Turnover)
			financial.add(line.Turnover)
		}
	}
	return append(sides, financial, control)
}

// Check returns an error that names each side which does not balance, or nil.
func (t *TrialBalance) Check() error {
	for _, side := range t.Sides() {
		if side.Balance() != 0 {
			return fmt.Errorf("trial balance: %s: debits %s are not credits %s", side, side.Debit, side.Credit)
		}
	}
	return nil
}

// String names the side in words.
func (s TrialSide) String() string {
	name, of := "financial accounts", "all funds"
	if s.Control {
		name = "control accounts"
	}
	if s.Fund != "" {
		of = "fund " + string(s.Fund)
	}
	return name + " of " + of
}

// compareAccounts sorts as [domain.Accounts] does.
func compareAccounts(a, b domain.Account) int { return cmp.Compare(a.Order(), b.Order()) }
