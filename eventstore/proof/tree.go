package proof

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// Tree is the frontier of an RFC 6962 Merkle tree: as much as is needed to add leaves and to know the root, and no leaf. The
// zero Tree is empty. It is not safe for concurrent use.
type Tree struct {
	size int64

	// full[i] is the root of a complete subtree of 2^i leaves if bit i of size is set, and stale otherwise. The subtrees
	// stand in the tree from left to right as the set bits do.
	full [62]Hash
}

// Add appends a leaf, given as [LeafHash] returns it. It hashes one inner node a leaf on average, and allocates nothing.
func (t *Tree) Add(leaf Hash) { t.add(leaf, nil) }

// add calls each, unless it is nil, with the leaf and with the root of every complete subtree that the leaf completes, from
// the smallest to the largest.
func (t *Tree) add(leaf Hash, each func(Hash)) {
	root := leaf
	if each != nil {
		each(root)
	}
	level := bits.TrailingZeros64(^uint64(t.size))
	for i := range level {
		root = tlog.NodeHash(t.full[i], root)
		if each != nil {
			each(root)
		}
	}
	t.full[level] = root
	t.size++
}

// Size returns how many leaves were added: the number of the last event.
func (t *Tree) Size() int64 { return t.size }

// Root returns the hash of the whole tree. It hashes one node less than there are set bits in the size, so asking for it
// after every leaf costs several times what adding the leaf does.
func (t *Tree) Root() Hash {
	if t.size == 0 {
		return EmptyRoot()
	}
	rest := uint64(t.size)
	root := t.full[bits.TrailingZeros64(rest)]
	for rest &= rest - 1; rest != 0; rest &= rest - 1 {
		root = tlog.NodeHash(t.full[bits.TrailingZeros64(rest)], root)
	}
	return root
}

// Clone returns a tree that grows apart from t.
func (t *Tree) Clone() Tree { return *t }

// MarshalBinary returns the size, eight bytes big-endian, and the roots of the complete subtrees from the largest to the
// smallest. It never fails.
func (t *Tree) MarshalBinary() ([]byte, error) {
	out := binary.BigEndian.AppendUint64(nil, uint64(t.size))
	for level := len(t.full) - 1; level >= 0; level-- {
		if t.size>>level&1 == 1 {
			out = append(out, t.full[level][:]...)
		}
	}
	return out, nil
}

// UnmarshalBinary makes t the tree that MarshalBinary wrote. It sees that the length is right, not that the hashes are:
// compare the root with one that is signed. After an error t is as before.
func (t *Tree) UnmarshalBinary(in []byte) error {
	if len(in) < 8 {
		return fmt.Errorf("a tree of %d bytes", len(in))
	}
	size, hashes := binary.BigEndian.Uint64(in), in[8:]
	if size > maxSize || len(hashes) != bits.OnesCount64(size)*tlog.HashSize {
		return fmt.Errorf("a tree of %d leaves does not take %d bytes", size, len(in))
	}
	read := Tree{size: int64(size)}
	for level := len(read.full) - 1; level >= 0; level-- {
		if read.size>>level&1 == 1 {
			hashes = hashes[copy(read.full[level][:], hashes):]
		}
	}
	*t = read
	return nil
}
