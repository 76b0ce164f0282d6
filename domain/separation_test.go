package domain

import "testing"

func TestSeparation(t *testing.T) { tell(t, separationRows) }

// confirmedMore says that a second tranche was confirmed.
func confirmedMore(pence Pence) FundingConfirmed {
	return FundingConfirmed{Fund: nr, Pence: pence, Title: "second tranche", Source: letter, For: "2018-19"}
}

// overLimit is why a confirmation is held.
func overLimit(judged, limit, hand string) string {
	return "ConfirmFunding of " + judged + " in fund NR-PCN-2018 is above the limit of " + hand + ", " + limit
}

const (
	deputy1, deputy2 = "deputy-1", "deputy-2"
	twoRoles         = "both-1" // recorder and approver
)

var (
	// deputised has two recorders who are nothing but deputies of recorder-1, each up to its limit.
	deputised = more(untilGoverned, haveAppointed(650, "2018-11-05",
		appoint(deputy1, RoleRecorder, band8, pounds(500)).deputy(recorder), appoint(deputy2, RoleRecorder, band8, pounds(500)).deputy(recorder)))

	// inTwoRoles has an officer who records up to £500 and approves up to £5,000, and a deputy of hers in both.
	inTwoRoles = more(untilGoverned, haveAppointed(650, "2018-11-05",
		appoint(twoRoles, RoleRecorder, band8, pounds(500)), appoint(twoRoles, RoleApprover, band8, pounds(5_000)),
		appoint(deputy1, RoleRecorder, band8, pounds(500)).deputy(twoRoles), appoint(deputy1, RoleApprover, band8, pounds(5_000)).deputy(twoRoles),
		appoint(deputy2, RoleApprover, band8, pounds(4_000)).deputy(twoRoles)))

	// forNorth has a recorder, a verifier and an approver for North alone.
	forNorth = haveAppointed(650, "2018-11-05",
		appoint("recorder-3", RoleRecorder, band8, pounds(500)).scoped(Scope{Networks: []Body{north}}),
		appoint("approver-2", RoleApprover, band8, pounds(5_000)).scoped(Scope{Networks: []Body{north}}))

	// forNR has a recorder and an approver for the fund NR-PCN-2018 alone, and there is another fund, with money.
	forNR = func(s *story) {
		doneBy(640, "2018-11-05", recorder, OpenFund{terms("NR-TWO-2018")}, ConfirmFunding{Fund: "NR-TWO-2018", Pence: pounds(100), Title: "first tranche", Source: letter})(s)
		haveAppointed(650, "2018-11-05",
			appoint("recorder-3", RoleRecorder, band8, pounds(500)).scoped(Scope{Funds: []FundCode{nr}}),
			appoint("approver-2", RoleApprover, band8, pounds(5_000)).scoped(Scope{Funds: []FundCode{nr}}))(s)
	}

	otherFunds = AllocateFund{Fund: "NR-TWO-2018", Decision: paper, Lines: []Line{line(valley, north, leadership, pounds(50))}}

	// claimedInTwo is claim 710 of North, submitted by an officer in two roles and verified by another.
	claimedInTwo = more(untilEngaged, governed,
		haveAppointed(650, "2019-10-01", appoint(twoRoles, RoleRecorder, band8, pounds(500)), appoint(twoRoles, RoleApprover, band8, pounds(5_000)), appoint(verifier2, RoleApprover, band8, pounds(5_000)),
			appoint(deputy1, RoleApprover, band8, pounds(5_000)).deputy(twoRoles)),
		doneBy(710, "2019-11-04", twoRoles, october()), verifiedBy(712, verifier2, 710), doneBy(715, "2019-11-12", recorder))
)

var separationRows = []row{
	{
		name:  "a ledger without officers takes nothing that needs two people",
		given: more(untilFunded, also(110, "2018-12-03", ClosePeriod{Period: "2018-19/M08"})),
		when:  ReopenPeriod{Period: "2018-19/M08", Reason: "the statement came late"},
		rule:  RuleOfficersMissing,
	},
	{
		name:  "what is within her limit an officer does alone",
		given: untilGoverned, when: confirm(pounds(500)), then: confirmedMore(pounds(500)),
		totals: "limit -£1,500.00, unallocated £1,500.00",
	},
	row{
		name:  "what is above her limit waits for another",
		given: untilGoverned, when: confirm(pounds(500) + 1),
		totals: "limit -£1,000.00, unallocated £1,000.00",
	}.held(overLimit("£500.01", "£500.00", recorder), pounds(500), ofNR(pounds(500)+1)),
	row{
		name:  "an amount that is split counts together with what was recorded before",
		given: more(untilGoverned, doneBy(700, "2018-11-05", recorder, confirm(pounds(300)))), when: confirm(pounds(200) + 1),
	}.held(overLimit("£500.01", "£500.00", recorder), pounds(500), ofNR(pounds(500)+1)),
	row{
		name:  "an amount that is split counts together with what waits",
		given: more(untilGoverned, askedFor(700, "2018-11-05", recorder, confirm(pounds(600)))), when: confirm(pounds(1)),
	}.held(overLimit("£601.00", "£500.00", recorder), pounds(500), ofNR(pounds(601))),
	{
		name:  "another officer's acts do not count against her limit",
		given: more(untilGoverned, doneBy(700, "2018-11-05", recorder, confirm(pounds(500)))), as: recorder2,
		when: confirm(pounds(500)), then: confirmedMore(pounds(500)),
	},
	{
		name:  "another kind of act does not count against a limit",
		given: more(untilSettled, governed, doneBy(700, "2019-01-15", recorder, confirm(pounds(500)))),
		when:  spend(nr, valley, north, leadership, pounds(100)),
		then: SpendRecorded{Fund: nr, Reference: "report of the third quarter", Lines: []DrawnLine{{Bucket: bucket(valley, north, leadership), Pence: pounds(100),
			Draws: []Draw{{Account: Released, Bucket: bucket(valley, north, leadership), Pence: pounds(100)}}}}},
	},
	{
		name:  "another fund does not count against a limit",
		given: more(untilGoverned, doneBy(700, "2018-11-05", recorder, confirm(pounds(500)), OpenFund{terms("NR-TWO-2018")})), fund: "NR-TWO-2018",
		when:   ConfirmFunding{Fund: "NR-TWO-2018", Pence: pounds(500), Title: "first tranche", Source: letter},
		then:   FundingConfirmed{Fund: "NR-TWO-2018", Pence: pounds(500), Title: "first tranche", Source: letter, For: "2018-19"},
		totals: "limit -£500.00, unallocated £500.00",
	},
	{
		name:  "a run of an adopted rate is judged by itself",
		given: more(untilFunded19, governed, haveAppointed(650, "2019-07-15", appoint("recorder-3", RoleRecorder, "other director", pounds(30_000))), doneBy(700, "2019-07-15", "recorder-3", run(core, "CORE_PCN", "2019-20/M04", north))), fund: core,
		when:   run(core, "CORE_PCN", "2019-20/M04", south),
		then:   told(teller{}, more(untilFunded19, doneBy(700, "2019-07-15", "finance", run(core, "CORE_PCN", "2019-20/M04", south)))).log[lastOf(untilFunded19)].Event,
		totals: "expenditure £50,000.50, payables -£50,000.50, limit -£600,000.00, allocated £549,999.50, charged £50,000.50",
	},

	row{
		name:  "a deputy does not double the limit of the officer in whose stead she acts",
		given: more(deputised, doneBy(700, "2018-11-05", recorder, confirm(pounds(300)))), as: deputy1, when: confirm(pounds(200) + 1),
	}.held(overLimit("£500.01", "£500.00", "deputy-1 for recorder-1"), pounds(500), ofNR(pounds(500)+1)),
	row{
		name:  "two deputies of one officer share her limit",
		given: more(deputised, doneBy(700, "2018-11-05", deputy1, confirm(pounds(300)))), as: deputy2, when: confirm(pounds(200) + 1),
	}.held(overLimit("£500.01", "£500.00", "deputy-2 for recorder-1"), pounds(500), ofNR(pounds(500)+1)),
	row{
		name:  "what a deputy did counts for the officer herself",
		given: more(deputised, doneBy(700, "2018-11-05", deputy1, confirm(pounds(300)))), as: recorder, when: confirm(pounds(200) + 1),
	}.held(overLimit("£500.01", "£500.00", recorder), pounds(500), ofNR(pounds(500)+1)),
	row{
		name:  "an officer who used up her own limit does not go on as a deputy",
		given: more(untilGoverned, haveAppointed(650, "2018-11-05", appoint(recorder2, RoleRecorder, band8, pounds(500)).deputy(recorder)), doneBy(700, "2018-11-05", recorder2, confirm(pounds(500)))), as: recorder2,
		when: confirm(1),
	}.held(overLimit("£500.01", "£500.00", recorder2), pounds(500), ofNR(pounds(500)+1)),
	{
		name:  "a deputy does nothing after the other's appointment was ended",
		given: more(deputised, doneBy(700, "2018-11-05", firstAdmin, EndAppointment{recorderIn, "2018-11-05", "left the CCG"})), as: deputy1, on: "2018-11-06",
		when: confirm(1), rule: RuleRole,
	},

	row{
		name:  "an approver may not approve her own request",
		given: more(inTwoRoles, askedFor(700, "2018-12-03", twoRoles, askedForCash)), as: twoRoles, rule: RuleSelfApproval,
	}.approves(700),
	row{
		name: "an approver may not approve her own request, even as a deputy",
		given: more(untilGoverned, haveAppointed(650, "2018-11-05", appoint(recorder, RoleApprover, band8, pounds(5_000)).deputy(approver)),
			askedFor(700, "2018-12-03", recorder, askedForCash)), as: recorder, rule: RuleSelfApproval,
	}.approves(700),
	row{
		name:  "an officer may not approve what her deputy raised in her stead",
		given: more(inTwoRoles, askedFor(700, "2018-12-03", deputy1, askedForCash)), as: twoRoles, rule: RuleSelfApproval,
	}.approves(700),
	row{
		name:  "a deputy may not approve what she raised in another's stead",
		given: more(inTwoRoles, askedFor(700, "2018-12-03", deputy1, askedForCash)), as: deputy1, rule: RuleSelfApproval,
	}.approves(700),
	row{
		name:  "a deputy may not approve in an officer's stead what that officer raised",
		given: more(inTwoRoles, askedFor(700, "2018-12-03", twoRoles, askedForCash)), as: deputy1, rule: RuleSelfApproval,
	}.approves(700),
	row{
		name:  "a deputy may not approve what another deputy raised in the same officer's stead",
		given: more(inTwoRoles, askedFor(700, "2018-12-03", deputy1, askedForCash)), as: deputy2, rule: RuleSelfApproval,
	}.approves(700),
	row{
		name:  "a deputy approves what others raised, up to the lower of the two limits, and it is stored",
		given: more(inTwoRoles, askedFor(700, "2018-12-03", recorder, askedForCash)), as: deputy2,
		totals: "limit -£1,000.00, unallocated £600.00, allocated £400.00",
	}.approves(700).passes(664, pounds(4_000), ofNR(pounds(400))),
	row{
		name:  "an approver may not approve above her limit",
		given: more(untilGoverned, askedFor(700, "2018-12-03", recorder, confirm(pounds(5_000)+1))), as: approver, rule: RuleLimit,
	}.approves(700),
	row{
		name:  "an approver approves up to her limit, and the limit is stored",
		given: more(untilGoverned, askedFor(700, "2018-12-03", recorder, confirm(pounds(5_000)))), as: approver,
		totals: "limit -£6,000.00, unallocated £6,000.00",
	}.approves(700).passes(approverIn, pounds(5_000), ofNR(pounds(5_000))),
	row{
		name:  "of requests that are split the approver's limit counts them all, whichever comes first",
		given: more(untilGoverned, askedFor(700, "2018-12-03", recorder, confirm(pounds(3_000))), askedFor(701, "2018-12-03", recorder, confirm(pounds(3_000)))), as: approver, rule: RuleLimit,
	}.approves(700),
	row{
		name:  "an approver with a higher limit approves requests that are split",
		given: more(untilGoverned, askedFor(700, "2018-12-03", recorder, confirm(pounds(3_000))), askedFor(701, "2018-12-03", recorder, confirm(pounds(3_000)))), as: chief,
	}.approves(700).passes(chiefIn, pounds(1_000_000), ofNR(pounds(6_000))),
	row{
		name:  "who is no approver approves nothing, whatever her limit",
		given: more(untilGoverned, askedFor(700, "2018-12-03", recorder, askedForCash)), as: releaser, rule: RuleRole,
	}.approves(700),

	{
		name:  "who submitted a claim may not approve it",
		given: claimedInTwo, as: twoRoles, when: approve(710), rule: RuleSeparation,
	},
	{
		name:  "who verified a claim may not approve it",
		given: claimedInTwo, as: verifier2, when: approve(710), rule: RuleSeparation,
	},
	{
		name:  "a deputy may not approve a claim that the other submitted",
		given: claimedInTwo, as: deputy1, when: approve(710), rule: RuleSeparation,
	},
	{
		name:  "who submitted a claim may not reject it",
		given: claimedInTwo, as: twoRoles, when: RejectClaim{710, "the payslip is missing"}, rule: RuleSeparation,
	},
	{
		name:  "an approver approves a claim that others submitted and verified",
		given: claimedInTwo, as: approver, when: approve(710), fund: arrs,
		then:   approval(710, "2019-20/M07", "2019-12-12", paidLine("P-0001", 4_500_00, 3_150_00, 3_150_83, 3_150_00)),
		totals: "expenditure £3,150.00, payables -£3,150.00, limit -£161,826.75, allocated £158,676.75, charged £3,150.00",
	},
	row{
		name: "an approver's own approval of a claim above her limit waits for another approver",
		given: more(untilEngaged, governed, haveAppointed(650, "2019-10-01", appoint("approver-2", RoleApprover, band8, pounds(3_000))),
			doneBy(710, "2019-11-04", recorder, october()), verifiedBy(712, verifier, 710)), as: "approver-2", on: "2019-11-12",
		when: approve(710), fund: arrs,
	}.held("ApproveClaim of £3,150.00 in fund ARRS-2019 is above the limit of approver-2, £3,000.00", pounds(3_000), FundPence{arrs, 3_150_00}),
	row{
		name:  "an approver with a higher limit approves it",
		given: claimWaits, as: approver, fund: arrs,
		totals: "expenditure £3,150.00, payables -£3,150.00, limit -£161,826.75, allocated £158,676.75, charged £3,150.00",
	}.approves(720).passes(approverIn, pounds(5_000), FundPence{arrs, 3_150_00}),
	row{
		name:  "an approver who submitted the claim does not approve it for the other",
		given: more(claimedInTwo, haveAppointed(730, "2019-11-12", appoint("approver-2", RoleApprover, band8, pounds(3_000))), askedFor(740, "2019-11-12", "approver-2", approve(710))), as: twoRoles,
		rule: RuleSeparation,
	}.approves(740),
	row{
		name:  "an approver who verified the claim does not approve it for the other",
		given: more(claimedInTwo, haveAppointed(730, "2019-11-12", appoint("approver-2", RoleApprover, band8, pounds(3_000))), askedFor(740, "2019-11-12", "approver-2", approve(710))), as: verifier2,
		rule: RuleSeparation,
	}.approves(740),
	row{
		name:  "an approval that waits is not carried out if who asked for it has verified the claim since",
		given: more(claimWaits, haveAppointed(730, "2019-11-12", appoint("approver-2", RoleVerifier, "", 0)), verifiedBy(740, "approver-2", 710)), as: chief,
		rule: RuleSeparation,
	}.approves(720),

	{
		name:  "an officer for one fund moves no other's money",
		given: more(untilGoverned, forNR), as: "recorder-3", on: "2018-12-03", when: otherFunds, rule: RuleScope,
	},
	{
		name:  "an officer for one fund moves its money",
		given: more(untilGoverned, forNR), as: "recorder-3", when: confirm(pounds(5)), then: confirmedMore(pounds(5)),
	},
	row{
		name:  "an approver for one fund approves for no other",
		given: more(untilGoverned, forNR, askedFor(700, "2018-12-03", recorder, otherFunds)), as: "approver-2", rule: RuleScope,
	}.approves(700),
	{
		name:  "an approver for one fund closes no period: it is that of all funds",
		given: more(untilGoverned, forNR), as: "approver-2", on: "2018-12-03",
		when: ClosePeriod{Period: "2018-19/M08"}, rule: RuleScope,
	},
	{
		name:  "an officer for one network does nothing for another",
		given: more(untilSettled, governed, forNorth), as: "recorder-3", on: "2019-01-15", when: spend(nr, trust, south, leadership, pounds(10)), rule: RuleScope,
	},
	{
		name:  "an officer for one network records what is for it",
		given: more(untilSettled, governed, forNorth), as: "recorder-3", on: "2019-01-15", when: valleysSpend, then: spentByValley,
	},
	{
		name:  "an officer for one network sets nothing aside for any network",
		given: more(untilGoverned, forNorth), as: "recorder-3", on: "2018-12-03", when: allocate(line(valley, "", leadership, pounds(10))), rule: RuleScope,
	},
	{
		name:  "an officer for one network confirms no funding of a whole fund",
		given: more(untilGoverned, forNorth), as: "recorder-3", when: confirm(pounds(10)), rule: RuleScope,
	},
	{
		name: "an approver for one network decides on no other's claim",
		given: more(untilEngaged, governed, haveAppointed(650, "2019-10-01", appoint("approver-2", RoleApprover, band8, pounds(5_000)).scoped(Scope{Networks: []Body{south}})),
			doneBy(710, "2019-11-04", recorder, october())), as: "approver-2",
		when: RejectClaim{710, "the payslip is missing"}, rule: RuleScope,
	},
	{
		name:  "an officer for one command gives no other",
		given: more(untilGoverned, haveAppointed(650, "2018-11-05", appoint("recorder-3", RoleRecorder, band8, pounds(500)).scoped(Scope{Commands: []string{"SetBudget"}}))), as: "recorder-3",
		when: confirm(pounds(10)), rule: RuleScope,
	},
	{
		name:  "a deputy has no wider scope than the officer in whose stead she acts",
		given: more(untilGoverned, forNR, haveAppointed(680, "2018-11-05", appoint(deputy1, RoleRecorder, band8, pounds(500)).deputy("recorder-3"))), as: deputy1, on: "2018-12-03",
		when: otherFunds, rule: RuleScope,
	},
	{
		name:  "a deputy for one fund of an officer for another has nothing in common with her",
		given: more(untilGoverned, forNR, haveAppointed(680, "2018-11-05", appoint(deputy1, RoleRecorder, band8, pounds(500)).deputy("recorder-3").scoped(Scope{Funds: []FundCode{"NR-TWO-2018"}}))), as: deputy1,
		when: confirm(pounds(10)), rule: RuleScope,
	},
}

// lastOf is how many events chapters record.
func lastOf(chapters []chapter) int { return len(told(teller{}, chapters).log) }

// TestTheFixtureHasItsOfficers keeps the chapter of officers, which most tables of control begin with.
func TestTheFixtureHasItsOfficers(t *testing.T) {
	s := told(t, more(untilFunded, governed))
	if got := len(s.ledger.officers.appointments); got != 10 {
		t.Errorf("%d appointments, want 10", got)
	}
	s.on("2018-12-03").do(AllocateFund{Fund: nr, Decision: paper, Lines: []Line{line(valley, north, leadership, pounds(400))}})
	held, ok := s.log[len(s.log)-1].Event.(RequestHeld)
	if !ok {
		t.Fatalf("the allocation was recorded, not held: %T", s.log[len(s.log)-1].Event)
	}
	s.as(approver).do(Approve{s.number - 1, held.Digest})
	if got, want := s.totals(nr), "limit -£1,000.00, unallocated £600.00, allocated £400.00"; got != want {
		t.Errorf("it stands at %s, want %s", got, want)
	}
}
