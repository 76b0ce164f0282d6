package intake_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pcnledger/intake"
)

// checkTold checks that an error of the file says what is wrong with it, and that nothing is given for recording.
func checkTold(t *testing.T, made intake.Import, err error) {
	t.Helper()
	faults, ok := errors.AsType[intake.Errors](err)
	if !ok || len(faults) == 0 || len(faults) > intake.MostErrors || len(made.Commands) != 0 {
		t.Fatalf("%d commands, and the error %#v", len(made.Commands), err)
	}
	for _, e := range faults {
		if e.File == "" || e.Reason == "" || e.Remedy == "" || e.Error() == "" {
			t.Fatalf("an error that says too little: %#v", e)
		}
	}
}

// checkEnlisted checks that every command of an import is accepted by an empty ledger, and that the summary has its figures.
func checkEnlisted(t *testing.T, made intake.Import) {
	t.Helper()
	newBook(t).record(made)
	open, ended := 0, 0
	for _, c := range schedules(made) {
		if c.Source.Title == "" || c.Source.SHA256 == "" {
			t.Fatalf("memberships without a source: %+v", c)
		}
		for _, m := range c.Members {
			if m.To == "" {
				open++
			} else {
				ended++
			}
		}
	}
	got := made.Summary.Memberships
	if got.Open != open || got.Ended != ended || open+ended == 0 || got.Registered+made.Summary.Registered != len(bodies(made)) {
		t.Fatalf("%d open and %d ended memberships of %d bodies, and the summary says %+v", open, ended, len(bodies(made)), got)
	}
	_ = made.Summary.String()
}

// FuzzMemberships says of any bytes: they are refused with a reason and a remedy, or become commands that an empty ledger
// accepts, and become the same commands the next time.
func FuzzMemberships(f *testing.F) {
	f.Add(published(f, "oxfordshire_membership.csv")[:600], false)
	f.Add(published(f, "lists_2019-20.csv")[:600], true)
	f.Add([]byte(memberHeader+"K1,A,U1,N,20191001,20200331\nK1,A,U2,S,20200401,\nK2,B,U2,S,20191001,20200331\nK2,B,U1,N,20200401,\n"), false)
	for _, bad := range badMemberships {
		if len(bad.file) < 1000 {
			f.Add([]byte(bad.file), bad.opts.From != "")
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte, without bool) {
		opts := members
		if without {
			opts = undated
		}
		made, err := intake.Memberships(bytes.NewReader(raw), "fuzz.csv", opts)
		if err != nil {
			checkTold(t, made, err)
			return
		}
		checkEnlisted(t, made)
		again, err := intake.Memberships(bytes.NewReader(raw), "fuzz.csv", opts)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(made, again); diff != "" {
			t.Fatalf("imported again it is another: %s", diff)
		}
	})
}

// FuzzWorkbook says the same of any part of a workbook.
func FuzzWorkbook(f *testing.F) {
	networks, members := latest.epcn(f, []byte(memberHeader+"K84024,A,U23620,N,20191001,20200531\nK84024,A,U62251,S,20200601,\n"))
	raw := workbook(f, networks, members)
	parts := []string{membersPart, "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
	for i, name := range parts {
		f.Add(i, partOf(f, raw, name))
	}
	f.Fuzz(func(t *testing.T, which int, content []byte) {
		if which < 0 || which >= len(parts) {
			return
		}
		made, err := intake.Memberships(bytes.NewReader(with(t, raw, part{name: parts[which], content: content})), "fuzz.xlsx", ofOxfordshire)
		if err != nil {
			checkTold(t, made, err)
			return
		}
		checkEnlisted(t, made)
	})
}

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
			checkTold(t, made, err)
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
