package intake_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pcnledger/domain"
	"pcnledger/intake"
)

var update = flag.Bool("update", false, "write the golden files anew")

// at is where an error is said to be.
type at struct {
	line, column int
	field        string
}

const (
	averageHeader = "practice_code,practice_name,pcn_code,pcn_name,registered_patients_average,weighted_patients_average,close_date\n"
	historyHeader = "pcn_code,pcn_name,practice_code,practice_name,registered_patients,as_of\n"
	totalsHeader  = "PUBLICATION,EXTRACT_DATE,TYPE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS\n"
)

var badFiles = []struct {
	name string
	file string
	opts intake.ListOptions
	want []at
}{
	{"an empty file is refused", "", totals, []at{{}}},
	{"a file of a byte order mark and blank lines is refused", "\uFEFF\n \n", totals, []at{{}}},
	{"a workbook is refused", "PK\x03\x04\x14\x00", totals, []at{{}}},
	{"a file in another encoding is refused", averageHeader + "K84036,CAF\xc9 SURGERY,U01367,W,1,1,\n", averages, []at{{line: 2}}},
	{"a file too large to be totals is refused", strings.Repeat("x", 32<<20+1), totals, []at{{}}},

	{"an unknown header is refused and the known ones told", "Practice,Patients\nK84036,5\n", totals, []at{{line: 1}}},
	{"a file of memberships is no list", "practice_code,practice_name,pcn_code,pcn_name,joined,left\n", totals, []at{{line: 1}}},
	{"semicolons are no commas", strings.ReplaceAll(historyHeader, ",", ";"), history, []at{{line: 1}}},
	{"a missing column is named", "practice_code,practice_name,pcn_code,registered_patients_average\nK84036,A,U01367,5\n", averages, []at{{1, 0, "close_date"}}},
	{"all missing columns are named", "EXTRACT_DATE,TYPE,CODE,NUMBER_OF_PATIENTS\n", totals, []at{{1, 0, "SEX"}, {1, 0, "AGE"}}},
	{"a column that stands twice is refused", "EXTRACT_DATE,TYPE,CODE,SEX,AGE,NUMBER_OF_PATIENTS,Code \n01JAN2021,GP,K84036,ALL,ALL,5,K84037\n", totals, []at{{1, 7, "CODE"}}},
	{"a header of two forms is refused", "practice_code,practice_name,pcn_code,registered_patients_average,close_date,registered_patients,as_of\n", averages, []at{{line: 1}}},
	{"a quotation mark left open ends the reading", historyHeader + "U01367,\"W,K84036,A,5,2021-01-01\nU01367,W,K84037,A,5,2021-01-01\n", history, []at{{line: 2}}},
	{"a quotation mark in the header is refused", "pcn_code,\"pcn\"name\n", history, []at{{line: 1}}},
	{"a ragged row is refused, and the rest read on", historyHeader + "U20931,KIDLINGTON, ISLIP PCN,K84003,A,5,2021-01-01\nU20931,K,K84042,B,x,2021-01-01\n", history, []at{{line: 2}, {3, 5, "registered_patients"}}},

	{"a file without a practice's list is refused", totalsHeader + "L,01JAN2021,CCG,10Q,,ALL,ALL,700000\n", totals, []at{{}}},
	{"a header alone is refused", historyHeader, history, []at{{}}},

	{"negative patients are refused", historyHeader + "U01367,W,K84036,A,-5,2021-01-01\n", history, []at{{2, 5, "registered_patients"}}},
	{"fractional patients are refused where whole ones are due", historyHeader + "U01367,W,K84036,A,5355.75,2021-01-01\n", history, []at{{2, 5, "registered_patients"}}},
	{"blank patients are refused", historyHeader + "U01367,W,K84036,A, ,2021-01-01\n", history, []at{{2, 5, "registered_patients"}}},
	{"a comma in a number is refused", historyHeader + "U01367,W,K84036,A,\"5,489\",2021-01-01\n", history, []at{{2, 5, "registered_patients"}}},
	{"more patients than a practice can have are refused", historyHeader + "U01367,W,K84036,A,1234567890,2021-01-01\n", history, []at{{2, 5, "registered_patients"}}},
	{"a negative average is refused", averageHeader + "K84036,A,U01367,W,-5.5,1,\n", averages, []at{{2, 5, "registered_patients_average"}}},
	{"an average in powers of ten is refused", averageHeader + "K84036,A,U01367,W,5e3,1,\n", averages, []at{{2, 5, "registered_patients_average"}}},
	{"a blank average is refused", averageHeader + "K84036,A,U01367,W,,1,\n", averages, []at{{2, 5, "registered_patients_average"}}},

	{"a practice twice on one date is refused", historyHeader + "U01367,W,K84036,A,5,2021-01-01\nU01367,W,K84036,A,5,2022-01-01\nU04862,B,ods:K84036,A,5,2021-01-01\n", history, []at{{4, 3, "practice_code"}}},
	{"a practice twice among the averages is refused", averageHeader + "K84036,A,U01367,W,5,1,\nK84036,A,U01367,W,6,1,\n", averages, []at{{3, 1, "practice_code"}}},
	{"a total row with a blank code is no practice", totalsHeader + "L,01JAN2021,GP,,,ALL,ALL,60606345\n", totals, []at{{2, 4, "CODE"}}},
	{"a total row with a word for a code is no practice", averageHeader + "TOTAL,,,,771247.5,1,\n", averages, []at{{2, 1, "practice_code"}}},
	{"a row of no known level is refused", totalsHeader + "L,01JAN2021,,K84036,,ALL,ALL,5\n", totals, []at{{2, 3, "TYPE"}}},
	{"U is no practice", totalsHeader + "L,01JAN2021,GP,U,,ALL,ALL,5\n", totals, []at{{2, 4, "CODE"}}},
	{"a bad practice code is refused", averageHeader + "k84036,A,U01367,W,5,1,\n", averages, []at{{2, 1, "practice_code"}}},
	{"a bad network code is refused", averageHeader + "K84036,A,Banbury PCN,W,5,1,\n", averages, []at{{2, 3, "pcn_code"}}},
	{"a paragraph is no name", averageHeader + "K84036," + strings.Repeat("A", 201) + ",U01367,W,5,1,\n", averages, []at{{2, 2, "practice_name"}}},

	{"a bad date is refused", totalsHeader + "L,31FEB2021,GP,K84036,,ALL,ALL,5\n", totals, []at{{2, 2, "EXTRACT_DATE"}}},
	{"a date with slashes is refused, for it has two readings", totalsHeader + "L,01/07/2026,GP,K84036,,ALL,ALL,5\n", totals, []at{{2, 2, "EXTRACT_DATE"}}},
	{"a blank date is refused", historyHeader + "U01367,W,K84036,A,5,\n", history, []at{{2, 6, "as_of"}}},
	{"a date before the NHS is refused", historyHeader + "U01367,W,K84036,A,5,0021-01-01\n", history, []at{{2, 6, "as_of"}}},
	{"a bad close date is refused", averageHeader + "K84036,A,U01367,W,5,1,09/15/2019\n", averages, []at{{2, 7, "close_date"}}},

	{"averages need a year and a reference date", averageHeader + "K84036,A,U01367,W,5,1,\n", totals, []at{{field: "average"}, {field: "stands-for"}}},
	{"counted lists take no year", historyHeader + "U01367,W,K84036,A,5,2021-01-01\n",
		intake.ListOptions{Ledger: "oxfordshire", Average: "2019-20", Source: domain.Source{Title: "x"}}, []at{{field: "average"}}},
	{"several dates take no reference date", historyHeader + "U01367,W,K84036,A,5,2021-01-01\nU01367,W,K84036,A,5,2022-01-01\n",
		intake.ListOptions{Ledger: "oxfordshire", StandsFor: "2021-01-01", Source: domain.Source{Title: "x"}}, []at{{field: "stands-for"}}},
	{"a list without a source is refused", historyHeader + "U01367,W,K84036,A,5,2021-01-01\n", totals, []at{{field: "title"}}},
	{"a list too large for one commit is refused", largeList(20_000), history, []at{{line: 2}}},

	{"all faults of a row are told together", historyHeader + "Banbury PCN,W,U,A,-5,yesterday\n", history,
		[]at{{2, 1, "pcn_code"}, {2, 3, "practice_code"}, {2, 5, "registered_patients"}, {2, 6, "as_of"}}},
}

func largeList(practices int) string {
	var file strings.Builder
	file.WriteString(historyHeader)
	for i := range practices {
		fmt.Fprintf(&file, "U01367,W,K%05d,,%d,2021-01-01\n", i, 100_000_000+i)
	}
	return file.String()
}

func TestBadFilesAreRefusedWithThePlaceAndTheRemedy(t *testing.T) {
	var wording strings.Builder
	for _, bad := range badFiles {
		made, err := intake.ListSizes(strings.NewReader(bad.file), "lists.csv", bad.opts)
		fmt.Fprintf(&wording, "# %s\n%v\n\n", bad.name, err)
		t.Run(bad.name, func(t *testing.T) { checkRefused(t, made, err, "lists.csv", bad.want) })
	}
	checkWording(t, "errors.golden", wording.String())
}

// checkRefused checks that nothing is given for recording, and where the file is said to be wrong.
func checkRefused(t *testing.T, made intake.Import, err error, file string, want []at) {
	t.Helper()
	if diff := cmp.Diff(intake.Import{}, made); diff != "" {
		t.Errorf("something is given for recording:\n%s", diff)
	}
	faults, ok := errors.AsType[intake.Errors](err)
	if !ok {
		t.Fatalf("got %v, want what is wrong with the file", err)
	}
	var got []at
	for _, e := range faults {
		got = append(got, at{e.Line, e.Column, e.Field})
		if e.File != file || e.Reason == "" || e.Remedy == "" {
			t.Errorf("no file, reason or remedy: %+v", e)
		}
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(at{})); diff != "" {
		t.Error(diff)
	}
	if first, ok := errors.AsType[*intake.Error](err); !ok || first != faults[0] {
		t.Error("the first error is not found by errors.As")
	}
}

// checkWording compares what was said with a golden file.
func checkWording(t *testing.T, golden, wording string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(filepath.Join("testdata", golden), []byte(wording), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(published(t, golden)), wording); diff != "" {
		t.Errorf("the wording has changed; if that is meant, run the test with -update:\n%s", diff)
	}
}

func TestReadingStopsAfterTwentyErrorsAndSaysSo(t *testing.T) {
	file := historyHeader + strings.Repeat("U01367,W,K84036,A,many,2021-01-01\n", 50)
	_, err := intake.ListSizes(strings.NewReader(file), "lists.csv", history)
	faults, _ := errors.AsType[intake.Errors](err)
	if len(faults) != intake.MostErrors {
		t.Fatalf("%d errors, want %d", len(faults), intake.MostErrors)
	}
	if got := faults[19].Line; got != 21 {
		t.Errorf("the last is of line %d, want 21", got)
	}
	if lines := strings.Count(err.Error(), "\n") + 1; lines != 21 {
		t.Errorf("told in %d lines, want one for each and one that there may be more", lines)
	}
}

func TestALongValueIsShortened(t *testing.T) {
	file := historyHeader + "U01367,W,K84036,A," + strings.Repeat("é", 10_000) + ",2021-01-01\n"
	_, err := intake.ListSizes(strings.NewReader(file), "lists.csv", history)
	e, _ := errors.AsType[*intake.Error](err)
	if e == nil || e.Value != strings.Repeat("é", 60)+"…" {
		t.Errorf("got %v", err)
	}
}
