package domain

// separate refuses a hand that did what another has to do: who submits a claim does not verify it, who verifies does not
// approve; who records a spend does not verify it; who proposes or approves a payment run does not release it; nobody
// appoints oneself.
func (l *Ledger) separate(c Command, facts []Fact, h Hand) error {
	switch c := c.(type) {
	case AppointOfficer:
		if h.meets(Hand{Officer: c.Officer}) {
			return refuse(RuleAppointOneself, "have another administrator do it", "%s cannot have a hand in its own appointment", h)
		}
	case EndAppointment:
		return nil
	case VerifyClaim:
		return apart(h, l.claims[c.Claim].submittedBy, "submitted claim", c.Claim, "verify")
	case ApproveClaim:
		if err := apart(h, l.claims[c.Claim].submittedBy, "submitted claim", c.Claim, "approve"); err != nil {
			return err
		}
		return apart(h, l.claims[c.Claim].verifiedBy, "verified claim", c.Claim, "approve")
	case RejectClaim:
		return apart(h, l.claims[c.Claim].submittedBy, "submitted claim", c.Claim, "reject")
	case VerifySpend:
		return apart(h, l.spends[c.Spend].recordedBy, "recorded spend", c.Spend, "verify")
	case ReleasePaymentRun:
		return apart(h, l.runs[c.Run].by, "proposed or approved payment run", c.Run, "release")
	case DeclareInterest:
		return nil
	case ReplaceEntry:
		return l.separate(c.With.Command, facts, h)
	}
	return nil
}

// apart refuses a hand that meets one of those who did the step before.
func apart(h Hand, before []Hand, did string, number int64, doing string) error {
	for _, b := range before {
		if h.meets(b) {
			return refuse(RuleSeparation, "have another officer "+doing+" it", "%s %s %d; %s cannot %s it", b, did, number, h, doing)
		}
	}
	return nil
}
