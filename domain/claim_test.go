package domain

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// paidLine is a pharmacist's line of an approval.
func paidLine(person Person, cost, part, maximum, pence Pence) ApprovedLine {
	return ApprovedLine{
		Person: person, Role: "ARRS_CP", Category: pharmacist, Cost: cost, Percent: "70", Part: part, Maximum: maximum, Pence: pence, Sum: SumARRS,
		Draws: drawn(north, pence),
	}
}

// left is the line of a post that is paid no more than what is left of the sum.
func (a ApprovedLine) left(pence Pence) ApprovedLine {
	a.Left = pence
	return a
}

// asClaimed is what is recorded of a claim: each person in the one role of the fixture.
func asClaimed(c SubmitClaim) ClaimSubmitted {
	e := ClaimSubmitted(c)
	e.Lines = slices.Clone(c.Lines)
	for i, line := range e.Lines {
		if e.Lines[i].Role == "" {
			e.Lines[i].Role = map[bool]RateCode{true: "ARRS_SPLW", false: "ARRS_CP"}[strings.HasPrefix(string(line.Person), "L-")]
		}
	}
	return e
}

// pharmacistOf is the post of the fixture's pharmacist in a month.
func pharmacistOf(month Service) claimedPost {
	return claimedPost{"P-0001", north, "ARRS_CP", month}
}

// forLinks is the line of a link worker.
func (a ApprovedLine) forLinks() ApprovedLine {
	a.Role, a.Category, a.Percent = "ARRS_SPLW", linkWorker, "100"
	return a
}

func approval(number int64, month Service, due Date, lines ...ApprovedLine) ClaimApproved {
	return ClaimApproved{Claim: number, Fund: arrs, Network: north, Payee: valley, Month: month, Due: due, Lines: lines}
}

// warned is the approval with warnings.
func (e ClaimApproved) warned(warnings ...string) ClaimApproved {
	e.Warnings = warnings
	return e
}

// submitted is a chapter that submits a claim as event 260.
func submitted(on Date, c SubmitClaim) chapter { return also(260, on, c) }

// nearTheSum has North's sum used up to £1,000: it engages more posts from July and is paid for them, ten claims from
// event 300 on.
func nearTheSum(s *story) {
	s.number = 300
	s.on("2019-10-02").do(
		engage("P-0002", north, "ARRS_CP", "2019-07-01", "37.5"), engage("P-0003", north, "ARRS_CP", "2019-07-01", "37.5"),
		engage("P-0004", north, "ARRS_CP", "2019-07-01", "37.5"), engage("P-0005", north, "ARRS_CP", "2019-07-01", "37.5"))
	s.number = 310
	for m := 4; m <= 7; m++ {
		s.on(month(m).Last().AddDays(5))
		number := s.number
		s.do(claim(north, month(m), ClaimLine{Person: "P-0002", Costs: cost(5_000_00)}, ClaimLine{Person: "P-0003", Costs: cost(5_000_00)}, ClaimLine{Person: "P-0004", Costs: cost(5_000_00)}, ClaimLine{Person: "P-0005", Costs: cost(5_000_00)}),
			approve(number))
	}
	number := s.number
	s.do(claim(north, month(8), ClaimLine{Person: "P-0002", Costs: cost(3_612_97)}), approve(number)) // £2,529.08: £52,942.40 in all
}

// supplied has a link worker engaged for North through a supplier from October, for so many hours, and November claimed as
// event 260.
func supplied(hours Hours, costs Costs) []chapter {
	worker := engage("S-0001", north, "ARRS_SPLW", "2019-10-01", hours)
	worker.Supplier = true
	return more(untilFunded19, also(250, "2019-10-01", worker), submitted("2019-12-02", claim(north, "2019-20/M08", ClaimLine{Person: "S-0001", Costs: costs})))
}

// changedRole has the fixture's pharmacist become a link worker with effect from 16 October 2019.
func changedRole(s *story) {
	s.number = 256
	s.on("2019-10-15").do(ChangeRole{Person: "P-0001", From: "2019-10-16", Role: "ARRS_SPLW", Post: Post{Hours: "37.5"}, Source: letter})
}

var claimRows = []row{
	{
		name:  "a claim keeps its notes, and why a pharmacist's training does not meet the requirements",
		given: untilEngaged, on: "2019-11-04",
		when: SubmitClaim{Network: north, Month: "2019-20/M07", Reference: "claim", Declaration: true, Notes: "backdated start",
			Lines: []ClaimLine{{Person: "P-0001", Costs: cost(4_500_00), Training: "enrolled for January"}}},
		then: ClaimSubmitted{Network: north, Month: "2019-20/M07", Reference: "claim", Declaration: true, Notes: "backdated start",
			Lines: []ClaimLine{{Person: "P-0001", Role: "ARRS_CP", Costs: cost(4_500_00), Training: "enrolled for January"}}},
	},
	{
		// GM Primary Care Careers: the provider pays the other half of a mental health practitioner, until 2023/24. No maximum of
		// 2021/22 was found: £58,000 is made up. 50 % of £4,500 is £2,250, below 58,000 ÷ 12 = £4,833.33.
		name: "of a mental health practitioner half the cost is paid",
		given: more([]chapter{bodies, members}, weightedAt("2021-01-01"), also(410, "2021-05-11", AdoptRateCard{Year: "2021-22", Rates: []RateChoice{
			{Rate: "ARRS_MHP", Amount: "58000", Document: letter}, {Rate: SumARRS, Document: letter}}}),
			also(420, "2021-05-12", nominate(north, valley, "2021-04-01"), OpenFund{func() Terms { t := terms19("ARRS-2021", "mental health practitioner"); t.Year = "2021-22"; return t }()},
				ConfirmFunding{Fund: "ARRS-2021", Pence: pounds(200_000), Title: "allocation", Source: letter},
				AllocateFund{Fund: "ARRS-2021", Decision: paper, Lines: []Line{line19(north, pounds(200_000))}}, engage("M-0001", north, "ARRS_MHP", "2021-04-01", "37.5")),
			submitted("2021-05-13", claim(north, "2021-22/M01", ClaimLine{Person: "M-0001", Costs: cost(4_500_00)}))),
		when: ApproveClaim{Claim: 260, Fund: "ARRS-2021"},
		then: ClaimApproved{Claim: 260, Fund: "ARRS-2021", Network: north, Payee: valley, Month: "2021-22/M01", Due: "2021-06-12", Lines: []ApprovedLine{{
			Person: "M-0001", Role: "ARRS_MHP", Category: "mental health practitioner", Cost: 4_500_00, Percent: "50", Part: 2_250_00, Maximum: 4_833_33, Sum: SumARRS, Pence: 2_250_00,
			Draws: []Draw{{Account: Allocated, Bucket: Bucket{Beneficiary: north, For: "2021-22"}, Pence: 2_250_00}}}}},
	},
	{
		name:  "a person in two roles in a month is claimed in each",
		given: more(untilEngaged, changedRole), on: "2019-11-04",
		when: claim(north, "2019-20/M07", ClaimLine{Person: "P-0001", Role: "ARRS_CP", Costs: cost(2_000_00)}, ClaimLine{Person: "P-0001", Role: "ARRS_SPLW", Costs: cost(1_500_00)}),
		then: asClaimed(claim(north, "2019-20/M07", ClaimLine{Person: "P-0001", Role: "ARRS_CP", Costs: cost(2_000_00)}, ClaimLine{Person: "P-0001", Role: "ARRS_SPLW", Costs: cost(1_500_00)})),
	},
	{
		// 15 of 31 days of 37,810 ÷ 12 = 1,524.60; 16 of 31 days of 34,113 ÷ 12 = 1,467.23.
		name: "each of two roles in a month is paid to its own maximum",
		given: more(untilEngaged, changedRole, submitted("2019-11-04", claim(north, "2019-20/M07",
			ClaimLine{Person: "P-0001", Role: "ARRS_CP", Costs: cost(2_000_00)}, ClaimLine{Person: "P-0001", Role: "ARRS_SPLW", Costs: cost(1_500_00)}))), on: "2019-11-12",
		when: approve(260),
		then: approval(260, "2019-20/M07", "2019-12-12", paidLine("P-0001", 2_000_00, 1_400_00, 1_524_60, 1_400_00), paidLine("P-0001", 1_500_00, 1_500_00, 1_467_23, 1_467_23).forLinks()).
			warned("P-0001: £1,500.00 of social prescribing link worker is above the maximum of £1,467.23 for 2019-20/M07 and is paid to it"),
	},
	{
		name:  "a person in two roles is refused without one of them",
		given: more(untilEngaged, changedRole), on: "2019-11-04",
		when: claim(north, "2019-20/M07", ClaimLine{Person: "P-0001", Costs: cost(2_000_00)}),
		rule: RuleClaimRole,
	},
	{
		name:  "a person in two roles is not claimed twice in one of them",
		given: more(untilEngaged, changedRole), on: "2019-11-04",
		when: claim(north, "2019-20/M07", ClaimLine{Person: "P-0001", Role: "ARRS_SPLW", Costs: cost(2_000_00)}, ClaimLine{Person: "P-0001", Role: "ARRS_SPLW", Costs: cost(1_500_00)}),
		rule: RuleClaimTwice,
	},
	{
		name:  "a role that the person was not in is refused",
		given: untilEngaged, on: "2019-11-04",
		when: claim(north, "2019-20/M07", ClaimLine{Person: "P-0001", Role: "ARRS_SPLW", Costs: cost(2_000_00)}),
		rule: RuleClaimRole,
	},
	{
		name:  "a salary of ten times the month's maximum is refused: it looks like a year's",
		given: untilEngaged, on: "2019-11-04",
		when: claim(north, "2019-20/M07", ClaimLine{Person: "P-0001", Costs: Costs{Salary: 37_810_00}}),
		rule: RuleClaimSalary,
	},
	{
		name:  "a network claims what its roles cost in a month",
		given: untilEngaged, on: "2019-11-04",
		when: claim(north, "2019-20/M07", ClaimLine{Person: "P-0001", Costs: cost(4_500_00)}, ClaimLine{Person: "L-0001", Costs: Costs{Salary: 2_000_00, NI: 150_00, Pension: 200_00, Fees: 200_00}}),
		then: asClaimed(claim(north, "2019-20/M07", ClaimLine{Person: "P-0001", Costs: cost(4_500_00)}, ClaimLine{Person: "L-0001", Costs: Costs{Salary: 2_000_00, NI: 150_00, Pension: 200_00, Fees: 200_00}})),
	},
	{
		name:  "a month can be claimed from its first day on",
		given: untilEngaged, on: "2019-11-01",
		when: claim(north, "2019-20/M08", ClaimLine{Person: "P-0001", Costs: cost(4_500_00)}),
		then: asClaimed(claim(north, "2019-20/M08", ClaimLine{Person: "P-0001", Costs: cost(4_500_00)})),
	},
	{
		name:  "a claim that was rejected can be submitted again",
		given: more(untilClaimed, also(270, "2019-11-12", RejectClaim{Claim: 260, Reason: "the payslip is missing"})),
		when:  october(),
		then:  asClaimed(october()),
	},
	{
		name:  "a person whose claim was recovered in full can be claimed again",
		given: more(untilApproved, also(280, "2019-12-02", recoverOf("P-0001", 3_150_00))),
		when:  october(),
		then:  asClaimed(october()),
	},
	{
		name: "two networks claim a person who moved between them in the month, each for its days",
		given: more(untilClaimed, also(270, "2019-11-05", endRole("P-0001", "2019-10-15"),
			engage("P-0001", south, "ARRS_CP", "2019-10-16", "37.5"))),
		when: claim(south, "2019-20/M07", ClaimLine{Person: "P-0001", Costs: cost(2_300_00)}),
		then: asClaimed(claim(south, "2019-20/M07", ClaimLine{Person: "P-0001", Costs: cost(2_300_00)})),
	},
	{
		name:  "a claim without an engaged role is refused",
		given: untilEngaged, on: "2019-11-04",
		when: claim(north, "2019-20/M07", ClaimLine{Person: "P-0002", Costs: cost(4_500_00)}),
		rule: RuleRoleNone,
	},
	{
		name:  "a claim for a month before the role's start is refused",
		given: untilEngaged, on: "2019-11-04",
		when: claim(north, "2019-20/M06", ClaimLine{Person: "P-0001", Costs: cost(4_500_00)}),
		rule: RuleRoleNone,
	},
	{
		name:  "a claim for a month after the role's end is refused",
		given: more(untilEngaged, also(255, "2019-11-02", endRole("P-0001", "2019-10-31"))), on: "2019-12-04",
		when: claim(north, "2019-20/M08", ClaimLine{Person: "P-0001", Costs: cost(4_500_00)}),
		rule: RuleRoleNone,
	},
	{
		name:  "a claim for another network's role is refused",
		given: untilEngaged, on: "2019-11-04",
		when: claim(south, "2019-20/M07", ClaimLine{Person: "P-0001", Costs: cost(4_500_00)}),
		rule: RuleRoleNone,
	},
	{
		name:  "a claim for a month that has not begun is refused",
		given: untilEngaged, on: "2019-11-04",
		when: claim(north, "2019-20/M09", ClaimLine{Person: "P-0001", Costs: cost(4_500_00)}),
		rule: RuleMonthNotBegun,
	},
	{
		name:  "a claim for the year as a whole is refused",
		given: untilEngaged, on: "2019-11-04",
		when: claim(north, year19, ClaimLine{Person: "P-0001", Costs: cost(4_500_00)}),
		rule: RuleMonthNotBegun,
	},
	{
		name:  "a claim that names no month is refused",
		given: untilEngaged, on: "2019-11-04",
		when: claim(north, "", ClaimLine{Person: "P-0001", Costs: cost(4_500_00)}),
		rule: RuleMonthNotBegun,
	},
	{
		name:  "a claim in a year whose maxima nobody adopted is refused",
		given: untilEngaged, on: "2020-05-04",
		when: claim(north, "2020-21/M01", ClaimLine{Person: "P-0001", Costs: cost(4_500_00)}),
		rule: RuleRateNotAdopted,
	},
	{
		name:  "a person who stands twice in a claim is refused",
		given: untilEngaged, on: "2019-11-04",
		when: claim(north, "2019-20/M07", ClaimLine{Person: "P-0001", Costs: cost(4_500_00)}, ClaimLine{Person: "L-0001", Costs: cost(2_500_00)}, ClaimLine{Person: "P-0001", Costs: cost(100_000)}),
		rule: RuleClaimTwice,
	},
	{
		name:  "a person who is claimed for the month already is refused",
		given: untilClaimed,
		when:  claim(north, "2019-20/M07", ClaimLine{Person: "L-0001", Costs: cost(2_500_00)}, ClaimLine{Person: "P-0001", Costs: cost(4_500_00)}),
		rule:  RuleClaimTwice,
	},
	{
		name:  "a person who was paid for the month already is refused",
		given: untilRecovered,
		when:  october(),
		rule:  RuleClaimTwice,
	},
	{
		name:  "a claim that its network does not declare to be right is refused",
		given: untilEngaged, on: "2019-11-04",
		when: SubmitClaim{Network: north, Month: "2019-20/M07", Reference: "claim", Lines: []ClaimLine{{Person: "P-0001", Costs: cost(4_500_00)}}},
		rule: RuleClaimDeclaration,
	},
	{
		name:  "a claim without a reference is refused",
		given: untilEngaged, on: "2019-11-04",
		when: SubmitClaim{Network: north, Month: "2019-20/M07", Declaration: true, Lines: []ClaimLine{{Person: "P-0001", Costs: cost(4_500_00)}}},
		rule: RuleTextMissing,
	},
	{
		name:  "a claim without lines is refused",
		given: untilEngaged, on: "2019-11-04",
		when: claim(north, "2019-20/M07"),
		rule: RuleLinesMissing,
	},
	{
		name:  "a claim by a practice is refused",
		given: untilEngaged, on: "2019-11-04",
		when: claim(mill, "2019-20/M07", ClaimLine{Person: "P-0001", Costs: cost(4_500_00)}),
		rule: RuleBodyKind,
	},
	{
		name:  "a post that cost nothing is refused",
		given: untilEngaged, on: "2019-11-04",
		when: claim(north, "2019-20/M07", ClaimLine{Person: "P-0001", Costs: Costs{}}),
		rule: RuleClaimCosts,
	},
	{
		name:  "a salary above the portal's most is refused",
		given: untilEngaged, on: "2019-11-04",
		when: claim(north, "2019-20/M07", ClaimLine{Person: "P-0001", Costs: Costs{Salary: 10_000_01}}),
		rule: RuleClaimCosts,
	},
	{
		name:  "national insurance above the portal's most is refused",
		given: untilEngaged, on: "2019-11-04",
		when: claim(north, "2019-20/M07", ClaimLine{Person: "P-0001", Costs: Costs{Salary: 4_000_00, NI: 1_000_01}}),
		rule: RuleClaimCosts,
	},
	{
		name:  "a pension below nothing is refused",
		given: untilEngaged, on: "2019-11-04",
		when: claim(north, "2019-20/M07", ClaimLine{Person: "P-0001", Costs: Costs{Salary: 4_000_00, Pension: -1}}),
		rule: RuleClaimCosts,
	},
	{
		name:  "a supplier's fee for a pharmacist is refused",
		given: untilEngaged, on: "2019-11-04",
		when: claim(north, "2019-20/M07", ClaimLine{Person: "P-0001", Costs: Costs{Salary: 4_000_00, Fees: 200_00}}),
		rule: RuleClaimCosts,
	},

	{
		name:  "70 % of a pharmacist's cost of £4,500 is below the month's maximum and is paid",
		given: untilClaimed, on: "2019-11-12",
		when:   approve(260),
		then:   approval(260, "2019-20/M07", "2019-12-12", paidLine("P-0001", 4_500_00, 3_150_00, 3_150_83, 3_150_00)),
		fund:   arrs,
		totals: "expenditure £3,150.00, payables -£3,150.00, limit -£161,826.75, allocated £158,676.75, charged £3,150.00",
	},
	{
		// GM Training Hub: £200 a month for a whole-time post; HSJ: from 1 November 2019. 2,350.00 + 200.00 = 2,550.00.
		name:  "a link worker's cost is paid in full, the supplier's fee with it",
		given: supplied("37.5", Costs{Salary: 2_000_00, NI: 150_00, Pension: 200_00, Fees: 200_00}), on: "2019-12-12",
		when: ApproveClaim{Claim: 260, Fund: arrs, Due: "2019-12-30"},
		then: approval(260, "2019-20/M08", "2019-12-30", paidLine("S-0001", 2_550_00, 2_550_00, 2_842_75, 2_550_00).forLinks()),
	},
	{
		name:  "of a supplier's fee no more than £200 a month counts, with a warning",
		given: supplied("37.5", Costs{Salary: 2_000_00, NI: 150_00, Pension: 200_00, Fees: 250_00}), on: "2019-12-12",
		when: approve(260),
		then: approval(260, "2019-20/M08", "2020-01-11", paidLine("S-0001", 2_550_00, 2_550_00, 2_842_75, 2_550_00).forLinks()).
			warned("S-0001: £200.00 of the supplier's fee of £250.00 counts for 2019-20/M08; what is above is not reimbursed"),
	},
	{
		// f = 18.75 ÷ 37.5 = 0.5: £100.00 of the fee, and half of 34,113 ÷ 12 = 1,421.375 after the £1,421.38 of October.
		name:  "of a half-time post's supplier's fee half counts, inside the maximum",
		given: supplied("18.75", Costs{Salary: 1_200_00, NI: 50_00, Pension: 100_00, Fees: 150_00}), on: "2019-12-12",
		when: approve(260),
		then: approval(260, "2019-20/M08", "2020-01-11", paidLine("S-0001", 1_450_00, 1_450_00, 1_421_37, 1_421_37).forLinks()).
			warned("S-0001: £100.00 of the supplier's fee of £150.00 counts for 2019-20/M08; what is above is not reimbursed",
				"S-0001: £1,450.00 of social prescribing link worker is above the maximum of £1,421.37 for 2019-20/M08 and is paid to it"),
	},
	{
		name:  "before November 2019 no supplier's fee counts, and one without a supplier is pointed out",
		given: more(untilEngaged, submitted("2019-11-04", claim(north, "2019-20/M07", ClaimLine{Person: "L-0001", Costs: Costs{Salary: 2_000_00, NI: 150_00, Pension: 200_00, Fees: 200_00}}))), on: "2019-11-12",
		when: approve(260),
		then: approval(260, "2019-20/M07", "2019-12-12", paidLine("L-0001", 2_350_00, 2_350_00, 2_842_75, 2_350_00).forLinks()).
			warned("L-0001: £0.00 of the supplier's fee of £200.00 counts for 2019-20/M07; what is above is not reimbursed",
				"L-0001: a supplier's fee is claimed, and the post is not recorded as engaged through a supplier"),
	},
	{
		name:  "a claim above the maximum is paid to it, with a warning",
		given: more(untilEngaged, submitted("2019-11-04", claim(north, "2019-20/M07", ClaimLine{Person: "P-0001", Costs: cost(5_000_00)}, ClaimLine{Person: "L-0001", Costs: cost(3_000_00)}))), on: "2019-11-12",
		when: approve(260),
		then: approval(260, "2019-20/M07", "2019-12-12", paidLine("P-0001", 5_000_00, 3_500_00, 3_150_83, 3_150_83),
			paidLine("L-0001", 3_000_00, 3_000_00, 2_842_75, 2_842_75).forLinks()).
			warned("P-0001: £3,500.00 of clinical pharmacist is above the maximum of £3,150.83 for 2019-20/M07 and is paid to it",
				"L-0001: £3,000.00 of social prescribing link worker is above the maximum of £2,842.75 for 2019-20/M07 and is paid to it"),
	},
	{
		name:  "a network's claim is paid to what is left of its sum, with a warning",
		given: more(untilEngaged, nearTheSum, also(360, "2020-01-06", claim(north, "2019-20/M09", ClaimLine{Person: "P-0001", Costs: cost(4_500_00)}, ClaimLine{Person: "L-0001", Costs: cost(2_500_00)}))), on: "2020-01-14",
		when: approve(360),
		then: approval(360, "2019-20/M09", "2020-02-13", paidLine("P-0001", 4_500_00, 3_150_00, 3_150_83, 999_85).left(999_85),
			ApprovedLine{Person: "L-0001", Role: "ARRS_SPLW", Category: linkWorker, Cost: 2_500_00, Percent: "100", Part: 2_500_00, Maximum: 2_842_75, Sum: SumARRS}).
			warned("P-0001: local:North has £999.85 left of its sum for the year; the claim is paid to that",
				"L-0001: local:North has £0.00 left of its sum for the year; the claim is paid to that"),
		fund:   arrs,
		totals: "expenditure £53,942.25, payables -£53,942.25, limit -£161,826.75, allocated £107,884.50, charged £53,942.25",
	},
	{
		name: "within its sum a network is paid even where the fund is short, with a warning",
		given: more(untilClaimed, also(265, "2019-11-05", MoveAllocation{Fund: arrs, Decision: paper, Reason: "elsewhere", Lines: []MoveLine{
			{From: Bucket{Beneficiary: north}, To: Bucket{Beneficiary: south}, Pence: 53_000_00},
		}})), on: "2019-11-12",
		when: approve(260),
		then: func() Event {
			line := paidLine("P-0001", 4_500_00, 3_150_00, 3_150_83, 3_150_00)
			line.Draws = append(drawn(north, 942_25), Draw{Account: Allocated, Bucket: Bucket{valley, north, pharmacist, "2019-20/M07"}, Pence: 2_207_75})
			return approval(260, "2019-20/M07", "2019-12-12", line).
				warned("overspent by £2,207.75: £942.25 is available to local:Valley for local:North for clinical pharmacist for 2019-20/M07; £3,150.00 was asked")
		}(),
	},
	{
		name:  "an October claim goes to October's payee",
		given: more(untilClaimed, also(265, "2019-11-05", nominate(north, trust, "2019-11-01"))),
		when:  approve(260),
		then:  approval(260, "2019-20/M07", "2019-12-05", paidLine("P-0001", 4_500_00, 3_150_00, 3_150_83, 3_150_00)),
	},
	{
		name:  "a role that ended after it was claimed is paid for its days in post",
		given: more(untilClaimed, also(265, "2019-11-05", endRole("P-0001", "2019-10-15"))),
		when:  approve(260),
		then: approval(260, "2019-20/M07", "2019-12-05", paidLine("P-0001", 4_500_00, 3_150_00, 1_524_60, 1_524_60)).
			warned("P-0001: £3,150.00 of clinical pharmacist is above the maximum of £1,524.60 for 2019-20/M07 and is paid to it"),
	},
	{
		name:  "approving an event that is no claim is refused",
		given: untilClaimed,
		when:  approve(250),
		rule:  RuleClaimUnknown,
	},
	{
		name:  "a claim is not approved twice",
		given: untilApproved,
		when:  approve(260),
		rule:  RuleClaimDecided,
	},
	{
		name:  "a claim that was rejected is not approved",
		given: more(untilClaimed, also(270, "2019-11-12", RejectClaim{Claim: 260, Reason: "the payslip is missing"})),
		when:  approve(260),
		rule:  RuleClaimDecided,
	},
	{
		name:  "a claim is not approved with effect from before its month",
		given: untilClaimed, on: "2019-11-12", dated: "2019-09-30",
		when: approve(260),
		rule: RuleMonthNotBegun,
	},
	{
		name:  "a claim of a network without a payee is refused",
		given: more(untilRated, funded19, engaged19, claimed19),
		when:  approve(260),
		rule:  RulePayeeMissing,
	},
	{
		name:  "a claim from a fund without the role's category is refused",
		given: untilClaimed,
		when:  ApproveClaim{Claim: 260, Fund: core},
		rule:  RuleCategory,
	},
	{
		name:  "a claim from a fund of another year is refused",
		given: more(untilClaimed, evidenced),
		when:  ApproveClaim{Claim: 260, Fund: ev},
		rule:  RuleServiceOutside,
	},
	{
		name:  "a claim from a fund that pays in advance is refused",
		given: more(untilClaimed, funded),
		when:  ApproveClaim{Claim: 260, Fund: nr},
		rule:  RuleFundTerms,
	},
	{
		name:  "a claim from a fund that does not exist is refused",
		given: untilClaimed,
		when:  ApproveClaim{Claim: 260, Fund: "ARRS-2020"},
		rule:  RuleFundUnknown,
	},

	{
		name:  "a claim is rejected for a reason",
		given: untilClaimed,
		when:  RejectClaim{Claim: 260, Reason: "the payslip is missing"},
		then:  ClaimRejected{Claim: 260, Reason: "the payslip is missing"},
	},
	{
		name:  "rejecting a claim without a reason is refused",
		given: untilClaimed,
		when:  RejectClaim{Claim: 260},
		rule:  RuleTextMissing,
	},
	{
		name:  "a claim is not rejected twice",
		given: more(untilClaimed, also(270, "2019-11-12", RejectClaim{Claim: 260, Reason: "the payslip is missing"})),
		when:  RejectClaim{Claim: 260, Reason: "again"},
		rule:  RuleClaimDecided,
	},
	{
		name:  "a claim that was approved is not rejected",
		given: untilApproved,
		when:  RejectClaim{Claim: 260, Reason: "too late"},
		rule:  RuleClaimDecided,
	},
	{
		name:  "rejecting an event that is no claim is refused",
		given: untilClaimed,
		when:  RejectClaim{Claim: 999, Reason: "no claim"},
		rule:  RuleClaimUnknown,
	},
}

func TestClaims(t *testing.T) { tell(t, claimRows) }

func TestPercentRoundsHalfAwayFromZero(t *testing.T) {
	for _, c := range []struct {
		percent string
		cost    Pence
		want    Pence
	}{{"70", 4_500_00, 3_150_00}, {"70", 4_275_00, 2_992_50}, {"70", 1, 1}, {"70", 5, 4}, {"50", 1, 1}, {"50", 3, 2}, {"100", 3_411_30, 3_411_30}, {"70", 0, 0}, {"33.3", 10, 3}} {
		if got := percentOf(c.percent, c.cost); got != c.want {
			t.Errorf("%s %% of %s is %s, want %s", c.percent, c.cost, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		tenths, cost := rapid.Int64Range(0, 1000).Draw(t, "tenths of a percent"), rapid.Int64Range(0, 10_000_000).Draw(t, "cost")
		got := percentOf(big.NewRat(tenths, 10).FloatString(1), Pence(cost))
		if want := (tenths*cost + 500) / 1000; int64(got) != want {
			t.Fatalf("%d tenths of a percent of %s is %s, want %s", tenths, Pence(cost), got, Pence(want))
		}
	})
}

// TestPharmacistOfOctober is the worked example of DESIGN §5: a cost of £4,500 is paid £3,150.00; it proves to be 5 %
// less, £2,992.50 was due, £157.50 is owed, and is netted from the next month's claim.
func TestPharmacistOfOctober(t *testing.T) {
	s := told(t, untilApproved)
	s.number = 275
	s.on("2019-11-29").do(settle(SettleLine{Item: "270.1", Pence: 3_150_00}))
	recovered19(s)
	if e := s.log[len(s.log)-1].Event.(RecoveryRaised); e.Right != 2_992_50 || e.Pence != 157_50 {
		t.Errorf("%s was due and %s is to be paid back, want £2,992.50 and £157.50", e.Right, e.Pence)
	}
	s.number = 290
	s.on("2019-12-04").do(claim(north, "2019-20/M08", ClaimLine{Person: "P-0001", Costs: cost(4_275_00)}), approve(290))
	s.number = 300
	s.on("2019-12-20").do(SettlePayment{Reference: "BACS 1220", Lines: []SettleLine{{Item: "291.1", Pence: 2_992_50}}, Netted: []SettleLine{{Item: "280.1", Pence: 157_50}}})
	if diff := cmp.Diff([]string(nil), s.open()); diff != "" {
		t.Errorf("items are left open: %s", diff)
	}
	want := "expenditure £5,985.00, clearing -£5,985.00, limit -£161,826.75, allocated £155,841.75, charged £5,985.00"
	if got := s.totals(arrs); got != want {
		t.Errorf("the fund stands at\n%s\nwant\n%s", got, want)
	}
}
