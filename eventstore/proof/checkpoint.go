package proof

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Checkpoint says what the tree of a log was at a size. Signed, it is a promise: no other tree of that size will be shown,
// and every later tree begins with this one.
type Checkpoint struct {
	Origin string // which log; see [Origin]
	Size   int64  // leaves in the tree: the number of the last event
	Root   Hash
}

// Origin names the log of a generation of a ledger in checkpoints: pcnledger/<ledger>/g<generation>.
func Origin(ledger string, generation int) string {
	return ours + ledger + "/g" + strconv.Itoa(generation)
}

// ParseOrigin reads what [Origin] returned for a ledger's name and a generation from 1.
func ParseOrigin(origin string) (ledger string, generation int, err error) {
	ledger, numeral, _ := strings.Cut(strings.TrimPrefix(origin, ours), "/g")
	generation, err = strconv.Atoi(numeral)
	if err != nil || generation < 1 || !ledgerForm.MatchString(ledger) || Origin(ledger, generation) != origin {
		return "", 0, fmt.Errorf("%q is not the origin of a ledger's checkpoints: %s<ledger>/g<generation>", origin, ours)
	}
	return ledger, generation, nil
}

// Ledger returns the name of the ledger, or nothing if the origin is none of a ledger's.
func (c Checkpoint) Ledger() string {
	ledger, _, _ := ParseOrigin(c.Origin)
	return ledger
}

// text returns the body of the note.
func (c Checkpoint) text() string {
	return c.Origin + "\n" + strconv.FormatInt(c.Size, 10) + "\n" + c.Root.String() + "\n"
}

// parseCheckpoint reads what text returned.
func parseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return Checkpoint{}, errors.New("a checkpoint has three lines: origin, size, root")
	}
	c := Checkpoint{Origin: lines[0]}
	var err error
	if c.Size, err = parseSize(lines[1]); err != nil {
		return Checkpoint{}, err
	}
	if c.Root, err = ParseHash(lines[2]); err != nil {
		return Checkpoint{}, err
	}
	return c, c.check()
}

// check reports what no checkpoint of a ledger can say.
func (c Checkpoint) check() error {
	if _, _, err := ParseOrigin(c.Origin); err != nil {
		return err
	}
	return c.checkTree()
}

// maxSize is the most events a log can have: package tlog computes with numbers up to twice the size, and does not return
// for those that do not fit 63 bits.
const maxSize = 1<<62 - 1

// checkTree reports a size and root that no tree has.
func (c Checkpoint) checkTree() error {
	if c.Size < 0 || c.Size > maxSize || c.Size == 0 && c.Root != EmptyRoot() {
		return fmt.Errorf("no tree of %d events has the root %s", c.Size, c.Root)
	}
	return nil
}

// parseSize reads a count of events as decimals are written: no sign, no leading zero.
func parseSize(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > maxSize || strconv.FormatInt(n, 10) != text {
		return 0, fmt.Errorf("%q is not a number of events", text)
	}
	return n, nil
}

// SignCheckpoint returns c as a signed note. It refuses a checkpoint of another ledger than k's.
func (k *Key) SignCheckpoint(c Checkpoint) ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("sign checkpoint: %w", err)
	}
	if c.Ledger() != k.public.Ledger() {
		return nil, fmt.Errorf("sign checkpoint: the key is of ledger %s, the checkpoint of origin %s", k.public.Ledger(), c.Origin)
	}
	return note.Sign(&note.Note{Text: c.text()}, k.signer)
}

// Note is a checkpoint that a ledger's key signed, and who cosigned it.
type Note struct {
	Checkpoint
	Text         []byte      // the whole note as it was read, with every signature
	SignedBy     []PublicKey // those of the keys known that signed it, at least one, in the order of the lines
	Cosignatures []Cosignature

	verified []byte
}

// Verified returns the note with the signatures that were checked, and no others: what is worth keeping of a note that came
// from a stranger.
func (n Note) Verified() []byte { return slices.Clone(n.verified) }

// OpenNote reads a signed checkpoint and checks its signatures. It is an error if none of keys signed it, if a signature of
// any of keys or witnesses is bad, or if a key signed a checkpoint of another ledger than its own. Signatures of others are
// passed over. Which origin the checkpoint is of, and so which generation, is for the caller to compare.
func OpenNote(text []byte, keys []PublicKey, witnesses []WitnessKey) (Note, error) {
	opened, err := openNote(text, verifiers(keys, witnesses))
	if err != nil {
		return Note{}, fmt.Errorf("checkpoint: %w", err)
	}
	n := Note{Text: slices.Clone(text)}
	if n.Checkpoint, err = parseCheckpoint(opened.Text); err != nil {
		return Note{}, fmt.Errorf("checkpoint: %w", err)
	}
	if n.verified, err = note.Sign(&note.Note{Text: opened.Text, Sigs: opened.Sigs}); err != nil {
		return Note{}, fmt.Errorf("checkpoint: %w", err)
	}
	for _, s := range opened.Sigs {
		if i := slices.IndexFunc(keys, func(k PublicKey) bool { return k.name == s.Name && k.id == s.Hash }); i >= 0 {
			n.SignedBy = append(n.SignedBy, keys[i])
		}
		if i := slices.IndexFunc(witnesses, func(w WitnessKey) bool { return w.name == s.Name && w.id == s.Hash }); i >= 0 {
			n.Cosignatures = append(n.Cosignatures, Cosignature{Witness: witnesses[i], At: timeOf(s)})
		}
	}
	for _, k := range n.SignedBy {
		if k.Ledger() != n.Ledger() {
			return Note{}, fmt.Errorf("checkpoint of %s is signed with the key of another ledger, %s", n.Origin, k)
		}
	}
	if len(n.SignedBy) == 0 {
		return Note{}, fmt.Errorf("checkpoint of %s: %w", n.Origin, ErrNotSigned)
	}
	return n, nil
}

// ErrNotSigned: a checkpoint bears no signature by a key that is known for its ledger.
var ErrNotSigned = errors.New("no known key of the ledger signed it")

// ReadCheckpoint reads a signed checkpoint without checking any signature: what it says is hearsay until [OpenNote] agrees.
func ReadCheckpoint(text []byte) (Checkpoint, error) {
	n, err := openNote(text, note.VerifierList())
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", err)
	}
	c, err := parseCheckpoint(n.Text)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", err)
	}
	return c, nil
}

// openNote is [note.Open], but that it passes over a note which no one known signed, and refuses spellings that Open takes:
// base64 with idle bits set, and a second line by the same key, which Open would not look at.
func openNote(text []byte, known note.Verifiers) (*note.Note, error) {
	opened, err := note.Open(text, known)
	var unverified *note.UnverifiedNoteError
	if errors.As(err, &unverified) {
		opened, err = unverified.Note, nil
	}
	if err != nil {
		return nil, err
	}
	type signer struct {
		name string
		id   uint32
	}
	signers := map[signer]bool{}
	for _, s := range slices.Concat(opened.Sigs, opened.UnverifiedSigs) {
		if _, err := decode(s.Base64); err != nil {
			return nil, fmt.Errorf("signature by %s: %w", s.Name, err)
		}
		signers[signer{s.Name, s.Hash}] = true
	}
	if lines := strings.Count(string(text[len(opened.Text)+1:]), "\n"); lines != len(signers) {
		return nil, errors.New("one key signed it twice")
	}
	return opened, nil
}

// verifiers are the keys as package note wants them. A key given twice is one key.
func verifiers(keys []PublicKey, witnesses []WitnessKey) note.Verifiers {
	seen := map[any]bool{}
	var list []note.Verifier
	for _, k := range keys {
		if !seen[k] {
			list = append(list, noteVerifier{k.name, k.id, k.verify})
		}
		seen[k] = true
	}
	for _, w := range witnesses {
		if !seen[w] {
			list = append(list, noteVerifier{w.name, w.id, w.verify})
		}
		seen[w] = true
	}
	return note.VerifierList(list...)
}

type noteVerifier struct {
	name   string
	id     uint32
	verify func(text, signature []byte) bool
}

func (v noteVerifier) Name() string                       { return v.name }
func (v noteVerifier) KeyHash() uint32                    { return v.id }
func (v noteVerifier) Verify(text, signature []byte) bool { return v.verify(text, signature) }
