package reports

import (
	"math"

	"pcnledger/domain"
	"pcnledger/projections"
)

// ageBands are the days that claims wait, each up to and including its last; the last band has no end.
var ageBands = [...]struct {
	name string
	last int64
}{{"0-30 days", 30}, {"31-60 days", 60}, {"61-90 days", 90}, {"over 90 days", math.MaxInt64}}

// claimAgeStates are the states in which a claim waits, with what it waits for.
var claimAgeStates = []struct {
	state   projections.ClaimState
	waitFor string
}{
	{projections.ClaimWaiting, "being verified or decided"}, {projections.ClaimQueried, "an answer"}, {projections.ClaimVerified, "a decision"},
	{projections.ClaimIsApproved, "payment"}, {projections.ClaimPartlyPaid, "the rest of its payment"},
}

// A claimAges adds up the claims in one state.
type claimAges struct {
	claims, days int64
	pence        domain.Pence
	bands        [len(ageBands)]int64
	longest      projections.Claim
}

// add counts a claim on a day. Of those that wait equally long the first is named.
func (w *claimAges) add(c projections.Claim, on domain.Date) {
	days := c.DaysWaiting(on)
	if w.claims == 0 || days > w.days {
		w.days, w.longest = days, c
	}
	w.claims++
	if c.Decision == 0 {
		w.pence += c.Cost()
	} else {
		w.pence += c.Approval.Pence() - c.Paid
	}
	for i, band := range ageBands {
		if days <= band.last {
			w.bands[i]++
			return
		}
	}
}

// claimAgeTable counts the claims that wait, by what they wait for and for how long, and names the one that waits longest.
func claimAgeTable(v *projections.Views, selected []projections.Claim) Table {
	t := Table{
		Name: "waiting", Title: "Waiting, and for how many days", Empty: "No claim waits.",
		Columns: columns(of(KindText, "state", "waits for"), of(KindCount, "claims"), of(KindMoney, "claimed, or to be paid")),
	}
	for _, band := range ageBands {
		t.Columns = append(t.Columns, Column{band.name, KindCount})
	}
	t.Columns = append(t.Columns, columns(of(KindText, "longest"), of(KindDate, "since"), of(KindCount, "days"))...)
	rows := map[projections.ClaimState]*claimAges{}
	for _, c := range selected {
		state := c.State()
		if c.Decision != 0 && c.Approval.Pence() == 0 {
			continue // an approval of nothing has nothing to wait for
		}
		if rows[state] == nil {
			rows[state] = new(claimAges)
		}
		rows[state].add(c, v.Ledger.Date())
	}
	for _, s := range claimAgeStates {
		w := rows[s.state]
		if w == nil {
			continue
		}
		cells := []Cell{text(s.state), Words(s.waitFor), Count(w.claims), money(w.pence)}
		for _, n := range w.bands {
			cells = append(cells, Count(n))
		}
		t.rowOf(cells, text("claim "+claimName(w.longest)), date(w.longest.Since()), Count(w.days))
	}
	t.total()
	return t
}
