package domain

import "testing"

func release(lines ...Line) ReleaseFunds {
	return ReleaseFunds{Fund: nr, Reason: "first instalment", Lines: lines}
}

func callBack(lines ...Line) ReturnAdvance {
	return ReturnAdvance{Fund: nr, Reason: "the post was not filled", Lines: lines}
}

// fromAllocated is a draw on what was set aside for the fund's year.
func fromAllocated(payee, beneficiary Body, category Category, pence Pence) Draw {
	return Draw{Account: Allocated, Bucket: bucket(payee, beneficiary, category), Pence: pence}
}

// fromAdvance is a draw on an advance of the fund's year.
func fromAdvance(payee, beneficiary Body, category Category, pence Pence) Draw {
	return Draw{Account: Released, Bucket: bucket(payee, beneficiary, category), Pence: pence}
}

var releaseRows = []row{
	{name: "an advance is not dated before its allocation", given: untilAllocated, on: "2018-12-10", dated: "2018-12-02",
		when: ReleaseFunds{Fund: nr, Lines: []Line{line(valley, north, leadership, pounds(250))}}, rule: RuleReleaseOver},
	{name: "an advance may be dated on the day of its allocation", given: untilAllocated, on: "2018-12-10", dated: "2018-12-03",
		when:   ReleaseFunds{Fund: nr, Lines: []Line{line(valley, north, leadership, pounds(250))}},
		totals: "advances £250.00, payables -£250.00, limit -£1,000.00, unallocated £200.00, allocated £550.00, released £250.00",
		then: FundsReleased{Fund: nr, Due: "2019-01-02", Lines: []DrawnLine{{Bucket: bucket(valley, north, leadership), Pence: pounds(250),
			Draws: []Draw{{Account: Allocated, Bucket: bucket(valley, north, leadership), Pence: pounds(250)}}}}}},
	{
		name:  "a release pays what is allocated, within 30 days",
		given: untilAllocated, on: "2018-12-10",
		when: release(line(valley, north, leadership, pounds(250))),
		then: FundsReleased{Fund: nr, Reason: "first instalment", Due: "2019-01-09", Lines: []DrawnLine{{
			Bucket: bucket(valley, north, leadership), Pence: pounds(250),
			Draws: []Draw{fromAllocated(valley, north, leadership, pounds(250))},
		}}},
		totals: "advances £250.00, payables -£250.00, limit -£1,000.00, unallocated £200.00, allocated £550.00, released £250.00",
	},
	{
		name:  "a release due on a named day keeps it",
		given: untilAllocated, on: "2018-12-10",
		when: ReleaseFunds{Fund: nr, Due: "2018-12-14", Lines: []Line{line(valley, north, leadership, 1)}},
		then: FundsReleased{Fund: nr, Due: "2018-12-14", Lines: []DrawnLine{{
			Bucket: bucket(valley, north, leadership), Pence: 1, Draws: []Draw{fromAllocated(valley, north, leadership, 1)},
		}}},
	},
	{
		name:  "a release draws on an allocation that leaves the payee and the purpose open",
		given: untilAllocated,
		when:  release(line(valley, east, leadership, pounds(100))),
		then: FundsReleased{Fund: nr, Reason: "first instalment", Due: "2019-01-02", Lines: []DrawnLine{{
			Bucket: bucket(valley, east, leadership), Pence: pounds(100), Draws: []Draw{fromAllocated("", east, "", pounds(100))},
		}}},
	},
	{
		name:  "a release draws on its own allocation first and then on ever more open ones",
		given: more(untilAllocated, also(115, "2018-12-04", allocate(line(valley, north, "", pounds(50)), line("", north, leadership, pounds(5)), line("", "", "", pounds(20))))),
		when:  release(line(valley, north, leadership, pounds(460))),
		then: FundsReleased{Fund: nr, Reason: "first instalment", Due: "2019-01-03", Lines: []DrawnLine{{
			Bucket: bucket(valley, north, leadership), Pence: pounds(460),
			Draws: []Draw{
				fromAllocated(valley, north, leadership, pounds(400)), fromAllocated(valley, north, "", pounds(50)),
				fromAllocated("", north, leadership, pounds(5)), fromAllocated("", "", "", pounds(5)),
			},
		}}},
	},
	{
		name:  "a release for one month draws on that month's allocation and then on the year's",
		given: more(untilAllocated, also(115, "2018-12-04", allocate(Line{Bucket: Bucket{Payee: valley, Beneficiary: north, Category: leadership, For: "2018-19/M10"}, Pence: pounds(3)}))),
		when:  release(Line{Bucket: Bucket{Payee: valley, Beneficiary: north, Category: leadership, For: "2018-19/M10"}, Pence: pounds(10)}),
		then: FundsReleased{Fund: nr, Reason: "first instalment", Due: "2019-01-03", Lines: []DrawnLine{{
			Bucket: Bucket{Payee: valley, Beneficiary: north, Category: leadership, For: "2018-19/M10"}, Pence: pounds(10),
			Draws: []Draw{
				{Account: Allocated, Bucket: Bucket{Payee: valley, Beneficiary: north, Category: leadership, For: "2018-19/M10"}, Pence: pounds(3)},
				fromAllocated(valley, north, leadership, pounds(7)),
			},
		}}},
	},
	{
		name:  "a release beyond what is allocated is refused",
		given: untilReleased,
		when:  release(line(valley, north, leadership, pounds(150)+1)),
		rule:  RuleReleaseOver,
	},
	{
		name:  "lines that together release more than is allocated are refused",
		given: untilReleased,
		when:  release(line(valley, north, leadership, pounds(100)), line(valley, north, leadership, pounds(60))),
		rule:  RuleReleaseOver,
	},
	{
		name:  "a release for another purpose than was allocated is refused",
		given: untilAllocated,
		when:  release(line(valley, north, access, pounds(1))),
		rule:  RuleReleaseOver,
	},
	{
		name:  "a release for the year does not draw on one month's allocation",
		given: more(untilFunded, also(110, "2018-12-04", allocate(Line{Bucket: Bucket{Payee: valley, For: "2018-19/M10"}, Pence: pounds(3)}))),
		when:  release(line(valley, "", "", 1)),
		rule:  RuleReleaseOver,
	},
	{
		name:  "a release that names no payee is refused",
		given: untilAllocated,
		when:  release(line("", east, "", 1)),
		rule:  RulePayeeMissing,
	},
	{
		name:  "a release in advance from a fund that pays on evidence is refused",
		given: untilEvidence,
		when:  ReleaseFunds{Fund: ev, Lines: []Line{line(valley, north, leadership, 1)}},
		rule:  RuleFundNoAdvances,
	},
	{
		name:  "a release dated after the fund's last day is refused",
		given: untilAllocated, on: "2019-04-01",
		when: release(line(valley, north, leadership, 1)),
		rule: RuleFundDates,
	},
	{
		name:  "a release from a closed fund is refused",
		given: untilClosed, dated: "2019-03-31",
		when: release(line(valley, north, leadership, 1)),
		rule: RuleFundClosed,
	},

	{
		name:  "an unspent advance is called back and its money can be used again",
		given: untilSpent, on: "2019-02-04",
		when: callBack(line(valley, north, "", pounds(60))),
		then: AdvanceCalledBack{Fund: nr, Reason: "the post was not filled", ReturnsTo: Allocated, Lines: []CallBackLine{{
			Payee: valley, Beneficiary: north, Pence: pounds(60), Due: "2019-03-06",
			Draws: []Draw{fromAdvance(valley, north, leadership, pounds(60))},
		}}},
		totals: "expenditure £100.00, advances £240.00, receivables £60.00, payables -£50.00, clearing -£350.00, " +
			"limit -£1,000.00, unallocated £200.00, allocated £460.00, released £240.00, charged £100.00",
	},
	{
		name:  "an advance called back after the fund's end lapses",
		given: untilSpent, on: "2019-04-01",
		when: callBack(line(valley, north, "", pounds(150))),
		then: AdvanceCalledBack{Fund: nr, Reason: "the post was not filled", ReturnsTo: Lapsed, Lines: []CallBackLine{{
			Payee: valley, Beneficiary: north, Pence: pounds(150), Due: "2019-05-01",
			Draws: []Draw{fromAdvance(valley, north, leadership, pounds(150))},
		}}},
		totals: "expenditure £100.00, advances £150.00, receivables £150.00, payables -£50.00, clearing -£350.00, " +
			"limit -£1,000.00, unallocated £200.00, allocated £400.00, released £150.00, charged £100.00, lapsed £150.00",
	},
	{
		name:  "the fund's last day counts as before its end",
		given: untilSpent, on: "2019-03-31",
		when: callBack(line(valley, north, "", 1)),
		then: AdvanceCalledBack{Fund: nr, Reason: "the post was not filled", ReturnsTo: Allocated, Lines: []CallBackLine{{
			Payee: valley, Beneficiary: north, Pence: 1, Due: "2019-04-30", Draws: []Draw{fromAdvance(valley, north, leadership, 1)},
		}}},
	},
	{
		name: "a call-back shared by the lists takes from each network's advance",
		given: more(untilFunded, also(110, "2018-12-03", allocate(shared(valley, leadership, pounds(100)))),
			also(120, "2018-12-10", release(shared(valley, leadership, pounds(50)))),
			also(130, "2018-12-20", SettlePayment{Reference: "BACS 1", Lines: []SettleLine{{Item: "120.1", Pence: pounds(15)}, {Item: "120.2", Pence: pounds(15)}, {Item: "120.3", Pence: pounds(20)}}})),
		on:   "2019-01-10",
		when: callBack(shared(valley, "", pounds(10))),
		then: AdvanceCalledBack{Fund: nr, Reason: "the post was not filled", ReturnsTo: Allocated, Lines: []CallBackLine{
			{
				Payee: valley, Beneficiary: east, Pence: pounds(3), Due: "2019-02-09", Shared: Shared{30, 15_000},
				Draws: []Draw{fromAdvance(valley, east, leadership, pounds(3))},
			},
			{
				Payee: valley, Beneficiary: north, Pence: pounds(3), Due: "2019-02-09", Shared: Shared{30, 15_000},
				Draws: []Draw{fromAdvance(valley, north, leadership, pounds(3))},
			},
			{
				Payee: valley, Beneficiary: south, Pence: pounds(4), Due: "2019-02-09", Shared: Shared{30, 20_000},
				Draws: []Draw{fromAdvance(valley, south, leadership, pounds(4))},
			},
		}},
	},
	{
		name: "a call-back shared by the lists takes from networks that were succeeded since, too",
		given: more(untilFunded, also(110, "2018-12-03", allocate(shared(valley, leadership, 5))), also(120, "2018-12-10", release(shared(valley, leadership, 5))),
			also(130, "2018-12-20", settle(SettleLine{Item: "120.1", Pence: 2}, SettleLine{Item: "120.2", Pence: 1}, SettleLine{Item: "120.3", Pence: 2})),
			also(140, "2019-01-01", SucceedBody{Body: north, Date: "2019-01-01", Successors: []Successor{{east, 1, 1}}, Reason: "merger"})),
		on:   "2019-01-10",
		when: callBack(shared(valley, "", 5)),
		then: AdvanceCalledBack{Fund: nr, Reason: "the post was not filled", ReturnsTo: Allocated, Lines: []CallBackLine{
			{Payee: valley, Beneficiary: east, Pence: 2, Due: "2019-02-09", Shared: Shared{30, 15_000}, Draws: []Draw{fromAdvance(valley, east, leadership, 2)}},
			{Payee: valley, Beneficiary: north, Pence: 1, Due: "2019-02-09", Shared: Shared{30, 15_000}, Draws: []Draw{fromAdvance(valley, north, leadership, 1)}},
			{Payee: valley, Beneficiary: south, Pence: 2, Due: "2019-02-09", Shared: Shared{30, 20_000}, Draws: []Draw{fromAdvance(valley, south, leadership, 2)}},
		}},
	},
	{
		name:  "calling back more than was settled and not spent is refused",
		given: untilSpent, on: "2019-02-04",
		when: callBack(line(valley, north, "", pounds(150)+1)),
		rule: RuleReturnOver,
	},
	{
		name:  "calling back an advance that is not paid yet is refused",
		given: untilSpent, on: "2019-02-04",
		when: callBack(line(trust, south, "", pounds(100)+1)),
		rule: RuleReturnOver,
	},
	{
		name:  "two lines that together call back more than is unspent are refused",
		given: untilSpent, on: "2019-02-04",
		when: callBack(line(valley, north, "", pounds(100)), line(valley, north, leadership, pounds(60))),
		rule: RuleReturnOver,
	},
	{
		name:  "calling back an advance for a purpose that has none is refused",
		given: untilSpent, on: "2019-02-04",
		when: callBack(line(valley, north, access, 1)),
		rule: RuleReturnOver,
	},
	{
		name:  "calling back without a reason is refused",
		given: untilSpent, on: "2019-02-04",
		when: ReturnAdvance{Fund: nr, Lines: []Line{line(valley, north, "", 1)}},
		rule: RuleTextMissing,
	},
	{
		name:  "calling back before the fund begins is refused",
		given: untilSpent, dated: "2018-03-31",
		when: callBack(line(valley, north, "", 1)),
		rule: RuleFundDates,
	},
	{
		name:  "calling back from a closed fund is refused",
		given: untilClosed,
		when:  callBack(line(valley, north, "", 1)),
		rule:  RuleFundClosed,
	},
	{
		name: "an advance can be called back from an organisation that was succeeded since",
		given: more(untilSpent, also(145, "2019-02-01", RegisterBody{Body: "local:Vale", Kind: KindFederation},
			SucceedBody{Body: valley, Date: "2019-02-01", Successors: []Successor{{"local:Vale", 1, 1}}, Reason: "merger"})),
		on:   "2019-02-04",
		when: callBack(line(valley, north, "", pounds(60))),
		then: AdvanceCalledBack{Fund: nr, Reason: "the post was not filled", ReturnsTo: Allocated, Lines: []CallBackLine{{
			Payee: valley, Beneficiary: north, Pence: pounds(60), Due: "2019-03-06",
			Draws: []Draw{fromAdvance(valley, north, leadership, pounds(60))},
		}}},
	},
}

func TestRelease(t *testing.T) { tell(t, releaseRows) }
