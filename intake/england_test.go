package intake_test

import (
	"os"
	"path/filepath"
	"testing"

	"pcnledger/domain"
	"pcnledger/intake"
)

// england reads a file of the example of the whole of England.
func england(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "examples", "england", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// The totals are those of Patients Registered at a GP Practice, January 2021 (NHS Digital); who has no list and who no
// network follows from it and ePCN of 28 January 2022.
func TestEnglandHas60606345PatientsAndOf6587MembersFortyThreeHaveNoList(t *testing.T) {
	made := imported(t, england(t, "lists_2021-01-01.csv"), "lists_2021-01-01.csv", totals)
	list := lists(made)[0]
	if list.At != "2021-01-01" || len(list.Lines) != 6_658 || patients(list.Lines) != 60_606_345 {
		t.Errorf("at %s: %d practices with %d patients", list.At, len(list.Lines), patients(list.Lines))
	}
	opts := intake.MembershipOptions{Ledger: "england", Source: domain.Source{Title: "ePCN of 28 January 2022"}}
	enrolled := enlisted(t, england(t, "memberships.csv"), "memberships.csv", opts)
	if got := enrolled.Summary.Memberships; got.Open+got.Ended != 6_755 || got.Networks != 1_269 {
		t.Errorf("%d memberships of %d networks", got.Open+got.Ended, got.Networks)
	}
	in, networks := map[domain.Body]bool{}, map[domain.Body]bool{}
	for _, c := range schedules(enrolled) {
		for _, m := range c.Members {
			if m.From <= "2021-01-01" && (m.To == "" || m.To >= "2021-01-01") {
				in[m.Practice], networks[c.Network] = true, true
			}
		}
	}
	if len(in) != 6_587 || len(networks) != 1_254 {
		t.Errorf("on 1 January 2021 there are %d members of %d networks", len(in), len(networks))
	}
	without, patients := 0, int64(0)
	for _, line := range list.Lines {
		if !in[line.Practice] {
			without++
			patients += line.Patients
		}
		delete(in, line.Practice)
	}
	if len(in) != 43 || without != 114 || patients != 459_153 {
		t.Errorf("%d members have no list; %d lists with %d patients have no network", len(in), without, patients)
	}
}

// The totals are those of the whole of England in the files as published, of which testdata/england has the columns that are
// read.
func TestTheTotalsOfEnglandHoldInEveryForm(t *testing.T) {
	titled := domain.Source{Title: "PCN weighted lists 2024/25"}
	for _, c := range []struct {
		file       string
		population domain.Population
		at         domain.Date
		practices  int
		patients   int64
	}{
		{"gp-reg-pat-prac-all_01Jan2022", "", "", 6_527, 61_469_262},
		{"gp-reg-pat-prac-quin-age_01Jul2026", "", "", 6_139, 63_436_508},
		{"pcn_adjusted_populations_2025-26", "registered", "2025-01-01", 6_249, 63_724_163},
		{"pcn_adjusted_populations_2025-26", "adjusted", "2025-01-01", 6_249, 63_724_141},
		{"pcn_raw_adjusted_weighted_2024-25", "registered", "2024-01-01", 6_329, 63_161_806},
		{"pcn_raw_adjusted_weighted_2024-25", "adjusted", "2024-01-01", 6_329, 63_161_839},
		{"pcn_raw_adjusted_weighted_2024-25", "weighted", "2024-01-01", 6_329, 61_181_285},
	} {
		made := imported(t, published(t, filepath.Join("england", c.file+".zip")), c.file+".zip",
			intake.ListOptions{Ledger: "england", Population: c.population, At: c.at, Source: titled})
		got := made.Summary.Lists[0]
		if got.Practices != c.practices || got.Patients != c.patients {
			t.Errorf("%s %s: %d practices with %d patients, want %d and %d", c.file, c.population, got.Practices, got.Patients, c.practices, c.patients)
		}
	}
}

func TestTheMembershipsOfEnglandHoldInEveryEra(t *testing.T) {
	for file, want := range map[string]struct{ networks, rows, leftOut int }{
		"ePCN_2019-12-04": {1_250, 6_757, 0},
		"ePCN_2022-01-28": {1_303, 7_232, 12},
		"ePCN_2024-10-25": {1_363, 7_705, 22}, // three of the 1,366 networks have had no member
	} {
		opts := intake.MembershipOptions{Ledger: "england", LeaveOut: true}
		made := enlisted(t, published(t, filepath.Join("england", file+".zip")), file+".zip", opts)
		got, leftOut := made.Summary.Memberships, 0
		for _, l := range made.Summary.LeftOut {
			leftOut += l.Rows
		}
		if got.Networks != want.networks || got.Open+got.Ended+leftOut != want.rows || leftOut != want.leftOut {
			t.Errorf("%s: %d networks, %d memberships and %d left out; want %+v", file, got.Networks, got.Open+got.Ended, leftOut, want)
		}
	}
}
