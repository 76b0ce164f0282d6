package intake_test

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pcnledger/domain"
	"pcnledger/intake"
)

// These ids stand in ledgers. If this test fails, files that were imported would be recorded a second time.
func TestTheIDsOfImportedCommandsNeverChange(t *testing.T) {
	for _, one := range []struct {
		ledger, kind, key, content string
		want                       string
	}{
		{"oxfordshire", "list-sizes", "registered/2021-01-01", `{"a":1}`, "c98c1f44-146a-52f0-a478-646e34dce4ff"},
		{"oxfordshire", "list-sizes", "registered/2021-01-01", `{"a":2}`, "808923bb-45f8-5eb9-b94a-81e122c838b2"},
		{"demo", "list-sizes", "registered/2021-01-01", `{"a":1}`, "57e97017-a5f3-59bb-a6c4-bbc9d44e460e"},
	} {
		if got := intake.ID(one.ledger, one.kind, one.key, []byte(one.content)); got != one.want {
			t.Errorf("ID(%q, %q, %q, %s) = %s, want %s", one.ledger, one.kind, one.key, one.content, got, one.want)
		}
	}
	made := imported(t, published(t, "lists_2019-20.csv"), "lists_2019-20.csv", averages)
	if got, want := made.Commands[0].ID, "03651dfb-7d0c-5a7b-ae86-2883784d31db"; got != want {
		t.Errorf("the first practice has id %s, want %s", got, want)
	}
	if got, want := made.Commands[70].ID, "72b0a381-9e3e-5372-b58d-3b0e73a1fe22"; got != want {
		t.Errorf("the list has id %s, want %s", got, want)
	}
}

func TestAFileImportedAgainGivesTheSameIDs(t *testing.T) {
	raw := published(t, "oxfordshire.csv")
	first := imported(t, raw, "oxfordshire.csv", history)
	again := imported(t, raw, "/home/officer/oxfordshire.csv", history)
	if diff := cmp.Diff(first, again); diff != "" {
		t.Error(diff)
	}
	seen := map[string]bool{}
	form := regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`)
	for _, c := range first.Commands {
		if seen[c.ID] || !form.MatchString(c.ID) {
			t.Errorf("id %q of line %d is given twice, or is none", c.ID, c.Line)
		}
		seen[c.ID] = true
	}
}

func TestAnythingElseIsAnotherCommand(t *testing.T) {
	raw := published(t, "lists_2019-20.csv")
	idOfList := func(change func(*intake.ListOptions)) string {
		opts := averages
		change(&opts)
		commands := imported(t, raw, "lists_2019-20.csv", opts).Commands
		return commands[len(commands)-1].ID
	}
	plain := idOfList(func(*intake.ListOptions) {})
	for name, change := range map[string]func(*intake.ListOptions){
		"another ledger":         func(o *intake.ListOptions) { o.Ledger = "demo" },
		"another reference date": func(o *intake.ListOptions) { o.StandsFor = "2019-04-01" },
		"another year":           func(o *intake.ListOptions) { o.Average = "2018-19" },
		"another title":          func(o *intake.ListOptions) { o.Source.Title = "Contract list" },
	} {
		if idOfList(change) == plain {
			t.Errorf("%s gives the same id", name)
		}
	}
	known := func(o *intake.ListOptions) { o.Known = func(domain.Body) (string, bool) { return "", true } }
	if idOfList(known) != plain {
		t.Error("what the ledger knows changes the list's id")
	}
}
