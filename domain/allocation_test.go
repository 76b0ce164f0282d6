package domain

import "testing"

// allocate asks for lines of the fund NR-PCN-2018.
func allocate(lines ...Line) AllocateFund {
	return AllocateFund{Fund: nr, Decision: paper, Lines: lines}
}

// move asks to move pence between two uses of the fund NR-PCN-2018.
func move(from, to Bucket, pence Pence) MoveAllocation {
	return MoveAllocation{Fund: nr, Decision: paper, Reason: "the project manager starts later", Lines: []MoveLine{{from, to, pence}}}
}

var allocationRows = []row{
	{name: "money is not set aside before the day on which it was confirmed", given: more(untilFunded, also(105, "2018-12-20", ConfirmFunding{Fund: nr, Pence: pounds(500), Title: "second tranche", Source: letter})),
		dated: "2018-12-03", when: AllocateFund{Fund: nr, Decision: paper, Lines: []Line{line(valley, north, leadership, pounds(1200))}}, rule: RuleOverAllocation},
	{name: "money that is set aside on a later day is not set aside twice on an earlier one", given: untilAllocated, on: "2018-12-10", dated: "2018-11-28",
		when: AllocateFund{Fund: nr, Decision: paper, Lines: []Line{line(valley, north, leadership, pounds(201))}}, rule: RuleOverAllocation},
	{
		name:  "an allocation is set aside for its payee, network and purpose, for the fund's year",
		given: untilFunded, on: "2018-12-03",
		when: allocate(line(valley, north, leadership, pounds(400)), line("", "", "", 1)),
		then: FundAllocated{Fund: nr, Decision: paper, Lines: []AllocationLine{
			{Bucket: bucket(valley, north, leadership), Pence: pounds(400)},
			{Bucket: Bucket{For: "2018-19"}, Pence: 1},
		}},
		totals: "limit -£1,000.00, unallocated £599.99, allocated £400.01",
	},
	{
		name:  "an allocation of the last penny is allowed",
		given: untilAllocated,
		when:  allocate(line(valley, north, access, pounds(200))),
		then: FundAllocated{Fund: nr, Decision: paper, Lines: []AllocationLine{
			{Bucket: bucket(valley, north, access), Pence: pounds(200)},
		}},
		totals: "limit -£1,000.00, allocated £1,000.00",
	},
	{
		name:  "an allocation may be for one month of the year",
		given: untilFunded, on: "2018-12-03",
		when: allocate(Line{Bucket: Bucket{Payee: valley, For: "2018-19/M10"}, Pence: pounds(5)}),
		then: FundAllocated{Fund: nr, Decision: paper, Lines: []AllocationLine{
			{Bucket: Bucket{Payee: valley, For: "2018-19/M10"}, Pence: pounds(5)},
		}},
		totals: "limit -£1,000.00, unallocated £995.00, allocated £5.00",
	},
	{
		name:  "an allocation beyond the fund's limit is refused",
		given: untilAllocated,
		when:  allocate(line(valley, north, leadership, pounds(200)+1)),
		rule:  RuleOverAllocation,
	},
	{
		name:  "lines that together exceed what is left to allocate are refused",
		given: untilAllocated,
		when:  allocate(line(valley, north, leadership, pounds(150)), line(trust, south, access, pounds(60))),
		rule:  RuleOverAllocation,
	},
	{
		name:  "an allocation from a fund without confirmed funding is refused",
		given: more(untilFunded, also(102, "2018-11-06", OpenFund{terms("EMPTY-2018")})),
		when:  AllocateFund{Fund: "EMPTY-2018", Decision: paper, Lines: []Line{line(valley, north, leadership, 1)}}, dated: "2018-11-30",
		rule: RuleOverAllocation,
	},
	{
		name:  "an allocation without the paper that decided it is refused",
		given: untilFunded,
		when:  AllocateFund{Fund: nr, Decision: Decision{Body: "Executive Committee", Date: "2018-11-05"}, Lines: []Line{line(valley, north, leadership, 1)}},
		rule:  RuleDecisionMissing,
	},
	{
		name:  "an allocation dated before its decision is refused",
		given: untilAllocated, dated: "2018-11-26",
		when: allocate(line(valley, north, leadership, 1)),
		rule: RuleDecisionLater,
	},
	{
		name:  "an allocation from a fund that nobody opened is refused",
		given: untilFunded,
		when:  AllocateFund{Fund: "NR-PCN-2019", Decision: paper, Lines: []Line{line(valley, north, leadership, 1)}},
		rule:  RuleFundUnknown,
	},
	{
		name:  "an allocation from a closed fund is refused",
		given: untilClosed, dated: "2019-03-31",
		when: allocate(line(valley, north, leadership, 1)),
		rule: RuleFundClosed,
	},
	{
		name:  "an allocation dated after the fund's last day is refused",
		given: untilAllocated, on: "2019-04-01",
		when: allocate(line(valley, north, leadership, 1)),
		rule: RuleFundDates,
	},
	{
		name:  "an allocation for a month of another year is refused",
		given: untilAllocated,
		when:  allocate(Line{Bucket: Bucket{Payee: valley, For: "2019-20/M01"}, Pence: 1}),
		rule:  RuleServiceOutside,
	},
	{
		name:  "an allocation for a month before the fund begins is refused",
		given: []chapter{bodies, also(40, "2018-11-05", OpenFund{fromOctober()}, ConfirmFunding{Fund: "Q3-2018", Pence: 5, Title: "all", Source: letter})},
		when: AllocateFund{Fund: "Q3-2018", Decision: Decision{Body: "board", Date: "2018-11-01", Paper: "1"}, Lines: []Line{
			{Bucket: Bucket{Payee: valley, For: "2018-19/M06"}, Pence: 1},
		}},
		rule: RuleServiceOutside,
	},
	{
		name:  "an allocation to an organisation that nobody registered is refused",
		given: untilAllocated,
		when:  allocate(line("ods:NQ1", north, leadership, 1)),
		rule:  RuleBodyUnknown,
	},
	{
		name:  "an allocation for a network that nobody registered is refused, with its line",
		given: untilAllocated,
		when:  allocate(line(valley, north, leadership, 1), line(valley, "local:West", leadership, 1)),
		rule:  RuleBodyUnknown,
	},
	{
		name:  "an allocation for the benefit of a practice is refused",
		given: untilAllocated,
		when:  allocate(line(valley, mill, leadership, 1)),
		rule:  RuleBodyKind,
	},
	{
		name:  "an allocation for a purpose that the fund does not permit is refused",
		given: untilAllocated,
		when:  allocate(line(valley, north, "premises", 1)),
		rule:  RuleCategory,
	},
	{
		name:  "an allocation without lines is refused",
		given: untilAllocated,
		when:  allocate(),
		rule:  RuleLinesMissing,
	},
	{
		name:  "an allocation of nothing is refused",
		given: untilAllocated,
		when:  allocate(line(valley, north, leadership, 0)),
		rule:  RuleAmountPositive,
	},
	{
		name:  "an allocation below nothing is refused",
		given: untilAllocated,
		when:  allocate(line(valley, north, leadership, -pounds(5))),
		rule:  RuleAmountPositive,
	},
	{
		name:  "an amount of more than a line may carry is refused",
		given: untilAllocated,
		when:  allocate(line(valley, north, leadership, MostPence+1)),
		rule:  RuleAmountTooLarge,
	},
	{
		name:  "an amount in pounds with a decimal point is refused, never rounded",
		given: untilAllocated,
		kind:  "AllocateFund",
		text:  `{"fund":"NR-PCN-2018","decision":{"body":"board","date":"2018-12-01","paper":"1"},"lines":[{"payee":"local:Valley","pence":1250.50}]}`,
		rule:  RuleAmountWholePence,
	},
	{
		name:  "an amount in quotation marks is refused",
		given: untilAllocated,
		kind:  "ConfirmFunding",
		text:  `{"fund":"NR-PCN-2018","pence":"125050"}`,
		rule:  RuleAmountWholePence,
	},
	{
		name:  "U, which stands for unallocated in NHS files, is refused as a payee",
		given: untilAllocated,
		kind:  "AllocateFund",
		text:  `{"fund":"NR-PCN-2018","decision":{"body":"board","date":"2018-12-01","paper":"1"},"lines":[{"payee":"U","pence":100}]}`,
		rule:  RuleBodyUnallocated,
	},
	{
		name: "an allocation to an organisation that another has succeeded is refused, naming the other",
		given: more(untilAllocated, also(115, "2018-12-04",
			RegisterBody{Body: "local:Vale", Kind: KindFederation, Name: "Vale Federation"},
			SucceedBody{Body: valley, Date: "2018-12-10", Successors: []Successor{{"local:Vale", 1, 1}}, Reason: "merger"})),
		on:   "2018-12-10",
		when: allocate(line(valley, north, leadership, 1)),
		rule: RuleBodySucceeded,
	},
	{
		name: "until the day of succession the old organisation can be allocated money",
		given: more(untilAllocated, also(115, "2018-12-04",
			RegisterBody{Body: "local:Vale", Kind: KindFederation},
			SucceedBody{Body: valley, Date: "2018-12-10", Successors: []Successor{{"local:Vale", 1, 1}}, Reason: "merger"})),
		on:   "2018-12-09",
		when: allocate(line(valley, north, leadership, 1)),
		then: FundAllocated{Fund: nr, Decision: paper, Lines: []AllocationLine{{Bucket: bucket(valley, north, leadership), Pence: 1}}},
	},

	{
		name:  "money set aside for one use can be moved to another, line after line",
		given: untilReleased,
		when: MoveAllocation{Fund: nr, Decision: paper, Reason: "East begins first", Lines: []MoveLine{
			{Bucket{Payee: valley, Beneficiary: north, Category: leadership}, Bucket{Payee: trust, Beneficiary: east}, pounds(150)},
			{Bucket{Payee: trust, Beneficiary: east}, Bucket{Payee: trust, Beneficiary: east, For: "2018-19/M10"}, pounds(150)},
		}},
		then: AllocationMoved{Fund: nr, Decision: paper, Reason: "East begins first", Lines: []MoveLine{
			{bucket(valley, north, leadership), bucket(trust, east, ""), pounds(150)},
			{bucket(trust, east, ""), Bucket{Payee: trust, Beneficiary: east, For: "2018-19/M10"}, pounds(150)},
		}},
		totals: "advances £400.00, payables -£400.00, limit -£1,000.00, unallocated £200.00, allocated £400.00, released £400.00",
	},
	{
		name: "money can be moved away from an organisation that was succeeded",
		given: more(untilAllocated, also(115, "2018-12-04",
			RegisterBody{Body: "local:Vale", Kind: KindFederation},
			SucceedBody{Body: valley, Date: "2018-12-04", Successors: []Successor{{"local:Vale", 1, 1}}, Reason: "merger"})),
		when: move(bucket(valley, north, leadership), bucket("local:Vale", north, leadership), pounds(400)),
		then: AllocationMoved{Fund: nr, Decision: paper, Reason: "the project manager starts later", Lines: []MoveLine{
			{bucket(valley, north, leadership), bucket("local:Vale", north, leadership), pounds(400)},
		}},
	},
	{
		name:      "moving money to where it is changes nothing",
		given:     untilAllocated,
		when:      move(bucket(valley, north, leadership), Bucket{Payee: valley, Beneficiary: north, Category: leadership}, pounds(10)),
		unchanged: true,
	},
	{
		name:  "moving more than is set aside and not released is refused",
		given: untilReleased,
		when:  move(bucket(valley, north, leadership), bucket(trust, south, access), pounds(150)+1),
		rule:  RuleMoveOver,
	},
	{
		name:  "two lines that together move more than is set aside are refused",
		given: untilReleased,
		when: MoveAllocation{Fund: nr, Decision: paper, Reason: "East begins first", Lines: []MoveLine{
			{bucket(valley, north, leadership), bucket(trust, south, access), pounds(100)},
			{bucket(valley, north, leadership), bucket(trust, south, leadership), pounds(100)},
		}},
		rule: RuleMoveOver,
	},
	{
		name:  "moving money without a reason is refused",
		given: untilReleased,
		when:  MoveAllocation{Fund: nr, Decision: paper, Lines: []MoveLine{{bucket(valley, north, leadership), bucket(trust, south, access), 1}}},
		rule:  RuleTextMissing,
	},
	{
		name:  "moving money without a decision is refused",
		given: untilReleased,
		when:  MoveAllocation{Fund: nr, Reason: "East begins first", Lines: []MoveLine{{bucket(valley, north, leadership), bucket(trust, south, access), 1}}},
		rule:  RuleDecisionMissing,
	},
	{
		name:  "moving money without lines is refused",
		given: untilReleased,
		when:  MoveAllocation{Fund: nr, Decision: paper, Reason: "East begins first"},
		rule:  RuleLinesMissing,
	},
	{
		name:  "moving nothing is refused",
		given: untilReleased,
		when:  move(bucket(valley, north, leadership), bucket(trust, south, access), 0),
		rule:  RuleAmountPositive,
	},
	{
		name:  "moving money to a purpose that the fund does not permit is refused",
		given: untilReleased,
		when:  move(bucket(valley, north, leadership), bucket(trust, south, "premises"), 1),
		rule:  RuleCategory,
	},
	{
		name:  "moving money of a closed fund is refused",
		given: untilClosed, dated: "2019-03-31",
		when: move(bucket(valley, north, leadership), bucket(trust, south, access), 1),
		rule: RuleFundClosed,
	},
}

func TestAllocation(t *testing.T) { tell(t, append(allocationRows, decisionRows...)) }

// fromOctober are the terms of a fund that begins in the middle of its year.
func fromOctober() Terms {
	t := terms("Q3-2018")
	t.From, t.To = "2018-10-01", "2018-12-31"
	return t
}

// decidedBy asks for £10 by a decision with something changed.
func decidedBy(change func(*Decision)) AllocateFund {
	c := allocate(line(valley, north, leadership, pounds(10)))
	change(&c.Decision)
	return c
}

// votedPaper is a decision by votes, at which two conflicts of interest were noted.
var votedPaper = Decision{Body: "Primary Care Commissioning Committee", Date: "2018-11-27", Paper: "18/62", For: 7, Against: 2, Conflicts: []Conflict{
	{Who: "GP member", Interest: "partner in a practice of North", Outcome: OutcomeDiscuss},
	{Who: "locality director", Interest: "trustee of Valley Federation", Outcome: OutcomeExcluded},
}}

var decisionRows = []row{
	{
		name:  "a decision keeps its votes and the conflicts of interest that were noted",
		given: untilFunded, on: "2018-12-03",
		when:   decidedBy(func(d *Decision) { *d = votedPaper }),
		then:   FundAllocated{Fund: nr, Decision: votedPaper, Lines: []AllocationLine{{Bucket: bucket(valley, north, leadership), Pence: pounds(10)}}},
		totals: "limit -£1,000.00, unallocated £990.00, allocated £10.00",
	},
	{
		name:  "a decision that the votes do not carry is refused",
		given: untilFunded, on: "2018-12-03",
		when: decidedBy(func(d *Decision) { d.For, d.Against = 4, 4 }), rule: RuleDecisionMissing,
	},
	{
		name:  "a decision with fewer than no votes is refused",
		given: untilFunded, on: "2018-12-03",
		when: decidedBy(func(d *Decision) { d.For, d.Against = -1, 0 }), rule: RuleDecisionMissing,
	},
	{
		name:  "a conflict of interest that was noted without its outcome is refused",
		given: untilFunded, on: "2018-12-03",
		when: decidedBy(func(d *Decision) { d.Conflicts = []Conflict{{Who: "GP member", Interest: "partner"}} }), rule: RuleDecisionMissing,
	},
	{
		name:  "a conflict of interest of nobody is refused",
		given: untilFunded, on: "2018-12-03",
		when: decidedBy(func(d *Decision) { d.Conflicts = []Conflict{{Interest: "partner", Outcome: OutcomeNone}} }), rule: RuleDecisionMissing,
	},
}
