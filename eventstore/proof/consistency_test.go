package proof

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	merkle "github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"pgregory.net/rapid"
)

func TestAnIndependentImplementationAcceptsConsistencyProofs(t *testing.T) {
	log := numbered(3000)
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int64Range(1, int64(len(log))).Draw(t, "size")
		old := rapid.Int64Range(0, size).Draw(t, "old")
		path, err := ProveConsistency(leavesOfHashes(log), old, size)
		if err != nil {
			t.Fatal(err)
		}
		before, after := rootOf(log[:old]), rootOf(log[:size])
		if err := merkle.VerifyConsistency(rfc6962.DefaultHasher, uint64(old), uint64(size), slicesOf(path), before[:], after[:]); err != nil {
			t.Fatalf("from %d to %d: %v", old, size, err)
		}
		earlier, later := Checkpoint{Size: old, Root: before}, Checkpoint{Size: size, Root: after}
		if err := CheckConsistency(earlier, later, path); err != nil {
			t.Fatalf("from %d to %d: %v", old, size, err)
		}
	})
}

// What one checker refuses, the other must: a proof is changed at random, and both are asked.
func TestBothImplementationsRefuseTheSameConsistencyProofs(t *testing.T) {
	log := numbered(300)
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int64Range(1, int64(len(log))).Draw(t, "size")
		old := rapid.Int64Range(1, size).Draw(t, "old")
		path, err := ProveConsistency(leavesOfHashes(log), old, size)
		if err != nil {
			t.Fatal(err)
		}
		earlier, later := Checkpoint{Size: old, Root: rootOf(log[:old])}, Checkpoint{Size: size, Root: rootOf(log[:size])}
		switch rapid.IntRange(0, 6).Draw(t, "change") {
		case 0:
			earlier.Size = rapid.Int64Range(1, size).Draw(t, "another old")
		case 1:
			later.Size = rapid.Int64Range(old, 400).Draw(t, "another size")
		case 2:
			earlier.Root[rapid.IntRange(0, 31).Draw(t, "byte")] ^= 1
		case 3:
			later.Root[rapid.IntRange(0, 31).Draw(t, "byte")] ^= 1
		case 4:
			path = append(path, earlier.Root)
		case 5:
			path = path[:len(path)/2]
		case 6:
			slices.Reverse(path)
		}
		theirs := merkle.VerifyConsistency(rfc6962.DefaultHasher, uint64(earlier.Size), uint64(later.Size), slicesOf(path), earlier.Root[:], later.Root[:])
		ours := CheckConsistency(earlier, later, path)
		if (theirs == nil) != (ours == nil) {
			t.Fatalf("from %d to %d: %v, and theirs %v", old, size, ours, theirs)
		}
	})
}

func TestATreeThatWasRewrittenIsNotProvedToContinue(t *testing.T) {
	log := numbered(200)
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, len(log)).Draw(t, "size")
		old := rapid.IntRange(1, size).Draw(t, "old")
		changed := rapid.IntRange(0, old-1).Draw(t, "changed")
		rewritten := slices.Clone(log[:size])
		rewritten[changed][0] ^= 1
		path, err := ProveConsistency(leavesOfHashes(rewritten), int64(old), int64(size))
		if err != nil {
			t.Fatal(err)
		}
		earlier, later := Checkpoint{Size: int64(old), Root: rootOf(log[:old])}, Checkpoint{Size: int64(size), Root: rootOf(rewritten)}
		if err := CheckConsistency(earlier, later, path); !errors.Is(err, ErrInconsistent) {
			t.Fatalf("event %d changed, from %d to %d: %v", changed+1, old, size, err)
		}
	})
}

func earlierCheckpoint() Checkpoint {
	return Checkpoint{Origin: Origin("oxfordshire", 1), Size: 3, Root: treeOf(storedLines()[:3]).Root()}
}

func storedConsistency(t testing.TB) Consistency {
	t.Helper()
	c, err := ParseConsistency(stored(t, "consistency"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestASignedConsistencyProofIsReadAsItWasWrittenAndAccepted(t *testing.T) {
	keys, _ := storedKeys(t)
	for old := range 8 {
		path, err := ProveConsistency(leavesOf(storedLines()), int64(old), 7)
		if err != nil {
			t.Fatal(err)
		}
		proof := Consistency{Old: int64(old), Path: path, Note: stored(t, "checkpoint")}
		read, err := ParseConsistency(proof.Text())
		if err != nil || !bytes.Equal(read.Text(), proof.Text()) || !cmp.Equal(read, proof, cmpopts.EquateEmpty()) {
			t.Fatalf("read %s, %v", cmp.Diff(proof, read), err)
		}
		earlier := Checkpoint{Origin: Origin("oxfordshire", 1), Size: int64(old), Root: treeOf(storedLines()[:old]).Root()}
		if n, err := read.Check(earlier, keys, nil); err != nil || n.Checkpoint != storedCheckpoint() {
			t.Errorf("from %d: %+v, %v", old, n, err)
		}
	}
}

func TestTheTreeGoesOnThroughTheGenerationsOfALedger(t *testing.T) {
	keys, _ := storedKeys(t)
	c := storedCheckpoint()
	c.Origin = Origin("oxfordshire", 2)
	proof := storedConsistency(t)
	proof.Note = mustSign(t, DemoKey("oxfordshire"), c)
	if n, err := proof.Check(earlierCheckpoint(), keys, nil); err != nil || n.Origin != c.Origin {
		t.Errorf("got %+v, %v", n, err)
	}
}

func TestAConsistencyProofOfSomethingElseIsRefused(t *testing.T) {
	keys, _ := storedKeys(t)
	for name, change := range map[string]func(*Consistency, *Checkpoint){
		"another earlier root":   func(_ *Consistency, e *Checkpoint) { e.Root[7] ^= 1 },
		"another earlier size":   func(_ *Consistency, e *Checkpoint) { e.Size = 4 },
		"another size of each":   func(c *Consistency, e *Checkpoint) { c.Old, e.Size = 4, 4 },
		"another old":            func(c *Consistency, _ *Checkpoint) { c.Old = 4 },
		"another ledger before":  func(_ *Consistency, e *Checkpoint) { e.Origin = Origin("berkshire", 1) },
		"no origin before":       func(_ *Consistency, e *Checkpoint) { e.Origin = "" },
		"a hash fewer":           func(c *Consistency, _ *Checkpoint) { c.Path = c.Path[1:] },
		"a hash more":            func(c *Consistency, _ *Checkpoint) { c.Path = append(c.Path, Hash{}) },
		"another hash":           func(c *Consistency, _ *Checkpoint) { c.Path[0][0] ^= 1 },
		"a path from nothing":    func(c *Consistency, e *Checkpoint) { c.Old, e.Size, e.Root = 0, 0, EmptyRoot() },
		"a root of nothing":      func(c *Consistency, e *Checkpoint) { c.Old, c.Path, e.Size = 0, nil, 0 },
		"the later tree smaller": func(c *Consistency, e *Checkpoint) { c.Old, e.Size = 8, 8 },
		"another key":            func(c *Consistency, _ *Checkpoint) { c.Note = mustSign(t, newKey(t), storedCheckpoint()) },
		"the same size, another root": func(c *Consistency, e *Checkpoint) {
			*e = storedCheckpoint()
			e.Root[0] ^= 1
			c.Old, c.Path = 7, nil
		},
	} {
		c, earlier := storedConsistency(t), earlierCheckpoint()
		change(&c, &earlier)
		if n, err := c.Check(earlier, keys, nil); err == nil || n.Text != nil {
			t.Errorf("%s: it is accepted", name)
		}
	}
}

func TestEveryChangedByteOfAConsistencyProofIsRefused(t *testing.T) {
	keys, _ := storedKeys(t)
	for changed := range changes(stored(t, "consistency")) {
		c, err := ParseConsistency(changed)
		if err != nil {
			continue
		}
		if !bytes.Equal(c.Text(), changed) {
			t.Errorf("%q was read as %q", changed, c.Text())
		}
		if _, err := c.Check(earlierCheckpoint(), keys, nil); err == nil {
			t.Errorf("%q is accepted", changed)
		}
	}
}

func TestAConsistencyProofHasOneSpelling(t *testing.T) {
	good := storedConsistency(t)
	long := good
	long.Path = make([]Hash, maxPath+1)
	for name, text := range map[string][]byte{
		"empty": nil, "more hashes than levels": long.Text(),
		"without a size":       bytes.Replace(good.Text(), []byte("old 3\n"), nil, 1),
		"with a size of zeros": bytes.Replace(good.Text(), []byte("old 3"), []byte("old 03"), 1),
		"with a size below 0":  bytes.Replace(good.Text(), []byte("old 3"), []byte("old -3"), 1),
		"with two spaces":      bytes.Replace(good.Text(), []byte("old 3"), []byte("old  3"), 1),
		"with returns":         bytes.ReplaceAll(good.Text(), []byte("\n"), []byte("\r\n")),
		"with an empty line":   bytes.Replace(good.Text(), []byte("old 3\n"), []byte("old 3\n\n"), 1),
		"without a checkpoint": good.Text()[:bytes.Index(good.Text(), []byte("\n\n"))+2],
		"something after":      append(good.Text(), '\n'),
	} {
		if c, err := ParseConsistency(text); err == nil {
			t.Errorf("%s: read as %+v", name, c)
		}
	}
}
