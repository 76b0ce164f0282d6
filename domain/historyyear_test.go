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
	costs    map[postMonth]Pence // of a claim that was approved, unless some of it was recovered since
	given    map[Body]Pence      // of the sum of 2020/21, to others less by others
}

// postMonth is a person's month with a network.
type postMonth struct {
	person  Person
	network Body
	month   Service
}

func newYearBooks() yearBooks {
	return yearBooks{map[Body]int64{}, map[raisedKey]map[Service]Pence{}, map[raisedKey]map[Service][]int64{}, map[ItemID]raisedKey{}, map[Body]Pence{}, map[postMonth]Pence{}, map[postMonth]Pence{}, map[Body]Pence{}}
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
			delete(h.year.costs, postMonth{e.Person, e.Beneficiary, e.For})
		}
	case UnclaimedRedistributed:
		for _, line := range e.Lines {
			h.year.given[line.From] += line.Pence
			h.year.given[line.To] -= line.Pence
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
		h.checkApproved(e)
	case RoleEngaged:
		h.checkPosts(e.Person)
	case RoleChanged:
		h.checkPosts(e.Person)
	case RoleEnded:
		h.checkPosts(e.Person)
	case UnclaimedRedistributed:
		h.checkRedistributed(e)
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
	"role changed in a claimed month", "another role in a claimed month", "adjustment with more and less", "quantity that fell", "adjustment reversed",
	"uplift reversed", "rate changed back to before what was raised", "rate overridden", "run refused for missing patients", "run refused until adjusted", "given to another network",
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
	case EntitlementAdjusted:
		less := slices.ContainsFunc(e.Lines, func(line AdjustmentLine) bool { return line.Of != "" })
		more := slices.ContainsFunc(e.Lines, func(line AdjustmentLine) bool { return line.Of == "" })
		reach(less && more, "adjustment with more and less")
		for _, line := range e.Lines {
			part := line.Parts[0]
			reach(line.Of != "" && part.Now.Counted != part.Was.Counted, "quantity that fell")
		}
	case EntryReversed:
		_, adjustment := e.Was.Event.(EntitlementAdjusted)
		approved, claim := e.Was.Event.(ClaimApproved)
		reach(adjustment, "adjustment reversed")
		reach(claim && h.ledger.claims[approved.Claim].uplift, "uplift reversed")
	case RateRevised:
		reach(h.raisedFrom(e.RateChange), "rate changed back to before what was raised")
	case RateOverridden:
		reach(true, "rate overridden")
		reach(h.raisedFrom(e.RateChange), "rate changed back to before what was raised")
	case UnclaimedRedistributed:
		reach(true, "given to another network")
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

// raisedFrom says that a month was raised which a change of its rate reaches back to.
func (h *history) raisedFrom(c RateChange) bool {
	for key, months := range h.year.raised {
		for month, pence := range months {
			if key.rate == (rateKey{c.Year, c.Rate}) && pence > 0 && c.From <= month.First() && month.First() <= c.To {
				return true
			}
		}
	}
	return false
}
