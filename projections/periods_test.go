package projections_test

import (
	"testing"

	"pcnledger/domain"
	"pcnledger/projections"
)

// April has the balances brought in, eight lines of £111,000 on each side, and a spend of £6,000 that is cost and payable, and
// charged and taken from what is allocated.
func TestAPeriodSaysWhatWasPostedAndHowItWasClosed(t *testing.T) {
	p := fold(governedYear()).Periods
	april := p.Period("2019-20/M01")
	check(t, "status", april.Status, projections.PeriodClosed)
	check(t, "postings", april.Postings, 12)
	check(t, "turnover", april.Turnover, projections.Turnover{Debit: pounds(123_000), Credit: pounds(123_000)})
	var how []int64
	for _, c := range april.Closings {
		how = append(how, c.Number)
	}
	check(t, "closings", how, []int64{24, 25, 26, 27})
	check(t, "by whom", april.Closings[1].Raised, approverOne)
	if c := april.Closings; !c[0].Soft || c[1].Soft || !c[2].Reopened || c[2].Reason != "an invoice was found" || c[3].Hash == "" {
		t.Errorf("the closings of April are %+v", c)
	}
	if err := p.Check(); err != nil {
		t.Error(err)
	}
	check(t, "a period that nobody knows", p.Period("2031-32/M01"), projections.Period{Period: "2031-32/M01", Status: projections.PeriodOpen})
}

func TestAPeriodIsOpenSoftlyClosedClosedAndReopened(t *testing.T) {
	views := projections.NewViews()
	want := map[int64]projections.PeriodStatus{
		23: projections.PeriodOpen, 24: projections.PeriodSoftClosed, 25: projections.PeriodClosed, 26: projections.PeriodOpen, 27: projections.PeriodClosed,
	}
	for _, r := range governedYear() {
		views.Apply(r)
		if status, told := want[r.Number]; told && views.Periods.Status("2019-20/M01") != status {
			t.Errorf("after event %d April is %s", r.Number, views.Periods.Status("2019-20/M01"))
		}
	}
	check(t, "the month before", views.Periods.Status("2018-19/M12"), projections.PeriodClosed)
	check(t, "the adjustments before", views.Periods.Status("2018-19/M13"), projections.PeriodOpen)
	check(t, "the adjustments to come", views.Periods.Status("2019-20/M13"), projections.PeriodNotYet)
}

// The accrual of £2,000 in May and its reversal in June net to nothing over both, and not by period.
func TestAnAccrualStandsInItsPeriodAndItsReversalInTheNext(t *testing.T) {
	views := fold(governedYear())
	cost := func(period domain.Period, account domain.Account) projections.Turnover {
		for _, move := range views.Periods.Movement(period) {
			if move.Account == account {
				return move.Turnover
			}
		}
		return projections.Turnover{}
	}
	check(t, "accruals in May", cost("2019-20/M02", domain.Accruals), projections.Turnover{Credit: pounds(2_000)})
	check(t, "accruals in June", cost("2019-20/M03", domain.Accruals), projections.Turnover{Debit: pounds(2_000)})
	check(t, "cost in May", cost("2019-20/M02", domain.Expenditure), projections.Turnover{Debit: pounds(2_000)})
	check(t, "cost in June", cost("2019-20/M03", domain.Expenditure), projections.Turnover{Debit: pounds(800), Credit: pounds(2_500)}) // 300 lost, 500 coded anew
	var through []domain.Pence
	for _, period := range []domain.Period{"2019-20/M01", "2019-20/M02", "2019-20/M03", "2019-20/M04", "2019-20/M05"} {
		through = append(through, views.Periods.TrialBalance(period)[0].Pence)
	}
	check(t, "cost through each month", through, []domain.Pence{pounds(16_000), pounds(18_000), pounds(16_300), pounds(16_400), pounds(16_400)})
	f, _ := views.Funds.Fund(controlFund)
	check(t, "accruals over both", f.Financial.Accruals, 0)

	var lines []projections.Entry
	for _, entry := range views.Journal.All() {
		if entry.Number == 22 {
			lines = append(lines, entry)
		}
	}
	if len(lines) != 8 || lines[3].Effective != "2019-05-31" || lines[4].Effective != "2019-06-01" || lines[4].Period != "2019-20/M03" || lines[7].Line != 8 {
		t.Errorf("the accrual stands in the journal as %+v", lines)
	}
}

func TestACloseThatStoodAtSomethingElseIsNoticed(t *testing.T) {
	events := governedYear()
	spend := onEvidence("2019-05-20", pounds(6_001))
	events[13].Event = spend
	views := fold(events)
	if views.Periods.Check() == nil {
		t.Error("a closed month differs by a pound, and the check does not say so")
	}
}
