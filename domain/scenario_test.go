package domain

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// This file tells the cases that commissioners met from 2019 to 2026 (SCENARIO.md) from beginning to end, through commands
// alone and at the rates of the cards. The networks are those of story_test.go; their lists and beds are made up, and every
// figure is worked out by hand beside it.

// desFund is the fund of the scenarios.
const desFund FundCode = "DES"

// underContract begins a year of the Network Contract: members, the year's card, payees, and a fund of £2m for each network.
// North has 50,000 registered patients and 51,500 by the adjusted population, South 24,000 and 23,456, East 10,001 and 9,999.
func underContract(year Year) []chapter {
	return []chapter{bodies, members, func(s *story) {
		reference, first := Date(string(year)[:4]+"-01-01"), year.First()
		s.on(first.AddDays(-10)).do(
			RecordListSizes{Population: PopulationRegistered, At: reference, Source: Source{Title: "list sizes (made up)"}, Lines: []ListLine{
				{Practice: mill, Patients: 30_000}, {Practice: ford, Patients: 20_000}, {Practice: hill, Patients: 24_000}, {Practice: wood, Patients: 10_001},
			}},
			adjustedPopulation(reference, 31_000, 20_500, 23_456, 9_999),
			RecordListSizes{Population: PopulationWeighted, At: reference, Source: Source{Title: "weighted lists (made up)"}, Lines: []ListLine{
				{Practice: mill, Patients: 32_000}, {Practice: ford, Patients: 19_000}, {Practice: hill, Patients: 25_000}, {Practice: wood, Patients: 9_500},
			}},
			AdoptRateCard{Year: year},
			nominate(north, valley, "2018-04-01"), nominate(south, hill, "2018-04-01"), nominate(east, trust, "2018-04-01"),
			OpenFund{Terms{
				Fund: desFund, Title: "Network Contract DES", Year: year, Recurrent: true, Cover: CoverWarn, Basis: BasisEvidence, Source: letter,
				Categories: []Category{coreFunding, "enhanced access", "care home premium", participation, pharmacist},
			}})
		s.on(first).do(ConfirmFunding{Fund: desFund, Pence: pounds(6_000_000), Title: "allocation", Source: letter},
			AllocateFund{Fund: desFund, Decision: Decision{Body: "Primary Care Committee", Date: first, Paper: "24/07"}, Lines: []Line{
				{Bucket: Bucket{Beneficiary: north}, Pence: pounds(2_000_000)}, {Bucket: Bucket{Beneficiary: south}, Pence: pounds(2_000_000)},
				{Bucket: Bucket{Beneficiary: east}, Pence: pounds(2_000_000)},
			}})
	}}
}

// adjustedPopulation is a list of the four practices as NHS England adjusts them for networks.
func adjustedPopulation(reference Date, ofMill, ofFord, ofHill, ofWood int64) RecordListSizes {
	return RecordListSizes{Population: PopulationAdjusted, At: reference, Source: Source{Title: "PCN adjusted populations (made up)"}, Lines: []ListLine{
		{Practice: mill, Patients: ofMill}, {Practice: ford, Patients: ofFord}, {Practice: hill, Patients: ofHill}, {Practice: wood, Patients: ofWood},
	}}
}

// bedsFrom records the beds of care homes that are aligned to networks.
func bedsFrom(d Date, ofNorth, ofEast Quantity) RecordQuantity {
	return RecordQuantity{Measure: "care home beds", From: d, Source: Source{Title: "CQC directory (made up)"}, Lines: []QuantityLine{
		{Body: north, Quantity: ofNorth}, {Body: east, Quantity: ofEast},
	}}
}

// monthOfYear is the nth month of a year.
func monthOfYear(year Year, n int) Service { return Service(fmt.Sprintf("%s/M%02d", year, n)) }

// monthly runs rates for each month from one to another, on its 15th.
func (s *story) monthly(year Year, from, to int, rates ...RateCode) *story {
	s.t.Helper()
	for n := from; n <= to; n++ {
		through := monthOfYear(year, n)
		s.on(through.First().AddDays(14))
		for _, rate := range rates {
			s.approvedOrNot(RunEntitlement{Fund: desFund, Rate: rate, Through: through})
		}
	}
	return s
}

// makeGood adjusts a rate through a month, and returns what the adjustment says.
func (s *story) makeGood(rate RateCode, through Service) EntitlementAdjusted {
	s.t.Helper()
	s.approvedOrNot(AdjustEntitlement{Fund: desFund, Rate: rate, Through: through, Reason: "made good"})
	return s.log[len(s.log)-1].Event.(EntitlementAdjusted)
}

// changes lists what an adjustment makes of each network in all, what is less below zero.
func (e EntitlementAdjusted) changes() map[Body]Pence {
	all := map[Body]Pence{}
	for _, line := range e.Lines {
		for _, part := range line.Parts {
			all[line.Beneficiary] += line.change(part)
		}
	}
	return all
}

// standing is what stands as raised for a network, month by month, through a month.
func (s *story) standing(year Year, rate RateCode, network Body, through int) (months []Pence, sum Pence) {
	for n := 1; n <= through; n++ {
		pence := s.ledger.raised[raisedKey{rateKey{year, rate}, network}][monthOfYear(year, n)]
		months, sum = append(months, pence), sum+pence
	}
	return months, sum
}

func (s *story) wantStanding(year Year, rate RateCode, network Body, want ...Pence) {
	s.t.Helper()
	if got, _ := s.standing(year, rate, network, len(want)); !cmp.Equal(got, want) {
		s.t.Errorf("%s of %s stands raised at %v, want %v", rate, network, got, want)
	}
}

// wantRefused requires that a rule forbids a command.
func (s *story) wantRefused(c Command, rule Rule) {
	s.t.Helper()
	if _, err := s.decide(c, ""); refusalOf(err) == nil || refusalOf(err).Rule != rule {
		s.t.Errorf("%s: got %v, want rule %s", KindOf(c).Name, err, rule)
	}
}

// wantBooks requires the trial balance to be zero and the items to agree with it.
func (s *story) wantBooks() {
	s.t.Helper()
	if err := checkBooks(s.ledger, s.log); err != nil {
		s.t.Error(err)
	}
}

// TestRatesRevisedInSeptember2024 is case 1: the rates of 2024/25 were issued again on 26 September 2024 with effect from
// 1 April (Pulse PCN, 27 September 2024: PCNs can claim more for ARRS staff but funding remains flat).
func TestRatesRevisedInSeptember2024(t *testing.T) {
	const year Year = "2024-25"
	s := told(t, underContract(year))
	s.do(bedsFrom("2024-04-01", "328", "41"))
	s.monthly(year, 1, 5, "ENHANCED_ACCESS", "CARE_HOME", "CORE_PCN_REG", "CORE_PCN_ADJ")
	s.on("2024-09-30")

	// 51,500 × £7.674 = £395,211.00 for the year, £32,934.25 a month.
	s.wantStanding(year, "ENHANCED_ACCESS", north, 32_934_25, 32_934_25, 32_934_25, 32_934_25, 32_934_25)

	s.do(ReviseRate{Year: year, Rate: "ENHANCED_ACCESS", Edition: "September 2024", Reason: "the rates were issued again"},
		ReviseRate{Year: year, Rate: "CARE_HOME", Edition: "September 2024", Reason: "the rates were issued again"})
	revised := s.number - 1

	// Enhanced access for five months, at £7.674 and at £7.975:
	// North, 51,500: £395,211.00 and £410,712.50 a year; £164,671.25 and £171,130.21 (.2083) for five months: £6,458.96 more.
	// South, 23,456: £180,001.34 (.344) and £187,061.60; £75,000.56 (.5583) and £77,942.33 (.3333): £2,941.77 more.
	// East, 9,999: £76,732.33 (.326) and £79,742.03 (.025, half away from zero); £31,971.80 (.8042) and £33,225.85 (.8458): £1,254.05 more.
	access := s.makeGood("ENHANCED_ACCESS", monthOfYear(year, 5))
	if diff := cmp.Diff(map[Body]Pence{north: 6_458_96, south: 2_941_77, east: 1_254_05}, access.changes()); diff != "" {
		t.Errorf("enhanced access is made good by (-want +got):\n%s", diff)
	}
	// The months of North: the sums £34,226.04, £68,452.08, £102,678.13, £136,904.17 and £171,130.21.
	s.wantStanding(year, "ENHANCED_ACCESS", north, 34_226_04, 34_226_04, 34_226_05, 34_226_04, 34_226_04)
	part := access.Lines[1].Parts[2]
	if access.Lines[1].Beneficiary != north || part.Pence != 1_291_80 || part.Was.Rate == part.Now.Rate || part.Now.Rate != revised-1 || part.Now.Annual != 410_712_50 {
		t.Errorf("the June of North is adjusted by %+v", part)
	}

	// Beds: £120 and £127.20 a year are £10.00 and £10.60 a month. 328 × £0.60 = £196.80, 41 × £0.60 = £24.60, five times each.
	if diff := cmp.Diff(map[Body]Pence{north: 984_00, east: 123_00}, s.makeGood("CARE_HOME", monthOfYear(year, 5)).changes()); diff != "" {
		t.Errorf("the care home premium is made good by (-want +got):\n%s", diff)
	}

	// The core rate was found as a total only, £2.967. Nobody pays on it until a source gives the split.
	for _, rate := range []RateCode{"CORE_PCN", "CORE_PCN_REG", "CORE_PCN_ADJ"} {
		s.wantRefused(ReviseRate{Year: year, Rate: rate, Edition: "September 2024", Reason: "the rates were issued again"}, RuleRateSplit)
	}
	// A split, made up: 2.251 on the registered list and 0.716 on the adjusted population are 2.967.
	split := Source{Title: "schedule of the revised specification (made up)"}
	s.do(ReviseRate{Year: year, Rate: "CORE_PCN_REG", Amount: "2.251", Document: split, Reason: "the split was found"},
		ReviseRate{Year: year, Rate: "CORE_PCN_ADJ", Amount: "0.716", Document: split, Reason: "the split was found"})
	// North, 50,000 registered: £110,900.00 and £112,550.00 a year; £46,208.33 and £46,895.83 for five months: £687.50 more.
	// North, 51,500 adjusted: £35,947.00 and £36,874.00; £14,977.92 (.9167) and £15,364.17 (.1667): £386.25 more.
	registered, adjusted := s.makeGood("CORE_PCN_REG", monthOfYear(year, 5)), s.makeGood("CORE_PCN_ADJ", monthOfYear(year, 5))
	if registered.changes()[north] != 687_50 || adjusted.changes()[north] != 386_25 {
		t.Errorf("core funding of North is made good by %s and %s", registered.changes()[north], adjusted.changes()[north])
	}

	// The rest of the year is run at the new rates, and the year comes to the new amounts.
	s.monthly(year, 6, 12, "ENHANCED_ACCESS", "CARE_HOME")
	for network, want := range map[Body]Pence{north: 410_712_50, south: 187_061_60, east: 79_742_03} {
		if _, sum := s.standing(year, "ENHANCED_ACCESS", network, 12); sum != want {
			t.Errorf("the year of %s comes to %s, want %s", network, sum, want)
		}
	}
	if _, sum := s.standing(year, "CARE_HOME", north, 12); sum != 41_721_60 { // 328 × £127.20
		t.Errorf("the beds of North come to %s", sum)
	}
	s.wantBooks()

	// The maxima of roles rose on 1 October and not before (The Pharmacist, September 2024).
	for day, want := range map[Date]string{"2024-04-01": "62340", "2024-09-30": "62340", "2024-10-01": "65838"} {
		if rate, _, ok := s.ledger.Version(year, "ARRS_CP", "", day); !ok || rate.Amount != want {
			t.Errorf("on %s a clinical pharmacist is reimbursed up to £%s, want £%s", day, rate.Amount, want)
		}
	}
}

// TestPharmacistOfSeptemberAndOctober2024 is case 1 for roles: a post that costs more than its maximum is reimbursed
// £62,340 ÷ 12 = £5,195.00 in September and £65,838 ÷ 12 = £5,486.50 in October.
func TestPharmacistOfSeptemberAndOctober2024(t *testing.T) {
	const year Year = "2024-25"
	s := told(t, underContract(year))
	s.on("2024-09-02").do(engage("P-0001", north, "ARRS_CP", "2024-09-01", "37.5"))
	for i, want := range []Pence{5_195_00, 5_486_50} {
		n := 6 + i
		s.on("2024-11-04").do(claim(north, monthOfYear(year, n), ClaimLine{Person: "P-0001", Costs: cost(6_000_00)}))
		s.do(ApproveClaim{Claim: s.number - 1, Fund: desFund})
		if e := s.log[len(s.log)-1].Event.(ClaimApproved); e.Pence() != want {
			t.Errorf("month %d is reimbursed at %s, want %s", n, e.Pence(), want)
		}
	}
}

// TestAdjustedPopulationsOf2025 is case 2: the adjusted populations that April and May 2025 were paid on proved wrong, new
// ones were used from June, and commissioners were asked to make good the two months (Pulse, 2025, on populations of merged
// practices). Both lists are made up: on the first, registrations of September 2024 are missing at Mill, and a practice that
// merged is counted twice at Hill.
func TestAdjustedPopulationsOf2025(t *testing.T) {
	const year Year = "2025-26"
	s := told(t, underContract(year))
	first, second := adjustedPopulation("2025-01-01", 30_500, 20_500, 40_000, 9_999), adjustedPopulation("2025-01-01", 30_900, 20_500, 36_000, 9_999)
	s.do(first)
	s.monthly(year, 1, 2, "ENHANCED_ACCESS")

	// North, 51,000 × £8.427 = £429,777.00, £35,814.75 a month; South, 40,000: £337,080.00, £28,090.00 a month.
	s.wantStanding(year, "ENHANCED_ACCESS", north, 35_814_75, 35_814_75)
	s.wantStanding(year, "ENHANCED_ACCESS", south, 28_090_00, 28_090_00)

	second.UsedFrom = "2025-06-01"
	s.on("2025-06-10").do(second)
	s.monthly(year, 3, 3, "ENHANCED_ACCESS")
	// June: North, 51,400: £433,147.80, £36,095.65; South, 36,000: £303,372.00, £25,281.00. April and May stay as they are.
	s.wantStanding(year, "ENHANCED_ACCESS", north, 35_814_75, 35_814_75, 36_095_65)
	s.wantStanding(year, "ENHANCED_ACCESS", south, 28_090_00, 28_090_00, 25_281_00)
	if _, err := s.decide(AdjustEntitlement{Fund: desFund, Rate: "ENHANCED_ACCESS", Through: monthOfYear(year, 3), Reason: "made good"}, ""); err != ErrUnchanged {
		t.Errorf("while the new list is used from June there is nothing to make good, but: %v", err)
	}

	second.UsedFrom = ""
	s.on("2025-07-07").do(second)
	s.wantRefused(RunEntitlement{Fund: desFund, Rate: "ENHANCED_ACCESS", Through: monthOfYear(year, 4)}, RuleEntitlementFell)
	made := s.makeGood("ENHANCED_ACCESS", monthOfYear(year, 3))
	adjustment := s.number - 1
	// North is £280.90 a month more, South £2,809.00 less, twice each; East has the same list.
	if diff := cmp.Diff(map[Body]Pence{north: 561_80, south: -5_618_00}, made.changes()); diff != "" {
		t.Errorf("April and May are made good by (-want +got):\n%s", diff)
	}
	s.wantStanding(year, "ENHANCED_ACCESS", north, 36_095_65, 36_095_65, 36_095_65)
	s.wantStanding(year, "ENHANCED_ACCESS", south, 25_281_00, 25_281_00, 25_281_00)

	// South is owed £25,281.00 for July and owes £5,618.00: it is paid £19,663.00.
	s.monthly(year, 4, 4, "ENHANCED_ACCESS")
	july := itemID(s.number-1, 3)
	owed := ItemID("")
	for i, line := range made.Lines {
		if line.Beneficiary == south && line.Of != "" && owed == "" {
			owed = itemID(adjustment, i+1)
		}
	}
	// What is less of two months was raised in two items, so that it is owed in two.
	if got := s.ledger.items[owed].left(); got != 2_809_00 || s.ledger.items[july].left() != 25_281_00 {
		t.Fatalf("South owes %s in item %s and is owed %s", got, owed, s.ledger.items[july].left())
	}
	other := itemID(owed.number(), owed.line()+1)
	s.on("2025-08-14").do(SettlePayment{Reference: "BACS 0814", Lines: []SettleLine{{Item: july, Pence: 25_281_00}},
		Netted: []SettleLine{{Item: owed, Pence: 2_809_00}, {Item: other, Pence: 2_809_00}}})
	var cleared Pence
	for _, p := range Postings(s.log[len(s.log)-1]) {
		if p.Account == Clearing {
			cleared += p.Pence
		}
	}
	if cleared != -19_663_00 || s.ledger.items[owed].left() != 0 {
		t.Errorf("South is paid %s, and owes %s of the first month still", -cleared, s.ledger.items[owed].left())
	}
	s.wantBooks()
}

// line is the line of the item's event.
func (id ItemID) line() int {
	_, n := id.split()
	return n
}

// TestLocalVariationOf2026 is case 4: since 1 May 2026 a commissioner may vary the contract locally (Pulse PCN and
// ockham.healthcare, 2026). One that agreed £9.50 for enhanced access pays May, raised at the national £8.903, anew.
func TestLocalVariationOf2026(t *testing.T) {
	const year Year = "2026-27"
	s := told(t, more(underContract(year), governed))
	s.monthly(year, 1, 2, "ENHANCED_ACCESS")
	s.on("2026-06-22")
	override := OverrideRate{Year: year, Rate: "ENHANCED_ACCESS", From: "2026-05-01", Amount: "9.50",
		Reason: "agreed by every practice", Agreement: Source{Title: "Local Variation Agreement of 20 June 2026 (made up)"}}
	early := override
	early.From = "2026-04-01"
	s.wantRefused(early, RuleOverrideDate)
	s.as(recorder).approved(chief, override)

	// 51,500 × £8.903 = £458,504.50 and × £9.50 = £489,250.00. April is £38,208.71 (.7083). April and May were £76,417.42
	// (.4167) and are (£458,504.50 + £489,250.00) ÷ 12 = £78,979.54 (.5417): May is £2,562.12 more.
	if got := s.makeGood("ENHANCED_ACCESS", monthOfYear(year, 2)).changes()[north]; got != 2_562_12 {
		t.Errorf("May of North is made good by %s", got)
	}
	s.wantStanding(year, "ENHANCED_ACCESS", north, 38_208_71, 40_770_83)
	s.monthly(year, 3, 3, "ENHANCED_ACCESS")
	// Three months: (£458,504.50 + 2 × £489,250.00) ÷ 12 = £119,750.375, rounded £119,750.38; June adds £40,770.84.
	s.wantStanding(year, "ENHANCED_ACCESS", north, 38_208_71, 40_770_83, 40_770_84)
	s.wantBooks()
}

// TestCommissionerSucceeded is case 5: on 1 July 2022 the CCG's place was taken by an ICB, in the middle of the year. In one
// ledger its funds and balances go on, and the runs before and after are one year.
func TestCommissionerSucceeded(t *testing.T) {
	const year Year = "2022-23"
	s := told(t, underContract(year))
	s.monthly(year, 1, 3, "CORE_PCN")
	before := s.totals(desFund)
	s.on("2022-07-01").do(
		RegisterBody{Body: "ods:QU9", Kind: KindCommissioner, Name: "Buckinghamshire, Oxfordshire and Berkshire West ICB"},
		SucceedBody{Body: "ods:10Q", Date: "2022-07-01", Successors: []Successor{{"ods:QU9", 1, 1}}, Reason: "Health and Care Act 2022"},
		// A network that was another CCG's until then, and a practice that moves to it on the same day.
		RegisterBody{Body: "local:West", Kind: KindNetwork}, RegisterBody{Body: "local:Moor", Kind: KindPractice},
		enrol("local:West", Member{Practice: "local:Moor", From: "2022-07-01"}),
		enrol(north, Member{ford, "2018-04-01", "2022-06-30"}), enrol("local:West", Member{Practice: ford, From: "2022-07-01"}),
		nominate("local:West", "local:Moor", "2022-07-01"),
		RecordListSizes{Population: PopulationRegistered, At: "2022-01-01", Corrects: s.listNumber(PopulationRegistered), Source: Source{Title: "the list of Moor (made up)"},
			Lines: []ListLine{{Practice: "local:Moor", Patients: 12_000}}})
	if got := s.totals(desFund); got != before {
		t.Errorf("the succession moved money: the fund stood at\n%s\nand stands at\n%s", before, got)
	}
	s.monthly(year, 4, 12, "CORE_PCN")
	// £1.50 a head. North: 50,000 patients for three months, £6,250.00 each, and 30,000 for nine, £3,750.00 each; Ford's 20,000
	// and Moor's 12,000 are West's for nine months, £4,000.00 each. South, 24,000, has £36,000.00 for its one year.
	for network, want := range map[Body]Pence{north: 18_750_00 + 33_750_00, "local:West": 36_000_00, south: 36_000_00, east: 15_001_50} {
		if _, sum := s.standing(year, "CORE_PCN", network, 12); sum != want {
			t.Errorf("the year of %s comes to %s, want %s", network, sum, want)
		}
	}
	s.wantBooks()
}

// listNumber is the number of the last list of a population.
func (s *story) listNumber(p Population) (number int64) {
	for _, r := range s.log {
		if e, ok := r.Event.(ListSizesRecorded); ok && e.Population == p {
			number = r.Number
		}
	}
	return number
}

// TestPracticesThatMove is case 6: a practice changes network in the year, "U" in a national file is nobody, U00000 is a
// network like any other, and of a network that spans two commissioners this ledger pays for the members that it knows.
func TestPracticesThatMove(t *testing.T) {
	const year Year = "2022-23"
	s := told(t, underContract(year))
	if _, err := ParseBody("U"); refusalOf(err) == nil || refusalOf(err).Rule != RuleBodyUnallocated {
		t.Errorf("U is %v", err)
	}
	for kind, text := range map[string]string{
		"NominatePayee":    `{"network":"local:North","payee":"U","from":"2022-04-01","source":{"title":"agreement"}}`,
		"RecordMembership": `{"network":"U","members":[{"practice":"local:Mill","from":"2022-04-01"}],"source":{"title":"map"}}`,
	} {
		named, _ := CommandNamed(kind)
		if _, err := named.Decode(fromJSON(text)); refusalOf(err) == nil || refusalOf(err).Rule != RuleBodyUnallocated {
			t.Errorf("%s takes U: %v", kind, err)
		}
	}

	// U41591 spans Devon and Cornwall: of its practices Moor is this commissioner's. U00000 is a network that Ford joins.
	for _, body := range []Body{"ods:U00000", "ods:U41591"} {
		s.do(RegisterBody{Body: body, Kind: KindNetwork})
	}
	s.do(RegisterBody{Body: "local:Moor", Kind: KindPractice}, enrol("ods:U41591", Member{Practice: "local:Moor", From: "2022-04-01"}), nominate("ods:U41591", "local:Moor", "2022-04-01"),
		RecordListSizes{Population: PopulationRegistered, At: "2022-01-01", Corrects: s.listNumber(PopulationRegistered), Source: Source{Title: "the list of Moor (made up)"},
			Lines: []ListLine{{Practice: "local:Moor", Patients: 12_000}}})
	s.monthly(year, 1, 8, "CORE_PCN")

	// It becomes known in November that Ford was in U00000 from 1 September on: North was raised for its 20,000 patients too long.
	s.on("2022-11-21").do(enrol(north, Member{ford, "2018-04-01", "2022-08-31"}), enrol("ods:U00000", Member{Practice: ford, From: "2022-09-01"}),
		nominate("ods:U00000", ford, "2022-09-01"))
	made := s.makeGood("CORE_PCN", monthOfYear(year, 8))
	// North: £6,250.00 a month on 50,000, £3,750.00 on 30,000; three months, September to November, are £2,500.00 less each. For
	// U00000 nothing was raised, so that it is the next run's.
	if diff := cmp.Diff(map[Body]Pence{north: -7_500_00}, made.changes()); diff != "" {
		t.Errorf("the adjustment is (-want +got):\n%s", diff)
	}
	s.do(RunEntitlement{Fund: desFund, Rate: "CORE_PCN", Through: monthOfYear(year, 8)})
	s.wantStanding(year, "CORE_PCN", north, 6_250_00, 6_250_00, 6_250_00, 6_250_00, 6_250_00, 3_750_00, 3_750_00, 3_750_00)
	s.wantStanding(year, "CORE_PCN", "ods:U00000", 0, 0, 0, 0, 0, 2_500_00, 2_500_00, 2_500_00)
	s.wantStanding(year, "CORE_PCN", "ods:U41591", 1_500_00, 1_500_00) // 12,000 × £1.50 ÷ 12: Moor alone
	s.wantBooks()
}
