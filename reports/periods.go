package reports

import (
	"cmp"
	"fmt"
	"slices"

	"pcnledger/domain"
	"pcnledger/projections"
)

// periods says how each month of accounts stands, and holds what its close stored against what is recorded now.
var periods = Definition{
	Name:  "periods",
	Title: "Periods",
	Line:  "each period: open or closed, by whom and when, its postings and hash; of one also what its close stored",
	Takes: Takes{Period: true},
	body: func(v *projections.Views, o Options) body {
		selected := v.Periods.All()
		if o.Period != "" {
			selected = []projections.Period{v.Periods.Period(o.Period)} // also one that nothing is posted in
		}
		b := body{
			tables: []Table{periodTable(selected), closingTable(selected), hashTable(selected)},
			notes: []string{
				"Postings are those in the period; debits and credits are of all its accounts, financial and control.",
				"A close stores what every account stands at over all periods up to it. The ledger does not open if its records come to anything else.",
			},
			only: o.Period,
		}
		if v.Effective() != "" {
			b.notes = append(b.notes, "Money that is effective later is left out here: what a close stored may hold more.")
		}
		if o.Period != "" {
			trial, closing := storedTable(v, selected, o.Period)
			b.tables, b.closing = append(b.tables, trial), closing
		}
		return b
	},
}

func periodTable(selected []projections.Period) Table {
	t := Table{
		Name: "periods", Title: "Periods", Empty: postFirst,
		Columns: columns(of(KindText, "period", "month", "status"), of(KindCount, "postings"), of(KindMoney, "debits", "credits"),
			of(KindDate, "closed on"), of(KindText, "closed by"), of(KindCount, "times reopened")),
	}
	for _, p := range selected {
		var closedOn, closedBy Cell
		if c, closed := standingClose(p); closed {
			closedOn, closedBy = date(domain.DateIn(c.Time)), text(handsWords(c.Hands))
		}
		var reopened Cell
		if n := timesReopened(p); n > 0 {
			reopened = Count(n)
		}
		t.row(text(p.Period), text(periodName(p.Period)), text(p.Status), Count(p.Postings), money(p.Debit), money(p.Credit), closedOn, closedBy, reopened)
	}
	t.total()
	return t
}

// periodName prints July 2019 for 2019-20/M04, and says what M13 is.
func periodName(p domain.Period) string {
	if p.IsAdjustment() {
		return "adjustments of the year"
	}
	return monthName(domain.Service(p))
}

// standingClose returns the close, soft or not, that a period has and that was not undone.
func standingClose(p projections.Period) (c projections.Closing, closed bool) {
	if n := len(p.Closings); n > 0 && !p.Closings[n-1].Reopened {
		return p.Closings[n-1], true
	}
	return projections.Closing{}, false
}

func timesReopened(p projections.Period) (n int) {
	for _, c := range p.Closings {
		if c.Reopened {
			n++
		}
	}
	return n
}

func closingTable(selected []projections.Period) Table {
	t := Table{
		Name: "closes", Title: "Closed and reopened", Empty: "No period was closed. Close the month when its work is done (ClosePeriod).",
		Columns: columns(of(KindText, "period"), of(KindNumber, "event"), of(KindDate, "on"), of(KindText, "what", "raised by", "approved by", "reason")),
	}
	for _, p := range selected {
		for _, c := range p.Closings {
			t.row(text(p.Period), number(c.Number), date(domain.DateIn(c.Time)), text(closingWords(c)), text(c.Raised), text(c.Approved), text(c.Reason))
		}
	}
	return t
}

func closingWords(c projections.Closing) string {
	switch {
	case c.Reopened:
		return "reopened"
	case c.Soft:
		return "softly closed"
	}
	return "closed"
}

// hashTable keeps hashes apart, where they stand whole in any format and can be compared.
func hashTable(selected []projections.Period) Table {
	t := Table{
		Name: "hashes", Title: "Hashes of the trial balances that closes stored", Empty: "No close stored a trial balance.",
		Columns: columns(of(KindText, "period"), of(KindNumber, "event"), of(KindText, "SHA-256")),
	}
	for _, p := range selected {
		for _, c := range p.Closings {
			if c.Hash != "" {
				t.row(text(p.Period), number(c.Number), text(c.Hash))
			}
		}
	}
	return t
}

// storedTable holds what the last close of a period stored against what the accounts come to now.
func storedTable(v *projections.Views, selected []projections.Period, period domain.Period) (t Table, closing []string) {
	t = Table{
		Name: "trial-balance", Title: "The trial balance that was stored, and what it comes to now",
		Empty:   "No close stored a trial balance of this period. Close it (ClosePeriod); until then: pcnledger show trial-balance --period",
		Columns: columns(of(KindText, "fund", "side", "account"), of(KindMoney, "stored", "now", "difference")),
	}
	last := lastStored(selected)
	if last.Number == 0 {
		return t, nil
	}
	stored, now := map[trialKey]domain.Pence{}, map[trialKey]domain.Pence{}
	for _, line := range last.TrialBalance {
		stored[trialKey{line.Fund, line.Account}] += line.Pence
	}
	trial := v.Periods.TrialBalance(period)
	for _, line := range trial {
		now[trialKey{line.Fund, line.Account}] += line.Pence
	}
	for _, key := range trialKeys(stored, now) {
		t.row(text(key.fund), text(sideName(key.account.IsControl())), text(key.account), money(stored[key]), money(now[key]), moneyIfAny(now[key]-stored[key]))
	}
	t.total()
	return t, []string{storedWords(last, selected[0], domain.HashTrialBalance(period, trial), v.Effective() != "")}
}

// lastStored returns the last close that stored a trial balance, of the one period that is selected.
func lastStored(selected []projections.Period) (last projections.Closing) {
	for _, p := range selected {
		for _, c := range p.Closings {
			if c.Hash != "" {
				last = c
			}
		}
	}
	return last
}

func storedWords(last projections.Closing, p projections.Period, now string, partly bool) string {
	switch {
	case now == last.Hash:
		return fmt.Sprintf("The accounts stand at what event %d stored: the hash is %s.", last.Number, now)
	case p.Status != projections.PeriodClosed || partly:
		return fmt.Sprintf("The accounts stand at something else than event %d stored: the period was reopened since, or later money is left out.", last.Number)
	}
	return fmt.Sprintf("DOES NOT AGREE: event %d stored the hash %s; the accounts come to %s. Stop and run: pcnledger replay", last.Number, last.Hash, now)
}

type trialKey struct {
	fund    domain.FundCode
	account domain.Account
}

func trialKeys(sums ...map[trialKey]domain.Pence) []trialKey {
	var keys []trialKey
	for _, sum := range sums {
		for key := range sum {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(a, b trialKey) int {
		return cmp.Or(cmp.Compare(a.fund, b.fund), cmp.Compare(a.account.Order(), b.account.Order()))
	})
	return slices.Compact(keys)
}
