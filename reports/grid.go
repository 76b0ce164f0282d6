package reports

import "strings"

// A grid is a table as text, to be laid out in a given width.
type grid struct {
	columns []gridColumn
	rows    int
	totals  int
}

// A gridColumn has a cell for each row, and then one for each row of totals.
type gridColumn struct {
	name  string
	kind  Kind
	cells []string
}

const (
	gap    = "  "   // between columns
	indent = "    " // of figures below their words
	blank  = "-"    // for a blank cell whose place would be lost

	leastWidth  = 12 // no column of words is made narrower than this, unless all its words are shorter
	longestWord = 17 // and none breaks a word that is no longer than this
)

func newGrid(t Table) grid {
	g := grid{rows: len(t.Rows), totals: len(t.Totals)}
	for i, c := range t.Columns {
		column := gridColumn{name: printable(c.Name), kind: c.Kind}
		for _, row := range t.Rows {
			column.cells = append(column.cells, textCell(row[i]))
		}
		for _, row := range t.Totals {
			column.cells = append(column.cells, textCell(row[i]))
		}
		g.columns = append(g.columns, column)
	}
	for n, cell := range g.columns[0].cells {
		if cell == "" {
			g.columns[0].cells[n] = blank // a row begins with something
		}
	}
	return g
}

// write chooses the first layout that fits.
func (g grid) write(page *strings.Builder, most int) {
	widths, fits := g.fit(most)
	for !fits {
		same := g.same()
		if same < 0 {
			break
		}
		writeLines(page, "", wrap(g.columns[same].name+" of every line: "+g.columns[same].cells[0], most))
		g.drop(same)
		widths, fits = g.fit(most)
	}
	words, figures := g.split()
	figureWidths, figuresFit := figures.fit(most - len(indent))
	switch {
	case fits:
		g.writeColumns(page, widths)
	case figuresFit && len(figures.columns) > 0 && g.rows > 1:
		writeStacked(page, words, figures, figureWidths, most)
	default:
		g.writeLists(page, most)
	}
}

// wrapped says whether a column's cells may be broken into lines.
func (k Kind) wrapped() bool { return k == KindText || k == KindOrganisation }

// aligned fills a cell up to a width, at the left for what is counted.
func (k Kind) aligned(s string, to int) string {
	space := strings.Repeat(" ", max(0, to-width(s)))
	if k == KindMoney || k == KindCount || k == KindNumber {
		return space + s
	}
	return s + space
}

// same returns the first column of words that says the same in every row of several, or -1. One other column of words
// has to stay.
func (g grid) same() int {
	found, words := -1, 0
	for i, c := range g.columns {
		if !c.kind.wrapped() {
			continue
		}
		words++
		if found < 0 && c.repeats(g.rows) {
			found = i
		}
	}
	if words < 2 {
		return -1
	}
	return found
}

func (c gridColumn) repeats(rows int) bool {
	for _, cell := range c.cells[:rows] {
		if cell != c.cells[0] {
			return false
		}
	}
	return rows > 1 && c.cells[0] != ""
}

// drop removes a column. The words that head the totals stay in the first column.
func (g *grid) drop(column int) {
	dropped := g.columns[column]
	g.columns = append(g.columns[:column:column], g.columns[column+1:]...)
	for n := g.rows; column == 0 && n < g.rows+g.totals; n++ {
		if g.columns[0].cells[n] == "" {
			g.columns[0].cells[n] = dropped.cells[n]
		}
	}
}

// fit returns a width for each column, or false if they do not fit. Figures keep their width, and their names are broken
// between words; columns of words share what is left, none wider than it needs.
func (g grid) fit(most int) (widths []int, fits bool) {
	left := most - len(gap)*(len(g.columns)-1)
	var least []int
	for _, c := range g.columns {
		most, narrowest := c.width()
		widths, least = append(widths, most), append(least, narrowest)
		left -= most
	}
	for left < 0 {
		widest := -1
		for i := range widths {
			if widths[i] > least[i] && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return nil, false
		}
		widths[widest]--
		left++
	}
	return widths, true
}

// width returns how wide a column wants to be, and how narrow it can be.
func (c gridColumn) width() (wanted, least int) {
	word := 0
	for _, cell := range append([]string{c.name}, c.cells...) {
		for _, w := range strings.Fields(cell) {
			word = max(word, min(width(w), longestWord))
		}
	}
	for _, cell := range c.cells {
		wanted = max(wanted, width(cell))
	}
	if !c.kind.wrapped() {
		wanted = max(wanted, longestIn(c.name))
		return wanted, wanted
	}
	wanted = max(wanted, width(c.name))
	return wanted, min(wanted, max(leastWidth, word))
}

func longestIn(words string) int {
	longest := 0
	for _, w := range strings.Fields(words) {
		longest = max(longest, width(w))
	}
	return longest
}

func (g grid) writeColumns(page *strings.Builder, widths []int) {
	g.writeHeader(page, "", widths)
	for n := range g.rows {
		row := g.row(n)
		if n > 0 && g.columns[0].kind == KindOrganisation && row[0] == g.row(n - 1)[0] {
			row[0] = "" // a name that repeats is said once
		}
		g.writeCells(page, "", row, widths)
	}
	g.writeRule(page, "", widths, g.totals > 0)
	for n := range g.totals {
		g.writeRow(page, "", g.rows+n, widths)
	}
}

func (g grid) writeHeader(page *strings.Builder, indent string, widths []int) {
	names := make([]string, len(g.columns))
	for i, c := range g.columns {
		names[i] = c.name
	}
	g.writeCells(page, indent, names, widths)
	g.writeRule(page, indent, widths, true)
}

func (g grid) writeRow(page *strings.Builder, indent string, n int, widths []int) {
	g.writeCells(page, indent, g.row(n), widths)
}

func (g grid) row(n int) []string {
	row := make([]string, len(g.columns))
	for i, c := range g.columns {
		row[i] = c.cells[n]
	}
	return row
}

func (g grid) writeRule(page *strings.Builder, indent string, widths []int, wanted bool) {
	if !wanted {
		return
	}
	rules := make([]string, len(widths))
	for i, w := range widths {
		rules[i] = strings.Repeat("-", w)
	}
	writeLines(page, indent, []string{strings.Join(rules, gap)})
}

// writeCells writes as many lines as the tallest cell has.
func (g grid) writeCells(page *strings.Builder, indent string, row []string, widths []int) {
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
			line[i] = g.columns[i].kind.aligned(line[i], widths[i])
		}
		writeLines(page, indent, []string{strings.Join(line, gap)})
	}
}

// split parts money from everything else.
func (g grid) split() (words, figures grid) {
	words, figures = grid{rows: g.rows, totals: g.totals}, grid{rows: g.rows, totals: g.totals}
	for _, c := range g.columns {
		if c.kind == KindMoney {
			figures.columns = append(figures.columns, c)
		} else {
			words.columns = append(words.columns, c)
		}
	}
	return words, figures
}

// writeStacked puts each row's words on a line of their own, above its figures.
func writeStacked(page *strings.Builder, words, figures grid, widths []int, most int) {
	names := make([]string, len(words.columns))
	for i, c := range words.columns {
		names[i] = c.name
	}
	writeLines(page, "", wrap(strings.Join(names, " | "), most))
	figures.writeHeader(page, indent, widths)
	for n := range figures.rows {
		lines := wrap(words.joined(n), most-len(gap))
		writeLines(page, "", lines[:1])
		writeLines(page, gap, lines[1:])
		figures.writeRow(page, indent, n, widths)
	}
	figures.writeRule(page, indent, widths, figures.totals > 0)
	for n := range figures.totals {
		writeLines(page, "", wrap(strings.Trim(words.joined(words.rows+n), " |"+blank), most))
		figures.writeRow(page, indent, figures.rows+n, widths)
	}
}

// joined is a row in one line; a blank cell keeps its place.
func (g grid) joined(n int) string {
	row := g.row(n)
	for i := range row {
		if row[i] == "" {
			row[i] = blank
		}
	}
	return strings.Join(row, " | ")
}

// writeLists writes each row as a list of names and values.
func (g grid) writeLists(page *strings.Builder, most int) {
	names := 0
	for _, c := range g.columns {
		names = max(names, width(c.name))
	}
	for n := range g.rows + g.totals {
		if n > 0 {
			page.WriteString("\n")
		}
		g.writeList(page, n, names, max(most-names-len(gap), longestWord))
	}
}

func (g grid) writeList(page *strings.Builder, n, names, most int) {
	figures := 0
	for _, c := range g.columns {
		if c.kind == KindMoney {
			figures = max(figures, width(c.cells[n]))
		}
	}
	for _, c := range g.columns {
		if c.cells[n] == "" {
			continue
		}
		lines := []string{c.cells[n]}
		if c.kind == KindMoney {
			lines[0] = c.kind.aligned(lines[0], figures)
		} else if c.kind.wrapped() {
			lines = wrap(lines[0], most)
		}
		writeLines(page, KindText.aligned(c.name, names)+gap, lines[:1])
		writeLines(page, KindText.aligned("", names)+gap, lines[1:])
	}
}
