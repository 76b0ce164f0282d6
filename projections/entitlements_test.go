package projections_test

import (
	"testing"

	"pcnledger/domain"
	"pcnledger/projections"
)

// The figures below are worked by hand from the lists, the rates of 2019/20 and the costs; nothing here is taken from what
// the program printed.

func entitlement(t *testing.T, views *projections.Views, rate domain.RateCode, network, practice domain.Body) projections.Entitlement {
	t.Helper()
	for _, e := range views.Entitlements.All() {
		if e.Rate == rate && e.Beneficiary == network && e.Practice == practice {
			return e
		}
	}
	t.Fatalf("there is no entitlement %s of %s", rate, network)
	return projections.Entitlement{}
}

func TestFiftyThousandAndOnePatients(t *testing.T) {
	views := fold(firstNetworks())
	core := entitlement(t, views, "CORE_PCN", north, "")
	check(t, "annual", core.Annual, 75_001_50)
	check(t, "patients", core.Patients, 50_001)
	check(t, "list", core.List, 10)
	check(t, "payees", core.Payees, []domain.Body{mill})
	var own []domain.Pence
	for _, m := range core.Months {
		own = append(own, m.Pence)
	}
	check(t, "each month's own", own, []domain.Pence{
		6_250_13, 6_250_12, 6_250_13, 6_250_12, 6_250_13, 6_250_12, 6_250_13, 6_250_12, 6_250_13, 6_250_12,
	})
	july := core.Raised[3]
	check(t, "July in all, April to July", july.InAll, 25_000_50)
	check(t, "July's own month", []any{july.Pence, july.For, july.Payee}, []any{domain.Pence(6_250_12), domain.Service("2019-20/M04"), mill})
	rate, _ := views.Rates.Rate("2019-20", "CORE_PCN")
	check(t, "February and March to come", views.Entitlements.ToCome(core, rate), 12_500_25)         // 75,001.50 - 62,501.25
	check(t, "the director's nine months", entitlement(t, views, "CD", north, "").Annual, 25_715_51) // 50,001 × 0.5143 = 25,715.5143
}

func TestTheWholeYearIsTheAnnualAmount(t *testing.T) {
	s := &teller{}
	for _, r := range firstNetworks() {
		s.ledger.Apply(r)
		s.events = append(s.events, r)
	}
	s.run("2020-03-16", "CORE_PCN", "2019-20/M12")
	s.run("2020-03-16", "NPP", "2019-20/M12")
	views := fold(s.events)
	core := entitlement(t, views, "CORE_PCN", north, "")
	check(t, "core", core.Pence(), 75_001_50)
	check(t, "core, City", entitlement(t, views, "CORE_PCN", city, "").Pence(), 29_997_00)
	rate, _ := views.Rates.Rate("2019-20", "CORE_PCN")
	check(t, "nothing to come", views.Entitlements.ToCome(core, rate), 0)
	first, second := entitlement(t, views, "NPP", north, mill), entitlement(t, views, "NPP", north, bridge)
	check(t, "participation, Mill Street", first.Pence(), 55_003_07) // 31,234 × 1.761 = 55,003.074
	check(t, "participation, Bridge", second.Pence(), 33_046_93)     // 18,766 × 1.761 = 33,046.926
	check(t, "each practice its own payee", second.Payees, []domain.Body{bridge})
}

// A practice that changes its network is one payment still: what is raised for it in its old network counts.
func TestAPracticeThatChangesItsNetwork(t *testing.T) {
	line := func(network domain.Body, months ...domain.Service) domain.EntitlementLine {
		l := domain.EntitlementLine{Payee: mill, Beneficiary: network, Practice: mill, Footing: domain.Footing{Patients: 12, Annual: 12_00}}
		for _, month := range months {
			l.Pence += 1_00
			l.Parts = append(l.Parts, domain.EntitlementPart{For: month, Pence: 1_00})
		}
		return l
	}
	h := &history{}
	h.record("2019-06-01", domain.RateCardAdopted{Year: "2019-20", Rates: domain.RateCard("2019-20")})
	h.post("2019-07-15", domain.EntitlementRun{Fund: coreFund, Rate: "NPP", Year: "2019-20", Through: "2019-20/M04", Lines: []domain.EntitlementLine{
		line(north, "2019-20/M03", "2019-20/M04"), line(city, "2019-20/M01", "2019-20/M02"), // in the order of their codes
	}})
	h.post("2019-08-15", domain.EntitlementRun{
		Fund: coreFund, Rate: "NPP", Year: "2019-20", Through: "2019-20/M05", Lines: []domain.EntitlementLine{line(north, "2019-20/M05")},
	})
	views := fold(h.events)
	rate, _ := views.Rates.Rate("2019-20", "NPP")
	before, after := entitlement(t, views, "NPP", city, mill), entitlement(t, views, "NPP", north, mill)
	var inAll []domain.Pence
	for _, raised := range append(before.Raised, after.Raised...) {
		inAll = append(inAll, raised.InAll)
	}
	check(t, "in all, over both networks", inAll, []domain.Pence{1_00, 2_00, 3_00, 4_00, 5_00})
	check(t, "nothing to come in the old", views.Entitlements.ToCome(before, rate), 0)
	check(t, "seven months to come in the new", views.Entitlements.ToCome(after, rate), 7_00)
}

func TestARecoveryOfAnEntitlementIsNetted(t *testing.T) {
	s := &teller{}
	s.registry()
	s.funding()
	run := s.run("2019-07-15", "CORE_PCN", "2019-20/M04")
	s.pay("2019-07-31", "BACS 0731", run)
	recovery := s.tell("2019-08-01", domain.RaiseRecovery{Item: lineItem(run, 1), For: "2019-20/M04", Pence: 250_12, Reason: "the list was too long"})
	views := fold(s.events)
	core := entitlement(t, views, "CORE_PCN", north, "")
	check(t, "July, net", core.Months[3].Pence, 6_000_00)
	check(t, "its events", core.Months[3].Numbers, []int64{run, recovery})
	again := s.run("2019-08-15", "CORE_PCN", "2019-20/M05") // the list is as it was: July is raised again
	s.tell("2019-08-30", domain.SettlePayment{
		Reference: "BACS 0830", Lines: []domain.SettleLine{{Item: lineItem(again, 1), Pence: 6_500_25}},
		Netted: []domain.SettleLine{{Item: oneItem(recovery), Pence: 250_12}},
	})
	views = fold(s.events)
	core = entitlement(t, views, "CORE_PCN", north, "")
	check(t, "July, raised again", core.Raised[4].Pence, 250_12)
	check(t, "and in all", core.Raised[4].InAll, 25_000_50)
	netted, _ := views.Items.Item(oneItem(recovery))
	check(t, "the receivable", []domain.Pence{netted.Used(projections.UseNetted), netted.Received(), netted.Open()}, []domain.Pence{250_12, 250_12, 0})
	check(t, "what it recovers", netted.Recovers, lineItem(run, 1))
	check(t, "its part", netted.ByPart(), []projections.ItemPart{{Part: domain.Part{For: "2019-20/M04", Pence: 250_12}, Received: 250_12}})
	f, _ := views.Funds.Fund(coreFund)
	check(t, "cash: 34,999.50 in July, 6,500.25 less 250.12 in August", f.Financial.Clearing, -(34_999_50 + 6_500_25 - 250_12))
}
