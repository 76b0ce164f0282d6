package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"pcnledger/eventstore"
	"pcnledger/eventstore/proof"
)

type checkpointCommand struct {
	Out     string `short:"o" type:"path" placeholder:"FILE" help:"Write to FILE instead of the terminal."`
	Add     string `type:"path" placeholder:"FILE" help:"Keep what a witness answered to pcnledger prove --since."`
	Witness string `placeholder:"KEY" help:"With --add: the public key of the witness, the first time. From then on it is listed."`
}

func (c *checkpointCommand) Help() string {
	return `A checkpoint says how many events there are and what the root of their tree is, signed with the ledger's key. It is a
signed note (C2SP tlog-checkpoint). Whoever keeps one can find out later whether the ledger was rewritten:
pcnledger verify --checkpoint FILE.

A witness answers with a cosignature; --add keeps it with the checkpoint, and reports print it.

Examples:

  pcnledger checkpoint -o checkpoint.txt
  pcnledger checkpoint --add cosigned.txt --witness audit.example.org/witness+1f2e3d4c+BA…`
}

func (c *checkpointCommand) Run(ctx context.Context, all *cli, t *terminal) error {
	switch {
	case c.Witness != "" && c.Add == "":
		return usage("--witness goes with --add FILE: the file that the witness answered with")
	case c.Add != "" && c.Out != "":
		return usage("choose --add or -o")
	}
	log, err := all.openLog(ctx, false)
	if err != nil {
		return err
	}
	defer log.Close()
	if c.Add != "" {
		return c.add(ctx, log, t)
	}
	note, err := log.Checkpoint(ctx)
	if err != nil {
		return all.noKey(log, err)
	}
	return t.deliver(c.Out, note.Text)
}

// add keeps a cosignature with the checkpoint that it is of.
func (c *checkpointCommand) add(ctx context.Context, log *eventstore.Log, t *terminal) error {
	answer, err := os.ReadFile(c.Add)
	if err != nil {
		return usage("%s", err)
	}
	witnesses, err := c.witnesses(log)
	if err != nil {
		return err
	}
	notes, err := log.Checkpoints(ctx)
	if err != nil {
		return err
	}
	for _, witness := range witnesses {
		line := linesOf(witness, answer)
		note, found := cosigned(notes, publicKeys(log.Keys()), witness, line)
		if !found {
			continue
		}
		if err := log.TrustWitness(witness); err != nil {
			return err
		}
		if note, err = log.AddCosignature(ctx, note.Size, line); err != nil {
			return err
		}
		for _, w := range witnessed(note) {
			if w.Name == witness.Name() {
				fmt.Fprintf(t.out, "%s saw numbers 1 to %d at %s\n", w.Name, w.Size, w.At.UTC().Format(time.RFC3339))
			}
		}
		return nil
	}
	return usage("%s holds no cosignature of a checkpoint of ledger %s by %s: see that it is what the witness answered, for this ledger, and that the key is the witness's",
		c.Add, log.Ledger(), names(witnesses))
}

// witnesses returns whose cosignature it may be: the one that is named, or those that are listed.
func (c *checkpointCommand) witnesses(log *eventstore.Log) ([]proof.WitnessKey, error) {
	if c.Witness != "" {
		key, err := proof.ParseWitnessKey(c.Witness)
		if err != nil {
			return nil, usage("--witness: %s", err)
		}
		return []proof.WitnessKey{key}, nil
	}
	listed, err := log.Witnesses()
	if err == nil && len(listed) == 0 {
		err = usage("no witness is listed yet: name this one with --witness KEY, the key that it printed when it was made")
	}
	return listed, err
}

func names(witnesses []proof.WitnessKey) string {
	var all []string
	for _, w := range witnesses {
		all = append(all, w.Name())
	}
	return strings.Join(all, " or ")
}

// linesOf returns the signature lines of a text that are in the name of a witness: all of the text where it is what a
// witness answers over the network, and the last of it where it is a whole checkpoint.
func linesOf(witness proof.WitnessKey, text []byte) []byte {
	var lines []byte
	for line := range bytes.Lines(text) {
		if bytes.HasPrefix(line, []byte("— "+witness.Name()+" ")) {
			lines = append(lines, line...)
		}
	}
	return lines
}

// cosigned finds the newest checkpoint for which a witness's line is right.
func cosigned(notes []proof.Note, keys []proof.PublicKey, witness proof.WitnessKey, line []byte) (proof.Note, bool) {
	for i := len(notes) - 1; i >= 0 && len(line) > 0; i-- {
		text, err := proof.AddCosignature(notes[i].Text, line)
		if err != nil {
			continue
		}
		note, err := proof.OpenNote(text, keys, []proof.WitnessKey{witness})
		if err == nil && len(note.Cosignatures) > 0 {
			return note, true
		}
	}
	return proof.Note{}, false
}

func publicKeys(held []eventstore.KeyHeld) []proof.PublicKey {
	var keys []proof.PublicKey
	for _, k := range held {
		keys = append(keys, k.Key)
	}
	return keys
}
