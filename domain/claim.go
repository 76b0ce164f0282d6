package domain

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
)

// Costs are what a post cost its employer in a month, in pence.
type Costs struct {
	Salary  Pence `json:"salary"`
	NI      Pence `json:"ni"`      // employer's national insurance
	Pension Pence `json:"pension"` // employer's contribution
	Fees    Pence `json:"fees,omitzero"`
}

// Total is the cost of the post.
func (c Costs) Total() Pence { return c.Salary + c.NI + c.Pension + c.Fees }

// What the national claims portal takes for one post and month.
const (
	mostSalary  Pence = 10_000_00
	mostNI      Pence = 1_000_00
	mostPension Pence = 10_000_00
	mostFees    Pence = 1_000_00
)

// check refuses costs that the portal would not take, and a salary that looks like a year's: that of a month is never ten
// times what the month reimburses.
func (c Costs) check(post claimedPost, most Pence) error {
	if c.Salary > 0 && c.Salary >= 10*most {
		return refuse(RuleClaimSalary, "give the salary of the month; if it is right, check the hours and the days in post",
			"a salary of %s for %s in %s is ten times the maximum of %s or more: it looks like a yearly figure", c.Salary, post.person, post.month, most).
			figure("salary", c.Salary).figure("maximum of the month", most)
	}
	for _, part := range []struct {
		name string
		is   Pence
		most Pence
	}{{"salary", c.Salary, mostSalary}, {"national insurance", c.NI, mostNI}, {"pension", c.Pension, mostPension}, {"fees", c.Fees, mostFees}} {
		if part.is < 0 || part.is > part.most {
			return refuse(RuleClaimCosts, "give the month's own cost in pence", "%s of %s is not between nothing and %s a month", part.name, part.is, part.most).
				figure("asked", part.is).figure("at most", part.most)
		}
	}
	if c.Total() == 0 {
		return refuse(RuleClaimCosts, "leave the post out of the claim", "the post cost nothing")
	}
	return nil
}

// SubmitClaim asks to record a network's claim for its reimbursed roles in one month.
type SubmitClaim struct {
	Network     Body        `json:"network"`
	Month       Service     `json:"month"`
	Reference   string      `json:"reference"`
	Declaration bool        `json:"declaration"` // the network declares the claim to be right
	Notes       string      `json:"notes,omitzero"`
	Lines       []ClaimLine `json:"lines"`
}

// A ClaimLine is one person's cost in the month.
type ClaimLine struct {
	Person Person   `json:"person"`
	Role   RateCode `json:"role,omitzero"` // asked for where the person was in two roles in the month
	Costs
	Training string `json:"training,omitzero"` // of a pharmacist: why the requirements of training are not met
}

// ClaimSubmitted says what a network claimed. The claim goes by the number of this event.
type ClaimSubmitted struct {
	Network     Body        `json:"network"`
	Month       Service     `json:"month"`
	Reference   string      `json:"reference"`
	Declaration bool        `json:"declaration"`
	Notes       string      `json:"notes,omitzero"`
	Lines       []ClaimLine `json:"lines"`
}

// ApproveClaim asks that a claim be paid out of a fund: to its percentage, to the maximum of each post, and to what is
// left of the network's sum.
type ApproveClaim struct {
	Claim int64    `json:"claim"`
	Fund  FundCode `json:"fund"`
	Due   Date     `json:"due,omitzero"`
}

// ClaimApproved says what is paid of a claim. The whole claim is one payable item.
type ClaimApproved struct {
	Claim    int64          `json:"claim"`
	Fund     FundCode       `json:"fund"`
	Network  Body           `json:"network"`
	Payee    Body           `json:"payee"`
	Month    Service        `json:"month"`
	Due      Date           `json:"due"`
	Lines    []ApprovedLine `json:"lines"`
	Warnings []string       `json:"warnings,omitzero"`
}

// An ApprovedLine is the arithmetic of one post: its cost, the part that is reimbursed, the maximum, what is paid. That of
// an uplift is for a month of its own: its cost is the whole cost, and Before what was approved of it already.
type ApprovedLine struct {
	Person   Person   `json:"person"`
	For      Service  `json:"for,omitzero"` // of an uplift: the month
	Before   Pence    `json:"before,omitzero"`
	Role     RateCode `json:"role"`
	Category Category `json:"category"`
	Cost     Pence    `json:"cost"` // that counts: a supplier's fee at most as the card has it
	Percent  string   `json:"percent"`
	Part     Pence    `json:"part"` // percent of the cost, rounded half away from zero
	Maximum  Pence    `json:"maximum"`
	Sum      RateCode `json:"sum,omitzero"`  // the network's sum that it is paid out of
	Left     Pence    `json:"left,omitzero"` // of that sum, where it is paid no more than that
	Pence    Pence    `json:"pence"`
	Draws    []Draw   `json:"draws,omitzero"`
}

// MonthOf returns the month that a line of the claim is for.
func (e ClaimApproved) MonthOf(line ApprovedLine) Service {
	if line.For != "" {
		return line.For
	}
	return e.Month
}

// Pence is what is paid of the claim.
func (e ClaimApproved) Pence() (sum Pence) {
	for i := range e.Lines {
		sum += e.Lines[i].Pence
	}
	return sum
}

// RejectClaim asks that a claim not be paid. It can be claimed again.
type RejectClaim struct {
	Claim  int64  `json:"claim"`
	Reason string `json:"reason"`
}

// ClaimRejected says why a claim is not paid.
type ClaimRejected struct {
	Claim  int64  `json:"claim"`
	Reason string `json:"reason"`
}

// claimState is a claim, or an uplift of claims, and what became of it. An uplift is for the year of its months.
type claimState struct {
	ClaimSubmitted
	lines    []claimedLine
	uplift   bool
	rejected bool
	queried  bool   // a question waits for its answer
	question string // the last one
	verified bool
	approved *ClaimApproved

	submittedBy, verifiedBy []Hand

	paid     map[claimedPost]Pence   // approved and not recovered
	proved   map[claimedPost][]Costs // what posts proved to cost, by the recoveries that stand
	withheld map[claimedPost]Pence   // recovered by the pence, whatever the post cost
}

// The rules of claims.
const (
	RuleClaimRole   Rule = "claim-role"
	RuleClaimSalary Rule = "claim-salary"
)

func (c SubmitClaim) decide(l *Ledger, m moment) (Event, error) {
	if err := l.registry.knownAs(c.Network, "the network", KindNetwork); err != nil {
		return nil, err
	}
	if err := checkText(c.Reference, "the reference", `"claim of October 2019"`); err != nil {
		return nil, err
	}
	if c.Month == "" || c.Month == c.Month.WholeYear() || c.Month.First() > m.today() {
		return nil, refuse(RuleMonthNotBegun, "claim a month that has begun, such as 2019-20/M07", "nothing can be claimed for %q on %s", string(c.Month), m.today())
	}
	if !c.Declaration {
		return nil, refuse(RuleClaimDeclaration, "confirm the declaration (declaration: true)", "the network does not declare the claim to be right")
	}
	if err := checkLines(len(c.Lines)); err != nil {
		return nil, err
	}
	e := ClaimSubmitted(c)
	e.Lines = slices.Clone(c.Lines)
	seen := map[claimedPost]bool{}
	for i, line := range c.Lines {
		post, err := l.checkClaimLine(c, line, seen)
		if err != nil {
			return nil, onLine(i, err)
		}
		seen[post] = true
		e.Lines[i].Role = post.role
	}
	return e, nil
}

// checkClaimLine returns the post that a line claims, or refuses it: nobody is in post, it is claimed for the month
// already, or its costs cannot be those of a month.
func (l *Ledger) checkClaimLine(c SubmitClaim, line ClaimLine, seen map[claimedPost]bool) (claimedPost, error) {
	post, err := l.postClaimed(line.Person, c.Network, line.Role, c.Month)
	if err != nil {
		return post, err
	}
	if seen[post] || l.claimed(post) {
		return post, refuse(RuleClaimTwice, "leave the line out; to claim it anew have the claim rejected (RejectClaim) or, once approved, recovered in full (RaiseRecovery)",
			"%s is claimed as %s for %s already", line.Person, post.role, c.Month)
	}
	most, rate, err := l.reimbursable(post)
	if err != nil {
		return post, err
	}
	if line.Fees != 0 && !l.paysFees(post, rate) {
		return post, refuse(RuleClaimCosts, "leave the fees out", "fees are reimbursed for link workers only; %s is %s", line.Person, post.role)
	}
	return post, line.check(post, most.Pence())
}

// undecided returns a claim that is neither approved nor rejected.
func (l *Ledger) undecided(number int64) (*claimState, error) {
	claim, ok := l.claims[number]
	if !ok {
		return nil, refuse(RuleClaimUnknown, "look for it: pcnledger show claims", "event %d is no claim", number)
	}
	switch {
	case claim.rejected:
		return nil, refuse(RuleClaimDecided, "submit it anew (SubmitClaim)", "claim %d was rejected", number)
	case claim.approved != nil:
		return nil, refuse(RuleClaimDecided, "recover what was too much (RaiseRecovery)", "claim %d was approved already, for %s", number, claim.approved.Pence())
	}
	return claim, nil
}

func (c RejectClaim) decide(l *Ledger, _ moment) (Event, error) {
	if _, err := l.undecided(c.Claim); err != nil {
		return nil, err
	}
	if err := checkText(c.Reason, "the reason", `"the post began later"`); err != nil {
		return nil, err
	}
	return ClaimRejected(c), nil
}

func (c ApproveClaim) decide(l *Ledger, m moment) (Event, error) {
	claim, err := l.undecided(c.Claim)
	if err != nil {
		return nil, err
	}
	if err := l.checkClaimVerified(c.Claim, claim); err != nil {
		return nil, err
	}
	f, err := l.fund(c.Fund)
	if err != nil {
		return nil, err
	}
	if f.Basis != BasisEvidence {
		return nil, refuse(RuleFundTerms, "use a fund with the basis evidence", "fund %s pays in advance; a claim is paid on evidence", f.Fund)
	}
	if err := f.checkService(claim.Month); err != nil {
		return nil, err
	}
	if claim.Month.First() > m.effective {
		return nil, refuse(RuleMonthNotBegun, "correct the effective date", "%s begins on %s; the approval takes effect on %s", claim.Month, claim.Month.First(), m.effective)
	}
	payee, err := l.registry.nominee(claim.Network, claim.lastMonth().First())
	if err != nil {
		return nil, err
	}
	a := claimApproval{
		ledger: l, claim: claim, till: l.tillOf(f, m), moment: m, left: map[RateCode]Pence{},
		event: ClaimApproved{Claim: c.Claim, Fund: c.Fund, Network: claim.Network, Payee: payee, Month: claim.Month, Due: dueBy(c.Due, m)},
	}
	for i, line := range claim.lines {
		if err := a.line(line); err != nil {
			return nil, onLine(i, err)
		}
	}
	return a.event, nil
}

// A claimApproval is the approval of a claim while it is decided: what a line takes of a sum is gone for the lines after it.
type claimApproval struct {
	ledger *Ledger
	claim  *claimState
	till   *till
	moment moment
	event  ClaimApproved
	left   map[RateCode]Pence // of the sums that were asked for
}

// line takes the percentage first, then the maximum, then what was approved before, then what is left of the network's sum.
func (a *claimApproval) line(line claimedLine) error {
	most, rate, err := a.ledger.reimbursable(line.claimedPost)
	if err != nil {
		return err
	}
	if err := a.till.fund.checkCategory(rate.Category, true); err != nil {
		return err
	}
	cost, warnings := a.ledger.countedCost(line, rate)
	approved := ApprovedLine{Person: line.person, Role: line.role, Category: rate.Category, Cost: cost, Percent: rate.Percent, Maximum: most.Pence(), Sum: rate.sum()}
	if a.claim.uplift {
		if err := a.upon(line.claimedPost, &approved); err != nil {
			return err
		}
	}
	approved.Part = percentOf(rate.Percent, approved.Cost)
	due := max(0, min(approved.Part, approved.Maximum)-approved.Before)
	left, err := a.leftOf(approved.Sum)
	if err != nil {
		return err
	}
	if approved.Pence = min(due, left); approved.Pence < due {
		approved.Left = left
	}
	a.left[approved.Sum] -= approved.Pence
	a.event.Warnings = addWarnings(a.event.Warnings, append(warnings, approved.warnings(a.event, approved.Pence < due, left)...))
	if approved.Pence > 0 {
		want := resolvedLine{Bucket: Bucket{a.event.Payee, a.event.Network, rate.Category, line.month}, Pence: approved.Pence}
		draws, overspent, err := a.till.spendOnEvidence(want)
		if err != nil {
			return err
		}
		approved.Draws = draws
		a.event.Warnings = addWarnings(a.event.Warnings, overspent)
	}
	a.event.Lines = append(a.event.Lines, approved)
	return nil
}

// leftOf is what is left to the network of a sum, beside what waiting approvals would pay; never below nothing.
func (a *claimApproval) leftOf(sum RateCode) (Pence, error) {
	if left, known := a.left[sum]; known {
		return left, nil
	}
	left, err := a.ledger.freeOfSum(sumKey{a.claim.Network, a.claim.Month.Year(), sum}, a.moment)
	a.left[sum] = max(0, left)
	return a.left[sum], err
}

// warnings says where a post is paid less than its part.
func (a ApprovedLine) warnings(e ClaimApproved, short bool, left Pence) []string {
	var warnings []string
	if a.Part > a.Maximum {
		warnings = append(warnings, fmt.Sprintf("%s: %s of %s is above the maximum of %s for %s and is paid to it", a.Person, a.Part, a.Category, a.Maximum, e.MonthOf(a)))
	}
	if short {
		warnings = append(warnings, fmt.Sprintf("%s: %s has %s left of its sum%s for the year; the claim is paid to that", a.Person, e.Network.Bare(), left, a.Sum.named()))
	}
	return warnings
}

// percentOf rounds a percentage of a cost half away from zero.
func percentOf(percent string, cost Pence) Pence {
	part, _ := new(big.Rat).SetString(percent)
	return roundRat(part.Mul(part, big.NewRat(int64(cost), 100)))
}

func (l *Ledger) submitClaim(r Recorded, e ClaimSubmitted) {
	lines := make([]claimedLine, len(e.Lines))
	for i, line := range e.Lines {
		lines[i] = claimedLine{claimedPost{line.Person, e.Network, l.roleOfLine(e, line), e.Month}, line.Costs}
	}
	l.noteClaim(r, &claimState{ClaimSubmitted: e, lines: lines})
}

// roleOfLine is the role that a claim's line is for: the one it names, or, as claims were recorded first, the person's.
func (l *Ledger) roleOfLine(claim ClaimSubmitted, line ClaimLine) RateCode {
	if line.Role != "" {
		return line.Role
	}
	e, _ := l.inPost(line.Person, claim.Network, claim.Month)
	return e.role
}

func (l *Ledger) noteClaim(r Recorded, claim *claimState) {
	claim.submittedBy, claim.paid = r.hands(), map[claimedPost]Pence{}
	set(&l.claims, r.Number, claim)
	for _, line := range claim.lines {
		if known := l.claimsOf[line.person]; len(known) == 0 || known[len(known)-1] != r.Number {
			set(&l.claimsOf, line.person, append(known, r.Number))
		}
	}
}

func (l *Ledger) approveClaim(e ClaimApproved) {
	claim := l.claims[e.Claim]
	claim.approved = &e
	for _, line := range e.Lines {
		l.reimburse(claim, line, line.Pence)
	}
}

// reimburse counts what was paid for a line of a claim; less than nothing is what was recovered of it.
func (l *Ledger) reimburse(claim *claimState, line ApprovedLine, pence Pence) {
	claim.paid[claim.post(line)] += pence
	key := sumKey{claim.Network, claim.Month.Year(), cmp.Or(line.Sum, SumARRS)}
	set(&l.reimbursed, key, l.reimbursed[key]+pence)
}
