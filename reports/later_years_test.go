package reports_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"pcnledger/domain"
	"pcnledger/projections"
	"pcnledger/reports"
)

// laterYears has rates that are revised and overridden, an adjustment, quantities, posts that change, an uplift and sums
// that are paid on lists.
func laterYears(t testing.TB) *projections.Views { return exampleOf(t, "later-years") }

// ruleReports are the reports of the worked example of later years that have goldens.
var ruleReports = []struct {
	name string
	o    reports.Options
}{
	{"rates", reports.Options{Year: "2024-25"}}, {"adjustments", reports.Options{}}, {"quantities", reports.Options{}}, {"roles", reports.Options{}},
	{"claims", reports.Options{}}, {"arrs", reports.Options{}}, {"entitlements", reports.Options{}}, {"funds", reports.Options{}},
	{"statement", reports.Options{Network: "local:NET-2"}},
}

func TestReportsOfLaterYears(t *testing.T) {
	views := laterYears(t)
	for _, wanted := range ruleReports {
		r := build(t, views, wanted.name, wanted.o)
		for _, f := range reports.Formats() {
			t.Run(wanted.name+f.Extension, func(t *testing.T) { golden(t, "later-years/"+wanted.name+f.Extension, written(t, f, r)) })
		}
		t.Run(wanted.name, func(t *testing.T) {
			var out bytes.Buffer
			if err := reports.Text(&out, r, reports.TextOptions{Detail: true}); err != nil {
				t.Fatal(err)
			}
			golden(t, "later-years/"+wanted.name+".detail.txt", out.String())
		})
	}
}

// inColumn returns what a row has in a column.
func inColumn(t *testing.T, table reports.Table, row []reports.Cell, column string) reports.Cell {
	t.Helper()
	for i, c := range table.Columns {
		if c.Name == column {
			return row[i]
		}
	}
	t.Fatalf("table %s has no column %s", table.Name, column)
	return nil
}

func TestAYearHasOnlyItsRates(t *testing.T) {
	r := build(t, laterYears(t), "rates", reports.Options{Year: "2026-27"})
	adopted := table(t, r, "adopted")
	if len(adopted.Rows) != 2 {
		t.Fatalf("%d rows: the rate as adopted and as overridden are meant", len(adopted.Rows))
	}
	if got := inColumn(t, adopted, adopted.Rows[1], "version"); got != reports.Cell(reports.Words("overridden")) {
		t.Errorf("the second version is %v", got)
	}
	for _, row := range table(t, r, "not-adopted").Rows {
		if row[0] != reports.Cell(reports.Words("2026-27")) {
			t.Errorf("a rate of %v is shown", row[0])
		}
	}
}

func TestAYearWithoutRatesCannotBeAskedFor(t *testing.T) {
	d, err := reports.Named("rates")
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.Build(laterYears(t), reports.Options{Year: "1999-00"})
	var unfit *reports.SelectionError
	if !errors.As(err, &unfit) || !strings.Contains(unfit.Remedy, "2024-25") {
		t.Errorf("asked for 1999-00: %v", err)
	}
	d, err = reports.Named("bodies")
	if err != nil {
		t.Fatal(err)
	}
	if _, err = d.Build(laterYears(t), reports.Options{Year: "2024-25"}); !errors.As(err, &unfit) {
		t.Errorf("bodies of a year: %v", err)
	}
}

// A sum that nobody adopted is not £0.00: the row says what is missing.
func TestASumThatNobodyAdoptedIsShownAsSuch(t *testing.T) {
	views := exampleOf(t, "later-years")
	views.Apply(domain.Recorded{
		Stamp: domain.Stamp{Number: views.Ledger.Number + 1, Time: views.Ledger.Time},
		Fact: domain.Fact{Event: domain.ClaimSubmitted{Network: "local:NET-1", Month: "2025-26/M01", Reference: "April", Declaration: true,
			Lines: []domain.ClaimLine{{Person: "token-7f3a91", Role: "ARRS_CP", Costs: domain.Costs{Salary: 4_000_00}}}}},
	})
	used := table(t, build(t, views, "arrs", reports.Options{Year: "2025-26"}), "used")
	row := used.Rows[len(used.Rows)-1]
	for _, column := range []string{"the sum", "unclaimed", "unclaimed in the end (estimate)"} {
		if got := inColumn(t, used, row, column); got != nil {
			t.Errorf("%s is %v", column, got)
		}
	}
	if why, _ := inColumn(t, used, row, "why there is no sum").(reports.Words); !strings.Contains(string(why), "AdoptRateCard") {
		t.Errorf("the remedy is %q", why)
	}
}

// The sum with its arithmetic is what the ledger decides by.
func TestSumsAreThoseThatTheLedgerDecidesBy(t *testing.T) {
	views := laterYears(t)
	working := views.Grounds.Sums()
	for _, network := range []domain.Body{"local:NET-1", "local:NET-2"} {
		for year, sum := range map[domain.Year]domain.RateCode{"2023-24": "ARRS_SUM", "2024-25": "ARRS_GP_SUM"} {
			got, err := working.Of(network, year, sum)
			want, wantErr := views.Grounds.SumOf(network, year, sum)
			if got.Pence != want || err != nil || wantErr != nil || want == 0 {
				t.Errorf("%s of %s for %s: %s (%v), decided by %s (%v)", sum, network, year, got.Pence, err, want, wantErr)
			}
		}
	}
}

// North claimed £5,630.00 and £4,504.00 with the uplift; of its sum of 2024/25, 50,000 × £22.894 = £1,144,700.00, it used
// £9,875.70; August was claimed last, at £4,156.00, and seven months are to come: £29,092.00.
func TestWhatWillBeUnclaimedIsEstimatedByTheLastMonth(t *testing.T) {
	used := table(t, build(t, laterYears(t), "arrs", reports.Options{Network: "local:NET-1", Year: "2024-25"}), "used")
	for _, row := range used.Rows {
		if inColumn(t, used, row, "sum") != reports.Cell(reports.Words("ARRS_SUM")) {
			continue
		}
		for column, want := range map[string]domain.Pence{
			"the sum": 1_144_700_00, "approved": 9_875_70, "used": 9_875_70, "unclaimed": 1_134_824_30, "to come (estimate)": 29_092_00,
			"unclaimed in the end (estimate)": 1_105_732_30,
		} {
			if got := inColumn(t, used, row, column); got != reports.Cell(reports.Money(want)) {
				t.Errorf("%s is %v, not %s", column, got, want)
			}
		}
		return
	}
	t.Error("the sum is not there")
}

// Of the claims of later years one is undecided since 5 December 2024, and two were approved and not paid; the report is of 12
// May 2026.
func TestClaimsThatWaitAreCountedByAge(t *testing.T) {
	waiting := table(t, build(t, laterYears(t), "claims", reports.Options{}), "waiting")
	for state, want := range map[string]map[string]reports.Cell{
		"submitted": {"claims": reports.Count(1), "0-30 days": reports.Count(0), "over 90 days": reports.Count(1), "longest": reports.Words("claim 45"), "days": reports.Count(523)},
		"approved":  {"claims": reports.Count(2), "over 90 days": reports.Count(2), "longest": reports.Words("claim 35"), "claimed, or to be paid": reports.Money(9_351_00)},
	} {
		for column, cells := range want {
			if got := cell(t, waiting, column, reports.Words(state)); got != cells {
				t.Errorf("%s: %s is %v, want %v", state, column, got, cells)
			}
		}
	}
}

// An adjustment says on every line what the month stood on and what it stands on, with both versions.
func TestTheStatementNamesBothVersionsOfAnAdjustment(t *testing.T) {
	lines := table(t, build(t, laterYears(t), "statement", reports.Options{Network: "local:NET-2"}), "lines")
	var got reports.Cell
	for _, row := range lines.Rows {
		if inColumn(t, lines, row, "item") == reports.Cell(reports.Words("30.2")) {
			got = inColumn(t, lines, row, "how")
			break
		}
	}
	want := reports.Words("of item 26.2: was 100 beds × £120.00 = £12,000.00 for the year (rate of event 17, quantity of event 24); " +
		"is 90 beds × £127.20 = £11,448.00 for the year (rate of event 29, quantity of event 28); £46.00 less for April 2024")
	if got != reports.Cell(want) {
		t.Errorf("the line says %q", got)
	}
}
