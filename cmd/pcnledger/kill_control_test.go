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

	"pcnledger/domain"
	"pcnledger/eventstore"
	"pcnledger/ledger"
)

const (
	controlKills = 8
	decisions    = 250 // commands that are held, each with its approval: more than are reached by the kills
	mostAtOnce   = 40  // commands that a round may record before its kill
)

// TestWhatOfficersDecidedBeforeAKillIsDecidedOnce kills the programme with signal 9 while officers raise and approve, and
// lets them do it all again, until they come to an end: each command is recorded once, and each request approved once.
func TestWhatOfficersDecidedBeforeAKillIsDecidedOnce(t *testing.T) {
	dir := t.TempDir()
	data, acts := filepath.Join(dir, "data"), filepath.Join(dir, "acts.txt")
	writeDecisions(t, acts)
	officers := filepath.Join("testdata", "acts", "officers.txt")
	programme := programmeFile(t, "acted")
	receipts := map[string]ledger.Receipt{}
	for round := range controlKills {
		child := exec.Command(programme, "--json", data, officers, acts)
		if killed := runUntil(t, child, receipts, 1+rand.N(mostAtOnce)); !killed {
			t.Fatalf("round %d was not killed: the test tests nothing", round)
		}
	}
	t.Logf("%d receipts in %d rounds", len(receipts), controlKills)
	if killed := runUntil(t, exec.Command(programme, "--json", data, officers, acts), receipts, len(officersAct(t, officers))+3*decisions); killed {
		t.Fatal("it recorded more than there was to record")
	}
	checkDecidedOnce(t, data, receipts)
}

// writeDecisions writes the acts: an allocation of £1 that needs two people, its approval, and a spend of a penny that does
// not, again and again.
func writeDecisions(t *testing.T, file string) {
	t.Helper()
	var text bytes.Buffer
	for n := range decisions {
		fmt.Fprintf(&text, `recorder-1 2018-11-20T10:00 {"id":"allocate-%d","command":"AllocateFund","data":{"fund":"NR","decision":{"body":"Committee","date":"2018-11-19","paper":"18/%[1]d"},"lines":[{"payee":"local:FED","beneficiary":"local:NORTH","category":"access","pence":100}]}}
approver-1 2018-11-20T11:00 {"id":"allocate-%[1]d-yes","command":"Approve","data":{"request":REQUEST,"digest":"DIGEST"}}
recorder-2 2018-11-20T12:00 {"id":"spend-%[1]d","command":"RecordSpend","data":{"fund":"EV","reference":"invoice %[1]d","lines":[{"payee":"local:FED","beneficiary":"local:NORTH","category":"leadership","pence":1}]}}
`, n)
	}
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// officersAct lists the lines of a file of acts.
func officersAct(t *testing.T, file string) (lines [][]byte) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Split(text, []byte("\n"))
}

// runUntil starts a child, adds its receipts of what was not answered before to those there are, and kills it after so
// many of them. What was answered before has to be answered the same again. It says whether the child was killed; one that
// was not has to end well.
func runUntil(t *testing.T, child *exec.Cmd, receipts map[string]ledger.Receipt, most int) (killed bool) {
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
	fresh := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var r ledger.Receipt
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			break // the kill cut it off: nobody was answered
		}
		before, met := receipts[r.Command]
		if met && (r.Outcome != ledger.Repeated || r.First != before.First || r.Last != before.Last || r.Digest != before.Digest) {
			t.Errorf("%s was answered as %+v, and then as %+v", r.Command, before, r)
		}
		if met {
			continue
		}
		receipts[r.Command] = r
		if fresh++; fresh == most {
			child.Process.Kill() // that it was is seen below
		}
	}
	child.Wait() // it was killed: what it says of that is no news
	switch code := child.ProcessState.ExitCode(); code {
	case -1:
		return true
	case 0:
		return false
	default:
		t.Fatalf("it ended with exit code %d: %s", code, wrong.String())
		return false
	}
}

// checkDecidedOnce reads the log: each command in one commit, under the number that its receipt says; each request approved
// once, and what it asked for done once. State and views are those of a fresh fold.
func checkDecidedOnce(t *testing.T, data string, receipts map[string]ledger.Receipt) {
	t.Helper()
	l, err := ledger.Open(t.Context(), ledger.Options{Dir: data, Name: firstLedger})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	commits, done := map[string]int64{}, map[string]int{}
	err = l.Events(t.Context(), 1, func(e eventstore.Event) error {
		if commit, met := commits[e.CommandID]; met && commit != e.Commit {
			t.Errorf("%s is in the commits %d and %d", e.CommandID, commit, e.Commit)
		}
		commits[e.CommandID] = e.Commit
		if r, answered := receipts[e.CommandID]; answered && (e.Number < r.First || e.Number > r.Last) {
			t.Errorf("%s caused event %d; its receipt says %d to %d", e.CommandID, e.Number, r.First, r.Last)
		}
		if e.Request != "" {
			done[e.Type+" of request "+e.Request]++
		}
		done[e.Type]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for id := range receipts {
		if commits[id] == 0 {
			t.Errorf("%s was answered and is not recorded", id)
		}
	}
	for what, times := range done {
		if bytes.Contains([]byte(what), []byte(" of request ")) && times != 1 {
			t.Errorf("%s is recorded %d times", what, times)
		}
	}
	for _, fund := range l.Views().Funds.All() {
		allocated, charged := domain.Pence(3000_00+100*decisions), domain.Pence(0)
		if fund.Terms.Fund == "EV" {
			allocated, charged = 3000_00-decisions, decisions
		}
		if fund.Control.Allocated != allocated || fund.Control.Charged != charged {
			t.Errorf("fund %s has %s allocated and %s charged, want %s and %s", fund.Terms.Fund, fund.Control.Allocated, fund.Control.Charged, allocated, charged)
		}
	}
	if replayed, err := l.Replay(t.Context(), nil); err != nil || !replayed.OK() {
		t.Errorf("%+v, %v", replayed, err)
	}
}
