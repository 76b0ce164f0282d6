package proof

import "fmt"

// SignDigest signs a SHA-256 of something that is not a commit nor a checkpoint, such as a file that the ledger's keeper
// made for itself. Purpose says what of; it has no line feed.
func (k *Key) SignDigest(purpose string, digest [32]byte) Signature {
	return Signature{KeyID: k.public.ID(), Bytes: k.sign(digestText(purpose, digest))}
}

// VerifyDigest reports whether sig is p's signature of the digest for the purpose.
func (p PublicKey) VerifyDigest(purpose string, digest [32]byte, sig Signature) bool {
	return sig.KeyID == p.ID() && p.verify(digestText(purpose, digest), sig.Bytes[:])
}

// digestText cannot be taken for the text of a commit or a checkpoint: its first line is another.
func digestText(purpose string, digest [32]byte) []byte {
	return fmt.Appendf(nil, "pcnledger digest v1\n%s\n%s\n", purpose, Hash(digest))
}
