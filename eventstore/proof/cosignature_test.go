package proof

import (
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"strings"
	"testing"
	"time"
)

func stampOf(t testing.TB) time.Time {
	t.Helper()
	return time.Date(2019, 4, 22, 10, 30, 0, 123_000_000, time.FixedZone("BST", 3600))
}

func mustCosign(t testing.TB, w *WitnessSigner, c Checkpoint, at time.Time) []byte {
	t.Helper()
	line, err := w.Cosign(c, at)
	if err != nil {
		t.Fatal(err)
	}
	return line
}

func newWitness(t testing.TB, name string) *WitnessSigner {
	t.Helper()
	w, err := NewWitnessSigner(name)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestANewWitnessKeyIsReadAsItWasWritten(t *testing.T) {
	w := newWitness(t, "audit.example.org/witness")
	read, err := ParseWitnessSigner(w.Text())
	if err != nil || read.Text() != w.Text() || read.Key() != w.Key() {
		t.Errorf("read %v, %v", read, err)
	}
	key, err := ParseWitnessKey(w.Key().String())
	if err != nil || key != w.Key() || key.Name() != "audit.example.org/witness" || len(key.ID()) != 8 {
		t.Errorf("read %v, %v", key, err)
	}
	if newWitness(t, "audit.example.org/witness").Key() == w.Key() {
		t.Error("two witnesses have one key")
	}
}

func TestANameThatASignedNoteCannotHoldIsRefused(t *testing.T) {
	for _, name := range []string{"", " ", "a b", "a+b", "a\nb", "a\u00a0b", "a\x00b", "a\x7fb", "\xff", "pcnledger/oxfordshire"} {
		if w, err := NewWitnessSigner(name); err == nil {
			t.Errorf("%q is a witness: %s", name, w)
		}
	}
	if w := newWitness(t, "kämmerei.example/prüfer"); len(mustCosign(t, w, storedCheckpoint(), stampOf(t))) == 0 {
		t.Error("it cosigns nothing")
	}
}

func TestACosignatureSaysWhoAndWhen(t *testing.T) {
	keys, _ := storedKeys(t)
	first, second := newWitness(t, "a.example.org"), newWitness(t, "b.example.org")
	text := stored(t, "checkpoint")
	for i, w := range []*WitnessSigner{second, first} {
		var err error
		at := stampOf(t).Add(time.Duration(i) * time.Hour)
		if text, err = AddCosignature(text, mustCosign(t, w, storedCheckpoint(), at)); err != nil {
			t.Fatal(err)
		}
	}
	n, err := OpenNote(text, keys, []WitnessKey{first.Key(), second.Key(), first.Key()})
	if err != nil || len(n.Cosignatures) != 2 {
		t.Fatalf("cosigned %v, %v", n.Cosignatures, err)
	}
	for i, want := range []Cosignature{
		{second.Key(), time.Date(2019, 4, 22, 9, 30, 0, 0, time.UTC)},
		{first.Key(), time.Date(2019, 4, 22, 10, 30, 0, 0, time.UTC)},
	} {
		if n.Cosignatures[i] != want {
			t.Errorf("cosignature %d is %v", i+1, n.Cosignatures[i])
		}
	}
}

func TestACosignatureOfAnUnknownWitnessIsPassedOver(t *testing.T) {
	keys, _ := storedKeys(t)
	sameName := newWitness(t, "audit.example.org/witness").Key()
	for name, witnesses := range map[string][]WitnessKey{"none known": nil, "another of the same name": {sameName}, "the zero one": {{}}} {
		n, err := OpenNote(stored(t, "cosigned"), keys, witnesses)
		if err != nil || n.Cosignatures != nil || len(n.SignedBy) != 1 {
			t.Errorf("%s: cosigned %v, %v", name, n.Cosignatures, err)
		}
	}
}

func TestACosignatureOfAnotherCheckpointIsRefused(t *testing.T) {
	keys, witnesses := storedKeys(t)
	w := storedWitness(t)
	for name, change := range map[string]func(*Checkpoint){
		"another size":       func(c *Checkpoint) { c.Size++ },
		"another root":       func(c *Checkpoint) { c.Root[0] ^= 1 },
		"another generation": func(c *Checkpoint) { c.Origin = Origin("oxfordshire", 2) },
		"another ledger":     func(c *Checkpoint) { c.Origin = Origin("berkshire", 1) },
	} {
		c := storedCheckpoint()
		change(&c)
		text, err := AddCosignature(stored(t, "checkpoint"), mustCosign(t, w, c, stampOf(t)))
		if err != nil {
			t.Fatal(err)
		}
		if n, err := OpenNote(text, keys, witnesses); err == nil {
			t.Errorf("%s: cosigned %v", name, n.Cosignatures)
		}
	}
}

func TestACosignatureThatIsNoTimeAndSignatureIsRefused(t *testing.T) {
	w := storedWitness(t).Key()
	text := []byte(storedCheckpoint().text())
	raw, err := decode(strings.Fields(string(stored(t, "cosignature")))[2])
	if err != nil {
		t.Fatal(err)
	}
	good := raw[4:]
	if !w.verify(text, good) {
		t.Fatal("the good one is refused")
	}
	const beyond = 1 << 63 // signed as it should be, at a time that no clock can show
	late := binary.BigEndian.AppendUint64(nil, beyond)
	late = append(late, ed25519.Sign(storedWitness(t).key, cosigned(text, beyond))...)
	for name, blob := range map[string][]byte{
		"nothing": nil, "no time": good[8:], "a byte short": good[:71], "a byte long": append(bytes.Clone(good), 0), "after the end of time": late,
	} {
		if w.verify(text, blob) {
			t.Errorf("%s: it is verified", name)
		}
	}
}

func TestATimeBefore1970IsNotCosigned(t *testing.T) {
	if line, err := storedWitness(t).Cosign(storedCheckpoint(), time.Time{}); err == nil {
		t.Errorf("it is: %s", line)
	}
	if _, err := storedWitness(t).Cosign(storedCheckpoint(), time.Unix(0, 0)); err != nil {
		t.Error(err)
	}
}

func TestANewerCosignatureTakesTheOldersPlace(t *testing.T) {
	keys, witnesses := storedKeys(t)
	w := storedWitness(t)
	newer := mustCosign(t, w, storedCheckpoint(), stampOf(t).Add(time.Hour))
	other := mustCosign(t, newWitness(t, "b.example.org"), storedCheckpoint(), stampOf(t))
	text := stored(t, "cosigned")
	for _, line := range [][]byte{other, newer, newer} {
		var err error
		if text, err = AddCosignature(text, line); err != nil {
			t.Fatal(err)
		}
	}
	want := string(stored(t, "checkpoint")) + string(other) + string(newer)
	if string(text) != want {
		t.Errorf("got %s", text)
	}
	if n, err := OpenNote(text, keys, witnesses); err != nil || len(n.Cosignatures) != 1 || !n.Cosignatures[0].At.Equal(stampOf(t).Add(time.Hour).Truncate(time.Second)) {
		t.Errorf("cosigned %v, %v", n.Cosignatures, err)
	}
}

func TestSeveralLinesOfAnAnswerAreTaken(t *testing.T) {
	a := mustCosign(t, newWitness(t, "a.example.org"), storedCheckpoint(), stampOf(t))
	b := mustCosign(t, newWitness(t, "b.example.org"), storedCheckpoint(), stampOf(t))
	text, err := AddCosignature(stored(t, "checkpoint"), append(a, b...))
	if err != nil || string(text) != string(stored(t, "checkpoint"))+string(a)+string(b) {
		t.Errorf("got %s, %v", text, err)
	}
}

func TestAnAnswerThatIsNotSignatureLinesIsRefused(t *testing.T) {
	good := string(stored(t, "cosignature"))
	_, own, _ := strings.Cut(string(stored(t, "checkpoint")), "\n\n")
	for name, answer := range map[string]string{
		"nothing": "", "an empty line": "\n", "no line end": strings.TrimSuffix(good, "\n"), "text": "no\n", "a page": "<html>\n\n" + good,
		"an empty line before": "\n" + good, "an empty line after": good + "\n", "text and an empty line before": "x\n\n" + good,
		"another dash": strings.Replace(good, "—", "-", 1), "no name": "— " + strings.Fields(good)[2] + "\n", "one key twice": good + good,
		"idle bits set": idleBitSet(good), "a return": strings.TrimSuffix(good, "\n") + "\r\n", "a signature too short": "— a.example.org AAAA\n",
		"the ledger's own signature": own, "the ledger's own name": "— pcnledger/oxfordshire AAAAAAAAAAAA\n",
	} {
		if text, err := AddCosignature(stored(t, "checkpoint"), []byte(answer)); err == nil {
			t.Errorf("%s: %s", name, text)
		}
	}
	if text, err := AddCosignature([]byte("no checkpoint\n"), []byte(good)); err == nil {
		t.Errorf("added to no checkpoint: %s", text)
	}
}
