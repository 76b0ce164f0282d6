package eventstore

import (
	"fmt"
	"testing"
)

// benchmarkLog is a signed log of so many commits of one event, closed. It was written without syncing each.
func benchmarkLog(b *testing.B, commits int) Options {
	o := options(b.TempDir())
	o.lazySync = true
	l, _, err := Create(b.Context(), o, signedFounding())
	check(b, err)
	for range commits {
		appendOne(b, l, fmt.Sprint("c-", l.Next()), 1)
	}
	check(b, l.Close())
	o.lazySync = false
	return o
}

const benchmarkCommits = 5000

func perCommit(b *testing.B) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchmarkCommits, "ns/commit")
}

func BenchmarkOpeningFromTheFiles(b *testing.B) {
	o := benchmarkLog(b, benchmarkCommits)
	for b.Loop() {
		l, err := Open(b.Context(), o)
		check(b, err)
		check(b, l.Close())
	}
	perCommit(b)
}

func BenchmarkFoldingThroughTheServer(b *testing.B) {
	l := open(b, benchmarkLog(b, benchmarkCommits))
	for b.Loop() {
		_, err := l.Refold(b.Context(), Fold{})
		check(b, err)
	}
	perCommit(b)
}

func BenchmarkVerify(b *testing.B) {
	l := open(b, benchmarkLog(b, benchmarkCommits))
	for b.Loop() {
		_, err := l.Verify(b.Context(), 1, nil)
		check(b, err)
	}
	perCommit(b)
}

func BenchmarkCompose(b *testing.B) {
	l, _, err := Create(b.Context(), options(b.TempDir()), signedFounding())
	check(b, err)
	defer l.Close()
	for _, events := range []int{1, 100} {
		var entries []Entry
		for i := range events {
			entries = append(entries, entry(fmt.Sprint("c-", i)))
		}
		b.Run(fmt.Sprint(events), func(b *testing.B) {
			for b.Loop() {
				_, err := l.Compose(entries, nil)
				check(b, err)
			}
		})
	}
}

func BenchmarkAppendSynced(b *testing.B) {
	l, _, err := Create(b.Context(), options(b.TempDir()), signedFounding())
	check(b, err)
	defer l.Close()
	for b.Loop() {
		appendOne(b, l, fmt.Sprint("c-", l.Next()), 1)
	}
}
