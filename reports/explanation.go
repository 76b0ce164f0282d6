package reports

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"pcnledger/domain"
)

// Explanations writes trees as text: each figure with its formula in words and in numbers, what it was worked out of and
// where that stands, and below it, further in, the figures inside it. Width is in characters; 0 means 100.
func Explanations(w io.Writer, all []domain.Explanation, width int) error {
	if width <= 0 {
		width = defaultWidth
	}
	var page strings.Builder
	for i, x := range all {
		if i > 0 {
			page.WriteString("\n")
		}
		writeExplanation(&page, x, 0, width)
	}
	_, err := io.WriteString(w, page.String())
	return err
}

// narrowestTree is how narrow a tree becomes however deep it is.
const narrowestTree = 40

func writeExplanation(page *strings.Builder, x domain.Explanation, depth, width int) {
	write := func(more int, mark, words string) {
		margin := strings.Repeat("  ", depth+more)
		for i, line := range wrap(printable(words), max(width-len(margin)-len(mark), narrowestTree)) {
			if i > 0 {
				mark = strings.Repeat(" ", len(mark))
			}
			fmt.Fprintf(page, "%s%s%s\n", margin, mark, line)
		}
	}
	write(0, "", x.Figure+": "+x.Value)
	if x.Recorded != "" {
		write(1, "! ", "THE EVENT HOLDS ANOTHER FIGURE: "+x.Recorded)
	}
	if x.Numbers != "" {
		write(1, "= ", x.Numbers)
	}
	if x.Formula != "" {
		write(1, "  ", "("+x.Formula+")")
	}
	for _, in := range x.Inputs {
		write(1, "- ", inputWords(in))
	}
	for _, note := range x.Notes {
		write(1, "* ", note)
	}
	for _, part := range x.Parts {
		writeExplanation(page, part, depth+1, width)
	}
}

// inputWords is a fact and where it stands: rate CORE_PCN of 2021-22: £1.50 a patient [event 12; primary; the card's source].
func inputWords(in domain.Input) string {
	words := in.Name + ": " + in.Value
	var where []string
	add := func(text string) {
		if text != "" {
			where = append(where, text)
		}
	}
	if in.Event != 0 {
		add("event " + strconv.FormatInt(in.Event, 10))
	}
	add(string(in.Standing))
	add(in.Source)
	if in.Document != "" {
		add("relied on: " + in.Document)
	}
	if in.File != "" {
		add("file " + in.File)
	}
	if in.SHA256 != "" {
		add("SHA-256 " + in.SHA256)
	}
	add(in.Note)
	if len(where) > 0 {
		words += " [" + strings.Join(where, "; ") + "]"
	}
	return words
}

// Sentences writes the arithmetic of each figure in one sentence, as statements print it.
func Sentences(w io.Writer, all []domain.Explanation) error {
	for _, x := range all {
		if _, err := fmt.Fprintln(w, printable(x.Numbers)); err != nil {
			return err
		}
	}
	return nil
}
