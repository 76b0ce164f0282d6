package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"pcnledger/domain"
	"pcnledger/intake"
)

func sentLine(item domain.ItemID, pence domain.Pence, run int64) domain.SettledLine {
	return domain.SettledLine{Item: item, Payee: "ods:K84036", Pence: pence, Run: run}
}

func TestWhatIsInTransitIsWhatWasReleasedAndNeitherArrivedNorCameBack(t *testing.T) {
	release := domain.PaymentRunReleased{Run: 60, Reference: "PR-1",
		Lines: []domain.SettledLine{sentLine("12.1", 100, 0), sentLine("12.2", 50, 0)}, SetOff: []domain.SettledLine{sentLine("12.3", 10, 0)}}
	settled := domain.PaymentSettled{Lines: []domain.SettledLine{sentLine("12.1", 60, 60), sentLine("12.9", 5, 0)}}
	failed := domain.PaymentFailed{Run: 60, Lines: []domain.SettledLine{sentLine("12.2", 50, 0)}}
	of := func(item domain.ItemID, pence domain.Pence) intake.InTransit {
		return intake.InTransit{Run: 60, Reference: "PR-1", Item: item, Payee: "ods:K84036", Pence: pence, Released: "2019-08-12"}
	}
	arrived := intake.Ended{InTransit: of("12.1", 60), Event: 63, On: "2019-08-15"}
	back := intake.Ended{InTransit: of("12.2", 50), Event: 64, On: "2019-08-16", Returned: true}
	reversed := func(entry int64, e domain.Event) domain.EntryReversed {
		return domain.EntryReversed{Entry: entry, Was: domain.Was{Event: e}}
	}
	var sent transit
	for _, step := range []struct {
		number  int64
		on      domain.Date
		event   domain.Event
		waiting []intake.InTransit
		ended   []intake.Ended
	}{
		{62, "2019-08-12", release, []intake.InTransit{of("12.1", 100), of("12.2", 50)}, nil},
		{63, "2019-08-15", settled, []intake.InTransit{of("12.1", 40), of("12.2", 50)}, []intake.Ended{arrived}},
		{64, "2019-08-16", failed, []intake.InTransit{of("12.1", 40)}, []intake.Ended{arrived, back}},
		{65, "2019-08-17", reversed(63, settled), []intake.InTransit{of("12.1", 100)}, []intake.Ended{back}},
		{66, "2019-08-18", reversed(64, failed), []intake.InTransit{of("12.1", 100), of("12.2", 50)}, nil},
		{67, "2019-08-19", reversed(62, release), nil, nil},
	} {
		sent.apply(domain.Recorded{Stamp: domain.Stamp{Number: step.number}, Fact: domain.Fact{Event: step.event, Effective: step.on}})
		byItem := cmpopts.SortSlices(func(a, b intake.InTransit) bool { return a.Item < b.Item })
		if diff := cmp.Diff(step.waiting, sent.inTransit(), byItem, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%T in transit: %s", step.event, diff)
		}
		if diff := cmp.Diff(step.ended, sent.ended, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%T ended: %s", step.event, diff)
		}
	}
}
