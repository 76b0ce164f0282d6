package projections_test

import (
	"testing"

	"pcnledger/domain"
	"pcnledger/projections"
)

func claimOf(t *testing.T, views *projections.Views, network domain.Body, month domain.Service) projections.Claim {
	t.Helper()
	for _, c := range views.Claims.All() {
		if c.Network == network && c.Month == month {
			return c
		}
	}
	t.Fatalf("%s claimed nothing for %s", network, month)
	return projections.Claim{}
}

func TestThePharmacistOfOctober(t *testing.T) {
	views := fold(firstNetworks())
	october := claimOf(t, views, north, "2019-20/M07")
	line := october.Approval.Lines[0]
	check(t, "cost, part, maximum, paid", []domain.Pence{line.Cost, line.Part, line.Maximum, line.Pence},
		[]domain.Pence{4_500_00, 3_150_00, 3_150_83, 3_150_00}) // 70 % of 4,500; 37,810 ÷ 12
	recovery := october.Recoveries[0]
	check(t, "proved, due, to be paid back", []domain.Pence{recovery.Proved.Total(), recovery.Right, recovery.Pence},
		[]domain.Pence{4_275_00, 2_992_50, 157_50})
	check(t, "state", october.State(), projections.ClaimPaid)
	check(t, "paid, recovered, received", []domain.Pence{october.Paid, october.RecoveredFor(pharmacist, "ARRS_CP", "2019-20/M07"), october.Received},
		[]domain.Pence{3_150_00, 157_50, 157_50})
	check(t, "days", october.Ages(views.Ledger.Date()), projections.Ages{ToDecision: 7, ToPayment: 17}) // 5, 12 and 29 November
	netted, _ := views.Items.Item(recovery.Item)
	check(t, "netted", netted.Uses, []projections.ItemUse{{
		Number: 47, Effective: "2019-12-20", Kind: projections.UseNetted, Reference: "BACS 1220", Parts: []domain.Part{{For: "2019-20/M07", Pence: 157_50}},
	}})
}

func TestStatesAndAgesOfClaims(t *testing.T) {
	views := fold(firstNetworks())
	today := views.Ledger.Date() // 10 February 2020
	above := claimOf(t, views, city, "2019-20/M08")
	line := above.Approval.Lines[0]
	check(t, "20 of 30 days of 34,113 ÷ 12", []domain.Pence{line.Cost, line.Maximum, line.Pence}, []domain.Pence{1_950_00, 1_895_17, 1_895_17})
	check(t, "paid in part", above.State(), projections.ClaimPartlyPaid)
	check(t, "waits since 11 December", above.Ages(today), projections.Ages{ToDecision: 7, ToPayment: 61})
	check(t, "its warning", len(above.Approval.Warnings), 1)

	rejected := claimOf(t, views, city, "2019-20/M09")
	check(t, "rejected", rejected.State(), projections.ClaimIsRejected)
	check(t, "reason", rejected.Reason, "the payslip is of another month")
	check(t, "decided in three days", rejected.Ages(today), projections.Ages{ToDecision: 3})

	all := views.Claims.All()
	waiting := all[len(all)-1]
	check(t, "waiting", waiting.State(), projections.ClaimWaiting)
	check(t, "decided on no day, paid on none", []domain.Date{waiting.Decided, waiting.LastPaid()}, []domain.Date{"", ""})
	check(t, "late: December's, in February", waiting.Late(), true)
	check(t, "it waits a day later", waiting.Ages(today.AddDays(1)), projections.Ages{ToDecision: 1})

	approved := claimOf(t, views, north, "2019-20/M09")
	check(t, "approved and not paid", approved.State(), projections.ClaimIsApproved)
	half := approved.Approval.Lines[1]
	check(t, "20 hours of 37.5", []domain.Pence{half.Part, half.Maximum, half.Pence}, []domain.Pence{1_350_00, 1_516_13, 1_350_00}) // 34,113 ÷ 12 × 0.5333
}

func TestAClaimIsLateAMonthAfterItsMonth(t *testing.T) {
	for _, test := range []struct {
		month domain.Service
		day   domain.Date
		late  bool
	}{
		{"2019-20/M07", "2019-10-31", false}, {"2019-20/M07", "2019-11-30", false}, {"2019-20/M07", "2019-12-01", true},
		{"2019-20/M12", "2020-04-30", false}, {"2019-20/M12", "2020-05-01", true},
	} {
		check(t, string(test.month)+" on "+string(test.day), projections.Claim{Month: test.month, Submitted: test.day}.Late(), test.late)
	}
}

func TestTheSumOfANetwork(t *testing.T) {
	views := fold(firstNetworks())
	check(t, "(37,810 + 34,113) × 9 ÷ 12", views.Rates.NetworkSum("2019-20"), 53_942_25)
	check(t, "no roles are adopted for the year before", views.Rates.NetworkSum("2018-19"), 0)
	rate, adopted := views.Rates.Rate("2019-20", "ARRS_CP")
	check(t, "adopted", adopted, true)
	check(t, "event, day, standing", []any{rate.Number, rate.Adopted, rate.Standing}, []any{int64(14), domain.Date("2019-06-03"), domain.StandingSecondary})
	_, adopted = views.Rates.Rate("2019-20", "EXT_HOURS")
	check(t, "an unverified rate", adopted, false)
}

func TestRolesInPost(t *testing.T) {
	views := fold(firstNetworks())
	post, ok := views.Roles.InPost(linkWorker, city, "2019-20/M10")
	check(t, "until 31 January", []any{ok, post.To, post.WTE(), post.Reason}, []any{true, domain.Date("2020-01-31"), "1.00", "left"})
	check(t, "months", post.Months(views.Ledger.Date()), []domain.Service{"2019-20/M08", "2019-20/M09", "2019-20/M10"})
	_, ok = views.Roles.InPost(linkWorker, city, "2019-20/M11")
	check(t, "in February", ok, false)
	_, ok = views.Roles.InPost(linkWorker, north, "2019-20/M09")
	check(t, "of another network", ok, false)
	half, _ := views.Roles.InPost(halfTime, north, "2019-20/M09")
	check(t, "20 hours", half.WTE(), "0.53")
	check(t, "goes on", len(half.Months(views.Ledger.Date())), 3)
}

// Who left a network and came back within a month was in post in it by either engagement; the first counts.
func TestTheFirstOfTwoEngagementsInAMonth(t *testing.T) {
	h := &history{}
	engage := func(network domain.Body, from domain.Date) {
		h.record("2019-10-30", domain.RoleEngaged{Person: pharmacist, Network: network, Role: "ARRS_CP", From: from, Post: domain.Post{Hours: "37.5"}})
	}
	engage(city, "2019-07-01")
	h.record("2019-10-30", domain.RoleEnded{Person: pharmacist, To: "2019-09-30", Reason: "left"})
	engage(north, "2019-10-01")
	h.record("2019-10-30", domain.RoleEnded{Person: pharmacist, To: "2019-10-10", Reason: "left"})
	engage(north, "2019-10-20")
	views := fold(h.events)
	post, ok := views.Roles.InPost(pharmacist, north, "2019-20/M07")
	check(t, "the first", []any{ok, post.From, post.Ended}, []any{true, domain.Date("2019-10-01"), int64(4)})
	post, _ = views.Roles.InPost(pharmacist, north, "2019-20/M08")
	check(t, "the month after", post.From, "2019-10-20")
	post, _ = views.Roles.InPost(pharmacist, city, "2019-20/M06")
	check(t, "in the other network", post.From, "2019-07-01")
}

func TestNomineesAndBudgets(t *testing.T) {
	views := fold(firstNetworks())
	nominee, ok := views.Registry.Nominee(north, "2019-04-01")
	check(t, "on its first day", []any{ok, nominee.Payee, nominee.Number}, []any{true, mill, int64(12)})
	_, ok = views.Registry.Nominee(north, "2019-03-31")
	check(t, "the day before", ok, false)
	budget, _ := views.Budgets.Budget(coreFund)
	check(t, "the earliest month first", budget.Months[0].Month, "2019-20/M04")
	check(t, "to October, 4 of 9 months", budget.Through("2019-20/M07"), 124_444_45) // 31,111.12, .11, .11, .11
	check(t, "before it begins", budget.Through("2019-20/M03"), 0)
	check(t, "all of it", budget.Through("2019-20/M13"), 280_000_00)
}

// Entitlements, claims and a recovery draw on what is allocated for the network, and a recovery returns there.
func TestFundsOfFirstNetworks(t *testing.T) {
	views := fold(firstNetworks())
	roles, _ := views.Funds.Fund(rolesFund)
	check(t, "sums", roles.Sums, projections.Sums{
		Allocated: 107_884_50, Spent: 12_380_17, Recovered: 157_50, Received: 157_50, // 3,150 + 2,992.50 + 1,895.17 + 4,342.50
		Unspent: 95_661_83,
	})
	check(t, "control", roles.Control, projections.Control{Limit: 107_884_50, Allocated: 95_661_83, Charged: 12_222_67})
	check(t, "financial", roles.Financial, projections.Financial{Expenditure: 12_222_67, Payables: -5_237_67, Clearing: -6_985_00})
	check(t, "settled, netting not taken off", roles.Settled, 7_142_50)
	rows := rowsOf(views)
	set := projections.PurposeKey{Fund: rolesFund, Beneficiary: north}
	check(t, "where it was set aside", rows[set], projections.Sums{Allocated: 53_942_25, Unspent: 43_614_75})
	spent := projections.PurposeKey{Fund: rolesFund, Payee: mill, Beneficiary: north, Category: "clinical pharmacist"}
	check(t, "where it was spent", rows[spent], projections.Sums{Spent: 9_135_00, Recovered: 157_50, Received: 157_50})
	core, _ := views.Funds.Fund(coreFund)
	check(t, "lists that it is due on", core.Lists, []int64{10, 11})
	for _, warning := range views.Ledger.Warnings {
		if warning.Subject == "claim/44" {
			return
		}
	}
	t.Error("the claim above the maximum left no warning")
}
