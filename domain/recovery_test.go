package domain

import "testing"

// closedArrs closes the roles' fund as event 290, on 2 April.
func closedArrs(s *story) {
	s.number = 290
	s.on("2020-04-02").do(CloseFund{Fund: arrs, Reason: "end of the financial year"})
}

// evidencePaid has £120 of spend on evidence charged to £100 that was set aside, as event 220: £20 over.
var evidencePaid = more(untilFunded, also(200, "2018-12-01", OpenFund{func() Terms {
	t := terms(evWarn)
	t.Cover, t.Basis = CoverWarn, BasisEvidence
	return t
}()}, ConfirmFunding{Fund: evWarn, Pence: pounds(500), Title: "first tranche", Source: letter},
	AllocateFund{Fund: evWarn, Decision: paper, Lines: []Line{line(valley, north, leadership, pounds(100))}}),
	also(220, "2018-12-03", spend(evWarn, valley, north, leadership, pounds(120))))

// owing19 is a recovery from the pharmacist's October claim.
func owing19(pence Pence, draws ...Draw) RecoveryRaised {
	return RecoveryRaised{
		Item: "270.1", Claim: 260, Fund: arrs, Payee: valley, Beneficiary: north, Category: pharmacist, For: "2019-20/M07", Charge: 1,
		Due: "2020-01-01", Person: "P-0001", Pence: pence, Draws: draws,
	}
}

// proved is the recovery by what the post's cost proved to be.
func (e RecoveryRaised) proved(cost Costs, right Pence) RecoveryRaised {
	e.Reason, e.Proved, e.Right = "the salary proved to be less", cost, right
	return e
}

// lapsedFor is a draw on what lapsed of North's money.
func lapsedFor(month Service, pence Pence) Draw {
	return Draw{Account: Lapsed, Bucket: Bucket{Beneficiary: north, For: month}, Pence: pence}
}

var recoveryRows = []row{
	{
		name:  "a cost that proves to be 5 % less leaves £157.50 to be paid back, and the money can be used again",
		given: untilApproved, on: "2019-12-02",
		when:   recoverProved(cost(4_275_00)),
		then:   owing19(157_50, drawn(north, 157_50)...).proved(cost(4_275_00), 2_992_50),
		fund:   arrs,
		totals: "expenditure £2,992.50, receivables £157.50, payables -£3,150.00, limit -£161,826.75, allocated £158,834.25, charged £2,992.50",
	},
	{
		name:  "a cost that proves to be less again leaves the next difference",
		given: untilRecovered,
		when:  recoverProved(cost(4_270_00)),
		then:  owing19(3_50, drawn(north, 3_50)...).proved(cost(4_270_00), 2_989_00),
	},
	{
		name:  "what a claim paid can be recovered in full, cost or no cost",
		given: untilApproved, on: "2019-12-02",
		when: recoverOf("P-0001", 3_150_00),
		then: func() Event {
			e := owing19(3_150_00, drawn(north, 3_150_00)...)
			e.Reason = "left on 15 October"
			return e
		}(),
	},
	{
		name:  "what is recovered after the fund's end lapses",
		given: untilApproved, on: "2020-04-01",
		when: RaiseRecovery{Item: "270.1", Reason: "the salary proved to be less", Person: "P-0001", Proved: cost(4_275_00), Due: "2020-01-01"},
		then: owing19(157_50, lapsedFor("2019-20/M07", 157_50)).proved(cost(4_275_00), 2_992_50),
	},
	{
		name:  "what is recovered after the fund's close lapses, whenever it is dated",
		given: more(untilApproved, closedArrs), dated: "2020-03-31",
		when:   RaiseRecovery{Item: "270.1", Reason: "the salary proved to be less", Person: "P-0001", Proved: cost(4_275_00), Due: "2020-01-01"},
		then:   owing19(157_50, lapsedFor("2019-20/M07", 157_50)).proved(cost(4_275_00), 2_992_50),
		fund:   arrs,
		totals: "expenditure £2,992.50, receivables £157.50, payables -£3,150.00, limit -£161,826.75, charged £2,992.50, lapsed £158,834.25",
	},
	{
		name:  "an entitlement is recovered month by month",
		given: untilJuly, on: "2019-07-22",
		when: recoverPence("240.3", "2019-20/M02", pounds(250)),
		then: RecoveryRaised{
			Item: "240.3", Fund: core, Payee: hill, Beneficiary: south, Category: coreFunding, For: "2019-20/M02", Charge: 2,
			Reason: "raised on a wrong list", Due: "2019-08-21", Pence: pounds(250), Draws: drawn(south, pounds(250)),
		},
	},
	{
		name:  "spend on evidence that is recovered returns the overspend first",
		given: evidencePaid,
		when:  recoverPence("220.1", "2018-19", pounds(50)),
		then: RecoveryRaised{
			Item: "220.1", Fund: evWarn, Payee: valley, Beneficiary: north, Category: leadership, For: "2018-19", Charge: 1,
			Reason: "raised on a wrong list", Due: "2019-01-02", Pence: pounds(50), Draws: []Draw{
				{Account: Allocated, Bucket: bucket(valley, north, leadership), Pence: pounds(20)},
				{Account: Allocated, Bucket: bucket(valley, north, leadership), Pence: pounds(30)},
			},
		},
		fund:   evWarn,
		totals: "expenditure £70.00, receivables £50.00, payables -£120.00, limit -£500.00, unallocated £400.00, allocated £30.00, charged £70.00",
	},
	{
		name:  "a second recovery returns what the first left",
		given: more(evidencePaid, also(230, "2018-12-04", recoverPence("220.1", "2018-19", pounds(15)))),
		when:  recoverPence("220.1", "2018-19", pounds(105)),
		then: RecoveryRaised{
			Item: "220.1", Fund: evWarn, Payee: valley, Beneficiary: north, Category: leadership, For: "2018-19", Charge: 1,
			Reason: "raised on a wrong list", Due: "2019-01-03", Pence: pounds(105), Draws: []Draw{
				{Account: Allocated, Bucket: bucket(valley, north, leadership), Pence: pounds(5)},
				{Account: Allocated, Bucket: bucket(valley, north, leadership), Pence: pounds(100)},
			},
		},
	},
	{
		name:  "a recovery of more than was raised for the month is refused",
		given: untilJuly,
		when:  recoverPence("240.3", "2019-20/M02", 6_250_01),
		rule:  RuleRecoveryOver,
	},
	{
		name:  "two recoveries of more than was raised are refused",
		given: more(untilJuly, also(248, "2019-07-22", recoverPence("240.3", "2019-20/M02", 6_000_00))),
		when:  recoverPence("240.3", "2019-20/M02", 250_01),
		rule:  RuleRecoveryOver,
	},
	{
		name:  "a recovery of more than a claim paid is refused",
		given: untilRecovered,
		when:  recoverOf("P-0001", 2_992_51),
		rule:  RuleRecoveryOver,
	},
	{
		name:  "a recovery for a month that the item does not have is refused",
		given: untilJuly,
		when:  recoverPence("240.3", "2019-20/M05", 1),
		rule:  RuleRecoveryNone,
	},
	{
		name:  "a recovery from a person whom the claim does not have is refused",
		given: untilApproved,
		when:  RaiseRecovery{Item: "270.1", Reason: "left", Person: "P-0002", Proved: cost(1_000_00)},
		rule:  RuleRecoveryNone,
	},
	{
		name:  "a cost that proves to be what was claimed leaves nothing to recover",
		given: untilApproved,
		when:  recoverProved(cost(4_500_00)),
		rule:  RuleRecoveryNothing,
	},
	{
		name:  "a cost that proves to be more leaves nothing to recover",
		given: untilRecovered,
		when:  recoverProved(cost(4_400_00)),
		rule:  RuleRecoveryNothing,
	},
	{
		name:  "a recovery from a claim without a cost or an amount is refused",
		given: untilApproved,
		when:  recoverProved(Costs{}),
		rule:  RuleClaimCosts,
	},
	{
		name:  "a recovery from a claim by a cost and an amount is refused",
		given: untilApproved,
		when:  RaiseRecovery{Item: "270.1", Reason: "left", Person: "P-0001", Proved: cost(1_000_00), Pence: 1},
		rule:  RuleClaimCosts,
	},
	{
		name:  "a recovery by a cost that the portal would not take is refused",
		given: untilApproved,
		when:  recoverProved(Costs{Salary: -1}),
		rule:  RuleClaimCosts,
	},
	{
		name:  "a recovery of an entitlement without an amount is refused",
		given: untilJuly,
		when:  recoverPence("240.3", "2019-20/M02", 0),
		rule:  RuleAmountPositive,
	},
	{
		name:  "an advance is not recovered but called back",
		given: untilReleased,
		when:  recoverPence("120.1", "2018-19", 1),
		rule:  RuleItemKind,
	},
	{
		name:  "a recovery is not recovered itself",
		given: untilRecovered,
		when:  recoverPence("280.1", "2019-20/M07", 1),
		rule:  RuleItemKind,
	},
	{
		name:  "a recovery of an item that does not exist is refused",
		given: untilApproved,
		when:  recoverPence("270.2", "2019-20/M07", 1),
		rule:  RuleItemUnknown,
	},
	{
		name:  "a recovery dated before its item arose is refused",
		given: untilApproved, on: "2019-12-02", dated: "2019-11-11",
		when: recoverProved(cost(4_275_00)),
		rule: RuleItemEarlier,
	},
	{
		name:  "a recovery without a reason is refused",
		given: untilApproved,
		when:  RaiseRecovery{Item: "270.1", Person: "P-0001", Proved: cost(4_275_00)},
		rule:  RuleTextMissing,
	},
}

func TestRecoveries(t *testing.T) { tell(t, recoveryRows) }

// settledNorth is the line of a payment or receipt of North's October.
func settledNorth(item ItemID, pence Pence) SettledLine {
	return SettledLine{Item: item, Fund: arrs, Payee: valley, Beneficiary: north, Pence: pence, Parts: []Part{{"2019-20/M07", pence}}}
}

func net(paid []SettleLine, netted ...SettleLine) SettlePayment {
	return SettlePayment{Reference: "BACS 1220", Lines: paid, Netted: netted}
}

// owesNorth is Valley paid £10 too much core funding of North, as event 285: item 285.1.
func owesNorth(s *story) {
	s.number = 285
	s.on("2019-12-03").do(recoverPence("240.2", "2019-20/M01", pounds(10)))
}

var nettingRows = []row{
	{
		name:  "what a payee owes is netted against what it is paid",
		given: untilRecovered,
		when:  net([]SettleLine{{Item: "270.1", Pence: 3_150_00}}, SettleLine{Item: "280.1", Pence: 157_50}),
		then: PaymentSettled{
			Reference: "BACS 1220", Lines: []SettledLine{settledNorth("270.1", 3_150_00)}, Netted: []SettledLine{settledNorth("280.1", 157_50)},
		},
		fund:   arrs,
		totals: "expenditure £2,992.50, clearing -£2,992.50, limit -£161,826.75, allocated £158,834.25, charged £2,992.50",
	},
	{
		name:  "what a payee owes to one fund is netted against what another pays it",
		given: more(untilJuly, engaged19, claimed19, approved19, owesNorth),
		when:  net([]SettleLine{{Item: "270.1", Pence: 3_150_00}}, SettleLine{Item: "285.1", Pence: pounds(10)}),
		then: PaymentSettled{
			Reference: "BACS 1220", Lines: []SettledLine{settledNorth("270.1", 3_150_00)}, Netted: []SettledLine{
				{Item: "285.1", Fund: core, Payee: valley, Beneficiary: north, Pence: pounds(10), Parts: []Part{{"2019-20/M01", pounds(10)}}},
			},
		},
		fund:   core,
		totals: "expenditure £64,990.50, payables -£65,000.50, clearing £10.00, limit -£600,000.00, allocated £535,009.50, charged £64,990.50",
	},
	{
		name:  "a payment may be netted to nothing",
		given: untilRecovered,
		when:  net([]SettleLine{{Item: "270.1", Pence: 157_50}}, SettleLine{Item: "280.1", Pence: 157_50}),
		then: PaymentSettled{
			Reference: "BACS 1220", Lines: []SettledLine{settledNorth("270.1", 157_50)}, Netted: []SettledLine{settledNorth("280.1", 157_50)},
		},
	},
	{
		name:  "what a payee owes is received like any other receivable",
		given: untilRecovered,
		when:  receive(SettleLine{Item: "280.1", Pence: 157_50}),
		then:  ReceiptRecorded{"receipt 7", []SettledLine{settledNorth("280.1", 157_50)}},
	},
	{
		name:  "netting more than the payee is paid is refused",
		given: untilRecovered,
		when:  net([]SettleLine{{Item: "270.1", Pence: 157_49}}, SettleLine{Item: "280.1", Pence: 157_50}),
		rule:  RuleNettingOver,
	},
	{
		name:  "netting what one payee owes against what another is paid is refused",
		given: more(untilJuly, engaged19, claimed19, approved19, recovered19),
		when:  net([]SettleLine{{Item: "240.3", Pence: 25_000_00}}, SettleLine{Item: "280.1", Pence: 157_50}),
		rule:  RuleNettingOver,
	},
	{
		name:  "netting more than the payee still owes is refused",
		given: untilRecovered,
		when:  net([]SettleLine{{Item: "270.1", Pence: 3_150_00}}, SettleLine{Item: "280.1", Pence: 157_51}),
		rule:  RuleItemOverpaid,
	},
	{
		name:  "netting the same debt twice in one payment is refused",
		given: untilRecovered,
		when:  net([]SettleLine{{Item: "270.1", Pence: 3_150_00}}, SettleLine{Item: "280.1", Pence: 100_00}, SettleLine{Item: "280.1", Pence: 57_50}),
		rule:  RuleItemTwice,
	},
	{
		name:  "netting a payable is refused",
		given: more(untilJuly, engaged19, claimed19, approved19),
		when:  net([]SettleLine{{Item: "270.1", Pence: 3_150_00}}, SettleLine{Item: "240.2", Pence: 1_00}),
		rule:  RuleItemKind,
	},
	{
		name:  "netting before the debt arose is refused",
		given: untilRecovered, dated: "2019-12-01",
		when: net([]SettleLine{{Item: "270.1", Pence: 3_150_00}}, SettleLine{Item: "280.1", Pence: 157_50}),
		rule: RuleItemEarlier,
	},
	{
		name:  "a payment that nets and pays nothing is refused",
		given: untilRecovered,
		when:  net(nil, SettleLine{Item: "280.1", Pence: 157_50}),
		rule:  RuleLinesMissing,
	},
}

func TestNetting(t *testing.T) { tell(t, nettingRows) }
