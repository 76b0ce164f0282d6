package projections

import "pcnledger/domain"

// Redistributions holds what was redistributed of the sums out of which networks are reimbursed for roles. What a sum comes to is
// asked of the grounds.
type Redistributions struct{ redistributions []Redistribution }

// A Redistribution is what networks gave up of a year's sum, and others may claim.
type Redistribution struct {
	Number int64
	On     domain.Date // London date of recording
	domain.UnclaimedRedistributed
}

func (s *Redistributions) apply(r *record) {
	if e, is := r.Event.(domain.UnclaimedRedistributed); is {
		s.redistributions = append(s.redistributions, Redistribution{r.Number, domain.DateIn(r.Time), e})
	}
}

// All returns every redistribution in the order of recording.
func (s *Redistributions) All() []Redistribution { return s.redistributions }
