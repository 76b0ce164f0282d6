package bench

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

// someReport has a row of every kind.
func someReport() Report {
	return Report{Version: 1, Seconds: 41.5, Machine: Machine{System: "linux/amd64", CPUs: 2, Go: "go1.26", NATS: "2.15.2", FileSystem: "disk"}, Rows: []Row{
		Row{Row: 1, What: "one command", Figure: samples{390, 410, 400}.measure("µs"), Yardstick: samples{250}.measure("µs").named("write and sync"),
			Budget: ratioAtMost(2), Note: "900 commands"}.judged(),
		Row{Row: 6, What: "lines of a log", Figure: samples{1_100_000}.measure("lines/s"),
			Budget: Budget{Of: OfFigure, Side: AtLeast, Limit: 1_200_000, Unit: "lines/s"}}.judged(),
		Row{Row: 8, Part: "ledger", What: "processor time", Figure: samples{0.25}.measure("s"), Yardstick: samples{5}.measure("s").named("ledger"),
			Budget: timesLess(10)}.judged(),
		{Row: 8, Part: "hledger", What: "processor time", Budget: timesLess(50), Note: "not installed: apt-get install hledger"},
	}}
}

func TestTheReportAsText(t *testing.T) {
	want := `linux/amd64, 2 CPUs, go1.26, nats-server 2.15.2

Row  Figure                                Beside it                             Ratio     Budget

1    one command, beside: write and sync
     400 µs (390 to 410)                   250 µs                                1.6 ×     at most 2 ×             met
     900 commands

6    lines of a log
     1.1 M lines/s                         –                                               at least 1.2 M lines/s  MISSED

8    processor time, beside: ledger
     0.25 s                                5 s                                   20 ×      at least 10 × less      met

8    processor time
     –                                     –                                               at least 50 × less      –
     not installed: apt-get install hledger

2 of 4 budgets met, 1 missed, 1 cannot be told. It took 42 seconds. Compare ratios, not figures: machines differ.
`
	var text strings.Builder
	if err := someReport().Text(&text); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, text.String()); diff != "" {
		t.Error(diff)
	}
}

func TestADirectoryInMemoryIsPointedOut(t *testing.T) {
	var text strings.Builder
	if err := (Report{Machine: Machine{FileSystem: inMemory}}).Text(&text); err != nil || !strings.Contains(text.String(), "--dir") {
		t.Error(text.String(), err)
	}
}

// The form is a promise to other programs: members may be added, none removed or changed.
func TestTheReportAsJSON(t *testing.T) {
	want := `{
  "version": 1,
  "machine": {
    "system": "linux/amd64",
    "cpus": 2,
    "go": "go1.26",
    "nats": "2.15.2",
    "filesystem": "disk"
  },
  "seconds": 41.5,
  "rows": [
    {
      "row": 1,
      "what": "one command",
      "figure": {
        "value": 400,
        "unit": "µs",
        "low": 390,
        "high": 410
      },
      "yardstick": {
        "name": "write and sync",
        "value": 250,
        "unit": "µs",
        "low": 250,
        "high": 250
      },
      "ratio": 1.6,
      "budget": {
        "of": "ratio",
        "side": "at most",
        "limit": 2
      },
      "pass": true,
      "note": "900 commands"
    },
    {
      "row": 6,
      "what": "lines of a log",
      "figure": {
        "value": 1100000,
        "unit": "lines/s",
        "low": 1100000,
        "high": 1100000
      },
      "budget": {
        "of": "figure",
        "side": "at least",
        "limit": 1200000,
        "unit": "lines/s"
      },
      "pass": false
    },
    {
      "row": 8,
      "part": "ledger",
      "what": "processor time",
      "figure": {
        "value": 0.25,
        "unit": "s",
        "low": 0.25,
        "high": 0.25
      },
      "yardstick": {
        "name": "ledger",
        "value": 5,
        "unit": "s",
        "low": 5,
        "high": 5
      },
      "ratio": 20,
      "budget": {
        "of": "inverse ratio",
        "side": "at least",
        "limit": 10
      },
      "pass": true
    },
    {
      "row": 8,
      "part": "hledger",
      "what": "processor time",
      "budget": {
        "of": "inverse ratio",
        "side": "at least",
        "limit": 50
      },
      "pass": null,
      "note": "not installed: apt-get install hledger"
    }
  ]
}`
	text, err := json.Marshal(someReport(), jsontext.WithIndent("  "))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Error(diff)
	}
}

func TestNumbersHaveThreeFigures(t *testing.T) {
	for _, c := range []struct {
		n    float64
		want string
	}{{0.0626, "0.063"}, {0.5, "0.5"}, {1.239, "1.24"}, {20, "20"}, {99.44, "99.4"}, {100.4, "100"}, {123456, "123,456"}, {1234567, "1.23 M"}} {
		if got := number(c.n); got != c.want {
			t.Errorf("%v is written %q, not %q", c.n, got, c.want)
		}
	}
}

func TestABudgetIsMetAtItsLimit(t *testing.T) {
	for _, b := range []Budget{ratioAtMost(2), ratioAtLeast(2)} {
		if row := (Row{Figure: Measure{Value: 4}, Yardstick: Measure{Value: 2}, Budget: b}).judged(); !*row.Pass || row.Ratio != 2 {
			t.Errorf("%s: %+v", b.text(), row)
		}
	}
	if row := (Row{Budget: ratioAtMost(2)}).judged(); *row.Pass {
		t.Error("what was not measured passes")
	}
}
