package reports

import (
	"time"

	"pcnledger/domain"
)

// A Report is a heading and tables, ready to be written in any of the [Formats].
type Report struct {
	Name    string // trial-balance
	Title   string
	Heading Heading
	Tables  []Table
	Closing []string // sentences that stand after the tables
}

// A Heading says what a report was made of, so that anyone with the log can make the same one.
type Heading struct {
	Illustration string // [Illustration] for a demo ledger; otherwise blank
	Ledger       string
	Commissioner Organisation
	Number       int64       // of the last event that the report knows; 0 while nothing is recorded
	Proof        Proof       // of what was recorded up to that number
	Time         time.Time   // when that event was recorded, in UTC
	Date         domain.Date // the London date of that
	Effective    domain.Date // what moves money is in it if it is effective by this date, inclusive; blank for all

	// Its figures are of periods up to and including Through, or of Period alone; of all if both are blank.
	Through, Period domain.Period

	Selection string   // what was asked for, in words
	Officers  string   // a sentence: who may record
	Version   string   // of the program
	Notes     []string // what to know when reading the tables
}

// Illustration opens everything that a demo ledger prints: the first line of text and CSV, the first member of JSON.
const Illustration = "Illustration: practices and networks and list sizes are published NHS data; the £600,000 and its " +
	"payment to the alliance partners are in a CCG paper of December 2018; all other money and all progress is made up."

// A Table is part of a report. Each row, and each row of totals, has one cell for each column.
type Table struct {
	Name    string // by-purpose
	Title   string
	Columns []Column // no two of the same name
	Rows    [][]Cell
	Totals  [][]Cell // the first cell of each is a word, whatever the kind of its column
	Detail  bool     // too long to be read on a screen, unless it is asked for
	Instead string   // what to ask for in the place of a table that is too long for any text; other formats have its rows
	Empty   string   // shown if there are no rows: what is missing and what to do next
}

// A Column is headed by its name. All its cells are of its kind, or blank.
type Column struct {
	Name string
	Kind Kind
}

// A Kind says what the cells of a column are.
type Kind string

// The kinds of column.
const (
	KindText         Kind = "text"
	KindMoney        Kind = "money"
	KindCount        Kind = "count"  // of patients, of lines
	KindNumber       Kind = "number" // of an event
	KindDate         Kind = "date"
	KindOrganisation Kind = "organisation"
)

// A Cell is a [Words], [Money], [Count], [Number], [Date] or [Organisation]. A nil Cell is blank.
type Cell interface{ Kind() Kind }

// The cells.
type (
	Words  string
	Money  domain.Pence // debit positive where a column does not say otherwise
	Count  int64
	Number int64
	Date   domain.Date
)

// decimal prints pounds as machines read them: 600000.00.
func (m Money) decimal() string { return domain.Pence(m).Decimal() }

// An Organisation is a body with what it goes by.
type Organisation struct {
	Code domain.Body
	Name string // blank if no name is recorded
}

// Kind returns KindText.
func (Words) Kind() Kind { return KindText }

// Kind returns KindMoney.
func (Money) Kind() Kind { return KindMoney }

// Kind returns KindCount.
func (Count) Kind() Kind { return KindCount }

// Kind returns KindNumber.
func (Number) Kind() Kind { return KindNumber }

// Kind returns KindDate.
func (Date) Kind() Kind { return KindDate }

// Kind returns KindOrganisation.
func (Organisation) Kind() Kind { return KindOrganisation }

// String returns name and code, North Network (local:NET-1), or the code alone.
func (o Organisation) String() string {
	if o.Name == "" || o.Name == o.Code.Bare() {
		return o.Code.Bare()
	}
	return o.Name + " (" + o.Code.Bare() + ")"
}
