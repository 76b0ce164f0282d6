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
	maximum, err := w.ledger.Maximum(line.Person, e.Network, line.Role, month)
	if err != nil {
		return part, most, err
	}
	if len(maximum.Terms) == 0 || maximum.Terms[len(maximum.Terms)-1].Month != month {
		return part, most, unexplained("verify the ledger: pcnledger verify", "%s is in no role %s of %s in %s", line.Person, line.Role, e.Network.Bare(), month)
	}
	cost := line.Cost
	if costs, known := w.costsOf(e.Claim, line, month); known {
		cost = costs.Total()
		part.Inputs = costs.inputs(e.Claim)
	} else {
		part.Inputs = []Input{{Name: "cost", Value: cost.String(), Event: e.Claim}}
	}
	percent := maximum.percent()
	part.Pence = percentOf(percent, cost)
	part.Value = part.Pence.String()
	part.Formula = "percentage × the month's cost, rounded once to the penny, half away from zero"
	part.Numbers = fmt.Sprintf("%s %% of %s = %s", percent, cost, part.Value)
	part.holds(line.Part)
	w.explainMaximum(&most, maximum, e.Network, line)
	return part, most, nil
}

// percent is the part of the cost that is reimbursed in the month.
func (m PostMaximum) percent() string {
	for _, term := range m.Terms {
		if term.Month == m.Month {
			return term.Version.Percent
		}
	}
	return "0"
}

// costsOf is what a claim gives as the cost of a post; an uplift's own is what was paid more, and not the cost.
func (w *Workings) costsOf(number int64, approved ApprovedLine, month Service) (Costs, bool) {
	claim, known := w.ledger.claims[number]
	if !known || approved.For != "" || claim.Month != month {
		return Costs{}, false
	}
	for _, line := range claim.Lines {
		if line.Person == approved.Person && (line.Role == "" || line.Role == approved.Role) {
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
func (w *Workings) explainMaximum(x *Explanation, m PostMaximum, network Body, line ApprovedLine) {
	x.Pence = m.Pence()
	x.Value = x.Pence.String()
	x.holds(line.Maximum)
	x.Formula = "the annual maximum in force × the part of a whole-time post × days in post ÷ days in the month ÷ 12, for every month of the year up to this one, rounded to the penny; less the same for the months before"
	x.Numbers = m.words()
	seen := map[int64]bool{}
	for _, term := range m.Terms {
		if !seen[term.Number] {
			x.Inputs = append(x.Inputs, w.rateInput(term.Version, term.Number))
		}
		seen[term.Number] = true
		if term.Days != term.Of {
			x.note("in post on %d of the %d days of %s: %s", term.Days, term.Of, monthName(term.Month), term.Post.words())
		}
	}
	for _, e := range timesIn(w.ledger.roles[line.Person], network, line.Role) {
		if e.from > m.Month.Last() {
			continue
		}
		said := w.said[statement{what: "post", person: line.Person, from: e.from}]
		in := Input{Name: "post", Value: e.Post.words() + " a week, " + ratWords(e.Post.wholeTime()) + " of a whole-time post", Note: "from " + e.from.String() + until(e.to)}
		x.Inputs = append(x.Inputs, in.from(said, w.sources[said]))
		if ended := w.said[statement{what: "ended", person: line.Person, from: e.to}]; e.to != "" && ended != 0 {
			x.Inputs = append(x.Inputs, Input{Name: "last day", Value: e.to.String(), Event: ended})
		}
	}
	x.note("what a month leaves unused is not carried on")
}

// words is the arithmetic of a maximum: £37,810.00 × 1 ÷ 12 = £3,150.83 for October 2019. Months in a row at one annual
// maximum are added up before they are multiplied.
func (m PostMaximum) words() string {
	var terms []string
	sum := new(big.Rat)
	for i, term := range m.Terms {
		sum.Add(sum, term.Share)
		if i+1 == len(m.Terms) || m.Terms[i+1].Version.Amount != term.Version.Amount {
			terms = append(terms, fmt.Sprintf("%s × %s ÷ 12", Pounds(term.Version.Amount), ratWords(sum)))
			sum.SetInt64(0)
		}
	}
	if len(terms) == 0 {
		return "£0.00"
	}
	words := fmt.Sprintf("%s = %s for %s", strings.Join(terms, " + "), m.Through, monthNames(m.Terms[0].Month, m.Month))
	if m.Before != 0 {
		words += fmt.Sprintf("; less %s for the months before = %s", m.Before, m.Pence())
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
