package projections

import (
	"cmp"
	"slices"

	"pcnledger/domain"
)

// Quantities holds what was counted for bodies other than patients: beds of care homes, points, sessions.
type Quantities struct{ quantities []Quantity }

// A Quantity is what was recorded for one body from a day on.
type Quantity struct {
	Number  int64
	On      domain.Date // London date of recording
	Measure domain.Measure
	From    domain.Date
	Source  domain.Source
	domain.QuantityLine
}

func (q *Quantities) apply(r *record) {
	e, is := r.Event.(domain.QuantityRecorded)
	if !is {
		return
	}
	for _, line := range e.Lines {
		q.quantities = append(q.quantities, Quantity{r.Number, domain.DateIn(r.Time), e.Measure, e.From, e.Source, line})
	}
}

// All returns every quantity by measure, body and first day; of several from one day the last recorded comes last.
func (q *Quantities) All() []Quantity {
	all := slices.Clone(q.quantities)
	slices.SortStableFunc(all, func(a, b Quantity) int {
		return cmp.Or(cmp.Compare(a.Measure, b.Measure), cmp.Compare(a.Body, b.Body), cmp.Compare(a.From, b.From))
	})
	return all
}
