package eventstore

import (
	"context"
	"fmt"

	"pcnledger/eventstore/proof"
)

// ProveInclusion proves that the event with that number stands in the log, against the newest checkpoint, which is made if
// need be. The proof can be checked without the log.
func (l *Log) ProveInclusion(ctx context.Context, number int64) (proof.Inclusion, error) {
	note, err := l.Checkpoint(ctx)
	if err != nil {
		return proof.Inclusion{}, err
	}
	if number < 1 || number > note.Size {
		return proof.Inclusion{}, fmt.Errorf("there is no number %d: the newest checkpoint is of %d events", number, note.Size)
	}
	line, err := l.line(ctx, number)
	if err != nil {
		return proof.Inclusion{}, err
	}
	path, err := proof.ProveInclusion(l.leaves(ctx), number, note.Size)
	return proof.Inclusion{Number: number, Line: line, Path: path, Note: note.Text}, err
}

// ProveConsistency proves that the newest checkpoint, which is made if need be, continues the log as it was when it had so
// many events.
func (l *Log) ProveConsistency(ctx context.Context, old int64) (proof.Consistency, error) {
	note, err := l.Checkpoint(ctx)
	if err != nil {
		return proof.Consistency{}, err
	}
	if old < 0 || old > note.Size {
		return proof.Consistency{}, fmt.Errorf("the newest checkpoint is of %d events: it does not continue a log of %d", note.Size, old)
	}
	path, err := proof.ProveConsistency(l.leaves(ctx), old, note.Size)
	return proof.Consistency{Old: old, Path: path, Note: note.Text}, err
}

// leaves streams the hashes of all events.
func (l *Log) leaves(ctx context.Context) proof.Leaves {
	return func(each func(proof.Hash) error) error {
		return l.Read(ctx, 1, func(c Commit) error {
			for _, leaf := range c.Leaves() {
				if err := each(leaf); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// line returns the event with that number as it stands in the log.
func (l *Log) line(ctx context.Context, number int64) ([]byte, error) {
	ctx, done, err := l.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	before := l.before(number)
	c, err := l.readOne(ctx, before, before.sequence+1)
	if err != nil {
		return nil, err
	}
	lines, err := splitLines(c.Body)
	if err != nil {
		return nil, err
	}
	return lines[number-c.First()], nil
}
