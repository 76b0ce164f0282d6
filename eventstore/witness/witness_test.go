package witness

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pcnledger/eventstore/proof"
)

func TestAWitnessKeepsItsKey(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "some", "where")
	w, err := Create(dir, "audit.example.org/witness")
	if err != nil {
		t.Fatal(err)
	}
	if w.Key().Name() != "audit.example.org/witness" {
		t.Errorf("its name is %s", w.Key().Name())
	}
	if again := reopen(t, w); again.Key() != w.Key() {
		t.Errorf("its key was %s and is %s", w.Key(), again.Key())
	}
}

func TestNobodyElseMayReadTheKey(t *testing.T) {
	w := newWitness(t)
	for path, want := range map[string]os.FileMode{w.path("key"): 0o600, w.path("ledgers"): 0o700 | os.ModeDir} {
		if file, err := os.Stat(path); err != nil || file.Mode() != want {
			t.Errorf("%s: %v, %v", path, file.Mode(), err)
		}
	}
}

func TestAWitnessIsNeverMadeOverAnother(t *testing.T) {
	w := newWitness(t)
	if _, err := Create(w.dir, "other.example.org"); !errors.Is(err, ErrInUse) {
		t.Errorf("while it is open: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(w.dir, "other.example.org"); !errors.Is(err, ErrWitnessExists) {
		t.Errorf("while it is closed: %v", err)
	}
	again, err := Open(w.dir)
	if err != nil || again.Key() != w.Key() {
		t.Fatalf("afterwards: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

func TestAWitnessHasAName(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "w")
	if _, err := Create(dir, "two words"); err == nil {
		t.Error("it was made without one")
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something was made: %v", err)
	}
}

func TestWhereNoWitnessIsNoneIsOpened(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "w")
	if _, err := Open(dir); !errors.Is(err, ErrNoWitness) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something was made: %v", err)
	}
}

func TestOneAtATimeHasTheDirectory(t *testing.T) {
	w := newWitness(t)
	if _, err := Open(w.dir); !errors.Is(err, ErrInUse) {
		t.Errorf("got %v", err)
	}
	l := honest(t)
	again := reopen(t, w)
	if _, err := w.Cosign(l.request(0, 5), noon()); !errors.Is(err, os.ErrClosed) {
		t.Errorf("the closed one cosigns: %v", err)
	}
	if err := w.AddKey(origin, newKey(t).Public()); !errors.Is(err, os.ErrClosed) {
		t.Errorf("the closed one is told of a key: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Errorf("closing it twice: %v", err)
	}
	if _, err := Open(w.dir); !errors.Is(err, ErrInUse) {
		t.Errorf("closing it twice lets go of the other's lock: %v", err)
	}
	mustCosign(t, again, l, 0, 5, noon())
}

func TestARotatedKeyIsTrustedOnlyWhenSomebodySaysSo(t *testing.T) {
	w, l := newWitness(t), honest(t)
	rotated := l.signedWith(newKey(t))
	mustCosign(t, w, l, 0, 5, noon())
	if _, err := w.Cosign(rotated.request(5, 6), noon()); !errors.Is(err, ErrSignature) {
		t.Fatalf("before: %v", err)
	}
	if err := w.Trust(origin, rotated.key.Public()); !errors.Is(err, ErrOtherKey) {
		t.Fatalf("told as of a new log: %v", err)
	}
	if _, err := w.Cosign(rotated.request(5, 6), noon()); !errors.Is(err, ErrSignature) {
		t.Fatalf("after that was refused: %v", err)
	}
	for range 2 { // the second time changes nothing
		if err := w.AddKey(origin, rotated.key.Public()); err != nil {
			t.Fatal(err)
		}
	}
	w = reopen(t, w)
	mustCosign(t, w, rotated, 5, 6, noon())
	mustCosign(t, w, l, 6, 7, noon())
	var fork *Fork
	if _, err := w.Cosign(rotated.rewrittenAt(2).request(7, 8), noon()); !errors.As(err, &fork) {
		t.Errorf("the new key rewrites the log: %v", err)
	}
	ledgers, err := w.Ledgers()
	if err != nil || len(ledgers) != 1 || len(ledgers[0].Keys) != 2 || ledgers[0].Keys[1] != rotated.key.Public() {
		t.Errorf("it trusts %+v, %v", ledgers, err)
	}
}

func TestATrustedKeyIsOfTheLedger(t *testing.T) {
	w := newWitness(t)
	for origin, key := range map[string]proof.PublicKey{
		proof.Origin("oxfordshire", 2): proof.DemoKey("berkshire").Public(),
		"example.com/log":              proof.DemoKey("oxfordshire").Public(),
		"":                             {},
		proof.Origin("cambridge", 1):   {},
	} {
		if err := w.Trust(origin, key); err == nil {
			t.Errorf("%s is trusted for %q", key, origin)
		}
	}
	if err := w.AddKey(proof.Origin("oxfordshire", 2), honest(t).key.Public()); !errors.Is(err, ErrUnknownLog) {
		t.Errorf("a further key for a log that it does not know: %v", err)
	}
	if err := w.Trust(origin, honest(t).key.Public()); err != nil {
		t.Errorf("what it trusts already: %v", err)
	}
}

func TestEachLogIsRememberedByItself(t *testing.T) {
	w, l := newWitness(t), honest(t)
	second := l.rewrittenAt(1)
	second.origin = proof.Origin("oxfordshire", 2)
	other := l.rewrittenAt(2).signedWith(proof.DemoKey("berkshire"))
	other.origin = proof.Origin("berkshire", 1)
	for _, l := range []ledger{second, other} {
		if err := w.Trust(l.origin, l.key.Public()); err != nil {
			t.Fatal(err)
		}
	}
	for i, l := range []ledger{second, l, other} { // the earlier generation late: its copy lives on somewhere
		mustCosign(t, w, l, 0, int64(10+i), noon())
	}
	ledgers, err := reopen(t, w).Ledgers()
	if err != nil || len(ledgers) != 3 {
		t.Fatalf("it knows %v, %v", ledgers, err)
	}
	for i, want := range []struct {
		origin string
		size   int64
	}{{other.origin, 12}, {l.origin, 11}, {second.origin, 10}} {
		if got := ledgers[i]; got.Origin != want.origin || got.Last == nil || got.Last.Size != want.size {
			t.Errorf("%d: %s, %v", i, got.Origin, got.Last)
		}
	}
}

// What a witness finds in its directory must be what it wrote. Otherwise it cosigns nothing: least of all as if it had never
// seen the log.
func TestADamagedRecordIsNeverTakenForAnEmptyOne(t *testing.T) {
	l := honest(t)
	for name, damage := range map[string]func([]byte) []byte{
		"empty":                 func([]byte) []byte { return nil },
		"cut after its keys":    func(r []byte) []byte { return r[:bytes.Index(r, []byte("cosigned"))] },
		"cut before the note":   func(r []byte) []byte { return r[:bytes.Index(r, []byte("\n\n"))+1] },
		"cut in the note":       func(r []byte) []byte { return r[:len(r)-5] },
		"without the cosigning": func(r []byte) []byte { return r[:bytes.LastIndex(r, []byte("— "))] },
		"set back to nothing with a note": func(r []byte) []byte {
			return bytes.Replace(r, []byte("cosigned 10"), []byte("cosigned nothing"), 1)
		},
		"of another size": func(r []byte) []byte { return bytes.Replace(r, []byte("\n10\n"), []byte("\n11\n"), 1) },
		"of another origin": func(r []byte) []byte {
			return bytes.ReplaceAll(r, []byte("oxfordshire/g1"), []byte("oxfordshire/g2"))
		},
		"without a key":     func(r []byte) []byte { return bytes.Replace(r, []byte("key "), []byte("yek "), 1) },
		"with another note": func(r []byte) []byte { return append(r[:bytes.Index(r, []byte("\n\n"))+2], l.signed(10)...) },
		"with a line more":  func(r []byte) []byte { return bytes.Replace(r, []byte("\ncosigned"), []byte("\nmore\ncosigned"), 1) },
		"with letters after": func(r []byte) []byte {
			return append(r, "more\n"...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWitness(t)
			mustCosign(t, w, l, 0, 10, noon())
			path := w.path("ledgers", "oxfordshire.g1")
			record, err := os.ReadFile(path)
			if err == nil {
				err = os.WriteFile(path, damage(record), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			w = reopen(t, w)
			for _, request := range [][]byte{l.request(0, 12), l.request(10, 12), l.request(0, 10)} {
				if line, err := w.Cosign(request, noon()); err == nil || !strings.Contains(err.Error(), "damaged") {
					t.Errorf("it cosigns %s, %v", line, err)
				}
			}
			if err := w.Trust(origin, l.key.Public()); err == nil {
				t.Error("it forgets what it saw when it is told to trust the log")
			}
			if _, err := w.Ledgers(); err == nil {
				t.Error("it lists the record")
			}
		})
	}
}

func TestTheCheckpointOfAnotherLogIsNotTakenForThisOnes(t *testing.T) {
	w, l := newWitness(t), honest(t)
	other := l
	other.origin = proof.Origin("oxfordshire", 2)
	if err := w.Trust(other.origin, other.key.Public()); err != nil {
		t.Fatal(err)
	}
	mustCosign(t, w, l, 0, 10, noon())
	n := mustCosign(t, w, other, 10, 10, noon())
	record, err := os.ReadFile(w.path("ledgers", "oxfordshire.g1"))
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := bytes.Cut(record, []byte("\n\n"))
	mixed := append(append(head, "\n\n"...), n.Text...)
	if r, err := parseRecord(origin, mixed, w.Key()); err == nil {
		t.Errorf("read %s", r.last)
	}
}

// Every flipped bit of a record is noticed: it could be in the root.
func TestEveryFlippedBitOfARecordIsNoticed(t *testing.T) {
	w, l := newWitness(t), honest(t)
	mustCosign(t, w, l, 0, 10, noon())
	record, err := os.ReadFile(w.path("ledgers", "oxfordshire.g1"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range record {
		for _, bit := range []byte{1, 0x20, 0x80} {
			record[i] ^= bit
			if r, err := parseRecord(origin, record, w.Key()); err == nil {
				t.Errorf("byte %d: read %q", i, r.last)
			}
			record[i] ^= bit
		}
	}
}

func TestALostDirectoryIsNotMadeAnew(t *testing.T) {
	for _, name := range []string{"ledgers", "evidence"} {
		w := newWitness(t)
		if err := errors.Join(w.Close(), os.RemoveAll(w.path(name))); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(w.dir); err == nil {
			t.Errorf("%s: it opens", name)
		}
		if _, err := Create(w.dir, "audit.example.org/witness"); !errors.Is(err, ErrWitnessExists) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := Open(w.dir); err == nil {
			t.Errorf("%s: it opens afterwards", name)
		}
	}
}

func TestALostRecordMakesTheLogUnknown(t *testing.T) {
	w, l := newWitness(t), honest(t)
	mustCosign(t, w, l, 0, 10, noon())
	if err := os.Remove(w.path("ledgers", "oxfordshire.g1")); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Cosign(l.request(0, 12), noon()); !errors.Is(err, ErrUnknownLog) {
		t.Errorf("got %v", err)
	}
}
