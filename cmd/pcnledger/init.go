package main

import (
	"context"
	"fmt"
	"time"

	"pcnledger/domain"
	"pcnledger/ledger"
)

type initCommand struct {
	Commissioner  string `required:"" placeholder:"CODE" help:"The commissioner: its ODS code (10Q), or local:NAME."`
	Name          string `placeholder:"TEXT" help:"The commissioner's name, for reports."`
	Administrator string `placeholder:"LOGIN" help:"The operating-system login of the first administrator, who appoints the officers."`
	Officer       string `placeholder:"ID" help:"The administrator's id in the ledger; administrator-1 if it is left out."`
	JSON          bool   `name:"json" help:"Print the receipt as JSON."`
}

func (i *initCommand) Help() string {
	return `Creates a ledger in the data directory and records event 1, LedgerCreated, and event 2, the key that signs everything
recorded from then on. It is done once: the same command again changes nothing, and another one for the same ledger is
refused. It prints the public key, which auditors and witnesses need.

With --administrator, event 3 appoints the first officer, an administrator, who appoints a second; from then on appointing
needs the two of them, and only officers record. Without it nobody is appointed, and whoever can open the ledger may record.

Example:

  pcnledger init --ledger oxfordshire --commissioner 10Q --name "NHS Oxfordshire CCG" --administrator ann`
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
	receipts, err := i.create(ctx, o, domain.CreateLedger{Ledger: c.Ledger, Commissioner: commissioner, Name: i.Name, Kind: domain.KindLive})
	if err != nil {
		return err
	}
	if refused := receipts[len(receipts)-1]; refused.Outcome == ledger.Refused {
		if err := t.receipt(refused, "", i.JSON); err != nil {
			return err
		}
		return errRefused
	}
	key, err := c.signingKey(ctx)
	if err != nil {
		return err
	}
	if i.JSON {
		return i.json(t, receipts, keyChange{Key: key, KeyFile: c.keyFile(c.Ledger)})
	}
	for _, receipt := range receipts {
		if err := t.receipt(receipt, "", false); err != nil {
			return err
		}
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
`, c.Ledger, commissioner.Bare(), c.Data, c.keyFile(c.Ledger))
	return i.whatNext(ctx, c, t)
}

// create creates the ledger, with its administrator if there is to be one.
func (i *initCommand) create(ctx context.Context, o ledger.Options, c domain.CreateLedger) ([]ledger.Receipt, error) {
	if i.Administrator == "" {
		if i.Officer != "" {
			return nil, usage("--officer is the id of the administrator: give --administrator LOGIN too")
		}
		receipt, err := ledger.Create(ctx, o, c, nil)
		return []ledger.Receipt{receipt}, err
	}
	a := ledger.Administrator{Officer: ledger.FirstAdministrator, Login: i.Administrator}
	if i.Officer != "" {
		if err := a.Officer.UnmarshalText([]byte(i.Officer)); err != nil {
			return nil, usage("--officer: %s", err)
		}
	}
	return ledger.CreateGoverned(ctx, o, c, nil, a)
}

// json prints the receipt of the ledger's creation with its key, and with that of the administrator's appointment.
func (i *initCommand) json(t *terminal, receipts []ledger.Receipt, change keyChange) error {
	if err := t.keyReceipt(receipts[0], change); err != nil || len(receipts) == 1 {
		return err
	}
	return t.receipt(receipts[1], "", true)
}

// whatNext says who may record now, and what to do about it.
func (i *initCommand) whatNext(ctx context.Context, c *cli, t *terminal) error {
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	officers, err := l.Officers()
	if err != nil {
		return err
	}
	switch officers {
	case 0:
		fmt.Fprintf(t.err, `Nobody is appointed: whoever can open the ledger may record alone, and what needs two people is refused.
To appoint the first administrator: pcnledger init --commissioner %s%s --administrator LOGIN
Next: pcnledger import list-sizes FILE, then pcnledger do FILE
`, i.Commissioner, i.named())
	case 1:
		fmt.Fprintf(t.err, `Only officers record now, and an administrator appoints them and does nothing else.
Next: let the administrator appoint a second one; from then on the two of them appoint. Put this into a file for
pcnledger do, with the second one's login, and run it under the first one's:
  {"id":"administrator-2","command":"AppointOfficer","data":{"officer":"administrator-2","login":"LOGIN",
   "role":"administrator","from":"%s","source":{"title":"the minute that appoints"}}}
`, string(domain.DateIn(time.Now())))
	}
	return nil
}

// named repeats the flag for the commissioner's name, without which init would be another one.
func (i *initCommand) named() string {
	if i.Name == "" {
		return ""
	}
	return fmt.Sprintf(" --name %q", i.Name)
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
