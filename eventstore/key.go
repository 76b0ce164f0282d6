package eventstore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-json-experiment/json"

	"pcnledger/eventstore/proof"
)

// KeyRotated is the type of the events that say by which key commits are signed from their own on. Their data has a member
// key, the text of a [proof.PublicKey]; true in a member lost says that the key before could not sign the event. It is the
// one type that the log understands.
const KeyRotated = "KeyRotated"

// ErrNoKey: the private key that signs the ledger's commits is not here. It can be read; nothing is recorded.
var ErrNoKey = errors.New("the ledger's signing key is not here")

// A KeyHeld is a key and the number of the event from which on it signs.
type KeyHeld struct {
	From int64
	Key  proof.PublicKey
	Lost bool // only the key itself signed the event that began it
}

// keyOf returns the key that an event begins, if it is one that does.
func (e Event) keyHeld() (k KeyHeld, begins bool, err error) {
	if e.Type != KeyRotated {
		return KeyHeld{}, false, nil
	}
	var data struct {
		Key  string `json:"key"`
		Lost bool   `json:"lost"`
	}
	if err := json.Unmarshal(e.Data, &data); err != nil {
		return KeyHeld{}, false, fmt.Errorf("number %d: %w", e.Number, err)
	}
	key, err := proof.ParsePublicKey(data.Key)
	if err != nil {
		return KeyHeld{}, false, fmt.Errorf("number %d: %w", e.Number, err)
	}
	return KeyHeld{From: e.Number, Key: key, Lost: data.Lost}, true, nil
}

// keysIn returns the keys that a commit begins.
func keysIn(events []Event) (keys []KeyHeld, err error) {
	for _, e := range events {
		k, begins, err := e.keyHeld()
		if err != nil {
			return nil, err
		}
		if begins {
			keys = append(keys, k)
		}
	}
	return keys, nil
}

// keyFile is where a ledger's private key lies: outside JetStream, and never in an archive.
type keyFile string

func (o Options) keyFile() keyFile { return keyFile(filepath.Join(o.Dir, "keys", o.Ledger+".key")) }

// next is where the key lies that is to take over, until the event that says so is on disk.
func (f keyFile) next() keyFile { return f + ".next" }

const keyPerm = 0o600 // whoever can read it can sign

// store puts the key on disk. It appears whole, or not at all.
func (f keyFile) store(key *proof.Key) error {
	dir := filepath.Dir(string(f))
	if err := makeDir(dir); err != nil {
		return err
	}
	unfinished := string(f) + ".new"
	if err := os.Remove(unfinished); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := os.OpenFile(unfinished, os.O_CREATE|os.O_EXCL|os.O_WRONLY, keyPerm)
	if err != nil {
		return err
	}
	_, err = file.WriteString(key.Text() + "\n")
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(unfinished, string(f)); err != nil {
		return err
	}
	return syncDirs(dir)
}

// load returns the key in the file; nil if there is no file.
func (f keyFile) load() (*proof.Key, error) {
	text, err := os.ReadFile(string(f))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	key, err := proof.ParseKey(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("%s holds no signing key: %w", f, err)
	}
	return key, nil
}

// obtain returns the key in the file, or makes one and stores it. An interrupted attempt has left its key: it is used.
func (f keyFile) obtain(mint func() (*proof.Key, error)) (*proof.Key, error) {
	key, err := f.load()
	if key != nil || err != nil {
		return key, err
	}
	if key, err = mint(); err != nil {
		return nil, err
	}
	return key, f.store(key)
}

// findSigner looks for the private half of the newest key. A rotation that was on disk before the file could be renamed is
// finished here. Without the key the ledger can still be read.
func (l *Log) findSigner() error {
	key, held := l.newestKey()
	if !held {
		return nil
	}
	current := l.options.keyFile()
	for _, file := range []keyFile{current, current.next()} {
		private, err := file.load()
		if err != nil {
			l.options.logger().Warn("the signing key could not be read", "ledger", l.options.Ledger, "err", err)
			continue
		}
		if private == nil || private.Public() != key.Key {
			continue
		}
		l.signer = private
		if file != current {
			return l.adoptNextKey()
		}
		return nil
	}
	return nil
}

// addKeys takes in keys that commits begin. The one that was prepared here signs from then on, whoever met its commit
// first. The caller holds mu.
func (l *Log) addKeys(keys ...KeyHeld) {
	l.keys = append(l.keys, keys...)
	for _, key := range keys {
		if l.nextSigner != nil && l.nextSigner.Public() == key.Key {
			l.signer, l.nextSigner = l.nextSigner, nil
		}
	}
}

// placeKey puts the newest key in the place of the one before, if it lies beside it still.
func (l *Log) placeKey() error {
	held, is := l.newestKey()
	private, err := l.options.keyFile().next().load()
	if err != nil || !is || private == nil || private.Public() != held.Key {
		return err
	}
	return l.adoptNextKey()
}

// adoptNextKey puts the key that took over in the place of the one before. A crash before it leaves both, of which
// findSigner takes the one that the log names.
func (l *Log) adoptNextKey() error {
	current := l.options.keyFile()
	if err := os.Rename(string(current.next()), string(current)); err != nil {
		return fmt.Errorf("put the new signing key in place: %w", err)
	}
	return syncDirs(filepath.Dir(string(current)))
}

// newestKey returns the key that signs now.
func (l *Log) newestKey() (KeyHeld, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if len(l.keys) == 0 {
		return KeyHeld{}, false
	}
	return l.keys[len(l.keys)-1], true
}

// Keys returns the keys that sign the ledger's commits, the first first.
func (l *Log) Keys() []KeyHeld {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return append([]KeyHeld(nil), l.keys...)
}

// CanSign reports whether commits can be recorded: the private half of the newest key is here, or the ledger has no key.
func (l *Log) CanSign() bool {
	key, held := l.newestKey()
	return !held || l.privateOf(key.Key) != nil
}

// PrepareKey makes the key that is to take over and stores it beside the one in use, until a KeyRotated event that names
// it is appended. Asked again it returns the same key.
func (l *Log) PrepareKey(mint func() (*proof.Key, error)) (proof.PublicKey, error) {
	l.writing.Lock()
	defer l.writing.Unlock()
	if err := l.placeKey(); err != nil {
		return proof.PublicKey{}, err
	}
	key, err := l.options.keyFile().next().obtain(mint)
	if err != nil {
		return proof.PublicKey{}, fmt.Errorf("make a signing key: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.nextSigner = key
	return key.Public(), nil
}

// signersOf returns the private keys that must sign a commit: that of the key in use before it, if there is one, and that
// of the key that it begins, if it does.
func (l *Log) signersOf(current, begun *KeyHeld) ([]*proof.Key, error) {
	var signers []*proof.Key
	if current != nil && (begun == nil || !begun.Lost) {
		private := l.privateOf(current.Key)
		if private == nil {
			return nil, fmt.Errorf("%w: commits of ledger %s are signed with key %s. Put it back into %s from the copy you keep; if there is none: rotate-key --lost",
				ErrNoKey, l.options.Ledger, current.Key.ID(), l.options.keyFile())
		}
		signers = append(signers, private)
	}
	if begun != nil {
		private := l.privateOf(begun.Key)
		if private == nil {
			return nil, fmt.Errorf("%w: key %s was not prepared by this log", ErrNoKey, begun.Key.ID())
		}
		signers = append(signers, private)
	}
	return signers, nil
}

// privateOf returns the private half of a key, if it is here.
func (l *Log) privateOf(key proof.PublicKey) *proof.Key {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, private := range []*proof.Key{l.signer, l.nextSigner} {
		if private != nil && private.Public() == key {
			return private
		}
	}
	return nil
}
