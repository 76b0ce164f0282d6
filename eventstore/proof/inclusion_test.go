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

// numbered are the hashes of a log of many different lines, made once.
func numbered(size int) []Hash {
	hashes := make([]Hash, size)
	for i := range hashes {
		hashes[i] = LeafHash([]byte{byte(i >> 16), byte(i >> 8), byte(i)})
	}
	return hashes
}

func leavesOfHashes(hashes []Hash) Leaves {
	return func(each func(Hash) error) error {
		for _, h := range hashes {
			if err := each(h); err != nil {
				return err
			}
		}
		return nil
	}
}

func rootOf(hashes []Hash) Hash {
	var tree Tree
	for _, h := range hashes {
		tree.Add(h)
	}
	return tree.Root()
}

// slicesOf gives hashes the form that the other implementation wants.
func slicesOf(path []Hash) [][]byte {
	var out [][]byte
	for i := range path {
		out = append(out, path[i][:])
	}
	return out
}

func TestAnIndependentImplementationAcceptsInclusionProofs(t *testing.T) {
	log := numbered(3000)
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int64Range(1, int64(len(log))).Draw(t, "size")
		number := rapid.Int64Range(1, size).Draw(t, "number")
		path, err := ProveInclusion(leavesOfHashes(log), number, size)
		if err != nil {
			t.Fatal(err)
		}
		leaf, root := log[number-1], rootOf(log[:size])
		check := func(number int64, leaf Hash) error {
			return merkle.VerifyInclusion(rfc6962.DefaultHasher, uint64(number-1), uint64(size), leaf[:], slicesOf(path), root[:])
		}
		if err := check(number, leaf); err != nil {
			t.Fatalf("event %d of %d: %v", number, size, err)
		}
		if number < size && check(number+1, leaf) == nil {
			t.Fatalf("event %d of %d is accepted as the next", number, size)
		}
	})
}

func TestASignedInclusionProofIsAcceptedOfEachEvent(t *testing.T) {
	keys, _ := storedKeys(t)
	for size := 1; size <= 7; size++ {
		lines := storedLines()[:size]
		c := Checkpoint{Origin: Origin("oxfordshire", 3), Size: int64(size), Root: treeOf(lines).Root()}
		signed := mustSign(t, DemoKey("oxfordshire"), c)
		for i, line := range lines {
			path, err := ProveInclusion(leavesOf(storedLines()), int64(i+1), int64(size))
			if err != nil {
				t.Fatal(err)
			}
			proof := Inclusion{Number: int64(i + 1), Line: line, Path: path, Note: signed}
			read, err := ParseInclusion(proof.Text())
			if err != nil || !cmp.Equal(read, proof, cmpopts.EquateEmpty()) {
				t.Fatalf("read %s, %v", cmp.Diff(proof, read), err)
			}
			if n, err := read.Check(keys, nil); err != nil || n.Checkpoint != c {
				t.Fatalf("event %d of %d: %v", i+1, size, err)
			}
		}
	}
}

func storedInclusion(t testing.TB) Inclusion {
	t.Helper()
	i, err := ParseInclusion(stored(t, "inclusion"))
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestAnInclusionProofOfSomethingElseIsRefused(t *testing.T) {
	keys, witnesses := storedKeys(t)
	if n, err := storedInclusion(t).Check(keys, witnesses); err != nil || len(n.Cosignatures) != 1 || n.Checkpoint != storedCheckpoint() {
		t.Fatalf("the stored proof: %+v, %v", n, err)
	}
	for name, change := range map[string]func(*Inclusion){
		"the number before":  func(i *Inclusion) { i.Number-- },
		"the number after":   func(i *Inclusion) { i.Number++ },
		"number 0":           func(i *Inclusion) { i.Number = 0 },
		"a number below 0":   func(i *Inclusion) { i.Number = -3 },
		"one beyond the log": func(i *Inclusion) { i.Number = 8 },
		"one far beyond":     func(i *Inclusion) { i.Number = 1<<63 - 1 },
		"another line":       func(i *Inclusion) { i.Line = storedLines()[3] },
		"no line":            func(i *Inclusion) { i.Line = nil },
		"an inner node":      func(i *Inclusion) { i.Path = i.Path[1:] },
		"a hash more":        func(i *Inclusion) { i.Path = append(i.Path, Hash{}) },
		"no path":            func(i *Inclusion) { i.Path = nil },
		"another path":       func(i *Inclusion) { i.Path[1][5] ^= 4 },
		"another order":      func(i *Inclusion) { slices.Reverse(i.Path) },
		"no checkpoint":      func(i *Inclusion) { i.Note = nil },
		"another checkpoint": func(i *Inclusion) {
			c := storedCheckpoint()
			c.Root = rootOf(numbered(7))
			i.Note = mustSign(t, DemoKey("oxfordshire"), c)
		},
		"another ledger's checkpoint": func(i *Inclusion) {
			c := storedCheckpoint()
			c.Origin = Origin("berkshire", 1)
			i.Note = mustSign(t, DemoKey("berkshire"), c)
		},
		"another key of the ledger": func(i *Inclusion) { i.Note = mustSign(t, newKey(t), storedCheckpoint()) },
	} {
		i := storedInclusion(t)
		change(&i)
		if _, err := i.Check(keys, witnesses); err == nil {
			t.Errorf("%s: it is accepted", name)
		}
	}
}

func TestEveryChangedByteOfAnInclusionProofIsRefused(t *testing.T) {
	keys, witnesses := storedKeys(t)
	for changed := range changes(stored(t, "inclusion")) {
		i, err := ParseInclusion(changed)
		if err != nil {
			continue
		}
		if !bytes.Equal(i.Text(), changed) {
			t.Errorf("%q was read as %q", changed, i.Text())
		}
		if n, err := i.Check(keys, witnesses); err == nil && n.Cosignatures != nil {
			t.Errorf("%q is accepted", changed)
		}
	}
}

func TestAnInclusionProofHasOneSpelling(t *testing.T) {
	good := storedInclusion(t)
	long := good
	long.Path = make([]Hash, maxPath+1)
	twoLines := good
	twoLines.Line = []byte("two\nlines")
	noLine := good
	noLine.Line = nil
	beyond := good
	beyond.Number = maxSize + 1
	before := good
	before.Number = 0
	for name, text := range map[string][]byte{
		"empty": nil, "more hashes than levels": long.Text(), "two lines": twoLines.Text(), "no line": noLine.Text(),
		"a number beyond all": beyond.Text(), "number 0": before.Text(),
		"without its line":  bytes.Replace(good.Text(), []byte("extra eyJudW1iZXIiOjN9\n"), nil, 1),
		"with returns":      bytes.ReplaceAll(good.Text(), []byte("\n"), []byte("\r\n")),
		"another version":   bytes.Replace(good.Text(), []byte("@v1"), []byte("@v2"), 1),
		"a place with zero": bytes.Replace(good.Text(), []byte("index 2"), []byte("index 02"), 1),
		"something after":   append(good.Text(), '\n'),
	} {
		if i, err := ParseInclusion(text); err == nil {
			t.Errorf("%s: read as %+v", name, i)
		}
	}
}

func TestAProofOfWhatTheLogDoesNotHoldIsRefused(t *testing.T) {
	log := leavesOf(storedLines())
	for _, c := range []struct{ number, size int64 }{{0, 7}, {-1, 7}, {8, 7}, {1, 0}, {3, 9}, {3, 100}} {
		if path, err := ProveInclusion(log, c.number, c.size); err == nil {
			t.Errorf("event %d of %d: %v", c.number, c.size, path)
		}
	}
	for _, c := range []struct{ old, size int64 }{{-1, 7}, {8, 7}, {3, 9}, {7, 100}} {
		if path, err := ProveConsistency(log, c.old, c.size); err == nil {
			t.Errorf("from %d to %d: %v", c.old, c.size, path)
		}
	}
}

func TestAnErrorOfTheLogIsPassedOn(t *testing.T) {
	broken := errors.New("the log is broken")
	log := Leaves(func(each func(Hash) error) error {
		return errors.Join(each(Hash{}), broken)
	})
	if _, err := ProveInclusion(log, 3, 7); !errors.Is(err, broken) {
		t.Errorf("inclusion: %v", err)
	}
	if _, err := ProveConsistency(log, 3, 7); !errors.Is(err, broken) {
		t.Errorf("consistency: %v", err)
	}
}

func TestAProofReadsTheLogOnceAndNotBeyondItsTree(t *testing.T) {
	lines := numbered(1000)
	read, begun := 0, 0
	log := Leaves(func(each func(Hash) error) error {
		begun++
		return leavesOfHashes(lines)(func(h Hash) error {
			if read++; read > 701 {
				t.Fatal("leaf 701 and more were read for a tree of 700")
			}
			return each(h)
		})
	})
	for _, prove := range []func(Leaves, int64, int64) ([]Hash, error){ProveInclusion, ProveConsistency} {
		if _, err := prove(log, 300, 700); err != nil || begun != 1 {
			t.Errorf("begun %d times, %v", begun, err)
		}
		read, begun = 0, 0
	}
}

func BenchmarkProve(b *testing.B) {
	log := numbered(100_000)
	b.Run("inclusion among 100,000", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := ProveInclusion(leavesOfHashes(log), 50_001, 100_000); err != nil {
				b.Fatal(err)
			}
		}
	})
}
