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
