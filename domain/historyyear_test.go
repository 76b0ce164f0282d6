package domain

import "slices"

// yearBooks is what an officer with a pencil keeps of entitlements and roles, from the events' own amounts.
type yearBooks struct {
	sizes    map[Body]int64 // the generator's own
	raised   map[raisedKey]map[Service]Pence
	touched  map[raisedKey]map[Service][]int64 // the entries that raised, adjusted or recovered a month
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
	return yearBooks{map[Body]int64{}, map[raisedKey]map[Service]Pence{}, map[raisedKey]map[Service][]int64{}, map[ItemID]raisedKey{}, map[Body]Pence{}, map[postMonth]Pence{}}
}

// postYear keeps the books of the events that 2019/20 brought.
func (h *history) postYear(r Recorded) {
	switch e := r.Event.(type) {
	case EntitlementRun:
		for i, line := range e.Lines {
			key := paymentOf(e.Year, e.Rate, line.Beneficiary, line.Practice)
			h.year.lines[itemID(r.Number, i+1)] = key
			for _, part := range line.Parts {
				h.year.raise(key, part.For, part.Pence, r.Number)
				h.books[e.Fund].lapsed -= takenFromLapsed(part.Draws)
			}
			h.books[e.Fund].spent += line.Pence
			h.books[e.Fund].payable += line.Pence
		}
	case EntitlementAdjusted:
		h.postAdjustment(r.Number, e)
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
			h.year.raise(key, e.For, -e.Pence, r.Number)
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

// postAdjustment keeps the books of what became more, which is an item of its own, and less, which its payee owes.
func (h *history) postAdjustment(number int64, e EntitlementAdjusted) {
	for i, line := range e.Lines {
		key, sign := paymentOf(e.Year, e.Rate, line.Beneficiary, line.Practice), Pence(1)
		if line.Of != "" {
			sign = -1
			h.books[e.Fund].recovered += line.Pence
		} else {
			h.year.lines[itemID(number, i+1)] = key
			h.books[e.Fund].payable += line.Pence
		}
		h.books[e.Fund].spent += sign * line.Pence
		for _, part := range line.Parts {
			h.year.raise(key, part.For, sign*part.Pence, number)
			h.books[e.Fund].lapsed -= sign * takenFromLapsed(part.Draws)
		}
	}
}

// paymentOf names what is paid at a rate: to a network, or on a practice's own list.
func paymentOf(year Year, rate RateCode, network, practice Body) raisedKey {
	if practice != "" {
		network = practice
	}
	return raisedKey{rateKey{year, rate}, network}
}

// raise adds to a month what an entry raised, or takes off what it recovered.
func (b *yearBooks) raise(key raisedKey, month Service, pence Pence, entry int64) {
	if b.raised[key] == nil {
		b.raised[key], b.touched[key] = map[Service]Pence{}, map[Service][]int64{}
	}
	b.raised[key][month] += pence
	b.touched[key][month] = append(b.touched[key][month], entry)
}

// unraise takes an entry out of a month.
func (b *yearBooks) unraise(key raisedKey, month Service, pence Pence, entry int64) {
	b.raised[key][month] -= pence
	b.touched[key][month] = slices.DeleteFunc(b.touched[key][month], func(n int64) bool { return n == entry })
}

// reverseYear takes out of the books what an entry had put in.
func (h *history) reverseYear(e EntryReversed) {
	switch was := e.Was.Event.(type) {
	case EntitlementRun:
		for i, line := range was.Lines {
			for _, part := range line.Parts {
				h.year.unraise(h.year.lines[itemID(e.Entry, i+1)], part.For, part.Pence, e.Entry)
			}
		}
	case EntitlementAdjusted:
		for _, line := range was.Lines {
			for _, part := range line.Parts {
				h.year.unraise(paymentOf(was.Year, was.Rate, line.Beneficiary, line.Practice), part.For, line.change(part), e.Entry)
			}
		}
	case ClaimApproved:
		for _, line := range was.Lines {
			h.year.approved[was.Network] -= line.Pence
			h.year.posts[postMonth{line.Person, was.Network, was.MonthOf(line)}] -= line.Pence
		}
	case RecoveryRaised:
		if key, is := h.year.lines[was.Item]; is {
			h.year.unraise(key, was.For, -was.Pence, e.Entry)
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
	case EntitlementAdjusted:
		h.checkAdjusted(e)
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
	case EntitlementAdjusted:
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
