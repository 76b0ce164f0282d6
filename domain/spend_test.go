package domain

import "testing"

// evidenced opens two funds that pay on evidence, as events 200 and on, with £100 each set aside for Valley and North's
// leadership: EV-2018 covers no overspend, EV-WARN-2018 only warns.
func evidenced(s *story) {
	hard, warn := terms(ev), terms(evWarn)
	hard.Basis, warn.Basis, warn.Cover = BasisEvidence, BasisEvidence, CoverWarn
	s.number = 200
	s.on("2018-12-03")
	for _, t := range []Terms{hard, warn} {
		s.do(OpenFund{t}, ConfirmFunding{Fund: t.Fund, Pence: pounds(500), Title: "all", Source: letter},
			AllocateFund{Fund: t.Fund, Decision: paper, Lines: []Line{line(valley, north, leadership, pounds(100))}})
	}
}

var untilEvidence = []chapter{bodies, members, lists, evidenced}

// owed is a draw for spend out of an advance that was called back.
func owed(d Draw, item ItemID, beneficiary Body) Draw {
	d.Owed = Owed{item, beneficiary, "2018-19"}
	return d
}

// fromLapsed is a draw on what lapsed of a network's money.
func fromLapsed(beneficiary Body, pence Pence) Draw {
	return Draw{Account: Lapsed, Bucket: Bucket{Beneficiary: beneficiary, For: "2018-19"}, Pence: pence}
}

// oneSpend is the event of a spend of one line.
func oneSpend(b Bucket, pence Pence, draws ...Draw) SpendRecorded {
	return SpendRecorded{Fund: nr, Reference: "report of the third quarter", Lines: []DrawnLine{{Bucket: b, Pence: pence, Draws: draws}}}
}

var spendRows = []row{
	{
		name:  "spend uses the payee's advance for that network",
		given: untilSettled, on: "2019-01-15",
		when: spend(nr, valley, north, leadership, pounds(100)),
		then: oneSpend(bucket(valley, north, leadership), pounds(100), fromAdvance(valley, north, leadership, pounds(100))),
		totals: "expenditure £100.00, advances £300.00, payables -£50.00, clearing -£350.00, " +
			"limit -£1,000.00, unallocated £200.00, allocated £400.00, released £300.00, charged £100.00",
	},
	{
		name:  "spend may be for another purpose than its advance",
		given: untilSettled, on: "2019-01-15",
		when: spend(nr, valley, north, access, pounds(100)),
		then: oneSpend(bucket(valley, north, access), pounds(100), fromAdvance(valley, north, leadership, pounds(100))),
	},
	{
		name:  "spend may use an advance that is released and not yet paid",
		given: untilReleased,
		when:  spend(nr, trust, south, access, pounds(150)),
		then:  oneSpend(bucket(trust, south, access), pounds(150), fromAdvance(trust, south, "", pounds(150))),
	},
	{
		name: "spend uses the advance for its own purpose first, then the open one, then any other, and then one for no network",
		given: more(untilAllocated,
			also(115, "2018-12-04", allocate(line(valley, north, access, pounds(10)), line(valley, north, "", pounds(20)), line(valley, "", "", pounds(30)))),
			also(120, "2018-12-10", release(line(valley, "", "", pounds(30)), line(valley, north, leadership, pounds(40)), line(valley, north, "", pounds(20)), line(valley, north, access, pounds(10))))),
		when: spend(nr, valley, north, access, pounds(90)),
		then: oneSpend(bucket(valley, north, access), pounds(90),
			fromAdvance(valley, north, access, pounds(10)), fromAdvance(valley, north, "", pounds(20)),
			fromAdvance(valley, north, leadership, pounds(40)), fromAdvance(valley, "", "", pounds(20))),
	},
	{
		name:  "spend beyond what was released is refused",
		given: untilSpent,
		when:  spend(nr, valley, north, leadership, pounds(150)+1),
		rule:  RuleSpendOverRelease,
	},
	{
		name:  "lines that together spend more than was released are refused",
		given: untilSpent,
		when: RecordSpend{Fund: nr, Reference: "report", Lines: []Line{
			line(valley, north, leadership, pounds(100)), line(valley, north, access, pounds(51)),
		}},
		rule: RuleSpendOverRelease,
	},
	{
		name:  "spend by a payee without an advance is refused, even where money is allocated",
		given: untilReleased,
		when:  spend(nr, trust, east, leadership, 1),
		rule:  RuleSpendOverRelease,
	},
	{
		name:  "spend of another network's advance is refused",
		given: untilReleased,
		when:  spend(nr, valley, south, leadership, 1),
		rule:  RuleSpendOverRelease,
	},
	{
		name:  "spend without a purpose is refused",
		given: untilReleased,
		when:  spend(nr, valley, north, "", 1),
		rule:  RuleCategory,
	},
	{
		name:  "spend without a reference is refused",
		given: untilReleased,
		when:  RecordSpend{Fund: nr, Lines: []Line{line(valley, north, leadership, 1)}},
		rule:  RuleTextMissing,
	},
	{
		name:  "spend that names no payee is refused",
		given: untilReleased,
		when:  spend(nr, "", north, leadership, 1),
		rule:  RulePayeeMissing,
	},
	{
		name:  "spend dated after the fund's last day is refused",
		given: untilSpent, on: "2019-04-08", dated: "2019-04-01",
		when: spend(nr, valley, north, leadership, 1),
		rule: RuleFundDates,
	},
	{
		name:  "spend dated on the fund's last day is allowed",
		given: untilSpent, on: "2019-04-08", dated: "2019-03-31",
		when: spend(nr, valley, north, leadership, 1),
		then: oneSpend(bucket(valley, north, leadership), 1, fromAdvance(valley, north, leadership, 1)),
	},
	{
		name:  "spend dated on the fund's first day is allowed",
		given: untilSpent, dated: "2018-04-01",
		when: spend(nr, valley, north, leadership, 1),
		then: oneSpend(bucket(valley, north, leadership), 1, fromAdvance(valley, north, leadership, 1)),
	},
	{
		name:  "spend dated before the fund's first day is refused",
		given: untilSpent, dated: "2018-03-31",
		when: spend(nr, valley, north, leadership, 1),
		rule: RuleFundDates,
	},
	{
		name:  "spend of a fund that nobody opened is refused",
		given: untilSpent,
		when:  spend("NR-PCN-2019", valley, north, leadership, 1),
		rule:  RuleFundUnknown,
	},

	{
		name:  "before the fund's end, spend beyond the advance uses up what was called back and is still held",
		given: untilCalledBack, on: "2019-02-10",
		when: spend(nr, valley, north, leadership, pounds(100)),
		then: oneSpend(bucket(valley, north, leadership), pounds(100), fromAdvance(valley, north, leadership, pounds(90)),
			owed(fromAllocated(valley, north, leadership, pounds(10)), "150.1", north)),
		totals: "expenditure £200.00, advances £150.00, receivables £50.00, payables -£50.00, clearing -£350.00, " +
			"limit -£1,000.00, unallocated £200.00, allocated £450.00, released £150.00, charged £200.00",
	},
	{
		name:  "late spend for another purpose uses the allocation that its called-back advance went back to",
		given: untilCalledBack, on: "2019-02-10",
		when: spend(nr, valley, north, access, pounds(150)),
		then: oneSpend(bucket(valley, north, access), pounds(150), fromAdvance(valley, north, leadership, pounds(90)),
			owed(fromAllocated(valley, north, leadership, pounds(60)), "150.1", north)),
	},
	{
		name:  "two lines that together spend more than was called back are refused",
		given: untilCalledBack, on: "2019-02-10",
		when: RecordSpend{Fund: nr, Reference: "report", Lines: []Line{
			line(valley, north, leadership, pounds(130)), line(valley, north, access, pounds(21)),
		}},
		rule: RuleSpendOverRelease,
	},
	{
		name:  "what was called back for one network cannot be spent for another",
		given: more(untilCalledBack, also(155, "2019-02-05", allocate(line(valley, south, leadership, pounds(50))))),
		on:    "2019-02-10",
		when:  spend(nr, valley, south, leadership, pounds(10)),
		rule:  RuleSpendOverRelease,
	},
	{
		name:  "what was called back for no network in particular can be spent for one, for another purpose too",
		given: untilOpenAdvanceCalledBack, on: "2019-02-10",
		when: spend(nr, valley, north, access, pounds(10)),
		then: oneSpend(bucket(valley, north, access), pounds(10), owed(fromAllocated(valley, "", leadership, pounds(10)), "140.1", "")),
	},
	{
		name:  "what was called back for no network in particular can be spent for one after the close",
		given: more(untilOpenAdvanceCalledBack, also(150, "2019-03-31", closeFund(nr))), on: "2019-04-10", dated: "2019-03-20",
		when: spend(nr, valley, north, access, pounds(10)),
		then: oneSpend(bucket(valley, north, access), pounds(10), owed(fromLapsed("", pounds(10)), "140.1", "")),
	},
	{
		name:  "what was received of a called-back advance can no longer be spent",
		given: untilReceived, on: "2019-03-02",
		when: spend(nr, valley, north, leadership, pounds(130)+1),
		rule: RuleSpendOverRelease,
	},
	{
		name:  "what was not yet received of a called-back advance can be spent to the penny",
		given: untilReceived, on: "2019-03-02",
		when: spend(nr, valley, north, leadership, pounds(130)),
		then: oneSpend(bucket(valley, north, leadership), pounds(130), fromAdvance(valley, north, leadership, pounds(90)),
			owed(fromAllocated(valley, north, leadership, pounds(40)), "150.1", north)),
	},
	{
		name:  "a called-back advance whose money was given to another since cannot be spent",
		given: more(untilCalledBack, also(155, "2019-02-05", move(bucket(valley, north, leadership), bucket(trust, east, leadership), pounds(205)))),
		on:    "2019-02-10",
		when:  spend(nr, valley, north, leadership, pounds(100)),
		rule:  RuleSpendOverRelease,
	},
	{
		name: "after the fund's close, a called-back advance whose money was given to another before cannot be spent",
		given: more(untilCalledBack, also(155, "2019-02-05", move(Bucket{Beneficiary: east, For: "2018-19"}, bucket(trust, east, ""), pounds(100)),
			move(bucket(valley, north, leadership), bucket(trust, east, ""), pounds(210)), release(line(trust, east, "", pounds(310))),
			allocate(line(trust, south, access, pounds(200)))),
			also(170, "2019-03-29", settle(SettleLine{Item: "120.2", Pence: pounds(50)}, SettleLine{Item: "157.1", Pence: pounds(310)})), closed),
		on: "2019-05-10", dated: "2019-03-15",
		when: spend(nr, valley, north, leadership, pounds(150)),
		rule: RuleSpendOverRelease,
	},
	{
		name: "after the fund's end and before its close, late spend uses what its called-back advance lapsed to",
		given: more(untilSettled, also(140, "2018-12-21", release(line(valley, north, leadership, pounds(150)))),
			also(145, "2018-12-22", SettlePayment{Reference: "BACS 2", Lines: []SettleLine{{Item: "140.1", Pence: pounds(150)}}}),
			also(150, "2019-04-03", callBack(line(valley, north, "", pounds(400))))),
		on: "2019-04-10", dated: "2019-03-20",
		when: spend(nr, valley, north, leadership, pounds(70)),
		then: oneSpend(bucket(valley, north, leadership), pounds(70), owed(fromLapsed(north, pounds(70)), "150.1", north)),
		totals: "expenditure £70.00, advances £150.00, receivables £330.00, payables -£50.00, clearing -£500.00, " +
			"limit -£1,000.00, unallocated £200.00, allocated £250.00, released £150.00, charged £70.00, lapsed £330.00",
	},
	{
		name:  "after the fund's close, late spend dated before its end uses what lapsed and lowers what is to be paid back",
		given: untilClosed, on: "2019-05-10", dated: "2019-03-15",
		when:   spend(nr, trust, south, leadership, pounds(150)),
		then:   oneSpend(bucket(trust, south, leadership), pounds(150), owed(fromLapsed(south, pounds(150)), "180.1", south)),
		totals: "expenditure £250.00, receivables £130.00, clearing -£380.00, limit -£1,000.00, charged £250.00, lapsed £750.00",
	},
	{
		name:  "after the fund's close, late spend uses the oldest called-back advance first",
		given: untilClosed, on: "2019-05-10", dated: "2019-03-15",
		when: spend(nr, valley, north, leadership, pounds(100)),
		then: oneSpend(bucket(valley, north, leadership), pounds(100),
			owed(fromLapsed(north, pounds(40)), "150.1", north), owed(fromLapsed(north, pounds(60)), "180.2", north)),
	},
	{
		name:  "after the fund's close, spend beyond what the payee still holds is refused",
		given: untilClosed, on: "2019-05-10", dated: "2019-03-15",
		when: spend(nr, trust, south, leadership, pounds(150)+1),
		rule: RuleSpendOverRelease,
	},
	{
		name: "spend of an organisation that was succeeded since still uses its advance",
		given: more(untilSettled, also(135, "2019-01-01", RegisterBody{Body: "local:Vale", Kind: KindFederation},
			SucceedBody{Body: valley, Date: "2019-01-01", Successors: []Successor{{"local:Vale", 1, 1}}, Reason: "merger"})),
		on:   "2019-01-15",
		when: spend(nr, valley, north, leadership, pounds(100)),
		then: oneSpend(bucket(valley, north, leadership), pounds(100), fromAdvance(valley, north, leadership, pounds(100))),
	},

	{
		name:  "on evidence, spend is charged to its allocation and owed to the payee",
		given: untilEvidence, on: "2019-01-15", fund: ev,
		when: spend(ev, valley, north, leadership, pounds(80)),
		then: SpendRecorded{Fund: ev, Reference: "report of the third quarter", Due: "2019-02-14", Lines: []DrawnLine{{
			Bucket: bucket(valley, north, leadership), Pence: pounds(80), Draws: []Draw{fromAllocated(valley, north, leadership, pounds(80))},
		}}},
		totals: "expenditure £80.00, payables -£80.00, limit -£500.00, unallocated £400.00, allocated £20.00, charged £80.00",
	},
	{
		name:  "on evidence, spend beyond its allocation is refused by a fund with hard cover",
		given: untilEvidence, on: "2019-01-15",
		when: spend(ev, valley, north, leadership, pounds(100)+1),
		rule: RuleSpendOver,
	},
	{
		name:  "on evidence, spend for a purpose without an allocation is refused by a fund with hard cover",
		given: untilEvidence, on: "2019-01-15",
		when: spend(ev, valley, north, access, 1),
		rule: RuleSpendOver,
	},
	{
		name:  "on evidence, a fund that only warns charges an overspend and says so in the event",
		given: untilEvidence, on: "2019-01-15", fund: evWarn,
		when: spend(evWarn, valley, north, leadership, pounds(120)),
		then: SpendRecorded{
			Fund: evWarn, Reference: "report of the third quarter", Due: "2019-02-14",
			Lines: []DrawnLine{{
				Bucket: bucket(valley, north, leadership), Pence: pounds(120),
				Draws: []Draw{fromAllocated(valley, north, leadership, pounds(100)), fromAllocated(valley, north, leadership, pounds(20))},
			}},
			Warnings: []string{"overspent by £20.00: £100.00 is available to local:Valley for local:North for leadership; £120.00 was asked"},
		},
		totals: "expenditure £120.00, payables -£120.00, limit -£500.00, unallocated £400.00, allocated -£20.00, charged £120.00",
	},
	{
		name: "on evidence, an overspent allocation gives nothing and one left open gives what it has",
		given: more(untilEvidence, also(220, "2019-01-15", spend(evWarn, valley, north, leadership, pounds(120)),
			AllocateFund{Fund: evWarn, Decision: paper, Lines: []Line{line("", north, "", pounds(50))}})),
		fund: evWarn,
		when: spend(evWarn, valley, north, leadership, pounds(60)),
		then: SpendRecorded{
			Fund: evWarn, Reference: "report of the third quarter", Due: "2019-02-14",
			Lines: []DrawnLine{{
				Bucket: bucket(valley, north, leadership), Pence: pounds(60),
				Draws: []Draw{fromAllocated("", north, "", pounds(50)), fromAllocated(valley, north, leadership, pounds(10))},
			}},
			Warnings: []string{"overspent by £10.00: £50.00 is available to local:Valley for local:North for leadership; £60.00 was asked"},
		},
		totals: "expenditure £180.00, payables -£180.00, limit -£500.00, unallocated £350.00, allocated -£30.00, charged £180.00",
	},
	{
		name: "on evidence, a claim that comes after the fund's close is charged to what lapsed",
		given: more(untilEvidence, also(220, "2019-01-15", spend(ev, valley, north, leadership, pounds(80))),
			also(230, "2019-04-02", CloseFund{Fund: ev, Reason: "end of the financial year"})),
		on: "2019-05-01", dated: "2019-03-30", fund: ev,
		when: spend(ev, valley, north, access, pounds(15)),
		then: SpendRecorded{Fund: ev, Reference: "report of the third quarter", Due: "2019-04-29", Lines: []DrawnLine{{
			Bucket: bucket(valley, north, access), Pence: pounds(15), Draws: []Draw{fromLapsed(north, pounds(15))},
		}}},
		totals: "expenditure £95.00, payables -£95.00, limit -£500.00, charged £95.00, lapsed £405.00",
	},
	{
		name: "on evidence, a claim beyond what lapsed is charged all the same by a fund that only warns",
		given: more(untilEvidence, also(220, "2019-01-15", spend(evWarn, valley, north, leadership, pounds(80))),
			also(230, "2019-04-02", closeFund(evWarn))),
		on: "2019-05-01", dated: "2019-03-30", fund: evWarn,
		when: spend(evWarn, valley, north, leadership, pounds(430)),
		then: SpendRecorded{
			Fund: evWarn, Reference: "report of the third quarter", Due: "2019-04-29",
			Lines: []DrawnLine{{
				Bucket: bucket(valley, north, leadership), Pence: pounds(430),
				Draws: []Draw{fromLapsed(north, pounds(20)), fromLapsed("", pounds(400)), fromLapsed(north, pounds(10))},
			}},
			Warnings: []string{"overspent by £10.00: £420.00 is available to local:Valley for local:North for leadership; £430.00 was asked"},
		},
		totals: "expenditure £510.00, payables -£510.00, limit -£500.00, charged £510.00, lapsed -£10.00",
	},
}

// untilOpenAdvanceCalledBack ends with £30 that Valley had for leadership and no network, called back as item 140.1.
var untilOpenAdvanceCalledBack = more(untilFunded,
	also(110, "2018-12-03", allocate(line(valley, "", leadership, pounds(30)))),
	also(120, "2018-12-10", release(line(valley, "", leadership, pounds(30)))),
	also(130, "2018-12-20", settle(SettleLine{Item: "120.1", Pence: pounds(30)})),
	also(140, "2019-02-04", callBack(line(valley, "", "", pounds(30)))))

func TestSpend(t *testing.T) { tell(t, spendRows) }
