package bench

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Text writes the report for people: for each row what was measured beside what, the figures with the least and the most
// of their rounds, the ratio and the budget. It says which budgets were missed; that is all that becomes of it.
func (r Report) Text(w io.Writer) error {
	var page strings.Builder
	m := r.Machine
	fmt.Fprintf(&page, "%s, %d CPUs, %s, nats-server %s", m.System, m.CPUs, m.Go, m.NATS)
	if m.FileSystem == inMemory {
		page.WriteString("\nThe directory is in memory, where a sync costs nothing: choose one on a disk with --dir.")
	}
	page.WriteString("\n\n" + tableLine("Row", "Figure", "Beside it", "Ratio", "Budget", ""))
	for _, row := range r.Rows {
		page.WriteString(row.text())
	}
	missed, untold := 0, 0
	for _, row := range r.Rows {
		switch {
		case row.Pass == nil:
			untold++
		case !*row.Pass:
			missed++
		}
	}
	fmt.Fprintf(&page, "\n%d of %d budgets met, %d missed, %d cannot be told. It took %.0f seconds. Compare ratios, not figures: machines differ.\n",
		len(r.Rows)-missed-untold, len(r.Rows), missed, untold, r.Seconds)
	_, err := io.WriteString(w, page.String())
	return err
}

// text is a row as two or three lines: the words, the figures, the note.
func (r Row) text() string {
	words := r.What
	if r.Yardstick.Name != "" {
		words += ", beside: " + r.Yardstick.Name
	}
	text := "\n" + tableIndent(strconv.Itoa(r.Row)) + words + "\n"
	ratio := ""
	if r.Ratio > 0 {
		ratio = number(r.Ratio) + " ×"
	}
	text += tableLine("", r.Figure.text(), r.Yardstick.text(), ratio, r.Budget.text(), r.verdict())
	if r.Note != "" {
		text += tableIndent("") + r.Note + "\n"
	}
	return text
}

func (r Row) verdict() string {
	switch {
	case r.Pass == nil:
		return "–"
	case *r.Pass:
		return "met"
	}
	return "MISSED"
}

// The widths of the table's columns, the last of which is open.
var tableWidths = []int{5, 38, 38, 10, 24}

func tableIndent(first string) string { return padded(first, tableWidths[0]) }

func tableLine(cells ...string) string {
	var line strings.Builder
	for i, cell := range cells {
		if i < len(tableWidths) {
			cell = padded(cell, tableWidths[i])
		}
		line.WriteString(cell)
	}
	return strings.TrimRight(line.String(), " ") + "\n"
}

func padded(text string, width int) string {
	return text + strings.Repeat(" ", max(1, width-utf8.RuneCountInString(text)))
}

func (m Measure) text() string {
	if m.Unit == "" {
		return "–"
	}
	text := number(m.Value) + " " + m.Unit
	if m.Low != m.High {
		text += " (" + number(m.Low) + " to " + number(m.High) + ")"
	}
	return text
}

func (b Budget) text() string {
	text := string(b.Side) + " " + number(b.Limit)
	switch b.Of {
	case OfFigure:
		return text + " " + b.Unit
	case OfInverseRatio:
		return text + " × less"
	}
	return text + " ×"
}

// number writes three figures, more where there are more before the point, and millions as M.
func number(n float64) string {
	switch {
	case n >= 1e6:
		return number(n/1e6) + " M"
	case n >= 100:
		return thousands(strconv.FormatFloat(n, 'f', 0, 64))
	case n >= 10:
		return trimmed(strconv.FormatFloat(n, 'f', 1, 64))
	case n >= 1:
		return trimmed(strconv.FormatFloat(n, 'f', 2, 64))
	}
	return trimmed(strconv.FormatFloat(n, 'f', 3, 64))
}

func trimmed(digits string) string { return strings.TrimSuffix(strings.TrimRight(digits, "0"), ".") }

func thousands(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
