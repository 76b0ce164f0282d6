package domain

import (
	"fmt"
	"math/big"
)

// supplierFeeRole is the one role whose supplier's fee may be claimed where no fee is adopted, inside its maximum (HSJ and
// RCGP, autumn 2019).
const supplierFeeRole RateCode = "ARRS_SPLW"

// paysFees says that a supplier's fee may be claimed for a post.
func (g *Grounds) paysFees(post claimedPost, rate Rate) bool {
	_, adopted := g.supplierFee(post.month.Year(), rate.Category)
	return adopted || post.role == supplierFeeRole
}

// supplierFee finds the fee that the year's adopted rates have for a role's category.
func (g *Grounds) supplierFee(year Year, category Category) (fee RateCode, adopted bool) {
	for key, versions := range g.rates {
		first := versions[0].rate
		if key.year == year && first.Kind == RateSupplierFee && first.Category == category && (!adopted || key.code < fee) {
			fee, adopted = key.code, true
		}
	}
	return fee, adopted
}

// mostFee is the most of a supplier's fee that counts for a post: a twelfth of the year's fee by the part of a whole-time
// post and of the month (GM Training Hub: £200 a month, pro rata to hours and duration), rounded once. Nothing counts in a
// month for which the fee is not in force.
func (g *Grounds) mostFee(fee RateCode, post claimedPost) Pence {
	version, ok := g.rateOn(rateKey{post.month.Year(), fee}, "", post.month.First())
	pounds, known := new(big.Rat).SetString(version.rate.Amount)
	if !ok || !known {
		return 0
	}
	share := new(big.Rat)
	for _, e := range timesIn(g.roles[post.person], post.network, post.role) {
		share.Add(share, e.share(post.month))
	}
	return poundsToPence(share.Mul(share, pounds.Quo(pounds, big.NewRat(12, 1))))
}

// countedCost is what counts of a line's cost: a supplier's fee at most as the rates have it. A fee is claimed whole where no
// rate for one is adopted.
func (g *Grounds) countedCost(line claimedLine, rate Rate) (cost Pence, warnings []string) {
	cost = line.Total()
	fee, adopted := g.supplierFee(line.month.Year(), rate.Category)
	if line.Fees == 0 {
		return cost, nil
	}
	if most := g.mostFee(fee, line.claimedPost); adopted && line.Fees > most {
		cost -= line.Fees - most
		warnings = append(warnings, fmt.Sprintf("%s: %s of the supplier's fee of %s counts for %s; what is above is not reimbursed", line.person, most, line.Fees, line.month))
	}
	if !g.suppliedIn(line.claimedPost) {
		warnings = append(warnings, fmt.Sprintf("%s: a supplier's fee is claimed, and the post is not recorded as engaged through a supplier", line.person))
	}
	return cost, warnings
}

// suppliedIn says that a post is engaged through a supplier on a day of the month.
func (g *Grounds) suppliedIn(post claimedPost) bool {
	for _, e := range timesIn(g.roles[post.person], post.network, post.role) {
		if e.Supplier && e.daysIn(post.month) > 0 {
			return true
		}
	}
	return false
}
