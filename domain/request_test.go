package domain

import (
	"strings"
	"testing"
)

func TestRequest(t *testing.T) { tell(t, requestRows) }

var (
	// waitsForCash is request 700 of 3 December: £400 for North through Valley. It can be approved until 31 December.
	waitsForCash = more(untilGoverned, askedFor(700, "2018-12-03", recorder, askedForCash))

	// sharedOut asks to share £300 over North and South by the newest list: 15,000 to 20,000.
	sharedOut = allocate(Line{Bucket: Bucket{Payee: valley}, Pence: pounds(300), Share: &Share{Among: []Body{north, south}}})

	// another list changes the shares.
	newList = func() RecordListSizes {
		c := octoberList()
		c.At, c.Source = "2018-11-01", Source{Title: "list sizes at 1 November 2018"}
		c.Lines[0].Patients = 15_000
		return c
	}()

	// settledWaits is request 700: to settle, without a run, £200 of the £250 that item 120.1 is open.
	settledWaits = more(untilReleased, governed, askedFor(700, "2018-12-12", recorder, settle(SettleLine{Item: "120.1", Pence: pounds(200)})))
)

// claimWaits is request 720: the claim of October, £3,150.00, above the limit of an approver of £3,000.
var claimWaits = more(untilEngaged, governed,
	haveAppointed(650, "2019-10-01", appoint("approver-2", RoleApprover, band8, pounds(3_000))),
	doneBy(710, "2019-11-04", recorder, october()), verifiedBy(712, verifier, 710),
	askedFor(720, "2019-11-12", "approver-2", approve(710)))

// verifiedBy records that claims were verified, as the officers who verify them do.
func verifiedBy(n int64, login string, claims ...int64) chapter {
	return func(s *story) {
		s.number = n
		for _, number := range claims {
			stamp := s.as(login).stamp()
			stamp.RaisedBy = login
			s.apply([]Recorded{{stamp, Fact{Event: ClaimVerified{number, "contract and payslip"}}}})
		}
	}
}

// bankruptNorth leaves North £999.85 of its sum, and has two claims: 710, whose approval waits as request 720, and 711.
var bankruptNorth = more(untilEngaged, nearTheSum, governed,
	haveAppointed(650, "2019-12-20", appoint("approver-2", RoleApprover, band8, pounds(500))),
	doneBy(710, "2019-12-20", recorder, claim(north, "2019-20/M09", ClaimLine{Person: "P-0001", Costs: cost(4_500_00)}), claim(north, "2019-20/M09", ClaimLine{Person: "P-0002", Costs: cost(4_500_00)})),
	verifiedBy(712, verifier, 710, 711),
	askedFor(720, "2019-12-20", "approver-2", approve(710)))

var requestRows = []row{
	row{
		name:  "what needs two people is held, with all that its approver has to see",
		given: untilGoverned, on: "2018-12-03",
		when: askedForCash,
		then: RequestHeld{
			Asked: Asked{Command: askedForCash}, Effective: "2018-12-03", Act: "FundAllocated", About: "fund/NR-PCN-2018", RaisedIn: recorderIn, Limit: pounds(500),
			Worth: []FundPence{ofNR(pounds(400))}, Judged: []FundPence{ofNR(pounds(400))}, Why: "AllocateFund needs two people",
			Effect: []EffectLine{
				{Account: Unallocated, Fund: nr, For: "2018-19", Period: "2018-19/M09", Pence: -pounds(400)},
				{Account: Allocated, Fund: nr, Payee: valley, Beneficiary: north, Category: leadership, For: "2018-19", Period: "2018-19/M09", Pence: pounds(400)},
			},
			Takes: []Take{{nr, Unallocated, Bucket{For: "2018-19"}, pounds(400)}}, Expires: "2018-12-31",
		},
		totals: "limit -£1,000.00, unallocated £1,000.00",
	}.digested(),
	row{
		name:  "an approved request is carried out in the same commit",
		given: waitsForCash, as: approver,
		totals: "limit -£1,000.00, unallocated £600.00, allocated £400.00",
	}.approves(700).passes(approverIn, pounds(5_000), ofNR(pounds(400))),
	row{
		name:  "a request can be approved on its last day",
		given: waitsForCash, as: approver, on: "2018-12-31",
		totals: "limit -£1,000.00, unallocated £600.00, allocated £400.00",
	}.approves(700).passes(approverIn, pounds(5_000), ofNR(pounds(400))),
	row{
		name:  "a request cannot be approved after its last day",
		given: waitsForCash, as: approver, on: "2019-01-01",
		rule: RuleRequestExpired,
	}.approves(700),
	{
		name:  "what no officer was ever asked is not approved",
		given: waitsForCash, as: approver,
		when: Approve{Request: 699}, rule: RuleRequestUnknown,
	},
	row{
		name:  "a request is approved once",
		given: more(waitsForCash, agreedBy(700, approver)), as: chief,
		rule: RuleRequestEnded,
	}.approves(700),
	{
		name:  "an approval without the digest of what was shown is refused",
		given: waitsForCash, as: approver,
		when: Approve{Request: 700}, rule: RuleRequestChanged,
	},
	row{
		name:  "a request whose period was closed meanwhile has changed",
		given: more(untilGoverned, askedFor(700, "2018-12-20", recorder, askedForCash), doneBy(710, "2019-01-04", chief, ClosePeriod{Period: "2018-19/M09"})), as: approver,
		rule: RuleRequestChanged,
	}.approves(700),
	row{
		name:  "a request that is shared by another list meanwhile has changed",
		given: more(untilGoverned, askedFor(700, "2018-12-03", recorder, sharedOut), doneBy(710, "2018-12-04", recorder, newList)), as: approver,
		rule: RuleRequestChanged,
	}.approves(700),
	row{
		name:  "a request whose payee is another meanwhile has changed",
		given: more(claimWaits, askedFor(731, "2019-11-13", recorder, nominate(north, trust, "2019-10-01")), agreedBy(731, approver)), as: approver,
		rule: RuleRequestChanged,
	}.approves(720),
	{
		name:  "a request is refused by an approver, with the reason",
		given: waitsForCash, as: approver,
		when: Refuse{700, "the plan is not agreed"}, then: RequestRefused{700, "the plan is not agreed"},
		totals: "limit -£1,000.00, unallocated £1,000.00",
	},
	{
		name:  "a refusal without its reason is refused",
		given: waitsForCash, as: approver, when: Refuse{700, ""}, rule: RuleTextMissing,
	},
	{
		name:  "a request that nobody raised is not refused",
		given: waitsForCash, as: approver, when: Refuse{699, "the plan is not agreed"}, rule: RuleRequestUnknown,
	},
	{
		name:  "an officer who is no approver refuses no request",
		given: waitsForCash, as: recorder2, when: Refuse{700, "the plan is not agreed"}, rule: RuleRole,
	},
	{
		name: "an approver refuses no request of her own: she withdraws it",
		given: more(untilGoverned, haveAppointed(650, "2018-11-05", appoint(approver, RoleRecorder, band8, pounds(500))),
			askedFor(700, "2018-12-03", approver, askedForCash)), as: approver,
		when: Refuse{700, "the plan is not agreed"}, rule: RuleSelfApproval,
	},
	{
		name: "an approver refuses no request outside her scope",
		given: more(waitsForCash, doneBy(710, "2018-12-03", recorder, OpenFund{terms("NR-TWO-2018")}),
			haveAppointed(720, "2018-12-03", newApprover.scoped(Scope{Funds: []FundCode{"NR-TWO-2018"}}))), as: "approver-2",
		when: Refuse{700, "the plan is not agreed"}, rule: RuleScope,
	},
	{
		name:  "a refused request is not approved",
		given: more(waitsForCash, doneBy(710, "2018-12-03", approver, Refuse{700, "the plan is not agreed"})), as: approver,
		when: Approve{Request: 700}, rule: RuleRequestEnded,
	},
	{
		name:  "who raised a request withdraws it",
		given: waitsForCash, as: recorder,
		when: Withdraw{700, "asked for the wrong fund"}, then: RequestWithdrawn{700, "asked for the wrong fund"},
	},
	{
		name:  "a request of another is not withdrawn",
		given: waitsForCash, as: recorder2, when: Withdraw{700, "asked for the wrong fund"}, rule: RuleRequestOther,
	},
	{
		name:  "a withdrawal without its reason is refused",
		given: waitsForCash, when: Withdraw{700, ""}, rule: RuleTextMissing,
	},
	{
		name:  "a withdrawn request is not refused as well",
		given: more(waitsForCash, doneBy(710, "2018-12-03", recorder, Withdraw{700, "asked for the wrong fund"})), as: approver,
		when: Refuse{700, "the plan is not agreed"}, rule: RuleRequestEnded,
	},
	{
		name:  "a request that lapsed is not withdrawn",
		given: waitsForCash, on: "2019-01-01", when: Withdraw{700, "asked for the wrong fund"}, rule: RuleRequestExpired,
	},

	{
		name:  "what a rule forbids is refused, never held",
		given: untilGoverned, on: "2018-12-03",
		when: allocate(line(valley, north, leadership, pounds(1_000)+1)), rule: RuleOverAllocation,
	},
	{
		name:  "what would change nothing is not held",
		given: more(untilAllocated, governed), on: "2018-12-04",
		when: move(bucket(valley, north, leadership), bucket(valley, north, leadership), pounds(5)), unchanged: true,
	},
	{
		name:  "what a waiting request would allocate is not left to allocate",
		given: waitsForCash, as: recorder2,
		when: allocate(line(trust, south, access, pounds(600)+1)), rule: RuleOverAllocation,
	},
	row{
		name:  "what a refused request would have allocated is left to allocate again",
		given: more(waitsForCash, doneBy(710, "2018-12-03", approver, Refuse{700, "the plan is not agreed"})), as: recorder2,
		when: allocate(line(trust, south, access, pounds(1_000))),
	}.held("AllocateFund of £1,000.00 in fund NR-PCN-2018 is above the limit of recorder-2, £500.00", pounds(500), ofNR(pounds(1_000))),
	row{
		name:  "what a withdrawn request would have allocated is left to allocate again",
		given: more(waitsForCash, doneBy(710, "2018-12-03", recorder, Withdraw{700, "asked for the wrong fund"})), as: recorder2,
		when: allocate(line(trust, south, access, pounds(1_000))),
	}.held("AllocateFund of £1,000.00 in fund NR-PCN-2018 is above the limit of recorder-2, £500.00", pounds(500), ofNR(pounds(1_000))),
	row{
		name:  "a request that lapsed holds nothing, and does not count for the officer any more",
		given: waitsForCash, as: recorder, on: "2019-01-01",
		when: allocate(line(trust, south, access, pounds(1_000))),
	}.held("AllocateFund of £1,000.00 in fund NR-PCN-2018 is above the limit of recorder-1, £500.00", pounds(500), ofNR(pounds(1_000))),
	{
		name: "what a waiting release would draw on is not left to release",
		given: more(untilAllocated, governed, adoptedPolicy(AdoptPolicy{ownPolicy()}),
			askedFor(700, "2018-12-10", recorder, ReleaseFunds{Fund: nr, Lines: []Line{line(valley, north, leadership, pounds(300))}})), as: recorder2,
		when: ReleaseFunds{Fund: nr, Lines: []Line{line(valley, north, leadership, pounds(100)+1)}}, rule: RuleReleaseOver,
	},
	{
		name:  "what a waiting payment would settle is not settled twice",
		given: settledWaits, as: recorder2,
		when: settle(SettleLine{Item: "120.1", Pence: pounds(50) + 1}), rule: RuleItemReserved,
	},
	{
		name:  "an item that waiting payments would settle in full is not settled",
		given: more(settledWaits, askedFor(710, "2018-12-12", recorder2, settle(SettleLine{Item: "120.1", Pence: pounds(50)}))), as: recorder2,
		when: settle(SettleLine{Item: "120.1", Pence: 1}), rule: RuleItemReserved,
	},
	{
		name: "what a waiting receipt would settle of an advance called back is not spent",
		given: more(untilCalledBack, governed, haveAppointed(650, "2019-02-04", appoint("recorder-3", RoleRecorder, band8, pounds(1))),
			askedFor(700, "2019-02-05", "recorder-3", RecordReceipt{Reference: "receipt 7", Lines: []SettleLine{{Item: "150.1", Pence: pounds(50)}}})), as: recorder,
		when: spend(nr, valley, north, leadership, pounds(90)+pounds(10)+1), rule: RuleSpendOverRelease,
	},
	{
		name:  "what a waiting approval would pay is used up of the network's sum",
		given: bankruptNorth, as: approver,
		when: approve(711), fund: arrs,
		then: ClaimApproved{Claim: 711, Fund: arrs, Network: north, Payee: valley, Month: "2019-20/M09", Due: "2020-01-19",
			Lines:    []ApprovedLine{{Person: "P-0002", Role: "ARRS_CP", Category: pharmacist, Cost: 4_500_00, Percent: "70", Part: 3_150_00, Maximum: 3_150_83, Sum: SumARRS}},
			Warnings: []string{"P-0002: local:North has £0.00 left of its sum for the year; the claim is paid to that"}},
	},
	row{
		name:  "the claim that waits itself is approved to what is left of the sum",
		given: bankruptNorth, as: approver, fund: arrs,
	}.approves(720).passes(approverIn, pounds(5_000), FundPence{arrs, 999_85}),
}

// digested gives the held request that a row wants the digest that it has: what goes into a digest has a test of its own.
func (r row) digested() row {
	_, facts, _ := r.decide(teller{})
	if held, is := firstEvent(facts).(RequestHeld); is {
		want := r.then.(RequestHeld)
		want.Digest = held.Digest
		r.then = want
	}
	return r
}

// TestAChangedRequestIsApprovedAsItIsNow keeps what an approver is told when a request has changed: what it was, what it is,
// and the digest with which it passes.
func TestAChangedRequestIsApprovedAsItIsNow(t *testing.T) {
	s := told(t, more(untilGoverned, askedFor(700, "2018-12-03", recorder, sharedOut), doneBy(710, "2018-12-04", recorder, newList)))
	shown, _ := s.look(700)
	_, err := s.as(approver).decide(Approve{700, shown.Event.(RequestHeld).Digest}, "")
	refusal := refusalOf(err)
	if refusal == nil || refusal.Rule != RuleRequestChanged {
		t.Fatalf("got %v, want %s", err, RuleRequestChanged)
	}
	for _, want := range []string{"gone is", "£128.57", "new is", "£150.00", "2018-19/M09"} {
		if !strings.Contains(refusal.Reason, want) {
			t.Errorf("the reason does not say %q: %s", want, refusal.Reason)
		}
	}
	if len(refusal.Figures) != 2 || refusal.Figures[0].Pence != pounds(300) || refusal.Figures[1].Pence != pounds(300) {
		t.Errorf("the figures are %v", refusal.Figures)
	}
	_, rest, _ := strings.Cut(refusal.Remedy, "digest ")
	digest, _, _ := strings.Cut(rest, " ")
	s.do(Approve{700, digest})
	if got, want := s.totals(nr), "limit -£1,000.00, unallocated £700.00, allocated £300.00"; got != want {
		t.Errorf("it stands at %s, want %s", got, want)
	}
}

// TestAChangedRequestIsJudgedByWhatItIsNow keeps a request that grew from passing an approver whose limit it outgrew.
func TestAChangedRequestIsJudgedByWhatItIsNow(t *testing.T) {
	s := told(t, more(untilGoverned, askedFor(700, "2018-12-03", recorder, allocate(line(valley, north, leadership, pounds(400)))),
		haveAppointed(710, "2018-12-03", appoint("approver-2", RoleApprover, band8, pounds(450))),
		askedFor(720, "2018-12-03", recorder, allocate(line(valley, north, access, pounds(100)))), agreedBy(720, chief)))
	held, _ := s.look(700)
	_, err := s.as("approver-2").decide(Approve{700, held.Event.(RequestHeld).Digest}, "")
	refusal := refusalOf(err)
	if refusal == nil || refusal.Rule != RuleLimit || refusal.Figures[0].Pence != pounds(500) {
		t.Errorf("got %v, want it judged by £500.00", err)
	}
}

// TestADigestDiffersInAllThatIsApproved changes one thing at a time that an approver has to see.
func TestADigestDiffersInAllThatIsApproved(t *testing.T) {
	s := told(t, more(untilGoverned, func(s *story) { s.number = 700; s.on("2018-12-03") }))
	digest := func(dated Date, c Command) string {
		facts, err := s.decide(c, dated)
		if err != nil {
			t.Fatal(err)
		}
		return firstEvent(facts).(RequestHeld).Digest
	}
	seen := map[string]string{digest("", askedForCash): "as asked"}
	other := askedForCash
	other.Decision.Paper = "18/63"
	for name, asked := range map[string]struct {
		dated Date
		c     Command
	}{
		"the payee":      {"", allocate(line(trust, north, leadership, pounds(400)))},
		"the network":    {"", allocate(line(valley, south, leadership, pounds(400)))},
		"the category":   {"", allocate(line(valley, north, access, pounds(400)))},
		"the amount":     {"", allocate(line(valley, north, leadership, pounds(400)+1))},
		"the service":    {"", allocate(Line{Bucket: Bucket{Payee: valley, Beneficiary: north, Category: leadership, For: "2018-19/M10"}, Pence: pounds(400)})},
		"the date":       {"2018-12-02", askedForCash},
		"the period":     {"2018-11-30", askedForCash},
		"the decision":   {"", other},
		"another act":    {"", nominate(north, valley, "2018-11-01")},
		"another's act":  {"", nominate(north, trust, "2018-11-01")},
		"from a new day": {"", nominate(north, trust, "2018-11-02")},
	} {
		d := digest(asked.dated, asked.c)
		if before, twice := seen[d]; twice {
			t.Errorf("%s and %s have the same digest", name, before)
		}
		seen[d] = name
	}
}
