package proof

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"
)

// algCosignature is the signature type that signed notes give to timestamped Ed25519 cosignatures.
const algCosignature = 0x04

// A cosignature's blob in a note is its time, as seconds since 1970, and the signature.
const (
	stampSize = 8
	blobSize  = stampSize + ed25519.SignatureSize
)

// Cosignature is a witness's statement that, at a time, the checkpoint was the largest it had seen of the log, and
// consistent with all that it had cosigned before.
type Cosignature struct {
	Witness WitnessKey
	At      time.Time // by the witness's clock, in UTC and whole seconds
}

// WitnessKey is the public key of a witness, for cosignature/v1. It can be compared with ==, and the zero WitnessKey
// verifies nothing.
type WitnessKey struct {
	name string
	id   uint32
	key  [ed25519.PublicKeySize]byte
}

// ParseWitnessKey reads what String returned.
func ParseWitnessKey(text string) (WitnessKey, error) {
	name, raw, err := parseNamed(text)
	if err != nil {
		return WitnessKey{}, fmt.Errorf("witness key %q: %w", text, err)
	}
	w := newWitnessKey(name, raw)
	if w.String() != text {
		return WitnessKey{}, fmt.Errorf("witness key %q: its id is %s", text, w.ID())
	}
	return w, nil
}

func newWitnessKey(name string, public []byte) WitnessKey {
	sum := sha256.Sum256(slices.Concat([]byte(name), []byte{'\n', algCosignature}, public))
	return WitnessKey{name: name, id: binary.BigEndian.Uint32(sum[:]), key: [ed25519.PublicKeySize]byte(public)}
}

// parseNamed takes <name>+<id>+<base64 of 0x04 and 32 bytes> apart, of which it does not check the id.
func parseNamed(text string) (name string, raw []byte, err error) {
	parts := strings.SplitN(text, "+", 3) // + is a digit of base64, too
	if len(parts) != 3 || !validName(parts[0]) {
		return "", nil, errors.New("it is not <name>+<id>+<key>, with a name without spaces")
	}
	raw, err = decode(parts[2])
	if err != nil || len(raw) != 1+ed25519.PublicKeySize || raw[0] != algCosignature {
		return "", nil, errors.New("it is not a key for Ed25519 cosignatures (type 4)")
	}
	return parts[0], raw[1:], nil
}

// validName reports whether a key may have the name in a signed note.
func validName(name string) bool {
	return name != "" && utf8.ValidString(name) && !strings.ContainsFunc(name, func(r rune) bool {
		return r == '+' || unicode.IsSpace(r) || unicode.IsControl(r)
	})
}

// String returns the key as signed notes write verifier keys: <name>+<id>+<base64>.
func (w WitnessKey) String() string {
	return w.name + "+" + w.ID() + "+" + encode(append([]byte{algCosignature}, w.key[:]...))
}

// Name returns the witness's name, by custom a URL without its scheme.
func (w WitnessKey) Name() string { return w.name }

// ID returns the eight hexadecimal digits by which people tell keys apart.
func (w WitnessKey) ID() string { return formatID(w.id) }

// verify reports whether blob is a time and w's signature of the checkpoint with that time.
func (w WitnessKey) verify(checkpoint, blob []byte) bool {
	if w == (WitnessKey{}) || len(blob) != blobSize {
		return false
	}
	seconds := binary.BigEndian.Uint64(blob)
	return seconds <= math.MaxInt64 && ed25519.Verify(w.key[:], cosigned(checkpoint, seconds), blob[stampSize:])
}

// cosigned returns the bytes that a witness signs.
func cosigned(checkpoint []byte, seconds uint64) []byte {
	return fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", seconds, checkpoint)
}

// timeOf returns the time in a cosignature that was verified.
func timeOf(s note.Signature) time.Time {
	raw, _ := decode(s.Base64)
	return time.Unix(int64(binary.BigEndian.Uint64(raw[4:])), 0).UTC() // after the key's id
}

// WitnessSigner is the private key of a witness.
type WitnessSigner struct {
	public WitnessKey
	key    ed25519.PrivateKey
}

// NewWitnessSigner makes a key for a witness. The name should be a URL without its scheme that the witness's keeper owns, such
// as audit.example.org/witness; it must have no spaces and no plus.
func NewWitnessSigner(name string) (*WitnessSigner, error) {
	if !validName(name) || strings.HasPrefix(name, ours) {
		return nil, fmt.Errorf("make witness key: %q is no name for a witness: no spaces, no plus, and not %s…", name, ours)
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make witness key: %w", err)
	}
	return newWitnessSigner(name, key.Seed()), nil
}

func newWitnessSigner(name string, seed []byte) *WitnessSigner {
	key := ed25519.NewKeyFromSeed(seed)
	return &WitnessSigner{public: newWitnessKey(name, key[ed25519.SeedSize:]), key: key}
}

const privatePrefix = "PRIVATE+KEY+"

// ParseWitnessSigner reads what Text returned. Errors do not repeat the key.
func ParseWitnessSigner(text string) (*WitnessSigner, error) {
	named, isPrivate := strings.CutPrefix(text, privatePrefix)
	name, seed, err := parseNamed(named)
	if !isPrivate || err != nil {
		return nil, errors.New("this is not the private key of a witness (" + privatePrefix + "<name>+…, type 4)")
	}
	w := newWitnessSigner(name, seed)
	if w.Text() != text {
		return nil, fmt.Errorf("private key of witness %s: its id is %s", name, w.public.ID())
	}
	return w, nil
}

// Text returns the private key, PRIVATE+KEY+<name>+<id>+<base64>. It is a secret.
func (w *WitnessSigner) Text() string {
	return privatePrefix + w.public.name + "+" + w.public.ID() + "+" + encode(append([]byte{algCosignature}, w.key.Seed()...))
}

// Key returns what others need to check what w cosigned.
func (w *WitnessSigner) Key() WitnessKey { return w.public }

// String returns the public half, so that a key that is printed by accident is not given away.
func (w *WitnessSigner) String() string { return w.public.String() }

// GoString is String.
func (w *WitnessSigner) GoString() string { return w.String() }

// Cosign returns the line of a note that says w saw c at the time, to the second. It does not know what w saw before: that
// is for the caller to have compared, and to have kept.
func (w *WitnessSigner) Cosign(c Checkpoint, at time.Time) ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("cosign: %w", err)
	}
	if at.Unix() < 0 {
		return nil, fmt.Errorf("cosign: %s is before 1970", at)
	}
	seconds := uint64(at.Unix())
	blob := binary.BigEndian.AppendUint32(nil, w.public.id)
	blob = binary.BigEndian.AppendUint64(blob, seconds)
	blob = append(blob, ed25519.Sign(w.key, cosigned([]byte(c.text()), seconds))...)
	return []byte("— " + w.public.name + " " + encode(blob) + "\n"), nil
}

// AddCosignature returns the note with the signature lines that a witness answered, one or more, after those that it has.
// A line by a key that has one already takes its place: the newest cosignature is kept. It does not check signatures; use
// [OpenNote] on what it returns. Lines in the name of the ledger itself are refused, so that no answer can take the place of
// the ledger's own signature.
func AddCosignature(text, lines []byte) ([]byte, error) {
	c, err := ReadCheckpoint(text)
	if err != nil {
		return nil, err
	}
	had, err := openNote(text, note.VerifierList())
	if err != nil {
		return nil, err
	}
	added, err := openNote([]byte(had.Text+"\n"+string(lines)), note.VerifierList())
	if err != nil {
		return nil, fmt.Errorf("the witness's answer: %w", err)
	}
	if added.Text != had.Text {
		return nil, errors.New("the witness's answer is not signature lines")
	}
	merged := &note.Note{Text: had.Text}
	for _, s := range had.UnverifiedSigs {
		replaced := func(by note.Signature) bool { return by.Name == s.Name && by.Hash == s.Hash }
		if !slices.ContainsFunc(added.UnverifiedSigs, replaced) {
			merged.UnverifiedSigs = append(merged.UnverifiedSigs, s)
		}
	}
	for _, s := range added.UnverifiedSigs {
		if s.Name == ours+c.Ledger() {
			return nil, fmt.Errorf("the witness's answer is in the name of the ledger, %s", s.Name)
		}
		merged.UnverifiedSigs = append(merged.UnverifiedSigs, s)
	}
	return note.Sign(merged)
}
