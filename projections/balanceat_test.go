package projections_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pcnledger/domain"
	"pcnledger/projections"
)

// A naive balance adds up every posting there is.
func naiveBalance(events []domain.Recorded, account domain.Account, f domain.FundCode, number int64, effective domain.Date) (sum domain.Pence) {
	for _, r := range events {
		for _, p := range domain.Postings(r) {
			if r.Number <= number && (effective == "" || p.Effective <= effective) && p.Account == account && p.Fund == f {
				sum += p.Pence
			}
		}
	}
	return sum
}

// moved makes up what moves money on two accounts of two funds, on days in any order: journals, accruals that reverse
// themselves, and facts that move none.
func moved(t *rapid.T, number int64) domain.Recorded {
	day := domain.Date("2019-04-01").AddDays(rapid.IntRange(0, 700).Draw(t, "day"))
	fact := domain.Fact{Effective: day, Period: domain.PeriodOf(day)}
	pence := domain.Pence(rapid.Int64Range(1, 1_000_000).Draw(t, "pence"))
	f := anyOf(t, "fund", advanceFund, evidenceFund)
	switch anyOf(t, "kind", "journal", "journal", "accrual", "none") {
	case "journal":
		e := domain.JournalPosted{Reason: "moved"}
		for range rapid.SampledFrom([]int{1, 2, 40}).Draw(t, "lines") {
			b := bucket(federation, anyOf(t, "network", north, city), development)
			e.Lines = append(e.Lines, domain.JournalLine{Account: domain.Expenditure, Fund: f, Bucket: b, Debit: pence},
				domain.JournalLine{Account: domain.Payables, Fund: f, Bucket: b, Credit: pence})
		}
		fact.Event = e
	case "accrual":
		fact.Event = domain.AccrualPosted{Reason: "not claimed", Reverses: day.AddDays(rapid.IntRange(1, 31).Draw(t, "later")), Lines: []domain.AccruedLine{
			{Fund: f, Bucket: bucket(federation, north, development), Pence: pence}}}
	default:
		fact = domain.Fact{Event: domain.BodyRegistered{Body: trust, Kind: domain.KindTrust}}
	}
	return domain.Recorded{Stamp: domain.Stamp{Number: number, Time: time.Unix(number, 0)}, Fact: fact}
}

func TestABalanceAtAnyNumberAndDateIsTheSumOfItsPostings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		views := projections.NewViews()
		balances := projections.NewBalancesAt(views)
		var events []domain.Recorded
		for range rapid.IntRange(1, 4).Draw(t, "stretches") { // asked between them, and so made and gone on from
			for range rapid.IntRange(0, 40).Draw(t, "events") {
				events = append(events, moved(t, int64(len(events)+1)))
				views.Apply(events[len(events)-1])
			}
			for range 5 {
				account := anyOf(t, "account", domain.Expenditure, domain.Payables, domain.Accruals, domain.Limit)
				f := anyOf(t, "asked fund", advanceFund, evidenceFund, "NOWHERE")
				number := rapid.Int64Range(-1, int64(len(events)+2)).Draw(t, "number")
				date := domain.Date("2019-03-01").AddDays(rapid.IntRange(0, 800).Draw(t, "date"))
				if rapid.IntRange(0, 4).Draw(t, "any date") == 0 {
					date = ""
				}
				want := naiveBalance(events, account, f, number, date)
				if got := balances.Of(account, f, number, date); got != want {
					t.Fatalf("%s of %s at %d and %q is %s, not %s", account, f, number, date, got, want)
				}
			}
		}
	})
}

// The sums by date that a balance begins with stand every few thousand postings, beyond what random histories reach.
func TestABalanceOfAnAccountWithManyPostings(t *testing.T) {
	views := projections.NewViews()
	var events []domain.Recorded
	for n := range int64(500) {
		day := domain.Date("2019-04-01").AddDays(int(n*7919) % 365)
		e := domain.JournalPosted{Reason: "many"}
		for line := range 41 { // which divides no power of two
			b := bucket(federation, north, development)
			pence := domain.Pence(1 + (n*31+int64(line)*17)%9973)
			e.Lines = append(e.Lines, domain.JournalLine{Account: domain.Expenditure, Fund: fund, Bucket: b, Debit: pence},
				domain.JournalLine{Account: domain.Payables, Fund: fund, Bucket: b, Credit: pence})
		}
		events = append(events, domain.Recorded{Stamp: domain.Stamp{Number: n + 1}, Fact: domain.Fact{Event: e, Effective: day, Period: domain.PeriodOf(day)}})
		views.Apply(events[n])
	}
	balances := projections.NewBalancesAt(views)
	for _, number := range []int64{0, 1, 99, 100, 101, 300, 499, 500, 501} { // 4,096 postings are 99.9 events
		for _, date := range []domain.Date{"", "2019-03-31", "2019-04-01", "2019-08-17", "2020-03-30", "2020-03-31"} {
			t.Run(fmt.Sprintf("at %d and %s", number, date), func(t *testing.T) {
				want := naiveBalance(events, domain.Expenditure, fund, number, date)
				if got := balances.Of(domain.Expenditure, fund, number, date); got != want {
					t.Errorf("expenditure is %s, not %s", got, want)
				}
				if got := balances.Of(domain.Payables, fund, number, date); got != -want {
					t.Errorf("payables are %s, not %s", got, -want)
				}
			})
		}
	}
}
