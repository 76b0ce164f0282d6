package intake

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"pcnledger/domain"
)

// warnOfClosed warns of networks that have members beyond the day they closed.
func (r *membershipReader) warnOfClosed() {
	for _, n := range r.networks.bodies {
		closed, beyond := r.closed[n.body], 0
		for _, m := range r.members[n.body] {
			if closed != "" && (m.to == "" || m.to > closed) {
				beyond++
			}
		}
		if beyond > 0 {
			r.warnings = append(r.warnings, fmt.Sprintf("%s closed on %s and has %s beyond that day; recorded all the same",
				strings.TrimSpace(n.body.Bare()+" "+n.name), closed, counted(int64(beyond), "member")))
		}
	}
}

// A difference is about a membership that the ledger has, and the file has not or has otherwise.
type difference struct {
	network          domain.Body
	known            domain.Member
	differs, follows string
}

// warnOfLedger warns of what the ledger has and the file has not, or has otherwise.
func (r *membershipReader) warnOfLedger() {
	var all []difference
	refused := map[domain.Body]bool{} // networks of the file
	for network, known := range r.enrolled() {
		if m := r.inTheWay(network, known); m != nil {
			refused[m.network] = true
			all = append(all, difference{network, known, fmt.Sprintf("the file has it in %s from %s instead", m.network.Bare(), m.from),
				"so the ledger will refuse the members of " + m.network.Bare()})
		}
	}
	for network, known := range r.enrolled() {
		m := r.same(network, known)
		switch {
		case m != nil && known.To != "" && known.To != m.to && !refused[network]:
			all = append(all, difference{network, known, "the file has it" + cmp.Or(untilDay(m.to), " without a last day"),
				"and that will stand"})
		case m == nil && known.To == "" && r.networks.byBody[network] != nil && r.inTheWay(network, known) == nil:
			all = append(all, difference{network, known, "the file does not have it",
				"so it goes on in the ledger until it is ended there"})
		}
	}
	r.warnings = append(r.warnings, told(all)...)
}

// enrolled yields the memberships that the ledger has, network by network.
func (r *membershipReader) enrolled() iter.Seq2[domain.Body, domain.Member] {
	return func(yield func(domain.Body, domain.Member) bool) {
		for _, network := range slices.Sorted(maps.Keys(r.opts.Enrolled)) {
			for _, known := range r.opts.Enrolled[network] {
				if !yield(network, known) {
					return
				}
			}
		}
	}
}

// told puts differences into words: the first of a network from which the same follows, and how many more there are.
func told(all []difference) (warnings []string) {
	type like struct {
		network domain.Body
		follows string
	}
	more := map[like]int{}
	for _, d := range all {
		more[like{d.network, d.follows}]++
	}
	for _, d := range all {
		n := more[like{d.network, d.follows}]
		delete(more, like{d.network, d.follows})
		if n == 0 {
			continue
		}
		warning := fmt.Sprintf("in the ledger %s is in %s from %s%s; %s, %s", d.known.Practice.Bare(), d.network.Bare(), d.known.From,
			untilDay(d.known.To), d.differs, d.follows)
		if n > 1 {
			warning += fmt.Sprintf(" (and %d more of %s)", n-1, d.network.Bare())
		}
		warnings = append(warnings, warning)
	}
	return warnings
}

// same returns the file's membership that takes the place of one the ledger has, or nil.
func (r *membershipReader) same(network domain.Body, known domain.Member) *membership {
	for _, m := range r.chains[known.Practice] {
		if m.network == network && m.from == known.From {
			return m
		}
	}
	return nil
}

// inTheWay returns the file's membership that cannot stand beside one the ledger has and keeps, or nil.
func (r *membershipReader) inTheWay(network domain.Body, known domain.Member) *membership {
	if r.same(network, known) != nil {
		return nil
	}
	for _, m := range r.chains[known.Practice] {
		if (known.To == "" || m.from <= known.To) && (m.to == "" || known.From <= m.to) {
			return m
		}
	}
	return nil
}

// untilDay says until when, of what has a last day.
func untilDay(d domain.Date) string {
	if d == "" {
		return ""
	}
	return " until " + d.String()
}
