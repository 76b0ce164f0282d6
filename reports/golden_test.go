package reports_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pcnledger/projections"
	"pcnledger/reports"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); if that is meant, run with -update:\n%s", path, diff)
	}
}

func TestEveryReportInEveryFormat(t *testing.T) {
	for prefix, views := range map[string]*projections.Views{"": example(t), "first-networks/": firstNetworks(t)} {
		for _, d := range ungoverned() {
			for _, r := range buildAll(t, views, d) {
				for _, f := range reports.Formats() {
					t.Run(prefix+r.name+f.Extension, func(t *testing.T) {
						golden(t, prefix+r.name+f.Extension, written(t, f, r.Report))
					})
				}
			}
		}
	}
}

func TestTextWithItsDetail(t *testing.T) {
	for prefix, views := range map[string]*projections.Views{"": example(t), "first-networks/": firstNetworks(t)} {
		for _, d := range ungoverned() {
			for _, r := range buildAll(t, views, d) {
				t.Run(prefix+r.name, func(t *testing.T) {
					var out bytes.Buffer
					if err := reports.Text(&out, r.Report, reports.TextOptions{Detail: true}); err != nil {
						t.Fatal(err)
					}
					golden(t, prefix+r.name+".detail.txt", out.String())
				})
			}
		}
	}
}

func TestEveryReportOfANewLedger(t *testing.T) {
	text, err := reports.FormatNamed("text")
	if err != nil {
		t.Fatal(err)
	}
	for name, views := range map[string]*projections.Views{"nothing": projections.NewViews(), "created": created("live")} {
		var all string
		for _, d := range reports.Reports() {
			for _, r := range buildAll(t, views, d) {
				for _, table := range r.Tables {
					if table.Empty == "" {
						t.Errorf("%s: table %s has no word for being empty", d.Name, table.Name)
					}
				}
				for _, f := range reports.Formats() {
					written(t, f, r.Report)
				}
				all += written(t, text, r.Report) + "\n"
			}
		}
		golden(t, "new-ledger-"+name, all)
	}
}
