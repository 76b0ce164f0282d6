package proof

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Consistency proves, without the log, that the tree of a signed checkpoint begins with all of an earlier tree: nothing was
// changed, removed or put in between. Its text is what a witness is asked with.
type Consistency struct {
	Old  int64  // size of the earlier tree; 0 for a witness that saw none
	Path []Hash // of the subtrees that the two trees are made of; none if Old is 0 or the size of the later tree
	Note []byte // the later tree's signed checkpoint
}

// ProveConsistency returns the path that proves that the tree of the size begins with the tree of the old size.
func ProveConsistency(leaves Leaves, old, size int64) ([]Hash, error) {
	if old < 0 || old > size || size > maxSize {
		return nil, fmt.Errorf("prove that the log of %d events continues that of %d: that cannot be", size, old)
	}
	if old == 0 {
		return nil, nil
	}
	path, err := tlog.ProveTree(size, old, leaves)
	if err != nil {
		return nil, fmt.Errorf("prove that the log of %d events continues that of %d: %w", size, old, err)
	}
	return path, nil
}

// ErrInconsistent: the path does not prove that the later tree begins with the earlier.
var ErrInconsistent = errors.New("the later tree is not proved to begin with the earlier")

// CheckConsistency reports, as [ErrInconsistent], that path does not prove that the tree of later begins with the tree of
// earlier. It looks at sizes and roots alone: a tree goes on through the generations of a ledger, each of its own origin.
func CheckConsistency(earlier, later Checkpoint, path []Hash) error {
	proved := earlier.checkTree() == nil && later.checkTree() == nil
	if earlier.Size == 0 {
		// Every tree begins with the empty one: there is nothing to prove, and so nothing for a path to say.
		proved = proved && len(path) == 0
	} else {
		proved = proved && tlog.CheckTree(path, later.Size, later.Root, earlier.Size, earlier.Root) == nil
	}
	if !proved {
		return fmt.Errorf("%w: %d events with root %s, then %d with root %s", ErrInconsistent,
			earlier.Size, earlier.Root, later.Size, later.Root)
	}
	return nil
}

// Check returns the later checkpoint, if it is signed as [OpenNote] demands, is of the same ledger as the earlier, and its
// tree begins with that of the earlier. That the earlier checkpoint is genuine is for the caller to know. Checkpoints of two
// generations may be compared; to demand one generation, compare their origins.
func (c Consistency) Check(earlier Checkpoint, keys []PublicKey, witnesses []WitnessKey) (Note, error) {
	later, err := OpenNote(c.Note, keys, witnesses)
	switch {
	case err != nil:
		return Note{}, err
	case later.Ledger() != earlier.Ledger():
		return Note{}, fmt.Errorf("checkpoints of two ledgers: %s and %s", earlier.Origin, later.Origin)
	case c.Old != earlier.Size:
		return Note{}, fmt.Errorf("the proof begins at %d events, the earlier checkpoint has %d", c.Old, earlier.Size)
	}
	if err := CheckConsistency(earlier, later.Checkpoint, c.Path); err != nil {
		return Note{}, err
	}
	return later, nil
}

const oldPrefix = "old "

// Text returns the proof as the body of an add-checkpoint request of c2sp.org/tlog-witness.
func (c Consistency) Text() []byte {
	text := appendPath([]byte(oldPrefix+strconv.FormatInt(c.Old, 10)+"\n"), c.Path)
	return append(append(text, '\n'), c.Note...)
}

// ParseConsistency reads what Text returned. It does not check the proof.
func ParseConsistency(text []byte) (Consistency, error) {
	c, err := parseConsistency(text)
	if err != nil {
		return Consistency{}, fmt.Errorf("this is not a proof of consistency: %w", err)
	}
	return c, nil
}

func parseConsistency(text []byte) (c Consistency, err error) {
	lines, signed, err := splitProof(text)
	if err != nil {
		return c, err
	}
	old, hasOld := strings.CutPrefix(lines[0], oldPrefix)
	if !hasOld {
		return c, errors.New("its first line is not the earlier size (old …)")
	}
	if c.Old, err = parseSize(old); err != nil {
		return c, err
	}
	c.Note = signed
	c.Path, err = parsePath(lines[1:])
	return c, err
}
