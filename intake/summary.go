package intake

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"pcnledger/domain"
)

// A Summary is what a dry run shows of a file.
type Summary struct {
	Form       string        // the form it was recognised as
	Practices  int           // different practices in the file
	Registered int           // of them, those the ledger does not know and will
	Renamed    int           // those it knows by another name and will know by the file's
	Lists      []ListSummary // one per RecordListSizes, the earliest first
	LeftOut    []LeftOut     // rows that are no practice's whole list
	Unread     []string      // columns that are not read
	Warnings   []string      // what is recorded as it stands and may be wrong
}

// A ListSummary is the figures of one list. At and Average are given as in [domain.RecordListSizes]; StandsFor is zero
// where it is At.
type ListSummary struct {
	At        domain.Date
	Average   domain.Year
	StandsFor domain.Date

	Practices int
	Patients  int64 // of all practices

	Networks            int // networks that the file names; 0 where it has no column for them
	Unallocated         int // practices that it says are in none
	UnallocatedPatients int64
}

// LeftOut says how many rows were left out for one reason.
type LeftOut struct {
	Reason string
	Rows   int
}

// leftOut puts the rows left out in the order of their reasons.
func leftOut(rows map[string]int) (all []LeftOut) {
	for _, reason := range slices.Sorted(maps.Keys(rows)) {
		all = append(all, LeftOut{reason, rows[reason]})
	}
	return all
}

// add takes up a list, and warns of practices in no network.
func (s *Summary) add(l *list) {
	s.Lists = append(s.Lists, l.ListSummary)
	if l.Unallocated > 0 {
		s.Warnings = append(s.Warnings, fmt.Sprintf("in no network %s: %s with %s; the lists are recorded all the same",
			l.inWords(), counted(int64(l.Unallocated), "practice"), counted(l.UnallocatedPatients, "patient")))
	}
}

// when says when a list was counted, as a title does: 1 January 2021, or 2019/20.
func (l ListSummary) when() string {
	if l.Average != "" {
		return strings.Replace(string(l.Average), "-", "/", 1)
	}
	return l.At.String()
}

// inWords says when a list was counted, within a sentence.
func (l ListSummary) inWords() string {
	if l.Average != "" {
		return "in " + l.when()
	}
	return "on " + l.when()
}

// String returns the summary as lines of text.
func (s Summary) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Recognised as: %s\n", s.Form)
	for _, l := range s.Lists {
		fmt.Fprintf(&b, "%s: %s", l.title(), counted(int64(l.Practices), "practice"))
		if l.Networks > 0 {
			fmt.Fprintf(&b, ", %s", counted(int64(l.Networks), "network"))
		}
		fmt.Fprintf(&b, ", %s\n", counted(l.Patients, "patient"))
		if l.Networks > 0 && l.Unallocated > 0 {
			fmt.Fprintf(&b, "  in networks: %s, %s\n", counted(int64(l.Practices-l.Unallocated), "practice"),
				counted(l.Patients-l.UnallocatedPatients, "patient"))
		}
	}
	fmt.Fprintf(&b, "To register: %s", counted(int64(s.Registered), "practice"))
	if s.Renamed > 0 {
		fmt.Fprintf(&b, ", and %s by a new name", counted(int64(s.Renamed), "practice"))
	}
	b.WriteString("\n")
	for _, l := range s.LeftOut {
		fmt.Fprintf(&b, "Left out: %s (%s)\n", counted(int64(l.Rows), "row"), l.Reason)
	}
	if len(s.Unread) > 0 {
		fmt.Fprintf(&b, "Columns not read: %s\n", strings.Join(s.Unread, ", "))
	}
	for _, w := range s.Warnings {
		fmt.Fprintf(&b, "Please note: %s\n", w)
	}
	return b.String()
}

// title heads a list.
func (l ListSummary) title() string {
	title := "List of " + l.when()
	if l.Average != "" {
		title = "Average list of " + l.when()
	}
	if l.StandsFor != "" && l.StandsFor != l.At {
		title += ", used for " + l.StandsFor.String()
	}
	return title
}

// counted says how many of something there are: 1 practice, 1,250 patients.
func counted(n int64, noun string) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	if n != 1 {
		noun += "s"
	}
	return digits + " " + noun
}
