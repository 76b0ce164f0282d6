package archive

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"

	"math/rand/v2"
	"strings"
	"sync"
	"testing"
)

// The shapes of logs that are measured: many small commits, and fewer that carry many lines.
var shapes = []struct {
	name    string
	commits int
	lines   int // of a claim, in each commit; 0 for an event without
}{
	{"small", 100_000, 0},
	{"bulk", 2_000, 200},
}

// randomLog is a log of one-event commits with the entropy that real ones have: ids, hashes, roots and signatures.
func randomLog(count, lines int) testLog {
	r := rand.New(rand.NewPCG(1, 2))
	bytesOf := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		return b
	}
	hexOf := func(n int) string { return hex.EncodeToString(bytesOf(n)) }
	base64Of := func(n int) string { return base64.StdEncoding.EncodeToString(bytesOf(n)) }
	l := make(testLog, count)
	for i := range l {
		n := i + 1
		data := fmt.Sprintf(`{"fund":"NR-PCN-2018","lines":[{"payee":"local:OCA%d","for":"2018-19","pence":%d}]}`, r.IntN(90), r.IntN(9_000_000))
		if lines > 0 {
			var claims []string
			for range lines {
				claims = append(claims, fmt.Sprintf(`{"payee":"ods:U%05d","beneficiary":"ods:U%05d","category":"pharmacist","for":"2019-20/M%02d","pence":%d}`,
					r.IntN(1300), r.IntN(1300), 1+r.IntN(12), r.IntN(900_000)))
			}
			data = `{"fund":"ARRS-2019","lines":[` + strings.Join(claims, ",") + `]}`
		}
		line := fmt.Sprintf(`{"specversion":"1.0","id":"%s/1","source":"urn:pcnledger:oxfordshire","type":"FundAllocated","dataschema":"urn:pcnledger:FundAllocated:1",`+
			`"subject":"fund/NR-PCN-2018","time":"2019-01-15T10:%02d:%02d.%03dZ","datacontenttype":"application/json","number":%d,"commit":%d,"of":1,"commandid":"%[1]s",`+
			`"commandhash":"%[7]s","actor":"os:ann","auth":"os-login","effectivedate":"2019-01-15","period":"2018-19/M10","data":%[8]s}`,
			hexOf(16), i/60_000%60, i/1000%60, i%1000, n, n, hexOf(32), data)
		l[i] = Commit{First: int64(n), Events: 1, Body: []byte("[\n" + line + "\n]"), Root: base64Of(32), Signatures: []string{hexOf(4) + ":" + base64Of(64)}}
	}
	return l
}

// measure reports what a benchmark handles each second.
func measure(b *testing.B, l testLog, lines int) {
	size := 0
	for _, c := range l {
		size += len(c.Body)
	}
	b.SetBytes(int64(size))
	b.ReportMetric(float64(len(l)*max(lines, 1)*b.N)/b.Elapsed().Seconds(), "lines/s")
}

func BenchmarkWrite(b *testing.B) {
	for _, s := range shapes {
		b.Run(s.name, func(b *testing.B) {
			l := randomLog(s.commits, s.lines)
			var dir string
			for b.Loop() {
				dir = b.TempDir()
				check(b, l.backup(disk{dir: dir}))
			}
			measure(b, l, s.lines)
			a, err := Open(dir)
			check(b, err)
			raw, compressed := a.Size()
			b.ReportMetric(float64(raw)/float64(compressed), "ratio")
		})
	}
}

func BenchmarkRead(b *testing.B) {
	for _, s := range shapes {
		l := randomLog(s.commits, s.lines)
		dir := b.TempDir()
		check(b, l.backup(disk{dir: dir}))
		for _, way := range []struct {
			name string
			read func(*Archive) error
		}{
			{"Commits", func(a *Archive) error { return a.Commits(b.Context(), 1, func(Commit) error { return nil }) }},
			{"Segments", func(a *Archive) error { return a.Segments(b.Context(), 1, bodiesOnly) }},
			{"Workers", func(a *Archive) error { return inWorkers(a, 2) }},
		} {
			b.Run(s.name+"/"+way.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					a, err := Open(dir)
					check(b, err)
					check(b, way.read(a))
				}
				measure(b, l, s.lines)
			})
		}
	}
}

func bodiesOnly(s *Segment) error {
	defer s.Release()
	return s.Bodies(func(int64, int, []byte) error { return nil })
}

// inWorkers reads the bodies as a rebuild does: segments are taken apart by several goroutines.
func inWorkers(a *Archive, count int) error {
	work := make(chan *Segment, count)
	faults := make(chan error, count)
	var workers sync.WaitGroup
	for range count {
		workers.Go(func() {
			var fault error
			for s := range work {
				if err := bodiesOnly(s); err != nil {
					fault = err
				}
			}
			faults <- fault
		})
	}
	err := a.Segments(context.Background(), 1, func(s *Segment) error { work <- s; return nil })
	close(work)
	workers.Wait()
	for range count {
		if fault := <-faults; fault != nil {
			err = fault
		}
	}
	return err
}
