package projections

import "iter"

// A column is a list of rows that may grow to tens of millions. It grows in chunks: it is never copied to grow, and it
// wastes less than one chunk. The first chunk grows as it is filled, for most ledgers are small.
//
// Rows hold no pointers, so that the collector passes over them and a snapshot keeps them as they stand in memory.
type column[T any] struct {
	chunks [][]T
}

// A chunk has 8,192 rows.
const (
	chunkBits = 13
	chunkLen  = 1 << chunkBits
)

// add appends a row and returns its number, from 0.
func (c *column[T]) add(row T) int32 {
	last := len(c.chunks) - 1
	if last < 0 || len(c.chunks[last]) >= chunkLen {
		last++
		c.begin()
	}
	c.chunks[last] = append(c.chunks[last], row)
	return int32(last<<chunkBits + len(c.chunks[last]) - 1)
}

func (c *column[T]) begin() {
	var chunk []T
	if len(c.chunks) > 0 {
		chunk = make([]T, 0, chunkLen)
	}
	c.chunks = append(c.chunks, chunk)
}

// at returns a row, to be read or changed until the next is added.
func (c *column[T]) at(row int32) *T { return &c.chunks[row>>chunkBits][row&(chunkLen-1)] }

func (c *column[T]) len() int {
	last := len(c.chunks) - 1
	if last < 0 {
		return 0
	}
	return last<<chunkBits + len(c.chunks[last])
}

// A span is rows of a column that stand together.
type span struct{ first, n int32 }

// since returns the rows that were added to a column since it had so many.
func (c *column[T]) since(length int) span { return span{int32(length), int32(c.len() - length)} }

// rows ranges over the numbers of the rows.
func (s span) rows() iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for row := s.first; row < s.first+s.n; row++ {
			if !yield(row) {
				return
			}
		}
	}
}

// A chain is rows of a column that do not stand together: each names the next. Rows count from 1 here; 0 is none.
type chain struct{ first, last int32 }
