package domain

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The fixture of 2025/26: a pharmacist of North in a whole-time post and one in half a post, whose costs of April to July
// were claimed and approved at the maximum that was published in March 2025, £66,972 (The Pharmacist, April 2025). On 1
// August 2025 the maxima were raised with effect from 1 April (NEL ICB, August 2025). The new figure was not found: £69,410
// is inferred, 3.6 % on the salary, and adopted on a document of the commissioner's.

const arrs25 FundCode = "ARRS-2025"

// engaged25 nominates North's payee, opens the fund and engages the two, as events 420 to 425.
func engaged25(s *story) {
	s.number = 420
	t := terms19(arrs25, pharmacist, "general practitioner")
	t.Year = "2025-26"
	s.on("2025-05-12").do(nominate(north, valley, "2025-04-01"), OpenFund{t},
		ConfirmFunding{Fund: arrs25, Pence: pounds(200_000), Title: "allocation 2025/26", Source: letter},
		AllocateFund{Fund: arrs25, Decision: paper, Lines: []Line{line19(north, pounds(200_000))}},
		engage("P-0001", north, "ARRS_CP", "2025-04-01", "37.5"), engage("P-0002", north, "ARRS_CP", "2025-04-01", "18.75"))
}

// claimed25 has April to July claimed, at £5,600 and £2,600 a month, and approved, as events 430 to 437: items 431.1 to 437.1.
func claimed25(s *story) {
	s.number = 430
	for _, month := range aprilToJuly {
		s.on(month.Last().AddDays(10))
		number := s.number
		s.do(claim(north, month, ClaimLine{Person: "P-0001", Costs: cost(5_600_00)}, ClaimLine{Person: "P-0002", Costs: cost(2_600_00)}),
			ApproveClaim{Claim: number, Fund: arrs25})
	}
}

var aprilToJuly = []Service{"2025-26/M01", "2025-26/M02", "2025-26/M03", "2025-26/M04"}

// revised25 raises the maximum, as event 440.
func revised25(s *story) {
	s.number = 440
	s.on("2025-08-11").do(ReviseRate{Year: "2025-26", Rate: "ARRS_CP", Edition: "August 2025", Reason: "maxima raised on 1 August with effect from 1 April",
		Document: Source{Title: "message of the integrated care board to its networks"}})
}

// backPay is what the pay award made of a month's salary, national insurance and pension: £200.00 and, for half a post, £93.60.
var (
	backPay     = Costs{Salary: 150_00, NI: 20_00, Pension: 30_00}
	backPayHalf = Costs{Salary: 70_00, NI: 9_60, Pension: 14_00}
)

// uplift claims both posts for some months.
func uplift(months ...Service) ClaimUplift {
	c := ClaimUplift{Network: north, Reference: "uplift of the maxima", Declaration: true}
	for _, month := range months {
		c.Lines = append(c.Lines, UpliftLine{Person: "P-0001", Month: month, Costs: backPay}, UpliftLine{Person: "P-0002", Month: month, Costs: backPayHalf})
	}
	return c
}

// upliftOf is one line of the whole-time post.
func upliftOf(month Service, costs Costs) ClaimUplift {
	return ClaimUplift{Network: north, Reference: "uplift", Declaration: true, Lines: []UpliftLine{{Person: "P-0001", Month: month, Costs: costs}}}
}

// asUplifted is what is recorded of it.
func asUplifted(c ClaimUplift) UpliftClaimed {
	e := UpliftClaimed(c)
	e.Lines = slices.Clone(c.Lines)
	for i := range e.Lines {
		e.Lines[i].Role = "ARRS_CP"
	}
	return e
}

var (
	untilClaimed25 = more(sumOfYear("2025-26", "2025-01-01"), engaged25, claimed25)
	untilRevised25 = more(untilClaimed25, revised25)
	// The staff were paid in September, and the uplift is event 450.
	untilUplifted = more(untilRevised25, also(450, "2025-09-30", uplift(aprilToJuly...)))
	// It is approved as event 460: item 460.1.
	untilSettled25 = more(untilUplifted, also(460, "2025-10-10", ApproveClaim{Claim: 450, Fund: arrs25}))
)

// upliftedLine is a line of the approval of an uplift.
func upliftedLine(person Person, month Service, before, whole, maximum, pence Pence) ApprovedLine {
	return ApprovedLine{Person: person, For: month, Before: before, Role: "ARRS_CP", Category: pharmacist, Cost: whole, Percent: "100", Part: whole,
		Maximum: maximum, Sum: SumARRS, Pence: pence, Draws: []Draw{{Account: Allocated, Bucket: Bucket{Beneficiary: north, For: "2025-26"}, Pence: pence}}}
}

func recoverUplift(month Service, proved Costs, pence Pence) RaiseRecovery {
	return RaiseRecovery{Item: "460.1", Reason: "the back pay proved to be less", Person: "P-0001", For: month, Proved: proved, Pence: pence}
}

var upliftRows = []row{
	{
		name:  "once the staff were paid a network claims the uplift of months that were approved",
		given: untilRevised25, on: "2025-09-30",
		when: uplift(aprilToJuly...),
		then: asUplifted(uplift(aprilToJuly...)),
	},
	{
		name:  "the whole pay is not taken for an uplift",
		given: untilRevised25, on: "2025-09-30",
		when: upliftOf("2025-26/M01", Costs{Salary: 4_700_00, NI: 500_00, Pension: 600_00}),
		rule: RuleUpliftWhole,
	},
	{
		name:  "an uplift can be claimed again once it was rejected",
		given: more(untilUplifted, also(455, "2025-10-02", RejectClaim{Claim: 450, Reason: "the payslips are missing"})),
		when:  upliftOf("2025-26/M01", backPay),
		then:  asUplifted(upliftOf("2025-26/M01", backPay)),
	},
	{
		name:  "an uplift can be claimed again once it was recovered in full",
		given: more(untilSettled25, also(470, "2025-10-13", recoverUplift("2025-26/M01", Costs{}, 203_17))),
		when:  upliftOf("2025-26/M01", backPay),
		then:  asUplifted(upliftOf("2025-26/M01", backPay)),
	},
	{
		// The maximum of a month is round(69,410 × k ÷ 12) less that of the months before: 5,784.17, 5,784.16, 5,784.17,
		// 5,784.17; of half a post 2,892.08, 2,892.09, 2,892.08, 2,892.08. £5,600 + £200 is above it, £2,600 + £93.60 is not.
		// 66,972 ÷ 12 = £5,581.00 was approved before.
		name:  "an uplift is paid to the new maximum of each month, less what was approved before",
		given: untilUplifted, on: "2025-10-10",
		when: ApproveClaim{Claim: 450, Fund: arrs25},
		then: ClaimApproved{Claim: 450, Fund: arrs25, Network: north, Payee: valley, Month: "2025-26", Due: "2025-11-09", Lines: []ApprovedLine{
			upliftedLine("P-0001", "2025-26/M01", 5_581_00, 5_800_00, 5_784_17, 203_17), upliftedLine("P-0002", "2025-26/M01", 2_600_00, 2_693_60, 2_892_08, 93_60),
			upliftedLine("P-0001", "2025-26/M02", 5_581_00, 5_800_00, 5_784_16, 203_16), upliftedLine("P-0002", "2025-26/M02", 2_600_00, 2_693_60, 2_892_09, 93_60),
			upliftedLine("P-0001", "2025-26/M03", 5_581_00, 5_800_00, 5_784_17, 203_17), upliftedLine("P-0002", "2025-26/M03", 2_600_00, 2_693_60, 2_892_08, 93_60),
			upliftedLine("P-0001", "2025-26/M04", 5_581_00, 5_800_00, 5_784_17, 203_17), upliftedLine("P-0002", "2025-26/M04", 2_600_00, 2_693_60, 2_892_08, 93_60),
		}, Warnings: []string{
			"P-0001: £5,800.00 of clinical pharmacist is above the maximum of £5,784.17 for 2025-26/M01 and is paid to it",
			"P-0001: £5,800.00 of clinical pharmacist is above the maximum of £5,784.16 for 2025-26/M02 and is paid to it",
			"P-0001: £5,800.00 of clinical pharmacist is above the maximum of £5,784.17 for 2025-26/M03 and is paid to it",
			"P-0001: £5,800.00 of clinical pharmacist is above the maximum of £5,784.17 for 2025-26/M04 and is paid to it",
		}},
	},
	{
		// £4,900 proved to be the cost of April, and £681.00 was recovered: with £200.00 more, £5,100.00 was due, £200.00 of it
		// not approved yet.
		name: "an uplift stands on the cost that was proved",
		given: more(untilRevised25, also(445, "2025-08-20", RaiseRecovery{Item: "431.1", Reason: "the salary proved to be less", Person: "P-0001", Proved: cost(4_900_00)}),
			also(450, "2025-09-30", upliftOf("2025-26/M01", backPay))), on: "2025-10-10",
		when: ApproveClaim{Claim: 450, Fund: arrs25},
		then: ClaimApproved{Claim: 450, Fund: arrs25, Network: north, Payee: valley, Month: "2025-26", Due: "2025-11-09", Lines: []ApprovedLine{
			upliftedLine("P-0001", "2025-26/M01", 4_900_00, 5_100_00, 5_784_17, 200_00)}},
	},
	{
		name:  "without a raised maximum an uplift of a post that was paid to it comes to nothing",
		given: more(untilClaimed25, also(450, "2025-09-30", upliftOf("2025-26/M01", backPay))), on: "2025-10-10",
		when: ApproveClaim{Claim: 450, Fund: arrs25},
		then: ClaimApproved{Claim: 450, Fund: arrs25, Network: north, Payee: valley, Month: "2025-26", Due: "2025-11-09", Lines: []ApprovedLine{func() ApprovedLine {
			line := upliftedLine("P-0001", "2025-26/M01", 5_581_00, 5_800_00, 5_581_00, 0)
			line.Draws = nil
			return line
		}()}, Warnings: []string{"P-0001: £5,800.00 of clinical pharmacist is above the maximum of £5,581.00 for 2025-26/M01 and is paid to it"}},
	},
	{
		name:  "an uplift of a month that was not claimed is refused",
		given: untilRevised25, on: "2025-09-30",
		when: uplift("2025-26/M05"),
		rule: RuleUpliftUnclaimed,
	},
	{
		name:  "an uplift of a claim that is not approved is refused",
		given: more(untilRevised25, also(445, "2025-09-10", claim(north, "2025-26/M05", ClaimLine{Person: "P-0001", Costs: cost(5_600_00)}))), on: "2025-09-30",
		when: upliftOf("2025-26/M05", backPay),
		rule: RuleUpliftUnclaimed,
	},
	{
		name:  "an uplift whose claim was recovered in full since is not approved",
		given: more(untilUplifted, also(455, "2025-10-02", RaiseRecovery{Item: "431.1", Reason: "claimed by mistake", Person: "P-0001", Pence: 5_581_00})),
		when:  ApproveClaim{Claim: 450, Fund: arrs25},
		rule:  RuleUpliftUnclaimed,
	},
	{
		name:  "an uplift is refused until the staff are declared to be paid",
		given: untilRevised25, on: "2025-09-30",
		when: func() ClaimUplift { c := uplift("2025-26/M01"); c.Declaration = false; return c }(),
		rule: RuleClaimDeclaration,
	},
	{
		name:  "an uplift without a reference is refused",
		given: untilRevised25, on: "2025-09-30",
		when: ClaimUplift{Network: north, Declaration: true},
		rule: RuleTextMissing,
	},
	{
		name:  "an uplift without lines is refused",
		given: untilRevised25, on: "2025-09-30",
		when: uplift(),
		rule: RuleLinesMissing,
	},
	{
		name:  "an uplift by a practice is refused",
		given: untilRevised25, on: "2025-09-30",
		when: ClaimUplift{Network: mill, Reference: "uplift", Declaration: true},
		rule: RuleBodyKind,
	},
	{
		name:  "an uplift of another network's post is refused",
		given: untilRevised25, on: "2025-09-30",
		when: func() ClaimUplift { c := uplift("2025-26/M01"); c.Network = south; return c }(),
		rule: RuleRoleNone,
	},
	{
		name:  "a month is uplifted once",
		given: untilUplifted,
		when:  upliftOf("2025-26/M01", backPay),
		rule:  RuleUpliftTwice,
	},
	{
		name:  "a month that stands twice in an uplift is refused",
		given: untilRevised25, on: "2025-09-30",
		when: uplift("2025-26/M01", "2025-26/M01"),
		rule: RuleUpliftTwice,
	},
	{
		name:  "an uplift of the year as a whole is refused",
		given: untilRevised25, on: "2025-09-30",
		when: uplift("2025-26"),
		rule: RuleUpliftMonths,
	},
	{
		name:  "an uplift without a month is refused",
		given: untilRevised25, on: "2025-09-30",
		when: uplift(""),
		rule: RuleUpliftMonths,
	},
	{
		name:  "an uplift of months of two years is refused",
		given: untilRevised25, on: "2025-09-30",
		when: uplift("2025-26/M01", "2024-25/M12"),
		rule: RuleUpliftMonths,
	},
	{
		name:  "a supplier's fee is no pay and is not uplifted",
		given: untilRevised25, on: "2025-09-30",
		when: upliftOf("2025-26/M01", Costs{Salary: 150_00, Fees: 10_00}),
		rule: RuleClaimCosts,
	},
	{
		name:  "an uplift of nothing is refused",
		given: untilRevised25, on: "2025-09-30",
		when: upliftOf("2025-26/M01", Costs{}),
		rule: RuleClaimCosts,
	},
	{
		name:  "a month under an uplift is not claimed anew beside it",
		given: more(untilSettled25, also(470, "2025-10-13", RaiseRecovery{Item: "431.1", Reason: "claimed by mistake", Person: "P-0001", Pence: 5_581_00})),
		when:  claim(north, "2025-26/M01", ClaimLine{Person: "P-0001", Costs: cost(5_800_00)}),
		rule:  RuleClaimTwice,
	},
	{
		name:  "a role does not end before months that are uplifted",
		given: untilSettled25,
		when:  endRole("P-0001", "2025-07-30"),
		rule:  RuleRoleClaimed,
	},

	{
		name:  "an uplift is verified before it is approved",
		given: more(untilRevised25, governed, also(710, "2025-09-30", uplift(aprilToJuly...))), on: "2025-10-10", as: chief,
		when: ApproveClaim{Claim: 710, Fund: arrs25},
		rule: RuleClaimUnverified,
	},
	{
		name: "an uplift is not approved while a question about it waits",
		given: more(untilRevised25, governed, also(710, "2025-09-30", uplift(aprilToJuly...)), func(s *story) {
			s.on("2025-10-02").as(verifier).do(VerifyClaim{Claim: 710, Evidence: "payslips"}, QueryClaim{Claim: 710, Question: "was May paid?"})
		}), on: "2025-10-10", as: chief,
		when: ApproveClaim{Claim: 710, Fund: arrs25},
		rule: RuleClaimUnverified,
	},

	{
		// £5,700.00 proved to be the whole cost of May: £5,581.00 + £203.16 was approved, £84.16 is too much.
		name:  "of an uplift a month's part is recovered on the whole cost that was proved",
		given: untilSettled25, on: "2025-10-20",
		when: recoverUplift("2025-26/M02", cost(5_700_00), 0),
		then: RecoveryRaised{Item: "460.1", Claim: 450, Fund: arrs25, Payee: valley, Beneficiary: north, Category: pharmacist, For: "2025-26/M02", Charge: 3,
			Reason: "the back pay proved to be less", Due: "2025-11-19", Person: "P-0001", Proved: cost(5_700_00), Right: 5_700_00, Pence: 84_16,
			Draws: []Draw{{Account: Allocated, Bucket: Bucket{Beneficiary: north, For: "2025-26"}, Pence: 84_16}}},
	},
	{
		name:  "of an uplift no more than the uplift is recovered, whatever cost was proved",
		given: untilSettled25, on: "2025-10-20",
		when: recoverUplift("2025-26/M02", cost(5_000_00), 0),
		then: RecoveryRaised{Item: "460.1", Claim: 450, Fund: arrs25, Payee: valley, Beneficiary: north, Category: pharmacist, For: "2025-26/M02", Charge: 3,
			Reason: "the back pay proved to be less", Due: "2025-11-19", Person: "P-0001", Proved: cost(5_000_00), Right: 5_000_00, Pence: 203_16,
			Draws: []Draw{{Account: Allocated, Bucket: Bucket{Beneficiary: north, For: "2025-26"}, Pence: 203_16}}},
	},
	{
		name:  "a recovery of an uplift names the month",
		given: untilSettled25, on: "2025-10-20",
		when: recoverUplift("", Costs{}, 10_00),
		rule: RuleRecoveryNone,
	},
	{
		name:  "a recovery of a month that is not in the uplift is refused",
		given: untilSettled25, on: "2025-10-20",
		when: recoverUplift("2025-26/M05", Costs{}, 10_00),
		rule: RuleRecoveryNone,
	},
	{
		name:  "on a proved cost nothing is recovered from a claim while its uplift stands",
		given: untilSettled25, on: "2025-10-20",
		when: RaiseRecovery{Item: "431.1", Reason: "the salary proved to be less", Person: "P-0001", Proved: cost(5_000_00)},
		rule: RuleRecoveryUplifted,
	},
	{
		name:  "the approval of a claim is not taken back while its uplift stands",
		given: more(untilSettled25, governed), on: "2025-10-20",
		when: takeBack(431),
		rule: RuleReversalOvertaken,
	},
	{
		name:  "a recovery of an uplift is not taken back once the month was uplifted anew",
		given: more(untilSettled25, also(470, "2025-10-13", recoverUplift("2025-26/M01", Costs{}, 203_17), upliftOf("2025-26/M01", backPay)), governed), on: "2025-10-20",
		when: takeBack(470),
		rule: RuleReversalOvertaken,
	},
}

func TestUplifts(t *testing.T) { tell(t, upliftRows) }

// TestOldClaimsStayAsTheyAreWhenMaximaAreRaised is case 3 of SCENARIO.md, from the claims of April to the payment of the
// difference.
func TestOldClaimsStayAsTheyAreWhenMaximaAreRaised(t *testing.T) {
	s := told(t, untilClaimed25)
	// 4 × (66,972 ÷ 12 = 5,581.00) and 4 × 2,600.00.
	if got, want := s.totals(arrs25), "expenditure £32,724.00, payables -£32,724.00, limit -£200,000.00, allocated £167,276.00, charged £32,724.00"; got != want {
		t.Errorf("by the maxima of March the fund stands at\n%s\nwant\n%s", got, want)
	}
	before, open := standsAt(s.ledger), s.open()
	revised25(s)
	if diff := cmp.Diff(before, standsAt(s.ledger), cmp.AllowUnexported(fundSide{}, side{}, sumKey{})); diff != "" {
		t.Errorf("raising the maxima moves money (-before +after):\n%s", diff)
	}
	s.number = 450
	s.on("2025-09-30").do(uplift(aprilToJuly...))
	s.number = 460
	s.on("2025-10-10").do(ApproveClaim{Claim: 450, Fund: arrs25})
	// round(69,410 × 4 ÷ 12) = 23,136.67 less 22,324.00 is 812.67, and 4 × 93.60 is 374.40.
	item := s.ledger.items["460.1"]
	want := []Part{{"2025-26/M01", 296_77}, {"2025-26/M02", 296_76}, {"2025-26/M03", 296_77}, {"2025-26/M04", 296_77}}
	if diff := cmp.Diff(want, item.Parts); diff != "" || item.Pence() != 1_187_07 || item.Payee != valley {
		t.Errorf("%s is due to %s, want £1,187.07 by month (-want +got):\n%s", item.Pence(), item.Payee, diff)
	}
	if diff := cmp.Diff(append(open, "460.1 £1,187.07"), s.open()); diff != "" {
		t.Errorf("other items have changed (-want +got):\n%s", diff)
	}
	for i := range aprilToJuly {
		claim := s.ledger.claims[int64(430+2*i)]
		for _, line := range claim.approved.Lines {
			was := map[Person]Pence{"P-0001": 5_581_00, "P-0002": 2_600_00}[line.Person]
			if line.Pence != was || claim.paid[claim.post(line)] != was {
				t.Errorf("%s of %s is %s, and %s of it stands; %s was approved", line.Person, claim.Month, line.Pence, claim.paid[claim.post(line)], was)
			}
		}
	}
	// 26.631 × 50,000 = £1,331,550.00 is North's sum (Pulse PCN, March 2025).
	if left := s.sumLeft(north, "2025-26"); left != 1_331_550_00-32_724_00-1_187_07 {
		t.Errorf("%s of the sum is left", left)
	}
	// August is claimed at the maximum of today, 69,410 × 5 ÷ 12 = 28,920.83 less 23,136.67, and needs no uplift.
	s.number = 470
	s.on("2025-10-10").do(claim(north, "2025-26/M05", ClaimLine{Person: "P-0001", Costs: cost(5_800_00)}), ApproveClaim{Claim: 470, Fund: arrs25})
	if august := s.ledger.paidFor(claimedPost{"P-0001", north, "ARRS_CP", "2025-26/M05"}); august != 5_784_16 {
		t.Errorf("August is paid %s", august)
	}
	s.number = 480
	s.on("2025-10-31").do(SettlePayment{Reference: "BACS 1031", Lines: []SettleLine{{Item: "460.1", Pence: 1_187_07}}})
	if s.ledger.items["460.1"].left() != 0 {
		t.Error("the uplift is not paid in full")
	}
}

// TestAnUpliftIsTakenBack has the approval of an uplift taken back, and all as it was before.
func TestAnUpliftIsTakenBack(t *testing.T) {
	s := told(t, untilUplifted)
	before := standsAt(s.ledger)
	s = told(t, more(untilSettled25, governed))
	s.on("2025-10-20").approved(chief, takeBack(460))
	if diff := cmp.Diff(before, standsAt(s.ledger), cmp.AllowUnexported(fundSide{}, side{}, sumKey{})); diff != "" {
		t.Errorf("not all is as it was (-before +after):\n%s", diff)
	}
	if claim := s.ledger.claims[450]; claim.approved != nil || claim.rejected {
		t.Error("the uplift is decided")
	}
}
