package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"pcnledger/eventstore/proof"
	"pcnledger/eventstore/witness"
)

type witnessCommand struct {
	New    witnessNew    `cmd:"" help:"Make a witness, with a key of its own."`
	Trust  witnessTrust  `cmd:"" help:"Tell it of a ledger and the key that signs it."`
	Cosign witnessCosign `cmd:"" help:"Answer what pcnledger prove --since wrote."`
	Show   witnessShow   `cmd:"" help:"Show its key, and what it saw of each ledger."`
}

func (w *witnessCommand) Help() string {
	return `A witness remembers the last checkpoint that each ledger showed it, and cosigns the next only if that continues it. Run it on
another machine and under another login than the ledger, by people who do not keep the ledger; files can go to and fro by
mail. Never restore its directory from a backup: it would forget what it cosigned since.`
}

// witnessState is the directory that every witness command works on.
type witnessState struct {
	State string `required:"" type:"path" placeholder:"DIR" help:"Directory of the witness."`
}

func (s witnessState) open() (*witness.Witness, error) {
	w, err := witness.Open(s.State)
	if errors.Is(err, witness.ErrNoWitness) {
		return nil, fmt.Errorf("%w; make one: pcnledger witness new --state %s --name NAME", err, s.State)
	}
	return w, err
}

type witnessNew struct {
	witnessState
	Name string `required:"" placeholder:"NAME" help:"Its name, by custom an address that its keeper owns: audit.example.org/witness."`
	JSON bool   `name:"json" help:"Print the key as JSON."`
}

func (n *witnessNew) Help() string {
	return `Makes a directory with a new private key, and prints the public key. Give that to whoever keeps a ledger, and publish it where
readers of reports find it.

Example:

  pcnledger witness new --state /srv/witness --name audit.example.org/witness`
}

func (n *witnessNew) Run(t *terminal) error {
	if _, err := proof.NewWitnessSigner(n.Name); err != nil {
		return usage("--name: %s", err)
	}
	w, err := witness.Create(n.State, n.Name)
	if errors.Is(err, witness.ErrWitnessExists) {
		return &codedError{exitRefused, fmt.Errorf("%w; it was not touched: name another directory", err)}
	}
	if err != nil {
		return err
	}
	defer w.Close()
	if n.JSON {
		return t.json(struct {
			Witness string `json:"witness"`
			Key     string `json:"key"`
		}{w.Key().Name(), w.Key().String()})
	}
	fmt.Fprintf(t.out, "public key  %s\n", w.Key())
	fmt.Fprintf(t.err, "The witness is in %s. Whoever can read the directory can sign as this witness.\nNext: pcnledger witness trust --state %s --key KEY, for each ledger\n",
		n.State, n.State)
	return nil
}

type witnessTrust struct {
	witnessState
	Key     string `required:"" placeholder:"KEY" help:"The public key of the ledger, as its keeper gave it to you."`
	Origin  string `placeholder:"ORIGIN" help:"The first line of its checkpoints, if that is not pcnledger/LEDGER/g1."`
	Rotated bool   `help:"The ledger is known, and signs with this further key now."`
}

func (w *witnessTrust) Help() string {
	return `Take the key from the ledger's keeper, not from the ledger: whoever could rewrite the ledger could write a key into it.

A ledger that was restored from its archive is a new generation, of another origin: pcnledger/LEDGER/g2. The witness has to be
told of it, and then demands that it continues what it saw of the generation before.

Examples:

  pcnledger witness trust --state /srv/witness --key pcnledger/oxfordshire+1f2e3d4c+AR…
  pcnledger witness trust --state /srv/witness --key KEY --origin pcnledger/oxfordshire/g2
  pcnledger witness trust --state /srv/witness --key KEY --rotated`
}

func (w *witnessTrust) Run(t *terminal) error {
	key, err := proof.ParsePublicKey(w.Key)
	if err != nil {
		return usage("--key: %s", err)
	}
	origin := w.Origin
	if origin == "" {
		origin = proof.Origin(key.Ledger(), 1)
	}
	if ledger, _, err := proof.ParseOrigin(origin); err != nil || ledger != key.Ledger() {
		return usage("--origin %q is not of the ledger of the key, %q: write pcnledger/%s/g2 for its second generation", origin, key.Ledger(), key.Ledger())
	}
	eye, err := w.open()
	if err != nil {
		return err
	}
	defer eye.Close()
	if w.Rotated {
		err = eye.AddKey(origin, key)
	} else {
		err = eye.Trust(origin, key)
	}
	if err != nil {
		return witnessError(err, w.State)
	}
	fmt.Fprintf(t.out, "%s  trusted with key %s\n", origin, key.ID())
	return nil
}

// witnessError gives what a witness refuses its exit code and remedy.
func witnessError(err error, state string) error {
	stale, isStale := errors.AsType[*witness.Stale](err)
	switch {
	case isStale:
		return &codedError{exitRefused, fmt.Errorf("%w; nothing was cosigned: pcnledger prove --since %d writes the request that it can answer", err, stale.Size)}
	case errors.Is(err, witness.ErrOtherKey):
		return &codedError{exitRefused, fmt.Errorf("%w; if the ledger's keeper told you of the new key by a way that you trust: --rotated", err)}
	case errors.Is(err, witness.ErrUnknownLog):
		return &codedError{exitRefused, fmt.Errorf("%w; tell it of one: pcnledger witness trust --state %s --key KEY --origin ORIGIN", err, state)}
	case errors.Is(err, witness.ErrRequest):
		return usage("%s; the file must be what pcnledger prove --since wrote", err)
	case errors.Is(err, witness.ErrSignature):
		return fmt.Errorf("%w; nothing was cosigned. Ask the ledger's keeper whether the key was changed; if so, and if you trust the way it came: pcnledger witness trust --rotated --state %s --key KEY", err, state)
	}
	return err
}

type witnessCosign struct {
	witnessState
	Request string `arg:"" help:"File that pcnledger prove --since wrote."`
	Out     string `short:"o" type:"path" placeholder:"FILE" help:"Write to FILE instead of the terminal."`
}

func (w *witnessCosign) Help() string {
	return `Answers with the checkpoint, signed by the ledger and now by the witness too. The ledger keeps the answer
(pcnledger checkpoint --add); keep one yourself. A ledger that was set back or rewritten is reported, exit code 3: both
checkpoints are printed, and kept in the directory evidence of the witness.

Example:

  pcnledger witness cosign --state /srv/witness request.txt -o cosigned.txt`
}

func (w *witnessCosign) Run(ctx context.Context, t *terminal) error {
	request, err := os.ReadFile(w.Request)
	if err != nil {
		return usage("%s", err)
	}
	eye, err := w.open()
	if err != nil {
		return err
	}
	defer eye.Close()
	if _, err := eye.Cosign(request, time.Now()); err != nil {
		if pair := contradiction(err); pair != nil {
			fmt.Fprintf(t.out, "What the witness saw, and cosigned:\n\n%s\nWhat it is shown now, and did not cosign:\n\n%s", pair.Seen.Text, pair.Shown.Text)
			return fmt.Errorf("%w. Stop relying on the ledger, and ask its keeper and the auditor which of the two is right", err)
		}
		return witnessError(err, w.State)
	}
	last, err := lastSeen(eye, request)
	if err != nil {
		return err
	}
	if err := t.deliver(w.Out, last.Text); err != nil {
		return err
	}
	fmt.Fprintf(t.err, "Cosigned %s up to number %d.\n", last.Origin, last.Size)
	return nil
}

// contradiction returns the two checkpoints that a witness found not to go together, if that is what an error says.
func contradiction(err error) *witness.Pair {
	if fork, is := errors.AsType[*witness.Fork](err); is {
		return &fork.Pair
	}
	if rollback, is := errors.AsType[*witness.Rollback](err); is {
		return &rollback.Pair
	}
	return nil
}

// lastSeen returns the checkpoint that the witness cosigned last of the log that a request is of.
func lastSeen(eye *witness.Witness, request []byte) (*proof.Note, error) {
	asked, err := proof.ParseConsistency(request)
	if err != nil {
		return nil, err
	}
	checkpoint, err := proof.ReadCheckpoint(asked.Note)
	if err != nil {
		return nil, err
	}
	known, err := eye.Ledgers()
	if err != nil {
		return nil, err
	}
	for _, ledger := range known {
		if ledger.Origin == checkpoint.Origin && ledger.Last != nil {
			return ledger.Last, nil
		}
	}
	return nil, fmt.Errorf("the witness has no record of %s", checkpoint.Origin)
}

type witnessShow struct {
	witnessState
	JSON bool `name:"json" help:"As JSON."`
}

func (w *witnessShow) Help() string {
	return `Example:

  pcnledger witness show --state /srv/witness`
}

// A sight is what a witness knows of one ledger.
type sight struct {
	Origin string   `json:"origin"`
	Keys   []string `json:"keys"`
	Number int64    `json:"number"` // up to which it cosigned
	Root   string   `json:"root,omitzero"`
	At     string   `json:"at,omitzero"`
}

func (w *witnessShow) Run(t *terminal) error {
	eye, err := w.open()
	if err != nil {
		return err
	}
	defer eye.Close()
	known, err := eye.Ledgers()
	if err != nil {
		return err
	}
	sights := []sight{}
	for _, ledger := range known {
		sights = append(sights, sightOf(ledger))
	}
	if w.JSON {
		return t.json(struct {
			Witness string  `json:"witness"`
			Key     string  `json:"key"`
			Ledgers []sight `json:"ledgers"`
		}{eye.Key().Name(), eye.Key().String(), sights})
	}
	fmt.Fprintf(t.out, "public key  %s\n", eye.Key())
	if len(sights) == 0 {
		fmt.Fprintf(t.out, "It knows no ledger yet. Tell it of one: pcnledger witness trust --state %s --key KEY\n", w.State)
	}
	for _, s := range sights {
		s.print(t)
	}
	return nil
}

func sightOf(ledger witness.Ledger) sight {
	s := sight{Origin: ledger.Origin}
	for _, key := range ledger.Keys {
		s.Keys = append(s.Keys, key.String())
	}
	if ledger.Last != nil {
		s.Number, s.Root, s.At = ledger.Last.Size, ledger.Last.Root.String(), ledger.Last.Cosignatures[0].At.UTC().Format(time.RFC3339)
	}
	return s
}

func (s sight) print(t *terminal) {
	fmt.Fprintf(t.out, "\n%s\n", s.Origin)
	if s.Number == 0 {
		fmt.Fprintln(t.out, "  cosigned  nothing yet")
	} else {
		fmt.Fprintf(t.out, "  cosigned  numbers 1 to %d at %s\n  root      %s\n", s.Number, s.At, s.Root)
	}
	for _, key := range s.Keys {
		fmt.Fprintf(t.out, "  key       %s\n", key)
	}
}
