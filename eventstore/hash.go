package eventstore

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// CommandHash returns the lower-case hexadecimal SHA-256 of the RFC 8785 form of {actor, command, data, effective};
// effective is null when "". Two commands with the same id are the same command if their hashes are equal: the order of
// members, spaces and the spelling of strings and numbers make no difference. RFC 8785 takes numbers as IEEE 754 doubles,
// so whole numbers are told apart up to 2⁵³. It is an error if data is not one JSON value without repeated members.
func CommandHash(actor, command string, data jsontext.Value, effective string) (string, error) {
	if len(data) == 0 {
		return "", errors.New("hash command: there is no data")
	}
	form, ok := canonicalCommand(actor, command, data, effective)
	if !ok {
		var err error
		if form, err = canonicalStrictly(actor, command, data, effective); err != nil {
			return "", fmt.Errorf("hash command: %w", err)
		}
	}
	sum := sha256.Sum256(form)
	return hex.EncodeToString(sum[:]), nil
}

// canonicalCommand is [canonicalStrictly] for commands that [appendCanonical] can put in that form. Of any other it says
// nothing.
func canonicalCommand(actor, command string, data jsontext.Value, effective string) (form []byte, ok bool) {
	form = make([]byte, 0, 2*len(data)+roomBesideData) // twice: the last object to be put in order is all of it
	form, err := jsontext.AppendQuote(append(form, `{"actor":`...), actor)
	if err != nil {
		return nil, false
	}
	if form, err = jsontext.AppendQuote(append(form, `,"command":`...), command); err != nil {
		return nil, false
	}
	form, end := appendCanonical(append(form, `,"data":`...), data, 0, 0)
	if end < 0 {
		return nil, false
	}
	if _, more := after(data, end); more >= 0 {
		return nil, false
	}
	if effective == "" {
		return append(form, `,"effective":null}`...), true
	}
	if form, err = jsontext.AppendQuote(append(form, `,"effective":`...), effective); err != nil {
		return nil, false
	}
	return append(form, '}'), true
}

func canonicalStrictly(actor, command string, data jsontext.Value, effective string) (jsontext.Value, error) {
	text, err := json.Marshal(hashed{actor, command, data, orNull(effective)})
	if err != nil {
		return nil, err
	}
	form := jsontext.Value(text)
	return form, form.Canonicalize()
}

type hashed struct {
	Actor     string         `json:"actor"`
	Command   string         `json:"command"`
	Data      jsontext.Value `json:"data"`
	Effective *string        `json:"effective"`
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
