package domain

import "slices"

// The rules of verification.
const (
	RuleClaimUnverified Rule = "claim-unverified"
	RuleSpendUnverified Rule = "spend-unverified"
	RuleSpendUnknown    Rule = "spend-unknown"
)

// QueryClaim asks to record a question about a claim. It waits until the claim is verified or rejected.
type QueryClaim struct {
	Claim    int64  `json:"claim"`
	Question string `json:"question"`
}

// ClaimQueried says what was asked about a claim.
type ClaimQueried struct {
	Claim    int64  `json:"claim"`
	Question string `json:"question"`
}

// VerifyClaim asks to record that a claim was checked against its evidence.
type VerifyClaim struct {
	Claim    int64  `json:"claim"`
	Evidence string `json:"evidence"` // what was seen: "contracts and payslips"
}

// ClaimVerified says that a claim was checked against its evidence.
type ClaimVerified struct {
	Claim    int64  `json:"claim"`
	Evidence string `json:"evidence"`
}

// VerifySpend asks to record that a spend was checked against its evidence.
type VerifySpend struct {
	Spend    int64  `json:"spend"` // number of the SpendRecorded
	Evidence string `json:"evidence"`
}

// SpendVerified says that a spend was checked against its evidence.
type SpendVerified struct {
	Spend    int64  `json:"spend"`
	Evidence string `json:"evidence"`
}

// spendState is who recorded a spend, for whom, and who verified it.
type spendState struct {
	fund                   FundCode
	recordedBy, verifiedBy []Hand
	verified               bool
	bodies                 []Body // payees and beneficiaries
}

func (l *Ledger) noteSpend(r Recorded, e SpendRecorded) {
	s := &spendState{fund: e.Fund, recordedBy: r.hands()}
	for _, line := range e.Lines {
		for _, b := range []Body{line.Payee, line.Beneficiary} {
			if b != "" && !slices.Contains(s.bodies, b) {
				s.bodies = append(s.bodies, b)
			}
		}
	}
	set(&l.spends, r.Number, s)
}

func (l *Ledger) verifyClaim(r Recorded, e ClaimVerified) {
	claim := l.claims[e.Claim]
	claim.verified, claim.queried, claim.verifiedBy = true, false, append(claim.verifiedBy, r.hands()...)
}

func (c QueryClaim) decide(l *Ledger, _ moment) (Event, error) {
	claim, err := l.undecided(c.Claim)
	if err != nil {
		return nil, err
	}
	if err := checkText(c.Question, "the question", `"which weeks did the post begin in?"`); err != nil {
		return nil, err
	}
	if claim.queried && claim.question == c.Question {
		return nil, ErrUnchanged
	}
	return ClaimQueried(c), nil
}

func (c VerifyClaim) decide(l *Ledger, _ moment) (Event, error) {
	claim, err := l.undecided(c.Claim)
	if err != nil {
		return nil, err
	}
	if err := checkText(c.Evidence, "the evidence", `"contracts and payslips"`); err != nil {
		return nil, err
	}
	if claim.verified && !claim.queried {
		return nil, ErrUnchanged
	}
	return ClaimVerified(c), nil
}

func (c VerifySpend) decide(l *Ledger, _ moment) (Event, error) {
	spend, ok := l.spends[c.Spend]
	if !ok {
		return nil, refuse(RuleSpendUnknown, "look for it: pcnledger show spends", "event %d records no spend", c.Spend)
	}
	if by, reversed := l.reversed[c.Spend]; reversed {
		return nil, refuse(RuleSpendUnknown, "verify the spend that took its place", "spend %d was reversed by event %d", c.Spend, by)
	}
	if err := checkText(c.Evidence, "the evidence", `"invoices seen"`); err != nil {
		return nil, err
	}
	if spend.verified {
		return nil, ErrUnchanged
	}
	return SpendVerified(c), nil
}

// checkClaimVerified refuses, once officers are appointed, to approve a claim that nobody checked, or that was queried
// since.
func (l *Ledger) checkClaimVerified(number int64, claim *claimState) error {
	switch {
	case !l.officers.governed():
		return nil
	case claim.queried:
		return refuse(RuleClaimUnverified, "have the question answered and the claim verified (VerifyClaim)", "claim %d was queried: %s", number, claim.question)
	case !claim.verified:
		return refuse(RuleClaimUnverified, "have it verified first (VerifyClaim)", "claim %d was not checked against its evidence", number)
	}
	return nil
}

// checkVerified refuses, once officers are appointed, to pay an item of a spend that nobody checked. Claims are checked
// before they are approved.
func (l *Ledger) checkVerified(item *itemState) error {
	if !l.officers.governed() {
		return nil
	}
	number, _ := item.ID.split()
	spend, is := l.spends[number]
	if !is || spend.verified {
		return nil
	}
	return refuse(RuleSpendUnverified, "have it verified first (VerifySpend), or leave the item out: a run may name its lines", "item %s of %s is from spend %d, which was not checked against its evidence",
		item.ID, item.Pence(), number).figure("item", item.Pence())
}
