package domain

import (
	"cmp"
	"math/big"
)

// This file works out with a pencil what posts of 2019/20 are reimbursed, from the events as they stand recorded.

// checkApproved requires that each line pays the part of the cost, at most the post's maximum, less what was paid before, and
// no more than is left of the network's sum; and that an uplift stands on the claim's cost and what the post cost more.
func (h *history) checkApproved(e ClaimApproved) {
	left := h.sumByPencil() - h.year.approved[e.Network] + e.Pence()
	for i, line := range e.Lines {
		post := postMonth{line.Person, e.Network, e.MonthOf(line)}
		maximum, part := h.maximumByPencil(h.log, post, line.Role), h.partOf(line.Role, line.Cost)
		if line.Maximum != maximum || line.Part != part {
			h.fail("%+v: at most %s and in part %s are approved; the rules make it %s and %s", post, line.Maximum, line.Part, maximum, part)
		}
		before := h.year.posts[post] - line.Pence
		if most := before + h.withheld(post); line.Before < before || line.Before > most {
			h.fail("%+v was paid %s before, at most %s with what was recovered by the pence; not %s", post, before, most, line.Before)
		}
		due := max(0, min(part, maximum)-line.Before)
		switch {
		case line.Pence > left || line.Pence > due:
			h.fail("%+v is paid %s; %s is due, and %s left of the sum", post, line.Pence, due, left)
		case line.Pence < due && line.Left != line.Pence:
			h.fail("%+v is paid %s of %s, with %s left", post, line.Pence, due, line.Left)
		case line.Pence < due && !h.governed && line.Pence != left: // what waits takes of a sum too
			h.fail("%+v is paid %s of %s; %s is left of the sum", post, line.Pence, due, left)
		}
		left -= line.Pence
		h.checkCost(e.Claim, i, post, line)
	}
}

// withheld is what stands recovered of a post by the pence, whatever it cost: an uplift may count it as paid.
func (h *history) withheld(post postMonth) (sum Pence) {
	for _, r := range h.log {
		e, is := r.Event.(RecoveryRaised)
		if is && e.Claim != 0 && e.Proved == (Costs{}) && post == (postMonth{e.Person, e.Beneficiary, e.For}) && h.ledger.reversed[r.Number] == 0 {
			sum += e.Pence
		}
	}
	return sum
}

// checkCost requires that the cost of a line is the claim's, a supplier's fee apart; of an uplift with that of the claim before.
func (h *history) checkCost(claim int64, n int, post postMonth, line ApprovedLine) {
	least, most := Pence(0), Pence(0)
	for _, r := range h.log {
		switch e := r.Event.(type) {
		case ClaimSubmitted:
			if r.Number == claim {
				least, most = e.Lines[n].Salary+e.Lines[n].NI+e.Lines[n].Pension, e.Lines[n].Fees
			}
		case UpliftClaimed:
			if r.Number == claim {
				least = e.Lines[n].Salary + e.Lines[n].NI + e.Lines[n].Pension
			}
		}
	}
	if line.For != "" {
		before, known := h.year.costs[post]
		if !known {
			return // a recovery may have proved another cost
		}
		least += before
	}
	if most += least; line.Cost < least || line.Cost > most {
		h.fail("%+v counts as a cost of %s, not from %s to %s", post, line.Cost, least, most)
	}
	if line.For == "" {
		h.year.costs[post] = line.Cost
	}
}

// partOf is what of a cost is reimbursed in 2019/20: 70 % of a pharmacist's, all of a link worker's.
func (h *history) partOf(role RateCode, cost Pence) Pence {
	if role == "ARRS_CP" {
		return Pence(halfUp(big.NewRat(int64(cost)*70, 100)))
	}
	return cost
}

// checkPosts requires that after a change no month of a person is paid more than its maximum, unless it was before.
func (h *history) checkPosts(person Person) {
	for post, paid := range h.year.posts {
		if post.person != person || paid == 0 {
			continue
		}
		role := h.roleClaimed(post)
		most, was := h.maximumByPencil(h.log, post, role), h.maximumByPencil(h.log[:len(h.log)-1], post, role)
		if paid > most && paid <= was || paid < 0 {
			h.fail("%+v is paid %s; at most %s can be reimbursed since the change", post, paid, most)
		}
	}
}

// roleClaimed is the role that a month was last approved for.
func (h *history) roleClaimed(post postMonth) (role RateCode) {
	for _, r := range h.log {
		if e, is := r.Event.(ClaimApproved); is && e.Network == post.network {
			for _, line := range e.Lines {
				if line.Person == post.person && e.MonthOf(line) == post.month {
					role = line.Role
				}
			}
		}
	}
	return role
}

// sumByPencil is the most that a network is reimbursed in 2019/20: the maxima of both roles for the months from July.
func (h *history) sumByPencil() Pence {
	sum := new(big.Rat)
	for _, role := range []RateCode{"ARRS_CP", "ARRS_SPLW"} {
		if _, adopted := h.ledger.rates[rateKey{"2019-20", role}]; !adopted {
			continue
		}
		for n := 4; n <= 12; n++ {
			sum.Add(sum, h.poundsFor(Rate{Year: "2019-20", Rate: role}, month(n)))
		}
	}
	return Pence(halfUp(sum.Mul(sum, big.NewRat(100, 12))))
}

// timeInPost is a time in a role on the same terms.
type timeInPost struct {
	network  Body
	role     RateCode
	from, to Date // to is zero while it goes on
	hours    Hours
}

// timesByPencil lists the times of a person, the earliest first.
func timesByPencil(log []Recorded, person Person) (times []timeInPost) {
	for _, r := range log {
		switch e := r.Event.(type) {
		case RoleEngaged:
			if e.Person == person {
				times = append(times, timeInPost{e.Network, e.Role, e.From, "", e.Hours})
			}
		case RoleChanged:
			if e.Person == person {
				last := &times[len(times)-1]
				times = append(times, timeInPost{e.Network, e.Role, e.From, last.to, e.Hours})
				times[len(times)-2].to = e.From.AddDays(-1)
			}
		case RoleEnded:
			if e.Person == person {
				times[len(times)-1].to = e.To
			}
		}
	}
	return times
}

// maximumByPencil is the most that a post is reimbursed for a month: the maxima so far in the year, each for the hours out of
// 37.5 and the days in post, in twelfths, less the same for the months before; both rounded to the penny.
func (h *history) maximumByPencil(log []Recorded, post postMonth, role RateCode) Pence {
	sum, before := new(big.Rat), Pence(0)
	for n := 4; n <= 12 && monthOfYear(post.month.Year(), n) <= post.month; n++ {
		m := monthOfYear(post.month.Year(), n)
		before = Pence(halfUp(sum))
		for _, t := range timesByPencil(log, post.person) {
			if t.network != post.network || t.role != role {
				continue
			}
			if part := t.partOf(m); part.Sign() > 0 {
				sum.Add(sum, part.Mul(part, h.poundsFor(Rate{Year: m.Year(), Rate: role}, m)))
			}
		}
	}
	return Pence(halfUp(sum)) - before
}

// partOf is a time's part of a whole-time year in pence of a pound: its hours, and its days out of the month's, in twelfths.
func (t timeInPost) partOf(m Service) *big.Rat {
	days, in := int64(0), int64(0)
	for d := m.First(); d <= m.Last(); d = d.AddDays(1) {
		days++
		if t.from <= d && d <= cmp.Or(t.to, d) {
			in++
		}
	}
	part, _ := new(big.Rat).SetString(string(t.hours))
	if part.Mul(part, big.NewRat(2, 75)).Cmp(big.NewRat(1, 1)) > 0 {
		part.SetInt64(1)
	}
	return part.Mul(part, big.NewRat(100*in, 12*days))
}

// checkRedistributed requires that sums are their rate on the weighted lists with what was given, and that nobody gave more
// than it had.
func (h *history) checkRedistributed(e UnclaimedRedistributed) {
	rate := h.firstAdopted(e.Year, e.Sum)
	for _, network := range someNetworks {
		sum := -h.year.given[network]
		for _, own := range h.ownMonths(rate, network, "2020-21/M12") {
			sum += own
		}
		if said, err := h.ledger.SumOf(network, e.Year, e.Sum); err != nil || said != sum {
			h.fail("the sum of %s is %s, %v; the pencil makes it %s", network, said, err, sum)
		}
		for _, line := range e.Lines {
			if line.From == network && sum < 0 {
				h.fail("%s gave %s more than it had", network, -sum)
			}
		}
	}
}
