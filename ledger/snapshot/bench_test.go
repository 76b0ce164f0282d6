package snapshot

//lint:file-ignore U1000 the fields of the types here are met by reflection alone

import (
	"bytes"
	"fmt"
	"io"
	"testing"
)

// column holds one figure of every posting, in chunks.
type column struct{ chunks []*[1 << 16]int64 }

// columns are a journal of postings as a view might hold it: figures and interned tuples in columns, and the postings of
// each account.
type columns struct {
	pence, number  column
	account, dates []int32
	rows           [][]int32
	tuples         []tuple
	index          map[string]int32
}

type tuple struct {
	payee, beneficiary, category, fund, period string
	year                                       int16
}

const postings = 10_000_000

func manyPostings() *columns {
	c := &columns{index: map[string]int32{}}
	for range postings >> 16 {
		c.pence.chunks = append(c.pence.chunks, new([1 << 16]int64))
		c.number.chunks = append(c.number.chunks, new([1 << 16]int64))
	}
	for i, chunk := range c.pence.chunks {
		for j := range chunk {
			chunk[j] = int64(i * j)
		}
	}
	c.account, c.dates = make([]int32, postings), make([]int32, postings)
	for i := range 20_000 {
		code := fmt.Sprintf("ods:U%05d", i)
		c.index[code] = int32(i)
		c.rows = append(c.rows, make([]int32, postings/20_000))
		c.tuples = append(c.tuples, tuple{code, fmt.Sprintf("ods:P%05d", i%1300), "access", "NR-PCN-2018", "2018-19/M04", 2018})
	}
	return c
}

// items is what does not lie flat: objects in a map, with strings and slices of their own.
type items struct{ all map[string]*item }

type item struct {
	id, fund, payee, beneficiary string
	pence                        int64
	parts                        []part
	open                         bool
}

type part struct {
	year  string
	pence int64
}

func manyItems(n int) *items {
	v := &items{map[string]*item{}}
	for i := range n {
		id := fmt.Sprintf("%d.1", i+1)
		v.all[id] = &item{id, "NR-PCN-2018", fmt.Sprintf("ods:U%05d", i%1300), fmt.Sprintf("ods:P%05d", i%1300), int64(i), []part{{"2018-19", int64(i)}}, true}
	}
	return v
}

func benchmarkCodec[T any](b *testing.B, v *T, unit string, units int) {
	c := codec[T](b)
	written := encoded(b, c, v)
	b.Run("encode", func(b *testing.B) {
		b.SetBytes(int64(len(written)))
		for b.Loop() {
			if err := c.Encode(io.Discard, v); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(units), "ns/"+unit)
	})
	b.Run("copy it plainly", func(b *testing.B) {
		b.SetBytes(int64(len(written)))
		for b.Loop() {
			bytes.Clone(written)
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.SetBytes(int64(len(written)))
		for b.Loop() {
			if _, err := c.Decode(bytes.NewReader(written), int64(len(written))); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(units), "ns/"+unit)
		b.ReportMetric(float64(len(written))/float64(units), "bytes/"+unit)
	})
}

func BenchmarkTenMillionPostingsInColumns(b *testing.B) {
	benchmarkCodec(b, manyPostings(), "posting", postings)
}

func BenchmarkItems(b *testing.B) {
	const n = 500_000
	benchmarkCodec(b, manyItems(n), "item", n)
}
