package reports_test

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pcnledger/domain"
	"pcnledger/projections"
	"pcnledger/reports"
)

// A storedEvent is a line of a worked example that the tests of projections keep.
type storedEvent struct {
	Number    int64          `json:"number"`
	Time      time.Time      `json:"time"`
	Type      string         `json:"type"`
	Version   int            `json:"version"`
	Actor     string         `json:"actor"`
	Effective domain.Date    `json:"effectivedate"`
	Period    domain.Period  `json:"period"`
	Data      jsontext.Value `json:"data"`
}

func example(t testing.TB) *projections.Views { return exampleOf(t, "six-hundred-thousand") }

// firstNetworks is the first year of two networks: entitlements, roles, claims.
func firstNetworks(t testing.TB) *projections.Views { return exampleOf(t, "first-networks") }

func exampleOf(t testing.TB, name string) *projections.Views {
	t.Helper()
	file, err := os.ReadFile("../projections/testdata/" + name + ".jsonl")
	if err != nil {
		t.Fatal(err)
	}
	views := projections.NewViews()
	for line := range bytes.Lines(file) {
		views.Apply(recorded(t, line))
	}
	return views
}

func recorded(t testing.TB, line []byte) domain.Recorded {
	t.Helper()
	var stored storedEvent
	if err := json.Unmarshal(line, &stored); err != nil {
		t.Fatal(err)
	}
	kind, err := domain.EventKindNamed(stored.Type, stored.Version)
	if err != nil {
		t.Fatal(err)
	}
	event, err := kind.Decode(func(into any) error {
		return json.Unmarshal(stored.Data, into, json.RejectUnknownMembers(true))
	})
	if err != nil {
		t.Fatalf("event %d: %v", stored.Number, err)
	}
	return domain.Recorded{
		Stamp: domain.Stamp{Number: stored.Number, Time: stored.Time, Actor: stored.Actor},
		Fact:  domain.Fact{Event: event, Effective: stored.Effective, Period: stored.Period},
	}
}

// created is a ledger in which nothing but its creation is recorded.
func created(kind domain.LedgerKind) *projections.Views {
	views := projections.NewViews()
	views.Apply(domain.Recorded{
		Stamp: domain.Stamp{Number: 1, Time: time.Date(2019, 4, 1, 9, 30, 0, 0, time.UTC)},
		Fact:  domain.Fact{Event: domain.LedgerCreated{Ledger: "oxfordshire", Commissioner: "ods:10Q", Kind: kind}},
	})
	return views
}

func build(t testing.TB, v *projections.Views, name string, o reports.Options) reports.Report {
	t.Helper()
	d, err := reports.Named(name)
	if err != nil {
		t.Fatal(err)
	}
	o.Version = "pcnledger test"
	r, err := d.Build(v, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A selected report is one of those that together show all that a report has.
type selected struct {
	reports.Report
	name string // statement-NET-1
}

func buildAll(t testing.TB, v *projections.Views, d reports.Definition) []selected {
	t.Helper()
	var all []selected
	for _, o := range d.Selections(v) {
		name := d.Name
		if o.Network != "" {
			name += "-" + o.Network.Bare()[len("local:"):]
		}
		all = append(all, selected{build(t, v, d.Name, o), name})
	}
	return all
}

func written(t testing.TB, f reports.Format, r reports.Report) string {
	t.Helper()
	var out bytes.Buffer
	if err := f.Write(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
