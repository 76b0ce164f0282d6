package domain

import "slices"

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
	claim.verified, claim.queried, claim.verifiedBy = true, false, r.hands()
}

func (c QueryClaim) decide(l *Ledger, m moment) (Event, error)  { panic("not built yet") }
func (c VerifyClaim) decide(l *Ledger, m moment) (Event, error) { panic("not built yet") }
func (c VerifySpend) decide(l *Ledger, m moment) (Event, error) { panic("not built yet") }
