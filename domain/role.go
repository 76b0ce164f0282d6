package domain

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
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
	if err := l.checkPost(c.Role, c.Post, c.From); err != nil {
		return nil, err
	}
	more := engagement{network: c.Network, role: c.Role, from: c.From, Post: c.Post}
	for _, e := range l.roles[c.Person] {
		if more.to = e.to; e == more {
			return nil, ErrUnchanged
		}
		if e.to == "" || e.to >= c.From {
			return nil, refuse(RuleRoleOpen, "end that role first (EndRole), or begin on a later day; hours, area or role of the same network are changed (ChangeRole)",
				"%s is in role %s of %s from %s%s", c.Person, e.role, e.network.Bare(), e.from, until(e.to))
		}
	}
	more.to = ""
	warnings, err := l.checkMore(c.Person, append(slices.Clone(l.roles[c.Person]), more), engagement{}, c.Additionality)
	if err != nil {
		return nil, err
	}
	return RoleEngaged{c.Person, c.Network, c.Role, c.From, c.Post, c.Additionality, c.Source, warnings}, nil
}

func (c ChangeRole) decide(l *Ledger, _ moment) (Event, error) {
	if c.Person == "" || c.From == "" {
		return nil, refuse(RuleTextMissing, "give the person's token, and the first day of the change", "the person or the day is missing")
	}
	if err := checkText(c.Source.Title, "the source's title", `"variation of the contract"`); err != nil {
		return nil, err
	}
	all := l.roles[c.Person]
	if len(all) == 0 {
		return nil, refuse(RuleRoleNone, "engage the role first (EngageRole), or check the token", "%s is in no role", c.Person)
	}
	last := all[len(all)-1]
	next := engagement{network: last.network, role: cmp.Or(c.Role, last.role), from: c.From, Post: c.Post}
	if last.to != "" {
		return nil, refuse(RuleRoleNone, "engage the person anew (EngageRole)", "%s was in role %s of %s until %s; nothing is left to change", c.Person, last.role, last.network.Bare(), last.to)
	}
	if next.role == last.role && next.Post == last.Post {
		return nil, ErrUnchanged
	}
	if c.From <= last.from {
		return nil, refuse(RuleRoleNone, "give a day from "+last.from.AddDays(1).String()+" on", "%s is in role %s, as it is now, from %s; it cannot change on %s", c.Person, last.role, last.from, c.From)
	}
	if err := l.checkPost(next.role, next.Post, c.From); err != nil {
		return nil, err
	}
	after := changed(all, next)
	if err := l.checkPaid(c.Person, after, c.From); err != nil {
		return nil, err
	}
	warnings, err := l.checkMore(c.Person, after, last, c.Additionality)
	if err != nil {
		return nil, err
	}
	return RoleChanged{c.Person, next.network, next.role, c.From, c.Post, c.Additionality, c.Source, warnings}, nil
}

// checkMore refuses a person's times in roles as they would be, the last of them new, where that is more of a role than a
// network may have reimbursed: a new post must be beyond the baseline, and the posts of all within the limit. Before is
// what the person was in; nothing if the person was in none.
func (g *Grounds) checkMore(p Person, after []engagement, before engagement, a Additionality) ([]string, error) {
	next := after[len(after)-1]
	if !before.in(next.network, next.role) {
		if err := g.checkAdditional(next.network, next.role, a); err != nil {
			return nil, err
		}
	} else if next.wholeTime().Cmp(before.wholeTime()) <= 0 {
		return nil, nil
	}
	return g.checkLimit(p, after, a.Waiver)
}

// changed is a person's times in roles with a new one in place of the last from its first day on.
func changed(all []engagement, next engagement) []engagement {
	all = ended(all, next.from.AddDays(-1))
	return append(all, next)
}

// ended is a person's times in roles with the last day of the last.
func ended(all []engagement, to Date) []engagement {
	all = slices.Clone(all)
	if len(all) > 0 {
		all[len(all)-1].to = to
	}
	return all
}

// checkPost refuses a post in a role that is not reimbursed from that day on.
func (g *Grounds) checkPost(role RateCode, p Post, from Date) error {
	rate, err := g.roleRate(role, p.Area, from)
	if err != nil {
		return err
	}
	return p.check(rate)
}

// roleRate returns the adopted maximum of a role on a day, or refuses: nothing is reimbursed without one.
func (g *Grounds) roleRate(role RateCode, area CostArea, d Date) (Rate, error) {
	v, err := g.roleVersion(role, area, d)
	if err != nil {
		return Rate{}, err
	}
	return v.rate, nil
}

// roleVersion returns the maximum of a role that is in force on a day, with the number of its event, or refuses: naming the
// role, the area and the month.
func (g *Grounds) roleVersion(role RateCode, area CostArea, d Date) (*rateVersion, error) {
	if v := g.maximumOn(role, area, d); v != nil {
		return v, nil
	}
	return nil, g.noMaximum(role, area, d)
}

// maximumOn is the maximum of a role that is in force on a day; nil if there is none.
func (g *Grounds) maximumOn(role RateCode, area CostArea, d Date) *rateVersion {
	v := g.versionOn(rateKey{YearOf(d), role}, area, d)
	if v == nil || v.rate.Kind != RateReimbursedRole || v.rate.Amount == "" {
		return nil
	}
	return v
}

// noMaximum says why a role has no maximum on a day: it is none, or is not reimbursed then, or not in that area, or nobody
// adopted an amount for it.
func (g *Grounds) noMaximum(role RateCode, area CostArea, d Date) error {
	if err := g.knownRole(role); err != nil {
		return err
	}
	rows := g.rowsOf(role)
	title, month := rows[0].Title, monthOf(d)
	var next, last Date
	running, there := false, false
	for _, r := range rows {
		switch {
		case r.From > d:
			if next == "" || r.From < next {
				next = r.From
			}
		case r.To < d:
			last = max(last, r.To)
		default:
			running, there = true, there || r.Area == area
		}
	}
	if !running {
		when := "its last day was " + last.String()
		if next != "" {
			when = "it is reimbursed from " + next.String()
		}
		return refuse(RuleRateMonth, "check the day, or adopt a maximum of your own with its document (AdoptRateCard, own)",
			"no maximum of %s (%s) is in force on %s, in %s: %s", title, role, d, month, when)
	}
	if !there {
		return refuse(RuleRoleArea, "leave the area out, give one that the card has, or adopt a maximum of your own for it with its document (AdoptRateCard, own)",
			"no maximum of %s (%s) is in force for %s London on %s, in %s", title, role, area, d, month)
	}
	return refuse(RuleRateNotAdopted, "adopt one for that month, with the amount where the card found none and the document that says so (AdoptRateCard): pcnledger show rates",
		"no maximum of %s (%s)%s is adopted that is in force on %s, in %s; nothing is carried over from before", title, role, inArea(area), d, month)
}

func inArea(area CostArea) string {
	if area == "" {
		return ""
	}
	return " for " + string(area) + " London"
}

// rowsOf lists what is known of a rate's days: the lines of all cards as first published, and what was adopted.
func (g *Grounds) rowsOf(role RateCode) (rows []Rate) {
	for _, year := range sortedKeys(cards()) {
		for _, r := range cards()[year] {
			if r.Rate == role && r.Use == "" {
				rows = append(rows, r)
			}
		}
	}
	var years []Year
	for key := range g.rates {
		if key.code == role {
			years = append(years, key.year)
		}
	}
	slices.Sort(years)
	for _, year := range years {
		for _, v := range g.rates[rateKey{year, role}] {
			r := v.rate
			r.From, r.To = v.from, v.to
			rows = append(rows, r)
		}
	}
	return rows
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
	if err := l.checkPaid(c.Person, ended(all, c.To), c.To); err != nil {
		return nil, err
	}
	return RoleEnded(c), nil
}

// checkPaid refuses a person's times in roles as they would be, changed from a day on, where they leave a claim for a month
// out of post, or one paid above the post's maximum.
func (l *Ledger) checkPaid(p Person, after []engagement, from Date) error {
	for _, claim := range l.claimsFor(p) {
		for _, line := range claim.lines {
			if line.person != p || line.month.Last() < from || !claim.standsFor(line.claimedPost) {
				continue
			}
			if err := l.checkPaidPost(line.claimedPost, after, from); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *Ledger) checkPaidPost(post claimedPost, after []engagement, from Date) error {
	times := timesIn(after, post.network, post.role)
	if firstDayIn(times, post.month) == "" {
		return refuse(RuleRoleClaimed, "have the claim rejected (RejectClaim) or recover it (RaiseRecovery) first, or give a later day",
			"%s is claimed as %s for %s and, with the change on %s, would not be in that role then", post.person, post.role, post.month, from)
	}
	most, err := l.maximumIn(times, post.month)
	if err != nil {
		return err
	}
	if paid := l.paidFor(post); paid > most.Pence() {
		return refuse(RuleRoleClaimed, "recover the difference first (RaiseRecovery, with the pence), or give a later day",
			"%s was paid %s as %s for %s; with the change on %s at most %s can be reimbursed", post.person, paid, post.role, post.month, from, most.Pence()).
			figure("paid", paid).figure("at most", most.Pence())
	}
	return nil
}

// RuleRoleArea forbids a post in an area for which its role has no maximum.
const RuleRoleArea Rule = "role-area"

func (g *Grounds) engage(e RoleEngaged) {
	set(&g.roles, e.Person, append(g.roles[e.Person], engagement{network: e.Network, role: e.Role, from: e.From, Post: e.Post}))
}

// changeRole ends a person's time in a post on the day before, and begins another.
func (g *Grounds) changeRole(e RoleChanged) {
	set(&g.roles, e.Person, changed(g.roles[e.Person], engagement{network: e.Network, role: e.Role, from: e.From, Post: e.Post}))
}

func (g *Grounds) endRole(e RoleEnded) {
	set(&g.roles, e.Person, ended(g.roles[e.Person], e.To))
}
