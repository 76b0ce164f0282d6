package witness

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pcnledger/eventstore/proof"
)

func TestALogThatGoesOnIsCosigned(t *testing.T) {
	w, l := newWitness(t), honest(t)
	old := int64(0)
	for i, size := range []int64{1, 2, 2, 7, 8, 100, 100, 1000} {
		now := noon().Add(time.Duration(i) * time.Second)
		n := mustCosign(t, w, l, old, size, now)
		if at := n.Cosignatures[0].At; !at.Equal(now) {
			t.Errorf("at %d events the cosignature is of %s", size, at)
		}
		if got := last(t, w); got != size {
			t.Errorf("at %d events the witness remembers %d", size, got)
		}
		old = size
		w = reopen(t, w)
	}
	if files, _ := os.ReadDir(w.path("evidence")); len(files) > 0 {
		t.Errorf("there is evidence against it: %v", files)
	}
}

func TestALogThatBeginsLateIsCosignedFromNothing(t *testing.T) {
	mustCosign(t, newWitness(t), honest(t), 0, 700, noon())
}

func TestARequestFromAnotherSizeIsToldWhereToAskFrom(t *testing.T) {
	w, l := newWitness(t), honest(t)
	mustCosign(t, w, l, 0, 10, noon())
	for _, c := range []struct{ old, size int64 }{{0, 10}, {5, 10}, {0, 20}, {5, 20}, {15, 20}} {
		var stale *Stale
		_, err := w.Cosign(l.request(c.old, c.size), noon())
		if !errors.As(err, &stale) || *stale != (Stale{Origin: origin, Old: c.old, Size: 10}) {
			t.Errorf("from %d to %d: %v", c.old, c.size, err)
		}
	}
	mustCosign(t, w, l, 10, 20, noon())
}

func TestALogThatTheWitnessWasNotToldOfIsNotCosigned(t *testing.T) {
	w, l := newWitness(t), honest(t)
	l.origin = proof.Origin("oxfordshire", 2)
	if _, err := w.Cosign(l.request(0, 5), noon()); !errors.Is(err, ErrUnknownLog) {
		t.Errorf("another generation: %v", err)
	}
	l.origin, l.key = proof.Origin("berkshire", 1), proof.DemoKey("berkshire")
	if _, err := w.Cosign(l.request(0, 5), noon()); !errors.Is(err, ErrUnknownLog) {
		t.Errorf("another ledger: %v", err)
	}
}

func newKey(t testing.TB) *proof.Key {
	t.Helper()
	key, err := proof.NewKey("oxfordshire")
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestACheckpointThatNoTrustedKeySignedIsNotCosigned(t *testing.T) {
	w, l := newWitness(t), honest(t)
	for name, request := range map[string][]byte{
		"another key": l.signedWith(newKey(t)).request(0, 5),
		"a spoilt signature": bytes.Replace(l.request(0, 5), []byte("— pcnledger/oxfordshire srdU"),
			[]byte("— pcnledger/oxfordshire srdUAAAA"), 1),
		"another checkpoint's signature": bytes.Replace(l.request(0, 5), []byte("g1\n5\n"), []byte("g1\n6\n"), 1),
	} {
		if _, err := w.Cosign(request, noon()); !errors.Is(err, ErrSignature) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := last(t, w); got != 0 {
		t.Errorf("the witness remembers %d events", got)
	}
}

func TestWhatIsNoRequestIsNotCosigned(t *testing.T) {
	w, l := newWitness(t), honest(t)
	mustCosign(t, w, l, 0, 5, noon())
	junk := proof.Consistency{Old: 5, Path: []proof.Hash{{1}}, Note: l.signed(5)}.Text()
	for name, request := range map[string][]byte{
		"nothing": nil, "a checkpoint alone": l.signed(6), "a letter more": append(l.request(5, 6), 'x'),
		"returns":               bytes.ReplaceAll(l.request(5, 6), []byte("\n"), []byte("\r\n")),
		"a proof of nothing":    junk,
		"from more to less":     proof.Consistency{Old: 9, Note: l.signed(6)}.Text(),
		"an extension line":     bytes.Replace(l.request(5, 6), []byte("\n\n— "), []byte("\nmore\n\n— "), 1),
		"an origin of nobody's": bytes.Replace(l.request(5, 6), []byte("pcnledger/oxfordshire/g1"), []byte("example.com/log"), 1),
	} {
		if _, err := w.Cosign(request, noon()); !errors.Is(err, ErrRequest) {
			t.Errorf("%s: %v", name, err)
		}
	}
	fresh := newWitness(t)
	fromNothing := proof.Consistency{Old: 0, Path: []proof.Hash{{1}}, Note: l.signed(5)}.Text()
	if _, err := fresh.Cosign(fromNothing, noon()); !errors.Is(err, ErrRequest) {
		t.Errorf("a proof from nothing: %v", err)
	}
}

// checkEvidence checks that err carries both checkpoints and that its file holds both, signed.
func checkEvidence(t *testing.T, w *Witness, p Pair, seen, shown ledger) {
	t.Helper()
	if p.Seen.Checkpoint != seen.checkpoint(p.Seen.Size) || p.Shown.Checkpoint != shown.checkpoint(p.Shown.Size) {
		t.Errorf("it carries %v and %v", p.Seen.Checkpoint, p.Shown.Checkpoint)
	}
	text, err := os.ReadFile(p.Evidence)
	if err != nil || filepath.Dir(p.Evidence) != w.path("evidence") {
		t.Fatalf("evidence in %s: %v", p.Evidence, err)
	}
	_, rest, _ := strings.Cut(string(text), "=== seen, and cosigned by the witness ===\n")
	first, second, _ := strings.Cut(rest, "\n=== shown in this request, and not cosigned ===\n")
	keys, witnesses := []proof.PublicKey{seen.key.Public()}, []proof.WitnessKey{w.Key()}
	if n, err := proof.OpenNote([]byte(first), keys, witnesses); err != nil || n.Checkpoint != p.Seen.Checkpoint || len(n.Cosignatures) != 1 {
		t.Errorf("the evidence has seen %v, %v", n.Checkpoint, err)
	}
	asked, err := proof.ParseConsistency([]byte(second))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := proof.OpenNote(asked.Note, keys, witnesses); err != nil || n.Checkpoint != p.Shown.Checkpoint || len(n.Cosignatures) != 0 {
		t.Errorf("the evidence is shown %v, %v", n.Checkpoint, err)
	}
}

func TestALogThatWentBackIsReported(t *testing.T) {
	w, l := newWitness(t), honest(t)
	mustCosign(t, w, l, 0, 10, noon())
	for name, request := range map[string][]byte{
		"asked from before": l.request(5, 9), "asked from nothing": l.request(0, 9), "rewritten, too": l.rewrittenAt(3).request(5, 9),
		"asked from where it was": proof.Consistency{Old: 10, Note: l.signed(9)}.Text(),
	} {
		var rollback *Rollback
		_, err := w.Cosign(request, noon())
		if !errors.As(err, &rollback) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		shown := l
		if name == "rewritten, too" {
			shown = l.rewrittenAt(3)
		}
		checkEvidence(t, w, rollback.Pair, l, shown)
	}
	mustCosign(t, w, l, 10, 11, noon())
}

// A restored ledger is a new generation, which has to continue the one before.
func TestARestoredLedgerHasToContinueWhatWasSeenBefore(t *testing.T) {
	w, l := newWitness(t), honest(t)
	mustCosign(t, w, l, 0, 10, noon())
	restored := l
	restored.origin = proof.Origin("oxfordshire", 3)
	if err := w.Trust(restored.origin, l.key.Public()); err != nil {
		t.Fatal(err)
	}
	var stale *Stale
	if _, err := w.Cosign(restored.request(0, 12), noon()); !errors.As(err, &stale) || stale.Size != 10 {
		t.Errorf("as if it began: %v", err)
	}
	var rollback *Rollback
	if _, err := w.Cosign(restored.request(0, 9), noon()); !errors.As(err, &rollback) {
		t.Errorf("restored from too old a backup: %v", err)
	}
	var fork *Fork
	if _, err := w.Cosign(restored.rewrittenAt(3).request(10, 12), noon()); !errors.As(err, &fork) {
		t.Errorf("rewritten: %v", err)
	}
	mustCosign(t, w, restored, 10, 12, noon())
	mustCosign(t, w, restored, 12, 13, noon())
}

func TestALogThatForkedAtOneSizeIsReported(t *testing.T) {
	w, l := newWitness(t), honest(t)
	forked := l.rewrittenAt(4)
	mustCosign(t, w, l, 0, 10, noon())
	for _, old := range []int64{0, 3, 10} {
		var fork *Fork
		_, err := w.Cosign(forked.request(old, 10), noon())
		if !errors.As(err, &fork) || !fork.Certain {
			t.Fatalf("from %d: %v", old, err)
		}
		checkEvidence(t, w, fork.Pair, l, forked)
	}
	mustCosign(t, w, l, 10, 11, noon())
}

func TestALogThatWasRewrittenAndGrewIsReported(t *testing.T) {
	w, l := newWitness(t), honest(t)
	mustCosign(t, w, l, 0, 10, noon())
	for at := int64(1); at <= 10; at++ {
		forked := l.rewrittenAt(at)
		var fork *Fork
		_, err := w.Cosign(forked.request(10, 20), noon())
		if !errors.As(err, &fork) || fork.Certain {
			t.Fatalf("event %d: %v", at, err)
		}
		checkEvidence(t, w, fork.Pair, l, forked)
	}
	// An event that the witness has not seen may still be any.
	mustCosign(t, w, l.rewrittenAt(11), 10, 20, noon())
}

func TestAProofThatDoesNotHoldIsReportedAndNotCosigned(t *testing.T) {
	w, l := newWitness(t), honest(t)
	mustCosign(t, w, l, 0, 10, noon())
	for name, path := range map[string][]proof.Hash{"none": nil, "another": {{1}, {2}, {3}, {4}}} {
		var fork *Fork
		_, err := w.Cosign(proof.Consistency{Old: 10, Path: path, Note: l.signed(20)}.Text(), noon())
		if !errors.As(err, &fork) || fork.Certain {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := last(t, w); got != 10 {
		t.Errorf("the witness remembers %d events", got)
	}
}

func TestTheSameContradictionIsKeptOnce(t *testing.T) {
	w, l := newWitness(t), honest(t)
	mustCosign(t, w, l, 0, 10, noon())
	var first []byte
	for i := range 3 {
		var fork *Fork
		_, err := w.Cosign(l.rewrittenAt(1).request(0, 10), noon().Add(time.Duration(i)*time.Hour))
		if !errors.As(err, &fork) {
			t.Fatal(err)
		}
		text, err := os.ReadFile(fork.Evidence)
		if err != nil || i > 0 && !bytes.Equal(text, first) {
			t.Errorf("the file of the first time was changed, %v", err)
		}
		first = text
	}
	if files, err := os.ReadDir(w.path("evidence")); len(files) != 1 {
		t.Errorf("%d files, %v", len(files), err)
	}
}

func TestAContradictionIsReportedEvenIfItCannotBeKept(t *testing.T) {
	w, l := newWitness(t), honest(t)
	mustCosign(t, w, l, 0, 10, noon())
	full := errors.New("the disk is full")
	w.at = func(step) error { return full }
	var fork *Fork
	_, err := w.Cosign(l.rewrittenAt(1).request(0, 10), noon())
	if !errors.As(err, &fork) || !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
}

// Strangers can add signature lines to a genuine checkpoint: as many as a note may have, and the witness's own on top would
// be one more than can be read again.
func TestStrangersSignaturesAreNotKept(t *testing.T) {
	w, l := newWitness(t), honest(t)
	note := l.signed(5)
	for range 99 {
		stranger, err := proof.NewWitnessSigner("stranger.example.org")
		if err != nil {
			t.Fatal(err)
		}
		line, err := stranger.Cosign(l.checkpoint(5), noon())
		if err != nil {
			t.Fatal(err)
		}
		note = append(note, line...)
	}
	if _, err := w.Cosign(proof.Consistency{Note: note}.Text(), noon()); err != nil {
		t.Fatal(err)
	}
	mustCosign(t, reopen(t, w), l, 5, 6, noon())
}

func TestACosignedCheckpointCanBeCosignedAgain(t *testing.T) {
	w, l := newWitness(t), honest(t)
	n := mustCosign(t, w, l, 0, 5, noon())
	line, err := w.Cosign(proof.Consistency{Old: 5, Note: n.Text}.Text(), noon().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	again, err := proof.AddCosignature(n.Text, line)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := proof.OpenNote(again, []proof.PublicKey{l.key.Public()}, []proof.WitnessKey{w.Key()})
	if err != nil || len(opened.Cosignatures) != 1 || !opened.Cosignatures[0].At.Equal(noon().Add(time.Hour)) {
		t.Errorf("cosigned %v, %v", opened.Cosignatures, err)
	}
}

func TestTheTimeOfACosignatureNeverGoesBack(t *testing.T) {
	w, l := newWitness(t), honest(t)
	mustCosign(t, w, l, 0, 5, noon())
	n := mustCosign(t, w, l, 5, 6, noon().Add(-clockSlack))
	if !n.Cosignatures[0].At.Equal(noon()) {
		t.Errorf("with the clock set back a little it is of %s", n.Cosignatures[0].At)
	}
	if line, err := w.Cosign(l.request(6, 7), noon().Add(-clockSlack-time.Second)); err == nil {
		t.Errorf("with the clock set back far: %s", line)
	}
	if got := last(t, w); got != 6 {
		t.Errorf("the witness remembers %d events", got)
	}
}

func FuzzCosign(f *testing.F) {
	w, l := newWitness(f), honest(f)
	mustCosign(f, w, l, 0, 10, noon())
	for _, request := range [][]byte{l.request(10, 20), l.request(0, 10), l.request(5, 9), l.rewrittenAt(2).request(10, 12)} {
		f.Add(request)
	}
	forked := l.rewrittenAt(2).checkpoint(12)
	f.Fuzz(func(t *testing.T, request []byte) {
		if line, err := w.Cosign(request, noon()); err == nil {
			if c, err := proof.ReadCheckpoint(request[bytes.Index(request, []byte("\n\n"))+2:]); err != nil || c == forked {
				t.Errorf("%q is cosigned: %s, %v", request, line, err)
			}
		}
	})
}
