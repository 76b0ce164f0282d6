package domain

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
)

// RuleBaseline forbids a baseline that is no number of posts; RuleAdditionality forbids a post that is not beyond it.
const (
	RuleBaseline      Rule = "baseline"
	RuleAdditionality Rule = "additionality"
)

// SetRoleBaseline asks to record how many whole-time posts of a role a network's practices had on 31 March 2019. Only
// staff above that baseline are reimbursed. Recorded again, it takes the place of what was recorded before.
type SetRoleBaseline struct {
	Network Body     `json:"network"`
	Role    RateCode `json:"role"`
	WTE     Quantity `json:"wte"`
	Source  Source   `json:"source"`
}

// RoleBaselineSet says how many whole-time posts of a role a network had on 31 March 2019.
type RoleBaselineSet struct {
	Network Body     `json:"network"`
	Role    RateCode `json:"role"`
	WTE     Quantity `json:"wte"`
	Source  Source   `json:"source"`
}

type baselineKey struct {
	network Body
	role    RateCode
}

var postsForm = regexp.MustCompile(`^\d{1,4}(\.\d{1,4})?$`)

// posts is a number of whole-time posts, written as a decimal.
func (q Quantity) posts() (*big.Rat, bool) {
	if !postsForm.MatchString(string(q)) {
		return nil, false
	}
	return new(big.Rat).SetString(string(q))
}

func (c SetRoleBaseline) decide(l *Ledger, _ moment) (Event, error) {
	if err := l.registry.knownAs(c.Network, "the network", KindNetwork); err != nil {
		return nil, err
	}
	if err := l.knownRole(c.Role); err != nil {
		return nil, err
	}
	if _, ok := c.WTE.posts(); !ok {
		return nil, refuse(RuleBaseline, "give the whole-time posts of the role on 31 March 2019 (wte), 0 or more, such as 2.5", "%q is no number of posts", string(c.WTE))
	}
	if err := checkText(c.Source.Title, "the source's title", `"workforce baseline, agreed 28 June 2019"`); err != nil {
		return nil, err
	}
	e := RoleBaselineSet(c)
	if l.baselines[baselineKey{c.Network, c.Role}] == e {
		return nil, ErrUnchanged
	}
	return e, nil
}

// knownRole refuses what is a reimbursed role of no card and was not adopted as one.
func (g *Grounds) knownRole(role RateCode) error {
	rows := g.rowsOf(role)
	if len(rows) == 0 {
		return refuse(RuleRateUnknown, "name a reimbursed role of a year's card: pcnledger show rates", "no card has a role %q", string(role))
	}
	if rows[0].Kind != RateReimbursedRole {
		return refuse(RuleRateKind, "name a reimbursed role: pcnledger show rates", "%s is no reimbursed role", role)
	}
	return nil
}

// roleName is the title and the code of a role that is known.
func (g *Grounds) roleName(role RateCode) string {
	return fmt.Sprintf("%s (%s)", g.rowsOf(role)[0].Title, role)
}

// checkAdditional refuses a post of a role for which the network has a baseline, unless as many posts as that are paid
// otherwise or the post is excepted from it.
func (g *Grounds) checkAdditional(network Body, role RateCode, a Additionality) error {
	const remedy = "give the whole-time posts of the role that are paid otherwise (held), or why the baseline does not matter (exception)"
	held, ok := a.Held.posts()
	if a.Held != "" && !ok {
		return refuse(RuleAdditionality, "give the whole-time posts that are paid otherwise (held), 0 or more, such as 2.5", "%q is no number of posts", string(a.Held))
	}
	baseline, set := g.baselines[baselineKey{network, role}]
	if !set || strings.TrimSpace(a.Exception) != "" {
		return nil
	}
	if a.Held == "" {
		return refuse(RuleAdditionality, remedy, "%s had %s whole-time posts of %s on 31 March 2019; the request does not say how many are paid otherwise now",
			network.Bare(), baseline.WTE, g.roleName(role))
	}
	if held.Cmp(baseline.WTE.rat()) < 0 {
		return refuse(RuleAdditionality, remedy, "%s has %s whole-time posts of %s that are paid otherwise, and had %s on 31 March 2019: only posts beyond that are reimbursed",
			network.Bare(), a.Held, g.roleName(role), baseline.WTE)
	}
	return nil
}
