package intake

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

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
	weighted string // the column that counts weighted patients, if there is one
	adjusted string // the one of those that NHS England adjusts for networks
	average  bool   // patients is an average over a year
	undated  bool   // the file does not say when they were counted
	at       string // the day they were counted on
	totalled bool   // a row without any code or name is the sum of the others
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
		patients: "registered_patients_average", weighted: "weighted_patients_average", average: true, closed: "close_date",
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
		only:   []level{{"TYPE", "GP"}, {"SEX", "ALL"}, {"AGE", "ALL"}},
		source: registeredPatients,
	},
	{
		name:     "Patients Registered at a GP Practice, by five-year age (gp-reg-pat-prac-quin-age)",
		practice: "ORG_CODE", patients: "NUMBER_OF_PATIENTS", at: "EXTRACT_DATE",
		only:   []level{{"ORG_TYPE", "GP"}, {"SEX", "ALL"}, {"AGE_GROUP_5", "ALL"}},
		source: registeredPatients,
	},
	{
		name:     "PCN adjusted populations",
		practice: "Practice Code", called: "Practice Name", network: "PCN Code",
		patients: "Raw list size", adjusted: "Adjusted Population", undated: true, totalled: true,
		source: adjustedPopulations,
	},
	{
		// Put together by others, so its title is asked for. The list size of a later day beside these is not read.
		name:     "raw, adjusted and weighted populations of 2024/25",
		practice: "Practice Code", called: "Practice Name", network: "PCN Code",
		patients: "Raw list size 2024/25", adjusted: "Adjusted Population 2024/25", weighted: "weighted population 2024/25",
		undated: true, totalled: true,
	},
}

var registeredPatients = domain.Source{
	Title:   "Patients Registered at a GP Practice",
	Address: "https://digital.nhs.uk/data-and-information/publications/statistical/patients-registered-at-a-gp-practice",
	Licence: openGovernmentLicence,
}

var adjustedPopulations = domain.Source{
	Title:   "PCN adjusted populations, NHS England",
	Address: "https://www.england.nhs.uk/gp/investment/gp-contract/",
	Licence: openGovernmentLicence,
}

// columns returns the columns that are read of the form.
func (f listForm) columns() []string {
	columns := given(f.practice, f.called, f.network, f.patients, f.at, f.closed)
	for _, l := range f.only {
		columns = append(columns, l.column)
	}
	return columns
}

// counting returns the form as it is read for a population, or finds that it does not have that.
func (f listForm) counting(population domain.Population, line int, found *faults) listForm {
	switch {
	case population == domain.PopulationRegistered:
		return f
	case population == domain.PopulationWeighted && f.weighted != "":
		f.patients = f.weighted
	case population == domain.PopulationAdjusted && f.adjusted != "":
		f.patients = f.adjusted
	default:
		found.add(Error{
			Line: line, Reason: fmt.Sprintf("the file has no %s patients", population),
			Remedy: "import it as registered, or give a file that has them",
		})
	}
	return f
}

func (f listForm) title() string { return f.name }

// excludes returns nothing: a list file may have any column besides.
func (f listForm) excludes() []string { return nil }

// openListFile opens the table and tells its form. The table is nil, and a fault says why, where that cannot be done.
func openListFile(raw []byte, found *faults) (listForm, *table) {
	t := openTable(raw, found)
	if t == nil {
		return listForm{}, nil
	}
	likeness := compare(t, listForms)
	if len(likeness.fits) != 1 {
		likeness.explain(t, listForms, "list file")
		return listForm{}, nil
	}
	return likeness.fits[0], t
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

// isTotal reports whether a row is the sum of the others: it has figures, and neither a practice nor a network.
func (f listForm) isTotal(r row) bool {
	return f.totalled && r.text(f.practice) == "" && r.text(f.called) == "" && r.text(f.network) == ""
}

// read reads a row that is one practice's list. Every fault of the row is recorded; ok is false if there was one.
func (f listForm) read(r row) (e entry, ok bool) {
	before := len(r.table.found.found)
	e.line = r.line
	e.practice = readPractice(r, f.practice)
	if f.called != "" {
		e.name = readName(r, f.called, domain.KindPractice)
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
