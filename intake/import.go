package intake

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"pcnledger/domain"
)

// An Import is what one file asks of a ledger: its commands, to be submitted in order, and what a dry run shows of them.
type Import struct {
	Commands []Numbered
	Summary  Summary
}

// A Numbered is a command with its id and the line of the file where it first stands.
type Numbered struct {
	ID        string
	Line      int
	Command   domain.Command
	Effective domain.Date // of a money command; zero of facts that carry their dates
}

// commandSpace is the namespace of the ids of imported commands. It never changes: another would let every file already
// imported be recorded again.
var commandSpace = uuid.NewSHA1(uuid.NameSpaceURL, []byte("urn:pcnledger:import"))

// ID returns the id of a command that was read from a file: a UUID (version 5) of the ledger, the kind of import, the
// key under which the fact is known in its field, and the command's content. The same content has the same id for ever,
// on any machine; none of ledger, kind and key may hold a NUL.
func ID(ledger, kind, key string, content []byte) string {
	name := strings.Join([]string{ledger, kind, key, ""}, "\x00")
	return uuid.NewSHA1(commandSpace, append([]byte(name), content...)).String()
}

// mostCommand bounds the content of one command. A commit holds at most 900 KiB; what is left is for the event's frame.
const mostCommand = 880 << 10

// number gives a command its id. The content is the command in the form of RFC 8785, so that the id depends on the
// command alone and on no library's way of writing JSON. It is false if the command is too large for a commit.
func number(ledger, kind, key string, line int, c domain.Command) (Numbered, bool) {
	content, err := json.Marshal(c)
	if err == nil {
		err = (*jsontext.Value)(&content).Canonicalize()
	}
	if err != nil {
		panic(fmt.Sprintf("intake: %T has no JSON: %v", c, err)) // commands are plain data
	}
	return Numbered{ID: ID(ledger, kind, key, content), Line: line, Command: c}, len(content) <= mostCommand
}

// sumOf is the SHA-256 of a file's bytes, as a source has it.
func sumOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// completed is what was said of the source, completed with what the form says. Name and SHA-256 are the file's own.
func completed(said, form domain.Source, file, sha string) domain.Source {
	return domain.Source{
		Title: cmp.Or(said.Title, form.Title),
		File:  file, SHA256: sha,
		Address: cmp.Or(said.Address, form.Address),
		Licence: cmp.Or(said.Licence, form.Licence),
		Note:    cmp.Or(said.Note, form.Note),
	}
}
