package domain

import (
	"cmp"
	"slices"
)

// A claimedPost is one person in one role of a network in one month: it is claimed once, and paid for together.
type claimedPost struct {
	person  Person
	network Body
	role    RateCode
	month   Service
}

// A claimedLine is what a post cost in a claim; in an uplift, what it cost more.
type claimedLine struct {
	claimedPost
	Costs
}

// post is what a line of the claim's approval is about.
func (c *claimState) post(line ApprovedLine) claimedPost {
	return claimedPost{line.Person, c.Network, line.Role, cmp.Or(line.For, c.Month)}
}

// lastMonth is the last month that the claim is about.
func (c *claimState) lastMonth() Service {
	last := c.lines[0].month
	for _, line := range c.lines {
		last = max(last, line.month)
	}
	return last
}

// standsFor says that a post which is in a claim cannot be claimed again: unless the claim was rejected, or nothing is left of
// what was approved for it.
func (c *claimState) standsFor(post claimedPost) bool {
	if c.rejected || c.approved != nil && c.paid[post] == 0 {
		return false
	}
	return slices.ContainsFunc(c.lines, func(line claimedLine) bool { return line.claimedPost == post })
}

// standing returns the claim for a post that stands, or its uplift, beside one of a number; nil if there is none.
func (l *Ledger) standing(post claimedPost, uplift bool, beside int64) (number int64, claim *claimState) {
	for _, number := range l.claimsOf[post.person] {
		if claim := l.claims[number]; number != beside && claim.uplift == uplift && claim.standsFor(post) {
			return number, claim
		}
	}
	return 0, nil
}

// claimed says that a claim for a post stands, or an uplift of one.
func (l *Ledger) claimed(post claimedPost) bool {
	claim, _ := l.standing(post, false, 0)
	uplift, _ := l.standing(post, true, 0)
	return claim != 0 || uplift != 0
}

// claimsFor lists the claims and uplifts for a person that stand, the first submitted first.
func (l *Ledger) claimsFor(p Person) []*claimState {
	var claims []*claimState
	for _, number := range l.claimsOf[p] {
		claim := l.claims[number]
		if slices.ContainsFunc(claim.lines, func(line claimedLine) bool { return line.person == p && claim.standsFor(line.claimedPost) }) {
			claims = append(claims, claim)
		}
	}
	return claims
}

// paidFor is what was approved for a post and not recovered, in its claim and its uplift together.
func (l *Ledger) paidFor(post claimedPost) (sum Pence) {
	for _, number := range l.claimsOf[post.person] {
		sum += l.claims[number].paid[post]
	}
	return sum
}

// inPost returns the first engagement of a person with a network in a month.
func (l *Ledger) inPost(p Person, network Body, month Service) (engagement, bool) {
	for _, e := range l.roles[p] {
		if e.network == network && e.daysIn(month) > 0 {
			return e, true
		}
	}
	return engagement{}, false
}

// postClaimed returns the post that a line is about: in the role that it names, or in the only one that the person was in.
func (g *Grounds) postClaimed(p Person, network Body, named RateCode, month Service) (claimedPost, error) {
	post := claimedPost{p, network, named, month}
	var roles []RateCode
	for _, e := range g.roles[p] {
		if e.network == network && e.daysIn(month) > 0 && !slices.Contains(roles, e.role) {
			roles = append(roles, e.role)
		}
	}
	switch {
	case len(roles) == 0:
		return post, refuse(RuleRoleNone, "engage the role first (EngageRole), or check token, network and month", "%s is in no role of %s in %s", p, network.Bare(), month)
	case named == "" && len(roles) > 1:
		return post, refuse(RuleClaimRole, "name it (role), each in a line of its own", "%s is in more than one role in %s, in %s and then in %s: the line does not say which", p, month, roles[0], roles[1])
	case named != "" && !slices.Contains(roles, named):
		return post, refuse(RuleClaimRole, "leave the role out, or name that one", "%s is not in role %s of %s in %s, but in %s", p, named, network.Bare(), month, roles[0])
	}
	post.role = cmp.Or(named, roles[0])
	return post, nil
}

// reimbursable returns the maximum of a post, and the rate in force on its first day in the month, or refuses a month out of
// post and one without a maximum.
func (g *Grounds) reimbursable(post claimedPost) (PostMaximum, Rate, error) {
	most, err := g.Maximum(post.person, post.network, post.role, post.month)
	if err != nil {
		return most, Rate{}, err
	}
	for _, term := range most.Terms {
		if term.Month == post.month {
			return most, *term.Version, nil
		}
	}
	return most, Rate{}, refuse(RuleRoleNone, "reject the claim (RejectClaim)", "%s is not in role %s of %s in %s", post.person, post.role, post.network.Bare(), post.month)
}
