package projections_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"pcnledger/domain"
	"pcnledger/projections"
)

const (
	oldKey = domain.VerifierKey("pcnledger/oxfordshire+0a1b2c3d+AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAh")
	newKey = domain.VerifierKey("pcnledger/oxfordshire+4e5f6a7b+AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB")
)

// signed is a ledger that changed its key.
func signed() []domain.Recorded {
	h := &history{}
	h.record("2019-01-02", domain.LedgerCreated{Ledger: "oxfordshire", Commissioner: ccg, Name: "Oxfordshire CCG", Kind: domain.KindLive})
	h.record("2019-01-02", domain.KeyRotated{Key: oldKey})
	h.record("2019-03-02", domain.KeyRotated{Key: newKey, Previous: oldKey})
	return h.events
}

func TestTheKeysOfALedgerAreListedWithTheNumbersTheyHoldFrom(t *testing.T) {
	want := []projections.Key{
		{Number: 2, KeyRotated: domain.KeyRotated{Key: oldKey}},
		{Number: 3, KeyRotated: domain.KeyRotated{Key: newKey, Previous: oldKey}},
	}
	if diff := cmp.Diff(want, fold(signed()).Ledger.Keys); diff != "" {
		t.Error(diff)
	}
}
