package intake_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pcnledger/domain"
	"pcnledger/intake"
)

// The sums are those of the rows of Oxfordshire in the published files.
func TestEveryFormOfOxfordshiresPopulationsHasItsSum(t *testing.T) {
	titled := domain.Source{Title: "PCN weighted lists 2024/25"}
	for _, c := range []struct {
		file                string
		population          domain.Population
		at                  domain.Date
		source              domain.Source
		practices, networks int
		patients            int64
	}{
		{"gp-reg-pat-prac-quin-age_01Jul2026_10Q.csv", "", "", domain.Source{}, 64, 0, 821_290},
		{"pcn_adjusted_populations_2025-26_10Q.csv", "registered", "2025-01-01", domain.Source{}, 65, 21, 828_306},
		{"pcn_adjusted_populations_2025-26_10Q.csv", "adjusted", "2025-01-01", domain.Source{}, 65, 21, 768_918},
		{"pcn_raw_adjusted_weighted_2024-25_10Q.csv", "registered", "2024-01-01", titled, 67, 21, 818_095},
		{"pcn_raw_adjusted_weighted_2024-25_10Q.csv", "adjusted", "2024-01-01", titled, 67, 21, 751_557},
		{"pcn_raw_adjusted_weighted_2024-25_10Q.csv", "weighted", "2024-01-01", titled, 67, 21, 704_073},
	} {
		t.Run(c.file+" "+string(c.population), func(t *testing.T) {
			opts := intake.ListOptions{Ledger: "oxfordshire", Population: c.population, At: c.at, Source: c.source}
			made := imported(t, published(t, c.file), c.file, opts)
			list, got := lists(made)[0], made.Summary.Lists[0]
			if got.Practices != c.practices || got.Networks != c.networks || patients(list.Lines) != c.patients {
				t.Errorf("%d practices, %d networks, %d patients; want %d, %d and %d", got.Practices, got.Networks, patients(list.Lines),
					c.practices, c.networks, c.patients)
			}
			if c.at != "" && (list.At != c.at || list.Population != c.population) {
				t.Errorf("%s patients at %s", list.Population, list.At)
			}
		})
	}
}

func TestAgesSexesAndLargerBodiesAreNotAddedToThePractices(t *testing.T) {
	raw := published(t, "gp-reg-pat-prac-quin-age_01Jul2026_10Q.csv")
	made := imported(t, zipped(t, part{name: "gp-reg-pat-prac-quin-age.csv", content: raw}), "gp-reg-pat-prac-quin-age.zip", totals)
	if got := made.Summary.Lists[0]; got.Patients != 821_290 || got.At != "2026-07-01" {
		t.Errorf("%d patients at %s", got.Patients, got.At)
	}
	left := 0
	for _, l := range made.Summary.LeftOut {
		left += l.Rows
	}
	if rows := bytes.Count(raw, []byte("\n")) - 1; left+64 != rows {
		t.Errorf("%d rows left out of %d", left, rows)
	}
}

func TestATotalWithoutACodeIsNoPracticeAndIsCheckedAgainstTheSum(t *testing.T) {
	opts := intake.ListOptions{Ledger: "oxfordshire", At: "2025-01-01"}
	raw := published(t, "pcn_adjusted_populations_2025-26_10Q.csv") // with the total row of the whole of England, as published
	made := imported(t, raw, "adjusted.csv", opts)
	if !slices.Contains(made.Summary.LeftOut, intake.LeftOut{Reason: "the total, which is no practice", Rows: 1}) {
		t.Errorf("left out: %v", made.Summary.LeftOut)
	}
	if len(made.Summary.Warnings) == 0 || !strings.Contains(made.Summary.Warnings[0], "the total is given as 63724163; the lists above are 828,306 patients") {
		t.Errorf("warnings: %q", made.Summary.Warnings)
	}
	right := bytes.Replace(raw, []byte(",63724163,"), []byte(",828306,"), 1)
	for _, warning := range imported(t, right, "adjusted.csv", opts).Summary.Warnings {
		if strings.Contains(warning, "the total") {
			t.Errorf("a total that is the sum is warned of: %s", warning)
		}
	}
}

func TestAMapSaysWhoIsInWhichNetworkInEitherEra(t *testing.T) {
	for file, want := range map[string][4]int{ // networks, practices, members, in none
		"gp-reg-pat-prac-map_01Jan2022_10Q.csv": {20, 67, 66, 1},
		"gp-reg-pat-prac-map_01Jul2026_10Q.csv": {21, 64, 63, 1},
	} {
		opts := intake.MembershipOptions{Ledger: "oxfordshire", From: "2022-01-01", Commissioner: "ods:10Q"}
		for name, raw := range map[string][]byte{file: published(t, file), "map.zip": zipped(t, part{name: "gp-reg-pat-prac-map.csv", content: published(t, file)})} {
			made := enlisted(t, raw, name, opts)
			got := made.Summary.Memberships
			if [4]int{got.Networks, made.Summary.Practices, got.Open, got.Unallocated} != want {
				t.Errorf("%s: %+v of %d practices, want %v", file, got, made.Summary.Practices, want)
			}
			if source := schedules(made)[0].Source; !strings.Contains(source.Note, "began on 1 January 2022") {
				t.Errorf("%s: the note %q does not say what is assumed", file, source.Note)
			}
		}
	}
}

const adjustedHeader = "Practice Code,Practice Name,PCN Code,PCN Name,ICB Code,ICB Name,Region code,Region,Raw list size,Adjusted Population,PCN member January 25\n"

var badPopulations = []struct {
	name string
	file string
	opts intake.ListOptions
	want []at
}{
	{"adjusted populations need the day on which they were counted", adjustedHeader + "K84036,A,U01367,W,,,,,5,6,Yes\n", totals, []at{{field: "at"}}},
	{"a file with days takes none", totalsHeader + "L,01JAN2021,GP,K84036,,ALL,ALL,5\n", intake.ListOptions{Ledger: "oxfordshire", At: "2021-01-01"}, []at{{field: "at"}}},
	{"totals have no adjusted patients", totalsHeader + "L,01JAN2021,GP,K84036,,ALL,ALL,5\n",
		intake.ListOptions{Ledger: "oxfordshire", Population: domain.PopulationAdjusted}, []at{{line: 1}}},
	{"a total with a name is no practice", adjustedHeader + ",TOTAL,,,,,,,63724163,63724141,\n", intake.ListOptions{Ledger: "oxfordshire", At: "2025-01-01"},
		[]at{{2, 1, "Practice Code"}}},
	{"a blank adjusted population is refused", adjustedHeader + "K84036,A,U01367,W,,,,,5,,Yes\n",
		intake.ListOptions{Ledger: "oxfordshire", At: "2025-01-01", Population: domain.PopulationAdjusted}, []at{{2, 10, "Adjusted Population"}}},
	{"a map of practices has no patients", "PUBLICATION,EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,PCN_CODE,PCN_NAME,CCG_CODE\n", totals, []at{{line: 1}}},
}

func TestBadPopulationsAreRefusedWithThePlaceAndTheRemedy(t *testing.T) {
	for _, bad := range badPopulations {
		t.Run(bad.name, func(t *testing.T) {
			made, err := intake.ListSizes(strings.NewReader(bad.file), "lists.csv", bad.opts)
			checkRefused(t, made, err, "lists.csv", bad.want)
		})
	}
	t.Run("a zip file of two files is refused", func(t *testing.T) {
		made, err := intake.ListSizes(bytes.NewReader(zipped(t, part{name: "readme.txt", content: []byte("x")})), "lists.csv", totals)
		checkRefused(t, made, err, "lists.csv", []at{{}})
	})
}

func TestMembershipsThatOverlapAreLeftOutIfAskedAndToldWithLineAndDates(t *testing.T) {
	file := memberHeader + "K81007,A,U03989,W,20191001,20210401\nK81007,A,U99474,R,20210401,\nK84036,B,U99474,R,20191001,\nK81007,A,U03989,W,20180101,20180201\n"
	opts := members
	opts.LeaveOut = true
	made := enlisted(t, []byte(file), "members.csv", opts)
	if got := made.Summary.Memberships; got.Open != 1 || got.Ended != 1 {
		t.Errorf("%d open and %d ended, want the two that overlap nothing", got.Open, got.Ended)
	}
	want := "K81007 is in one network at a time; left out: line 2, in U03989 from 1 October 2019 until 1 April 2021; line 3, in U99474 from 1 April 2021; record what is right by hand"
	if !slices.Contains(made.Summary.Warnings, want) {
		t.Errorf("warnings: %q", made.Summary.Warnings)
	}
	if !slices.Contains(made.Summary.LeftOut, intake.LeftOut{Reason: "overlap another of the same practice", Rows: 2}) {
		t.Errorf("left out: %v", made.Summary.LeftOut)
	}
	twice := memberHeader + "K84036,A,U01367,W,20191001,\nK84036,A,U01367,W,20191001,\n"
	_, err := intake.Memberships(strings.NewReader(twice), "members.csv", opts)
	if err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("a row that stands twice: %v", err)
	}
}
