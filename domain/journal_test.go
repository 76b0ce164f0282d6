package domain

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestJournal(t *testing.T) { tell(t, journalRows) }

func debit(a Account, fund FundCode, b Bucket, pence Pence) JournalLine {
	return JournalLine{Account: a, Fund: fund, Bucket: b, Debit: pence}
}

func credit(a Account, fund FundCode, b Bucket, pence Pence) JournalLine {
	return JournalLine{Account: a, Fund: fund, Bucket: b, Credit: pence}
}

func journal(lines ...JournalLine) PostJournal {
	return PostJournal{Reason: "spend recorded under the wrong category", Lines: lines}
}

// recategorised moves spend of Valley for North from leadership to access.
func recategorised(fund FundCode, pence Pence) PostJournal {
	from, to := bucket(valley, north, leadership), bucket(valley, north, access)
	return journal(debit(Expenditure, fund, to, pence), credit(Expenditure, fund, from, pence), debit(Charged, fund, to, pence), credit(Charged, fund, from, pence))
}

// paidDirectly charges what was paid for Valley and North outside the ledger.
func paidDirectly(fund FundCode, pence Pence) PostJournal {
	b := bucket(valley, north, leadership)
	return journal(debit(Expenditure, fund, b, pence), credit(Clearing, fund, Bucket{}, pence), debit(Charged, fund, b, pence), credit(Allocated, fund, b, pence))
}

// spent80 records £80 of spend of Valley for North in both funds on evidence, as events 220 and 221.
var spent80 = also(220, "2019-01-15", spend(ev, valley, north, leadership, pounds(80)), spend(evWarn, valley, north, leadership, pounds(80)))

// asks appoints officers and has the recorder ask for a command, as event 700, on 15 January 2019.
func asks(c Command) chapter {
	return func(s *story) {
		governed(s)
		also(700, "2019-01-15", c)(s)
	}
}

// approvalOf approves event 700, if it would cause e on 15 January 2019.
func approvalOf(e Event) Approve {
	facts := []Fact{{Event: e, Effective: "2019-01-15", Period: m10}}
	return Approve{700, digestOf(facts, effectOf(facts, 700))}
}

var journalRows = []row{
	{
		name:  "spend is moved to the right category once a second person agrees",
		given: more(untilEvidence, spent80, asks(recategorised(ev, pounds(30)))), as: approver,
		when: approvalOf(JournalPosted{Reason: recategorised(ev, pounds(30)).Reason, Lines: recategorised(ev, pounds(30)).Lines}), fund: ev,
		then: RequestApproved{
			Request: 700, Digest: approvalOf(JournalPosted{Reason: recategorised(ev, pounds(30)).Reason, Lines: recategorised(ev, pounds(30)).Lines}).Digest,
			ApprovedIn: 616, Limit: pounds(5_000), Judged: []FundPence{{ev, pounds(30)}},
		},
		totals: "expenditure £80.00, payables -£80.00, limit -£500.00, unallocated £400.00, allocated £20.00, charged £80.00",
	},
	{
		name:  "what was paid outside the ledger is charged to what was allocated for it",
		given: more(untilEvidence, asks(paidDirectly(ev, pounds(100)))), as: approver,
		when: approvalOf(JournalPosted{Reason: paidDirectly(ev, pounds(100)).Reason, Lines: paidDirectly(ev, pounds(100)).Lines}), fund: ev,
		then: RequestApproved{
			Request: 700, Digest: approvalOf(JournalPosted{Reason: paidDirectly(ev, pounds(100)).Reason, Lines: paidDirectly(ev, pounds(100)).Lines}).Digest,
			ApprovedIn: 616, Limit: pounds(5_000), Judged: []FundPence{{ev, pounds(100)}},
		},
		totals: "expenditure £100.00, clearing -£100.00, limit -£500.00, unallocated £400.00, charged £100.00",
	},
	{
		name:  "a journal needs two people",
		given: more(untilEvidence, spent80),
		when:  recategorised(ev, pounds(30)), rule: RuleOfficersMissing,
	},
	{
		name:  "a journal says why",
		given: untilEvidence,
		when:  PostJournal{Lines: paidDirectly(ev, 1).Lines}, rule: RuleTextMissing,
	},
	{
		name:  "a journal has lines",
		given: untilEvidence,
		when:  journal(), rule: RuleLinesMissing,
	},
	{
		name:  "a journal that moves nothing changes nothing",
		given: untilEvidence,
		when:  journal(debit(Clearing, ev, Bucket{}, 5), credit(Clearing, ev, Bucket{}, 5)), unchanged: true,
	},
	{
		name:  "a journal can name its period, if that is open",
		given: more(untilEvidence, closing(300, "2019-02-08", m09)),
		when:  PostJournal{Period: m09, Reason: "late", Lines: paidDirectly(ev, 1).Lines}, rule: RulePeriodClosed,
	},
	{
		name:  "a journal line has an amount",
		given: untilEvidence,
		when:  journal(debit(Clearing, ev, Bucket{}, 0)), rule: RuleJournalSide,
	},
	{
		name:  "a journal line has a debit or a credit, not both",
		given: untilEvidence,
		when:  journal(JournalLine{Account: Clearing, Fund: ev, Debit: 1, Credit: 1}), rule: RuleJournalSide,
	},
	{
		name:  "a journal does not debit less than nothing",
		given: untilEvidence,
		when:  journal(debit(Clearing, ev, Bucket{}, -1)), rule: RuleAmountPositive,
	},
	{
		name:  "a journal line names its account",
		given: untilEvidence,
		when:  journal(debit("", ev, Bucket{}, 1)), rule: RuleJournalAccount,
	},
	{
		name:  "payables are paid or reversed, not moved by journal",
		given: untilEvidence,
		when:  journal(debit(Payables, ev, bucket(valley, north, ""), 1)), rule: RuleJournalAccount,
	},
	{
		name:  "receivables are raised and received, not moved by journal",
		given: untilEvidence,
		when:  journal(debit(Receivables, ev, bucket(valley, north, ""), 1)), rule: RuleJournalAccount,
	},
	{
		name:  "advances are released and spent, not moved by journal",
		given: untilReleased,
		when:  journal(debit(Advances, nr, bucket(valley, north, leadership), 1)), rule: RuleJournalAccount,
	},
	{
		name:  "what is released is charged or called back, not moved by journal",
		given: untilReleased,
		when:  journal(debit(Released, nr, bucket(valley, north, leadership), 1)), rule: RuleJournalAccount,
	},
	{
		name:  "what is in transit is settled or fails, and is not moved by journal",
		given: untilEvidence,
		when:  journal(debit(InTransit, ev, Bucket{}, 1)), rule: RuleJournalAccount,
	},
	{
		name:  "a limit rises when funding is confirmed, not by journal",
		given: untilEvidence,
		when:  journal(debit(Limit, ev, Bucket{}, 1)), rule: RuleJournalAccount,
	},
	{
		name:  "nothing is set aside by journal in a closed fund",
		given: more(untilEvidence, also(220, "2019-04-02", closeFund(ev))),
		when:  journal(debit(Allocated, ev, bucket("", north, ""), 1), credit(Lapsed, ev, bucket("", north, ""), 1)), rule: RuleJournalAccount,
	},
	{
		name:  "a journal is of a fund that there is",
		given: untilEvidence,
		when:  journal(debit(Clearing, "NONE", Bucket{}, 1)), rule: RuleFundUnknown,
	},
	{
		name:  "clearing keeps no payee",
		given: untilEvidence,
		when:  journal(debit(Clearing, ev, Bucket{Payee: valley}, 1)), rule: RuleJournalDimension,
	},
	{
		name:  "lapsed keeps no category",
		given: untilEvidence,
		when:  journal(debit(Lapsed, ev, bucket("", north, leadership), 1)), rule: RuleJournalDimension,
	},
	{
		name:  "unallocated keeps no beneficiary",
		given: untilEvidence,
		when:  journal(debit(Unallocated, ev, bucket("", north, ""), 1)), rule: RuleJournalDimension,
	},
	{
		name:  "clearing keeps no time of service",
		given: untilEvidence,
		when:  journal(debit(Clearing, ev, Bucket{For: "2018-19"}, 1)), rule: RuleJournalDimension,
	},
	{
		name:  "unallocated stands under the whole year",
		given: untilEvidence,
		when:  journal(debit(Unallocated, ev, Bucket{For: "2018-19/M09"}, 1)), rule: RuleJournalDimension,
	},
	{
		name:  "expenditure says what it was spent on",
		given: untilEvidence,
		when:  journal(debit(Expenditure, ev, bucket(valley, north, ""), 1)), rule: RuleCategory,
	},
	{
		name:  "a journal names a category of the fund",
		given: untilEvidence,
		when:  journal(debit(Charged, ev, bucket(valley, north, "estates"), 1)), rule: RuleCategory,
	},
	{
		name:  "a journal names a registered payee",
		given: untilEvidence,
		when:  journal(debit(Accruals, ev, bucket("local:Nobody", north, ""), 1)), rule: RuleBodyUnknown,
	},
	{
		name:  "a journal's beneficiary is a network or an area",
		given: untilEvidence,
		when:  journal(debit(Accruals, ev, bucket(valley, trust, ""), 1)), rule: RuleBodyKind,
	},
	{
		name:  "a journal is for a time of service within the fund",
		given: untilEvidence,
		when:  journal(debit(Accruals, ev, Bucket{For: "2019-20"}, 1)), rule: RuleServiceOutside,
	},
	{
		name:  "the financial lines of each fund balance",
		given: untilEvidence,
		when:  journal(debit(Clearing, ev, Bucket{}, 5), credit(Accruals, evWarn, Bucket{}, 5)), rule: RuleJournalBalance,
	},
	{
		name:  "control lines do not balance financial lines",
		given: untilEvidence,
		when:  journal(debit(Clearing, ev, Bucket{}, 5), credit(Unallocated, ev, Bucket{}, 5)), rule: RuleJournalBalance,
	},
	{
		name:  "expenditure does not move without charging the fund",
		given: untilEvidence,
		when:  journal(debit(Expenditure, ev, bucket(valley, north, leadership), 5), credit(Clearing, ev, Bucket{}, 5)), rule: RuleJournalPair,
	},
	{
		name:  "the fund is not charged without expenditure",
		given: untilEvidence,
		when:  journal(debit(Charged, ev, bucket(valley, north, leadership), 5), credit(Unallocated, ev, Bucket{}, 5)), rule: RuleJournalPair,
	},
	{
		name:  "expenditure and what it is charged to name the same month",
		given: untilEvidence,
		when: journal(debit(Expenditure, ev, bucket(valley, north, leadership), 5), credit(Clearing, ev, Bucket{}, 5),
			debit(Charged, ev, Bucket{valley, north, leadership, "2018-19/M09"}, 5), credit(Unallocated, ev, Bucket{}, 5)), rule: RuleJournalPair,
	},
	{
		name:  "a journal takes no more than was allocated",
		given: untilEvidence,
		when:  paidDirectly(ev, pounds(100)+1), rule: RuleJournalOver,
	},
	{
		name:  "a journal takes no more than is unallocated",
		given: untilEvidence,
		when:  journal(debit(Allocated, ev, bucket("", east, ""), pounds(400)+1), credit(Unallocated, ev, Bucket{}, pounds(400)+1)), rule: RuleJournalOver,
	},
	{
		name:  "a journal takes back no more than was charged",
		given: more(untilEvidence, spent80),
		when:  recategorised(ev, pounds(80)+1), rule: RuleJournalOver,
	},
	{
		name:  "a journal does not take what another that waits would",
		given: more(untilEvidence, asks(paidDirectly(ev, pounds(60)))),
		when:  paidDirectly(ev, pounds(41)), rule: RuleJournalOver,
	},
}

// tellAll tells chapters.
func tellAll(t rapid.TB, chapters ...chapter) *story {
	s := newStory(t)
	for _, c := range chapters {
		c(s)
	}
	return s
}

func TestAJournalKeepsItsLinesAndGivesThemTheFundsYear(t *testing.T) {
	s := tellAll(t, more(untilEvidence, spent80, governed)...)
	asked := paidDirectly(ev, pounds(20))
	for i := range asked.Lines {
		asked.Lines[i].For = ""
	}
	asked.Period = m09
	s.on("2019-02-01").approved(approver, asked)
	got := s.log[len(s.log)-1]
	if diff := cmp.Diff(JournalPosted{Reason: asked.Reason, Lines: paidDirectly(ev, pounds(20)).Lines}, got.Event); diff != "" {
		t.Errorf("the journal differs (-want +got):\n%s", diff)
	}
	if got.Period != m09 || got.Effective != "2018-12-31" || got.RaisedBy == "" || got.ApprovedBy == "" {
		t.Errorf("it stands in %s with effect from %s, raised by %q and approved by %q", got.Period, got.Effective, got.RaisedBy, got.ApprovedBy)
	}
}

func TestAJournalThatOverspendsAFundThatOnlyWarnsSaysSo(t *testing.T) {
	s := tellAll(t, more(untilEvidence, governed)...)
	s.on("2019-02-01").approved(approver, paidDirectly(evWarn, pounds(120)))
	want := []string{"fund EV-WARN-2018 has £100.00 allocated to local:Valley for local:North for leadership; the entry takes £120.00"}
	if diff := cmp.Diff(want, WarningsOf(s.log[len(s.log)-1].Event)); diff != "" {
		t.Errorf("the warnings differ (-want +got):\n%s", diff)
	}
}

func TestAJournalCorrectsAClosedFundOutOfWhatLapsed(t *testing.T) {
	s := tellAll(t, more(untilEvidence, also(220, "2019-04-02", closeFund(ev)), governed)...)
	b := bucket(valley, north, leadership)
	s.on("2019-05-02").approved(approver, journal(debit(Expenditure, ev, b, pounds(20)), credit(Clearing, ev, Bucket{}, pounds(20)),
		debit(Charged, ev, b, pounds(20)), credit(Lapsed, ev, bucket("", north, ""), pounds(20))))
	if got, want := s.totals(ev), "expenditure £20.00, clearing -£20.00, limit -£500.00, charged £20.00, lapsed £480.00"; got != want {
		t.Errorf("the fund stands at\n%s\nwant\n%s", got, want)
	}
}

// TestAccrualsAndJournalsKeepEveryFundWhole records random accruals, journals, spend and closes over a small fund that
// covers nothing more and one that only warns, and looks after each event at what a fund always keeps.
func TestAccrualsAndJournalsKeepEveryFundWhole(t *testing.T) {
	done := map[string]int{}
	rapid.Check(t, func(r *rapid.T) {
		s := tellAll(r, more(untilEvidence, governed)...)
		s.on("2019-01-10")
		for _, seed := range rapid.SliceOfN(rapid.Uint64(), 10, 25).Draw(r, "steps") {
			s.manualStep(rand.New(rand.NewPCG(seed, 0)), done)
		}
		if !reflect.DeepEqual(fold(s.log), s.ledger) {
			r.Fatal("a rebuilt ledger is another")
		}
	})
	for _, kind := range []string{"AccrualPosted", "JournalPosted", "SpendRecorded", "PeriodClosed"} {
		if done[kind] < 50 {
			t.Errorf("%s was recorded %d times in all histories, too few to mean anything", kind, done[kind])
		}
	}
}

// manualStep asks for something at random, has it approved if it is held, and checks the funds.
func (s *story) manualStep(dice *rand.Rand, done map[string]int) {
	s.now = s.now.AddDate(0, 0, dice.IntN(9))
	before := s.number
	c := randomManual(dice, PeriodOf(DateIn(s.now)))
	if _, closes := c.(ClosePeriod); closes {
		s.as(approver)
	}
	defer s.as(recorder)
	facts, err := s.decide(c, "")
	if err != nil {
		return
	}
	s.apply(facts)
	if held, is := firstEvent(facts).(RequestHeld); is {
		if facts, err = s.as(chief).decide(Approve{before, held.Digest}, ""); err != nil {
			return
		}
		s.apply(facts)
	}
	for _, r := range s.log[len(s.log)-int(s.number-before):] {
		done[EventKindOf(r.Event).Name]++
		s.checkManual(r)
	}
}

// randomManual is an accrual, a journal, some spend or a close of about a period.
func randomManual(dice *rand.Rand, now Period) Command {
	fund, pence := []FundCode{ev, evWarn}[dice.IntN(2)], Pence(1+dice.Int64N(60_00))
	b := Bucket{[]Body{valley, trust, ""}[dice.IntN(3)], []Body{north, ""}[dice.IntN(2)], []Category{leadership, access}[dice.IntN(2)], "2018-19"}
	if dice.IntN(2) == 0 {
		b = bucket(valley, north, leadership)
	}
	switch dice.IntN(9) {
	case 0, 1, 2:
		return accrue18([]Period{now, now.before(), m13}[dice.IntN(3)], AccrualLine{fund, b, pence}, AccrualLine{ev, bucket(valley, north, leadership), pence / 2})
	case 3:
		return spend(fund, valley, north, b.Category, pence)
	case 4:
		return ClosePeriod{Period: now.before(), Soft: dice.IntN(3) == 0}
	case 5:
		return recategorised(fund, pence)
	case 6:
		return journal(debit(Allocated, fund, b, pence), credit(Unallocated, fund, Bucket{}, pence))
	}
	from := []JournalLine{credit(Allocated, fund, bucket(valley, north, leadership), pence), credit(Unallocated, fund, Bucket{}, pence)}[dice.IntN(2)]
	against := []JournalLine{credit(Clearing, fund, Bucket{}, pence), credit(Accruals, fund, Bucket{b.Payee, b.Beneficiary, "", b.For}, pence)}[dice.IntN(2)]
	return PostJournal{Reason: "correction", Period: []Period{"", now, now.before()}[dice.IntN(3)],
		Lines: []JournalLine{debit(Expenditure, fund, b, pence), against, debit(Charged, fund, b, pence), from}}
}

// checkManual requires of each fund, when each period ends and over all of them, that financial and control accounts
// balance and that charged is expenditure, bucket by bucket; that a fund which covers nothing more is drawn on no further
// than nothing; and that an accrual up to M11 comes to nothing.
func (s *story) checkManual(r Recorded) {
	periods := s.ledger.periods.sums
	for _, through := range append(sortedKeys(periods), "2099-00/M13") {
		sums := map[trialKey]Pence{}
		for _, line := range s.ledger.periods.trialBalance(through) {
			sums[trialKey{line.Fund, line.Account}] = line.Pence
		}
		for _, fund := range []FundCode{ev, evWarn} {
			sum := func(accounts ...Account) (sum Pence) {
				for _, a := range accounts {
					sum += sums[trialKey{fund, a}]
				}
				return sum
			}
			if sum(Expenditure, Payables, Accruals, Clearing) != 0 || sum(Unallocated, Allocated, Charged, Lapsed) != -sum(Limit) || sum(Charged) != sum(Expenditure) {
				s.t.Fatalf("after %T in %s fund %s stands at %v up to %s", r.Event, r.Period, fund, sums, through)
			}
		}
	}
	for code, f := range s.ledger.funds {
		for at, pence := range f.balances {
			if other, charges := f.balances[side{Charged, at.bucket}]; at.account == Expenditure && (!charges || other != pence) {
				s.t.Fatalf("fund %s: expenditure %+v is %s and charged %s", code, at.bucket, pence, other)
			}
			if f.Cover == CoverHard && pence < 0 && (drawable(at.account) || at.account == Charged) {
				s.t.Fatalf("fund %s covers nothing more, and %s %+v is %s", code, at.account, at.bucket, pence)
			}
		}
	}
	if e, is := r.Event.(AccrualPosted); is && (e.Reverses != "") != (r.Period.month() < 12) {
		s.t.Fatalf("an accrual of %s reverses on %q", r.Period, e.Reverses)
	}
}
