package reports_test

import (
	"bytes"
	"testing"

	"pcnledger/reports"
)

// The reports of control, and those that control changes, in figures of the governed year.
func TestTheReportsOfControl(t *testing.T) {
	views := governed(t)
	for _, report := range []struct {
		name    string
		options reports.Options
	}{
		{"approvals", reports.Options{}}, {"officers", reports.Options{}}, {"interests", reports.Options{}}, {"periods", reports.Options{}},
		{"periods", reports.Options{Period: "2019-20/M01"}}, {"payment-runs", reports.Options{}}, {"prompt-payment", reports.Options{}},
		{"losses", reports.Options{}}, {"corrections", reports.Options{}}, {"statement", reports.Options{Payee: "local:FED-A"}},
		{"items", reports.Options{}}, {"claims", reports.Options{}}, {"arrs", reports.Options{}}, {"funds", reports.Options{}}, {"finance", reports.Options{}},
	} {
		name := report.name
		if report.options.Period != "" {
			name += "-of-one"
		}
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := reports.Text(&out, build(t, views, report.name, report.options), reports.TextOptions{Detail: true}); err != nil {
				t.Fatal(err)
			}
			golden(t, "governed/"+name+".txt", out.String())
		})
	}
	for _, f := range reports.Formats()[1:] {
		golden(t, "governed/approvals"+f.Extension, written(t, f, build(t, views, "approvals", reports.Options{})))
	}
}
