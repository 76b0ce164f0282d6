package witness

import (
	"fmt"
	"testing"
	"time"

	"pcnledger/eventstore/proof"
)

// ledger is a log as a witness meets it: a key, and leaves. Two with different leaves are the two sides of a fork.
type ledger struct {
	t      testing.TB
	origin string
	key    *proof.Key
	leaf   func(number int64) proof.Hash
}

var origin = proof.Origin("oxfordshire", 1)

// honest is a ledger that goes on from its beginning, for ever.
func honest(t testing.TB) ledger {
	return ledger{t: t, origin: origin, key: proof.DemoKey("oxfordshire"), leaf: func(number int64) proof.Hash {
		return proof.LeafHash(fmt.Appendf(nil, `{"number":%d}`, number))
	}}
}

// rewrittenAt is l with another event of that number.
func (l ledger) rewrittenAt(at int64) ledger {
	before := l.leaf
	l.leaf = func(number int64) proof.Hash {
		if number == at {
			return proof.LeafHash([]byte("something else"))
		}
		return before(number)
	}
	return l
}

func (l ledger) signedWith(key *proof.Key) ledger {
	l.key = key
	return l
}

func (l ledger) leaves(size int64) proof.Leaves {
	return func(each func(proof.Hash) error) error {
		for number := int64(1); number <= size; number++ {
			if err := each(l.leaf(number)); err != nil {
				return err
			}
		}
		return nil
	}
}

func (l ledger) checkpoint(size int64) proof.Checkpoint {
	var tree proof.Tree
	for number := int64(1); number <= size; number++ {
		tree.Add(l.leaf(number))
	}
	return proof.Checkpoint{Origin: l.origin, Size: size, Root: tree.Root()}
}

func (l ledger) signed(size int64) []byte {
	l.t.Helper()
	note, err := l.key.SignCheckpoint(l.checkpoint(size))
	if err != nil {
		l.t.Fatal(err)
	}
	return note
}

// request asks to cosign the log at a size, from another.
func (l ledger) request(old, size int64) []byte {
	l.t.Helper()
	path, err := proof.ProveConsistency(l.leaves(size), old, size)
	if err != nil {
		l.t.Fatal(err)
	}
	return proof.Consistency{Old: old, Path: path, Note: l.signed(size)}.Text()
}

func noon() time.Time { return time.Date(2019, 4, 22, 12, 0, 0, 0, time.UTC) }

// newWitness makes a witness that trusts the honest ledger. It is closed with the test.
func newWitness(t testing.TB) *Witness {
	t.Helper()
	w, err := Create(t.TempDir(), "audit.example.org/witness")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	if err := w.Trust(origin, honest(t).key.Public()); err != nil {
		t.Fatal(err)
	}
	return w
}

// mustCosign asks for a cosignature and checks it as the ledger would.
func mustCosign(t testing.TB, w *Witness, l ledger, old, size int64, now time.Time) proof.Note {
	t.Helper()
	line, err := w.Cosign(l.request(old, size), now)
	if err != nil {
		t.Fatalf("from %d to %d: %v", old, size, err)
	}
	cosigned, err := proof.AddCosignature(l.signed(size), line)
	if err != nil {
		t.Fatal(err)
	}
	n, err := proof.OpenNote(cosigned, []proof.PublicKey{l.key.Public()}, []proof.WitnessKey{w.Key()})
	if err != nil || len(n.Cosignatures) != 1 || n.Checkpoint != l.checkpoint(size) {
		t.Fatalf("the answer makes %+v, %v", n, err)
	}
	return n
}

// last returns the size that the witness cosigned last.
func last(t testing.TB, w *Witness) int64 {
	t.Helper()
	ledgers, err := w.Ledgers()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range ledgers {
		if l.Origin == origin && l.Last != nil {
			return l.Last.Size
		}
	}
	return 0
}

func reopen(t testing.TB, w *Witness) *Witness {
	t.Helper()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(w.dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = again.Close() })
	return again
}
