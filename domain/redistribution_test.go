package domain

import "testing"

// sumOfYear has weighted lists that stand for a day, as event 400, and rates of a year adopted, as event 410.
func sumOfYear(year Year, reference Date, choices ...RateChoice) []chapter {
	return more([]chapter{bodies, members}, weightedAt(reference), func(s *story) {
		s.number = 410
		s.on(year.First().AddDays(40)).do(AdoptRateCard{Year: year, Rates: choices})
	})
}

// weightedAt records, as event 400, weighted lists that are made up: North has 50,000 patients, South 30,000, East 20,000.
func weightedAt(reference Date) chapter {
	return also(400, reference.AddDays(60), RecordListSizes{Population: PopulationWeighted, At: reference, Source: Source{Title: "weighted lists"}, Lines: []ListLine{
		{Practice: mill, Patients: 31_000}, {Practice: ford, Patients: 19_000}, {Practice: hill, Patients: 30_000}, {Practice: wood, Patients: 20_000},
	}})
}

var meeting = Decision{Body: "Primary Care Commissioning Committee", Date: "2023-10-17", Paper: "23/41"}

func redistribute(year Year, lines ...RedistributionLine) RedistributeUnclaimed {
	return RedistributeUnclaimed{Year: year, Sum: SumARRS, Decision: meeting, Lines: lines}
}

func gives(from, to Body, estimate, pence Pence) RedistributionLine {
	return RedistributionLine{From: from, To: to, Estimate: estimate, Pence: pence}
}

// sums23 is the year 2023/24, the last in which the sum is shared: 22.671 × 50,000 = £1,133,550 for North and 22.671 ×
// 30,000 = £680,130 for South.
var sums23 = sumOfYear("2023-24", "2023-01-01", RateChoice{Rate: SumARRS})

// redistributed has one officer ask for it and another approve, on 1 November 2023.
func redistributed(lines ...RedistributionLine) chapter {
	return func(s *story) { s.on("2023-11-01").approved(chief, redistribute("2023-24", lines...)) }
}

var redistributionRows = []row{
	{
		name:  "what a network expects to leave unclaimed is given to another",
		given: more(sums23, governed), on: "2023-11-01", approvedBy: chief,
		when: redistribute("2023-24", gives(south, north, 100_000_00, 60_000_00)),
		then: UnclaimedRedistributed(redistribute("2023-24", gives(south, north, 100_000_00, 60_000_00))),
	},
	{
		name:  "a network gives what it expects to leave unclaimed to two others",
		given: more(sums23, governed), on: "2023-11-01", approvedBy: chief,
		when: redistribute("2023-24", gives(south, north, 100_000_00, 60_000_00), gives(south, east, 100_000_00, 40_000_00)),
		then: UnclaimedRedistributed(redistribute("2023-24", gives(south, north, 100_000_00, 60_000_00), gives(south, east, 100_000_00, 40_000_00))),
	},
	{
		name:  "more than a network's estimate is not given",
		given: sums23, on: "2023-11-01",
		when: redistribute("2023-24", gives(south, north, 100_000_00, 60_000_00), gives(south, east, 100_000_00, 40_000_01)),
		rule: RuleRedistributionOver,
	},
	{
		name:  "an estimate above what is left of the sum is refused",
		given: sums23, on: "2023-11-01",
		when: redistribute("2023-24", gives(south, north, 680_130_01, 60_000_00)),
		rule: RuleRedistributionOver,
	},
	{
		name:  "what was given already cannot be given again",
		given: more(sums23, governed, redistributed(gives(south, north, 680_130_00, 680_130_00))),
		when:  redistribute("2023-24", gives(south, east, 1, 1)),
		rule:  RuleRedistributionOver,
	},
	{
		// Pulse PCN, 2024: the contract for 2024/25 no longer has the redistribution.
		name:  "from 2024/25 nothing unclaimed is given to others",
		given: sumOfYear("2024-25", "2024-01-01"), on: "2024-11-01",
		when: redistribute("2024-25", gives(south, north, 100_000_00, 60_000_00)),
		rule: RuleSumNotShared,
	},
	{
		name:  "in 2019/20 nothing unclaimed is given to others",
		given: untilRated, on: "2023-11-01",
		when: redistribute("2019-20", gives(south, north, 10_000_00, 6_000_00)),
		rule: RuleSumNotShared,
	},
	{
		name:  "what is no network's sum is not redistributed",
		given: sumOfYear("2023-24", "2023-01-01"), on: "2023-11-01",
		when: RedistributeUnclaimed{Year: "2023-24", Sum: "ARRS_CP", Decision: meeting, Lines: []RedistributionLine{gives(south, north, 1, 1)}},
		rule: RuleRateKind,
	},
	{
		name:  "a sum that nobody adopted is not redistributed",
		given: []chapter{bodies, members}, on: "2023-11-01",
		when: redistribute("2023-24", gives(south, north, 1, 1)),
		rule: RuleRateNotAdopted,
	},
	{
		name:  "a redistribution that nobody decided is refused",
		given: sums23, on: "2023-11-01",
		when: RedistributeUnclaimed{Year: "2023-24", Sum: SumARRS, Lines: []RedistributionLine{gives(south, north, 1, 1)}},
		rule: RuleDecisionMissing,
	},
	{
		name:  "a redistribution is not recorded before it is decided",
		given: sums23, on: "2023-10-16",
		when: redistribute("2023-24", gives(south, north, 1, 1)),
		rule: RuleDecisionLater,
	},
	{
		name:  "a redistribution without lines is refused",
		given: sums23, on: "2023-11-01",
		when: redistribute("2023-24"),
		rule: RuleLinesMissing,
	},
	{
		name:  "a redistribution of nothing is refused",
		given: sums23, on: "2023-11-01",
		when: redistribute("2023-24", gives(south, north, 100_000_00, 0)),
		rule: RuleAmountPositive,
	},
	{
		name:  "a network gives nothing to itself",
		given: sums23, on: "2023-11-01",
		when: redistribute("2023-24", gives(south, south, 100_000_00, 60_000_00)),
		rule: RuleRedistributionLine,
	},
	{
		name:  "two networks stand in one line only",
		given: sums23, on: "2023-11-01",
		when: redistribute("2023-24", gives(south, north, 100_000_00, 60_000_00), gives(south, north, 100_000_00, 10_000_00)),
		rule: RuleRedistributionLine,
	},
	{
		name:  "a practice gives nothing",
		given: sums23, on: "2023-11-01",
		when: redistribute("2023-24", gives(mill, north, 100_000_00, 60_000_00)),
		rule: RuleBodyKind,
	},
	{
		name:  "a network that nobody registered receives nothing",
		given: sums23, on: "2023-11-01",
		when: redistribute("2023-24", gives(south, "local:West", 100_000_00, 60_000_00)),
		rule: RuleBodyUnknown,
	},
	{
		name:  "a network without a weighted list has no sum to give",
		given: []chapter{bodies, members, also(410, "2023-05-11", AdoptRateCard{Year: "2023-24", Rates: []RateChoice{{Rate: SumARRS}}})}, on: "2023-11-01",
		when: redistribute("2023-24", gives(east, north, 100_00, 60_00)),
		rule: RuleListUnknown,
	},
	{
		name:  "a redistribution needs two people, so it waits for officers to be appointed",
		given: sums23, on: "2023-11-01",
		when: redistribute("2023-24", gives(south, north, 100_000_00, 60_000_00)),
		rule: RuleOfficersMissing,
	},
}

func TestRedistributions(t *testing.T) { tell(t, redistributionRows) }

// TestAGiverLosesTheRight has what is given move from one sum to the other, and nothing else.
func TestAGiverLosesTheRight(t *testing.T) {
	s := told(t, more(sums23, governed, redistributed(gives(south, north, 100_000_00, 60_000_00))))
	if north, south := s.sumLeft(north, "2023-24"), s.sumLeft(south, "2023-24"); north != 1_193_550_00 || south != 620_130_00 {
		t.Errorf("North can claim %s and South %s, want £1,193,550.00 and £620,130.00", north, south)
	}
}
