package reports_test

import (
	"strings"
	"testing"

	"pcnledger/domain"
	"pcnledger/projections"
	"pcnledger/reports"
)

func TestTheARRSPosition(t *testing.T) {
	r := build(t, firstNetworks(t), "arrs", reports.Options{})
	used := table(t, r, "used")
	north := reports.Organisation{Code: northNetwork, Name: "North Network"}
	for column, want := range map[string]reports.Cell{
		"the sum": reports.Money(53_942_25), "used": reports.Money(10_327_50), "unclaimed": reports.Money(43_614_75),
		"% used": reports.Words("19.1"), // 10,327.50 ÷ 53,942.25 = 19.146 %
	} {
		if got := cell(t, used, column, north); got != want {
			t.Errorf("%s is %v, want %v", column, got, want)
		}
	}
	city := reports.Organisation{Code: cityNetwork, Name: "City Network"}
	if got := cell(t, used, "claims waiting", city); got != reports.Count(1) {
		t.Errorf("%v claims of the city wait", got)
	}
	wte := table(t, r, "wte")
	if got := cell(t, wte, "M09", north, reports.Words("2019-20"), reports.Words("ARRS_SPLW")); got != reports.Words("0.53") {
		t.Errorf("20 hours are %v WTE", got)
	}
	if want := "The sum of one network in 2019-20 is £53,942.25, computed; the card prints £53,942.00 (Practice Index: A brief guide to PCN finance " +
		"(2019)): agrees to whole pounds."; len(r.Closing) != 1 || r.Closing[0] != want {
		t.Errorf("it closes with %q", r.Closing)
	}
	one := build(t, firstNetworks(t), "arrs", reports.Options{Network: cityNetwork})
	if rows := table(t, one, "used").Rows; len(rows) != 1 || rows[0][0] != reports.Cell(city) {
		t.Errorf("of one network it shows %v", rows)
	}
}

func TestTheFinanceReturnUpToAPeriod(t *testing.T) {
	views := firstNetworks(t)
	r := build(t, views, "finance", reports.Options{Fund: "ARRS-2019", Period: "2019-20/M08"})
	funds := table(t, r, "funds")
	for column, want := range map[string]domain.Pence{
		"annual budget": 107_884_50, "budget to date": 35_961_50, "actual to date": 3_150_00, "variance to date": 32_811_50, "committed": 104_734_50,
	} { // two of six months of 107,884.50
		if got := sumOf(t, funds, column); got != want {
			t.Errorf("%s is %s, want %s", column, got, want)
		}
	}
	if want := "Tie to the trial balance: expenditure here £3,150.00 + in later periods £9,072.67 = £12,222.67 in the trial balance."; r.Closing[0] != want {
		t.Errorf("it closes with %q", r.Closing[0])
	}
	if want := "fund ARRS-2019 (Additional roles)"; r.Heading.Selection != want || r.Heading.Through != "2019-20/M08" {
		t.Errorf("the selection is %q up to %s", r.Heading.Selection, r.Heading.Through)
	}
	over := build(t, views, "finance", reports.Options{Fund: "NR-PCN-2019", Period: "2019-20/M12"})
	if got := sumOf(t, table(t, over, "funds"), "budget to date"); got != 50_000_00 {
		t.Errorf("a year that is over has %s of its budget to date", got)
	}
	d, _ := reports.Named("finance")
	if _, err := d.Build(views, reports.Options{Period: "2019-20/M14"}); err == nil || !strings.Contains(err.Error(), "no period") {
		t.Errorf("M14 is taken: %v", err)
	}
}

// The transformation return shows funds that pay in advance; another is shown if it is named, with its recoveries.
func TestTheReturnLeavesEntitlementsOut(t *testing.T) {
	views := firstNetworks(t)
	r := build(t, views, "nhse-transformation", reports.Options{})
	if rows := table(t, r, "summary").Rows; len(rows) != 1 || rows[0][0] != reports.Words("NR-PCN-2019") {
		t.Errorf("it shows %v", rows)
	}
	if r.Heading.Selection != "all funds that pay in advance" {
		t.Errorf("the selection is %q", r.Heading.Selection)
	}
	named := build(t, views, "nhse-transformation", reports.Options{Fund: "ARRS-2019"})
	if got := sumOf(t, table(t, named, "summary"), "underspend"); got != 95_661_83 {
		t.Errorf("the underspend is %s", got)
	}
	if got := sumOf(t, table(t, named, "lines"), "recovered"); got != 157_50 {
		t.Errorf("recovered is %s", got)
	}
}

func TestRatesOfANewLedger(t *testing.T) {
	r := build(t, created("live"), "rates", reports.Options{})
	if rows := table(t, r, "not-adopted").Rows; len(rows) != len(domain.RateCard("2019-20"))+len(domain.RateCard("2020-21")) {
		t.Errorf("%d rates of the year and of the next are shown", len(rows))
	}
	of := table(t, build(t, created("live"), "rates", reports.Options{Year: "2021-22"}), "not-adopted")
	if got := cell(t, of, "amount", reports.Words("2021-22"), reports.Words("ARRS_CP")); got != reports.Words("not found") {
		t.Errorf("a maximum that no source gives is %v", got)
	}
	after := build(t, firstNetworks(t), "rates", reports.Options{})
	if got := cell(t, table(t, after, "not-adopted"), "standing", reports.Words("2019-20"), reports.Words("EXT_HOURS")); got != reports.Words("unverified") {
		t.Errorf("extended hours stand as %v", got)
	}
	if got := cell(t, table(t, after, "adopted"), "amount", reports.Words("2019-20"), reports.Words("CD")); got != reports.Words("£0.5143") {
		t.Errorf("the director's amount is %v", got)
	}
}

// A list that changes in the year: the newest list does not explain the months before, and the words do not pretend to.
func TestTheWordsOfAListThatChanged(t *testing.T) {
	views := firstNetworks(t)
	run := func(number int64, through domain.Service, patients int64, annual domain.Pence, parts ...domain.EntitlementPart) {
		line := domain.EntitlementLine{Payee: "ods:X00003", Beneficiary: "local:NET-9", Footing: domain.Footing{Patients: patients, Annual: annual, List: 10}, Parts: parts}
		e := domain.EntitlementRun{Fund: "CORE-2019", Rate: "CORE_PCN", Year: "2019-20", Through: through, Lines: []domain.EntitlementLine{line}}
		views.Apply(domain.Recorded{
			Stamp: domain.Stamp{Number: number, Time: views.Ledger.Time}, Fact: domain.Fact{Effective: "2020-02-10", Period: "2019-20/M11", Event: e},
		})
	}
	run(60, "2019-20/M01", 800, 1_200_00, domain.EntitlementPart{For: "2019-20/M01", Pence: 100_00})
	run(61, "2019-20/M02", 1_600, 2_400_00, domain.EntitlementPart{For: "2019-20/M02", Pence: 200_00})
	r := build(t, views, "entitlements", reports.Options{Network: "local:NET-1"})
	if len(table(t, r, "raised").Rows) == 0 {
		t.Error("nothing is raised for the network")
	}
	all := table(t, build(t, views, "entitlements", reports.Options{}), "raised")
	var hows []string
	for _, row := range all.Rows {
		hows = append(hows, string(row[8].(reports.Words)))
	}
	want := "1,600 patients × £1.50 = £2,400.00 for the year; instalment 2 of 12 is £200.00"
	if !strings.Contains(strings.Join(hows, "\n"), want) {
		t.Errorf("no line says %q", want)
	}
}

func TestEveryReportHasSelections(t *testing.T) {
	for _, d := range reports.Reports() {
		for _, o := range d.Selections(firstNetworks(t)) {
			if _, err := d.Build(firstNetworks(t), o); err != nil {
				t.Errorf("%s: %v", d.Name, err)
			}
		}
		if len(d.Selections(projections.NewViews())) > 0 {
			build(t, projections.NewViews(), d.Name, d.Selections(projections.NewViews())[0])
		}
	}
}
