package domain

import (
	"testing"
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
}

func TestAdjustments(t *testing.T) { tell(t, adjustmentRows) }
