package domain

import (
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

// check refuses costs that the portal would not take.
func (c Costs) check() error {
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
	Role   RateCode `json:"role,omitzero"` // where the person was in two roles in the month
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
	Cost     Pence    `json:"cost"`
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

// claimState is a claim and what became of it.
type claimState struct {
	ClaimSubmitted
	rejected bool
	queried  bool   // a question waits for its answer
	question string // the last one
	verified bool
	approved *ClaimApproved

	submittedBy, verifiedBy []Hand

	paid map[Person]Pence // approved and not recovered
}

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
	seen := map[Person]bool{}
	for i, line := range c.Lines {
		if err := l.checkClaimLine(c, line, seen[line.Person]); err != nil {
			return nil, onLine(i, err)
		}
		seen[line.Person] = true
	}
	return ClaimSubmitted(c), nil
}

// checkClaimLine refuses a line for a person who is not in post, or who is claimed for the month already.
func (l *Ledger) checkClaimLine(c SubmitClaim, line ClaimLine, again bool) error {
	if again || l.claimed(line.Person, c.Network, c.Month) {
		return refuse(RuleClaimTwice, "leave the line out; to claim it anew have the claim rejected (RejectClaim) or, once approved, recovered in full (RaiseRecovery)", "%s is claimed for %s already", line.Person, c.Month)
	}
	e, ok := l.inPost(line.Person, c.Network, c.Month)
	if !ok {
		return refuse(RuleRoleNone, "engage the role first (EngageRole), or check token, network and month", "%s is in no role of %s in %s", line.Person, c.Network.Bare(), c.Month)
	}
	if _, err := l.roleRate(e.role, e.Area, max(e.from, c.Month.First())); err != nil {
		return err
	}
	if line.Fees != 0 && e.role != supplierFeeRole {
		return refuse(RuleClaimCosts, "leave the fees out", "fees are reimbursed for link workers only; %s is %s", line.Person, e.role)
	}
	return line.Costs.check()
}

// supplierFeeRole is the one role whose supplier's fee may be claimed, inside its maximum (HSJ and RCGP, autumn 2019).
const supplierFeeRole RateCode = "ARRS_SPLW"

// inPost returns the engagement of a person with a network in a month.
func (l *Ledger) inPost(p Person, network Body, month Service) (engagement, bool) {
	for _, e := range l.roles[p] {
		if e.network == network && e.daysIn(month) > 0 {
			return e, true
		}
	}
	return engagement{}, false
}

// claimed says that a network's claim for a person and month stands.
func (l *Ledger) claimed(p Person, network Body, month Service) bool {
	return slices.ContainsFunc(l.claimsFor(p), func(claim *claimState) bool { return claim.Network == network && claim.Month == month })
}

// claimsFor lists the claims for a person that stand, the first submitted first.
func (l *Ledger) claimsFor(p Person) []*claimState {
	var claims []*claimState
	for _, number := range l.claimsOf[p] {
		if claim := l.claims[number]; claim.standsFor(p) {
			claims = append(claims, claim)
		}
	}
	return claims
}

// standsFor says that a person who is in a claim cannot be claimed for its month again: unless it was rejected, or nothing
// is left of what was approved.
func (c *claimState) standsFor(p Person) bool {
	return !c.rejected && (c.approved == nil || c.paid[p] > 0)
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
	payee, err := l.registry.nominee(claim.Network, claim.Month.First())
	if err != nil {
		return nil, err
	}
	e := ClaimApproved{Claim: c.Claim, Fund: c.Fund, Network: claim.Network, Payee: payee, Month: claim.Month, Due: dueBy(c.Due, m)}
	left, t := l.sumLeft(claim.Network, f.Year)-l.heldClaims(claim.Network, f.Year, m), l.tillOf(f, m)
	for i, line := range claim.Lines {
		approved, warnings, err := l.approveLine(t, e, line, left)
		if err != nil {
			return nil, onLine(i, err)
		}
		left -= approved.Pence
		e.Lines = append(e.Lines, approved)
		e.Warnings = addWarnings(e.Warnings, warnings)
	}
	return e, nil
}

// approveLine takes the percentage first, then the maximum, then what is left of the network's sum.
func (l *Ledger) approveLine(t *till, e ClaimApproved, line ClaimLine, left Pence) (ApprovedLine, []string, error) {
	post, ok := l.inPost(line.Person, e.Network, e.Month)
	if !ok {
		return ApprovedLine{}, nil, refuse(RuleRoleNone, "reject the claim (RejectClaim)", "%s is in no role of %s in %s", line.Person, e.Network.Bare(), e.Month)
	}
	rate, err := l.roleRate(post.role, post.Area, max(post.from, e.Month.First()))
	if err != nil {
		return ApprovedLine{}, nil, err
	}
	if err := t.fund.checkCategory(rate.Category, true); err != nil {
		return ApprovedLine{}, nil, err
	}
	approved := ApprovedLine{Person: line.Person, Role: post.role, Category: rate.Category, Cost: line.Total(), Percent: rate.Percent,
		Part: percentOf(rate.Percent, line.Total())}
	if approved.Maximum, err = l.maximumOf(line.Person, e.Network, post.role, e.Month); err != nil {
		return ApprovedLine{}, nil, err
	}
	approved.Pence = max(0, min(approved.Part, approved.Maximum, left))
	warnings := approved.warnings(e, left)
	if approved.Pence == 0 {
		return approved, warnings, nil
	}
	want := resolvedLine{Bucket: Bucket{e.Payee, e.Network, rate.Category, e.Month}, Pence: approved.Pence}
	draws, overspent, err := t.spendOnEvidence(want)
	approved.Draws = draws
	return approved, append(warnings, overspent...), err
}

// warnings says where a post is paid less than its part.
func (a ApprovedLine) warnings(e ClaimApproved, left Pence) []string {
	var warnings []string
	if a.Part > a.Maximum {
		warnings = append(warnings, fmt.Sprintf("%s: %s of %s is above the maximum of %s for %s and is paid to it", a.Person, a.Part, a.Category, a.Maximum, e.Month))
	}
	if min(a.Part, a.Maximum) > left {
		warnings = append(warnings, fmt.Sprintf("%s: %s has %s left of its sum for the year; the claim is paid to that", a.Person, e.Network.Bare(), max(0, left)))
	}
	return warnings
}

// percentOf rounds a percentage of a cost half away from zero.
func percentOf(percent string, cost Pence) Pence {
	part, _ := new(big.Rat).SetString(percent)
	return roundRat(part.Mul(part, big.NewRat(int64(cost), 100)))
}

func (l *Ledger) submitClaim(r Recorded, e ClaimSubmitted) {
	set(&l.claims, r.Number, &claimState{ClaimSubmitted: e, paid: map[Person]Pence{}, submittedBy: r.hands()})
	for _, line := range e.Lines {
		set(&l.claimsOf, line.Person, append(l.claimsOf[line.Person], r.Number))
	}
}

func (l *Ledger) approveClaim(e ClaimApproved) {
	claim := l.claims[e.Claim]
	claim.approved = &e
	for _, line := range e.Lines {
		l.reimburse(claim, line.Person, line.Pence)
	}
}

// reimburse counts what was paid for a person in a claim; less than nothing is what was recovered of it.
func (l *Ledger) reimburse(claim *claimState, p Person, pence Pence) {
	claim.paid[p] += pence
	key := sumKey{claim.Network, claim.Month.Year(), sumARRS}
	set(&l.reimbursed, key, l.reimbursed[key]+pence)
}
