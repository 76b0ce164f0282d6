package main

import (
	"slices"
	"testing"

	"pcnledger/domain"
	"pcnledger/ledger"
	"pcnledger/projections"
)

func theExamplesAllocationIsHeldAndApprovedByAnotherOfficer(t *testing.T, l *ledger.Ledger) {
	for _, r := range l.Views().Requests.All() {
		if r.Act != "FundAllocated" || r.About != "fund/NR-PCN-2018" {
			continue
		}
		if r.By != "finance-officer" || r.EndedBy != "chief-finance-officer" || r.Ended != projections.RequestApproved {
			t.Errorf("request %d was raised by %s and %s by %s", r.Number, r.By, r.Ended, r.EndedBy)
		}
		return
	}
	t.Error("no request for the allocation")
}

func noMoneyOfTheExampleLeavesThroughOnePairOfHands(t *testing.T, l *ledger.Ledger) {
	err := l.Recorded(t.Context(), func(r domain.Recorded) {
		if r.Number > 3 && r.RaisedBy == "" {
			t.Errorf("event %d, %T, names no officer", r.Number, r.Event)
		}
		released, is := r.Event.(domain.PaymentRunReleased)
		if is && (r.RaisedBy != "payment-officer" || released.Run == 0) {
			t.Errorf("run %d was released by %s", released.Run, r.RaisedBy)
		}
		if paid, is := r.Event.(domain.PaymentSettled); is {
			for _, line := range paid.Lines {
				if line.Run == 0 {
					t.Errorf("event %d settles item %s without a run", r.Number, line.Item)
				}
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

func theExampleHasAPaymentRunWithOneFailureAndOneNettedRecovery(t *testing.T, l *ledger.Ledger) {
	for _, run := range l.Views().Runs.All() {
		if run.Reference != "BACS 2019-12-20" {
			continue
		}
		totals := run.Totals()
		if totals.Netted != 157_50 || totals.Failed == 0 || totals.Settled == 0 || totals.InTransit != 0 {
			t.Errorf("the run has %+v; want £157.50 netted, one payment failed, the rest settled", totals)
		}
		return
	}
	t.Error("no run of 20 December 2019")
}

func theExamplesMonthsAreClosedWithTheirAccruals(t *testing.T, l *ledger.Ledger) {
	views := l.Views()
	if err := views.Periods.Check(); err != nil {
		t.Error(err)
	}
	closed := 0
	for _, p := range views.Periods.All() {
		if p.Status == projections.PeriodClosed {
			closed++
		}
	}
	if closed < 12 {
		t.Errorf("%d periods are closed; want at least M12 and M13 of the first year and eleven months of the second", closed)
	}
	accrued := domain.Pence(0)
	for _, line := range views.Periods.TrialBalance("2019-20/M03") {
		if line.Account == domain.Accruals && line.Fund == "CORE-2019" {
			accrued = -line.Pence
		}
	}
	if accrued != 286_484_68 {
		t.Errorf("core funding accrued in June is %s; a quarter of £1,145,938.50, network by network, is £286,484.68", accrued)
	}
}

func theExamplesLatePostingLandsInTheNextOpenPeriod(t *testing.T, l *ledger.Ledger) {
	late := recordedBy(t, l, "y2-recover-NORTH-M07")
	if late.Effective != "2019-11-28" || late.Period != "2019-20/M09" {
		t.Errorf("the recovery dated %s is in %s; want 2019-11-28 in 2019-20/M09, for M08 is closed", late.Effective, late.Period)
	}
}

// recordedBy returns the last event of a command.
func recordedBy(t *testing.T, l *ledger.Ledger, id string) (found domain.Recorded) {
	t.Helper()
	number, err := l.NumberOf(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Recorded(t.Context(), func(r domain.Recorded) {
		if r.Number == number {
			found = r
		}
	}); err != nil {
		t.Fatal(err)
	}
	return found
}

func theExampleHasAnOfficerForEveryRole(t *testing.T, l *ledger.Ledger) {
	var roles []domain.Role
	for _, a := range l.Views().Officers.Appointments() {
		roles = append(roles, a.Role)
	}
	for _, role := range []domain.Role{domain.RoleAdministrator, domain.RoleRecorder, domain.RoleVerifier, domain.RoleApprover, domain.RoleReleaser} {
		if !slices.Contains(roles, role) {
			t.Errorf("nobody is %s", role)
		}
	}
}
