package projections

import "math/bits"

// A table numbers keys in the order in which they were first met, from 0, and keeps a value for each.
type table[K tableKey, V any] struct {
	rows  column[tableRow[K, V]]
	index index
}

// A tableRow has a key and its value side by side: who looks one up wants the other.
type tableRow[K tableKey, V any] struct {
	key   K
	value V
}

// A tableKey holds no pointer and no text. Its hash is the same in every run, for snapshots keep tables as they are.
type tableKey interface {
	comparable
	hash() uint32
}

// find returns the number of a key, if it was met.
func (t *table[K, V]) find(key K) (number int32, met bool) {
	return t.index.find(key.hash(), func(number int32) bool { return t.rows.at(number).key == key })
}

// number returns the number of a key; if it was not met before, a new one with a zero value.
func (t *table[K, V]) number(key K) int32 {
	hash := key.hash()
	number, met := t.index.find(hash, func(number int32) bool { return t.rows.at(number).key == key })
	if !met {
		number = t.rows.add(tableRow[K, V]{key: key})
		t.index.add(hash, number)
	}
	return number
}

// at returns the value of a key, to be read or changed until the next key is added.
func (t *table[K, V]) at(number int32) *V { return &t.rows.at(number).value }

func (t *table[K, V]) key(number int32) K { return t.rows.at(number).key }
func (t *table[K, V]) len() int           { return t.rows.len() }

// An index finds the number of a row by the hash of its key. It does not hold the keys: who asks is shown the rows with
// that hash. It is a list and no map, for a map of pointers to texts is what made folding slow and memory large.
type index struct {
	slots []slot // as many as a power of two; the row of a hash is in slot hash, or in the next that is free
	used  int
}

// A slot holds a row and the hash of its key. Rows count from 1 here; 0 is a free slot.
type slot struct{ hash, row uint32 }

// find returns the row with a hash that is the one looked for.
func (x *index) find(hash uint32, is func(row int32) bool) (row int32, found bool) {
	if len(x.slots) == 0 {
		return 0, false
	}
	mask := uint32(len(x.slots) - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		s := x.slots[at]
		if s.row == 0 {
			return 0, false
		}
		if s.hash == hash && is(int32(s.row-1)) {
			return int32(s.row - 1), true
		}
	}
}

// add adds a row that was not found.
func (x *index) add(hash uint32, row int32) {
	if 4*(x.used+1) > 3*len(x.slots) {
		x.grow()
	}
	x.used++
	x.put(slot{hash, uint32(row + 1)})
}

func (x *index) put(s slot) {
	mask := uint32(len(x.slots) - 1)
	at := s.hash & mask
	for x.slots[at].row != 0 {
		at = (at + 1) & mask
	}
	x.slots[at] = s
}

func (x *index) grow() {
	before := x.slots
	x.slots = make([]slot, max(8, 2*len(before)))
	for _, s := range before {
		if s.row != 0 {
			x.put(s)
		}
	}
}

// mix folds one more number into a hash. Multiplying to 128 bits and folding them, as wyhash does, spreads every bit.
func mix(hash, number uint64) uint64 {
	high, low := bits.Mul64(hash^0x9e3779b97f4a7c15, number^0xd1b54a32d192ed03)
	return high ^ low
}

// pair puts two words into one number, to be mixed.
func pair(a, b word) uint64 { return uint64(uint32(a)) | uint64(uint32(b))<<32 }

func hashNumber(number int64) uint32 { return uint32(mix(0, uint64(number))) }

// hashText folds a text into a hash, eight bytes at a time; the last eight may overlap those before.
func hashText(text string) uint32 {
	hash := uint64(len(text))
	if len(text) < 8 {
		var few uint64
		for i := range len(text) {
			few = few<<8 | uint64(text[i])
		}
		return uint32(mix(hash, few))
	}
	for at := 0; at < len(text)-8; at += 8 {
		hash = mix(hash, eightBytes(text[at:]))
	}
	return uint32(mix(hash, eightBytes(text[len(text)-8:])))
}

func eightBytes(text string) uint64 {
	_ = text[7]
	return uint64(text[0]) | uint64(text[1])<<8 | uint64(text[2])<<16 | uint64(text[3])<<24 |
		uint64(text[4])<<32 | uint64(text[5])<<40 | uint64(text[6])<<48 | uint64(text[7])<<56
}
