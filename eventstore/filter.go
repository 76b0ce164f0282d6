package eventstore

import (
	"encoding/binary"
	"math/bits"
)

// A filter says of most keys that it does not hold that it does not; of about one in 170 it cannot tell. It is a Bloom
// filter whose bits for one key lie in one cache line. The lines are in the order of the keys, so that keys that come
// sorted fill it from one end to the other.
type filter []filterLine

type filterLine [filterLineBits / 64]uint64

const (
	filterLineBits = 512
	filterBits     = 12 // for each key
	filterMarks    = 6  // that a key makes in its line
	markBits       = 9  // of the key that say where a mark is
)

// filterFor makes a filter for so many keys.
func filterFor(keys int64) filter { return make(filter, filterLines(keys)) }

func filterLines(keys int64) int64 { return keys*filterBits/filterLineBits + 1 }

func (f filter) line(key commandKey) *filterLine {
	at, _ := bits.Mul64(key.high, uint64(len(f)))
	return &f[at]
}

func (f filter) add(key commandKey) {
	line := f.line(key)
	for i := range filterMarks {
		mark := key.low >> (i * markBits) % filterLineBits
		line[mark/64] |= 1 << (mark % 64)
	}
}

func (f filter) mayHold(key commandKey) bool {
	line := f.line(key)
	for i := range filterMarks {
		mark := key.low >> (i * markBits) % filterLineBits
		if line[mark/64]&(1<<(mark%64)) == 0 {
			return false
		}
	}
	return true
}

func (f filter) append(to []byte) []byte {
	for i := range f {
		for _, word := range f[i] {
			to = binary.LittleEndian.AppendUint64(to, word)
		}
	}
	return to
}

// filterOf reads the filter of so many keys as append wrote it, or returns nil if it is none.
func filterOf(content []byte, keys int64) filter {
	if int64(len(content)) != filterLines(keys)*filterLineBits/8 {
		return nil
	}
	f := filterFor(keys)
	for i := range f {
		for j := range f[i] {
			f[i][j] = binary.LittleEndian.Uint64(content)
			content = content[8:]
		}
	}
	return f
}
