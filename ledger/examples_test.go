package ledger

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"pcnledger/domain"
	"pcnledger/eventstore"
)

var update = flag.Bool("update", false, "write the missing examples of events and their postings; those that are there stay")

// examples holds one stored event of every version ever written, and beside it what it posts. A closed year must not
// change by a rebuild: from the first release on this folder is only added to.
var examples = filepath.Join("testdata", "events")

// TestEveryEventVersionKeepsItsFormAndItsPostings reads what was once stored and compares what it posts today.
func TestEveryEventVersionKeepsItsFormAndItsPostings(t *testing.T) {
	if *update {
		writeExamples(t)
	}
	for _, kind := range domain.Events() {
		name := fmt.Sprintf("%s.%d", kind.Name, kind.Version)
		t.Run(name, func(t *testing.T) {
			line, err := os.ReadFile(filepath.Join(examples, name+".json"))
			if err != nil {
				t.Fatalf("no stored example: add a command that causes it to testdata/story.jsonl and run with -update: %v", err)
			}
			want, err := os.ReadFile(filepath.Join(examples, name+".postings"))
			if err != nil {
				t.Fatal(err)
			}
			recorded := decoded(t, line)
			if diff := cmp.Diff(string(want), postingsText(recorded)); diff != "" {
				t.Errorf("a stored event posts otherwise than when it was recorded (-then +now):\n%s\nMake the new rule a new version of the event.", diff)
			}
			again, err := json.Marshal(recorded.Event)
			if err != nil {
				t.Fatal(err)
			}
			var stored eventstore.Event
			if err := json.Unmarshal(line, &stored); err != nil {
				t.Fatal(err)
			}
			if string(again) != string(stored.Data) {
				t.Errorf("written again it differs:\n%s\n%s", stored.Data, again)
			}
		})
	}
}

func decoded(t *testing.T, line []byte) domain.Recorded {
	t.Helper()
	var e eventstore.Event
	if err := json.Unmarshal(line, &e); err != nil {
		t.Fatal(err)
	}
	r, err := decodeEvent(e)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// postingsText is an event's double entry as a person reads it.
func postingsText(r domain.Recorded) string {
	postings := domain.Postings(r)
	if len(postings) == 0 {
		return "posts nothing\n"
	}
	var b strings.Builder
	for _, p := range postings {
		side, pence := "Dr", p.Pence
		if pence < 0 {
			side, pence = "Cr", -pence
		}
		fmt.Fprintf(&b, "%s %-12s %14s  fund=%s payee=%s beneficiary=%s category=%s for=%s effective=%s period=%s\n",
			side, p.Account, pence, p.Fund, p.Payee, p.Beneficiary, p.Category, p.For, string(p.Effective), p.Period)
	}
	return b.String()
}

// writeExamples plays the story and keeps the longest event of every kind that has no example yet: the one that says most.
func writeExamples(t *testing.T) {
	t.Helper()
	if err := os.MkdirAll(examples, 0o755); err != nil {
		t.Fatal(err)
	}
	longest := map[string][]byte{}
	err := playStory(t).Events(t.Context(), 1, func(e eventstore.Event) error {
		version, err := e.Schema()
		if err != nil {
			return err
		}
		line, err := e.Line()
		if path := filepath.Join(examples, fmt.Sprintf("%s.%d", e.Type, version)); len(line) > len(longest[path]) {
			longest[path] = line
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, line := range longest {
		if _, err := os.Stat(path + ".json"); err == nil {
			continue
		}
		err := cmpErr(os.WriteFile(path+".json", append(line, '\n'), 0o644), func() error {
			return os.WriteFile(path+".postings", []byte(postingsText(decoded(t, line))), 0o644)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// scripted gives the commands of the story that come before the first line that says who does.
const scripted = "scripted"

// A storyLine is a line of testdata/story.jsonl: a command, or, with As alone, the login that gives those after it.
type storyLine struct {
	As   string `json:"as,omitzero"`
	text string
}

// storyLines reads the story: each command with who gives it.
func storyLines(t *testing.T) (lines []storyLine) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "story.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	by := scripted
	for text := range strings.Lines(string(text)) {
		var line storyLine
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatal(err)
		}
		if line.As != "" {
			by = line.As
			continue
		}
		lines = append(lines, storyLine{As: by, text: text})
	}
	return lines
}

// shown stands in an approval of the story for the digest of the request that was held last.
const shown = `"digest":"shown"`

// playStory records testdata/story.jsonl, which has every command, in a demo ledger with a scripted clock.
func playStory(t *testing.T) *Ledger {
	t.Helper()
	script := Script{Actor: scripted, At: time.Date(2019, 8, 1, 9, 0, 0, 0, time.UTC)}
	o := Options{Dir: t.TempDir(), Name: "story"}
	c := testLedger(domain.KindDemo)
	c.Ledger = "story"
	if _, err := Create(t.Context(), o, c, &script); err != nil {
		t.Fatal(err)
	}
	l := opened(t, o)
	var held Receipt
	for _, line := range storyLines(t) {
		script.Actor, script.At = line.As, script.At.Add(time.Minute)
		receipts, err := l.SubmitScripted(t.Context(), script, parsed(t, strings.ReplaceAll(line.text, shown, `"digest":"`+held.Digest+`"`)))
		if err != nil {
			t.Fatal(err)
		}
		switch receipts[0].Outcome {
		case Recorded:
		case Held:
			held = receipts[0]
		default:
			t.Fatalf("%s of the story: %+v %+v", receipts[0].Command, receipts[0], receipts[0].Refusal)
		}
	}
	return l
}

func TestTheStoryKeptUpCommandByCommandEqualsAFreshFold(t *testing.T) {
	replayed, err := playStory(t).Replay(t.Context(), nil)
	if err != nil || !replayed.OK() {
		t.Errorf("%+v, %v", replayed, err)
	}
}

func TestEveryCommandStandsInTheStory(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "story.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range domain.Commands() {
		if !kind.Shell && !strings.Contains(string(text), `"command":"`+kind.Name+`"`) {
			t.Errorf("%s is not in the story, so its event has no stored example", kind.Name)
		}
	}
}
