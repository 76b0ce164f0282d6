package eventstore

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go"

	"pcnledger/eventstore/proof"
)

// The headers of a sealed commit's message. They hold nothing that is a fact: they prove what the body says.
const (
	rootHeader      = "Pcnledger-Root"      // root of the tree before the commit, in base64
	signatureHeader = "Pcnledger-Signature" // see proof.Signature; twice in a commit that changes the key
)

// seal returns what the commit's signatures cover.
func (c Commit) seal(ledger string) proof.Seal {
	return proof.Seal{Ledger: ledger, First: c.First(), Before: c.Before, Body: sha256.Sum256(c.Body)}
}

// header returns the headers that the commit's message has; none if it is unsealed.
func (c Commit) header() nats.Header {
	if !c.Sealed() {
		return nil
	}
	h := nats.Header{rootHeader: {c.Before.String()}}
	for _, s := range c.Signatures {
		h.Add(signatureHeader, s.String())
	}
	return h
}

// readSeal takes the root and the signatures out of a message's headers. It does not verify them.
func (c *Commit) readSeal(h nats.Header) error {
	roots, signatures := h[rootHeader], h[signatureHeader]
	return c.parseSeal(roots, signatures)
}

// scanSeal is readSeal for headers as they stand in a block: a line for the version and one for each header, each ended by
// CR LF, as is the whole.
func (c *Commit) scanSeal(head []byte) error {
	var roots, signatures []string
	for line := range strings.SplitSeq(string(head), "\r\n") {
		if root, is := strings.CutPrefix(line, rootHeader+": "); is {
			roots = append(roots, root)
		} else if signature, is := strings.CutPrefix(line, signatureHeader+": "); is {
			signatures = append(signatures, signature)
		}
	}
	return c.parseSeal(roots, signatures)
}

func (c *Commit) parseSeal(roots, signatures []string) error {
	if len(roots) == 0 && len(signatures) == 0 {
		return nil
	}
	if len(roots) != 1 || len(signatures) == 0 || len(signatures) > 2 {
		return errors.New("its headers do not hold one root and its signatures")
	}
	var err error
	if c.Before, err = proof.ParseHash(roots[0]); err != nil {
		return fmt.Errorf("its root: %w", err)
	}
	for _, text := range signatures {
		s, err := proof.ParseSignature(text)
		if err != nil {
			return fmt.Errorf("its signature: %w", err)
		}
		c.Signatures = append(c.Signatures, s)
	}
	return nil
}
