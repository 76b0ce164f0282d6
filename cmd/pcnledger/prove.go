package main

import (
	"context"
	"fmt"

	"pcnledger/eventstore"
)

type proveCommand struct {
	Number int64  `arg:"" optional:"" help:"The number of the event that is to be proved."`
	Since  *int64 `placeholder:"N" help:"Prove instead that the log continues the log of N events: what a witness is asked with. 0 for one that saw nothing yet."`
	Out    string `short:"o" type:"path" placeholder:"FILE" help:"Write to FILE instead of the terminal."`
}

func (p *proveCommand) Help() string {
	return `Writes a proof that can be checked without the ledger: pcnledger verify --proof FILE --key KEY.

With a number it proves that the event with that number stands in the log of the newest checkpoint, and carries the event
(C2SP tlog-proof). With --since it proves that nothing of the first N events was changed since there were N of them, and is
the request that a witness answers (C2SP tlog-witness, add-checkpoint).

Examples:

  pcnledger prove 57 -o event-57.proof
  pcnledger prove --since 4096 -o request.txt`
}

func (p *proveCommand) Run(ctx context.Context, c *cli, t *terminal) error {
	if (p.Number != 0) == (p.Since != nil) {
		return usage("say which event is to be proved, by its number, or --since N")
	}
	log, err := c.openLog(ctx, false)
	if err != nil {
		return err
	}
	defer log.Close()
	text, err := p.proof(ctx, log)
	if err != nil {
		return c.noKey(log, err)
	}
	return t.deliver(p.Out, text)
}

func (p *proveCommand) proof(ctx context.Context, log *eventstore.Log) ([]byte, error) {
	last, _ := log.Last()
	if p.Since == nil {
		if p.Number < 1 || p.Number > last {
			return nil, usage("there is no event %d: ledger %s has numbers 1 to %d", p.Number, log.Ledger(), last)
		}
		proved, err := log.ProveInclusion(ctx, p.Number)
		if err != nil {
			return nil, fmt.Errorf("prove event %d: %w", p.Number, err)
		}
		return proved.Text(), nil
	}
	if *p.Since < 0 || *p.Since > last {
		return nil, usage("ledger %s has numbers 1 to %d: it cannot continue a log of %d events", log.Ledger(), last, *p.Since)
	}
	proved, err := log.ProveConsistency(ctx, *p.Since)
	if err != nil {
		return nil, fmt.Errorf("prove the log since %d: %w", *p.Since, err)
	}
	return proved.Text(), nil
}
