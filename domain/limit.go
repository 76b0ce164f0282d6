package domain

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// RuleRoleLimit forbids a network more whole-time posts of a role than its limit.
const RuleRoleLimit Rule = "role-limit"

// largeNetwork is the registered patients from which on a network has the larger limit of posts.
const largeNetwork = 100_000

// roleLimit is how many whole-time posts of a role a network may have on a day, and why.
type roleLimit struct {
	posts   *big.Rat
	why     string
	assumed bool // no list tells how large the network is, and the limit depends on it
}

// limitOn returns the limit of a role's maximum for a network on a day; none if the role is not limited then.
func (g *Grounds) limitOn(rate Rate, network Body, d Date) (limit roleLimit, limited bool) {
	small, limited := new(big.Rat).SetString(rate.Limit)
	if !limited {
		return limit, false
	}
	large, ok := new(big.Rat).SetString(rate.LargeLimit)
	if !ok {
		large = small
	}
	patients, list := g.registeredOn(network, d)
	switch {
	case list == 0:
		return roleLimit{small, fmt.Sprintf("that of a network of fewer than 100,000 patients, for no registered list stands for %s", d), large.Cmp(small) != 0}, true
	case patients >= largeNetwork:
		return roleLimit{large, fmt.Sprintf("that of a network of 100,000 patients or more: it has %d by list %d", patients, list), false}, true
	}
	return roleLimit{small, fmt.Sprintf("that of a network of fewer than 100,000 patients: it has %d by list %d", patients, list), false}, true
}

// registeredOn adds up the registered patients of a network's members of a day, on the newest list that stands for it, and
// says which list that is; none if there is no list.
func (g *Grounds) registeredOn(network Body, d Date) (patients, list int64) {
	members := g.registry.membersOn(d)[network]
	if len(members) == 0 {
		return 0, 0
	}
	newest, err := g.listOf(members, PopulationRegistered, d, monthOf(d))
	if err != nil {
		return 0, 0
	}
	for _, m := range members {
		patients += newest.patients[m]
	}
	return patients, newest.number
}

// checkLimit refuses a person's times in roles as they would be, the last of them new, where the network would have more
// whole-time posts of its role than its limit, on any day from then on, and nothing lets it.
func (g *Grounds) checkLimit(p Person, after []engagement, waiver Source) (warnings []string, err error) {
	next := after[len(after)-1]
	if !g.limitedFrom(next.role, next.from) {
		return nil, nil
	}
	times := g.timesOfAll(next.network, next.role, p, after)
	for _, d := range daysOfChange(times, next.from) {
		v, ok := g.rateOn(rateKey{YearOf(d), next.role}, next.Area, d)
		if !ok {
			continue
		}
		limit, limited := g.limitOn(v.rate, next.network, d)
		posts := postsOn(times, d)
		if !limited {
			continue
		}
		if posts.Cmp(limit.posts) > 0 {
			over := fmt.Sprintf("%s would have %s whole-time posts of %s on %s; its limit is %s, %s", next.network.Bare(), inDecimals(posts), v.rate.Title, d,
				inDecimals(limit.posts), limit.why)
			if !waiver.given() {
				return nil, refuse(RuleRoleLimit, "give the leave of the commissioner to have more (waiver: title, address), fewer hours or a later day", "%s", over)
			}
			return addWarnings(warnings, []string{over + "; it may by leave: " + waiver.Title}), nil
		}
		if limit.assumed {
			warnings = addWarnings(warnings, []string{fmt.Sprintf("%s: the limit of %s is taken to be %s, %s", next.network.Bare(), v.rate.Title, inDecimals(limit.posts), limit.why)})
		}
	}
	return warnings, nil
}

// limitedFrom says that a role is limited on some day from one on.
func (g *Grounds) limitedFrom(role RateCode, from Date) bool {
	for key, versions := range g.rates {
		if key.code == role && slices.ContainsFunc(versions, func(v rateVersion) bool { return v.to >= from && v.rate.Limit != "" }) {
			return true
		}
	}
	return false
}

// timesOfAll lists everybody's times in a role of a network, with one person's as they would be.
func (g *Grounds) timesOfAll(network Body, role RateCode, p Person, after []engagement) []engagement {
	times := timesIn(after, network, role)
	for other, all := range g.roles {
		if other != p {
			times = append(times, timesIn(all, network, role)...)
		}
	}
	return times
}

// daysOfChange lists a day and the later ones on which somebody's time begins, in order.
func daysOfChange(times []engagement, from Date) []Date {
	days := []Date{from}
	for _, e := range times {
		if e.from > from {
			days = append(days, e.from)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// postsOn adds up the whole-time posts of a day.
func postsOn(times []engagement, d Date) *big.Rat {
	posts := new(big.Rat)
	for _, e := range times {
		if e.covers(d) {
			posts.Add(posts, e.wholeTime())
		}
	}
	return posts
}

// inDecimals writes a number of posts, with up to four decimals.
func inDecimals(r *big.Rat) string {
	text := r.FloatString(4)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}
