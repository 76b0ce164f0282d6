package ledger

import (
	"context"

	"pcnledger/eventstore"
	"pcnledger/projections"
)

// Rebuild folds the views from an archive alone, and returns them with the root of what it read. No ledger is opened.
func Rebuild(ctx context.Context, c *eventstore.Copy) (*projections.Views, string, error) {
	views := projections.NewViews()
	root, err := c.Fold(ctx, folding(views.Apply))
	if err != nil {
		return nil, "", err
	}
	return views, root.String(), nil
}
