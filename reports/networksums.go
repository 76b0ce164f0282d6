package reports

import (
	"errors"
	"fmt"

	"pcnledger/domain"
	"pcnledger/projections"
)

// A networkSum is the most that a network can be reimbursed out of a sum in a year, or why nobody can say.
type networkSum struct {
	sumOfNetwork
	domain.SumReckoning
	err error
}

// sumsOf works out the sums that were asked for, by year, network and sum.
func sumsOf(v *projections.Views, o Options, x claimIndex) []networkSum {
	var all []networkSum
	working := v.Grounds.Sums()
	for _, year := range arrsYears(v, o) {
		sums := sumsOfYear(v, x, year)
		for _, network := range claimants(v, year) {
			if o.Network != "" && network != o.Network {
				continue
			}
			for _, sum := range sums {
				all = append(all, sumOf(v, working, sumOfNetwork{year, network, sum}))
			}
		}
	}
	return all
}

// sumOf works out one sum. One that is nothing because nobody adopted it is none.
func sumOf(v *projections.Views, working *domain.Sums, key sumOfNetwork) networkSum {
	reckoned, err := working.Of(key.network, key.year, key.sum)
	if _, adopted := v.Rates.Rate(key.year, key.sum); err == nil && !adopted && reckoned.Pence == 0 {
		err = errNotAdopted
	}
	return networkSum{key, reckoned, err}
}

var errNotAdopted = errors.New("the sum is not adopted: adopt it, with its document where the card is less than secondary (AdoptRateCard)")

// why says why there is no sum, and what helps.
func (n networkSum) why() string {
	var refusal *domain.Refusal
	switch {
	case n.err == nil:
		return ""
	case errors.As(n.err, &refusal):
		return refusal.Reason + "; " + refusal.Remedy
	}
	return n.err.Error()
}

// isSumOfRoles says that a year's sum is that of the maxima of its roles.
func isSumOfRoles(v *projections.Views, year domain.Year) bool {
	rate, adopted := v.Rates.Rate(year, domain.SumARRS)
	if adopted {
		return rate.Unit == domain.UnitRoles
	}
	for _, r := range domain.RateCard(year) {
		if r.Rate == domain.SumARRS {
			return r.Unit == domain.UnitRoles
		}
	}
	return false
}

const noSumOfRoles = "No year's sum is that of the maxima of its roles."

// listSumTable shows how sums that are paid on lists are made up.
func listSumTable(v *projections.Views, sums []networkSum) Table {
	t := Table{
		Name: "sums", Title: "How each network's sum is worked out on its list", Empty: "No year's sum is paid on a list.",
		Columns: columns(of(KindOrganisation, "network"), of(KindText, "year", "sum"), of(KindNumber, "list"), of(KindCount, "patients"),
			of(KindText, "rate", "how"), of(KindMoney, "on the list", "redistributed", "the sum")),
	}
	for _, n := range sums {
		if n.Rate.Rate == "" || n.Rate.Unit == domain.UnitRoles {
			continue
		}
		if n.err != nil {
			t.row(organisation(v, n.network), text(n.year), text(n.sum), nil, nil, text(pounds(n.Rate.Amount)), text(n.why()), nil, nil, nil)
			continue
		}
		last := n.Months[len(n.Months)-1]
		t.row(organisation(v, n.network), text(n.year), text(n.sum), number(last.List), Count(last.Patients), text(pounds(last.Version.Amount)), text(sumWords(n)),
			money(n.Pence-n.Redistributed), moneyIfAny(n.Redistributed), money(n.Pence))
	}
	t.leaveOut("redistributed")
	t.total()
	return t
}

// sumWords is the arithmetic of a sum: 50,000 weighted patients × £22.671 = £1,133,550.00 for 12 months. Where its months
// stand on several lists or rates they are told apart.
func sumWords(n networkSum) string {
	words, from := "", 0
	for at := range n.Months {
		if at+1 < len(n.Months) && same(n.Months[at], n.Months[at+1]) {
			continue
		}
		m := n.Months[at]
		if words != "" {
			words += "; "
		}
		words += fmt.Sprintf("%s %s patients × %s = %s", grouped(m.Patients), n.Rate.Population, pounds(m.Version.Amount), m.Annual)
		if from > 0 || at+1 < len(n.Months) {
			words += fmt.Sprintf(" a period, %s to %s", monthName(n.Months[from].Month), monthName(m.Month))
		}
		from = at + 1
	}
	return words
}

// same says that two months stand on the same.
func same(a, b domain.Reckoning) bool {
	return a.List == b.List && a.Patients == b.Patients && a.Annual == b.Annual && a.Version.Amount == b.Version.Amount
}

// redistributedTable shows what networks gave up of their sums, and who may claim it.
func redistributedTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "redistributed", Title: "What was redistributed", Empty: "Nothing that a network leaves unclaimed was redistributed to others.",
		Columns: columns(of(KindNumber, "event"), of(KindDate, "recorded"), of(KindText, "year", "sum", "decided by", "paper"), of(KindDate, "decided"),
			of(KindOrganisation, "from", "to"), of(KindMoney, "estimated to be left", "redistributed")),
	}
	for _, r := range v.Redistributions.All() {
		for _, line := range r.Lines {
			if (o.Year == "" || r.Year == o.Year) && (o.Network == "" || line.From == o.Network || line.To == o.Network) {
				t.row(number(r.Number), date(r.On), text(r.Year), text(r.Sum), text(r.Decision.Body), text(r.Decision.Paper), date(r.Decision.Date),
					organisation(v, line.From), organisation(v, line.To), money(line.Estimate), money(line.Pence))
			}
		}
	}
	t.total()
	return t
}
