package intake

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pcnledger/domain"
)

// check puts a practice's memberships in the order of their first days and finds those that stand twice, and two at
// once: a practice is in one network at a time.
func (r *membershipReader) check(chain []*membership) {
	slices.SortStableFunc(chain, func(a, b *membership) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.network, b.network), cmp.Compare(a.row.line, b.row.line))
	})
	if len(chain) == 0 {
		return
	}
	longest := chain[0] // the one of those before that goes on longest
	for i, m := range chain[1:] {
		last := chain[i]
		if last.network == m.network && last.from == m.from {
			m.row.fault(r.form.practice, fmt.Sprintf("%s is in %s%s on line %d already", m.practice.Bare(), m.network.Bare(),
				r.since(m), last.row.line), "take out the row that does not count")
			continue
		}
		if longest.to == "" || longest.to >= m.from {
			r.overlap(longest, m)
		}
		if longest.to != "" && (m.to == "" || m.to > longest.to) {
			longest = m
		}
		m.before = last
		if last.network == m.network {
			m.before = last.before
		}
	}
}

// leaveOutOverlaps takes out the memberships of a practice that overlap one of another network or another first day, and
// says so. One that stands twice stays, and is refused.
func (r *membershipReader) leaveOutOverlaps(practice domain.Body) {
	all := r.chains[practice]
	out := map[*membership]bool{}
	for i, m := range all {
		for _, other := range all[i+1:] {
			twice := m.network == other.network && m.from == other.from
			if !twice && m.overlaps(other) {
				out[m], out[other] = true, true
			}
		}
	}
	if len(out) == 0 {
		return
	}
	isOut := func(m *membership) bool { return out[m] }
	var each []string
	for _, m := range all {
		if out[m] {
			each = append(each, fmt.Sprintf("line %d, in %s from %s%s", m.row.line, m.network.Bare(), m.from, untilDay(m.to)))
			r.members[m.network] = slices.DeleteFunc(r.members[m.network], isOut)
		}
	}
	r.chains[practice] = slices.DeleteFunc(all, isOut)
	r.leftOut["overlap another of the same practice"] += len(out)
	r.warnings = append(r.warnings, fmt.Sprintf("%s is in one network at a time; left out: %s; record what is right by hand",
		practice.Bare(), strings.Join(each, "; ")))
}

func (m *membership) overlaps(o *membership) bool {
	return (m.to == "" || o.from <= m.to) && (o.to == "" || m.from <= o.to)
}

// since says from when a membership is, in a file that says so.
func (r *membershipReader) since(m *membership) string {
	if !r.form.dated() {
		return ""
	}
	return " from " + m.from.String()
}

// overlap records that a practice is in two networks at once: at the end of the earlier, which is what can be put right,
// or, where both begin at once, on the later line.
func (r *membershipReader) overlap(earlier, m *membership) {
	if earlier.from == m.from {
		if earlier.row.line > m.row.line {
			earlier, m = m, earlier
		}
		m.row.fault(r.form.network, fmt.Sprintf("%s is in %s%s and, by line %d, in %s as well; a practice is in one network at a time",
			m.practice.Bare(), m.network.Bare(), r.since(m), earlier.row.line, earlier.network.Bare()), "take out the row that does not count; or leave out both (--leave-out)")
		return
	}
	until := "without a last day"
	if earlier.to != "" {
		until = "until " + earlier.to.String()
	}
	earlier.row.fault(r.form.to,
		fmt.Sprintf("%s is in %s %s and, by line %d, in %s from %s; a practice is in one network at a time",
			m.practice.Bare(), earlier.network.Bare(), until, m.row.line, m.network.Bare(), m.from),
		fmt.Sprintf("in a copy of the file end it on %s, the day before the other begins, or take out the row that does not count; "+
			"and say so in the source's note; or leave out both (--leave-out)", strings.ReplaceAll(string(m.from.AddDays(-1)), "-", "")))
}
