package bench

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// tiny are the options of a run that shows that everything is measured, not how fast it is.
func tiny(t *testing.T) Options {
	return Options{Dir: t.TempDir(), Events: 150, Lines: 2000, Clients: 4, Postings: 2000,
		size: hamlet, effort: effort{rounds: 2, latencies: 5, perClient: 5, alone: 5, journal: 2, questions: 60}}
}

func TestEveryRowIsMeasuredAndNothingIsLeftBehind(t *testing.T) {
	o := tiny(t)
	var said []string
	o.Progress = func(text string) { said = append(said, text) }
	report, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	var rows []int
	for _, row := range report.Rows {
		rows = append(rows, row.Row)
		checkRow(t, row)
	}
	if want := []int{1, 2, 4, 4, 5, 6, 7, 8, 8, 8, 9, 9, 9, 10, 10}; !slices.Equal(rows, want) {
		t.Errorf("rows %v, not %v", rows, want)
	}
	if report.Version != 1 || report.Seconds <= 0 || report.Machine.NATS == "" || report.Machine.CPUs < 1 {
		t.Errorf("%+v", report)
	}
	if len(said) < len(measurements()) {
		t.Errorf("only this was said of what was done: %q", said)
	}
	checkEmpty(t, o.Dir)
}

// checkRow looks for figures that cannot be.
func checkRow(t *testing.T, row Row) {
	t.Helper()
	if row.Figure.Value == 0 {
		if row.Pass != nil || row.Note == "" || row.Row != 8 && row.Row != 10 {
			t.Errorf("row %d has no figure and does not say why: %+v", row.Row, row)
		}
		return
	}
	measures := []Measure{row.Figure}
	if row.Row != 10 && row.Part != "memory" { // whose budgets are absolute
		measures = append(measures, row.Yardstick)
		if row.Yardstick.Name == "" || row.Ratio <= 0 || row.Pass == nil && row.Row != 9 {
			t.Errorf("row %d lacks something: %+v", row.Row, row)
		}
	}
	for _, m := range measures {
		if m.Value < 0 || m.Low > m.Value || m.High < m.Value || m.Unit == "" {
			t.Errorf("row %d: %+v", row.Row, m)
		}
	}
	if row.What == "" || row.Budget.text() == "" {
		t.Errorf("row %d lacks something: %+v", row.Row, row)
	}
}

func checkEmpty(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestOnlyTheRowsThatWereAskedForAreMeasured(t *testing.T) {
	o := tiny(t)
	o.Rows = []int{1}
	report, err := Run(t.Context(), o)
	if err != nil || len(report.Rows) != 1 || report.Rows[0].Row != 1 {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestARestartIsMeasuredOnlyIfItsSnapshotIsUsed(t *testing.T) {
	s := opened(t)
	commands := append(s.registry(), s.openBook()...)
	if err := s.put(t.Context(), append(commands, s.generator.singles(5000)...)); err != nil { // enough for a snapshot
		t.Fatal(err)
	}
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
	r := &run{Options: Options{Progress: func(string) {}, effort: effort{rounds: 1}}}
	row, err := r.reopened(t.Context(), s, Row{Row: 10})
	if err != nil || row.Figure.Value <= 0 || row.Yardstick.Value <= 0 {
		t.Errorf("%+v, %v", row, err)
	}
	files, err := os.ReadDir(s.snapshots())
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	if err := os.Truncate(filepath.Join(s.snapshots(), files[0].Name()), 100); err != nil {
		t.Fatal(err)
	}
	if took, err := s.reopen(t.Context()); err == nil {
		t.Errorf("without its snapshot it was opened in %v s, and nobody noticed", took)
	}
}

func TestARunThatIsInterruptedLeavesNothingBehind(t *testing.T) {
	interrupted := errors.New("interrupted")
	ctx, interrupt := context.WithCancelCause(t.Context())
	o := tiny(t)
	o.Rows = []int{5}
	o.Progress = func(text string) {
		if text == "row 5: rebuild from a log of single events, building a log, 0 of 150 commits" {
			interrupt(interrupted)
		}
	}
	if _, err := Run(ctx, o); !errors.Is(err, interrupted) && !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	checkEmpty(t, o.Dir)
}

func TestOptionsThatCannotBeMeasuredAreRefused(t *testing.T) {
	for _, change := range []func(*Options){
		func(o *Options) { o.Rows = []int{3} }, func(o *Options) { o.Rows = []int{0} }, func(o *Options) { o.Events = 0 },
		func(o *Options) { o.Lines = -1 }, func(o *Options) { o.Clients = 0 }, func(o *Options) { o.Postings = 0 },
	} {
		o := tiny(t)
		change(&o)
		if _, err := Run(t.Context(), o); err == nil || o.Check() == nil {
			t.Errorf("%+v is measured", o)
		}
		checkEmpty(t, o.Dir)
	}
}

func TestADirectoryThatIsNotThereIsAnError(t *testing.T) {
	o := tiny(t)
	o.Dir += "/absent"
	if _, err := Run(t.Context(), o); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
