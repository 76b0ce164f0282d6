package witness

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pcnledger/eventstore/proof"
)

// record is what a witness knows of one origin. Its file is
//
//	pcnledger witness record v1
//	origin pcnledger/oxfordshire/g1
//	key pcnledger/oxfordshire+b2b75472+…
//	cosigned 7
//
//	<the checkpoint: a note with the ledger's signature and the witness's own>
//
// with a line for each key in the order in which they were trusted, and "cosigned nothing", and nothing after it, before the
// first checkpoint. Everything in it is signed, named or counted by something else in it, so that damage does not go unseen:
// least of all the loss of the checkpoint.
type record struct {
	origin string
	keys   []proof.PublicKey
	last   []byte // the checkpoint cosigned last, or nil
}

const (
	recordTitle     = "pcnledger witness record v1"
	cosignedNothing = "cosigned nothing"
)

func (r record) text() ([]byte, error) {
	lines := []string{recordTitle, "origin " + r.origin}
	for _, k := range r.keys {
		lines = append(lines, "key "+k.String())
	}
	if r.last == nil {
		return []byte(strings.Join(append(lines, cosignedNothing), "\n") + "\n"), nil
	}
	c, err := proof.ReadCheckpoint(r.last)
	if err != nil {
		return nil, err
	}
	lines = append(lines, fmt.Sprintf("cosigned %d", c.Size), "", "")
	return append([]byte(strings.Join(lines, "\n")), r.last...), nil
}

// parseRecord reads what text wrote for the origin, and nothing else.
func parseRecord(origin string, text []byte, witness proof.WitnessKey) (record, error) {
	r := record{origin: origin}
	head, last, hasLast := bytes.Cut(text, []byte("\n\n"))
	if hasLast {
		r.last = last
	}
	for line := range strings.Lines(string(head)) {
		vkey, isKey := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "key ")
		if !isKey {
			continue
		}
		key, err := proof.ParsePublicKey(vkey)
		if err != nil {
			return record{}, err
		}
		r.keys = append(r.keys, key)
	}
	again, err := r.text()
	if err != nil || !bytes.Equal(again, text) {
		return record{}, errors.New("it is not written as a witness's record is")
	}
	if len(r.keys) == 0 {
		return record{}, errors.New("it trusts no key")
	}
	_, _, err = r.seen(witness)
	return r, err
}

// seen returns the last checkpoint that the witness cosigned, and when; of an origin that it never cosigned, that of the
// empty log, without a text.
func (r record) seen(witness proof.WitnessKey) (proof.Note, time.Time, error) {
	if r.last == nil {
		return proof.Note{Checkpoint: proof.Checkpoint{Origin: r.origin, Root: proof.EmptyRoot()}}, time.Time{}, nil
	}
	n, err := proof.OpenNote(r.last, r.keys, []proof.WitnessKey{witness})
	switch {
	case err != nil:
		return proof.Note{}, time.Time{}, err
	case n.Origin != r.origin:
		return proof.Note{}, time.Time{}, fmt.Errorf("its checkpoint is of %s", n.Origin)
	case len(n.Cosignatures) != 1:
		return proof.Note{}, time.Time{}, errors.New("its checkpoint is not cosigned by this witness")
	}
	return n, n.Cosignatures[0].At, nil
}

func (r record) trusts(key proof.PublicKey) bool { return slices.Contains(r.keys, key) }

// fileName returns the name of the origin's file: oxfordshire.g1 for pcnledger/oxfordshire/g1.
func fileName(origin string) (string, error) {
	ledger, generation, err := proof.ParseOrigin(origin)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s.g%d", ledger, generation), nil
}

// originOf is the inverse of fileName.
func originOf(name string) (string, bool) {
	ledger, generation, _ := strings.Cut(name, ".")
	origin := "pcnledger/" + ledger + "/" + generation
	again, err := fileName(origin)
	return origin, err == nil && again == name
}
