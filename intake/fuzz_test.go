package intake_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pcnledger/intake"
)

// FuzzListSizes says of any bytes: they are refused with a reason and a remedy, or become commands whose figures are
// those of the summary, and become the same commands the next time.
func FuzzListSizes(f *testing.F) {
	for _, name := range []string{"lists_2019-20.csv", "oxfordshire.csv", "gp-reg-pat-prac-all_01Jan2021_10Q.csv"} {
		raw := published(f, name)
		f.Add(raw[:min(len(raw), 600)], false)
		f.Add(raw[:min(len(raw), 600)], true)
	}
	for _, bad := range badFiles {
		if len(bad.file) < 1000 {
			f.Add([]byte(bad.file), bad.opts.Average != "")
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte, average bool) {
		opts := history
		if average {
			opts = averages
		}
		made, err := intake.ListSizes(bytes.NewReader(raw), "fuzz.csv", opts)
		if err != nil {
			faults, ok := errors.AsType[intake.Errors](err)
			if !ok || len(faults) == 0 || len(faults) > intake.MostErrors || len(made.Commands) != 0 {
				t.Fatalf("%d commands, and the error %#v", len(made.Commands), err)
			}
			for _, e := range faults {
				if e.File == "" || e.Reason == "" || e.Remedy == "" || e.Error() == "" {
					t.Fatalf("an error that says too little: %#v", e)
				}
			}
			return
		}
		recorded := lists(made)
		if len(recorded) == 0 || len(recorded) != len(made.Summary.Lists) {
			t.Fatalf("%d lists and %d in the summary", len(recorded), len(made.Summary.Lists))
		}
		for i, list := range recorded {
			if patients(list.Lines) != made.Summary.Lists[i].Patients || len(list.Lines) != made.Summary.Lists[i].Practices {
				t.Fatalf("list %d is not what the summary says", i)
			}
			if list.Source.Title == "" || list.Source.SHA256 == "" || (list.At == "") == (list.Average == "") {
				t.Fatalf("a list without source or date: %+v", list)
			}
			for _, line := range list.Lines {
				if line.Patients < 0 || line.Practice == "" || line.Practice == "ods:U" {
					t.Fatalf("a line that is no practice's list: %+v", line)
				}
			}
		}
		_ = made.Summary.String()
		again, err := intake.ListSizes(bytes.NewReader(raw), "fuzz.csv", opts)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(made, again); diff != "" {
			t.Fatalf("imported again it is another: %s", diff)
		}
	})
}
