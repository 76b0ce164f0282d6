package domain

import (
	"cmp"
	"maps"
	"slices"
)

// registry is what the ledger knows of bodies and of which practice belongs to which network when.
type registry struct {
	bodies      map[Body]*bodyState
	enrolments  map[Body][]enrolment  // by practice
	nominations map[Body][]nomination // by network, the earliest first
}

type bodyState struct {
	kind       Kind
	name       string
	succeeded  Date // the first day of its successors; zero while it goes on
	successors []Successor
}

func (r *registry) register(e BodyRegistered) {
	if r.bodies == nil {
		r.bodies = map[Body]*bodyState{}
	}
	known, ok := r.bodies[e.Body]
	if !ok {
		known = &bodyState{kind: e.Kind}
		r.bodies[e.Body] = known
	}
	if e.Name != "" {
		known.name = e.Name
	}
}

func (r *registry) succeed(e BodySucceeded) {
	if body, known := r.bodies[e.Body]; known {
		body.succeeded, body.successors = e.Date, e.Successors
	}
}

func (r *registry) enrol(e MembershipRecorded) {
	if r.enrolments == nil {
		r.enrolments = map[Body][]enrolment{}
	}
	for _, m := range e.Members {
		r.enrolments[m.Practice] = withEnrolment(r.enrolments[m.Practice], enrolment{e.Network, m.From, m.To})
	}
}

// membersOn returns the practices of every network on a day, in order of code.
func (r *registry) membersOn(d Date) map[Body][]Body {
	members := map[Body][]Body{}
	for practice := range r.enrolments {
		if network := r.networkOf(practice, d); network != "" {
			members[network] = append(members[network], practice)
		}
	}
	for _, practices := range members {
		slices.Sort(practices)
	}
	return members
}

// networkOf returns the network that a practice belongs to on a day, or nobody.
func (r *registry) networkOf(practice Body, d Date) Body {
	for _, e := range r.enrolments[practice] {
		if e.covers(d) {
			return e.network
		}
	}
	return ""
}

// known refuses a body that nobody registered.
func (r *registry) known(b Body, what string) (*bodyState, error) {
	if b == "" {
		return nil, refuse(RuleBodyUnknown, "name a registered body: pcnledger show bodies", "%s is missing", what)
	}
	body, ok := r.bodies[b]
	if !ok {
		return nil, refuse(RuleBodyUnknown, "register it first with RegisterBody, or look for its code: pcnledger show bodies",
			"%s %s is not a registered body", what, b.Bare())
	}
	return body, nil
}

// knownAs refuses a body that nobody registered as one of the kinds.
func (r *registry) knownAs(b Body, what string, kinds ...Kind) error {
	body, err := r.known(b, what)
	if err != nil {
		return err
	}
	if !slices.Contains(kinds, body.kind) {
		return refuse(RuleBodyKind, "name a "+kindNames(kinds)+": pcnledger show bodies",
			"%s %s is registered as a %s, not as a %s", what, b.Bare(), body.kind, kindNames(kinds))
	}
	return nil
}

// kindNames joins kinds: practice, federation or trust.
func kindNames(kinds []Kind) string {
	names := string(kinds[0])
	for i, kind := range kinds[1:] {
		if i == len(kinds)-2 {
			names += " or " + string(kind)
		} else {
			names += ", " + string(kind)
		}
	}
	return names
}

// current refuses a body that another has succeeded by that day; by no day none has.
func (r *registry) current(b Body, what string, d Date) error {
	body, err := r.known(b, what)
	if err != nil {
		return err
	}
	if body.succeeded != "" && body.succeeded <= d {
		return refuse(RuleBodySucceeded, "name the successor: "+successorNames(body.successors),
			"%s %s was succeeded on %s", what, b.Bare(), body.succeeded)
	}
	return nil
}

func until(d Date) string {
	if d == "" {
		return ""
	}
	return " until " + d.String()
}

// sortedKeys returns the keys of a map in order, so that nothing depends on the order of a map.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
