package ledger

import (
	"context"
	"fmt"
	"reflect"

	"pcnledger/domain"
	"pcnledger/eventstore"
	"pcnledger/projections"
)

// A Replay is the outcome of folding a ledger's whole log again and comparing the result with what was kept up command
// by command.
type Replay struct {
	Events   int64
	Commits  int64
	Postings int64
	Root     string // of the tree over every event, in base64
	Kept     string // digest of the views that were kept up
	Fresh    string // digest of the views folded afresh
	Problems []string
}

// OK says that the replay found nothing wrong.
func (r Replay) OK() bool { return len(r.Problems) == 0 }

// Replay folds the log again from event 1, checks the double entry of every event on the way, and compares state and
// views with those kept up. It calls progress, if not nil, after each commit with the last number read.
func (l *Ledger) Replay(ctx context.Context, progress func(number int64)) (Replay, error) {
	var outcome Replay
	state, views := &domain.Ledger{}, projections.NewViews()
	fold := folding(func(r domain.Recorded) {
		outcome.check(r)
		state.Apply(r)
		views.Apply(r)
	})
	apply := fold.Apply
	fold.Apply = func(c eventstore.Commit, decoded any) error {
		outcome.Commits++
		if progress != nil {
			progress(c.Last())
		}
		return apply(c, decoded)
	}
	before := l.log.Root()
	root, err := l.log.Refold(ctx, fold)
	if err != nil {
		return outcome, err
	}
	if outcome.Root = root.String(); root != before && root != l.log.Root() {
		outcome.problem("the root of what was read is %s, that of the ledger %s", root, l.log.Root())
	}
	var kept *domain.Ledger
	if err := l.writer.whileIdle(func() {
		kept, outcome.Kept = l.writer.state, l.views.Digest()
	}); err != nil {
		return outcome, err
	}
	if err := state.Fault(); err != nil {
		outcome.problem("%s", err)
	}
	outcome.Fresh = views.Digest()
	if outcome.Kept != outcome.Fresh {
		outcome.problem("the views kept up and the views folded afresh differ: %s and %s", outcome.Kept, outcome.Fresh)
	}
	if !reflect.DeepEqual(kept, state) {
		outcome.problem("the state that decisions are taken on differs from a fresh fold")
	}
	for _, fund := range views.Funds.All() {
		if err := fund.Check(); err != nil {
			outcome.problem("fund %s: %s", fund.Terms.Fund, err)
		}
	}
	return outcome, nil
}

func (r *Replay) problem(format string, args ...any) {
	r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
}

// check adds up an event's postings: each fund's financial and control sides must both come to nothing.
func (r *Replay) check(rec domain.Recorded) {
	r.Events++
	type fundSide struct {
		fund    domain.FundCode
		control bool
	}
	sums := map[fundSide]domain.Pence{}
	for _, p := range domain.Postings(rec) {
		r.Postings++
		sums[fundSide{p.Fund, p.Account.IsControl()}] += p.Pence
	}
	for side, sum := range sums {
		if sum != 0 {
			r.problem("event %d does not balance: fund %s is out by %s", rec.Number, side.fund, sum)
		}
	}
}
