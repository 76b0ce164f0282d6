package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Options say what is measured, at which size and where.
type Options struct {
	Dir      string            // the temporary directory is made in it, on its disk; the system's own if empty
	Rows     []int             // numbers of the budget; every row if empty
	Events   int               // commits of one event in the log of rows 5 and 7
	Lines    int               // lines in the bulk log of rows 4 and 6
	Clients  int               // clients at once in row 2
	Postings int               // postings in the journals of rows 9 and 10
	Progress func(text string) // is told what is being done; may be nil

	size   country // england if zero
	effort effort  // the whole if zero
}

// The sizes of a run that takes about a minute of two idle cores.
const (
	DefaultEvents   = 15_000
	DefaultLines    = 300_000
	DefaultClients  = 64
	DefaultPostings = 500_000
)

// effort is how often things are done, so that tests can do them seldom.
type effort struct {
	rounds    int // of measurement and yardstick by turns
	latencies int // commands in a round of row 1
	perClient int // commands of each of many clients in a round of row 2
	alone     int // commands of one client alone in a round of row 2
	journal   int // tranches in the journal of row 8
	questions int // of a round of row 9, to each account
}

var wholeEffort = effort{rounds: 5, latencies: 300, perClient: 200, alone: 700, journal: 60, questions: 10_000}

// Check says what is wrong with the options, before anything is done.
func (o Options) Check() error {
	if o.Events < 1 || o.Lines < 1 || o.Clients < 1 || o.Postings < 1 {
		return errors.New("events, lines, clients and postings must all be 1 or more")
	}
	for _, number := range o.Rows {
		if !slices.ContainsFunc(measurements(), func(m measurement) bool { return m.row == number }) {
			return fmt.Errorf("there is no row %d to measure: choose from %s", number, rowNumbers())
		}
	}
	return nil
}

func (o Options) settled() (Options, error) {
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	if o.size == (country{}) {
		o.size = england
	}
	if o.effort == (effort{}) {
		o.effort = wholeEffort
	}
	return o, o.Check()
}

// A measurement fills one row of the budget.
type measurement struct {
	row     int
	what    string // what is being done, for the progress line
	measure func(*run, context.Context) ([]Row, error)
	last    func(*run) *subject // the ledger that no later row needs
}

// measurements are the rows of the budget that can be measured. Row 3 is of a part that is not built.
func measurements() []measurement {
	return []measurement{
		{1, "one command after another", (*run).latency, nil},
		{2, "many clients at once", (*run).clients, func(r *run) *subject { return r.book }},
		{4, "bulk lines", (*run).bulk, nil},
		{5, "rebuild from a log of single events", (*run).rebuildSingles, nil},
		{6, "rebuild from a log of bulk events", (*run).rebuildBulk, func(r *run) *subject { return r.bulkBook }},
		{7, "rebuild from an archive", (*run).rebuildArchive, func(r *run) *subject { return r.singles }},
		{8, "the same journal in other programs", (*run).otherPrograms, nil},
		{9, "balances at any number and date", (*run).balancesAt, nil},
		{10, "restart", (*run).restart, nil},
	}
}

func rowNumbers() string {
	var numbers []string
	for _, m := range measurements() {
		numbers = append(numbers, fmt.Sprint(m.row))
	}
	return strings.Join(numbers, ", ")
}

// run is one run of the benchmark. Ledgers that several rows measure are made by the first of them and kept to the end.
type run struct {
	Options
	dir   string
	doing string

	book       *subject // of rows 1 and 2
	singles    *subject // of rows 5 and 7
	bulkBook   *subject // of rows 4 and 6
	bulkAtOnce bulkSamples
	bulkInTurn bulkSamples
	others     *subject // of row 8
	restarted  *subject // of row 10
}

// Run measures the rows that were asked for. Whatever becomes of it, its directory is removed again. An error means that
// a row could not be measured; a budget that is missed is none.
func Run(ctx context.Context, o Options) (_ Report, err error) {
	o, err = o.settled()
	if err != nil {
		return Report{}, err
	}
	began := time.Now()
	dir, err := os.MkdirTemp(o.Dir, "pcnledger-bench-")
	if err != nil {
		return Report{}, err
	}
	r := &run{Options: o, dir: dir}
	defer func() { err = errors.Join(err, r.clear()) }()
	report := Report{Version: reportVersion, Machine: machineOf(dir)}
	for _, m := range measurements() {
		if len(o.Rows) > 0 && !slices.Contains(o.Rows, m.row) {
			continue
		}
		rows, err := r.row(ctx, m)
		if err != nil {
			return report, fmt.Errorf("row %d, %s: %w", m.row, m.what, err)
		}
		report.Rows = append(report.Rows, rows...)
	}
	report.Seconds = time.Since(began).Seconds()
	return report, nil
}

// row measures a row and lets go of what no other needs: it is not to be in the next one's way.
func (r *run) row(ctx context.Context, m measurement) ([]Row, error) {
	r.doing = fmt.Sprintf("row %d: %s", m.row, m.what)
	r.say("")
	rows, err := m.measure(r, ctx)
	if err == nil && m.last != nil {
		err = m.last(r).close()
	}
	runtime.GC()
	return rows, err
}

// say tells whoever watches which part of a row is being done.
func (r *run) say(part string) {
	if part != "" {
		part = ", " + part
	}
	r.Progress(r.doing + part)
}

// clear closes what is open and removes everything.
func (r *run) clear() error {
	return errors.Join(r.book.close(), r.singles.close(), r.bulkBook.close(), r.others.close(), r.restarted.close(), os.RemoveAll(r.dir))
}
