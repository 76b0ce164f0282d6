package main

import (
	"context"
	"fmt"

	"pcnledger/ledger"
)

type replayCommand struct {
	JSON bool `name:"json" help:"Print the outcome as JSON."`
}

func (r *replayCommand) Help() string {
	return `Reads every event from number 1 on, checks that each one balances, folds them into state and views afresh, and compares
the result with what the ledger shows. It changes nothing. It is about figures; signatures are checked by pcnledger verify.`
}

func (r *replayCommand) Run(ctx context.Context, c *cli, t *terminal) error {
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	if !r.JSON {
		t.illustration(l)
	}
	return t.replay(ctx, l, r.JSON)
}

// replay replays a ledger and prints what came of it.
func (t *terminal) replay(ctx context.Context, l *ledger.Ledger, asJSON bool) error {
	number := l.Views().Ledger.Number
	bar := t.progress(int(number), "events")
	outcome, err := l.Replay(ctx, bar.number)
	bar.done()
	if err != nil {
		return err
	}
	if asJSON {
		if err := t.json(outcome); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(t.out, "Replayed events 1 to %d (%d commits, %d postings) of ledger %s.\n",
			outcome.Events, outcome.Commits, outcome.Postings, l.Views().Ledger.Name)
		fmt.Fprintf(t.out, "  views as kept up command by command  %s\n  views folded afresh from the log     %s\n  root of the log                      %s\n",
			outcome.Kept, outcome.Fresh, outcome.Root)
	}
	if !outcome.OK() {
		for _, problem := range outcome.Problems {
			fmt.Fprintf(t.err, "pcnledger: %s\n", problem)
		}
		return fmt.Errorf("the replay does not agree with the ledger: record nothing more, keep a copy of the data directory and call an auditor")
	}
	if !asJSON {
		fmt.Fprintln(t.out, "They are equal; every event balances; each fund's limit is accounted for.")
	}
	return nil
}
