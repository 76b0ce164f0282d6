package domain

import (
	"fmt"
	"regexp"
	"strconv"
	"sync"
	"time"
	_ "time/tzdata" // the rules of Europe/London travel with the program
)

// A Date is a civil date in London, written 2019-01-15. The zero Date is no date. Dates compare with < and >.
type Date string

// london is the zone in which days, months and financial years begin and end.
var london = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		panic("the embedded time zones lack Europe/London: " + err.Error())
	}
	return zone
})

// DateIn returns the London date of an instant: 00:30 BST on 1 April is 31 March in UTC, and 1 April here.
func DateIn(instant time.Time) Date { return Date(instant.In(london()).Format(time.DateOnly)) }

// firstDay is the first day that is taken for a date: the first of the earliest financial year that can be written.
const firstDay Date = "1900-04-01"

// ParseDate reads 2019-01-15.
func ParseDate(text string) (Date, error) {
	if _, err := time.Parse(time.DateOnly, text); err != nil || Date(text) < firstDay {
		return "", fmt.Errorf("%q is not a date: write 2019-01-15 for 15 January 2019", text)
	}
	return Date(text), nil
}

// UnmarshalText reads a date as [ParseDate] does.
func (d *Date) UnmarshalText(text []byte) (err error) { *d, err = ParseDate(string(text)); return err }

// String prints a date as people read it: 15 January 2019. The zero Date prints as nothing.
func (d Date) String() string {
	if d == "" {
		return ""
	}
	return d.time().Format("2 January 2006")
}

// AddDays returns the date n days later.
func (d Date) AddDays(n int) Date { return Date(d.time().AddDate(0, 0, n).Format(time.DateOnly)) }

func (d Date) time() time.Time {
	day, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		panic(fmt.Sprintf("date %q was never parsed", string(d)))
	}
	return day
}

// A Year is a financial year, 1 April to 31 March, written 2018-19.
type Year string

var yearForm = regexp.MustCompile(`^(19|20)\d\d-\d\d$`)

// ParseYear reads 2018-19.
func ParseYear(text string) (Year, error) {
	y := Year(text)
	if !yearForm.MatchString(text) || text[5:] != fmt.Sprintf("%02d", (y.start()+1)%100) {
		return "", fmt.Errorf("%q is not a financial year: write 2018-19 for April 2018 to March 2019", text)
	}
	return y, nil
}

// UnmarshalText reads a year as [ParseYear] does.
func (y *Year) UnmarshalText(text []byte) (err error) { *y, err = ParseYear(string(text)); return err }

// YearOf returns the financial year that holds a date.
func YearOf(d Date) Year {
	day := d.time()
	start := day.Year()
	if day.Month() < time.April {
		start--
	}
	return Year(fmt.Sprintf("%d-%02d", start, (start+1)%100))
}

// First returns 1 April of the year.
func (y Year) First() Date { return Date(fmt.Sprintf("%d-04-01", y.start())) }

// Last returns 31 March of the year.
func (y Year) Last() Date { return Date(fmt.Sprintf("%d-03-31", y.start()+1)) }

func (y Year) start() int {
	n, _ := strconv.Atoi(string(y[:4]))
	return n
}

// A Service is the time that money is for, when the service was given: a whole year (2018-19) or one month of it
// (2018-19/M04).
type Service string

var serviceForm = regexp.MustCompile(`^(\d{4}-\d\d)(/M(0[1-9]|1[0-2]))?$`)

// ParseService reads 2018-19 or 2018-19/M04.
func ParseService(text string) (Service, error) {
	parts := serviceForm.FindStringSubmatch(text)
	if parts == nil {
		return "", fmt.Errorf("%q is no time of service: write 2018-19 for the year or 2018-19/M04 for July 2018", text)
	}
	if _, err := ParseYear(parts[1]); err != nil {
		return "", err
	}
	return Service(text), nil
}

// UnmarshalText reads a time of service as [ParseService] does.
func (s *Service) UnmarshalText(text []byte) (err error) {
	*s, err = ParseService(string(text))
	return err
}

// Year returns the financial year of the service.
func (s Service) Year() Year { return Year(s[:7]) }

// WholeYear returns the year of the service as a time of service.
func (s Service) WholeYear() Service { return s[:7] }

// First returns the first day of the service.
func (s Service) First() Date {
	if s == s.WholeYear() {
		return s.Year().First()
	}
	return Date(s.month().Format(time.DateOnly))
}

// Last returns the last day of the service.
func (s Service) Last() Date {
	if s == s.WholeYear() {
		return s.Year().Last()
	}
	return Date(s.month().AddDate(0, 1, -1).Format(time.DateOnly))
}

func (s Service) month() time.Time {
	n, _ := strconv.Atoi(string(s[9:]))
	return s.Year().First().time().AddDate(0, n-1, 0)
}
