package domain

import "fmt"

// An Explanation is a figure opened up: how it was worked out in words and in its own numbers, what it was worked out of,
// and the figures inside it, which are explained in the same way. Its form as JSON is only ever added to.
type Explanation struct {
	Figure   string        `json:"figure"`            // what it is: item 57.3, or annual amount for April 2021 to March 2022
	Value    string        `json:"value"`             // as people read it: £3,302.88, 27,524 patients
	Pence    Pence         `json:"pence,omitzero"`    // the same where it is money
	Formula  string        `json:"formula,omitzero"`  // in words
	Numbers  string        `json:"numbers,omitzero"`  // the formula with its numbers
	Recorded string        `json:"recorded,omitzero"` // what the event holds, where that is another value
	Inputs   []Input       `json:"inputs,omitzero"`
	Notes    []string      `json:"notes,omitzero"` // roundings, caps, pro rata, assumptions
	Parts    []Explanation `json:"parts,omitzero"`
}

// An Input is a fact that a figure was worked out of, and where it stands.
type Input struct {
	Name     string   `json:"name"`
	Value    string   `json:"value"`
	Event    int64    `json:"event,omitzero"`    // the number of the event that says so
	Source   string   `json:"source,omitzero"`   // its title
	File     string   `json:"file,omitzero"`     // the file that it was read from
	SHA256   string   `json:"sha256,omitzero"`   // of that file
	Document string   `json:"document,omitzero"` // what an officer relied on beside it
	Standing Standing `json:"standing,omitzero"` // of a rate
	Note     string   `json:"note,omitzero"`
}

// from is the input with where it stands.
func (i Input) from(number int64, s Source) Input {
	i.Event, i.Source, i.File, i.SHA256 = number, s.Title, s.File, s.SHA256
	return i
}

// money begins the explanation of an amount.
func money(figure string, pence Pence) Explanation {
	return Explanation{Figure: figure, Value: pence.String(), Pence: pence}
}

// holds compares the figure with what the event says of it.
func (x *Explanation) holds(recorded Pence) {
	if recorded != x.Pence {
		x.Recorded = recorded.String()
	}
}

func (x *Explanation) note(format string, args ...any) {
	x.Notes = append(x.Notes, fmt.Sprintf(format, args...))
}

// Differs returns the figures in the tree that are recorded at another value than they are worked out to. There are none
// unless the ledger was damaged, or was written by a programme with other rules.
func (x *Explanation) Differs() (figures []string) {
	if x.Recorded != "" {
		figures = append(figures, fmt.Sprintf("%s is worked out to %s, and recorded as %s", x.Figure, x.Value, x.Recorded))
	}
	for i := range x.Parts {
		figures = append(figures, x.Parts[i].Differs()...)
	}
	return figures
}

// An Unexplained error says why there is nothing to explain, and what to ask for instead.
type Unexplained struct {
	Reason string
	Remedy string
}

// Error returns both.
func (u *Unexplained) Error() string { return u.Reason + "; " + u.Remedy }

func unexplained(remedy, format string, args ...any) error {
	return &Unexplained{fmt.Sprintf(format, args...), remedy}
}
