package intake

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pcnledger/domain"
)

// readPractice reads a practice's code. What stands there for a total, or for none, is no practice: an ODS code of a
// practice has digits, a word has none.
func readPractice(r row, column string) domain.Body {
	const remedy = "give the practice's own code, or take the row out"
	code := r.text(column)
	switch {
	case code == "":
		r.fault(column, "the practice's code is blank; a total is not a practice", remedy)
		return ""
	case noPCN(code):
		r.fault(column, quoted(code)+" is how files write \"no network\"; it is not a practice", remedy)
		return ""
	}
	body, err := domain.ParseBody(code)
	if err != nil {
		r.fault(column, quoted(code)+" is not a practice's code", "write it as the NHS does, for example K84036")
		return ""
	}
	if isWord(body) {
		r.fault(column, quoted(code)+" is not a practice's code, which has digits; a total is not a practice", remedy)
		return ""
	}
	return body
}

// isWord reports whether an ODS code has no digit, as those of practices and networks have: TOTAL, BANBURY.
func isWord(b domain.Body) bool {
	return strings.HasPrefix(string(b), "ods:") && !strings.ContainsAny(string(b), "0123456789")
}

// readNetwork reads a network's code, nobody for a practice in none.
func readNetwork(r row, column string) domain.Body {
	code := r.text(column)
	if noPCN(code) {
		return ""
	}
	body, err := domain.ParseBody(code)
	if err != nil || isWord(body) {
		r.fault(column, quoted(code)+" is not a network's code", "write it as the NHS does, for example U62251, or leave it blank for none")
		return ""
	}
	return body
}

// mostName is the longest name, in characters. Those published have at most 40 for a practice and 55 for a network; a
// whole paragraph in its place is a mistake.
const mostName = 200

// readName reads the name of a body of a kind, which may be blank, with single spaces.
func readName(r row, column string, of domain.Kind) string {
	name := oneLine(r.text(column))
	if utf8.RuneCountInString(name) > mostName || strings.ContainsFunc(name, unicode.IsControl) {
		r.fault(column, quoted(name)+" is not a name",
			fmt.Sprintf("write the %s's name with at most %d characters, all printable", of, mostName))
	}
	return name
}

// readDay reads a date in one of the layouts. What a spreadsheet makes of dates, 01/07/2026, is read only where the
// publisher writes it: elsewhere nobody could tell January from July.
func readDay(r row, column string, layouts ...string) domain.Date {
	text := r.text(column)
	for _, layout := range layouts {
		day, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		if date, err := domain.ParseDate(day.Format(time.DateOnly)); err == nil {
			return date
		}
	}
	reason := quoted(text) + " is not a date"
	if text == "" {
		reason = "the date is blank"
	}
	remedy := "write 2021-01-31 for 31 January 2021"
	if r.table.sheet != "" {
		remedy += ", as text: a workbook keeps its own dates as numbers"
	}
	r.fault(column, reason, remedy)
	return ""
}
