package intake

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"pcnledger/domain"
)

// A listForm is a form of list file: the names of its columns, "" for those it lacks, and where such files come from.
// It is recognised by all its columns being in the header.
type listForm struct {
	name     string
	practice string
	called   string // the practice's name
	network  string
	patients string
	average  bool   // patients is an average over a year
	at       string // the day they were counted on
	closed   string // the day the practice closed, blank if it goes on
	only     []level
	source   domain.Source
}

// A level is what a column says on the rows that count, in a file that mixes practices with larger bodies, and all
// patients with parts of them. Elsewhere the row would count its patients twice.
type level struct{ column, counts string }

const openGovernmentLicence = "Open Government Licence v3.0"

// The forms. What they say of the source is part of the commands' content: another title would give new ids to files
// already imported. A weighted list is a further column of the first.
var listForms = []listForm{
	{
		name:     "average lists of a year, by practice",
		practice: "practice_code", called: "practice_name", network: "pcn_code",
		patients: "registered_patients_average", average: true, closed: "close_date",
		source: domain.Source{
			Title:   "NHS Payments to General Practice, England",
			Address: "https://digital.nhs.uk/data-and-information/publications/statistical/nhs-payments-to-general-practice",
			Licence: openGovernmentLicence,
			Note:    "averages over the year, each rounded half away from zero to whole patients",
		},
	},
	{
		// Gathered from several publications: it names none, so its title is asked for.
		name:     "lists on several dates, by network and practice",
		practice: "practice_code", called: "practice_name", network: "pcn_code",
		patients: "registered_patients", at: "as_of",
	},
	{
		// Its generations differ only in columns for the commissioner, which are not read.
		name:     "Patients Registered at a GP Practice, totals (gp-reg-pat-prac-all)",
		practice: "CODE", patients: "NUMBER_OF_PATIENTS", at: "EXTRACT_DATE",
		only: []level{{"TYPE", "GP"}, {"SEX", "ALL"}, {"AGE", "ALL"}},
		source: domain.Source{
			Title:   "Patients Registered at a GP Practice",
			Address: "https://digital.nhs.uk/data-and-information/publications/statistical/patients-registered-at-a-gp-practice",
			Licence: openGovernmentLicence,
		},
	},
}

// columns returns the columns that are read of the form.
func (f listForm) columns() (columns []string) {
	for _, column := range []string{f.practice, f.called, f.network, f.patients, f.at, f.closed} {
		if column != "" {
			columns = append(columns, column)
		}
	}
	for _, l := range f.only {
		columns = append(columns, l.column)
	}
	return columns
}

// openListFile opens the table and tells its form. The table is nil, and a fault says why, where that cannot be done.
func openListFile(raw []byte, found *faults) (listForm, *table) {
	t := openTable(raw, found)
	if t == nil {
		return listForm{}, nil
	}
	var fits []listForm
	var nearest listForm
	var lacking []string // the columns that nearest lacks
	for i, f := range listForms {
		lacks := t.lacks(f.columns())
		if len(lacks) == 0 {
			fits = append(fits, f)
		}
		if i == 0 || len(lacks) < len(lacking) {
			nearest, lacking = f, lacks
		}
	}
	switch {
	case len(fits) == 1:
		return fits[0], t
	case len(fits) > 1:
		found.add(Error{
			Line:   t.headerLine,
			Reason: fmt.Sprintf("the header row is that of two forms: %s; and %s", fits[0].name, fits[1].name),
			Remedy: "take out the columns of one",
		})
	case 3*len(lacking) <= len(nearest.columns()): // with less, the likeness is chance: files of memberships name practices too
		for _, column := range lacking {
			found.add(Error{
				Line: t.headerLine, Field: column,
				Reason: fmt.Sprintf("the column is missing; the rest of the header is that of: %s", nearest.name),
				Remedy: "add the column " + column + " with its values",
			})
		}
	default:
		found.add(Error{
			Line: t.headerLine, Value: clip(strings.Join(t.header, ",")),
			Reason: "the header row is that of no list file that can be imported",
			Remedy: "give a CSV file with the columns of one of these: " + knownForms(),
		})
	}
	return listForm{}, nil
}

func knownForms() string {
	forms := make([]string, len(listForms))
	for i, f := range listForms {
		forms[i] = fmt.Sprintf("%s (%s)", f.name, strings.Join(f.columns(), ","))
	}
	return strings.Join(forms, "; ")
}

// conditions says which rows count: TYPE GP, SEX ALL, AGE ALL.
func (f listForm) conditions() string {
	each := make([]string, len(f.only))
	for i, l := range f.only {
		each[i] = l.column + " " + l.counts
	}
	return strings.Join(each, ", ")
}

// leavesOut says why a row is not a practice's whole list, "" if it is one. A level that is blank is a fault and leaves
// nothing out: nobody knows what the row counts.
func (f listForm) leavesOut(r row) string {
	for _, l := range f.only {
		switch value := r.text(l.column); {
		case value == "":
			r.fault(l.column, "the column is blank, so what the row counts is not known",
				fmt.Sprintf("write %s for a practice's whole list, or take the row out", l.counts))
			return ""
		case !strings.EqualFold(value, l.counts):
			return fmt.Sprintf("%s is %s, not %s", l.column, clip(value), l.counts)
		}
	}
	return ""
}

// read reads a row that is one practice's list. Every fault of the row is recorded; ok is false if there was one.
func (f listForm) read(r row) (e entry, ok bool) {
	before := len(r.table.found.found)
	e.line = r.line
	e.practice = f.readPractice(r)
	if f.called != "" {
		e.name = readName(r, f.called)
	}
	if f.network != "" {
		e.network = readNetwork(r, f.network)
	}
	if f.at != "" {
		e.at = readDay(r, f.at, time.DateOnly, "02Jan2006")
	}
	if f.closed != "" && r.text(f.closed) != "" {
		e.closed = readDay(r, f.closed, time.DateOnly, "02/01/2006") // as NHS Payments to General Practice writes it
	}
	if f.average {
		e.patients, e.published = readAverage(r, f.patients)
	} else {
		e.patients = readWhole(r, f.patients)
	}
	return e, len(r.table.found.found) == before
}

// readPractice reads a practice's code. What stands there for a total, or for none, is no practice: an ODS code of a
// practice has digits, a word has none.
func (f listForm) readPractice(r row) domain.Body {
	const remedy = "give the practice's own code, or take the row out"
	code := r.text(f.practice)
	switch {
	case code == "":
		r.fault(f.practice, "the practice's code is blank; a total is not a practice", remedy)
		return ""
	case noPCN(code):
		r.fault(f.practice, quoted(code)+" is how files write \"no network\"; it is not a practice", remedy)
		return ""
	}
	body, err := domain.ParseBody(code)
	if err != nil {
		r.fault(f.practice, quoted(code)+" is not a practice's code", "write it as the NHS does, for example K84036")
		return ""
	}
	if strings.HasPrefix(string(body), "ods:") && !strings.ContainsAny(code, "0123456789") {
		r.fault(f.practice, quoted(code)+" is not a practice's code, which has digits; a total is not a practice", remedy)
		return ""
	}
	return body
}

// readNetwork reads a network's code, nobody for a practice in none.
func readNetwork(r row, column string) domain.Body {
	code := r.text(column)
	if noPCN(code) {
		return ""
	}
	body, err := domain.ParseBody(code)
	if err != nil {
		r.fault(column, quoted(code)+" is not a network's code", "write it as the NHS does, for example U62251, or leave it blank for none")
		return ""
	}
	return body
}

// mostName is the longest name of a practice, in characters. Those published in January 2022 have at most 40; a whole
// paragraph in its place is a mistake.
const mostName = 200

// readName reads a practice's name, which may be blank, with single spaces.
func readName(r row, column string) string {
	name := oneLine(r.text(column))
	if utf8.RuneCountInString(name) > mostName || strings.ContainsFunc(name, unicode.IsControl) {
		r.fault(column, quoted(name)+" is not a name",
			fmt.Sprintf("write the practice's name with at most %d characters, all printable", mostName))
	}
	return name
}

// readDay reads a date in one of the layouts. What a spreadsheet makes of dates, 01/07/2026, is read only where the
// publisher writes it: elsewhere nobody could tell January from July.
func readDay(r row, column string, layouts ...string) domain.Date {
	text := r.text(column)
	for _, layout := range layouts {
		day, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		if date, err := domain.ParseDate(day.Format(time.DateOnly)); err == nil {
			return date
		}
	}
	reason := quoted(text) + " is not a date"
	if text == "" {
		reason = "the date is blank"
	}
	r.fault(column, reason, "write 2021-01-31 for 31 January 2021")
	return ""
}

var (
	wholeForm   = regexp.MustCompile(`^[0-9]{1,9}$`)
	averageForm = regexp.MustCompile(`^[0-9]{1,9}(\.[0-9]{1,9})?$`)
)

// readWhole reads a count of patients.
func readWhole(r row, column string) int64 {
	text := r.text(column)
	if !wholeForm.MatchString(text) {
		r.faultOfNumber(column, "is not a whole number of patients", "write up to nine digits, without a sign, a comma or a fraction: 5489")
		return 0
	}
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}

// readAverage reads an average number of patients: rounded half away from zero to whole patients, and as published where
// that is not whole.
func readAverage(r row, column string) (patients int64, published string) {
	text := r.text(column)
	if !averageForm.MatchString(text) {
		r.faultOfNumber(column, "is not an average number of patients", "write digits and a point, without a sign or a comma: 5355.75")
		return 0, ""
	}
	average := decimal.RequireFromString(text)
	if !average.IsInteger() {
		published = text
	}
	return average.Round(0).IntPart(), published
}

// faultOfNumber records that the row's value in a column is blank or no number.
func (r row) faultOfNumber(column, isNot, remedy string) {
	reason := quoted(r.text(column)) + " " + isNot
	if r.text(column) == "" {
		reason = "the number of patients is blank"
	}
	r.fault(column, reason, remedy)
}
