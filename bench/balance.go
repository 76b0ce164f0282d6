package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"

	"pcnledger/domain"
	"pcnledger/projections"
)

// In a journal of 10,000,000 postings row 9 asks an account that has 1,000,000 of them and one that has 10,000. In a smaller
// one the large account is as large a part, and the small one has as many while it is the smaller.
const (
	largePart    = 10
	smallPart    = 20
	smallAccount = 10_000

	// busyDays are the effective dates of one account: more than the two or three years in which a fund is posted to.
	busyDays = 1200

	// naiveAsked is how many of the questions of a round are also answered by adding up.
	naiveAsked = 50
)

// The funds of row 9. Half of what is posted to a fund is posted to its expenditure, which is asked for.
const (
	largeFund = domain.FundCode("LARGE")
	smallFund = domain.FundCode("SMALL")
)

// An asked is a question of row 9.
type asked struct {
	number int64
	date   domain.Date
}

// A movement is a posting as whoever has no index would keep it.
type movement struct {
	number    int64
	effective domain.Date
	pence     domain.Pence
}

// balancesAt measures row 9: the balance of one account as at any number and effective date, beside adding up the account's
// postings, and beside the same in a small account; and what that takes in memory. Its journal is made up of events that
// are folded at once: no command posts a million times to one account in the time that there is.
func (r *run) balancesAt(ctx context.Context) ([]Row, error) {
	before := heapInUse()
	views, err := r.wideJournal(ctx)
	if err != nil {
		return nil, err
	}
	balances := projections.NewBalancesAt(views)
	large, small := movementsOf(views)
	r.say("asking for balances by turns with adding up")
	var slow, quick, naive samples
	dice := rand.New(rand.NewPCG(seed, 9))
	for range r.effort.rounds {
		questions := someAsked(dice, r.effort.questions, views.Ledger.Number)
		slow = append(slow, percentile(askAll(balances, largeFund, questions), 99))
		quick = append(quick, percentile(askAll(balances, smallFund, questions), 99))
		took, err := addUpAll(balances, largeFund, large, questions[:min(naiveAsked, len(questions))])
		if err != nil {
			return nil, err
		}
		naive = append(naive, took.median())
		if _, err := addUpAll(balances, smallFund, small, questions[:min(naiveAsked, len(questions))]); err != nil {
			return nil, err
		}
	}
	rows := r.balanceRows(views.Journal.Len(), len(large), len(small), slow, quick, naive)
	large, small = nil, nil
	return append(rows, balanceMemory(views, balances, before)), nil
}

func (r *run) balanceRows(postings, large, small int, slow, quick, naive samples) []Row {
	const what = "balance of one account as at any number and effective date, p99"
	timed := Row{Row: 9, Part: "time", What: what, Figure: slow.measure("µs"), Yardstick: naive.measure("µs").named("adding up the account's postings, median"),
		Budget: Budget{Of: OfFigure, Side: AtMost, Limit: 50, Unit: "µs"},
		Note:   fmt.Sprintf("%d postings in the account, %d in the journal; %d questions", large, postings, len(slow)*r.effort.questions)}.judged()
	growth := Row{Row: 9, Part: "growth", What: what, Figure: slow.measure("µs"),
		Yardstick: quick.measure("µs").named(fmt.Sprintf("the same of an account of %d postings", small)),
		Budget:    ratioAtMost(5), Note: fmt.Sprintf("%d postings in the account", large)}.judged()
	rows := []Row{timed, growth}
	for i := range rows {
		if *rows[i].Pass && postings < fullPostings {
			rows[i].Pass = nil // a larger one may still take longer
			rows[i].Note += fmt.Sprintf("; the budget is for %s: --postings %d", number(fullPostings), fullPostings)
		}
	}
	return rows
}

// wideJournal folds events until the journal is as long as was asked for. Each is a journal of twenty postings.
func (r *run) wideJournal(ctx context.Context) (*projections.Views, error) {
	views, dice := projections.NewViews(), rand.New(rand.NewPCG(seed, 0))
	const pairs = 10
	small := 2 * min(smallAccount, max(1, r.Postings/smallPart)) // of the fund: both accounts
	for number := int64(1); views.Journal.Len() < r.Postings; number++ {
		if number%50_000 == 1 {
			r.say(fmt.Sprintf("folding %d of %d postings", views.Journal.Len(), r.Postings))
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		day := domain.Date("2019-04-01").AddDays(dice.IntN(busyDays))
		e := domain.JournalPosted{Reason: "made up", Lines: make([]domain.JournalLine, 0, 2*pairs)}
		for range pairs {
			b := domain.Bucket{Payee: body("GP", dice.IntN(500)), Beneficiary: body("PCN", dice.IntN(100)), Category: "services", For: "2019-20"}
			f, pence := wideFund(dice, r.Postings, small), domain.Pence(1+dice.IntN(1_000_000))
			e.Lines = append(e.Lines, domain.JournalLine{Account: domain.Expenditure, Fund: f, Bucket: b, Debit: pence},
				domain.JournalLine{Account: domain.Payables, Fund: f, Bucket: b, Credit: pence})
		}
		views.Apply(domain.Recorded{Stamp: domain.Stamp{Number: number, Time: time.UnixMilli(number), Actor: "bench"},
			Fact: domain.Fact{Event: e, Effective: day, Period: domain.PeriodOf(day)}})
	}
	return views, nil
}

// wideFund draws the fund of an entry, so that the large and the small one have their parts of all.
func wideFund(dice *rand.Rand, postings, small int) domain.FundCode {
	switch n := dice.IntN(postings); {
	case n < 2*postings/largePart:
		return largeFund
	case n < 2*postings/largePart+small:
		return smallFund
	}
	return domain.FundCode(fmt.Sprintf("OTHER-%02d", dice.IntN(20)))
}

// movementsOf returns the postings to the two accounts that are asked for.
func movementsOf(v *projections.Views) (large, small []movement) {
	for _, e := range v.Journal.All() {
		if e.Account != domain.Expenditure {
			continue
		}
		switch m := (movement{e.Number, e.Effective, e.Pence}); e.Fund {
		case largeFund:
			large = append(large, m)
		case smallFund:
			small = append(small, m)
		}
	}
	return large, small
}

// someAsked makes up questions: any number, any date that is posted on, and some before and after.
func someAsked(dice *rand.Rand, n int, last int64) []asked {
	questions := make([]asked, n)
	for i := range questions {
		questions[i] = asked{1 + dice.Int64N(last), domain.Date("2019-04-01").AddDays(dice.IntN(busyDays+60) - 30)}
	}
	return questions
}

// askAll returns how many microseconds each question took. The first one of an account makes its index, and is not counted.
func askAll(b *projections.BalancesAt, f domain.FundCode, questions []asked) samples {
	b.Of(domain.Expenditure, f, 1, "")
	took := make(samples, len(questions))
	for i, q := range questions {
		began := time.Now()
		b.Of(domain.Expenditure, f, q.number, q.date)
		took[i] = microseconds(time.Since(began))
	}
	return took
}

// addUpAll answers questions by adding up, and returns how many microseconds each took. Another answer is an error.
func addUpAll(b *projections.BalancesAt, f domain.FundCode, of []movement, questions []asked) (took samples, err error) {
	for _, q := range questions {
		began := time.Now()
		var sum domain.Pence
		for i := range of {
			if of[i].number <= q.number && of[i].effective <= q.date {
				sum += of[i].pence
			}
		}
		took = append(took, microseconds(time.Since(began)))
		if found := b.Of(domain.Expenditure, f, q.number, q.date); found != sum {
			return nil, fmt.Errorf("%s at %d by %s is %s, and adds up to %s", f, q.number, q.date, found, sum)
		}
	}
	return took, nil
}

// percentile returns what so many in a hundred samples do not exceed.
func percentile(of samples, p int) float64 {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[(len(sorted)-1)*p/100]
}

// balanceMemory measures what the journal takes with the index of every account there is.
func balanceMemory(views *projections.Views, balances *projections.BalancesAt, before float64) Row {
	for _, line := range views.TrialBalance.Lines() {
		balances.Of(line.Account, line.Fund, views.Ledger.Number, "")
	}
	postings := float64(views.Journal.Len())
	whole := heapInUse()
	runtime.KeepAlive(balances)
	withoutIndex := heapInUse()
	views.Journal = projections.Journal{}
	taken := samples{(whole - heapInUse()) / postings}
	runtime.KeepAlive(views)
	return Row{Row: 9, Part: "memory", What: "the journal in memory with the index of every account", Figure: taken.measure("bytes/posting"),
		Budget: Budget{Of: OfFigure, Side: AtMost, Limit: 48, Unit: "bytes/posting"},
		Note: fmt.Sprintf("the index takes %s of them; all views with it %s", number((whole-withoutIndex)/postings),
			number((whole-before)/postings))}.judged()
}
