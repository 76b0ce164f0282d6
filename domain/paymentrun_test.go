package domain

import (
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

func TestPaymentRun(t *testing.T) { tell(t, paymentRunRows) }

// The fixture of payment runs, on 4 December 2019: five payables, of core funding to the trust (240.1, £15,000.00), to
// Valley (240.2, £25,000.50) and to Hill (240.3, £25,000.00), of two claims to Valley (270.1, £3,150.00; 291.1,
// £2,992.50), and what Valley owes (280.1, £157.50). From then on the ledger has officers, and recorder-1 acts.
var untilPayable = more(untilJuly, engaged19, claimed19, approved19, recovered19,
	also(290, "2019-12-04", claim(north, "2019-20/M08", ClaimLine{Person: "P-0001", Costs: cost(4_275_00)}), approve(290)), governed)

// proposal pays all five, less what Valley owes.
func proposal() ProposePaymentRun {
	return ProposePaymentRun{Reference: "BACS 1220", PayOn: "2019-12-20", Lines: []SettleLine{
		{Item: "291.1", Pence: 2_992_50}, {Item: "240.1", Pence: pounds(15_000)}, {Item: "240.2", Pence: 25_000_50},
		{Item: "240.3", Pence: pounds(25_000)}, {Item: "270.1", Pence: 3_150_00},
	}, Netted: []SettleLine{{Item: "280.1", Pence: 157_50}}}
}

// propose is a run of some items, to be paid on 20 December.
func propose(reference string, lines ...SettleLine) ProposePaymentRun {
	return ProposePaymentRun{Reference: reference, PayOn: "2019-12-20", Lines: lines}
}

// proposed proposes and approves it: the request is event 700, the run 702.
func proposed(s *story) {
	s.number = 700
	s.on("2019-12-05").approved(chief, proposal())
}

// runReleased releases it, as event 710.
func runReleased(s *story) {
	s.number = 710
	s.on("2019-12-06").as(releaser).do(ReleasePaymentRun{Run: 702})
}

var (
	untilProposed    = more(untilPayable, proposed)
	untilRunReleased = more(untilProposed, runReleased)
)

// reversedRun is what the reversal of a proposal leaves behind.
func reversedRun(s *story) {
	s.ledger.reverseRuns(EntryReversed{Entry: 702, Was: Was{s.ledger.runs[702].PaymentRunProposed}})
}

// inMonths are the parts of an item of core funding: so much for each month from April on.
func inMonths(pence ...Pence) []Part {
	var parts []Part
	for i, p := range pence {
		if p != 0 {
			parts = append(parts, Part{month(i + 1), p})
		}
	}
	return parts
}

func coreLine(item ItemID, payee, network Body, pence Pence, parts ...Pence) SettledLine {
	return SettledLine{Item: item, Fund: core, Payee: payee, Beneficiary: network, Pence: pence, Parts: inMonths(parts...)}
}

// ofMonth is the line of a claim of North's.
func ofMonth(item ItemID, m Service, pence Pence) SettledLine {
	return SettledLine{Item: item, Fund: arrs, Payee: valley, Beneficiary: north, Pence: pence, Parts: []Part{{m, pence}}}
}

// in says in which run a line was put in transit.
func (line SettledLine) in(run int64) SettledLine {
	line.Run = run
	return line
}

var (
	ofEast  = coreLine("240.1", trust, east, pounds(15_000), pounds(3_750), pounds(3_750), pounds(3_750), pounds(3_750))
	ofSouth = coreLine("240.3", hill, south, pounds(25_000), pounds(6_250), pounds(6_250), pounds(6_250), pounds(6_250))
	nov     = ofMonth("291.1", "2019-20/M08", 2_992_50)
)

// proposedRun is the proposal as it is recorded: what Valley owes pays the first due of its payables.
func proposedRun() PaymentRunProposed {
	return PaymentRunProposed{
		Reference: "BACS 1220", PayOn: "2019-12-20",
		Lines: []SettledLine{
			nov, ofEast, coreLine("240.2", valley, north, 24_843_00, 6_092_63, 6_250_12, 6_250_13, 6_250_12), ofSouth,
			ofMonth("270.1", "2019-20/M07", 3_150_00),
		},
		SetOff: []SettledLine{coreLine("240.2", valley, north, 157_50, 157_50)},
		Netted: []SettledLine{ofMonth("280.1", "2019-20/M07", 157_50)},
	}
}

// waits is a chapter of a command that is held and not decided, as event n.
func waits(n int64, c Command) chapter {
	return func(s *story) {
		s.number = n
		s.do(c)
	}
}

// secondly is a chapter of another run that is approved, from event n on: the run is n+2.
func secondly(n int64, c ProposePaymentRun) chapter {
	return func(s *story) {
		s.number = n
		s.as(recorder).approved(chief, c)
	}
}

// does has an officer give commands from event n on.
func does(login string, n int64, commands ...Command) chapter {
	return func(s *story) {
		s.number = n
		s.as(login).do(commands...)
	}
}

// alsoAppointed gives officers further appointments, from event 660 on.
func alsoAppointed(appointments ...AppointOfficer) chapter {
	return func(s *story) {
		s.number = 660
		for _, c := range appointments {
			s.as(firstAdmin).approved(secondAdmin, c)
		}
		s.as(recorder)
	}
}

// twoRuns puts Hill's payable in transit in runs 702 (£10,000) and 712 (£5,000); £10,000 of it stay open.
func twoRuns(s *story) {
	secondly(700, propose("BACS 1", SettleLine{Item: "240.3", Pence: pounds(10_000)}))(s)
	secondly(710, propose("BACS 2", SettleLine{Item: "240.3", Pence: pounds(5_000)}))(s)
	does(releaser, 720, ReleasePaymentRun{Run: 702}, ReleasePaymentRun{Run: 712})(s)
}

// later is core funding for August that arises on 20 December, as event 296: item 296.1 is Hill's.
func later(s *story) {
	s.number = 296
	s.on("2019-12-04").dated("2019-12-20", run(core, "CORE_PCN", "2019-20/M05", south))
}

// spentOnEvidence is a spend of £80 that nobody verified, as event 220 on the fund EV-2018: item 220.1.
var spentOnEvidence = more(untilEvidence, also(220, "2019-01-15", spend(ev, valley, north, leadership, pounds(80))), governed)

var paymentRunRows = []row{
	{
		name:  "a payment run pays items in money, and what a payee owes by set-off",
		given: untilPayable, on: "2019-12-05", approvedBy: chief,
		when:   proposal(),
		then:   proposedRun(),
		fund:   core,
		totals: "expenditure £65,000.50, payables -£65,000.50, limit -£600,000.00, allocated £534,999.50, charged £65,000.50",
	},
	{
		name:  "a payment run takes all that is due by a day, whole, and the first due first",
		given: untilPayable, on: "2019-12-05", approvedBy: chief,
		when: ProposePaymentRun{Reference: "BACS 1220", PayOn: "2019-12-20", DueBy: "2019-12-31"},
		then: PaymentRunProposed{Reference: "BACS 1220", PayOn: "2019-12-20", Lines: []SettledLine{
			ofEast, coreLine("240.2", valley, north, 25_000_50, 6_250_13, 6_250_12, 6_250_13, 6_250_12), ofSouth,
			ofMonth("270.1", "2019-20/M07", 3_150_00),
		}},
	},
	{
		name:  "a payment run of one fund takes what is due of that fund",
		given: untilPayable, on: "2019-12-05", approvedBy: chief,
		when: ProposePaymentRun{Reference: "BACS 1220", PayOn: "2019-12-20", DueBy: "2020-01-31", Funds: []FundCode{arrs}},
		then: PaymentRunProposed{Reference: "BACS 1220", PayOn: "2019-12-20", Lines: []SettledLine{ofMonth("270.1", "2019-20/M07", 3_150_00), nov}},
	},
	{
		name: "what another run keeps or a request asks for is not in the next",
		given: more(untilPayable, secondly(700, propose("BACS 1", SettleLine{Item: "240.3", Pence: pounds(7_000)})),
			waits(710, propose("BACS 2", SettleLine{Item: "240.3", Pence: pounds(10_000)}))),
		on: "2019-12-05", approvedBy: chief,
		when: ProposePaymentRun{Reference: "BACS 1220", PayOn: "2019-12-20", DueBy: "2019-08-14", Netted: []SettleLine{{Item: "280.1", Pence: 1}}},
		then: PaymentRunProposed{
			Reference: "BACS 1220", PayOn: "2019-12-20", Lines: []SettledLine{
				ofEast, coreLine("240.2", valley, north, 25_000_49, 6_250_12, 6_250_12, 6_250_13, 6_250_12),
				coreLine("240.3", hill, south, pounds(8_000), 0, 0, pounds(1_750), pounds(6_250)),
			},
			SetOff: []SettledLine{coreLine("240.2", valley, north, 1, 1)},
			Netted: []SettledLine{ofMonth("280.1", "2019-20/M07", 1)},
		},
	},
	{
		name: "what a run keeps is not counted twice while its release waits for a second person",
		given: more(untilPayable, alsoAppointed(appoint(recorder2, RoleReleaser, "senior manager band 8", pounds(500))),
			secondly(700, propose("BACS 1", SettleLine{Item: "240.3", Pence: pounds(15_000)})), does(recorder2, 710, ReleasePaymentRun{Run: 702})),
		as: recorder, approvedBy: chief,
		when: propose("BACS 2", SettleLine{Item: "240.3", Pence: pounds(10_000)}),
		then: PaymentRunProposed{Reference: "BACS 2", PayOn: "2019-12-20", Lines: []SettledLine{
			coreLine("240.3", hill, south, pounds(10_000), 0, 0, pounds(3_750), pounds(6_250)),
		}},
	},
	{
		name: "set-off begins with what is due first, not with what arose first",
		given: more(untilRecovered, also(290, "2019-12-04", claim(north, "2019-20/M08", ClaimLine{Person: "P-0001", Costs: cost(4_275_00)}),
			ApproveClaim{Claim: 290, Fund: arrs, Due: "2019-12-05"}), governed),
		on: "2019-12-05", approvedBy: chief,
		when: ProposePaymentRun{Reference: "BACS 1220", PayOn: "2019-12-20", DueBy: "2019-12-31", Netted: []SettleLine{{Item: "280.1", Pence: 157_50}}},
		then: PaymentRunProposed{
			Reference: "BACS 1220", PayOn: "2019-12-20",
			Lines:  []SettledLine{ofMonth("291.1", "2019-20/M08", 2_835_00), ofMonth("270.1", "2019-20/M07", 3_150_00)},
			SetOff: []SettledLine{ofMonth("291.1", "2019-20/M08", 157_50)}, Netted: []SettledLine{ofMonth("280.1", "2019-20/M07", 157_50)},
		},
	},
	{
		name:  "a run whose payables are set off in full pays nothing in money",
		given: untilPayable, on: "2019-12-05", approvedBy: chief,
		when: ProposePaymentRun{Reference: "BACS 1220", PayOn: "2019-12-20", Lines: []SettleLine{{Item: "270.1", Pence: 157_50}}, Netted: []SettleLine{{Item: "280.1", Pence: 157_50}}},
		then: PaymentRunProposed{
			Reference: "BACS 1220", PayOn: "2019-12-20",
			SetOff: []SettledLine{ofMonth("270.1", "2019-20/M07", 157_50)}, Netted: []SettledLine{ofMonth("280.1", "2019-20/M07", 157_50)},
		},
	},
	{
		name:  "the items of a reversed run can be in the next, under its reference",
		given: more(untilProposed, reversedRun), approvedBy: chief,
		when: propose("BACS 1220", SettleLine{Item: "291.1", Pence: 2_992_50}),
		then: PaymentRunProposed{Reference: "BACS 1220", PayOn: "2019-12-20", Lines: []SettledLine{nov}},
	},
	{
		name:  "a verified spend can be in a run",
		given: more(spentOnEvidence, does(verifier, 700, VerifySpend{Spend: 220, Evidence: "invoices seen"})), as: recorder, approvedBy: approver,
		when: ProposePaymentRun{Reference: "BACS 0141", PayOn: "2019-01-31", Lines: []SettleLine{{Item: "220.1", Pence: pounds(80)}}},
		then: PaymentRunProposed{Reference: "BACS 0141", PayOn: "2019-01-31", Lines: []SettledLine{
			{Item: "220.1", Fund: ev, Payee: valley, Beneficiary: north, Pence: pounds(80), Parts: []Part{{"2018-19", pounds(80)}}},
		}},
	},
	{
		name:  "a run with a spend that nobody verified is refused",
		given: spentOnEvidence,
		when:  ProposePaymentRun{Reference: "BACS 0141", PayOn: "2019-01-31", DueBy: "2019-03-31"},
		rule:  RuleSpendUnverified,
	},
	{
		name:  "paying a spend that nobody verified without a run is refused",
		given: spentOnEvidence,
		when:  settle(SettleLine{Item: "220.1", Pence: pounds(80)}),
		rule:  RuleSpendUnverified,
	},
	{
		name:  "an item that another run keeps is refused",
		given: untilProposed,
		when:  propose("BACS 1221", SettleLine{Item: "240.3", Pence: 1}),
		rule:  RuleItemReserved,
	},
	{
		name:  "an item that a waiting request asks for is refused",
		given: more(untilPayable, waits(700, proposal())),
		when:  propose("BACS 1221", SettleLine{Item: "240.3", Pence: 1}),
		rule:  RuleItemReserved,
	},
	{
		name:  "an item that is in transit is not in the next run",
		given: untilRunReleased, as: recorder,
		when: propose("BACS 1221", SettleLine{Item: "240.3", Pence: 1}),
		rule: RuleItemReserved,
	},
	{
		name:  "paying without a run what a run keeps is refused",
		given: untilProposed,
		when:  settle(SettleLine{Item: "240.3", Pence: 1}),
		rule:  RuleItemReserved,
	},
	{
		name:  "receiving what a run nets is refused",
		given: untilProposed,
		when:  receive(SettleLine{Item: "280.1", Pence: 1}),
		rule:  RuleItemReserved,
	},
	{
		name:  "a run of more than the item is refused",
		given: untilPayable,
		when:  propose("BACS 1220", SettleLine{Item: "291.1", Pence: 2_992_51}),
		rule:  RuleItemOverpaid,
	},
	{
		name:  "a run with an item twice is refused",
		given: untilPayable,
		when:  propose("BACS 1220", SettleLine{Item: "240.1", Pence: 1}, SettleLine{Item: "240.1", Pence: 1}),
		rule:  RuleItemTwice,
	},
	{
		name:  "a run that is to pay a receivable is refused",
		given: untilPayable,
		when:  propose("BACS 1220", SettleLine{Item: "280.1", Pence: 1}),
		rule:  RuleItemKind,
	},
	{
		name:  "a run that is to net a payable is refused",
		given: untilPayable,
		when:  ProposePaymentRun{Reference: "BACS 1220", PayOn: "2019-12-20", DueBy: "2019-12-31", Netted: []SettleLine{{Item: "291.1", Pence: 1}}},
		rule:  RuleItemKind,
	},
	{
		name:  "a run that nets more than the payee is paid is refused",
		given: untilPayable,
		when: ProposePaymentRun{Reference: "BACS 1220", PayOn: "2019-12-20", Lines: []SettleLine{{Item: "240.3", Pence: pounds(25_000)}, {Item: "270.1", Pence: 157_49}},
			Netted: []SettleLine{{Item: "280.1", Pence: 157_50}}},
		rule: RuleNettingOver,
	},
	{
		name:  "a run in the past is refused",
		given: untilPayable, on: "2019-12-21",
		when: proposal(),
		rule: RulePaymentRunPast,
	},
	{
		name:  "a run of an item that arises after it is refused",
		given: more(untilJuly, later, governed),
		when:  ProposePaymentRun{Reference: "BACS 1219", PayOn: "2019-12-19", Lines: []SettleLine{{Item: "296.1", Pence: 1}}},
		rule:  RuleItemEarlier,
	},
	{
		name:  "a run without a reference is refused",
		given: untilPayable,
		when:  propose("", SettleLine{Item: "240.1", Pence: 1}),
		rule:  RuleTextMissing,
	},
	{
		name:  "a run without a day of payment is refused",
		given: untilPayable,
		when:  ProposePaymentRun{Reference: "BACS 1220", Lines: []SettleLine{{Item: "240.1", Pence: 1}}},
		rule:  RuleTextMissing,
	},
	{
		name:  "a second run under the same reference is refused",
		given: more(untilPayable, secondly(700, propose("BACS 1220", SettleLine{Item: "240.1", Pence: 1}))),
		when:  propose("BACS 1220", SettleLine{Item: "240.1", Pence: 1}),
		rule:  RulePaymentRunReference,
	},
	{
		name:  "a run under the reference of one that waits is refused",
		given: more(untilPayable, waits(700, propose("BACS 1220", SettleLine{Item: "240.1", Pence: 1}))),
		when:  propose("BACS 1220", SettleLine{Item: "240.1", Pence: 1}),
		rule:  RulePaymentRunReference,
	},
	{
		name:  "a run of lines and of what is due is refused",
		given: untilPayable,
		when:  ProposePaymentRun{Reference: "BACS 1220", PayOn: "2019-12-20", DueBy: "2019-12-20", Lines: []SettleLine{{Item: "240.1", Pence: 1}}},
		rule:  RulePaymentRunLines,
	},
	{
		name:  "a run that says nothing of what it pays is refused",
		given: untilPayable,
		when:  propose("BACS 1220"),
		rule:  RulePaymentRunLines,
	},
	{
		name:  "a run of lines and of a fund is refused",
		given: untilPayable,
		when:  ProposePaymentRun{Reference: "BACS 1220", PayOn: "2019-12-20", Funds: []FundCode{core}, Lines: []SettleLine{{Item: "240.1", Pence: 1}}},
		rule:  RulePaymentRunLines,
	},
	{
		name:  "a line of a run that names a run is refused",
		given: untilPayable,
		when:  propose("BACS 1220", SettleLine{Item: "240.1", Pence: 1, Run: 702}),
		rule:  RulePaymentRunLines,
	},
	{
		name:  "a run of what is due when nothing is due is refused",
		given: untilProposed,
		when:  ProposePaymentRun{Reference: "BACS 1221", PayOn: "2019-12-20", DueBy: "2020-01-31"},
		rule:  RulePaymentRunEmpty,
	},
	{
		name:  "a run of a fund that does not exist is refused",
		given: untilPayable,
		when:  ProposePaymentRun{Reference: "BACS 1220", PayOn: "2019-12-20", DueBy: "2020-01-31", Funds: []FundCode{"CORE-2020"}},
		rule:  RuleFundUnknown,
	},
	{
		name:  "a run in a ledger without officers is refused",
		given: untilJuly, on: "2019-12-05",
		when: propose("BACS 1220", SettleLine{Item: "240.1", Pence: 1}),
		rule: RuleOfficersMissing,
	},
	{
		name:  "a run is not approved by who proposed it",
		given: more(untilPayable, alsoAppointed(appoint(recorder, RoleApprover, "other director", pounds(1_000_000)))), on: "2019-12-05", approvedBy: recorder,
		when: proposal(),
		rule: RuleSelfApproval,
	},

	{
		name:  "the release puts a run in transit, and settles what is netted",
		given: untilProposed, on: "2019-12-06", as: releaser,
		when: ReleasePaymentRun{Run: 702},
		then: PaymentRunReleased{Run: 702, Reference: "BACS 1220", Lines: proposedRun().Lines, SetOff: proposedRun().SetOff, Netted: proposedRun().Netted},
		fund: core,
		totals: "expenditure £65,000.50, in transit -£64,843.00, clearing -£157.50, " +
			"limit -£600,000.00, allocated £534,999.50, charged £65,000.50",
	},
	{
		name:  "a release of an event that is no run is refused",
		given: untilProposed, as: releaser,
		when: ReleasePaymentRun{Run: 700},
		rule: RulePaymentRunUnknown,
	},
	{
		name:  "a run is not released twice",
		given: untilRunReleased,
		when:  ReleasePaymentRun{Run: 702},
		rule:  RulePaymentRunDone,
	},
	{
		name:  "a run that was reversed is not released",
		given: more(untilProposed, reversedRun), as: releaser,
		when: ReleasePaymentRun{Run: 702},
		rule: RulePaymentRunDone,
	},
	{
		name:  "a release dated before the approval is refused",
		given: untilProposed, as: releaser, dated: "2019-12-04",
		when: ReleasePaymentRun{Run: 702},
		rule: RulePaymentRunEarlier,
	},
	{
		name:  "a release dated before an item arises is refused",
		given: more(untilJuly, later, governed, secondly(700, propose("BACS 1220", SettleLine{Item: "296.1", Pence: 1}))), as: releaser, on: "2019-12-06",
		when: ReleasePaymentRun{Run: 702},
		rule: RuleItemEarlier,
	},
	{
		name:  "a run is not released by who proposed it",
		given: more(untilPayable, alsoAppointed(appoint(recorder, RoleReleaser, "other director", pounds(1_000_000))), proposed), on: "2019-12-06", as: recorder,
		when: ReleasePaymentRun{Run: 702},
		rule: RuleSeparation,
	},
	{
		name:  "a run is not released by who approved it",
		given: more(untilPayable, alsoAppointed(appoint(chief, RoleReleaser, "other director", pounds(1_000_000))), proposed), on: "2019-12-06", as: chief,
		when: ReleasePaymentRun{Run: 702},
		rule: RuleSeparation,
	},
	{
		name:  "a run is not released by a deputy who approved it",
		given: more(untilPayable, alsoAppointed(deputy(chief, RoleReleaser, releaser)), proposed), on: "2019-12-06", as: chief,
		when: ReleasePaymentRun{Run: 702},
		rule: RuleSeparation,
	},

	{
		name:  "a payment of what is in transit says in which run it was",
		given: untilRunReleased, on: "2019-12-20",
		when: settle(SettleLine{Item: "240.3", Pence: pounds(25_000)}, SettleLine{Item: "240.1", Pence: pounds(5_000), Run: 702}),
		then: PaymentSettled{Reference: "BACS 0141", Lines: []SettledLine{
			ofSouth.in(702), coreLine("240.1", trust, east, pounds(5_000), pounds(3_750), pounds(1_250)).in(702),
		}},
		fund: core,
		totals: "expenditure £65,000.50, in transit -£34,843.00, clearing -£30,157.50, " +
			"limit -£600,000.00, allocated £534,999.50, charged £65,000.50",
	},
	{
		name:  "what is in transit in two runs is settled in the run that is named",
		given: more(untilPayable, twoRuns),
		when:  settle(SettleLine{Item: "240.3", Pence: pounds(10_000), Run: 702}, SettleLine{Item: "240.3", Pence: pounds(5_000), Run: 712}),
		then: PaymentSettled{Reference: "BACS 0141", Lines: []SettledLine{
			coreLine("240.3", hill, south, pounds(10_000), pounds(6_250), pounds(3_750)).in(702),
			coreLine("240.3", hill, south, pounds(5_000), 0, pounds(2_500), pounds(2_500)).in(712),
		}},
	},
	{
		name:  "a payment of what is in transit in two runs and names neither is refused",
		given: more(untilPayable, twoRuns),
		when:  settle(SettleLine{Item: "240.3", Pence: pounds(1)}),
		rule:  RuleTransitTwice,
	},
	{
		name:  "a payment of more than is in transit is refused, even if more is open",
		given: more(untilPayable, twoRuns),
		when:  settle(SettleLine{Item: "240.3", Pence: pounds(5_000) + 1, Run: 712}),
		rule:  RuleTransitOver,
	},
	{
		name:  "a payment that arrived is not recorded twice",
		given: more(untilRunReleased, does(releaser, 720, settle(SettleLine{Item: "240.3", Pence: pounds(25_000)}))),
		when:  settle(SettleLine{Item: "240.3", Pence: pounds(25_000)}),
		rule:  RuleItemSettled,
	},
	{
		name:  "a payment dated before its run was released is refused",
		given: untilRunReleased, on: "2019-12-20", dated: "2019-12-05",
		when: settle(SettleLine{Item: "240.3", Pence: pounds(25_000)}),
		rule: RulePaymentRunEarlier,
	},
	{
		name:  "a payment in a run that is not released is refused",
		given: untilProposed,
		when:  settle(SettleLine{Item: "240.3", Pence: pounds(25_000), Run: 702}),
		rule:  RulePaymentRunNotReleased,
	},
	{
		name:  "a payment of what a run released and of what none did is refused",
		given: more(untilPayable, twoRuns),
		when:  settle(SettleLine{Item: "240.3", Pence: 1, Run: 702}, SettleLine{Item: "240.1", Pence: 1}),
		rule:  RuleSettlementMixed,
	},
	{
		name:  "netting against what a run released is refused",
		given: more(untilPayable, secondly(700, propose("BACS 1", SettleLine{Item: "270.1", Pence: 3_150_00})), does(releaser, 710, ReleasePaymentRun{Run: 702})),
		when:  net([]SettleLine{{Item: "270.1", Pence: 3_150_00}}, SettleLine{Item: "280.1", Pence: 157_50}),
		rule:  RuleSettlementMixed,
	},
	{
		name:  "a payment that no run released needs two people",
		given: untilPayable, approvedBy: approver,
		when: settle(SettleLine{Item: "270.1", Pence: pounds(1)}),
		then: PaymentSettled{Reference: "BACS 0141", Lines: []SettledLine{ofMonth("270.1", "2019-20/M07", pounds(1))}},
	},

	{
		name:  "a payment that failed is to be paid again",
		given: untilRunReleased, on: "2019-12-20",
		when:   fail(SettleLine{Item: "291.1", Pence: 2_992_50}),
		then:   PaymentFailed{Run: 702, Reason: "the account was closed", Lines: []SettledLine{nov}},
		fund:   arrs,
		totals: "expenditure £5,985.00, payables -£2,992.50, in transit -£3,150.00, clearing £157.50, limit -£161,826.75, allocated £155,841.75, charged £5,985.00",
	},
	{
		name:  "part of a payment may fail once the rest is settled",
		given: more(untilRunReleased, does(releaser, 720, settle(SettleLine{Item: "240.1", Pence: pounds(5_000)}))),
		when:  fail(SettleLine{Item: "240.1", Pence: pounds(10_000)}),
		then: PaymentFailed{Run: 702, Reason: "the account was closed", Lines: []SettledLine{
			coreLine("240.1", trust, east, pounds(10_000), 0, pounds(2_500), pounds(3_750), pounds(3_750)),
		}},
	},
	{
		name:  "a failure of more than is in transit is refused",
		given: more(untilRunReleased, does(releaser, 720, settle(SettleLine{Item: "240.1", Pence: pounds(5_000)}))),
		when:  fail(SettleLine{Item: "240.1", Pence: pounds(10_000) + 1}),
		rule:  RuleTransitOver,
	},
	{
		name:  "a failure of what is set off is refused",
		given: more(untilPayable, secondly(700, ProposePaymentRun{Reference: "BACS 1", PayOn: "2019-12-20", Lines: []SettleLine{{Item: "270.1", Pence: 157_50}}, Netted: []SettleLine{{Item: "280.1", Pence: 157_50}}}), does(releaser, 710, ReleasePaymentRun{Run: 702})),
		when:  fail(SettleLine{Item: "270.1", Pence: 157_50}),
		rule:  RuleTransitOver,
	},
	{
		name:  "a failure that gives no reason is refused",
		given: untilRunReleased,
		when:  FailPayment{Run: 702, Lines: []SettleLine{{Item: "291.1", Pence: 1}}},
		rule:  RuleTextMissing,
	},
	{
		name:  "a failure without lines is refused",
		given: untilRunReleased,
		when:  fail(),
		rule:  RuleLinesMissing,
	},
	{
		name:  "a failure of nothing is refused",
		given: untilRunReleased,
		when:  fail(SettleLine{Item: "291.1"}),
		rule:  RuleAmountPositive,
	},
	{
		name:  "a failure of an item that does not exist is refused",
		given: untilRunReleased,
		when:  fail(SettleLine{Item: "999.1", Pence: 1}),
		rule:  RuleItemUnknown,
	},
	{
		name:  "a failure in an event that is no run is refused",
		given: untilRunReleased,
		when:  FailPayment{Run: 710, Reason: "no run", Lines: []SettleLine{{Item: "291.1", Pence: 1}}},
		rule:  RulePaymentRunUnknown,
	},
	{
		name:  "a failure in a run that is not released is refused",
		given: untilProposed, as: releaser,
		when: fail(SettleLine{Item: "291.1", Pence: 1}),
		rule: RulePaymentRunNotReleased,
	},
	{
		name:  "a failure whose line names another run is refused",
		given: untilRunReleased,
		when:  fail(SettleLine{Item: "291.1", Pence: 1, Run: 703}),
		rule:  RulePaymentRunLines,
	},

	{
		name:  "an advance that is in transit is not called back",
		given: more(untilReleased, governed, advanceInTransit), as: recorder,
		when: callBack(line(valley, north, leadership, 1)),
		rule: RuleReturnOver,
	},
	{
		name:  "closing a fund while an advance of it is in transit is refused",
		given: more(untilReleased, governed, advanceInTransit), as: recorder, on: "2019-04-02",
		when: CloseFund{Fund: nr, Reason: "end of the financial year"},
		rule: RuleFundUnpaid,
	},
}

// advanceInTransit releases a run of all that is open of the fund NR-PCN-2018.
func advanceInTransit(s *story) {
	secondly(700, ProposePaymentRun{Reference: "BACS 1", PayOn: "2018-12-20", DueBy: "2019-03-31"})(s)
	does(releaser, 710, ReleasePaymentRun{Run: 702})(s)
}

func fail(lines ...SettleLine) FailPayment {
	return FailPayment{Run: 702, Reason: "the account was closed", Lines: lines}
}

// deputy appoints an officer in another's stead.
func deputy(officer OfficerID, role Role, of OfficerID) AppointOfficer {
	return AppointOfficer{Appointment{Officer: officer, Role: role, DeputyOf: of, From: "2018-04-01", Source: minute}}
}

// TestFivePayablesThroughTwoRuns is the worked example of a payment run: five payables and one recovery that is netted;
// Hill's payment arrives, that of the November claim fails and is paid in the next run.
func TestFivePayablesThroughTwoRuns(t *testing.T) {
	s := told(t, untilPayable)
	for _, step := range []struct {
		name       string
		chapter    chapter
		core, arrs string
	}{
		{
			"proposed and approved", proposed,
			"expenditure £65,000.50, payables -£65,000.50, limit -£600,000.00, allocated £534,999.50, charged £65,000.50",
			"expenditure £5,985.00, receivables £157.50, payables -£6,142.50, limit -£161,826.75, allocated £155,841.75, charged £5,985.00",
		},
		{
			"released", runReleased,
			"expenditure £65,000.50, in transit -£64,843.00, clearing -£157.50, limit -£600,000.00, allocated £534,999.50, charged £65,000.50",
			"expenditure £5,985.00, in transit -£6,142.50, clearing £157.50, limit -£161,826.75, allocated £155,841.75, charged £5,985.00",
		},
		{
			"Hill's payment arrived", does(releaser, 720, settle(SettleLine{Item: "240.3", Pence: pounds(25_000)})),
			"expenditure £65,000.50, in transit -£39,843.00, clearing -£25,157.50, limit -£600,000.00, allocated £534,999.50, charged £65,000.50",
			"expenditure £5,985.00, in transit -£6,142.50, clearing £157.50, limit -£161,826.75, allocated £155,841.75, charged £5,985.00",
		},
		{
			"that of the November claim failed", does(releaser, 730, fail(SettleLine{Item: "291.1", Pence: 2_992_50})),
			"expenditure £65,000.50, in transit -£39,843.00, clearing -£25,157.50, limit -£600,000.00, allocated £534,999.50, charged £65,000.50",
			"expenditure £5,985.00, payables -£2,992.50, in transit -£3,150.00, clearing £157.50, limit -£161,826.75, allocated £155,841.75, charged £5,985.00",
		},
		{
			"the next run is on its way", func(s *story) {
				secondly(740, ProposePaymentRun{Reference: "BACS 0110", PayOn: "2020-01-10", DueBy: "2020-01-31"})(s)
				does(releaser, 750, ReleasePaymentRun{Run: 742})(s)
			},
			"expenditure £65,000.50, in transit -£39,843.00, clearing -£25,157.50, limit -£600,000.00, allocated £534,999.50, charged £65,000.50",
			"expenditure £5,985.00, in transit -£6,142.50, clearing £157.50, limit -£161,826.75, allocated £155,841.75, charged £5,985.00",
		},
		{
			"all arrived", does(releaser, 760, settle(SettleLine{Item: "240.1", Pence: pounds(15_000)}, SettleLine{Item: "240.2", Pence: 24_843_00},
				SettleLine{Item: "270.1", Pence: 3_150_00}, SettleLine{Item: "291.1", Pence: 2_992_50})),
			"expenditure £65,000.50, clearing -£65,000.50, limit -£600,000.00, allocated £534,999.50, charged £65,000.50",
			"expenditure £5,985.00, clearing -£5,985.00, limit -£161,826.75, allocated £155,841.75, charged £5,985.00",
		},
	} {
		step.chapter(s)
		for _, f := range []struct {
			code FundCode
			want string
		}{{core, step.core}, {arrs, step.arrs}} {
			if got := s.totals(f.code); got != f.want {
				t.Errorf("%s: fund %s stands at\n%s\nwant\n%s", step.name, f.code, got, f.want)
			}
		}
	}
	if e := s.log[len(s.log)-1].Event.(PaymentSettled); e.Lines[3].Run != 742 || e.Lines[2].Run != 702 {
		t.Errorf("the claims were settled in runs %d and %d, want 702 and 742", e.Lines[2].Run, e.Lines[3].Run)
	}
	if open := s.open(); len(open) > 0 {
		t.Errorf("items are left open: %q", open)
	}
}

// TestWhatIsReversedIsInTransitAgain undoes what became of a run, step by step.
func TestWhatIsReversedIsInTransitAgain(t *testing.T) {
	s := told(t, more(untilRunReleased, does(releaser, 720, settle(SettleLine{Item: "240.1", Pence: pounds(5_000)}), fail(SettleLine{Item: "240.1", Pence: pounds(4_000)}))))
	item := s.ledger.items["240.1"]
	for _, step := range []struct {
		number  int64
		transit Pence
	}{{720, pounds(11_000)}, {721, pounds(15_000)}, {710, 0}} {
		was, _ := s.look(step.number)
		s.ledger.reverseRuns(EntryReversed{Entry: step.number, Was: Was{was.Event}})
		if got := item.inTransit(); got != step.transit {
			t.Errorf("once event %d is reversed, %s is in transit, want %s", step.number, got, step.transit)
		}
		if parts := item.transitIn(702); step.number == 721 && !reflect.DeepEqual(parts, ofEast.Parts) {
			t.Errorf("in transit again are %v, want %v", parts, ofEast.Parts)
		}
	}
	if !s.ledger.runs[702].reversed || item.transit != nil {
		t.Error("a run whose release is reversed goes on")
	}
}

// tills is what an officer with a pencil keeps of payment runs: from the events' own lines, not from the ledger's state.
type tills struct {
	kept    map[ItemID]Pence           // by runs that are not released
	transit map[int64]map[ItemID]Pence // by run
	settled map[ItemID]Pence           // paid, set off, received or netted
}

func tillsOf(log []Recorded) tills {
	b := tills{map[ItemID]Pence{}, map[int64]map[ItemID]Pence{}, map[ItemID]Pence{}}
	add := func(to map[ItemID]Pence, sign Pence, lines []SettledLine) {
		for _, line := range lines {
			to[line.Item] += sign * line.Pence
		}
	}
	for _, r := range log {
		switch e := r.Event.(type) {
		case PaymentRunProposed:
			add(b.kept, 1, e.all())
		case PaymentRunReleased:
			add(b.kept, -1, append(append(append([]SettledLine(nil), e.Lines...), e.SetOff...), e.Netted...))
			b.transit[e.Run] = map[ItemID]Pence{}
			add(b.transit[e.Run], 1, e.Lines)
			add(b.settled, 1, e.SetOff)
			add(b.settled, 1, e.Netted)
		case PaymentFailed:
			add(b.transit[e.Run], -1, e.Lines)
		case PaymentSettled:
			add(b.settled, 1, e.Lines)
			add(b.settled, 1, e.Netted)
			for _, line := range e.Lines {
				if line.Run != 0 {
					b.transit[line.Run][line.Item] -= line.Pence
				}
			}
		case ReceiptRecorded:
			add(b.settled, 1, e.Lines)
		}
	}
	return b
}

// checkTills requires that no item is overpaid, that what is in transit is what was released and neither settled nor
// failed, and that payables and what is in transit never fall below nothing.
func (s *story) checkTills(items []ItemID) {
	s.t.Helper()
	b, transit := tillsOf(s.log), Pence(0)
	for _, id := range items {
		item, moving := s.ledger.items[id], Pence(0)
		for run, lines := range b.transit {
			if moving += lines[id]; lines[id] < 0 || sumParts(item.transitIn(run)) != lines[id] {
				s.t.Fatalf("run %d has %s of item %s in transit; its events come to %s", run, sumParts(item.transitIn(run)), id, lines[id])
			}
		}
		if transit += moving; b.settled[id]+moving+item.left() != item.Pence() || item.left() < b.kept[id] || sumParts(item.inRun) != b.kept[id] {
			s.t.Fatalf("item %s of %s: %s settled, %s in transit, %s open, of which runs keep %s and its events %s",
				id, item.Pence(), b.settled[id], moving, item.left(), sumParts(item.inRun), b.kept[id])
		}
		for _, part := range item.open {
			if part.Pence < 0 {
				s.t.Fatalf("item %s has %s open for %s", id, part.Pence, part.For)
			}
		}
		if free := lessParts(item.open, item.inRun); sumParts(free) != item.left()-b.kept[id] {
			s.t.Fatalf("item %s keeps parts %v for runs out of %v", id, item.inRun, item.open)
		}
	}
	for at, pence := range s.ledger.funds[core].balances {
		if at.account == Payables && pence > 0 || at.account == InTransit && pence != -transit {
			s.t.Fatalf("%s stands at %s; %s is in transit", at.account, pence, transit)
		}
	}
}

// TestPaymentRunsInAnyOrder proposes, releases, settles and fails at random over three payables of four parts and two
// receivables.
func TestPaymentRunsInAnyOrder(t *testing.T) {
	items := []ItemID{"240.1", "240.2", "240.3", "285.1", "286.1"}
	done := map[string]int{}
	rapid.Check(t, func(r *rapid.T) {
		s := newStory(r)
		for _, c := range more(untilJuly, also(285, "2019-12-03", recoverPence("240.2", "2019-20/M01", pounds(2_000)), recoverPence("240.3", "2019-20/M02", pounds(3_000))), governed) {
			c(s)
		}
		draw := func(most int, what string) int { return rapid.IntRange(0, most).Draw(r, what) }
		lines := func(from []ItemID) []SettleLine {
			var lines []SettleLine
			for _, id := range from {
				if draw(2, "not this item") == 0 {
					lines = append(lines, SettleLine{Item: id, Pence: pounds(int64(1 + draw(12, "thousands")*1000))})
				}
			}
			return lines
		}
		moving := func(run int64) []SettleLine {
			var lines []SettleLine
			for _, id := range items[:3] {
				if in := sumParts(s.ledger.items[id].transitIn(run)); in > 0 && draw(2, "not this one") > 0 {
					lines = append(lines, SettleLine{Item: id, Pence: []Pence{in, (in + 1) / 2, in + 1}[draw(2, "how much")], Run: run * int64(draw(1, "name the run"))})
				}
			}
			return lines
		}
		for n := range 40 {
			run := int64(0)
			if runs := sortedKeys(s.ledger.runs); len(runs) > 0 {
				run = runs[draw(len(runs)-1, "run")]
			}
			var c Command
			switch draw(8, "act") {
			case 0, 1:
				c = ProposePaymentRun{Reference: fmt.Sprint("run ", n), PayOn: "2019-12-20", Lines: lines(items[:3]), Netted: lines(items[3:])}
			case 2, 3:
				c = ReleasePaymentRun{Run: run}
			case 4:
				c = FailPayment{Run: run, Reason: "the account was closed", Lines: moving(run)}
			case 5:
				c = receive(lines(items[3:])...)
			case 6:
				c = net(lines(items[:3]), lines(items[3:])...)
			case 7:
				c = settle(lines(items[:3])...)
			default:
				c = settle(moving(run)...)
			}
			s.attempt(c, done, draw(4, "let it wait") == 0)
			s.checkTills(items)
		}
		fresh := new(Ledger)
		for _, recorded := range s.log {
			fresh.Apply(recorded)
		}
		if !reflect.DeepEqual(fresh, s.ledger) {
			r.Fatal("a rebuild differs from the ledger")
		}
	})
	for _, act := range []string{"PaymentRunProposed", "PaymentRunReleased", "PaymentSettled", "PaymentFailed", "ReceiptRecorded", "set off", "settled in a run"} {
		if done[act] < 5 {
			t.Errorf("%s happened %d times in all; the property means nothing", act, done[act])
		}
	}
	t.Logf("it happened: %v", done)
}

// attempt has the releaser or the recorder give a command, which may be refused, and the director approve it if it is
// held: at once, or later.
func (s *story) attempt(c Command, done map[string]int, wait bool) {
	s.t.Helper()
	s.as(releaser)
	if name := KindOf(c).Name; name == "ProposePaymentRun" || name == "RecordReceipt" {
		s.as(recorder)
	}
	facts, err := s.decide(c, "")
	if refusal := refusalOf(err); err != nil && refusal == nil {
		s.t.Fatal(err)
	}
	s.apply(facts)
	if wait {
		return
	}
	for _, n := range append([]int64(nil), s.ledger.waiting...) {
		approved, err := s.as(chief).decide(Approve{n, s.ledger.requests[n].digest}, "")
		if refusal := refusalOf(err); err != nil && refusal == nil {
			s.t.Fatal(err)
		}
		s.apply(approved)
		facts = append(facts, approved...)
	}
	for _, f := range facts {
		done[EventKindOf(f.Event).Name]++
		if e, ok := f.Event.(PaymentRunReleased); ok && len(e.SetOff) > 0 {
			done["set off"]++
		}
		if e, ok := f.Event.(PaymentSettled); ok && e.ofRuns() {
			done["settled in a run"]++
		}
	}
}
