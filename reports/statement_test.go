package reports_test

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"pcnledger/domain"
	"pcnledger/projections"
	"pcnledger/reports"
)

const (
	northNetwork = domain.Body("local:NET-1")
	cityNetwork  = domain.Body("local:NET-2")
)

// cell returns the cell of a column in the first row whose first cells are these words.
func cell(t *testing.T, table reports.Table, column string, first ...reports.Cell) reports.Cell {
	t.Helper()
	at := slices.IndexFunc(table.Columns, func(c reports.Column) bool { return c.Name == column })
	for _, row := range table.Rows {
		if at >= 0 && slices.Equal(row[:len(first)], first) {
			return row[at]
		}
	}
	t.Fatalf("%s has no column %s in a row of %v", table.Name, column, first)
	return nil
}

func TestTheStatementOfANetwork(t *testing.T) {
	r := build(t, firstNetworks(t), "statement", reports.Options{Network: northNetwork})
	streams := table(t, r, "streams")
	for stream, want := range map[string]map[string]domain.Pence{
		"CORE_PCN 2019-20": {"entitled": 75_001_50, "approved": 62_501_25, "paid": 31_250_63, "recovered": 0, "remaining": 43_750_87},
		"ARRS 2019-20":     {"entitled": 53_942_25, "claimed": 14_400_00, "approved": 10_485_00, "paid": 6_142_50, "recovered": 157_50, "remaining": 47_957_25},
		"NR-PCN-2019":      {"entitled": 30_000_00, "approved": 0, "paid": 0, "remaining": 30_000_00},
	} {
		for column, pence := range want {
			if got := cell(t, streams, column, reports.Words(stream)); got != reports.Money(pence) {
				t.Errorf("%s: %s is %v, want %s", stream, column, got, pence)
			}
		}
	}
	if want := "Entitled £272,709.26 - paid £69,600.41 + recovered £157.50 = remaining £203,266.35."; r.Heading.Notes[0] != want {
		t.Errorf("it opens with %q", r.Heading.Notes[0])
	}
	var hows []string
	for _, row := range table(t, r, "lines").Rows {
		if how, ok := row[8].(reports.Words); ok {
			hows = append(hows, string(how))
		}
	}
	for _, want := range []string{
		"50,001 patients × £1.50 = £75,001.50 for the year; instalment 4 of 12 is £6,250.12",
		"claim 36, ARRS_CP token-7f3a91: 70 % of £4,500.00 = £3,150.00; maximum £3,150.83",
		"of item 37.1: the salary proved to be less; the cost proved £4,275.00: 70 % of it, maximum £3,150.83, is £2,992.50; £3,150.00 stood approved",
	} {
		if !slices.Contains(hows, want) {
			t.Errorf("no line says %q", want)
		}
	}
}

func TestTheStatementOfAPayee(t *testing.T) {
	views := firstNetworks(t)
	text, err := reports.FormatNamed("text")
	if err != nil {
		t.Fatal(err)
	}
	r := build(t, views, "statement", reports.Options{Payee: "ods:X00001"})
	golden(t, "first-networks/statement-of-payee.txt", written(t, text, r))
	for _, row := range table(t, r, "lines").Rows {
		if payee := row[6].(reports.Organisation); payee.Code != "ods:X00001" {
			t.Errorf("a line is %s's", payee)
		}
	}
	federation := table(t, build(t, views, "statement", reports.Options{Payee: "local:FED-A"}), "streams")
	if networks := cellsOf(federation, 2); !slices.Contains(networks, "North Network (local:NET-1)") || !slices.Contains(networks, "City Network (local:NET-2)") {
		t.Errorf("the federation is paid for %v", networks)
	}
}

func cellsOf(t reports.Table, column int) []string {
	var cells []string
	for _, row := range t.Rows {
		if o, ok := row[column].(reports.Organisation); ok {
			cells = append(cells, o.String())
		}
	}
	return cells
}

func TestAStatementIsOfSomebody(t *testing.T) {
	d, err := reports.Named("statement")
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		views *projections.Views
		want  string
	}{
		"some": {firstNetworks(t), "statement is of one payee or one network; name a payee (First Federation (local:FED-A), Mill Street Surgery (X00001), " +
			"Bridge Surgery (X00002), Castle Practice (X00003)) or a network (North Network (local:NET-1), City Network (local:NET-2))"},
		"none": {created("live"), "statement is of one payee or one network; nobody to be paid and no network is recorded yet"},
	} {
		_, err := d.Build(test.views, reports.Options{})
		var unfit *reports.SelectionError
		if !errors.As(err, &unfit) || err.Error() != test.want {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

// After every event, every statement agrees with the balances, and its lines add up to its streams.
func TestEveryStatementAddsUpAfterEveryEvent(t *testing.T) {
	for _, name := range []string{"six-hundred-thousand", "first-networks", "governed-year", "later-years"} {
		file, err := os.ReadFile("../projections/testdata/" + name + ".jsonl")
		if err != nil {
			t.Fatal(err)
		}
		views := projections.NewViews()
		for line := range bytes.Lines(file) {
			views.Apply(recorded(t, line))
			for _, network := range []domain.Body{northNetwork, cityNetwork} {
				if _, known := views.Registry.Body(network); known {
					checkStatement(t, views, reports.Options{Network: network})
				}
			}
			for _, p := range views.Purposes.All() {
				if p.Payee != "" {
					checkStatement(t, views, reports.Options{Payee: p.Payee})
				}
			}
		}
	}
}

func checkStatement(t *testing.T, v *projections.Views, o reports.Options) {
	t.Helper()
	r := build(t, v, "statement", o)
	if strings.HasPrefix(r.Closing[0], "DOES NOT AGREE") {
		t.Errorf("after event %d, %+v: %s", v.Ledger.Number, o, r.Closing[0])
	}
	streams, remaining, lines := table(t, r, "streams"), table(t, r, "remaining"), table(t, r, "lines")
	for _, column := range []string{"claimed", "approved", "paid", "recovered"} {
		if a, b := sumOf(t, streams, column), sumOf(t, lines, column); a != b {
			t.Errorf("after event %d, %+v: %s is %s by stream and %s by line", v.Ledger.Number, o, column, a, b)
		}
	}
	for inStreams, inLines := range map[string]string{"received or netted": "received or netted", "spent, reported": "spent"} {
		if a, b := sumOf(t, remaining, inStreams), sumOf(t, lines, inLines); a != b {
			t.Errorf("after event %d, %+v: %s is %s by stream and %s by line", v.Ledger.Number, o, inStreams, a, b)
		}
	}
	for _, column := range []string{"in transit", "written off"} {
		if a, b := sumIfAny(t, remaining, column), sumIfAny(t, lines, column); a != b {
			t.Errorf("after event %d, %+v: %s is %s by stream and %s by line", v.Ledger.Number, o, column, a, b)
		}
	}
	owed := sumOf(t, remaining, "recovered") - sumOf(t, remaining, "received or netted") - sumIfAny(t, remaining, "written off")
	if got := sumOf(t, remaining, "to be paid back"); got != owed {
		t.Errorf("after event %d, %+v: to be paid back is %s, not %s", v.Ledger.Number, o, got, owed)
	}
	entitled, paid, recovered := sumOf(t, streams, "entitled"), sumOf(t, streams, "paid"), sumOf(t, streams, "recovered")
	if got := sumOf(t, streams, "remaining"); got != entitled-paid+recovered || got != sumOf(t, remaining, "to come")+sumOf(t, remaining, "to be paid")+sumIfAny(t, remaining, "in transit") {
		t.Errorf("after event %d, %+v: entitled %s - paid %s + recovered %s is not remaining %s", v.Ledger.Number, o, entitled, paid, recovered, got)
	}
}

// sumIfAny adds up a column that is left out where it says nothing.
func sumIfAny(t *testing.T, table reports.Table, column string) domain.Pence {
	t.Helper()
	if !slices.ContainsFunc(table.Columns, func(c reports.Column) bool { return c.Name == column }) {
		return 0
	}
	return sumOf(t, table, column)
}

// When all is called back and lapsed, a payee is entitled to what it spent, and holds what it has not returned.
func TestTheStatementOfAClosedFund(t *testing.T) {
	r := build(t, example(t), "statement", reports.Options{Payee: "local:TRUST-B"})
	streams := table(t, r, "streams")
	for column, want := range map[string]domain.Pence{
		"entitled": 40_000_00, "approved": 80_000_00, "paid": 80_000_00, "recovered": 40_000_00, "remaining": 0,
	} {
		if got := sumOf(t, streams, column); got != want {
			t.Errorf("%s is %s, want %s", column, got, want)
		}
	}
	if got := sumOf(t, table(t, r, "remaining"), "to be paid back"); got != 30_000_00 {
		t.Errorf("to be paid back is %s", got)
	}
}

// Spend before the end that is reported after its advance was called back need not be paid back.
func TestWhatWasSpentAfterAllIsNotRecovered(t *testing.T) {
	views := example(t)
	spent := domain.Bucket{Payee: "local:TRUST-B", Beneficiary: northNetwork, Category: "workforce", For: "2018-19"}
	views.Apply(domain.Recorded{
		Stamp: domain.Stamp{Number: 99, Time: views.Ledger.Time},
		Fact: domain.Fact{Effective: "2019-03-30", Period: "2018-19/M12", Event: domain.SpendRecorded{Fund: "NR-PCN-2018", Reference: "late report",
			Lines: []domain.DrawnLine{{Bucket: spent, Pence: 1_000_00, Draws: []domain.Draw{{
				Account: domain.Lapsed, Bucket: domain.Bucket{Beneficiary: northNetwork, For: "2018-19"}, Pence: 1_000_00,
				Owed: domain.Owed{Item: "23.3", Beneficiary: northNetwork, For: "2018-19"},
			}}}}}},
	})
	o := reports.Options{Payee: "local:TRUST-B"}
	checkStatement(t, views, o)
	streams := table(t, build(t, views, "statement", o), "streams")
	for column, want := range map[string]domain.Pence{"entitled": 41_000_00, "recovered": 39_000_00, "remaining": 0} {
		if got := sumOf(t, streams, column); got != want {
			t.Errorf("%s is %s, want %s", column, got, want)
		}
	}
}

func TestAStatementThatDoesNotAgreeSaysSo(t *testing.T) {
	views := firstNetworks(t)
	e := domain.EntitlementRun{Fund: "CORE-2019", Rate: "CD", Year: "2019-20", Through: "2019-20/M05", Lines: []domain.EntitlementLine{{
		Payee: "ods:X00001", Beneficiary: northNetwork, Pence: 100, Parts: []domain.EntitlementPart{{For: "2019-20/M05", Pence: 100}}, // charged to nothing
	}}}
	views.Apply(domain.Recorded{
		Stamp: domain.Stamp{Number: 99, Time: views.Ledger.Time}, Fact: domain.Fact{Effective: "2020-02-10", Period: "2019-20/M11", Event: e},
	})
	if r := build(t, views, "statement", reports.Options{Network: northNetwork}); !strings.HasPrefix(r.Closing[0], "DOES NOT AGREE") {
		t.Errorf("it closes with %q", r.Closing[0])
	}
}
