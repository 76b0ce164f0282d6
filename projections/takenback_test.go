package projections_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pcnledger/domain"
	"pcnledger/projections"
)

// figures are what the views hold in pence, by what they are, but for what is nothing.
func figures(v *projections.Views) map[string]domain.Pence {
	all := v.Purposes.Remaining()
	for _, f := range v.Funds.All() {
		figuresOf(all, "fund "+string(f.Fund), f.Sums)
		if f.Closed != "" {
			all["closed "+string(f.Fund)] = 1
		}
		all["settled "+string(f.Fund)], all["after all "+string(f.Fund)], all["written off "+string(f.Fund)] = f.Settled, f.SpentAfterAll, f.WrittenOff
		for _, tranche := range f.Tranches {
			all["confirmed "+string(f.Fund)] += tranche.Pence
		}
		for _, d := range f.Decisions {
			all["decided "+string(f.Fund)] += d.Pence
		}
	}
	for _, p := range v.Purposes.All() {
		figuresOf(all, fmt.Sprintf("purpose %v", p.PurposeKey), p.Sums)
	}
	for _, b := range v.Balances.All() {
		all[fmt.Sprintf("balance %s %s %v", b.Fund, b.Account, b.Bucket)] = b.Balance()
	}
	for _, i := range v.Items.All() {
		all["open "+string(i.ID)], all["in transit "+string(i.ID)], all["in runs "+string(i.ID)] = i.Open(), i.InTransit(), i.InRuns
		all["paid "+string(i.ID)], all["received "+string(i.ID)] = i.Used(projections.UsePaid), i.Received()
		all["spent after all "+string(i.ID)], all["lost "+string(i.ID)] = i.Used(projections.UseSpent), i.Used(projections.UseWrittenOff)
	}
	for _, e := range v.Entitlements.All() {
		for _, m := range e.Months {
			all[fmt.Sprintf("raised %v %s", e.EntitlementKey, m.For)] = m.Pence
		}
		if len(e.Raised) > 0 {
			all[fmt.Sprintf("list of %v through %s", e.EntitlementKey, e.Through)] = domain.Pence(e.Patients)
			rate, _ := v.Rates.Rate(e.Year, e.Rate)
			rate.Changes = nil // a rate that was revised since stays revised
			all[fmt.Sprintf("to come of %v", e.EntitlementKey)] = v.Entitlements.ToCome(e, rate)
		}
	}
	for _, c := range v.Claims.All() {
		name := fmt.Sprintf("claim %d ", c.Number)
		if c.Item != "" {
			all[name+fmt.Sprint(c.PaidOn, c.Item, c.Effective)] = 1
		}
		all[name+"paid"], all[name+"received"], all[name+"recovered"] = c.Paid, c.Received, c.Recovered()
	}
	for _, r := range v.Runs.All() {
		if r.Reversed == 0 {
			all[fmt.Sprintf("run %d in transit", r.Number)], all[fmt.Sprintf("run %d settled", r.Number)] = r.Totals().InTransit, r.Totals().Settled
		}
	}
	maps.DeleteFunc(all, func(_ string, pence domain.Pence) bool { return pence == 0 })
	return all
}

func figuresOf(all map[string]domain.Pence, of string, s projections.Sums) {
	all[of+" allocated"], all[of+" released"], all[of+" spent"], all[of+" recovered"] = s.Allocated, s.Released, s.Spent, s.Recovered
	all[of+" called back"], all[of+" received"], all[of+" unspent"] = s.CalledBack, s.Received, s.Unspent
}

// canBeTakenBack says that an event moves money, or plans to.
func canBeTakenBack(r domain.Recorded) bool {
	_, plans := r.Event.(domain.PaymentRunProposed)
	_, takesBack := r.Event.(domain.EntryReversed)
	return !takesBack && (plans || r.Effective != "")
}

// takeBack takes an entry back on the day of the last event.
func takeBack(v *projections.Views, was domain.Recorded) {
	v.Apply(domain.Recorded{
		Stamp: domain.Stamp{Number: v.Ledger.Number + 1, Time: v.Ledger.Time, Actor: "clerk", Auth: "demo"},
		Fact: domain.Fact{
			Event:     domain.EntryReversed{Entry: was.Number, Dated: was.Effective, In: was.Period, Reason: "taken back", Was: domain.Was{Event: was.Event}},
			Effective: v.Ledger.Date(), Period: domain.PeriodOf(v.Ledger.Date()),
		},
	})
}

// testReporter is a test, or one run of a random test.
type testReporter interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// checkUnwinding takes entries back, the last first, and checks after each that everything is as it was before the entry.
// Where money of several rows stood at one place, what is taken back may be another row's than what was put there: then
// only what is not by row is compared.
func checkUnwinding(t testReporter, events []domain.Recorded, byRow bool) {
	t.Helper()
	v, corrected := fold(events), correctedIn(events)
	for n := len(events) - 1; n >= 0; n-- {
		r := events[n]
		if !canBeTakenBack(r) || corrected[r.Number] != 0 {
			continue
		}
		takeBack(v, r)
		for _, f := range v.Funds.All() {
			if err := f.Check(); err != nil {
				t.Errorf("event %d taken back: %v", r.Number, err)
			}
		}
		checkSums(t, v)
		if openAt(corrected, r.Number) {
			continue
		}
		before, after := figures(fold(events[:n])), figures(v)
		if !byRow {
			maps.DeleteFunc(before, isByRow)
			maps.DeleteFunc(after, isByRow)
		}
		if diff := cmp.Diff(before, after); diff != "" {
			t.Fatalf("event %d, %s, taken back does not leave what was before (-before +after):\n%s", r.Number, domain.EventKindOf(r.Event).Name, diff)
		}
	}
}

func isByRow(of string, _ domain.Pence) bool {
	for _, kept := range []string{"parcel ", "purpose ", "owed ", "charge "} {
		if strings.HasPrefix(of, kept) {
			return true
		}
	}
	return false
}

// correctedIn returns, by entry, the number of the event that takes it back in the story itself.
func correctedIn(events []domain.Recorded) map[int64]int64 {
	by := map[int64]int64{}
	for _, r := range events {
		if e, ok := r.Event.(domain.EntryReversed); ok {
			by[e.Entry] = r.Number
		}
	}
	return by
}

// openAt says that at a number an entry stood that the story takes back later.
func openAt(corrected map[int64]int64, number int64) bool {
	for entry, by := range corrected {
		if entry < number && by > number {
			return true
		}
	}
	return false
}

func TestWhatIsTakenBackLeavesWhatWasBefore(t *testing.T) {
	for _, example := range workedExamples {
		checkUnwinding(t, example(), true)
	}
}
