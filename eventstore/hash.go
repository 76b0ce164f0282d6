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
	text, err := json.Marshal(hashed{actor, command, data, orNull(effective)})
	form := jsontext.Value(text)
	if err == nil {
		err = form.Canonicalize()
	}
	if err != nil {
		return "", fmt.Errorf("hash command: %w", err)
	}
	sum := sha256.Sum256(form)
	return hex.EncodeToString(sum[:]), nil
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
