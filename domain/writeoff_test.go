package domain

import "testing"

func TestWriteOff(t *testing.T) { tell(t, writeOffRows) }

func writeOff(item ItemID, pence Pence) WriteOff {
	return WriteOff{Item: item, Pence: pence, Loss: LossBadDebt, Reason: "the company was dissolved", Decision: paper}
}

func writtenOff(item ItemID, payee, beneficiary Body, parts ...WrittenPart) ReceivableWrittenOff {
	e := ReceivableWrittenOff{
		Item: item, Fund: nr, Payee: payee, Beneficiary: beneficiary, Loss: LossBadDebt, Reason: "the company was dissolved",
		Decision: paper, Parts: parts,
	}
	for _, part := range parts {
		e.Pence += part.Pence
	}
	return e
}

func writtenPart(service Service, draws ...Draw) WrittenPart {
	part := WrittenPart{For: service, Draws: draws}
	for _, d := range draws {
		part.Pence += d.Pence
	}
	return part
}

// owedMonthly is Valley owing £20 for December and £10 for January, item 140.1, in a ledger with officers.
var owedMonthly = twoServicesCalledBack(governed)

// untilOwed is Valley owing £60, item 150.1, in a ledger with officers.
var untilOwed = more(untilCalledBack, governed)

// untilClosedGoverned is the fund closed, the trust owing £150, item 180.1.
var untilClosedGoverned = more(untilClosed, governed)

// movedAway leaves nothing of the fund's money for North, as events 155 and 156: all of it is set aside for South.
func movedAway(s *story) {
	s.number = 155
	s.on("2019-02-05").do(
		MoveAllocation{Fund: nr, Decision: paper, Reason: "elsewhere", Lines: []MoveLine{
			{From: bucket(valley, north, leadership), To: bucket(trust, south, ""), Pence: pounds(210)},
		}},
		allocate(line(trust, south, "", pounds(200))))
}

// firstWriteOff gives up the £60 that Valley was asked for first.
func firstWriteOff(s *story) {
	s.number = 700
	s.approved(approver, writeOff("150.1", pounds(60)))
}

var writeOffRows = []row{
	{
		name:  "a write-off takes the oldest service first, and is charged as a loss to what is available",
		given: owedMonthly, on: "2019-02-04", approvedBy: approver,
		when: writeOff("140.1", pounds(25)),
		then: writtenOff("140.1", valley, "",
			writtenPart("2018-19/M09", Draw{Account: Allocated, Bucket: Bucket{Payee: valley, For: "2018-19/M09"}, Pence: pounds(20)}),
			writtenPart("2018-19/M10", Draw{Account: Allocated, Bucket: Bucket{Payee: valley, For: "2018-19/M10"}, Pence: pounds(5)})),
		totals: "expenditure £25.00, receivables £5.00, clearing -£30.00, limit -£1,000.00, unallocated £970.00, allocated £5.00, charged £25.00",
	},
	{
		name:  "what was received of an item is not written off",
		given: twoServicesCalledBack(also(150, "2019-01-20", receive(SettleLine{Item: "140.1", Pence: pounds(22)})), governed), on: "2019-02-04", approvedBy: approver,
		when: writeOff("140.1", pounds(8)),
		then: writtenOff("140.1", valley, "",
			writtenPart("2018-19/M10", Draw{Account: Allocated, Bucket: Bucket{Payee: valley, For: "2018-19/M10"}, Pence: pounds(8)})),
		totals: "expenditure £8.00, clearing -£8.00, limit -£1,000.00, unallocated £970.00, allocated £22.00, charged £8.00",
	},
	{
		name:  "a loss that nothing is available for goes below zero, even in a fund with hard cover",
		given: untilOwed, approvedBy: approver,
		when: writeOff("150.1", pounds(60)),
		then: func() Event {
			e := writtenOff("150.1", valley, north, writtenPart("2018-19", Draw{Account: Allocated, Bucket: bucket(valley, north, ""), Pence: pounds(60)}))
			e.Warnings = []string{"overspent by £60.00: £0.00 is available to local:Valley for local:North; £60.00 is written off"}
			return e
		}(),
		totals: "expenditure £160.00, advances £240.00, payables -£50.00, clearing -£350.00, " +
			"limit -£1,000.00, unallocated £200.00, allocated £400.00, released £240.00, charged £160.00",
	},
	{
		name:  "a loss after the fund was closed is charged to what lapsed",
		given: untilClosedGoverned, on: "2019-05-10", approvedBy: approver,
		when:   writeOff("180.1", pounds(150)),
		then:   writtenOff("180.1", trust, south, writtenPart("2018-19", fromLapsed(south, pounds(150)))),
		totals: "expenditure £250.00, receivables £130.00, clearing -£380.00, limit -£1,000.00, charged £250.00, lapsed £750.00",
	},
	{
		name:  "a loss after the fund was closed goes below what lapsed, with a warning",
		given: more(untilCalledBack, movedAway, paidUp, closed, governed, firstWriteOff), as: recorder, approvedBy: approver,
		when: writeOff("180.2", pounds(90)),
		then: func() Event {
			e := writtenOff("180.2", valley, north, writtenPart("2018-19", fromLapsed(north, pounds(30)), fromLapsed(north, pounds(60))))
			e.Warnings = []string{"overspent by £60.00: £30.00 is available to local:Valley for local:North; £90.00 is written off"}
			return e
		}(),
		totals: "expenditure £250.00, receivables £150.00, clearing -£400.00, limit -£1,000.00, charged £250.00, lapsed £750.00",
	},
	{
		name:  "more than is owed is not written off",
		given: untilOwed,
		when:  writeOff("150.1", pounds(60)+1),
		rule:  RuleItemOverpaid,
	},
	{
		name:  "what a waiting request is to write off is not written off as well",
		given: more(untilOwed, waits(700, writeOff("150.1", pounds(50)))),
		when:  writeOff("150.1", pounds(20)),
		rule:  RuleItemReserved,
	},
	{
		name:  "what a waiting request is to write off is not spent after all",
		given: more(untilOwed, waits(700, writeOff("150.1", pounds(60)))),
		when:  spend(nr, valley, north, leadership, pounds(91)),
		rule:  RuleSpendOverRelease,
	},
	{
		name:  "a payable is not written off",
		given: untilOwed,
		when:  writeOff("120.2", pounds(1)),
		rule:  RuleItemKind,
	},
	{
		name:  "a write-off of an item that does not exist is refused",
		given: untilOwed,
		when:  writeOff("999.1", pounds(1)),
		rule:  RuleItemUnknown,
	},
	{
		name:  "a write-off dated before the item arose is refused",
		given: untilOwed, dated: "2019-02-03",
		when: writeOff("150.1", pounds(1)),
		rule: RuleItemEarlier,
	},
	{
		name:  "a write-off of nothing is refused",
		given: untilOwed,
		when:  writeOff("150.1", 0),
		rule:  RuleAmountPositive,
	},
	{
		name:  "a write-off without its class of loss is refused",
		given: untilOwed,
		when:  WriteOff{Item: "150.1", Pence: 1, Reason: "the company was dissolved", Decision: paper},
		rule:  RuleTextMissing,
	},
	{
		name:  "a write-off without a reason is refused",
		given: untilOwed,
		when:  WriteOff{Item: "150.1", Pence: 1, Loss: LossFraud, Decision: paper},
		rule:  RuleTextMissing,
	},
	{
		name:  "a write-off that nobody decided is refused",
		given: untilOwed,
		when:  WriteOff{Item: "150.1", Pence: 1, Loss: LossFraud, Reason: "the company was dissolved"},
		rule:  RuleDecisionMissing,
	},
	{
		name:  "a write-off that is decided after its effect is refused",
		given: untilOwed,
		when:  WriteOff{Item: "150.1", Pence: 1, Loss: LossOther, Reason: "too small to pursue", Decision: Decision{Body: "Executive Committee", Date: "2019-02-05", Paper: "19/7"}},
		rule:  RuleDecisionLater,
	},
	{
		name:  "a write-off in a ledger without officers is refused",
		given: untilCalledBack,
		when:  writeOff("150.1", pounds(60)),
		rule:  RuleOfficersMissing,
	},
}

func TestLossIsOneOfTheRegister(t *testing.T) {
	for _, text := range []string{"bad debt", "overpayment", "fraud", "other"} {
		var l Loss
		if err := l.UnmarshalText([]byte(text)); err != nil || string(l) != text {
			t.Errorf("%q reads as %q, %v", text, l, err)
		}
	}
	for _, text := range []string{"", "Fraud", "theft"} {
		var l Loss
		if err := l.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is taken for a class of loss", text)
		}
	}
}
