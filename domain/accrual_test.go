package domain

import (
	"reflect"
	"slices"
	"testing"
)

func TestAccrual(t *testing.T) { tell(t, accrualRows) }

// cost18 is cost of Valley's leadership for North in the year 2018/19, in the fund EV-2018.
func cost18(pence Pence) AccrualLine {
	return AccrualLine{Fund: ev, Bucket: Bucket{Payee: valley, Beneficiary: north, Category: leadership}, Pence: pence}
}

// accrue18 accrues it.
func accrue18(p Period, lines ...AccrualLine) PostAccrual {
	return PostAccrual{Period: p, Reason: "claims not yet received", Lines: lines}
}

// accrueDue accrues what is due at rates of 2019/20 in the core fund.
func accrueDue(p Period, rates ...RateCode) PostAccrual {
	c := PostAccrual{Period: p, Reason: "not paid before July"}
	for _, rate := range rates {
		c.Due = append(c.Due, AccrualDue{Fund: core, Rate: rate})
	}
	return c
}

// accrued18 is a line of what EV-2018 shows, drawn on what it set aside for Valley and North.
func accrued18(pence Pence) AccruedLine {
	return AccruedLine{Fund: ev, Bucket: bucket(valley, north, leadership), Pence: pence,
		Draws: []Draw{{Account: Allocated, Bucket: bucket(valley, north, leadership), Pence: pence}}}
}

// accrued19 is what is due to a payee for a network for some months at the rate for core funding.
func accrued19(payee, network Body, first int, parts ...Pence) (lines []AccruedLine) {
	for i, pence := range parts {
		lines = append(lines, AccruedLine{Fund: core, Bucket: Bucket{payee, network, coreFunding, month(first + i)}, Pence: pence, Rate: "CORE_PCN", Draws: drawn(network, pence)})
	}
	return lines
}

func posted(reverses Date, lines ...AccruedLine) AccrualPosted {
	return AccrualPosted{Reason: "claims not yet received", Reverses: reverses, Lines: lines}
}

var accrualRows = []row{
	{
		name:  "an accrual is charged to what is allocated, and reverses itself on the first of the next month",
		given: untilEvidence, on: "2019-01-03", fund: ev,
		when: accrue18(m09, cost18(pounds(80))),
		then: posted("2019-01-01", accrued18(pounds(80))), totals: "limit -£500.00, unallocated £400.00, allocated £100.00",
	},
	{
		name:  "the accrual of M11 still reverses itself, in M12",
		given: untilEvidence, on: "2019-03-04",
		when: accrue18(m11, cost18(pounds(80))),
		then: posted("2019-03-01", accrued18(pounds(80))),
	},
	{
		name:  "the accrual of M12 stands",
		given: untilEvidence, on: "2019-04-03", fund: ev,
		when:   accrue18(m12, cost18(pounds(80))),
		then:   posted("", accrued18(pounds(80))),
		totals: "expenditure £80.00, accruals -£80.00, limit -£500.00, unallocated £400.00, allocated £20.00, charged £80.00",
	},
	{
		name:  "the accrual of M13 stands",
		given: more(untilEvidence, allOf2018), fund: ev,
		when:   accrue18(m13, cost18(pounds(80))),
		then:   posted("", accrued18(pounds(80))),
		totals: "expenditure £80.00, accruals -£80.00, limit -£500.00, unallocated £400.00, allocated £20.00, charged £80.00",
	},
	{
		name:  "a running period can be accrued for, with effect from its last day",
		given: untilEvidence, on: "2018-12-10",
		when: accrue18(m09, cost18(pounds(80))), then: posted("2019-01-01", accrued18(pounds(80))),
	},
	{
		name:  "nobody and no network need be known yet",
		given: more(untilEvidence, also(220, "2019-01-03", AllocateFund{Fund: ev, Decision: paper, Lines: []Line{line("", "", "", pounds(50))}})),
		when:  accrue18(m09, AccrualLine{Fund: ev, Bucket: Bucket{Category: access, For: "2018-19/M09"}, Pence: pounds(50)}),
		then: posted("2019-01-01", AccruedLine{Fund: ev, Bucket: Bucket{Category: access, For: "2018-19/M09"}, Pence: pounds(50),
			Draws: []Draw{{Account: Allocated, Bucket: Bucket{For: "2018-19"}, Pence: pounds(50)}}}),
	},
	{
		name:  "an accrual is not more than is available",
		given: untilEvidence, on: "2019-01-03",
		when: accrue18(m09, cost18(pounds(100)+1)), rule: RuleSpendOver,
	},
	{
		name:  "two lines together are not more than is available",
		given: untilEvidence, on: "2019-01-03",
		when: accrue18(m09, cost18(pounds(60)), AccrualLine{Fund: ev, Bucket: Bucket{valley, north, leadership, "2018-19/M09"}, Pence: pounds(41)}), rule: RuleSpendOver,
	},
	{
		name:  "two accruals of one period together are not more than is available",
		given: more(untilEvidence, also(220, "2019-01-03", accrue18(m09, cost18(pounds(60))))),
		when:  accrue18(m09, cost18(pounds(41))), rule: RuleSpendOver,
	},
	{
		name:  "an accrual takes nothing from the next period",
		given: more(untilEvidence, also(220, "2019-02-03", accrue18(m09, cost18(pounds(60))))),
		when:  accrue18(m10, cost18(pounds(100))), then: posted("2019-02-01", accrued18(pounds(100))),
	},
	{
		name:  "a fund that only warns shows what is overspent",
		given: untilEvidence, on: "2019-01-03",
		when: accrue18(m09, AccrualLine{Fund: evWarn, Bucket: Bucket{Payee: valley, Beneficiary: north, Category: leadership}, Pence: pounds(120)}),
		then: AccrualPosted{Reason: "claims not yet received", Reverses: "2019-01-01",
			Warnings: []string{"overspent by £20.00: £100.00 is available to local:Valley for local:North for leadership; £120.00 was asked"},
			Lines: []AccruedLine{{Fund: evWarn, Bucket: bucket(valley, north, leadership), Pence: pounds(120), Draws: []Draw{
				{Account: Allocated, Bucket: bucket(valley, north, leadership), Pence: pounds(100)},
				{Account: Allocated, Bucket: bucket(valley, north, leadership), Pence: pounds(20)},
			}}}},
	},
	{
		name:  "a fund that ends before the accrual reverses can be accrued for all the same",
		given: more(untilEvidence, endedInDecember), on: "2019-02-03", fund: "EV-DEC",
		when: accrue18(m10, AccrualLine{Fund: "EV-DEC", Bucket: Bucket{Category: access, For: "2018-19/M09"}, Pence: pounds(50)}),
		then: posted("2019-02-01", AccruedLine{Fund: "EV-DEC", Bucket: Bucket{Category: access, For: "2018-19/M09"}, Pence: pounds(50),
			Draws: []Draw{{Account: Allocated, Bucket: Bucket{For: "2018-19"}, Pence: pounds(50)}}}),
		totals: "limit -£100.00, allocated £100.00",
	},
	{
		name:  "an accrual names its period",
		given: untilEvidence, on: "2019-01-03",
		when: accrue18("", cost18(pounds(80))), rule: RuleTextMissing,
	},
	{
		name:  "an accrual says why",
		given: untilEvidence, on: "2019-01-03",
		when: PostAccrual{Period: m09, Lines: []AccrualLine{cost18(pounds(80))}}, rule: RuleTextMissing,
	},
	{
		name:  "an accrual has lines or what is due at a rate",
		given: untilEvidence, on: "2019-01-03",
		when: accrue18(m09), rule: RuleLinesMissing,
	},
	{
		name:  "the same cost is not accrued twice in one accrual",
		given: untilEvidence, on: "2019-01-03",
		when: accrue18(m09, cost18(pounds(1)), cost18(pounds(2))), rule: RuleAccrualTwice,
	},
	{
		name:  "the same rate is not accrued twice in one accrual",
		given: untilFunded19, on: "2019-06-12",
		when: accrueDue("2019-20/M01", "CORE_PCN", "CORE_PCN"), rule: RuleAccrualTwice,
	},
	{
		name:  "the same rate is not accrued twice for one network, also not from two funds",
		given: untilFunded19, on: "2019-06-28",
		when: PostAccrual{Period: "2019-20/M01", Reason: "not paid before July", Due: []AccrualDue{
			{Fund: core, Rate: "CORE_PCN", Networks: []Body{north, south}}, {Fund: core, Rate: "CORE_PCN", Networks: []Body{east, south}},
		}}, rule: RuleAccrualTwice,
	},
	{
		name:  "nothing of no amount is accrued",
		given: untilEvidence, on: "2019-01-03",
		when: accrue18(m09, cost18(0)), rule: RuleAmountPositive,
	},
	{
		name:  "cost is accrued in a fund that there is",
		given: untilEvidence, on: "2019-01-03",
		when: accrue18(m09, AccrualLine{Fund: "NONE", Pence: 1}), rule: RuleFundUnknown,
	},
	{
		name:  "cost is accrued to a category of the fund",
		given: untilEvidence, on: "2019-01-03",
		when: accrue18(m09, AccrualLine{Fund: ev, Bucket: Bucket{Category: "estates"}, Pence: 1}), rule: RuleCategory,
	},
	{
		name:  "cost is not accrued without saying what it is",
		given: untilEvidence, on: "2019-01-03",
		when: accrue18(m09, AccrualLine{Fund: ev, Pence: 1}), rule: RuleCategory,
	},
	{
		name:  "cost is accrued for a registered payee",
		given: untilEvidence, on: "2019-01-03",
		when: accrue18(m09, AccrualLine{Fund: ev, Bucket: Bucket{Payee: "local:Nobody", Category: access}, Pence: 1}), rule: RuleBodyUnknown,
	},
	{
		name:  "cost of a month to come is not accrued",
		given: untilEvidence, on: "2019-01-03",
		when: accrue18(m09, AccrualLine{Fund: ev, Bucket: Bucket{Category: access, For: "2018-19/M10"}, Pence: 1}), rule: RuleMonthNotBegun,
	},
	{
		name:  "nothing is accrued in a fund that pays in advance",
		given: untilAllocated, on: "2019-01-03",
		when: accrue18(m09, AccrualLine{Fund: nr, Bucket: Bucket{Payee: valley, Beneficiary: north, Category: leadership}, Pence: 1}), rule: RuleFundTerms,
	},
	{
		name:  "nothing is accrued in a closed fund",
		given: more(untilEvidence, also(220, "2019-04-02", closeFund(ev))),
		when:  accrue18(m12, cost18(1)), rule: RuleFundClosed,
	},
	{
		name:  "nothing is accrued in the new year for a fund of the old",
		given: untilEvidence, on: "2019-05-03",
		when: accrue18(next01, cost18(1)), rule: RuleFundDates,
	},
	{
		name:  "before July what is due for April and May is accrued for each network",
		given: untilFunded19, on: "2019-06-12",
		when: accrueDue("2019-20/M02", "CORE_PCN"),
		then: AccrualPosted{Reason: "not paid before July", Reverses: "2019-06-01", Lines: slices.Concat(
			accrued19(trust, east, 1, 3_750_00, 3_750_00), accrued19(valley, north, 1, 6_250_13, 6_250_12), accrued19(hill, south, 1, 6_250_00, 6_250_00))},
		fund: core, totals: "limit -£600,000.00, allocated £600,000.00",
	},
	{
		name:  "what was raised is not accrued, only the month after it",
		given: untilJuly, on: "2019-08-31",
		when: accrueDue("2019-20/M05", "CORE_PCN"),
		then: AccrualPosted{Reason: "not paid before July", Reverses: "2019-09-01", Lines: slices.Concat(
			accrued19(trust, east, 5, 3_750_00), accrued19(valley, north, 5, 6_250_13), accrued19(hill, south, 5, 6_250_00))},
	},
	{
		name:  "what is raised up to the period leaves nothing to accrue",
		given: untilJuly,
		when:  accrueDue("2019-20/M04", "CORE_PCN"), unchanged: true,
	},
	{
		name:  "accruing what is due again in the same period changes nothing",
		given: more(untilFunded19, also(240, "2019-06-12", accrueDue("2019-20/M01", "CORE_PCN"))),
		when:  accrueDue("2019-20/M01", "CORE_PCN"), unchanged: true,
	},
	{
		name:  "a list corrected after the accrual is made good by another",
		given: more(untilFunded19, also(240, "2019-06-12", accrueDue("2019-20/M01", "CORE_PCN")), correctedList(50_080)),
		when:  accrueDue("2019-20/M01", "CORE_PCN"),
		then: AccrualPosted{Reason: "not paid before July", Reverses: "2019-05-01",
			Lines: accrued19(hill, south, 1, 10_00)},
	},
	{
		name:  "nothing is accrued for a network that was paid too much; the others are",
		given: more(untilJuly, correctedList(40_000)), on: "2019-08-31",
		when: accrueDue("2019-20/M05", "CORE_PCN"),
		then: AccrualPosted{Reason: "not paid before July", Reverses: "2019-09-01", Lines: slices.Concat(
			accrued19(trust, east, 5, 3_750_00), accrued19(valley, north, 5, 6_250_13)),
			Warnings: []string{"nothing is accrued: Core PCN funding of local:South for 2019-20/M01 was raised at £6,250.00; by the lists, memberships and quantities of today it is £5,000.00"}},
	},
	{
		name:  "M13 accrues what M12 did not",
		given: more(untilJuly, also(241, "2020-04-02", accrueDue("2019-20/M12", "CORE_PCN")), correctedList(50_012), closing(300, "2020-04-08", "2019-20/M12")),
		when:  accrueDue("2019-20/M13", "CORE_PCN"),
		then:  AccrualPosted{Reason: "not paid before July", Lines: accrued19(hill, south, 1, 1_50, 1_50, 1_50, 1_50, 1_50, 1_50, 1_50, 1_50, 1_50, 1_50, 1_50, 1_50)},
	},
	{
		name:  "a payment on practices' own lists is accrued for each practice",
		given: untilFunded19, on: "2019-06-12",
		when: accrueDue("2019-20/M01", "NPP"),
		then: AccrualPosted{Reason: "not paid before July", Reverses: "2019-05-01", Lines: []AccruedLine{
			practice19(wood, east, 4_329_13), practice19(ford, north, 2_788_25), practice19(mill, north, 4_549_25), practice19(hill, south, 7_631_00),
		}},
	},
	{
		name:  "a rate is not accrued before its period begins",
		given: untilFunded19, on: "2019-06-12",
		when: accrueDue("2019-20/M02", "CD"), rule: RuleRateMonth,
	},
	{
		name:  "a role is claimed, not accrued at its rate",
		given: untilFunded19, on: "2019-06-12",
		when: accrueDue("2019-20/M02", "ARRS_CP"), rule: RuleRateKind,
	},
	{
		name:  "a rate that nobody adopted is not accrued",
		given: untilFunded19, on: "2019-06-12",
		when: accrueDue("2019-20/M02", "NONE"), rule: RuleRateNotAdopted,
	},
	{
		name:  "nothing due is accrued without networks",
		given: []chapter{bodies, listed19, adopted19, funded19}, on: "2019-06-12",
		when: accrueDue("2019-20/M02", "CORE_PCN"), rule: RuleRunEmpty,
	},
	{
		name:  "nothing due is accrued in a fund of another year",
		given: untilFunded19, on: "2020-05-12",
		when: accrueDue("2020-21/M01", "CORE_PCN"), rule: RuleFundDates,
	},
	{
		name:  "what is due is not accrued to a network without a payee",
		given: []chapter{bodies, members, listed19, adopted19, funded19}, on: "2019-06-12",
		when: accrueDue("2019-20/M02", "CORE_PCN"), rule: RulePayeeMissing,
	},
}

// practice19 is what April is due on a practice's own list.
func practice19(practice, network Body, pence Pence) AccruedLine {
	return AccruedLine{Fund: core, Bucket: Bucket{practice, network, participation, month(1)}, Pence: pence, Rate: "NPP", Practice: practice, Draws: drawn(network, pence)}
}

// endedInDecember opens a fund on evidence that ends on 15 December 2018, as event 230, and allocates all of its £100.
func endedInDecember(s *story) {
	s.number = 230
	t := terms("EV-DEC")
	t.Basis, t.To = BasisEvidence, "2018-12-15"
	s.on("2018-12-10").do(OpenFund{t}, ConfirmFunding{Fund: "EV-DEC", Pence: pounds(100), Title: "all", Source: letter},
		AllocateFund{Fund: "EV-DEC", Decision: paper, Lines: []Line{line("", "", "", pounds(100))}})
}

// byPeriod adds up what an account of a fund stands at for a network when each period ends.
func (s *story) byPeriod(fund FundCode, account Account, network Body, periods ...Period) (sums []Pence) {
	for _, period := range periods {
		var sum Pence
		for _, r := range s.log {
			for _, p := range Postings(r) {
				if p.Fund == fund && p.Account == account && p.Beneficiary == network && p.Period <= period {
					sum += p.Pence
				}
			}
		}
		sums = append(sums, sum)
	}
	return sums
}

// TestTheWorkedExampleOfCoreFunding: £1.50 × 50,000 = £75,000 is a payable of £25,000 in July and of £6,250 in each month
// from August on; before July it is accrued at £6,250, £12,500 and £18,750, each reversed on the first of the next month.
func TestTheWorkedExampleOfCoreFunding(t *testing.T) {
	s := newStory(t)
	for _, chapter := range untilFunded19 {
		chapter(s)
	}
	s.number = 240
	s.on("2019-06-12").do(accrueDue("2019-20/M01", "CORE_PCN"), accrueDue("2019-20/M02", "CORE_PCN"))
	s.on("2019-07-02").do(accrueDue("2019-20/M03", "CORE_PCN"))
	s.on("2019-07-15").do(run(core, "CORE_PCN", "2019-20/M04"))
	s.on("2019-08-15").do(run(core, "CORE_PCN", "2019-20/M05"))
	periods := []Period{"2019-20/M01", "2019-20/M02", "2019-20/M03", "2019-20/M04", "2019-20/M05"}
	for _, c := range []struct {
		account Account
		want    []Pence // when each period ends
	}{
		{Accruals, []Pence{-6_250_00, -12_500_00, -18_750_00, 0, 0}},
		{Payables, []Pence{0, 0, 0, -25_000_00, -31_250_00}},
		{Expenditure, []Pence{6_250_00, 12_500_00, 18_750_00, 25_000_00, 31_250_00}},
		{Charged, []Pence{6_250_00, 12_500_00, 18_750_00, 25_000_00, 31_250_00}},
		{Allocated, []Pence{193_750_00, 187_500_00, 181_250_00, 175_000_00, 168_750_00}},
	} {
		got := s.byPeriod(core, c.account, south, periods...)
		if c.account == Allocated { // what was set aside is dated in June, when the fund was opened
			for i := range 2 {
				got[i] += pounds(200_000)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s of South stands at %v, want %v", c.account, got, c.want)
		}
	}
}

func TestAnAccrualReversesLineByLineOnTheFirstOfTheNextMonth(t *testing.T) {
	s := newStory(t)
	for _, chapter := range more(untilEvidence, endedInDecember, also(300, "2019-01-03", accrue18(m09, cost18(pounds(80)),
		AccrualLine{Fund: "EV-DEC", Bucket: Bucket{Category: access, For: "2018-19/M09"}, Pence: pounds(50)}))) {
		chapter(s)
	}
	postings := Postings(s.log[len(s.log)-1])
	half := len(postings) / 2
	if half != 8 {
		t.Fatalf("two lines post %d times, want 16", len(postings))
	}
	for i, p := range postings[:half] {
		back := postings[half+i]
		if p.Effective != "2018-12-31" || p.Period != m09 || back.Effective != "2019-01-01" || back.Period != m10 || back.Pence != -p.Pence ||
			back.Account != p.Account || back.Fund != p.Fund || back.Bucket != p.Bucket {
			t.Errorf("%+v is reversed by %+v", p, back)
		}
	}
}

// TestAnAccrualNeverReversesInAClosedPeriod: periods are closed in order, so while a period takes an accrual the next is
// open for what reverses it.
func TestAnAccrualNeverReversesInAClosedPeriod(t *testing.T) {
	s := newStory(t)
	for _, chapter := range more(untilEvidence, closing(300, "2019-02-08", m08, m09)) {
		chapter(s)
	}
	for _, p := range []Period{m08, m09} {
		if _, err := s.decide(accrue18(p, cost18(1)), ""); refusalOf(err) == nil || refusalOf(err).Rule != RulePeriodClosed {
			t.Errorf("an accrual of %s, before M10: %v, want %s", p, err, RulePeriodClosed)
		}
	}
	if _, err := s.decide(ClosePeriod{Period: m11}, ""); refusalOf(err) == nil {
		t.Error("M11 was closed before M10, and an accrual of M10 would reverse in it")
	}
	s.do(ClosePeriod{Period: m10, Soft: true}, accrue18(m10, cost18(1)), ClosePeriod{Period: m10})
	if p := &s.ledger.periods; p.takes(m10, true) || !p.takes(m11, false) {
		t.Error("the accrual's own month is open, or that of its reversal closed")
	}
}

func TestWhatWasReversedIsAccruedAgain(t *testing.T) {
	s := tellAll(t, more(untilFunded19, also(240, "2019-06-12", accrueDue("2019-20/M01", "CORE_PCN")))...)
	was := s.log[len(s.log)-1].Event
	s.ledger.applyAccruals(Recorded{Stamp{Number: s.number}, Fact{Event: EntryReversed{Entry: 240, Was: Was{was}}}})
	again, err := s.decide(accrueDue("2019-20/M01", "CORE_PCN"), "")
	if err != nil || !reflect.DeepEqual(firstEvent(again), was) {
		t.Errorf("accrued again after its reversal: %v, %v; want what was accrued before", firstEvent(again), err)
	}
}

func TestNothingIsAccruedOnTopOfWhatWasRaisedBeforeARevision(t *testing.T) {
	s := tellAll(t, more(untilFunded19, also(240, "2019-07-15", run(core, "CORE_PCN", "2019-20/M04", north)), revised("2019-04-01", "1.56"))...)
	s.on("2019-08-20").do(accrueDue("2019-20/M05", "CORE_PCN"))
	e := s.log[len(s.log)-1].Event.(AccrualPosted)
	if len(e.Warnings) != 1 || len(e.Lines) != 10 {
		t.Errorf("%d lines and the warnings %q, want five months of South and of East, and a word on North", len(e.Lines), e.Warnings)
	}
	for _, line := range e.Lines {
		if line.Beneficiary == north {
			t.Errorf("%s is accrued for North", line.Pence)
		}
	}
}
