package domain

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is published of the Network Contract from 2020/21 on, told for one network of a year. The numbers T… are those of the
// worked examples in MONEY.md, section 5, which names the sources.

const (
	banbury  Body     = "ods:U62251"
	surgery  Body     = "ods:K84024" // Windrush, and the other two practices of the network
	surgery2 Body     = "ods:K84059"
	surgery3 Body     = "ods:K84062"
	alliance Body     = "local:Alliance"
	des      FundCode = "DES"
)

// patients are lists of some size for Banbury's practices.
func patients(sizes ...int64) (lines []ListLine) {
	for i, size := range sizes {
		lines = append(lines, ListLine{Practice: []Body{surgery, surgery2, surgery3}[i], Patients: size})
	}
	return lines
}

// contractYear tells a year in which Banbury is paid at some rates on lists of 1 January before it, out of one fund.
func contractYear(year Year, lines []ListLine, adopt AdoptRateCard) chapter {
	return func(s *story) {
		created(s)
		first := year.First()
		january := Date(string(first[:4]) + "-01-01")
		adopt.Year = year
		s.on(first).do(RegisterBody{Body: banbury, Kind: KindNetwork, Name: "Banbury Alliance"}, RegisterBody{Body: alliance, Kind: KindArea, Name: "an alliance"},
			RegisterBody{Body: valley, Kind: KindFederation})
		for _, line := range lines {
			s.do(RegisterBody{Body: line.Practice, Kind: KindPractice}, enrol(banbury, Member{Practice: line.Practice, From: "2019-07-01"}))
		}
		for _, population := range []Population{PopulationRegistered, PopulationWeighted, PopulationAdjusted} {
			s.do(RecordListSizes{Population: population, At: january, Source: Source{Title: "list sizes"}, Lines: lines})
		}
		s.do(adopt, nominate(banbury, valley, first), nominate(alliance, valley, first))
		var categories []Category
		for _, r := range s.log[len(s.log)-3].Event.(RateCardAdopted).Rates {
			if !slices.Contains(categories, r.Category) {
				categories = append(categories, r.Category)
			}
		}
		t := terms19(des, categories...)
		t.Year = year
		s.do(OpenFund{t}, ConfirmFunding{Fund: des, Pence: pounds(1_000_000), Title: "allocation", Source: letter},
			AllocateFund{Fund: des, Decision: paper, Lines: []Line{line("", "", "", pounds(1_000_000))}})
	}
}

// choose adopts rates of the year's card, each on a document, so that those that were only recalled are paid as well.
func choose(codes ...RateCode) AdoptRateCard {
	var c AdoptRateCard
	for _, code := range codes {
		c.Rates = append(c.Rates, RateChoice{Rate: code, Document: specification})
	}
	return c
}

// inMonth runs a rate on the last day of a month, and returns what became due by months.
func (s *story) inMonth(rate RateCode, month Service) (parts []Pence) {
	s.on(month.Last()).do(run(des, rate, month))
	for _, line := range s.log[len(s.log)-1].Event.(EntitlementRun).Lines {
		for _, part := range line.Parts {
			parts = append(parts, part.Pence)
		}
	}
	return parts
}

func sameParts(t *testing.T, what string, got []Pence, want ...Pence) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// The lists of Windrush, Hightown and Woodlands at 1 January 2021 are those of Patients Registered at a GP Practice (NHS
// Digital); £1.44 is the BMA's of 10 May 2021.
func TestExtendedHoursOfBanburyAlliance(t *testing.T) {
	s := told(t, []chapter{contractYear("2021-22", patients(8_558, 11_424, 7_542), choose("EXT_HOURS"))})
	sameParts(t, "instalment 1 of 12", s.inMonth("EXT_HOURS", "2021-22/M01"), 3_302_88)
	if line := s.log[len(s.log)-1].Event.(EntitlementRun).Lines[0]; line.Patients != 27_524 || line.Annual != 39_634_56 {
		t.Errorf("%d patients come to %s, want 27,524 to £39,634.56", line.Patients, line.Annual)
	}
	s.inMonth("EXT_HOURS", "2021-22/M12")
	if _, sum := s.raisedBy(banbury); sum != 39_634_56 {
		t.Errorf("the year comes to %s, want £39,634.56", sum)
	}
}

// £39,360 is what was paid for 2021/22; that it is 328 beds at £120 is derived, for the count was not published.
func TestTheCareHomePremiumOfBanburyAlliance(t *testing.T) {
	s := told(t, []chapter{contractYear("2021-22", patients(27_524), choose("CARE_HOME")),
		also(50, "2021-04-01", counted(beds, "2021-04-01", QuantityLine{Body: banbury, Quantity: "328"}))})
	sameParts(t, "a month of 328 beds", s.inMonth("CARE_HOME", "2021-22/M01"), 3_280_00)
	s.inMonth("CARE_HOME", "2021-22/M12")
	if _, sum := s.raisedBy(banbury); sum != 39_360_00 {
		t.Errorf("the year comes to %s, want £39,360.00", sum)
	}
}

// The beds of a month are those of its 1st, and a month without news has the last count (PCSE, PCN payments).
func TestBedsThatChangeWithinTheYearAreCountedByMonth(t *testing.T) {
	s := told(t, []chapter{contractYear("2021-22", patients(27_524), choose("CARE_HOME")), also(50, "2021-04-01",
		counted(beds, "2021-06-01", QuantityLine{Body: banbury, Quantity: "100"}), counted(beds, "2021-08-02", QuantityLine{Body: banbury, Quantity: "112"}),
		counted(beds, "2021-11-01", QuantityLine{Body: banbury, Quantity: "0"}))})
	sameParts(t, "June to March", s.inMonth("CARE_HOME", "2021-22/M12"), 1_000_00, 1_000_00, 1_000_00, 1_120_00, 1_120_00)
}

// T6: 8 × £7.50 is £60 a bed from August 2020, and 12 × £10 is £120 in 2024/25.
func TestTheCareHomePremiumOfABed(t *testing.T) {
	for _, c := range []struct {
		year    Year
		months  int
		monthly Pence
	}{{"2020-21", 8, 7_50}, {"2024-25", 12, 10_00}} {
		first := c.year.First()
		s := told(t, []chapter{contractYear(c.year, patients(10_000), choose("CARE_HOME")), also(50, first, counted(beds, first, QuantityLine{Body: banbury, Quantity: "1"}))})
		sameParts(t, "a bed in "+string(c.year), s.inMonth("CARE_HOME", Service(c.year+"/M12")), slices.Repeat([]Pence{c.monthly}, c.months)...)
	}
}

// T7: 6 × £0.045 is £0.27 a weighted patient for April to September 2020.
func TestPCNSupport(t *testing.T) {
	s := told(t, []chapter{contractYear("2020-21", patients(50_000), choose("PCN_SUPPORT"))})
	sameParts(t, "£0.27 on 50,000", s.inMonth("PCN_SUPPORT", "2020-21/M06"), slices.Repeat([]Pence{2_250_00}, 6)...)
}

// T3: a Clinical Director is paid for one whole-time post instead of a quarter in January to March 2021: £0.722 × 3 ÷ 4, printed
// as £0.542 a patient, once.
func TestTheClinicalDirectorTopUpIsPaidOnce(t *testing.T) {
	s := told(t, []chapter{contractYear("2020-21", patients(50_000), choose("CD", "CD_COVID_TOPUP"))})
	sameParts(t, "the quarter on 50,000", s.inMonth("CD_COVID_TOPUP", "2020-21/M10"), 27_100_00)
	s.on("2021-03-31")
	if facts, err := s.decide(run(des, "CD_COVID_TOPUP", "2020-21/M12"), ""); err != ErrUnchanged {
		t.Errorf("run again in March: %v, %v", facts, err)
	}
	sameParts(t, "and the Clinical Director as before", s.inMonth("CD", "2020-21/M12"),
		3_008_33, 3_008_34, 3_008_33, 3_008_33, 3_008_34, 3_008_33, 3_008_33, 3_008_34, 3_008_33, 3_008_33, 3_008_34, 3_008_33)
}

// The rate of October 2021 to March 2022 was only recalled: it is paid on the document that the officer names.
func TestLeadershipAndManagementFromOctober(t *testing.T) {
	s := told(t, []chapter{contractYear("2021-22", patients(50_000), choose("LM"))})
	sameParts(t, "£0.707 on 50,000", s.inMonth("LM", "2021-22/M12"), 5_891_67, 5_891_66, 5_891_67, 5_891_67, 5_891_66, 5_891_67)
}

// T8: at the headline of £7.46 a year 50,000 patients come to £373,000. What was paid from October 2022 was £3.764, after
// £0.720 of extended hours from April to September (slides of April 2022).
func TestExtendedHoursBecomeEnhancedAccess(t *testing.T) {
	if got := Annual(Rate{Amount: "7.46"}, 50_000); got != 373_000_00 {
		t.Errorf("50,000 × £7.46 = %s, want £373,000.00", got)
	}
	s := told(t, []chapter{contractYear("2022-23", patients(50_000), choose("EXT_HOURS", "ENHANCED_ACCESS"))})
	sameParts(t, "April to September", s.inMonth("EXT_HOURS", "2022-23/M06"), slices.Repeat([]Pence{6_000_00}, 6)...)
	sameParts(t, "October to March", s.inMonth("ENHANCED_ACCESS", "2022-23/M12"), 31_366_67, 31_366_66, 31_366_67, 31_366_67, 31_366_66, 31_366_67)
}

// Support comes in twelfths; improvement for each of three parts when it is declared, the year's whole amount for that part
// (BMA, 14 April 2025).
func TestCapacityAndAccess(t *testing.T) {
	s := told(t, []chapter{contractYear("2024-25", patients(50_000), choose("CASP", "CAIP"))})
	sameParts(t, "£3.248 on 50,000", s.inMonth("CASP", "2024-25/M03"), 13_533_33, 13_533_34, 13_533_33)
	for i, declared := range []Date{"2024-06-17", "2024-11-04", "2025-03-31"} {
		s.on(declared).do(counted(parts, declared, QuantityLine{Body: banbury, Quantity: Quantity(fmt.Sprintf("%d/3", i+1))}))
		sameParts(t, "a third of £1.392 on 50,000", s.inMonth("CAIP", Service(PeriodOf(declared))), 23_200_00)
	}
}

// £111 a point is Pulse Intelligence's for 2020/21; the points and adjustments are made up.
func TestPointsTimesTheirAdjustments(t *testing.T) {
	s := told(t, []chapter{contractYear("2020-21", patients(50_000), choose("IIF_POINT")), also(50, "2021-03-31",
		counted(points, "2021-03-31", QuantityLine{Body: banbury, Quantity: "140.5", Factors: []Factor{{"prevalence", "1.05"}, {"list size", "50000/52000"}}}))})
	sameParts(t, "140.5 × 1.05 × 50,000 ÷ 52,000 × £111", s.inMonth("IIF_POINT", "2020-21/M12"), 15_745_46)
	annual := s.last()[0].part(t, "whole amount for March 2021")
	if want := "140.5 × 1.05 × 25/26 = 141 177/208 IIF points"; !slices.Contains(annual.Notes, want) {
		t.Errorf("the notes are %q, want %q", annual.Notes, want)
	}
}

// £1.761 a weighted patient goes to each practice, from the contractor's own list (PCC; the slides of April 2022).
func TestNetworkParticipationGoesToEachPractice(t *testing.T) {
	s := told(t, []chapter{contractYear("2022-23", patients(10_000, 20_000), choose("NPP"))})
	sameParts(t, "£1.761 on 10,000 and on 20,000", s.inMonth("NPP", "2022-23/M01"), 1_467_50, 2_935_00)
}

// What is agreed locally is a rate of the commissioner's own: a Lead GP's session a week, the administration budget of a
// neighbourhood, and an alliance's posts, which are paid to whoever the alliance nominates.
func TestRecurringPaymentsOfOnesOwn(t *testing.T) {
	origin := Source{Title: "service agreement of 1 April 2021"}
	s := told(t, []chapter{contractYear("2021-22", patients(50_000), AdoptRateCard{Own: []Rate{
		{Rate: "LEAD_GP", Title: "Lead GP session a week", Kind: RateEntitlement, Unit: UnitSession, Measure: "Lead GP sessions", Amount: "15000", Document: origin},
		{Rate: "ADMIN", Title: "Administration of a neighbourhood", Kind: RateEntitlement, Unit: UnitNetwork, Amount: "7000", Document: origin},
		{Rate: "POSTS", Title: "Posts of an alliance", Kind: RateEntitlement, Unit: UnitWTE, Measure: "alliance posts", Amount: "48000", Document: origin},
	}}), also(50, "2021-04-01", counted("Lead GP sessions", "2021-04-01", QuantityLine{Body: banbury, Quantity: "1.5"}),
		counted("alliance posts", "2021-04-01", QuantityLine{Body: alliance, Quantity: "2.4"}))})
	sameParts(t, "a session and a half a week", s.inMonth("LEAD_GP", "2021-22/M02"), 1_875_00, 1_875_00)
	sameParts(t, "£7,000 for the neighbourhood", s.inMonth("ADMIN", "2021-22/M03"), 583_33, 583_34, 583_33)
	sameParts(t, "2.4 posts", s.inMonth("POSTS", "2021-22/M01"), 9_600_00)
	if due := s.log[len(s.log)-1].Event.(EntitlementRun).Lines[0]; due.Beneficiary != alliance || due.Payee != valley {
		t.Errorf("the posts are paid to %s for %s", due.Payee, due.Beneficiary)
	}
}

// T13: West Kent's £3 a head makes £1.457m; that is about 485,667 patients.
func TestThreePoundsAHead(t *testing.T) {
	if got := Annual(rateOf(t, "2017-18", "GPFV_TRANSFORM"), 485_667); got != 1_457_001_00 {
		t.Errorf("485,667 × £3 = %s, want £1,457,001.00", got)
	}
}

// T14: of South West London's £1.134m Kingston had £143,120 for five networks, a tenth of it for the development of clinical
// directors (Kingston PCCC, December 2019). The networks' lists are made up, each as large as the others.
func TestTheDevelopmentFundOfKingston(t *testing.T) {
	s := newStory(t)
	created(s)
	lines := []ListLine{}
	for i := range 5 {
		network, practice := Body(fmt.Sprintf("local:Kingston-%d", i+1)), Body(fmt.Sprintf("local:Practice-%d", i+1))
		s.do(RegisterBody{Body: network, Kind: KindNetwork}, RegisterBody{Body: practice, Kind: KindPractice}, enrol(network, Member{Practice: practice, From: "2019-07-01"}))
		lines = append(lines, ListLine{Practice: practice, Patients: 40_000})
	}
	t19 := terms19("DEV", "clinical directors", "development")
	t19.Basis, t19.Cover = BasisAdvance, CoverHard
	s.on("2019-12-10").do(RecordListSizes{Population: PopulationRegistered, At: "2019-10-01", Source: letter, Lines: lines},
		OpenFund{t19}, ConfirmFunding{Fund: "DEV", Pence: pounds(1_134_000), Title: "South West London", Source: letter},
		AllocateFund{Fund: "DEV", Decision: paper, Lines: []Line{
			{Bucket: Bucket{Category: "clinical directors"}, Pence: pounds(14_312), Share: &Share{}},
			{Bucket: Bucket{Category: "development"}, Pence: pounds(128_808), Share: &Share{}},
		}})
	if got, want := s.totals("DEV"), "limit -£1,134,000.00, unallocated £990,880.00, allocated £143,120.00"; got != want {
		t.Errorf("the fund stands at %s, want %s", got, want)
	}
	for _, line := range s.log[len(s.log)-1].Event.(FundAllocated).Lines {
		if want := map[Category]Pence{"clinical directors": 2_862_40, "development": 25_761_60}[line.Category]; line.Pence != want {
			t.Errorf("%s has %s for %s, want a fifth: %s", line.Beneficiary, line.Pence, line.Category, want)
		}
	}
}

// T15: the Covid capacity expansion fund of April to September 2021, £30m, £30m, £20m, £20m, £10m and £10m (NHSE C1216, 19 March
// 2021), is £120m; a profile that comes to something else is refused.
func TestTheProfileOfTheCapacityExpansionFund(t *testing.T) {
	s := newStory(t)
	created(s)
	t21 := terms19("COVID", "capacity")
	t21.Year, t21.Recurrent, t21.Basis, t21.Cover, t21.To = "2021-22", false, BasisAdvance, CoverHard, "2021-09-30"
	profile := SetBudget{Fund: "COVID"}
	for i, millions := range []int64{30, 30, 20, 20, 10, 10} {
		profile.Months = append(profile.Months, BudgetMonth{Service(fmt.Sprintf("2021-22/M%02d", i+1)), pounds(millions * 1_000_000)})
	}
	s.on("2021-04-01").do(OpenFund{t21}, ConfirmFunding{Fund: "COVID", Pence: pounds(120_000_000), Title: "C1216", Source: letter}, profile)
	profile.Months = slices.Clone(profile.Months)
	profile.Months[5].Pence++
	if _, err := s.decide(profile, ""); refusalOf(err) == nil || refusalOf(err).Rule != RuleBudget {
		t.Errorf("a penny more: %v, want %s", err, RuleBudget)
	}
}
