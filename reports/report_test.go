package reports_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"pcnledger/domain"
	"pcnledger/projections"
	"pcnledger/reports"
)

func table(t *testing.T, r reports.Report, name string) reports.Table {
	t.Helper()
	at := slices.IndexFunc(r.Tables, func(table reports.Table) bool { return table.Name == name })
	if at < 0 {
		t.Fatalf("%s has no table %s", r.Name, name)
	}
	return r.Tables[at]
}

// sumOf adds up a column of money.
func sumOf(t *testing.T, table reports.Table, column string) domain.Pence {
	t.Helper()
	at := slices.IndexFunc(table.Columns, func(c reports.Column) bool { return c.Name == column })
	if at < 0 {
		t.Fatalf("%s has no column %s", table.Name, column)
	}
	var sum domain.Pence
	for _, row := range table.Rows {
		if pence, ok := row[at].(reports.Money); ok {
			sum += domain.Pence(pence)
		}
	}
	return sum
}

func TestTheReturnHasTheFiguresOfTheFund(t *testing.T) {
	r := build(t, example(t), "nhse-transformation", reports.Options{Fund: "NR-PCN-2018"})
	want := map[string]domain.Pence{
		"allocated": 450_000_00, "released": 200_000_00, "spent": 120_000_00,
		"called back": 80_000_00, "received": 10_000_00, "unspent": 330_000_00,
	}
	for _, name := range []string{"by-purpose", "by-beneficiary", "lines"} {
		for column, pence := range want {
			if got := sumOf(t, table(t, r, name), column); got != pence {
				t.Errorf("%s: %s is %s, want %s", name, column, got, pence)
			}
		}
	}
	summary := table(t, r, "summary")
	for column, pence := range map[string]domain.Pence{
		"confirmed": 600_000_00, "not allocated": 150_000_00, "still to be received": 70_000_00,
		"lapsed": 480_000_00, "underspend": 480_000_00,
	} {
		if got := sumOf(t, summary, column); got != pence {
			t.Errorf("%s is %s, want %s", column, got, pence)
		}
	}
	var heads []string
	for _, c := range table(t, r, "lines").Columns {
		heads = append(heads, c.Name)
	}
	if got := strings.Join(heads, ", "); got != "fund, payee, beneficiary, purpose, allocated, released, spent, called back, received, unspent" {
		t.Errorf("the return's columns are %s", got)
	}
}

func TestEveryCellIsOfItsColumnsKind(t *testing.T) {
	for _, views := range []*projections.Views{example(t), firstNetworks(t), governed(t)} {
		for _, d := range reports.Reports() {
			for _, r := range buildAll(t, views, d) {
				names := map[string]bool{}
				for _, table := range r.Tables {
					if names[table.Name] {
						t.Errorf("%s has two tables %q", d.Name, table.Name)
					}
					names[table.Name] = true
					checkCells(t, d.Name, table)
				}
			}
		}
	}
}

func checkCells(t *testing.T, report string, table reports.Table) {
	names := map[string]bool{}
	for _, c := range table.Columns {
		if names[c.Name] {
			t.Errorf("%s: table %s has two columns %q", report, table.Name, c.Name)
		}
		names[c.Name] = true
	}
	for _, row := range slices.Concat(table.Rows, table.Totals) {
		if len(row) != len(table.Columns) {
			t.Fatalf("%s: table %s has %d columns and a row of %d", report, table.Name, len(table.Columns), len(row))
		}
	}
	for _, row := range table.Rows {
		for i, cell := range row {
			if cell != nil && cell.Kind() != table.Columns[i].Kind {
				t.Errorf("%s: table %s, column %s holds a %s", report, table.Name, table.Columns[i].Name, cell.Kind())
			}
		}
	}
}

func TestAReportMadeAgainIsTheSameBytes(t *testing.T) {
	views, again := firstNetworks(t), []*projections.Views{firstNetworks(t), firstNetworks(t), firstNetworks(t)}
	for _, d := range reports.Reports() {
		for _, f := range reports.Formats() {
			for i, first := range buildAll(t, views, d) {
				for _, v := range again {
					if written(t, f, buildAll(t, v, d)[i].Report) != written(t, f, first.Report) {
						t.Errorf("%s as %s differs when it is made again", d.Name, f.Name)
					}
				}
			}
		}
	}
}

func TestADemoLedgerSaysSoFirst(t *testing.T) {
	for _, d := range reports.Reports() {
		if d.Takes.PayeeOrNetwork {
			continue // a new ledger has none
		}
		r := build(t, created(domain.KindDemo), d.Name, reports.Options{})
		for format, opening := range map[string]string{
			"text": reports.Illustration + "\n",
			"csv":  "\"" + reports.Illustration + "\"\n",
			"json": "{\n  \"illustration\": \"" + reports.Illustration + "\",\n",
		} {
			f, err := reports.FormatNamed(format)
			if err != nil {
				t.Fatal(err)
			}
			if got := written(t, f, r); !strings.HasPrefix(got, opening) {
				t.Errorf("%s as %s opens with %.80q", d.Name, format, got)
			}
		}
		live := build(t, created(domain.KindLive), d.Name, reports.Options{})
		for _, f := range reports.Formats() {
			if got := written(t, f, live); strings.Contains(got, "llustration") {
				t.Errorf("%s of a live ledger as %s calls itself an illustration", d.Name, f.Name)
			}
		}
	}
}

func TestTextKeepsToItsWidth(t *testing.T) {
	for _, views := range []*projections.Views{example(t), firstNetworks(t), governed(t)} {
		for _, d := range reports.Reports() {
			for _, width := range []int{72, 100, 160} {
				for _, r := range buildAll(t, views, d) {
					checkWidth(t, r, width)
				}
			}
		}
	}
}

func checkWidth(t *testing.T, r selected, width int) {
	var out bytes.Buffer
	if err := reports.Text(&out, r.Report, reports.TextOptions{Width: width, Detail: true}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		line = strings.TrimSuffix(line, "\n")
		if n := utf8.RuneCountInString(line); n > width && line != reports.Illustration {
			t.Errorf("%s in %d columns has a line of %d: %s", r.name, width, n, line)
		}
		if strings.TrimRight(line, " ") != line {
			t.Errorf("%s has spaces at the end of %q", r.name, line)
		}
	}
}

func TestTextShowsNothingThatATerminalObeys(t *testing.T) {
	r := reports.Report{Title: "a\x1b[31mred", Tables: []reports.Table{{
		Title: "t\a", Columns: []reports.Column{{Name: "x\x00", Kind: reports.KindText}},
		Rows: [][]reports.Cell{{reports.Words("one\ntwo\u202e\x1b]0;title\a")}},
	}}}
	var out bytes.Buffer
	if err := reports.Text(&out, r, reports.TextOptions{}); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(out.String(), "\x1b\a\x00\u202e") {
		t.Errorf("the text is %q", out.String())
	}
	if !strings.Contains(out.String(), "one two") {
		t.Errorf("the words of two lines do not stand apart: %q", out.String())
	}
}

func TestJSONIsReadBack(t *testing.T) {
	views := firstNetworks(t)
	for _, d := range reports.Reports() {
		r := buildAll(t, views, d)[0].Report
		var out bytes.Buffer
		if err := reports.JSON(&out, r); err != nil {
			t.Fatal(err)
		}
		var read struct {
			Report string
			Tables []struct {
				Name    string
				Columns []struct{ Name, Kind string }
				Rows    []map[string]any
			}
		}
		if err := json.Unmarshal(out.Bytes(), &read, json.MatchCaseInsensitiveNames(true)); err != nil {
			t.Fatalf("%s: %v", d.Name, err)
		}
		if read.Report != d.Name || len(read.Tables) != len(r.Tables) {
			t.Errorf("%s is read back as %s with %d tables", d.Name, read.Report, len(read.Tables))
		}
		for i, table := range read.Tables {
			if len(table.Rows) != len(r.Tables[i].Rows) {
				t.Errorf("%s: table %s is read back with %d rows, not %d", d.Name, table.Name, len(table.Rows), len(r.Tables[i].Rows))
			}
		}
	}
}

func TestCSVIsReadBack(t *testing.T) {
	views := firstNetworks(t)
	for _, d := range reports.Reports() {
		var out bytes.Buffer
		if err := reports.CSV(&out, buildAll(t, views, d)[0].Report); err != nil {
			t.Fatal(err)
		}
		reader := csv.NewReader(&out)
		reader.FieldsPerRecord = -1
		if _, err := reader.ReadAll(); err != nil {
			t.Errorf("%s: %v", d.Name, err)
		}
	}
}

// Whatever words stand in a ledger, no cell of a CSV file opens as a formula; figures do, for they are numbers.
func FuzzCSVRunsNoFormula(f *testing.F) {
	for _, seed := range []string{"=1+1", "+44 1865", "-70", "@SUM(A1)", "\tx", "\rx", "\n=x", "plain", "", "'quoted", "a,b\n=c", "\xff="} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, words string) {
		r := reports.Report{
			Title: words, Closing: []string{words},
			Heading: reports.Heading{
				Ledger: words, Selection: words, Notes: []string{words}, Commissioner: reports.Organisation{Name: words},
			},
			Tables: []reports.Table{{
				Title: words, Empty: words,
				Columns: []reports.Column{
					{Name: words, Kind: reports.KindText}, {Name: "payee", Kind: reports.KindOrganisation}, {Name: "m", Kind: reports.KindMoney},
				},
				Rows: [][]reports.Cell{
					{reports.Words(words), reports.Organisation{Code: domain.Body(words), Name: words}, reports.Money(-70_05)},
				},
			}},
		}
		var out bytes.Buffer
		if err := reports.CSV(&out, r); err != nil {
			t.Fatal(err)
		}
		reader := csv.NewReader(&out)
		reader.FieldsPerRecord = -1
		rows, err := reader.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		figures := 0
		for _, row := range rows {
			for _, cell := range row {
				switch {
				case cell == "-70.05":
					figures++
				case cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])):
					t.Errorf("a spreadsheet would run the cell %q", cell)
				}
			}
		}
		if figures == 0 {
			t.Error("the figure is gone, or was made text")
		}
	})
}

func TestSelections(t *testing.T) {
	views := example(t)
	for _, test := range []struct {
		sentence string
		report   string
		options  reports.Options
		want     string // the error; none if blank
	}{
		{"one fund", "funds", reports.Options{Fund: "NR-PCN-2018"}, ""},
		{"a fund that is not there", "funds", reports.Options{Fund: "NR-PCN-2019"}, "this ledger has no fund NR-PCN-2019; choose one of: NR-PCN-2018"},
		{"a payee that is not there", "items", reports.Options{Payee: "ods:X00001"},
			"this ledger has no payee X00001; choose one of: First Federation (local:FED-A), Community Trust (local:TRUST-B)"},
		{"a network that is not there", "networks", reports.Options{Network: "local:NET-3"},
			"this ledger has no network local:NET-3; choose one of: North Network (local:NET-1), City Network (local:NET-2)"},
		{"a report that takes no payee", "trial-balance", reports.Options{Payee: "local:FED-A"},
			"trial-balance cannot be narrowed by payee; leave it out; it can be narrowed by fund, period"},
		{"a report whose figures are of no period", "items", reports.Options{Period: "2018-19/M12"},
			"items cannot be narrowed by period; leave it out; it can be narrowed by fund, payee, network, open items"},
		{"a report that takes nothing", "lists", reports.Options{OpenOnly: true},
			"lists cannot be narrowed by open items; leave it out; it always shows everything"},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			d, err := reports.Named(test.report)
			if err != nil {
				t.Fatal(err)
			}
			_, err = d.Build(views, test.options)
			var unfit *reports.SelectionError
			switch {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (!errors.As(err, &unfit) || err.Error() != test.want):
				t.Errorf("the error is %v, want %s", err, test.want)
			}
		})
	}
}

func TestItemsOfOnePayeeThatAreOpen(t *testing.T) {
	r := build(t, example(t), "items", reports.Options{Payee: "local:TRUST-B", OpenOnly: true})
	if rows := table(t, r, "payables").Rows; len(rows) != 0 {
		t.Errorf("%d payables are open", len(rows))
	}
	if open := sumOf(t, table(t, r, "receivables"), "open"); open != 30_000_00 { // 80,000 - 40,000 spent - 10,000 called back
		t.Errorf("open is %s", open)
	}
	if want := "all funds; payee Community Trust (local:TRUST-B); open items only"; r.Heading.Selection != want {
		t.Errorf("the selection is %q", r.Heading.Selection)
	}
}

func TestEachReportTakesWhatItSays(t *testing.T) {
	views := example(t)
	for _, d := range reports.Reports() {
		o := reports.Options{OpenOnly: d.Takes.OpenOnly}
		if d.Takes.Fund {
			o.Fund = "NR-PCN-2018"
		}
		if d.Takes.Payee {
			o.Payee = "local:FED-A"
		}
		if d.Takes.Network {
			o.Network = "local:NET-1"
		}
		if d.Takes.Period {
			o.Period = "2018-19/M12"
		}
		build(t, views, d.Name, o)
		if d.Title == "" || d.Line == "" {
			t.Errorf("%s does not say what it shows", d.Name)
		}
	}
	if _, err := reports.Named("balance-sheet"); err == nil || !strings.Contains(err.Error(), "trial-balance") {
		t.Errorf("an unknown report's error lists no reports: %v", err)
	}
	if _, err := reports.FormatNamed("xlsx"); err == nil || !strings.Contains(err.Error(), "csv") {
		t.Errorf("an unknown format's error lists no formats: %v", err)
	}
}

// A trial balance that does not agree is never printed as if it did.
func TestATrialBalanceThatDoesNotAgreeSaysSo(t *testing.T) {
	views := example(t)
	views.Apply(domain.Recorded{
		Stamp: domain.Stamp{Number: 99, Time: views.Ledger.Time},
		Fact: domain.Fact{Effective: "2019-04-02", Period: "2019-20/M01", Event: domain.FundsReleased{
			Fund:  "NR-PCN-2018",
			Lines: []domain.DrawnLine{{Bucket: domain.Bucket{Payee: "local:FED-A", For: "2018-19"}, Pence: 100}}, // released without a draw
		}},
	})
	if closing := build(t, views, "funds", reports.Options{}).Closing; !strings.HasPrefix(closing[0], "DOES NOT AGREE") {
		t.Errorf("the funds close with %q", closing)
	}
	agreeing := build(t, example(t), "trial-balance", reports.Options{}).Closing
	if want := "Debits less credits of fund NR-PCN-2018: financial accounts nil, control accounts nil."; agreeing[0] != want {
		t.Errorf("the trial balance closes with %q", agreeing)
	}
}

// Two funds: tables have totals, and the fund is not left out of a line.
func TestTwoFunds(t *testing.T) {
	views := example(t)
	second := domain.Terms{Fund: "ZZ-2", Title: "Second", Year: "2018-19", Cover: domain.CoverHard, Basis: domain.BasisAdvance}
	for i, e := range []domain.Event{
		domain.FundOpened{Terms: second},
		domain.FundingConfirmed{Fund: "ZZ-2", For: "2018-19", Pence: 1_000_00, Title: "all of it"},
	} {
		views.Apply(domain.Recorded{
			Stamp: domain.Stamp{Number: int64(100 + i), Time: views.Ledger.Time},
			Fact:  domain.Fact{Event: e, Effective: "2019-03-01", Period: "2018-19/M12"},
		})
	}
	all := build(t, views, "nhse-transformation", reports.Options{})
	if totals := table(t, all, "summary").Totals; len(totals) != 1 || totals[0][2] != reports.Money(601_000_00) {
		t.Errorf("the totals are %v", totals)
	}
	one := build(t, views, "trial-balance", reports.Options{Fund: "ZZ-2"})
	if rows := table(t, one, "accounts").Rows; len(rows) != 2 {
		t.Errorf("%d accounts of the second fund", len(rows))
	}
}
