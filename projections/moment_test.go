package projections_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"pcnledger/domain"
	"pcnledger/projections"
)

func foldAt(effective domain.Date, events []domain.Recorded) *projections.Views {
	views := projections.NewViewsAt(effective)
	for _, r := range events {
		views.Apply(r)
	}
	return views
}

func TestWhatIsEffectiveLaterIsPassedOver(t *testing.T) {
	events := sixHundredThousand()
	for _, test := range []struct {
		effective domain.Date
		want      projections.Sums
		paid      domain.Pence
	}{
		{"2019-01-02", projections.Sums{}, 0},
		{"2019-01-15", projections.Sums{Allocated: pounds(450_000), Unspent: pounds(450_000)}, 0},
		{"2019-01-18", projections.Sums{Allocated: pounds(450_000), Released: pounds(200_000), Unspent: pounds(450_000)}, 0},
		{"2019-03-08", projections.Sums{Allocated: pounds(450_000), Released: pounds(200_000), Spent: pounds(120_000),
			CalledBack: pounds(10_000), Unspent: pounds(330_000)}, pounds(200_000)},
	} {
		views := foldAt(test.effective, events)
		f, known := views.Funds.Fund(fund)
		if !known || f.Sums != test.want || f.Settled != test.paid {
			t.Errorf("effective %s: %+v, settled %s", test.effective, f.Sums, f.Settled)
		}
		if err := views.TrialBalance.Check(); err != nil {
			t.Error(err)
		}
		if last := events[len(events)-1]; views.Ledger.Number != last.Number || !views.Ledger.Time.Equal(last.Time) || views.Effective() != test.effective {
			t.Errorf("effective %s: number %d of %s", test.effective, views.Ledger.Number, views.Ledger.Time)
		}
		if len(views.Progress.Milestones()) == 0 {
			t.Errorf("effective %s: what moves no money was passed over", test.effective)
		}
	}
}

func TestViewsOfTheLastDateAreTheViewsOfEverything(t *testing.T) {
	for _, example := range workedExamples {
		want := fold(example()).Digest()
		for _, effective := range []domain.Date{"", "2999-12-31"} {
			if foldAt(effective, example()).Digest() != want {
				t.Errorf("views effective by %q differ", effective)
			}
		}
	}
}

// accrued is one accrual of February that reverses itself on 1 March.
func accrued() []domain.Recorded {
	b := bucket(federation, north, development)
	return []domain.Recorded{{
		Stamp: domain.Stamp{Number: 1, Time: time.Date(2019, 2, 28, 9, 0, 0, 0, time.UTC)},
		Fact: domain.Fact{Effective: "2019-02-28", Period: "2018-19/M11", Event: domain.AccrualPosted{
			Reason: "not claimed", Reverses: "2019-03-01", Lines: []domain.AccruedLine{
				{Fund: fund, Bucket: b, Pence: pounds(70), Draws: []domain.Draw{draw(domain.Allocated, b, pounds(70))}}},
		}},
	}}
}

func TestAnAccrualIsThereUntilTheDayOnWhichItReversesItself(t *testing.T) {
	for effective, want := range map[domain.Date]domain.Pence{
		"2019-02-27": 0, "2019-02-28": pounds(70), "2019-03-01": 0, "": 0,
	} {
		views := foldAt(effective, accrued())
		var got domain.Pence
		for _, line := range views.TrialBalance.Lines() {
			if line.Account == domain.Expenditure {
				got = line.Balance()
			}
		}
		if got != want {
			t.Errorf("effective %q: expenditure is %s, not %s", effective, got, want)
		}
		if err := views.TrialBalance.Check(); err != nil {
			t.Error(err)
		}
	}
}

func TestTheJournalHasEachPostingOnItsOwnDayAndItsLinesInOneOrder(t *testing.T) {
	views := fold(accrued())
	postings := domain.Postings(accrued()[0])
	if views.Journal.Len() != len(postings) {
		t.Fatalf("%d postings, not %d", views.Journal.Len(), len(postings))
	}
	for i, entry := range views.Journal.All() {
		if entry.Posting != postings[i] || entry.Line != i+1 || entry.Number != 1 || views.Journal.At(i) != entry {
			t.Errorf("posting %d is %+v, not %+v", i, entry, postings[i])
		}
	}
}

func TestAPeriodsTrialBalanceIsOfAllPostingsUpToIt(t *testing.T) {
	views := fold(accrued())
	for period, want := range map[domain.Period]domain.Pence{"2018-19/M10": 0, "2018-19/M11": pounds(70), "2018-19/M12": 0} {
		trial, balances := views.Through(period)
		var sum domain.Pence
		for _, b := range balances.All() {
			if b.Account == domain.Expenditure {
				sum += b.Balance()
			}
		}
		if sum != want || trial.Check() != nil || len(trial.Lines()) > 0 != (period > "2018-19/M10") {
			t.Errorf("through %s expenditure is %s, not %s", period, sum, want)
		}
	}
}

// Whatever was passed over, what was not is taken in: an item that is not there, a claim whose approval is not effective
// yet, an advance whose allocation comes later.
func TestViewsOfAnyDateFoldWhateverTheyPassOver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := anyOf(t, "example", workedExamples...)()
		for i := range events {
			if events[i].Effective != "" {
				events[i].Effective = domain.Date("2019-04-01").AddDays(rapid.IntRange(-300, 300).Draw(t, "effective"))
			}
			if accrual, is := events[i].Event.(domain.AccrualPosted); is && accrual.Reverses != "" {
				accrual.Reverses = domain.PeriodOf(events[i].Effective).Last().AddDays(1)
				events[i].Event = accrual
			}
		}
		effective := domain.Date("2019-04-01").AddDays(rapid.IntRange(-300, 300).Draw(t, "by"))
		views := foldAt(effective, events)
		views.Digest()
		if err := views.TrialBalance.Check(); err != nil {
			t.Error(err)
		}
		trial, want := map[domain.Account]domain.Pence{}, map[domain.Account]domain.Pence{}
		for _, line := range views.TrialBalance.Lines() {
			trial[line.Account] += line.Balance()
		}
		for _, r := range events {
			for _, p := range domain.Postings(r) {
				if p.Effective <= effective {
					want[p.Account] += p.Pence
				}
			}
		}
		for _, account := range domain.Accounts() {
			if trial[account] != want[account] {
				t.Errorf("effective %s: %s is %s, not %s", effective, account, trial[account], want[account])
			}
		}
	})
}
