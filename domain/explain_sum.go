package domain

import (
	"fmt"
	"slices"
)

// ExplainSum opens what a network can be reimbursed for roles in a year and what of it is left, as the ledger stands; for
// one month where that is given.
func (w *Workings) ExplainSum(network Body, year Year, sum RateCode, month Service) (Explanation, error) {
	if _, known := w.ledger.registry.bodies[network]; !known {
		return Explanation{}, unexplained("look for its code: pcnledger show networks", "%s is not a registered body", network.Bare())
	}
	whole, err := w.explainSum(network, year, sum)
	if err == nil && len(whole.Inputs)+len(whole.Parts) == 0 {
		return whole, unexplained("adopt it first (AdoptRateCard), or look for its code: pcnledger show rates", "there is no sum %s of %s", sum, year)
	}
	if err != nil || month == "" {
		return whole, err
	}
	for _, part := range whole.Parts {
		if part.Figure == monthName(month) {
			return part, nil
		}
	}
	return whole, unexplained("leave --for out", "the sum %s of %s is not worked out by month for %s", sum, year, month)
}

// explainLeft opens what was left of a sum when a claim was approved.
func (w *Workings) explainLeft(network Body, year Year, sum RateCode, left Pence) Explanation {
	x := money("left of the network's sum for "+string(year), left)
	x.Formula = "the sum, less what was claimed of it before and what claims that wait for approval would take"
	whole, err := w.explainSum(network, year, sumOr(sum))
	if err != nil {
		x.note("%s", err)
		return x
	}
	claimed := w.ledger.reimbursed[sumKey{network, year, sumOr(sum)}]
	x.Numbers = fmt.Sprintf("%s − %s claimed", whole.Value, claimed)
	if waits := whole.Pence - claimed - left; waits != 0 {
		x.Numbers += fmt.Sprintf(" − %s that waits or is paid in lines before", waits)
	}
	x.Numbers += " = " + x.Value
	whole.Parts = nil // pcnledger explain arrs-sum opens it by month
	x.Parts = []Explanation{whole}
	return x
}

// sumOr is the sum that roles are paid out of where a card names none.
func sumOr(sum RateCode) RateCode {
	if sum == "" {
		return sumARRS
	}
	return sum
}

// explainSum opens a sum.
func (w *Workings) explainSum(network Body, year Year, sum RateCode) (Explanation, error) {
	x := money(fmt.Sprintf("sum %s of %s for %s", sum, network.Bare(), year), 0)
	pence, err := w.ledger.SumOf(network, year, sum)
	if err != nil {
		return x, err
	}
	x.Pence, x.Value = pence, pence.String()
	rate, err := w.ledger.adopted(year, sum)
	if err != nil || rate.Unit == UnitRoles {
		x.Formula = "the maxima of the year's roles, one whole-time post each, for the months in which they run, rounded once"
		x.Inputs = w.roleInputs(year)
		return x, nil
	}
	if err := w.explainSumMonths(&x, network, rate); err != nil {
		return x, err
	}
	key := sumKey{network, year, sum}
	if given := w.ledger.redistributed[key]; given != 0 {
		in := Input{Name: "redistributed to it, or from it", Value: given.String()}
		if numbers := w.given[key]; len(numbers) > 0 {
			in.Event = numbers[len(numbers)-1]
		}
		x.Inputs = append(x.Inputs, in)
	}
	claimed := w.ledger.reimbursed[key]
	x.note("claimed and not recovered: %s; left: %s", claimed, pence-claimed)
	return x, nil
}

// explainSumMonths opens a sum on the network's lists, month by month.
func (w *Workings) explainSumMonths(x *Explanation, network Body, rate Rate) error {
	months := rate.Months()
	run, err := w.runAgain(rate.Year, rate.Rate, months[len(months)-1])
	if err != nil {
		return err
	}
	c := claimant{network: network}
	due, err := run.dueFor(c)
	if err != nil {
		return err
	}
	x.Formula = "rate × the network's list, month by month; and what was redistributed"
	x.Numbers = due.sentence(months[0], months[len(months)-1], due.between(months[0], months[len(months)-1]))
	x.Parts = w.explainAnnuals(run, c, due)
	for i, month := range months {
		part := money(monthName(month), due.own[i])
		part.Formula, part.Numbers = due.ownWords(rate, i)
		x.Parts = append(x.Parts, part)
	}
	return nil
}

// roleInputs are the maxima of a year's roles.
func (w *Workings) roleInputs(year Year) (all []Input) {
	var codes []RateCode
	for key := range w.ledger.rates {
		if key.year == year {
			codes = append(codes, key.code)
		}
	}
	slices.Sort(codes)
	for _, code := range codes {
		for _, v := range w.ledger.rates[rateKey{year, code}] {
			if v.rate.Kind == RateReimbursedRole {
				in := w.rateInput(v.rate, v.number)
				in.Value = fmt.Sprintf("%s × %d ÷ 12 = %s", Pounds(v.rate.Amount), len(v.rate.Months()), v.rate.InPeriod())
				all = append(all, in)
			}
		}
	}
	return all
}
