package intake

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"pcnledger/domain"
)

// A plainForm is a form of the ledger's own: a CSV file, or one sheet of a workbook, with columns that it needs and columns
// that may be missing. Rows that begin with # are remarks.
type plainForm struct {
	name  string
	needs []string
	may   []string
}

func (f plainForm) title() string      { return f.name }
func (f plainForm) columns() []string  { return f.needs }
func (f plainForm) excludes() []string { return nil }

// A plainFile is a file of such a form, opened.
type plainFile struct {
	*table
	sha    string
	unread []string
}

// open opens a file of the form. What is wrong with it comes back as [Errors], and any other error is one of reading.
func (f plainForm) open(file io.Reader, name string) (plainFile, error) {
	found := &faults{file: baseName(name)}
	raw, err := readFile(file, found, "import it in parts")
	if err != nil {
		return plainFile{}, err
	}
	var tables []*table
	switch {
	case found.any():
	case isZip(raw):
		tables = openWorkbook(raw, wanted{sheets: "the one sheet that is to be imported", holds: "the rows"}, found)
	default:
		if checkCSV(raw, found); !found.any() {
			tables = append(tables, openTable(raw, found))
		}
	}
	if err := found.err(); err != nil {
		return plainFile{}, err
	}
	t, _ := theTable(tables, []plainForm{f}, "the same form", found)
	if t == nil && !found.any() {
		f.explain(tables, found)
	}
	if err := found.err(); err != nil {
		return plainFile{}, err
	}
	t.remarks = true
	return plainFile{table: t, sha: sumOf(raw), unread: t.bind(slices.Concat(f.needs, f.may))}, nil
}

// explain records why no table is of the form: by what the first lacks.
func (f plainForm) explain(tables []*table, found *faults) {
	if len(tables) == 0 {
		found.add(Error{Reason: "the workbook is empty", Remedy: "give one with a sheet below a header row"})
		return
	}
	compare(tables[0], []plainForm{f}).explain(tables[0], []plainForm{f}, "file of "+f.name)
}

// given returns the row's value in a column that may be missing from the file, "" then.
func (r row) given(column string) string {
	if !r.table.has(column) {
		return ""
	}
	return r.text(column)
}

// hidden records that the row's value in a column is wrong, without repeating it: it may tell who somebody is.
func (r row) hidden(column, reason, remedy string) {
	r.table.add(Error{Line: r.line, Column: r.table.index[column] + 1, Field: column, Reason: reason, Remedy: remedy})
}

// readText reads text of at most as many characters. A blank is a fault if the text is needed.
func readText(r row, column string, needed bool, most int) string {
	text := oneLine(r.given(column))
	switch {
	case text == "" && needed:
		r.fault(column, "the "+inWords(column)+" is missing", "write it in the column "+column)
	case utf8.RuneCountInString(text) > most || strings.ContainsFunc(text, unicode.IsControl):
		r.fault(column, quoted(text)+" is no "+inWords(column), fmt.Sprintf("write at most %d characters, all printable", most))
	}
	return text
}

// inWords is a column's name within a sentence.
func inWords(column string) string { return wordsOf.Replace(column) }

var wordsOf = strings.NewReplacer("_ni", " national insurance", "_", " ")

// oneOf reads one of a few words, otherwise if the cell is blank. A blank is a fault where there is no otherwise.
func oneOf[T ~string](r row, column string, otherwise T, words ...T) T {
	text := T(r.given(column))
	if text == "" && otherwise != "" || slices.Contains(words, text) {
		return cmp.Or(text, otherwise)
	}
	each := make([]string, len(words))
	for i, word := range words {
		each[i] = string(word)
	}
	remedy := "write one of: " + strings.Join(each, ", ")
	if text == "" {
		r.fault(column, "the "+inWords(column)+" is missing", remedy)
	} else {
		r.fault(column, quoted(string(text))+" is no "+inWords(column)+" that the ledger knows", remedy)
	}
	return ""
}

// maybeOneOf reads one of a few words, or a blank.
func maybeOneOf[T ~string](r row, column string, words ...T) T {
	if r.given(column) == "" {
		return ""
	}
	return oneOf(r, column, "", words...)
}

// readYes reads yes or no.
func readYes(r row, column string, otherwise bool) bool {
	switch strings.ToLower(r.given(column)) {
	case "yes", "y", "true", "1", "x":
		return true
	case "no", "n", "false", "0":
		return false
	case "":
		return otherwise
	}
	r.fault(column, quoted(r.text(column))+" is neither yes nor no", "write yes or no")
	return false
}

// optionalDay reads a date that may be blank.
func optionalDay(r row, column string) domain.Date {
	if r.given(column) == "" {
		return ""
	}
	return readDay(r, column, dayOnly...)
}

var dayOnly = []string{"2006-01-02"}

var figureForm = regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,17})?$`)

// readFigure reads a decimal that is 0 or more, or says why it is none. What it is of is told in the error.
func readFigure(r row, column, example string) (decimal.Decimal, bool) {
	text := r.text(column)
	remedy := "write digits and a point, without a sign, a comma or £: " + example
	switch {
	case figureForm.MatchString(text):
		return decimal.RequireFromString(text), true
	case text == "":
		r.fault(column, "the "+inWords(column)+" is blank", remedy)
	case strings.HasPrefix(text, "-"):
		r.fault(column, quoted(text)+" is less than nothing", remedy)
	default:
		r.fault(column, quoted(text)+" is not a number", remedy)
	}
	return decimal.Zero, false
}

// readCost reads pounds and pence, exact. A workbook's own sums come a hair beside the penny, which
// is put right; anything else between two pence is refused.
func readCost(r row, column string) (domain.Pence, bool) {
	pounds, ok := readFigure(r, column, "3412.50")
	if !ok {
		return 0, false
	}
	pence := pounds.Shift(2)
	whole := pence.Round(0)
	hair := decimal.New(1, -6)
	if !pence.Equal(whole) && (r.table.sheet == "" || pence.Sub(whole).Abs().GreaterThan(hair)) {
		r.fault(column, quoted(r.text(column))+" has parts of a penny", "round it to pounds and pence: "+whole.Shift(-2).StringFixed(2))
		return 0, false
	}
	return domain.Pence(whole.IntPart()), true // figureForm keeps it within bounds
}
