package main

import (
	"context"
	"fmt"

	"pcnledger/eventstore"
	"pcnledger/ledger"
)

type restoreCommand struct {
	Archive string `arg:"" type:"path" help:"Directory of the archive."`
	JSON    bool   `name:"json" help:"Print what was restored as JSON."`
}

func (r *restoreCommand) Help() string {
	return `Puts the ledger that an archive holds into the data directory, which must have nothing of that ledger, and checks all of it
on the way: numbers, signatures, tree, checkpoints. It becomes the next generation of the ledger, with the same events and
the same root; witnesses know each generation by a name of its own.

The private key is in no archive. Put its copy back into the directory keys of the data directory, before or after; or, if
there is none, run rotate-key --lost.

Example:

  pcnledger --data /srv/pcnledger restore /mnt/backup/oxfordshire`
}

func (r *restoreCommand) Run(ctx context.Context, c *cli, t *terminal) error {
	saved, err := c.openCopy(r.Archive)
	if err != nil {
		return err
	}
	bar := t.progress(int(saved.Last()), "events")
	found, err := eventstore.Restore(ctx, eventstore.Options{Dir: c.Data}, saved, bar.number)
	bar.done()
	if err != nil {
		return archiveError(r.Archive, err)
	}
	c.Ledger = saved.Ledger()
	canSign, err := c.opens(ctx)
	if err != nil {
		return fmt.Errorf("the ledger was restored but does not open: %w", err)
	}
	if r.JSON {
		return t.json(restored{found.Ledger, found.Generation, found.Events, found.Commits, found.Signatures, len(found.Checkpoints),
			found.Root.String(), canSign, c.keyFile(c.Ledger)})
	}
	fmt.Fprintf(t.out, "Restored ledger %s: numbers 1 to %d in %d commits, generation %d.\n", found.Ledger, found.Events, found.Commits, found.Generation)
	fmt.Fprintf(t.out, "Verified on the way: every number, %d signatures, %d checkpoints. It opens, and every event folds.\nroot  %s\n",
		found.Signatures, len(found.Checkpoints), found.Root)
	if canSign {
		fmt.Fprintf(t.err, "The private key is in %s: it can go on.\n", c.keyFile(c.Ledger))
		return nil
	}
	fmt.Fprintf(t.err, `The private key is not here: the ledger can be read, and nothing is recorded.
Put its copy back into %s, or, if there is none: pcnledger rotate-key --lost --reason TEXT
`, c.keyFile(c.Ledger))
	return nil
}

// opens opens the ledger as any command does, and says whether it can go on.
func (c *cli) opens(ctx context.Context) (canSign bool, err error) {
	l, err := ledger.Open(ctx, ledger.Options{Dir: c.Data, Name: c.Ledger})
	if err != nil {
		return false, err
	}
	return l.Log().CanSign(), l.Close()
}

// restored is what restore prints as JSON.
type restored struct {
	Ledger      string `json:"ledger"`
	Generation  int    `json:"generation"`
	Events      int64  `json:"events"`
	Commits     int64  `json:"commits"`
	Signatures  int64  `json:"signatures"`
	Checkpoints int    `json:"checkpoints"`
	Root        string `json:"root"`
	CanSign     bool   `json:"cansign"` // false: the private key has to be put back
	KeyFile     string `json:"keyfile"`
}
