package proof

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// The files in testdata were written by another implementation, in Python with the package cryptography, from the public
// specifications alone. They are of a log of seven lines, {"number":1} to {"number":7}, and are never written by this
// package. ledger.private is the key that anyone can make for the demo ledger oxfordshire; witness.private has the seed
// 00 01 02 … 1f.

func stored(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// line returns a file of one line without the line's end.
func line(t testing.TB, name string) string {
	t.Helper()
	return string(bytes.TrimSuffix(stored(t, name), []byte("\n")))
}

func storedWitness(t testing.TB) *WitnessSigner {
	t.Helper()
	w, err := ParseWitnessSigner(line(t, "witness.private"))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func storedKeys(t testing.TB) ([]PublicKey, []WitnessKey) {
	t.Helper()
	return []PublicKey{DemoKey("oxfordshire").Public()}, []WitnessKey{storedWitness(t).Key()}
}

// storedLines is the log that testdata is of.
func storedLines() [][]byte {
	var lines [][]byte
	for number := 1; number <= 7; number++ {
		lines = append(lines, fmt.Appendf(nil, `{"number":%d}`, number))
	}
	return lines
}

func leavesOf(lines [][]byte) Leaves {
	return func(each func(Hash) error) error {
		for _, line := range lines {
			if err := each(LeafHash(line)); err != nil {
				return err
			}
		}
		return nil
	}
}

func treeOf(lines [][]byte) *Tree {
	var tree Tree
	for _, line := range lines {
		tree.Add(LeafHash(line))
	}
	return &tree
}

func storedCheckpoint() Checkpoint {
	return Checkpoint{Origin: Origin("oxfordshire", 1), Size: 7, Root: treeOf(storedLines()).Root()}
}

func storedSeal() Seal {
	body := []byte("[\n{\"number\":6},\n{\"number\":7}\n]")
	return Seal{Ledger: "oxfordshire", First: 6, Before: treeOf(storedLines()[:5]).Root(), Body: sha256.Sum256(body)}
}

func TestKeysAreWrittenAsAnotherImplementationWritesThem(t *testing.T) {
	key := DemoKey("oxfordshire")
	if key.Text() != line(t, "ledger.private") || key.Public().String() != line(t, "ledger.key") {
		t.Errorf("the ledger's keys are\n%s\n%s", key.Text(), key.Public())
	}
	if got := storedWitness(t).Key().String(); got != line(t, "witness.key") {
		t.Errorf("the witness's key is %s", got)
	}
}

func TestASealIsSignedAsAnotherImplementationSignsIt(t *testing.T) {
	if got := DemoKey("oxfordshire").Sign(storedSeal()).String(); got != line(t, "seal") {
		t.Errorf("got %s", got)
	}
}

func TestACheckpointIsSignedAsAnotherImplementationSignsIt(t *testing.T) {
	got, err := DemoKey("oxfordshire").SignCheckpoint(storedCheckpoint())
	if err != nil || !bytes.Equal(got, stored(t, "checkpoint")) {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestACheckpointIsCosignedAsAnotherImplementationCosignsIt(t *testing.T) {
	cosignature, err := storedWitness(t).Cosign(storedCheckpoint(), time.Unix(1555925400, 999_999_999))
	if err != nil || !bytes.Equal(cosignature, stored(t, "cosignature")) {
		t.Errorf("got %s, %v", cosignature, err)
	}
	cosigned, err := AddCosignature(stored(t, "checkpoint"), cosignature)
	if err != nil || !bytes.Equal(cosigned, stored(t, "cosigned")) {
		t.Errorf("got %s, %v", cosigned, err)
	}
}

func TestAnInclusionIsProvedAsAnotherImplementationProvesIt(t *testing.T) {
	lines := storedLines()
	path, err := ProveInclusion(leavesOf(lines), 3, 7)
	if err != nil {
		t.Fatal(err)
	}
	proof := Inclusion{Number: 3, Line: lines[2], Path: path, Note: stored(t, "cosigned")}
	if got := proof.Text(); !bytes.Equal(got, stored(t, "inclusion")) {
		t.Errorf("got %s", got)
	}
}

func TestAConsistencyIsProvedAsAnotherImplementationProvesIt(t *testing.T) {
	path, err := ProveConsistency(leavesOf(storedLines()), 3, 7)
	if err != nil {
		t.Fatal(err)
	}
	proof := Consistency{Old: 3, Path: path, Note: stored(t, "checkpoint")}
	if got := proof.Text(); !bytes.Equal(got, stored(t, "consistency")) {
		t.Errorf("got %s", got)
	}
}
