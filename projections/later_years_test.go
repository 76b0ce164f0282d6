package projections_test

import (
	"slices"
	"testing"

	"pcnledger/domain"
	"pcnledger/projections"
)

// Later years of the two networks, recorded as events: a rate on beds of care homes that is revised in September with
// effect from April, and a count of beds that proved too high; a run that leaves a practice out; a pharmacist whose hours
// change and whose maximum is raised with effect from an earlier day, so that a claim for two months settles the
// difference; a GP by sessions; a sum that one network leaves to another; and a local rate. Rates are those of the cards.
const (
	laterCore  = domain.FundCode("CORE-2024")
	laterRoles = domain.FundCode("ARRS-2024")
	newSurgery = domain.Body("ods:X00009")
	sessional  = domain.Person("token-9b0c77")
	beds       = domain.Measure("care home beds")
	careHome   = domain.Category("care home premium")
	pharmacy   = domain.Category("clinical pharmacist")
)

// cardLines are the lines of a card, as first published and with an amount, that have one of the codes.
func cardLines(year domain.Year, codes ...domain.RateCode) []domain.Rate {
	return slices.DeleteFunc(domain.RateCard(year), func(r domain.Rate) bool {
		return !slices.Contains(codes, r.Rate) || r.Use != "" || r.Amount == "" || r.Area != ""
	})
}

func laterYears() []domain.Recorded {
	h := &history{}
	laterRegistry(h)
	laterFunds(h)
	laterRuns(h)
	laterRolesAndClaims(h)
	laterSums(h)
	return h.events
}

func laterRegistry(h *history) {
	const day = "2024-04-02"
	source := domain.Source{Title: desSource}
	h.record(day, domain.LedgerCreated{Ledger: "oxfordshire", Commissioner: ccg, Name: "An ICB", Kind: domain.KindDemo})
	h.record(day, domain.BodyRegistered{Body: federation, Kind: domain.KindFederation, Name: "First Federation"})
	h.record(day, domain.BodyRegistered{Body: north, Kind: domain.KindNetwork, Name: "North Network"})
	h.record(day, domain.BodyRegistered{Body: city, Kind: domain.KindNetwork, Name: "City Network"})
	for _, practice := range []domain.Body{mill, bridge, castle, newSurgery} {
		h.record(day, domain.BodyRegistered{Body: practice, Kind: domain.KindPractice, Name: "Practice " + practice.Bare()})
	}
	h.record(day, domain.MembershipRecorded{Network: north, Source: source, Members: []domain.Member{{Practice: mill, From: "2023-01-01"}, {Practice: bridge, From: "2023-01-01"}}})
	h.record(day, domain.MembershipRecorded{Network: city, Source: source, Members: []domain.Member{{Practice: castle, From: "2023-01-01"}, {Practice: newSurgery, From: "2024-04-01"}}})
	list := func(population domain.Population, on domain.Date, north, second, city int64) {
		h.record(day, domain.ListSizesRecorded{Population: population, At: on, StandsFor: on, Source: domain.Source{Title: "Lists of " + string(on)}, Lines: []domain.ListLine{
			{Practice: mill, Patients: north}, {Practice: bridge, Patients: second}, {Practice: castle, Patients: city},
		}})
	}
	list(domain.PopulationRegistered, "2024-01-01", 30_001, 20_000, 19_998)
	list(domain.PopulationWeighted, "2023-01-01", 30_800, 18_500, 20_200)
	list(domain.PopulationWeighted, "2024-01-01", 31_234, 18_766, 20_500)
	h.record(day, domain.PayeeNominated{Network: north, Payee: mill, From: "2023-04-01", Source: source})
	h.record(day, domain.PayeeNominated{Network: city, Payee: federation, From: "2023-04-01", Source: source})
	h.record(day, domain.RateCardAdopted{Year: "2023-24", Rates: cardLines("2023-24", "ARRS_SUM")})
	h.record(day, domain.RateCardAdopted{Year: "2024-25", Rates: cardLines("2024-25", "CORE_PCN_REG", "CARE_HOME", "ARRS_CP", "ARRS_SPLW", "ARRS_GP", "ARRS_SUM", "ARRS_GP_SUM")})
}

// laterBucket is what is set aside for a payee and a network over the year.
func laterBucket(payee, network domain.Body, category domain.Category) domain.Bucket {
	return domain.Bucket{Payee: payee, Beneficiary: network, Category: category, For: "2024-25"}
}

func laterFunds(h *history) {
	const day = "2024-04-15"
	decision := domain.Decision{Body: "Primary Care Committee", Date: day, Paper: "Paper 4"}
	for _, f := range []struct {
		code  domain.FundCode
		title string
		lines []domain.AllocationLine
	}{
		{laterCore, "Network Contract DES 2024/25", []domain.AllocationLine{
			{Bucket: laterBucket(mill, north, careHome), Pence: pounds(60_000)}, {Bucket: laterBucket(federation, city, careHome), Pence: pounds(20_000)},
			{Bucket: laterBucket(mill, north, "core PCN funding"), Pence: pounds(120_000)},
		}},
		{laterRoles, "Additional roles 2024/25", []domain.AllocationLine{{Bucket: laterBucket(mill, north, pharmacy), Pence: pounds(100_000)}}},
	} {
		terms := domain.Terms{
			Fund: f.code, Title: f.title, Year: "2024-25", From: "2024-04-01", To: "2025-03-31", Recurrent: true, Cover: domain.CoverWarn,
			Basis: domain.BasisEvidence, Source: domain.Source{Title: "Allocations 2024/25"},
		}
		var sum domain.Pence
		for _, line := range f.lines {
			sum += line.Pence
			terms.Categories = append(terms.Categories, line.Category)
		}
		slices.Sort(terms.Categories)
		terms.Categories = slices.Compact(terms.Categories)
		h.record(day, domain.FundOpened{Terms: terms})
		h.post(day, domain.FundingConfirmed{Fund: f.code, For: "2024-25", Pence: sum, Title: "the year", Source: domain.Source{Title: "Allocations 2024/25"}})
		h.post(day, domain.FundAllocated{Fund: f.code, Decision: decision, Lines: f.lines})
	}
}

// laterRun raises April to June of an annual amount for one network.
func laterRun(payee, network domain.Body, category domain.Category, on domain.Footing) domain.EntitlementLine {
	line := domain.EntitlementLine{Payee: payee, Beneficiary: network, Category: category, Footing: on}
	for i, own := range domain.Instalments([]domain.Pence{on.Annual, on.Annual, on.Annual}, 12) {
		line.Pence += own
		line.Parts = append(line.Parts, domain.EntitlementPart{
			For: firstMonths[i], Pence: own, Draws: []domain.Draw{draw(domain.Allocated, laterBucket(payee, network, category), own)},
		})
	}
	return line
}

var firstMonths = []domain.Service{"2024-25/M01", "2024-25/M02", "2024-25/M03"}

func laterRuns(h *history) {
	adopted := int64(len(h.events) - 6) // the card of 2024/25
	counted := h.record("2024-06-03", domain.QuantityRecorded{
		Measure: beds, From: "2024-04-01", Source: domain.Source{Title: "Beds by the regulator's register"},
		Lines: []domain.QuantityLine{{Body: north, Quantity: "328"}, {Body: city, Quantity: "100"}},
	})
	h.record("2024-06-03", domain.QuantityRecorded{
		Measure: "capacity points", From: "2024-04-01", Source: domain.Source{Title: "Achievement of 2024/25"},
		Lines: []domain.QuantityLine{{Body: north, Quantity: "50", Factors: []domain.Factor{{Name: "prevalence", Factor: "1.02"}, {Name: "list size", Factor: "0.98"}}}},
	})
	// 328 × £120 = £39,360.00, £3,280.00 a month; 100 × £120 = £12,000.00, £1,000.00 a month
	was := []domain.Footing{
		{Rate: adopted, Quantity: "328", Counted: counted, Annual: 39_360_00}, {Rate: adopted, Quantity: "100", Counted: counted, Annual: 12_000_00},
	}
	run := h.post("2024-06-14", domain.EntitlementRun{
		Fund: laterCore, Rate: "CARE_HOME", Year: "2024-25", Through: "2024-25/M03", Due: "2024-07-14",
		Lines: []domain.EntitlementLine{laterRun(mill, north, careHome, was[0]), laterRun(federation, city, careHome, was[1])},
	})
	h.post("2024-06-14", domain.EntitlementRun{ // 50,001 × £2.218 = £110,902.218
		Fund: laterCore, Rate: "CORE_PCN_REG", Year: "2024-25", Through: "2024-25/M03", Due: "2024-07-14",
		Lines:    []domain.EntitlementLine{laterRun(mill, north, "core PCN funding", domain.Footing{Rate: adopted, List: 12, Patients: 50_001, Annual: 110_902_22})},
		Missing:  domain.Missing{Unlisted: []domain.Body{newSurgery}, Unallocated: []domain.ListLine{{Practice: castle, Patients: 19_998}}, PerCent: "1.43"},
		Warnings: []string{"the lists do not have X00009, a member of local:NET-2"},
	})
	again := h.record("2024-09-02", domain.QuantityRecorded{
		Measure: beds, From: "2024-04-01", Source: domain.Source{Title: "Beds, corrected"}, Lines: []domain.QuantityLine{{Body: city, Quantity: "90"}},
	})
	rate := cardLines("2024-25", "CARE_HOME")[0]
	rate.Amount, rate.Edition, rate.Use = "127.2", "September 2024", domain.UseRevision
	revised := h.record("2024-10-01", domain.RateRevised{RateChange: domain.RateChange{
		Year: "2024-25", Rate: "CARE_HOME", From: "2024-04-01", To: "2025-03-31", Was: adopted, Before: "120", Now: rate, Reason: "the revision of September 2024",
	}})
	// 328 × £127.20 = £41,721.60, £196.80 a month more; 90 × £127.20 = £11,448.00, £46.00 a month less
	e := domain.EntitlementAdjusted{
		Fund: laterCore, Rate: "CARE_HOME", Year: "2024-25", Through: "2024-25/M03", Due: "2024-11-01", Reason: "the revision of September 2024",
		Lines: []domain.AdjustmentLine{
			{Payee: mill, Beneficiary: north, Category: careHome, Pence: 590_40},
			{Payee: federation, Beneficiary: city, Category: careHome, Pence: 138_00, Of: lineItem(run, 2)},
		},
	}
	for i, month := range firstMonths {
		e.Lines[0].Parts = append(e.Lines[0].Parts, domain.AdjustedPart{
			For: month, Pence: 196_80, Was: was[0], Now: domain.Footing{Rate: revised, Quantity: "328", Counted: counted, Annual: 41_721_60},
			Draws: []domain.Draw{draw(domain.Allocated, laterBucket(mill, north, careHome), 196_80)},
		})
		e.Lines[1].Parts = append(e.Lines[1].Parts, domain.AdjustedPart{
			For: month, Pence: 46_00, Was: was[1], Now: domain.Footing{Rate: revised, Quantity: "90", Counted: again, Annual: 11_448_00}, Charge: i + 1,
			Draws: []domain.Draw{draw(domain.Allocated, laterBucket(federation, city, careHome), 46_00)},
		})
	}
	h.post("2024-10-02", e)
}

func laterRolesAndClaims(h *history) {
	source := domain.Source{Title: "contract seen by the ICB"}
	h.record("2024-06-20", domain.RoleBaselineSet{Network: north, Role: "ARRS_CP", WTE: "1.5", Source: domain.Source{Title: "Survey of 31 March 2019"}})
	h.record("2024-07-01", domain.RoleEngaged{Person: pharmacist, Network: north, Role: "ARRS_CP", From: "2024-07-01", Post: domain.Post{Hours: "37.5"},
		Additionality: domain.Additionality{Held: "1.5"}, Source: source})
	h.record("2024-07-01", domain.RoleEngaged{Person: linkWorker, Network: city, Role: "ARRS_SPLW", From: "2024-07-01", Post: domain.Post{Hours: "20", Supplier: true},
		Additionality: domain.Additionality{Exception: "no baseline is asked for this role"}, Source: source, Warnings: []string{"the baseline of ARRS_SPLW is not set"}})
	h.record("2024-08-01", domain.RoleChanged{Person: pharmacist, Network: north, Role: "ARRS_CP", From: "2024-08-01", Post: domain.Post{Hours: "30"},
		Additionality: domain.Additionality{Held: "1.5"}, Source: domain.Source{Title: "letter of variation"}})
	submit := func(day domain.Date, network domain.Body, month domain.Service, line domain.ClaimLine) int64 {
		return h.record(day, domain.ClaimSubmitted{Network: network, Month: month, Reference: "claim of " + string(month), Declaration: true, Lines: []domain.ClaimLine{line}})
	}
	approve := func(day domain.Date, claim int64, month domain.Service, lines ...domain.ApprovedLine) int64 {
		e := domain.ClaimApproved{Claim: claim, Fund: laterRoles, Network: north, Payee: mill, Month: month, Due: domain.Date(day).AddDays(30)}
		for _, line := range lines {
			line.Person, line.Role, line.Category, line.Percent, line.Sum = pharmacist, "ARRS_CP", pharmacy, "100", "ARRS_SUM"
			line.Draws = []domain.Draw{draw(domain.Allocated, laterBucket(mill, north, pharmacy), line.Pence)}
			e.Lines = append(e.Lines, line)
		}
		return h.post(day, e)
	}
	july := submit("2024-08-05", north, "2024-25/M04", domain.ClaimLine{Person: pharmacist, Costs: costs(4_100_00, 480_00, 900_00)})
	h.record("2024-08-12", domain.ClaimVerified{Claim: july, Evidence: "payslip of July"})
	// £62,340 ÷ 12 = £5,195.00; 30 of 37.5 hours of it £4,156.00
	approve("2024-08-20", july, "2024-25/M04", domain.ApprovedLine{Cost: 5_480_00, Part: 5_480_00, Maximum: 5_195_00, Pence: 5_195_00})
	august := submit("2024-09-04", north, "2024-25/M05", domain.ClaimLine{Person: pharmacist, Costs: costs(3_280_00, 384_00, 720_00), Training: "the first part of the pathway is done"})
	approve("2024-09-10", august, "2024-25/M05", domain.ApprovedLine{Cost: 4_384_00, Part: 4_384_00, Maximum: 4_156_00, Pence: 4_156_00})
	rate := cardLines("2024-25", "ARRS_CP")[0]
	rate.Amount, rate.Document = "65838", domain.Source{Title: "letter to commissioners"}
	h.record("2024-10-07", domain.RateRevised{RateChange: domain.RateChange{
		Year: "2024-25", Rate: "ARRS_CP", From: "2024-07-01", To: "2024-09-30", Was: 18, Before: "62340", Now: rate, Reason: "the pay award reaches back",
	}})
	uplift := h.record("2024-11-04", domain.UpliftClaimed{
		Network: north, Reference: "uplift of July and August", Declaration: true, Notes: "paid with the salaries of October", Lines: []domain.UpliftLine{
			{Person: pharmacist, Role: "ARRS_CP", Month: "2024-25/M04", Costs: costs(120_00, 10_00, 20_00)},
			{Person: pharmacist, Role: "ARRS_CP", Month: "2024-25/M05", Costs: costs(96_00, 8_00, 16_00)},
		},
	})
	// £65,838 ÷ 12 = £5,486.50; 30 of 37.5 hours of it £4,389.20
	paid := approve("2024-11-18", uplift, "2024-25/M05",
		domain.ApprovedLine{For: "2024-25/M04", Cost: 5_630_00, Part: 5_630_00, Maximum: 5_486_50, Before: 5_195_00, Pence: 291_50},
		domain.ApprovedLine{For: "2024-25/M05", Cost: 4_504_00, Part: 4_504_00, Maximum: 4_389_20, Before: 4_156_00, Pence: 233_20})
	h.post("2024-11-29", domain.PaymentSettled{Reference: "BACS 1129", Lines: []domain.SettledLine{{
		Item: oneItem(paid), Fund: laterRoles, Payee: mill, Beneficiary: north, Pence: 524_70,
		Parts: []domain.Part{{For: "2024-25/M04", Pence: 291_50}, {For: "2024-25/M05", Pence: 233_20}},
	}}})
	h.record("2024-12-02", domain.RoleEngaged{Person: sessional, Network: north, Role: "ARRS_GP", From: "2024-12-02", Post: domain.Post{Sessions: "6"}, Source: source})
	submit("2024-12-05", city, "2024-25/M06", domain.ClaimLine{Person: linkWorker, Costs: domain.Costs{Fees: 1_000_00}})
}

func laterSums(h *history) {
	h.record("2024-12-09", domain.UnclaimedRedistributed{
		Year: "2023-24", Sum: "ARRS_SUM", Decision: domain.Decision{Body: "Primary Care Committee", Date: "2023-11-20", Paper: "Paper 9"},
		Lines: []domain.RedistributionLine{{From: city, To: north, Estimate: pounds(25_000), Pence: pounds(20_000)}},
	})
	adopted := h.record("2026-05-11", domain.RateCardAdopted{Year: "2026-27", Rates: cardLines("2026-27", "NPP")})
	local := cardLines("2026-27", "NPP")[0]
	local.Amount, local.Document = "1.9", domain.Source{Title: "local variation, all practices agree"}
	h.record("2026-05-12", domain.RateOverridden{RateChange: domain.RateChange{
		Year: "2026-27", Rate: "NPP", From: "2026-06-01", To: "2027-03-31", Was: adopted, Before: "1.761", Now: local, Reason: "more for participation",
	}})
}

func TestAnAdjustmentIsWhatChangedAndNoMore(t *testing.T) {
	views := fold(laterYears())
	up, down := entitlement(t, views, "CARE_HOME", north, ""), entitlement(t, views, "CARE_HOME", city, "")
	check(t, "north, April to June", up.Pence(), 3*3_476_80)
	check(t, "city, April to June", down.Pence(), 3*954_00)
	check(t, "what they come to in a year", []domain.Pence{up.Annual, down.Annual}, []domain.Pence{41_721_60, 11_448_00})
	check(t, "beds", []domain.Quantity{up.Quantity, down.Quantity}, []domain.Quantity{"328", "90"})
	rate, _ := views.Rates.Rate("2024-25", "CARE_HOME")
	check(t, "nine months to come", []domain.Pence{views.Entitlements.ToCome(up, rate), views.Entitlements.ToCome(down, rate)},
		[]domain.Pence{9 * 3_476_80, 9 * 954_00})
	f, _ := views.Funds.Fund(laterCore)
	check(t, "spent, recovered", []domain.Pence{f.Sums.Spent, f.Sums.Recovered}, []domain.Pence{27_725_56 + 3*3_280_00 + 3*1_000_00 + 590_40, 138_00})
	a := views.Entitlements.Adjustments()[0]
	more, _ := views.Items.Item(a.Item(0))
	less, _ := views.Items.Item(a.Item(1))
	check(t, "a payable and a receivable", []domain.Account{more.Account, less.Account}, []domain.Account{domain.Payables, domain.Receivables})
	check(t, "from the item of the run", less.Recovers, a.Lines[1].Of)
	checkSums(t, views)
}

func TestAnAdjustmentIsTakenBack(t *testing.T) {
	events := laterYears()
	at := slices.IndexFunc(events, func(r domain.Recorded) bool { return domain.EventKindOf(r.Event).Name == "EntitlementAdjusted" })
	views := fold(events)
	takeBack(views, events[at])
	up := entitlement(t, views, "CARE_HOME", north, "")
	check(t, "as the run left it", []any{up.Pence(), up.Annual}, []any{domain.Pence(3 * 3_280_00), domain.Pence(39_360_00)})
	check(t, "taken back", views.Entitlements.Adjustments()[0].Reversed, views.Ledger.Number)
	checkSums(t, views)
}

func TestARevisionIsToComeBeforeItIsRun(t *testing.T) {
	events := laterYears()
	at := slices.IndexFunc(events, func(r domain.Recorded) bool { return domain.EventKindOf(r.Event).Name == "EntitlementAdjusted" })
	views := fold(events[:at])
	north := entitlement(t, views, "CARE_HOME", north, "")
	rate, _ := views.Rates.Rate("2024-25", "CARE_HOME")
	// April to June stand on £39,360.00 a year; nine months at £41,721.60 ÷ 12
	check(t, "what the months that come bring", views.Entitlements.ToCome(north, rate), 9*3_476_80)
}

func TestAPostChangesAndItsPartsAreKnown(t *testing.T) {
	views := fold(laterYears())
	july, _ := views.Roles.InPost(pharmacist, north, "2024-25/M04")
	august, _ := views.Roles.InPost(pharmacist, north, "2024-25/M05")
	gp, _ := views.Roles.InPost(sessional, north, "2024-25/M09")
	check(t, "whole time, four days, six sessions", []string{july.WTE(), august.WTE(), gp.WTE()}, []string{"1.00", "0.80", "0.67"})
	check(t, "the first ended", july.To, domain.Date("2024-07-31"))
	baseline, set := views.Roles.Baseline(north, "ARRS_CP")
	check(t, "baseline", []any{baseline.WTE, set}, []any{domain.Quantity("1.5"), true})
}

func TestAnUpliftHasMonths(t *testing.T) {
	views := fold(laterYears())
	all := views.Claims.All()
	at := slices.IndexFunc(all, func(c projections.Claim) bool { return c.Uplift })
	uplift := all[at]
	check(t, "months", uplift.Months(), []domain.Service{"2024-25/M04", "2024-25/M05"})
	check(t, "state", uplift.State(), projections.ClaimPaid)
	check(t, "approved", uplift.Approval.Pence(), 524_70)
	check(t, "before", uplift.Approval.Lines[1].Before, 4_156_00)
	check(t, "an uplift is not late", uplift.Late(), false)
	check(t, "July in each state", all[0].Ages("2024-12-01"), projections.Ages{
		ToVerification: projections.Age{Days: 7, Was: true}, Verified: projections.Age{Days: 8, Was: true}, ToDecision: 15, ToPayment: 103,
	})
}

func TestTheVersionsOfARate(t *testing.T) {
	views := fold(laterYears())
	rate, _ := views.Rates.Rate("2026-27", "NPP")
	check(t, "May and June", []string{rate.On("2026-05-01").Amount, rate.On("2026-06-01").Amount}, []string{"1.761", "1.9"})
	check(t, "local", rate.Changes[0].Local, true)
	check(t, "sums of 2024/25", views.Rates.Sums("2024-25"), []domain.RateCode{"ARRS_GP_SUM", "ARRS_SUM"})
	// 49,300 × £22.671 = £1,117,680.30, and £20,000.00 of the city's
	sum, err := views.Grounds.SumOf(north, "2023-24", "ARRS_SUM")
	check(t, "the sum with what was redistributed", []any{sum, err}, []any{domain.Pence(1_137_680_30), error(nil)})
}
