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
	claim, known := w.ledger.claims[e.Claim]
	if !known || len(claim.lines) != len(e.Lines) {
		return x, unexplained("verify the ledger: pcnledger verify", "claim %d does not have the lines that event %d approved", e.Claim, r.Number)
	}
	x.Inputs = append(x.Inputs, Input{Name: "claim of " + e.Network.Bare(), Value: claim.Reference, Event: e.Claim},
		w.payeeInput(e.Network, "", e.Payee, claim.lastMonth().First()),
		Input{Name: "the approval", Value: fmt.Sprintf("fund %s, due on %s", e.Fund, e.Due), Event: r.Number})
	again := claimApproval{ledger: &w.ledger, claim: claim, moment: moment{Stamp: r.Stamp, effective: r.Effective}, event: e, left: map[RateCode]Pence{}}
	var terms []string
	for i := range e.Lines {
		post, err := w.explainPost(&again, i, r.Number)
		if err != nil {
			return x, err
		}
		x.Pence += post.Pence
		x.Parts = append(x.Parts, post)
		terms = append(terms, post.Value)
	}
	x.Value = x.Pence.String()
	x.holds(e.Pence())
	x.Numbers = strings.Join(terms, " + ") + " = " + x.Value
	if len(terms) == 1 {
		x.Numbers = e.Lines[0].Words()
	}
	return x, nil
}

// explainPost opens what is paid of one post: the percentage first, then the maximum, then what was approved before, then
// what is left of the sum.
func (w *Workings) explainPost(a *claimApproval, i int, number int64) (Explanation, error) {
	claimed, line := a.claim.lines[i], a.event.Lines[i]
	x := money(fmt.Sprintf("post %s, %s", line.Person, monthName(claimed.month)), 0)
	x.Formula = "the least of the part of the cost that is reimbursed, the maximum of the post, and what is left of the network's sum"
	maximum, rate, err := w.ledger.reimbursable(claimed.claimedPost)
	if err != nil {
		return x, err
	}
	cost, warnings := w.ledger.countedCost(claimed, rate)
	worked := ApprovedLine{Cost: cost}
	part := money("part of the cost that is reimbursed", 0)
	part.Inputs, part.Notes = claimed.inputs(a.event.Claim), warnings
	if a.claim.uplift {
		if err := a.upon(claimed.claimedPost, &worked); err != nil {
			return x, err
		}
		x.Formula = "the lesser of the part of the whole cost and the maximum of the post, less what was approved before; at most what is left of the network's sum"
		w.explainUplift(&x, &part, claimed, worked, cost)
	}
	part.Pence = percentOf(rate.Percent, worked.Cost)
	part.Value = part.Pence.String()
	part.Formula = "percentage × the month's cost, rounded once to the penny, half away from zero"
	part.Numbers = fmt.Sprintf("%s %% of %s = %s", rate.Percent, worked.Cost, part.Value)
	part.holds(line.Part)
	most := w.explainMaximum(maximum, claimed.claimedPost)
	most.holds(line.Maximum)
	left, err := a.leftOf(rate.sum())
	if err != nil {
		return x, err
	}
	due := max(0, min(part.Pence, most.Pence)-worked.Before)
	x.Pence = min(due, left)
	a.left[rate.sum()] -= x.Pence
	x.Value, x.Numbers = x.Pence.String(), line.Words()
	x.holds(line.Pence)
	x.note("%s", bound(part.Pence, most.Pence, due, left))
	for _, d := range line.Draws {
		x.Inputs = append(x.Inputs, d.input(number))
	}
	x.Parts = []Explanation{part, most, w.explainLeft(sumKey{claimed.network, claimed.month.Year(), rate.sum()}, left)}
	return x, nil
}

// explainUplift says what of an uplift's cost and right stands in the claim that it is upon.
func (w *Workings) explainUplift(x, part *Explanation, claimed claimedLine, worked ApprovedLine, cost Pence) {
	number, _ := w.ledger.standing(claimed.claimedPost, false, 0)
	part.Inputs = append(part.Inputs, Input{Name: "cost that the claim was approved on", Value: (worked.Cost - cost).String(), Event: number})
	x.Inputs = append(x.Inputs, Input{Name: "approved before", Value: worked.Before.String(), Event: number})
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
func (w *Workings) explainMaximum(m PostMaximum, post claimedPost) Explanation {
	x := money("maximum of the post for "+monthName(m.Month), m.Pence())
	x.Formula = "the annual maximum in force × the part of a whole-time post × days in post ÷ days in the month ÷ 12, for every month of the year up to this one, rounded to the penny; less the same for the months before"
	x.Numbers = m.words()
	seen := map[int64]bool{}
	for _, term := range m.Terms {
		if !seen[term.Number] {
			x.Inputs = append(x.Inputs, w.rateInput(*term.Version, term.Number))
		}
		seen[term.Number] = true
		if term.Days != term.Of {
			x.note("in post on %d of the %d days of %s: %s a week", term.Days, term.Of, monthName(term.Month), term.Post.words())
		}
	}
	for _, e := range timesIn(w.ledger.roles[post.person], post.network, post.role) {
		if e.from > m.Month.Last() {
			continue
		}
		said := w.said[statement{what: "post", person: post.person, from: e.from}]
		in := Input{Name: "post", Value: e.Post.words() + " a week, " + ratWords(e.Post.wholeTime()) + " of a whole-time post", Note: "from " + e.from.String() + until(e.to)}
		x.Inputs = append(x.Inputs, in.from(said, w.sources[said]))
		if ended := w.said[statement{what: "ended", person: post.person, from: e.to}]; e.to != "" && ended != 0 {
			x.Inputs = append(x.Inputs, Input{Name: "last day", Value: e.to.String(), Event: ended})
		}
	}
	x.note("what a month leaves unused is not carried on")
	return x
}

// words is the arithmetic of a maximum: £37,810.00 × 1 ÷ 12 = £3,150.83 for October 2019. Months in a row at one annual
// maximum are added up before they are multiplied.
func (m PostMaximum) words() string {
	var terms []string
	sum := new(big.Rat)
	for i, term := range m.Terms {
		sum.Add(sum, term.Share())
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
	line := claim.approved.Lines[e.Charge-1]
	post := claim.post(line)
	cost, notes := w.ledger.countedCost(claimedLine{post, e.Proved}, Rate{Category: line.Category})
	part := percentOf(line.Percent, cost)
	right := money("due on the proved cost", min(part, line.Maximum))
	right.Formula = "percentage × the proved cost, rounded to the penny; at most the maximum of the post, as it was approved"
	right.Numbers = fmt.Sprintf("%s %% of %s = %s; maximum %s", line.Percent, cost, part, line.Maximum)
	right.Inputs, right.Notes = e.Proved.inputs(r.Number), notes
	right.holds(e.Right)
	stood := claim.paid[post]
	x.Formula = "what was approved and not recovered, less what is due on the cost that was proved"
	if claim.uplift {
		x.Formula += "; at most what the uplift paid"
		stood = w.ledger.paidFor(post)
	}
	x.Inputs = append(x.Inputs, Input{Name: "approved and not recovered", Value: stood.String(), Event: e.Item.number()})
	x.Pence = min(stood-right.Pence, claim.paid[post])
	x.Value = x.Pence.String()
	x.Numbers = fmt.Sprintf("%s − %s = %s", stood, right.Value, stood-right.Pence)
	if x.Pence != stood-right.Pence {
		x.Numbers += "; at most " + x.Value
	}
	x.Parts = []Explanation{right}
	x.holds(e.Pence)
	return x
}
