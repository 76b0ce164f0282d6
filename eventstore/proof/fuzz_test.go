package proof

import (
	"bytes"
	"testing"
)

// Each of these holds to one thing: what is accepted is written back as the same bytes, and nothing makes a reader fall.

func FuzzKeys(f *testing.F) {
	for _, name := range []string{"ledger.private", "ledger.key", "witness.private", "witness.key", "seal"} {
		f.Add(line(f, name))
	}
	f.Fuzz(func(t *testing.T, text string) {
		if k, err := ParseKey(text); err == nil && k.Text() != text {
			t.Errorf("key %q is written %q", text, k.Text())
		}
		if k, err := ParsePublicKey(text); err == nil && k.String() != text {
			t.Errorf("public key %q is written %q", text, k)
		}
		if w, err := ParseWitnessSigner(text); err == nil && w.Text() != text {
			t.Errorf("witness %q is written %q", text, w.Text())
		}
		if w, err := ParseWitnessKey(text); err == nil && w.String() != text {
			t.Errorf("witness key %q is written %q", text, w)
		}
		if s, err := ParseSignature(text); err == nil && s.String() != text {
			t.Errorf("signature %q is written %q", text, s)
		}
		if h, err := ParseHash(text); err == nil && h.String() != text {
			t.Errorf("hash %q is written %q", text, h)
		}
		if ledger, generation, err := ParseOrigin(text); err == nil && Origin(ledger, generation) != text {
			t.Errorf("origin %q is written %q", text, Origin(ledger, generation))
		}
	})
}

func FuzzTree(f *testing.F) {
	for size := range 8 {
		text, _ := treeOf(storedLines()[:size]).MarshalBinary()
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var tree Tree
		if tree.UnmarshalBinary(text) != nil {
			return
		}
		if again, _ := tree.MarshalBinary(); !bytes.Equal(again, text) {
			t.Errorf("%x is written %x", text, again)
		}
		tree.Root()
	})
}

func FuzzCheckpoint(f *testing.F) {
	f.Add(stored(f, "checkpoint"))
	f.Add(stored(f, "cosigned"))
	keys, witnesses := storedKeys(f)
	cosignature := stored(f, "cosignature")
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := ReadCheckpoint(text)
		if err == nil && !bytes.HasPrefix(text, []byte(c.text()+"\n")) {
			t.Errorf("%q is written %q", text, c.text())
		}
		n, opened := OpenNote(text, keys, witnesses)
		if opened == nil && (err != nil || n.Checkpoint != c || !bytes.Equal(n.Text, text) || c != storedCheckpoint()) {
			t.Errorf("%q is opened as %v, and read as %v, %v", text, n.Checkpoint, c, err)
		}
		cosigned, added := AddCosignature(text, cosignature)
		if again, err := ReadCheckpoint(cosigned); added == nil && (err != nil || again != c) {
			t.Errorf("%q cosigned is read as %v, %v", text, again, err)
		}
	})
}

func FuzzAnswer(f *testing.F) {
	f.Add(stored(f, "cosignature"))
	keys, witnesses := storedKeys(f)
	signed := stored(f, "checkpoint")
	f.Fuzz(func(t *testing.T, answer []byte) {
		cosigned, err := AddCosignature(signed, answer)
		if err != nil {
			return
		}
		if !bytes.Equal(cosigned, append(bytes.Clone(signed), answer...)) {
			t.Errorf("%q added makes %q", answer, cosigned)
		}
		if _, err := OpenNote(cosigned, keys, nil); err != nil {
			t.Errorf("%q spoils the checkpoint: %v", answer, err)
		}
		_, _ = OpenNote(cosigned, keys, witnesses)
	})
}

func FuzzInclusion(f *testing.F) {
	f.Add(stored(f, "inclusion"))
	keys, witnesses := storedKeys(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		i, err := ParseInclusion(text)
		if err != nil {
			return
		}
		if !bytes.Equal(i.Text(), text) {
			t.Errorf("%q is written %q", text, i.Text())
		}
		if _, err := i.Check(keys, witnesses); err == nil && !bytes.Equal(i.Line, storedLines()[i.Number-1]) {
			t.Errorf("%q proves %q", text, i.Line)
		}
	})
}

func FuzzConsistency(f *testing.F) {
	f.Add(stored(f, "consistency"))
	keys, witnesses := storedKeys(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := ParseConsistency(text)
		if err != nil {
			return
		}
		if !bytes.Equal(c.Text(), text) {
			t.Errorf("%q is written %q", text, c.Text())
		}
		earlier := earlierCheckpoint()
		earlier.Root[0] ^= 1
		if _, err := c.Check(earlier, keys, witnesses); err == nil {
			t.Errorf("%q proves what is not so", text)
		}
	})
}
