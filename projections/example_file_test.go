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

// exampleFile is the worked example for the tests of other packages: one event a line.
const exampleFile = "testdata/six-hundred-thousand.jsonl"

func TestExampleFileIsTheWorkedExample(t *testing.T) {
	var want bytes.Buffer
	for _, r := range sixHundredThousand() {
		kind := domain.EventKindOf(r.Event)
		line, err := json.Marshal(struct {
			Number    int64         `json:"number"`
			Time      time.Time     `json:"time"`
			Type      string        `json:"type"`
			Version   int           `json:"version"`
			Actor     string        `json:"actor"`
			Effective domain.Date   `json:"effectivedate,omitzero"`
			Period    domain.Period `json:"period,omitzero"`
			Data      domain.Event  `json:"data"`
		}{r.Number, r.Time, kind.Name, kind.Version, r.Actor, r.Effective, r.Period, r.Event})
		if err != nil {
			t.Fatal(err)
		}
		want.Write(append(line, '\n'))
	}
	if *update {
		if err := os.WriteFile(exampleFile, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(exampleFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Error("the file differs from the worked example: run the test with -update")
	}
}
