package projections_test

import (
	"testing"

	"pcnledger/domain"
	"pcnledger/projections"
)

func TestAnAppointmentThatWasEndedHoldsUntilItsLastDay(t *testing.T) {
	o := fold(governedYear()).Officers
	ended, ok := o.Appointment(7)
	if !ok || ended.InForce("2019-03-31") || !ended.InForce("2019-06-30") || ended.InForce("2019-07-01") {
		t.Errorf("the appointment of a deputy is %+v", ended)
	}
	check(t, "how it ended", []any{ended.To, ended.Ended, ended.EndedBy.Raised, ended.Reason, ended.DeputyOf},
		[]any{domain.Date("2019-06-30"), int64(8), adminTwo, "left the team", domain.OfficerID(approverOne)})
	check(t, "in force in June and in July", []int{len(o.InForce("2019-06-30")), len(o.InForce("2019-07-01"))}, []int{4, 3})
	if _, ok := o.Appointment(8); ok {
		t.Error("an end of an appointment is taken for one")
	}
}

func TestAnOfficerIsKnownFromTheFirstAppointmentOn(t *testing.T) {
	o := fold(governedYear()).Officers
	got, ok := o.Officer(recorderOne)
	if !ok {
		t.Fatal("the recorder is not known")
	}
	check(t, "the recorder", got, projections.Officer{ID: recorderOne, First: 6, Identities: []domain.Identity{{Login: recorderOne}}})
	first, _ := o.Appointment(6)
	check(t, "who appointed", first.Hands, projections.Hands{Raised: adminOne, Approved: adminTwo})
	check(t, "officers", len(o.All()), 3)
	if _, ok := o.Officer("nobody"); ok {
		t.Error("nobody is an officer")
	}
}

func TestAnInterestTakesThePlaceOfAnEarlierOneAboutTheSameBody(t *testing.T) {
	o := fold(governedYear()).Officers
	for day, want := range map[domain.Date]domain.Outcome{"2019-05-31": domain.OutcomeDecide, "2019-06-01": domain.OutcomeExcluded} {
		counting := o.InterestsInForce(day)
		if len(counting) != 1 || counting[0].Outcome != want {
			t.Errorf("on %s the interests are %+v", day, counting)
		}
	}
	check(t, "declared", len(o.Interests()), 2)
}

func TestThePolicyInForceIsTheOneAdoptedLast(t *testing.T) {
	o := fold(governedYear()).Officers
	check(t, "policy", []any{o.Policy().Number, o.Policy().Expiry, len(o.Policies())}, []any{int64(9), 14, 1})
	var none projections.Officers
	check(t, "shipped", none.Policy().Title, domain.ShippedPolicy().Title)
}
