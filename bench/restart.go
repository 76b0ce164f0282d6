package bench

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"time"

	"pcnledger/ledger"
	"pcnledger/projections"
)

// fullPostings is the size of journal that the budget of row 10 is for.
const fullPostings = 10_000_000

// restart measures row 10: how long it takes to open a ledger that has a snapshot, beside opening it without, and what its
// journal takes in memory.
func (r *run) restart(ctx context.Context) ([]Row, error) {
	s, err := r.history(ctx)
	if err != nil {
		return nil, err
	}
	memory, err := s.journalMemory(ctx)
	if err != nil {
		return nil, err
	}
	postings := s.Views().Journal.Len()
	if err := s.close(); err != nil {
		return nil, err
	}
	opened := Row{Row: 10, Part: "time", What: "restart with a snapshot: state, views and command ids",
		Budget: Budget{Of: OfFigure, Side: AtMost, Limit: 1, Unit: "s"}, Note: fmt.Sprintf("%d postings in %d events", postings, s.number)}
	if opened, err = r.reopened(ctx, s, opened); err != nil {
		return nil, err
	}
	if opened.Pass != nil && *opened.Pass && postings < fullPostings {
		opened.Pass = nil // a larger one may still take longer
		opened.Note += fmt.Sprintf("; the budget is for %s: --postings %d", number(fullPostings), fullPostings)
	}
	return []Row{opened, memory}, nil
}

// history records what the systems do, quarter after quarter, until the journal is as long as was asked for.
func (r *run) history(ctx context.Context) (*subject, error) {
	s, err := r.newLedger(ctx, "restart", r.size)
	if err != nil {
		return nil, err
	}
	r.restarted = s
	commands := append(s.registry(), s.openBook()...)
	for {
		if err := s.put(ctx, commands); err != nil {
			return nil, err
		}
		posted := s.Views().Journal.Len()
		if posted >= r.Postings {
			return s, nil
		}
		r.say(fmt.Sprintf("recording %d of %d postings", posted, r.Postings))
		commands = s.quarter()
	}
}

// quarter makes up a tranche for every system, and as many single commands as make a tenth of the postings.
func (g *generator) quarter() []ledger.Command {
	var commands []ledger.Command
	singles := 0
	for _, s := range g.systems {
		commands = append(commands, g.tranche(s)...)
		singles += len(s.fund.uses) / 2
	}
	return append(commands, g.singles(singles)...)
}

// reopened completes a row with how long it takes to open a closed ledger with its snapshot and, by turns, without.
func (r *run) reopened(ctx context.Context, s *subject, row Row) (Row, error) {
	if _, err := os.Stat(s.snapshots()); err != nil {
		row.Note += "; a ledger of so few events keeps no snapshot"
		return row, nil
	}
	r.say("restarting by turns with a snapshot and without")
	sides, err := alternate(r.effort.rounds,
		func() (float64, error) { return s.reopen(ctx) },
		func() (float64, error) {
			if err := os.RemoveAll(s.snapshots()); err != nil {
				return 0, err
			}
			return s.reopen(ctx) // and closing it makes the next snapshot
		})
	if err != nil {
		return row, err
	}
	row.Figure, row.Yardstick = sides[0].measure("s"), sides[1].measure("s").named("without one, from the log")
	return row.judged(), nil
}

// reopen returns how many seconds it takes to open a closed ledger, and closes it again. That the ledger would not take a
// snapshot that is there is an error: it would be the rebuild that is measured.
func (s *subject) reopen(ctx context.Context) (float64, error) {
	var complaints bytes.Buffer
	s.options.Logger = slog.New(slog.NewTextHandler(&complaints, &slog.HandlerOptions{Level: slog.LevelWarn}))
	runtime.GC()
	began := time.Now()
	err := s.open(ctx)
	took := time.Since(began)
	if err == nil {
		err = s.close()
	}
	if err == nil && bytes.Contains(complaints.Bytes(), []byte("snapshot")) {
		err = fmt.Errorf("the snapshot was not used: %s", complaints.String())
	}
	return took.Seconds(), err
}

// journalMemory measures what the journal takes in memory, in views that are made for that.
func (s *subject) journalMemory(ctx context.Context) (Row, error) {
	before := heapInUse()
	views, _, err := s.Rebuild(ctx)
	if err != nil {
		return Row{}, err
	}
	postings := float64(views.Journal.Len())
	whole := heapInUse()
	views.Journal = projections.Journal{}
	bytes := samples{(whole - heapInUse()) / postings}
	all := (whole - before) / postings
	runtime.KeepAlive(views)
	return Row{Row: 10, Part: "memory", What: "the journal in memory", Figure: bytes.measure("bytes/posting"),
		Budget: Budget{Of: OfFigure, Side: AtMost, Limit: 48, Unit: "bytes/posting"},
		Note:   fmt.Sprintf("%.0f postings; all views together take %s bytes a posting", postings, number(all))}.judged(), nil
}

// heapInUse returns the bytes of what can still be reached.
func heapInUse() float64 {
	runtime.GC()
	runtime.GC() // what pools held back the first time
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return float64(stats.HeapAlloc)
}
