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

// enrolment is a practice's time in a network.
type enrolment struct {
	network  Body
	from, to Date // to is zero while it goes on
}

func (e enrolment) covers(d Date) bool { return e.from <= d && (e.to == "" || d <= e.to) }

func (e enrolment) overlaps(o enrolment) bool {
	return (e.to == "" || o.from <= e.to) && (o.to == "" || e.from <= o.to)
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
	r.bodies[e.Body].succeeded = e.Date
	r.bodies[e.Body].successors = e.Successors
}

func (r *registry) enrol(e MembershipRecorded) {
	if r.enrolments == nil {
		r.enrolments = map[Body][]enrolment{}
	}
	for _, m := range e.Members {
		r.enrolments[m.Practice] = withEnrolment(r.enrolments[m.Practice], enrolment{e.Network, m.From, m.To})
	}
}

// withEnrolment returns all with one more, or with its new last day where the same network and first day are there.
func withEnrolment(all []enrolment, more enrolment) []enrolment {
	for i, known := range all {
		if known.network == more.network && known.from == more.from {
			all = slices.Clone(all)
			all[i] = more
			return all
		}
	}
	return append(slices.Clip(all), more)
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

func successorNames(successors []Successor) string {
	names := ""
	for i, s := range successors {
		if i > 0 {
			names += " or "
		}
		names += s.Body.Bare()
	}
	return names
}

func (c RegisterBody) decide(l *Ledger, _ moment) (Event, error) {
	if c.Body == "" || c.Kind == "" {
		return nil, refuse(RuleTextMissing, "give both, for example ods:U62251 and network", "the body's code or kind is missing")
	}
	known, ok := l.registry.bodies[c.Body]
	switch {
	case !ok:
		return BodyRegistered(c), nil
	case known.kind != c.Kind:
		return nil, refuse(RuleBodyKind, "check the code; what a body is does not change", "%s is registered as a %s, not as a %s",
			c.Body.Bare(), known.kind, c.Kind)
	case c.Name == "" || c.Name == known.name:
		return nil, ErrUnchanged
	}
	return BodyRegistered(c), nil
}

func (c SucceedBody) decide(l *Ledger, _ moment) (Event, error) {
	body, err := l.registry.known(c.Body, "the body")
	if err != nil {
		return nil, err
	}
	if c.Date == "" {
		return nil, refuse(RuleTextMissing, "give the successors' first day", "the date of succession is missing")
	}
	if err := checkText(c.Reason, "the reason", `"neighbourhoods became networks under the DES"`); err != nil {
		return nil, err
	}
	if body.succeeded == c.Date && slices.Equal(body.successors, c.Successors) {
		return nil, ErrUnchanged
	}
	if body.succeeded != "" {
		return nil, refuse(RuleBodySucceeded, "check the code; a body is succeeded once",
			"%s was succeeded on %s by %s already", c.Body.Bare(), body.succeeded, successorNames(body.successors))
	}
	if err := l.registry.checkSuccessors(c, body.kind); err != nil {
		return nil, err
	}
	return BodySucceeded(c), nil
}

// checkSuccessors refuses successors of another kind, or whose shares do not make a whole.
func (r *registry) checkSuccessors(c SucceedBody, kind Kind) error {
	var sum int64
	whole := len(c.Successors) > 0
	for _, s := range c.Successors {
		if err := r.knownAs(s.Body, "the successor", kind); err != nil {
			return err
		}
		whole = whole && s.Of == c.Successors[0].Of && 0 < s.Share && s.Share <= s.Of-sum
		sum += s.Share
	}
	if slices.ContainsFunc(c.Successors, func(s Successor) bool { return s.Body == c.Body }) {
		return refuse(RuleSuccessorShares, "name the body that took its place; to split it register a new body for each part", "%s cannot succeed itself",
			c.Body.Bare())
	}
	if !whole || sum != c.Successors[0].Of {
		return refuse(RuleSuccessorShares, "give shares of one whole, such as 1 of 3 and 2 of 3, or 1 of 1",
			"the shares of the successors of %s do not make a whole", c.Body.Bare())
	}
	return nil
}

func (c RecordMembership) decide(l *Ledger, _ moment) (Event, error) {
	if err := l.registry.knownAs(c.Network, "the network", KindNetwork); err != nil {
		return nil, err
	}
	if err := checkText(c.Source.Title, "the source's title", `"ePCN, 4 December 2019"`); err != nil {
		return nil, err
	}
	if err := checkLines(len(c.Members)); err != nil {
		return nil, err
	}
	changed := false
	asked := map[Body][]enrolment{} // as they would be, line by line
	for i, m := range c.Members {
		if _, begun := asked[m.Practice]; !begun {
			asked[m.Practice] = l.registry.enrolments[m.Practice]
		}
		after, err := l.registry.checkMember(c.Network, m, asked[m.Practice])
		if err != nil {
			return nil, onLine(i, err)
		}
		changed = changed || !slices.Equal(after, asked[m.Practice])
		asked[m.Practice] = after
	}
	if !changed {
		return nil, ErrUnchanged
	}
	return MembershipRecorded(c), nil
}

// checkMember returns a practice's memberships with one more, or refuses it: a practice is in one network at a time.
func (r *registry) checkMember(network Body, m Member, known []enrolment) ([]enrolment, error) {
	if err := r.knownAs(m.Practice, "the member", KindPractice); err != nil {
		return nil, err
	}
	if m.From == "" {
		return nil, refuse(RuleMembershipDates, "give its first day (from)", "the first day of the membership of %s is missing", m.Practice.Bare())
	}
	if m.To != "" && m.To < m.From {
		return nil, refuse(RuleMembershipDates, "give a last day no earlier than the first, or none while it goes on",
			"the membership of %s ends on %s, before it begins on %s", m.Practice.Bare(), m.To, m.From)
	}
	more := enrolment{network, m.From, m.To}
	for _, e := range known {
		if (e.network != network || e.from != m.From) && e.overlaps(more) {
			return nil, refuse(RuleMembershipOverlap, e.makeRoom(more),
				"%s is in %s from %s%s; it cannot be in %s from %s as well", m.Practice.Bare(), e.network.Bare(), e.from,
				until(e.to), network.Bare(), m.From)
		}
	}
	return withEnrolment(known, more), nil
}

// makeRoom is the remedy for a membership that overlaps another.
func (e enrolment) makeRoom(more enrolment) string {
	switch {
	case e.from < more.from:
		return "end that membership first, on " + more.from.AddDays(-1).String() + " or earlier"
	case more.from < e.from:
		return "let the new one end on " + e.from.AddDays(-1).String() + " or earlier"
	}
	return "end that membership first, and begin the new one on the day after"
}

func until(d Date) string {
	if d == "" {
		return ""
	}
	return " until " + d.String()
}

// sortedKeys returns the keys of a map in order, so that nothing depends on the order of a map.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
