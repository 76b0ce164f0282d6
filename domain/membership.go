package domain

import "slices"

// RecordMembership asks to record which practices belong to a network, from when, and until when if that is known. A
// membership recorded again with the same practice, network and first day takes the new last day.
type RecordMembership struct {
	Network Body     `json:"network"`
	Members []Member `json:"members"`
	Source  Source   `json:"source"`
}

// A Member is a practice's time in a network. To is its last day, inclusive; zero while it goes on.
type Member struct {
	Practice Body `json:"practice"`
	From     Date `json:"from"`
	To       Date `json:"to,omitzero"`
}

// MembershipRecorded says which practices belong to a network.
type MembershipRecorded struct {
	Network Body     `json:"network"`
	Members []Member `json:"members"`
	Source  Source   `json:"source"`
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
