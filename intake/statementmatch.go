package intake

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pcnledger/domain"
)

// A matcher finds for each line of a statement the payments that it is about. Payments are known by their place in the
// matcher's list, a match by the places of its payments, the lowest first.
type matcher struct {
	opts       StatementOptions
	payments   []Ended  // those in transit too; by run, item and event
	references []string // of each payment, folded
	distinct   []string // of them, each once
	lines      []*matchedLine
	named      map[domain.ItemID]bool // items that lines name
}

// A matchedLine is a line with the payments it is about, or with the reason why there are none.
type matchedLine struct {
	statementLine
	rest      string // of the text, without the reference: a code that is part of that names no payee
	about     []int  // all
	matched   []int  // those of about that did not come back on another line
	unmatched string // why it is about none
}

func newMatcher(opts StatementOptions, lines []statementLine) *matcher {
	m := &matcher{opts: opts, named: map[domain.ItemID]bool{}}
	for _, p := range opts.InTransit {
		m.payments = append(m.payments, Ended{InTransit: p})
	}
	m.payments = append(m.payments, opts.Ended...)
	if opts.Run != 0 {
		m.payments = slices.DeleteFunc(m.payments, func(p Ended) bool { return p.Run != opts.Run })
	}
	slices.SortFunc(m.payments, func(a, b Ended) int {
		return cmp.Or(cmp.Compare(a.Run, b.Run), compareItems(a.Item, b.Item), cmp.Compare(a.Event, b.Event))
	})
	for _, p := range m.payments {
		m.references = append(m.references, folded(p.Reference))
	}
	m.distinct = slices.Compact(slices.Sorted(slices.Values(m.references)))
	for _, l := range lines {
		m.lines = append(m.lines, &matchedLine{statementLine: l, rest: l.text})
		if l.item != "" {
			m.named[l.item] = true
		}
	}
	return m
}

// compareItems puts 9.2 before 10.1.
func compareItems(a, b domain.ItemID) int {
	an, al, _ := strings.Cut(string(a), ".")
	bn, bl, _ := strings.Cut(string(b), ".")
	return cmp.Or(cmp.Compare(len(an), len(bn)), cmp.Compare(an, bn), cmp.Compare(len(al), len(bl)), cmp.Compare(al, bl))
}

// match matches every line, and then sees to payments that two lines are about.
func (m *matcher) match() {
	for _, l := range m.lines {
		m.find(l)
	}
	m.settleTwice()
}

// find matches one line. Two matches that are equally good are a fault.
func (m *matcher) find(l *matchedLine) {
	reach, why := m.reach(l)
	if why != "" {
		l.unmatched = why
		return
	}
	fitting := m.fitting(l, reach)
	agreeing := slices.DeleteFunc(slices.Clone(fitting), func(match []int) bool {
		return slices.ContainsFunc(match, func(i int) bool { return m.disagrees(l, i) != "" })
	})
	switch {
	case len(agreeing) == 1:
		l.about = agreeing[0]
	case len(agreeing) > 1:
		l.row.fault(l.amountColumn(), fmt.Sprintf("the line matches %s, and %s as well; which is meant is not guessed",
			m.told(agreeing[0]), m.told(agreeing[1])), l.which(m.payments[agreeing[0][0]].Item == m.payments[agreeing[1][0]].Item))
	case len(fitting) == 0:
		l.unmatched = m.amounts(l, reach)
	case m.isEarly(l, fitting):
		l.early(m.payments[fitting[0][0]])
	default:
		l.unmatched = m.firstDisagreement(l, fitting[0])
	}
}

// which says what would tell two matches of a line apart.
func (l *matchedLine) which(sameItem bool) string {
	if sameItem {
		return "name the run with --run, and import the lines of other runs from a file of their own"
	}
	return l.remedy("")
}

// isEarly reports whether all that fits a line was released after its day.
func (m *matcher) isEarly(l *matchedLine, fitting [][]int) bool {
	for _, match := range fitting {
		if !slices.ContainsFunc(match, func(i int) bool { return l.date < m.payments[i].Released }) {
			return false
		}
	}
	return true
}

// early records that a line's day is before the release of the payment it is about.
func (l *matchedLine) early(p Ended) {
	reason := fmt.Sprintf("the line is of %s, and %s was released on %s: nothing of it can have been paid before", l.date, run(p), p.Released)
	const remedy = "correct the day, or take the row out"
	if l.form.date == "" {
		l.row.table.add(Error{Line: l.row.line, Field: "paid-on", Value: string(l.date), Reason: reason, Remedy: remedy})
		return
	}
	l.row.fault(l.form.date, reason, remedy)
}

// reach returns the payments that a line may be about, whatever its amount and day; where there are none, why.
func (m *matcher) reach(l *matchedLine) (reach []int, why string) {
	all := make([]int, len(m.payments))
	for i := range all {
		all[i] = i
	}
	if l.item != "" {
		return m.reachItem(l, all)
	}
	reach = all
	if l.form.text != "" || l.reference != "" {
		if reach = m.ofReference(l, all); len(reach) == 0 {
			if l.form.text != "" {
				return nil, "the description names no payment run that was released, by its reference"
			}
			return nil, "no payment run that was released has the reference " + quoted(l.row.text(l.form.reference))
		}
	}
	of := "no payment run that was released"
	if l.form.text != "" || l.reference != "" {
		of = run(m.payments[reach[0]])
	}
	if reach = m.where(reach, func(p Ended) bool { return l.isOf(p.Payee) }); len(reach) == 0 {
		if l.form.text != "" {
			return nil, "the description names no payee of " + of + ", by its code"
		}
		return nil, fmt.Sprintf("%s has nothing for %s", of, l.payee.Bare())
	}
	return reach, ""
}

// reachItem is reach of a line that names its item. What else it says must agree.
func (m *matcher) reachItem(l *matchedLine, all []int) (reach []int, why string) {
	reach = m.where(all, func(p Ended) bool { return p.Item == l.item })
	if len(reach) == 0 {
		return nil, fmt.Sprintf("item %s is in no payment run that was released", l.item)
	}
	if tens := l.item + "0"; l.row.table.sheet != "" && len(m.where(all, func(p Ended) bool { return p.Item == tens })) > 0 {
		return nil, fmt.Sprintf("a workbook may mean item %s by %s: import the statement as CSV", tens, l.item)
	}
	first := m.payments[reach[0]]
	if first.Payee != l.payee {
		return nil, fmt.Sprintf("item %s is %s's, not %s's", l.item, first.Payee.Bare(), l.payee.Bare())
	}
	if l.reference != "" {
		if reach = m.ofReference(l, reach); len(reach) == 0 {
			return nil, fmt.Sprintf("item %s is in %s, not in %s", l.item, run(first), quoted(l.row.text(l.form.reference)))
		}
	}
	return reach, ""
}

func (m *matcher) where(places []int, is func(Ended) bool) (some []int) {
	for _, i := range places {
		if is(m.payments[i]) {
			some = append(some, i)
		}
	}
	return some
}

// ofReference returns those payments whose run the line names. Of two references, one in the other, a text names the longer.
func (m *matcher) ofReference(l *matchedLine, places []int) []int {
	said := map[string]bool{l.reference: l.reference != ""}
	if l.form.text != "" {
		said = m.saidIn(l.text)
		for _, reference := range m.distinct {
			if said[reference] {
				l.rest = strings.ReplaceAll(l.rest, reference, "/")
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(places), func(i int) bool { return !said[m.references[i]] })
}

// saidIn returns the references that a text names.
func (m *matcher) saidIn(text string) map[string]bool {
	said := map[string]bool{}
	for _, reference := range m.distinct {
		if names(text, reference) {
			said[reference] = true
		}
	}
	for one := range said {
		for other := range said {
			if one != other && strings.Contains(other, one) {
				said[one] = false
			}
		}
	}
	return said
}

// isOf reports whether a line is about a payee. A bank's text cannot hold a scheme: its colon is none of a bank's characters.
func (l *matchedLine) isOf(payee domain.Body) bool {
	if l.form.text == "" {
		return l.payee == payee
	}
	_, code, _ := strings.Cut(string(payee), ":")
	return names(l.rest, folded(code))
}

// fitting returns the matches of a line by its amount alone: one payment, or several of one payee and run together.
func (m *matcher) fitting(l *matchedLine, reach []int) (fitting [][]int) {
	add := func(match []int) {
		known := slices.ContainsFunc(fitting, func(other []int) bool { return slices.Equal(match, other) })
		if len(match) > 0 && !known && m.sum(match) == l.pence {
			fitting = append(fitting, match)
		}
	}
	for _, pool := range m.pools(reach) {
		for _, i := range pool {
			add([]int{i})
		}
		for _, whole := range m.wholes(pool) {
			add(whole)
		}
		if l.item == "" {
			for _, whole := range m.wholes(m.where(pool, func(p Ended) bool { return !m.named[p.Item] })) {
				add(whole)
			}
		}
	}
	return fitting
}

// pools takes payments apart by run and payee.
func (m *matcher) pools(places []int) (pools [][]int) {
	type of struct {
		run   int64
		payee domain.Body
	}
	at := map[of]int{}
	for _, i := range places {
		key := of{m.payments[i].Run, m.payments[i].Payee}
		n, ok := at[key]
		if !ok {
			n = len(pools)
			at[key] = n
			pools = append(pools, nil)
		}
		pools[n] = append(pools[n], i)
	}
	return pools
}

// wholes returns what one line may sum up of a payee's payments of a run: all of them, those in transit, and those that one
// earlier event recorded together.
func (m *matcher) wholes(pool []int) [][]int {
	wholes := [][]int{pool}
	seen := map[int64]bool{}
	for _, i := range pool {
		event := m.payments[i].Event
		if !seen[event] {
			seen[event] = true
			wholes = append(wholes, m.where(pool, func(p Ended) bool { return p.Event == event }))
		}
	}
	return wholes
}

func (m *matcher) sum(places []int) (sum domain.Pence) {
	for _, i := range places {
		sum += m.payments[i].Pence
	}
	return sum
}

// disagrees says why a line cannot be about a payment of its amount, or nothing. A payment that is recorded as come back
// may have left before.
func (m *matcher) disagrees(l *matchedLine, i int) string {
	p := m.payments[i]
	switch {
	case l.date < p.Released:
		return fmt.Sprintf("%s was released on %s only", run(p), p.Released)
	case p.Event == 0, l.returned == p.Returned && l.date == p.On, !l.returned && p.Returned && l.date <= p.On:
		return ""
	case l.returned && !p.Returned:
		return fmt.Sprintf("item %s was settled on %s, by event %d: have that entry reversed (ReverseEntry), then import the statement again",
			p.Item, p.On, p.Event)
	case l.returned:
		return fmt.Sprintf("item %s came back on %s already, by event %d", p.Item, p.On, p.Event)
	case p.Returned:
		return fmt.Sprintf("item %s came back on %s, before this payment, by event %d: it is to be paid in another run", p.Item, p.On, p.Event)
	}
	return fmt.Sprintf("item %s was settled on %s already, by event %d: if the money left twice, recover it", p.Item, p.On, p.Event)
}

func (m *matcher) firstDisagreement(l *matchedLine, match []int) string {
	for _, i := range match {
		if why := m.disagrees(l, i); why != "" {
			return why
		}
	}
	return ""
}

// amounts says that the amount of a line is none of those it may be.
func (m *matcher) amounts(l *matchedLine, reach []int) string {
	inTransit := m.where(reach, func(p Ended) bool { return p.Event == 0 })
	switch {
	case len(inTransit) == 0:
		return fmt.Sprintf("of %s nothing is in transit any more, and nothing of that amount was; the line has %s", m.told(reach), l.pence)
	case len(inTransit) == 1:
		return fmt.Sprintf("%s is in transit with %s; the line has %s, and a part of a payment is not matched",
			m.told(inTransit), m.sum(inTransit), l.pence)
	}
	return fmt.Sprintf("%s are in transit with %s; the line has %s, which is neither one of them nor all of a payee's of a run",
		m.told(inTransit), m.sum(inTransit), l.pence)
}

// settleTwice sees to payments that several lines are about. One that left and came back has come back; anything else is a
// fault of the later line.
func (m *matcher) settleTwice() {
	first := map[int]*matchedLine{}
	back := map[int]*matchedLine{}
	for _, l := range m.lines {
		of := first
		if l.returned {
			of = back
		}
		for _, i := range l.about {
			if other, twice := of[i]; twice {
				l.again(other, m.told([]int{i}))
				break
			}
			of[i] = l
		}
	}
	for _, l := range m.lines {
		for _, i := range l.about {
			other := back[i]
			switch {
			case l.returned || other == nil:
				l.matched = append(l.matched, i)
			case other.date < l.date:
				l.again(other, m.told([]int{i}))
			}
		}
	}
}

// again records that a line is about what another is about already.
func (l *matchedLine) again(other *matchedLine, what string) {
	l.row.fault(l.amountColumn(), fmt.Sprintf("the line is about %s, and so is line %d of %s", what, other.row.line, other.date),
		l.remedy("take out the one that does not count"))
}

// run names a payment's run: run 60 (PR-1).
func run(p Ended) string { return fmt.Sprintf("run %d (%s)", p.Run, p.Reference) }

// mostTold is how many items a reason names.
const mostTold = 4

// told names payments: item 12.1, or items 12.1 and 12.2, with their run.
func (m *matcher) told(places []int) string {
	var items []string
	for _, i := range places {
		if id := string(m.payments[i].Item); !slices.Contains(items, id) {
			items = append(items, id)
		}
	}
	if len(items) > mostTold {
		items = append(items[:mostTold], fmt.Sprintf("%d more", len(items)-mostTold))
	}
	of := " of " + run(m.payments[places[0]])
	if len(items) == 1 {
		return "item " + items[0] + of
	}
	return "items " + strings.Join(items[:len(items)-1], ", ") + " and " + items[len(items)-1] + of
}
