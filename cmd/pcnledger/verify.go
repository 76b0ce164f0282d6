package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"pcnledger/eventstore"
	"pcnledger/eventstore/archive"
	"pcnledger/eventstore/proof"
)

type verifyCommand struct {
	From       int64    `default:"1" placeholder:"N" help:"Verify signatures from this number on; everything else is verified from 1."`
	Archive    string   `type:"path" placeholder:"DIR" help:"Verify this archive instead of a ledger."`
	Key        string   `placeholder:"KEY" help:"The ledger's public key, as you learnt it: the first, or one that came later."`
	Witness    []string `sep:"none" placeholder:"KEY" help:"Public key of a witness, as you learnt it; may be given several times."`
	Proof      string   `placeholder:"FILE" help:"Verify this proof, which pcnledger prove wrote."`
	Checkpoint string   `placeholder:"FILE" help:"A checkpoint that you kept: see that what is there continues it."`
	JSON       bool     `name:"json" help:"Print what was found as JSON."`

	witnesses []proof.WitnessKey
}

func (v *verifyCommand) Help() string {
	return `Reads everything and checks framing, numbers, the tree, the head, every signature, and that each checkpoint is consistent
with the newest. It says what it found, and what it does not prove. Give it the public key that was printed when the ledger
was made: without it the key is taken from the log, and a log that was made up throughout has a key too.

Damage, or a key, checkpoint or proof that does not fit, is exit code 3. Damage of a ledger is noted beside its head: it
does not open any more until a verification from number 1 finds it whole.

Examples:

  pcnledger verify --key pcnledger/oxfordshire+1f2e3d4c+AR…
  pcnledger verify --archive /mnt/backup/oxfordshire --key KEY --checkpoint kept.txt
  pcnledger verify --proof event-57.proof --key KEY
  pcnledger verify --proof request.txt --checkpoint kept.txt --key KEY`
}

func (v *verifyCommand) Run(ctx context.Context, c *cli, t *terminal) error {
	switch {
	case v.From < 1:
		return usage("--from %d: numbers count from 1", v.From)
	case v.Proof != "" && (v.Archive != "" || v.From > 1):
		return usage("--proof goes with --key, --witness and --checkpoint alone: a proof needs neither ledger nor archive")
	}
	for _, text := range v.Witness {
		witness, err := proof.ParseWitnessKey(text)
		if err != nil {
			return usage("--witness: %s", err)
		}
		v.witnesses = append(v.witnesses, witness)
	}
	if _, err := v.given(); err != nil {
		return err
	}
	switch {
	case v.Proof != "":
		return v.proof(ctx, c, t)
	case v.Archive != "":
		return v.archive(ctx, c, t)
	}
	return v.ledger(ctx, c, t)
}

// given returns the key of the command line, or the zero key.
func (v *verifyCommand) given() (proof.PublicKey, error) {
	if v.Key == "" {
		return proof.PublicKey{}, nil
	}
	key, err := proof.ParsePublicKey(v.Key)
	if err != nil {
		return key, usage("--key: %s", err)
	}
	return key, nil
}

// A commitReader calls a function with every commit there is, in order.
type commitReader func(ctx context.Context, fn func(eventstore.Commit) error) error

func (v *verifyCommand) ledger(ctx context.Context, c *cli, t *terminal) error {
	log, err := c.openLog(ctx, true)
	if err != nil {
		return c.shut(t.damaged(err, v.JSON))
	}
	defer log.Close()
	last, _ := log.Last()
	bar := t.progress(int(last), "events")
	found, err := log.Verify(ctx, v.From, bar.number)
	bar.done()
	if err != nil {
		return c.shut(t.damaged(err, v.JSON))
	}
	read := func(ctx context.Context, fn func(eventstore.Commit) error) error { return log.Read(ctx, 1, fn) }
	return v.judge(ctx, t, found, read, &verdict{})
}

func (v *verifyCommand) archive(ctx context.Context, c *cli, t *terminal) error {
	saved, err := c.openCopy(v.Archive)
	if err != nil {
		return t.damaged(err, v.JSON)
	}
	bar := t.progress(int(saved.Last()), "events")
	found, err := saved.Verify(ctx, v.From, v.witnesses, bar.number)
	bar.done()
	if err != nil {
		return t.damaged(err, v.JSON)
	}
	read := func(ctx context.Context, fn func(eventstore.Commit) error) error {
		return saved.Read(ctx, eventstore.Fold{Apply: func(c eventstore.Commit, _ any) error { return fn(c) }})
	}
	return v.judge(ctx, t, found, read, &verdict{Archive: v.Archive})
}

// shut says of a damaged ledger, if its damage could be noted, that it stays shut.
func (c *cli) shut(err error) error {
	damage, is := errors.AsType[*eventstore.Damage](err)
	if !is {
		return err
	}
	noted := filepath.Join(c.Data, "heads", damage.Ledger+".damage")
	if _, missing := os.Stat(noted); missing != nil {
		return err
	}
	return fmt.Errorf("%w. It is noted in %s, and the ledger stays shut until pcnledger verify finds it whole", err, noted)
}

// damaged prints, as JSON, what is wrong with a ledger or an archive; people read it from the error.
func (t *terminal) damaged(err error, asJSON bool) error {
	var out verdict
	if damage, is := errors.AsType[*eventstore.Damage](err); is {
		out = verdict{Problem: &problem{damage.Number, damage.What, damage.Remedy}, Ledger: damage.Ledger}
	} else if damage, is := errors.AsType[*archive.Damage](err); is {
		out = verdict{Problem: &problem{damage.Number, damage.Error(), keepArchive}}
	}
	if out.Problem == nil || !asJSON {
		return err
	}
	if unprinted := t.json(out); unprinted != nil {
		return unprinted
	}
	return err
}

// judge compares what was found, which is whole in itself, with what the auditor brought, and prints it.
func (v *verifyCommand) judge(ctx context.Context, t *terminal, found eventstore.Verification, read commitReader, out *verdict) error {
	out.fill(found)
	key, err := v.given()
	if err != nil {
		return err
	}
	if err := out.cosigned(found, v.witnesses); err != nil {
		return err
	}
	if out.Problem = keyProblem(found, key); out.Problem == nil && v.Checkpoint != "" {
		if err := v.compareKept(ctx, found, read, out); err != nil {
			return err
		}
	}
	out.OK = out.Problem == nil
	out.NotProved = unproved(found, out, key, v.witnesses)
	if v.JSON {
		err = t.json(out)
	} else if out.OK {
		err = out.print(t.out)
	}
	if err == nil && !out.OK {
		err = fmt.Errorf("%s. %s", out.Problem.What, out.Problem.Remedy)
	}
	return err
}

// keyProblem says why the key that was given is not one that signs what was found.
func keyProblem(found eventstore.Verification, key proof.PublicKey) *problem {
	if key == (proof.PublicKey{}) {
		return nil
	}
	for _, held := range found.Keys {
		if held.Key == key {
			return nil
		}
	}
	remedy := "Either this is not the ledger that you were given the key of, or it was made up by other hands: ask its keeper, and keep a copy for the auditor"
	if len(found.Keys) == 0 {
		return &problem{What: fmt.Sprintf("ledger %s is not signed at all, and you were given the key %s", found.Ledger, key), Remedy: remedy}
	}
	return &problem{What: fmt.Sprintf("ledger %s is not signed with the key that was given, %s: its first is %s", found.Ledger, key, found.Keys[0].Key), Remedy: remedy}
}

// compareKept compares a checkpoint that the auditor kept with what is there.
func (v *verifyCommand) compareKept(ctx context.Context, found eventstore.Verification, read commitReader, out *verdict) error {
	text, err := os.ReadFile(v.Checkpoint)
	if err != nil {
		return usage("%s", err)
	}
	said, err := proof.ReadCheckpoint(text)
	if err != nil {
		return usage("%s is no checkpoint: %s", v.Checkpoint, err)
	}
	kept, err := proof.OpenNote(text, publicKeys(found.Keys), v.witnesses)
	if err != nil {
		out.Problem = &problem{
			What:   fmt.Sprintf("the checkpoint in %s, of %s, is not signed by a key of ledger %s: %v", v.Checkpoint, said.Origin, found.Ledger, err),
			Remedy: "See that it is of this ledger. If it is, the ledger was made up anew: keep both for the auditor",
		}
		return nil
	}
	remedy := fmt.Sprintf("The ledger was rewritten, or set back to an older copy. Keep %s and a copy of all of this for the auditor, and record nothing more", v.Checkpoint)
	if kept.Size > found.Events {
		out.Problem = &problem{Number: found.Events + 1, Remedy: remedy,
			What: fmt.Sprintf("the checkpoint in %s says that %d events were recorded, but there are %d", v.Checkpoint, kept.Size, found.Events)}
		return nil
	}
	root, err := rootAt(ctx, read, kept.Size)
	if err != nil {
		return err
	}
	if root != kept.Root {
		out.Problem = &problem{Remedy: remedy,
			What: fmt.Sprintf("the checkpoint in %s says that numbers 1 to %d had the root %s, but those that are here have %s", v.Checkpoint, kept.Size, kept.Root, root)}
		return nil
	}
	out.Kept = &checkpointFound{kept.Origin, kept.Size, kept.Root.String()}
	return nil
}

// rootAt returns the root of the tree of the first events.
func rootAt(ctx context.Context, read commitReader, size int64) (proof.Hash, error) {
	enough := errors.New("enough was read")
	var tree proof.Tree
	err := read(ctx, func(c eventstore.Commit) error {
		for _, leaf := range c.Leaves() {
			if tree.Size() == size {
				return enough
			}
			tree.Add(leaf)
		}
		return nil
	})
	if err != nil && !errors.Is(err, enough) {
		return proof.Hash{}, err
	}
	return tree.Root(), nil
}
