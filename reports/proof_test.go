package reports_test

import (
	"testing"
	"time"

	"pcnledger/domain"
	"pcnledger/projections"
	"pcnledger/reports"
)

// proved is what a log says for itself in these tests.
var proved = reports.Proof{
	Root: "1t2xdIYM+1Z4xKdDfHo9gtGvU3B1YLMLCmx0QOFPKmA=",
	Witnessed: []reports.Witnessed{
		{Name: "audit.example.org/witness", Size: 14, At: time.Date(2026, 7, 1, 8, 30, 5, 0, time.UTC)},
		{Name: "=formula.example.org", Size: 20, At: time.Date(2026, 7, 2, 9, 0, 0, 0, time.UTC)},
	},
}

// keyed is a new ledger with a first key, a rotated one and one that took the place of a lost one.
func keyed() *projections.Views {
	views := created(domain.KindLive)
	for i, e := range []domain.KeyRotated{
		{Key: "pcnledger/example+0a0a0a0a+AQAB"},
		{Key: "pcnledger/example+0b0b0b0b+AQAC", Previous: "pcnledger/example+0a0a0a0a+AQAB"},
		{Key: "pcnledger/example+0c0c0c0c+AQAD", Previous: "pcnledger/example+0b0b0b0b+AQAC", Lost: true, Reason: "the disk was stolen"},
	} {
		views.Apply(domain.Recorded{
			Stamp: domain.Stamp{Number: int64(i + 2), Time: time.Date(2026, 7, 1, 8, 0, i, 0, time.UTC), Actor: "finance"},
			Fact:  domain.Fact{Event: e},
		})
	}
	return views
}

func TestAReportSaysWhatProvesItsNumber(t *testing.T) {
	all := ""
	keys := build(t, keyed(), "keys", reports.Options{Proof: proved})
	checkpoints := reports.Checkpoints(keyed(), reports.Options{Proof: proved}, []reports.Checkpoint{
		{Origin: "pcnledger/example/g1", Size: 3, Root: "abc=", SignedBy: []string{"0b0b0b0b"}, Witnessed: proved.Witnessed},
		{Origin: "pcnledger/example/g2", Size: 4, Root: proved.Root, SignedBy: []string{"0c0c0c0c"}},
	})
	for _, r := range []reports.Report{keys, checkpoints, reports.Checkpoints(keyed(), reports.Options{}, nil)} {
		for _, name := range []string{"text", "csv", "json"} {
			f, err := reports.FormatNamed(name)
			if err != nil {
				t.Fatal(err)
			}
			all += written(t, f, r) + "\n"
		}
	}
	golden(t, "proved", all)
}
