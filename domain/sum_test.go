package domain

import (
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// sumLeft is what a network can still be reimbursed in a year out of the sum that all networks have.
func (s *story) sumLeft(network Body, year Year) Pence {
	s.t.Helper()
	left, err := s.ledger.sumLeft(sumKey{network, year, SumARRS})
	if err != nil {
		s.t.Fatal(err)
	}
	return left
}

// TestNetworkSum is T1 of MONEY.md: (37,810 + 34,113) × 9/12 = 53,942.25, printed as £53,942 (Practice Index, 2019), which
// the card has.
func TestNetworkSum(t *testing.T) {
	s := told(t, untilRated)
	sum, err := s.ledger.SumOf(north, "2019-20", SumARRS)
	if err != nil || sum != 53_942_25 {
		t.Errorf("the sum of one network is %s, %v, want £53,942.25", sum, err)
	}
	printed, _, _ := strings.Cut(cardRate("ARRS_SUM").Amount, ".")
	if whole := roundRat(big.NewRat(int64(sum), 100)); printed != "53942" || whole != 53_942 {
		t.Errorf("the ledger's %s is £%d in whole pounds; the card prints £%s", sum, whole, printed)
	}
	if none, err := new(Ledger).SumOf(north, "2019-20", SumARRS); none != 0 || err != nil {
		t.Errorf("without an adopted role the sum is %s, %v", none, err)
	}
	if left := s.sumLeft(north, "2019-20"); left != sum {
		t.Errorf("%s is left before any claim", left)
	}
	recovered := told(t, untilRecovered)
	if left := recovered.sumLeft(north, "2019-20"); left != 53_942_25-2_992_50 {
		t.Errorf("%s is left after £3,150.00 less £157.50 recovered", left)
	}
	if left := recovered.sumLeft(south, "2019-20"); left != sum {
		t.Errorf("another network's claims leave South %s", left)
	}
}

// sumIs requires a network's sum.
func (s *story) sumIs(network Body, year Year, sum RateCode, want Pence) {
	s.t.Helper()
	if got, err := s.ledger.SumOf(network, year, sum); err != nil || got != want {
		s.t.Errorf("%s of %s in %s is %s, %v, want %s", sum, network, year, got, err, want)
	}
}

// TestSumOfWeightedLists is T4 of MONEY.md: in 2022/23 GPonline (April 2022) prints £834,800 for 50,000 weighted patients and
// £500,900 for 30,000; 16.696 was worked out from the first, and makes the second £500,880.
func TestSumOfWeightedLists(t *testing.T) {
	s := told(t, sumOfYear("2022-23", "2022-01-01", RateChoice{Rate: SumARRS, Document: Source{Title: "GPonline, April 2022"}}))
	s.sumIs(north, "2022-23", SumARRS, 834_800_00)
	s.sumIs(south, "2022-23", SumARRS, 500_880_00)
	if hundreds := (Pence(500_880_00) + 50_00) / 100_00 * 100_00; hundreds != 500_900_00 {
		t.Errorf("to hundreds of pounds the second is %s, and the press prints £500,900", hundreds)
	}
}

// TestUnclaimedSumsLapse has nothing of a year that nobody claimed stand to a network in the next: 22.671 × 50,000 in 2023/24
// (Pulse PCN, March 2024), 22.894 × 50,000 in 2024/25 (Pulse PCN, 27 September 2024).
func TestUnclaimedSumsLapse(t *testing.T) {
	s := told(t, more(sumOfYear("2023-24", "2023-01-01"), func(s *story) {
		s.number = 420
		s.on("2024-06-03").do(AdoptRateCard{Year: "2024-25"})
	}, func(s *story) { weightedAt("2024-01-01")(s) }))
	s.sumIs(north, "2023-24", SumARRS, 1_133_550_00)
	if left := s.sumLeft(north, "2023-24"); left != 1_133_550_00 {
		t.Errorf("%s of 2023/24 is left", left)
	}
	s.sumIs(north, "2024-25", SumARRS, 1_144_700_00)
	if left := s.sumLeft(north, "2024-25"); left != 1_144_700_00 {
		t.Errorf("%s of 2024/25 is left, with what was left of the year before", left)
	}
}

// TestSumFollowsMembers has a practice leave within the year: each month counts with the practices of its first day.
// 22.894 × 50,000 = 1,144,700 for six months and 22.894 × 31,000 = 709,714 for six are 927,207.
func TestSumFollowsMembers(t *testing.T) {
	s := told(t, sumOfYear("2024-25", "2024-01-01"))
	s.number = 420
	s.do(RecordMembership{Network: north, Members: []Member{{Practice: ford, From: "2018-04-01", To: "2024-09-30"}}, Source: register})
	s.sumIs(north, "2024-25", SumARRS, 927_207_00)
}

// TestSumIsTheRateOnTheList has any list come to the rate on it, rounded once, however the months divide it.
func TestSumIsTheRateOnTheList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		patients, thousandths := rapid.Int64Range(0, 400_000).Draw(t, "weighted patients"), rapid.Int64Range(1, 40_000).Draw(t, "rate")
		s := newStory(t)
		for _, c := range []chapter{bodies, members} {
			c(s)
		}
		var g Grounds
		g.registry = s.ledger.registry
		g.adoptRates(1, RateCardAdopted{Year: "2025-26", Rates: []Rate{{
			Rate: SumARRS, Year: "2025-26", Kind: RateNetworkSum, Unit: UnitPatient, Amount: big.NewRat(thousandths, 1000).FloatString(3),
			Population: PopulationWeighted, Reference: "2025-01-01", From: "2025-04-01", To: "2026-03-31", Instalments: PayMonthly,
		}}})
		g.recordList(2, ListSizesRecorded{Population: PopulationWeighted, StandsFor: "2025-01-01", Lines: []ListLine{{Practice: hill, Patients: patients, Published: "0"}}})
		sum, err := g.SumOf(south, "2025-26", SumARRS)
		if want := Pence((patients*thousandths + 5) / 10); err != nil || sum != want {
			t.Fatalf("%d thousandths on %d is %s, %v, want %s", thousandths, patients, sum, err, want)
		}
	})
}

const arrs24 FundCode = "ARRS-2024"

// engaged24 nominates North's payee, opens a fund of 2024/25 and engages a pharmacist and a whole-time GP from October, as
// events 420 to 425. In 2024/25 GPs have a sum of their own: 1.303 × 50,000 = £65,150.00 (Pulse PCN, 27 September 2024).
func engaged24(s *story) {
	s.number = 420
	t := terms19(arrs24, pharmacist, "general practitioner")
	t.Year = "2024-25"
	gp := engage("G-0001", north, "ARRS_GP", "2024-10-01", "")
	gp.Sessions = "9"
	s.on("2024-10-07").do(nominate(north, valley, "2024-04-01"), OpenFund{t},
		ConfirmFunding{Fund: arrs24, Pence: pounds(200_000), Title: "allocation 2024/25", Source: letter},
		AllocateFund{Fund: arrs24, Decision: paper, Lines: []Line{line19(north, pounds(200_000))}},
		engage("P-0001", north, "ARRS_CP", "2024-10-01", "37.5"), gp)
}

// gpAndPharmacist claims the pharmacist and the GP for a month.
func gpAndPharmacist(month Service) SubmitClaim {
	return claim(north, month, ClaimLine{Person: "P-0001", Costs: cost(5_000_00)}, ClaimLine{Person: "G-0001", Costs: cost(7_800_00)})
}

// used is what the network was paid out of a sum but for so much, by other claims.
func used(key sumKey, all, left Pence) chapter {
	return func(s *story) { set(&s.ledger.reimbursed, key, all-left) }
}

var until24 = more(sumOfYear("2024-25", "2024-01-01"), engaged24)

// line24 is a line of an approval in 2024/25.
func line24(person Person, role RateCode, category Category, cost, maximum, pence Pence, sum RateCode) ApprovedLine {
	return ApprovedLine{Person: person, Role: role, Category: category, Cost: cost, Percent: "100", Part: cost, Maximum: maximum, Sum: sum, Pence: pence,
		Draws: []Draw{{Account: Allocated, Bucket: Bucket{Beneficiary: north, For: "2024-25"}, Pence: pence}}}
}

var sumRows = []row{
	{
		// 92,462 ÷ 12 = 7,705.17 of the GP's £7,800; 65,838 ÷ 12 = 5,486.50 is above the pharmacist's £5,000.
		name:  "the lines of one claim are paid out of different sums",
		given: more(until24, submitted("2024-11-04", gpAndPharmacist("2024-25/M07"))), on: "2024-11-12",
		when: ApproveClaim{Claim: 260, Fund: arrs24},
		then: ClaimApproved{Claim: 260, Fund: arrs24, Network: north, Payee: valley, Month: "2024-25/M07", Due: "2024-12-12", Lines: []ApprovedLine{
			line24("P-0001", "ARRS_CP", pharmacist, 5_000_00, 5_486_50, 5_000_00, SumARRS),
			line24("G-0001", "ARRS_GP", "general practitioner", 7_800_00, 7_705_17, 7_705_17, "ARRS_GP_SUM"),
		}, Warnings: []string{"G-0001: £7,800.00 of general practitioner is above the maximum of £7,705.17 for 2024-25/M07 and is paid to it"}},
	},
	{
		name:  "a sum that is used up does not keep a line of another sum from being paid",
		given: more(until24, used(sumKey{north, "2024-25", "ARRS_GP_SUM"}, 65_150_00, 1_000_00), submitted("2024-11-04", gpAndPharmacist("2024-25/M07"))), on: "2024-11-12",
		when: ApproveClaim{Claim: 260, Fund: arrs24},
		then: ClaimApproved{Claim: 260, Fund: arrs24, Network: north, Payee: valley, Month: "2024-25/M07", Due: "2024-12-12", Lines: []ApprovedLine{
			line24("P-0001", "ARRS_CP", pharmacist, 5_000_00, 5_486_50, 5_000_00, SumARRS),
			line24("G-0001", "ARRS_GP", "general practitioner", 7_800_00, 7_705_17, 1_000_00, "ARRS_GP_SUM").left(1_000_00),
		}, Warnings: []string{"G-0001: £7,800.00 of general practitioner is above the maximum of £7,705.17 for 2024-25/M07 and is paid to it",
			"G-0001: local:North has £1,000.00 left of its sum ARRS_GP_SUM for the year; the claim is paid to that"}},
	},
	{
		name:  "a late claim is paid out of the sum of the year of its month",
		given: more(until24, used(sumKey{north, "2024-25", SumARRS}, 1_144_700_00, 200_00), submitted("2025-06-02", claim(north, "2024-25/M12", ClaimLine{Person: "P-0001", Costs: cost(5_000_00)}))), on: "2025-06-10",
		when: ApproveClaim{Claim: 260, Fund: arrs24},
		then: ClaimApproved{Claim: 260, Fund: arrs24, Network: north, Payee: valley, Month: "2024-25/M12", Due: "2025-07-10", Lines: []ApprovedLine{
			line24("P-0001", "ARRS_CP", pharmacist, 5_000_00, 5_486_50, 200_00, SumARRS).left(200_00),
		}, Warnings: []string{"P-0001: local:North has £200.00 left of its sum for the year; the claim is paid to that"}},
	},
	{
		name: "a claim in a year whose sum nobody adopted is not approved",
		given: more([]chapter{bodies, members}, weightedAt("2024-01-01"), also(410, "2024-05-11", AdoptRateCard{Year: "2024-25", Rates: []RateChoice{{Rate: "ARRS_CP"}, {Rate: "ARRS_GP"}}}),
			engaged24, submitted("2024-11-04", gpAndPharmacist("2024-25/M07"))),
		when: ApproveClaim{Claim: 260, Fund: arrs24},
		rule: RuleRateNotAdopted,
	},
	{
		name:  "a claim of a network without a weighted list is not approved",
		given: more([]chapter{bodies, members}, also(410, "2024-05-11", AdoptRateCard{Year: "2024-25"}), engaged24, submitted("2024-11-04", gpAndPharmacist("2024-25/M07"))),
		when:  ApproveClaim{Claim: 260, Fund: arrs24},
		rule:  RuleListUnknown,
	},
}

func TestSums(t *testing.T) { tell(t, sumRows) }

// TestWhatWaitsCountsAgainstItsOwnSum has a GP's claim wait for a second approver: the GPs' sum is less by it, the other is
// not.
func TestWhatWaitsCountsAgainstItsOwnSum(t *testing.T) {
	s := told(t, more(until24, governed))
	s.number = 710
	s.on("2024-11-04").do(claim(north, "2024-25/M07", ClaimLine{Person: "G-0001", Costs: cost(7_000_00)}))
	s.on("2024-11-05").as(verifier).do(VerifyClaim{Claim: 710, Evidence: "payslips"})
	s.as(approver).do(ApproveClaim{Claim: 710, Fund: arrs24})
	if _, held := s.log[len(s.log)-1].Event.(RequestHeld); !held {
		t.Fatal("an approval above the officer's limit is not held")
	}
	m := moment{Stamp: s.stamp()}
	for sum, want := range map[RateCode]Pence{SumARRS: 1_144_700_00, "ARRS_GP_SUM": 65_150_00 - 7_000_00} {
		if free, err := s.ledger.freeOfSum(sumKey{north, "2024-25", sum}, m); err != nil || free != want {
			t.Errorf("%s of %s is free, %v, want %s", free, sum, err, want)
		}
	}
}
