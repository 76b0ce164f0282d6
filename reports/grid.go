package reports

import (
	"fmt"
	"strings"
)

// A grid is a table as text, to be laid out in a given width.
type grid struct {
	header []string
	rows   [][]string
	totals [][]string
	kinds  []Kind
}

const (
	gap          = "  " // between columns
	leastWords   = 14   // the narrowest that a column of words is made, unless all its words are shorter
	blankInWords = "-"  // for a blank cell where its place would be lost
)

func newGrid(t Table) grid {
	var g grid
	for _, c := range t.Columns {
		g.header = append(g.header, printable(c.Name))
		g.kinds = append(g.kinds, c.Kind)
	}
	for _, row := range t.Rows {
		g.rows = append(g.rows, textRow(row))
	}
	for _, row := range t.Totals {
		g.totals = append(g.totals, textRow(row))
	}
	return g
}

func textRow(cells []Cell) []string {
	row := make([]string, len(cells))
	for i, cell := range cells {
		row[i] = textCell(cell)
	}
	return row
}

// write chooses the first layout that fits.
func (g grid) write(page *strings.Builder, most int) {
	if widths, fits := g.fit(most); fits {
		g.writeColumns(page, widths)
		return
	}
	words, figures := g.split()
	if widths, fits := figures.fit(most); fits && len(figures.kinds) > 0 {
		writeStacked(page, words, figures, widths, most)
		return
	}
	g.writeLists(page, most)
}

// wrapped says whether a column's cells may be broken into lines.
func (k Kind) wrapped() bool { return k == KindText || k == KindOrganisation }

// aligned puts a cell to the right if its kind is counted.
func (k Kind) aligned(s string, to int) string {
	space := strings.Repeat(" ", to-width(s))
	if k == KindMoney || k == KindCount || k == KindNumber {
		return space + s
	}
	return s + space
}

// fit returns a width for each column, or false if they do not fit. Figures keep their width, and their names are broken
// between words; columns of words share what is left, none wider than it needs.
func (g grid) fit(most int) (widths []int, fits bool) {
	widths = make([]int, len(g.kinds))
	left := most - len(gap)*(len(g.kinds)-1)
	var shrinking []int
	for i, kind := range g.kinds {
		widths[i] = g.widest(i)
		if kind.wrapped() {
			widths[i] = max(widths[i], width(g.header[i]))
			shrinking = append(shrinking, i)
			continue
		}
		left -= widths[i]
	}
	return widths, shrink(widths, shrinking, left)
}

// widest is the width of a column's widest cell, or of the longest word of its name.
func (g grid) widest(column int) int {
	widest := 0
	for _, word := range strings.Fields(g.header[column]) {
		widest = max(widest, width(word))
	}
	for _, rows := range [][][]string{g.rows, g.totals} {
		for _, row := range rows {
			widest = max(widest, width(row[column]))
		}
	}
	return widest
}

// shrink narrows the widest of some columns, one character at a time, until together they take no more than is left.
func shrink(widths, columns []int, left int) bool {
	for {
		sum, widest := 0, -1
		for _, i := range columns {
			sum += widths[i]
			if widest < 0 || widths[i] > widths[widest] {
				widest = i
			}
		}
		if sum <= left {
			return true
		}
		if widest < 0 || widths[widest] <= leastWords {
			return false
		}
		widths[widest]--
	}
}

func (g grid) writeColumns(page *strings.Builder, widths []int) {
	g.writeRow(page, g.header, widths)
	g.writeRule(page, widths)
	for _, row := range g.rows {
		g.writeRow(page, row, widths)
	}
	if len(g.totals) > 0 {
		g.writeRule(page, widths)
	}
	for _, row := range g.totals {
		g.writeRow(page, row, widths)
	}
}

func (g grid) writeRule(page *strings.Builder, widths []int) {
	rules := make([]string, len(widths))
	for i, w := range widths {
		rules[i] = strings.Repeat("-", w)
	}
	writeLines(page, "", []string{strings.Join(rules, gap)})
}

// writeRow writes as many lines as the row's tallest cell has.
func (g grid) writeRow(page *strings.Builder, row []string, widths []int) {
	cells := make([][]string, len(row))
	height := 0
	for i, cell := range row {
		cells[i] = wrap(cell, widths[i])
		height = max(height, len(cells[i]))
	}
	for n := range height {
		line := make([]string, len(cells))
		for i, lines := range cells {
			if n < len(lines) {
				line[i] = lines[n]
			}
			line[i] = g.kinds[i].aligned(line[i], widths[i])
		}
		writeLines(page, "", []string{strings.Join(line, gap)})
	}
}

// split parts money from everything else.
func (g grid) split() (words, figures grid) {
	for i, kind := range g.kinds {
		to := &words
		if kind == KindMoney {
			to = &figures
		}
		to.kinds = append(to.kinds, kind)
		to.header = append(to.header, g.header[i])
		to.rows = appendColumn(to.rows, g.rows, i)
		to.totals = appendColumn(to.totals, g.totals, i)
	}
	return words, figures
}

func appendColumn(to, from [][]string, column int) [][]string {
	if to == nil {
		to = make([][]string, len(from))
	}
	for n, row := range from {
		to[n] = append(to[n], row[column])
	}
	return to
}

// writeStacked puts each row's words on a line of their own, above its figures.
func writeStacked(page *strings.Builder, words, figures grid, widths []int, most int) {
	writeLines(page, "", wrap(strings.Join(words.header, " | "), most))
	figures.writeRow(page, figures.header, widths)
	figures.writeRule(page, widths)
	for n, row := range figures.rows {
		writeLines(page, "", wrap(joined(words.rows[n]), most))
		figures.writeRow(page, row, widths)
	}
	if len(figures.totals) > 0 {
		figures.writeRule(page, widths)
	}
	for n, row := range figures.totals {
		writeLines(page, "", wrap(strings.Trim(joined(words.totals[n]), " |-"), most))
		figures.writeRow(page, row, widths)
	}
}

func joined(row []string) string {
	words := make([]string, len(row))
	for i, cell := range row {
		words[i] = cell
		if cell == "" {
			words[i] = blankInWords
		}
	}
	return strings.Join(words, " | ")
}

// writeLists writes each row as a list of names and values.
func (g grid) writeLists(page *strings.Builder, most int) {
	names := 0
	for _, name := range g.header {
		names = max(names, width(name))
	}
	for n, row := range append(g.rows[:len(g.rows):len(g.rows)], g.totals...) {
		if n > 0 {
			page.WriteString("\n")
		}
		g.writeList(page, row, names, max(most-names-len(gap), leastWords))
	}
}

func (g grid) writeList(page *strings.Builder, row []string, names, most int) {
	figures := 0
	for i, cell := range row {
		if g.kinds[i] == KindMoney {
			figures = max(figures, width(cell))
		}
	}
	for i, cell := range row {
		if cell == "" {
			continue
		}
		if g.kinds[i] == KindMoney {
			cell = g.kinds[i].aligned(cell, figures)
		}
		lines := []string{cell}
		if g.kinds[i].wrapped() {
			lines = wrap(cell, most)
		}
		writeLines(page, fmt.Sprintf("%-*s%s", names, g.header[i], gap), lines[:1])
		writeLines(page, strings.Repeat(" ", names)+gap, lines[1:])
	}
}
