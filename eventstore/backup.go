package eventstore

import (
	"context"
	"errors"

	"pcnledger/eventstore/archive"
	"pcnledger/eventstore/proof"
)

// A Backup says what was added to an archive.
type Backup struct {
	First, Last int64 // the numbers that were added; First is behind Last if there was nothing to add
	Kept, Added int   // segments that were there and were not touched, and segments that were written
	Raw, Size   int64 // bytes of the whole archive, before and after compression
}

// Backup adds what the archive in dir has not to it; a directory that is empty or not there becomes an archive. What is
// archived already is not touched. A checkpoint is made first, if one can be signed, so that the archive ends in one.
// Progress, if not nil, is called with the last number that was added.
func (l *Log) Backup(ctx context.Context, dir string, progress func(number int64)) (Backup, error) {
	if _, err := l.Checkpoint(ctx); err != nil && !errors.Is(err, ErrNoKey) {
		return Backup{}, err
	}
	notes, err := l.Checkpoints(ctx)
	if err != nil {
		return Backup{}, err
	}
	last, _ := l.Last()
	w, err := archive.OpenWriter(dir, archive.Source{
		Ledger: l.options.Ledger, Generation: l.generation.n, Last: last,
		Commit: func(first int64) (archive.Commit, error) { return l.archived(ctx, first) },
	})
	if err != nil {
		return Backup{}, err
	}
	defer w.Abort()
	made := Backup{First: w.Last() + 1}
	err = l.Read(ctx, made.First, func(c Commit) error {
		if c.Last() > last {
			return nil // recorded since the checkpoint was made: for the next backup
		}
		if progress != nil {
			progress(c.Last())
		}
		return w.Add(c.archived())
	})
	if err != nil {
		return Backup{}, err
	}
	made.Last = w.Last()
	if err := w.Close(l.trailer(notes)); err != nil {
		return Backup{}, err
	}
	made.Kept, made.Added = w.Segments()
	a, err := archive.Open(dir)
	if err != nil {
		return Backup{}, err
	}
	made.Raw, made.Size = a.Size()
	return made, nil
}

// archived returns the commit that begins at a number, as an archive holds it; the zero Commit if none does.
func (l *Log) archived(ctx context.Context, first int64) (archive.Commit, error) {
	if last, _ := l.Last(); first < 1 || first > last {
		return archive.Commit{}, nil
	}
	before := l.before(first)
	c, err := l.readOne(ctx, before, before.sequence+1)
	if err != nil || c.First() != first {
		return archive.Commit{}, err
	}
	return c.archived(), nil
}

// archived is the commit as an archive holds it.
func (c Commit) archived() archive.Commit {
	a := archive.Commit{First: c.First(), Events: len(c.Events), Body: c.Body}
	if !c.Sealed() {
		return a
	}
	a.Root = c.Before.String()
	for _, s := range c.Signatures {
		a.Signatures = append(a.Signatures, s.String())
	}
	return a
}

func (l *Log) trailer(notes []proof.Note) archive.Trailer {
	var t archive.Trailer
	for _, note := range notes {
		t.Checkpoints = append(t.Checkpoints, note.Text)
	}
	for _, held := range l.Keys() {
		t.Keys = append(t.Keys, archive.Key{Number: held.From, Text: held.Key.String()})
	}
	return t
}
