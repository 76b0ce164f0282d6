package witness

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"time"

	"pcnledger/eventstore/proof"
)

// Pair is two checkpoints of one origin that a ledger's key signed and that should not both be.
type Pair struct {
	Seen     proof.Note // the last that the witness cosigned
	Shown    proof.Note // the one that it was asked to cosign
	Evidence string     // the file in which both are kept, with their signatures
}

func (p *Pair) pair() *Pair { return p }

func (p *Pair) where() string { return "; both checkpoints are kept in " + p.Evidence }

// finding is a Rollback or a Fork.
type finding interface {
	error
	pair() *Pair
	what() string
}

// Rollback is a request to cosign a tree that is smaller than one seen before: the ledger was set back, or an old request was
// sent again. The two checkpoints do not contradict each other by themselves.
type Rollback struct{ Pair }

func (r *Rollback) Error() string { return r.what() + r.where() }

func (r *Rollback) what() string {
	return fmt.Sprintf("%s has gone back: the witness saw %d events, and is shown %d (or an old request was sent again)",
		r.Seen.Origin, r.Seen.Size, r.Shown.Size)
}

// Fork is a request to cosign a tree that does not begin with what was seen before.
type Fork struct {
	Pair

	// Certain: the two signed checkpoints are of one size and differ, which proves the fork to anyone. Otherwise the later is
	// the larger, and the request did not prove that it continues the earlier: the ledger was rewritten, or whoever sent the
	// request sent a wrong proof with a genuine checkpoint. Ask the ledger for the proof.
	Certain bool
}

func (f *Fork) Error() string { return f.what() + f.where() }

func (f *Fork) what() string {
	if f.Certain {
		return fmt.Sprintf("%s has forked: of %d events the witness saw the root %s, and is shown %s",
			f.Seen.Origin, f.Seen.Size, f.Seen.Root, f.Shown.Root)
	}
	return fmt.Sprintf("%s is not proved to go on from the %d events with root %s that the witness saw: it is shown %d with root %s",
		f.Seen.Origin, f.Seen.Size, f.Seen.Root, f.Shown.Size, f.Shown.Root)
}

// withEvidence keeps the evidence of a rollback or a fork, and returns err with the name of its file. The caller holds mu.
func (w *Witness) withEvidence(err error, asked proof.Consistency, now time.Time) error {
	var found finding
	if !errors.As(err, &found) {
		return err
	}
	pair := found.pair()
	name, nameErr := evidenceName(pair)
	if nameErr != nil {
		return errors.Join(err, nameErr)
	}
	pair.Evidence = w.path("evidence", name)
	// The file of the first time stands: the same request again brings nothing new, and must not fill the disk.
	if _, statErr := os.Stat(pair.Evidence); statErr == nil {
		return err
	}
	if writeErr := replace(pair.Evidence, evidenceText(found, w.Key(), asked, now), w.at); writeErr != nil {
		return errors.Join(err, fmt.Errorf("the evidence is not kept: %w", writeErr))
	}
	return err
}

// evidenceName is one for each pair of checkpoints.
func evidenceName(p *Pair) (string, error) {
	log, err := fileName(p.Seen.Origin)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %d %s", p.Seen.Size, p.Seen.Root, p.Shown.Size, p.Shown.Root))
	return fmt.Sprintf("%s-%x.txt", log, sum[:8]), nil
}

// evidenceText is for people; the two notes in it are whole, and can be cut out and checked.
func evidenceText(found finding, witness proof.WitnessKey, asked proof.Consistency, now time.Time) []byte {
	pair := found.pair()
	asked.Note = pair.Shown.Verified()
	return fmt.Appendf(nil, evidenceForm, found.what(), witness, now.UTC().Format(time.RFC3339), pair.Seen.Text, asked.Text())
}

const evidenceForm = `pcnledger witness evidence v1
%s
witness %s
met %s

=== seen, and cosigned by the witness ===
%s
=== shown in this request, and not cosigned ===
%s`
