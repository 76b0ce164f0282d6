package projections_test

import (
	"testing"

	"pcnledger/domain"
	"pcnledger/projections"
)

// foldTo folds the governed year up to a number.
func foldTo(number int) *projections.Views { return fold(governedYear()[:number]) }

func TestARunSaysHowFarEachPaymentHasCome(t *testing.T) {
	states := func(views *projections.Views) []projections.RunState {
		run, _ := views.Runs.Run(16)
		return []projections.RunState{run.Lines[0].State, run.Lines[1].State}
	}
	check(t, "proposed", states(foldTo(16)), []projections.RunState{projections.RunProposed, projections.RunProposed})
	check(t, "released", states(foldTo(17)), []projections.RunState{projections.RunInTransit, projections.RunInTransit})
	check(t, "one arrived", states(foldTo(18)), []projections.RunState{projections.RunSettled, projections.RunInTransit})
	views := fold(governedYear())
	check(t, "one failed", states(views), []projections.RunState{projections.RunSettled, projections.RunFailed})
	run, _ := views.Runs.Run(16)
	check(t, "totals", run.Totals(), projections.RunTotals{Settled: pounds(4_000), Failed: pounds(5_400), SetOff: pounds(600), Netted: pounds(600)})
	check(t, "by payee", run.Payees()[0].Payee, federation)
	check(t, "hands", []any{run.Hands, run.ReleasedBy.Raised, run.Released, run.ReleasedOn, run.PayOn}, []any{
		projections.Hands{Raised: recorderOne, Approved: approverOne}, releaserOne, int64(17), domain.Date("2019-05-10"), domain.Date("2019-05-10"),
	})
	failed := run.Lines[1]
	check(t, "why", []any{failed.Reason, failed.Number, failed.On}, []any{"the account was closed", int64(19), domain.Date("2019-05-14")})
}

func TestARunThatIsTakenBackIsNotToBePaid(t *testing.T) {
	views := foldTo(16)
	takeBack(views, governedYear()[15])
	run, _ := views.Runs.Run(16)
	check(t, "reversed", []any{run.Reversed, run.Lines[0].State, run.Totals().Proposed}, []any{int64(17), projections.RunReversed, domain.Pence(0)})
	item, _ := views.Items.Item("13.6")
	check(t, "in runs", item.InRuns, 0)
}

// Until the run is released its items are in it; then they are in transit; the payment that failed is open again.
func TestAnItemIsInARunInTransitPaidOrOpenAgain(t *testing.T) {
	type standing struct{ InRuns, InTransit, Paid, Open domain.Pence }
	of := func(number int, id domain.ItemID) standing {
		item, _ := foldTo(number).Items.Item(id)
		return standing{item.InRuns, item.InTransit(), item.Used(projections.UsePaid), item.Open()}
	}
	check(t, "proposed", of(16, "14.1"), standing{InRuns: pounds(6_000), Open: pounds(6_000)})
	check(t, "released", of(17, "14.1"), standing{InTransit: pounds(5_400), Paid: pounds(600)})
	check(t, "failed", of(19, "14.1"), standing{Paid: pounds(600), Open: pounds(5_400)})
	check(t, "paid again", of(20, "14.1"), standing{Paid: pounds(6_000)})
	check(t, "arrived", of(18, "13.6"), standing{Paid: pounds(4_000)})
	item, _ := foldTo(17).Items.Item("13.6")
	if _, settled := item.Settled(); settled {
		t.Error("an item in transit is taken for settled")
	}
	views := fold(governedYear())
	owed, _ := views.Items.Item("13.7")
	check(t, "netted and written off", owed.ByPart(), []projections.ItemPart{{
		Part: domain.Part{For: controlYear, Pence: pounds(1_000)}, Received: pounds(600), WrittenOff: pounds(300),
	}})
	check(t, "left", owed.Open(), pounds(100))
	f, _ := foldTo(17).Funds.Fund(controlFund)
	check(t, "in transit", []domain.Pence{f.Financial.InTransit, f.Settled}, []domain.Pence{pounds(-9_400), pounds(600)})
}

// 13.6 arose on 1 April, was due on 15 May and arrived on 13 May, after 42 days; 14.1 arose on 20 April, was due on 20 May
// and was paid in full on 28 May, after 38 days. The spend of £100 is not paid, that of £1,000 was taken back.
func TestPromptPaymentIsMeasuredFromArisingToArriving(t *testing.T) {
	paid := fold(governedYear()).Items.Prompt()
	check(t, "prompt", paid, []projections.PromptPayment{
		{Item: "13.6", Fund: controlFund, Payee: federation, Arose: "2019-04-01", Due: "2019-05-15", Settled: "2019-05-13", Days: 42, Pence: pounds(4_000), ByDue: true},
		{Item: "14.1", Fund: controlFund, Payee: federation, Arose: "2019-04-20", Due: "2019-05-20", Settled: "2019-05-28", Days: 38, Pence: pounds(6_000)},
	})
	check(t, "measure", projections.MeasurePrompt(paid), projections.PromptMeasure{
		All: projections.PromptCount{Number: 2, Pence: pounds(10_000)}, ByDue: projections.PromptCount{Number: 1, Pence: pounds(4_000)},
	})
	whole := fold(sixHundredThousand()).Items.Prompt()
	check(t, "the advances after a week", []any{len(whole), whole[0].Days, whole[0].Within30, whole[0].ByDue}, []any{4, int64(7), true, true})
}

func TestAPaymentThatIsTakenBackSettlesNothing(t *testing.T) {
	views := foldTo(20)
	takeBack(views, governedYear()[19])
	item, _ := views.Items.Item("14.1")
	check(t, "open", item.Open(), pounds(5_400))
	last := item.Uses[len(item.Uses)-1]
	check(t, "the use", []any{last.Kind, last.Pence(), last.TakesBack}, []any{projections.UsePaid, pounds(-5_400), int64(20)})
	views.Apply(domain.Recorded{
		Stamp: domain.Stamp{Number: 22, Time: views.Ledger.Time}, Fact: domain.Fact{
			Event: domain.PaymentSettled{Reference: "CHAPS 3", Lines: []domain.SettledLine{ofItem("14.1", pounds(5_400), 0)}}, Effective: "2019-05-27", Period: "2019-20/M02",
		},
	})
	item, _ = views.Items.Item("14.1")
	on, settled := item.Settled()
	check(t, "settled when the money really came", []any{on, settled}, []any{domain.Date("2019-05-27"), true})
}
