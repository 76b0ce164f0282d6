package projections_test

import (
	"testing"

	"pcnledger/domain"
	"pcnledger/projections"
)

func TestACorrectionSaysWhatWasTakenBackAndWhatTookItsPlace(t *testing.T) {
	c := fold(governedYear()).Corrections
	got, ok := c.Correction(28)
	if !ok {
		t.Fatal("the spend that was taken back is not there")
	}
	check(t, "correction", got, projections.Correction{
		Entry: 28, Event: "SpendRecorded", Subject: "fund/CTRL-2019", Text: "invoice", Dated: "2019-07-02", In: "2019-20/M04", Pence: pounds(1_000),
		Reversed: 29, On: "2019-07-03", Effective: "2019-07-03", Period: "2019-20/M04", Hands: projections.Hands{Raised: recorderOne, Approved: approverOne},
		Reason: "a nought too many", Replaced: 30, ReplacedBy: 31,
	})
	check(t, "corrections", len(c.All()), 2)
	if _, ok := c.Correction(31); ok {
		t.Error("what took its place is taken for corrected")
	}
}

// Brought in 10,000 charged and 50,000 allocated; spent 6,000, 300 and 100; 500 of what was brought in was coded anew.
func TestFiguresAreAsIfWhatWasTakenBackHadNotBeen(t *testing.T) {
	views := fold(governedYear())
	f, _ := views.Funds.Fund(controlFund)
	check(t, "sums", f.Sums, projections.Sums{Allocated: pounds(60_000), Spent: pounds(16_400), Received: pounds(600), Unspent: pounds(43_600)})
	check(t, "control", f.Control, projections.Control{Limit: pounds(100_000), Unallocated: pounds(40_000), Allocated: pounds(43_600), Charged: pounds(16_400)})
	check(t, "financial", f.Financial, projections.Financial{Expenditure: pounds(16_400), Receivables: pounds(100), Payables: pounds(-100), Clearing: pounds(-16_400)})
	check(t, "written off", f.WrittenOff, pounds(300))
	checkSums(t, views)
	spent := map[domain.Category]domain.Pence{}
	for _, p := range views.Purposes.All() {
		spent[p.Category] += p.Spent
	}
	check(t, "spent by category", spent, map[domain.Category]domain.Pence{
		development: pounds(15_600), workforce: pounds(500), domain.CategoryLosses: pounds(300), "": 0,
	})
	item, _ := views.Items.Item("28.1")
	check(t, "its item", []any{item.Open(), item.Used(projections.UseReversed)}, []any{domain.Pence(0), pounds(1_000)})
	if _, settled := item.Settled(); settled {
		t.Error("an item that was taken back is taken for settled")
	}
}

// Once the fund is closed, what was drawn on its allocation has lapsed: taken back, the spend returns there.
func TestASpendTakenBackAfterTheEndReturnsToLapsed(t *testing.T) {
	h := &history{events: governedYear()}
	lapsed := north19
	h.post("2020-03-31", domain.FundClosed{Fund: controlFund, Reason: "end of the year", Lapsed: []domain.Draw{
		draw(domain.Unallocated, domain.Bucket{For: controlYear}, pounds(40_000)), draw(domain.Allocated, lapsed, pounds(43_600)),
	}})
	spend := h.events[30]
	h.post("2020-04-02", domain.EntryReversed{Entry: 31, Dated: spend.Effective, In: spend.Period, ToLapsed: true, Reason: "not ours", Was: domain.Was{Event: spend.Event}})
	views := fold(h.events)
	f, _ := views.Funds.Fund(controlFund)
	check(t, "control", f.Control, projections.Control{Limit: pounds(100_000), Charged: pounds(16_300), Lapsed: pounds(83_700)})
	check(t, "sums", f.Sums, projections.Sums{Allocated: pounds(60_000), Spent: pounds(16_300), Received: pounds(600), Unspent: pounds(43_700)})
	check(t, "knows where it was set aside", views.Purposes.HeldAt(domain.Lapsed, controlFund, lapsed), pounds(43_700))
	checkSums(t, views)
}

func TestALossIsInTheRegisterAndCountsWhileItStands(t *testing.T) {
	views := fold(governedYear())
	check(t, "sums", views.Losses.Sums(), []projections.LossSum{{Loss: domain.LossBadDebt, Number: 1, Pence: pounds(300)}})
	loss := views.Losses.All()[0]
	check(t, "hands", []any{loss.Number, loss.Effective, loss.Approved}, []any{int64(21), domain.Date("2019-06-01"), approverOne})
	takeBack(views, governedYear()[20])
	check(t, "none stands", len(views.Losses.Sums()), 0)
	check(t, "and it is still there", views.Losses.All()[0].Reversed, 42)
	item, _ := views.Items.Item("13.7")
	check(t, "to be received again", item.Open(), pounds(400))
}

func TestASpendIsVerifiedOnceAndMayBeTakenBack(t *testing.T) {
	s := fold(governedYear()).Spends
	verified, _ := s.Spend(14)
	check(t, "verified", verified.Verified, projections.Check{Number: 15, On: "2019-04-21", By: verifierOne, Evidence: "invoice and delivery note"})
	check(t, "by", []any{verified.Raised, verified.Pence}, []any{recorderOne, pounds(6_000)})
	reversed, _ := s.Spend(28)
	check(t, "taken back", []any{reversed.Reversed, reversed.Verified.Number, len(s.All())}, []any{int64(29), int64(0), 3})
}

func TestAClaimIsQueriedVerifiedApprovedAndVerifiedAgain(t *testing.T) {
	for number, want := range map[int]projections.ClaimState{
		32: projections.ClaimWaiting, 33: projections.ClaimQueried, 34: projections.ClaimVerified, 35: projections.ClaimIsApproved, 36: projections.ClaimVerified,
	} {
		claim, _ := foldTo(number).Claims.Claim(32)
		check(t, "state", claim.State(), want)
	}
	approved, _ := foldTo(35).Claims.Claim(32)
	check(t, "approved by", approved.DecidedBy, projections.Hands{Raised: recorderOne, Approved: approverOne})
	claim, _ := fold(governedYear()).Claims.Claim(32)
	check(t, "again", []any{claim.Decision, claim.Approval.Pence(), claim.Item, claim.Verified.By, claim.Queries[0].Question, claim.By.Raised},
		[]any{int64(0), domain.Pence(0), domain.ItemID(""), verifierOne, "is the post filled?", recorderOne})
}

func TestTheJournalSaysWhoRaisedAndWhoApproved(t *testing.T) {
	views := fold(governedYear())
	for _, entry := range views.Journal.All() {
		if entry.Number == 29 {
			check(t, "voucher", []string{entry.RaisedBy, entry.ApprovedBy, entry.Text}, []string{recorderOne, approverOne, "reverses 28: a nought too many"})
			return
		}
	}
	t.Error("the reversal is not in the journal")
}

// Views of a history that lacks one event, or its beginning, hold what they can.
func TestAHistoryThatWasCutShortIsFolded(t *testing.T) {
	for _, example := range workedExamples {
		events := example()
		for without := range events {
			views := projections.NewViews()
			for i, r := range events {
				if i != without {
					views.Apply(r)
				}
			}
			fold(events[without:]).Digest()
			checkUnwindable(views, events)
			views.Digest()
		}
	}
}

// checkUnwindable takes everything back in the order of recording, which no ledger would.
func checkUnwindable(views *projections.Views, events []domain.Recorded) {
	for _, r := range events {
		if canBeTakenBack(r) {
			takeBack(views, r)
		}
	}
}
