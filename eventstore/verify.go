package eventstore

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pcnledger/eventstore/proof"
)

// verifySeal reports what is wrong with a commit's seal. Before is the root of the tree before it, current the key that
// signs then; nil if there is none yet. By says of signatures that were verified already by which key they are.
func verifySeal(o Options, c Commit, before proof.Hash, current *KeyHeld, by []proof.PublicKey) error {
	begun, err := keysIn(c.Events)
	if err != nil {
		return o.damage(c.First(), c.Sequence, "its signing key: %v", err)
	}
	var keys []KeyHeld
	if current != nil && (len(begun) == 0 || !begun[0].Lost) {
		keys = append(keys, *current)
	}
	keys = append(keys, begun...)
	switch {
	case len(keys) != len(c.Signatures):
		return o.damage(c.First(), c.Sequence, "it has %d signatures where there must be %d", len(c.Signatures), len(keys))
	case len(keys) == 0:
		return nil
	case c.Before != before:
		return o.damage(c.First(), c.Sequence, "it was signed after a log with the root %s, but the log before it has the root %s", c.Before, before)
	}
	seal := c.seal(o.Ledger)
	for i, key := range keys {
		if i < len(by) && by[i] == key.Key {
			continue
		}
		if !key.Key.Verify(seal, c.Signatures[i]) {
			return o.damage(c.First(), c.Sequence, "it was not signed with key %s: it was changed, or written by other hands", key.Key.ID())
		}
	}
	return nil
}

// checkSeal is verifySeal for a commit that this log meets next.
func (l *Log) checkSeal(c Commit) error {
	at := l.pointAfter(nil)
	if c.Sequence != at.sequence+1 {
		return nil
	}
	return verifySeal(l.options, c, at.tree.Root(), at.key, nil)
}

// A Verification is what was found in a log in which nothing is wrong.
type Verification struct {
	Ledger      string
	Generation  int
	Events      int64
	Commits     int64
	Root        proof.Hash
	From        int64     // the number from which on signatures were verified, as it was asked for
	SignedFrom  int64     // the number of the first event that is signed; 0 if none is
	Signatures  int64     // that were verified
	Keys        []KeyHeld // that signed, the first first
	Checkpoints []proof.Note
	Last        time.Time // when the last event was recorded
}

// A verifier checks commits one after another, from the first on.
type verifier struct {
	options Options
	tail    tail
	tree    proof.Tree
	keys    []KeyHeld
	ids     logIndex
	roots   map[int64]proof.Hash // at the sizes of checkpoints
	listed  []proof.PublicKey    // keys that are said to be the log's: by them signatures are verified ahead
	outcome Verification
}

func newVerifier(o Options, from int64, notes []proof.Note) *verifier {
	v := &verifier{options: o, roots: map[int64]proof.Hash{}}
	v.outcome.From = max(from, 1)
	v.outcome.Checkpoints = notes
	v.ids.gather()
	for _, note := range notes {
		v.roots[note.Size] = proof.EmptyRoot()
	}
	return v
}

// signers returns by which of the listed keys each signature of a commit is; the zero key where it is by none. It is most of
// the work, and can be done in any goroutine: whether that key was to sign is for next to say.
func (v *verifier) signers(c Commit) (any, error) {
	if c.Last() < v.outcome.From || !c.Sealed() {
		return []proof.PublicKey(nil), nil
	}
	by := make([]proof.PublicKey, len(c.Signatures))
	seal := c.seal(v.options.Ledger)
	for i, s := range c.Signatures {
		for _, key := range v.listed {
			if key.ID() == s.KeyID && key.Verify(seal, s) {
				by[i] = key
			}
		}
	}
	return by, nil
}

// next checks a commit that was read after the last: its number and framing were found right.
func (v *verifier) next(c Commit, by []proof.PublicKey) error {
	var current *KeyHeld
	if n := len(v.keys); n > 0 {
		current = &v.keys[n-1]
	}
	if c.Last() >= v.outcome.From {
		if err := verifySeal(v.options, c, v.tree.Root(), current, by); err != nil {
			return err
		}
		v.outcome.Signatures += int64(len(c.Signatures))
	}
	if v.outcome.SignedFrom == 0 && c.Sealed() {
		v.outcome.SignedFrom = c.First()
	}
	if _, err := v.ids.add(c); err != nil {
		return err
	}
	begun, err := keysIn(c.Events)
	if err != nil {
		return v.options.damage(c.First(), c.Sequence, "its signing key: %v", err)
	}
	v.keys = append(v.keys, begun...)
	for _, leaf := range c.Leaves() {
		v.tree.Add(leaf)
	}
	if _, noted := v.roots[c.Last()]; noted {
		v.roots[c.Last()] = v.tree.Root()
	}
	v.tail = c.tail()
	v.outcome.Commits++
	return nil
}

// fold verifies what is read.
func (v *verifier) fold(progress func(number int64)) Fold {
	return Fold{Decode: v.signers, Apply: func(c Commit, by any) error {
		if progress != nil {
			progress(c.Last())
		}
		return v.next(c, by.([]proof.PublicKey))
	}}
}

// finish compares the checkpoints with what was read: each must have the root that the log had at its number, and with
// that each is consistent with the newest.
func (v *verifier) finish() (Verification, error) {
	repeated, err := v.ids.settle()
	if err != nil {
		return v.outcome, err
	}
	if repeated != nil {
		return v.outcome, v.options.recordedTwice(*repeated, 0)
	}
	for _, note := range v.outcome.Checkpoints {
		ledger, _, err := proof.ParseOrigin(note.Origin)
		switch root := v.roots[note.Size]; {
		case err != nil || ledger != v.options.Ledger:
			return v.outcome, v.options.damage(0, 0, "the checkpoint of %d events is of %s, not of ledger %s", note.Size, note.Origin, v.options.Ledger)
		case note.Size > v.tail.number:
			return v.outcome, v.options.damage(v.tail.number+1, 0, "a signed checkpoint says that %d events were recorded, but there are %d",
				note.Size, v.tail.number)
		case root != note.Root:
			return v.outcome, v.options.damage(0, 0, "the signed checkpoint of %d events has the root %s, but what is there has %s",
				note.Size, note.Root, root)
		}
	}
	v.outcome.Ledger, v.outcome.Keys = v.options.Ledger, v.keys
	v.outcome.Events, v.outcome.Root, v.outcome.Last = v.tail.number, v.tree.Root(), v.tail.at
	return v.outcome, nil
}

// Verify reads the whole log and checks framing, numbers, tree, head, checkpoints and, from a number on, signatures. It
// calls progress, if not nil, with the last number read. What is wrong is returned as [Damage] with the number it begins
// at, and noted beside the head: from then on the log does not open, until it is verified whole again.
func (l *Log) Verify(ctx context.Context, from int64, progress func(number int64)) (Verification, error) {
	outcome, err := l.verify(ctx, from, progress)
	if damage, is := errors.AsType[*Damage](err); is {
		l.writing.Lock()
		defer l.writing.Unlock()
		l.awaitHead()
		l.broken = damage // nothing is recorded on it, and no checkpoint signed of it
		return outcome, errors.Join(damage, l.options.noteDamage(damage))
	}
	if err == nil && from <= 1 {
		err = l.options.forgetDamage()
	}
	return outcome, err
}

func (l *Log) verify(ctx context.Context, from int64, progress func(number int64)) (Verification, error) {
	notes, err := l.Checkpoints(ctx)
	if err != nil {
		return Verification{}, err
	}
	v := newVerifier(l.options, from, notes)
	v.outcome.Generation, v.listed = l.generation.n, l.publicKeys()
	err = l.Fold(ctx, 1, v.fold(progress))
	if err != nil {
		return v.outcome, err
	}
	return v.finish()
}

// rootMismatch is Damage that names no number: signatures may.
type rootMismatch struct{ *Damage }

func (m *rootMismatch) Unwrap() error { return m.Damage }

// locate looks for the first commit whose signature is wrong, where the roots do not agree.
func (l *Log) locate(ctx context.Context, m *rootMismatch) error {
	v := newVerifier(l.options, 1, nil)
	err := l.foldBlocks(ctx, Head{Generation: l.generation.n}, func(c taken) error { return v.next(c.Commit, nil) }, Fold{})
	if damage, is := errors.AsType[*Damage](err); is {
		return damage
	}
	return m.Damage
}

// damagePath is where verify notes damage: what is found once must not be forgotten at the next start, which reads less.
func (o Options) damagePath() string { return filepath.Join(o.Dir, "heads", o.Ledger+".damage") }

func (o Options) noteDamage(d *Damage) error {
	path := o.damagePath()
	if err := writeSynced(path, []byte(d.Error()+"\n")); err != nil {
		return err
	}
	return syncDirs(filepath.Dir(path))
}

func (o Options) forgetDamage() error {
	err := os.Remove(o.damagePath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// notedDamage returns the damage that an earlier verification noted.
func (o Options) notedDamage() error {
	text, err := os.ReadFile(o.damagePath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	d := o.damage(0, 0, "verify found: %s", strings.TrimSpace(string(text)))
	d.Remedy = "Restore the ledger from its last good archive; if it was put right meanwhile, verify says so"
	return d
}
