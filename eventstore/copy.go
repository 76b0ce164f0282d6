package eventstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"

	"pcnledger/eventstore/archive"
	"pcnledger/eventstore/proof"
)

// A Copy is an archive of a log, read as the log itself is.
type Copy struct {
	archive *archive.Archive
	options Options
}

// OpenCopy opens the archive in dir.
func OpenCopy(dir string) (*Copy, error) {
	a, err := archive.Open(dir)
	if err != nil {
		return nil, err
	}
	if !ValidLedger(a.Ledger()) {
		return nil, fmt.Errorf("the archive in %s is of a ledger with the name %q, which is none", dir, a.Ledger())
	}
	return &Copy{a, Options{Ledger: a.Ledger(), Dir: dir}}, nil
}

// Ledger returns the name of the ledger.
func (c *Copy) Ledger() string { return c.options.Ledger }

// Generation returns the generation of the log that was archived last.
func (c *Copy) Generation() int { return c.archive.Generation() }

// Last returns the number of the last event.
func (c *Copy) Last() int64 { return c.archive.Last() }

// Read folds every commit with its signatures, in order, and checks as it goes that nothing is missing, moved or foreign. A
// commit's sequence is its place in the archive, from 1. What is folded stays valid.
func (c *Copy) Read(ctx context.Context, fold Fold) error {
	var sequence uint64
	return c.read(ctx, fold, nil, func(ctx context.Context, emit func(raw) error) error {
		return c.archive.Commits(ctx, 1, func(a archive.Commit) error {
			sequence++
			r := raw{sequence: sequence, body: append([]byte(nil), a.Body...)}
			if a.Root != "" {
				r.header = nats.Header{rootHeader: {a.Root}, signatureHeader: a.Signatures}
			}
			return emit(r)
		})
	})
}

// read folds what a source emits. It calls meet, if it is not nil, with each commit before that.
func (c *Copy) read(ctx context.Context, fold Fold, meet func(taken), source func(context.Context, func(raw) error) error) error {
	var t tail
	return c.repaired(c.options.pipeline(ctx, fold, 0, source, func(commit taken) error {
		if err := t.place(c.options, commit.Commit, commit.broken); err != nil {
			return err
		}
		t = commit.tail()
		if meet != nil {
			meet(commit)
		}
		if commit.err != nil {
			return commit.err
		}
		return fold.Apply(commit.Commit, commit.decoded)
	}))
}

// Fold folds every commit, decoded by several goroutines: the fast way to rebuild what is folded from the log. It checks
// framing and numbers, and the root against that of the newest checkpoint, if that covers all of it; signatures are left to
// [Copy.Verify]. It returns the root.
func (c *Copy) Fold(ctx context.Context, fold Fold) (proof.Hash, error) {
	var tree proof.Tree
	var sequence uint64
	err := c.read(ctx, fold, func(commit taken) {
		for _, leaf := range commit.leaves {
			tree.Add(leaf)
		}
	}, func(ctx context.Context, emit func(raw) error) error {
		return c.archive.Segments(ctx, 1, func(s *archive.Segment) error {
			return s.Bodies(func(_ int64, _ int, body []byte) error {
				sequence++
				return emit(raw{sequence: sequence, body: body})
			})
		})
	})
	if err != nil {
		return proof.Hash{}, err
	}
	return tree.Root(), c.checkNewest(tree.Size(), tree.Root())
}

// checkNewest compares the root with that of the newest checkpoint, if that is of the same number.
func (c *Copy) checkNewest(number int64, root proof.Hash) error {
	notes := c.archive.Trailer().Checkpoints
	if len(notes) == 0 {
		return nil
	}
	newest, err := proof.ReadCheckpoint(notes[len(notes)-1])
	if err != nil {
		return c.repaired(c.options.damage(0, 0, "its newest checkpoint: %v", err))
	}
	if newest.Size == number && newest.Root != root {
		return c.repaired(c.options.damage(0, 0, "its newest checkpoint says that the root of numbers 1 to %d is %s, but it is %s",
			number, newest.Root, root))
	}
	return nil
}

// repaired gives Damage the remedy that an archive has.
func (c *Copy) repaired(err error) error {
	remedy := fmt.Sprintf("Keep %s as it is for the auditor, and use another archive of the ledger, or make one from the ledger itself", c.options.Dir)
	if damage, is := errors.AsType[*Damage](err); is {
		damage.Sequence, damage.Remedy = 0, remedy
	}
	if damage, is := errors.AsType[*archive.Damage](err); is {
		return &Damage{Ledger: c.options.Ledger, Number: damage.Number, What: damage.Error(), Remedy: remedy}
	}
	return err
}

// notes returns the archive's checkpoints, each verified to be signed by one of the keys.
func (c *Copy) notes(keys []KeyHeld, witnesses []proof.WitnessKey) ([]proof.Note, error) {
	var public []proof.PublicKey
	for _, held := range keys {
		public = append(public, held.Key)
	}
	var notes []proof.Note
	for i, text := range c.archive.Trailer().Checkpoints {
		note, err := proof.OpenNote(text, public, witnesses)
		if err != nil {
			return notes, c.repaired(c.options.damage(0, 0, "checkpoint %d: %v", i+1, err))
		}
		notes = append(notes, note)
	}
	return notes, nil
}

// Verify checks the whole archive as [Log.Verify] does a log. Witnesses are those whose cosignatures are to be shown. It
// trusts nothing outside the archive: that its keys are those of the ledger is for the caller to compare.
func (c *Copy) Verify(ctx context.Context, from int64, witnesses []proof.WitnessKey, progress func(number int64)) (Verification, error) {
	v := c.verifier(from)
	if err := c.Read(ctx, v.fold(progress)); err != nil {
		return v.outcome, err
	}
	return c.finish(v, witnesses)
}

// verifier returns what verifies the archive.
func (c *Copy) verifier(from int64) *verifier {
	v := newVerifier(c.options, from, nil)
	v.outcome.Generation = c.Generation()
	trailer := c.archive.Trailer()
	for _, text := range trailer.Checkpoints {
		if noted, err := proof.ReadCheckpoint(text); err == nil {
			v.roots[noted.Size] = proof.EmptyRoot()
		}
	}
	for _, listed := range trailer.Keys {
		if key, err := proof.ParsePublicKey(listed.Text); err == nil {
			v.listed = append(v.listed, key)
		}
	}
	return v
}

// finish compares checkpoints and keys with what was read.
func (c *Copy) finish(v *verifier, witnesses []proof.WitnessKey) (Verification, error) {
	var err error
	if v.outcome.Checkpoints, err = c.notes(v.keys, witnesses); err != nil {
		return v.outcome, err
	}
	if err := c.checkKeys(v.keys); err != nil {
		return v.outcome, err
	}
	outcome, err := v.finish()
	return outcome, c.repaired(err)
}

// checkKeys compares the archive's list of keys with those that its events begin.
func (c *Copy) checkKeys(keys []KeyHeld) error {
	listed := c.archive.Trailer().Keys
	same := len(listed) == len(keys)
	for i := 0; same && i < len(keys); i++ {
		same = listed[i].Number == keys[i].From && listed[i].Text == keys[i].Key.String()
	}
	if !same {
		return c.repaired(c.options.damage(0, 0, "its list of keys is not that of its events"))
	}
	return nil
}
