package domain

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// month is the nth month of 2019/20.
func month(n int) Service { return Service(fmt.Sprintf("2019-20/M%02d", n)) }

// owing is what became due to a payee for a network at a rate on list 200, each part drawn on the network's money.
func owing(payee, network Body, category Category, patients int64, annual Pence, first int, parts ...Pence) EntitlementLine {
	line := EntitlementLine{Payee: payee, Beneficiary: network, Category: category, Footing: Footing{Rate: 210, List: 200, Patients: patients, Annual: annual}}
	for i, pence := range parts {
		line.Pence += pence
		line.Parts = append(line.Parts, EntitlementPart{For: month(first + i), Pence: pence, Draws: drawn(network, pence)})
	}
	return line
}

// stood is the line as far as its first parts stand on other patients.
func (e EntitlementLine) stood(parts int, patients int64, annual Pence) EntitlementLine {
	on := e.Footing
	on.Patients, on.Annual = patients, annual
	for i := range parts {
		e.Parts[i].On = &on
	}
	return e
}

// of is the line as due on a practice's own weighted list.
func (e EntitlementLine) of(practice Body) EntitlementLine {
	e.Practice, e.List = practice, 201
	return e
}

func ran(rate RateCode, through int, due Date, lines ...EntitlementLine) EntitlementRun {
	return EntitlementRun{Fund: core, Rate: rate, Year: "2019-20", Through: month(through), Due: due, Lines: lines}
}

// lone has a practice in no network with patients in the list of 1 January 2019, as events 240 and 241.
func lone(patients int64) chapter {
	return also(240, "2019-07-01", RegisterBody{Body: "local:Lone", Kind: KindPractice}, RecordListSizes{
		Population: PopulationRegistered, At: "2019-01-01", Corrects: 200, Source: Source{Title: "a practice that was left out"},
		Lines: []ListLine{{Practice: "local:Lone", Patients: patients}},
	})
}

// revised pays core funding at another amount from a day on, as event 246.
func revised(from Date, amount string) chapter {
	return also(246, "2019-08-01", ReviseRate{Year: "2019-20", Rate: "CORE_PCN", From: from, Amount: amount, Reason: "re-issued", Document: specification})
}

// bedsOfOwn adopts a rate a bed, as event 240, and opens a fund for it: BEDS.
func bedsOfOwn(s *story) {
	s.number = 240
	s.on("2019-07-01").do(AdoptRateCard{Year: "2019-20", Own: []Rate{
		{Rate: "BEDS", Title: "Beds", Kind: RateEntitlement, Unit: UnitBed, Measure: beds, Amount: "120.55", Category: "beds", Document: specification},
		{Rate: "SHARES", Title: "Declared parts", Kind: RateEntitlement, Unit: UnitPatient, Population: PopulationWeighted, Measure: parts, Amount: "1.333",
			Instalments: PayOnce, Category: "parts", Document: specification},
		{Rate: "BY_DAY", Title: "By day", Kind: RateEntitlement, Unit: UnitPatient, Population: PopulationRegistered, Amount: "1.20", Membership: MembersByDay,
			Category: "days", Document: specification},
		{Rate: "AT_REFERENCE", Title: "At the reference date", Kind: RateEntitlement, Unit: UnitPatient, Population: PopulationRegistered, Amount: "1.20",
			Reference: "2019-01-01", Membership: MembersAtReference, Category: "days", Document: specification},
		{Rate: "OWN_BY_DAY", Title: "To practices by day", Kind: RateEntitlement, Unit: UnitPatient, Population: PopulationRegistered, Amount: "1.20", Membership: MembersByDay,
			Payee: PayPractice, Category: "days", Document: specification},
	}}, OpenFund{terms19("BEDS", "beds", "parts", "days")})
}

// correctedList gives Hill other patients on 1 January 2019, as event 245.
func correctedList(patients int64) chapter {
	return also(245, "2019-07-20", RecordListSizes{
		Population: PopulationRegistered, At: "2019-01-01", Source: Source{Title: "corrected list of Hill"},
		Lines: []ListLine{{Practice: hill, Patients: patients}},
	})
}

// movedInOctober has Ford leave North for South on 1 October 2019, as events 246 and 247.
func movedInOctober(s *story) {
	s.number = 246
	s.on("2019-07-20").do(enrol(north, Member{ford, "2018-04-01", "2019-09-30"}), enrol(south, Member{Practice: ford, From: "2019-10-01"}))
}

// hardCore is a fund that pays nothing beyond £10,000 for South.
func hardCore(s *story) {
	s.number = 236
	t := terms19(hard, coreFunding)
	t.Cover = CoverHard
	s.on("2019-06-10").do(OpenFund{t}, ConfirmFunding{Fund: hard, Pence: pounds(10_000), Title: "allocation", Source: letter},
		AllocateFund{Fund: hard, Decision: paper, Lines: []Line{line19(south, pounds(10_000))}})
}

var entitlementRows = []row{
	{
		name:  "the first payment of core funding, in July, covers April to July",
		given: untilFunded19, on: "2019-07-15",
		when: run(core, "CORE_PCN", "2019-20/M04"),
		then: ran("CORE_PCN", 4, "2019-08-14",
			owing(trust, east, coreFunding, 30_000, 45_000_00, 1, 3_750_00, 3_750_00, 3_750_00, 3_750_00),
			owing(valley, north, coreFunding, 50_001, 75_001_50, 1, 6_250_13, 6_250_12, 6_250_13, 6_250_12),
			owing(hill, south, coreFunding, 50_000, 75_000_00, 1, 6_250_00, 6_250_00, 6_250_00, 6_250_00)),
		fund:   core,
		totals: "expenditure £65,000.50, payables -£65,000.50, limit -£600,000.00, allocated £534,999.50, charged £65,000.50",
	},
	{
		name:  "the next month raises that month alone",
		given: untilJuly, on: "2019-08-15",
		when: run(core, "CORE_PCN", "2019-20/M05"),
		then: ran("CORE_PCN", 5, "2019-09-14",
			owing(trust, east, coreFunding, 30_000, 45_000_00, 5, 3_750_00),
			owing(valley, north, coreFunding, 50_001, 75_001_50, 5, 6_250_13),
			owing(hill, south, coreFunding, 50_000, 75_000_00, 5, 6_250_00)),
	},
	{
		name:      "running a month again changes nothing",
		given:     untilJuly,
		when:      run(core, "CORE_PCN", "2019-20/M04"),
		unchanged: true,
	},
	{
		name:  "some networks can be run alone, and be paid by a day that is given",
		given: untilFunded19, on: "2019-07-15",
		when: RunEntitlement{Fund: core, Rate: "CORE_PCN", Through: "2019-20/M04", Networks: []Body{south}, Due: "2019-07-31"},
		then: ran("CORE_PCN", 4, "2019-07-31", owing(hill, south, coreFunding, 50_000, 75_000_00, 1, 6_250_00, 6_250_00, 6_250_00, 6_250_00)),
	},
	{
		name:  "a network that was left out is caught up by the next run",
		given: more(untilFunded19, also(240, "2019-07-15", run(core, "CORE_PCN", "2019-20/M04", north, east))), on: "2019-08-15",
		when: run(core, "CORE_PCN", "2019-20/M05", south),
		then: ran("CORE_PCN", 5, "2019-09-14", owing(hill, south, coreFunding, 50_000, 75_000_00, 5, 6_250_00).from(1, 6_250_00, 6_250_00, 6_250_00, 6_250_00, 6_250_00)),
	},
	{
		name:  "a list corrected upwards is made good for the months before",
		given: more(untilJuly, correctedList(50_080)), on: "2019-08-15",
		when: run(core, "CORE_PCN", "2019-20/M05", south),
		then: ran("CORE_PCN", 5, "2019-09-14",
			owing(hill, south, coreFunding, 50_080, 75_120_00, 1, 10_00, 10_00, 10_00, 10_00, 6_260_00).by(245)),
	},
	{
		name:  "the Clinical Director's nine months begin in July",
		given: untilFunded19, on: "2019-07-15",
		when: run(core, "CD", "2019-20/M04", south),
		then: ran("CD", 4, "2019-08-14", owing(hill, south, director, 50_000, 25_715_00, 4, 2_857_22)),
	},
	{
		name:  "network participation is paid to each practice on its own weighted list",
		given: untilFunded19, on: "2019-07-15",
		when: run(core, "NPP", "2019-20/M04", north),
		then: ran("NPP", 4, "2019-08-14",
			owing(ford, north, participation, 19_000, 33_459_00, 1, 2_788_25, 2_788_25, 2_788_25, 2_788_25).of(ford),
			owing(mill, north, participation, 31_000, 54_591_00, 1, 4_549_25, 4_549_25, 4_549_25, 4_549_25).of(mill)),
	},
	{
		name:  "a practice that moves in October is counted with its new network from then on",
		given: more(untilJuly, movedInOctober), on: "2019-10-15",
		when: run(core, "CORE_PCN", "2019-20/M07", north, south),
		then: ran("CORE_PCN", 7, "2019-11-14",
			owing(valley, north, coreFunding, 30_001, 45_001_50, 5, 6_250_13, 6_250_12, 3_750_13).stood(2, 50_001, 75_001_50),
			owing(hill, south, coreFunding, 70_000, 105_000_00, 5, 6_250_00, 6_250_00, 8_750_00).stood(2, 50_000, 75_000_00)),
	},
	{
		name:  "a practice that moves in October takes its participation payment with it",
		given: more(untilFunded19, also(240, "2019-09-16", run(core, "NPP", "2019-20/M06")), movedInOctober), on: "2019-10-15",
		when: run(core, "NPP", "2019-20/M07", north, south),
		then: ran("NPP", 7, "2019-11-14",
			owing(mill, north, participation, 31_000, 54_591_00, 7, 4_549_25).of(mill),
			owing(ford, south, participation, 19_000, 33_459_00, 7, 2_788_25).of(ford),
			owing(hill, south, participation, 52_000, 91_572_00, 7, 7_631_00).of(hill)),
	},
	{
		name:  "a network that all its practices left is still paid for the months before",
		given: more(untilFunded19, also(246, "2019-10-02", enrol(east, Member{wood, "2018-04-01", "2019-05-31"}), enrol(south, Member{Practice: wood, From: "2019-06-01"}))), on: "2019-10-15",
		when: run(core, "CORE_PCN", "2019-20/M07", east),
		then: ran("CORE_PCN", 7, "2019-11-14", owing(trust, east, coreFunding, 30_000, 45_000_00, 1, 3_750_00, 3_750_00)),
	},
	{
		name:  "what is due from October goes to the payee nominated from October",
		given: more(untilJuly, also(246, "2019-09-20", nominate(south, trust, "2019-10-01"))), on: "2019-10-15",
		when: run(core, "CORE_PCN", "2019-20/M07", south),
		then: ran("CORE_PCN", 7, "2019-11-14", owing(trust, south, coreFunding, 50_000, 75_000_00, 5, 6_250_00, 6_250_00, 6_250_00)),
	},
	{
		name:  "what was recovered is due again while the lists say so",
		given: more(untilJuly, also(248, "2019-07-22", recoverPence("240.3", "2019-20/M02", pounds(250)))), on: "2019-08-15",
		when: run(core, "CORE_PCN", "2019-20/M04"),
		then: ran("CORE_PCN", 4, "2019-09-14", owing(hill, south, coreFunding, 50_000, 75_000_00, 2, 250_00)),
	},
	{
		name:  "after the difference was recovered a corrected list is run like any other",
		given: more(untilJuly, correctedList(49_920), recoveredFall), on: "2019-08-15",
		when: run(core, "CORE_PCN", "2019-20/M05", south),
		then: ran("CORE_PCN", 5, "2019-09-14", owing(hill, south, coreFunding, 49_920, 74_880_00, 5, 6_240_00).by(245)),
	},
	{
		name: "a fund that warns pays what is due beyond what was set aside",
		given: more(untilFunded19, also(240, "2019-07-15", MoveAllocation{Fund: core, Decision: paper, Reason: "elsewhere", Lines: []MoveLine{
			{From: Bucket{Beneficiary: south}, To: Bucket{Beneficiary: north}, Pence: pounds(180_000)},
		}})),
		when: run(core, "CORE_PCN", "2019-20/M04", south),
		then: func() Event {
			e := ran("CORE_PCN", 4, "2019-08-14", owing(hill, south, coreFunding, 50_000, 75_000_00, 1, 6_250_00, 6_250_00, 6_250_00, 6_250_00))
			over := Draw{Account: Allocated, Bucket: Bucket{hill, south, coreFunding, month(4)}, Pence: 5_000_00}
			e.Lines[0].Parts[3].Draws = append(drawn(south, 1_250_00), over)
			e.Warnings = []string{"overspent by £5,000.00: £1,250.00 is available to local:Hill for local:South for core PCN funding for 2019-20/M04; £6,250.00 was asked"}
			return e
		}(),
	},
	{
		name: "a member practice without a list is named, and paid nothing for",
		given: more(untilFunded19, also(240, "2019-07-01", RegisterBody{Body: "local:New", Kind: KindPractice},
			enrol(south, Member{Practice: "local:New", From: "2019-04-01"}))), on: "2019-07-15",
		when: RunEntitlement{Fund: core, Rate: "CORE_PCN", Through: "2019-20/M04", Networks: []Body{south}, MissingAtMost: "50"},
		then: func() Event {
			e := ran("CORE_PCN", 4, "2019-08-14", owing(hill, south, coreFunding, 50_000, 75_000_00, 1, 6_250_00, 6_250_00, 6_250_00, 6_250_00))
			e.Missing = Missing{Unlisted: []Body{"local:New"}, PerCent: "50.00"}
			e.Warnings = []string{"local:New of local:South has no patients in list 200 and nothing is paid for it"}
			return e
		}(),
	},

	{
		name:  "a practice that no network has is named, and no network is paid for it",
		given: more(untilFunded19, lone(500)), on: "2019-07-15",
		when: run(core, "CORE_PCN", "2019-20/M04"),
		then: func() Event {
			e := ran("CORE_PCN", 4, "2019-08-14",
				owing(trust, east, coreFunding, 30_000, 45_000_00, 1, 3_750_00, 3_750_00, 3_750_00, 3_750_00).by(241),
				owing(valley, north, coreFunding, 50_001, 75_001_50, 1, 6_250_13, 6_250_12, 6_250_13, 6_250_12).by(241),
				owing(hill, south, coreFunding, 50_000, 75_000_00, 1, 6_250_00, 6_250_00, 6_250_00, 6_250_00).by(241))
			e.Missing = Missing{Unallocated: []ListLine{{Practice: "local:Lone", Patients: 500}}, PerCent: "0.38"}
			return e
		}(),
	},
	{
		name:  "a run of some networks knows nothing of practices that no network has",
		given: more(untilFunded19, lone(60_000)), on: "2019-07-15",
		when: run(core, "CORE_PCN", "2019-20/M04", south),
		then: ran("CORE_PCN", 4, "2019-08-14", owing(hill, south, coreFunding, 50_000, 75_000_00, 1, 6_250_00, 6_250_00, 6_250_00, 6_250_00).by(241)),
	},
	{
		name:  "a revision from a month that was not raised yet is run from that month on",
		given: more(untilJuly, revised("2019-08-01", "1.56")), on: "2019-08-15",
		when: run(core, "CORE_PCN", "2019-20/M05", south),
		then: ran("CORE_PCN", 5, "2019-09-14", owing(hill, south, coreFunding, 50_000, 78_000_00, 5, 6_500_00).onRate(246)),
	},
	{
		name:  "after a revision was adjusted the next month is run",
		given: more(untilJuly, revised("2019-04-01", "1.56"), also(247, "2019-08-12", adjust(4))), on: "2019-08-15",
		when: run(core, "CORE_PCN", "2019-20/M05", south),
		then: ran("CORE_PCN", 5, "2019-09-14", owing(hill, south, coreFunding, 50_000, 78_000_00, 5, 6_500_00).onRate(246)),
	},

	{
		name:  "more than two per cent of patients in no network are refused",
		given: more(untilFunded19, lone(2_700)), on: "2019-07-15",
		when: run(core, "CORE_PCN", "2019-20/M04"),
		rule: RuleMissing,
	},
	{
		name: "a member without a list counts as one of average size, and is refused",
		given: more(untilFunded19, also(240, "2019-07-01", RegisterBody{Body: "local:New", Kind: KindPractice},
			enrol(south, Member{Practice: "local:New", From: "2019-04-01"}))), on: "2019-07-15",
		when: run(core, "CORE_PCN", "2019-20/M04"),
		rule: RuleMissing,
	},
	{
		name: "a practice that is paid on its own list and has none is named, and the run refused",
		given: more(untilFunded19, also(240, "2019-07-01", RegisterBody{Body: "local:New", Kind: KindPractice},
			enrol(south, Member{Practice: "local:New", From: "2019-04-01"}))), on: "2019-07-15",
		when: run(core, "NPP", "2019-20/M04", south),
		rule: RuleMissing,
	},
	{
		name:  "more than all patients cannot be missing",
		given: untilFunded19, on: "2019-07-15",
		when: RunEntitlement{Fund: core, Rate: "CORE_PCN", Through: "2019-20/M04", MissingAtMost: "101"},
		rule: RuleQuantityWhole,
	},
	{
		name:  "a share of patients that is no number is refused",
		given: untilFunded19, on: "2019-07-15",
		when: RunEntitlement{Fund: core, Rate: "CORE_PCN", Through: "2019-20/M04", MissingAtMost: "few"},
		rule: RuleQuantityForm,
	},
	{
		name:  "a run over months that were raised before their rate was revised is refused",
		given: more(untilJuly, revised("2019-04-01", "1.56")), on: "2019-08-15",
		when: run(core, "CORE_PCN", "2019-20/M05"),
		rule: RuleRateRevised,
	},
	{
		name:  "a rate of beds is not run before anybody's beds are counted",
		given: more(untilFunded19, bedsOfOwn), on: "2019-07-15",
		when: run("BEDS", "BEDS", "2019-20/M04"),
		rule: RuleRunEmpty,
	},
	{
		name:  "a network whose beds nobody counted is refused, if it is asked for",
		given: more(untilFunded19, bedsOfOwn, also(250, "2019-07-02", counted(beds, "2019-04-01", QuantityLine{Body: south, Quantity: "20"}))), on: "2019-07-15",
		when: run("BEDS", "BEDS", "2019-20/M04", north),
		rule: RuleRunEmpty,
	},
	{
		name:  "beds that come to more than a line can carry are refused",
		given: more(untilFunded19, bedsOfOwn, also(250, "2019-07-02", counted(beds, "2019-04-01", QuantityLine{Body: south, Quantity: "999999999"}))), on: "2019-07-15",
		when: run("BEDS", "BEDS", "2019-20/M04"),
		rule: RuleAmountTooLarge,
	},
	{
		name: "a count of beds corrected downwards is refused for the months that were raised",
		given: more(untilFunded19, bedsOfOwn, also(250, "2019-07-02", counted(beds, "2019-04-01", QuantityLine{Body: south, Quantity: "20"})),
			also(251, "2019-07-15", run("BEDS", "BEDS", "2019-20/M04")), also(252, "2019-07-16", counted(beds, "2019-04-01", QuantityLine{Body: south, Quantity: "18"}))), on: "2019-08-15",
		when: run("BEDS", "BEDS", "2019-20/M05"),
		rule: RuleEntitlementFell,
	},

	{
		name:  "a fall of a list below what was raised is refused",
		given: more(untilJuly, correctedList(49_920)), on: "2019-08-15",
		when: run(core, "CORE_PCN", "2019-20/M05"),
		rule: RuleEntitlementFell,
	},
	{
		name:  "a network whose members proved to be another's is refused, and not passed over",
		given: more(untilJuly, also(246, "2019-07-20", enrol(east, Member{wood, "2018-04-01", "2018-04-30"}))), on: "2019-08-15",
		when: run(core, "CORE_PCN", "2019-20/M05"),
		rule: RuleEntitlementFell,
	},
	{
		name: "a practice that proved to be in no network since May is refused what it was paid for participating",
		given: more(untilFunded19, also(240, "2019-07-15", run(core, "NPP", "2019-20/M04")),
			also(246, "2019-07-20", enrol(east, Member{wood, "2018-04-01", "2019-04-30"}))), on: "2019-08-15",
		when: run(core, "NPP", "2019-20/M05"),
		rule: RuleEntitlementFell,
	},
	{
		name:  "a rate that nobody adopted is refused",
		given: more([]chapter{bodies, members, listed19}, nominated19, funded19), on: "2019-07-15",
		when: run(core, "CORE_PCN", "2019-20/M04"),
		rule: RuleRateNotAdopted,
	},
	{
		name:  "a reimbursed role is not run for every network",
		given: untilFunded19, on: "2019-07-15",
		when: run(core, "ARRS_CP", "2019-20/M04"),
		rule: RuleRateKind,
	},
	{
		name:  "a month before the rate's first payment is refused",
		given: untilFunded19, on: "2019-07-15",
		when: run(core, "CORE_PCN", "2019-20/M03"),
		rule: RuleRateMonth,
	},
	{
		name:  "a month of another year is refused",
		given: untilFunded19, on: "2020-04-15",
		when: run(core, "CORE_PCN", "2020-21/M01"),
		rule: RuleRateMonth,
	},
	{
		name:  "a run through the year as a whole is refused",
		given: untilFunded19, on: "2019-07-15",
		when: run(core, "CORE_PCN", year19),
		rule: RuleRateMonth,
	},
	{
		name:  "a run through a month that has not begun is refused",
		given: untilFunded19, on: "2019-07-31",
		when: run(core, "CORE_PCN", "2019-20/M05"),
		rule: RuleMonthNotBegun,
	},
	{
		name:  "a network without a nominated payee is refused",
		given: more(untilRated, funded19, also(240, "2019-06-11", nominate(north, valley, "2019-08-01"))), on: "2019-07-15",
		when: run(core, "CORE_PCN", "2019-20/M04", north),
		rule: RulePayeeMissing,
	},
	{
		name:  "a nominated practice that left its network is paid no more for it",
		given: more(untilJuly, also(246, "2019-07-20", enrol(south, Member{hill, "2018-04-01", "2019-09-30"}))), on: "2019-10-15",
		when: run(core, "CORE_PCN", "2019-20/M07", south),
		rule: RulePayeeNoMember,
	},
	{
		name:  "a nominated payee that another has succeeded is paid no more",
		given: more(untilRated, nominated19, succeededValley, funded19), on: "2019-07-15",
		when: run(core, "CORE_PCN", "2019-20/M04", north),
		rule: RuleBodySucceeded,
	},
	{
		name:  "a run before any weighted list is recorded is refused",
		given: more([]chapter{bodies, members, lists}, adopted19, nominated19, funded19), on: "2019-07-15",
		when: run(core, "NPP", "2019-20/M04"),
		rule: RuleListUnknown,
	},
	{
		name: "a list that stands for a day after the rate's own is not paid on",
		given: more([]chapter{bodies, members}, adopted19, nominated19, funded19, also(240, "2019-07-01", octoberList(), RecordListSizes{
			Population: PopulationRegistered, At: "2019-04-01", Source: Source{Title: "list sizes at 1 April 2019"}, Lines: []ListLine{{Practice: hill, Patients: 9}},
		})), on: "2019-07-15",
		when: run(core, "CORE_PCN", "2019-20/M04", south),
		then: func() Event {
			line := owing(hill, south, coreFunding, 20_000, 30_000_00, 1, 2_500_00, 2_500_00, 2_500_00, 2_500_00)
			return ran("CORE_PCN", 4, "2019-08-14", line.by(240))
		}(),
	},
	{
		name:  "a run for a network without members is refused",
		given: more(untilFunded19, also(240, "2019-07-01", RegisterBody{Body: "local:West", Kind: KindNetwork})), on: "2019-07-15",
		when: run(core, "CORE_PCN", "2019-20/M04", south, "local:West"),
		rule: RuleRunEmpty,
	},
	{
		name:  "a run before any membership is recorded is refused",
		given: more([]chapter{bodies}, listed19, adopted19, funded19), on: "2019-07-15",
		when: run(core, "CORE_PCN", "2019-20/M04"),
		rule: RuleRunEmpty,
	},
	{
		name:  "a fund that does not cover what the rate is for is refused",
		given: untilFunded19, on: "2019-07-15",
		when: run(arrs, "CORE_PCN", "2019-20/M04"),
		rule: RuleCategory,
	},
	{
		name:  "a fund that covers no overspend pays no more than was set aside",
		given: more(untilFunded19, hardCore), on: "2019-07-15",
		when: run(hard, "CORE_PCN", "2019-20/M04", south),
		rule: RuleSpendOver,
	},
	{
		name: "a fund that pays in advance pays no entitlement",
		given: more(untilFunded19, also(236, "2019-06-10", OpenFund{func() Terms {
			t := terms19(hard, coreFunding)
			t.Basis = BasisAdvance
			return t
		}()})), on: "2019-07-15",
		when: run(hard, "CORE_PCN", "2019-20/M04"),
		rule: RuleFundTerms,
	},
	{
		name: "a fund that begins after the rate's first month is refused",
		given: more(untilFunded19, also(236, "2019-06-10", OpenFund{func() Terms {
			t := terms19(hard, coreFunding)
			t.From = "2019-07-01"
			return t
		}()})), on: "2019-07-15",
		when: run(hard, "CORE_PCN", "2019-20/M04"),
		rule: RuleServiceOutside,
	},
	{
		name:  "a closed fund pays no entitlement",
		given: more(untilFunded19, also(240, "2020-04-02", CloseFund{Fund: core, Reason: "end of the financial year"})),
		when:  run(core, "CORE_PCN", "2019-20/M12"),
		rule:  RuleFundClosed,
	},
}

// recoveredFall recovers £10 of South for each of April to July, as events 248 to 251.
func recoveredFall(s *story) {
	s.number = 248
	s.on("2019-07-22")
	for m := 1; m <= 4; m++ {
		s.do(recoverPence("240.3", month(m), pounds(10)))
	}
}

// by is the line as paid on another list.
func (e EntitlementLine) by(list int64) EntitlementLine {
	e.List = list
	return e
}

// onRate is the line as paid on another version of the rate.
func (e EntitlementLine) onRate(rate int64) EntitlementLine {
	e.Rate = rate
	return e
}

// from is the line with other parts.
func (e EntitlementLine) from(first int, parts ...Pence) EntitlementLine {
	return owing(e.Payee, e.Beneficiary, e.Category, e.Patients, e.Annual, first, parts...)
}

func TestEntitlements(t *testing.T) { tell(t, entitlementRows) }

// raisedBy adds up what runs raised for a network by month, or in all.
func (s *story) raisedBy(network Body) (months map[Service]Pence, sum Pence) {
	months = map[Service]Pence{}
	for _, r := range s.log {
		if e, ok := r.Event.(EntitlementRun); ok {
			for _, line := range e.Lines {
				for _, part := range line.Parts {
					if line.Beneficiary == network {
						months[part.For] += part.Pence
						sum += part.Pence
					}
				}
			}
		}
	}
	return months, sum
}

// told is a story after its chapters.
func told(t rapid.TB, chapters []chapter) *story {
	s := newStory(t)
	for _, c := range chapters {
		c(s)
	}
	return s
}

// parts lists what the last run raised for a network, one number a part.
func (s *story) parts(network Body) (parts []Pence) {
	for _, line := range s.log[len(s.log)-1].Event.(EntitlementRun).Lines {
		if line.Beneficiary == network {
			for _, part := range line.Parts {
				parts = append(parts, part.Pence)
			}
		}
	}
	return parts
}

// TestCoreFundingMonthByMonth is £1.50 a head on 50,001 and on 50,000 patients (DESIGN §5).
func TestCoreFundingMonthByMonth(t *testing.T) {
	s := told(t, untilFunded19)
	for _, want := range []struct {
		through                  int
		north, south, northSoFar Pence
	}{
		{4, 25_000_50, 25_000_00, 25_000_50},
		{5, 6_250_13, 6_250_00, 31_250_63},
		{6, 6_250_12, 6_250_00, 37_500_75},
		{7, 6_250_13, 6_250_00, 43_750_88},
		{8, 6_250_12, 6_250_00, 50_001_00},
		{9, 6_250_13, 6_250_00, 56_251_13},
		{10, 6_250_12, 6_250_00, 62_501_25},
		{11, 6_250_13, 6_250_00, 68_751_38},
		{12, 6_250_12, 6_250_00, 75_001_50},
	} {
		s.on(month(want.through).First().AddDays(14)).do(run(core, "CORE_PCN", month(want.through)))
		var north19, south19 Pence
		for _, p := range s.parts(north) {
			north19 += p
		}
		for _, p := range s.parts(south) {
			south19 += p
		}
		_, soFar := s.raisedBy(north)
		if north19 != want.north || south19 != want.south || soFar != want.northSoFar {
			t.Errorf("%s raises %s and %s, %s so far; want %s, %s and %s", month(want.through), north19, south19, soFar, want.north, want.south, want.northSoFar)
		}
	}
	if _, sum := s.raisedBy(south); sum != 75_000_00 {
		t.Errorf("the year comes to %s for 50,000 patients, want £75,000.00", sum)
	}
}

// TestFirstCorePayment is T5 of MONEY.md: 4 × £0.125 = £0.50 a patient for 1 April to 31 July.
func TestFirstCorePayment(t *testing.T) {
	var sum Pence
	for _, own := range Instalments(slices.Repeat([]Pence{Annual(cardRate("CORE_PCN"), 1000)}, 4), 12) {
		sum += own
	}
	if sum != 500_00 {
		t.Errorf("1,000 patients come to %s for April to July, want £500.00: £0.50 each", sum)
	}
}

func TestClinicalDirectorOverNineMonths(t *testing.T) {
	s := told(t, untilFunded19)
	s.on("2020-03-16").do(run(core, "CD", "2019-20/M12", south))
	want := []Pence{2_857_22, 2_857_22, 2_857_23, 2_857_22, 2_857_22, 2_857_22, 2_857_23, 2_857_22, 2_857_22}
	if diff := cmp.Diff(want, s.parts(south)); diff != "" {
		t.Errorf("£0.5143 on 50,000 patients is £25,715.00 in nine months (-want +got):\n%s", diff)
	}
	if _, sum := s.raisedBy(south); sum != 25_715_00 {
		t.Errorf("the nine months come to %s, want £25,715.00", sum)
	}
}

func TestNetworkParticipationForTheYear(t *testing.T) {
	s := told(t, untilFunded19)
	s.on("2020-03-16").do(run(core, "NPP", "2019-20/M12"))
	for _, line := range s.log[len(s.log)-1].Event.(EntitlementRun).Lines {
		want := map[Body]Pence{mill: 54_591_00, ford: 33_459_00, hill: 91_572_00, wood: 51_949_50}[line.Practice]
		if line.Pence != want || line.Payee != line.Practice {
			t.Errorf("%s is paid %s to %s at £1.761 a weighted patient, want %s to the practice itself", line.Practice, line.Pence, line.Payee, want)
		}
	}
}

func TestAnnualRoundsHalfAwayFromZero(t *testing.T) {
	for _, c := range []struct {
		amount   string
		patients int64
		want     Pence
	}{
		{"1.5", 50_001, 75_001_50}, {"1.5", 0, 0}, {"0.5143", 50_000, 25_715_00}, {"1.761", 1, 1_76}, {"0.005", 1, 1}, {"0.004", 1, 0},
		{"0.005", 3, 2}, {"1.761", 763_959, 1_345_331_80}, {"1.5", 763_959, 1_145_938_50},
	} {
		if got := Annual(Rate{Amount: c.amount}, c.patients); got != c.want {
			t.Errorf("£%s × %d = %s, want %s", c.amount, c.patients, got, c.want)
		}
	}
}

func TestAnnualIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		thousandths := rapid.Int64Range(1, 30_000).Draw(t, "thousandths of a pound")
		patients := rapid.Int64Range(0, 70_000_000).Draw(t, "patients")
		got := Annual(Rate{Amount: fmt.Sprintf("%d.%03d", thousandths/1000, thousandths%1000)}, patients)
		if want := (thousandths*patients + 5) / 10; int64(got) != want { // pence are tenfold thousandths, and half rounds up
			t.Fatalf("%d thousandths × %d = %s, want %s", thousandths, patients, got, Pence(want))
		}
	})
}

// TestInstalmentsAreTheRule checks Instalments against the rule in exact fractions.
func TestInstalmentsAreTheRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "months")
		annual := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Pence {
			return Pence(rapid.OneOf(rapid.Int64Range(0, 40), rapid.Int64Range(0, 1e12)).Draw(t, "pence"))
		}), 0, n).Draw(t, "annual")
		exact, sum := new(big.Rat), Pence(0)
		own := Instalments(annual, n)
		if len(own) != len(annual) {
			t.Fatalf("%d months make %d instalments", len(annual), len(own))
		}
		for i := range own {
			exact.Add(exact, big.NewRat(int64(annual[i]), int64(n)))
			if sum += own[i]; own[i] < 0 || sum != roundRat(exact) {
				t.Fatalf("annual %v over %d: month %d adds %s, which makes %s of %s pence", annual, n, i+1, own[i], sum, exact.FloatString(2))
			}
			off := new(big.Rat).Sub(big.NewRat(int64(sum), 1), exact)
			if off.Abs(off).Cmp(big.NewRat(1, 2)) > 0 {
				t.Fatalf("annual %v over %d: %s after month %d is more than half a penny off", annual, n, sum, i+1)
			}
		}
		if same := Instalments(slices.Repeat([]Pence{12_345}, n), n); sumOf(same) != 12_345 {
			t.Fatalf("£123.45 in %d instalments makes %s", n, sumOf(same))
		}
	})
}

func sumOf(parts []Pence) (sum Pence) {
	for _, p := range parts {
		sum += p
	}
	return sum
}

func TestRoundRat(t *testing.T) {
	for _, c := range []struct {
		num, den int64
		want     Pence
	}{{1, 2, 1}, {-1, 2, -1}, {49, 100, 0}, {-49, 100, 0}, {3, 2, 2}, {-3, 2, -2}, {5, 1, 5}, {-5, 1, -5}, {0, 7, 0}, {-149, 100, -1}} {
		if got := roundRat(big.NewRat(c.num, c.den)); got != c.want {
			t.Errorf("%d/%d rounds to %d, want %d", c.num, c.den, got, c.want)
		}
	}
}

// TestRunsInAnyRhythmRaiseTheSame runs a year every month, now and then, or once at its end, over lists, memberships and
// payees that change: each network gets the same in all.
func TestRunsInAnyRhythmRaiseTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.SampledFrom([]RateCode{"CORE_PCN", "CD", "NPP"}).Draw(t, "rate")
		size := rapid.Int64Range(1, 80_000)
		plan := func(s *story) {
			s.number = 240
			s.on("2019-06-12").do(RecordListSizes{
				Population: cardRate(rate).Population, At: "2019-01-01", Source: Source{Title: "random"}, Lines: []ListLine{
					{Practice: mill, Patients: size.Draw(t, "mill")}, {Practice: ford, Patients: size.Draw(t, "ford")},
					{Practice: hill, Patients: size.Draw(t, "hill")}, {Practice: wood, Patients: size.Draw(t, "wood")},
				},
			})
			for _, from := range []struct{ practice, network Body }{{ford, north}, {wood, east}} {
				on := month(rapid.IntRange(2, 12).Draw(t, "moves")).First().AddDays(rapid.SampledFrom([]int{0, 0, 1, 14}).Draw(t, "day"))
				s.do(enrol(from.network, Member{from.practice, "2018-04-01", on.AddDays(-1)}), enrol(south, Member{Practice: from.practice, From: on}))
			}
			s.do(nominate(south, trust, "2019-10-01"))
		}
		first := slices.Index(cardRate(rate).Months(), cardRate(rate).First)
		months := cardRate(rate).Months()[first:]
		monthly, rarely, once := told(t, more(untilFunded19, plan)), (*story)(nil), (*story)(nil)
		for _, s := range []**story{&rarely, &once} {
			*s = newStory(t)
			for _, r := range monthly.log {
				(*s).number, (*s).now = r.Number, r.Time
				(*s).apply([]Recorded{r})
			}
		}
		for i, m := range months {
			last := i == len(months)-1
			for s, runs := range map[*story]bool{monthly: true, rarely: last || rapid.Bool().Draw(t, "runs"), once: last} {
				if !runs {
					continue
				}
				s.on(m.Last())
				fact, err := s.decide(run(core, rate, m), "")
				if err != nil {
					t.Fatalf("%s: %v", m, err)
				}
				s.apply(fact)
				if again, err := s.decide(run(core, rate, m), ""); !errors.Is(err, ErrUnchanged) {
					t.Fatalf("%s run again: %v, %v", m, again, err)
				}
			}
		}
		for _, network := range someOf(north, south, east) {
			want, sum := monthly.raisedBy(network)
			for _, s := range []*story{rarely, once} {
				if got, total := s.raisedBy(network); total != sum || !cmp.Equal(want, got) {
					t.Fatalf("%s is due %s in monthly runs and %s in others:\n%s", network, sum, total, cmp.Diff(want, got))
				}
			}
		}
	})
}

func someOf[T any](of ...T) []T { return of }

// TestMembershipsByDayAndAtTheReferenceDate has Ford leave North for South on 16 October 2019: of October's 31 days it was 15
// in North and 16 in South; at the reference date it was in North.
func TestMembershipsByDayAndAtTheReferenceDate(t *testing.T) {
	s := told(t, more(untilFunded19, bedsOfOwn))
	s.on("2019-07-20").do(enrol(north, Member{ford, "2018-04-01", "2019-10-15"}), enrol(south, Member{Practice: ford, From: "2019-10-16"}))
	for _, c := range []struct {
		rate    RateCode
		network Body
		want    []Pence // September to November
	}{
		{"BY_DAY", north, []Pence{5_000_10, 3_967_84, 3_000_10}}, // 30,001 + 20,000 × 15/31 patients at 10p in October
		{"BY_DAY", south, []Pence{5_000_00, 6_032_26, 7_000_00}},
		{"AT_REFERENCE", north, []Pence{5_000_10, 5_000_10, 5_000_10}},
		{"AT_REFERENCE", south, []Pence{5_000_00, 5_000_00, 5_000_00}},
		{"OWN_BY_DAY", north, []Pence{5_000_10, 5_000_10, 3_000_10}}, // Ford was in a network every day: October is that of its first
		{"OWN_BY_DAY", south, []Pence{5_000_00, 5_000_00, 7_000_00}},
	} {
		if !s.ranOnce(c.rate) {
			s.on("2020-03-31").do(run("BEDS", c.rate, month(12)))
		}
		var got []Pence
		for m := 6; m <= 8; m++ {
			got = append(got, s.monthOf(c.rate, c.network, month(m)))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s is due %v for September to November at %s, want %v", c.network, got, c.rate, c.want)
		}
	}
}

func (s *story) ranOnce(rate RateCode) bool {
	return slices.ContainsFunc(s.log, func(r Recorded) bool { e, is := r.Event.(EntitlementRun); return is && e.Rate == rate })
}

// monthOf is what was raised at a rate for a network and month.
func (s *story) monthOf(rate RateCode, network Body, month Service) (sum Pence) {
	for _, r := range s.log {
		if e, is := r.Event.(EntitlementRun); is && e.Rate == rate {
			for _, line := range e.Lines {
				for _, part := range line.Parts {
					if line.Beneficiary == network && part.For == month {
						sum += part.Pence
					}
				}
			}
		}
	}
	return sum
}

// TestAListThatIsUsedFromAMonthOn corrects Hill's list of 1 January for October on: the months before stay on the first.
func TestAListThatIsUsedFromAMonthOn(t *testing.T) {
	s := told(t, untilFunded19)
	s.on("2019-07-20").do(RecordListSizes{Population: PopulationRegistered, At: "2019-01-01", UsedFrom: "2019-10-01", Corrects: 200,
		Source: Source{Title: "corrected"}, Lines: []ListLine{{Practice: hill, Patients: 44_000}}})
	list := s.number - 1
	s.on("2020-03-31").do(run(core, "CORE_PCN", month(12)))
	for _, c := range []struct {
		network Body
		month   int
		want    Pence
		on      Footing
	}{
		{south, 6, 6_250_00, Footing{Rate: 210, List: 200, Patients: 50_000, Annual: 75_000_00}},
		{south, 7, 5_500_00, Footing{Rate: 210, List: list, Patients: 44_000, Annual: 66_000_00}},
		{east, 7, 3_750_00, Footing{Rate: 210, List: list, Patients: 30_000, Annual: 45_000_00}},
	} {
		on, _ := s.ledger.footingOf(claimant{network: c.network}.key(cardRate("CORE_PCN")), month(c.month))
		if got := s.monthOf("CORE_PCN", c.network, month(c.month)); got != c.want || on != c.on {
			t.Errorf("%s for month %d: %s on %+v, want %s on %+v", c.network, c.month, got, on, c.want, c.on)
		}
	}
}

// TestWhatIsPaidOnceAndFallsLater declares two thirds in June and has Ford leave North in October: the fall is June's, and
// stands in the way of no later month once it was adjusted.
func TestWhatIsPaidOnceAndFallsLater(t *testing.T) {
	s := told(t, more(untilFunded19, bedsOfOwn))
	s.on("2019-07-20").do(counted(parts, "2019-06-10", QuantityLine{Body: north, Quantity: "2/3"}), run("BEDS", "SHARES", month(3)),
		enrol(north, Member{ford, "2018-04-01", "2019-09-30"}))
	s.on("2019-10-31")
	_, err := s.decide(run("BEDS", "SHARES", month(7), north), "")
	if refusal := refusalOf(err); refusal == nil || refusal.Rule != RuleEntitlementFell || refusal.Figures[0].Pence != 44_433_33 || refusal.Figures[1].Pence != 27_548_67 {
		t.Fatalf("got %v, want June to fall from 2/3 × £1.333 × 50,000 to that on 31,000", err)
	}
	s.do(AdjustEntitlement{Fund: "BEDS", Rate: "SHARES", Through: month(7), Reason: "Ford left"})
	if facts, err := s.decide(run("BEDS", "SHARES", month(7), north), ""); !errors.Is(err, ErrUnchanged) {
		t.Errorf("after the adjustment: %v, %v", facts, err)
	}
}

// TestCountsInAnyRhythmComeToTheSame counts beds and declared parts that change within a year, and runs it every month, now and
// then or once. At every stage what was raised is the annual amounts so far in twelfths, or, paid once, that of the month.
func TestCountsInAnyRhythmComeToTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var of [13]int64 // beds, or twelfths of the whole, by month
		s := told(t, more(untilFunded19, bedsOfOwn))
		rate, measure := RateCode("BEDS"), beds
		if rapid.Bool().Draw(t, "once") {
			rate, measure = "SHARES", parts
		}
		for m := 1; m <= 12; m++ {
			of[m] = of[m-1]
			if !rapid.Bool().Draw(t, "changes") {
				continue
			}
			q := QuantityLine{Body: north}
			if rate == "BEDS" {
				of[m] = rapid.Int64Range(0, 900).Draw(t, "beds")
				q.Quantity = Quantity(fmt.Sprint(of[m]))
			} else {
				of[m] = rapid.Int64Range(of[m-1], 12).Draw(t, "twelfths")
				q.Quantity = Quantity(fmt.Sprintf("%d/12", of[m]))
			}
			s.do(counted(measure, month(m).First(), q))
		}
		due := new(big.Rat)
		for m := 1; m <= 12; m++ {
			if rate == "BEDS" {
				due.Add(due, big.NewRat(120_55*of[m], 12)) // £120.55 a bed
			} else {
				due = new(big.Rat).SetInt64(int64(roundRat(big.NewRat(13_330*50_000*of[m], 1200)))) // £1.333 on 50,000 weighted patients
			}
			if m < 12 && !rapid.Bool().Draw(t, "runs") {
				continue
			}
			s.on(month(m).Last())
			facts, err := s.decide(run("BEDS", rate, month(m)), "")
			if refusal := refusalOf(err); refusal != nil && (refusal.Rule != RuleRunEmpty || slices.Max(of[:]) > 0) {
				t.Fatal(err)
			}
			s.apply(facts)
			if _, sum := s.raisedBy(north); sum != roundRat(due) {
				t.Fatalf("%s through month %d: %s is raised, want %s pence", rate, m, sum, due.FloatString(2))
			}
		}
	})
}

// TestLaterMonthsGoToTheNewPayee also shows that a payee's change loses and doubles nothing.
func TestLaterMonthsGoToTheNewPayee(t *testing.T) {
	s := told(t, untilJuly)
	s.do(nominate(south, trust, "2019-10-01"))
	for m := 5; m <= 12; m++ {
		s.on(month(m).Last()).do(run(core, "CORE_PCN", month(m), south))
	}
	paid := map[Body]Pence{}
	for id := range s.ledger.items {
		if item := s.ledger.items[id]; item.Beneficiary == south {
			paid[item.Payee] += item.Pence()
		}
	}
	if diff := cmp.Diff(map[Body]Pence{hill: 37_500_00, trust: 37_500_00}, paid); diff != "" {
		t.Errorf("who is paid for South (-want +got):\n%s", diff)
	}
}

// TestAPennyThatRoundingMovedIsMadeGood has a membership corrected for April to June alone, after the year was raised:
// by what a later month's rounding moves, so much less is raised for the months that rose.
func TestAPennyThatRoundingMovedIsMadeGood(t *testing.T) {
	list := func(at Date, patients int64) RecordListSizes {
		return RecordListSizes{Population: PopulationRegistered, At: at, Source: Source{Title: "late"}, Lines: []ListLine{
			{Practice: "local:New", Patients: patients}, {Practice: mill, Patients: 30_001}, {Practice: ford, Patients: 20_000},
		}}
	}
	before := Instalments(slices.Repeat([]Pence{75_001_50}, 12), 12)
	fell := 0
	for patients := int64(1); patients <= 12; patients++ {
		s := told(t, untilFunded19)
		s.on("2020-03-16").do(run(core, "CORE_PCN", "2019-20/M12", north), RegisterBody{Body: "local:New", Kind: KindPractice},
			list("2019-01-01", patients), enrol(north, Member{"local:New", "2019-04-01", "2019-06-30"}), run(core, "CORE_PCN", "2019-20/M12", north))
		annual := slices.Concat(slices.Repeat([]Pence{75_001_50 + Pence(patients)*1_50}, 3), slices.Repeat([]Pence{75_001_50}, 9))
		after := Instalments(annual, 12)
		if _, got := s.raisedBy(north); got != sumOf(after) {
			t.Errorf("%d more patients in April to June: %s is raised, want %s", patients, got, sumOf(after))
		}
		for i := range after {
			fell += btoi(after[i] < before[i])
		}
		if _, err := s.decide(run(core, "CORE_PCN", "2019-20/M12", north), ""); !errors.Is(err, ErrUnchanged) {
			t.Errorf("run again: %v", err)
		}
	}
	if fell == 0 {
		t.Error("no month's rounding moved down: the test shows nothing")
	}
}

// TestAFallOfAPenny has the months that rose raised first: the penny that is left over is recovered like any other fall.
func TestAFallOfAPenny(t *testing.T) {
	s := told(t, untilFunded19)
	s.on("2020-03-16").do(run(core, "CORE_PCN", "2019-20/M12", north), RegisterBody{Body: "local:New", Kind: KindPractice},
		RecordListSizes{Population: PopulationRegistered, At: "2019-01-01", Source: Source{Title: "late"}, Lines: []ListLine{
			{Practice: "local:New", Patients: 1}, {Practice: mill, Patients: 30_001}, {Practice: ford, Patients: 20_000},
		}}, enrol(north, Member{"local:New", "2019-04-01", "2019-06-30"}), run(core, "CORE_PCN", "2019-20/M06", north))
	_, err := s.decide(run(core, "CORE_PCN", "2019-20/M07", north), "")
	if refusal := refusalOf(err); refusal == nil || refusal.Rule != RuleEntitlementFell || refusal.Figures[0].Pence-refusal.Figures[1].Pence != 1 {
		t.Fatalf("got %v, want a fall of a penny", err)
	}
	item := ItemID("")
	for id, i := range s.ledger.items {
		if i.Rate == "CORE_PCN" && len(i.Parts) == 12 {
			item = id
		}
	}
	s.do(recoverPence(item, "2019-20/M07", 1))
	if fact, err := s.decide(run(core, "CORE_PCN", "2019-20/M07", north), ""); !errors.Is(err, ErrUnchanged) {
		t.Errorf("after the penny was recovered: %v, %v", fact, err)
	}
}
