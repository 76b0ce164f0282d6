package eventstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pcnledger/eventstore/proof"
)

// The witnesses whose cosignatures are kept are listed by their public keys, one a line, beside the ledger's key.
func (o Options) witnessFile() string { return filepath.Join(o.Dir, "keys", o.Ledger+".witnesses") }

func (o Options) witnesses() ([]proof.WitnessKey, error) {
	text, err := os.ReadFile(o.witnessFile())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var keys []proof.WitnessKey
	for _, line := range strings.Fields(string(text)) {
		key, err := proof.ParseWitnessKey(line)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.witnessFile(), err)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// Witnesses returns the witnesses whose cosignatures are kept.
func (l *Log) Witnesses() ([]proof.WitnessKey, error) { return l.options.witnesses() }

// TrustWitness lists a witness: its cosignatures are kept from now on, and shown.
func (l *Log) TrustWitness(key proof.WitnessKey) error {
	keys, err := l.options.witnesses()
	if err != nil || slices.Contains(keys, key) {
		return err
	}
	var text bytes.Buffer
	for _, k := range append(keys, key) {
		fmt.Fprintln(&text, k)
	}
	path := l.options.witnessFile()
	if err := makeDir(filepath.Dir(path)); err != nil {
		return err
	}
	if err := writeSynced(path+".new", text.Bytes()); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	return syncDirs(filepath.Dir(path))
}

// AddCosignature keeps what a witness said of a checkpoint of this log: the checkpoint is stored again with the witness's
// line. The line must be by a witness that is listed, and right. Where that witness cosigned this checkpoint before, the
// cosignature that is there stands: reports quote it.
func (l *Log) AddCosignature(ctx context.Context, size int64, line []byte) (proof.Note, error) {
	ctx, done, err := l.begin(ctx)
	if err != nil {
		return proof.Note{}, err
	}
	defer done()
	l.writing.Lock()
	defer l.writing.Unlock()
	l.awaitHead()
	if l.broken != nil {
		return proof.Note{}, l.broken
	}
	notes, err := l.notes(ctx)
	if err != nil {
		return proof.Note{}, err
	}
	i := slices.IndexFunc(notes, func(n proof.Note) bool { return n.Size == size })
	if i < 0 {
		return proof.Note{}, fmt.Errorf("there is no checkpoint of %d events", size)
	}
	text, err := proof.AddCosignature(notes[i].Text, line)
	if err != nil {
		return proof.Note{}, err
	}
	witnesses, err := l.options.witnesses()
	if err != nil {
		return proof.Note{}, err
	}
	note, err := proof.OpenNote(text, l.publicKeys(), witnesses)
	if err != nil {
		return proof.Note{}, err
	}
	switch {
	case len(note.Cosignatures) > len(notes[i].Cosignatures):
		return note, l.storeNote(text)
	case !bytes.Equal(text, notes[i].Text) && slices.Equal(note.Cosignatures, notes[i].Cosignatures):
		return note, errors.New("the cosignature is by a witness that is not listed")
	}
	return notes[i], nil
}
