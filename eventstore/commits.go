package eventstore

import (
	"encoding/binary"
	"errors"
	"sort"
)

// commitIndex knows how many events each commit has, and so the first number of each.
type commitIndex struct {
	lengths []byte   // of the commits at sequence 1, 2, 3 …, each as a uvarint
	anchors []anchor // of every anchorEvery-th commit, the first among them
	count   int
	next    int64 // the first number of the commit to come
}

// anchor is where a commit stands.
type anchor struct {
	first  int64 // number
	offset int   // of its length
}

// anchorEvery bounds how many lengths are added up to find a commit: as many as take about as long as to find the anchor.
const anchorEvery = 64

// add takes in the commit that follows the last one.
func (x *commitIndex) add(first int64, events int) {
	if x.count%anchorEvery == 0 {
		x.anchors = append(x.anchors, anchor{first, len(x.lengths)})
	}
	x.lengths = binary.AppendUvarint(x.lengths, uint64(events))
	x.count++
	x.next = first + int64(events)
}

// sequence returns the sequence of the last commit that begins at number or before it; 0 if none does.
func (x *commitIndex) sequence(number int64) uint64 {
	i := sort.Search(len(x.anchors), func(i int) bool { return x.anchors[i].first > number }) - 1
	if i < 0 {
		return 0
	}
	first, at, sequence := x.anchors[i].first, x.anchors[i].offset, i*anchorEvery
	for at < len(x.lengths) && first <= number {
		length, size := binary.Uvarint(x.lengths[at:])
		first, at = first+int64(length), at+size
		sequence++
	}
	return uint64(sequence)
}

// first returns the first number of the commit at a sequence, which must be there.
func (x *commitIndex) first(sequence uint64) int64 {
	i := int(sequence - 1)
	a := x.anchors[i/anchorEvery]
	for range i % anchorEvery {
		length, size := binary.Uvarint(x.lengths[a.offset:])
		a.first, a.offset = a.first+int64(length), a.offset+size
	}
	return a.first
}

var errCommits = errors.New("the lengths of commits cannot be read")

// commitIndexOf reads lengths as they were written.
func commitIndexOf(lengths []byte) (commitIndex, error) {
	x := commitIndex{lengths: lengths, next: 1}
	for at := 0; at < len(lengths); {
		length, size := binary.Uvarint(lengths[at:])
		if size <= 0 || length == 0 || length > MaxCommit {
			return commitIndex{}, errCommits
		}
		if x.count%anchorEvery == 0 {
			x.anchors = append(x.anchors, anchor{x.next, at})
		}
		x.next += int64(length)
		x.count++
		at += size
	}
	return x, nil
}
