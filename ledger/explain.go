package ledger

import (
	"context"
	"fmt"

	"pcnledger/domain"
)

// Explain opens the figures of an event, one tree for each item that it opened. It folds the log once more, up to the event
// before, and works them out again on what the ledger knew then.
//
// It fails with a [*domain.Unexplained] where there is no such event, or nothing was worked out in it.
func (l *Ledger) Explain(ctx context.Context, number int64) ([]domain.Explanation, error) {
	r, found, err := l.recordedAt(number)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, &domain.Unexplained{Reason: fmt.Sprintf("there is no event %d: the ledger has numbers 1 to %d", number, l.log.Next()-1),
			Remedy: "look for it: pcnledger show items"}
	}
	workings, err := l.workings(ctx, number-1)
	if err != nil {
		return nil, err
	}
	return workings.Explain(r)
}

// ExplainItem opens the figure of one item, as [Ledger.Explain] does.
func (l *Ledger) ExplainItem(ctx context.Context, id domain.ItemID) (domain.Explanation, error) {
	all, err := l.Explain(ctx, id.Number())
	if err != nil {
		return domain.Explanation{}, err
	}
	if line := id.Line(); line >= 1 && line <= len(all) {
		return all[line-1], nil
	}
	return domain.Explanation{}, &domain.Unexplained{Reason: fmt.Sprintf("there is no item %s: event %d opens %d", id, id.Number(), len(all)),
		Remedy: "look for it: pcnledger show items"}
}

// ExplainSum opens what a network can be reimbursed for roles in a year, as the ledger stands; for one month if that is
// given.
func (l *Ledger) ExplainSum(ctx context.Context, network domain.Body, year domain.Year, sum domain.RateCode, month domain.Service) (domain.Explanation, error) {
	workings, err := l.workings(ctx, l.log.Next()-1)
	if err != nil {
		return domain.Explanation{}, err
	}
	return workings.ExplainSum(network, year, sum, month)
}

// workings folds the log up to a number.
func (l *Ledger) workings(ctx context.Context, number int64) (*domain.Workings, error) {
	workings := new(domain.Workings)
	if number == 0 {
		return workings, nil
	}
	_, err := l.foldTo(ctx, number, workings.Apply)
	return workings, err
}
