package domain

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// adjust asks that core funding be adjusted through a month of 2019/20.
func adjust(through int, networks ...Body) AdjustEntitlement {
	return AdjustEntitlement{Fund: core, Rate: "CORE_PCN", Through: month(through), Networks: networks, Reason: "the list of Hill was corrected"}
}

// adjusted19 is the event of an adjustment of core funding.
func adjusted19(through int, due Date, lines ...AdjustmentLine) EntitlementAdjusted {
	return EntitlementAdjusted{Fund: core, Rate: "CORE_PCN", Year: "2019-20", Through: month(through), Due: due, Reason: "the list of Hill was corrected", Lines: lines}
}

// hillStood is what South's core funding stands on with so many patients of Hill, by a list.
func hillStood(list, patients int64) Footing {
	return Footing{Rate: 210, List: list, Patients: patients, Annual: Pence(patients * 150)}
}

// differs is a line of the same difference for some months of South; of an item if less.
func differs(of ItemID, payee Body, was, now Footing, pence Pence, months ...int) AdjustmentLine {
	line := AdjustmentLine{Payee: payee, Beneficiary: south, Category: coreFunding, Of: of}
	for i, m := range months {
		part := AdjustedPart{For: month(m), Pence: pence, Was: was, Now: now, Draws: drawn(south, pence)}
		if of != "" {
			part.Charge = i + 1
		}
		line.Pence += pence
		line.Parts = append(line.Parts, part)
	}
	return line
}

// adjustedDown corrects Hill's list to 49,920 patients and adjusts April to July, as event 246: item 246.1 is £40 that South
// pays back.
var adjustedDown = more(untilJuly, correctedList(49_920), also(246, "2019-07-22", adjust(4)))

// adjustedUp corrects it to 50,080 and adjusts April to July, as event 246: item 246.1 is £40 more.
var adjustedUp = more(untilJuly, correctedList(50_080), also(246, "2019-07-22", adjust(4)))

// hillAt and millAt give the practice other patients on 1 January 2019.
func hillAt(patients int64) RecordListSizes { return correctedTo(hill, patients) }
func millAt(patients int64) RecordListSizes { return correctedTo(mill, patients) }

// correctedTo corrects one practice's line of list 200; the others stand.
func correctedTo(practice Body, patients int64) RecordListSizes {
	return RecordListSizes{
		Population: PopulationRegistered, At: "2019-01-01", Corrects: 200, Source: Source{Title: "corrected list of " + string(practice)},
		Lines: []ListLine{{Practice: practice, Patients: patients}},
	}
}

// correcting has a correction take the place of another list: one that was corrected is corrected through its correction.
func correcting(list int64, c RecordListSizes) RecordListSizes {
	c.Corrects = list
	return c
}

// weightedFord gives Ford 18,400 weighted patients instead of 19,000, as event 245.
var weightedFord = also(245, "2019-07-20", RecordListSizes{
	Population: PopulationWeighted, At: "2019-01-01", Corrects: 201, Source: Source{Title: "corrected weighted list of Ford"}, Lines: []ListLine{{Practice: ford, Patients: 18_400}},
})

// sharedHard is a fund that covers no overspend and has £50,000.50 for all networks, just what it raised for North and South,
// as event 242; then 80 patients prove to be North's and not South's.
var sharedHard = more(untilFunded19, func(s *story) {
	s.number = 236
	t := terms19(hard, coreFunding)
	t.Cover = CoverHard
	s.on("2019-06-10").do(OpenFund{t}, ConfirmFunding{Fund: hard, Pence: 50_000_50, Title: "allocation", Source: letter},
		AllocateFund{Fund: hard, Decision: paper, Lines: []Line{line19("", 50_000_50)}})
	s.number = 242
	s.on("2019-07-15").do(run(hard, "CORE_PCN", month(4), north, south))
}, also(245, "2019-07-20", RecordListSizes{
	Population: PopulationRegistered, At: "2019-01-01", Corrects: 200, Source: Source{Title: "corrected lists"},
	Lines: []ListLine{{Practice: mill, Patients: 30_081}, {Practice: hill, Patients: 49_920}},
}))

// newNetwork has a practice without a list found a network.
var newNetwork = also(246, "2019-07-21", RegisterBody{Body: "local:West", Kind: KindNetwork}, RegisterBody{Body: "local:Moor", Kind: KindPractice},
	enrol("local:West", Member{Practice: "local:Moor", From: "2019-04-01"}))

var adjustmentRows = []row{
	{
		name:  "a list corrected upwards is made good for the months that were raised, and raises no other",
		given: more(untilJuly, correctedList(50_080)), on: "2019-08-15",
		when:   adjust(5),
		then:   adjusted19(5, "2019-09-14", differs("", hill, hillStood(200, 50_000), hillStood(245, 50_080), 10_00, 1, 2, 3, 4)),
		fund:   core,
		totals: "expenditure £65,040.50, payables -£65,040.50, limit -£600,000.00, allocated £534,959.50, charged £65,040.50",
	},
	{
		name:  "a list corrected downwards is paid back by whoever was paid",
		given: more(untilJuly, correctedList(49_920), also(246, "2019-07-20", nominate(south, trust, "2019-08-01"))), on: "2019-08-15",
		when:   adjust(5),
		then:   adjusted19(5, "2019-09-14", differs("240.3", hill, hillStood(200, 50_000), hillStood(245, 49_920), 10_00, 1, 2, 3, 4)),
		fund:   core,
		totals: "expenditure £64,960.50, receivables £40.00, payables -£65,000.50, limit -£600,000.00, allocated £535,039.50, charged £64,960.50",
	},
	{
		name:  "what is more goes to the payee of the last month's first day",
		given: more(untilJuly, correctedList(50_080), also(246, "2019-07-20", nominate(south, trust, "2019-08-01"))), on: "2019-08-15",
		when: adjust(5),
		then: adjusted19(5, "2019-09-14", differs("", trust, hillStood(200, 50_000), hillStood(245, 50_080), 10_00, 1, 2, 3, 4)),
	},
	{
		name:  "a practice is adjusted on its own weighted list, where the rate is paid so",
		given: more(untilFunded19, also(240, "2019-07-15", run(core, "NPP", "2019-20/M04")), weightedFord), on: "2019-08-15",
		when: AdjustEntitlement{Fund: core, Rate: "NPP", Through: month(4), Reason: "the list of Ford was corrected"},
		then: func() Event {
			// 19,000 and then 18,400 weighted patients at £1.761: £33,459.00 and £32,402.40, a twelfth of each £2,788.25 and £2,700.20.
			line := AdjustmentLine{Payee: ford, Beneficiary: north, Practice: ford, Category: participation, Of: "240.2", Pence: 352_20}
			for m := 1; m <= 4; m++ {
				line.Parts = append(line.Parts, AdjustedPart{For: month(m), Pence: 88_05, Charge: m, Draws: drawn(north, 88_05),
					Was: Footing{Rate: 210, List: 201, Patients: 19_000, Annual: 33_459_00}, Now: Footing{Rate: 210, List: 245, Patients: 18_400, Annual: 32_402_40}})
			}
			e := adjusted19(4, "2019-09-14", line)
			e.Rate, e.Reason = "NPP", "the list of Ford was corrected"
			return e
		}(),
	},
	{
		name:  "what is less is taken from the last item first, and from each no more than it raised",
		given: more(adjustedUp, also(250, "2019-08-01", hillAt(49_920))), on: "2019-08-15",
		when: adjust(4),
		then: adjusted19(4, "2019-09-14",
			differs("246.1", hill, hillStood(245, 50_080), hillStood(250, 49_920), 10_00, 1, 2, 3, 4),
			differs("240.3", hill, hillStood(245, 50_080), hillStood(250, 49_920), 10_00, 1, 2, 3, 4)),
	},
	{
		name: "what was recovered of an item is not taken from it again",
		given: more(adjustedUp, also(248, "2019-07-25", recoverPence("246.1", month(1), pounds(10)), recoverPence("246.1", month(2), pounds(4))),
			also(250, "2019-08-01", hillAt(49_920))), on: "2019-08-15",
		when: adjust(4),
		then: func() Event {
			was, now := hillStood(245, 50_080), hillStood(250, 49_920)
			old, last := differs("240.3", hill, was, now, 10_00, 1, 2, 3, 4), differs("246.1", hill, was, now, 10_00, 2, 3, 4)
			for i := range last.Parts {
				last.Parts[i].Charge = i + 2
			}
			last.Parts[0].Pence, last.Parts[0].Draws, last.Pence = 6_00, drawn(south, 6_00), 26_00
			return adjusted19(4, "2019-09-14", old, last)
		}(),
	},
	{
		name:  "what was paid and is less is owed by the payee, and the payment stays",
		given: more(untilJuly, also(244, "2019-07-19", settle(SettleLine{Item: "240.3", Pence: pounds(25_000)})), correctedList(49_920)), on: "2019-08-15",
		when: adjust(4, south),
		then: adjusted19(4, "2019-09-14", differs("240.3", hill, hillStood(200, 50_000), hillStood(245, 49_920), 10_00, 1, 2, 3, 4)), fund: core,
		totals: "expenditure £64,960.50, receivables £40.00, payables -£40,000.50, clearing -£25,000.00, limit -£600,000.00, allocated £535,039.50, charged £64,960.50",
	},
	{
		name:  "after what was too much is paid back the next month is run like any other",
		given: adjustedDown, on: "2019-08-15",
		when: run(core, "CORE_PCN", "2019-20/M05", south),
		then: ran("CORE_PCN", 5, "2019-09-14", owing(hill, south, coreFunding, 49_920, 74_880_00, 5, 6_240_00).by(245)),
	},
	{
		// A year of 50,001 patients is £75,001.50 and of 50,002 £75,003.00: a twelfth is £6,250.125 and £6,250.25, so that months
		// raised at .13, .12, .13, .12 are .25 each: 12, 13, 12 and 13 pence more.
		name:  "pennies follow the rule of instalments month by month",
		given: more(untilJuly, also(245, "2019-07-20", millAt(30_002))), on: "2019-08-15",
		when: adjust(4),
		then: func() Event {
			line := AdjustmentLine{Payee: valley, Beneficiary: north, Category: coreFunding, Pence: 50}
			for i, pence := range []Pence{12, 13, 12, 13} {
				line.Parts = append(line.Parts, AdjustedPart{For: month(i + 1), Pence: pence, Draws: drawn(north, pence),
					Was: Footing{Rate: 210, List: 200, Patients: 50_001, Annual: 75_001_50}, Now: Footing{Rate: 210, List: 245, Patients: 50_002, Annual: 75_003_00}})
			}
			return adjusted19(4, "2019-09-14", line)
		}(),
	},
	{
		name:  "a network whose members proved to be in none pays all of it back",
		given: more(untilJuly, also(246, "2019-07-20", enrol(east, Member{wood, "2018-04-01", "2018-04-30"}))), on: "2019-08-15",
		when: adjust(4, east),
		then: func() Event {
			line := AdjustmentLine{Payee: trust, Beneficiary: east, Category: coreFunding, Of: "240.1", Pence: 15_000_00}
			for m := 1; m <= 4; m++ {
				line.Parts = append(line.Parts, AdjustedPart{For: month(m), Pence: 3_750_00, Charge: m, Draws: drawn(east, 3_750_00),
					Was: Footing{Rate: 210, List: 200, Patients: 30_000, Annual: 45_000_00}, Now: Footing{Rate: 210}})
			}
			return adjusted19(4, "2019-09-14", line)
		}(),
	},
	{
		name:  "a fund that covers no overspend pays one network out of what another pays back",
		given: sharedHard, on: "2019-08-15",
		when: AdjustEntitlement{Fund: hard, Rate: "CORE_PCN", Through: month(4), Reason: "Ford was counted twice"},
		then: func() Event {
			less := AdjustmentLine{Payee: hill, Beneficiary: south, Category: coreFunding, Of: "242.2", Pence: 40_00}
			extra := AdjustmentLine{Payee: valley, Beneficiary: north, Category: coreFunding, Pence: 40_00}
			for m := 1; m <= 4; m++ {
				part := AdjustedPart{For: month(m), Pence: 10_00, Charge: m, Draws: drawn("", 10_00), Was: hillStood(200, 50_000), Now: hillStood(245, 49_920)}
				less.Parts = append(less.Parts, part)
				part.Charge, part.Was = 0, Footing{Rate: 210, List: 200, Patients: 50_001, Annual: 75_001_50}
				part.Now = Footing{Rate: 210, List: 245, Patients: 50_081, Annual: 75_121_50}
				extra.Parts = append(extra.Parts, part)
			}
			e := adjusted19(4, "2019-09-14", extra, less)
			e.Fund, e.Reason = hard, "Ford was counted twice"
			return e
		}(),
	},
	{
		name: "a fund that warns pays what is more beyond what was set aside",
		given: more(untilJuly, also(244, "2019-07-19", MoveAllocation{Fund: core, Decision: paper, Reason: "elsewhere", Lines: []MoveLine{
			{From: Bucket{Beneficiary: south}, To: Bucket{Beneficiary: north}, Pence: pounds(174_970)},
		}}), correctedList(50_080)), on: "2019-08-15",
		when: adjust(4, south),
		then: func() Event {
			line := differs("", hill, hillStood(200, 50_000), hillStood(245, 50_080), 10_00, 1, 2, 3, 4)
			line.Parts[3].Draws = []Draw{{Account: Allocated, Bucket: Bucket{hill, south, coreFunding, month(4)}, Pence: 10_00}}
			e := adjusted19(4, "2019-09-14", line)
			e.Warnings = []string{"overspent by £10.00: £0.00 is available to local:Hill for local:South for core PCN funding for 2019-20/M04; £10.00 was asked"}
			return e
		}(),
	},
	{
		name:  "what is less after the fund's end lapses",
		given: more(untilJuly, correctedList(49_920)), on: "2020-04-02",
		when: adjust(4),
		then: func() Event {
			line := differs("240.3", hill, hillStood(200, 50_000), hillStood(245, 49_920), 10_00, 1, 2, 3, 4)
			for i := range line.Parts {
				line.Parts[i].Draws = []Draw{{Account: Lapsed, Bucket: Bucket{Beneficiary: south, For: month(i + 1)}, Pence: 10_00}}
			}
			return adjusted19(4, "2020-05-02", line)
		}(),
		fund:   core,
		totals: "expenditure £64,960.50, receivables £40.00, payables -£65,000.50, limit -£600,000.00, allocated £534,999.50, charged £64,960.50, lapsed £40.00",
	},
	{
		name:  "what was recovered is due again while the lists say so, by an adjustment as by a run",
		given: more(untilJuly, also(248, "2019-07-22", recoverPence("240.3", month(2), pounds(250)))), on: "2019-08-15",
		when: adjust(4),
		then: adjusted19(4, "2019-09-14", differs("", hill, hillStood(200, 50_000), hillStood(200, 50_000), 250_00, 2)),
	},
	{
		name:      "an adjustment of what stands right changes nothing",
		given:     untilJuly,
		when:      adjust(4),
		unchanged: true,
	},
	{
		name:      "adjusting twice changes nothing",
		given:     adjustedDown,
		when:      adjust(4),
		unchanged: true,
	},
	{
		name:  "a network for which nothing was raised is a run's, not an adjustment's",
		given: more(untilFunded19, also(240, "2019-07-15", run(core, "CORE_PCN", "2019-20/M04", east))), on: "2019-08-15",
		when: adjust(4), unchanged: true,
	},
	{
		name:  "months whose run was taken back are a run's again",
		given: more(untilJuly, governed, takenBack("2019-07-18", 240), correctedList(50_080)), on: "2019-08-15",
		when: adjust(4), unchanged: true,
	},
	{
		name:  "a network of which nothing was raised stands in nobody's way, though it has no list",
		given: more(untilFunded19, also(240, "2019-07-15", run(core, "CORE_PCN", "2019-20/M04", south)), correctedList(50_080), newNetwork), on: "2019-08-15",
		when: adjust(4),
		then: adjusted19(4, "2019-09-14", differs("", hill, hillStood(200, 50_000), hillStood(245, 50_080), 10_00, 1, 2, 3, 4)),
	},
	{
		name:  "what is to be paid back is received like a recovery",
		given: adjustedDown, on: "2019-08-15",
		when:   receive(SettleLine{Item: "246.1", Pence: 40_00}),
		then:   ReceiptRecorded{"receipt 7", []SettledLine{oweSouth("246.1", 40_00)}},
		fund:   core,
		totals: "expenditure £64,960.50, payables -£65,000.50, clearing £40.00, limit -£600,000.00, allocated £535,039.50, charged £64,960.50",
	},
	{
		name:  "what is to be paid back is netted against what is due to the same payee",
		given: adjustedDown, on: "2019-08-15",
		when: net([]SettleLine{{Item: "240.3", Pence: 25_000_00}}, SettleLine{Item: "246.1", Pence: 40_00}),
		fund: core, totals: "expenditure £64,960.50, payables -£40,000.50, clearing -£24,960.00, limit -£600,000.00, allocated £535,039.50, charged £64,960.50",
	},
	{
		name:  "what is to be paid back can be written off",
		given: more(adjustedDown, governed), on: "2019-08-15",
		when: WriteOff{Item: "246.1", Pence: 40_00, Loss: LossOverpayment, Reason: "not worth the cost", Decision: Decision{Body: "audit committee", Date: "2019-08-01", Paper: "7"}}, approvedBy: chief,
		fund: core, totals: "expenditure £65,000.50, payables -£65,000.50, limit -£600,000.00, allocated £534,999.50, charged £65,000.50",
	},
	{
		name:  "of what became due by an adjustment too much is recovered like of a run",
		given: adjustedUp, on: "2019-08-15",
		when:   recoverPence("246.1", month(3), 4_00),
		fund:   core,
		totals: "expenditure £65,036.50, receivables £4.00, payables -£65,040.50, limit -£600,000.00, allocated £534,963.50, charged £65,036.50",
	},
	{
		name:  "more than an adjustment made due for a month is not recovered of it",
		given: adjustedUp, on: "2019-08-15",
		when: recoverPence("246.1", month(3), 10_01),
		rule: RuleRecoveryOver,
	},
	{
		name: "adjustments count together against the officer's limit, so that none gets under it in pieces",
		// £400 each time, of a limit of £500: 800 patients at £1.50 are £100 a month.
		given: more(untilJuly, governed, also(700, "2019-07-20", hillAt(50_800)), also(701, "2019-07-21", adjust(4)), also(702, "2019-07-22", correcting(700, hillAt(51_600)))), on: "2019-08-15",
		when: adjust(4), approvedBy: chief,
		fund:   core,
		totals: "expenditure £65,800.50, payables -£65,800.50, limit -£600,000.00, allocated £534,199.50, charged £65,800.50",
	},
	{
		name:  "an adjustment above the officer's limit is held, and made when the director approves it",
		given: more(untilJuly, correctedList(48_000), governed), on: "2019-08-15",
		when: adjust(4), approvedBy: chief,
		then:   adjusted19(4, "2019-09-14", differs("240.3", hill, hillStood(200, 50_000), hillStood(245, 48_000), 250_00, 1, 2, 3, 4)),
		fund:   core,
		totals: "expenditure £64,000.50, receivables £1,000.00, payables -£65,000.50, limit -£600,000.00, allocated £535,999.50, charged £64,000.50",
	},

	{
		name:  "an adjustment without a reason is refused",
		given: more(untilJuly, correctedList(49_920)),
		when:  AdjustEntitlement{Fund: core, Rate: "CORE_PCN", Through: month(4)},
		rule:  RuleTextMissing,
	},
	{
		name:  "an adjustment of a rate that nobody adopted is refused",
		given: untilJuly,
		when:  AdjustEntitlement{Fund: core, Rate: "PCN_SUPPORT", Through: month(4), Reason: "revised"},
		rule:  RuleRateNotAdopted,
	},
	{
		name:  "a claimed role is not adjusted as an entitlement",
		given: untilJuly,
		when:  AdjustEntitlement{Fund: core, Rate: "ARRS_CP", Through: month(4), Reason: "revised"},
		rule:  RuleRateKind,
	},
	{
		name:  "an adjustment through a month that has not begun is refused",
		given: more(untilJuly, correctedList(49_920)), on: "2019-07-31",
		when: adjust(5),
		rule: RuleMonthNotBegun,
	},
	{
		name:  "an adjustment in a fund for something else is refused",
		given: more(untilJuly, correctedList(49_920)), on: "2019-08-15",
		when: AdjustEntitlement{Fund: arrs, Rate: "CORE_PCN", Through: month(4), Reason: "revised"},
		rule: RuleCategory,
	},
	{
		name:  "an adjustment in a closed fund is refused",
		given: more(untilJuly, correctedList(49_920), also(250, "2020-04-02", CloseFund{Fund: core, Reason: "end of the financial year"})),
		when:  adjust(4),
		rule:  RuleFundClosed,
	},
	{
		name:  "an adjustment of a network without members is refused",
		given: more(untilJuly, also(246, "2019-07-20", RegisterBody{Body: "local:West", Kind: KindNetwork})), on: "2019-08-15",
		when: adjust(4, "local:West"),
		rule: RuleRunEmpty,
	},
	{
		name:  "what another fund raised is not paid back to this one",
		given: more(untilJuly, hardCore, correctedList(49_920)), on: "2019-08-15",
		when: AdjustEntitlement{Fund: hard, Rate: "CORE_PCN", Through: month(4), Reason: "the list of Hill was corrected"},
		rule: RuleAdjustmentElsewhere,
	},
	{
		name:  "an adjustment dated before the item that it takes from is refused",
		given: more(untilJuly, correctedList(49_920)), dated: "2019-07-10",
		when: adjust(4),
		rule: RuleItemEarlier,
	},
	{
		name:  "more than a fund without overspend has is refused",
		given: more(sharedHard, also(250, "2019-08-01", correcting(245, hillAt(50_080)))), on: "2019-08-15",
		when: AdjustEntitlement{Fund: hard, Rate: "CORE_PCN", Through: month(4), Networks: []Body{south}, Reason: "the list of Hill was corrected"},
		rule: RuleSpendOver,
	},
	{
		name:  "more for a network whose nominated practice left it is refused",
		given: more(untilJuly, also(243, "2019-07-19", enrol(south, Member{hill, "2018-04-01", "2019-07-31"})), correctedList(50_080)), on: "2019-08-15",
		when: adjust(5),
		rule: RulePayeeNoMember,
	},

	refusedReversal("an adjustment of which something was paid is not taken back",
		more(adjustedUp, also(248, "2019-07-25", settle(SettleLine{Item: "246.1", Pence: 1}))), "", 246, RuleReversalItems),
	refusedReversal("an adjustment of which something was received is not taken back",
		more(adjustedDown, also(248, "2019-07-25", receive(SettleLine{Item: "246.1", Pence: 1}))), "", 246, RuleReversalItems),
	refusedReversal("an adjustment of which something was recovered is not taken back",
		more(adjustedUp, also(248, "2019-07-25", recoverPence("246.1", month(1), 1))), "", 246, RuleReversalItems),
	refusedReversal("an adjustment is not taken back once another stands on it",
		more(adjustedDown, also(248, "2019-07-25", hillAt(49_900), adjust(4))), "", 246, RuleReversalOvertaken),
	refusedReversal("an adjustment is not taken back once a run raised more for its months",
		more(adjustedDown, also(248, "2019-07-25", hillAt(50_080), run(core, "CORE_PCN", month(4), south))), "", 246, RuleReversalOvertaken),
	refusedReversal("an adjustment is not taken back once more of its months was recovered",
		more(adjustedDown, also(248, "2019-07-25", recoverPence("240.3", month(2), 1))), "", 246, RuleReversalOvertaken),
	refusedReversal("a run of which an adjustment took something is not taken back", adjustedDown, "", 240, RuleReversalItems),
	refusedReversal("a recovery is not taken back once an adjustment raised it anew", more(untilJuly,
		also(248, "2019-07-22", recoverPence("240.3", month(2), pounds(250)), adjust(4))), "", 248, RuleReversalOvertaken),
}

// oweSouth is a line that receives what Hill owes for South, £10 of each month from April on.
func oweSouth(item ItemID, pence Pence) SettledLine {
	line := SettledLine{Item: item, Fund: core, Payee: hill, Beneficiary: south, Pence: pence}
	for n := range int(pence / 10_00) {
		line.Parts = append(line.Parts, Part{month(n + 1), 10_00})
	}
	return line
}

// adjustmentsTakenBack are reversals of adjustments: they leave what stood before.
var adjustmentsTakenBack = []takenBackRow{
	{
		name: "an adjustment of more", given: adjustedUp, entry: 246, on: "2019-07-23", fund: core,
		before: "expenditure £65,040.50, payables -£65,040.50, limit -£600,000.00, allocated £534,959.50, charged £65,040.50",
		after:  "expenditure £65,000.50, payables -£65,000.50, limit -£600,000.00, allocated £534,999.50, charged £65,000.50",
		open:   []string{"240.1 £15,000.00", "240.2 £25,000.50", "240.3 £25,000.00"},
		then:   adjustedAnew,
	},
	{
		name: "an adjustment of less", given: adjustedDown, entry: 246, on: "2019-07-23", fund: core,
		before: "expenditure £64,960.50, receivables £40.00, payables -£65,000.50, limit -£600,000.00, allocated £535,039.50, charged £64,960.50",
		after:  "expenditure £65,000.50, payables -£65,000.50, limit -£600,000.00, allocated £534,999.50, charged £65,000.50",
		open:   []string{"240.1 £15,000.00", "240.2 £25,000.50", "240.3 £25,000.00"},
		then:   adjustedAnew,
	},
	{
		name: "an adjustment of less, once the fund is closed: it is charged to what lapsed", given: more(adjustedDown, also(250, "2020-04-02", CloseFund{Fund: core, Reason: "end of the financial year"})),
		entry: 246, on: "2020-04-03", fund: core, toLapsed: true,
		before: "expenditure £64,960.50, receivables £40.00, payables -£65,000.50, limit -£600,000.00, charged £64,960.50, lapsed £535,039.50",
		after:  "expenditure £65,000.50, payables -£65,000.50, limit -£600,000.00, charged £65,000.50, lapsed £534,999.50",
		open:   []string{"240.1 £15,000.00", "240.2 £25,000.50", "240.3 £25,000.00"},
	},
}

// adjustedAnew asks for the same adjustment again, and requires that it is what was taken back but for its date.
func adjustedAnew(s *story) {
	was, _ := s.look(246)
	s.on("2019-07-22").approvedOrNot(adjust(4))
	if diff := cmp.Diff(was.Event, s.log[len(s.log)-1].Event); diff != "" {
		s.t.Errorf("the next adjustment is something else (-before +after):\n%s", diff)
	}
}

// approvedOrNot records a command as the first recorder, and has the director approve it if it is held.
func (s *story) approvedOrNot(c Command) {
	s.t.Helper()
	s.as(recorder).do(c)
	if held, ok := s.log[len(s.log)-1].Event.(RequestHeld); ok {
		s.as(chief).do(Approve{s.number - 1, held.Digest}).as(recorder)
	}
}

func TestAdjustmentsTakenBack(t *testing.T) {
	for _, r := range adjustmentsTakenBack {
		t.Run(r.name, func(t *testing.T) { r.tell(t) })
	}
}

func TestAdjustments(t *testing.T) { tell(t, adjustmentRows) }
