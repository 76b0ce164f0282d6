package domain

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOpening(t *testing.T) { tell(t, openingRows) }

// oldBook is where the fixture's opening balances come from.
var oldBook = Source{Title: "trial balance of the old workbook at 31 October 2018"}

const opn FundCode = "OPEN-2018"

// blank opens three funds without a penny in them, as events 100 to 102: NR-PCN-2018 pays in advance, OPEN-2018 on
// evidence, and EV-WARN-2018 on evidence and warns.
func blank(s *story) {
	s.number = 100
	hard, warn := terms(opn), terms(evWarn)
	hard.Basis, warn.Basis, warn.Cover = BasisEvidence, BasisEvidence, CoverWarn
	s.on("2018-11-05").do(OpenFund{terms(nr)}, OpenFund{hard}, OpenFund{warn})
}

var untilBlank = []chapter{bodies, members, lists, blank}

func opening(lines ...JournalLine) OpenBalances { return OpenBalances{Source: oldBook, Lines: lines} }

// year18 is a bucket of nothing but the year.
var year18 = Bucket{For: "2018-19"}

// inAdvance is a fund of £1,000: £100 unallocated, £300 allocated to North, and £600 released to Valley, of which £150 is
// not paid, £250 is spent, £50 is called back, which leaves £300.
func inAdvance() []JournalLine {
	spent, called := bucket(valley, north, leadership), bucket(valley, north, "")
	return []JournalLine{
		credit(Limit, nr, year18, pounds(1000)), debit(Unallocated, nr, year18, pounds(100)), debit(Allocated, nr, bucket("", north, ""), pounds(350)),
		debit(Released, nr, spent, pounds(300)), debit(Charged, nr, spent, pounds(250)),
		debit(Expenditure, nr, spent, pounds(250)), debit(Advances, nr, spent, pounds(300)), debit(Receivables, nr, called, pounds(50)),
		credit(Payables, nr, called, pounds(150)), credit(Clearing, nr, Bucket{}, pounds(450)),
	}
}

// onEvidenceOpen is a fund of £500, of which £80 was spent, £30 of it is still to be paid and £10 accrued.
func onEvidenceOpen() []JournalLine {
	spent := bucket(valley, north, leadership)
	return []JournalLine{
		credit(Limit, opn, year18, pounds(500)), debit(Unallocated, opn, year18, pounds(420)), debit(Charged, opn, spent, pounds(80)),
		debit(Expenditure, opn, spent, pounds(80)), credit(Payables, opn, bucket(valley, north, ""), pounds(30)),
		credit(Accruals, opn, bucket(valley, north, ""), pounds(10)), credit(Clearing, opn, Bucket{}, pounds(40)),
	}
}

// without leaves a line of some lines out and puts others in its place; lines count from 1.
func linesWithout(lines []JournalLine, n int, others ...JournalLine) []JournalLine {
	var changed []JournalLine
	for i, line := range lines {
		if i == n-1 {
			changed = append(changed, others...)
			continue
		}
		changed = append(changed, line)
	}
	return changed
}

// opens is the event of opening balances with effect from 15 January 2019.
func opens(funds []FundCode, lines []JournalLine) BalancesOpened {
	return BalancesOpened{Source: oldBook, Due: "2019-02-14", Lines: lines, InAdvance: funds}
}

var openingRows = []row{
	{
		name:  "a fund begins with what it stood at elsewhere, once a second person agrees",
		given: more(untilBlank, asks(opening(inAdvance()...))), as: approver,
		when: approvalOf(opens([]FundCode{nr}, inAdvance())),
		then: RequestApproved{Request: 700, Digest: approvalOf(opens([]FundCode{nr}, inAdvance())).Digest,
			ApprovedIn: 616, Limit: pounds(5_000), Judged: []FundPence{{nr, pounds(1000)}}},
		totals: "expenditure £250.00, advances £300.00, receivables £50.00, payables -£150.00, clearing -£450.00, " +
			"limit -£1,000.00, unallocated £100.00, allocated £350.00, released £300.00, charged £250.00",
	},
	{
		name:  "opening balances need two people",
		given: untilBlank,
		when:  opening(inAdvance()...), rule: RuleOfficersMissing,
	},
	{
		name:  "opening balances say where they come from",
		given: untilBlank,
		when:  OpenBalances{Lines: inAdvance()}, rule: RuleTextMissing,
	},
	{
		name:  "opening balances have lines",
		given: untilBlank,
		when:  opening(), rule: RuleLinesMissing,
	},
	{
		name:  "balances are opened before anything else is recorded of a fund",
		given: untilFunded,
		when:  opening(inAdvance()...), rule: RuleOpeningPosted,
	},
	{
		name:  "balances are opened once",
		given: more(untilBlank, openedByTwo),
		when:  opening(inAdvance()...), rule: RuleOpeningPosted,
	},
	{
		name:  "a fund that is not opened has no balances",
		given: untilBlank,
		when:  opening(credit(Limit, "NONE", year18, 1)), rule: RuleFundUnknown,
	},
	{
		name:  "balances are not opened in a closed fund",
		given: more(untilBlank, also(300, "2019-04-02", closeFund(opn))),
		when:  opening(onEvidenceOpen()...), rule: RuleFundClosed,
	},
	{
		name:  "balances are not opened before the fund begins",
		given: untilBlank, dated: "2018-03-31",
		when: opening(onEvidenceOpen()...), rule: RuleFundDates,
	},
	{
		name:  "the financial balances of a fund come to nothing",
		given: untilBlank,
		when:  opening(linesWithout(inAdvance(), 10, credit(Clearing, nr, Bucket{}, pounds(449)))...), rule: RuleJournalBalance,
	},
	{
		name:  "a limit is what became of it",
		given: untilBlank,
		when:  opening(linesWithout(inAdvance(), 1, credit(Limit, nr, year18, pounds(1001)))...), rule: RuleJournalBalance,
	},
	{
		name:  "one fund's balances do not balance another's",
		given: untilBlank,
		when:  opening(linesWithout(onEvidenceOpen(), 7, credit(Clearing, evWarn, Bucket{}, pounds(40)))...), rule: RuleJournalBalance,
	},
	{
		name:  "advances begin as what is released, payee by payee",
		given: untilBlank,
		when:  opening(linesWithout(inAdvance(), 4, debit(Released, nr, bucket(trust, north, leadership), pounds(300)))...), rule: RuleJournalPair,
	},
	{
		name:  "expenditure begins as what is charged, category by category",
		given: untilBlank,
		when:  opening(linesWithout(onEvidenceOpen(), 3, debit(Charged, opn, bucket(valley, north, access), pounds(80)))...), rule: RuleJournalPair,
	},
	{
		name:  "what is owed names who is owed",
		given: untilBlank,
		when:  opening(credit(Payables, opn, bucket("", north, ""), 1)), rule: RulePayeeMissing,
	},
	{
		name:  "what was advanced names who has it",
		given: untilBlank,
		when:  opening(debit(Advances, nr, bucket("", north, leadership), 1)), rule: RulePayeeMissing,
	},
	{
		name:  "a payable is credited",
		given: untilBlank,
		when:  opening(debit(Payables, opn, bucket(valley, north, ""), 1)), rule: RuleOpeningSide,
	},
	{
		name:  "a receivable is debited",
		given: untilBlank,
		when:  opening(credit(Receivables, opn, bucket(valley, north, ""), 1)), rule: RuleOpeningSide,
	},
	{
		name:  "an opening line has a debit or a credit",
		given: untilBlank,
		when:  opening(debit(Payables, opn, bucket(valley, north, ""), 0)), rule: RuleJournalSide,
	},
	{
		name:  "an opening line names its account",
		given: untilBlank,
		when:  opening(debit("", opn, Bucket{}, 1)), rule: RuleOpeningAccount,
	},
	{
		name:  "a ledger does not begin with payments in transit",
		given: untilBlank,
		when:  opening(debit(InTransit, opn, Bucket{}, 1)), rule: RuleOpeningAccount,
	},
	{
		name:  "a fund on evidence does not begin with advances",
		given: untilBlank,
		when:  opening(debit(Advances, opn, bucket(valley, north, leadership), 1)), rule: RuleFundNoAdvances,
	},
	{
		name:  "an opening line names no more than its account keeps",
		given: untilBlank,
		when:  opening(credit(Limit, opn, Bucket{Payee: valley}, 1)), rule: RuleJournalDimension,
	},
	{
		name:  "a limit begins under the whole year",
		given: untilBlank,
		when:  opening(credit(Limit, opn, Bucket{For: "2018-19/M04"}, 1)), rule: RuleJournalDimension,
	},
	{
		name:  "a limit is not below nothing",
		given: untilBlank,
		when:  opening(debit(Limit, evWarn, year18, 5), credit(Unallocated, evWarn, year18, 5)), rule: RuleOpeningSide,
	},
	{
		name:  "a fund that covers nothing more does not begin overspent",
		given: untilBlank,
		when:  opening(overspent(opn)...), rule: RuleOpeningSide,
	},
	{
		name:  "less than nothing was not spent",
		given: untilBlank,
		when: opening(credit(Expenditure, opn, bucket(valley, north, leadership), 5), debit(Clearing, opn, Bucket{}, 5),
			credit(Charged, opn, bucket(valley, north, leadership), 5), debit(Unallocated, opn, year18, 5)), rule: RuleOpeningSide,
	},
}

// overspent is a fund of £100 of which £120 was paid.
func overspent(fund FundCode) []JournalLine {
	b := bucket(valley, north, leadership)
	return []JournalLine{
		credit(Limit, fund, year18, pounds(100)), credit(Allocated, fund, bucket("", north, ""), pounds(20)), debit(Charged, fund, b, pounds(120)),
		debit(Expenditure, fund, b, pounds(120)), credit(Clearing, fund, Bucket{}, pounds(120)),
	}
}

// openedByTwo appoints officers and opens what NR-PCN-2018 and OPEN-2018 begin with, with effect from 15 January 2019, as
// event 702: items 702.8, 702.9 and 702.15.
func openedByTwo(s *story) {
	governed(s)
	s.on("2019-01-15").approved(approver, opening(append(inAdvance(), onEvidenceOpen()...)...))
}

func TestOpenedItemsArePaidAndReceived(t *testing.T) {
	s := tellAll(t, more(untilBlank, openedByTwo)...)
	if diff := cmp.Diff([]string{"702.15 £30.00", "702.8 £50.00", "702.9 £150.00"}, s.open()); diff != "" {
		t.Fatalf("the items differ (-want +got):\n%s", diff)
	}
	if item := s.ledger.items["702.9"]; item.Due != "2019-02-14" || !item.Advance || item.Payee != valley || item.Beneficiary != north {
		t.Errorf("item 702.9 is %+v", item.Item)
	}
	if s.ledger.items["702.15"].Advance {
		t.Error("a payable of a fund on evidence is taken for an advance")
	}
	s.on("2019-02-01").do(RecordReceipt{Reference: "receipt 7", Lines: []SettleLine{{Item: "702.8", Pence: pounds(50)}}})
	s.approved(approver, SettlePayment{Reference: "BACS 0141", Lines: []SettleLine{{Item: "702.9", Pence: pounds(150)}, {Item: "702.15", Pence: pounds(30)}}})
	if open := s.open(); len(open) != 0 {
		t.Errorf("%v is left open", open)
	}
	for fund, want := range map[FundCode]string{
		nr:  "expenditure £250.00, advances £300.00, clearing -£550.00, limit -£1,000.00, unallocated £100.00, allocated £350.00, released £300.00, charged £250.00",
		opn: "expenditure £80.00, accruals -£10.00, clearing -£70.00, limit -£500.00, unallocated £420.00, charged £80.00",
	} {
		if got := s.totals(fund); got != want {
			t.Errorf("fund %s stands at\n%s\nwant\n%s", fund, got, want)
		}
	}
}

func TestAnAdvanceThatWasOpenedIsSpentCalledBackAndClosedAsAnyOther(t *testing.T) {
	s := tellAll(t, more(untilBlank, openedByTwo)...)
	callBack := func(pence Pence) ReturnAdvance {
		return ReturnAdvance{Fund: nr, Reason: "the post was not filled", Lines: []Line{line(valley, north, leadership, pence)}}
	}
	if _, err := s.decide(callBack(pounds(150)+1), ""); refusalOf(err) == nil || refusalOf(err).Rule != RuleReturnOver {
		t.Errorf("calling back what was not paid yet: %v, want %s", err, RuleReturnOver)
	}
	s.on("2019-04-02")
	if _, err := s.decide(closeFund(nr), "2019-03-31"); refusalOf(err) == nil || refusalOf(err).Rule != RuleFundUnpaid {
		t.Errorf("closing the fund before its advance is paid: %v, want %s", err, RuleFundUnpaid)
	}
	s.dated("2019-02-01", spend(nr, valley, north, leadership, pounds(350)))
	if left := s.ledger.items["702.8"].left(); left != 0 {
		t.Errorf("of the £50 called back %s is left after £50 more than the advance was spent", left)
	}
}

func TestAFundThatOnlyWarnsMayBeginOverspent(t *testing.T) {
	s := tellAll(t, more(untilBlank, governed)...)
	s.on("2019-01-15").approved(approver, opening(overspent(evWarn)...))
	if got, want := s.totals(evWarn), "expenditure £120.00, clearing -£120.00, limit -£100.00, allocated -£20.00, charged £120.00"; got != want {
		t.Errorf("the fund stands at\n%s\nwant\n%s", got, want)
	}
}

func TestOpenedItemsAreDueOnTheDayThatIsGiven(t *testing.T) {
	s := tellAll(t, more(untilBlank, governed)...)
	c := opening(onEvidenceOpen()...)
	c.Due = "2019-03-01"
	s.on("2019-01-15").approved(approver, c)
	if due := s.ledger.items["702.5"].Due; due != "2019-03-01" {
		t.Errorf("item 702.5 is due on %s", due)
	}
}
