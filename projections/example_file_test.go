package projections_test

import (
	"bytes"
	"flag"
	"os"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"pcnledger/domain"
)

var update = flag.Bool("update", false, "write the example file anew")

// The worked examples for the tests of other packages: one event a line.
func TestExampleFilesAreTheWorkedExamples(t *testing.T) {
	exampleFile(t, "testdata/six-hundred-thousand.jsonl", sixHundredThousand())
	exampleFile(t, "testdata/first-networks.jsonl", firstNetworks())
	exampleFile(t, "testdata/governed-year.jsonl", governedYear())
	exampleFile(t, "testdata/later-years.jsonl", laterYears())
}

func exampleFile(t *testing.T, file string, events []domain.Recorded) {
	t.Helper()
	var want bytes.Buffer
	for _, r := range events {
		kind := domain.EventKindOf(r.Event)
		line, err := json.Marshal(struct {
			Number    int64         `json:"number"`
			Time      time.Time     `json:"time"`
			Type      string        `json:"type"`
			Version   int           `json:"version"`
			Actor     string        `json:"actor"`
			Effective domain.Date   `json:"effectivedate,omitzero"`
			Period    domain.Period `json:"period,omitzero"`
			Request   string        `json:"request,omitzero"`
			Raised    string        `json:"raisedby,omitzero"`
			Approved  string        `json:"approvedby,omitzero"`
			Data      domain.Event  `json:"data"`
		}{r.Number, r.Time, kind.Name, kind.Version, r.Actor, r.Effective, r.Period, r.Request, r.RaisedBy, r.ApprovedBy, r.Event})
		if err != nil {
			t.Fatal(err)
		}
		want.Write(append(line, '\n'))
	}
	if *update {
		if err := os.WriteFile(file, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Errorf("%s differs from the worked example: run the test with -update", file)
	}
}
