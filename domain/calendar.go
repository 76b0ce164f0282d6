package domain

import (
	"fmt"
	"regexp"
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

// parts are the date's year, month and day. Every decision asks for them many times, so they are read digit by digit.
func (d Date) parts() (year, month, day int) {
	if len(d) != len(time.DateOnly) {
		panic(fmt.Sprintf("date %q was never parsed", string(d)))
	}
	return digits(d[:4]), digits(d[5:7]), digits(d[8:])
}

func digits[T ~string](text T) (n int) {
	for i := range len(text) {
		n = 10*n + int(text[i]-'0')
	}
	return n
}

// dateOf writes a date.
func dateOf(year, month, day int) Date {
	return Date([]byte{
		digit(year / 1000), digit(year / 100), digit(year / 10), digit(year), '-', digit(month / 10), digit(month), '-', digit(day / 10), digit(day),
	})
}

// digit is the last digit of a number.
func digit(n int) byte { return '0' + byte(n%10) }

// daysBetween is how many days a date is later than another.
func daysBetween(from, to Date) int64 { return to.number() - from.number() }

// number counts days from one that is long past. Years are counted from 1 March, so that a leap day is the last of its year
// and a month's first day is the same day of each.
func (d Date) number() int64 {
	year, month, day := d.parts()
	if month < 3 {
		year, month = year-1, month+12
	}
	return int64(365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day)
}

// daysInMonth is how many days a calendar month has.
func daysInMonth(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
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
	start, month, _ := d.parts()
	if month < 4 {
		start--
	}
	return yearFrom(start)
}

// yearFrom is the financial year that begins in a calendar year.
func yearFrom(start int) Year {
	return Year([]byte{digit(start / 1000), digit(start / 100), digit(start / 10), digit(start), '-', digit((start + 1) / 10), digit(start + 1)})
}

// First returns 1 April of the year.
func (y Year) First() Date { return dateOf(y.start(), 4, 1) }

// Last returns 31 March of the year.
func (y Year) Last() Date { return dateOf(y.start()+1, 3, 31) }

func (y Year) start() int { return digits(y[:4]) }

// Months returns the months of the year, April first.
func (y Year) Months() []Service {
	months := make([]Service, 12)
	for i := range months {
		months[i] = y.month(i + 1)
	}
	return months
}

// month writes a month of the year, of which April is the first, or the thirteenth of the accounts.
func (y Year) month(n int) Service {
	return Service(y) + "/M" + Service([]byte{digit(n / 10), digit(n)})
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
	year, month := s.month()
	return dateOf(year, month, 1)
}

// Last returns the last day of the service.
func (s Service) Last() Date {
	if s == s.WholeYear() {
		return s.Year().Last()
	}
	year, month := s.month()
	return dateOf(year, month, daysInMonth(year, month))
}

// month is the calendar month of a service that is one.
func (s Service) month() (year, month int) {
	year, month = s.Year().start(), digits(s[9:])+3
	if month > 12 {
		year, month = year+1, month-12
	}
	return year, month
}

// days is how many days a month has.
func (s Service) days() int64 {
	year, month := s.month()
	return int64(daysInMonth(year, month))
}

// monthOf returns the month that holds a date.
func monthOf(d Date) Service {
	_, month, _ := d.parts()
	return YearOf(d).month((month+8)%12 + 1)
}
