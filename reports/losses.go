package reports

import (
	"slices"

	"pcnledger/domain"
	"pcnledger/projections"
)

// losses is the register of losses (HM Treasury, Managing Public Money, annex on losses and write-offs).
var losses = Definition{
	Name:  "losses",
	Title: "Register of losses",
	Line:  "receivables that were given up: class, reason, who decided, and those taken back since; sums by class",
	Takes: Takes{Fund: true, Payee: true, Network: true},
	body: func(v *projections.Views, o Options) body {
		selected := lossesOf(v, o)
		return body{
			tables: []Table{lossTable(v, selected), lossSumTable(selected)},
			notes:  []string{"A loss that was taken back stays in the register with the number of the event that did; the sums leave it out."},
		}
	},
}

func lossesOf(v *projections.Views, o Options) []projections.Loss {
	return slices.DeleteFunc(v.Losses.All(), func(l projections.Loss) bool {
		return (o.Fund != "" && l.Fund != o.Fund) || (o.Payee != "" && l.Payee != o.Payee) || (o.Network != "" && l.Beneficiary != o.Network)
	})
}

const noLoss = "Nothing is given up. What cannot be recovered is written off by decision (WriteOff): pcnledger show items --open"

func lossTable(v *projections.Views, selected []projections.Loss) Table {
	t := Table{
		Name: "losses", Title: "Losses", Empty: noLoss,
		Columns: columns(of(KindNumber, "event"), of(KindDate, "date"), of(KindText, "period", "class", "item", "fund"), of(KindOrganisation, "payee", "beneficiary"),
			of(KindText, "reason", "decided by", "paper", "raised by", "approved by"), of(KindNumber, "reversed by"), of(KindMoney, "amount", "stands")),
	}
	for _, l := range selected {
		t.row(number(l.Number), date(l.Effective), text(l.Period), text(l.Loss), text(l.Item), text(l.Fund), organisation(v, l.Payee),
			organisation(v, l.Beneficiary), text(l.Reason), text(l.Decision.Body), text(l.Decision.Paper), text(l.Raised), text(l.Approved),
			number(l.Reversed), money(l.Pence), money(stands(l)))
	}
	t.total()
	return t
}

func stands(l projections.Loss) domain.Pence {
	if l.Reversed != 0 {
		return 0
	}
	return l.Pence
}

func lossSumTable(selected []projections.Loss) Table {
	t := Table{
		Name: "by-class", Title: "By class, those that stand", Empty: noLoss,
		Columns: columns(of(KindText, "class"), of(KindCount, "losses"), of(KindMoney, "amount")),
	}
	for _, class := range []domain.Loss{domain.LossBadDebt, domain.LossOverpayment, domain.LossFraud, domain.LossOther} {
		var n Count
		var sum domain.Pence
		for _, l := range selected {
			if l.Loss == class && l.Reversed == 0 {
				n++
				sum += l.Pence
			}
		}
		if n > 0 {
			t.row(text(class), n, money(sum))
		}
	}
	t.total()
	return t
}
