package proof

import (
	"crypto/ed25519"
	"fmt"
	"strings"
)

// Seal is what the signature of a commit covers: which ledger it is of, where in the log it stands, all that went before,
// and every byte of it. So a commit cannot be changed, moved, left out before another, or brought in from another ledger.
// The generation is not in it: a ledger that was restored keeps its signatures.
type Seal struct {
	Ledger string
	First  int64    // number of the commit's first event
	Before Hash     // root of the tree before the commit
	Body   [32]byte // SHA-256 of the commit's body
}

// text returns the bytes that are signed. They cannot be taken for the text of a checkpoint, which the same key signs: the
// first line of that is an origin.
func (s Seal) text() []byte {
	return fmt.Appendf(nil, "pcnledger commit v1\n%s\n%d\n%s\n%s\n", s.Ledger, s.First, s.Before, Hash(s.Body))
}

// Signature is a key's Ed25519 signature of a [Seal].
type Signature struct {
	KeyID string // see [PublicKey.ID]
	Bytes [ed25519.SignatureSize]byte
}

// String returns <key id>:<base64>, as it stands in a commit's header.
func (s Signature) String() string { return s.KeyID + ":" + encode(s.Bytes[:]) }

// ParseSignature reads what String returned. It does not say whether the signature is good.
func ParseSignature(text string) (Signature, error) {
	id, encoded, _ := strings.Cut(text, ":")
	raw, err := decode(encoded)
	if err == nil {
		_, err = parseID(id)
	}
	if err != nil || len(raw) != ed25519.SignatureSize {
		return Signature{}, fmt.Errorf("%q is not a signature: <key id>:<64 bytes in base64>", text)
	}
	return Signature{KeyID: id, Bytes: [ed25519.SignatureSize]byte(raw)}, nil
}

// Sign seals a commit. It panics if s is of another ledger than k: nothing would accept that signature.
func (k *Key) Sign(s Seal) Signature {
	if s.Ledger != k.public.Ledger() {
		panic(fmt.Sprintf("key of ledger %q asked to seal a commit of ledger %q", k.public.Ledger(), s.Ledger))
	}
	return Signature{KeyID: k.public.ID(), Bytes: k.sign(s.text())}
}

// Verify reports whether sig is p's signature of s, and s of p's ledger.
func (p PublicKey) Verify(s Seal, sig Signature) bool {
	return sig.KeyID == p.ID() && s.Ledger == p.Ledger() && p.verify(s.text(), sig.Bytes[:])
}
