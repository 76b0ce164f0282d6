package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pcnledger/eventstore"
	"pcnledger/ledger"
)

// firstLedger is the name init gives where none is asked for.
const firstLedger = "main"

// findData settles the data directory: the flag's, else the environment's, else one in the home directory.
func (c *cli) findData() error {
	c.dataGiven = c.Data != ""
	if c.dataGiven {
		return nil
	}
	if c.Data = os.Getenv("PCNLEDGER_DATA"); c.Data != "" {
		return nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return usage("there is no home directory to look in: name the data directory with --data")
	}
	c.Data = filepath.Join(home, "pcnledger-data")
	return nil
}

// options returns how to open the ledger that was asked for: by name, or the only one there.
func (c *cli) options() (ledger.Options, error) {
	actor, err := login()
	if err != nil {
		return ledger.Options{}, err
	}
	o := ledger.Options{Dir: c.Data, Name: c.Ledger, Actor: actor}
	if o.Name != "" {
		return o, checkName(o.Name)
	}
	names, err := eventstore.Ledgers(c.Data)
	if err != nil {
		return o, fmt.Errorf("look for ledgers in %s: %w", c.Data, err)
	}
	switch len(names) {
	case 0:
		return o, noLedger(c.Data)
	case 1:
		o.Name = names[0]
		return o, nil
	}
	return o, usage("%s holds several ledgers: choose one with --ledger %s", c.Data, strings.Join(names, " or --ledger "))
}

func checkName(name string) error {
	if !eventstore.ValidLedger(name) {
		return usage("--ledger %q: use up to 32 small letters, digits and hyphens", name)
	}
	return nil
}

func noLedger(dir string) error {
	return fmt.Errorf("%w in %s: create one with pcnledger init --commissioner CODE, or name another directory with --data",
		eventstore.ErrNoLedger, dir)
}

// open opens the ledger that was asked for. The caller closes it.
func (c *cli) open(ctx context.Context) (*ledger.Ledger, error) {
	o, err := c.options()
	if err != nil {
		return nil, err
	}
	l, err := ledger.Open(ctx, o)
	return l, notCreated(o, err)
}

// openLog opens only the log of the ledger that was asked for: what proves it needs no figures. Verifying says that it is
// to be opened even if damage was found in it before. The caller closes it.
func (c *cli) openLog(ctx context.Context, verifying bool) (*eventstore.Log, error) {
	o, err := c.options()
	if err != nil {
		return nil, err
	}
	log, err := eventstore.Open(ctx, eventstore.Options{Dir: o.Dir, Ledger: o.Name, Verifying: verifying})
	return log, notCreated(o, err)
}

// notCreated says of a ledger that is not there how to create it. One whose creation or restore was interrupted says for
// itself what to do.
func notCreated(o ledger.Options, err error) error {
	if !errors.Is(err, eventstore.ErrNoLedger) {
		return err
	}
	if names, unread := eventstore.Ledgers(o.Dir); unread != nil || slices.Contains(names, o.Name) {
		return fmt.Errorf("ledger %s: %w", o.Name, err)
	}
	return fmt.Errorf("ledger %s: %w; create it with: pcnledger init --commissioner CODE", o.Name, err)
}

// keyFile is where a ledger's private key lies.
func (c *cli) keyFile(name string) string { return filepath.Join(c.Data, "keys", name+".key") }

// noKey adds the remedy to an error that says that the private key is missing.
func (c *cli) noKey(log *eventstore.Log, err error) error {
	switch {
	case !errors.Is(err, eventstore.ErrNoKey):
		return err
	case len(log.Keys()) == 0:
		return fmt.Errorf("%w; this ledger was begun before there were keys, make one: pcnledger rotate-key", err)
	}
	return fmt.Errorf("%w; put it back into %s from the copy you keep, or, if there is none: pcnledger rotate-key --lost --reason TEXT",
		err, c.keyFile(log.Ledger()))
}
