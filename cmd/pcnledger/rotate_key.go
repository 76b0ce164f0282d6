package main

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pcnledger/ledger"
)

type rotateKeyCommand struct {
	Lost   bool   `help:"The key in use is gone: the new one takes its place on your word alone."`
	Reason string `placeholder:"TEXT" help:"Why; with --lost it has to be said."`
	JSON   bool   `name:"json" help:"Print the receipt and the keys as JSON."`
}

func (r *rotateKeyCommand) Help() string {
	return `Makes another key and records that it signs from then on. The event is signed with the old key and with the new, so that
whoever trusts the old one can trust the new. Do it when the key may have been seen by others, or its keeper leaves. A
ledger that was begun before there were keys gets its first one so.

--lost is for a key of which no copy is left, as after a restore without it. Nothing but your word then joins the new key
to the old, and every verification says so.

Examples:

  pcnledger rotate-key --reason "the treasurer left"
  pcnledger rotate-key --lost --reason "the disk of 3 May; the auditor was told on 4 May"`
}

func (r *rotateKeyCommand) Run(ctx context.Context, c *cli, t *terminal) error {
	if r.Lost && r.Reason == "" {
		return usage("--lost needs --reason: say how the key was lost and who was told")
	}
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	previous := ""
	if held := l.Log().Keys(); len(held) > 0 {
		previous = held[len(held)-1].Key.String()
	}
	receipt, key, err := l.RotateKey(ctx, ledger.KeyChange{Lost: r.Lost, Reason: r.Reason})
	if err != nil {
		return err
	}
	if receipt.Outcome == ledger.Refused {
		if err := t.receipt(receipt, "", r.JSON); err != nil {
			return err
		}
		return errRefused
	}
	file := c.keyFile(l.Log().Ledger())
	if r.JSON {
		return t.keyReceipt(receipt, keyChange{Key: string(key), Previous: previous, KeyFile: file})
	}
	if err := t.receipt(receipt, "", false); err != nil {
		return err
	}
	if previous != "" {
		fmt.Fprintf(t.out, "previous key  %s\n", previous)
	}
	fmt.Fprintf(t.out, "new key       %s\n", key)
	fmt.Fprintf(t.err, `The private key is in %s. Keep a copy in a safe place; no backup contains it.
Tell auditors and witnesses the new key yourself, by a way they trust: they do not take it from the ledger. A witness
then runs: pcnledger witness trust --rotated --state DIR --key KEY
`, file)
	if r.Lost {
		fmt.Fprintf(t.err, "Tell them too that the key before was lost: from number %d on only your word joins the ledger to what they knew.\n", receipt.First)
	}
	return nil
}

// A keyChange is a key that a command brought, as JSON beside its receipt.
type keyChange struct {
	Key      string         `json:"key"`
	Previous string         `json:"previous,omitzero"`
	KeyFile  string         `json:"keyfile"` // of the private half
	Receipt  jsontext.Value `json:",embed"`
}

// keyReceipt prints one line of JSON with the members of the receipt and those of the key.
func (t *terminal) keyReceipt(r ledger.Receipt, change keyChange) error {
	var err error
	if change.Receipt, err = json.Marshal(r); err != nil {
		return fmt.Errorf("encode a receipt: %w", err)
	}
	return t.json(change)
}

// json prints a value as one line of JSON.
func (t *terminal) json(value any) error {
	line, err := json.Marshal(value, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("encode the answer: %w", err)
	}
	_, err = fmt.Fprintf(t.out, "%s\n", line)
	return err
}
