package domain

import "math/big"

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

// sumARRS is the sum that roles are paid out of, where their card names no other.
const sumARRS RateCode = "ARRS_SUM"

// SumARRS is the sum that a network's roles are paid out of.
const SumARRS = sumARRS

// sumKey names a network's sum of a year.
type sumKey struct {
	network Body
	year    Year
	sum     RateCode
}

// networkSum returns the most that one network can be reimbursed in a year, by the rates that were adopted for it.
func (l *Ledger) networkSum(year Year) Pence {
	var rates []Rate
	for key, versions := range l.rates {
		if key.year == year {
			for _, v := range versions {
				rates = append(rates, v.rate)
			}
		}
	}
	return NetworkSum(rates)
}

// sumLeft is what a network can still be reimbursed in a year.
func (l *Ledger) sumLeft(network Body, year Year) Pence {
	return l.networkSum(year) - l.reimbursed[sumKey{network, year, sumARRS}]
}

// SumOf returns the most that a network can be reimbursed out of a sum in a year: its rate on the network's lists, month
// by month and rounded once, with what was redistributed to it or from it; or where the year's sum is that of the maxima
// of its roles, those. It refuses a sum that nobody adopted.
func (g *Grounds) SumOf(network Body, year Year, sum RateCode) (Pence, error) {
	rate, err := g.adopted(year, sum)
	if err != nil || rate.Unit == UnitRoles {
		var rates []Rate
		for key, versions := range g.rates {
			if key.year == year {
				for _, v := range versions {
					rates = append(rates, v.rate)
				}
			}
		}
		return NetworkSum(rates), nil
	}
	r := reckoner{Grounds: g}
	var annual []Pence
	for _, month := range rate.Months() {
		reckoning, err := r.reckon(rate, claimant{network: network}, month)
		if err != nil {
			return 0, err
		}
		annual = append(annual, reckoning.Annual)
	}
	total := g.redistributed[sumKey{network, year, sum}]
	for _, own := range rate.own(annual) {
		total += own
	}
	return total, nil
}
