package domain

import (
	"fmt"
	"math/big"
	"regexp"
	"time"
)

// A Person is a random token for a reimbursed person. Who it is stands nowhere in the ledger.
type Person string

var personForm = regexp.MustCompile(`^[A-Za-z0-9-]{4,64}$`)

// UnmarshalText refuses what cannot be a token.
func (p *Person) UnmarshalText(text []byte) error {
	if !personForm.Match(text) {
		return fmt.Errorf("%q is no token for a person: 4 to 64 letters, digits and hyphens, and never a name or number of theirs", text)
	}
	*p = Person(text)
	return nil
}

// Hours are contracted hours a week, written 37.5: tenths of an hour times ten hundredths, exact.
type Hours string

// fullTime is the week of a whole-time post, 37.5 hours (BMA model contract, minimum terms); mostHours is the most that
// the claims portal takes.
var (
	fullTime  = big.NewRat(75, 2)
	mostHours = big.NewRat(40, 1)

	fullTimeSessions = big.NewRat(9, 1) // of a GP, of 4 hours 10 minutes each (BMA model contract, minimum terms)
)

// rat returns the hours, or refuses what is more than the portal takes, or none.
func (h Hours) rat() (*big.Rat, error) {
	if hoursForm.MatchString(string(h)) {
		if r, ok := new(big.Rat).SetString(string(h)); ok && r.Sign() > 0 && r.Cmp(mostHours) <= 0 {
			return r, nil
		}
	}
	return nil, refuse(RuleHours, "give the contracted hours a week, more than 0 and at most 40, such as 37.5", "%q hours a week cannot be claimed", string(h))
}

var hoursForm = regexp.MustCompile(`^\d{1,2}(\.\d{1,2})?$`)

// EngageRole asks to record that a network engages a person in a reimbursed role.
type EngageRole struct {
	Person  Person   `json:"person"`
	Network Body     `json:"network"`
	Role    RateCode `json:"role"` // of the year's card: ARRS_CP
	From    Date     `json:"from"`
	Post
	Additionality
	Source Source `json:"source"`
}

// A Post is how much of a whole-time post somebody is in, and where. Hours or sessions are given, as the role's card
// counts a whole-time post.
type Post struct {
	Hours    Hours    `json:"hours,omitzero"`    // a week
	Sessions Hours    `json:"sessions,omitzero"` // a week, of a GP
	Area     CostArea `json:"area,omitzero"`     // where a London supplement is paid
	Supplier bool     `json:"supplier,omitzero"` // engaged through a contract with a supplier, not employed
}

// Additionality is why a post may be reimbursed: it is beyond the baseline of 31 March 2019, or beyond the network's limit
// by leave of the commissioner.
type Additionality struct {
	Held      Quantity `json:"held,omitzero"`      // whole-time posts of the role that are paid otherwise
	Exception string   `json:"exception,omitzero"` // why the baseline does not matter, as for pharmacists of a national scheme
	Waiver    Source   `json:"waiver,omitzero"`    // what lets the network have more of the role than its limit
}

// RoleEngaged says that a network engages a person in a reimbursed role.
type RoleEngaged struct {
	Person  Person   `json:"person"`
	Network Body     `json:"network"`
	Role    RateCode `json:"role"`
	From    Date     `json:"from"`
	Post
	Additionality
	Source   Source   `json:"source"`
	Warnings []string `json:"warnings,omitzero"`
}

// ChangeRole asks to record that a person's hours, area or role changed from a day on, with the same network.
type ChangeRole struct {
	Person Person   `json:"person"`
	From   Date     `json:"from"`
	Role   RateCode `json:"role,omitzero"` // the same if not given
	Post
	Additionality
	Source Source `json:"source"`
}

// RoleChanged says what a person's post is from a day on.
type RoleChanged struct {
	Person  Person   `json:"person"`
	Network Body     `json:"network"`
	Role    RateCode `json:"role"`
	From    Date     `json:"from"`
	Post
	Additionality
	Source   Source   `json:"source"`
	Warnings []string `json:"warnings,omitzero"`
}

// EndRole asks to record the last day of a person in a role.
type EndRole struct {
	Person Person `json:"person"`
	To     Date   `json:"to"` // inclusive
	Reason string `json:"reason"`
}

// RoleEnded says on which day a person was last in a role.
type RoleEnded struct {
	Person Person `json:"person"`
	To     Date   `json:"to"`
	Reason string `json:"reason"`
}

// engagement is one person's time in a role.
type engagement struct {
	network  Body
	role     RateCode
	from, to Date // to is zero while it goes on
	Post
}

// daysIn returns the days in post in a month.
func (e engagement) daysIn(month Service) int64 {
	from, to := max(e.from, month.First()), month.Last()
	if e.to != "" {
		to = min(to, e.to)
	}
	if to < from {
		return 0
	}
	return daysBetween(from, to) + 1
}

func daysBetween(from, to Date) int64 { return int64(to.time().Sub(from.time()) / (24 * time.Hour)) }

// share is f of the maximum's rule: hours ÷ full time, at most 1, × days in post ÷ days in the month.
func (e engagement) share(month Service) *big.Rat {
	f := e.Post.wholeTime()
	if f.Cmp(big.NewRat(1, 1)) > 0 {
		f.SetInt64(1)
	}
	days := daysBetween(month.First(), month.Last()) + 1
	return f.Mul(f, big.NewRat(e.daysIn(month), days))
}

// wholeTime is the share of a whole-time post: hours out of 37.5, or sessions out of nine.
func (p Post) wholeTime() *big.Rat {
	worked, full := p.Hours, fullTime
	if p.Sessions != "" {
		worked, full = p.Sessions, fullTimeSessions
	}
	r, ok := new(big.Rat).SetString(string(worked))
	if !ok {
		panic("recorded hours that are none: " + string(worked))
	}
	return r.Quo(r, full)
}

// Maximum returns what a post can be reimbursed for one month: the year's maximum for all months up to it, less the same
// for the months before it, each rounded half away from zero. What a month leaves unused is not carried on.
func (e engagement) maximum(rate Rate, month Service) Pence {
	months := rate.Months()
	through, before := new(big.Rat), new(big.Rat)
	for _, m := range months {
		if m > month {
			break
		}
		if m < month {
			before.Add(before, e.share(m))
		}
		through.Add(through, e.share(m))
	}
	twelfth, _ := new(big.Rat).SetString(rate.Amount)
	twelfth.Mul(twelfth, big.NewRat(100, 12))
	return roundRat(through.Mul(through, twelfth)) - roundRat(before.Mul(before, twelfth))
}

func (c EngageRole) decide(l *Ledger, _ moment) (Event, error) {
	if err := l.registry.knownAs(c.Network, "the network", KindNetwork); err != nil {
		return nil, err
	}
	if c.Person == "" || c.From == "" {
		return nil, refuse(RuleTextMissing, "give a random token for the person, and the first day in post", "the person or the first day is missing")
	}
	if err := checkText(c.Source.Title, "the source's title", `"contract seen by the CCG"`); err != nil {
		return nil, err
	}
	if _, err := l.roleRate(c.Role, c.Area, c.From); err != nil {
		return nil, err
	}
	if _, err := c.Hours.rat(); err != nil {
		return nil, err
	}
	for _, e := range l.roles[c.Person] {
		if e == (engagement{network: c.Network, role: c.Role, from: c.From, to: e.to, Post: c.Post}) {
			return nil, ErrUnchanged
		}
		if e.to == "" || e.to >= c.From {
			return nil, refuse(RuleRoleOpen, "end that role first (EndRole), or begin on a later day", "%s is in role %s of %s from %s%s", c.Person, e.role, e.network.Bare(), e.from, until(e.to))
		}
	}
	return RoleEngaged{Person: c.Person, Network: c.Network, Role: c.Role, From: c.From, Post: c.Post, Additionality: c.Additionality, Source: c.Source}, nil
}

func (c ChangeRole) decide(l *Ledger, _ moment) (Event, error) { panic("ChangeRole") }

// roleRate returns the adopted maximum of a role on a day, or refuses: nothing is reimbursed without one.
func (g *Grounds) roleRate(role RateCode, area CostArea, d Date) (Rate, error) {
	rate, err := g.adopted(YearOf(d), role)
	if err != nil {
		return rate, err
	}
	if rate.Kind != RateReimbursedRole {
		return rate, refuse(RuleRateKind, "name a reimbursed role: pcnledger show rates", "%s is no reimbursed role", role)
	}
	v, ok := g.rateOn(rateKey{YearOf(d), role}, area, d)
	if !ok {
		return rate, refuse(RuleRateMonth, "check the day, or adopt the card of that year", "no maximum of %s is in force on %s: it runs from %s to %s", rate.Title, d, rate.From, rate.To)
	}
	return v.rate, nil
}

func (c EndRole) decide(l *Ledger, _ moment) (Event, error) {
	if err := checkText(c.Reason, "the reason", `"left"`); err != nil {
		return nil, err
	}
	all := l.roles[c.Person]
	if len(all) == 0 {
		return nil, refuse(RuleRoleNone, "engage the role first (EngageRole), or check the token", "%s is in no role", c.Person)
	}
	last := all[len(all)-1]
	if last.to == c.To && c.To != "" {
		return nil, ErrUnchanged
	}
	if last.to != "" || c.To < last.from {
		return nil, refuse(RuleRoleNone, "give a last day from "+last.from.String()+" on; a role ends once", "%s is in role %s from %s%s; it cannot end on %q",
			c.Person, last.role, last.from, until(last.to), string(c.To))
	}
	for _, claim := range l.claimsFor(c.Person) {
		if post, _ := l.inPost(c.Person, claim.Network, claim.Month); post != last {
			continue
		}
		if err := l.checkEnd(c, last, claim); err != nil {
			return nil, err
		}
	}
	return RoleEnded(c), nil
}

// checkEnd refuses a last day that leaves a claim for a month out of post, or one paid above the post's maximum.
func (l *Ledger) checkEnd(c EndRole, post engagement, claim *claimState) error {
	if c.To < claim.Month.First() {
		return refuse(RuleRoleClaimed, "have the claim rejected (RejectClaim) or recover it (RaiseRecovery) first, or give a later day",
			"%s is claimed for %s, after %s", c.Person, claim.Month, c.To)
	}
	rate, err := l.roleRate(post.role, post.Area, max(post.from, claim.Month.First()))
	if err != nil {
		return err
	}
	post.to = c.To
	paid, most := claim.paid[c.Person], post.maximum(rate, claim.Month)
	if paid > most {
		return refuse(RuleRoleClaimed, "recover the difference first (RaiseRecovery, with the pence), or give a later day",
			"%s was paid %s for %s; with %s as the last day at most %s can be reimbursed", c.Person, paid, claim.Month, c.To, most).
			figure("paid", paid).figure("at most", most)
	}
	return nil
}

func (b *Grounds) engage(e RoleEngaged) {
	set(&b.roles, e.Person, append(b.roles[e.Person], engagement{network: e.Network, role: e.Role, from: e.From, Post: e.Post}))
}

// changeRole ends a person's time in a post on the day before, and begins another.
func (b *Grounds) changeRole(e RoleChanged) {
	all := b.roles[e.Person]
	all[len(all)-1].to = e.From.AddDays(-1)
	set(&b.roles, e.Person, append(all, engagement{network: e.Network, role: e.Role, from: e.From, Post: e.Post}))
}

func (b *Grounds) endRole(e RoleEnded) {
	all := b.roles[e.Person]
	all[len(all)-1].to = e.To
}
