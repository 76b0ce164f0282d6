package projections

import (
	"cmp"
	"slices"

	"pcnledger/domain"
)

// A Network is what became of the money for one network over all its funds: the single designated fund through which all
// its resources flow. Network is blank for money that was given no beneficiary.
type Network struct {
	Network domain.Body
	Funds   []NetworkFund // by code
	Sums                  // over all funds
	Lapsed  domain.Pence
}

// A NetworkFund is a network's part of one fund.
type NetworkFund struct {
	Fund domain.FundCode
	Sums
	Lapsed domain.Pence
}

// Networks returns every beneficiary that money of a fund was given to, by code. Its figures are those of [Purposes],
// added up, so that the two agree; lapsed is the balance that lapsed for its benefit.
func (v *Views) Networks() []Network {
	var parts networkParts
	for _, row := range v.Purposes.All() {
		parts.add(row.Beneficiary, NetworkFund{row.Fund, row.Sums, 0})
	}
	for _, b := range v.Balances.All() {
		if b.Account == domain.Lapsed {
			parts.add(b.Beneficiary, NetworkFund{b.Fund, Sums{}, b.Balance()})
		}
	}
	return parts.byNetwork()
}

// networkParts are parts of networks, in any order.
type networkParts []networkPart

type networkPart struct {
	network domain.Body
	NetworkFund
}

func (p *networkParts) add(network domain.Body, part NetworkFund) {
	*p = append(*p, networkPart{network, part})
}

func (p networkParts) byNetwork() []Network {
	slices.SortStableFunc(p, func(a, b networkPart) int {
		return cmp.Or(cmp.Compare(a.network, b.network), cmp.Compare(a.Fund, b.Fund))
	})
	var networks []Network
	for _, part := range p {
		if n := len(networks); n == 0 || networks[n-1].Network != part.network {
			networks = append(networks, Network{Network: part.network})
		}
		networks[len(networks)-1].add(part.NetworkFund)
	}
	return networks
}

// add adds a part of the fund that came last, or of one that follows it.
func (n *Network) add(part NetworkFund) {
	if last := len(n.Funds); last == 0 || n.Funds[last-1].Fund != part.Fund {
		n.Funds = append(n.Funds, NetworkFund{Fund: part.Fund})
	}
	fund := &n.Funds[len(n.Funds)-1]
	fund.Sums.Add(part.Sums)
	fund.Lapsed += part.Lapsed
	n.Sums.Add(part.Sums)
	n.Lapsed += part.Lapsed
}
