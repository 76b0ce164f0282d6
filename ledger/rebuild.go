package ledger

import (
	"context"

	"pcnledger/eventstore"
	"pcnledger/projections"
)

// Rebuild folds the views from the log's first event on, and returns them with the root of what it read. The views that are
// kept up are not touched.
func (l *Ledger) Rebuild(ctx context.Context) (*projections.Views, string, error) {
	views := projections.NewViews()
	root, err := l.log.Refold(ctx, folding(views.Apply))
	return views, root.String(), err
}

// RebuildFrom folds the views from an archive alone, and returns them with the root of what it read. No ledger is opened.
func RebuildFrom(ctx context.Context, c *eventstore.Copy) (*projections.Views, string, error) {
	views := projections.NewViews()
	root, err := c.Fold(ctx, folding(views.Apply))
	return views, root.String(), err
}
