package eventstore

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"pcnledger/eventstore/proof"
)

var update = flag.Bool("update", false, "write the golden files anew")

const testLedger = "oxfordshire"

var testTime = time.Date(2019, 1, 15, 10, 0, 0, 0, time.UTC)

// entry is an event of a command.
func entry(commandID string) Entry {
	return Entry{
		Type:          "FundAllocated",
		Version:       1,
		Subject:       "fund/NR-PCN-2018",
		Time:          testTime,
		CommandID:     commandID,
		CommandHash:   strings.Repeat("0a", 32),
		Actor:         "os:ann",
		Auth:          "os-login",
		EffectiveDate: "2019-01-15",
		Period:        "2018-19/M10",
		Data:          jsontext.Value(`{"fund":"NR-PCN-2018","lines":[{"payee":"local:OCA","for":"2018-19","pence":9000000}]}`),
	}
}

func created() Entry {
	e := entry("init")
	e.Type, e.Subject, e.EffectiveDate, e.Period = "LedgerCreated", "ledger/"+testLedger, "", ""
	e.Data = jsontext.Value(`{"name":"oxfordshire","kind":"demo"}`)
	return e
}

// founding begins a ledger as ledgers were begun before there were keys: with one event, unsigned.
func founding() Founding { return foundingWith(created()) }

func foundingWith(entries ...Entry) Founding {
	return Founding{
		Key:     func() (*proof.Key, error) { return proof.DemoKey(testLedger), nil },
		Entries: func(proof.PublicKey) ([]Entry, error) { return entries, nil },
	}
}

// signedFounding begins a ledger with its creation and the key that signs it, numbers 1 and 2.
func signedFounding() Founding {
	f := founding()
	f.Entries = func(key proof.PublicKey) ([]Entry, error) { return []Entry{created(), keyEntry(key, "key")}, nil }
	return f
}

// keyEntry is an event that begins a key.
func keyEntry(key proof.PublicKey, commandID string) Entry {
	e := entry(commandID)
	e.Type, e.Subject, e.EffectiveDate, e.Period = KeyRotated, "key/"+key.ID(), "", ""
	e.Data = jsontext.Value(fmt.Sprintf(`{"key":%q}`, key))
	return e
}

// createSigned makes a ledger that is signed from its first commit on.
func createSigned(t testing.TB) *Log {
	t.Helper()
	l, _, err := Create(t.Context(), options(t.TempDir()), signedFounding())
	check(t, err)
	t.Cleanup(func() { shut(t, l) })
	return l
}

func options(dir string) Options { return Options{Dir: dir, Ledger: testLedger} }

// create makes a ledger in a new directory and closes it when the test ends.
func create(t testing.TB) *Log { return createIn(t, options(t.TempDir())) }

func createIn(t testing.TB, o Options) *Log {
	t.Helper()
	l, _, err := Create(t.Context(), o, founding())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, l) })
	return l
}

// reopen closes the log and opens it again.
func reopen(t testing.TB, l *Log) *Log {
	t.Helper()
	shut(t, l)
	return open(t, Options{Dir: l.options.Dir, Ledger: l.options.Ledger})
}

func open(t testing.TB, o Options) *Log {
	t.Helper()
	l, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, l) })
	return l
}

func shut(t testing.TB, l *Log) {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}

// appendOne appends a commit of one command with n events.
func appendOne(t testing.TB, l *Log, commandID string, n int) Commit {
	t.Helper()
	var entries []Entry
	for range n {
		entries = append(entries, entry(commandID))
	}
	c, err := l.Append(t.Context(), entries)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// appendMany appends commits of one event; their commands are c-<number>.
func appendMany(t testing.TB, l *Log, commits int) {
	t.Helper()
	for range commits {
		appendOne(t, l, fmt.Sprint("c-", l.Next()), 1)
	}
}

// readAll returns the commits from a number on.
func readAll(t testing.TB, l *Log, from int64) []Commit {
	t.Helper()
	var commits []Commit
	err := l.Read(t.Context(), from, func(c Commit) error {
		commits = append(commits, c)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return commits
}

// find reports whether the command is in the log.
func find(t testing.TB, l *Log, commandID string) bool {
	t.Helper()
	events, found, err := l.Find(t.Context(), commandID)
	if err != nil {
		t.Fatal(err)
	}
	if found && events[0].CommandID != commandID {
		t.Fatalf("asked for %s, found %s", commandID, events[0].CommandID)
	}
	return found
}

func mustBe(t testing.TB, err, target error) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Fatalf("error is %v, want %v", err, target)
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// copyOf copies a data directory: of a closed log as a backup does, of an open one as a kill leaves it.
func copyOf(t testing.TB, dir string) string {
	t.Helper()
	to := t.TempDir()
	check(t, os.CopyFS(to, os.DirFS(dir)))
	return to
}

func headFileOf(dir string) string { return options(dir).headPath() }

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	check(t, err)
	return content
}

func writeFile(t testing.TB, path string, content []byte) {
	t.Helper()
	check(t, os.WriteFile(path, content, 0o644))
}

// soon bounds what must not hang.
func soon(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}
