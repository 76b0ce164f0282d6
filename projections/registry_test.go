package projections_test

import (
	"testing"

	"pcnledger/domain"
	"pcnledger/projections"
)

func TestRegistryOfSixHundredThousand(t *testing.T) {
	views := fold(sixHundredThousand())
	g := &views.Registry
	check(t, "named", g.Name(ccg), "Oxfordshire CCG")
	check(t, "never named", g.Name("ods:X00003"), "X00003")
	check(t, "never registered", g.Name("local:NOBODY"), "local:NOBODY")

	merged, _ := g.Body("ods:X00003")
	check(t, "successions", merged.Successions, []projections.Succession{{
		Number: 12, Date: "2019-02-01", Reason: "the practices merged", Successors: []domain.Successor{{Body: "ods:X00002", Share: 1, Of: 1}},
	}})
	check(t, "on its last day", g.NetworkOf("ods:X00003", "2019-01-31"), city)
	check(t, "the day after", g.NetworkOf("ods:X00003", "2019-02-01"), "")
	check(t, "the day before the first", g.NetworkOf("ods:X00001", "2018-12-31"), "")

	lists := g.Lists()
	check(t, "patients", lists[0].Patients(), 49_999)
	check(t, "number", lists[0].Number, listNumber)
	check(t, "warnings", views.Ledger.Warnings, []projections.Warning{{Number: 18, Subject: "fund/NR-PCN-2018", Text: "one practice has no list"}})
}

func TestTheNewestNameCounts(t *testing.T) {
	h := &history{}
	register := func(name string, from domain.Date) {
		h.record("2019-04-01", domain.BodyRegistered{Body: north, Kind: domain.KindNetwork, Name: name, From: from})
	}
	register("Banbury Neighbourhood", "")
	register("Banbury Cross PCN", "2019-07-01")
	register("Banbury Locality", "2018-01-01") // learnt late
	register("", "")
	views := fold(h.events)
	check(t, "name", views.Registry.Name(north), "Banbury Cross PCN")
	body, _ := views.Registry.Body(north)
	check(t, "names", len(body.Names), 3)
}

func TestAMembershipRecordedAgainTakesTheNewLastDay(t *testing.T) {
	h := &history{}
	for _, to := range []domain.Date{"", "2019-03-31"} {
		member := domain.Member{Practice: "ods:X00001", From: "2019-01-01", To: to}
		h.record("2019-04-01", domain.MembershipRecorded{Network: north, Members: []domain.Member{member}})
	}
	views := fold(h.events)
	memberships := views.Registry.Memberships()
	if len(memberships) != 1 || memberships[0].To != "2019-03-31" || memberships[0].Number != 2 {
		t.Errorf("memberships are %+v", memberships)
	}
}
