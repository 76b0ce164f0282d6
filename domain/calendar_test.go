package domain

import (
	"testing"
	"time"
)

func TestPeriodsOfTheFinancialYear(t *testing.T) {
	for _, d := range []struct {
		date   Date
		year   Year
		period Period
	}{
		{"2018-03-31", "2017-18", "2017-18/M12"},
		{"2018-04-01", "2018-19", "2018-19/M01"},
		{"2018-04-30", "2018-19", "2018-19/M01"},
		{"2018-05-01", "2018-19", "2018-19/M02"},
		{"2018-06-15", "2018-19", "2018-19/M03"},
		{"2018-07-01", "2018-19", "2018-19/M04"},
		{"2018-08-31", "2018-19", "2018-19/M05"},
		{"2018-09-30", "2018-19", "2018-19/M06"},
		{"2018-10-01", "2018-19", "2018-19/M07"},
		{"2018-11-30", "2018-19", "2018-19/M08"},
		{"2018-12-31", "2018-19", "2018-19/M09"},
		{"2019-01-01", "2018-19", "2018-19/M10"},
		{"2019-02-28", "2018-19", "2018-19/M11"},
		{"2020-02-29", "2019-20", "2019-20/M11"},
		{"2019-03-31", "2018-19", "2018-19/M12"},
		{"2019-04-01", "2019-20", "2019-20/M01"},
		{"1999-12-31", "1999-00", "1999-00/M09"},
		{"2000-04-01", "2000-01", "2000-01/M01"},
	} {
		if got := YearOf(d.date); got != d.year {
			t.Errorf("%s is in %s, want %s", d.date, got, d.year)
		}
		got := PeriodOf(d.date)
		if got != d.period {
			t.Errorf("%s is in %s, want %s", d.date, got, d.period)
		}
		if first := got.First(); first > d.date || PeriodOf(first) != got || PeriodOf(first.AddDays(-1)) == got {
			t.Errorf("%s begins on %s", got, first)
		}
	}
}

func TestYearsBeginAndEnd(t *testing.T) {
	for _, y := range []struct {
		year        Year
		first, last Date
	}{{"2018-19", "2018-04-01", "2019-03-31"}, {"1999-00", "1999-04-01", "2000-03-31"}, {"2099-00", "2099-04-01", "2100-03-31"}} {
		if read, err := ParseYear(string(y.year)); err != nil || read != y.year {
			t.Errorf("%s reads as %s, %v", y.year, read, err)
		}
		if y.year.First() != y.first || y.year.Last() != y.last {
			t.Errorf("%s runs from %s to %s, want %s to %s", y.year, y.year.First(), y.year.Last(), y.first, y.last)
		}
	}
	for _, text := range []string{"", "2018", "2018/19", "2018-2019", "2018-20", "2018-18", "18-19", "2018-19 ", "1899-00", "2100-01", "2018-1x"} {
		if y, err := ParseYear(text); err == nil {
			t.Errorf("%q is taken for the year %s", text, y)
		}
	}
}

func TestServicesBeginAndEnd(t *testing.T) {
	for _, s := range []struct {
		service     Service
		first, last Date
	}{
		{"2018-19", "2018-04-01", "2019-03-31"},
		{"2018-19/M01", "2018-04-01", "2018-04-30"},
		{"2018-19/M04", "2018-07-01", "2018-07-31"},
		{"2018-19/M09", "2018-12-01", "2018-12-31"},
		{"2018-19/M10", "2019-01-01", "2019-01-31"},
		{"2018-19/M11", "2019-02-01", "2019-02-28"},
		{"2019-20/M11", "2020-02-01", "2020-02-29"},
		{"2018-19/M12", "2019-03-01", "2019-03-31"},
	} {
		if read, err := ParseService(string(s.service)); err != nil || read != s.service {
			t.Errorf("%s reads as %s, %v", s.service, read, err)
		}
		if s.service.First() != s.first || s.service.Last() != s.last {
			t.Errorf("%s runs from %s to %s, want %s to %s", s.service, s.service.First(), s.service.Last(), s.first, s.last)
		}
	}
	for _, text := range []string{"", "2018-19/M00", "2018-19/M13", "2018-19/M4", "2018-19/", "2018-19/04", "2018-20/M04", "2018-19/M04x", "M04", "2018-19/m04"} {
		if s, err := ParseService(text); err == nil {
			t.Errorf("%q is taken for the service %s", text, s)
		}
	}
}

func TestDates(t *testing.T) {
	for _, d := range []struct {
		text, long string
	}{{"2019-01-15", "15 January 2019"}, {"2020-02-29", "29 February 2020"}, {"1900-04-01", "1 April 1900"}, {"9999-12-31", "31 December 9999"}} {
		if read, err := ParseDate(d.text); err != nil || string(read) != d.text || read.String() != d.long {
			t.Errorf("%q reads as %q, %v; want %s", d.text, read, err, d.long)
		}
	}
	for _, text := range []string{
		"", "15/01/2019", "2019-1-15", "2019-01-1", "2019-02-29", "2019-13-01", "2019-00-10", "2019-04-31", "0019-01-15", "1899-12-31",
		"20190115", "2019-01-15T00:00:00Z", " 2019-01-15", "2019-01-15 ", "19-01-15",
	} {
		if d, err := ParseDate(text); err == nil {
			t.Errorf("%q is taken for the date %s", text, d)
		}
	}
	if text := Date("").String(); text != "" {
		t.Errorf("no date prints as %q", text)
	}
	if got := Date("2019-03-01").AddDays(30); got != "2019-03-31" {
		t.Errorf("30 days after 1 March is %s", got)
	}
	if got := Date("2019-03-31").AddDays(1); got != "2019-04-01" {
		t.Errorf("the day after the night that summer time begins is %s", got)
	}
}

func TestDateInLondon(t *testing.T) {
	for instant, want := range map[string]Date{
		"2019-03-30T23:59:59Z": "2019-03-30", "2019-03-31T00:00:00Z": "2019-03-31", "2019-03-31T22:59:59Z": "2019-03-31",
		"2019-03-31T23:00:00Z": "2019-04-01", "2019-10-26T22:59:59Z": "2019-10-26", "2019-10-26T23:00:00Z": "2019-10-27",
		"2019-10-27T23:30:00Z": "2019-10-27", "2019-10-28T00:00:00Z": "2019-10-28", "2019-12-31T23:59:59Z": "2019-12-31",
		"2019-04-01T00:30:00+01:00": "2019-04-01", "2019-01-15T20:00:00-08:00": "2019-01-16",
	} {
		at, err := time.Parse(time.RFC3339, instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := DateIn(at); got != want {
			t.Errorf("%s is %s in London, want %s", instant, got, want)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, text := range []string{"2019-01-15", "2020-02-29", "2019-02-29", "1899-12-31", "9999-12-31", "2019-1-1", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDate(text)
		if err != nil {
			if d != "" {
				t.Errorf("%q is refused and comes back as %q", text, d)
			}
			return
		}
		var again Date
		if err := again.UnmarshalText([]byte(d)); err != nil || again != d || string(d) != text {
			t.Errorf("%q reads as %q and then as %q, %v", text, d, again, err)
		}
		if y := YearOf(d); d.AddDays(0) != d || y.First() > d || (d < "9999-04-01" && d > y.Last()) {
			t.Errorf("%q is put in %s", text, y)
		}
	})
}

func FuzzParseService(f *testing.F) {
	for _, text := range []string{"2018-19", "2018-19/M04", "2018-19/M13", "2018-20", "1999-00/M12", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseService(text)
		if err != nil {
			if s != "" {
				t.Errorf("%q is refused and comes back as %q", text, s)
			}
			return
		}
		var again Service
		if err := again.UnmarshalText([]byte(s)); err != nil || again != s || string(s) != text {
			t.Errorf("%q reads as %q and then as %q, %v", text, s, again, err)
		}
		if YearOf(s.First()) != s.Year() || YearOf(s.Last()) != s.Year() || s.First() >= s.Last() {
			t.Errorf("%q runs from %s to %s", text, s.First(), s.Last())
		}
		if s != s.WholeYear() && (PeriodOf(s.First()) != Period(s) || PeriodOf(s.Last()) != Period(s)) {
			t.Errorf("%q is not its own period", text)
		}
	})
}
