package domain

import (
	"reflect"
	"strings"
	"testing"
)

// explained opens an event of a story, on the events before it.
func (s *story) explained(number int64) []Explanation {
	s.t.Helper()
	w := new(Workings)
	for _, r := range s.log {
		if r.Number == number {
			all, err := w.Explain(r)
			if err != nil {
				s.t.Fatalf("event %d: %v", number, err)
			}
			return all
		}
		w.Apply(r)
	}
	s.t.Fatalf("there is no event %d", number)
	return nil
}

// last opens the last event of a story.
func (s *story) last() []Explanation { return s.explained(s.number - 1) }

// lines prints a tree: figures with their numbers, and notes.
func (x Explanation) lines(margin string) (lines []string) {
	lines = append(lines, margin+x.Figure+": "+x.Value)
	if x.Numbers != "" {
		lines = append(lines, margin+"  = "+x.Numbers)
	}
	for _, note := range x.Notes {
		lines = append(lines, margin+"  * "+note)
	}
	for _, part := range x.Parts {
		lines = append(lines, part.lines(margin+"  ")...)
	}
	return lines
}

// part finds a figure in a tree.
func (x Explanation) part(t *testing.T, figure string) Explanation {
	t.Helper()
	for _, part := range x.Parts {
		if strings.HasPrefix(part.Figure, figure) {
			return part
		}
	}
	t.Fatalf("%s has no part %q:\n%s", x.Figure, figure, strings.Join(x.lines(""), "\n"))
	return x
}

// input finds a fact of a figure.
func (x Explanation) input(t *testing.T, name string) Input {
	t.Helper()
	for _, in := range x.Inputs {
		if strings.HasPrefix(in.Name, name) {
			return in
		}
	}
	t.Fatalf("%s has no input %q: %v", x.Figure, name, x.Inputs)
	return Input{}
}

// explains requires that every amount of a history is worked out to what was recorded, and that this changes no state.
func (h *history) explains() {
	w := new(Workings)
	for _, r := range h.log {
		switch r.Event.(type) {
		case EntitlementRun, EntitlementAdjusted, ClaimApproved, RecoveryRaised:
			h.explain(w, r)
		}
		w.Apply(r)
	}
	if !reflect.DeepEqual(&w.ledger, h.ledger) {
		h.fail("explaining changed the ledger")
	}
}

func (h *history) explain(w *Workings, r Recorded) {
	all, err := w.Explain(r)
	if err != nil {
		h.fail("event %d, %T: %v", r.Number, r.Event, err)
	}
	h.tally.reached["explained: "+EventKindOf(r.Event).Name]++
	for i, x := range all {
		if differs := x.Differs(); len(differs) > 0 {
			h.fail("event %d, %T: %s:\n%s", r.Number, r.Event, differs, strings.Join(x.lines(""), "\n"))
		}
		if x.Numbers == "" || x.Formula == "" || len(x.Inputs) == 0 {
			h.fail("event %d: figure %d is not explained: %+v", r.Number, i+1, x)
		}
	}
	items := ItemsOpened(r)
	for i := range items {
		if x := all[items[i].ID.Line()-1]; x.Pence != items[i].Pence() {
			h.fail("item %s of %s is worked out to %s", items[i].ID, items[i].Pence(), x.Pence)
		}
	}
}

const (
	extendedHours Category = "extended hours access"
	core21        FundCode = "CORE-2021"
	extended      RateCode = "EXTENDED_HOURS"
)
