package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pcnledger/eventstore/proof"
	"pcnledger/reports"
)

func TestAReportQuotesTheEarliestCosignatureOfEachWitnessThatCoversIt(t *testing.T) {
	key := proof.DemoKey("main")
	one, two := newWitness(t, "one.example.org"), newWitness(t, "two.example.org")
	at := func(hour int) time.Time { return time.Date(2026, 7, 1, hour, 0, 0, 0, time.UTC) }
	cosigned := func(size int64, by map[*proof.WitnessSigner]time.Time) proof.Note {
		c := proof.Checkpoint{Origin: proof.Origin("main", 1), Size: size, Root: proof.LeafHash([]byte{byte(size)})}
		text, err := key.SignCheckpoint(c)
		if err != nil {
			t.Fatal(err)
		}
		for witness, when := range by {
			line, err := witness.Cosign(c, when)
			if err != nil {
				t.Fatal(err)
			}
			if text, err = proof.AddCosignature(text, line); err != nil {
				t.Fatal(err)
			}
		}
		note, err := proof.OpenNote(text, []proof.PublicKey{key.Public()}, []proof.WitnessKey{one.Key(), two.Key()})
		if err != nil {
			t.Fatal(err)
		}
		return note
	}
	notes := []proof.Note{
		cosigned(4, map[*proof.WitnessSigner]time.Time{one: at(8), two: at(8)}),
		cosigned(6, map[*proof.WitnessSigner]time.Time{two: at(11)}),
		cosigned(9, map[*proof.WitnessSigner]time.Time{one: at(10), two: at(12)}),
	}
	for number, want := range map[int64][]reports.Witnessed{
		4:  {{Name: "one.example.org", Size: 4, At: at(8)}, {Name: "two.example.org", Size: 4, At: at(8)}},
		5:  {{Name: "one.example.org", Size: 9, At: at(10)}, {Name: "two.example.org", Size: 6, At: at(11)}},
		9:  {{Name: "one.example.org", Size: 9, At: at(10)}, {Name: "two.example.org", Size: 9, At: at(12)}},
		10: nil,
	} {
		if diff := cmp.Diff(want, covering(number, notes)); diff != "" {
			t.Errorf("number %d (-want +got):\n%s", number, diff)
		}
	}
}

func newWitness(t *testing.T, name string) *proof.WitnessSigner {
	t.Helper()
	w, err := proof.NewWitnessSigner(name)
	if err != nil {
		t.Fatal(err)
	}
	return w
}
