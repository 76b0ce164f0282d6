package domain

import (
	"slices"
	"testing"
)

func settle(lines ...SettleLine) SettlePayment {
	return SettlePayment{Reference: "BACS 0141", Lines: lines}
}

func receive(lines ...SettleLine) RecordReceipt { return RecordReceipt{"receipt 7", lines} }

var itemRows = []row{
	{
		name:  "a payment settles items in full or in part",
		given: untilReleased, on: "2018-12-20",
		when: settle(SettleLine{Item: "120.1", Pence: pounds(250)}, SettleLine{Item: "120.2", Pence: pounds(100)}),
		then: PaymentSettled{Reference: "BACS 0141", Lines: []SettledLine{
			{Item: "120.1", Fund: nr, Payee: valley, Beneficiary: north, Pence: pounds(250), Parts: []Part{{"2018-19", pounds(250)}}},
			{Item: "120.2", Fund: nr, Payee: trust, Beneficiary: south, Pence: pounds(100), Parts: []Part{{"2018-19", pounds(100)}}},
		}},
		totals: "advances £400.00, payables -£50.00, clearing -£350.00, " +
			"limit -£1,000.00, unallocated £200.00, allocated £400.00, released £400.00",
	},
	{
		name:  "what a payment left open is settled by the next",
		given: untilSettled,
		when:  settle(SettleLine{Item: "120.2", Pence: pounds(50)}),
		then: PaymentSettled{Reference: "BACS 0141", Lines: []SettledLine{
			{Item: "120.2", Fund: nr, Payee: trust, Beneficiary: south, Pence: pounds(50), Parts: []Part{{"2018-19", pounds(50)}}},
		}},
	},
	{
		name:  "a payment may settle items of two funds",
		given: more(untilReleased, evidenced, also(220, "2019-01-15", spend(ev, valley, north, leadership, pounds(80)))),
		when:  settle(SettleLine{Item: "220.1", Pence: 1}, SettleLine{Item: "120.1", Pence: 2}),
		then: PaymentSettled{Reference: "BACS 0141", Lines: []SettledLine{
			{Item: "220.1", Fund: ev, Payee: valley, Beneficiary: north, Pence: 1, Parts: []Part{{"2018-19", 1}}},
			{Item: "120.1", Fund: nr, Payee: valley, Beneficiary: north, Pence: 2, Parts: []Part{{"2018-19", 2}}},
		}},
	},
	{
		name: "a payment is recorded after the fund's end and close",
		given: more(untilEvidence, also(220, "2019-03-15", spend(ev, valley, north, leadership, pounds(80))),
			also(230, "2019-04-02", CloseFund{Fund: ev, Reason: "end of the financial year"})),
		on:   "2019-05-20",
		when: settle(SettleLine{Item: "220.1", Pence: pounds(80)}),
		then: PaymentSettled{Reference: "BACS 0141", Lines: []SettledLine{
			{Item: "220.1", Fund: ev, Payee: valley, Beneficiary: north, Pence: pounds(80), Parts: []Part{{"2018-19", pounds(80)}}},
		}},
	},
	{
		name:  "a receipt takes the oldest service of an item first",
		given: twoServicesCalledBack(),
		when:  receive(SettleLine{Item: "140.1", Pence: pounds(25)}),
		then: ReceiptRecorded{"receipt 7", []SettledLine{
			{Item: "140.1", Fund: nr, Payee: valley, Pence: pounds(25), Parts: []Part{{"2018-19/M09", pounds(20)}, {"2018-19/M10", pounds(5)}}},
		}},
		totals: "receivables £5.00, clearing -£5.00, limit -£1,000.00, unallocated £970.00, allocated £30.00",
	},
	{
		name:  "what a receipt left open of an item is received by the next",
		given: twoServicesCalledBack(also(150, "2019-01-20", receive(SettleLine{Item: "140.1", Pence: pounds(25)}))),
		when:  receive(SettleLine{Item: "140.1", Pence: pounds(5)}),
		then: ReceiptRecorded{"receipt 7", []SettledLine{
			{Item: "140.1", Fund: nr, Payee: valley, Pence: pounds(5), Parts: []Part{{"2018-19/M10", pounds(5)}}},
		}},
		totals: "limit -£1,000.00, unallocated £970.00, allocated £30.00",
	},
	{
		name: "an item called back from advances for two purposes has one part for each time of service",
		given: more(untilFunded,
			also(110, "2018-12-03", allocate(line(valley, "", access, 10), line(valley, "", leadership, 20))),
			also(120, "2018-12-10", release(line(valley, "", access, 10), line(valley, "", leadership, 20))),
			also(130, "2018-12-20", settle(SettleLine{Item: "120.1", Pence: 10}, SettleLine{Item: "120.2", Pence: 20})),
			also(140, "2019-01-10", callBack(line(valley, "", "", 30)))),
		when: receive(SettleLine{Item: "140.1", Pence: 29}),
		then: ReceiptRecorded{"receipt 7", []SettledLine{{Item: "140.1", Fund: nr, Payee: valley, Pence: 29, Parts: []Part{{"2018-19", 29}}}}},
	},
	{
		name:  "a receipt after the fund's close brings money back",
		given: untilClosed, on: "2019-05-03",
		when: receive(SettleLine{Item: "180.1", Pence: pounds(150)}, SettleLine{Item: "150.1", Pence: pounds(40)}),
		then: ReceiptRecorded{"receipt 7", []SettledLine{
			{Item: "180.1", Fund: nr, Payee: trust, Beneficiary: south, Pence: pounds(150), Parts: []Part{{"2018-19", pounds(150)}}},
			{Item: "150.1", Fund: nr, Payee: valley, Beneficiary: north, Pence: pounds(40), Parts: []Part{{"2018-19", pounds(40)}}},
		}},
		totals: "expenditure £100.00, receivables £90.00, clearing -£190.00, limit -£1,000.00, charged £100.00, lapsed £900.00",
	},
	{
		name:  "a payment of more than is left of an item is refused",
		given: untilSettled,
		when:  settle(SettleLine{Item: "120.2", Pence: pounds(50) + 1}),
		rule:  RuleItemOverpaid,
	},
	{
		name:  "paying an item twice is refused",
		given: untilSettled,
		when:  settle(SettleLine{Item: "120.1", Pence: pounds(250)}),
		rule:  RuleItemSettled,
	},
	{
		name:  "an item that stands twice in one payment is refused",
		given: untilReleased,
		when:  settle(SettleLine{Item: "120.1", Pence: pounds(1)}, SettleLine{Item: "120.1", Pence: pounds(1)}),
		rule:  RuleItemTwice,
	},
	{
		name:  "a payment of an item that does not exist is refused",
		given: untilReleased,
		when:  settle(SettleLine{Item: "119.1", Pence: pounds(1)}),
		rule:  RuleItemUnknown,
	},
	{
		name:  "a payment of a receivable is refused",
		given: untilCalledBack,
		when:  settle(SettleLine{Item: "150.1", Pence: pounds(1)}),
		rule:  RuleItemKind,
	},
	{
		name:  "a receipt of a payable is refused",
		given: untilReleased,
		when:  receive(SettleLine{Item: "120.1", Pence: pounds(1)}),
		rule:  RuleItemKind,
	},
	{
		name:  "a payment dated before its item arose is refused",
		given: untilReleased, on: "2018-12-20", dated: "2018-12-09",
		when: settle(SettleLine{Item: "120.1", Pence: pounds(1)}),
		rule: RuleItemEarlier,
	},
	{
		name:  "a receipt of more than is to be paid back is refused",
		given: untilReceived,
		when:  receive(SettleLine{Item: "150.1", Pence: pounds(40) + 1}),
		rule:  RuleItemOverpaid,
	},
	{
		name: "a receipt of what was spent after all is refused",
		given: more(untilClosed, func(s *story) {
			s.number = 190
			s.on("2019-05-10").dated("2019-03-15", spend(nr, trust, south, leadership, pounds(150)))
		}),
		when: receive(SettleLine{Item: "180.1", Pence: pounds(150)}),
		rule: RuleItemSettled,
	},
	{
		name:  "a payment without a reference is refused",
		given: untilReleased,
		when:  SettlePayment{Lines: []SettleLine{{Item: "120.1", Pence: 1}}},
		rule:  RuleTextMissing,
	},
	{
		name:  "a payment without lines is refused",
		given: untilReleased,
		when:  settle(),
		rule:  RuleLinesMissing,
	},
	{
		name:  "a receipt without a reference is refused",
		given: untilCalledBack,
		when:  RecordReceipt{"", []SettleLine{{Item: "150.1", Pence: 1}}},
		rule:  RuleTextMissing,
	},
	{
		name:  "a payment of nothing is refused",
		given: untilReleased,
		when:  settle(SettleLine{Item: "120.1", Pence: 0}),
		rule:  RuleAmountPositive,
	},
}

// twoServicesCalledBack ends with item 140.1: £20 for December and £10 for January, to be paid back.
func twoServicesCalledBack(after ...chapter) []chapter {
	return more(untilFunded, append([]chapter{
		also(110, "2018-12-03", allocate(monthly("2018-19/M10", 10), monthly("2018-19/M09", 20))),
		also(120, "2018-12-10", release(monthly("2018-19/M10", 10), monthly("2018-19/M09", 20))),
		also(130, "2018-12-20", settle(SettleLine{Item: "120.1", Pence: pounds(10)}, SettleLine{Item: "120.2", Pence: pounds(20)})),
		also(140, "2019-01-10", callBack(line(valley, "", "", pounds(30)))),
	}, after...)...)
}

func TestItem(t *testing.T) { tell(t, itemRows) }

func monthly(month Service, n int64) Line {
	return Line{Bucket: Bucket{Payee: valley, For: month}, Pence: pounds(n)}
}

func TestItemsThroughTheLifeOfAFund(t *testing.T) {
	s := newStory(t)
	for _, at := range []struct {
		chapters []chapter
		open     []string
	}{
		{untilAllocated, nil},
		{[]chapter{released}, []string{"120.1 £250.00", "120.2 £150.00"}},
		{[]chapter{settled, spent}, []string{"120.2 £50.00"}},
		{[]chapter{calledBack}, []string{"120.2 £50.00", "150.1 £60.00"}},
		{[]chapter{received}, []string{"120.2 £50.00", "150.1 £40.00"}},
		{[]chapter{paidUp}, []string{"150.1 £40.00"}},
		{[]chapter{closed}, []string{"150.1 £40.00", "180.1 £150.00", "180.2 £90.00"}},
	} {
		for _, c := range at.chapters {
			c(s)
		}
		if got := s.open(); !slices.Equal(got, at.open) {
			t.Errorf("after event %d open items are %q, want %q", s.number-1, got, at.open)
		}
	}
}

func TestItemIDs(t *testing.T) {
	for _, text := range []string{"57.3", "1.1", "9223372036854775807.1"} {
		var id ItemID
		if err := id.UnmarshalText([]byte(text)); err != nil || string(id) != text {
			t.Errorf("%q reads as %q, %v", text, id, err)
		}
	}
	for _, text := range []string{"", "57", "57.", ".3", "57.3.1", " 57.3", "57.3 ", "057.3", "57.03", "+57.3", "a.b", "9223372036854775808.1"} {
		var id ItemID
		if err := id.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is taken for item %q", text, id)
		}
	}
}
