package intake_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"pcnledger/domain"
	"pcnledger/intake"
)

// averages is what a person says of the file of averages.
var averages = intake.ListOptions{Ledger: "oxfordshire", Average: "2019-20", StandsFor: "2019-01-01"}

// history is what a person says of the file with several dates.
var history = intake.ListOptions{Ledger: "oxfordshire", Source: domain.Source{Title: "Lists of Oxfordshire, gathered"}}

var totals = intake.ListOptions{Ledger: "oxfordshire"}

// published reads a file of testdata.
func published(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// imported imports what must be right.
func imported(t testing.TB, raw []byte, name string, opts intake.ListOptions) intake.Import {
	t.Helper()
	made, err := intake.ListSizes(bytes.NewReader(raw), name, opts)
	if err != nil {
		t.Fatalf("import %s:\n%v", name, err)
	}
	return made
}

// lists returns the RecordListSizes of an import.
func lists(made intake.Import) (all []domain.RecordListSizes) {
	for _, numbered := range made.Commands {
		if c, ok := numbered.Command.(domain.RecordListSizes); ok {
			all = append(all, c)
		}
	}
	return all
}

// bodies returns the RegisterBody of an import, by body.
func bodies(made intake.Import) map[domain.Body]domain.RegisterBody {
	all := map[domain.Body]domain.RegisterBody{}
	for _, numbered := range made.Commands {
		if c, ok := numbered.Command.(domain.RegisterBody); ok {
			all[c.Body] = c
		}
	}
	return all
}

func patients(lines []domain.ListLine) (sum int64) {
	for _, line := range lines {
		sum += line.Patients
	}
	return sum
}

func TestTheAveragesOf2019RoundTo763959PatientsInNineteenNetworks(t *testing.T) {
	made := imported(t, published(t, "lists_2019-20.csv"), "lists_2019-20.csv", averages)

	want := `Recognised as: average lists of a year, by practice
Average list of 2019/20, used for 1 January 2019: 70 practices, 19 networks, 771,257 patients
  in networks: 68 practices, 763,959 patients
To register: 70 practices
Columns not read: pcn_name, weighted_patients_average
Please note: line 30: Y02754 BANBURY HEALTH CENTRE closed on 15 September 2019; its list of 6,122 patients is recorded all the same
Please note: line 71: K84617 SOUTH OXFORD HEALTH CENTRE closed on 8 September 2019; its list of 4,502 patients is recorded all the same
Please note: in no network in 2019/20: 2 practices with 7,298 patients; the lists are recorded all the same
`
	if diff := cmp.Diff(want, made.Summary.String()); diff != "" {
		t.Error(diff)
	}

	all := lists(made)
	if len(all) != 1 {
		t.Fatalf("%d lists, want 1", len(all))
	}
	list := all[0]
	if list.Population != domain.PopulationRegistered || list.At != "" || list.Average != "2019-20" || list.StandsFor != "2019-01-01" {
		t.Errorf("the list is of %q, at %q, average %q, for %q", list.Population, list.At, list.Average, list.StandsFor)
	}
	if len(list.Lines) != 70 || patients(list.Lines) != 771_257 {
		t.Errorf("%d practices with %d patients, want 70 with 771,257", len(list.Lines), patients(list.Lines))
	}
	wantLines := []domain.ListLine{
		{Practice: "ods:K84036", Patients: 5_356, Published: "5355.75"},
		{Practice: "ods:K84037", Patients: 17_047, Published: "17046.5"}, // half, away from zero
		{Practice: "ods:K84071", Patients: 9_918, Published: "9917.75"},
		{Practice: "ods:K84025", Patients: 15_641, Published: "15640.5"},
		{Practice: "ods:K84051", Patients: 15_918}, // whole as published
	}
	if diff := cmp.Diff(wantLines, list.Lines[:5]); diff != "" {
		t.Error(diff)
	}
	wantSource := domain.Source{
		Title:   "NHS Payments to General Practice, England, 2019/20",
		File:    "lists_2019-20.csv",
		SHA256:  "6f3819a9915159253715fae843d80eaa16b81fd42390544e5ac056dd63aa7061",
		Address: "https://digital.nhs.uk/data-and-information/publications/statistical/nhs-payments-to-general-practice",
		Licence: "Open Government Licence v3.0",
		Note:    "averages over the year, each rounded half away from zero to whole patients",
	}
	if diff := cmp.Diff(wantSource, list.Source); diff != "" {
		t.Error(diff)
	}
}

func TestTheWeightedAveragesOf2019AreReadFromTheirOwnColumn(t *testing.T) {
	opts := averages
	opts.Population = domain.PopulationWeighted
	made := imported(t, published(t, "lists_2019-20.csv"), "lists_2019-20.csv", opts)
	list := lists(made)[0]
	if list.Population != domain.PopulationWeighted || patients(list.Lines) != 723_580 {
		t.Errorf("%d patients, %s; want 723,580 weighted", patients(list.Lines), list.Population)
	}
	if text := made.Summary.String(); !strings.Contains(text, "70 practices, 19 networks, 723,580 weighted patients\n") {
		t.Errorf("the summary does not say that patients are weighted:\n%s", text)
	}
	registered := imported(t, published(t, "lists_2019-20.csv"), "lists_2019-20.csv", averages)
	if registered.Commands[len(registered.Commands)-1].ID == made.Commands[len(made.Commands)-1].ID {
		t.Error("the weighted list has the id of the registered one")
	}
}

func TestAFileWithoutWeightedPatientsIsNotReadAsWeighted(t *testing.T) {
	_, err := intake.ListSizes(bytes.NewReader(published(t, "oxfordshire.csv")), "oxfordshire.csv",
		intake.ListOptions{Ledger: "test", Population: domain.PopulationWeighted, Source: domain.Source{Title: "history"}})
	if err == nil || !strings.Contains(err.Error(), "the file has no weighted patients") {
		t.Errorf("got %v", err)
	}
}

func TestTheHistoryHasOneListForEachOfItsFiveDates(t *testing.T) {
	made := imported(t, published(t, "oxfordshire.csv"), "oxfordshire.csv", history)
	want := []intake.ListSummary{
		{At: "2021-01-01", Practices: 67, Patients: 778_948, Networks: 20, Unallocated: 2, UnallocatedPatients: 13_214},
		{At: "2022-01-01", Practices: 67, Patients: 792_917, Networks: 20, Unallocated: 1, UnallocatedPatients: 2_966},
		{At: "2024-01-01", Practices: 66, Patients: 814_932, Networks: 21},
		{At: "2025-01-01", Practices: 63, Patients: 825_066, Networks: 21},
		{At: "2026-07-01", Practices: 64, Patients: 821_290, Networks: 21, Unallocated: 1, UnallocatedPatients: 3_188},
	}
	if diff := cmp.Diff(want, made.Summary.Lists); diff != "" {
		t.Error(diff)
	}
	for i, list := range lists(made) {
		if list.At != want[i].At || len(list.Lines) != want[i].Practices || patients(list.Lines) != want[i].Patients {
			t.Errorf("list %d: %s, %d practices, %d patients", i, list.At, len(list.Lines), patients(list.Lines))
		}
	}
}

func TestAPracticeTakesItsNameOfTheLatestDate(t *testing.T) {
	made := imported(t, []byte(historyHeader+`U95654,NORA PCN,K84058,GODSWELL LODGE SURGERY,7000,2019-01-01
U95654,NORA PCN,K84058,,8100,2023-01-01
U95654,NORA PCN,K84058,BLOXHAM SURGERY,7997,2021-01-01
U95654,NORA PCN,K84058,GODSWELL LODGE,7500,2020-01-01
`), "lists.csv", history)
	want := map[domain.Body]domain.RegisterBody{
		"ods:K84058": {Body: "ods:K84058", Kind: domain.KindPractice, Name: "BLOXHAM SURGERY"},
	}
	if diff := cmp.Diff(want, bodies(made)); diff != "" {
		t.Error(diff)
	}
	if all := lists(made); len(all) != 4 || all[0].At != "2019-01-01" || all[3].At != "2023-01-01" {
		t.Errorf("the lists are not in the order of their dates: %+v", all)
	}
}

func TestTheTotalsOfOxfordshireAreThoseOfTheHistory(t *testing.T) {
	for name, want := range map[string]intake.ListSummary{
		"gp-reg-pat-prac-all_01Jan2021_10Q.csv": {At: "2021-01-01", Practices: 67, Patients: 778_948},
		"gp-reg-pat-prac-all_01Jan2022_10Q.csv": {At: "2022-01-01", Practices: 67, Patients: 792_917},
	} {
		made := imported(t, published(t, name), name, totals)
		if diff := cmp.Diff([]intake.ListSummary{want}, made.Summary.Lists); diff != "" {
			t.Error(name, diff)
		}
		if len(bodies(made)) != 67 || made.Summary.Registered != 67 {
			t.Errorf("%s registers %d practices, want 67", name, len(bodies(made)))
		}
		source := lists(made)[0].Source
		if wantTitle := "Patients Registered at a GP Practice, " + want.At.String(); source.Title != wantTitle {
			t.Errorf("title %q, want %q", source.Title, wantTitle)
		}
		if source.Licence != "Open Government Licence v3.0" || source.Address == "" {
			t.Errorf("licence %q, address %q", source.Licence, source.Address)
		}
	}
}

func TestEveryGenerationOfTheTotalsIsRead(t *testing.T) {
	for name, file := range map[string]string{
		"with clinical commissioning groups": "PUBLICATION,EXTRACT_DATE,TYPE,CCG_CODE,ONS_CCG_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS\n" +
			"GP_PRAC_PAT_LIST,01JUL2026,GP,10Q,E38000136,K84001,RG9 2AA,ALL,ALL,10529\n",
		"with sub-ICB locations": "PUBLICATION,EXTRACT_DATE,TYPE,SUB_ICB_LOCATION_CODE,ONS_SUB_ICB_LOCATION_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS\n" +
			"GP_PRAC_PAT_LIST,01Jul2026,GP,10Q,E38000136,K84001,RG9 2AA,ALL,ALL,10529\n",
		"without commissioners": "PUBLICATION,EXTRACT_DATE,TYPE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS\n" +
			"GP_PRAC_PAT_LIST,2026-07-01,GP,K84001,RG9 2AA,ALL,ALL,10529\n",
	} {
		t.Run(name, func(t *testing.T) {
			list := lists(imported(t, []byte(file), "totals.csv", totals))[0]
			if list.At != "2026-07-01" || list.StandsFor != "" {
				t.Errorf("at %q, for %q", list.At, list.StandsFor)
			}
			if diff := cmp.Diff([]domain.ListLine{{Practice: "ods:K84001", Patients: 10_529}}, list.Lines); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRowsThatWouldCountPatientsTwiceAreLeftOutAndCounted(t *testing.T) {
	made := imported(t, []byte(`EXTRACT_DATE,TYPE,CODE,SEX,AGE,NUMBER_OF_PATIENTS
01Jan2022,GP,K84001,ALL,ALL,100
01Jan2022,GP,K84001,MALE,ALL,48
01Jan2022,GP,K84001,FEMALE,ALL,52
01Jan2022,GP,K84001,ALL,95+,3
01Jan2022,CCG,10Q,ALL,ALL,100
01Jan2022,CCG,11Q,ALL,ALL,200

,,,,,
`), "totals.csv", totals)
	if got := made.Summary.Lists[0]; got.Practices != 1 || got.Patients != 100 {
		t.Errorf("%d practices with %d patients, want 1 with 100", got.Practices, got.Patients)
	}
	want := []intake.LeftOut{
		{"AGE is 95+, not ALL", 1}, {"SEX is FEMALE, not ALL", 1}, {"SEX is MALE, not ALL", 1},
		{"TYPE is CCG, not GP", 2}, {"blank", 1},
	}
	if diff := cmp.Diff(want, made.Summary.LeftOut); diff != "" {
		t.Error(diff)
	}
}

func TestEverySpellingOfNoNetworkMeansNone(t *testing.T) {
	file := "pcn_code,practice_code,practice_name,registered_patients,as_of\n"
	for i, spelling := range []string{"U", "", "no_data", "N/A", "Unknown or no PCN", "U00000", "U62251"} {
		file += spelling + ",K8400" + string(rune('1'+i)) + ",A SURGERY,10,2021-01-01\n"
	}
	got := imported(t, []byte(file), "lists.csv", history).Summary.Lists[0]
	if got.Unallocated != 5 || got.UnallocatedPatients != 50 || got.Networks != 2 || got.Practices != 7 {
		t.Errorf("of %d practices %d are in none, and there are %d networks; want 7, 5 and 2: U00000 is one",
			got.Practices, got.Unallocated, got.Networks)
	}
}

func TestAnAverageIsRoundedHalfAwayFromZeroAndKeptAsPublished(t *testing.T) {
	for figure, want := range map[string]domain.ListLine{
		"5355.75":            {Patients: 5_356, Published: "5355.75"},
		"2.5":                {Patients: 3, Published: "2.5"}, // banker's rounding would say 2
		"0.49":               {Patients: 0, Published: "0.49"},
		"8362":               {Patients: 8_362},
		"8362.00":            {Patients: 8_362},
		"4503599.500000001":  {Patients: 4_503_600, Published: "4503599.500000001"},
		"999999999.4999999":  {Patients: 999_999_999, Published: "999999999.4999999"},
		" 17046.5 ":          {Patients: 17_047, Published: "17046.5"},
		"100000000.49999999": {Patients: 100_000_000, Published: "100000000.49999999"},
	} {
		t.Run(figure, func(t *testing.T) {
			file := "practice_code,practice_name,pcn_code,registered_patients_average,close_date\nK84036,A SURGERY,U01367," + figure + ",\n"
			want.Practice = "ods:K84036"
			got := lists(imported(t, []byte(file), "lists.csv", averages))[0].Lines
			if diff := cmp.Diff([]domain.ListLine{want}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOnlyWhatTheLedgerDoesNotKnowIsRegistered(t *testing.T) {
	raw := published(t, "lists_2019-20.csv")
	opts := averages
	opts.Known = func(b domain.Body) (string, bool) {
		switch b {
		case "ods:K84036":
			return "MILL STREAM SURGERY", true
		case "ods:K84037":
			return "THE WALLINGFORD PRACTICE", true
		case "ods:K84071":
			return "", true
		}
		return "", false
	}
	made := imported(t, raw, "lists_2019-20.csv", opts)
	registered := bodies(made)
	if _, again := registered["ods:K84036"]; again {
		t.Error("K84036 is registered again under the name it has")
	}
	for body, name := range map[domain.Body]string{
		"ods:K84037": "WALLINGFORD MEDICAL PRACTICE", "ods:K84071": "GORING AND WOODCOTE MEDICAL PRACTICE",
		"ods:K84054": "THE ABINGDON SURGERY", // two spaces as published
	} {
		if diff := cmp.Diff(domain.RegisterBody{Body: body, Kind: domain.KindPractice, Name: name}, registered[body]); diff != "" {
			t.Error(diff)
		}
	}
	if made.Summary.Registered != 67 || made.Summary.Renamed != 2 || len(registered) != 69 {
		t.Errorf("%d new, %d renamed, %d commands; want 67, 2, 69", made.Summary.Registered, made.Summary.Renamed, len(registered))
	}

	opts = totals
	opts.Known = func(domain.Body) (string, bool) { return "A NAME FROM ELSEWHERE", true }
	made = imported(t, published(t, "gp-reg-pat-prac-all_01Jan2021_10Q.csv"), "totals.csv", opts)
	if len(made.Commands) != 1 {
		t.Errorf("a file without names gives %d commands for known practices, want the list alone", len(made.Commands))
	}
}

func TestOfAFileOfTheWholeCountryOnlyWhomTheLedgerKnowsMayBeRead(t *testing.T) {
	opts := totals
	opts.KnownOnly = true
	opts.Known = func(b domain.Body) (string, bool) { return "A SURGERY", b == "ods:K84036" || b == "ods:K84037" }
	raw := published(t, "gp-reg-pat-prac-all_01Jan2021_10Q.csv") // 67 practices
	made := imported(t, raw, "totals.csv", opts)
	if got := lists(made)[0].Lines; len(got) != 2 || len(made.Commands) != 1 {
		t.Errorf("%d practices in %d commands; want the two that are known, and none registered", len(got), len(made.Commands))
	}
	want := []intake.LeftOut{{"of practices that the ledger does not know", 65}}
	if diff := cmp.Diff(want, made.Summary.LeftOut); diff != "" {
		t.Error(diff)
	}

	opts.Known = func(domain.Body) (string, bool) { return "", false }
	if _, err := intake.ListSizes(bytes.NewReader(raw), "totals.csv", opts); err == nil || !strings.Contains(err.Error(), "the ledger knows no practice of the file") {
		t.Errorf("a file of strangers gives %v", err)
	}
}

func TestBodiesComeBeforeListsAndAreAllAcceptedByALedger(t *testing.T) {
	for name, opts := range map[string]intake.ListOptions{
		"lists_2019-20.csv": averages, "oxfordshire.csv": history, "gp-reg-pat-prac-all_01Jan2022_10Q.csv": totals,
	} {
		var ledger domain.Ledger
		at := domain.Stamp{Number: 1, Time: time.Date(2026, time.August, 1, 9, 0, 0, 0, time.UTC), Actor: "a.officer", Auth: "demo"}
		record := func(c domain.Command) {
			t.Helper()
			facts, err := ledger.Decide(c, "", at)
			if err != nil {
				t.Fatalf("%s: %T: %v", name, c, err)
			}
			for _, fact := range facts {
				ledger.Apply(fact)
				at.Number++
			}
		}
		record(domain.CreateLedger{Ledger: "oxfordshire", Commissioner: "ods:10Q", Kind: domain.KindDemo})
		for _, numbered := range imported(t, published(t, name), name, opts).Commands {
			record(numbered.Command)
		}
	}
}

func TestWhatIsSaidOfTheSourceStands(t *testing.T) {
	opts := averages
	opts.Source = domain.Source{Title: "Contract list", Licence: "none", Note: "agreed on 3 July", SHA256: "not mine to say", File: "nor this"}
	source := lists(imported(t, published(t, "lists_2019-20.csv"), `C:\finance\lists 2019.csv`, opts))[0].Source
	if source.Title != "Contract list" || source.Licence != "none" || source.Note != "agreed on 3 July" {
		t.Errorf("the source became %+v", source)
	}
	if source.File != "lists 2019.csv" || !strings.HasPrefix(source.SHA256, "6f3819a9") {
		t.Errorf("file %q, SHA-256 %q: both are the file's own", source.File, source.SHA256)
	}
}

func TestAListCountedOnOneDayMayStandForAnother(t *testing.T) {
	opts := totals
	opts.StandsFor = "2020-12-31"
	list := lists(imported(t, published(t, "gp-reg-pat-prac-all_01Jan2021_10Q.csv"), "totals.csv", opts))[0]
	if list.At != "2021-01-01" || list.StandsFor != "2020-12-31" {
		t.Errorf("at %q, for %q", list.At, list.StandsFor)
	}
}

// However a spreadsheet writes the file out again, it says the same.
func TestColumnsInAnyOrderSayTheSame(t *testing.T) {
	raw := published(t, "lists_2019-20.csv")
	want := imported(t, raw, "lists.csv", averages)
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(r *rapid.T) {
		order := rapid.Permutation([]int{0, 1, 2, 3, 4, 5, 6}).Draw(r, "order")
		var file bytes.Buffer
		if rapid.Bool().Draw(r, "byte order mark") {
			file.WriteString("\uFEFF")
		}
		w := csv.NewWriter(&file)
		w.UseCRLF = rapid.Bool().Draw(r, "CRLF")
		padding := rapid.SampledFrom([]string{"", " ", "\n"}).Draw(r, "padding")
		for _, row := range rows {
			moved := make([]string, len(row))
			for to, from := range order {
				moved[to] = row[from] + padding
			}
			if err := w.Write(moved); err != nil {
				r.Fatal(err)
			}
		}
		w.Flush()

		got, err := intake.ListSizes(&file, "lists.csv", averages)
		if err != nil {
			r.Fatal(err)
		}
		if diff := cmp.Diff(bodies(want), bodies(got)); diff != "" {
			r.Fatal(diff)
		}
		if diff := cmp.Diff(lists(want)[0].Lines, lists(got)[0].Lines); diff != "" {
			r.Fatal(diff)
		}
		slices.Sort(got.Summary.Unread)
		if diff := cmp.Diff(want.Summary.Unread, got.Summary.Unread); diff != "" {
			r.Fatal(diff)
		}
	})
}

func TestADiskThatCannotBeReadIsNotTheOfficersFault(t *testing.T) {
	broken := errors.New("input/output error")
	made, err := intake.ListSizes(iotest.ErrReader(broken), "/media/lists.csv", totals)
	var faults intake.Errors
	if !errors.Is(err, broken) || errors.As(err, &faults) || len(made.Commands) != 0 {
		t.Errorf("got %v with %d commands", err, len(made.Commands))
	}
}
