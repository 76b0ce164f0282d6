package ledger

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"pcnledger/domain"
)

// FuzzParseCommand reads anything as a command: it is malformed, or it comes back the same when it is written and read
// again, and decoding its data refuses, with a remedy, or gives a command that reads back the same.
func FuzzParseCommand(f *testing.F) {
	story, err := os.ReadFile("testdata/story.jsonl")
	if err != nil {
		f.Fatal(err)
	}
	for _, line := range strings.Split(string(story), "\n") {
		f.Add([]byte(line))
	}
	f.Add([]byte(`{"id":"a","command":"OpenFund","data":{"fund":"A","fund":"B"}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		c, err := ParseCommand(line)
		if err != nil {
			var malformed *MalformedError
			if !errors.As(err, &malformed) {
				t.Fatalf("%T is no MalformedError", err)
			}
			return
		}
		command, effective, err := new(decoder).command(c)
		if err != nil {
			var refusal *domain.Refusal
			if !errors.As(err, &refusal) || refusal.Remedy == "" {
				t.Fatalf("%T is no refusal with a remedy", err)
			}
			return
		}
		again, _, err := new(decoder).command(Encode(c.ID, command, effective))
		if err != nil {
			return // a member was missing, which the rules refuse; written out it is blank, which decoding refuses
		}
		first, _ := json.Marshal(command)
		second, _ := json.Marshal(again)
		if string(first) != string(second) {
			t.Errorf("%s\nis read back as\n%s", first, second)
		}
	})
}
