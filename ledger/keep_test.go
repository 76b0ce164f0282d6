package ledger

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pcnledger/domain"
)

// grown is a closed ledger with the story's commands and enough others for a snapshot, and where it is.
func grown(t *testing.T) Options {
	t.Helper()
	l, o := begun(t)
	var commands []Command
	for n := range keepAtLeast + 10 {
		commands = append(commands, register(n))
	}
	submit(t, l, commands...)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(snapshotOf(o)); err != nil {
		t.Fatal(err)
	}
	return o
}

func snapshotOf(o Options) string { return filepath.Join(o.Dir, "snapshots", o.Name+".snapshot") }

// logged opens a ledger and returns what it logged.
func logged(t *testing.T, o Options) (*Ledger, string) {
	t.Helper()
	var out bytes.Buffer
	o.Logger = slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelInfo}))
	l := opened(t, o)
	return l, out.String()
}

func TestALedgerIsTakenUpFromItsSnapshot(t *testing.T) {
	o := grown(t)
	for range 2 { // and again, after the tail has grown
		l, text := logged(t, o)
		if l.keeper.last == 0 || strings.Contains(text, "snapshot") {
			t.Fatalf("it was read from the first event: %s", text)
		}
		replayed, err := l.Replay(t.Context(), nil)
		if err != nil || !replayed.OK() {
			t.Errorf("%+v, %v", replayed, err)
		}
		again := submit(t, l, register(7))[0]
		if again.Outcome != Repeated || again.First != 10 {
			t.Errorf("a command in the snapshot: %+v", again)
		}
		id := fmt.Sprint("new-", l.log.Next())
		fresh := submit(t, l, Encode(id, domain.RegisterBody{Body: domain.Body("local:" + id), Kind: domain.KindCompany}, ""))[0]
		if fresh.Outcome != Recorded {
			t.Errorf("%+v", fresh)
		}
		verified, err := l.log.Verify(t.Context(), 1, nil)
		if err != nil || verified.Root != l.log.Root() {
			t.Errorf("%+v, %v", verified, err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestASnapshotThatCannotBeUsedIsPassedOverAndLogged(t *testing.T) {
	o := grown(t)
	whole, err := os.ReadFile(snapshotOf(o))
	if err != nil {
		t.Fatal(err)
	}
	other := grown(t)
	foreign, err := os.ReadFile(snapshotOf(other))
	if err != nil {
		t.Fatal(err)
	}
	changed := func(at int) []byte {
		content := bytes.Clone(whole)
		content[at] ^= 1
		return content
	}
	for name, content := range map[string][]byte{
		"its first byte is changed":     changed(0),
		"a byte in it is changed":       changed(len(whole) / 2),
		"its last byte is changed":      changed(len(whole) - 1),
		"it is cut off":                 whole[:len(whole)/2],
		"it is empty":                   {},
		"it is that of another ledger":  foreign,
		"another key has sealed it too": bytes.Replace(foreign, []byte(other.Dir), []byte(o.Dir), -1),
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(snapshotOf(o), content, 0o600); err != nil {
				t.Fatal(err)
			}
			l, text := logged(t, o)
			if l.keeper.last != 0 || !strings.Contains(text, "snapshot is passed over") {
				t.Errorf("it was taken up, or nothing was said: %s", text)
			}
			if replayed, err := l.Replay(t.Context(), nil); err != nil || !replayed.OK() {
				t.Errorf("%+v, %v", replayed, err)
			}
			if err := l.Close(); err != nil { // and makes another
				t.Error(err)
			}
			if l, text := logged(t, o); l.keeper.last == 0 {
				t.Errorf("no new one was made: %s", text)
			} else if err := l.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestStateAndViewsComeOutOfASnapshotAsTheyWentIn(t *testing.T) {
	l := playStory(t)
	c, err := codecs()
	if err != nil {
		t.Fatal(err)
	}
	var state bytes.Buffer
	if err := c.state.Encode(&state, l.writer.state); err != nil {
		t.Fatal(err)
	}
	back, err := c.state.Decode(&state, int64(state.Len()))
	if err != nil || !reflect.DeepEqual(back, l.writer.state) {
		t.Errorf("the state is another, %v", err)
	}
	var views bytes.Buffer
	if err := c.views.Encode(&views, l.views); err != nil {
		t.Fatal(err)
	}
	shown, err := c.views.Decode(&views, int64(views.Len()))
	if err != nil || shown.Digest() != l.views.Digest() {
		t.Errorf("the views are others, %v", err)
	}
}
