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
	Form        string            // the form it was recognised as
	Practices   int               // different practices in the file
	Registered  int               // of them, those the ledger does not know and will
	Renamed     int               // those it knows by another name and will know by the file's
	Lists       []ListSummary     // one per RecordListSizes, the earliest first
	Memberships MembershipSummary // zero of a file of lists
	Facts       []string          // of other files: what they hold, in a line each
	Lines       []string          // and row by row, for a dry run
	LeftOut     []LeftOut         // rows that are no practice's whole list
	Unread      []string          // columns that are not read
	Warnings    []string          // what is recorded as it stands and may be wrong
}

// A ListSummary is the figures of one list. At and Average are given as in [domain.RecordListSizes]; StandsFor is zero
// where it is At.
type ListSummary struct {
	At         domain.Date
	Average    domain.Year
	StandsFor  domain.Date
	Population domain.Population // zero for registered patients

	Practices int
	Patients  int64 // of all practices

	Networks            int // networks that the file names; 0 where it has no column for them
	Unallocated         int // practices that it says are in none
	UnallocatedPatients int64
}

// A MembershipSummary is the figures of a file of memberships.
type MembershipSummary struct {
	Networks   int // different networks in the file
	Closed     int // of them, those that it says have closed
	Registered int // of them, those the ledger does not know and will
	Renamed    int // those it knows by another name and will know by the file's

	Open        int         // memberships that go on
	Ended       int         // those that have a last day
	First       domain.Date // the earliest first day
	Moved       int         // practices that have been in more than one network
	Unallocated int         // practices that the file says are in none
}

// add takes up the memberships of one practice, the earliest first.
func (s *MembershipSummary) add(chain []*membership) {
	if s.First == "" || chain[0].from < s.First {
		s.First = chain[0].from
	}
	moved := false
	for _, m := range chain {
		if m.to == "" {
			s.Open++
		} else {
			s.Ended++
		}
		moved = moved || m.network != chain[0].network
	}
	if moved {
		s.Moved++
	}
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
		l.write(&b)
	}
	if s.Memberships != (MembershipSummary{}) {
		s.Memberships.write(&b, s.Practices)
	}
	for _, fact := range s.Facts {
		fmt.Fprintln(&b, fact)
	}
	if s.Practices > 0 {
		s.writeRegistered(&b)
	}
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

// writeRegistered says whom the ledger will know, or know by another name.
func (s Summary) writeRegistered(b *strings.Builder) {
	var each []string
	if s.Memberships.Networks > 0 {
		each = append(each, counted(int64(s.Memberships.Registered), "network"))
	}
	each = append(each, counted(int64(s.Registered), "practice"))
	fmt.Fprintf(b, "To register: %s", strings.Join(each, ", "))
	each = nil
	if s.Memberships.Renamed > 0 {
		each = append(each, counted(int64(s.Memberships.Renamed), "network"))
	}
	if s.Renamed > 0 {
		each = append(each, counted(int64(s.Renamed), "practice"))
	}
	if len(each) > 0 {
		fmt.Fprintf(b, ", and %s by a new name", strings.Join(each, " and "))
	}
	b.WriteString("\n")
}

// write tells a list's figures.
func (l ListSummary) write(b *strings.Builder) {
	fmt.Fprintf(b, "%s: %s", l.title(), counted(int64(l.Practices), "practice"))
	if l.Networks > 0 {
		fmt.Fprintf(b, ", %s", counted(int64(l.Networks), "network"))
	}
	fmt.Fprintf(b, ", %s\n", counted(l.Patients, strings.TrimSpace(string(l.Population)+" patient")))
	if l.Networks > 0 && l.Unallocated > 0 {
		fmt.Fprintf(b, "  in networks: %s, %s\n", counted(int64(l.Practices-l.Unallocated), "practice"),
			counted(l.Patients-l.UnallocatedPatients, "patient"))
	}
}

// write tells the figures of memberships, with the number of practices in the file.
func (s MembershipSummary) write(b *strings.Builder, practices int) {
	fmt.Fprintf(b, "%s, the first from %s: %s open, %s ended\n", counted(int64(s.Open+s.Ended), "membership"), s.First,
		grouped(int64(s.Open)), grouped(int64(s.Ended)))
	fmt.Fprintf(b, "  %s", counted(int64(s.Networks), "network"))
	if s.Closed > 0 {
		fmt.Fprintf(b, ", %s of them closed", grouped(int64(s.Closed)))
	}
	fmt.Fprintf(b, "\n  %s", counted(int64(practices), "practice"))
	if s.Moved > 0 {
		fmt.Fprintf(b, ", %s of them in more than one network over time", grouped(int64(s.Moved)))
	}
	if s.Unallocated > 0 {
		fmt.Fprintf(b, ", %s in no network", grouped(int64(s.Unallocated)))
	}
	b.WriteString("\n")
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
	if n != 1 {
		noun += "s"
	}
	return grouped(n) + " " + noun
}

// grouped writes a number with a comma at each thousand.
func grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
