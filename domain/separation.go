package domain

import "slices"

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

// reachOf lists the funds and the networks that facts touch.
func reachOf(facts []Fact) (funds []FundCode, networks []Body) {
	fund := func(f FundCode) {
		if f != "" && !slices.Contains(funds, f) {
			funds = append(funds, f)
		}
	}
	network := func(b Body) {
		if b != "" && !slices.Contains(networks, b) {
			networks = append(networks, b)
		}
	}
	for _, f := range facts {
		for _, p := range slices.Concat(Postings(Recorded{Fact: f}), plannedPostings(f.Event)) {
			fund(p.Fund)
			network(p.Beneficiary)
		}
		switch e := f.Event.(type) {
		case BudgetSet:
			fund(e.Fund)
		case FundOpened:
			fund(e.Fund)
		case ClaimSubmitted:
			network(e.Network)
		case RoleEngaged:
			network(e.Network)
		case PayeeNominated:
			network(e.Network)
		case MembershipRecorded:
			network(e.Network)
		}
	}
	return funds, networks
}

// bodiesOf lists the payees and networks that facts are about: whom an interest may be in.
func (l *Ledger) bodiesOf(facts []Fact) []Body {
	var bodies []Body
	add := func(all ...Body) {
		for _, b := range all {
			if b != "" && !slices.Contains(bodies, b) {
				bodies = append(bodies, b)
			}
		}
	}
	for _, f := range facts {
		for _, p := range slices.Concat(Postings(Recorded{Fact: f}), plannedPostings(f.Event)) {
			add(p.Payee, p.Beneficiary)
		}
		switch e := f.Event.(type) {
		case PayeeNominated:
			add(e.Network, e.Payee)
		case ClaimSubmitted:
			add(e.Network)
		case ClaimQueried:
			add(l.claims[e.Claim].Network)
		case ClaimVerified:
			add(l.claims[e.Claim].Network)
		case ClaimApproved:
			add(e.Network)
		case ClaimRejected:
			add(l.claims[e.Claim].Network)
		case SpendVerified:
			add(l.spends[e.Spend].bodies...)
		}
	}
	return bodies
}

// worthOf is what facts are worth to a limit, by fund: what is set aside, released, spent, paid or moved, each once.
func worthOf(facts []Fact) []FundPence {
	var worth []FundPence
	for _, f := range facts {
		for _, w := range Worth(f.Event) {
			worth = addWorth(worth, w)
		}
	}
	return worth
}

func addWorth(worth []FundPence, more FundPence) []FundPence {
	for i := range worth {
		if worth[i].Fund == more.Fund {
			worth[i].Pence += more.Pence
			return worth
		}
	}
	if more.Pence == 0 {
		return worth
	}
	return append(worth, more)
}

// Worth returns what an event is worth to an officer's limit, by fund, in the order in which it names them.
func Worth(e Event) []FundPence {
	var worth []FundPence
	add := func(fund FundCode, pence Pence) { worth = addWorth(worth, FundPence{fund, pence}) }
	switch e := e.(type) {
	case FundingConfirmed:
		add(e.Fund, e.Pence)
	case FundAllocated:
		for _, line := range e.Lines {
			add(e.Fund, line.Pence)
		}
	case AllocationMoved:
		for _, line := range e.Lines {
			add(e.Fund, line.Pence)
		}
	case FundsReleased:
		for _, line := range e.Lines {
			add(e.Fund, line.Pence)
		}
	case SpendRecorded:
		for _, line := range e.Lines {
			add(e.Fund, line.Pence)
		}
	case AdvanceCalledBack:
		for _, line := range e.Lines {
			add(e.Fund, line.Pence)
		}
	case EntitlementRun:
		for _, line := range e.Lines {
			add(e.Fund, line.Pence)
		}
	case ClaimApproved:
		add(e.Fund, e.Pence())
	case RecoveryRaised:
		add(e.Fund, e.Pence)
	case AccrualPosted:
		for _, line := range e.Lines {
			add(line.Fund, line.Pence)
		}
	case ReceivableWrittenOff:
		add(e.Fund, e.Pence)
	case EntryReversed:
		return Worth(e.Was.Event)
	case FundClosed:
		for _, line := range e.CalledBack {
			add(e.Fund, line.Pence)
		}
		for _, d := range e.Lapsed {
			add(e.Fund, d.Pence)
		}
	case JournalPosted:
		return worthOfLines(e.Lines)
	case BalancesOpened:
		return worthOfLines(e.Lines)
	default:
		return worthOfPayments(e)
	}
	return worth
}

// worthOfPayments is what payments are worth: all that leaves the commissioner or is set off.
func worthOfPayments(e Event) (worth []FundPence) {
	var lines []SettledLine
	switch e := e.(type) {
	case PaymentSettled:
		lines = e.Lines
	case ReceiptRecorded:
		lines = e.Lines
	case PaymentRunProposed:
		lines = slices.Concat(e.Lines, e.SetOff)
	case PaymentRunReleased:
		lines = slices.Concat(e.Lines, e.SetOff)
	case PaymentFailed:
		lines = e.Lines
	}
	for _, line := range lines {
		worth = addWorth(worth, FundPence{line.Fund, line.Pence})
	}
	return worth
}

// worthOfLines is the larger of what a manual entry debits on the financial and on the control side of each fund.
func worthOfLines(lines []JournalLine) (worth []FundPence) {
	var financial, control []FundPence
	for _, line := range lines {
		if line.Account.IsControl() {
			control = addWorth(control, FundPence{line.Fund, line.Debit})
		} else {
			financial = addWorth(financial, FundPence{line.Fund, line.Debit})
		}
	}
	for _, w := range slices.Concat(financial, control) {
		known := slices.IndexFunc(worth, func(k FundPence) bool { return k.Fund == w.Fund })
		if known < 0 {
			worth = append(worth, w)
		} else {
			worth[known].Pence = max(worth[known].Pence, w.Pence)
		}
	}
	return worth
}
