package intake

import (
	"fmt"
	"strings"

	"pcnledger/domain"
)

// A StatementSummary is what a dry run shows of a statement.
type StatementSummary struct {
	Form string // the form it was recognised as

	Lines     int
	Matched   int // lines that cause something
	Settled   Payments
	Returned  Payments
	Recorded  []ToldLine // lines about what the ledger knows already
	CameBack  []ToldLine // lines about what came back on another line
	Unmatched []ToldLine // lines that are left out
	InTransit Payments   // in transit after this

	Unread   []string // columns that are not read
	Warnings []string
}

// Payments are how many, and how much.
type Payments struct {
	Number int
	Pence  domain.Pence
}

func (p *Payments) add(pence domain.Pence) { p.Number++; p.Pence += pence }

// A ToldLine is a line of the file and what is to be said about it.
type ToldLine struct {
	Line int
	Text string
}

// summary tells what became of the lines.
func (m *matcher) summary() (s StatementSummary) {
	matched := map[int]bool{}
	for _, l := range m.lines {
		s.Lines++
		fresh := m.where(l.matched, func(p Ended) bool { return p.Event == 0 })
		for _, i := range fresh {
			matched[i] = true
			if l.returned {
				s.Returned.add(m.payments[i].Pence)
			} else {
				s.Settled.add(m.payments[i].Pence)
			}
		}
		told := ToldLine{Line: l.row.line}
		switch {
		case len(l.about) == 0:
			told.Text = l.told() + ": " + l.unmatched
			s.Unmatched = append(s.Unmatched, told)
		case len(fresh) > 0:
			s.Matched++
		case len(l.matched) > 0:
			p := m.payments[l.matched[0]]
			told.Text = fmt.Sprintf("%s: %s, on %s by event %d", l.told(), p.became(), p.On, p.Event)
			s.Recorded = append(s.Recorded, told)
		default:
			told.Text = l.told() + ": it came back on another line"
			s.CameBack = append(s.CameBack, told)
		}
	}
	for i, p := range m.payments {
		if p.Event == 0 && !matched[i] {
			s.InTransit.add(p.Pence)
		}
	}
	return s
}

func (p Ended) became() string {
	if p.Returned {
		return "it came back"
	}
	return "it is settled"
}

// told is a line in words: K84036, PR-1, £100.00 returned.
func (l *matchedLine) told() string {
	var each []string
	if l.payee != "" {
		each = append(each, l.payee.Bare())
	}
	for _, column := range given(l.form.reference, l.form.text) {
		if text := oneLine(l.row.text(column)); text != "" {
			each = append(each, clip(text))
		}
	}
	if l.item != "" {
		each = append(each, "item "+string(l.item))
	}
	what := " paid"
	if l.returned {
		what = " returned"
	}
	return strings.Join(append(each, l.pence.String()+what), ", ")
}

// String returns the summary as lines of text.
func (s StatementSummary) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Recognised as: %s\n", s.Form)
	fmt.Fprintf(&b, "Matched: %d of %s\n", s.Matched, counted(int64(s.Lines), "line"))
	s.Settled.write(&b, "  settled")
	s.Returned.write(&b, "  came back")
	write(&b, "Left and came back", s.CameBack)
	write(&b, "Recorded already", s.Recorded)
	write(&b, "Not matched, and left out", s.Unmatched)
	fmt.Fprintf(&b, "In transit after this: %s, %s\n", counted(int64(s.InTransit.Number), "payment"), s.InTransit.Pence)
	if len(s.Unread) > 0 {
		fmt.Fprintf(&b, "Columns not read: %s\n", strings.Join(s.Unread, ", "))
	}
	for _, w := range s.Warnings {
		fmt.Fprintf(&b, "Please note: %s\n", w)
	}
	return b.String()
}

func (p Payments) write(b *strings.Builder, what string) {
	if p.Number > 0 {
		fmt.Fprintf(b, "%s: %s, %s\n", what, counted(int64(p.Number), "payment"), p.Pence)
	}
}

func write(b *strings.Builder, what string, lines []ToldLine) {
	if len(lines) > 0 {
		fmt.Fprintf(b, "%s: %s\n", what, counted(int64(len(lines)), "line"))
	}
	for _, l := range lines {
		fmt.Fprintf(b, "  line %d: %s\n", l.Line, l.Text)
	}
}
