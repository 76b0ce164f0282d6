package eventstore

import (
	"context"
	"errors"
	"fmt"

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

// Read calls fn with every commit, in order, and checks as it goes that nothing is missing, moved or foreign. A commit's
// sequence is its place in the archive, from 1. What fn is given stays valid.
func (c *Copy) Read(ctx context.Context, fn func(Commit) error) error {
	var t tail
	return c.repaired(c.archive.Commits(ctx, 1, func(a archive.Commit) error {
		commit, err := t.unpack(c.options, a)
		if err != nil {
			return err
		}
		t = commit.tail()
		return fn(commit)
	}))
}

// Fold folds every commit, decoded by several goroutines: the fast way to rebuild what is folded from the log. It checks
// framing and numbers, and the root against that of the newest checkpoint, if that covers all of it; signatures are left to
// [Copy.Verify]. It returns the root.
func (c *Copy) Fold(ctx context.Context, fold Fold) (proof.Hash, error) {
	var t tail
	var tree proof.Tree
	var sequence uint64
	source := func(ctx context.Context, emit func(raw) error) error {
		return c.archive.Segments(ctx, 1, func(s *archive.Segment) error {
			return s.Bodies(func(_ int64, _ int, body []byte) error {
				sequence++
				return emit(raw{sequence: sequence, header: nil, body: body})
			})
		})
	}
	err := c.options.pipeline(ctx, fold.Decode, source, func(commit taken) error {
		if err := t.place(c.options, commit.Commit, commit.broken); err != nil {
			return err
		}
		t = commit.tail()
		for _, leaf := range commit.leaves {
			tree.Add(leaf)
		}
		if commit.err != nil {
			return commit.err
		}
		return fold.Apply(commit.Commit, commit.decoded)
	})
	if err != nil {
		return proof.Hash{}, c.repaired(err)
	}
	return tree.Root(), c.checkNewest(t.number, tree.Root())
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

// unpack makes a commit of what an archive holds after t.
func (t tail) unpack(o Options, a archive.Commit) (Commit, error) {
	commit, err := t.follow(o, raw{sequence: t.sequence + 1, header: nil, body: append([]byte(nil), a.Body...)})
	if err != nil {
		return Commit{}, err
	}
	var roots []string
	if a.Root != "" {
		roots = []string{a.Root}
	}
	if err := commit.parseSeal(roots, a.Signatures); err != nil {
		return Commit{}, o.damage(commit.First(), 0, "%v", err)
	}
	return commit, nil
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
	v := newVerifier(c.options, from, nil)
	v.outcome.Generation = c.Generation()
	for _, text := range c.archive.Trailer().Checkpoints {
		if noted, err := proof.ReadCheckpoint(text); err == nil {
			v.roots[noted.Size] = proof.EmptyRoot()
		}
	}
	err := c.Read(ctx, func(commit Commit) error {
		if progress != nil {
			progress(commit.Last())
		}
		return v.next(commit)
	})
	if err != nil {
		return v.outcome, c.repaired(err)
	}
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
