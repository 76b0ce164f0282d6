package proof

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
)

func mustSign(t testing.TB, key *Key, c Checkpoint) []byte {
	t.Helper()
	signed, err := key.SignCheckpoint(c)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// signedText signs whatever text with the key, as a checkpoint would be.
func signedText(t testing.TB, key *Key, text string) []byte {
	t.Helper()
	signed, err := note.Sign(&note.Note{Text: text}, key.signer)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func TestASignedCheckpointIsReadAsItWasWritten(t *testing.T) {
	key := DemoKey("oxfordshire")
	for _, c := range []Checkpoint{
		storedCheckpoint(),
		{Origin: Origin("oxfordshire", 1), Root: EmptyRoot()},
		{Origin: Origin("oxfordshire", 12), Size: maxSize},
	} {
		signed := mustSign(t, key, c)
		n, err := OpenNote(signed, []PublicKey{key.Public()}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if n.Checkpoint != c || !bytes.Equal(n.Text, signed) || len(n.SignedBy) != 1 || n.SignedBy[0] != key.Public() || n.Cosignatures != nil {
			t.Errorf("read %+v", n)
		}
		if hearsay, err := ReadCheckpoint(signed); err != nil || hearsay != c {
			t.Errorf("read without keys %+v, %v", hearsay, err)
		}
	}
}

func TestAnOriginHasOneSpelling(t *testing.T) {
	if got := Origin("oxfordshire", 12); got != "pcnledger/oxfordshire/g12" {
		t.Errorf("got %s", got)
	}
	if ledger, generation, err := ParseOrigin("pcnledger/oxfordshire/g12"); ledger != "oxfordshire" || generation != 12 || err != nil {
		t.Errorf("read %s, %d, %v", ledger, generation, err)
	}
	for _, origin := range []string{"", "pcnledger", "pcnledger/", "pcnledger/a", "pcnledger/a/g", "pcnledger/a/g0", "pcnledger/a/g-1",
		"pcnledger/a/g+1", "pcnledger/a/g01", "pcnledger/a/g1 ", "pcnledger/a/g1/g2", "pcnledger//g1", "pcnledger/A/g1", "a/g1",
		"pcnledger/pcnledger/a/g1", "PCNLEDGER/a/g1", "pcnledger/a/g1\n", "pcnledger/a/g99999999999999999999", "example.com/behind-the-sofa"} {
		if ledger, generation, err := ParseOrigin(origin); err == nil {
			t.Errorf("%q was read as generation %d of %q", origin, generation, ledger)
		}
	}
}

func TestACheckpointThatCannotBeIsNotSigned(t *testing.T) {
	key := DemoKey("oxfordshire")
	for name, c := range map[string]Checkpoint{
		"of no origin":               {Size: 1},
		"of another ledger":          {Origin: Origin("berkshire", 1), Size: 1},
		"of an origin of two lines":  {Origin: "pcnledger/oxfordshire/g1\n5", Size: 1},
		"of generation 0":            {Origin: Origin("oxfordshire", 0), Size: 1},
		"of fewer events than none":  {Origin: Origin("oxfordshire", 1), Size: -1},
		"of more events than can be": {Origin: Origin("oxfordshire", 1), Size: maxSize + 1},
		"of no events with a root":   {Origin: Origin("oxfordshire", 1)},
	} {
		if signed, err := key.SignCheckpoint(c); err == nil {
			t.Errorf("%s: %s", name, signed)
		}
		if line, err := storedWitness(t).Cosign(c, stampOf(t)); err == nil && name != "of another ledger" {
			t.Errorf("%s is cosigned: %s", name, line)
		}
	}
}

// A checkpoint may be signed by the ledger's key and still say nothing that this package would write.
func TestASignedTextOfAnotherSpellingIsRefused(t *testing.T) {
	key := DemoKey("oxfordshire")
	root := EmptyRoot().String()
	for name, text := range map[string]string{
		"an extension line":     "pcnledger/oxfordshire/g1\n0\n" + root + "\nmore\n",
		"an empty line more":    "pcnledger/oxfordshire/g1\n0\n" + root + "\n\n",
		"a line too few":        "pcnledger/oxfordshire/g1\n0\n",
		"a size with a zero":    "pcnledger/oxfordshire/g1\n07\n" + root + "\n",
		"a size with a sign":    "pcnledger/oxfordshire/g1\n+7\n" + root + "\n",
		"a size below zero":     "pcnledger/oxfordshire/g1\n-7\n" + root + "\n",
		"a size beyond all":     "pcnledger/oxfordshire/g1\n4611686018427387904\n" + root + "\n",
		"the largest of sizes":  "pcnledger/oxfordshire/g1\n9223372036854775807\n" + root + "\n",
		"a size beyond 64 bits": "pcnledger/oxfordshire/g1\n99999999999999999999\n" + root + "\n",
		"no size":               "pcnledger/oxfordshire/g1\n\n" + root + "\n",
		"idle bits set":         "pcnledger/oxfordshire/g1\n7\n" + idleBitSet(root) + "\n",
		"no events with a root": "pcnledger/oxfordshire/g1\n0\n" + LeafHash(nil).String() + "\n",
		"another origin's form": "pcnledger/oxfordshire/g01\n7\n" + root + "\n",
		"an origin of nobody":   "example.com/behind-the-sofa\n7\n" + root + "\n",
		"a commit's seal":       string(storedSeal().text()),
	} {
		signed := signedText(t, key, text)
		if n, err := OpenNote(signed, []PublicKey{key.Public()}, nil); err == nil {
			t.Errorf("%s: read as %+v", name, n.Checkpoint)
		}
		if c, err := ReadCheckpoint(signed); err == nil {
			t.Errorf("%s: read without keys as %+v", name, c)
		}
	}
}

func TestACheckpointThatNoKnownKeySignedIsRefused(t *testing.T) {
	key := DemoKey("oxfordshire")
	other, err := NewKey("oxfordshire")
	if err != nil {
		t.Fatal(err)
	}
	signed := mustSign(t, key, storedCheckpoint())
	for name, keys := range map[string][]PublicKey{
		"with no key": nil, "with another key of the ledger": {other.Public()},
		"with another ledger's key": {DemoKey("berkshire").Public()}, "with the zero key": {{}},
	} {
		if _, err := OpenNote(signed, keys, nil); !errors.Is(err, ErrNotSigned) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := OpenNote(stored(t, "cosigned"), nil, []WitnessKey{storedWitness(t).Key()}); !errors.Is(err, ErrNotSigned) {
		t.Errorf("with a witness for a key: %v", err)
	}
}

func TestACheckpointOfAnotherLedgerIsRefused(t *testing.T) {
	key := DemoKey("oxfordshire")
	c := storedCheckpoint()
	c.Origin = Origin("berkshire", 1)
	signed := signedText(t, key, c.text())
	if _, err := OpenNote(signed, []PublicKey{key.Public()}, nil); err == nil || !strings.Contains(err.Error(), "another ledger") {
		t.Errorf("got %v", err)
	}
}

func TestACheckpointSignedByTwoKeysNamesBoth(t *testing.T) {
	before, after := DemoKey("oxfordshire"), newKey(t)
	signed, err := note.Sign(&note.Note{Text: storedCheckpoint().text()}, before.signer, after.signer)
	if err != nil {
		t.Fatal(err)
	}
	n, err := OpenNote(signed, []PublicKey{after.Public(), before.Public(), after.Public()}, nil)
	if err != nil || len(n.SignedBy) != 2 || n.SignedBy[0] != before.Public() || n.SignedBy[1] != after.Public() {
		t.Errorf("signed by %v, %v", n.SignedBy, err)
	}
	if n, err = OpenNote(signed, []PublicKey{after.Public()}, nil); err != nil || len(n.SignedBy) != 1 || n.SignedBy[0] != after.Public() {
		t.Errorf("to who knows one, it is signed by %v, %v", n.SignedBy, err)
	}
}

func newKey(t testing.TB) *Key {
	t.Helper()
	key, err := NewKey("oxfordshire")
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestABadSignatureOfAKnownKeySpoilsTheCheckpoint(t *testing.T) {
	before, after := DemoKey("oxfordshire"), newKey(t)
	good := mustSign(t, before, storedCheckpoint())
	c := storedCheckpoint()
	c.Size++
	_, bad, _ := bytes.Cut(mustSign(t, after, c), []byte("\n\n"))
	signed := append(bytes.Clone(good), bad...)
	if _, err := OpenNote(signed, []PublicKey{before.Public(), after.Public()}, nil); err == nil {
		t.Error("it is accepted")
	}
	if n, err := OpenNote(signed, []PublicKey{before.Public()}, nil); err != nil || len(n.SignedBy) != 1 {
		t.Errorf("to who does not know the key, it is signed by %v, %v", n.SignedBy, err)
	}
}

func TestTwoSignaturesByOneKeyAreRefused(t *testing.T) {
	keys, witnesses := storedKeys(t)
	text := stored(t, "cosigned")
	_, lines, _ := bytes.Cut(text, []byte("\n\n"))
	for i, second := range bytes.SplitAfter(lines, []byte("\n"))[:2] {
		twice := append(bytes.Clone(text), second...)
		if _, err := OpenNote(twice, keys, witnesses); err == nil {
			t.Errorf("line %d twice is accepted", i+1)
		}
		// The second is bad: no reader may stop at the first.
		spoilt := bytes.Clone(twice)
		spoilt[len(spoilt)-10] ^= 1
		if _, err := OpenNote(spoilt, keys, witnesses); err == nil {
			t.Errorf("line %d and a bad one by the same key are accepted", i+1)
		}
		if _, err := ReadCheckpoint(twice); err == nil {
			t.Errorf("line %d twice is read", i+1)
		}
	}
}

func TestASignatureLineHasOneSpelling(t *testing.T) {
	keys, witnesses := storedKeys(t)
	for _, name := range []string{"checkpoint", "cosigned"} {
		lines := bytes.SplitAfter(stored(t, name), []byte("\n"))
		last := len(lines) - 2 // behind the last line end there is nothing
		lines[last] = []byte(idleBitSet(string(lines[last])))
		if n, err := OpenNote(bytes.Join(lines, nil), keys, witnesses); err == nil {
			t.Errorf("%s with idle bits set: read as %+v", name, n.Checkpoint)
		}
		// Nor when nobody knows the key.
		if c, err := ReadCheckpoint(bytes.Join(lines, nil)); err == nil {
			t.Errorf("%s with idle bits set: read as %+v", name, c)
		}
	}
}

func TestEveryChangedByteOfASignedCheckpointIsRefused(t *testing.T) {
	keys, _ := storedKeys(t)
	for changed := range changes(stored(t, "checkpoint")) {
		if n, err := OpenNote(changed, keys, nil); err == nil {
			t.Errorf("%q was read as %+v", changed, n.Checkpoint)
		}
	}
}

// A line whose key is changed is a line by a key that nobody knows, and passed over. No change may do more than that.
func TestEveryChangedByteOfACosignedCheckpointIsRefusedOrLosesTheCosignature(t *testing.T) {
	keys, witnesses := storedKeys(t)
	_, last, _ := bytes.Cut(stored(t, "cosigned"), []byte("audit"))
	from := len(stored(t, "cosigned")) - len(last) - len("audit")
	lost := 0
	for changed := range changes(stored(t, "cosigned")) {
		n, err := OpenNote(changed, keys, witnesses)
		if err != nil {
			continue
		}
		if lost++; n.Cosignatures != nil || n.Checkpoint != storedCheckpoint() || !bytes.HasPrefix(changed, stored(t, "cosigned")[:from-len("— ")]) {
			t.Errorf("%q was read as %+v, cosigned %v", changed, n.Checkpoint, n.Cosignatures)
		}
	}
	if lost == 0 {
		t.Error("no change was passed over: the test does not reach the witness's line")
	}
}

func TestANoteKeepsItsOwnText(t *testing.T) {
	keys, _ := storedKeys(t)
	text := stored(t, "checkpoint")
	n, err := OpenNote(text, keys, nil)
	if err != nil {
		t.Fatal(err)
	}
	clear(text)
	if !bytes.Equal(n.Text, stored(t, "checkpoint")) {
		t.Error("it changes with the bytes that it was read from")
	}
}

func TestSizesThatCannotBeComputedWithAreRefused(t *testing.T) {
	for _, size := range []int64{-1, maxSize + 1, math.MaxInt64} {
		if _, err := ProveInclusion(leavesOf(storedLines()), 1, size); err == nil {
			t.Errorf("inclusion in %d is proved", size)
		}
		if _, err := ProveConsistency(leavesOf(storedLines()), 1, size); err == nil {
			t.Errorf("consistency with %d is proved", size)
		}
		if err := CheckConsistency(storedCheckpoint(), Checkpoint{Size: size}, nil); !errors.Is(err, ErrInconsistent) {
			t.Errorf("consistency with %d: %v", size, err)
		}
		if err := CheckConsistency(Checkpoint{Size: size}, storedCheckpoint(), nil); !errors.Is(err, ErrInconsistent) {
			t.Errorf("consistency from %d: %v", size, err)
		}
		if err := CheckConsistency(Checkpoint{Size: size}, Checkpoint{Size: size}, nil); !errors.Is(err, ErrInconsistent) {
			t.Errorf("consistency of %d with itself: %v", size, err)
		}
	}
	// The largest that is allowed comes to an end.
	path := make([]Hash, maxPath)
	if err := CheckConsistency(Checkpoint{Size: 1}, Checkpoint{Size: maxSize}, path); !errors.Is(err, ErrInconsistent) {
		t.Errorf("got %v", err)
	}
}

func TestOfANoteWhatWasVerifiedCanBeKept(t *testing.T) {
	keys, witnesses := storedKeys(t)
	stranger := mustCosign(t, newWitness(t, "stranger.example.org"), storedCheckpoint(), stampOf(t))
	text, err := AddCosignature(stored(t, "cosigned"), stranger)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		witnesses []WitnessKey
		want      string
	}{{witnesses, "cosigned"}, {nil, "checkpoint"}} {
		n, err := OpenNote(text, keys, c.witnesses)
		if err != nil || !bytes.Equal(n.Text, text) || !bytes.Equal(n.Verified(), stored(t, c.want)) {
			t.Errorf("got %s, %v", n.Verified(), err)
		}
	}
}
