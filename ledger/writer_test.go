package ledger

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pcnledger/domain"
	"pcnledger/eventstore"
	"pcnledger/projections"
)

func registerFor(submitter string, n int) Command {
	id := fmt.Sprintf("%s-%d", submitter, n)
	return Encode(id, domain.RegisterBody{Body: domain.Body("local:" + id), Kind: domain.KindCompany}, "")
}

func TestAnyNumberOfSubmittersShareCommits(t *testing.T) {
	l, o := begun(t)
	const submitters, each = 32, 25
	var group sync.WaitGroup
	for s := range submitters {
		group.Go(func() {
			for n := range each {
				receipts, err := l.Submit(t.Context(), registerFor(fmt.Sprint("s", s), n))
				if err != nil || receipts[0].Outcome != Recorded || receipts[0].Root == "" {
					t.Errorf("submitter %d, command %d: %+v, %v", s, n, receipts, err)
				}
				l.Look(func(v *projections.Views) {
					if v.Ledger.Number < receipts[0].Last {
						t.Errorf("the views are at %d when the receipt says %d", v.Ledger.Number, receipts[0].Last)
					}
				})
			}
		})
	}
	group.Wait()
	l = reopen(t, l, o)
	replayed, err := l.Replay(t.Context(), nil)
	if err != nil || !replayed.OK() || replayed.Events != submitters*each+2 {
		t.Fatalf("%+v, %v", replayed, err)
	}
	if replayed.Commits > submitters*each/2 {
		t.Errorf("%d commands took %d commits", submitters*each, replayed.Commits)
	}
}

func TestACallersCommandsAreDecidedInTheirOrder(t *testing.T) {
	l, _ := begun(t)
	var group sync.WaitGroup
	for s := range 4 {
		group.Go(func() {
			var commands []Command
			for n := range 300 {
				commands = append(commands, registerFor(fmt.Sprint("s", s), n))
			}
			receipts, err := l.Submit(t.Context(), commands...)
			if err != nil || len(receipts) != len(commands) {
				t.Errorf("%d receipts, %v", len(receipts), err)
			}
			for i, r := range receipts {
				if r.Command != commands[i].ID || i > 0 && r.First <= receipts[i-1].Last {
					t.Errorf("receipt %d: %+v", i, r)
				}
			}
		})
	}
	group.Wait()
}

// One caller brings thousands of commands, another one: it must not wait for them all.
func TestALargeImportDoesNotHoldUpTheOthers(t *testing.T) {
	l, _ := begun(t)
	var commands []Command
	for n := range 3 * mostBatch {
		commands = append(commands, registerFor("import", n))
	}
	imported := make(chan []Receipt)
	go func() {
		receipts, err := l.Submit(t.Context(), commands...)
		if err != nil {
			t.Error(err)
		}
		imported <- receipts
	}()
	for l.log.Next() == 3 {
		runtime.Gosched() // until the import is under way
	}
	officer := submit(t, l, registerFor("officer", 1))[0]
	last := (<-imported)[len(commands)-1]
	if officer.First > last.First {
		t.Errorf("the officer's command is number %d, after the import's last, %d", officer.First, last.First)
	}
}

func TestTheSameCommandFromManyCallersIsRecordedOnce(t *testing.T) {
	l, _ := begun(t)
	outcomes := make(chan Outcome, 20)
	var group sync.WaitGroup
	for range cap(outcomes) {
		group.Go(func() {
			receipts, err := l.Submit(t.Context(), registerFor("same", 1))
			if err != nil || receipts[0].First != 3 {
				t.Errorf("%+v, %v", receipts, err)
			}
			outcomes <- receipts[0].Outcome
		})
	}
	group.Wait()
	close(outcomes)
	seen := map[Outcome]int{}
	for outcome := range outcomes {
		seen[outcome]++
	}
	if diff := cmp.Diff(map[Outcome]int{Recorded: 1, Repeated: cap(outcomes) - 1}, seen); diff != "" {
		t.Error(diff)
	}
}

func TestARepeatedCommandHasTheRootOfItsFirstReceipt(t *testing.T) {
	l, o := begun(t)
	var first []Receipt
	for n := range 5 {
		first = append(first, submit(t, l, register(n))...)
	}
	l = reopen(t, l, o)
	for n := range 5 {
		again := submit(t, l, register(n))[0]
		again.Outcome = Recorded
		if diff := cmp.Diff(first[n], again); diff != "" {
			t.Error(diff)
		}
	}
}

// rival records a command behind the back of an open ledger, as another writer of the same stream would.
func rival(t *testing.T, l *Ledger, c Command) {
	t.Helper()
	state := &domain.Ledger{}
	if err := l.Recorded(t.Context(), state.Apply); err != nil {
		t.Fatal(err)
	}
	_, last := l.log.Last()
	made, err := new(decider).decide(state, new(decoder).prepare(c, "rival"), domain.Stamp{Number: l.log.Next(), Time: last, Actor: "rival", Auth: authLogin}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.log.Append(t.Context(), made.entries); err != nil {
		t.Fatal(err)
	}
}

func TestAfterAnotherWriterGotInFirstTheCommandIsDecidedAgain(t *testing.T) {
	l, o := begun(t)
	submit(t, l, register(1))
	rival(t, l, register(2))
	receipts := submit(t, l, register(3), Encode("same-body", domain.RegisterBody{Body: "local:body-2", Kind: domain.KindCompany}, ""))
	if r := receipts[0]; r.Outcome != Recorded || r.First != 5 {
		t.Errorf("%+v", r)
	}
	if r := receipts[1]; r.Outcome != Unchanged {
		t.Errorf("what the other writer had recorded was not known when this was decided: %+v", r)
	}
	replayed, err := l.Replay(t.Context(), nil)
	if err != nil || !replayed.OK() || replayed.Events != 5 {
		t.Errorf("%+v, %v", replayed, err)
	}
	replayed, err = reopen(t, l, o).Replay(t.Context(), nil)
	if err != nil || !replayed.OK() || replayed.Events != 5 {
		t.Errorf("after a restart: %+v, %v", replayed, err)
	}
}

func TestACallerWhoGaveUpBeforeItsTurnLeavesNothingBehind(t *testing.T) {
	l, _ := begun(t)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if receipts, err := l.Submit(gone, register(1)); !errors.Is(err, context.Canceled) || len(receipts) > 0 {
		t.Errorf("%+v, %v", receipts, err)
	}
	if r := submit(t, l, register(1))[0]; r.Outcome != Recorded || r.First != 3 {
		t.Errorf("%+v", r)
	}
}

// A caller who gives up in the middle is told of each command that was recorded, and of no other.
func TestACallerWhoGivesUpIsToldTheTruth(t *testing.T) {
	l, o := begun(t)
	told := map[string]Receipt{}
	for round := range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		var commands []Command
		for n := range 200 {
			commands = append(commands, registerFor(fmt.Sprint("r", round), n))
		}
		go cancel()
		receipts, err := l.Submit(ctx, commands...)
		if err != nil && !errors.Is(err, context.Canceled) || err == nil && len(receipts) != len(commands) {
			t.Fatalf("%d receipts, %v", len(receipts), err)
		}
		for _, r := range receipts {
			told[r.Command] = r
		}
	}
	l = reopen(t, l, o)
	recorded := map[string]int64{}
	err := l.Events(t.Context(), 3, func(e eventstore.Event) error {
		recorded[e.CommandID] = e.Number
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(recorded) != len(told) {
		t.Errorf("%d commands are recorded, %d receipts were given", len(recorded), len(told))
	}
	for id, r := range told {
		if recorded[id] != r.First {
			t.Errorf("%s: the receipt says %d, the log %d", id, r.First, recorded[id])
		}
	}
}

func TestWhoWaitsTooLongBehindOthersIsToldToTryAgain(t *testing.T) {
	q := newQueue()
	for range mostWaiting {
		if err := q.put(&request{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := q.put(&request{}); !errors.Is(err, ErrBusy) {
		t.Errorf("error is %v", err)
	}
	q.turn()
	if err := q.put(&request{}); err != nil {
		t.Error(err)
	}
}

func TestAClosedLedgerTakesNoCommands(t *testing.T) {
	l, _ := begun(t)
	var group sync.WaitGroup
	for s := range 8 {
		group.Go(func() {
			for n := 0; ; n++ {
				receipts, err := l.Submit(t.Context(), registerFor(fmt.Sprint("s", s), n))
				if errors.Is(err, eventstore.ErrClosed) && len(receipts) == 0 {
					return
				}
				if err != nil || receipts[0].Outcome != Recorded {
					t.Errorf("%+v, %v", receipts, err)
					return
				}
			}
		})
	}
	for l.log.Next() < 50 {
		runtime.Gosched() // until there is something to interrupt
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	group.Wait()
}

func TestARefusalWaitsForWhatItWasDecidedUpon(t *testing.T) {
	l, _ := begun(t)
	var commands []Command
	for n := range 20 {
		commands = append(commands, register(n), Encode(fmt.Sprint("bad-", n), domain.AllocateFund{Fund: "NONE"}, ""))
	}
	receipts := submit(t, l, commands...)
	for i, r := range receipts {
		if want := map[bool]Outcome{true: Recorded, false: Refused}[i%2 == 0]; r.Outcome != want {
			t.Errorf("receipt %d: %+v", i, r)
		}
	}
}

func TestTheKeyIsChangedByAnEventThatBothKeysSign(t *testing.T) {
	l, o := begun(t)
	first, err := l.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	submit(t, l, register(1))
	receipt, second, err := l.RotateKey(t.Context(), KeyChange{})
	if err != nil || receipt.Outcome != Recorded || second == first {
		t.Fatalf("%+v, %s, %v", receipt, second, err)
	}
	submit(t, l, register(2))
	l = reopen(t, l, o)
	submit(t, l, register(3))
	if now, err := l.PublicKey(); now != second || err != nil {
		t.Errorf("after a restart the key is %s, %v", now, err)
	}
	verified, err := l.log.Verify(t.Context(), 1, nil)
	if err != nil || len(verified.Keys) != 2 || verified.Signatures != 6 || verified.SignedFrom != 1 {
		t.Errorf("%+v, %v", verified, err)
	}
}

func TestALostKeyNeedsAReasonAndIsNoted(t *testing.T) {
	l, _ := begun(t)
	receipt, _, err := l.RotateKey(t.Context(), KeyChange{Lost: true})
	if err != nil || receipt.Outcome != Refused || receipt.Refusal.Rule != domain.RuleTextMissing {
		t.Fatalf("%+v, %v", receipt, err)
	}
	receipt, key, err := l.RotateKey(t.Context(), KeyChange{Lost: true, Reason: "the disk with the key was destroyed"})
	if err != nil || receipt.Outcome != Recorded {
		t.Fatalf("%+v, %v", receipt, err)
	}
	submit(t, l, register(1))
	verified, err := l.log.Verify(t.Context(), 1, nil)
	if err != nil || len(verified.Keys) != 2 || !verified.Keys[1].Lost || verified.Keys[1].Key.String() != string(key) {
		t.Errorf("%+v, %v", verified, err)
	}
}

func TestOnlyTheProgrammeItselfChangesTheKey(t *testing.T) {
	l, _ := begun(t)
	got := submit(t, l, parsed(t, `{"id":"a","command":"RotateKey","data":{"key":"pcnledger/test+0a1b2c3d+AQID"}}`))[0]
	if got.Outcome != Refused || !strings.Contains(got.Refusal.Reason, "RotateKey") {
		t.Errorf("%+v", got)
	}
}
