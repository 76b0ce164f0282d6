package reports_test

import (
	"bytes"
	"os"
	"testing"

	"pcnledger/domain"
	"pcnledger/projections"
	"pcnledger/reports"
)

// exampleBy is a worked example, with what is effective by a date.
func exampleBy(t *testing.T, name string, effective domain.Date) *projections.Views {
	t.Helper()
	file, err := os.ReadFile("../projections/testdata/" + name + ".jsonl")
	if err != nil {
		t.Fatal(err)
	}
	views := projections.NewViewsAt(effective)
	for line := range bytes.Lines(file) {
		views.Apply(recorded(t, line))
	}
	return views
}

func TestAReportOfWhatIsEffectiveByADateSaysSo(t *testing.T) {
	views := exampleBy(t, "six-hundred-thousand", "2019-03-08")
	r := build(t, views, "nhse-transformation", reports.Options{Fund: "NR-PCN-2018"})
	if called := sumOf(t, table(t, r, "by-purpose"), "called back"); called != 10_000_00 { // not the 70,000 of 31 March
		t.Errorf("called back is %s", called)
	}
	if r.Heading.Effective != "2019-03-08" || r.Heading.Number != 34 || r.Heading.Date != "2019-04-02" {
		t.Errorf("the heading is %+v", r.Heading)
	}
	if closing := build(t, views, "trial-balance", reports.Options{}).Closing[0]; closing != "Debits less credits of fund NR-PCN-2018: financial accounts nil, control accounts nil." {
		t.Error(closing)
	}
	golden(t, "effective", written(t, reports.Formats()[0], build(t, views, "trial-balance", reports.Options{Period: "2018-19/M11"}))+
		written(t, reports.Formats()[1], build(t, views, "trial-balance", reports.Options{Period: "2018-19/M11"}))+
		written(t, reports.Formats()[2], build(t, views, "journal", reports.Options{Period: "2018-19/M12"})))
}

func TestEveryReportCanBeMadeOfAnyDate(t *testing.T) {
	for _, name := range []string{"six-hundred-thousand", "first-networks", "governed-year"} {
		for _, effective := range []domain.Date{"2018-01-01", "2019-01-15", "2019-07-31", "2019-12-01"} {
			views := exampleBy(t, name, effective)
			for _, d := range reports.Reports() {
				buildAll(t, views, d)
			}
		}
	}
}

func TestTheFinanceReturnOfAnEarlierDateIsUpToItsPeriod(t *testing.T) {
	r := build(t, exampleBy(t, "six-hundred-thousand", "2019-02-10"), "finance", reports.Options{})
	if r.Heading.Through != "2018-19/M11" {
		t.Errorf("it goes up to %s", r.Heading.Through)
	}
}

func TestBalancesOfAPeriodAreOfAllPeriodsUpToItAndItsJournalIsOfItAlone(t *testing.T) {
	views := example(t)
	for period, want := range map[domain.Period]domain.Pence{"2018-19/M11": 0, "2018-19/M12": 120_000_00, "2018-19/M13": 120_000_00} {
		o := reports.Options{Fund: "NR-PCN-2018", Period: period}
		var trial, balances domain.Pence
		for _, row := range table(t, build(t, views, "trial-balance", o), "accounts").Rows {
			if row[2] == reports.Words("expenditure") {
				trial += domain.Pence(row[5].(reports.Money))
			}
		}
		for _, row := range table(t, build(t, views, "balances", o), "balances").Rows {
			if row[1] == reports.Words("expenditure") {
				balances += domain.Pence(row[8].(reports.Money))
			}
		}
		if trial != want || balances != want {
			t.Errorf("up to %s expenditure is %s in the trial balance and %s in the balances, not %s", period, trial, balances, want)
		}
	}
	var rows int
	for _, period := range []domain.Period{"2018-19/M10", "2018-19/M11", "2018-19/M12"} {
		r := build(t, views, "journal", reports.Options{Period: period})
		for _, row := range table(t, r, "postings").Rows {
			if rows++; row[9] != reports.Words(period) {
				t.Errorf("the journal of %s has a posting of %s", period, row[9])
			}
		}
		if r.Heading.Period != period {
			t.Errorf("the heading says %+v", r.Heading)
		}
	}
	if all := len(table(t, build(t, views, "journal", reports.Options{}), "postings").Rows); rows != all {
		t.Errorf("%d postings in all periods, %d in the journal", rows, all)
	}
}

func TestAReportSaysWhetherOfficersAreAppointed(t *testing.T) {
	views := created(domain.KindLive)
	if said := build(t, views, "funds", reports.Options{}).Heading.Officers; said != "No officers are appointed: whoever can open this ledger may record alone." {
		t.Error(said)
	}
	views.Apply(domain.Recorded{Stamp: domain.Stamp{Number: 2, Time: views.Ledger.Time}, Fact: domain.Fact{Event: domain.OfficerAppointed{}}})
	if said := build(t, views, "funds", reports.Options{}).Heading.Officers; said != "Officers are known by their operating-system login; sign-in is not offered yet." {
		t.Error(said)
	}
}
