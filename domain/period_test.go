package domain

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPeriod(t *testing.T) { tell(t, periodRows) }

const (
	m07, m08, m09, m10, m11, m12, m13 Period = "2018-19/M07", "2018-19/M08", "2018-19/M09", "2018-19/M10", "2018-19/M11", "2018-19/M12", "2018-19/M13"
	next01, next02                    Period = "2019-20/M01", "2019-20/M02"
)

// closing is a chapter that closes periods one after another on a day, as events from n on.
func closing(n int64, on Date, periods ...Period) chapter {
	return func(s *story) {
		s.number = n
		s.on(on)
		for _, p := range periods {
			s.do(ClosePeriod{Period: p})
		}
	}
}

func softly(n int64, on Date, p Period) chapter {
	return also(n, on, ClosePeriod{Period: p, Soft: true})
}

// closedWith is a close at what accounts of NR-PCN-2018 stood at.
func closedWith(p Period, lines ...TrialLine) PeriodClosed {
	return PeriodClosed{Period: p, TrialBalance: lines, Hash: HashTrialBalance(p, lines)}
}

// standingAt is a line of a trial balance of NR-PCN-2018.
func standingAt(account Account, pence Pence) TrialLine { return TrialLine{nr, account, pence} }

func reopen(p Period) ReopenPeriod {
	return ReopenPeriod{Period: p, Reason: "the bank statement came late"}
}

// reopened is a chapter in which two people reopen a period, after the officers were appointed.
func reopened(p Period) chapter {
	return func(s *story) {
		s.number = 710
		s.approved(chief, reopen(p))
	}
}

// allOf2018 closes every month of 2018/19, as event 300, on 8 April 2019: the last of them, and with it all before.
var allOf2018 = closing(300, "2019-04-08", m12)

// inAdjustment confirms £1 more for 31 March when M12 is closed: it lands in M13.
func inAdjustment(s *story) {
	s.number = 310
	s.on("2019-05-02").dated("2019-03-31", confirm(100))
}

var periodRows = []row{
	{
		name:  "a month of the new year does not count the M13 beside it: the adjustments may go on",
		given: more(untilAllocated, allOf2018, inAdjustment), on: "2019-05-03",
		when: ClosePeriod{Period: next01},
		then: closedWith(next01, standingAt(Limit, -pounds(1000)), standingAt(Unallocated, pounds(200)), standingAt(Allocated, pounds(800))),
	},
	{
		name:  "a year does not end while the M13 of the year before is open",
		given: more(untilAllocated, allOf2018, closing(310, "2020-04-02", monthsOf2019()[:11]...)),
		when:  ClosePeriod{Period: "2019-20/M12"}, rule: RulePeriodOrder,
	},
	{
		name:  "M13 is not reopened once the next year has ended: it counts there",
		given: more(untilAllocated, allOf2018, closing(310, "2019-04-08", m13), closing(320, "2020-04-08", monthsOf2019()[:12]...)),
		when:  reopen(m13), rule: RulePeriodOrder,
	},
	{
		name:  "the first close closes every month before, at what they come to together",
		given: untilAllocated, on: "2019-01-04",
		when: ClosePeriod{Period: m09},
		then: closedWith(m09, standingAt(Limit, -pounds(1000)), standingAt(Unallocated, pounds(200)), standingAt(Allocated, pounds(800))),
	},
	{
		name:  "a close counts what is dated up to the end of its period, and not what came after",
		given: untilAllocated, on: "2019-01-04",
		when: ClosePeriod{Period: m08},
		then: closedWith(m08, standingAt(Limit, -pounds(1000)), standingAt(Unallocated, pounds(1000))),
	},
	{
		name:  "a period cannot be closed on its last day",
		given: untilAllocated, on: "2018-12-31",
		when: ClosePeriod{Period: m09}, rule: RulePeriodOrder,
	},
	{
		name:  "a period can be closed on the day after its last",
		given: untilAllocated, on: "2019-01-01",
		when: ClosePeriod{Period: m09, Soft: true}, then: PeriodClosed{Period: m09, Soft: true},
	},
	{
		name:  "a close names its period",
		given: untilAllocated,
		when:  ClosePeriod{}, rule: RuleTextMissing,
	},
	{
		name:  "no month is passed over",
		given: more(untilAllocated, closing(300, "2019-03-01", m08)),
		when:  ClosePeriod{Period: m10}, rule: RulePeriodOrder,
	},
	{
		name:  "closing a period again changes nothing",
		given: more(untilAllocated, closing(300, "2019-03-01", m08, m09)),
		when:  ClosePeriod{Period: m09}, unchanged: true,
	},
	{
		name:  "closing softly what is closed changes nothing",
		given: more(untilAllocated, closing(300, "2019-03-01", m08, m09)),
		when:  ClosePeriod{Period: m08, Soft: true}, unchanged: true,
	},
	{
		name:  "closing softly again changes nothing",
		given: more(untilAllocated, softly(300, "2019-03-01", m09)),
		when:  ClosePeriod{Period: m09, Soft: true}, unchanged: true,
	},
	{
		name:  "a month before one that is softly closed is softly closed with it",
		given: more(untilAllocated, softly(300, "2019-03-01", m09)),
		when:  ClosePeriod{Period: m08, Soft: true}, unchanged: true,
	},
	{
		name:  "what is softly closed is closed for good afterwards",
		given: more(untilAllocated, closing(300, "2019-03-01", m08), softly(310, "2019-03-01", m09)),
		when:  ClosePeriod{Period: m09},
		then:  closedWith(m09, standingAt(Limit, -pounds(1000)), standingAt(Unallocated, pounds(200)), standingAt(Allocated, pounds(800))),
	},
	{
		name:  "M01 follows M12, whether M13 is open or not",
		given: more(untilAllocated, allOf2018), on: "2019-06-03",
		when: ClosePeriod{Period: next02}, rule: RulePeriodOrder,
	},
	{
		name:  "M13 is not closed before M12",
		given: more(untilAllocated, closing(300, "2019-04-08", m11)),
		when:  ClosePeriod{Period: m13}, rule: RulePeriodOrder,
	},
	{
		name:  "M13 is closed when M12 is, and after months of the next year",
		given: more(untilAllocated, allOf2018, closing(310, "2019-06-03", next01, next02)),
		when:  ClosePeriod{Period: m13},
		then:  closedWith(m13, standingAt(Limit, -pounds(1000)), standingAt(Unallocated, pounds(200)), standingAt(Allocated, pounds(800))),
	},
	{
		name:  "M13 is not closed softly",
		given: more(untilAllocated, allOf2018),
		when:  ClosePeriod{Period: m13, Soft: true}, rule: RulePeriodOrder,
	},
	{
		name:  "closing M13 again changes nothing",
		given: more(untilAllocated, allOf2018, closing(310, "2019-04-08", m13)),
		when:  ClosePeriod{Period: m13}, unchanged: true,
	},
	{
		name:  "a first close in a later year closes M13 of the years before with all else",
		given: more(untilAllocated, closing(300, "2019-05-02", next01)),
		when:  ClosePeriod{Period: m13}, unchanged: true,
	},
	{
		name:  "a closed period cannot be named",
		given: more(untilEvidence, closing(300, "2019-01-08", m09)),
		when:  PostAccrual{Period: m09, Reason: "late claims", Lines: []AccrualLine{cost18(pounds(1))}}, rule: RulePeriodClosed,
	},
	{
		name:  "M13 cannot be named before M12 is closed",
		given: more(untilEvidence, closing(300, "2019-04-08", m11)),
		when:  PostAccrual{Period: m13, Reason: "late claims", Lines: []AccrualLine{cost18(pounds(1))}}, rule: RulePeriodClosed,
	},
	{
		name:  "what is named M13 is not dated in the next year",
		given: more(untilEvidence, allOf2018), dated: "2019-04-01",
		when: PostAccrual{Period: m13, Reason: "late claims", Lines: []AccrualLine{cost18(pounds(1))}}, rule: RulePeriodNamed,
	},
	{
		name:  "a date and a named period agree",
		given: untilEvidence, on: "2019-01-08", dated: "2019-01-02",
		when: PostAccrual{Period: m09, Reason: "late claims", Lines: []AccrualLine{cost18(pounds(1))}}, rule: RulePeriodNamed,
	},
	{
		name:  "a period that has not begun cannot be named",
		given: untilEvidence, on: "2019-01-08",
		when: PostAccrual{Period: m11, Reason: "late claims", Lines: []AccrualLine{cost18(pounds(1))}}, rule: RulePeriodNotBegun,
	},
	{
		name:  "a period is reopened by two people",
		given: more(untilAllocated, closing(300, "2019-01-08", m09)),
		when:  reopen(m09), rule: RuleOfficersMissing,
	},
	{
		name:  "a period is reopened once a second person agrees",
		given: more(untilAllocated, closing(300, "2019-01-08", m09), governed, also(700, "2019-01-09", reopen(m09))), as: approver,
		when: Approve{700, digestOf([]Fact{{Event: PeriodReopened(reopen(m09))}}, nil)},
		then: RequestApproved{Request: 700, Digest: digestOf([]Fact{{Event: PeriodReopened(reopen(m09))}}, nil), ApprovedIn: 616, Limit: pounds(5_000)},
	},
	{
		name:  "an officer says why a period is reopened",
		given: more(untilAllocated, closing(300, "2019-01-08", m09)),
		when:  ReopenPeriod{Period: m09}, rule: RuleTextMissing,
	},
	{
		name:  "an officer says which period is reopened",
		given: more(untilAllocated, closing(300, "2019-01-08", m09)),
		when:  ReopenPeriod{Reason: "the bank statement came late"}, rule: RuleTextMissing,
	},
	{
		name:  "only the last closed period is reopened",
		given: more(untilAllocated, closing(300, "2019-02-08", m08, m09)),
		when:  reopen(m08), rule: RulePeriodOrder,
	},
	{
		name:  "reopening the last month that is softly closed leaves those before it softly closed",
		given: more(untilAllocated, softly(300, "2019-03-01", m10), governed, reopened(m10)), as: approver, on: "2019-03-02",
		when: ClosePeriod{Period: m09, Soft: true}, unchanged: true,
	},
	{
		name:  "a period after which one is softly closed is not reopened before it",
		given: more(untilAllocated, closing(300, "2019-02-08", m08), softly(310, "2019-02-08", m09)),
		when:  reopen(m08), rule: RulePeriodOrder,
	},
	{
		name:  "reopening what is open changes nothing",
		given: more(untilAllocated, closing(300, "2019-02-08", m08)),
		when:  reopen(m09), unchanged: true,
	},
	{
		name:  "reopening M13 while it is open changes nothing",
		given: more(untilAllocated, allOf2018),
		when:  reopen(m13), unchanged: true,
	},
	{
		name:  "M12 is not reopened before M13",
		given: more(untilAllocated, allOf2018, closing(310, "2019-04-08", m13)),
		when:  reopen(m12), rule: RulePeriodOrder,
	},
	{
		name:  "M13 that was closed with a later first close is not reopened",
		given: more(untilAllocated, closing(300, "2019-05-02", next01)),
		when:  reopen(m13), rule: RulePeriodOrder,
	},
	{
		name:  "M13 is not reopened once that of the next year is closed",
		given: more(untilAllocated, allOf2018, closing(310, "2019-04-08", m13), closing(320, "2020-04-08", monthsOf2019()...)),
		when:  reopen(m13), rule: RulePeriodOrder,
	},
}

// monthsOf2019 are M01 to M13 of 2019/20.
func monthsOf2019() (all []Period) {
	for n := 1; n <= 13; n++ {
		all = append(all, periodIn("2019-20", n))
	}
	return all
}

func TestAPostingLandsInTheEarliestOpenPeriodThatMayTakeIt(t *testing.T) {
	confirm := ConfirmFunding{Fund: nr, Pence: 1, Title: "late letter", Source: letter}
	journal := PostJournal{Reason: "correction"}
	for _, c := range []struct {
		name  string
		given []chapter
		on    Date
		dated Date
		when  Command
		want  Period
	}{
		{"in its own while that is open", nil, "2019-02-08", "2018-11-30", confirm, m08},
		{"of a closed month in the next", []chapter{closing(300, "2019-02-08", m08)}, "2019-02-08", "2018-11-30", confirm, m09},
		{"of a month closed with a later one in the earliest that is open", []chapter{closing(300, "2019-02-08", m08)}, "2019-02-08", "2018-06-30", confirm, m09},
		{"of a month before one that is softly closed after it", []chapter{softly(300, "2019-02-08", m09)}, "2019-02-08", "2018-11-30", confirm, m10},
		{"of the month end in what is softly closed", []chapter{softly(300, "2019-02-08", m09)}, "2019-02-08", "2018-12-31", journal, m09},
		{"of the month end not in what is closed", []chapter{closing(300, "2019-02-08", m09)}, "2019-02-08", "2018-12-31", journal, m10},
		{"of the old year with M12 closed in M13", []chapter{allOf2018}, "2019-05-02", "2019-03-31", confirm, m13},
		{"of the summer in M13 too, when all its year is closed", []chapter{allOf2018}, "2019-05-02", "2018-08-31", confirm, m13},
		{"of the new year beside M13", []chapter{allOf2018}, "2019-05-02", "2019-04-01", confirm, next01},
		{"of the old year in M13 while M01 of the new is closed", []chapter{allOf2018, closing(310, "2019-05-02", next01)}, "2019-05-02", "2019-03-31", confirm, m13},
		{"of the old year with M13 closed in the new year", []chapter{allOf2018, closing(310, "2019-05-02", m13)}, "2019-05-02", "2019-03-31", confirm, next01},
		{"of the old year with M13 and M01 closed in M02", []chapter{allOf2018, closing(310, "2019-05-02", m13, next01)}, "2019-05-02", "2019-03-31", confirm, next02},
		{"of a year before the first that was ever closed not in its M13", []chapter{closing(300, "2019-05-02", next01)}, "2019-05-02", "2019-03-31", confirm, next02},
		{"of March while M12 is only softly closed in the new year", []chapter{softly(300, "2019-05-02", m12)}, "2019-05-02", "2019-03-31", confirm, next01},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStory(t)
			for _, chapter := range append(slices.Clone(untilFunded), c.given...) {
				chapter(s)
			}
			s.on(c.on)
			effective, got, err := s.ledger.periods.place(c.when, KindOf(c.when), c.dated, DateIn(s.now))
			if err != nil || effective != c.dated || got != c.want {
				t.Errorf("it lands in %s with effect from %s, %v; want %s", got, effective, err, c.want)
			}
		})
	}
}

func TestAReopenedPeriodTakesPostingsAndIsClosedAgain(t *testing.T) {
	s := newStory(t)
	for _, chapter := range more(untilAllocated, closing(300, "2019-05-02", m11, m12, m13), governed) {
		chapter(s)
	}
	s.as(recorder).approved(approver, reopen(m13), reopen(m12)).as(approver)
	if _, got, err := s.ledger.periods.place(ConfirmFunding{}, KindOf(ConfirmFunding{}), "2019-03-31", DateIn(s.now)); got != m12 || err != nil {
		t.Errorf("what is dated in the reopened M12 lands in %s, %v", got, err)
	}
	s.do(ClosePeriod{Period: m12}, ClosePeriod{Period: m13})
	soft := ClosePeriod{Period: next01, Soft: true}
	s.do(soft).as(recorder).approved(approver, reopen(next01)).as(approver).do(soft)
}

func TestAMonthStaysSoftlyClosedWhenTheOneBeforeItIsClosed(t *testing.T) {
	s := newStory(t)
	for _, chapter := range more(untilAllocated, softly(300, "2019-02-08", m09), closing(310, "2019-02-08", m08)) {
		chapter(s)
	}
	if s.ledger.periods.takes(m09, false) || !s.ledger.periods.takes(m09, true) {
		t.Error("M09 is no longer softly closed")
	}
}

// heldInNovember has the recorder ask for an allocation dated in M08, as event 700.
func heldInNovember(s *story) {
	for _, chapter := range more(untilFunded, governed) {
		chapter(s)
	}
	s.on("2018-12-03").dated("2018-11-20", AllocateFund{Fund: nr, Decision: Decision{Body: "Executive Committee", Date: "2018-11-13", Paper: "18/60"},
		Lines: []Line{line(valley, north, leadership, pounds(400))}})
}

func TestARequestThatWaitsWhileItsPeriodIsClosedHasToBeLookedAtAgain(t *testing.T) {
	s := newStory(t)
	heldInNovember(s)
	held := s.log[len(s.log)-1].Event.(RequestHeld)
	s.as(approver).do(ClosePeriod{Period: m08})
	warnings := s.log[len(s.log)-1].Event.(PeriodClosed).Warnings
	if len(warnings) != 1 || !strings.Contains(warnings[0], "request 700") || !strings.Contains(warnings[0], string(m08)) {
		t.Errorf("the close warns of %q, not of request 700 in M08", warnings)
	}
	_, err := s.decide(Approve{700, held.Digest}, "")
	refusal := refusalOf(err)
	if refusal == nil || refusal.Rule != RuleRequestChanged || !strings.Contains(refusal.Reason, string(m09)) {
		t.Fatalf("approving what was shown before the close: %v, not %s naming M09", err, RuleRequestChanged)
	}
	s.do(Approve{700, regexp.MustCompile(`[0-9a-f]{64}`).FindString(refusal.Remedy)})
	last := s.log[len(s.log)-1]
	if last.Period != m09 || last.Effective != "2018-11-20" || EventKindOf(last.Event).Name != "FundAllocated" {
		t.Errorf("approved anew, %s of %s lands in %s", EventKindOf(last.Event).Name, last.Effective, last.Period)
	}
}

func TestACloseWarnsOfWhatWaitsInItAndOfNothingElse(t *testing.T) {
	s := newStory(t)
	heldInNovember(s)
	warned := func(c ClosePeriod) int {
		facts, err := s.as(approver).decide(c, "")
		if err != nil {
			t.Fatal(err)
		}
		return len(firstEvent(facts).(PeriodClosed).Warnings)
	}
	for _, c := range []struct {
		close ClosePeriod
		want  int
	}{{ClosePeriod{Period: m07}, 0}, {ClosePeriod{Period: m08}, 1}, {ClosePeriod{Period: m08, Soft: true}, 1}} {
		if got := warned(c.close); got != c.want {
			t.Errorf("%+v warns of %d requests, want %d", c.close, got, c.want)
		}
	}
	s.do(Refuse{700, "the plan is not agreed"}).as(recorder)
	s.dated("2018-11-20", PostJournal{Reason: "correction", Lines: []JournalLine{
		{Account: Allocated, Fund: nr, Debit: 1}, {Account: Unallocated, Fund: nr, Credit: 1},
	}})
	if got := warned(ClosePeriod{Period: m08, Soft: true}); got != 0 {
		t.Errorf("a soft close warns of %d journals that it still takes", got)
	}
	if got := warned(ClosePeriod{Period: m08}); got != 1 {
		t.Errorf("a close warns of %d waiting journals, want 1", got)
	}
}

// tampered tells a close of M09, changes what is recorded, and folds it anew.
func tampered(t *testing.T, change func(log []Recorded) []Recorded) error {
	s := newStory(t)
	for _, chapter := range more(untilAllocated, closing(300, "2019-01-08", m08, m09)) {
		chapter(s)
	}
	return fold(change(slices.Clone(s.log))).Fault()
}

func TestWhatDoesNotBearOutACloseIsAFault(t *testing.T) {
	change := func(kind string, how func(r *Recorded)) func([]Recorded) []Recorded {
		return func(log []Recorded) []Recorded {
			for i := range log {
				if EventKindOf(log[i].Event).Name == kind {
					how(&log[i])
				}
			}
			return log
		}
	}
	later := func(e Event, in Period) func([]Recorded) []Recorded {
		return func(log []Recorded) []Recorded {
			return append(log, Recorded{Stamp{Number: 302}, Fact{Event: e, Effective: "2018-12-31", Period: in}})
		}
	}
	confirmed := FundingConfirmed{Fund: nr, For: "2018-19", Pence: 1, Title: "late letter", Source: letter}
	for _, c := range []struct {
		name   string
		change func([]Recorded) []Recorded
		want   string // in the fault; none if there is none
	}{
		{"nothing was changed", func(log []Recorded) []Recorded { return log }, ""},
		{"a later posting in an open period", later(confirmed, m10), ""},
		{"a posting in a closed period", later(confirmed, m09), "event 302 posts in period 2018-19/M09"},
		{"an accrual that reverses in a closed period", later(AccrualPosted{Reason: "late", Reverses: "2018-12-01", Lines: []AccruedLine{{
			Fund: nr, Bucket: bucket(valley, north, leadership), Pence: 1, Draws: []Draw{{Account: Unallocated, Bucket: Bucket{For: "2018-19"}, Pence: 1}},
		}}}, m10), "event 302 posts in period 2018-19/M09"},
		{"another amount", change("FundingConfirmed", func(r *Recorded) {
			e := r.Event.(FundingConfirmed)
			e.Pence++
			r.Event = e
		}), "period 2018-19/M08 was closed with the trial balance"},
		{"another period", change("FundingConfirmed", func(r *Recorded) { r.Period = m10 }), "period 2018-19/M08 was closed with the trial balance"},
		{"another hash", change("PeriodClosed", func(r *Recorded) {
			e := r.Event.(PeriodClosed)
			e.Hash = strings.Repeat("0", 64)
			r.Event = e
		}), "period 2018-19/M08 was closed with the trial balance 000"},
		{"another trial balance beside the same hash", change("PeriodClosed", func(r *Recorded) {
			e := r.Event.(PeriodClosed)
			e.TrialBalance = append(slices.Clone(e.TrialBalance), standingAt(Lapsed, 1))
			r.Event = e
		}), "is not the one that its hash"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := tampered(t, c.change)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("the fault is %v, want %q", err, c.want)
			}
		})
	}
}

func TestATrialBalanceIsHashedLineByLine(t *testing.T) {
	lines := []TrialLine{standingAt(Limit, -100), standingAt(Unallocated, 100)}
	// printf '2018-19/M08\nNR-PCN-2018\tlimit\t-100\nNR-PCN-2018\tunallocated\t100\n' | sha256sum
	if got, want := HashTrialBalance(m08, lines), "c3ef8e5e127694850c346544e86594925828b09bc90ccc630503dadd6a8c8664"; got != want {
		t.Errorf("the hash is %s, want %s", got, want)
	}
}

func TestPeriodsAreReadAndCounted(t *testing.T) {
	for text, want := range map[string][]any{
		"2018-19/M01": {Date("2018-04-01"), Date("2018-04-30"), Period("2018-19/M02"), Period("2017-18/M12")},
		"2018-19/M12": {Date("2019-03-01"), Date("2019-03-31"), m13, m11},
		"2018-19/M13": {Date("2019-03-01"), Date("2019-03-31"), next01, m11},
	} {
		var p Period
		if err := p.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, []any{p.First(), p.Last(), p.next(), p.before()}); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
	for _, text := range []string{"2018-19", "2018-19/M00", "2018-19/M14", "2018-20/M01", "M01"} {
		if err := new(Period).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is taken for a period", text)
		}
	}
}
