package main

import (
	"context"
	"fmt"

	"pcnledger/domain"
	"pcnledger/ledger"
)

type initCommand struct {
	Commissioner string `required:"" placeholder:"CODE" help:"The commissioner: its ODS code (10Q), or local:NAME."`
	Name         string `placeholder:"TEXT" help:"The commissioner's name, for reports."`
	JSON         bool   `name:"json" help:"Print the receipt as JSON."`
}

func (i *initCommand) Help() string {
	return `Creates a ledger in the data directory and records event 1, LedgerCreated. It is done once: the same command again
changes nothing, and another one for the same ledger is refused.

Example:

  pcnledger init --ledger oxfordshire --commissioner 10Q --name "NHS Oxfordshire CCG"`
}

func (i *initCommand) Run(ctx context.Context, c *cli, t *terminal) error {
	commissioner, err := domain.ParseBody(i.Commissioner)
	if err != nil {
		return usage("--commissioner: %s", err)
	}
	if c.Ledger == "" {
		c.Ledger = firstLedger
	}
	o, err := c.options()
	if err != nil {
		return err
	}
	receipt, err := ledger.Create(ctx, o, domain.CreateLedger{Ledger: c.Ledger, Commissioner: commissioner, Name: i.Name, Kind: domain.KindLive}, nil)
	if err != nil {
		return err
	}
	if err := t.receipt(receipt, "", i.JSON); err != nil {
		return err
	}
	if receipt.Outcome == ledger.Refused {
		return errRefused
	}
	if !i.JSON {
		fmt.Fprintf(t.err, "Ledger %s of %s is in %s.\nNext: pcnledger import list-sizes FILE, then pcnledger do FILE\n", c.Ledger, commissioner.Bare(), c.Data)
	}
	return nil
}
