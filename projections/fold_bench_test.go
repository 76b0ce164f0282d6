package projections_test

import (
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pcnledger/domain"
	"pcnledger/projections"
)

// linesOf counts what an event has many of.
func linesOf(e domain.Event) int {
	switch e := e.(type) {
	case domain.ListSizesRecorded:
		return len(e.Lines)
	case domain.FundAllocated:
		return len(e.Lines)
	case domain.EntitlementRun:
		return len(e.Lines)
	case domain.ClaimSubmitted:
		return len(e.Lines)
	case domain.ClaimApproved:
		return len(e.Lines)
	case domain.PaymentSettled:
		return len(e.Lines)
	}
	return 1
}

// A stretch is events of one kind, one after another, all with few lines or all with many, as they are stored.
type stretch struct {
	metric string // what its time is reported as
	count  int    // of events, or of lines where they are many
	events []stored
}

// stretches cuts a history where the kind of event changes, or few lines become many.
func stretches(events []domain.Recorded) []stretch {
	var all []stretch
	for _, r := range events {
		metric, count := domain.EventKindOf(r.Event).Name+"-ns/event", 1
		if lines := linesOf(r.Event); lines > 100 {
			metric, count = domain.EventKindOf(r.Event).Name+"-ns/line", lines
		}
		if n := len(all); n == 0 || all[n-1].metric != metric {
			all = append(all, stretch{metric: metric})
		}
		last := &all[len(all)-1]
		last.count += count
		last.events = append(last.events, store(r))
	}
	return all
}

func aYear() []domain.Recorded {
	c := newCountry()
	c.funds()
	c.year()
	return c.events
}

// BenchmarkFold folds a year of 1,300 networks into all views; decoding is not in the figures. It reports the nanoseconds
// of an average event, of an event of each kind, and of a line where events have more than a hundred: each in the pass in
// which it was fastest, for other passes were disturbed.
func BenchmarkFold(b *testing.B) {
	kinds := stretches(aYear())
	best := map[string]float64{}
	postings := 0
	for b.Loop() {
		views := projections.NewViews()
		for metric, ns := range foldByKind(views, kinds) {
			if known, ok := best[metric]; !ok || ns < known {
				best[metric] = ns
			}
		}
		postings = views.Journal.Len()
	}
	b.ReportMetric(0, "ns/op") // has the decoding in it
	b.ReportMetric(float64(postings), "postings")
	for metric, ns := range best {
		b.ReportMetric(ns, metric)
	}
}

// foldByKind returns how long one event, or one line, of each kind took. Events are decoded some at a time, as a reader of
// the log does, and folded before they have left the processor's caches.
func foldByKind(views *projections.Views, kinds []stretch) map[string]float64 {
	const together = 256
	times, counts := map[string]time.Duration{}, map[string]int{}
	for _, s := range kinds {
		for some := range slices.Chunk(s.events, together) {
			events := read(some)
			start := time.Now()
			for i := range events {
				views.Apply(events[i])
			}
			spent := time.Since(start)
			times[s.metric] += spent
			times["ns/event"] += spent
		}
		counts[s.metric] += s.count
		counts["ns/event"] += len(s.events)
	}
	each := map[string]float64{}
	for metric, spent := range times {
		each[metric] = float64(spent.Nanoseconds()) / float64(counts[metric])
	}
	return each
}

// BenchmarkMemoryOfAYear reports what all views of a year of 1,300 networks keep on the heap, and the journal of it.
func BenchmarkMemoryOfAYear(b *testing.B) {
	for range b.N {
		views := projections.NewViews()
		for _, s := range stretches(aYear()) {
			for _, r := range read(s.events) {
				views.Apply(r)
			}
		}
		reportMemory(b, views)
	}
}

// BenchmarkMemoryOfTenMillionPostings is the same of ten million postings in small events: each release, payment and
// spend of a network is an event of its own with a text of its own.
func BenchmarkMemoryOfTenMillionPostings(b *testing.B) {
	for range b.N { // not b.Loop, which would keep the views alive
		reportMemory(b, manyAdvances(10_000_000))
	}
}

// manyAdvances decides one round of advances, and tells it again and again: each round stands alone, and the allocations
// are enough for all.
func manyAdvances(postings int) *projections.Views {
	c := newCountry()
	c.funds()
	before := len(c.events)
	c.advances(0)
	views := fold(c.events)
	number, rounds := int64(len(c.events)), c.events[before:]
	for round := 1; views.Journal.Len() < postings; round++ {
		for _, r := range rounds {
			number++
			r.Number = number
			r.Event = toldAgain(r.Event, number, int64(round*len(rounds)))
			views.Apply(r)
		}
	}
	return views
}

// toldAgain returns an event of an advance with texts of its own, and the item that is so many numbers later.
func toldAgain(e domain.Event, number, later int64) domain.Event {
	switch e := e.(type) {
	case domain.FundsReleased:
		e.Reason = fmt.Sprintf("mobilisation %d", number)
		return e
	case domain.SpendRecorded:
		e.Reference = fmt.Sprintf("return %d", number)
		return e
	case domain.PaymentSettled:
		line := e.Lines[0]
		released, _, _ := strings.Cut(string(line.Item), ".")
		first, err := strconv.ParseInt(released, 10, 64)
		if err != nil {
			panic(err)
		}
		line.Item = oneItem(first + later)
		return domain.PaymentSettled{Reference: fmt.Sprintf("BACS %d", number), Lines: []domain.SettledLine{line}}
	}
	panic("no event of an advance")
}

// reportMemory reports the heap that views keep, and what is left of it when only the journal is kept.
func reportMemory(b *testing.B, views *projections.Views) {
	b.Helper()
	postings := float64(views.Journal.Len())
	all := heapInUse()
	journal := views.Journal
	views = nil
	alone := heapInUse()
	runtime.KeepAlive(&journal)
	journal = projections.Journal{}
	none := heapInUse()
	b.ReportMetric(postings, "postings")
	b.ReportMetric(float64(all-none)/postings, "views-B/posting")
	b.ReportMetric(float64(alone-none)/postings, "journal-B/posting")
}
