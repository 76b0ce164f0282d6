package bench

import (
	"context"
	"fmt"
	"path/filepath"

	"pcnledger/eventstore"
	"pcnledger/ledger"
)

// rebuildArchive measures row 7: views and root from an archive, against the same from the log that was archived.
func (r *run) rebuildArchive(ctx context.Context) ([]Row, error) {
	s, err := r.singleLog(ctx)
	if err != nil {
		return nil, err
	}
	r.say("making the archive")
	dir := filepath.Join(r.dir, "archive")
	made, err := s.Log().Backup(ctx, dir, nil)
	if err != nil {
		return nil, err
	}
	r.say("rebuilding by turns from archive and log")
	rates, err := alternate(r.effort.rounds,
		rateOf(s.number, func() error { return fromArchive(ctx, dir) }),
		rateOf(s.number, func() error { return s.rebuild(ctx) }))
	if err != nil {
		return nil, err
	}
	return []Row{Row{
		Row: 7, What: "all views and the Merkle root from an archive of one-event commits",
		Figure: rates[0].measure("events/s"), Yardstick: rates[1].measure("events/s").named("the same from the log, as in row 5"),
		Budget: ratioAtLeast(2.5),
		Note:   fmt.Sprintf("%d events; %.1f MB became %.1f MB", s.number, float64(made.Raw)/1e6, float64(made.Size)/1e6),
	}.judged()}, nil
}

// fromArchive opens an archive and folds the whole of it.
func fromArchive(ctx context.Context, dir string) error {
	archived, err := eventstore.OpenCopy(dir)
	if err != nil {
		return err
	}
	_, _, err = ledger.RebuildFrom(ctx, archived)
	return err
}
