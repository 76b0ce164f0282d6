package domain

import (
	"fmt"
	"math/big"
	"strings"
)

// explainClaim opens what was approved of a claim: its item, with a part for each post.
func (w *Workings) explainClaim(r Recorded, e ClaimApproved) (Explanation, error) {
	x := money("item "+string(itemID(r.Number, 1)), 0)
	x.Formula = "what is paid for each post, added up"
	x.Inputs = append(x.Inputs, Input{Name: "claim of " + e.Network.Bare(), Value: fmt.Sprintf("number %d", e.Claim), Event: e.Claim},
		w.payeeInput(e.Network, "", e.Payee, e.Month.First()),
		Input{Name: "the approval", Value: fmt.Sprintf("fund %s, due on %s", e.Fund, e.Due), Event: r.Number})
	left := w.leftBefore(r, e)
	for i, line := range e.Lines {
		post, err := w.explainPost(e, i, left, r.Number)
		if err != nil {
			return x, err
		}
		left[line.Sum] -= post.Pence
		x.Pence += post.Pence
		x.Parts = append(x.Parts, post)
	}
	x.Value = x.Pence.String()
	x.holds(e.Pence())
	if len(e.Lines) == 1 {
		x.Numbers = e.Lines[0].Words()
	} else {
		var terms []string
		for i := range x.Parts {
			terms = append(terms, x.Parts[i].Value)
		}
		x.Numbers = strings.Join(terms, " + ") + " = " + x.Value
	}
	return x, nil
}

// leftBefore is what was left of the sums that a claim is paid out of: what the network may claim, less what it claimed and
// what claims that wait for approval would take.
func (w *Workings) leftBefore(r Recorded, e ClaimApproved) map[RateCode]Pence {
	left := map[RateCode]Pence{}
	m := moment{Stamp: r.Stamp, effective: r.Effective}
	for _, line := range e.Lines {
		year := e.MonthOf(line).Year()
		left[line.Sum] = w.ledger.sumLeft(e.Network, year) - w.ledger.heldClaims(e.Network, year, m)
	}
	return left
}

// explainPost opens what is paid of one post: the percentage first, then the maximum, then what is left of the sum.
func (w *Workings) explainPost(e ClaimApproved, i int, sums map[RateCode]Pence, number int64) (Explanation, error) {
	line := e.Lines[i]
	month, left := e.MonthOf(line), sums[line.Sum]
	x := money(fmt.Sprintf("post %s, %s", line.Person, monthName(month)), 0)
	x.Formula = "the least of the part of the cost that is reimbursed, the maximum of the post, and what is left of the network's sum"
	part, most, err := w.explainCap(e, line, month)
	if err != nil {
		return x, err
	}
	due := min(part.Pence, most.Pence)
	if line.Before != 0 {
		x.Formula = "the lesser of the part of the whole cost and the maximum of the post, less what was approved before; at most what is left of the network's sum"
		due -= line.Before
		x.Inputs = append(x.Inputs, Input{Name: "approved before", Value: line.Before.String()})
	}
	x.Pence = max(0, min(due, left))
	x.Value = x.Pence.String()
	x.Numbers = line.Words()
	x.holds(line.Pence)
	x.note("%s", bound(part.Pence, most.Pence, due, left))
	for _, d := range line.Draws {
		x.Inputs = append(x.Inputs, d.input(number))
	}
	x.Parts = []Explanation{part, most, w.explainLeft(e.Network, month.Year(), line.Sum, left)}
	return x, nil
}

// bound says which of the three limits a payment.
func bound(part, most, due, left Pence) string {
	switch {
	case due > left:
		return "what is left of the network's sum limits it"
	case part > most:
		return "the maximum of the post limits it"
	}
	return "the part of the cost is paid in full: it is not above the maximum of " + most.String()
}

// explainCap opens the part of the cost and the maximum of a post.
func (w *Workings) explainCap(e ClaimApproved, line ApprovedLine, month Service) (part, most Explanation, err error) {
	part, most = money("part of the cost that is reimbursed", 0), money("maximum of the post for "+monthName(month), 0)
	post, ok := w.ledger.inPost(line.Person, e.Network, month)
	if !ok {
		return part, most, unexplained("verify the ledger: pcnledger verify", "%s is in no role of %s in %s", line.Person, e.Network.Bare(), month)
	}
	rate, err := w.ledger.roleRate(post.role, post.Area, max(post.from, month.First()))
	if err != nil {
		return part, most, err
	}
	cost := line.Cost
	if costs, known := w.costsOf(e.Claim, line.Person, month); known && line.Before == 0 {
		cost = costs.Total()
		part.Inputs = costs.inputs(e.Claim)
	} else {
		part.Inputs = []Input{{Name: "cost", Value: cost.String(), Event: e.Claim}}
	}
	_, number, _ := w.ledger.Version(month.Year(), post.role, post.Area, max(post.from, month.First()))
	part.Pence = percentOf(rate.Percent, cost)
	part.Value = part.Pence.String()
	part.Formula = "percentage × the month's cost, rounded once to the penny, half away from zero"
	part.Numbers = fmt.Sprintf("%s %% of %s = %s", rate.Percent, cost, part.Value)
	part.holds(line.Part)
	w.explainMaximum(&most, post, rate, number, month, line)
	return part, most, nil
}

// costsOf is what a claim gives as the cost of a person in a month.
func (w *Workings) costsOf(claim int64, p Person, month Service) (Costs, bool) {
	state, known := w.ledger.claims[claim]
	if !known {
		return Costs{}, false
	}
	for _, line := range state.Lines {
		if line.Person == p && state.Month == month {
			return line.Costs, true
		}
	}
	return Costs{}, false
}

// inputs are the parts of a cost, as a claim gives them.
func (c Costs) inputs(claim int64) (all []Input) {
	for _, part := range []struct {
		name  string
		pence Pence
	}{{"salary", c.Salary}, {"employer's national insurance", c.NI}, {"employer's pension contribution", c.Pension}, {"fees", c.Fees}} {
		if part.pence != 0 {
			all = append(all, Input{Name: part.name, Value: part.pence.String(), Event: claim})
		}
	}
	return all
}

// explainMaximum opens the most that a post is reimbursed for a month.
func (w *Workings) explainMaximum(x *Explanation, post engagement, rate Rate, number int64, month Service, line ApprovedLine) {
	x.Pence = post.maximum(rate, month)
	x.Value = x.Pence.String()
	x.holds(line.Maximum)
	x.Formula = "the annual maximum × the share of a whole-time post × days in post ÷ days in the month ÷ 12, for all months of the year up to this one, rounded to the penny; less the same for the months before"
	first, sum, n := Service(""), new(big.Rat), 0
	for _, m := range rate.Months() {
		if share := post.share(m); m <= month && share.Sign() > 0 {
			if n++; n == 1 {
				first = m
			}
			sum.Add(sum, share)
		}
	}
	if first != "" {
		through := sumMaxima(rate, sum)
		x.Numbers = fmt.Sprintf("%s × %s ÷ 12 = %s for %s", Pounds(rate.Amount), ratWords(sum), through, monthNames(first, month))
		if through != x.Pence {
			x.Numbers += fmt.Sprintf("; less %s for the months before = %s", through-x.Pence, x.Value)
		}
	}
	said := w.said[statement{what: "post", person: line.Person, from: post.from}]
	x.Inputs = append(x.Inputs, w.rateInput(rate, number), Input{Name: "post", Value: post.words(), Note: "from " + post.from.String() + until(post.to)}.from(said, w.sources[said]))
	if post.to != "" {
		x.Inputs = append(x.Inputs, Input{Name: "last day", Value: post.to.String(), Event: w.said[statement{what: "ended", person: line.Person, from: post.to}]})
	}
	if days, of := post.daysIn(month), daysBetween(month.First(), month.Last())+1; days != of {
		x.note("in post on %d of %d days", days, of)
	}
	x.note("what a month leaves unused is not carried on")
}

// sumMaxima is the annual maximum for so many whole-time months.
func sumMaxima(rate Rate, months *big.Rat) Pence {
	twelfth, _ := new(big.Rat).SetString(rate.Amount)
	return poundsToPence(twelfth.Mul(twelfth, new(big.Rat).Quo(months, big.NewRat(12, 1))))
}

// words says how much of a whole-time post it is.
func (p Post) words() string {
	words, full := string(p.Hours)+" of 37.5 hours a week", p.Hours
	if p.Sessions != "" {
		words, full = string(p.Sessions)+" of 9 sessions a week", p.Sessions
	}
	if full == "" {
		return "no hours"
	}
	if p.Area != "" {
		words += ", London supplement: " + string(p.Area)
	}
	if p.Supplier {
		words += ", through a supplier"
	}
	return words
}

// explainRecovery opens what is to be paid back.
func (w *Workings) explainRecovery(r Recorded, e RecoveryRaised) Explanation {
	x := money("item "+string(itemID(r.Number, 1)), e.Pence)
	x.Inputs = append(x.Inputs, Input{Name: "the recovery", Value: e.Reason, Event: r.Number, Note: fmt.Sprintf("of item %s, by %s", e.Item, e.Due)})
	for _, d := range e.Draws {
		x.Inputs = append(x.Inputs, d.input(r.Number))
	}
	claim, isClaim := w.ledger.claims[e.Claim]
	if !isClaim || e.Proved == (Costs{}) || claim.approved == nil {
		x.Formula = "as the officer gave it"
		x.Numbers = e.Reason + ": " + x.Value
		return x
	}
	x.Formula = "what was approved and not recovered, less what is due on the cost that was proved"
	for _, line := range claim.approved.Lines {
		if line.Person != e.Person || claim.approved.MonthOf(line) != e.For {
			continue
		}
		right := money("due on the proved cost", min(percentOf(line.Percent, e.Proved.Total()), line.Maximum))
		right.Formula = "percentage × the proved cost, rounded to the penny; at most the maximum of the post"
		right.Numbers = fmt.Sprintf("%s %% of %s = %s; maximum %s", line.Percent, e.Proved.Total(), percentOf(line.Percent, e.Proved.Total()), line.Maximum)
		right.Inputs = e.Proved.inputs(r.Number)
		right.holds(e.Right)
		stood := claim.paid[e.Person]
		x.Inputs = append(x.Inputs, Input{Name: "approved and not recovered", Value: stood.String(), Event: e.Item.number()})
		x.Pence = stood - right.Pence
		x.Parts = []Explanation{right}
		x.Numbers = fmt.Sprintf("%s − %s = %s", stood, right.Value, x.Pence)
	}
	x.Value = x.Pence.String()
	x.holds(e.Pence)
	return x
}
