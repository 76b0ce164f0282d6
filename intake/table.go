package intake

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// mostBytes bounds a file, so that a wrong one cannot fill the memory: half as much again as all England's lists by age.
const mostBytes = 32 << 20

// readFile returns the bytes of a file. An error of reading is returned as it is, with the file's name; a file that is too
// large is a fault, and smaller says what would do instead.
func readFile(file io.Reader, found *faults, smaller string) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(file, mostBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", found.file, err)
	}
	if len(raw) > mostBytes {
		found.add(Error{Reason: fmt.Sprintf("the file is larger than %d MB", mostBytes>>20), Remedy: smaller})
	}
	return raw, nil
}

// checkCSV finds bytes that are no text in UTF-8.
func checkCSV(raw []byte, found *faults) {
	switch {
	case isZip(raw):
		found.add(Error{
			Reason: "this is a zip file or a workbook (xlsx), not a CSV file",
			Remedy: "unpack it, or save its sheet as CSV UTF-8, and import that",
		})
	case !utf8.Valid(raw):
		valid := raw[:firstInvalid(raw)]
		found.add(Error{
			Line:   1 + bytes.Count(valid, []byte("\n")),
			Reason: "the text is not UTF-8",
			Remedy: "save the file as CSV UTF-8",
		})
	case len(bytes.TrimSpace(bytes.TrimPrefix(raw, byteOrderMark))) == 0:
		found.add(Error{Reason: "the file is empty", Remedy: "give a CSV file with a header row"})
	}
}

// unpackCSV returns the one CSV file of a zip file, as NHS England publishes its larger ones, and any other file as it is.
func unpackCSV(raw []byte, found *faults) []byte {
	if !isZip(raw) {
		return raw
	}
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil || len(archive.File) != 1 || !strings.EqualFold(path.Ext(archive.File[0].Name), ".csv") {
		return raw // checkCSV says what it is not
	}
	unpacked, err := readZipped(archive.File[0])
	if err != nil {
		found.add(Error{
			Reason: "the zip file cannot be read: " + clip(err.Error()),
			Remedy: "fetch it again from where it is published, or unpack it and import what is in it",
		})
	}
	if len(unpacked) > mostBytes {
		found.add(Error{
			Reason: fmt.Sprintf("the zip file unpacks to more than %d MB", mostBytes>>20),
			Remedy: "import the file of totals by practice",
		})
	}
	return unpacked
}

// readZipped reads a file of a zip file, and no more of it than a byte above what is taken.
func readZipped(part *zip.File) ([]byte, error) {
	r, err := part.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, mostBytes+1))
}

func isZip(raw []byte) bool { return bytes.HasPrefix(raw, []byte("PK\x03\x04")) }

var byteOrderMark = []byte("\uFEFF")

// firstInvalid returns where the first byte stands that is not UTF-8.
func firstInvalid(raw []byte) int {
	at := 0
	for at < len(raw) {
		r, size := utf8.DecodeRune(raw[at:])
		if r == utf8.RuneError && size <= 1 {
			break
		}
		at += size
	}
	return at
}

// baseName returns a file's name without its folder, whichever way the folder is written.
func baseName(name string) string { return name[strings.LastIndexAny(name, `/\`)+1:] }

// A table is rows below a header row: a CSV file, or a sheet of a workbook. Spaces around a value do not count; a row must
// have the header's width.
type table struct {
	found      *faults
	file       string                                           // as errors name it: the file, and the sheet of a workbook
	sheet      string                                           // the sheet's name, "" of a CSV file
	next       func() (fields []string, line int, wrong *Error) // no fields at the end; nothing more after a wrong
	header     []string                                         // as the file writes it
	headerLine int
	index      map[string]int // of the columns that are read, by the name their form gives them
	blanks     int            // rows passed over because they say nothing
	remarks    bool           // rows that begin with # say nothing either
}

// openTable reads the header row of a CSV file. It is nil, and a fault says why, where there is none.
func openTable(raw []byte, found *faults) *table {
	t := &table{found: found, file: found.file, next: csvRows(raw)}
	header, line, wrong := t.next()
	if wrong != nil {
		t.add(*wrong)
		return nil
	}
	t.header, t.headerLine = header, line
	return t
}

// csvRows reads the rows of a CSV file, one a call.
func csvRows(raw []byte) func() ([]string, int, *Error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, byteOrderMark)))
	r.FieldsPerRecord = -1 // a ragged row is reported by the table, among the other errors
	r.TrimLeadingSpace = true
	return func() ([]string, int, *Error) {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil, 0, nil
		}
		if err != nil {
			return nil, 0, outOfPlace(err)
		}
		line, _ := r.FieldPos(0)
		return fields, line, nil
	}
}

// outOfPlace puts an error of the CSV reader, which knows but one, into words.
func outOfPlace(err error) *Error {
	e := &Error{
		Reason: err.Error(),
		Remedy: `put the whole value in quotation marks and double those inside it: "The ""Old"" Surgery"`,
	}
	if at, ok := errors.AsType[*csv.ParseError](err); ok {
		e.Line = at.StartLine // where a mark was left open, not where the file ended without its fellow
		e.Reason = fmt.Sprintf("a quotation mark is out of place or missing, as line %d shows at character %d", at.Line, at.Column)
	}
	return e
}

// add records an error of the table.
func (t *table) add(e Error) {
	e.File = t.file
	t.found.add(e)
}

// columnName is a name in the header as it is compared: published files put line breaks and trailing spaces into
// theirs, and differ in capitals.
func columnName(name string) string { return strings.ToUpper(oneLine(name)) }

// oneLine trims text and makes one space of each run of spaces and line breaks.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// lacks returns those of the columns that the header has not.
func (t *table) lacks(columns []string) (lacking []string) {
	for _, column := range columns {
		if !slices.ContainsFunc(t.header, func(name string) bool { return columnName(name) == columnName(column) }) {
			lacking = append(lacking, column)
		}
	}
	return lacking
}

// has reports whether a column is bound.
func (t *table) has(column string) bool { _, ok := t.index[column]; return ok }

// bind says which columns will be read. It returns the names of the others, as the file writes them. A column that is to
// be read and stands in the header twice is a fault.
func (t *table) bind(columns []string) (unread []string) {
	t.index = map[string]int{}
	for i, name := range t.header {
		which := slices.IndexFunc(columns, func(column string) bool { return columnName(column) == columnName(name) })
		if which < 0 {
			if name = oneLine(name); name != "" {
				unread = append(unread, name)
			}
			continue
		}
		column := columns[which]
		if first, twice := t.index[column]; twice {
			t.add(Error{
				Line: t.headerLine, Column: i + 1, Field: column,
				Reason: fmt.Sprintf("the column %s stands in the header twice: it is column %d too", column, first+1),
				Remedy: "take out the one that does not count",
			})
			continue
		}
		t.index[column] = i
	}
	return unread
}

// rows yields the rows below the header that say something and have its width. Ragged rows are faults; a quotation mark
// out of place is one, and ends the reading, for what follows cannot be told into rows any more.
func (t *table) rows() iter.Seq[row] {
	return func(yield func(row) bool) {
		for !t.found.full() {
			fields, line, wrong := t.next()
			if wrong != nil {
				t.add(*wrong)
				return
			}
			if fields == nil {
				return
			}
			if blank(fields) {
				t.blanks++
				continue
			}
			if t.remarks && strings.HasPrefix(strings.TrimSpace(fields[0]), "#") {
				continue
			}
			if t.sheet != "" {
				fields = widened(fields, len(t.header))
			}
			if len(fields) != len(t.header) {
				remedy := "complete the row; a name that holds a comma stands in quotation marks"
				if t.sheet != "" {
					remedy = "take out what stands to the right of the header"
				}
				t.add(Error{
					Line:   line,
					Reason: fmt.Sprintf("the row has %d columns and the header %d", len(fields), len(t.header)),
					Remedy: remedy,
				})
				continue
			}
			if !yield(row{table: t, line: line, fields: fields}) {
				return
			}
		}
	}
}

// blank reports whether a row says nothing, as the rows do that a spreadsheet leaves below its last.
func blank(fields []string) bool { return strings.TrimSpace(strings.Join(fields, "")) == "" }

// widened gives a row of a sheet, which ends with its last value, the header's width.
func widened(fields []string, width int) []string {
	for len(fields) < width {
		fields = append(fields, "")
	}
	for len(fields) > width && strings.TrimSpace(fields[len(fields)-1]) == "" {
		fields = fields[:len(fields)-1]
	}
	return fields
}

// A row is one row of a table.
type row struct {
	table  *table
	line   int
	fields []string
}

// text returns the row's value in a column that is bound.
func (r row) text(column string) string { return strings.TrimSpace(r.fields[r.table.index[column]]) }

// fault records that the row's value in a column is wrong.
func (r row) fault(column, reason, remedy string) {
	r.table.add(Error{
		Line: r.line, Column: r.table.index[column] + 1, Field: column, Value: clip(r.text(column)),
		Reason: reason, Remedy: remedy,
	})
}
