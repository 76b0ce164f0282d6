package domain

import (
	"math/big"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// This file attacks the rules of changes that reach back: what was right must stay paid once, to the right body, and nothing
// may lead to where a network can be paid no more. Lists and figures are made up, and worked out by hand.

const caip FundCode = "CAIP"

// declared24 begins 2024/25 with a fund for what is paid once, and has South declare a third of CAIP in June 2024:
// 23,456 × £1.392 × 1/3 = £10,883.58 (.584).
func declared24(s *story) {
	terms := s.ledger.funds[desFund].Terms
	terms.Fund, terms.Categories = caip, []Category{"capacity and access improvement"}
	s.on("2024-06-03").do(OpenFund{terms}, ConfirmFunding{Fund: caip, Pence: pounds(100_000), Title: "allocation", Source: letter},
		AllocateFund{Fund: caip, Decision: paper, Lines: []Line{{Bucket: Bucket{Beneficiary: south}, Pence: pounds(100_000)}}},
		declares("2024-06-03", "1/3"))
}

func declares(from Date, share Quantity) RecordQuantity {
	return RecordQuantity{Measure: parts, From: from, Source: Source{Title: "declaration"}, Lines: []QuantityLine{{Body: south, Quantity: share}}}
}

func (s *story) runOnce(through Service) error {
	s.t.Helper()
	facts, err := s.decide(RunEntitlement{Fund: caip, Rate: "CAIP", Through: through}, "")
	s.apply(facts)
	return err
}

// TestPaidOnceStaysPaidBack: what is paid once, and was withdrawn and paid back, is not raised again by a run through a month
// before the withdrawal.
func TestPaidOnceStaysPaidBack(t *testing.T) {
	s := told(t, more(underContract("2024-25"), declared24))
	if err := s.runOnce("2024-25/M03"); err != nil {
		t.Fatal(err)
	}
	s.wantStanding("2024-25", "CAIP", south, 0, 0, 10_883_58)
	s.on("2024-09-02").do(declares("2024-08-05", "0"), AdjustEntitlement{Fund: caip, Rate: "CAIP", Through: "2024-25/M05", Reason: "withdrawn"})
	s.wantStanding("2024-25", "CAIP", south, 0, 0, 0)
	for _, through := range []Service{"2024-25/M03", "2024-25/M04", "2024-25/M05"} {
		if err := s.runOnce(through); err != ErrUnchanged {
			t.Errorf("a run through %s: %v, and %v is raised", through, err, s.log[len(s.log)-1].Event)
		}
	}
	s.wantExplained()
	s.wantBooks()
}

// TestDeclaredLessAndMore: a declaration that falls and rises is paid to what stands in the end, in whatever order it is run.
func TestDeclaredLessAndMore(t *testing.T) {
	s := told(t, more(underContract("2024-25"), declared24))
	s.on("2024-12-02").do(declares("2024-11-04", "2/3"), RunEntitlement{Fund: caip, Rate: "CAIP", Through: "2024-25/M08"})
	s.do(declares("2024-10-07", "1/2"))
	for _, c := range []Command{
		AdjustEntitlement{Fund: caip, Rate: "CAIP", Through: "2024-25/M04", Reason: "late"}, RunEntitlement{Fund: caip, Rate: "CAIP", Through: "2024-25/M03"},
		AdjustEntitlement{Fund: caip, Rate: "CAIP", Through: "2024-25/M09", Reason: "late"}, RunEntitlement{Fund: caip, Rate: "CAIP", Through: "2024-25/M09"},
		RunEntitlement{Fund: caip, Rate: "CAIP", Through: "2024-25/M05"},
	} {
		if facts, err := s.decide(c, ""); err == nil {
			s.apply(facts)
		} else if err != ErrUnchanged {
			t.Fatal(err)
		}
	}
	if _, sum := s.standing("2024-25", "CAIP", south, 12); sum != 21_767_17 { // 2/3: .168
		t.Errorf("South stands at %s", sum)
	}
	s.wantExplained()
	s.wantBooks()
}

// TestPaidOnceInAnyOrder: whatever was declared from when, and run and adjusted through which months, what is paid once comes to
// what stands in the last month, and once that is settled no run through any month raises more.
func TestPaidOnceInAnyOrder(t *testing.T) {
	reached := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		s := told(t, more(underContract("2024-25"), declared24))
		s.do(RunEntitlement{Fund: caip, Rate: "CAIP", Through: "2024-25/M03"}).on("2025-03-20")
		ask := func(c Command) bool {
			facts, err := s.decide(c, "")
			if refusal := refusalOf(err); err != nil && err != ErrUnchanged && (refusal == nil || refusal.Rule != RuleEntitlementFell) {
				t.Fatal(err)
			}
			s.apply(facts)
			return err == nil
		}
		through := func(label string) Service { return monthOfYear("2024-25", rapid.IntRange(1, 12).Draw(t, label)) }
		for range rapid.IntRange(3, 10).Draw(t, "steps") {
			switch rapid.IntRange(0, 2).Draw(t, "step") {
			case 0:
				share := rapid.SampledFrom([]Quantity{"0", "1/3", "1/2", "2/3", "1"}).Draw(t, "share")
				ask(declares(through("from").First().AddDays(3), share))
			case 1:
				ask(RunEntitlement{Fund: caip, Rate: "CAIP", Through: through("run")})
			case 2:
				reached[ask(AdjustEntitlement{Fund: caip, Rate: "CAIP", Through: through("adjusted"), Reason: "declared late"})]++
			}
		}
		ask(AdjustEntitlement{Fund: caip, Rate: "CAIP", Through: "2024-25/M12", Reason: "declared late"})
		ask(RunEntitlement{Fund: caip, Rate: "CAIP", Through: "2024-25/M12"})
		stands, _ := s.ledger.quantityOn(parts, south, "2025-03-31")
		want := Pence(halfUp(new(big.Rat).Mul(big.NewRat(23_456*1392, 10), stands.line.product())))
		if _, sum := s.standing("2024-25", "CAIP", south, 12); sum != want {
			t.Fatalf("South stands at %s, want %s", sum, want)
		}
		if ask(RunEntitlement{Fund: caip, Rate: "CAIP", Through: through("again")}) {
			t.Fatalf("more was raised: %v", s.log[len(s.log)-1].Event)
		}
		s.wantExplained()
		s.wantBooks()
	})
	if reached[true] == 0 {
		t.Error("no adjustment was made")
	}
}

// wantExplained requires that every amount of the story is worked out to what was posted.
func (s *story) wantExplained() {
	s.t.Helper()
	w := new(Workings)
	for _, r := range s.log {
		if fault := w.explains(r); fault != "" {
			s.t.Errorf("%s", fault)
		}
		w.Apply(r)
	}
}

// TestRaisedInTwoFunds: what two funds raised for a month together is paid back out of each, and the network can be run again.
func TestRaisedInTwoFunds(t *testing.T) {
	s := told(t, more(untilJuly, hardCore, correctedList(50_080), also(246, "2019-08-15",
		AdjustEntitlement{Fund: hard, Rate: "CORE_PCN", Through: month(4), Reason: "the list of Hill was corrected"}), also(250, "2019-08-16", enrol(south, Member{hill, "2018-04-01", "2018-04-30"}))))
	for _, fund := range []FundCode{hard, core} {
		s.do(AdjustEntitlement{Fund: fund, Rate: "CORE_PCN", Through: month(4), Networks: []Body{south}, Reason: "Hill was in no network"})
	}
	if _, sum := s.standing("2019-20", "CORE_PCN", south, 4); sum != 0 {
		t.Errorf("South stands at %s", sum)
	}
	s.wantExplained()
	s.wantBooks()
}

// TestPracticeThatMoved: a practice that is paid itself, and moved to another network from an earlier day than was known, is
// adjusted for its own months whichever network they were raised for.
func TestPracticeThatMoved(t *testing.T) {
	s := told(t, more(untilFunded19, also(240, "2019-07-15", run(core, "NPP", "2019-20/M04")), weightedFord,
		also(246, "2019-07-21", enrol(north, Member{ford, "2018-04-01", "2019-04-30"}), enrol(south, Member{Practice: ford, From: "2019-05-01"}))))
	s.on("2019-08-15").do(AdjustEntitlement{Fund: core, Rate: "NPP", Through: month(4), Reason: "the list of Ford was corrected"})
	// 18,400 × £1.761 = £32,402.40, a twelfth is £2,700.20.
	s.wantStanding("2019-20", "NPP", ford, 2_700_20, 2_700_20, 2_700_20, 2_700_20)
	s.do(run(core, "NPP", month(5)))
	s.wantStanding("2019-20", "NPP", ford, 2_700_20, 2_700_20, 2_700_20, 2_700_20, 2_700_20)
	s.do(enrol(south, Member{ford, "2019-05-01", "2019-06-30"}), AdjustEntitlement{Fund: core, Rate: "NPP", Through: month(5), Reason: "Ford left"})
	s.wantStanding("2019-20", "NPP", ford, 2_700_20, 2_700_20, 2_700_20, 0, 0)
	s.wantExplained()
	s.wantBooks()
}

// TestRevisedThereAndBack: a rate revised and revised back leaves what was raised as it was, whoever was run or adjusted in
// between, and the next month is run like any other.
func TestRevisedThereAndBack(t *testing.T) {
	const year Year = "2024-25"
	revise := func(amount string) ReviseRate {
		return ReviseRate{Year: year, Rate: "ENHANCED_ACCESS", Amount: amount, Document: Source{Title: "a schedule"}, Reason: "issued again"}
	}
	s := told(t, underContract(year))
	s.monthly(year, 1, 5, "ENHANCED_ACCESS")
	before := s.positions()
	s.on("2024-09-16").do(revise("7.975"))
	s.do(AdjustEntitlement{Fund: desFund, Rate: "ENHANCED_ACCESS", Through: monthOfYear(year, 3), Networks: []Body{north}, Reason: "made good"})
	s.do(AdjustEntitlement{Fund: desFund, Rate: "ENHANCED_ACCESS", Through: monthOfYear(year, 5), Networks: []Body{east}, Reason: "made good"},
		RunEntitlement{Fund: desFund, Rate: "ENHANCED_ACCESS", Through: monthOfYear(year, 6), Networks: []Body{east}})
	s.do(revise("7.674"), RunEntitlement{Fund: desFund, Rate: "ENHANCED_ACCESS", Through: monthOfYear(year, 6), Networks: []Body{south}},
		AdjustEntitlement{Fund: desFund, Rate: "ENHANCED_ACCESS", Through: monthOfYear(year, 6), Reason: "back"})
	s.wantExplained()
	after := s.positions()
	for key, pence := range before {
		if after[key] != pence {
			t.Errorf("%s stands at %s, and stood at %s", key, after[key], pence)
		}
	}
	s.do(RunEntitlement{Fund: desFund, Rate: "ENHANCED_ACCESS", Through: monthOfYear(year, 6)})
	for network, want := range map[Body]Pence{north: 197_605_50, south: 90_000_67, east: 38_366_17} { // half of £395,211.00, £180,001.34, £76,732.33
		if _, sum := s.standing(year, "ENHANCED_ACCESS", network, 6); sum != want {
			t.Errorf("%s stands at %s, want %s", network, sum, want)
		}
	}
	s.wantBooks()
}

// TestUpliftOfWhatWasWithheld: what was recovered of a claim by the pence, and not because it cost less, is not paid again by an
// uplift. £66,972 ÷ 12 = £5,581.00 was approved for April, £1,000.00 of it recovered; the new maximum is £5,784.17.
func TestUpliftOfWhatWasWithheld(t *testing.T) {
	withheld := RaiseRecovery{Item: "431.1", Reason: "on secondment for a week", Person: "P-0001", Pence: pounds(1_000)}
	s := told(t, more(untilRevised25, also(445, "2025-09-01", withheld), also(450, "2025-09-30", upliftOf("2025-26/M01", backPay)),
		also(460, "2025-10-10", ApproveClaim{Claim: 450, Fund: arrs25})))
	if paid := s.log[len(s.log)-1].Event.(ClaimApproved).Pence(); paid != 203_17 {
		t.Errorf("the uplift pays %s, want £203.17", paid)
	}
	s.wantExplained()

	// If April then proves to have cost £4,000.00, it is £4,200.00 with the uplift's £200.00: £4,784.17 stands, £584.17 is too much.
	proved := RaiseRecovery{Item: "460.1", Reason: "the payslips", Person: "P-0001", For: "2025-26/M01", Proved: cost(4_200_00)}
	s.do(proved)
	if back := s.log[len(s.log)-1].Event.(RecoveryRaised).Pence; back != 203_17 {
		t.Errorf("%s of the uplift is recovered, want all of it", back)
	}
	s.wantExplained()
	s.wantBooks()
}

// TestUpliftOfAProvedCost: where a cost was proved after something was recovered by the pence, the uplift stands on the cost.
func TestUpliftOfAProvedCost(t *testing.T) {
	recovered := func(proved Costs, pence Pence) RaiseRecovery {
		return RaiseRecovery{Item: "431.1", Reason: "the payslips", Person: "P-0001", Proved: proved, Pence: pence}
	}
	s := told(t, more(untilRevised25, also(445, "2025-09-01", recovered(Costs{}, pounds(1_000)), recovered(cost(4_000_00), 0)),
		also(450, "2025-09-30", upliftOf("2025-26/M01", backPay)), also(460, "2025-10-10", ApproveClaim{Claim: 450, Fund: arrs25})))
	if paid := s.log[len(s.log)-1].Event.(ClaimApproved).Pence(); paid != 200_00 {
		t.Errorf("the uplift pays %s, want £200.00", paid)
	}
	s.wantExplained()
	s.wantBooks()
}

// TestAdjustedInTheThirteenthMonth: once the twelfth month is closed a revision is posted in the thirteenth if it is dated in the
// year, and by today's date in the new year: what is less then lapses.
func TestAdjustedInTheThirteenthMonth(t *testing.T) {
	const year Year = "2024-25"
	revise := func(amount string) ReviseRate {
		return ReviseRate{Year: year, Rate: "ENHANCED_ACCESS", Amount: amount, Document: Source{Title: "a schedule"}, Reason: "issued again"}
	}
	adjust := AdjustEntitlement{Fund: desFund, Rate: "ENHANCED_ACCESS", Through: monthOfYear(year, 12), Reason: "made good"}
	s := told(t, more(underContract(year), governed))
	s.monthly(year, 1, 12, "ENHANCED_ACCESS")
	s.on("2025-04-14").approvedOrNot(revise("7.975"))
	s.as(chief)
	for n := 1; n <= 12; n++ {
		s.do(ClosePeriod{Period: Period(monthOfYear(year, n))})
	}
	s.as(recorder).dated("2025-03-31", adjust)
	held := s.log[len(s.log)-1].Event.(RequestHeld)
	s.as(chief).do(Approve{s.number - 1, held.Digest})
	if r := s.log[len(s.log)-1]; r.Period != "2024-25/M13" || r.Event.(EntitlementAdjusted).changes()[north] != 15_501_50 { // 51,500 × £0.301
		t.Errorf("it is posted in %s: %v", r.Period, r.Event)
	}
	s.as(recorder).approvedOrNot(revise("7.674"))
	s.approvedOrNot(adjust)
	r := s.log[len(s.log)-1]
	e := r.Event.(EntitlementAdjusted)
	if r.Period != "2025-26/M01" || e.changes()[north] != -15_501_50 {
		t.Errorf("it is posted in %s: %v", r.Period, e)
	}
	for _, line := range e.Lines {
		for _, part := range line.Parts {
			if part.Draws[0].Account != Lapsed {
				t.Errorf("%s of %s goes back to %s", part.Pence, line.Beneficiary, part.Draws[0].Account)
			}
		}
	}
	s.wantExplained()
	s.wantBooks()
}

// TestMaximumRevisedDown: where a maximum falls after months were paid, a person can still leave or change once the difference is
// recovered, and nothing is paid again.
func TestMaximumRevisedDown(t *testing.T) {
	s := told(t, more(untilClaimed25, also(440, "2025-08-11", ReviseRate{Year: "2025-26", Rate: "ARRS_CP", Amount: "60000", Document: Source{Title: "a schedule"}, Reason: "misprinted"})))
	leaves := EndRole{Person: "P-0001", To: "2025-07-31", Reason: "left"}
	s.wantRefused(leaves, RuleRoleClaimed)
	s.on("2025-09-30").do(RaiseRecovery{Item: "437.1", Reason: "the maximum was misprinted", Person: "P-0001", Pence: 581_00}, leaves)
	s.do(upliftOf("2025-26/M04", backPay))
	s.do(ApproveClaim{Claim: s.number - 1, Fund: arrs25})
	if paid := s.log[len(s.log)-1].Event.(ClaimApproved).Pence(); paid != 0 {
		t.Errorf("an uplift without a higher maximum pays %s", paid)
	}
	s.wantExplained()
	s.wantBooks()
}

// TestUpliftOfChangingHours: whenever hours or role changed within the months, and whatever was recovered of the claims, an uplift
// brings what is paid of each post to the lesser of its whole cost and the maximum of today, and pays no recovery again.
func TestUpliftOfChangingHours(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := told(t, more(sumOfYear("2025-26", "2025-01-01"), engaged25))
		hours := []Hours{"8", "12.5", "18.75", "30", "37.5", "40"}
		day := Date("2025-04-02")
		for n := range rapid.IntRange(0, 3).Draw(t, "changes") {
			day = day.AddDays(rapid.IntRange(1, 35).Draw(t, "days"))
			post := Post{Hours: rapid.SampledFrom(hours).Draw(t, "hours")}
			if facts, err := s.decide(ChangeRole{Person: "P-0001", From: day, Post: post, Source: letter}, ""); err == nil {
				s.apply(facts)
			} else if err != ErrUnchanged {
				t.Fatal(n, err)
			}
		}
		claimed25(s)
		withheld, costs := map[Service]Pence{}, map[Service]Pence{}
		for i, month := range aprilToJuly {
			post := claimedPost{"P-0001", north, "ARRS_CP", month}
			costs[month] = 5_600_00
			recovery := RaiseRecovery{Item: itemID(431+2*int64(i), 1), Reason: "the payslips", Person: "P-0001"}
			switch paid := s.ledger.paidFor(post); rapid.IntRange(0, 2).Draw(t, "recovered") {
			case 1:
				withheld[month] = Pence(rapid.Int64Range(1, int64(paid)-1).Draw(t, "withheld"))
				recovery.Pence = withheld[month]
				s.do(recovery)
			case 2:
				recovery.Proved, costs[month] = cost(paid-1_00), paid-1_00
				s.do(recovery)
			}
		}
		revised25(s)
		s.on("2025-09-30").do(uplift(aprilToJuly...))
		s.do(ApproveClaim{Claim: s.number - 1, Fund: arrs25})
		for _, month := range aprilToJuly {
			post := claimedPost{"P-0001", north, "ARRS_CP", month}
			most, err := s.ledger.maximumOf(post.person, post.network, post.role, month)
			if err != nil {
				t.Fatal(err)
			}
			if paid, want := s.ledger.paidFor(post), min(costs[month]+200_00, most)-withheld[month]; paid != want {
				t.Fatalf("%s of %s is paid, want %s", paid, month, want)
			}
		}
		s.wantExplained()
		s.wantBooks()
	})
}

var auditRows = []row{
	{
		name: "adjustments that are split by network count together, so that no limit is got under",
		given: more(untilJuly, governed, haveAppointed(650, "2019-07-16", appoint("recorder-3", RoleRecorder, "senior manager band 8", pounds(50))),
			doneBy(700, "2019-07-20", "recorder-3", RecordListSizes{Population: PopulationRegistered, At: "2019-01-01", Corrects: 200, Source: Source{Title: "corrected lists"}, Lines: []ListLine{
				{Practice: wood, Patients: 30_080}, {Practice: hill, Patients: 50_080}}}, adjust(4, south))),
		as: "recorder-3", on: "2019-08-15", when: adjust(4, east), approvedBy: chief,
	},
	{
		name:  "beds of a network are not recorded by an officer whose appointment is for another",
		given: more(untilFunded19, governed, haveAppointed(650, "2019-07-16", forNetworks(appoint("recorder-3", RoleRecorder, "", 0), north))),
		as:    "recorder-3", on: "2019-08-15",
		when: RecordQuantity{Measure: "care home beds", From: "2019-07-01", Source: Source{Title: "CQC directory"}, Lines: []QuantityLine{{Body: south, Quantity: "40"}}},
		rule: RuleScope,
	},
	{
		name:  "beds of a network are not recorded by an officer who is excluded from it",
		given: more(untilFunded19, governed, also(700, "2019-07-16", DeclareInterest{Interest{Officer: recorder, Body: south, Nature: "partner", Outcome: OutcomeExcluded, From: "2019-04-01", Decision: paper}})),
		as:    recorder, on: "2019-08-15",
		when: RecordQuantity{Measure: "care home beds", From: "2019-07-01", Source: Source{Title: "CQC directory"}, Lines: []QuantityLine{{Body: south, Quantity: "40"}}},
		rule: RuleInterest,
	},
	{
		name:  "a document without a title is none",
		given: untilRated,
		when:  ReviseRate{Year: "2019-20", Rate: "CORE_PCN", Amount: "9", Document: Source{Title: " "}, Reason: "more"},
		rule:  RuleRateStanding,
	},
}

func forNetworks(c AppointOfficer, networks ...Body) AppointOfficer {
	c.Scope.Networks = networks
	return c
}

func TestAudit(t *testing.T) { tell(t, auditRows) }

// TestGroundsOfACutHistory: grounds say what is known of facts whose beginning is not.
func TestGroundsOfACutHistory(t *testing.T) {
	var g Grounds
	for _, e := range []Event{
		BodySucceeded{Body: north, Date: "2019-07-01", Successors: []Successor{{south, 1, 1}}},
		RoleChanged{Person: "P-0001", Network: south, Role: "ARRS_CP", From: "2019-10-01", Post: Post{Hours: "30"}},
		RoleEnded{Person: "P-0002", To: "2019-10-31"},
	} {
		if !g.Apply(Recorded{Stamp{Number: 7}, Fact{Event: e}}) {
			t.Errorf("%T says nothing", e)
		}
	}
	want := []engagement{{network: south, role: "ARRS_CP", from: "2019-10-01", Post: Post{Hours: "30"}}}
	if got := g.roles["P-0001"]; !slices.Equal(got, want) || len(g.roles["P-0002"]) > 0 {
		t.Errorf("the roles are %v", cmp.Diff(want, got))
	}
}
