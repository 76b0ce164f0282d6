package intake

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"pcnledger/domain"
)

// QuantityOptions says what a file of quantities does not say.
type QuantityOptions struct {
	// Ledger is the name of the ledger that the command ids are derived for. It must be given.
	Ledger string

	// Known returns the name of a body that the ledger knows, "" if it knows none. Nil knows everybody.
	Known func(domain.Body) (name string, ok bool)
}

// quantityKind is the kind of import in the ids of the commands.
const quantityKind = "quantities"

var quantityForm = plainForm{
	name:  "quantities",
	needs: []string{"measure", "from", "body", "quantity", "source"},
	may:   []string{"factors", "address", "note"},
}

// Quantities turns a file of what is counted for bodies (beds, points, sessions, posts) into commands: a RecordQuantity for
// each measure and day, in the order of the file.
//
// What is wrong with the file comes back as [Errors], and then the Import is empty. Any other error is one of reading.
func Quantities(file io.Reader, name string, opts QuantityOptions) (Import, error) {
	if opts.Ledger == "" {
		panic("intake: QuantityOptions.Ledger is empty")
	}
	t, err := quantityForm.open(file, name)
	if err != nil {
		return Import{}, err
	}
	q := &quantityReader{file: t, opts: opts, byKey: map[string]*counting{}}
	for row := range t.rows() {
		q.read(row)
	}
	if len(q.all) == 0 && !t.found.any() {
		t.found.add(Error{Reason: "no row of the file is a quantity", Remedy: "check that it is the file you mean"})
	}
	if err := t.found.err(); err != nil {
		return Import{}, err
	}
	made := q.commands()
	if err := t.found.err(); err != nil {
		return Import{}, err
	}
	return made, nil
}

// A quantityReader gathers the quantities of one file.
type quantityReader struct {
	file  plainFile
	opts  QuantityOptions
	all   []*counting // in the order of the file
	byKey map[string]*counting
}

// A counting is what becomes one RecordQuantity.
type counting struct {
	domain.RecordQuantity
	line   int
	lineOf map[domain.Body]int
}

var quantityFigure = regexp.MustCompile(`^([0-9]{1,9}(\.[0-9]{1,9})?|[0-9]{1,9}/0*[1-9][0-9]{0,8})$`)

// read takes up one line. Every fault of the row is recorded; then it is not taken up.
func (q *quantityReader) read(r row) {
	before := len(r.table.found.found)
	measure := domain.Measure(readText(r, "measure", true, mostName))
	from := readDay(r, "from", dayOnly...)
	line := domain.QuantityLine{Body: readBody(r, "body", q.opts.Known), Quantity: readQuantity(r, "quantity", r.text("quantity")), Factors: readFactors(r)}
	source := domain.Source{
		Title: readText(r, "source", true, mostSource), File: r.table.found.file, SHA256: q.file.sha,
		Address: readText(r, "address", false, mostSource), Note: readText(r, "note", false, mostSource),
	}
	if len(r.table.found.found) > before {
		return
	}
	key := string(measure) + "/" + string(from)
	c, ok := q.byKey[key]
	if !ok {
		c = &counting{RecordQuantity: domain.RecordQuantity{Measure: measure, From: from, Source: source}, line: r.line, lineOf: map[domain.Body]int{}}
		q.byKey[key] = c
		q.all = append(q.all, c)
	}
	switch first, twice := c.lineOf[line.Body]; {
	case twice:
		r.fault("body", fmt.Sprintf("%s has %s from %s on line %d already", line.Body.Bare(), measure, from, first), "take out the row that does not count")
	case source != c.Source:
		r.fault("source", fmt.Sprintf("the source is not that of line %d, which has the same measure and day", c.line),
			"give one source, address and note for each measure and day, or import the other source as a file of its own")
	}
	c.lineOf[line.Body] = r.line
	c.Lines = append(c.Lines, line)
}

// readQuantity reads an exact number, 0 or more, whole, decimal or a fraction.
func readQuantity(r row, column, text string) domain.Quantity {
	if !quantityFigure.MatchString(text) {
		reason := quoted(text) + " is not a quantity"
		if text == "" {
			reason = "the quantity is blank"
		}
		r.fault(column, reason, "write digits, with a point or as a fraction and without a sign or a comma: 328, 37.5 or 2/3")
	}
	return domain.Quantity(text)
}

// readFactors reads adjustments by name: prevalence=1.02; list size=0.97.
func readFactors(r row) (factors []domain.Factor) {
	if r.given("factors") == "" {
		return nil
	}
	for each := range strings.SplitSeq(r.text("factors"), ";") {
		name, factor, ok := strings.Cut(each, "=")
		name, factor = oneLine(name), strings.TrimSpace(factor)
		if !ok || name == "" || !quantityFigure.MatchString(factor) {
			r.fault("factors", quoted(each)+" is no factor", "write a name and a number for each: prevalence=1.02; list size=0.97")
			return nil
		}
		factors = append(factors, domain.Factor{Name: name, Factor: domain.Quantity(factor)})
	}
	return factors
}

// readBody reads the code of a body that the ledger knows.
func readBody(r row, column string, known func(domain.Body) (string, bool)) domain.Body {
	body, err := domain.ParseBody(r.text(column))
	switch {
	case r.text(column) == "":
		r.fault(column, "the code is blank; a total is no organisation", "give the organisation's code, or take the row out")
	case err != nil || isWord(body):
		r.fault(column, quoted(r.text(column))+" is not a code; a total is no organisation", "write it as the NHS does, for example U62251, or take the row out")
	case known != nil:
		if _, ok := known(body); !ok {
			r.fault(column, body.Bare()+" is not known to the ledger", "check the code, or register it first (import memberships, or RegisterBody)")
		}
	}
	return body
}

// commands makes one command for each measure and day.
func (q *quantityReader) commands() Import {
	made := Import{Summary: Summary{Form: quantityForm.name, Unread: q.file.unread}}
	for _, c := range q.all {
		command, fits := number(q.opts.Ledger, quantityKind, string(c.Measure)+"/"+string(c.From), c.line, c.RecordQuantity)
		if !fits {
			q.file.add(Error{Line: c.line, Reason: fmt.Sprintf("%s from %s do not fit one command", c.Measure, c.From), Remedy: "import them in parts"})
		}
		made.Commands = append(made.Commands, command)
		made.Summary.Facts = append(made.Summary.Facts, fmt.Sprintf("%s from %s: %s", c.Measure, c.From, countedBodies(len(c.Lines))))
		for _, line := range c.Lines {
			made.Summary.Lines = append(made.Summary.Lines, fmt.Sprintf("line %d: %s, %s from %s: %s", c.lineOf[line.Body], line.Body.Bare(), c.Measure, c.From, line.Quantity))
		}
	}
	return made
}

func countedBodies(n int) string {
	if n == 1 {
		return "1 body"
	}
	return grouped(int64(n)) + " bodies"
}
