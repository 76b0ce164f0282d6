package domain

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestCorrection(t *testing.T) { tell(t, correctionRows) }

// takeBack asks that an entry be reversed.
func takeBack(entry int64) ReverseEntry {
	return ReverseEntry{Entry: entry, Reason: "recorded for the wrong network"}
}

// reversed takes entries back with effect from the story's day; the director approves.
func (s *story) reversed(entries ...int64) *story {
	s.t.Helper()
	for _, entry := range entries {
		s.reversedOn("", entry)
	}
	return s
}

// reversedOn takes an entry back with effect from a day.
func (s *story) reversedOn(dated Date, entry int64) *story {
	s.t.Helper()
	return s.approvedOn(dated, takeBack(entry))
}

// approvedOn records a command as the first recorder, with effect from a day, and has the director approve it.
func (s *story) approvedOn(dated Date, c Command) *story {
	s.t.Helper()
	s.as(recorder).dated(dated, c)
	held, ok := s.log[len(s.log)-1].Event.(RequestHeld)
	if !ok {
		s.t.Fatalf("%s was not held", KindOf(c).Name)
	}
	return s.as(chief).do(Approve{s.number - 1, held.Digest}).as(recorder)
}

// takenBack is a chapter that reverses entries on a day.
func takenBack(on Date, entries ...int64) chapter {
	return func(s *story) { s.on(on).reversed(entries...) }
}

// instead is a chapter that records a command in the place of a reversed entry.
func instead(on Date, entry int64, dated Date, c Command) chapter {
	return func(s *story) { s.on(on).approvedOn("", ReplaceEntry{Entry: entry, With: Asked{c, dated}}) }
}

// byHand is a chapter that records an event for which no command is asked.
func byHand(number int64, on Date, e Event) chapter {
	return func(s *story) {
		s.number = number
		r := Recorded{s.on(on).stamp(), Fact{Event: e, Effective: on, Period: PeriodOf(on)}}
		s.ledger.Apply(r)
		s.log = append(s.log, r)
		s.number++
	}
}

// closing closes periods, the last one given.
func closeSoon(on Date, through ...Period) chapter {
	return func(s *story) {
		for _, p := range through {
			s.on(on).as(chief).do(ClosePeriod{Period: p})
		}
		s.as(recorder)
	}
}

// A takenBackRow is one entry that is taken back, where its fund stands before and after, and which items are open then.
type takenBackRow struct {
	name          string
	given         []chapter
	entry         int64
	on, dated     Date
	fund          FundCode
	before, after string
	open          []string
	toLapsed      bool
	period        Period       // that it lands in
	then          func(*story) // what can be done afterwards
}

// moved moves £100 from the trust's allocation for South to East's, as event 115.
func moved(s *story) {
	s.number = 115
	s.on("2018-12-05").do(MoveAllocation{Fund: nr, Decision: paper, Reason: "East begins sooner", Lines: []MoveLine{
		{From: bucket(trust, south, ""), To: bucket("", east, ""), Pence: pounds(100)},
	}})
}

// spentLate reports £120 of Valley's, £90 out of its advance and £30 out of what it was asked to pay back, as event 155.
func spentLate(s *story) {
	s.number = 155
	s.on("2019-02-11").do(spend(nr, valley, north, leadership, pounds(120)))
}

// spentAfterClose reports £110 of Valley's, all of it out of what it was asked to pay back, as event 185.
func spentAfterClose(s *story) {
	s.number = 185
	s.on("2019-04-08").dated("2019-03-29", spend(nr, valley, north, leadership, pounds(110)))
}

// losses is £60 that Valley owes and that is given up, as event 158.
var losses = byHand(158, "2019-02-18", ReceivableWrittenOff{
	Item: "150.1", Fund: nr, Payee: valley, Beneficiary: north, Loss: LossBadDebt, Reason: "dissolved", Decision: paper, Pence: pounds(60),
	Parts: []WrittenPart{{For: "2018-19", Pence: pounds(60), Draws: []Draw{{Account: Allocated, Bucket: bucket(valley, north, leadership), Pence: pounds(60)}}}},
})

// accrual is £30 of the March of EV-WARN-2018 that does not reverse itself, charged to what is set aside.
func accrualOf(reverses Date) AccrualPosted {
	return AccrualPosted{Reason: "the claim of March", Reverses: reverses, Lines: []AccruedLine{{
		Fund: evWarn, Bucket: bucket(valley, north, leadership), Pence: pounds(30),
		Draws: []Draw{{Account: Allocated, Bucket: bucket(valley, north, leadership), Pence: pounds(30)}},
	}}}
}

// closedEvidence closes EV-WARN-2018 as event 250.
func closedEvidence(s *story) {
	s.number = 250
	s.on("2019-04-04").dated("2019-03-31", CloseFund{Fund: evWarn, Reason: "end of the financial year"})
}

// journalLines move £40 of Valley's spend from leadership to access, or the other way round.
func journalLines(from, to Category) []JournalLine {
	a, b := bucket(valley, north, from), bucket(valley, north, to)
	return []JournalLine{
		{Account: Expenditure, Fund: nr, Bucket: b, Debit: pounds(40)}, {Account: Expenditure, Fund: nr, Bucket: a, Credit: pounds(40)},
		{Account: Charged, Fund: nr, Bucket: b, Debit: pounds(40)}, {Account: Charged, Fund: nr, Bucket: a, Credit: pounds(40)},
	}
}

var recoded = byHand(145, "2019-01-22", JournalPosted{Reason: "spent on access", Lines: journalLines(leadership, access)})

// settledOf is a line of a payment run, or of the payment of one.
func settledOf(run int64, pence Pence) []SettledLine {
	return []SettledLine{{Item: "120.1", Fund: nr, Payee: valley, Beneficiary: north, Pence: pence, Parts: []Part{{"2018-19", pence}}, Run: run}}
}

// proposed is a run of Valley's £250, as event 122; it is in no list of what officers asked for.
func runProposed(s *story) {
	e := PaymentRunProposed{Reference: "run 1", PayOn: "2018-12-20", Lines: settledOf(0, pounds(250))}
	byHand(122, "2018-12-11", e)(s)
}

// sent releases it, as event 123, and sentAndPaid has it paid, as event 124.
func sent(s *story) {
	runProposed(s)
	byHand(123, "2018-12-12", PaymentRunReleased{Run: 122, Reference: "run 1", Lines: settledOf(0, pounds(250))})(s)
}

func sentAndPaid(s *story) {
	sent(s)
	byHand(124, "2018-12-20", PaymentSettled{Reference: "run 1", Lines: settledOf(122, pounds(250))})(s)
}

var takenBackRows = []takenBackRow{
	{
		name: "funding that is not set aside", given: untilFunded, entry: 101, on: "2018-11-06", fund: nr,
		before: "limit -£1,000.00, unallocated £1,000.00",
	},
	{
		name: "an allocation that nothing drew on", given: untilAllocated, entry: 110, on: "2018-12-04", fund: nr,
		before: "limit -£1,000.00, unallocated £200.00, allocated £800.00",
		after:  "limit -£1,000.00, unallocated £1,000.00",
		then: func(s *story) {
			s.reversed(101) // and now the funding can be taken back as well
		},
	},
	{
		name: "a virement", given: more(untilAllocated, moved), entry: 115, on: "2018-12-06", fund: nr,
		before: "limit -£1,000.00, unallocated £200.00, allocated £800.00",
		after:  "limit -£1,000.00, unallocated £200.00, allocated £800.00",
		then: func(s *story) {
			s.as(recorder).do(ReleaseFunds{Fund: nr, Lines: []Line{line(trust, south, "", pounds(300))}})
		},
	},
	{
		name: "a release that nobody was paid", given: untilReleased, entry: 120, on: "2018-12-11", fund: nr,
		before: "advances £400.00, payables -£400.00, limit -£1,000.00, unallocated £200.00, allocated £400.00, released £400.00",
		after:  "limit -£1,000.00, unallocated £200.00, allocated £800.00",
	},
	{
		name: "a payment: what it paid is payable again, though part is spent", given: untilSpent, entry: 130, on: "2019-01-16", fund: nr,
		before: "expenditure £100.00, advances £300.00, payables -£50.00, clearing -£350.00, limit -£1,000.00, unallocated £200.00, allocated £400.00, released £300.00, charged £100.00",
		after:  "expenditure £100.00, advances £300.00, payables -£400.00, limit -£1,000.00, unallocated £200.00, allocated £400.00, released £300.00, charged £100.00",
		open:   []string{"120.1 £250.00", "120.2 £150.00"},
	},
	{
		name: "spend out of an advance: the advance stands again", given: untilSpent, entry: 140, on: "2019-01-16", fund: nr,
		before: "expenditure £100.00, advances £300.00, payables -£50.00, clearing -£350.00, limit -£1,000.00, unallocated £200.00, allocated £400.00, released £300.00, charged £100.00",
		after:  "advances £400.00, payables -£50.00, clearing -£350.00, limit -£1,000.00, unallocated £200.00, allocated £400.00, released £400.00",
		open:   []string{"120.2 £50.00"},
		then: func(s *story) {
			if s.ledger.spends[140] != nil {
				s.t.Error("there is still a spend to verify")
			}
		},
	},
	{
		name: "a call back of which nothing came back", given: untilCalledBack, entry: 150, on: "2019-02-05", fund: nr,
		before: "expenditure £100.00, advances £240.00, receivables £60.00, payables -£50.00, clearing -£350.00, limit -£1,000.00, unallocated £200.00, allocated £460.00, released £240.00, charged £100.00",
		after:  "expenditure £100.00, advances £300.00, payables -£50.00, clearing -£350.00, limit -£1,000.00, unallocated £200.00, allocated £400.00, released £300.00, charged £100.00",
		open:   []string{"120.2 £50.00"},
	},
	{
		name: "late spend: what was called back is owed again", given: more(untilCalledBack, spentLate), entry: 155, on: "2019-02-12", fund: nr,
		before: "expenditure £220.00, advances £150.00, receivables £30.00, payables -£50.00, clearing -£350.00, limit -£1,000.00, unallocated £200.00, allocated £430.00, released £150.00, charged £220.00",
		after:  "expenditure £100.00, advances £240.00, receivables £60.00, payables -£50.00, clearing -£350.00, limit -£1,000.00, unallocated £200.00, allocated £460.00, released £240.00, charged £100.00",
		open:   []string{"120.2 £50.00", "150.1 £60.00"},
		then: func(s *story) {
			s.reversed(150) // the call back is whole again
		},
	},
	{
		name: "a receipt: what it brought is owed again", given: untilReceived, entry: 160, on: "2019-03-02", fund: nr,
		before: "expenditure £100.00, advances £240.00, receivables £40.00, payables -£50.00, clearing -£330.00, limit -£1,000.00, unallocated £200.00, allocated £460.00, released £240.00, charged £100.00",
		after:  "expenditure £100.00, advances £240.00, receivables £60.00, payables -£50.00, clearing -£350.00, limit -£1,000.00, unallocated £200.00, allocated £460.00, released £240.00, charged £100.00",
		open:   []string{"120.2 £50.00", "150.1 £60.00"},
	},
	{
		name: "a loss: its receivable is owed again", given: more(untilCalledBack, losses), entry: 158, on: "2019-02-19", fund: nr,
		before: "expenditure £160.00, advances £240.00, payables -£50.00, clearing -£350.00, limit -£1,000.00, unallocated £200.00, allocated £400.00, released £240.00, charged £160.00",
		after:  "expenditure £100.00, advances £240.00, receivables £60.00, payables -£50.00, clearing -£350.00, limit -£1,000.00, unallocated £200.00, allocated £460.00, released £240.00, charged £100.00",
		open:   []string{"120.2 £50.00", "150.1 £60.00"},
	},
	{
		name: "a journal whose lines are still there", given: more(untilSpent, recoded), entry: 145, on: "2019-01-23", fund: nr,
		before: "expenditure £100.00, advances £300.00, payables -£50.00, clearing -£350.00, limit -£1,000.00, unallocated £200.00, allocated £400.00, released £300.00, charged £100.00",
		after:  "expenditure £100.00, advances £300.00, payables -£50.00, clearing -£350.00, limit -£1,000.00, unallocated £200.00, allocated £400.00, released £300.00, charged £100.00",
		open:   []string{"120.2 £50.00"},
	},
	{
		name: "a run that is not released: its items are free", given: more(untilReleased, runProposed), entry: 122, on: "2018-12-12", fund: nr,
		before: "advances £400.00, payables -£400.00, limit -£1,000.00, unallocated £200.00, allocated £400.00, released £400.00",
		after:  "advances £400.00, payables -£400.00, limit -£1,000.00, unallocated £200.00, allocated £400.00, released £400.00",
		open:   []string{"120.1 £250.00", "120.2 £150.00"},
		then: func(s *story) {
			if run, free := s.ledger.runs[122], s.ledger.items["120.1"].inRun; !run.reversed || sumParts(free) != 0 {
				s.t.Errorf("the run is reversed: %v; its item is in runs with %s", run.reversed, sumParts(free))
			}
			held := s.log[len(s.log)-3].Event.(RequestHeld)
			if len(held.Effect) != 2 || held.Effect[0].Account != Payables || held.Effect[0].Pence != -pounds(250) {
				s.t.Errorf("what the approver was shown is not that £250.00 will stay payable: %+v", held.Effect)
			}
			s.reversed(120)
		},
	},
	{
		name: "the payment of a run: it is in transit again", given: more(untilReleased, sentAndPaid), entry: 124, on: "2018-12-21", fund: nr,
		before: "advances £400.00, payables -£150.00, clearing -£250.00, limit -£1,000.00, unallocated £200.00, allocated £400.00, released £400.00",
		after:  "advances £400.00, payables -£150.00, in transit -£250.00, limit -£1,000.00, unallocated £200.00, allocated £400.00, released £400.00",
		open:   []string{"120.2 £150.00"},
		then: func(s *story) {
			if got := s.ledger.items["120.1"].inTransit(); got != pounds(250) {
				s.t.Errorf("%s is in transit, not £250.00", got)
			}
		},
	},
	{
		name: "spend on evidence: the overspend is taken back as well", given: evidencePaid, entry: 220, on: "2018-12-04", fund: evWarn,
		before: "expenditure £120.00, payables -£120.00, limit -£500.00, unallocated £400.00, allocated -£20.00, charged £120.00",
		after:  "limit -£500.00, unallocated £400.00, allocated £100.00",
	},
	{
		name: "an entitlement: the next run raises it again", given: untilJuly, entry: 240, on: "2019-07-16", fund: core,
		before: "expenditure £65,000.50, payables -£65,000.50, limit -£600,000.00, allocated £534,999.50, charged £65,000.50",
		after:  "limit -£600,000.00, allocated £600,000.00",
		then: func(s *story) {
			was, _ := s.look(240)
			s.approvedOn("2019-07-15", run(core, "CORE_PCN", "2019-20/M04"))
			if diff := cmp.Diff(was.Event, s.log[len(s.log)-1].Event); diff != "" {
				s.t.Errorf("the next run raises something else (-before +after):\n%s", diff)
			}
		},
	},
	{
		name: "a claim: it is undecided and its sum is free", given: untilApproved, entry: 270, on: "2019-11-13", fund: arrs,
		before: "expenditure £3,150.00, payables -£3,150.00, limit -£161,826.75, allocated £158,676.75, charged £3,150.00",
		after:  "limit -£161,826.75, allocated £161,826.75",
		then: func(s *story) {
			if left := s.sumLeft(north, "2019-20"); left != 53_942_25 {
				s.t.Errorf("%s of the network's sum is left, not all", left)
			}
			s.as(verifier).do(RejectClaim{Claim: 260, Reason: "the cost was wrong"})
			s.as(recorder).do(claim(north, "2019-20/M07", ClaimLine{Person: "P-0001", Costs: cost(4_275_00)}))
		},
	},
	{
		name: "a recovery: what was paid is due again", given: untilRecovered, entry: 280, on: "2019-12-03", fund: arrs,
		before: "expenditure £2,992.50, receivables £157.50, payables -£3,150.00, limit -£161,826.75, allocated £158,834.25, charged £2,992.50",
		after:  "expenditure £3,150.00, payables -£3,150.00, limit -£161,826.75, allocated £158,676.75, charged £3,150.00",
		open:   []string{"270.1 £3,150.00"},
		then: func(s *story) {
			if paid := s.ledger.paidFor(pharmacistOf("2019-20/M07")); paid != 3_150_00 {
				s.t.Errorf("%s of the claim is paid, not £3,150.00", paid)
			}
			s.reversed(270) // whole again
		},
	},
	{
		name: "a recovery that a run had raised anew, once that run is taken back", given: more(untilJuly, owesNorth,
			also(290, "2019-12-05", run(core, "CORE_PCN", "2019-20/M04")), governed, takenBack("2019-12-06", 290)), entry: 285, on: "2019-12-06", fund: core,
		before: "expenditure £64,990.50, receivables £10.00, payables -£65,000.50, limit -£600,000.00, allocated £535,009.50, charged £64,990.50",
		after:  "expenditure £65,000.50, payables -£65,000.50, limit -£600,000.00, allocated £534,999.50, charged £65,000.50",
		open:   []string{"240.1 £15,000.00", "240.2 £25,000.50", "240.3 £25,000.00"},
	},
	{
		name: "spend of a closed year, dated today: it lands in the new year and is for the old one", given: more(untilClosed, governed, closeSoon("2019-04-20", "2018-19/M12")),
		entry: 140, on: "2019-05-10", fund: nr, period: "2019-20/M02",
		before: "expenditure £100.00, receivables £280.00, clearing -£380.00, limit -£1,000.00, charged £100.00, lapsed £900.00",
		after:  "advances £100.00, receivables £280.00, clearing -£380.00, limit -£1,000.00, released £100.00, lapsed £900.00",
		open:   []string{"150.1 £40.00", "180.1 £150.00", "180.2 £90.00"},
		then: func(s *story) {
			s.do(ReturnAdvance{Fund: nr, Reason: "never spent", Lines: []Line{line(valley, north, "", pounds(100))}})
			want := "receivables £380.00, clearing -£380.00, limit -£1,000.00, lapsed £1,000.00"
			if got := s.totals(nr); got != want {
				s.t.Errorf("called back after the close the fund stands at %s, want %s", got, want)
			}
		},
	},
	{
		name: "spend of a closed year, dated in it: it lands in M13", given: more(untilClosed, governed, closeSoon("2019-04-20", "2018-19/M12")),
		entry: 140, on: "2019-05-10", dated: "2019-03-31", fund: nr, period: "2018-19/M13",
		before: "expenditure £100.00, receivables £280.00, clearing -£380.00, limit -£1,000.00, charged £100.00, lapsed £900.00",
		after:  "advances £100.00, receivables £280.00, clearing -£380.00, limit -£1,000.00, released £100.00, lapsed £900.00",
		open:   []string{"150.1 £40.00", "180.1 £150.00", "180.2 £90.00"},
	},
	{
		name: "spend of a closed year, dated in it after M13: it lands in April", given: more(untilClosed, governed, closeSoon("2019-05-09", "2018-19/M12", "2018-19/M13")),
		entry: 140, on: "2019-05-10", dated: "2019-03-31", fund: nr, period: "2019-20/M01",
		before: "expenditure £100.00, receivables £280.00, clearing -£380.00, limit -£1,000.00, charged £100.00, lapsed £900.00",
		after:  "advances £100.00, receivables £280.00, clearing -£380.00, limit -£1,000.00, released £100.00, lapsed £900.00",
		open:   []string{"150.1 £40.00", "180.1 £150.00", "180.2 £90.00"},
	},
	{
		name: "spend that was reported after the close out of what was called back", given: more(untilClosed, spentAfterClose), entry: 185, on: "2019-04-09", fund: nr,
		before: "expenditure £210.00, receivables £170.00, clearing -£380.00, limit -£1,000.00, charged £210.00, lapsed £790.00",
		after:  "expenditure £100.00, receivables £280.00, clearing -£380.00, limit -£1,000.00, charged £100.00, lapsed £900.00",
		open:   []string{"150.1 £40.00", "180.1 £150.00", "180.2 £90.00"},
	},
	{
		name: "late spend, once the fund is closed: the money it took from allocated lapses", given: more(untilCalledBack, spentLate, paidUp, closed),
		entry: 155, on: "2019-04-05", fund: nr, toLapsed: true,
		before: "expenditure £220.00, receivables £180.00, clearing -£400.00, limit -£1,000.00, charged £220.00, lapsed £780.00",
		after:  "expenditure £100.00, advances £90.00, receivables £210.00, clearing -£400.00, limit -£1,000.00, released £90.00, charged £100.00, lapsed £810.00",
		open:   []string{"150.1 £60.00", "180.1 £150.00"},
	},
	{
		name: "a call back, once the fund is closed: its money comes from what lapsed", given: more(untilCalledBack, paidUp, closed),
		entry: 150, on: "2019-04-05", fund: nr, toLapsed: true,
		before: "expenditure £100.00, receivables £300.00, clearing -£400.00, limit -£1,000.00, charged £100.00, lapsed £900.00",
		after:  "expenditure £100.00, advances £60.00, receivables £240.00, clearing -£400.00, limit -£1,000.00, released £60.00, charged £100.00, lapsed £840.00",
		open:   []string{"180.1 £150.00", "180.2 £90.00"},
	},
	{
		name: "a recovery, once the fund is closed: it is charged to what lapsed", given: more(untilRecovered, closedArrs), entry: 280, on: "2020-04-16", fund: arrs, toLapsed: true,
		before: "expenditure £2,992.50, receivables £157.50, payables -£3,150.00, limit -£161,826.75, charged £2,992.50, lapsed £158,834.25",
		after:  "expenditure £3,150.00, payables -£3,150.00, limit -£161,826.75, charged £3,150.00, lapsed £158,676.75",
		open:   []string{"270.1 £3,150.00"},
	},
	{
		name: "an accrual of March, in the next year before the close", given: more(evidencePaid, byHand(240, "2019-03-31", accrualOf(""))), entry: 240, on: "2019-04-03", fund: evWarn,
		before: "expenditure £150.00, payables -£120.00, accruals -£30.00, limit -£500.00, unallocated £400.00, allocated -£50.00, charged £150.00",
		after:  "expenditure £120.00, payables -£120.00, limit -£500.00, unallocated £400.00, allocated -£20.00, charged £120.00",
		open:   []string{"220.1 £120.00"},
	},
	{
		name: "an accrual of March, after the close: what was never claimed lapses", given: more(evidencePaid, byHand(240, "2019-03-31", accrualOf("")), closedEvidence),
		entry: 240, on: "2019-06-03", fund: evWarn, toLapsed: true,
		before: "expenditure £150.00, payables -£120.00, accruals -£30.00, limit -£500.00, charged £150.00, lapsed £350.00",
		after:  "expenditure £120.00, payables -£120.00, limit -£500.00, charged £120.00, lapsed £380.00",
		open:   []string{"220.1 £120.00"},
	},
}

func TestTakenBack(t *testing.T) {
	for _, r := range takenBackRows {
		t.Run(r.name, func(t *testing.T) { r.tell(t) })
	}
}

func (r takenBackRow) tell(t *testing.T) {
	s := told(t, r.given)
	if !s.ledger.officers.governed() {
		governed(s)
	}
	if got := s.totals(r.fund); got != r.before {
		t.Fatalf("fund %s stands at\n%s\nwant\n%s", r.fund, got, r.before)
	}
	s.on(r.on).reversedOn(r.dated, r.entry)
	if got := s.totals(r.fund); got != r.after {
		t.Errorf("taken back fund %s stands at\n%s\nwant\n%s", r.fund, got, r.after)
	}
	open := slices.DeleteFunc(s.open(), func(id string) bool { return s.ledger.items[ItemID(id[:5])].Fund != r.fund })
	if diff := cmp.Diff(r.open, open, cmp.Transformer("", func(of []string) string { return fmt.Sprint(of) })); diff != "" {
		t.Errorf("the open items differ (-want +got):\n%s", diff)
	}
	r.checkReversal(s)
	if _, err := s.decide(takeBack(r.entry), ""); refusalOf(err) == nil || refusalOf(err).Rule != RuleEntryReversed {
		t.Errorf("taken back twice: %v", err)
	}
	if err := checkBooks(s.ledger, s.log); err != nil {
		t.Error(err)
	}
	if r.then != nil {
		r.then(s)
	}
}

// checkReversal requires the reversal to be the entry with its sides exchanged: what it is for stays, its period is open.
func (r takenBackRow) checkReversal(s *story) {
	s.t.Helper()
	was, _ := s.look(r.entry)
	last := s.log[len(s.log)-1]
	e := last.Event.(EntryReversed)
	if e.Dated != was.Effective || e.In != was.Period || e.ToLapsed != r.toLapsed || last.RaisedBy == "" || last.ApprovedBy == "" {
		s.t.Errorf("the reversal is of %s in %s, to lapsed %v, by %q and %q", e.Dated, e.In, e.ToLapsed, last.RaisedBy, last.ApprovedBy)
	}
	if r.period != "" && last.Period != r.period {
		s.t.Errorf("it lands in %s, not %s", last.Period, r.period)
	}
	for i, p := range Postings(last) {
		original := Postings(was)[i]
		if p.Pence != -original.Pence || p.For != original.For || p.Fund != original.Fund || p.Period != last.Period {
			s.t.Errorf("it posts %+v for %+v", p, original)
		}
	}
}

// refusedReversal is a row in which the first recorder may not take an entry back.
func refusedReversal(name string, given []chapter, on Date, entry int64, rule Rule) row {
	if on != "" {
		given = more(given, func(s *story) { s.on(on) })
	}
	return row{name: name, given: more(given, governedOnce), when: takeBack(entry), rule: rule}
}

// governedOnce appoints officers, if none are.
func governedOnce(s *story) {
	if !s.ledger.officers.governed() {
		governed(s)
	}
}

// asking is a chapter in which the first recorder asks for what is held.
func asking(on Date, c Command) chapter {
	return func(s *story) {
		s.on(on).as(recorder).do(c)
		if _, held := s.log[len(s.log)-1].Event.(RequestHeld); !held {
			s.t.Fatalf("%s was not held", KindOf(c).Name)
		}
	}
}

// hardEvidence has £100 of £100 charged in a fund that covers no overspend, £40 of it recovered and set aside for East, as events 200 to 241.
var hardEvidence = more(untilFunded, also(200, "2018-12-01", OpenFund{func() Terms {
	t := terms(ev)
	t.Basis = BasisEvidence
	return t
}()}, ConfirmFunding{Fund: ev, Pence: pounds(100), Title: "first tranche", Source: letter},
	AllocateFund{Fund: ev, Decision: paper, Lines: []Line{line(valley, north, leadership, pounds(100))}}),
	also(220, "2018-12-03", spend(ev, valley, north, leadership, pounds(100))),
	also(240, "2018-12-04", recoverPence("220.1", "2018-19", pounds(40)), MoveAllocation{Fund: ev, Decision: paper, Reason: "East has the costs", Lines: []MoveLine{
		{From: bucket(valley, north, leadership), To: bucket("", east, ""), Pence: pounds(40)},
	}}))

// blankEvidence has £120 of evidence charged to £100 set aside for it and to £20 set aside for anything, as event 220, and
// £15 and then £50 of it recovered, as events 230 and 240.
var blankEvidence = more(untilFunded, also(200, "2018-12-01", OpenFund{func() Terms {
	t := terms(ev)
	t.Basis = BasisEvidence
	return t
}()}, ConfirmFunding{Fund: ev, Pence: pounds(500), Title: "first tranche", Source: letter},
	AllocateFund{Fund: ev, Decision: paper, Lines: []Line{line(valley, north, leadership, pounds(100)), line("", "", "", pounds(20))}}),
	also(220, "2018-12-03", spend(ev, valley, north, leadership, pounds(120))),
	also(230, "2018-12-04", recoverPence("220.1", "2018-19", pounds(15))), also(240, "2018-12-05", recoverPence("220.1", "2018-19", pounds(50))))

// sumUsed is the network's sum used up but for so much, by what other claims were paid.
func sumUsed(left Pence) chapter {
	return func(s *story) { set(&s.ledger.reimbursed, sumKey{north, "2019-20", SumARRS}, 53_942_25-left) }
}

// twoFunds is an accrual of March over a fund that is closed and one that is not, as event 245.
var twoFunds = byHand(245, "2019-03-31", func() Event {
	e := accrualOf("")
	other := e.Lines[0]
	other.Fund = nr
	e.Lines = append(e.Lines, other)
	return e
}())

var refusedReversals = []row{
	refusedReversal("what was never recorded cannot be taken back", untilAllocated, "", 99, RuleEntryUnknown),
	refusedReversal("what moves no money is not taken back but recorded anew", untilAllocated, "", 30, RuleEntryKind),
	refusedReversal("the close of a fund is not taken back", untilClosed, "", 180, RuleEntryKind),
	refusedReversal("a reversal is not taken back", more(untilAllocated, governed, takenBack("2018-12-04", 110)), "", 702, RuleEntryKind),
	refusedReversal("an accrual that reverses itself is not taken back", more(evidencePaid, byHand(240, "2019-02-28", accrualOf("2019-03-01"))), "2019-03-02", 240, RuleEntryKind),
	refusedReversal("the release of a payment run is not taken back", more(untilReleased, sent), "", 123, RuleEntryKind),
	refusedReversal("a payment run that was released is not taken back", more(untilReleased, sent), "", 122, RuleEntryKind),
	refusedReversal("a payment that failed is not taken back", more(untilReleased, sent, byHand(124, "2018-12-20", PaymentFailed{Run: 122, Reason: "wrong account", Lines: settledOf(0, pounds(250))})), "", 124, RuleEntryKind),
	refusedReversal("what funds began with is not taken back", more(untilFunded, byHand(105, "2018-11-05", BalancesOpened{Source: letter, Due: "2018-12-05", Lines: journalLines(leadership, access)})), "", 105, RuleEntryKind),
	refusedReversal("an approval that paid nothing leaves nothing to take back", more(untilClaimed, sumUsed(0), approved19), "", 270, RuleEntryKind),
	refusedReversal("nothing is taken back twice", more(untilAllocated, governed, takenBack("2018-12-04", 110)), "", 110, RuleEntryReversed),
	{name: "an entry is not taken back before it took effect", given: more(untilReleased, governed), dated: "2018-12-09", when: takeBack(120), rule: RuleReversalEarlier},
	{name: "an entry is not taken back without a reason", given: more(untilReleased, governed), when: ReverseEntry{Entry: 120}, rule: RuleTextMissing},
	{name: "an entry is not taken back where nobody is appointed to agree", given: untilReleased, when: takeBack(120), rule: RuleOfficersMissing},
	{name: "nothing is recovered from what was taken back", given: more(untilApproved, governed, takenBack("2019-11-13", 270)),
		when: recoverProved(cost(4_275_00)), rule: RuleEntryReversed},

	refusedReversal("an allocation of a closed fund is not taken back", untilClosed, "", 110, RuleReversalClosed),
	refusedReversal("funding of a closed fund is not taken back", untilClosed, "", 101, RuleReversalClosed),
	refusedReversal("an entry about a closed fund and an open one is not taken back", more(evidencePaid, allocated, twoFunds, closedEvidence), "", 245, RuleReversalClosed),

	refusedReversal("a release that was paid is not taken back", untilSettled, "", 120, RuleReversalItems),
	refusedReversal("a release that is in a payment run is not taken back", more(untilReleased, runProposed), "", 120, RuleReversalItems),
	refusedReversal("a release whose payment waits to be approved is not taken back",
		more(untilReleased, governed, asking("2018-12-11", SettlePayment{Reference: "BACS 0141", Lines: []SettleLine{{Item: "120.1", Pence: pounds(250)}}})), "", 120, RuleReversalItems),
	refusedReversal("spend on evidence that was paid is not taken back", more(evidencePaid, also(230, "2018-12-10", SettlePayment{Reference: "BACS 0141", Lines: []SettleLine{{Item: "220.1", Pence: 1}}})), "", 220, RuleReversalItems),
	refusedReversal("an entitlement of which part was paid is not taken back", more(untilJuly, also(245, "2019-07-20", SettlePayment{Reference: "BACS 0141", Lines: []SettleLine{{Item: "240.3", Pence: 1}}})), "", 240, RuleReversalItems),
	refusedReversal("a claim of which part was recovered is not taken back", untilRecovered, "", 270, RuleReversalItems),
	refusedReversal("a recovery that was received is not taken back", more(untilRecovered, also(285, "2019-12-10", receive(SettleLine{Item: "280.1", Pence: 1}))), "", 280, RuleReversalItems),
	refusedReversal("a call back of which part was received is not taken back", untilReceived, "", 150, RuleReversalItems),
	refusedReversal("a call back that was spent after all is not taken back", more(untilCalledBack, spentLate), "", 150, RuleReversalItems),

	refusedReversal("funding that is set aside is not taken back", untilAllocated, "", 101, RuleReversalGone),
	refusedReversal("an allocation that was released is not taken back", untilReleased, "", 110, RuleReversalGone),
	refusedReversal("a virement whose money was released is not taken back", more(untilAllocated, moved, also(118, "2018-12-06", release(line(trust, east, "", pounds(150))))), "", 115, RuleReversalGone),
	refusedReversal("an allocation that a request would draw on is not taken back",
		more(untilAllocated, governed, asking("2018-12-11", MoveAllocation{Fund: nr, Decision: paper, Reason: "East begins sooner", Lines: []MoveLine{
			{From: bucket(trust, south, ""), To: bucket("", east, ""), Pence: pounds(300)}, {From: bucket(valley, north, leadership), To: bucket("", east, ""), Pence: pounds(400)},
		}})), "", 110, RuleReversalGone),
	refusedReversal("a release that is spent, though not paid, is not taken back", more(untilReleased, spent), "", 120, RuleReversalGone),
	refusedReversal("a call back whose money was released again is not taken back", more(untilCalledBack, also(155, "2019-02-05", release(line(valley, north, leadership, pounds(200))))), "", 150, RuleReversalGone),
	refusedReversal("a recovery whose money was set aside for others is not taken back in a fund that covers no overspend", hardEvidence, "", 240, RuleReversalGone),
	refusedReversal("spend that a journal took elsewhere is not taken back", more(untilSpent, recoded), "", 140, RuleReversalGone),
	refusedReversal("an accrual that a journal used up is not taken back", more(evidencePaid, byHand(240, "2019-03-31", accrualOf("")), byHand(241, "2019-03-31", JournalPosted{Reason: "used", Lines: []JournalLine{
		{Account: Accruals, Fund: evWarn, Bucket: bucket(valley, north, ""), Debit: 1}, {Account: Clearing, Fund: evWarn, Credit: 1},
	}})), "", 240, RuleReversalGone),

	refusedReversal("a recovery is not taken back once the month was claimed anew", more(untilApproved,
		also(275, "2019-11-20", recoverOf("P-0001", 3_150_00)), also(276, "2019-11-21", october())), "", 275, RuleReversalOvertaken),
	refusedReversal("an approval is not taken back once somebody it paid nothing for was claimed anew", more(untilEngaged,
		also(260, "2019-11-04", claim(north, "2019-20/M07", ClaimLine{Person: "P-0001", Costs: cost(4_500_00)}, ClaimLine{Person: "L-0001", Costs: cost(2_000_00)})), sumUsed(3_150_00),
		approved19, also(276, "2019-11-21", claim(north, "2019-20/M07", ClaimLine{Person: "L-0001", Costs: cost(2_000_00)}))), "", 270, RuleReversalOvertaken),
	refusedReversal("a recovery is not taken back beyond the post's maximum", more(untilApproved, also(275, "2019-11-20", recoverOf("P-0001", 2_000_00)),
		also(276, "2019-11-21", EndRole{Person: "P-0001", To: "2019-10-15", Reason: "left"})), "", 275, RuleReversalOvertaken),
	refusedReversal("a recovery is not taken back beyond the network's sum", more(untilRecovered, sumUsed(157_49)), "", 280, RuleReversalOvertaken),
	refusedReversal("a recovery is not taken back once a run raised it anew", more(untilJuly, owesNorth,
		also(290, "2019-12-05", run(core, "CORE_PCN", "2019-20/M04"))), "", 285, RuleReversalOvertaken),
	refusedReversal("of two recoveries of one charge the first is not taken back alone", blankEvidence, "", 230, RuleReversalOvertaken),

	{name: "nothing takes the place of an entry that stands", given: more(untilAllocated, governed), when: inPlaceOf(110, setAside(pounds(100))), rule: RuleEntryStands},
	{name: "an entry is not replaced twice", given: more(untilAllocated, governed, takenBack("2018-12-04", 110), instead("2018-12-04", 110, "", setAside(pounds(100)))),
		when: inPlaceOf(110, setAside(pounds(100))), rule: RuleEntryReplaced},
	{name: "a replacement names its command", given: untilTakenBack, when: ReplaceEntry{Entry: 110}, rule: RuleTextMissing},
	{name: "a reversal does not take the place of an entry", given: untilTakenBack, when: inPlaceOf(110, takeBack(101)), rule: RuleReplacement},
	{name: "an approval does not take the place of an entry", given: untilTakenBack, when: inPlaceOf(110, Approve{Request: 700}), rule: RuleReplacement},
	{name: "the close of a period does not take the place of an entry", given: untilTakenBack, when: inPlaceOf(110, ClosePeriod{Period: "2018-19/M01"}), rule: RuleReplacement},
	{name: "a replacement does not take the place of an entry", given: untilTakenBack, when: inPlaceOf(110, inPlaceOf(110, setAside(1))), rule: RuleReplacement},
	{name: "what takes an entry's place obeys its own rules", given: untilTakenBack, when: inPlaceOf(110, setAside(pounds(1001))), rule: RuleOverAllocation},
	{name: "what takes an entry's place obeys its own dates", given: untilTakenBack,
		when: ReplaceEntry{Entry: 110, With: Asked{setAside(pounds(100)), "2019-05-01"}}, rule: RulePeriodNotBegun},
	{name: "a replacement has no date but its command's", given: untilTakenBack, dated: "2018-12-04", when: inPlaceOf(110, setAside(pounds(100))), rule: RuleEffectiveNotTaken},
	{name: "who may not record payments does not record them in an entry's place", given: more(untilTakenBack, func(s *story) {
		narrow := appoint("recorder-3", RoleRecorder, "senior manager band 8", pounds(500))
		narrow.Scope.Commands = []string{"ReplaceEntry", "ReleaseFunds"}
		s.as(firstAdmin).approved(secondAdmin, narrow)
	}), as: "recorder-3", when: inPlaceOf(110, setAside(pounds(100))), rule: RuleScope},
}

// setAside sets money of the fund aside for East.
func setAside(pence Pence) AllocateFund {
	return AllocateFund{Fund: nr, Decision: paper, Lines: []Line{line("", east, "", pence)}}
}

func inPlaceOf(entry int64, c Command) ReplaceEntry {
	return ReplaceEntry{Entry: entry, With: Asked{Command: c}}
}

// untilTakenBack has the allocation of event 110 taken back.
var untilTakenBack = more(untilAllocated, governed, takenBack("2018-12-04", 110))

// carriedOut are the rows in which a held correction is approved: a release taken back, and one recorded in the place of
// another.
var carriedOut = []row{
	approvedRow("a release is taken back when the director approves it", more(untilReleased, governed), "2018-12-11", takeBack(120),
		"limit -£1,000.00, unallocated £200.00, allocated £800.00"),
	approvedRow("an allocation takes the place of one that was taken back", untilTakenBack, "2018-12-04", inPlaceOf(110, setAside(pounds(100))),
		"limit -£1,000.00, unallocated £900.00, allocated £100.00"),
}

// approvedRow asks for a command that is held, and approves it.
func approvedRow(name string, given []chapter, on Date, c Command, totals string) row {
	given = more(given, asking(on, c))
	s := told(quiet{}, given)
	request := s.number - 1
	held := s.log[len(s.log)-1].Event.(RequestHeld)
	return row{
		name: name, given: given, as: chief, when: Approve{request, held.Digest}, totals: totals,
		then: RequestApproved{Request: request, Digest: held.Digest, ApprovedIn: s.ledger.officers.of[chief][0].number, Limit: pounds(1_000_000), Judged: held.Judged},
	}
}

// quiet tells a story outside a test: what it cannot go on with is a mistake of this file.
type quiet struct{ rapid.TB }

func (quiet) Helper()                           {}
func (quiet) Fatal(args ...any)                 { panic(fmt.Sprint(args...)) }
func (quiet) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

var correctionRows = slices.Concat(refusedReversals, carriedOut)

// lastTwo are the newest events of a story.
func (s *story) lastTwo() (Recorded, Recorded) {
	return s.log[len(s.log)-2], s.log[len(s.log)-1]
}

// TestAReplacementIsWhatWasShown has it raised on one day and approved on another, with other events between.
func TestAReplacementIsWhatWasShown(t *testing.T) {
	s := told(t, untilTakenBack)
	s.on("2018-12-05").do(inPlaceOf(110, setAside(pounds(100))))
	request, held := s.number-1, s.log[len(s.log)-1].Event.(RequestHeld)
	s.on("2018-12-11").do(RegisterBody{Body: "local:Other", Kind: KindFederation})
	s.as(chief).do(Approve{request, held.Digest})
	replaced, anew := s.lastTwo()
	if want := (EntryReplaced{Entry: 110, By: anew.Number}); replaced.Event != Event(want) || s.ledger.replaced[110] != anew.Number {
		t.Errorf("got %+v, want %+v", replaced.Event, want)
	}
	if anew.Effective != "2018-12-05" || anew.RaisedBy != recorder || anew.ApprovedBy != chief || anew.Request != fmt.Sprint(request) {
		t.Errorf("it takes effect on %s, raised by %s, approved by %s as request %s", anew.Effective, anew.RaisedBy, anew.ApprovedBy, anew.Request)
	}
	s.as(recorder).reversed(anew.Number) // and what took its place can be taken back and replaced as well
	s.approvedOn("", inPlaceOf(anew.Number, setAside(pounds(200))))
	if got, want := s.totals(nr), "limit -£1,000.00, unallocated £800.00, allocated £200.00"; got != want {
		t.Errorf("it stands at %s, want %s", got, want)
	}
}

// TestAPriorYearIsCorrectedInTheOpenPeriod has spend of 2018/19 taken back and recorded anew after the year was closed:
// £20 less, which lapses once it is called back.
func TestAPriorYearIsCorrectedInTheOpenPeriod(t *testing.T) {
	s := told(t, more(untilClosed, governed, closeSoon("2019-05-09", "2018-19/M12", "2018-19/M13")))
	s.on("2019-05-10").reversed(140).approvedOn("", ReplaceEntry{Entry: 140, With: Asked{spend(nr, valley, north, leadership, pounds(80)), "2019-01-15"}})
	_, anew := s.lastTwo()
	if anew.Effective != "2019-01-15" || anew.Period != "2019-20/M01" || anew.Event.(SpendRecorded).Lines[0].For != "2018-19" {
		t.Errorf("the spend takes effect on %s in %s for %s", anew.Effective, anew.Period, anew.Event.(SpendRecorded).Lines[0].For)
	}
	s.dated("2019-03-31", ReturnAdvance{Fund: nr, Reason: "never spent", Lines: []Line{line(valley, north, "", pounds(20))}})
	if got, want := s.totals(nr), "expenditure £80.00, receivables £300.00, clearing -£380.00, limit -£1,000.00, charged £80.00, lapsed £920.00"; got != want {
		t.Errorf("it stands at %s, want %s", got, want)
	}
	if err := checkBooks(s.ledger, s.log); err != nil {
		t.Error(err)
	}
}

// TestASoftlyClosedPeriodTakesCorrections has both the reversal and the replacement land in it.
func TestASoftlyClosedPeriodTakesCorrections(t *testing.T) {
	s := told(t, more(untilAllocated, governed))
	s.on("2019-01-03").as(chief).do(ClosePeriod{Period: "2018-19/M09", Soft: true})
	s.reversedOn("2018-12-31", 110).approvedOn("", ReplaceEntry{Entry: 110, With: Asked{setAside(pounds(100)), "2018-12-31"}})
	for _, r := range s.log[len(s.log)-5:] {
		if len(Postings(r)) > 0 && r.Period != "2018-19/M09" {
			t.Errorf("%T lands in %s", r.Event, r.Period)
		}
	}
}

// TestAClaimThatWasTakenBackIsApprovedAnew has its network's sum, its cap and its payment stand as after the first approval.
func TestAClaimThatWasTakenBackIsApprovedAnew(t *testing.T) {
	s := told(t, more(untilApproved, governed))
	s.ledger.claims[260].verified = true
	s.on("2019-11-13").reversed(270)
	if c := s.ledger.claims[260]; c.approved != nil || !c.verified || c.rejected {
		t.Errorf("the claim is approved: %v, verified: %v, rejected: %v", c.approved, c.verified, c.rejected)
	}
	s.as(approver).do(approve(260))
	if got, want := s.totals(arrs), "expenditure £3,150.00, payables -£3,150.00, limit -£161,826.75, allocated £158,676.75, charged £3,150.00"; got != want {
		t.Errorf("it stands at %s, want %s", got, want)
	}
	if left := s.sumLeft(north, "2019-20"); left != 53_942_25-3_150_00 {
		t.Errorf("%s of the network's sum is left", left)
	}
}

// TestTheLimitCountsWhatWasTakenBack keeps an officer from getting under the limit by having its own entries reversed.
func TestTheLimitCountsWhatWasTakenBack(t *testing.T) {
	s := told(t, more(untilFunded, governed))
	s.on("2018-12-03").approvedOn("", setAside(pounds(400)))
	s.reversed(s.number - 1)
	s.do(setAside(pounds(200)))
	held, ok := s.log[len(s.log)-1].Event.(RequestHeld)
	if !ok || held.Judged[0].Pence != pounds(600) {
		t.Errorf("the second allocation is judged at %+v", held.Judged)
	}
}

// TestEveryKindOfEntryIsInTheTable requires that each kind that posts says whether it can be taken back, and what to do if not.
func TestEveryKindOfEntryIsInTheTable(t *testing.T) {
	listed := map[string]bool{}
	for _, rule := range reversals {
		listed[rule.kind] = true
		if (rule.never == "") == (rule.when == "") || (rule.never != "" && rule.remedy == "") {
			t.Errorf("%s: when %q, never %q, remedy %q", rule.kind, rule.when, rule.never, rule.remedy)
		}
	}
	for _, told := range everyEvent(t) {
		if name := EventKindOf(told.recorded.Event).Name; len(Postings(told.recorded)) > 0 && !listed[name] {
			t.Errorf("%s posts and is not in the table", name)
		}
	}
	for name := range listed {
		if !slices.ContainsFunc(Events(), func(kind EventKind) bool { return kind.Name == name }) {
			t.Errorf("the table has %s, which is no event", name)
		}
	}
}
