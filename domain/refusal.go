package domain

import (
	"errors"
	"fmt"
	"strings"
)

// A Refusal reports a command that a rule forbids, in words a finance officer can act upon. It is an ordinary outcome:
// show it, do not log it. Nothing is recorded of a refused command.
type Refusal struct {
	Rule    Rule     `json:"rule"`             // stable name; screens and tests depend on it
	Reason  string   `json:"reason"`           // what is wrong, with the figures
	Remedy  string   `json:"remedy"`           // what would make it pass
	Figures []Figure `json:"figures,omitzero"` // the amounts behind the reason
}

// A Figure is an amount behind a refusal, by name.
type Figure struct {
	Name  string `json:"name"`
	Pence Pence  `json:"pence"`
}

// Error returns the reason and the remedy in one line.
func (r *Refusal) Error() string { return r.Reason + "; " + r.Remedy }

// ErrUnchanged reports a command that would change nothing. Nothing is recorded.
var ErrUnchanged = errors.New("this is recorded already; nothing would change")

func refuse(rule Rule, remedy, reason string, args ...any) *Refusal {
	return &Refusal{Rule: rule, Reason: fmt.Sprintf(reason, args...), Remedy: remedy}
}

func (r *Refusal) figure(name string, p Pence) *Refusal {
	r.Figures = append(r.Figures, Figure{name, p})
	return r
}

// A Rule is the stable name of something that can forbid a command.
type Rule string

// The rules. Each has its wording in testdata/refusals.golden, where finance can review them all.
const (
	RuleAmountWholePence Rule = "amount-whole-pence"
	RuleAmountPositive   Rule = "amount-positive"
	RuleAmountTooLarge   Rule = "amount-too-large"
	RuleTextMissing      Rule = "text-missing"
	RuleLinesMissing     Rule = "lines-missing"

	RuleLedgerExists      Rule = "ledger-exists"
	RuleLedgerMissing     Rule = "ledger-missing"
	RuleKeyForm           Rule = "key-form"
	RuleEffectiveNotTaken Rule = "effective-not-taken"
	RulePeriodNotBegun    Rule = "period-not-begun"
	RulePeriodClosed      Rule = "period-closed"
	RulePeriodOrder       Rule = "period-order"
	RulePeriodNamed       Rule = "period-named"

	RuleOfficersMissing    Rule = "officers-missing"
	RuleOfficerUnknown     Rule = "officer-unknown"
	RuleOfficerIdentity    Rule = "officer-identity"
	RuleAdministratorFirst Rule = "administrator-first"
	RuleAppointmentDates   Rule = "appointment-dates"
	RuleAppointmentUnknown Rule = "appointment-unknown"
	RuleAppointOneself     Rule = "appointing-oneself"
	RuleRoleAlone          Rule = "role-alone"
	RuleDeputy             Rule = "deputy"
	RuleGrade              Rule = "limit-over-grade"
	RulePolicy             Rule = "policy-form"
	RuleProof              Rule = "proof-of-identity"
	RuleRole               Rule = "role-lacking"
	RuleScope              Rule = "out-of-scope"
	RuleLimit              Rule = "approval-over-limit"
	RuleSelfApproval       Rule = "self-approval"
	RuleSeparation         Rule = "separation-of-duties"
	RuleInterest           Rule = "conflict-of-interest"
	RuleRequestUnknown     Rule = "request-unknown"
	RuleRequestEnded       Rule = "request-decided"
	RuleRequestExpired     Rule = "request-expired"
	RuleRequestChanged     Rule = "request-changed"
	RuleRequestOther       Rule = "request-of-another"

	RuleBodyUnknown     Rule = "body-unknown"
	RuleBodyUnallocated Rule = "body-unallocated"
	RuleBodyKind        Rule = "body-kind"
	RuleBodySucceeded   Rule = "body-succeeded"
	RuleSuccessorShares Rule = "successor-shares"

	RuleMembershipDates   Rule = "membership-dates"
	RuleMembershipOverlap Rule = "membership-overlap"
	RuleListSource        Rule = "list-source"
	RuleListDate          Rule = "list-date"
	RuleListLine          Rule = "list-line"
	RuleListUnknown       Rule = "list-unknown"
	RuleShareEmpty        Rule = "share-empty"
	RuleShareAndOne       Rule = "share-and-beneficiary"

	RuleFundExists       Rule = "fund-exists"
	RuleFundUnknown      Rule = "fund-unknown"
	RuleFundTerms        Rule = "fund-terms"
	RuleFundClosed       Rule = "fund-closed"
	RuleFundDates        Rule = "fund-dates"
	RuleFundNotEnded     Rule = "fund-not-ended"
	RuleFundUnpaid       Rule = "fund-unpaid-release"
	RuleFundNoAdvances   Rule = "fund-pays-on-evidence"
	RuleServiceOutside   Rule = "service-outside-fund"
	RuleCategory         Rule = "category-not-permitted"
	RuleDecisionMissing  Rule = "decision-missing"
	RuleDecisionLater    Rule = "decision-later"
	RuleOverAllocation   Rule = "allocation-over-fund"
	RuleMoveOver         Rule = "move-over-allocation"
	RuleReleaseOver      Rule = "release-over-allocation"
	RulePayeeMissing     Rule = "payee-missing"
	RuleSpendOverRelease Rule = "spend-over-release"
	RuleSpendOver        Rule = "spend-over-allocation"
	RuleReturnOver       Rule = "return-over-unspent"

	RuleItemUnknown  Rule = "item-unknown"
	RuleItemKind     Rule = "item-kind"
	RuleItemTwice    Rule = "item-twice"
	RuleItemSettled  Rule = "item-settled"
	RuleItemOverpaid Rule = "item-overpaid"
	RuleItemEarlier  Rule = "item-earlier"

	RuleRateUnknown      Rule = "rate-unknown"
	RuleRateAdopted      Rule = "rate-adopted"
	RuleRateNotAdopted   Rule = "rate-not-adopted"
	RuleRateStanding     Rule = "rate-standing"
	RuleRateKind         Rule = "rate-kind"
	RuleRateMonth        Rule = "rate-month"
	RulePayeeNoMember    Rule = "payee-in-no-network"
	RulePayeeTwice       Rule = "payee-twice"
	RuleMonthNotBegun    Rule = "month-not-begun"
	RuleRunEmpty         Rule = "run-without-members"
	RuleEntitlementFell  Rule = "entitlement-fell"
	RuleBudget           Rule = "budget-not-the-limit"
	RuleHours            Rule = "hours"
	RuleRoleOpen         Rule = "role-open"
	RuleRoleNone         Rule = "role-none"
	RuleRoleClaimed      Rule = "role-claimed"
	RuleClaimTwice       Rule = "claim-twice"
	RuleClaimCosts       Rule = "claim-costs"
	RuleClaimDeclaration Rule = "claim-declaration"
	RuleClaimUnknown     Rule = "claim-unknown"
	RuleClaimDecided     Rule = "claim-decided"
	RuleRecoveryNone     Rule = "recovery-none"
	RuleRecoveryNothing  Rule = "recovery-nothing"
	RuleRecoveryOver     Rule = "recovery-over"
	RuleNettingOver      Rule = "netting-over"

	RuleFrameworkExists   Rule = "framework-exists"
	RuleFrameworkUnknown  Rule = "framework-unknown"
	RuleFrameworkLevels   Rule = "framework-levels"
	RuleAreaLevel         Rule = "area-level"
	RuleBaselineMissing   Rule = "baseline-missing"
	RuleBaselineTwice     Rule = "baseline-twice"
	RuleAssessmentDate    Rule = "assessment-date"
	RuleMilestoneAchieved Rule = "milestone-achieved"
)

// Forbidden says that a rule keeps an officer from what it is not allowed to do, rather than from a mistake. Attempts are
// noted for those who watch over the ledger.
func (r Rule) Forbidden() bool {
	switch r {
	case RuleOfficerUnknown, RuleAppointOneself, RuleProof, RuleRole, RuleScope, RuleLimit, RuleSelfApproval, RuleSeparation, RuleInterest, RuleRequestOther:
		return true
	}
	return false
}

// checkText refuses text that is missing.
func checkText(text, what, example string) error {
	if strings.TrimSpace(text) != "" {
		return nil
	}
	return refuse(RuleTextMissing, "add it, for example "+example, "%s is missing", what)
}

// checkLines refuses a command without lines.
func checkLines(n int) error {
	if n > 0 {
		return nil
	}
	return refuse(RuleLinesMissing, "give at least one line", "there are no lines")
}
