package reports

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// CSV writes a report as comma-separated values: rows that say what it is, then each table under its title and its
// column names, rows before totals, and a blank row between tables. Money is decimal pounds (600000.00), dates are
// 2019-03-31, an organisation is its name with its code. Text that a spreadsheet would run as a formula is defused.
func CSV(w io.Writer, r Report) error {
	rows := append(csvHeading(r), []string{})
	for _, t := range r.Tables {
		rows = append(rows, csvTable(t)...)
	}
	for _, sentence := range r.Closing {
		rows = append(rows, []string{defuse(sentence)})
	}
	writer := csv.NewWriter(w)
	return writer.WriteAll(rows)
}

func csvHeading(r Report) [][]string {
	var rows [][]string
	if r.Heading.Illustration != "" {
		rows = append(rows, []string{defuse(r.Heading.Illustration)})
	}
	rows = append(rows, []string{defuse(r.Title)})
	for _, fact := range r.Heading.facts() {
		row := []string{fact.name}
		for _, value := range fact.values {
			row = append(row, defuse(value))
		}
		rows = append(rows, row)
	}
	return rows
}

func csvTable(t Table) [][]string {
	var names []string
	for _, c := range t.Columns {
		names = append(names, defuse(c.Name))
	}
	rows := [][]string{{defuse(t.Title)}, names}
	if len(t.Rows) == 0 {
		rows = append(rows, []string{defuse(t.Empty)})
	}
	for _, row := range t.Rows {
		rows = append(rows, csvRow(row))
	}
	for _, row := range t.Totals {
		rows = append(rows, csvRow(row))
	}
	return append(rows, []string{})
}

func csvRow(cells []Cell) []string {
	row := make([]string, len(cells))
	for i, cell := range cells {
		row[i] = csvCell(cell)
	}
	return row
}

// csvCell writes numbers and dates as they are, for they are made here, and defuses everything else.
func csvCell(c Cell) string {
	switch c := c.(type) {
	case nil:
		return ""
	case Money:
		return c.decimal()
	case Count:
		return strconv.FormatInt(int64(c), 10)
	case Number:
		return strconv.FormatInt(int64(c), 10)
	case Date:
		return string(c)
	case Organisation:
		return defuse(c.String())
	case Words:
		return defuse(string(c))
	}
	panic("a kind of cell that CSV does not know")
}

// defuse puts an apostrophe before text that a spreadsheet would take for a formula. It is the one guard of every cell
// that carries words.
func defuse(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}
