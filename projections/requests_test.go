package projections_test

import (
	"testing"

	"pcnledger/domain"
	"pcnledger/projections"
)

func TestARequestSaysWhatBecameOfIt(t *testing.T) {
	q := fold(governedYear()).Requests
	approved, _ := q.Request(4)
	check(t, "approved", []any{approved.State("2020-01-01"), approved.By, approved.EndedBy, approved.EndedIn, approved.ApprovedIn, approved.Command},
		[]any{projections.RequestApproved, adminOne, adminTwo, int64(5), int64(3), "AppointOfficer"})
	check(t, "caused", approved.Caused, []int64{6})
	refused, _ := q.Request(37)
	check(t, "refused", []any{refused.State("2019-08-10"), refused.EndedBy, refused.Reason},
		[]any{projections.RequestRefused, approverOne, "the plan is not agreed"})
	check(t, "judged", []domain.Pence{refused.Worth[0].Pence, refused.Judged[0].Pence, refused.Limit}, []domain.Pence{pounds(700), pounds(900), pounds(500)})
	withdrawn, _ := q.Request(39)
	check(t, "withdrawn", withdrawn.State("2019-08-12"), projections.RequestWithdrawn)
	if _, ok := q.Request(40); ok {
		t.Error("a withdrawal is taken for a request")
	}
}

func TestARequestThatNobodyDecidedExpiresAfterItsLastDay(t *testing.T) {
	q := fold(governedYear()).Requests
	waiting, _ := q.Request(41)
	check(t, "on its last day", waiting.State("2019-09-11"), projections.RequestOpen)
	check(t, "the day after", waiting.State("2019-09-12"), projections.RequestExpired)
	check(t, "open", []int{len(q.Open("2019-09-11")), len(q.Open("2019-09-12"))}, []int{1, 0})
	check(t, "what was asked", []string{waiting.Command, waiting.About}, []string{"RegisterBody", "body/local:TRUST-B"})
}
