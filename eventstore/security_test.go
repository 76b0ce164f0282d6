package eventstore

import (
	"bytes"
	"encoding/binary"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func always([]byte) bool { return true }

// once says that a note is due where there is none.
func once(last []byte) bool { return last == nil }

func notesOf(t testing.TB, l *Log) []string {
	t.Helper()
	texts, err := l.Notes(t.Context())
	check(t, err)
	var notes []string
	for _, text := range texts {
		notes = append(notes, string(text))
	}
	return notes
}

func mustHold(t testing.TB, l *Log, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, notesOf(t, l)); diff != "" {
		t.Errorf("the notes differ (-want +got):\n%s", diff)
	}
}

func securityDir(l *Log) string {
	return filepath.Join(streamsDir(l.options.Dir), l.options.securityStream())
}

func TestALedgerForWhichNothingWasNotedHasNoStreamOfNotes(t *testing.T) {
	l := create(t)
	mustHold(t, l)
	if found, err := exists(securityDir(l)); found || err != nil {
		t.Errorf("asking made a stream: %v", err)
	}
}

func TestANoteIsComparedWithTheNewestUnderItsTokenAlsoAfterARestart(t *testing.T) {
	l := create(t)
	check(t, l.Note(t.Context(), "a", []byte("first"), once))
	check(t, l.Note(t.Context(), "a", []byte("again"), once))
	check(t, l.Note(t.Context(), "b", []byte("other"), once))
	l = reopen(t, l)
	check(t, l.Note(t.Context(), "a", []byte("after a restart"), once))
	var last []byte
	check(t, l.Note(t.Context(), "a", []byte("later"), func(text []byte) bool { last = text; return true }))
	mustHold(t, l, "first", "other", "later")
	if string(last) != "first" {
		t.Errorf("the newest note was %q", last)
	}
}

func TestOfManyNotesThatAreDueAtOnceOneIsStored(t *testing.T) {
	l := create(t)
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			if err := l.Note(t.Context(), "a", []byte("it"), once); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	mustHold(t, l, "it")
}

func TestANoteIsNoPartOfTheLedger(t *testing.T) {
	l := createSigned(t)
	appendMany(t, l, 3)
	before := l.Head()
	check(t, l.Note(t.Context(), "a", []byte("it"), always))
	if diff := cmp.Diff(before, l.Head()); diff != "" {
		t.Error(diff)
	}
	archived := filepath.Join(t.TempDir(), "archive")
	_, err := l.Backup(t.Context(), archived, nil)
	check(t, err)
	if outcome, err := l.Verify(t.Context(), 1, nil); err != nil || outcome.Events != 5 {
		t.Errorf("%+v, %v", outcome, err)
	}
	copied, err := OpenCopy(archived)
	check(t, err)
	o := options(t.TempDir())
	_, err = Restore(t.Context(), o, copied, nil)
	check(t, err)
	mustHold(t, open(t, o))
	mustHold(t, reopen(t, l), "it")
}

func TestNotesCannotBeDeletedOrPurged(t *testing.T) {
	l := create(t)
	check(t, l.Note(t.Context(), "a", []byte("it"), always))
	stream, err := l.on().nats.js.Stream(t.Context(), "SECURITY_"+testLedger)
	check(t, err)
	if stream.DeleteMsg(t.Context(), 1) == nil || stream.Purge(t.Context()) == nil {
		t.Error("a note could be taken out")
	}
	mustHold(t, l, "it")
}

func TestAStreamThatCouldLoseNotesIsNotUsed(t *testing.T) {
	l := create(t)
	unsafe := l.generation.securityConfig(l.options)
	unsafe.DenyPurge, unsafe.MaxMsgs = false, 1
	_, err := l.on().nats.js.CreateStream(t.Context(), unsafe)
	check(t, err)
	if err := l.Note(t.Context(), "a", nil, always); err == nil || !strings.Contains(err.Error(), "deny purge") {
		t.Errorf("error is %v", err)
	}
}

func TestATokenThatCouldReachOtherSubjectsIsNone(t *testing.T) {
	l := create(t)
	for _, token := range []string{"", "*", ">", "a.b", "a b", strings.Repeat("a", 65)} {
		if err := l.Note(t.Context(), token, nil, always); err == nil {
			t.Errorf("%q was taken", token)
		}
	}
}

// What a crash leaves of the stream's creation, or a removal of the files, costs no more than the notes in it.
func TestALedgerWithoutItsStreamOfNotesGetsAnother(t *testing.T) {
	for name, leave := range map[string]func(dir string) error{
		"nothing": os.RemoveAll,
		"empty directories": func(dir string) error {
			return errors.Join(os.RemoveAll(dir), os.MkdirAll(filepath.Join(dir, "msgs"), 0o755))
		},
		"no meta information": func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, "meta.inf")), os.Remove(filepath.Join(dir, "meta.sum")))
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := create(t)
			check(t, l.Note(t.Context(), "a", []byte("before"), always))
			shut(t, l)
			check(t, leave(securityDir(l)))
			l = open(t, l.options)
			check(t, l.Note(t.Context(), "b", []byte("after"), always))
			if notes := notesOf(t, l); notes[len(notes)-1] != "after" {
				t.Errorf("the notes are %q", notes)
			}
		})
	}
}

func TestDamageToTheNotesIsToldAndTheLedgerOpens(t *testing.T) {
	l := create(t)
	check(t, l.Note(t.Context(), "a", []byte("it"), always))
	check(t, l.Note(t.Context(), "a", []byte("later"), always))
	shut(t, l)
	blocks, err := blocksOf(l.options.Dir, l.options.securityStream())
	check(t, err)
	content := readFile(t, blocks[0].path)
	writeFile(t, blocks[0].path, content[binary.LittleEndian.Uint32(content)&^hasHeadersBit:]) // the first note is taken out
	var told bytes.Buffer
	o := l.options
	o.Logger = slog.New(slog.NewTextHandler(&told, nil))
	open(t, o)
	if !strings.Contains(told.String(), "notes about the ledger are damaged") {
		t.Errorf("nobody was told: %s", told.String())
	}
}

func TestANoteThatCannotBeStoredIsAnErrorAndTheLogGoesOn(t *testing.T) {
	l := create(t)
	check(t, os.WriteFile(securityDir(l), nil, 0o600))
	if err := l.Note(soon(t), "a", nil, always); err == nil {
		t.Error("it was stored in a file that is no directory")
	}
	appendOne(t, l, "goes-on", 1)
	shut(t, l)
	if err := l.Note(t.Context(), "a", nil, always); !errors.Is(err, ErrClosed) {
		t.Errorf("error is %v", err)
	}
}
