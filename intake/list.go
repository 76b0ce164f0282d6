package intake

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"pcnledger/domain"
)

// ListOptions says what a file of list sizes does not say.
type ListOptions struct {
	// Ledger is the name of the ledger that the command ids are derived for. It must be given.
	Ledger string

	// Population says which of a file's counts are read; registered if not given.
	Population domain.Population

	// Average is the financial year of a file whose figures are averages, which do not say of which year. Other files
	// carry their dates and take none.
	Average domain.Year

	// At is the day on which the patients were counted, of a file that does not say it. Other files take none.
	At domain.Date

	// StandsFor is the reference date that the list is used for. Averages must have one. A file counted on one day may
	// have another than that day, and a file with several dates none.
	StandsFor domain.Date

	// Source says where the list comes from. Title, Address, Licence and Note that are not given are those of the form,
	// where it has them; a list without a title is refused. File and SHA256 are taken from the file.
	Source domain.Source

	// Known returns the name of a body that the ledger knows, "" if it knows none. Nil knows nothing.
	Known func(domain.Body) (name string, ok bool)

	// KnownOnly leaves out, and counts, practices that the ledger does not know: those of other commissioners in a file of
	// the whole country, which would otherwise count as patients in no network.
	KnownOnly bool
}

// listKind is the kind of import in the ids of the commands.
const listKind = "list-sizes"

// ListSizes turns a file of practices' list sizes into commands: a RegisterBody for each practice, or new name of one,
// that the ledger does not know, in the order of the file; then one RecordListSizes per date, the earliest first. A
// practice that stands under several names takes the one of the latest date.
//
// The file is recognised by its header row; name is told in errors and sources, without its folder. What is wrong with
// the file or the options comes back as [Errors], and then the Import is empty. Any other error is one of reading.
func ListSizes(file io.Reader, name string, opts ListOptions) (Import, error) {
	if opts.Ledger == "" {
		panic("intake: ListOptions.Ledger is empty")
	}
	found := &faults{file: baseName(name)}
	raw, err := readFile(file, found, "import the file of totals by practice, not one by age or by role")
	if err != nil {
		return Import{}, err
	}
	csv := raw
	if !found.any() {
		csv = unpackCSV(raw, found)
	}
	if !found.any() {
		checkCSV(csv, found)
	}
	if err := found.err(); err != nil {
		return Import{}, err
	}
	form, t := openListFile(csv, found)
	if t == nil {
		return Import{}, found.err()
	}
	opts.Population = cmp.Or(opts.Population, domain.PopulationRegistered)
	form = form.counting(opts.Population, t.headerLine, found)
	r := &listReader{form: form, opts: opts, found: found, unread: t.bind(form.columns()), practices: newRoll(domain.KindPractice)}
	r.checkOptions()
	r.read(t)
	if err := found.err(); err != nil {
		return Import{}, err
	}
	made := r.commands(raw)
	if err := found.err(); err != nil {
		return Import{}, err
	}
	return made, nil
}

// A listReader gathers the lists of one file.
type listReader struct {
	form   listForm
	opts   ListOptions
	found  *faults
	unread []string

	lists     map[domain.Date]*list // by the day they were counted on; averages have none
	practices *roll
	leftOut   map[string]int // rows, by reason
	warnings  []string
}

// A list is what becomes one RecordListSizes.
type list struct {
	ListSummary
	line     int // where it begins
	lines    []domain.ListLine
	lineOf   map[domain.Body]int // where each practice stands
	networks map[domain.Body]bool
}

// An entry is a row that says how large one practice's list is.
type entry struct {
	line      int
	practice  domain.Body
	name      string
	network   domain.Body // nobody for a practice in none
	at        domain.Date
	patients  int64
	published string // where it is not whole, or 0
	closed    domain.Date
}

// checkOptions finds options that the form lacks, and those that it contradicts.
func (r *listReader) checkOptions() {
	if r.form.average && r.opts.Average == "" {
		r.found.add(Error{
			Field:  "average",
			Reason: "the figures are averages over a year, and the file does not say which",
			Remedy: "give the year, for example --average 2019-20",
		})
	}
	if r.form.average && r.opts.StandsFor == "" {
		r.found.add(Error{
			Field:  "stands-for",
			Reason: "the figures are averages over a year; which reference date they are used for is not said",
			Remedy: "give the date, for example --stands-for 2019-01-01",
		})
	}
	if !r.form.average && r.opts.Average != "" {
		r.found.add(Error{
			Field: "average", Value: string(r.opts.Average),
			Reason: fmt.Sprintf("the file was counted on the days it gives in %s; its figures are no averages", r.form.at),
			Remedy: "leave --average out",
		})
	}
	if r.form.undated && r.opts.At == "" {
		r.found.add(Error{
			Field:  "at",
			Reason: "the file does not say on which day its patients were counted",
			Remedy: "give the day, for example --at 2025-01-01",
		})
	}
	if !r.form.undated && r.opts.At != "" {
		r.found.add(Error{
			Field: "at", Value: string(r.opts.At),
			Reason: "the file says itself when its patients were counted, or has averages",
			Remedy: "leave --at out",
		})
	}
	if r.form.source.Title == "" && r.opts.Source.Title == "" {
		r.found.add(Error{
			Field:  "title",
			Reason: "the list has no source: the file does not say who published it",
			Remedy: `give its title, for example --title "Patients Registered at a GP Practice, January 2021"`,
		})
	}
}

// read gathers all rows.
func (r *listReader) read(t *table) {
	r.lists, r.leftOut = map[domain.Date]*list{}, map[string]int{}
	before := len(r.found.found)
	var total []row
	for row := range t.rows() {
		if reason := r.form.leavesOut(row); reason != "" {
			r.leftOut[reason]++
			continue
		}
		if r.form.isTotal(row) {
			r.leftOut["the total, which is no practice"]++
			total = append(total, row)
			continue
		}
		if e, ok := r.form.read(row); ok {
			if r.form.undated {
				e.at = r.opts.At
			}
			if r.opts.KnownOnly && !r.knows(e.practice) {
				r.leftOut[strangers]++
				continue
			}
			r.add(row, e)
		}
	}
	if t.blanks > 0 {
		r.leftOut["blank"] = t.blanks
	}
	for _, row := range total {
		r.checkTotal(row)
	}
	if len(r.lists) == 0 && len(r.found.found) == before {
		reason := "no row of the file is a practice's list"
		if r.leftOut[strangers] > 0 {
			reason = "the ledger knows no practice of the file"
		}
		if len(r.form.only) > 0 {
			reason += "; such rows have " + r.form.conditions()
		}
		r.found.add(Error{Reason: reason, Remedy: "check that it is the file you mean"})
	}
	if len(r.lists) > 1 && r.opts.StandsFor != "" {
		r.found.add(Error{
			Field: "stands-for", Value: string(r.opts.StandsFor),
			Reason: fmt.Sprintf("the file has lists of %d dates; one reference date cannot stand for them all", len(r.lists)),
			Remedy: "leave --stands-for out, or import a file with one date",
		})
	}
}

// strangers is why rows are left out of a file that is read for the practices of one ledger.
const strangers = "of practices that the ledger does not know"

func (r *listReader) knows(practice domain.Body) bool {
	if r.opts.Known == nil {
		return false
	}
	_, known := r.opts.Known(practice)
	return known
}

// checkTotal warns of a total that is not the sum of the lists. Where only some practices are read it is not theirs.
func (r *listReader) checkTotal(row row) {
	if r.opts.KnownOnly {
		return
	}
	if l := r.lists[r.opts.At]; l != nil && row.text(r.form.patients) != fmt.Sprint(l.Patients) {
		r.warnings = append(r.warnings, fmt.Sprintf("line %d: the total is given as %s; the lists above are %s",
			row.line, clip(row.text(r.form.patients)), counted(l.Patients, "patient")))
	}
}

// add puts an entry on its list.
func (r *listReader) add(row row, e entry) {
	l, ok := r.lists[e.at]
	if !ok {
		l = &list{line: e.line, lineOf: map[domain.Body]int{}, networks: map[domain.Body]bool{}}
		l.At, l.Average, l.StandsFor = e.at, r.opts.Average, r.opts.StandsFor
		r.lists[e.at] = l
	}
	if first, twice := l.lineOf[e.practice]; twice {
		row.fault(r.form.practice,
			fmt.Sprintf("%s has a list%s on line %d already", e.practice.Bare(), onDay(e.at), first),
			"take out the row that does not count")
		return
	}
	l.lineOf[e.practice] = e.line
	if e.patients == 0 && e.published == "" {
		e.published = "0"
	}
	l.lines = append(l.lines, domain.ListLine{Practice: e.practice, Patients: e.patients, Published: e.published})
	l.Practices++
	l.Patients += e.patients
	if r.form.network != "" && e.network == "" {
		l.Unallocated++
		l.UnallocatedPatients += e.patients
	} else if r.form.network != "" && !l.networks[e.network] {
		l.networks[e.network] = true
		l.Networks++
	}
	r.practices.add(e.practice, e.line, e.name, e.at)
	if e.closed != "" {
		r.warnings = append(r.warnings, fmt.Sprintf("line %d: %s closed on %s; its list of %s is recorded all the same",
			e.line, strings.TrimSpace(e.practice.Bare()+" "+e.name), e.closed, counted(e.patients, "patient")))
	}
}

// commands makes the commands of what was gathered. What does not fit a command is a fault.
func (r *listReader) commands(raw []byte) Import {
	made := Import{Summary: Summary{
		Form: r.form.name, Practices: len(r.practices.bodies), LeftOut: leftOut(r.leftOut), Unread: r.unread, Warnings: r.warnings,
	}}
	registered := r.practices.register(r.opts.Ledger, listKind, r.opts.Known)
	made.Summary.Registered, made.Summary.Renamed = registered.unknown, registered.renamed
	made.Commands = registered.commands
	sha := sumOf(raw)
	for _, at := range slices.Sorted(maps.Keys(r.lists)) {
		l := r.lists[at]
		if r.opts.Population != domain.PopulationRegistered {
			l.Population = r.opts.Population
		}
		made.Summary.add(l)
		c := domain.RecordListSizes{
			Population: r.opts.Population,
			At:         l.At, Average: l.Average, StandsFor: l.StandsFor,
			Source: r.source(l, sha),
			Lines:  l.lines,
		}
		key := string(c.Population) + "/" + string(l.At) + string(l.Average)
		command, fits := number(r.opts.Ledger, listKind, key, l.line, c)
		if !fits {
			r.found.add(Error{
				Line:   l.line,
				Reason: fmt.Sprintf("the list%s does not fit one command: it has %s", onDay(l.At), counted(int64(l.Practices), "practice")),
				Remedy: "import it in parts, a file for each commissioner",
			})
		}
		made.Commands = append(made.Commands, command)
	}
	return made
}

// source completes what the options say of the source with what the form and the file say.
func (r *listReader) source(l *list, sha string) domain.Source {
	published := r.form.source
	published.Title += ", " + l.when()
	return completed(r.opts.Source, published, r.found.file, sha)
}

// onDay says on which day, of a list that was counted on one.
func onDay(d domain.Date) string {
	if d == "" {
		return ""
	}
	return " of " + d.String()
}
