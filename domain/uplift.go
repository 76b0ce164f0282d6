package domain

import (
	"fmt"
	"slices"
)

// ClaimUplift asks to record a network's claim for what a maximum that was raised with effect from an earlier day makes of
// claims that were approved: the staff are paid first, and one claim settles the difference. The claims stay as they are.
// It goes through verification and approval as any claim does.
type ClaimUplift struct {
	Network     Body         `json:"network"`
	Reference   string       `json:"reference"`
	Declaration bool         `json:"declaration"` // the network declares that the staff were paid
	Notes       string       `json:"notes,omitzero"`
	Lines       []UpliftLine `json:"lines"`
}

// An UpliftLine is what one person was paid more for one month.
type UpliftLine struct {
	Person Person   `json:"person"`
	Role   RateCode `json:"role,omitzero"` // asked for where the person was in two roles in the month
	Month  Service  `json:"month"`
	Costs
}

// UpliftClaimed says what a network claimed for an uplift. The claim goes by the number of this event.
type UpliftClaimed struct {
	Network     Body         `json:"network"`
	Reference   string       `json:"reference"`
	Declaration bool         `json:"declaration"`
	Notes       string       `json:"notes,omitzero"`
	Lines       []UpliftLine `json:"lines"`
}

// The rules of uplifts.
const (
	RuleUpliftMonths    Rule = "uplift-months"
	RuleUpliftUnclaimed Rule = "uplift-unclaimed"
	RuleUpliftTwice     Rule = "uplift-twice"
	RuleUpliftWhole     Rule = "uplift-whole-pay"
)

func (c ClaimUplift) decide(l *Ledger, _ moment) (Event, error) {
	if err := l.registry.knownAs(c.Network, "the network", KindNetwork); err != nil {
		return nil, err
	}
	if err := checkText(c.Reference, "the reference", `"uplift of April to July 2025"`); err != nil {
		return nil, err
	}
	if !c.Declaration {
		return nil, refuse(RuleClaimDeclaration, "pay the staff first, and confirm the declaration (declaration: true)", "the network does not declare that the staff were paid")
	}
	if err := checkLines(len(c.Lines)); err != nil {
		return nil, err
	}
	e := UpliftClaimed(c)
	e.Lines = slices.Clone(c.Lines)
	seen := map[claimedPost]bool{}
	for i, line := range c.Lines {
		post, err := l.checkUpliftLine(c, line, seen)
		if err != nil {
			return nil, onLine(i, err)
		}
		seen[post] = true
		e.Lines[i].Role = post.role
	}
	return e, nil
}

// checkUpliftLine returns the post that a line is about, or refuses it: its claim does not stand approved, it was uplifted
// already, or its costs cannot be those of a month.
func (l *Ledger) checkUpliftLine(c ClaimUplift, line UpliftLine, seen map[claimedPost]bool) (claimedPost, error) {
	const aMonth = "give a month in each line, such as 2025-26/M01, and claim another year's by itself"
	if line.Month == "" {
		return claimedPost{}, refuse(RuleUpliftMonths, aMonth, "the line for %s gives no month", line.Person)
	}
	if line.Month == line.Month.WholeYear() || line.Month.Year() != c.Lines[0].Month.Year() {
		return claimedPost{}, refuse(RuleUpliftMonths, aMonth, "%q is no month of %q, the year of the first line",
			string(line.Month), string(c.Lines[0].Month.Year()))
	}
	post, err := l.postClaimed(line.Person, c.Network, line.Role, line.Month)
	if err != nil {
		return post, err
	}
	claim, err := l.approvedClaim(post)
	if err != nil {
		return post, err
	}
	if cost, _ := l.costOf(claim, post); line.Total() >= cost {
		return post, refuse(RuleUpliftWhole, "give what was paid more, not the whole pay", "%s was paid %s more for %s, it says; the whole month cost %s in the claim",
			line.Person, line.Total(), line.Month, cost).figure("more", line.Total()).figure("cost claimed", cost)
	}
	if number, _ := l.standing(post, true, 0); seen[post] || number != 0 {
		return post, refuse(RuleUpliftTwice, "leave the line out; to claim it anew have the uplift rejected (RejectClaim) or, once approved, recovered in full (RaiseRecovery)",
			"the claim for %s as %s for %s is uplifted already%s", line.Person, post.role, line.Month, inClaim(number))
	}
	most, _, err := l.reimbursable(post)
	if err != nil {
		return post, err
	}
	if line.Fees != 0 {
		return post, refuse(RuleClaimCosts, "leave the fees out", "an uplift is what staff were paid more; a supplier's fee of %s is no pay", line.Fees)
	}
	return post, line.check(post, most.Pence())
}

func inClaim(number int64) string {
	if number == 0 {
		return ""
	}
	return fmt.Sprintf(", in claim %d", number)
}

// approvedClaim returns the claim for a post that stands approved, or refuses: what was not approved is claimed, not uplifted.
func (l *Ledger) approvedClaim(post claimedPost) (*claimState, error) {
	number, claim := l.standing(post, false, 0)
	if number == 0 || claim.approved == nil {
		return nil, refuse(RuleUpliftUnclaimed, "have the month claimed and approved (SubmitClaim, ApproveClaim); at the maximum of today it needs no uplift",
			"no claim for %s as %s for %s stands approved", post.person, post.role, post.month)
	}
	return claim, nil
}

// upon has a line of an uplift's approval stand on the claim: its cost is the claim's and what the post cost more, and what
// was approved is taken off. What was recovered by the pence counts as approved, as far as the claim's own cost goes: it was
// not for its cost that it was recovered, and an uplift does not pay it again.
func (a *claimApproval) upon(post claimedPost, line *ApprovedLine) error {
	claim, err := a.ledger.approvedClaim(post)
	if err != nil {
		return err
	}
	cost, right := a.ledger.costOf(claim, post)
	paid := claim.paid[post]
	line.For, line.Before = post.month, max(paid, min(paid+claim.withheld[post], right))
	line.Cost += cost
	return nil
}

// costOf is what counts of a post's cost by an approved claim, as approved or as it proved to be since, and what was due on it
// by the maximum of the approval.
func (l *Ledger) costOf(claim *claimState, post claimedPost) (cost, right Pence) {
	for _, line := range claim.approved.Lines {
		if claim.post(line) != post {
			continue
		}
		cost = line.Cost
		if proved := claim.proved[post]; len(proved) > 0 {
			cost, _ = l.countedCost(claimedLine{post, proved[len(proved)-1]}, Rate{Category: line.Category})
		}
		right = min(percentOf(line.Percent, cost), line.Maximum)
	}
	return cost, right
}

func (l *Ledger) claimUplift(r Recorded, e UpliftClaimed) {
	claim := &claimState{uplift: true, ClaimSubmitted: ClaimSubmitted{
		Network: e.Network, Month: e.Lines[0].Month.WholeYear(), Reference: e.Reference, Declaration: e.Declaration, Notes: e.Notes,
	}}
	for _, line := range e.Lines {
		claim.lines = append(claim.lines, claimedLine{claimedPost{line.Person, e.Network, line.Role, line.Month}, line.Costs})
	}
	l.noteClaim(r, claim)
}
