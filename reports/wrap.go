package reports

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// width counts characters. Names of English organisations have none that is wider than one column.
func width(s string) int { return utf8.RuneCountInString(s) }

// printable makes one line of a text, and leaves out what a terminal would obey instead of showing it.
func printable(s string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsGraphic(r):
			return r
		}
		return -1
	}, s)
	return strings.Join(strings.Fields(clean), " ")
}

// wrap breaks a text between words into lines of at most that width. A longer word is broken. There is always a line.
func wrap(s string, most int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(s) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case width(*last)+1+width(word) <= most:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
		lines = broken(lines, most)
	}
	return lines
}

// broken breaks the last line for as long as it is too wide, after a mark that joins words where there is one.
func broken(lines []string, most int) []string {
	for width(lines[len(lines)-1]) > most {
		long := []rune(lines[len(lines)-1])
		cut := most
		if mark := strings.LastIndexAny(string(long[:most]), "-:/"); mark > 0 {
			cut = utf8.RuneCountInString(string(long[:most])[:mark+1])
		}
		lines[len(lines)-1] = string(long[:cut])
		lines = append(lines, string(long[cut:]))
	}
	return lines
}
