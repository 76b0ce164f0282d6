package domain

import (
	"cmp"
	"errors"
	"math/big"
	"slices"
)

// NetworkSum returns the most that one network can be reimbursed in a year whose adopted rates these are: the maxima of
// the roles for the months in which they run, rounded once, as Practice Index (2019) adds them up:
// (37,810 + 34,113) × 9 ÷ 12 = £53,942.25.
func NetworkSum(rates []Rate) Pence {
	sum := new(big.Rat)
	for _, r := range rates {
		if r.Kind == RateReimbursedRole {
			sum.Add(sum, r.inPeriod())
		}
	}
	return poundsToPence(sum)
}

// SumARRS is the sum that roles are paid out of, where their card names no other.
const SumARRS RateCode = "ARRS_SUM"

// sum is the network's sum that a role is paid out of.
func (r Rate) sum() RateCode { return cmp.Or(r.Sum, SumARRS) }

// named names a sum beside that which all networks have.
func (code RateCode) named() string {
	if code == SumARRS {
		return ""
	}
	return " " + string(code)
}

// sumKey names a network's sum of a year.
type sumKey struct {
	network Body
	year    Year
	sum     RateCode
}

// SumOf returns the most that a network can be reimbursed out of a sum in a year: its rate on the network's weighted lists,
// month by month and rounded once, with what was redistributed to it or from it; or where the year's sum is that of the
// maxima of its roles, those. It refuses a sum that nobody adopted, and a network whose practices have no such list. What
// another year left unclaimed is no part of it: it lapsed on 31 March.
func (g *Grounds) SumOf(network Body, year Year, sum RateCode) (Pence, error) {
	r, err := g.Sums().Of(network, year, sum)
	return r.Pence, err
}

// sumUnknown says of a list that there is not what it is needed for.
func sumUnknown(err error, network Body, rate Rate) error {
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.Rule != RuleListUnknown {
		return err
	}
	return refuse(RuleListUnknown, "import the "+string(rate.Population)+" lists that stand for "+rate.Reference.String()+": pcnledger import list-sizes FILE",
		"the sum %s of %s for %s cannot be worked out: %s", rate.Rate, network.Bare(), rate.Year, refusal.Reason)
}

// sumOfRoles says that the year's card works a sum out of the maxima of its roles, so that it needs no rate of its own.
func sumOfRoles(year Year, sum RateCode) bool {
	return slices.ContainsFunc(cards()[year], func(r Rate) bool { return r.Rate == sum && r.Unit == UnitRoles })
}

// maximaOf adds up the maxima in force of the roles that a sum pays for, a twelfth for each month, rounded once.
func (g *Grounds) maximaOf(year Year, sum RateCode) Pence {
	total := new(big.Rat)
	for key := range g.rates {
		if key.year != year {
			continue
		}
		for _, month := range monthsThrough(Service(year + "/M12")) {
			v, ok := g.rateOn(key, "", month.First())
			if !ok || v.rate.Kind != RateReimbursedRole || v.rate.sum() != sum {
				continue
			}
			if pounds, known := new(big.Rat).SetString(v.rate.Amount); known {
				total.Add(total, pounds.Quo(pounds, big.NewRat(12, 1)))
			}
		}
	}
	return poundsToPence(total)
}

// sumLeft is what a network can still be reimbursed out of a sum.
func (l *Ledger) sumLeft(key sumKey) (Pence, error) {
	sum, err := l.SumOf(key.network, key.year, key.sum)
	return sum - l.reimbursed[key], err
}

// freeOfSum is what is left of a sum that no waiting approval of a claim would pay.
func (l *Ledger) freeOfSum(key sumKey, m moment) (Pence, error) {
	left, err := l.sumLeft(key)
	return left - l.heldClaims(key, m), err
}

// sumFor returns the sum that a category of roles is paid out of in a year.
func (g *Grounds) sumFor(year Year, category Category) RateCode {
	var role, sum RateCode
	for key, versions := range g.rates {
		rate := versions[len(versions)-1].rate
		if key.year == year && rate.Kind == RateReimbursedRole && rate.Category == category && (role == "" || key.code < role) {
			role, sum = key.code, rate.sum()
		}
	}
	return cmp.Or(sum, SumARRS)
}
