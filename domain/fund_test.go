package domain

import "testing"

// open asks for a fund on the fixture's terms, after one change to them.
func open(change func(*Terms)) OpenFund {
	t := terms(nr)
	change(&t)
	return OpenFund{t}
}

func confirm(pence Pence) ConfirmFunding {
	return ConfirmFunding{Fund: nr, Pence: pence, Title: "second tranche", Source: letter}
}

func closeFund(fund FundCode) CloseFund {
	return CloseFund{Fund: fund, Reason: "end of the financial year"}
}

// filledTerms are the fixture's terms with their dates.
func filledTerms(from, to Date) Terms {
	t := terms(nr)
	t.From, t.To = from, to
	return t
}

var fundRows = []row{
	{name: "a fund is not closed while a request waits for its money", given: more(untilPaidUp, governed, also(700, "2019-03-30",
		AllocateFund{Fund: nr, Decision: paper, Lines: []Line{line(valley, north, leadership, pounds(100))}})), on: "2019-04-04", dated: "2019-03-31",
		when: CloseFund{Fund: nr, Reason: "end of the financial year"}, rule: RuleFundRequests},
	{
		name:  "a fund runs through its financial year unless it says otherwise",
		given: []chapter{created},
		when:  OpenFund{terms(nr)},
		then:  FundOpened{filledTerms("2018-04-01", "2019-03-31")},
	},
	{
		name:  "a fund may run for a part of its year",
		given: []chapter{created},
		when:  open(func(t *Terms) { t.From, t.To = "2018-10-01", "2018-12-31" }),
		then:  FundOpened{filledTerms("2018-10-01", "2018-12-31")},
	},
	{
		name:  "a fund may run for one day",
		given: []chapter{created},
		when:  open(func(t *Terms) { t.From, t.To = "2019-03-31", "2019-03-31" }),
		then:  FundOpened{filledTerms("2019-03-31", "2019-03-31")},
	},
	{
		name:  "opening a fund under a code that is in use is refused",
		given: untilFunded,
		when:  OpenFund{terms(nr)},
		rule:  RuleFundExists,
	},
	{
		name:  "a fund without a code is refused",
		given: []chapter{created},
		when:  open(func(t *Terms) { t.Fund = "" }),
		rule:  RuleTextMissing,
	},
	{
		name:  "a fund without a title is refused",
		given: []chapter{created},
		when:  open(func(t *Terms) { t.Title = "" }),
		rule:  RuleTextMissing,
	},
	{
		name:  "a fund without the letter that grants it is refused",
		given: []chapter{created},
		when:  open(func(t *Terms) { t.Source = Source{} }),
		rule:  RuleTextMissing,
	},
	{
		name:  "a fund without a year is refused",
		given: []chapter{created},
		when:  open(func(t *Terms) { t.Year = "" }),
		rule:  RuleFundTerms,
	},
	{
		name:  "a fund that does not say whether it covers overspend is refused",
		given: []chapter{created},
		when:  open(func(t *Terms) { t.Cover = "" }),
		rule:  RuleFundTerms,
	},
	{
		name:  "a fund that does not say whether it pays in advance is refused",
		given: []chapter{created},
		when:  open(func(t *Terms) { t.Basis = "" }),
		rule:  RuleFundTerms,
	},
	{
		name:  "a fund without purposes is refused",
		given: []chapter{created},
		when:  open(func(t *Terms) { t.Categories = nil }),
		rule:  RuleFundTerms,
	},
	{
		name:  "a fund that names a purpose twice is refused",
		given: []chapter{created},
		when:  open(func(t *Terms) { t.Categories = []Category{access, access} }),
		rule:  RuleFundTerms,
	},
	{
		name:  "a fund with a purpose that has no name is refused",
		given: []chapter{created},
		when:  open(func(t *Terms) { t.Categories = []Category{access, ""} }),
		rule:  RuleFundTerms,
	},
	{
		name:  "a fund that runs into the next financial year is refused",
		given: []chapter{created},
		when:  open(func(t *Terms) { t.To = "2019-04-01" }),
		rule:  RuleFundTerms,
	},
	{
		name:  "a fund that begins in the year before is refused",
		given: []chapter{created},
		when:  open(func(t *Terms) { t.From = "2018-03-31" }),
		rule:  RuleFundTerms,
	},
	{
		name:  "a fund that ends before it begins is refused",
		given: []chapter{created},
		when:  open(func(t *Terms) { t.From, t.To = "2018-10-01", "2018-09-30" }),
		rule:  RuleFundTerms,
	},

	{
		name:   "confirmed funding raises the fund's limit, tranche by tranche",
		given:  untilAllocated,
		when:   confirm(pounds(500)),
		then:   FundingConfirmed{Fund: nr, For: "2018-19", Pence: pounds(500), Title: "second tranche", Source: letter},
		totals: "limit -£1,500.00, unallocated £700.00, allocated £800.00",
	},
	{
		name:  "funding can be confirmed for a year that has not begun",
		given: []chapter{created, also(10, "2018-03-20", OpenFund{terms(nr)})},
		when:  confirm(1),
		then:  FundingConfirmed{Fund: nr, For: "2018-19", Pence: 1, Title: "second tranche", Source: letter},
	},
	{
		name:  "funding confirmed after the fund's last day is refused",
		given: untilFunded, on: "2019-04-01",
		when: confirm(1),
		rule: RuleFundDates,
	},
	{
		name:  "funding confirmed for a closed fund is refused",
		given: untilClosed, dated: "2019-03-31",
		when: confirm(1),
		rule: RuleFundClosed,
	},
	{
		name:  "funding of nothing is refused",
		given: untilFunded,
		when:  confirm(0),
		rule:  RuleAmountPositive,
	},
	{
		name:  "funding in hundreds of billions of pounds is refused",
		given: untilFunded,
		when:  confirm(MostPence + 1),
		rule:  RuleAmountTooLarge,
	},
	{
		name:  "funding that does not say what it is is refused",
		given: untilFunded,
		when:  ConfirmFunding{Fund: nr, Pence: 1, Source: letter},
		rule:  RuleTextMissing,
	},
	{
		name:  "funding without the letter that confirms it is refused",
		given: untilFunded,
		when:  ConfirmFunding{Fund: nr, Pence: 1, Title: "second tranche"},
		rule:  RuleTextMissing,
	},

	{
		name:  "closing a fund calls its advances back and lets the rest lapse",
		given: untilPaidUp, on: "2019-04-04", dated: "2019-03-31",
		when: closeFund(nr),
		then: FundClosed{
			Fund: nr, Reason: "end of the financial year",
			CalledBack: []CallBackLine{
				{Payee: trust, Beneficiary: south, Pence: pounds(150), Due: "2019-04-30", Draws: []Draw{fromAdvance(trust, south, "", pounds(150))}},
				{Payee: valley, Beneficiary: north, Pence: pounds(90), Due: "2019-04-30", Draws: []Draw{fromAdvance(valley, north, leadership, pounds(90))}},
			},
			Lapsed: []Draw{
				{Account: Unallocated, Bucket: Bucket{For: "2018-19"}, Pence: pounds(200)},
				fromAllocated("", east, "", pounds(100)),
				fromAllocated(trust, south, "", pounds(300)),
				fromAllocated(valley, north, leadership, pounds(300)),
			},
		},
		totals: "expenditure £100.00, receivables £280.00, clearing -£380.00, limit -£1,000.00, charged £100.00, lapsed £900.00",
	},
	{
		name: "closing a fund may name the day by which its advances are to be back",
		given: more(untilFunded, also(110, "2018-12-03", allocate(line(valley, "", access, 7))), also(120, "2018-12-10", release(line(valley, "", access, 7))),
			also(130, "2018-12-20", settle(SettleLine{Item: "120.1", Pence: 7}))),
		on:   "2019-03-31",
		when: CloseFund{Fund: nr, Reason: "end", Due: "2019-06-30"},
		then: FundClosed{
			Fund: nr, Reason: "end",
			CalledBack: []CallBackLine{{Payee: valley, Pence: 7, Due: "2019-06-30", Draws: []Draw{fromAdvance(valley, "", access, 7)}}},
			Lapsed: []Draw{
				{Account: Unallocated, Bucket: Bucket{For: "2018-19"}, Pence: pounds(1000) - 7}, fromAllocated(valley, "", access, 7),
			},
		},
	},
	{
		name:  "closing an overspent fund makes the overspend up from what lapses",
		given: more(untilEvidence, also(220, "2019-01-15", spend(evWarn, valley, north, leadership, pounds(120)))),
		on:    "2019-04-01", fund: evWarn,
		when: closeFund(evWarn),
		then: FundClosed{
			Fund: evWarn, Reason: "end of the financial year",
			Lapsed:    []Draw{{Account: Unallocated, Bucket: Bucket{For: "2018-19"}, Pence: pounds(400)}},
			Overspent: []Draw{fromAllocated(valley, north, leadership, pounds(20))},
			Warnings: []string{"fund EV-WARN-2018 ended on 31 March 2019 and is closed with effect from 1 April 2019, in period 2019-20/M01: " +
				"its last day (effective) would have closed it in its own year"},
		},
		totals: "expenditure £120.00, payables -£120.00, limit -£500.00, charged £120.00, lapsed £380.00",
	},
	{
		name:  "a fund without money can be closed",
		given: []chapter{created, also(10, "2018-04-04", OpenFund{terms(nr)})},
		on:    "2019-03-31",
		when:  closeFund(nr),
		then:  FundClosed{Fund: nr, Reason: "end of the financial year"},
	},
	{
		name:  "closing a fund before its last day is refused",
		given: untilPaidUp, on: "2019-03-30",
		when: closeFund(nr),
		rule: RuleFundNotEnded,
	},
	{
		name:  "closing a fund while a release of it is unpaid is refused",
		given: untilReceived, on: "2019-04-04", dated: "2019-03-31",
		when: closeFund(nr),
		rule: RuleFundUnpaid,
	},
	{
		name:  "closing a fund while several releases are unpaid is refused",
		given: untilReleased, on: "2019-04-04", dated: "2019-03-31",
		when: closeFund(nr),
		rule: RuleFundUnpaid,
	},
	{
		name:  "closing a fund twice is refused",
		given: untilClosed,
		when:  closeFund(nr),
		rule:  RuleFundClosed,
	},
	{
		name:  "closing a fund without a reason is refused",
		given: untilPaidUp, on: "2019-04-04",
		when: CloseFund{Fund: nr},
		rule: RuleTextMissing,
	},
	{
		name:  "closing a fund that nobody opened is refused",
		given: untilPaidUp,
		when:  closeFund("NR-PCN-2019"),
		rule:  RuleFundUnknown,
	},
}

func TestFund(t *testing.T) { tell(t, fundRows) }

func TestFundCodes(t *testing.T) {
	for _, text := range []string{"NR-PCN-2018", "A", "2018"} {
		var c FundCode
		if err := c.UnmarshalText([]byte(text)); err != nil || string(c) != text {
			t.Errorf("%q reads as %q, %v", text, c, err)
		}
	}
	for _, text := range []string{"", "nr-pcn", "-A", "A B", "A/B", "A\n", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"} {
		var c FundCode
		if err := c.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is taken for a fund's code", text)
		}
	}
}

// TestTheSixHundredThousand is the worked example: £600,000 confirmed, £450,000 of it allocated to five partners of
// £90,000 each, £200,000 released and settled, £120,000 spent, £10,000 called back and received, and the fund closed.
func TestTheSixHundredThousand(t *testing.T) {
	partners := []Body{"local:Abingdon", "local:OxFed", "local:OxfordHealth", "local:PML", "local:Valley"}
	s := newStory(t)
	created(s)
	for _, p := range partners {
		s.do(RegisterBody{Body: p, Kind: KindFederation})
	}
	for _, n := range []Body{north, south, east} {
		s.do(RegisterBody{Body: n, Kind: KindNetwork})
	}
	for _, p := range []Body{mill, ford, hill, wood} {
		s.do(RegisterBody{Body: p, Kind: KindPractice})
	}
	members(s)
	lists(s)
	// each makes one line for each partner, shared over the three networks by their lists.
	each := func(category Category, pence ...Pence) (lines []Line) {
		for i, p := range pence {
			lines = append(lines, shared(partners[i], category, p))
		}
		return lines
	}
	stands := func(when, want string) {
		t.Helper()
		if got := s.totals(nr); got != want {
			t.Errorf("%s the fund stands at\n%s\nwant\n%s", when, got, want)
		}
	}

	s.on("2018-11-05").do(OpenFund{terms(nr)}, ConfirmFunding{Fund: nr, Pence: pounds(350_000), Title: "first tranche", Source: letter})
	stands("after the first tranche", "limit -£350,000.00, unallocated £350,000.00")
	s.on("2018-11-20").do(ConfirmFunding{Fund: nr, Pence: pounds(250_000), Title: "second tranche", Source: letter})
	stands("when confirmed", "limit -£600,000.00, unallocated £600,000.00")

	s.on("2018-12-03").do(allocate(each("", pounds(90_000), pounds(90_000), pounds(90_000), pounds(90_000), pounds(90_000))...))
	stands("when allocated", "limit -£600,000.00, unallocated £150,000.00, allocated £450,000.00")

	s.number = 200
	s.on("2018-12-10").do(release(each("", pounds(40_000), pounds(40_000), pounds(40_000), pounds(40_000), pounds(40_000))...))
	stands("when released", "advances £200,000.00, payables -£200,000.00, "+
		"limit -£600,000.00, unallocated £150,000.00, allocated £250,000.00, released £200,000.00")

	pay := SettlePayment{Reference: "BACS 0141"}
	for _, item := range ItemsOpened(s.log[len(s.log)-1]) {
		pay.Lines = append(pay.Lines, SettleLine{Item: item.ID, Pence: item.Pence()})
	}
	s.on("2018-12-20").do(pay)
	stands("when settled", "advances £200,000.00, clearing -£200,000.00, "+
		"limit -£600,000.00, unallocated £150,000.00, allocated £250,000.00, released £200,000.00")

	s.on("2019-02-15").do(
		RecordSpend{Fund: nr, Reference: "report to January", Lines: each(leadership, pounds(20_000), pounds(20_000), pounds(20_000), pounds(20_000))},
		RecordSpend{Fund: nr, Reference: "report to January", Lines: each(access, pounds(10_000), pounds(10_000), pounds(10_000), pounds(10_000))})
	stands("when spent", "expenditure £120,000.00, advances £80,000.00, clearing -£200,000.00, "+
		"limit -£600,000.00, unallocated £150,000.00, allocated £250,000.00, released £80,000.00, charged £120,000.00")

	s.number = 300
	s.on("2019-03-04").do(callBack(each("", pounds(10_000))...))
	stands("when called back", "expenditure £120,000.00, advances £70,000.00, receivables £10,000.00, clearing -£200,000.00, "+
		"limit -£600,000.00, unallocated £150,000.00, allocated £260,000.00, released £70,000.00, charged £120,000.00")

	s.on("2019-03-18").do(receive(SettleLine{Item: "300.1", Pence: pounds(3_000)}, SettleLine{Item: "300.2", Pence: pounds(3_000)}, SettleLine{Item: "300.3", Pence: pounds(4_000)}))
	stands("when received", "expenditure £120,000.00, advances £70,000.00, clearing -£190,000.00, "+
		"limit -£600,000.00, unallocated £150,000.00, allocated £260,000.00, released £70,000.00, charged £120,000.00")

	s.on("2019-04-02").dated("2019-03-31", closeFund(nr))
	stands("when closed", "expenditure £120,000.00, receivables £70,000.00, clearing -£190,000.00, "+
		"limit -£600,000.00, charged £120,000.00, lapsed £480,000.00")
}
