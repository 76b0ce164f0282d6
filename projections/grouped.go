package projections

import (
	"cmp"
	"sort"
)

// grouped keeps rows under keys. It counts on the log: keys come in their order, and the rows of a key together.
type grouped[R any] struct {
	groups column[group]
	rows   column[R]
}

// A group is a key and the first of its rows; the last is before the first of the next group.
type group struct {
	key   chargeKey
	first int32
}

// A chargeKey is one charge of a payable, counted from 1; 0 is the item itself.
type chargeKey struct {
	number  int64
	line, n int32
}

func (k itemKey) charge(n int) chargeKey { return chargeKey{k.number, k.line, int32(n)} }

func (k chargeKey) item() itemKey { return itemKey{k.number, k.line} }

func (k chargeKey) compare(other chargeKey) int {
	return cmp.Or(cmp.Compare(k.number, other.number), cmp.Compare(k.line, other.line), cmp.Compare(k.n, other.n))
}

// add adds a row under the last key, or under a new one.
func (g *grouped[R]) add(key chargeKey, row R) {
	if n := g.groups.len(); n == 0 || g.groups.at(int32(n-1)).key != key {
		g.groups.add(group{key, int32(g.rows.len())})
	}
	g.rows.add(row)
}

// of returns the rows under a key.
func (g *grouped[R]) of(key chargeKey) span {
	at := sort.Search(g.groups.len(), func(i int) bool { return g.groups.at(int32(i)).key.compare(key) >= 0 })
	if at == g.groups.len() || g.groups.at(int32(at)).key != key {
		return span{}
	}
	return g.span(int32(at))
}

// span returns the rows of the group with a number.
func (g *grouped[R]) span(at int32) span {
	first, end := g.groups.at(at).first, int32(g.rows.len())
	if int(at+1) < g.groups.len() {
		end = g.groups.at(at + 1).first
	}
	return span{first, end - first}
}
