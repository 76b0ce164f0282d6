package reports

import (
	"cmp"
	"slices"

	"pcnledger/domain"
	"pcnledger/projections"
)

// A sumOfNetwork is one of the sums out of which a network is reimbursed in a year.
type sumOfNetwork struct {
	year    domain.Year
	network domain.Body
	sum     domain.RateCode
}

// A networkMonth is a month of a network.
type networkMonth struct {
	network domain.Body
	month   domain.Service
}

// claimSums is what one network claimed.
type claimSums struct {
	claimed, approved, recovered domain.Pence
	undecided                    domain.Pence // of what is claimed
	waiting, late                int64
}

func (s claimSums) used() domain.Pence { return s.approved - s.recovered }

// A claimIndex adds claims up, once for all networks.
type claimIndex struct {
	bySum   map[sumOfNetwork]claimSums
	byMonth map[networkMonth]claimSums
	last    map[sumOfNetwork]monthLevel
}

// A monthLevel is the last month that was claimed, and what the posts of that month come to: what is approved of it, or while
// that is undecided what is claimed.
type monthLevel struct {
	month domain.Service
	pence domain.Pence
}

func indexClaims(v *projections.Views, selected []projections.Claim) claimIndex {
	x := claimIndex{map[sumOfNetwork]claimSums{}, map[networkMonth]claimSums{}, map[sumOfNetwork]monthLevel{}}
	for _, c := range selected {
		x.add(v, c)
	}
	return x
}

func (x claimIndex) add(v *projections.Views, c projections.Claim) {
	waiting := waits(c)
	in := map[sumOfNetwork]bool{}
	for _, line := range c.Lines {
		month, approved := c.MonthOf(line), approvedLine(c, line)
		key := sumOfNetwork{month.Year(), c.Network, sumOfLine(v, c, line, approved)}
		in[key] = true
		s := claimSums{approved: approved.Pence, recovered: c.RecoveredFor(line.Person, approved.Role, month)}
		if c.State() != projections.ClaimIsRejected {
			s.claimed = line.Total()
		}
		if waiting {
			s.undecided = line.Total()
		}
		x.count(key, month, s)
		if !c.Uplift && c.State() != projections.ClaimIsRejected {
			x.level(key, month, s)
		}
	}
	for key := range in {
		s := claimSums{}
		if waiting {
			s.waiting = 1
		}
		if c.Late() {
			s.late = 1
		}
		x.count(key, c.Month, s)
	}
}

func (x claimIndex) count(key sumOfNetwork, month domain.Service, s claimSums) {
	x.bySum[key] = x.bySum[key].plus(s)
	of := networkMonth{key.network, month}
	x.byMonth[of] = x.byMonth[of].plus(s)
}

func (x claimIndex) level(key sumOfNetwork, month domain.Service, s claimSums) {
	pence := s.approved
	if s.undecided != 0 {
		pence = s.undecided
	}
	switch last := x.last[key]; {
	case month > last.month:
		x.last[key] = monthLevel{month, pence}
	case month == last.month:
		x.last[key] = monthLevel{month, last.pence + pence}
	}
}

// plus adds up two sums.
func (s claimSums) plus(more claimSums) claimSums {
	return claimSums{
		s.claimed + more.claimed, s.approved + more.approved, s.recovered + more.recovered, s.undecided + more.undecided, s.waiting + more.waiting, s.late + more.late,
	}
}

// sumOfLine names the sum that a line of a claim is paid out of.
func sumOfLine(v *projections.Views, c projections.Claim, line projections.ClaimLine, approved domain.ApprovedLine) domain.RateCode {
	if approved.Sum != "" {
		return approved.Sum
	}
	return v.Rates.SumOfRole(c.MonthOf(line).Year(), roleOf(v, c, line))
}

// roleOf names the role that a line of a claim is for.
func roleOf(v *projections.Views, c projections.Claim, line projections.ClaimLine) domain.RateCode {
	if line.Role != "" {
		return line.Role
	}
	post, _ := v.Roles.InPost(line.Person, c.Network, c.MonthOf(line))
	return post.Role
}

// sumsOfYear lists the sums of a year: those that are adopted, that roles are paid out of, and that something was claimed of.
func sumsOfYear(v *projections.Views, x claimIndex, year domain.Year) []domain.RateCode {
	sums := v.Rates.Sums(year)
	for key := range x.bySum {
		if key.year == year {
			sums = append(sums, key.sum)
		}
	}
	if len(sums) == 0 {
		sums = append(sums, domain.SumARRS)
	}
	slices.Sort(sums)
	return slices.Compact(sums)
}

// approvedLine returns what was approved of a line of a claim; nothing while nothing is.
func approvedLine(c projections.Claim, line projections.ClaimLine) domain.ApprovedLine {
	for _, approved := range c.Approval.Lines {
		if approved.Person == line.Person && (line.For == "" || approved.For == line.For) && cmp.Or(line.Role, approved.Role) == approved.Role {
			return approved
		}
	}
	return domain.ApprovedLine{}
}
