package reports

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"pcnledger/domain"
)

// TextOptions say how a report is set as text.
type TextOptions struct {
	Width  int  // in characters; 0 means 100
	Detail bool // write long tables in full instead of counting their lines
}

const defaultWidth = 100

// Text writes a report for a terminal or for paper: no colour, money as £600,000.00, dates as 15 January 2019. A
// table that is too wide has its words wrapped. If that does not do, a word that is the same in every row is said once,
// above the table; then words stand on one line and money on the next; and if even the money is too wide, or there is only
// one row, each row becomes a list. The illustration is never broken, so that it can be looked for.
func Text(w io.Writer, r Report, o TextOptions) error {
	if o.Width <= 0 {
		o.Width = defaultWidth
	}
	var page strings.Builder
	if r.Heading.Illustration != "" {
		fmt.Fprintf(&page, "%s\n\n", r.Heading.Illustration)
	}
	page.WriteString(underlined(r.Title, '='))
	writeFacts(&page, r.Heading, o.Width)
	for _, t := range r.Tables {
		page.WriteString("\n" + underlined(t.Title, '-'))
		writeTable(&page, t, o)
	}
	if len(r.Closing) > 0 {
		page.WriteString("\n")
	}
	for _, sentence := range r.Closing {
		writeLines(&page, "", wrap(printable(sentence), o.Width))
	}
	_, err := io.WriteString(w, page.String())
	return err
}

func writeFacts(page *strings.Builder, h Heading, width int) {
	const indent = 14
	for _, fact := range h.facts() {
		words := printable(strings.Join(fact.words, ", "))
		if words == "" {
			continue
		}
		for i, line := range wrap(words, max(width-indent, 20)) {
			name := ""
			if i == 0 {
				name = fact.name
			}
			fmt.Fprintf(page, "%-*s%s\n", indent, name, line)
		}
	}
}

func writeTable(page *strings.Builder, t Table, o TextOptions) {
	switch {
	case len(t.Rows) == 0:
		writeLines(page, "", wrap(printable(t.Empty), o.Width))
	case t.Instead != "":
		writeLines(page, "", wrap(printable(fmt.Sprintf("%s: %s, or see the CSV or JSON form", counting(len(t.Rows), "line"), t.Instead)), o.Width))
	case t.Detail && !o.Detail:
		fmt.Fprintf(page, "%s: add --detail, or see the CSV or JSON form\n", counting(len(t.Rows), "line"))
	default:
		newGrid(t).write(page, o.Width)
	}
}

func counting(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

func underlined(title string, with rune) string {
	title = printable(title)
	return title + "\n" + strings.Repeat(string(with), width(title)) + "\n"
}

func writeLines(page *strings.Builder, indent string, lines []string) {
	for _, line := range lines {
		page.WriteString(strings.TrimRight(indent+line, " ") + "\n")
	}
}

// textCell prints a cell as people read it.
func textCell(c Cell) string {
	switch c := c.(type) {
	case nil:
		return ""
	case Money:
		return domain.Pence(c).String()
	case Count:
		return grouped(int64(c))
	case Number:
		return strconv.FormatInt(int64(c), 10)
	case Date:
		return domain.Date(c).String()
	case Organisation:
		return printable(c.String())
	case Words:
		return printable(string(c))
	}
	panic("a kind of cell that text does not know")
}

// grouped prints 763,959.
func grouped(n int64) string {
	pounds := domain.Pence(n * 100).String() // £763,959.00
	return strings.Replace(strings.TrimSuffix(pounds, ".00"), "£", "", 1)
}
