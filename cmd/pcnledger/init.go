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
	return `Creates a ledger in the data directory and records event 1, LedgerCreated, and event 2, the key that signs everything
recorded from then on. It is done once: the same command again changes nothing, and another one for the same ledger is
refused. It prints the public key, which auditors and witnesses need.

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
	if receipt.Outcome == ledger.Refused {
		if err := t.receipt(receipt, "", i.JSON); err != nil {
			return err
		}
		return errRefused
	}
	key, err := c.signingKey(ctx)
	if err != nil {
		return err
	}
	if i.JSON {
		return t.keyReceipt(receipt, keyChange{Key: key, KeyFile: c.keyFile(c.Ledger)})
	}
	if err := t.receipt(receipt, "", false); err != nil {
		return err
	}
	if key == "" {
		fmt.Fprintln(t.err, "This ledger was begun before there were keys. Give it one: pcnledger rotate-key")
		return nil
	}
	fmt.Fprintf(t.out, "public key  %s\n", key)
	fmt.Fprintf(t.err, `Ledger %s of %s is in %s.
The private key is in %s. Whoever holds it can sign as this ledger, and without it
nothing is recorded: keep a copy in a safe place, apart from the backups, which do not contain it.
Give the public key to auditors and witnesses.
Next: pcnledger import list-sizes FILE, then pcnledger do FILE
`, c.Ledger, commissioner.Bare(), c.Data, c.keyFile(c.Ledger))
	return nil
}

// signingKey returns the public half of the key that signs the ledger now.
func (c *cli) signingKey(ctx context.Context) (string, error) {
	log, err := c.openLog(ctx, false)
	if err != nil {
		return "", err
	}
	defer log.Close()
	held := log.Keys()
	if len(held) == 0 {
		return "", nil
	}
	return held[len(held)-1].Key.String(), nil
}
