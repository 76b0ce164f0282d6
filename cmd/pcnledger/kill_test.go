package main

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/go-json-experiment/json"

	"pcnledger/eventstore"
	"pcnledger/ledger"
)

const (
	killedCommands = 2000
	kills          = 3
)

// TestAFileThatIsKilledAndRunAgainIsRecordedExactlyOnce kills the programme with signal 9 in the middle of a file of
// commands, several times, and then lets it finish.
func TestAFileThatIsKilledAndRunAgainIsRecordedExactlyOnce(t *testing.T) {
	programme := programmeFile(t)
	dir := t.TempDir()
	data, file := filepath.Join(dir, "data"), filepath.Join(dir, "commands.jsonl")
	writeRegistrations(t, file)
	if out, err := exec.Command(programme, "--data", data, "init", "--commissioner", "10Q").CombinedOutput(); err != nil {
		t.Fatalf("init: %v\n%s", err, out)
	}
	receipts := map[string]ledger.Receipt{}
	for range kills {
		runAndKill(t, programme, data, file, len(receipts)+1+rand.IntN(killedCommands/(kills+1)), receipts)
	}
	do := exec.Command(programme, "--data", data, "do", "--json", file)
	out, err := do.Output()
	if err != nil {
		t.Fatalf("the last run: %v", err)
	}
	final := readReceipts(t, bytes.NewReader(out), -1)
	checkReceipts(t, receipts, final)
	checkRecordedOnce(t, data, final)
}

// programmeFile returns the path of the test binary under the programme's name.
func programmeFile(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "pcnledger")
	if err := os.Symlink(self, link); err != nil {
		t.Fatal(err)
	}
	return link
}

func writeRegistrations(t *testing.T, file string) {
	t.Helper()
	var text bytes.Buffer
	for n := range killedCommands {
		fmt.Fprintf(&text, `{"id":"body-%04d","command":"RegisterBody","data":{"body":"local:body-%04d","kind":"company"}}`+"\n", n, n)
	}
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// runAndKill runs the file until so many receipts are out, kills the programme, and adds what was acknowledged.
func runAndKill(t *testing.T, programme, data, file string, after int, receipts map[string]ledger.Receipt) {
	t.Helper()
	do := exec.Command(programme, "--data", data, "do", "--json", file)
	out, err := do.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := do.Start(); err != nil {
		t.Fatal(err)
	}
	seen := readReceipts(t, out, after)
	if err := do.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	do.Wait() // it was killed: what it says of that is no news
	for _, r := range seen {
		if first, known := receipts[r.Command]; known && first.First != r.First {
			t.Errorf("%s was event %d and is now event %d", r.Command, first.First, r.First)
		}
		receipts[r.Command] = r
	}
	t.Logf("killed after %d receipts", len(seen))
}

// readReceipts reads up to so many receipts, or all.
func readReceipts(t *testing.T, out interface{ Read([]byte) (int, error) }, most int) []ledger.Receipt {
	t.Helper()
	var receipts []ledger.Receipt
	lines := bufio.NewScanner(out)
	for len(receipts) != most && lines.Scan() {
		var r ledger.Receipt
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatalf("%s: %v", lines.Text(), err)
		}
		receipts = append(receipts, r)
	}
	return receipts
}

// checkReceipts compares what was acknowledged before the kills with what the last run answers.
func checkReceipts(t *testing.T, before map[string]ledger.Receipt, final []ledger.Receipt) {
	t.Helper()
	if len(final) != killedCommands {
		t.Fatalf("the last run answered %d commands, want %d", len(final), killedCommands)
	}
	for _, r := range final {
		first, known := before[r.Command]
		if known && (r.Outcome != ledger.Repeated || r.First != first.First || !r.Time.Equal(first.Time)) {
			t.Errorf("acknowledged as %+v, and then answered as %+v", first, r)
		}
	}
}

// checkRecordedOnce reads the log: every command once, under the number its receipt says.
func checkRecordedOnce(t *testing.T, data string, final []ledger.Receipt) {
	t.Helper()
	l, err := ledger.Open(t.Context(), ledger.Options{Dir: data, Name: firstLedger})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	numbers := map[string]int64{}
	err = l.Events(t.Context(), 2, func(e eventstore.Event) error {
		if n, twice := numbers[e.CommandID]; twice {
			t.Errorf("%s is recorded as events %d and %d", e.CommandID, n, e.Number)
		}
		numbers[e.CommandID] = e.Number
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(numbers) != killedCommands {
		t.Errorf("%d commands are recorded, want %d", len(numbers), killedCommands)
	}
	for _, r := range final {
		if numbers[r.Command] != r.First {
			t.Errorf("%s is event %d; its receipt says %d", r.Command, numbers[r.Command], r.First)
		}
	}
}
