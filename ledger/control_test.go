package ledger

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pcnledger/domain"
	"pcnledger/eventstore"
)

// The officers of the tests, by login: two administrators, two recorders up to £500 and an approver up to £5,000. Their ids
// are their logins, but for the first administrator's.
const (
	firstAdmin, secondAdmin = "ann", "bea"
	recorder, recorder2     = "rita", "rob"
	approver                = "amir"
)

// controlled is a demo ledger with officers: each command is given by one of them at a time of the story.
type controlled struct {
	*Ledger
	t    testing.TB
	o    Options
	at   time.Time
	sent int
}

func (c *controlled) as(login string, commands ...Command) []Receipt {
	c.t.Helper()
	receipts, err := c.SubmitScripted(c.t.Context(), Script{Actor: login, At: c.at}, commands...)
	if err != nil {
		c.t.Fatal(err)
	}
	return receipts
}

// does submits commands of the domain, one after another, under ids of their own, and returns the last receipt.
func (c *controlled) does(login string, commands ...domain.Command) (last Receipt) {
	c.t.Helper()
	for _, command := range commands {
		c.sent++
		last = c.as(login, Encode(fmt.Sprint("c-", c.sent), command, ""))[0]
	}
	return last
}

// holds is does for a command that must be held.
func (c *controlled) holds(login string, command domain.Command) Receipt {
	c.t.Helper()
	return c.must(Held, c.does(login, command))
}

func (c *controlled) must(outcome Outcome, r Receipt) Receipt {
	c.t.Helper()
	if r.Outcome != outcome {
		c.t.Fatalf("%s is %s, want %s: %+v", r.Command, r.Outcome, outcome, r.Refusal)
	}
	return r
}

// approves has a held command approved.
func (c *controlled) approves(login string, held Receipt) Receipt {
	c.t.Helper()
	return c.does(login, approvalOf(held))
}

func (c *controlled) refuses(rule domain.Rule, r Receipt) {
	c.t.Helper()
	if c.must(Refused, r).Refusal.Rule != rule {
		c.t.Fatalf("%s is refused by %s (%s), want %s", r.Command, r.Refusal.Rule, r.Refusal.Reason, rule)
	}
}

func (c *controlled) restart() {
	c.t.Helper()
	c.Ledger = reopen(c.t.(*testing.T), c.Ledger, c.o)
}

func approvalOf(held Receipt) domain.Approve {
	return domain.Approve{Request: held.First, Digest: held.Digest}
}

func appoint(officer string, role domain.Role, limit domain.Pence) domain.AppointOfficer {
	a := domain.Appointment{Officer: domain.OfficerID(officer), Identity: domain.Identity{Login: officer}, Role: role, Limit: limit,
		From: "2018-04-01", Source: domain.Source{Title: "minute 14"}}
	if limit > 0 {
		a.Grade = "senior manager band 8"
	}
	return domain.AppointOfficer{Appointment: a}
}

// withAdministrators creates a demo ledger with its administrators, of whom event 3 appoints the first and event 4 the second.
func withAdministrators(t *testing.T) *controlled {
	t.Helper()
	c := &controlled{t: t, o: Options{Dir: t.TempDir(), Name: "test", Logger: slog.New(slog.NewTextHandler(t.Output(), nil))}, at: time.Date(2018, 12, 10, 9, 0, 0, 0, time.UTC)}
	receipts, err := CreateGoverned(t.Context(), c.o, testLedger(domain.KindDemo), &Script{"finance", c.at}, Administrator{FirstAdministrator, firstAdmin})
	if err != nil || len(receipts) != 2 || receipts[1].Outcome != Recorded || receipts[1].First != 3 {
		t.Fatalf("create: %+v, %v", receipts, err)
	}
	c.Ledger = opened(t, c.o)
	c.must(Recorded, c.does(firstAdmin, appoint(secondAdmin, domain.RoleAdministrator, 0)))
	return c
}

// withOfficers appoints recorders and an approver too, and opens the fund NR with £2,000.
func withOfficers(t *testing.T) *controlled {
	t.Helper()
	c := withAdministrators(t)
	for _, a := range []domain.AppointOfficer{
		appoint(recorder, domain.RoleRecorder, 500_00), appoint(recorder2, domain.RoleRecorder, 500_00), appoint(approver, domain.RoleApprover, 5_000_00),
	} {
		c.must(Recorded, c.approves(secondAdmin, c.holds(firstAdmin, a)))
	}
	source := domain.Source{Title: "letter"}
	c.must(Recorded, c.does(recorder,
		domain.RegisterBody{Body: "local:NORTH", Kind: domain.KindNetwork}, domain.RegisterBody{Body: "local:FED", Kind: domain.KindFederation},
		domain.OpenFund{Terms: domain.Terms{Fund: "NR", Title: "Development", Year: "2018-19", Cover: domain.CoverHard, Basis: domain.BasisAdvance,
			Categories: []domain.Category{"leadership"}, Source: source}}))
	c.must(Recorded, c.approves(approver, c.holds(recorder, domain.ConfirmFunding{Fund: "NR", Pence: 2_000_00, Title: "all", Source: source})))
	return c
}

func allocate(pence domain.Pence) domain.AllocateFund {
	return domain.AllocateFund{Fund: "NR", Decision: domain.Decision{Body: "Committee", Date: "2018-12-03", Paper: "18/62"}, Lines: []domain.Line{
		{Bucket: domain.Bucket{Payee: "local:FED", Beneficiary: "local:NORTH", Category: "leadership"}, Pence: pence}}}
}

// checkReplay requires that state and views are those of a fresh fold, and that every command's events are numbered
// <id>/1, <id>/2 … in one commit.
func (c *controlled) checkReplay() {
	c.t.Helper()
	replayed, err := c.Replay(c.t.Context(), nil)
	if err != nil || !replayed.OK() {
		c.t.Fatalf("%+v, %v", replayed, err)
	}
	commits, n := map[string]int64{}, map[string]int{}
	err = c.Events(c.t.Context(), 1, func(e eventstore.Event) error {
		n[e.CommandID]++
		if commit, met := commits[e.CommandID]; met && commit != e.Commit {
			c.t.Errorf("%s is in commits %d and %d", e.CommandID, commit, e.Commit)
		}
		commits[e.CommandID] = e.Commit
		if want := fmt.Sprintf("%s/%d", e.CommandID, n[e.CommandID]); e.ID != want {
			c.t.Errorf("event %d has the id %s, want %s", e.Number, e.ID, want)
		}
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

// The whole of two people's work, from the first administrator to an approved allocation.
func TestAnAllocationIsHeldUntilAnotherOfficerApprovesIt(t *testing.T) {
	c := withOfficers(t)
	held := c.holds(recorder, allocate(400_00))
	if held.First != held.Last || len(held.Digest) != 64 || held.Why != "AllocateFund needs two people" || held.Expires != "2019-01-07" {
		t.Errorf("the receipt is %+v", held)
	}
	c.refuses(domain.RuleRole, c.approves(recorder, held))
	c.refuses(domain.RuleRequestChanged, c.does(approver, domain.Approve{Request: held.First, Digest: strings.Repeat("0", 64)}))
	approved := c.must(Recorded, c.approves(approver, held))
	if approved.First != held.First+1 || approved.Last != approved.First+1 {
		t.Errorf("approving caused events %d to %d", approved.First, approved.Last)
	}
	c.refuses(domain.RuleRequestEnded, c.does(approver, approvalOf(held)))
	c.restart()
	var types, hands []string
	err := c.Events(t.Context(), held.First, func(e eventstore.Event) error {
		types = append(types, e.Type)
		hands = append(hands, strings.Join([]string{e.RaisedBy, e.ApprovedBy, e.Request}, "|"))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"RequestHeld", "RequestApproved", "FundAllocated"}, types); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"rita||", "amir||", fmt.Sprintf("rita|amir|%d", held.First)}, hands); diff != "" {
		t.Error(diff)
	}
	c.checkReplay()
}

func TestARepeatedCommandOfSeveralEventsHasItsFirstReceiptAgain(t *testing.T) {
	c := withOfficers(t)
	raise := Encode("raise", allocate(400_00), "")
	held := c.must(Held, c.as(recorder, raise)[0])
	approve := Encode("approve", approvalOf(held), "")
	approved := c.must(Recorded, c.as(approver, approve)[0])
	for range 2 {
		for _, again := range []struct {
			by      string
			command Command
			first   Receipt
		}{{recorder, raise, held}, {approver, approve, approved}} {
			want := again.first
			want.Outcome = Repeated
			if diff := cmp.Diff(want, c.as(again.by, again.command)[0]); diff != "" {
				t.Errorf("the receipt differs (-first +again):\n%s", diff)
			}
		}
		c.restart()
	}
	c.checkReplay()
}

func TestACommandOfSeveralEventsIsRecordedOnceThoughManySendItAtOnce(t *testing.T) {
	c := withOfficers(t)
	approve := Encode("approve", approvalOf(c.holds(recorder, allocate(400_00))), "")
	receipts := make(chan Receipt, 20)
	var group sync.WaitGroup
	for range cap(receipts) {
		group.Go(func() { receipts <- c.as(approver, approve)[0] })
	}
	group.Wait()
	close(receipts)
	seen, numbers := map[Outcome]int{}, map[[2]int64]bool{}
	for r := range receipts {
		seen[r.Outcome]++
		numbers[[2]int64{r.First, r.Last}] = true
	}
	if diff := cmp.Diff(map[Outcome]int{Recorded: 1, Repeated: cap(receipts) - 1}, seen); diff != "" || len(numbers) != 1 {
		t.Errorf("%s\n%v", diff, numbers)
	}
	c.checkReplay()
}

// Requests are raised and approved by turns, so that commands of one and of several events share commits and meet their ends.
func TestCommandsOfOneAndOfSeveralEventsShareCommits(t *testing.T) {
	c := withOfficers(t)
	const requests = 120
	var raise, approve []Command
	for n := range requests {
		raise = append(raise, Encode(fmt.Sprint("raise-", n), allocate(1_00), ""))
	}
	for n, held := range c.as(recorder, raise...) {
		approve = append(approve, Encode(fmt.Sprint("approve-", n), approvalOf(c.must(Held, held)), ""))
	}
	var group sync.WaitGroup
	group.Go(func() {
		for n, r := range c.as(approver, approve...) {
			if r.Outcome != Recorded || r.Last != r.First+1 {
				t.Errorf("approval %d: %+v", n, r)
			}
		}
	})
	group.Go(func() {
		var others []Command
		for n := range 2 * mostBatch {
			others = append(others, registerFor("other", n))
		}
		for n, r := range c.as(recorder2, others...) {
			if r.Outcome != Recorded || r.Last != r.First {
				t.Errorf("registration %d: %+v", n, r)
			}
		}
	})
	group.Wait()
	c.checkReplay()
	c.restart()
	c.checkReplay()
}

func TestAfterAnotherWriterGotInFirstACommandOfSeveralEventsIsDecidedAgain(t *testing.T) {
	c := withOfficers(t)
	first, second := c.holds(recorder, allocate(400_00)), c.holds(recorder2, allocate(300_00))
	c.rival(approver, Encode("rival", approvalOf(first), ""))
	next := c.log.Next()
	receipts := c.as(approver, Encode("same", approvalOf(first), ""), Encode("ours", approvalOf(second), ""))
	c.refuses(domain.RuleRequestEnded, receipts[0])
	if r := c.must(Recorded, receipts[1]); r.First != next || r.Last != next+1 {
		t.Errorf("%+v; the next number was %d", r, next)
	}
	c.checkReplay()
	c.restart()
	c.checkReplay()
}

// rival records a command of an officer behind the back of the open ledger.
func (c *controlled) rival(login string, command Command) {
	c.t.Helper()
	state := &domain.Ledger{}
	if err := c.Recorded(c.t.Context(), state.Apply); err != nil {
		c.t.Fatal(err)
	}
	_, last := c.log.Last()
	made, err := new(decider).decide(state, new(decoder).prepare(command, login), domain.Stamp{Number: c.log.Next(), Time: last, Actor: login, Auth: authDemo}, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.log.Append(c.t.Context(), made.entries); err != nil {
		c.t.Fatal(err)
	}
}

func TestACommandWhoseEventsNoCommitHoldsTogetherRecordsNothing(t *testing.T) {
	c := withOfficers(t)
	inLines := func(lines int) domain.AllocateFund {
		a := allocate(1)
		for len(a.Lines) < lines {
			a.Lines = append(a.Lines, a.Lines[0])
		}
		return a
	}
	before := c.log.Next()
	c.refuses(RuleCommandLarge, c.does(recorder, inLines(12_000)))
	if c.log.Next() != before {
		t.Error("something of it was recorded")
	}
	held := c.holds(recorder, inLines(10_000)) // the lines of the event are longer than those of the command
	refused := c.approves(approver, held)
	c.refuses(RuleCommandLarge, refused)
	if refused.First != 0 || c.log.Next() != held.Last+1 || !strings.Contains(refused.Refusal.Remedy, "Withdraw") {
		t.Errorf("%+v", refused.Refusal)
	}
	c.must(Recorded, c.does(recorder, domain.Withdraw{Request: held.First, Reason: "too large"}))
	c.checkReplay()
}

func TestEventsThatAreTooLargeTogetherAreRefusedTogether(t *testing.T) {
	d := &decider{}
	r := domain.Recorded{Fact: domain.Fact{Event: domain.FundClosed{Reason: strings.Repeat("x", mostEventBytes/2)}}}
	entry, err := d.entryOf(r)
	if err != nil {
		t.Fatal(err)
	}
	if one := (decided{entries: []eventstore.Entry{entry}}); one.bytes() > mostEventBytes {
		t.Fatal("one alone is too large")
	}
	if two := (decided{entries: []eventstore.Entry{entry, entry}}); two.bytes() <= mostEventBytes {
		t.Errorf("two take %d bytes", two.bytes())
	}
	if refusal := tooLarge(domain.Approve{}, mostEventBytes+1, 2); !strings.Contains(refusal.Reason, "2 events together") {
		t.Error(refusal.Reason)
	}
	if refusal := tooLarge(domain.RunEntitlement{}, 3*mostEventBytes, 1); !strings.Contains(refusal.Remedy, "(networks): 4 commands") {
		t.Error(refusal.Remedy)
	}
}

// The longest event that can stand beside its data and subject must be counted at its full length.
func TestTheSizeOfAnEventIsNeverUnderestimated(t *testing.T) {
	long := strings.Repeat("x", 40)
	e := eventstore.Entry{
		Type: "BalancesOpened", Version: 1, Subject: strings.Repeat(`"`, 300), Time: time.Now(), CommandID: strings.Repeat("c", 64), CommandHash: strings.Repeat("0a", 32),
		Actor: strings.Repeat("a", 64), Auth: authLogin, Request: "9223372036854775807", RaisedBy: long + " for " + long, ApprovedBy: long + " for " + long,
		EffectiveDate: "2019-01-15", Period: "2018-19/M10", Data: []byte(`{}`),
	}
	c := withAdministrators(t)
	_, e.Time = c.log.Last()
	commit, err := c.log.Append(t.Context(), []eventstore.Entry{e})
	if err != nil {
		t.Fatal(err)
	}
	if size := len(commit.Body); size > sizeOf(e) {
		t.Errorf("the event takes %d bytes, and was counted as %d", size, sizeOf(e))
	}
}

// A decision may ask for an entry that is recorded, on its way, or decided just before: it must be given that entry.
func TestWhatADecisionLooksUpIsFoundWhereverItIs(t *testing.T) {
	c := withOfficers(t)
	w := c.writer
	if err := w.whileIdle(func() {
		next := w.next
		fact := func(n int64) domain.Recorded { return domain.Recorded{Stamp: domain.Stamp{Number: n, Actor: "it"}} }
		w.flying = &batch{facts: []domain.Recorded{fact(next), fact(next + 1)}}
		w.open.facts = []domain.Recorded{fact(next + 2), fact(next + 3), fact(next + 4)}
		defer func() { w.flying, w.open = nil, newBatch() }()
		for n := next; n < next+5; n++ {
			if r, found := w.look(n); !found || r.Number != n || r.Actor != "it" {
				t.Errorf("event %d: %+v, %t", n, r, found)
			}
		}
		if r, found := w.look(3); !found || r.Number != 3 || domain.EventKindOf(r.Event).Name != "OfficerAppointed" {
			t.Errorf("event 3: %+v, %t", r, found)
		}
		for _, n := range []int64{-1, 0, next + 5} {
			if r, found := w.look(n); found {
				t.Errorf("event %d: %+v", n, r)
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
}

func TestTheFactsOfABatchAreInTheOrderOfTheirNumbers(t *testing.T) {
	c := withOfficers(t)
	held := c.holds(recorder, allocate(400_00))
	w := c.writer
	if err := w.whileIdle(func() {
		defer func() { w.open, w.stale = newBatch(), true }()
		d := new(decoder)
		next := w.next
		for n, command := range []Command{registerFor("a", 1), Encode("approve", approvalOf(held), ""), registerFor("a", 2)} {
			login := []string{recorder, approver, recorder}[n]
			r := &request{commands: []prepared{d.prepare(command, login)}, stamp: stamper{login, authDemo, c.at}, ctx: context.Background(), done: make(chan struct{})}
			if err := w.one(r, r.commands[0]); err != nil {
				t.Error(err)
			}
		}
		if len(w.open.facts) != 4 {
			t.Errorf("there are %d facts", len(w.open.facts))
		}
		for i, fact := range w.open.facts {
			if fact.Number != next+int64(i) {
				t.Errorf("fact %d has the number %d", i, fact.Number)
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	c.checkReplay() // of a state that ran ahead and is folded again
}

// A state that ran ahead of what was recorded is neither compared nor saved.
func TestAStateThatRanAheadIsNotKept(t *testing.T) {
	c := withOfficers(t)
	if err := c.writer.whileIdle(func() {
		c.writer.state.Apply(domain.Recorded{Stamp: domain.Stamp{Number: c.writer.next}, Fact: domain.Fact{Event: domain.BodyRegistered{Body: "local:GHOST", Kind: domain.KindCompany}}})
		c.writer.stale = true
		c.keeper.busy = true
		c.keeper.save()
	}); err != nil {
		t.Fatal(err)
	}
	if files, _ := filepath.Glob(filepath.Join(c.o.Dir, "snapshots", "*")); len(files) > 0 || c.keeper.busy {
		t.Errorf("saved %v, busy %t", files, c.keeper.busy)
	}
	c.checkReplay()
	c.must(Recorded, c.does(recorder, domain.RegisterBody{Body: "local:GHOST", Kind: domain.KindCompany}))
}

func (c *controlled) digestOf(number int64) (digest string) {
	c.t.Helper()
	r, found, err := c.recordedAt(number)
	if err != nil || !found {
		c.t.Fatalf("event %d: %t, %v", number, found, err)
	}
	return r.Event.(domain.RequestHeld).Digest
}
