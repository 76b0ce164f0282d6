package proof

import (
	"errors"
	"fmt"
	"slices"
)

// Leaves calls each with the hash of every leaf of a log, in order, until each returns an error, which it then returns,
// wrapped or not. A proof reads a log through at most once; the log need not fit in memory.
type Leaves func(each func(Hash) error) error

// errEnough stops the reading of leaves when all that is needed is known.
var errEnough = errors.New("enough leaves were read")

// ReadHashes returns the hashes of parts of the tree by the indexes that package tlog gives them, in one pass over the log.
// It keeps those and the frontier, and nothing else. With it, Leaves is a [tlog.HashReader].
func (l Leaves) ReadHashes(indexes []int64) ([]Hash, error) {
	wanted := slices.Compact(slices.Sorted(slices.Values(indexes)))
	found := make([]Hash, 0, len(wanted))
	var tree Tree
	var index int64 // of the next hash; tlog counts them in the order in which they become known
	keep := func(h Hash) {
		if len(found) < len(wanted) && wanted[len(found)] == index {
			found = append(found, h)
		}
		index++
	}
	err := l(func(leaf Hash) error {
		if len(found) == len(wanted) {
			return errEnough
		}
		tree.add(leaf, keep)
		return nil
	})
	switch {
	case err != nil && !errors.Is(err, errEnough):
		return nil, err
	case len(found) < len(wanted):
		return nil, fmt.Errorf("the log has only %d events", tree.size)
	}
	hashes := make([]Hash, len(indexes))
	for i, index := range indexes {
		place, _ := slices.BinarySearch(wanted, index)
		hashes[i] = found[place]
	}
	return hashes, nil
}
