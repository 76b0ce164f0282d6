package ledger

import (
	"context"

	"pcnledger/domain"
	"pcnledger/eventstore"
	"pcnledger/eventstore/proof"
	"pcnledger/projections"
)

// Rebuild folds the views from the log's first event on, and returns them with the root of what it read. The views that are
// kept up are not touched. It is an *[eventstore.Damage] if what is recorded does not bear out a closed period.
func (l *Ledger) Rebuild(ctx context.Context) (*projections.Views, string, error) {
	return rebuild(l.log.Ledger(), func(fold eventstore.Fold) (proof.Hash, error) { return l.log.Refold(ctx, fold) })
}

// RebuildFrom folds the views from an archive alone, and returns them with the root of what it read. No ledger is opened. It
// fails as [Ledger.Rebuild] does.
func RebuildFrom(ctx context.Context, c *eventstore.Copy) (*projections.Views, string, error) {
	return rebuild(c.Ledger(), func(fold eventstore.Fold) (proof.Hash, error) { return c.Fold(ctx, fold) })
}

// rebuild folds views. Whether the closed periods are borne out only a state knows; it is folded, in a reading of its own,
// where a period was ever closed.
func rebuild(name string, read func(eventstore.Fold) (proof.Hash, error)) (*projections.Views, string, error) {
	views, closes := projections.NewViews(), false
	root, err := read(folding(func(r domain.Recorded) {
		closes = closes || concernsCloses(r)
		views.Apply(r)
	}))
	if err != nil || !closes {
		return views, root.String(), err
	}
	state := &domain.Ledger{}
	if _, err := read(folding(state.Apply)); err != nil {
		return nil, "", err
	}
	return views, root.String(), faultOf(name, state)
}

// concernsCloses says that an event closes a period, or posts in one that is open only once another is closed.
func concernsCloses(r domain.Recorded) bool {
	if _, closes := r.Event.(domain.PeriodClosed); closes {
		return true
	}
	return r.Period != "" && r.Period.IsAdjustment()
}

// faultOf says, as damage, that what is recorded does not bear out a closed period. Such a ledger is not gone on with.
func faultOf(name string, state *domain.Ledger) error {
	if err := state.Fault(); err != nil {
		return &eventstore.Damage{Ledger: name, What: err.Error(),
			Remedy: "Do not go on with it: find out who altered what (pcnledger verify), and restore the newest backup that verifies"}
	}
	return nil
}
