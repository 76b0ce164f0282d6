package proof

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// ours begins the name of every ledger's key and the origin of every checkpoint.
const ours = "pcnledger/"

// algEd25519 is the signature type that signed notes give to Ed25519.
const algEd25519 = 0x01

var ledgerForm = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)

// Key is a ledger's private Ed25519 key. Whoever has it can sign commits and checkpoints of that ledger.
type Key struct {
	public PublicKey
	text   string
	signer note.Signer
}

// NewKey makes a key for the ledger, which must be named as a ledger may be.
func NewKey(ledger string) (*Key, error) {
	if !ledgerForm.MatchString(ledger) {
		return nil, fmt.Errorf("make key: ledger name %q is not 1 to 32 of a–z, 0–9 and hyphen", ledger)
	}
	text, _, err := note.GenerateKey(rand.Reader, ours+ledger)
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	return ParseKey(text)
}

// DemoKey returns the key of a demo ledger. It is made of the ledger's name, so that the reports of a demo come out the same
// everywhere: anyone can sign with it, and its signatures prove nothing. It panics if no ledger may have the name.
func DemoKey(ledger string) *Key {
	seed := sha256.Sum256([]byte("pcnledger demo key\n" + ledger + "\n"))
	public := ed25519.NewKeyFromSeed(seed[:]).Public().(ed25519.PublicKey)
	verifier, err := note.NewEd25519VerifierKey(ours+ledger, public)
	if err != nil {
		panic(err)
	}
	named := strings.TrimSuffix(verifier, encode(append([]byte{algEd25519}, public...)))
	k, err := ParseKey("PRIVATE+KEY+" + named + encode(append([]byte{algEd25519}, seed[:]...)))
	if err != nil {
		panic(err)
	}
	return k
}

// ParseKey reads what Text returned. Errors do not repeat the key.
func ParseKey(text string) (*Key, error) {
	signer, err := note.NewSigner(text)
	if err != nil {
		return nil, errors.New("this is not the private key of a ledger (PRIVATE+KEY+pcnledger/…)")
	}
	secret, err := decode(strings.SplitN(text, "+", 5)[4]) // + is a digit of base64, too
	if err != nil {
		return nil, fmt.Errorf("private key of %s: %w", signer.Name(), err)
	}
	public := ed25519.NewKeyFromSeed(secret[1:]).Public().(ed25519.PublicKey)
	verifier, err := note.NewEd25519VerifierKey(signer.Name(), public)
	if err != nil {
		return nil, fmt.Errorf("private key of %s: %w", signer.Name(), err)
	}
	k := &Key{text: text, signer: signer}
	if k.public, err = ParsePublicKey(verifier); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(text, "PRIVATE+KEY+"+k.public.Name()+"+"+k.public.ID()+"+") {
		return nil, fmt.Errorf("private key of %s: its id is not written as %s", k.public.Name(), k.public.ID())
	}
	return k, nil
}

// Text returns the private key in the text form of signed notes: PRIVATE+KEY+pcnledger/<ledger>+<id>+<base64>. It is a secret.
func (k *Key) Text() string { return k.text }

// Public returns what others need to check what k signed.
func (k *Key) Public() PublicKey { return k.public }

// String and GoString return the public half, so that a key that is printed by accident is not given away.
func (k *Key) String() string { return k.public.String() }

// GoString is String.
func (k *Key) GoString() string { return k.String() }

// sign returns the signature of message.
func (k *Key) sign(message []byte) [ed25519.SignatureSize]byte {
	signature, err := k.signer.Sign(message)
	if err != nil {
		panic(err) // a note's Ed25519 signer has no way to fail
	}
	return [ed25519.SignatureSize]byte(signature)
}

// PublicKey is the public half of a ledger's [Key]. It can be compared with ==, and the zero PublicKey verifies nothing.
type PublicKey struct {
	name string
	id   uint32
	key  [ed25519.PublicKeySize]byte
}

// ParsePublicKey reads what String returned. The id in it must be that of name and key, as signed notes have it.
func ParsePublicKey(text string) (PublicKey, error) {
	verifier, err := note.NewVerifier(text)
	if err != nil {
		return PublicKey{}, fmt.Errorf("public key %q: %w", text, err)
	}
	p := PublicKey{name: verifier.Name(), id: verifier.KeyHash()}
	raw, err := decode(strings.SplitN(text, "+", 3)[2])
	switch {
	case err != nil:
		return PublicKey{}, fmt.Errorf("public key %q: %w", text, err)
	case !ledgerForm.MatchString(p.Ledger()):
		return PublicKey{}, fmt.Errorf("public key %q is not named %s<ledger>", text, ours)
	}
	p.key = [ed25519.PublicKeySize]byte(raw[1:])
	if p.String() != text {
		return PublicKey{}, fmt.Errorf("public key %q is not written as %s", text, p)
	}
	return p, nil
}

// String returns the key as signed notes write verifier keys: pcnledger/<ledger>+<id>+<base64>.
func (p PublicKey) String() string {
	return p.name + "+" + p.ID() + "+" + encode(append([]byte{algEd25519}, p.key[:]...))
}

// Name returns pcnledger/<ledger>.
func (p PublicKey) Name() string { return p.name }

// Ledger returns the name of the ledger whose key it is, or nothing if it is no ledger's.
func (p PublicKey) Ledger() string {
	ledger, isOurs := strings.CutPrefix(p.name, ours)
	if !isOurs {
		return ""
	}
	return ledger
}

// ID returns the eight hexadecimal digits by which people tell keys apart. Two keys can be made to have the same id.
func (p PublicKey) ID() string { return formatID(p.id) }

func (p PublicKey) verify(message, signature []byte) bool {
	return p != (PublicKey{}) && ed25519.Verify(p.key[:], message, signature)
}

func formatID(id uint32) string { return fmt.Sprintf("%08x", id) }

// parseID reads what formatID writes.
func parseID(text string) (uint32, error) {
	id, err := strconv.ParseUint(text, 16, 32)
	if err != nil || formatID(uint32(id)) != text {
		return 0, fmt.Errorf("%q is not a key id of eight hexadecimal digits", text)
	}
	return uint32(id), nil
}

func encode(raw []byte) string { return base64.StdEncoding.EncodeToString(raw) }

// decode reads what encode writes. Base64 has other spellings of the same bytes: line ends within, and idle bits at the end
// that are not zero. They are refused.
func decode(text string) ([]byte, error) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || encode(raw) != text {
		return nil, errors.New("this is not base64 as it is written here")
	}
	return raw, nil
}
