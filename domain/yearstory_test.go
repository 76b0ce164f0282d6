package domain

import "slices"

// The fixture of 2019/20, the first year of the Network Contract: the networks of story_test.go, their lists, the
// year's rates, who is paid, and a fund for each kind of money. North has 50,001 patients, South 50,000, East 30,000.

const (
	core FundCode = "CORE-2019"
	hard FundCode = "CORE-HARD-2019"
	arrs FundCode = "ARRS-2019"

	coreFunding   Category = "core PCN funding"
	director      Category = "clinical director"
	participation Category = "network participation"
	pharmacist    Category = "clinical pharmacist"
	linkWorker    Category = "social prescribing link worker"

	year19 Service = "2019-20"
)

var agreement = Source{Title: "network agreement, schedule 1"}

// listed19 records, as events 200 and 201, the lists that stand for 1 January 2019, and the weighted ones.
func listed19(s *story) {
	s.number = 200
	s.on("2019-05-20").do(
		RecordListSizes{Population: PopulationRegistered, At: "2019-01-01", Source: Source{Title: "list sizes at 1 January 2019"}, Lines: []ListLine{
			{Practice: mill, Patients: 30_001}, {Practice: ford, Patients: 20_000}, {Practice: hill, Patients: 50_000}, {Practice: wood, Patients: 30_000},
		}},
		RecordListSizes{Population: PopulationWeighted, At: "2019-01-01", Source: Source{Title: "weighted lists at 1 January 2019"}, Lines: []ListLine{
			{Practice: mill, Patients: 31_000}, {Practice: ford, Patients: 19_000}, {Practice: hill, Patients: 52_000}, {Practice: wood, Patients: 29_500},
		}})
}

// adopted19 adopts the year's card, as event 210: what a primary or secondary source prints.
func adopted19(s *story) {
	s.number = 210
	s.on("2019-06-03").do(AdoptRateCard{Year: "2019-20"})
}

// nominated19 nominates the payees, as events 220 to 222: Valley for North, its own practice for South, the trust for East.
func nominated19(s *story) {
	s.number = 220
	s.on("2019-06-03").do(nominate(north, valley, "2019-04-01"), nominate(south, hill, "2019-04-01"), nominate(east, trust, "2019-04-01"))
}

func nominate(network, payee Body, from Date) NominatePayee {
	return NominatePayee{Network: network, Payee: payee, From: from, Source: agreement}
}

// terms19 are those of a fund of 2019/20 that pays what is due, and warns where that is more than was set aside.
func terms19(code FundCode, categories ...Category) Terms {
	return Terms{
		Fund: code, Title: "Network Contract DES", Year: "2019-20", Recurrent: true, Cover: CoverWarn, Basis: BasisEvidence,
		Categories: categories, Source: letter,
	}
}

func line19(network Body, pence Pence) Line {
	return Line{Bucket: Bucket{Beneficiary: network}, Pence: pence}
}

// funded19 opens the funds for what is due a head and for roles, as events 230 to 235, and sets their money aside: for
// North, South and East.
func funded19(s *story) {
	s.number = 230
	s.on("2019-06-10").do(
		OpenFund{terms19(core, coreFunding, director, participation)},
		ConfirmFunding{Fund: core, Pence: pounds(600_000), Title: "allocation 2019/20", Source: letter},
		AllocateFund{Fund: core, Decision: paper, Lines: []Line{line19(north, pounds(200_000)), line19(south, pounds(200_000)), line19(east, pounds(200_000))}},
		OpenFund{terms19(arrs, pharmacist, linkWorker)},
		ConfirmFunding{Fund: arrs, Pence: pounds(161_826) + 75, Title: "allocation 2019/20", Source: letter},
		AllocateFund{Fund: arrs, Decision: paper, Lines: []Line{line19(north, 53_942_25), line19(south, 53_942_25), line19(east, 53_942_25)}})
}

// ranJuly raises core funding for April to July, as event 240: items 240.1 to East, 240.2 to North, 240.3 to South.
func ranJuly(s *story) {
	s.number = 240
	s.on("2019-07-15").do(run(core, "CORE_PCN", "2019-20/M04"))
}

func run(fund FundCode, rate RateCode, through Service, networks ...Body) RunEntitlement {
	return RunEntitlement{Fund: fund, Rate: rate, Through: through, Networks: networks}
}

// engaged19 engages a pharmacist and a link worker for North, as events 250 and 251.
func engaged19(s *story) {
	s.number = 250
	s.on("2019-10-01").do(engage("P-0001", north, "ARRS_CP", "2019-10-01", "37.5"), engage("L-0001", north, "ARRS_SPLW", "2019-10-01", "37.5"))
}

func engage(person Person, network Body, role RateCode, from Date, hours Hours) EngageRole {
	return EngageRole{Person: person, Network: network, Role: role, From: from, Post: Post{Hours: hours}, Source: Source{Title: "contract seen by the CCG"}}
}

// cost is a post's cost in a month: salary, national insurance and pension that come to so much.
func cost(total Pence) Costs { return Costs{Salary: total - 500_00, NI: 200_00, Pension: 300_00} }

func claim(network Body, month Service, lines ...ClaimLine) SubmitClaim {
	return SubmitClaim{Network: network, Month: month, Reference: "claim of the month", Declaration: true, Lines: lines}
}

// october is the claim of MONEY.md: a pharmacist who cost £4,500 in October 2019.
func october() SubmitClaim {
	return claim(north, "2019-20/M07", ClaimLine{Person: "P-0001", Costs: cost(4_500_00)})
}

// claimed19 submits it, as event 260.
func claimed19(s *story) {
	s.number = 260
	s.on("2019-11-04").do(october())
}

// approved19 approves it, as event 270: item 270.1.
func approved19(s *story) {
	s.number = 270
	s.on("2019-11-12").do(approve(260))
}

func approve(number int64) ApproveClaim { return ApproveClaim{Claim: number, Fund: arrs} }

// recovered19 recovers what the proved cost of £4,275 leaves too much, as event 280: item 280.1.
func recovered19(s *story) {
	s.number = 280
	s.on("2019-12-02").do(recoverProved(cost(4_275_00)))
}

func recoverProved(proved Costs) RaiseRecovery {
	return RaiseRecovery{Item: "270.1", Reason: "the salary proved to be less", Person: "P-0001", Proved: proved}
}

func recoverPence(item ItemID, service Service, pence Pence) RaiseRecovery {
	return RaiseRecovery{Item: item, Reason: "raised on a wrong list", For: service, Pence: pence}
}

var (
	untilRated     = []chapter{bodies, members, listed19, adopted19}
	untilFunded19  = slices.Concat(untilRated, []chapter{nominated19, funded19})
	untilJuly      = slices.Concat(untilFunded19, []chapter{ranJuly})
	untilEngaged   = slices.Concat(untilFunded19, []chapter{engaged19})
	untilClaimed   = slices.Concat(untilEngaged, []chapter{claimed19})
	untilApproved  = slices.Concat(untilClaimed, []chapter{approved19})
	untilRecovered = slices.Concat(untilApproved, []chapter{recovered19})
)

// drawn is a draw on what a fund set aside for a network.
func drawn(network Body, pence Pence) []Draw {
	return []Draw{{Account: Allocated, Bucket: Bucket{Beneficiary: network, For: year19}, Pence: pence}}
}
