package witness

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/gofrs/flock"

	"pcnledger/eventstore/proof"
)

// Witness is a witness's directory, opened. It may be used from several goroutines.
type Witness struct {
	dir    string
	signer *proof.WitnessSigner
	at     func(step) error // asked at each step of each write; tests give up there

	// mu makes of each request one step: what was seen is read, judged and replaced before another request is looked at.
	// Nothing read from disk is kept in memory beyond it, so a write that failed half-way leaves nothing to disagree with.
	mu   sync.Mutex
	lock *flock.Flock // nil once closed
}

var (
	// ErrNoWitness: there is no witness's key in the directory.
	ErrNoWitness = errors.New("no witness here")

	// ErrWitnessExists: the directory holds a witness's key already. It is never written over.
	ErrWitnessExists = errors.New("there is a witness here already")

	// ErrUnknownLog: nobody told the witness to trust a key for this origin.
	ErrUnknownLog = errors.New("the witness was not told of this log")

	// ErrOtherKey: the witness trusts another key for this origin. [Witness.AddKey] says to trust one more.
	ErrOtherKey = errors.New("the witness trusts another key for this log")
)

// Create makes a new witness, with a new key, in a directory that has none, and opens it. A crash before the end leaves a
// directory in which there is no witness, and Create can be called again. The name is that of [proof.NewWitnessSigner].
func Create(dir, name string) (*Witness, error) {
	signer, err := proof.NewWitnessSigner(name)
	if err != nil {
		return nil, err
	}
	if err := makeDir(dir); err != nil {
		return nil, fmt.Errorf("create witness: %w", err)
	}
	w := &Witness{dir: dir, signer: signer, at: goOn}
	if w.lock, err = lockDir(dir); err != nil {
		return nil, err
	}
	if err := w.writeKey(); err != nil {
		return nil, errors.Join(fmt.Errorf("create witness in %s: %w", dir, err), w.Close())
	}
	return w, nil
}

// writeKey makes the directory a witness's, unless it is one.
func (w *Witness) writeKey() error {
	path := w.path("key")
	switch _, err := os.Lstat(path); {
	case err == nil:
		return ErrWitnessExists
	case !errors.Is(err, os.ErrNotExist):
		return err
	}
	for _, name := range []string{"ledgers", "evidence"} {
		if err := makeDir(w.path(name)); err != nil {
			return err
		}
	}
	return replace(path, []byte(w.signer.Text()+"\n"), w.at)
}

// Open opens a directory that [Create] made. [ErrInUse] says that another process has it open.
func Open(dir string) (*Witness, error) {
	w := &Witness{dir: dir, at: goOn}
	if _, err := os.Stat(w.path("key")); errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrNoWitness, dir)
	}
	var err error
	if w.lock, err = lockDir(dir); err != nil {
		return nil, err
	}
	if err := w.readKey(); err != nil {
		return nil, errors.Join(fmt.Errorf("open witness in %s: %w", dir, err), w.Close())
	}
	return w, nil
}

func (w *Witness) readKey() error {
	text, err := os.ReadFile(w.path("key"))
	if err != nil {
		return err
	}
	key, isLine := strings.CutSuffix(string(text), "\n")
	if !isLine {
		return errors.New("the key's file is not one line")
	}
	if w.signer, err = proof.ParseWitnessSigner(key); err != nil {
		return err
	}
	// Create made these before the key. Where they are gone, what was cosigned is gone.
	for _, name := range []string{"ledgers", "evidence"} {
		if _, err := os.Stat(w.path(name)); err != nil {
			return fmt.Errorf("what this witness saw is missing: %w", err)
		}
	}
	return nil
}

func goOn(step) error { return nil }

// Close lets others open the directory. The witness cosigns nothing after it.
func (w *Witness) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.lock == nil {
		return nil
	}
	lock := w.lock
	w.lock = nil
	return lock.Unlock()
}

// Key returns the key by which others check what the witness cosigned.
func (w *Witness) Key() proof.WitnessKey { return w.signer.Key() }

// Trust tells the witness of a log: it cosigns checkpoints of the origin that are signed with the key. The key must have
// come from the ledger's keeper by a way that is trusted; so must a second one, for which there is [Witness.AddKey], and
// Trust is [ErrOtherKey]. What is trusted already is not an error.
func (w *Witness) Trust(origin string, key proof.PublicKey) error {
	return w.change(origin, key, func(r *record, err error) error {
		switch {
		case errors.Is(err, ErrUnknownLog):
			r.keys = []proof.PublicKey{key}
			return nil
		case err == nil && !r.trusts(key):
			return fmt.Errorf("%w: %s", ErrOtherKey, r.keys[len(r.keys)-1])
		}
		return err
	})
}

// AddKey tells the witness that a log it knows is signed with a further key from now on, as after a rotation. No event in
// the ledger does that: whoever stole the key before could write one. The keys before stay trusted.
func (w *Witness) AddKey(origin string, key proof.PublicKey) error {
	return w.change(origin, key, func(r *record, err error) error {
		if err == nil && !r.trusts(key) {
			r.keys = append(r.keys, key)
		}
		return err
	})
}

// change reads the origin's record, lets edit change it, and keeps it. Edit is given the error of reading.
func (w *Witness) change(origin string, key proof.PublicKey, edit func(*record, error) error) error {
	ledger, _, err := proof.ParseOrigin(origin)
	if err != nil {
		return err
	}
	if key.Ledger() != ledger {
		return fmt.Errorf("the key %s is not of ledger %s", key, ledger)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	r, err := w.read(origin)
	r.origin = origin
	if err := edit(&r, err); err != nil {
		return err
	}
	return w.keep(r)
}

// Ledger is what a witness knows of a log.
type Ledger struct {
	Origin string
	Keys   []proof.PublicKey // in the order in which they were trusted
	Last   *proof.Note       // the checkpoint that it cosigned last, nil if none
}

// Ledgers returns the logs that the witness was told of, in the order of their file names.
func (w *Witness) Ledgers() ([]Ledger, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	entries, err := os.ReadDir(w.path("ledgers"))
	if err != nil {
		return nil, err
	}
	var ledgers []Ledger
	for _, entry := range entries {
		origin, isRecord := originOf(entry.Name())
		if !isRecord {
			continue
		}
		r, err := w.read(origin)
		if err != nil {
			return nil, err
		}
		ledger := Ledger{Origin: origin, Keys: r.keys}
		if r.last != nil {
			last, _, err := r.seen(w.Key())
			if err != nil {
				return nil, err
			}
			ledger.Last = &last
		}
		ledgers = append(ledgers, ledger)
	}
	return ledgers, nil
}

// read returns what is known of an origin. The caller holds mu.
func (w *Witness) read(origin string) (record, error) {
	if w.lock == nil {
		return record{}, fmt.Errorf("witness in %s: %w", w.dir, os.ErrClosed)
	}
	name, err := fileName(origin)
	if err != nil {
		return record{}, err
	}
	path := w.path("ledgers", name)
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return record{}, fmt.Errorf("%w: %s", ErrUnknownLog, origin)
	}
	if err != nil {
		return record{}, err
	}
	r, err := parseRecord(origin, text, w.Key())
	if err != nil {
		return record{}, fmt.Errorf("%s is damaged: %w; nothing is cosigned for %s until it is put right by hand", path, err, origin)
	}
	return r, nil
}

// keep puts r on disk. The caller holds mu.
func (w *Witness) keep(r record) error {
	name, err := fileName(r.origin)
	if err != nil {
		return err
	}
	text, err := r.text()
	if err != nil {
		return err
	}
	if _, err := parseRecord(r.origin, text, w.Key()); err != nil {
		return fmt.Errorf("the record of %s would not be readable: %w", r.origin, err)
	}
	return replace(w.path("ledgers", name), text, w.at)
}

func (w *Witness) path(names ...string) string {
	return filepath.Join(append([]string{w.dir}, names...)...)
}
