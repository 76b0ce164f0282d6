package domain

import "testing"

func TestPolicy(t *testing.T) { tell(t, policyRows) }

// ownPolicy is a commissioner's own: two people for a release too, a lower grade, and a week to approve.
func ownPolicy() Policy {
	return Policy{
		Title: "scheme of delegation of 1 November 2018", TwoPeople: []string{"ReleaseFunds"},
		Grades: []Grade{{band8, pounds(100)}, {"other director", pounds(1_000_000)}},
		Expiry: 7, Source: Source{Title: "governing body paper 18/60"},
	}
}

// policyOf is the policy with something changed.
func policyOf(change func(*Policy)) AdoptPolicy {
	p := ownPolicy()
	change(&p)
	return AdoptPolicy{p}
}

// adoptedPolicy has the two administrators adopt a policy, from event 630 on.
func adoptedPolicy(c AdoptPolicy) chapter {
	return func(s *story) {
		s.number = 630
		s.as(firstAdmin).approved(secondAdmin, c)
		s.as(recorder)
	}
}

var (
	ownGoverned  = more(untilGoverned, adoptedPolicy(policyOf(func(*Policy) {})))
	askedForCash = allocate(line(valley, north, leadership, pounds(400)))
	signIns      = policyOf(func(p *Policy) { p.Proofs = []Proof{{"AllocateFund", AuthOIDC}, {"ConfirmFunding", AuthLogin}} })
)

var policyRows = []row{
	row{
		name:  "a policy needs two administrators",
		given: untilGoverned, as: firstAdmin,
		when: AdoptPolicy{ownPolicy()},
	}.held("AdoptPolicy needs two people", 0),
	row{
		name:  "a second administrator approves a policy",
		given: more(untilGoverned, askedFor(700, "2018-11-05", firstAdmin, AdoptPolicy{ownPolicy()})), as: secondAdmin,
	}.approves(700).passes(601, 0),
	{
		name:  "a ledger without officers adopts no policy",
		given: untilFunded,
		when:  AdoptPolicy{ownPolicy()},
		rule:  RuleOfficersMissing,
	},
	{
		name:  "a recorder adopts no policy",
		given: untilGoverned,
		when:  AdoptPolicy{ownPolicy()},
		rule:  RuleRole,
	},
	{
		name:  "adopting the policy that is in force changes nothing",
		given: ownGoverned, as: firstAdmin,
		when: AdoptPolicy{ownPolicy()}, unchanged: true,
	},
	{
		name:  "a policy without a title is refused",
		given: untilGoverned, as: firstAdmin,
		when: policyOf(func(p *Policy) { p.Title = "" }), rule: RuleTextMissing,
	},
	{
		name:  "a policy without the paper that adopted it is refused",
		given: untilGoverned, as: firstAdmin,
		when: policyOf(func(p *Policy) { p.Source = Source{} }), rule: RuleTextMissing,
	},
	{
		name:  "a policy in which requests never lapse is refused",
		given: untilGoverned, as: firstAdmin,
		when: policyOf(func(p *Policy) { p.Expiry = 0 }), rule: RulePolicy,
	},
	{
		name:  "a policy in which requests wait longer than a year is refused",
		given: untilGoverned, as: firstAdmin,
		when: policyOf(func(p *Policy) { p.Expiry = 367 }), rule: RulePolicy,
	},
	{
		name:  "a policy about a command that there is not is refused",
		given: untilGoverned, as: firstAdmin,
		when: policyOf(func(p *Policy) { p.TwoPeople = []string{"BurnMoney"} }), rule: RulePolicy,
	},
	{
		name:  "a policy by which an approval itself would wait for a second person is refused",
		given: untilGoverned, as: firstAdmin,
		when: policyOf(func(p *Policy) { p.TwoPeople = []string{"Approve"} }), rule: RulePolicy,
	},
	{
		name:  "a policy by which the signing key would wait for a second person is refused",
		given: untilGoverned, as: firstAdmin,
		when: policyOf(func(p *Policy) { p.TwoPeople = []string{"RotateKey"} }), rule: RulePolicy,
	},
	{
		name:  "a policy that asks for a proof that nobody can give is refused",
		given: untilGoverned, as: firstAdmin,
		when: policyOf(func(p *Policy) { p.Proofs = []Proof{{"Approve", "handshake"}} }), rule: RulePolicy,
	},
	{
		name:  "a policy that would lock every administrator out is refused",
		given: untilGoverned, as: firstAdmin,
		when: policyOf(func(p *Policy) { p.Proofs = []Proof{{"AdoptPolicy", AuthOIDC}} }), rule: RulePolicy,
	},
	{
		name:  "a policy that names a grade twice is refused",
		given: untilGoverned, as: firstAdmin,
		when: policyOf(func(p *Policy) { p.Grades = []Grade{{band8, pounds(1)}, {band8, pounds(2)}} }), rule: RulePolicy,
	},
	row{
		name:  "a policy may have two people for what one could do",
		given: more(untilAllocated, governed, adoptedPolicy(AdoptPolicy{ownPolicy()})),
		when:  ReleaseFunds{Fund: nr, Lines: []Line{line(valley, north, leadership, pounds(50))}},
	}.held("ReleaseFunds needs two people", pounds(100), ofNR(pounds(50))),
	row{
		name:  "no policy has an allocation go alone",
		given: ownGoverned, on: "2018-12-03",
		when: allocate(line(valley, north, leadership, pounds(50))),
	}.held("AllocateFund needs two people", pounds(100), ofNR(pounds(50))),
	row{
		name:  "no policy has a virement go alone",
		given: more(untilAllocated, governed, adoptedPolicy(AdoptPolicy{ownPolicy()})),
		when:  move(bucket(valley, north, leadership), bucket(trust, north, leadership), pounds(50)),
	}.held("MoveAllocation needs two people", pounds(100), ofNR(pounds(50))),
	row{
		name:  "by the policy as shipped a payee is nominated by two people",
		given: untilGoverned,
		when:  nominate(north, valley, "2018-11-01"),
	}.held("NominatePayee needs two people", pounds(500)),
	row{
		name:  "by the policy as shipped a rate of one's own is adopted by two people",
		given: untilGoverned, on: "2026-05-04",
		when: AdoptRateCard{Year: "2026-27", Own: []Rate{leadGP()}},
	}.held("AdoptRateCard needs two people", pounds(500)),
	row{
		name:  "by the policy as shipped a rate is revised on a document by two people",
		given: more(untilGoverned, also(700, "2024-10-01", AdoptRateCard{Year: "2024-25"})),
		when:  ReviseRate{Year: "2024-25", Rate: "CASP", Amount: "3.3", Reason: "issued again", Document: specification},
	}.held("ReviseRate needs two people", pounds(500)),
	{
		name:  "what a published source says of a rate is adopted and revised by one",
		given: more(untilGoverned, also(700, "2024-10-01", AdoptRateCard{Year: "2024-25"})),
		when:  ReviseRate{Year: "2024-25", Rate: "CARE_HOME", Edition: "September 2024", Reason: "issued again"},
		then:  revisedAs(700, "120", "2024-04-01", "issued again", RateCard("2024-25")[cardIndex("2024-25", "CARE_HOME", "September 2024")]),
	},
	{
		name:  "a policy may leave the nomination of a payee to one",
		given: ownGoverned,
		when:  nominate(north, valley, "2018-11-01"),
		then:  PayeeNominated(nominate(north, valley, "2018-11-01")),
	},
	row{
		name:  "a policy that lowers a grade binds those who were appointed before",
		given: ownGoverned,
		when:  ConfirmFunding{Fund: nr, Pence: pounds(100) + 1, Title: "second tranche", Source: letter},
	}.held("ConfirmFunding of £100.01 in fund NR-PCN-2018 is above the limit of recorder-1, £100.00", pounds(100), ofNR(pounds(100)+1)),
	row{
		name:  "an approver's limit too is bounded by the grade of the policy in force",
		given: more(ownGoverned, askedFor(700, "2018-12-03", recorder, askedForCash)), as: approver,
		rule: RuleLimit,
	}.approves(700),
	{
		name:  "a command that needs a sign-in is refused to an officer known by the login only",
		given: more(untilGoverned, adoptedPolicy(signIns), signedBy(AuthLogin)), on: "2018-12-03",
		when: askedForCash,
		rule: RuleProof,
	},
	row{
		name:  "what needs a sign-in to be asked for needs one to be approved",
		given: more(untilGoverned, adoptedPolicy(signIns), askedFor(700, "2018-12-03", recorder, askedForCash), signedBy(AuthLogin)), as: approver,
		rule: RuleProof,
	}.approves(700),
	{
		name:  "a command that needs no more than the login is taken from it",
		given: more(untilGoverned, adoptedPolicy(signIns), signedBy(AuthLogin)),
		when:  smallSpending,
		then:  FundingConfirmed{Fund: nr, Pence: pounds(10), Title: "second tranche", Source: letter, For: "2018-19"},
	},
}
