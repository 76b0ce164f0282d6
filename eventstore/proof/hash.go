package proof

import (
	"crypto/sha256"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Hash is a SHA-256 sum: of a leaf, of a part of the tree, or of all of it. Its String is standard base64, 44 bytes.
type Hash = tlog.Hash

// LeafHash returns the hash of an event's line as a leaf of the tree: SHA-256(0x00 || line), as RFC 6962 has it. It allocates
// nothing and may be called from any number of goroutines; [Tree.Add] then takes the hashes in the order of the events.
func LeafHash(line []byte) Hash { return tlog.RecordHash(line) }

// EmptyRoot returns the root of the tree without leaves: the SHA-256 of nothing.
func EmptyRoot() Hash { return sha256.Sum256(nil) }

// ParseHash reads what Hash.String writes, and no other spelling of it.
func ParseHash(text string) (Hash, error) {
	h, err := tlog.ParseHash(text)
	if err != nil || h.String() != text {
		return Hash{}, fmt.Errorf("%q is not a SHA-256 sum in base64", text)
	}
	return h, nil
}
