package domain

// A Quantity is an exact number, not below zero, written as a decimal (328, 37.5) or a fraction (2/3).
type Quantity string

// RecordQuantity asks to record what is counted for bodies from a day on: beds of care homes, points, sessions, posts,
// the parts of a payment that were declared. It counts until another quantity is recorded from a later day, so that a
// month without news has the last figure.
type RecordQuantity struct {
	Measure Measure        `json:"measure"` // as a rate names it: care home beds
	From    Date           `json:"from"`
	Source  Source         `json:"source"`
	Lines   []QuantityLine `json:"lines"`
}

// A QuantityLine is one body's. What is paid on is the quantity times every factor.
type QuantityLine struct {
	Body     Body     `json:"body"`
	Quantity Quantity `json:"quantity"`
	Factors  []Factor `json:"factors,omitzero"` // such as the adjustments of points for prevalence and list size
}

// A Factor is an adjustment of a quantity by name.
type Factor struct {
	Name   string   `json:"name"`
	Factor Quantity `json:"factor"`
}

// QuantityRecorded says what is counted for bodies from a day on.
type QuantityRecorded struct {
	Measure Measure        `json:"measure"`
	From    Date           `json:"from"`
	Source  Source         `json:"source"`
	Lines   []QuantityLine `json:"lines"`
}

type quantityKey struct {
	measure Measure
	body    Body
}

// quantityFrom is a recorded quantity as payments use it.
type quantityFrom struct {
	number int64
	from   Date
	line   QuantityLine
	source Source
}

func (b *Grounds) recordQuantity(number int64, e QuantityRecorded) {
	for _, line := range e.Lines {
		key := quantityKey{e.Measure, line.Body}
		set(&b.quantities, key, append(b.quantities[key], quantityFrom{number, e.From, line, e.Source}))
	}
}

func (c RecordQuantity) decide(l *Ledger, _ moment) (Event, error) { panic("RecordQuantity") }
