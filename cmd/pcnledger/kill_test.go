package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"pcnledger/domain"
	"pcnledger/eventstore"
	"pcnledger/ledger"
)

const (
	kills       = 50
	perRound    = 1500                   // commands to put; more than are answered before the kill
	opening     = 250 * time.Millisecond // about as long as a start takes
	underWay    = 150 * time.Millisecond // how long a round goes on after its first receipt, at most
	crowdSize   = 16                     // callers at once
	everyOfThem = 5                      // one of so many rounds is killed while it opens the ledger
)

// TestWhatWasAnsweredBeforeAKillIsRecordedOnceAndForEver kills the programme with signal 9, at random moments, while it
// records: do with one command after another, and a crowd of callers whose commands share commits. Every receipt must be
// found again.
func TestWhatWasAnsweredBeforeAKillIsRecordedOnceAndForEver(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	programme, crowd := programmeFile(t, "pcnledger"), programmeFile(t, "crowd")
	runProgramme(t, programme, "--data", data, "init", "--commissioner", "10Q")
	receipts := map[string]ledger.Receipt{}
	for round := range kills {
		child := exec.Command(crowd, data, fmt.Sprintf("crowd-%02d", round))
		if round%2 == 0 {
			file := filepath.Join(dir, "commands.jsonl")
			writeCommands(t, file, registrations(fmt.Sprintf("round-%02d", round)))
			child = exec.Command(programme, "--data", data, "do", "--json", file)
		}
		for _, r := range runAndKill(t, child, round%everyOfThem == 0) {
			receipts[r.Command] = r
		}
	}
	t.Logf("%d receipts in %d rounds", len(receipts), kills)
	if len(receipts) < 10*kills {
		t.Errorf("only %d receipts before the kills: the test tests nothing", len(receipts))
	}
	runProgramme(t, programme, "--data", data, "verify")
	checkRecordedOnce(t, data, receipts)
	checkAnsweredAgain(t, programme, data, filepath.Join(dir, "again.jsonl"), receipts)
}

// programmeFile returns the path of the test binary under the name of one of its programmes.
func programmeFile(t *testing.T, name string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), name)
	if err := os.Symlink(self, link); err != nil {
		t.Fatal(err)
	}
	return link
}

func runProgramme(t *testing.T, programme string, args ...string) []byte {
	t.Helper()
	out, err := exec.Command(programme, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return out
}

// registrations are the commands of a round.
func registrations(round string) []ledger.Command {
	var commands []ledger.Command
	for n := range perRound {
		id := fmt.Sprintf("%s-%04d", round, n)
		commands = append(commands, ledger.Encode(id, domain.RegisterBody{Body: domain.Body("local:" + id), Kind: domain.KindCompany}, ""))
	}
	return commands
}

func writeCommands(t *testing.T, file string, commands []ledger.Command) {
	t.Helper()
	var text bytes.Buffer
	for _, c := range commands {
		line, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&text, "%s\n", line)
	}
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// crowd is the programme of the crowd: callers that put a round's commands to the ledger at once and print each receipt as
// soon as they have it.
func crowd() {
	if err := crowdOn(context.Background(), os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitBroken)
	}
}

func crowdOn(ctx context.Context, data, round string) error {
	actor, err := login()
	if err != nil {
		return err
	}
	l, err := ledger.Open(ctx, ledger.Options{Dir: data, Name: firstLedger, Actor: actor})
	if err != nil {
		return err
	}
	defer l.Close()
	out := &terminal{out: os.Stdout}
	failed := make([]error, crowdSize)
	var callers sync.WaitGroup
	commands := registrations(round)
	for caller := range crowdSize {
		callers.Go(func() {
			for n := caller; n < len(commands) && failed[caller] == nil; n += crowdSize {
				receipts, err := l.Submit(ctx, commands[n])
				if err == nil {
					err = out.receipt(receipts[0], "", true)
				}
				failed[caller] = err
			}
		})
	}
	callers.Wait()
	return errors.Join(failed...)
}

// runAndKill starts a child, kills it at a random moment of its opening or of its recording, and returns the receipts that
// it printed before.
func runAndKill(t *testing.T, child *exec.Cmd, whileOpening bool) []ledger.Receipt {
	t.Helper()
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var wrong bytes.Buffer
	child.Stderr = &wrong
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	kill := func(within time.Duration) {
		time.AfterFunc(rand.N(within), func() { child.Process.Kill() }) // that it ended before is seen below
	}
	if whileOpening {
		kill(opening)
	}
	var receipts []ledger.Receipt
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var r ledger.Receipt
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			break // the kill cut it off: nobody was answered
		}
		if receipts = append(receipts, r); len(receipts) == 1 && !whileOpening {
			kill(underWay)
		}
	}
	child.Wait() // it was killed: what it says of that is no news
	if code := child.ProcessState.ExitCode(); code != -1 {
		t.Fatalf("it was not killed but ended with exit code %d: %s", code, wrong.String())
	}
	return receipts
}

// checkRecordedOnce reads the log: every command once, and each receipt under its number, with the root that it says.
func checkRecordedOnce(t *testing.T, data string, receipts map[string]ledger.Receipt) {
	t.Helper()
	l, err := ledger.Open(t.Context(), ledger.Options{Dir: data, Name: firstLedger})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	numbers := map[string]int64{}
	err = l.Events(t.Context(), 1, func(e eventstore.Event) error {
		if n, twice := numbers[e.CommandID]; twice {
			t.Errorf("%s is recorded as events %d and %d", e.CommandID, n, e.Number)
		}
		numbers[e.CommandID] = e.Number
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for id, r := range receipts {
		if r.Outcome != ledger.Recorded || numbers[id] != r.First {
			t.Errorf("%s is event %d; its receipt says %s as event %d", id, numbers[id], r.Outcome, r.First)
		}
	}
}

// checkAnsweredAgain puts the commands that were answered once more: each has the same receipt, as a repeated one.
func checkAnsweredAgain(t *testing.T, programme, data, file string, receipts map[string]ledger.Receipt) {
	t.Helper()
	var commands []ledger.Command
	for id := range receipts {
		commands = append(commands, ledger.Encode(id, domain.RegisterBody{Body: domain.Body("local:" + id), Kind: domain.KindCompany}, ""))
	}
	writeCommands(t, file, commands)
	out, err := exec.Command(programme, "--data", data, "do", "--json", file).Output()
	if err != nil {
		t.Fatalf("the last run: %v", err)
	}
	answered := 0
	for line := range bytes.Lines(out) {
		var r ledger.Receipt
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		first := receipts[r.Command]
		if r.Outcome != ledger.Repeated || r.First != first.First || !r.Time.Equal(first.Time) || r.Root != first.Root {
			t.Errorf("acknowledged as %+v, and then answered as %+v", first, r)
		}
		answered++
	}
	if answered != len(receipts) {
		t.Errorf("%d commands were answered again, want %d", answered, len(receipts))
	}
}
