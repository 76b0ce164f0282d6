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
	Request   string         `json:"request"`
	Raised    string         `json:"raisedby"`
	Approved  string         `json:"approvedby"`
	Data      jsontext.Value `json:"data"`
}

func example(t testing.TB) *projections.Views { return exampleOf(t, "six-hundred-thousand") }

// firstNetworks is the first year of two networks: entitlements, roles, claims.
func firstNetworks(t testing.TB) *projections.Views { return exampleOf(t, "first-networks") }

// governed is a year in small under control: officers, requests of each outcome, a payment run, a loss, an accrual, a period
// that was closed, reopened and closed again, corrections. Its last events register its bodies, and hold a request that
// would post.
func governed(t testing.TB) *projections.Views {
	views := exampleOf(t, "governed-year")
	for _, e := range governedLate {
		views.Apply(domain.Recorded{
			Stamp: domain.Stamp{Number: views.Ledger.Number + 1, Time: views.Ledger.Time.Add(time.Hour), RaisedBy: "recorder-1"}, Fact: domain.Fact{Event: e},
		})
	}
	return views
}

var governedLate = []domain.Event{
	domain.BodyRegistered{Body: "local:FED-A", Kind: domain.KindFederation, Name: "First Federation"},
	domain.BodyRegistered{Body: "local:NET-1", Kind: domain.KindNetwork, Name: "North Network"},
	domain.RequestHeld{
		Asked: domain.Asked{Command: domain.RecordSpend{Fund: "CTRL-2019", Reference: "invoice 9"}}, Effective: "2019-08-14", Act: "SpendRecorded",
		About: "fund/CTRL-2019", RaisedIn: 6, Limit: 500_00, Why: "RecordSpend of £650.00 is above the limit of £500.00",
		Worth: []domain.FundPence{{Fund: "CTRL-2019", Pence: 650_00}}, Judged: []domain.FundPence{{Fund: "CTRL-2019", Pence: 950_00}},
		Effect: []domain.EffectLine{
			{Account: domain.Expenditure, Fund: "CTRL-2019", Payee: "local:FED-A", Beneficiary: "local:NET-1", Category: "workforce", For: "2019-20", Period: "2019-20/M05", Pence: 650_00},
			{Account: domain.Payables, Fund: "CTRL-2019", Payee: "local:FED-A", Beneficiary: "local:NET-1", For: "2019-20", Period: "2019-20/M05", Pence: -650_00},
		},
		Digest: "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef", Expires: "2019-08-28",
	},
}

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
		Stamp: domain.Stamp{
			Number: stored.Number, Time: stored.Time, Actor: stored.Actor, Request: stored.Request, RaisedBy: stored.Raised, ApprovedBy: stored.Approved,
		},
		Fact: domain.Fact{Event: event, Effective: stored.Effective, Period: stored.Period},
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
