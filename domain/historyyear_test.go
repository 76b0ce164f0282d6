package domain

import (
	"math/big"
	"slices"
)

// yearBooks is what an officer with a pencil keeps of entitlements and roles, from the events' own amounts.
type yearBooks struct {
	sizes    map[Body]int64 // the generator's own
	raised   map[raisedKey]map[Service]Pence
	lines    map[ItemID]raisedKey
	approved map[Body]Pence // of a network's roles, less what was recovered
	posts    map[postMonth]Pence
}

// postMonth is a person's month with a network.
type postMonth struct {
	person  Person
	network Body
	month   Service
}

func newYearBooks() yearBooks {
	return yearBooks{map[Body]int64{}, map[raisedKey]map[Service]Pence{}, map[ItemID]raisedKey{}, map[Body]Pence{}, map[postMonth]Pence{}}
}

// postYear keeps the books of the events that 2019/20 brought.
func (h *history) postYear(r Recorded) {
	switch e := r.Event.(type) {
	case EntitlementRun:
		for i, line := range e.Lines {
			key := raisedKey{rateKey{e.Year, e.Rate}, line.Beneficiary}
			if line.Practice != "" {
				key.beneficiary = line.Practice
			}
			if h.year.raised[key] == nil {
				h.year.raised[key] = map[Service]Pence{}
			}
			h.year.lines[itemID(r.Number, i+1)] = key
			for _, part := range line.Parts {
				h.year.raised[key][part.For] += part.Pence
				h.books[e.Fund].lapsed -= takenFromLapsed(part.Draws)
			}
			h.books[e.Fund].spent += line.Pence
			h.books[e.Fund].payable += line.Pence
		}
	case ClaimApproved:
		for _, line := range e.Lines {
			h.year.approved[e.Network] += line.Pence
			h.year.posts[postMonth{line.Person, e.Network, e.MonthOf(line)}] += line.Pence
			h.books[e.Fund].lapsed -= takenFromLapsed(line.Draws)
			h.books[e.Fund].spent += line.Pence
			h.books[e.Fund].payable += line.Pence
		}
	case RecoveryRaised:
		h.books[e.Fund].spent -= e.Pence
		h.books[e.Fund].recovered += e.Pence
		h.books[e.Fund].lapsed += takenFromLapsed(e.Draws)
		if key, is := h.year.lines[e.Item]; is {
			h.year.raised[key][e.For] -= e.Pence
		}
		if e.Claim != 0 {
			h.year.approved[e.Beneficiary] -= e.Pence
			h.year.posts[postMonth{e.Person, e.Beneficiary, e.For}] -= e.Pence
		}
	case PaymentSettled:
		for _, line := range e.Netted {
			h.books[line.Fund].received += line.Pence
		}
	case EntryReversed:
		h.reverseYear(e)
	}
}

// reverseYear takes out of the books what an entry had put in.
func (h *history) reverseYear(e EntryReversed) {
	switch was := e.Was.Event.(type) {
	case EntitlementRun:
		for i, line := range was.Lines {
			for _, part := range line.Parts {
				h.year.raised[h.year.lines[itemID(e.Entry, i+1)]][part.For] -= part.Pence
			}
		}
	case ClaimApproved:
		for _, line := range was.Lines {
			h.year.approved[was.Network] -= line.Pence
			h.year.posts[postMonth{line.Person, was.Network, was.MonthOf(line)}] -= line.Pence
		}
	case RecoveryRaised:
		if key, is := h.year.lines[was.Item]; is {
			h.year.raised[key][was.For] += was.Pence
		}
		if was.Claim != 0 {
			h.year.approved[was.Beneficiary] += was.Pence
			h.year.posts[postMonth{was.Person, was.Beneficiary, was.For}] += was.Pence
		}
	}
}

func takenFromLapsed(draws []Draw) (sum Pence) {
	for _, d := range draws {
		if d.Account == Lapsed {
			sum += d.Pence
		}
	}
	return sum
}

// checkYear requires the promises about entitlements and roles.
func (h *history) checkYear(r Recorded) {
	switch e := r.Event.(type) {
	case EntitlementRun:
		h.checkRaised(e)
	case ClaimApproved:
		for _, line := range e.Lines {
			if line.Pence > line.Part || line.Pence > line.Maximum || line.Pence < 0 {
				h.fail("%s is paid %s of %s, at most %s", line.Person, line.Pence, line.Part, line.Maximum)
			}
		}
	}
	switch r.Event.(type) {
	case ClaimApproved, RoleEngaged, RoleChanged, RoleEnded:
		h.checkPosts()
	case UnclaimedRedistributed:
		h.checkRedistributed()
	}
}

// checkPosts requires that no network is reimbursed more than its sum, and no post more than its maximum in a month.
func (h *history) checkPosts() {
	var sum Pence
	if _, ok := h.ledger.rates[rateKey{"2019-20", "ARRS_CP"}]; ok {
		sum += 28_357_50
	}
	if _, ok := h.ledger.rates[rateKey{"2019-20", "ARRS_SPLW"}]; ok {
		sum += 25_584_75
	}
	for network, approved := range h.year.approved {
		if approved > sum || approved < 0 {
			h.fail("%s is reimbursed %s for its roles; its sum is %s", network, approved, sum)
		}
	}
	for post, paid := range h.year.posts {
		if most := h.mostOf(post); paid > most || paid < 0 {
			h.fail("%+v is paid %s; at most %s can be reimbursed", post, paid, most)
		}
	}
}

// checkRedistributed requires that what some networks gave of their sums is what others have more.
func (h *history) checkRedistributed() {
	var sum Pence
	for key, pence := range h.ledger.redistributed {
		sum += pence
		if most, err := h.ledger.SumOf(key.network, key.year, key.sum); err != nil || most < 0 {
			h.fail("the sum of %s is %s, %v", key.network, most, err)
		}
	}
	if sum != 0 {
		h.fail("networks were given %s more than others gave", sum)
	}
}

// mostOf is the maximum of a post by the roles of today.
func (h *history) mostOf(post postMonth) Pence {
	e, in := h.ledger.inPost(post.person, post.network, post.month)
	if !in {
		return 0
	}
	most, err := h.ledger.maximumOf(post.person, post.network, e.role, post.month)
	if err != nil {
		h.fail("%+v has no maximum: %v", post, err)
	}
	return most
}

// checkRaised requires that what was raised for each payment up to a run's month, less what was recovered, is the rule's
// result on the lists and memberships of today.
func (h *history) checkRaised(e EntitlementRun) {
	asked := h.meant(h.asked[len(h.asked)-1].command).(RunEntitlement)
	rate, _ := h.ledger.adopted(e.Year, e.Rate)
	receivers := someNetworks
	if rate.Payee == PayPractice {
		receivers = somePractices
		if len(asked.Networks) > 0 {
			return // another network's months of a practice may be left out
		}
	}
	for _, receiver := range receivers {
		if len(asked.Networks) > 0 && !slices.Contains(asked.Networks, receiver) {
			continue
		}
		exact, raised := new(big.Rat), Pence(0)
		for _, m := range rate.Months() {
			if m <= e.Through {
				exact.Add(exact, big.NewRat(int64(Annual(rate, h.listOn(rate, receiver, m))), int64(len(rate.Months()))))
				raised += h.year.raised[raisedKey{rateKey{e.Year, e.Rate}, receiver}][m]
			}
		}
		if raised != roundRat(exact) {
			h.fail("%s of %s through %s: %s is raised and not recovered; the rule makes it %s pence", e.Rate, receiver, e.Through, raised, exact.FloatString(2))
		}
	}
}

// meant is the command that a command carries out: what was held, for an approval; what takes an entry's place.
func (h *history) meant(c Command) Command {
	switch c := c.(type) {
	case Approve:
		return h.meant(h.ledger.requests[c.Request].command().Command)
	case ReplaceEntry:
		return h.meant(c.With.Command)
	}
	return c
}

// listOn counts a receiver's patients in a month: a network's members', or a practice's own while it is in a network.
func (h *history) listOn(rate Rate, receiver Body, m Service) (patients int64) {
	var members []Body
	for _, p := range somePractices {
		if in := h.ledger.registry.networkOf(p, m.First()); in != "" && (p == receiver || in == receiver) {
			members = append(members, p)
		}
	}
	day := rate.Reference
	if day == "" {
		day = m.First()
	}
	var newest Date
	for _, r := range h.log {
		e, is := r.Event.(ListSizesRecorded)
		if !is || e.Population != rate.Population || e.StandsFor > day || e.StandsFor < newest {
			continue
		}
		sum, any := int64(0), false
		for _, line := range e.Lines {
			if slices.Contains(members, line.Practice) {
				sum, any = sum+line.Patients, true
			}
		}
		if any {
			newest, patients = e.StandsFor, sum
		}
	}
	return patients
}

// drawnYear requires that what a line of the year's events is made of sums to it.
func (h *history) drawnYear(e Event, drawn func(Pence, []Draw), settled func(SettledLine)) {
	switch e := e.(type) {
	case EntitlementRun:
		for _, line := range e.Lines {
			sum := Pence(0)
			for _, part := range line.Parts {
				drawn(part.Pence, part.Draws)
				sum += part.Pence
			}
			if sum != line.Pence || sum <= 0 {
				h.fail("parts of %s make a line of %s", sum, line.Pence)
			}
		}
	case ClaimApproved:
		for _, line := range e.Lines {
			drawn(line.Pence, line.Draws)
		}
	case RecoveryRaised:
		drawn(e.Pence, e.Draws)
	case PaymentSettled:
		for _, line := range e.Netted {
			settled(line)
		}
	}
}

// yearStates are what histories of 2019/20 must reach for those promises to mean anything.
var yearStates = []string{
	"catch-up of several months", "correction of a month raised before", "two networks for one practice", "paid to the maximum",
	"paid to the network's sum", "recovery by proved cost", "recovery by pence", "recovery after the end", "recovery of an entitlement",
	"claimed again after a full recovery", "netted", "role ended in a claimed month", "uplifted", "recovery of an uplift",
	"role changed in a claimed month", "another role in a claimed month",
}

// noteYear counts what an event reached.
func (h *history) noteYear(r Recorded, reach func(bool, string)) {
	switch e := r.Event.(type) {
	case EntitlementRun:
		for _, line := range e.Lines {
			reach(len(line.Parts) > 2, "catch-up of several months")
			reach(line.Parts[0].Pence < line.Annual/100, "correction of a month raised before")
			for _, other := range e.Lines {
				reach(line.Practice != "" && other.Practice == line.Practice && other.Beneficiary < line.Beneficiary, "two networks for one practice")
			}
		}
	case ClaimSubmitted:
		for _, line := range e.Lines {
			_, before := h.year.posts[postMonth{line.Person, e.Network, e.Month}]
			reach(before, "claimed again after a full recovery")
		}
	case ClaimApproved:
		for _, line := range e.Lines {
			reach(line.Pence == line.Maximum && line.Part > line.Maximum, "paid to the maximum")
			reach(line.Left > 0, "paid to the network's sum")
			reach(line.For != "" && line.Pence > 0, "uplifted")
			reach(line.For != "" && line.Pence == 0, "uplifted by nothing")
		}
	case RecoveryRaised:
		reach(e.Right > 0, "recovery by proved cost")
		reach(e.Claim != 0 && e.Right == 0, "recovery by pence")
		reach(e.Claim == 0, "recovery of an entitlement")
		reach(e.Claim != 0 && h.ledger.claims[e.Claim].uplift, "recovery of an uplift")
		reach(e.Draws[0].Account == Lapsed, "recovery after the end")
	case PaymentSettled:
		reach(len(e.Netted) > 0, "netted")
	case RoleChanged:
		for _, claim := range h.ledger.claimsFor(e.Person) {
			was, in := h.ledger.inPost(e.Person, claim.Network, claim.Month)
			in = in && claim.Month == monthOf(e.From)
			reach(in, "role changed in a claimed month")
			reach(in && was.role != e.Role, "another role in a claimed month")
		}
	case RoleEnded:
		for post := range h.year.posts {
			reach(post.person == e.Person && post.month == Service(PeriodOf(e.To)), "role ended in a claimed month")
		}
	}
}
