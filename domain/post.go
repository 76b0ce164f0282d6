package domain

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
)

// Hours are contracted hours or sessions a week, written 37.5, exact.
type Hours string

// fullTime is the week of a whole-time post, 37.5 hours, or nine sessions of a GP, of 4 hours 10 minutes each (BMA model
// contract, minimum terms). mostHours is the most that the claims portal takes, and mostSessions as many hours in sessions.
var (
	fullTime         = big.NewRat(75, 2)
	fullTimeSessions = big.NewRat(9, 1)
	mostHours        = big.NewRat(40, 1)
	mostSessions     = big.NewRat(96, 10)
)

var hoursForm = regexp.MustCompile(`^\d{1,2}(\.\d{1,2})?$`)

// rat returns the hours, or refuses what is more than the portal takes, or none.
func (h Hours) rat() (*big.Rat, error) {
	if r := h.within(mostHours); r != nil {
		return r, nil
	}
	return nil, refuse(RuleHours, "give the contracted hours a week, more than 0 and at most 40, such as 37.5", "%q hours a week cannot be claimed", string(h))
}

// within is a number above nothing and up to the most; nil if it is none.
func (h Hours) within(most *big.Rat) *big.Rat {
	if !hoursForm.MatchString(string(h)) {
		return nil
	}
	r, ok := new(big.Rat).SetString(string(h))
	if !ok || r.Sign() <= 0 || r.Cmp(most) > 0 {
		return nil
	}
	return r
}

// A Post is how much of a whole-time post somebody is in, and where. Hours or sessions are given, as the role's card
// counts a whole-time post.
type Post struct {
	Hours    Hours    `json:"hours,omitzero"`    // a week
	Sessions Hours    `json:"sessions,omitzero"` // a week, of a GP
	Area     CostArea `json:"area,omitzero"`     // where a London supplement is paid
	Supplier bool     `json:"supplier,omitzero"` // engaged through a contract with a supplier, not employed
}

// check refuses a post that gives not exactly one of hours and sessions, or sessions of a role that is counted in hours.
func (p Post) check(rate Rate) error {
	if p.Sessions == "" {
		_, err := p.Hours.rat()
		return err
	}
	const remedy = "give the contracted hours a week (hours) or, of a role whose whole-time post is counted in them, the sessions (sessions)"
	switch {
	case p.Hours != "":
		return refuse(RuleHours, remedy, "%s hours and %s sessions a week are both given", p.Hours, p.Sessions)
	case !strings.HasSuffix(rate.FullTime, " sessions"):
		return refuse(RuleHours, remedy, "a post of %s is counted in hours, not in sessions", rate.Title)
	case p.Sessions.within(mostSessions) == nil:
		return refuse(RuleHours, "give the contracted sessions a week, more than 0 and at most 9.6, which are 40 hours", "%q sessions a week cannot be claimed", string(p.Sessions))
	}
	return nil
}

// wholeTime is the part of a whole-time post: hours out of 37.5, or sessions out of nine, at most all of it.
func (p Post) wholeTime() *big.Rat {
	worked, full := p.Hours, fullTime
	if p.Sessions != "" {
		worked, full = p.Sessions, fullTimeSessions
	}
	r, ok := new(big.Rat).SetString(string(worked))
	if !ok {
		panic("recorded hours that are none: " + string(worked))
	}
	if r.Quo(r, full).Cmp(wholePost) > 0 {
		r.Set(wholePost)
	}
	return r
}

var wholePost = big.NewRat(1, 1)

// engagement is one person's time in a role on the same terms. A change of hours, area or role begins another.
type engagement struct {
	network  Body
	role     RateCode
	from, to Date // to is zero while it goes on
	Post
}

// in says that it is an engagement in a role of a network.
func (e engagement) in(network Body, role RateCode) bool {
	return e.network == network && e.role == role
}

// covers says that a day is one in post.
func (e engagement) covers(d Date) bool { return e.from <= d && (e.to == "" || d <= e.to) }

// daysIn returns the days in post in a month.
func (e engagement) daysIn(month Service) int64 {
	first, last := month.First(), month.Last()
	if e.covers(first) && e.covers(last) {
		return month.days()
	}
	from, to := max(e.from, first), last
	if e.to != "" {
		to = min(to, e.to)
	}
	if to < from {
		return 0
	}
	return daysBetween(from, to) + 1
}

// share is f of the maximum's rule: the part of a whole-time post × days in post ÷ days in the month.
func (e engagement) share(month Service) *big.Rat {
	f := e.wholeTime()
	return f.Mul(f, big.NewRat(e.daysIn(month), month.days()))
}

// words says how long a post is.
func (p Post) words() string {
	words := fmt.Sprintf("%s hours", p.Hours)
	if p.Sessions != "" {
		words = fmt.Sprintf("%s sessions", p.Sessions)
	}
	if p.Area != "" {
		words += " in " + string(p.Area) + " London"
	}
	return words
}
