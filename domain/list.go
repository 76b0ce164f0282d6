package domain

import "fmt"

// A Population says which of the three patient counts a list holds. They are never interchanged.
type Population string

// The populations.
const (
	PopulationRegistered Population = "registered" // patients registered with a practice
	PopulationWeighted   Population = "weighted"   // the same, weighted for need as in the global sum (Carr-Hill)
	PopulationAdjusted   Population = "adjusted"   // as NHS England adjusts them for networks
)

// UnmarshalText refuses a population that the ledger does not know.
func (p *Population) UnmarshalText(text []byte) error {
	switch population := Population(text); population {
	case PopulationRegistered, PopulationWeighted, PopulationAdjusted:
		*p = population
		return nil
	}
	return fmt.Errorf("%q is no population: registered, weighted or adjusted", text)
}

// RecordListSizes asks to record practices' list sizes from one source. Exactly one of At and Average is given.
type RecordListSizes struct {
	Population Population `json:"population"`
	At         Date       `json:"at,omitzero"`        // counted on that day
	Average    Year       `json:"average,omitzero"`   // or averaged over that year
	StandsFor  Date       `json:"standsfor,omitzero"` // the reference date it is used for, At if not given
	Source     Source     `json:"source"`
	Lines      []ListLine `json:"lines"`
}

// A ListLine is one practice's list, in whole patients. Published is the figure as printed where that is not whole, which
// is rounded half away from zero, or where it is 0, so that a figure that was forgotten is not taken for none.
type ListLine struct {
	Practice  Body   `json:"practice"`
	Patients  int64  `json:"patients"`
	Published string `json:"published,omitzero"`
}

// ListSizesRecorded says how many patients practices have, by one source. A network's list is the sum of its members'
// and is never recorded itself. Shares of money quote the number of this event.
type ListSizesRecorded struct {
	Population Population `json:"population"`
	At         Date       `json:"at,omitzero"`
	Average    Year       `json:"average,omitzero"`
	StandsFor  Date       `json:"standsfor"`
	Source     Source     `json:"source"`
	Lines      []ListLine `json:"lines"`
}
