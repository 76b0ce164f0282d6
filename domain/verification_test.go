package domain

import "testing"

func TestVerification(t *testing.T) { tell(t, verificationRows) }

// untilGovernedClaim is the claim of October, 260, submitted before there were officers.
var untilGovernedClaim = more(untilClaimed, governed)

// underReview is a claim that recorder-1 submits, as event 700.
func underReview(s *story) {
	s.number = 700
	s.on("2019-11-04").as(recorder).do(october())
}

// reviewed is until then, with further appointments.
func reviewed(appointments ...AppointOfficer) []chapter {
	return more(untilEngaged, governed, alsoAppointed(appointments...), underReview)
}

func verify(number int64) VerifyClaim {
	return VerifyClaim{Claim: number, Evidence: "contract and payslip"}
}

func query(number int64) QueryClaim {
	return QueryClaim{Claim: number, Question: "is the pension for the whole month?"}
}

// spendUnderReview is a spend of £80 that recorder-1 records, as event 700: item 700.1.
func spendUnderReview(appointments ...AppointOfficer) []chapter {
	return more(untilEvidence, governed, alsoAppointed(appointments...), also(700, "2019-01-15", spend(ev, valley, north, leadership, pounds(80))))
}

func verifySpend(number int64) VerifySpend {
	return VerifySpend{Spend: number, Evidence: "invoices seen"}
}

var verificationRows = []row{
	{
		name:  "a claim is queried",
		given: reviewed(), as: verifier,
		when: query(700),
		then: ClaimQueried{Claim: 700, Question: "is the pension for the whole month?"},
	},
	{
		name:  "an approver may query a claim as well",
		given: reviewed(), as: approver,
		when: query(700),
		then: ClaimQueried{Claim: 700, Question: "is the pension for the whole month?"},
	},
	{
		name:  "a claim is queried again with another question",
		given: more(reviewed(), does(verifier, 710, query(700))),
		when:  QueryClaim{Claim: 700, Question: "who signed the contract?"},
		then:  ClaimQueried{Claim: 700, Question: "who signed the contract?"},
	},
	{
		name:  "the same question twice changes nothing",
		given: more(reviewed(), does(verifier, 710, query(700))), as: verifier2,
		when:      query(700),
		unchanged: true,
	},
	{
		name:  "the same question may be asked again of a claim that was verified",
		given: more(reviewed(), does(verifier, 710, query(700), verify(700))), as: approver,
		when: query(700),
		then: ClaimQueried{Claim: 700, Question: "is the pension for the whole month?"},
	},
	{
		name:  "a query without a question is refused",
		given: reviewed(), as: verifier,
		when: QueryClaim{Claim: 700},
		rule: RuleTextMissing,
	},
	{
		name:  "querying an event that is no claim is refused",
		given: reviewed(), as: verifier,
		when: query(250),
		rule: RuleClaimUnknown,
	},
	{
		name:  "querying a claim that was approved is refused",
		given: more(untilApproved, governed), as: verifier,
		when: query(260),
		rule: RuleClaimDecided,
	},
	{
		name:  "a claim is queried by a verifier or an approver only",
		given: reviewed(),
		when:  query(700),
		rule:  RuleRole,
	},

	{
		name:  "a claim is verified against its evidence",
		given: reviewed(), as: verifier,
		when: verify(700),
		then: ClaimVerified{Claim: 700, Evidence: "contract and payslip"},
	},
	{
		name:  "verifying a claim that was queried answers the question",
		given: more(reviewed(), does(verifier, 710, query(700))),
		when:  verify(700),
		then:  ClaimVerified{Claim: 700, Evidence: "contract and payslip"},
	},
	{
		name:  "a claim that was queried once it was verified is verified again",
		given: more(reviewed(), does(verifier, 710, verify(700)), does(approver, 711, query(700))), as: verifier2,
		when: verify(700),
		then: ClaimVerified{Claim: 700, Evidence: "contract and payslip"},
	},
	{
		name:  "verifying a claim twice changes nothing",
		given: more(reviewed(), does(verifier, 710, verify(700))), as: verifier2,
		when:      verify(700),
		unchanged: true,
	},
	{
		name:  "a claim that was submitted before there were officers is verified",
		given: untilGovernedClaim, as: verifier,
		when: verify(260),
		then: ClaimVerified{Claim: 260, Evidence: "contract and payslip"},
	},
	{
		name:  "a verification that names no evidence is refused",
		given: reviewed(), as: verifier,
		when: VerifyClaim{Claim: 700},
		rule: RuleTextMissing,
	},
	{
		name:  "verifying an event that is no claim is refused",
		given: reviewed(), as: verifier,
		when: verify(250),
		rule: RuleClaimUnknown,
	},
	{
		name:  "verifying a claim that was rejected is refused",
		given: more(reviewed(), does(verifier, 710, RejectClaim{Claim: 700, Reason: "the payslip is missing"})),
		when:  verify(700),
		rule:  RuleClaimDecided,
	},

	{
		name:  "a claim that was verified is approved",
		given: more(reviewed(), does(verifier, 710, verify(700))), as: approver, on: "2019-11-12",
		when:   approve(700),
		then:   approval(700, "2019-20/M07", "2019-12-12", paidLine("P-0001", 4_500_00, 3_150_00, 3_150_83, 3_150_00)),
		fund:   arrs,
		totals: "expenditure £3,150.00, payables -£3,150.00, limit -£161,826.75, allocated £158,676.75, charged £3,150.00",
	},
	{
		name:  "a claim that nobody verified is not approved once there are officers",
		given: untilGovernedClaim, as: approver,
		when: approve(260),
		rule: RuleClaimUnverified,
	},
	{
		name:  "a claim that was queried once it was verified is not approved",
		given: more(reviewed(), does(verifier, 710, verify(700), query(700))), as: approver,
		when: approve(700),
		rule: RuleClaimUnverified,
	},
	{
		name:  "a claim whose question was answered is approved",
		given: more(reviewed(), does(verifier, 710, verify(700), query(700), verify(700))), as: approver, on: "2019-11-12",
		when: approve(700),
		then: approval(700, "2019-20/M07", "2019-12-12", paidLine("P-0001", 4_500_00, 3_150_00, 3_150_83, 3_150_00)),
	},

	{
		name:  "a claim is not verified by who submitted it",
		given: reviewed(appoint(recorder, RoleVerifier, "", 0)),
		when:  verify(700),
		rule:  RuleSeparation,
	},
	{
		name:  "a claim is not verified by who submitted it, in another's stead either",
		given: reviewed(deputy(recorder, RoleVerifier, verifier)),
		when:  verify(700),
		rule:  RuleSeparation,
	},
	{
		name: "a claim that a deputy submitted is not verified by the officer in whose stead it did",
		given: more(untilEngaged, governed, alsoAppointed(deputy(verifier2, RoleRecorder, recorder), appoint(recorder, RoleVerifier, "", 0)),
			does(verifier2, 700, october())), as: recorder, on: "2019-11-04",
		when: verify(700),
		rule: RuleSeparation,
	},
	{
		name:  "a claim that a deputy submitted is not verified by the deputy",
		given: more(untilEngaged, governed, alsoAppointed(deputy(verifier2, RoleRecorder, recorder)), does(verifier2, 700, october())),
		when:  verify(700),
		rule:  RuleSeparation,
	},
	{
		name:  "a claim is not approved by who submitted it",
		given: more(reviewed(appoint(recorder, RoleApprover, "senior manager band 8", pounds(5_000))), does(verifier, 710, verify(700))), as: recorder,
		when: approve(700),
		rule: RuleSeparation,
	},
	{
		name:  "a claim is not approved by who verified it",
		given: more(reviewed(appoint(verifier, RoleApprover, "senior manager band 8", pounds(5_000))), does(verifier, 710, verify(700))),
		when:  approve(700),
		rule:  RuleSeparation,
	},
	{
		name:  "a claim is not approved by who verified it, in another's stead either",
		given: more(reviewed(deputy(verifier, RoleApprover, approver)), does(verifier, 710, verify(700))),
		when:  approve(700),
		rule:  RuleSeparation,
	},
	{
		name:  "a claim that a deputy verified is not approved by the officer in whose stead it did",
		given: more(reviewed(appoint(verifier, RoleApprover, "senior manager band 8", pounds(5_000)), deputy(recorder2, RoleVerifier, verifier)), does(recorder2, 710, verify(700))),
		as:    verifier,
		when:  approve(700),
		rule:  RuleSeparation,
	},
	{
		name:  "a claim is not rejected by who submitted it",
		given: reviewed(appoint(recorder, RoleVerifier, "", 0)),
		when:  RejectClaim{Claim: 700, Reason: "the payslip is missing"},
		rule:  RuleSeparation,
	},

	{
		name:  "a spend is verified against its evidence",
		given: spendUnderReview(), as: verifier,
		when: verifySpend(700),
		then: SpendVerified{Spend: 700, Evidence: "invoices seen"},
	},
	{
		name:  "verifying a spend twice changes nothing",
		given: more(spendUnderReview(), does(verifier, 710, verifySpend(700))), as: verifier2,
		when:      VerifySpend{Spend: 700, Evidence: "invoices seen again"},
		unchanged: true,
	},
	{
		name:  "verifying a spend without evidence is refused",
		given: spendUnderReview(), as: verifier,
		when: VerifySpend{Spend: 700},
		rule: RuleTextMissing,
	},
	{
		name:  "verifying an event that records no spend is refused",
		given: spendUnderReview(), as: verifier,
		when: verifySpend(200),
		rule: RuleSpendUnknown,
	},
	{
		name:  "verifying a spend that was reversed is refused",
		given: more(spendUnderReview(), func(s *story) { set(&s.ledger.reversed, 700, 710) }), as: verifier,
		when: verifySpend(700),
		rule: RuleSpendUnknown,
	},
	{
		name:  "a spend is not verified by who recorded it",
		given: spendUnderReview(appoint(recorder, RoleVerifier, "", 0)),
		when:  verifySpend(700),
		rule:  RuleSeparation,
	},
	{
		name:  "a spend is not verified by who recorded it, in another's stead either",
		given: spendUnderReview(deputy(recorder, RoleVerifier, verifier)),
		when:  verifySpend(700),
		rule:  RuleSeparation,
	},
	{
		name: "a spend is not verified by who approved it",
		given: more(untilEvidence, governed, alsoAppointed(appoint(approver, RoleVerifier, "", 0)), func(s *story) {
			s.number = 700
			s.on("2019-01-15").approved(approver, spend(evWarn, valley, north, leadership, pounds(600)))
		}), as: approver,
		when: verifySpend(702),
		rule: RuleSeparation,
	},
}
