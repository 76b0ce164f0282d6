package reports

import (
	"fmt"

	"pcnledger/domain"
	"pcnledger/projections"
)

var trialBalance = Definition{
	Name:  "trial-balance",
	Title: "Trial balance",
	Line:  "debits and credits of every account, per fund and in all, financial and control",
	Takes: Takes{Fund: true, Period: true},
	body: func(v *projections.Views, o Options) body {
		trial, _ := o.posted(v)
		sides := sidesOf(trial, o)
		return body{
			tables:  []Table{accountTable(trial, o, sides), sideTable(sides)},
			notes:   []string{"The financial accounts balance by themselves, and so do the control accounts."},
			closing: nilSides(sides),
			through: o.Period,
		}
	},
}

const postFirst = "Nothing is posted. Record funding first (ConfirmFunding)."

// sidesOf returns the sides of the fund that was asked for, or those of every fund and of all together.
func sidesOf(trial projections.TrialBalance, o Options) []projections.TrialSide {
	all := trial.Sides()
	if o.Fund == "" {
		return all
	}
	var sides []projections.TrialSide
	for _, s := range all {
		if s.Fund == o.Fund {
			sides = append(sides, s)
		}
	}
	return sides
}

// accountTable gives turnovers and, in the manner of a trial balance, each balance on the side it falls. Its totals are
// those of the last two sides: of all funds, or of the one.
func accountTable(trial projections.TrialBalance, o Options, sides []projections.TrialSide) Table {
	t := Table{
		Name: "accounts", Title: "Accounts", Empty: postFirst,
		Columns: columns(of(KindText, "fund", "side", "account"),
			of(KindMoney, "debits", "credits", "debit balance", "credit balance")),
	}
	bySide := map[string][][]Cell{}
	for _, line := range trial.Lines() {
		if o.Fund != "" && line.Fund != o.Fund {
			continue
		}
		side := sideName(line.Account.IsControl())
		debit, credit := onItsSide(line.Balance())
		t.row(text(line.Fund), text(side), text(line.Account), money(line.Debit), money(line.Credit), debit, credit)
		bySide[side] = append(bySide[side], t.Rows[len(t.Rows)-1])
	}
	for _, side := range []string{sideName(false), sideName(true)} {
		if len(t.Rows) > 0 {
			total := t.sum("total", bySide[side])
			total[1] = Words(side)
			t.Totals = append(t.Totals, total)
		}
	}
	return t
}

func sideTable(sides []projections.TrialSide) Table {
	t := Table{
		Name: "sides", Title: "Each side of each fund", Empty: postFirst,
		Columns: columns(of(KindText, "fund", "side"), of(KindMoney, "debits", "credits", "difference")),
	}
	for _, s := range sides {
		fund := text(s.Fund)
		if s.Fund == "" {
			fund = Words("all funds")
		}
		if s.Debit != 0 || s.Credit != 0 {
			t.row(fund, text(sideName(s.Control)), money(s.Debit), money(s.Credit), money(s.Balance()))
		}
	}
	return t
}

func sideName(control bool) string {
	if control {
		return "control"
	}
	return "financial"
}

// onItsSide puts a balance into the debit or the credit column.
func onItsSide(balance domain.Pence) (debit, credit Cell) {
	switch {
	case balance > 0:
		return money(balance), nil
	case balance < 0:
		return nil, money(-balance)
	}
	return nil, nil
}

// nilSides says of each fund, and of all together, that both sides are nil, or names those that are not. Sides come in
// pairs, financial and control.
func nilSides(sides []projections.TrialSide) []string {
	var sentences []string
	for _, s := range sides {
		if s.Balance() != 0 {
			sentences = append(sentences, fmt.Sprintf(
				"DOES NOT AGREE: %s: debits less credits are %s. Stop and run: pcnledger replay", s, s.Balance()))
		}
	}
	if len(sentences) > 0 {
		return sentences
	}
	for i := 0; i < len(sides); i += 2 {
		of := "all funds"
		if sides[i].Fund != "" {
			of = "fund " + string(sides[i].Fund)
		}
		sentences = append(sentences, "Debits less credits of "+of+": financial accounts nil, control accounts nil.")
	}
	return sentences
}
