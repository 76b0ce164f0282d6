package domain

// Sums works out the sums of networks, one after another: who was in which network when is looked up once for all of them.
type Sums struct{ reckoner reckoner }

// Sums returns what works out the sums of networks for as long as the grounds stay as they are.
func (g *Grounds) Sums() *Sums { return &Sums{reckoner{Grounds: g}} }

// HasMembers says that practices count for a network at a rate in a month.
func (s *Sums) HasMembers(rate Rate, network Body, month Service) bool {
	return len(s.reckoner.membersIn(rate, month)[network]) > 0
}

// A SumReckoning is how the most that a network can be reimbursed out of a sum in a year was worked out. Without a rate it
// is that of the maxima of the roles.
type SumReckoning struct {
	Rate          Rate
	Months        []Reckoning // of the rate's period, where the sum is paid on a list
	Redistributed Pence       // given by other networks, or with less than nothing to them
	Pence         Pence
}

// Of returns the sum of a network with how it was worked out: see [Grounds.SumOf].
func (s *Sums) Of(network Body, year Year, sum RateCode) (SumReckoning, error) {
	g := s.reckoner.Grounds
	rate, err := g.adopted(year, sum)
	if err != nil && !sumOfRoles(year, sum) {
		return SumReckoning{}, refuse(RuleRateNotAdopted, "adopt it first, with its document where the card is less than secondary (AdoptRateCard): pcnledger show rates",
			"the sum %s of %s is not adopted; nothing says how much %s can be reimbursed for its roles", string(sum), year, network.Bare())
	}
	if err != nil || rate.Unit == UnitRoles {
		return SumReckoning{Rate: rate, Pence: g.maximaOf(year, sum)}, nil
	}
	r := SumReckoning{Rate: rate, Redistributed: g.redistributed[sumKey{network, year, sum}]}
	var annual []Pence
	for _, month := range rate.Months() {
		reckoning, err := s.reckoner.reckon(rate, claimant{network: network}, month)
		if err != nil {
			return SumReckoning{Rate: rate}, sumUnknown(err, network, rate)
		}
		r.Months, annual = append(r.Months, reckoning), append(annual, reckoning.Annual)
	}
	r.Pence = r.Redistributed
	for _, own := range rate.own(annual) {
		r.Pence += own
	}
	return r, nil
}
