package witness

import (
	"errors"
	"fmt"
	"time"

	"pcnledger/eventstore/proof"
)

var (
	// ErrRequest: the request is not one, or proves what there is nothing to prove of. HTTP has 400 or 422 for it.
	ErrRequest = errors.New("this is not a request to cosign a checkpoint")

	// ErrSignature: the checkpoint is not signed with a key that the witness trusts for its origin, or the signature is bad.
	// HTTP has 403 for it.
	ErrSignature = errors.New("the checkpoint is not signed by whom the witness trusts")
)

// Stale is a request whose earlier size is not that of the last checkpoint that the witness cosigned. It says nothing against
// the ledger: ask again from Size. HTTP has 409 for it, with the size as the answer's text.
type Stale struct {
	Origin string
	Old    int64 // as asked
	Size   int64 // to ask from
}

func (s *Stale) Error() string {
	return fmt.Sprintf("the witness saw %s at %d events, and was asked from %d: ask from %d", s.Origin, s.Size, s.Old, s.Size)
}

// clockSlack is how far the witness's clock may have been set back without the witness refusing to go on. It covers the
// small corrections of a clock that is kept right.
const clockSlack = 5 * time.Minute

// Cosign answers a request, which is the body of an add-checkpoint request of c2sp.org/tlog-witness (see
// [proof.Consistency]), with the signature line to add to the checkpoint ([proof.AddCosignature]). The line is returned only
// when the checkpoint is on disk as the last that was cosigned.
//
// Errors are [ErrRequest], [ErrUnknownLog], [ErrSignature], [*Stale], or, with evidence kept of it, [*Rollback] or [*Fork];
// any other says that the witness's own directory or clock is at fault. After every error nothing was cosigned. It may have
// been kept all the same, if it was the writing that failed; the ledger can ask again, and is told from where.
//
// A crash of the witness leaves, by when it comes:
//
//   - before the new record has taken the old one's place: the old record, and perhaps half a file that nothing reads. The
//     cosignature that was made existed in memory and in that file alone, and was not answered.
//   - after, and before the answer: the new record. The ledger did not get its cosignature, asks again from the old size, is
//     told the new one, and gets a cosignature of that same checkpoint or of one that continues it.
//   - a power cut between the two: either record, whole. For neither was there an answer.
func (w *Witness) Cosign(request []byte, now time.Time) ([]byte, error) {
	asked, err := proof.ParseConsistency(request)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRequest, err)
	}
	claimed, err := proof.ReadCheckpoint(asked.Note)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRequest, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	r, err := w.read(claimed.Origin)
	if err != nil {
		return nil, err
	}
	shown, err := proof.OpenNote(asked.Note, r.keys, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSignature, err)
	}
	seen, last, err := r.seen(w.Key())
	if err == nil && r.last == nil {
		seen, last, err = w.seenEarlier(r.origin, seen)
	}
	if err != nil {
		return nil, err
	}
	if err := judge(seen, shown, asked); err != nil {
		return nil, w.withEvidence(err, asked, now)
	}
	return w.cosign(r, shown, last, now)
}

// seenEarlier returns the last checkpoint that the witness cosigned of a generation before the origin's, or nothing if there
// is none. A restored ledger is a new generation of the same tree: it has to continue what the witness saw, or it was
// restored from too old a backup, or rewritten.
func (w *Witness) seenEarlier(origin string, nothing proof.Note) (proof.Note, time.Time, error) {
	ledger, generation, err := proof.ParseOrigin(origin)
	for n := generation - 1; n >= 1 && err == nil; n-- {
		r, readErr := w.read(proof.Origin(ledger, n))
		if errors.Is(readErr, ErrUnknownLog) || readErr == nil && r.last == nil {
			continue
		}
		if readErr != nil {
			return proof.Note{}, time.Time{}, readErr
		}
		return r.seen(w.Key())
	}
	return nothing, time.Time{}, err
}

// judge reports why the witness, who saw one checkpoint, must not cosign another that it is shown.
func judge(seen, shown proof.Note, asked proof.Consistency) error {
	pair := Pair{Seen: seen, Shown: shown}
	// What was signed twice over is reported whatever else is wrong with the request.
	switch {
	case shown.Size < seen.Size:
		return &Rollback{Pair: pair}
	case shown.Size == seen.Size && shown.Root != seen.Root:
		return &Fork{Pair: pair, Certain: true}
	case asked.Old > shown.Size:
		return fmt.Errorf("%w: %d events do not continue %d", ErrRequest, shown.Size, asked.Old)
	case asked.Old != seen.Size:
		return &Stale{Origin: seen.Origin, Old: asked.Old, Size: seen.Size}
	}
	err := proof.CheckConsistency(seen.Checkpoint, shown.Checkpoint, asked.Path)
	switch {
	case err == nil:
		return nil
	case seen.Size == 0 || seen.Size == shown.Size:
		return fmt.Errorf("%w: from %d events to %d there is nothing to prove, and a proof was given", ErrRequest, seen.Size, shown.Size)
	}
	return &Fork{Pair: pair}
}

// cosign makes shown the last checkpoint of r, on disk, and returns the cosignature.
func (w *Witness) cosign(r record, shown proof.Note, last, now time.Time) ([]byte, error) {
	// A cosignature says that at its time nothing larger was known. One that is earlier than the one before, of a smaller
	// tree, would make that untrue.
	switch {
	case now.Before(last.Add(-clockSlack)):
		return nil, fmt.Errorf("the clock says %s, and the last cosignature of %s was made at %s: set the clock right; "+
			"if that time was wrong, make a new witness",
			now.UTC().Format(time.RFC3339), r.origin, last.Format(time.RFC3339))
	case now.Before(last):
		now = last
	}
	line, err := w.signer.Cosign(shown.Checkpoint, now)
	if err != nil {
		return nil, err
	}
	if r.last, err = proof.AddCosignature(shown.Verified(), line); err != nil {
		return nil, err
	}
	if err := w.keep(r); err != nil {
		return nil, fmt.Errorf("keep the checkpoint of %s: %w", r.origin, err)
	}
	return line, nil
}
