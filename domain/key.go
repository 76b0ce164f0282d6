package domain

import (
	"regexp"
	"strings"
)

// A VerifierKey is the public half of the key by which a ledger signs its commits, in the text form of a signed note's
// verifier key: pcnledger/oxfordshire+1f2e3d4c+ARt… Only its form matters here; what it signs is the log's affair.
type VerifierKey string

// ID returns the eight hexadecimal digits by which people tell keys apart, or nothing for no key.
func (k VerifierKey) ID() string {
	if parts := strings.SplitN(string(k), "+", 3); len(parts) == 3 {
		return parts[1]
	}
	return ""
}

var verifierKeyForm = regexp.MustCompile(`^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*$`)

// RotateKey asks that the ledger's commits be signed with another key from its own event on. The private half never
// comes near a command: the log makes the key, and signs the event with it and with the key before.
type RotateKey struct {
	Key    VerifierKey `json:"key"`
	Lost   bool        `json:"lost,omitzero"`   // the key before cannot sign any more
	Reason string      `json:"reason,omitzero"` // required where a key was lost
}

// KeyRotated says which key signs from its own commit on. Previous is the key before; the ledger's first has none.
type KeyRotated struct {
	Key      VerifierKey `json:"key"`
	Previous VerifierKey `json:"previous,omitzero"`
	Lost     bool        `json:"lost,omitzero"` // only Key signed this event: nothing but the officer's word joins it to Previous
	Reason   string      `json:"reason,omitzero"`
}

func (c RotateKey) decide(l *Ledger, _ moment) (Event, error) {
	switch {
	case !verifierKeyForm.MatchString(string(c.Key)):
		return nil, refuse(RuleKeyForm, "let the programme make it: pcnledger rotate-key",
			"%q is not a verifier key", c.Key)
	case c.Key == l.key:
		return nil, ErrUnchanged
	case c.Lost && l.key == "":
		return nil, refuse(RuleKeyForm, "leave --lost out", "no key can be lost: this ledger has none yet")
	case c.Lost && strings.TrimSpace(c.Reason) == "":
		return nil, refuse(RuleTextMissing, "say how it was lost and who was told", "a key that was lost needs its reason")
	}
	return KeyRotated{Key: c.Key, Previous: l.key, Lost: c.Lost, Reason: c.Reason}, nil
}
