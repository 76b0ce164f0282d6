package projections

import (
	"slices"

	"pcnledger/domain"
)

// A List is how many patients practices have, by one source. Shares of money quote its number.
type List struct {
	Number int64
	domain.ListSizesRecorded
}

// Patients returns how many patients the practices of the list have together.
func (l List) Patients() int64 {
	var sum int64
	for _, line := range l.Lines {
		sum += line.Patients
	}
	return sum
}

// Lists returns every list in the order of recording.
func (g *Registry) Lists() []List { return slices.Clone(g.lists) }
