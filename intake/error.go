package intake

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MostErrors is how many errors of one file are reported together: enough to put a file right in one go, few enough to
// read. Reading stops there.
const MostErrors = 20

// An Error is one thing wrong with a file, or with what was said about it, in words that whoever holds the file can
// act upon. File names the sheet too where it is a workbook's. Line and Column count from 1 as a spreadsheet does and are
// 0 where the error is no single place's; Field is the column's name in the header row, or the name of what was left
// unsaid.
type Error struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitzero"`
	Column int    `json:"column,omitzero"`
	Field  string `json:"field,omitzero"`
	Value  string `json:"value,omitzero"` // as the file has it, shortened if it is long
	Reason string `json:"reason"`         // what is wrong
	Remedy string `json:"remedy"`         // what would put it right
}

// Error returns place, reason and remedy in one line.
func (e *Error) Error() string {
	var place strings.Builder
	place.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&place, ", line %d", e.Line)
	}
	if e.Column > 0 {
		fmt.Fprintf(&place, ", column %d", e.Column)
	}
	if e.Field != "" {
		fmt.Fprintf(&place, " (%s)", e.Field)
	}
	return place.String() + ": " + e.Reason + "; " + e.Remedy
}

// Errors are all that was found wrong with one file, at most [MostErrors]: first what is no single place's, then in the
// order of lines and columns. None of the file is given for recording.
type Errors []*Error

// Error returns the errors, one a line, and says so if reading stopped at [MostErrors].
func (e Errors) Error() string {
	lines := make([]string, 0, len(e)+1)
	for _, one := range e {
		lines = append(lines, one.Error())
	}
	if len(e) == MostErrors {
		lines = append(lines, fmt.Sprintf("reading stopped at %d errors; there may be more", MostErrors))
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find the first [*Error].
func (e Errors) Unwrap() []error {
	each := make([]error, len(e))
	for i, one := range e {
		each[i] = one
	}
	return each
}

// faults collects the errors of one file.
type faults struct {
	file  string
	found Errors
}

func (f *faults) add(e Error) {
	if f.full() {
		return
	}
	if e.File == "" {
		e.File = f.file
	}
	f.found = append(f.found, &e)
}

func (f *faults) any() bool { return len(f.found) > 0 }

func (f *faults) full() bool { return len(f.found) >= MostErrors }

// err returns what was found, in the order of sheets, lines and columns, or nil.
func (f *faults) err() error {
	if len(f.found) == 0 {
		return nil
	}
	slices.SortStableFunc(f.found, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return f.found
}

// mostQuoted is how many characters of a value an error repeats.
const mostQuoted = 60

// clip shortens a value for an error.
func clip(value string) string {
	if utf8.RuneCountInString(value) <= mostQuoted {
		return value
	}
	return string([]rune(value)[:mostQuoted]) + "…"
}

// quoted is a value as an error's reason shows it.
func quoted(value string) string { return strconv.Quote(clip(value)) }
