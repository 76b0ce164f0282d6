package domain

import "testing"

func TestInterest(t *testing.T) { tell(t, interestRows) }

// conflicted is an officer's interest in a body, from 1 November 2018 on.
func conflicted(officer OfficerID, body Body, outcome Outcome) DeclareInterest {
	return DeclareInterest{Interest{Officer: officer, Body: body, Nature: "trustee", Outcome: outcome, From: "2018-11-01", Decision: Decision{Body: "conflicts of interest guardian", Date: "2018-11-01", Paper: "register 12"}}}
}

func (c DeclareInterest) between(from, to Date) DeclareInterest {
	c.From, c.To = from, to
	return c
}

// declared has an officer record interests, from event 640 on.
func declaredBy(login string, all ...DeclareInterest) chapter {
	return func(s *story) {
		s.number = 640
		for _, c := range all {
			s.as(login).do(c)
		}
		s.as(recorder)
	}
}

// raises is a recorder with an interest in Valley who confirms a spend of Valley's.
func raises(outcome Outcome) []chapter {
	return more(untilSettled, governed, declaredBy(recorder2, conflicted(recorder, valley, outcome)))
}

// decidesOn is a request to pay Valley, and a director with an interest in it.
func decidesOn(body Body, outcome Outcome) []chapter {
	return more(untilGoverned, declaredBy(recorder2, conflicted(chief, body, outcome)), askedFor(700, "2018-12-03", recorder, askedForCash))
}

var valleysSpend = spend(nr, valley, north, leadership, pounds(10))

var spentByValley = SpendRecorded{Fund: nr, Reference: "report of the third quarter", Lines: []DrawnLine{{
	Bucket: bucket(valley, north, leadership), Pence: pounds(10),
	Draws: []Draw{{Account: Released, Bucket: bucket(valley, north, leadership), Pence: pounds(10)}},
}}}

var interestRows = []row{
	{
		name:  "an officer declares an interest, with its outcome and who decided on it",
		given: untilGoverned, as: chief,
		when: conflicted(chief, valley, OutcomeDiscuss),
		then: InterestDeclared(conflicted(chief, valley, OutcomeDiscuss)),
	},
	{
		name:  "no conflict: may raise",
		given: raises(OutcomeNone), when: valleysSpend, then: spentByValley,
	},
	{
		name:  "may discuss and decide: may raise",
		given: raises(OutcomeDecide), when: valleysSpend, then: spentByValley,
	},
	{
		name:  "may discuss, not decide: may raise",
		given: raises(OutcomeDiscuss), when: valleysSpend, then: spentByValley,
	},
	{
		name:  "may remain, neither discuss nor decide: may not even raise",
		given: raises(OutcomeRemain), when: valleysSpend, rule: RuleInterest,
	},
	{
		name:  "excluded: may not even raise",
		given: raises(OutcomeExcluded), when: valleysSpend, rule: RuleInterest,
	},
	row{
		name:  "no conflict: may approve",
		given: decidesOn(valley, OutcomeNone), as: chief,
	}.approves(700).passes(chiefIn, pounds(1_000_000), ofNR(pounds(400))),
	row{
		name:  "may discuss and decide: may approve",
		given: decidesOn(valley, OutcomeDecide), as: chief,
	}.approves(700).passes(chiefIn, pounds(1_000_000), ofNR(pounds(400))),
	row{
		name:  "may discuss, not decide: may not approve",
		given: decidesOn(valley, OutcomeDiscuss), as: chief, rule: RuleInterest,
	}.approves(700),
	row{
		name:  "may remain, neither discuss nor decide: may not approve",
		given: decidesOn(valley, OutcomeRemain), as: chief, rule: RuleInterest,
	}.approves(700),
	row{
		name:  "excluded: may not approve",
		given: decidesOn(valley, OutcomeExcluded), as: chief, rule: RuleInterest,
	}.approves(700),
	row{
		name:  "an interest in the network that benefits counts like one in the payee",
		given: decidesOn(north, OutcomeDiscuss), as: chief, rule: RuleInterest,
	}.approves(700),
	row{
		name:  "an interest in a body that is not concerned keeps from nothing",
		given: decidesOn(trust, OutcomeExcluded), as: chief,
	}.approves(700).passes(chiefIn, pounds(1_000_000), ofNR(pounds(400))),
	{
		name:  "who is excluded may not even refuse what a payee is to have",
		given: decidesOn(valley, OutcomeExcluded), as: chief,
		when: Refuse{700, "the plan is not agreed"}, rule: RuleInterest,
	},
	row{
		name: "a deputy is kept from what the officer in whose stead she acts is kept from",
		given: more(decidesOn(valley, OutcomeDiscuss),
			haveAppointed(720, "2018-12-03", appoint("deputy-1", RoleApprover, band8, pounds(5_000)).deputy(chief))), as: "deputy-1",
		rule: RuleInterest,
	}.approves(700),
	{
		name: "may discuss, not decide: may not decide on a claim of the network",
		given: more(untilEngaged, governed, declaredBy(recorder2, conflicted(approver, north, OutcomeDiscuss).between("2019-10-01", "")),
			doneBy(710, "2019-11-04", recorder, october())), as: approver,
		when: RejectClaim{710, "the payslip is missing"}, rule: RuleInterest,
	},
	{
		name:  "who is excluded from a network engages no role for it",
		given: more(untilFunded19, governed, declaredBy(recorder2, conflicted(recorder, north, OutcomeExcluded))), on: "2019-10-01",
		when: engage("P-0001", north, "ARRS_CP", "2019-10-01", "37.5"), rule: RuleInterest,
	},
	{
		name:  "who is excluded from a payee does not have it nominated",
		given: more(untilGoverned, declaredBy(recorder2, conflicted(recorder, valley, OutcomeExcluded))),
		when:  nominate(north, valley, "2018-11-01"), rule: RuleInterest,
	},
	{
		name:  "an officer may make her own declaration stricter",
		given: more(untilGoverned, declaredBy(chief, conflicted(chief, valley, OutcomeDiscuss))), as: chief,
		when: conflicted(chief, valley, OutcomeExcluded),
		then: InterestDeclared(conflicted(chief, valley, OutcomeExcluded)),
	},
	{
		name:  "an officer may not loosen her own declaration",
		given: more(untilGoverned, declaredBy(chief, conflicted(chief, valley, OutcomeExcluded))), as: chief,
		when: conflicted(chief, valley, OutcomeDecide), rule: RuleInterest,
	},
	{
		name:  "an officer may not loosen her own declaration from a later day on",
		given: more(untilGoverned, declaredBy(chief, conflicted(chief, valley, OutcomeExcluded))), as: chief,
		when: conflicted(chief, valley, OutcomeDecide).between("2019-01-01", ""), rule: RuleInterest,
	},
	{
		name:  "an officer may not loosen a declaration of her own that has not begun",
		given: more(untilGoverned, declaredBy(chief, conflicted(chief, valley, OutcomeExcluded).between("2018-12-01", ""))), as: chief,
		when: conflicted(chief, valley, OutcomeNone).between("2018-12-01", ""), rule: RuleInterest,
	},
	{
		name:  "an officer may not end her own declaration",
		given: more(untilGoverned, declaredBy(chief, conflicted(chief, valley, OutcomeExcluded))), as: chief,
		when: conflicted(chief, valley, OutcomeExcluded).between("2018-11-01", "2018-11-30"), rule: RuleInterest,
	},
	{
		name:  "another officer records what loosens a declaration",
		given: more(untilGoverned, declaredBy(chief, conflicted(chief, valley, OutcomeExcluded))), as: recorder,
		when: conflicted(chief, valley, OutcomeDecide),
		then: InterestDeclared(conflicted(chief, valley, OutcomeDecide)),
	},
	row{
		name: "once another officer has recorded that an interest ended it keeps from nothing",
		given: more(untilGoverned, declaredBy(recorder2, conflicted(chief, valley, OutcomeExcluded), conflicted(chief, valley, OutcomeExcluded).between("2018-11-01", "2018-11-30")),
			askedFor(700, "2018-12-03", recorder, askedForCash)), as: chief,
	}.approves(700).passes(chiefIn, pounds(1_000_000), ofNR(pounds(400))),
	{
		name:  "declaring the same interest again changes nothing",
		given: more(untilGoverned, declaredBy(chief, conflicted(chief, valley, OutcomeDiscuss))), as: chief,
		when: conflicted(chief, valley, OutcomeDiscuss), unchanged: true,
	},
	{
		name:  "an interest of somebody who is no officer is refused",
		given: untilGoverned, when: conflicted("officer-99", valley, OutcomeDiscuss), rule: RuleOfficerUnknown,
	},
	{
		name:  "an interest in a body that is not registered is refused",
		given: untilGoverned, when: conflicted(chief, "local:Nowhere", OutcomeDiscuss), rule: RuleBodyUnknown,
	},
	{
		name:  "an interest without its outcome is refused",
		given: untilGoverned, when: conflicted(chief, valley, ""), rule: RuleInterest,
	},
	{
		name:  "an interest that ends before it begins is refused",
		given: untilGoverned, when: conflicted(chief, valley, OutcomeDiscuss).between("2018-11-02", "2018-11-01"), rule: RuleInterest,
	},
	{
		name:  "an interest without its nature is refused",
		given: untilGoverned, when: func() DeclareInterest { c := conflicted(chief, valley, OutcomeDiscuss); c.Nature = ""; return c }(), rule: RuleTextMissing,
	},
	{
		name:  "an interest about which nobody decided is refused",
		given: untilGoverned, when: func() DeclareInterest {
			c := conflicted(chief, valley, OutcomeDiscuss)
			c.Decision = Decision{}
			return c
		}(), rule: RuleDecisionMissing,
	},
}
