package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"pcnledger/eventstore"
	"pcnledger/eventstore/archive"
)

type backupCommand struct {
	Dir  string `arg:"" type:"path" help:"Directory of the archive; a new one, or the one of the last backup."`
	JSON bool   `name:"json" help:"Print what was added as JSON."`
}

func (b *backupCommand) Help() string {
	return `Adds to the archive in DIR what was recorded since the last backup. What is archived already is never written again, so a
copy that was taken of it stays good. The archive has a README.txt that says how to check it without this program; it holds
everything but the private key.

Examples:

  pcnledger backup /mnt/backup/oxfordshire
  pcnledger verify --archive /mnt/backup/oxfordshire --key KEY`
}

func (b *backupCommand) Run(ctx context.Context, c *cli, t *terminal) error {
	return c.backup(ctx, t, b.Dir, b.JSON)
}

type exportCommand struct {
	Archive exportArchive `cmd:"" help:"Everything that is recorded, for a backup or an auditor."`
}

type exportArchive struct {
	Out  string `short:"o" required:"" type:"path" placeholder:"DIR" help:"Directory for the archive."`
	JSON bool   `name:"json" help:"Print what was added as JSON."`
}

func (e *exportArchive) Help() string {
	return `Writes the archive of a ledger, in the same form as pcnledger backup: every event in the bytes in which it was recorded,
with signatures, checkpoints and public keys.

Example:

  pcnledger export archive -o for-the-auditor`
}

func (e *exportArchive) Run(ctx context.Context, c *cli, t *terminal) error {
	return c.backup(ctx, t, e.Out, e.JSON)
}

// backup adds to the archive in dir, and says what.
func (c *cli) backup(ctx context.Context, t *terminal, dir string, asJSON bool) error {
	log, err := c.openLog(ctx, false)
	if err != nil {
		return err
	}
	defer log.Close()
	last, _ := log.Last()
	bar := t.progress(int(last), "events")
	made, err := log.Backup(ctx, dir, bar.number)
	bar.done()
	if err != nil {
		return archiveError(dir, err)
	}
	if asJSON {
		return t.json(backedUp{log.Ledger(), dir, made.First, made.Last, made.Added, made.Kept, made.Raw, made.Size, log.Root().String()})
	}
	if made.First > made.Last {
		fmt.Fprintf(t.out, "There was nothing to add: numbers 1 to %d of ledger %s are in %s, %s kept as they were.\n",
			made.Last, log.Ledger(), dir, segments(made.Kept))
	} else {
		fmt.Fprintf(t.out, "Added numbers %d to %d of ledger %s to %s in %s; %s kept as they were.\n",
			made.First, made.Last, log.Ledger(), dir, segments(made.Added), segments(made.Kept))
	}
	fmt.Fprintf(t.out, "root  %s\n", log.Root())
	fmt.Fprintf(t.err, "The private key is not in it: keep a copy of %s elsewhere.\n", c.keyFile(log.Ledger()))
	return nil
}

// backedUp is what a backup prints as JSON.
type backedUp struct {
	Ledger  string `json:"ledger"`
	Archive string `json:"archive"`
	First   int64  `json:"first"` // number added; behind last if there was nothing to add
	Last    int64  `json:"last"`
	Added   int    `json:"added"` // segments
	Kept    int    `json:"kept"`  // segments
	Raw     int64  `json:"raw"`   // bytes before compression, of the whole archive
	Size    int64  `json:"size"`  // bytes after it
	Root    string `json:"root"`
}

func segments(n int) string {
	if n == 1 {
		return "1 segment"
	}
	return fmt.Sprintf("%d segments", n)
}

// keepArchive is the remedy for a damaged archive.
const keepArchive = "Keep it as it is for the auditor, and use another archive of the ledger, or make one in an empty directory"

// archiveError gives what is wrong with an archive its exit code and remedy.
func archiveError(dir string, err error) error {
	damage, isDamage := errors.AsType[*archive.Damage](err)
	switch {
	case errors.Is(err, archive.ErrOtherLog):
		return &codedError{exitRefused, fmt.Errorf("%w; nothing was written to it: name an empty directory", err)}
	case errors.Is(err, archive.ErrNone):
		return usage("%s; name the directory that pcnledger backup wrote", err)
	case isDamage:
		return fmt.Errorf("the archive in %s is damaged: %w. %s", dir, damage, keepArchive)
	case errors.Is(err, eventstore.ErrExists):
		return &codedError{exitRefused, err}
	}
	return err
}

// openCopy opens the archive in dir. A ledger that was asked for by name must be the one that is in it.
func (c *cli) openCopy(dir string) (*eventstore.Copy, error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, usage("%s", err)
	}
	saved, err := eventstore.OpenCopy(dir)
	if err != nil {
		return nil, archiveError(dir, err)
	}
	if c.Ledger != "" && c.Ledger != saved.Ledger() {
		return nil, usage("the archive in %s is of ledger %s, not %s: leave --ledger out, or name another archive", dir, saved.Ledger(), c.Ledger)
	}
	return saved, nil
}
