package ledger

import (
	"fmt"
	"sync"
	"testing"

	"pcnledger/domain"
)

func benchmarkLedger(b *testing.B) *Ledger {
	o := Options{Dir: b.TempDir(), Name: "test", Actor: "finance"}
	if _, err := Create(b.Context(), o, testLedger(domain.KindLive), nil); err != nil {
		b.Fatal(err)
	}
	l, err := Open(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.Close() })
	return l
}

// BenchmarkSubmit has so many callers submit one command after another, each awaited and on disk.
func BenchmarkSubmit(b *testing.B) {
	for _, callers := range []int{1, 8, 64} {
		b.Run(fmt.Sprint(callers), func(b *testing.B) {
			l := benchmarkLedger(b)
			var group sync.WaitGroup
			b.ResetTimer()
			for c := range callers {
				group.Go(func() {
					for n := c; n < b.N; n += callers {
						if _, err := l.Submit(b.Context(), register(n)); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			group.Wait()
		})
	}
}

// BenchmarkSubmitTogether has one caller submit a thousand commands at once.
func BenchmarkSubmitTogether(b *testing.B) {
	l := benchmarkLedger(b)
	n := 0
	for b.Loop() {
		commands := make([]Command, 1000)
		for i := range commands {
			commands[i] = register(n)
			n++
		}
		if _, err := l.Submit(b.Context(), commands...); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/command")
}
