package eventstore

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"pcnledger/eventstore/proof"
)

// killedIn is set to the data directory where the test runs as the process that is killed: this test binary again.
const killedIn = "EVENTSTORE_TEST_KILLED_IN"

const (
	kills      = 50
	submitters = 8
)

// A process is killed again and again while many goroutines append. Whatever it said was recorded is there, once.
func TestWhatWasAcknowledgedOutlivesEveryKill(t *testing.T) {
	if dir := os.Getenv(killedIn); dir != "" {
		t.Fatal(appendUntilKilled(dir))
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	l := createSigned(t)
	shut(t, l)
	after := aftermath{times: make(map[string]int)}
	acknowledged := 0
	for round := range kills {
		ids := runAndKill(t, l.options.Dir, fmt.Sprint("r", round), random.IntN(40))
		acknowledged += len(ids)
		after.look(t, l.options.Dir, ids, round%10 == 9)
		if t.Failed() {
			t.Fatalf("after round %d", round)
		}
	}
	t.Logf("%d commands were acknowledged, %d events are recorded", acknowledged, after.last)
	if after.last < 2*kills {
		t.Error("hardly anything was recorded")
	}
}

// runAndKill lets a process append and kills it when it has said so often that a command was recorded. It returns all the
// commands of which it said so.
func runAndKill(t *testing.T, dir, name string, enough int) (ids []string) {
	t.Helper()
	process := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	process.Env = append(os.Environ(), killedIn+"="+dir, killedIn+"_AS="+name)
	var complaints bytes.Buffer
	process.Stderr = &complaints
	out, err := process.StdoutPipe()
	check(t, err)
	check(t, process.Start())
	lines := bufio.NewScanner(out)
	for len(ids) < enough && lines.Scan() {
		ids = appendAcknowledged(ids, lines.Text())
	}
	check(t, process.Process.Kill())
	for lines.Scan() {
		ids = appendAcknowledged(ids, lines.Text())
	}
	if err := process.Wait(); process.ProcessState.Exited() {
		t.Fatalf("it ended by itself: %v\n%s", err, &complaints)
	}
	return ids
}

// acknowledgement begins the line that says that a command was recorded; whole lines only.
const acknowledgement = "recorded "

func appendAcknowledged(ids []string, line string) []string {
	if id, is := strings.CutPrefix(line, acknowledgement); is && strings.HasSuffix(id, ".") {
		return append(ids, strings.TrimSuffix(id, "."))
	}
	return ids
}

// aftermath is what was found in the log after the last kill.
type aftermath struct {
	last  int64
	times map[string]int // by command
}

// look opens the ledger and finds what was acknowledged, each once, and numbers without gaps.
func (a *aftermath) look(t *testing.T, dir string, ids []string, all bool) {
	t.Helper()
	l := open(t, options(dir))
	defer shut(t, l)
	if all {
		*a = aftermath{times: make(map[string]int)}
		if _, err := l.Verify(t.Context(), 1, nil); err != nil {
			t.Error(err)
		}
	}
	for _, c := range readAll(t, l, a.last+1) {
		for i, e := range c.Events {
			if a.last++; e.Number != a.last {
				t.Errorf("number %d stands where %d must stand", e.Number, a.last)
			}
			if i == 0 || c.Events[i-1].CommandID != e.CommandID {
				a.times[e.CommandID]++
			}
		}
	}
	for id, n := range a.times {
		if n != 1 {
			t.Errorf("%s is recorded %d times", id, n)
		}
	}
	for _, id := range ids {
		if a.times[id] != 1 || !find(t, l, id) {
			t.Errorf("%s was acknowledged and is recorded %d times", id, a.times[id])
		}
	}
	if l.Next() != a.last+1 {
		t.Errorf("%d numbers are read, next is %d", a.last, l.Next())
	}
}

// appendUntilKilled opens the ledger and appends from many goroutines. One of them changes the key now and then, one stores
// checkpoints, one sends drafts in a row.
func appendUntilKilled(dir string) error {
	l, err := Open(context.Background(), options(dir))
	if err != nil {
		return err
	}
	fail := make(chan error, submitters)
	var group sync.WaitGroup
	for s := range submitters {
		group.Go(func() { fail <- submitUntilKilled(l, s) })
	}
	return <-fail
}

func submitUntilKilled(l *Log, submitter int) error {
	ctx := context.Background()
	for i := 0; ; i++ {
		id := fmt.Sprintf("%s-%d-%d", os.Getenv(killedIn+"_AS"), submitter, i)
		entries := []Entry{entry(id), entry(id)}[:1+i%2]
		var err error
		switch {
		case submitter == 0 && i%8 == 7:
			entries, err = rotation(l, id)
		case submitter == 1 && i%10 == 9:
			_, err = l.Checkpoint(ctx)
		}
		if err != nil {
			return err
		}
		if err := submitOne(ctx, l, entries, submitter == 2); err != nil {
			return err
		}
		if _, err := fmt.Printf("%s%s.\n", acknowledgement, id); err != nil {
			return err
		}
	}
}

// submitOne appends the entries, or composes and commits them.
func submitOne(ctx context.Context, l *Log, entries []Entry, draft bool) error {
	for {
		if !draft {
			_, err := l.Append(ctx, entries)
			return err
		}
		d, err := l.Compose(entries, nil)
		if err == nil {
			_, err = l.Commit(ctx, d)
		}
		if !errors.Is(err, ErrConflict) {
			return err
		}
	}
}

func rotation(l *Log, commandID string) ([]Entry, error) {
	key, err := l.PrepareKey(func() (*proof.Key, error) { return proof.NewKey(testLedger) })
	return []Entry{keyEntry(key, commandID)}, err
}
