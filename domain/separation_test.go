package domain

import "testing"

func TestSeparation(t *testing.T) { tell(t, separationRows) }

var separationRows = []row{}

// TestTheFixtureHasItsOfficers keeps the chapter of officers, which most tables of control begin with.
func TestTheFixtureHasItsOfficers(t *testing.T) {
	s := told(t, more(untilFunded, governed))
	if got := len(s.ledger.officers.appointments); got != 10 {
		t.Errorf("%d appointments, want 10", got)
	}
	s.on("2018-12-03").do(AllocateFund{Fund: nr, Decision: paper, Lines: []Line{line(valley, north, leadership, pounds(400))}})
	held, ok := s.log[len(s.log)-1].Event.(RequestHeld)
	if !ok {
		t.Fatalf("the allocation was recorded, not held: %T", s.log[len(s.log)-1].Event)
	}
	s.as(approver).do(Approve{s.number - 1, held.Digest})
	if got, want := s.totals(nr), "limit -£1,000.00, unallocated £600.00, allocated £400.00"; got != want {
		t.Errorf("it stands at %s, want %s", got, want)
	}
}
