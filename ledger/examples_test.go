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

// writeExamples plays the story and keeps the last event of every kind that has no example yet.
func writeExamples(t *testing.T) {
	t.Helper()
	if err := os.MkdirAll(examples, 0o755); err != nil {
		t.Fatal(err)
	}
	err := playStory(t).Events(t.Context(), 1, func(e eventstore.Event) error {
		version, err := e.Schema()
		if err != nil {
			return err
		}
		path := filepath.Join(examples, fmt.Sprintf("%s.%d", e.Type, version))
		if _, err := os.Stat(path + ".json"); err == nil {
			return nil
		}
		line, err := e.Line()
		if err != nil {
			return err
		}
		if err := os.WriteFile(path+".json", append(line, '\n'), 0o644); err != nil {
			return err
		}
		return os.WriteFile(path+".postings", []byte(postingsText(decoded(t, line))), 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// playStory records testdata/story.jsonl, which has every command, in a demo ledger with a scripted clock.
func playStory(t *testing.T) *Ledger {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "story.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	script := Script{Actor: "scripted", At: time.Date(2019, 8, 1, 9, 0, 0, 0, time.UTC)}
	o := Options{Dir: t.TempDir(), Name: "story"}
	c := testLedger(domain.KindDemo)
	c.Ledger = "story"
	if _, err := Create(t.Context(), o, c, &script); err != nil {
		t.Fatal(err)
	}
	l := opened(t, o)
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		script.At = script.At.Add(time.Minute)
		receipts, err := l.SubmitScripted(t.Context(), script, parsed(t, line))
		if err != nil {
			t.Fatal(err)
		}
		if receipts[0].Outcome != Recorded {
			t.Fatalf("story line %d: %+v %+v", i+1, receipts[0], receipts[0].Refusal)
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
