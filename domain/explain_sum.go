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
func (w *Workings) explainLeft(key sumKey, left Pence) Explanation {
	x := money(fmt.Sprintf("left of the sum %s of %s", key.sum, key.year), left)
	x.Formula = "the sum, less what was claimed of it before and what claims that wait for approval would take"
	whole, err := w.explainSum(key.network, key.year, key.sum)
	if err != nil {
		x.note("%s", err)
		return x
	}
	claimed := w.ledger.reimbursed[key]
	x.Numbers = fmt.Sprintf("%s − %s claimed", whole.Value, claimed)
	switch other := whole.Pence - claimed - left; {
	case other < 0:
		x.note("more was claimed than the sum is now")
	case other > 0:
		x.Numbers += fmt.Sprintf(" − %s that waits, or is paid in the lines before", other)
	}
	x.Numbers += " = " + x.Value
	other := ""
	if key.sum != SumARRS {
		other = " --sum " + string(key.sum)
	}
	x.note("opened by: pcnledger explain arrs-sum %s %s%s", key.network.Bare(), key.year, other)
	whole.Parts, whole.Notes = nil, nil
	x.Parts = []Explanation{whole}
	return x
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
		x.Formula = "the maxima of the year's roles, one whole-time post each, a twelfth for each month in which they run, rounded once"
		x.Inputs = w.roleInputs(year, sum)
		x.Numbers = "the maxima of the roles come to " + x.Value
		w.noteClaimed(&x, sumKey{network, year, sum})
		return x, nil
	}
	if err := w.explainSumMonths(&x, network, rate); err != nil {
		return x, err
	}
	key := sumKey{network, year, sum}
	if given := w.ledger.redistributed[key]; given != 0 {
		in, sign := Input{Name: "redistributed to it", Value: given.String()}, "+"
		if given < 0 {
			in, sign = Input{Name: "redistributed to others", Value: (-given).String()}, "−"
		}
		x.Numbers += fmt.Sprintf("; %s %s %s %s = %s", pence-given, sign, in.Value, in.Name, pence)
		if numbers := w.given[key]; len(numbers) > 0 {
			in.Event = numbers[len(numbers)-1]
		}
		x.Inputs = append(x.Inputs, in)
	}
	x.note("what another year left unclaimed is no part of it: it lapsed on 31 March")
	w.noteClaimed(&x, key)
	return x, nil
}

// noteClaimed says what was claimed of a sum, and what is left.
func (w *Workings) noteClaimed(x *Explanation, key sumKey) {
	claimed := w.ledger.reimbursed[key]
	x.note("claimed and not recovered: %s; left: %s", claimed, x.Pence-claimed)
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

// roleInputs are the maxima of the roles that a sum pays for.
func (w *Workings) roleInputs(year Year, sum RateCode) (all []Input) {
	var codes []RateCode
	for key := range w.ledger.rates {
		if key.year == year {
			codes = append(codes, key.code)
		}
	}
	slices.Sort(codes)
	for _, code := range codes {
		for _, v := range w.ledger.rates[rateKey{year, code}] {
			if v.rate.Kind == RateReimbursedRole && v.rate.Area == "" && v.rate.sum() == sum && v.rate.Amount != "" {
				in := w.rateInput(v.rate, v.number)
				in.Value = fmt.Sprintf("%s × %d ÷ 12 = %s", Pounds(v.rate.Amount), len(v.rate.Months()), v.rate.InPeriod())
				all = append(all, in)
			}
		}
	}
	return all
}
