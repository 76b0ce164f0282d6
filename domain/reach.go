package domain

import "slices"

// A reach is which funds and networks facts touch. A blank stands for all of them.
type reach struct {
	funds    []FundCode
	networks []Body
}

func (r *reach) fund(f FundCode) {
	if !slices.Contains(r.funds, f) {
		r.funds = append(r.funds, f)
	}
}

func (r *reach) network(b Body) {
	if !slices.Contains(r.networks, b) {
		r.networks = append(r.networks, b)
	}
}

// posted adds what a posting touches: its fund, and its beneficiary where the account says what money is for. Money that is
// for nobody yet, or for anybody, is all networks'.
func (r *reach) posted(a Account, f FundCode, beneficiary Body) {
	r.fund(f)
	if beneficiary != "" || !a.IsControl() && a.rule().beneficiary {
		r.network(beneficiary)
	}
}

// refuse says that an officer's appointment does not reach so far.
func (r reach) refuse(officer OfficerID, kind CommandKind) error {
	text := ""
	for _, f := range r.funds {
		text += orAll(", fund ", string(f), ", all funds")
	}
	for i, n := range r.networks {
		if i == 3 {
			text += " and others"
			break
		}
		text += orAll(", network ", n.Bare(), ", all networks")
	}
	return refuse(RuleScope, "have an officer do it whose appointment covers that: pcnledger show officers", "the appointment of %s does not cover %s%s", officer, kind.Name, text)
}

func orAll(one, name, all string) string {
	if name == "" {
		return all
	}
	return one + name
}

// reachOf lists the funds and the networks that facts touch.
func (l *Ledger) reachOf(facts []Fact) (all reach) {
	for _, f := range facts {
		one := l.touchedBy(f.Event)
		for _, p := range slices.Concat(Postings(Recorded{Fact: f}), plannedPostings(f.Event)) {
			one.posted(p.Account, p.Fund, p.Beneficiary)
		}
		for _, line := range linesPaid(f.Event) {
			one.network(line.Beneficiary)
		}
		if len(one.funds) > 0 && len(one.networks) == 0 { // the fund as a whole
			one.network("")
		}
		for _, fund := range one.funds {
			all.fund(fund)
		}
		for _, network := range one.networks {
			all.network(network)
		}
	}
	return all
}

// touchedBy is what an event touches beside what it posts.
func (l *Ledger) touchedBy(e Event) (r reach) {
	switch e := e.(type) {
	case FundOpened:
		r.fund(e.Fund)
	case BudgetSet:
		r.fund(e.Fund)
	case NarrativeSubmitted:
		r.fund(e.Fund)
	case ClaimApproved:
		r.fund(e.Fund)
	case MilestoneRecorded:
		if e.Fund != "" {
			r.fund(e.Fund)
		}
	case FundAllocated:
		for _, line := range e.Lines {
			r.network(line.Beneficiary)
		}
	case AllocationMoved:
		for _, line := range e.Lines {
			r.network(line.From.Beneficiary)
			r.network(line.To.Beneficiary)
		}
	case SpendVerified:
		r.fund(l.spends[e.Spend].fund)
		for _, b := range l.spends[e.Spend].bodies {
			if kind := l.registry.bodies[b].kind; kind == KindNetwork || kind == KindArea {
				r.network(b)
			}
		}
	case UnclaimedRedistributed:
		for _, line := range e.Lines {
			r.network(line.From)
			r.network(line.To)
		}
	case QuantityRecorded:
		for _, line := range e.Lines {
			if l.registry.bodies[line.Body].kind == KindPractice {
				r.network(l.registry.networkOf(line.Body, e.From))
			} else {
				r.network(line.Body)
			}
		}
	case PeriodClosed, PeriodReopened, RateCardAdopted, RateRevised, RateOverridden:
		r.fund("")
		r.network("")
	}
	if network := l.networkOf(e); network != "" {
		r.network(network)
	}
	return r
}

// networkOf is the one network that an event without postings is about; none of others.
func (l *Ledger) networkOf(e Event) Body {
	switch e := e.(type) {
	case ClaimSubmitted:
		return e.Network
	case ClaimQueried:
		return l.claims[e.Claim].Network
	case ClaimVerified:
		return l.claims[e.Claim].Network
	case ClaimApproved:
		return e.Network
	case ClaimRejected:
		return l.claims[e.Claim].Network
	case RoleEngaged:
		return e.Network
	case RoleChanged:
		return e.Network
	case RoleBaselineSet:
		return e.Network
	case UpliftClaimed:
		return e.Network
	case RoleEnded:
		if posts := l.roles[e.Person]; len(posts) > 0 {
			return posts[len(posts)-1].network
		}
	case PayeeNominated:
		return e.Network
	case MembershipRecorded:
		return e.Network
	case MaturityAssessed:
		return e.Network
	case TargetSet:
		return e.Network
	case MilestoneRecorded:
		return e.Network
	case NarrativeSubmitted:
		return e.Network
	}
	return ""
}

// linesPaid are the lines of a payment, a receipt or a run: what is in transit posts neither payee nor beneficiary.
func linesPaid(e Event) []SettledLine {
	switch e := e.(type) {
	case PaymentSettled:
		return slices.Concat(e.Lines, e.Netted)
	case ReceiptRecorded:
		return e.Lines
	case PaymentRunProposed:
		return slices.Concat(e.Lines, e.SetOff, e.Netted)
	case PaymentRunReleased:
		return slices.Concat(e.Lines, e.SetOff, e.Netted)
	case PaymentFailed:
		return e.Lines
	}
	return nil
}

// bodiesOf lists the payees, networks and practices that facts are about: whom an interest may be in.
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
		for _, line := range linesPaid(f.Event) {
			add(line.Payee, line.Beneficiary)
		}
		add(l.networkOf(f.Event))
		switch e := f.Event.(type) {
		case PayeeNominated:
			add(e.Payee)
		case SpendVerified:
			add(l.spends[e.Spend].bodies...)
		case MembershipRecorded:
			for _, member := range e.Members {
				add(member.Practice)
			}
		case UnclaimedRedistributed:
			for _, line := range e.Lines {
				add(line.From, line.To)
			}
		case QuantityRecorded:
			for _, line := range e.Lines {
				add(line.Body)
			}
		case BodySucceeded:
			add(e.Body)
			for _, successor := range e.Successors {
				add(successor.Body)
			}
		}
	}
	return bodies
}
