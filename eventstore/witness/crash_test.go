package witness

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"pcnledger/eventstore/proof"
)

var steps = []step{written, synced, renamed, kept}

var errKilled = errors.New("killed here")

// killedAt makes the next write stop at the step, as if the process had ended there: nothing that comes after it is done.
func killedAt(w *Witness, at step) {
	w.at = func(s step) error {
		if s == at {
			return errKilled
		}
		return nil
	}
}

// Whatever a crash left, the log may go on from what it left; and the other side of a fork from the size that was cosigned
// before the crash is never cosigned beside what was answered.
func TestACrashInCosigningLeavesWhatWasSeenBeforeOrAfter(t *testing.T) {
	for _, at := range steps {
		t.Run(string(at), func(t *testing.T) {
			w, l := newWitness(t), honest(t)
			mustCosign(t, w, l, 0, 10, noon())
			killedAt(w, at)
			if line, err := w.Cosign(l.request(10, 20), noon()); !errors.Is(err, errKilled) || line != nil {
				t.Fatalf("it answers %s, %v", line, err)
			}
			w = reopen(t, w)
			left := last(t, w)
			if want := map[step]int64{written: 10, synced: 10, renamed: 20, kept: 20}[at]; left != want {
				t.Errorf("it remembers %d events, not %d", left, want)
			}
			var fork *Fork
			if _, err := w.Cosign(l.rewrittenAt(10).request(left, 30), noon()); !errors.As(err, &fork) {
				t.Errorf("a fork at what was answered: %v", err)
			}
			var stale *Stale
			_, err := w.Cosign(l.request(10, 20), noon())
			if left == 20 && (!errors.As(err, &stale) || stale.Size != 20) || left == 10 && err != nil {
				t.Errorf("the same request again: %v", err)
			}
			mustCosign(t, w, l, 20, 20, noon())
			mustCosign(t, w, l, 20, 30, noon())
		})
	}
}

// The witness itself lives on after a write that failed, and still judges by what is on disk.
func TestAWriteThatFailedLeavesNothingInMemory(t *testing.T) {
	for _, at := range steps {
		w, l := newWitness(t), honest(t)
		mustCosign(t, w, l, 0, 10, noon())
		killedAt(w, at)
		if _, err := w.Cosign(l.request(10, 20), noon()); !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
		w.at = goOn
		mustCosign(t, w, l, last(t, w), 20, noon())
		var fork *Fork
		if _, err := w.Cosign(l.rewrittenAt(15).request(20, 20), noon()); !errors.As(err, &fork) {
			t.Errorf("%s: a fork: %v", at, err)
		}
	}
}

func TestACrashInTrustingLeavesTheLogKnownOrNot(t *testing.T) {
	for _, at := range steps {
		w, l := newWitness(t), honest(t)
		l.origin = proof.Origin("oxfordshire", 2)
		killedAt(w, at)
		if err := w.Trust(l.origin, l.key.Public()); !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
		w = reopen(t, w)
		_, err := w.Cosign(l.request(0, 5), noon())
		if known := at == renamed || at == kept; known != (err == nil) || !known && !errors.Is(err, ErrUnknownLog) {
			t.Errorf("%s: %v", at, err)
		}
		if err := w.Trust(l.origin, l.key.Public()); err != nil {
			t.Errorf("%s: told again: %v", at, err)
		}
	}
}

func TestACrashInAddingAKeyForgetsNothing(t *testing.T) {
	for _, at := range steps {
		w, l := newWitness(t), honest(t)
		mustCosign(t, w, l, 0, 10, noon())
		killedAt(w, at)
		if err := w.AddKey(origin, newKey(t).Public()); !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
		w = reopen(t, w)
		var fork *Fork
		if _, err := w.Cosign(l.rewrittenAt(3).request(10, 10), noon()); !errors.As(err, &fork) {
			t.Errorf("%s: a fork: %v", at, err)
		}
		mustCosign(t, w, l, 10, 20, noon())
	}
}

func TestACrashInKeepingEvidenceIsMadeGoodWhenAskedAgain(t *testing.T) {
	for _, at := range steps {
		w, l := newWitness(t), honest(t)
		mustCosign(t, w, l, 0, 10, noon())
		killedAt(w, at)
		request := l.rewrittenAt(3).request(10, 10)
		if _, err := w.Cosign(request, noon()); !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
		w = reopen(t, w)
		var fork *Fork
		if _, err := w.Cosign(request, noon()); !errors.As(err, &fork) {
			t.Fatalf("%s: %v", at, err)
		}
		checkEvidence(t, w, fork.Pair, l, l.rewrittenAt(3))
	}
}

func TestACrashInCreatingLeavesAWitnessOrRoomForOne(t *testing.T) {
	for _, at := range steps {
		dir := t.TempDir()
		signer, err := proof.NewWitnessSigner("audit.example.org/witness")
		if err != nil {
			t.Fatal(err)
		}
		w := &Witness{dir: dir, signer: signer}
		killedAt(w, at)
		if err := w.writeKey(); !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
		made := at == renamed || at == kept
		again, err := Open(dir)
		if made != (err == nil) || !made && !errors.Is(err, ErrNoWitness) {
			t.Fatalf("%s: opened: %v", at, err)
		}
		if !made {
			if again, err = Create(dir, "audit.example.org/witness"); err != nil {
				t.Fatalf("%s: created again: %v", at, err)
			}
		}
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	}
}

// childEnv makes of the test binary a witness process: it opens the directory, cosigns what it is sent, one request a line
// in base64, and answers each with the size and side of the log that it cosigned, or with "no".
const childEnv = "WITNESS_OF_TEST"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		os.Exit(child(dir))
	}
	os.Exit(m.Run())
}

func child(dir string) int {
	w, err := Open(dir)
	for errors.Is(err, ErrInUse) { // the test bounds it: it kills, or waits for, every child
		w, err = Open(dir)
	}
	if err != nil {
		fmt.Println("cannot open:", err)
		return 1
	}
	fmt.Println("open")
	requests := bufio.NewScanner(os.Stdin)
	requests.Buffer(nil, 1<<20)
	for requests.Scan() {
		request, err := base64.StdEncoding.DecodeString(requests.Text())
		if err != nil {
			return 1
		}
		if line, err := w.Cosign(request, time.Now()); err != nil {
			fmt.Println("no", strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Print(string(line))
		}
	}
	if w.Close() != nil {
		return 1
	}
	return 0
}

// process is a witness in a process of its own.
type process struct {
	t       *testing.T
	cmd     *exec.Cmd
	answers *bufio.Scanner
	send    func(request []byte) error
	end     func() error // of its requests
}

func start(t *testing.T, dir string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.Command(os.Args[0])}
	p.cmd.Env = append(os.Environ(), childEnv+"="+dir)
	p.cmd.Stderr = os.Stderr
	in, err := p.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	p.answers = bufio.NewScanner(out)
	p.send = func(request []byte) error {
		_, err := fmt.Fprintln(in, base64.StdEncoding.EncodeToString(request))
		return err
	}
	p.end = in.Close
	return p
}

// answer returns the next line, or false once the process has ended.
func (p *process) answer() (string, bool) {
	if !p.answers.Scan() {
		return "", false
	}
	return p.answers.Text(), true
}

// A witness is killed again and again, at moments that chance picks, while it is asked to cosign both sides of a fork, each
// time of another. What it ever answered must be of the side that it remembers.
func TestAKilledWitnessNeverCosignsBothSidesOfAFork(t *testing.T) {
	const rounds = 15
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	chance := rand.New(rand.NewPCG(seed, 0))
	w, l := newWitness(t), honest(t)
	mustCosign(t, w, l, 0, 10, noon())
	from, answered := int64(10), 0
	for round := range rounds {
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		sides := []ledger{l, l.rewrittenAt(from + 1)}
		chance.Shuffle(2, func(i, j int) { sides[i], sides[j] = sides[j], sides[i] })
		cosigned := askAndKill(t, w, requestsFrom(sides, from), chance)
		var err error
		if w, err = Open(w.dir); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		ledgers, err := w.Ledgers()
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		kept := ledgers[0].Last.Checkpoint
		for _, c := range cosigned {
			if c.size > kept.Size || c.log.checkpoint(kept.Size) != kept {
				t.Fatalf("round %d: %v was cosigned, and the witness remembers %v", round, c.log.checkpoint(c.size), kept)
			}
		}
		if kept == sides[1].checkpoint(kept.Size) {
			sides[0] = sides[1]
		}
		l, from, answered = sides[0], kept.Size, answered+len(cosigned)
	}
	t.Logf("%d cosigned, up to %d events", answered, from)
	if answered == 0 || from == 10 {
		t.Error("nothing was cosigned: the witness was killed too early to tell")
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

// request is a request to cosign a log at a size.
type request struct {
	log  ledger
	size int64
	body []byte
}

// requestsFrom are requests of both sides in turn, each from the size and from the sizes that the ones before it lead to.
func requestsFrom(sides []ledger, from int64) []request {
	var all []request
	for range 4 {
		for _, l := range sides {
			all = append(all, request{l, from + 1, l.request(from, from+1)}, request{l, from + 2, l.request(from+1, from+2)})
		}
		from++
	}
	return all
}

// askAndKill starts a witness, sends it the requests, kills it when it has answered some of them, and returns those that it
// cosigned.
func askAndKill(t *testing.T, w *Witness, requests []request, chance *rand.Rand) (cosigned []request) {
	t.Helper()
	p := start(t, w.dir)
	if first, ok := p.answer(); !ok || first != "open" {
		t.Fatalf("the witness says %s", first)
	}
	var sending sync.WaitGroup
	sending.Go(func() {
		for _, r := range requests {
			if p.send(r.body) != nil {
				return // it was killed
			}
		}
	})
	enough := 1 + chance.IntN(len(requests))
	for i := range requests {
		if i == enough {
			if err := p.cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
		line, ok := p.answer() // after the kill, what it had answered before
		if !ok && i < enough {
			t.Fatal("it ended by itself")
		}
		if ok && isOf(t, line+"\n", w.Key(), requests[i].log, requests[i].size) {
			cosigned = append(cosigned, requests[i])
		}
	}
	_ = p.cmd.Process.Kill()
	sending.Wait()
	_ = p.cmd.Wait()
	return cosigned
}

// isOf reports whether an answer is the cosignature of a log at a size.
func isOf(t *testing.T, line string, witness proof.WitnessKey, l ledger, size int64) bool {
	t.Helper()
	if strings.HasPrefix(line, "no ") {
		return false
	}
	cosigned, err := proof.AddCosignature(l.signed(size), []byte(line))
	if err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	n, err := proof.OpenNote(cosigned, []proof.PublicKey{l.key.Public()}, []proof.WitnessKey{witness})
	if err != nil || len(n.Cosignatures) != 1 {
		t.Fatalf("%q: %v", line, err)
	}
	return true
}

func TestTwoProcessesNeverCosignBothSidesOfAFork(t *testing.T) {
	l := honest(t)
	sides := []ledger{l, l.rewrittenAt(1)}
	for range 5 {
		w := newWitness(t)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		var cosigned [2]bool
		var both sync.WaitGroup
		processes := []*process{start(t, w.dir), start(t, w.dir)}
		for side, p := range processes {
			both.Go(func() {
				_, _ = p.answer() // that it is open
				if p.send(sides[side].request(0, 5)) != nil || p.end() != nil {
					return
				}
				line, ok := p.answer()
				cosigned[side] = ok && isOf(t, line+"\n", w.Key(), sides[side], 5)
			})
		}
		both.Wait()
		for _, p := range processes {
			if err := p.cmd.Wait(); err != nil {
				t.Error(err)
			}
		}
		if cosigned[0] == cosigned[1] {
			t.Errorf("cosigned: one side %v, the other %v", cosigned[0], cosigned[1])
		}
		files, err := filepath.Glob(w.path("evidence", "oxfordshire.g1-*.txt"))
		if err != nil || len(files) != 1 {
			t.Errorf("evidence: %v, %v", files, err)
		}
	}
}

func TestManyAtOnceNeverCosignBothSidesOfAFork(t *testing.T) {
	l := honest(t)
	sides := []ledger{l, l.rewrittenAt(1)}
	for range 8 {
		w := newWitness(t)
		w.at = func(step) error { // let the others come in between
			for range 1000 {
				runtime.Gosched()
			}
			return nil
		}
		var mu sync.Mutex
		var cosigned []proof.Checkpoint
		var all sync.WaitGroup
		for i := range 8 {
			log, size := sides[i%2], int64(1+i/2)
			request := log.request(0, size)
			all.Go(func() {
				if _, err := w.Cosign(request, noon()); err == nil {
					mu.Lock()
					cosigned = append(cosigned, log.checkpoint(size))
					mu.Unlock()
				}
			})
		}
		all.Wait()
		ledgers, err := w.Ledgers()
		if err != nil || len(cosigned) != 1 || ledgers[0].Last == nil || ledgers[0].Last.Checkpoint != cosigned[0] {
			t.Fatalf("cosigned %v, and the witness remembers %+v, %v", cosigned, ledgers, err)
		}
	}
}
