package ledger

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pcnledger/domain"
)

func attemptsOf(t testing.TB, l *Ledger) []string {
	t.Helper()
	attempts, err := l.Attempts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, a := range attempts {
		lines = append(lines, fmt.Sprintf("%s %s %s [%s] %s %s %s", a.Time.Format("15:04"), a.Actor, a.Auth, a.Officer, a.Command, a.ID, a.Rule))
	}
	return lines
}

func TestAttemptsAtWhatIsForbiddenAreNotedOncePerActorRuleAndHour(t *testing.T) {
	c := withOfficers(t)
	if got := attemptsOf(t, c.Ledger); got != nil {
		t.Fatalf("before any attempt there are %q", got)
	}
	number := c.log.Next()
	body := func(n int) domain.RegisterBody {
		return domain.RegisterBody{Body: domain.Body(fmt.Sprint("local:B", n)), Kind: domain.KindCompany}
	}
	c.sent = 100
	c.refuses(domain.RuleRole, c.does(approver, body(1)))             // c-101, 9:00
	c.refuses(domain.RuleRole, c.does(approver, body(2)))             // within the hour
	c.refuses(domain.RuleOfficerUnknown, c.does("mallory", body(3)))  // c-103: another actor
	c.refuses(domain.RuleFundUnknown, c.does(recorder, allocateNone)) // a mistake, and no attempt
	c.at = c.at.Add(59 * time.Minute)
	c.restart()
	c.refuses(domain.RuleRole, c.does(approver, body(4))) // a restart forgets nothing
	held := c.holds(firstAdmin, appoint("zoe", domain.RoleAuditor, 0))
	c.refuses(domain.RuleSelfApproval, c.does(firstAdmin, approvalOf(held)))
	c.refuses(domain.RuleRequestOther, c.does(approver, domain.Withdraw{Request: held.First, Reason: "not mine"})) // another rule
	c.at = c.at.Add(time.Minute)
	c.refuses(domain.RuleRole, c.does(approver, body(5), body(6))) // c-109: an hour later
	want := []string{
		"09:00 amir demo [amir] RegisterBody c-101 role-lacking",
		"09:00 mallory demo [] RegisterBody c-103 officer-unknown",
		"09:59 ann demo [administrator-1] Approve c-107 self-approval",
		"09:59 amir demo [amir] Withdraw c-108 request-of-another",
		"10:00 amir demo [amir] RegisterBody c-109 role-lacking",
	}
	if diff := cmp.Diff(want, attemptsOf(t, c.Ledger)); diff != "" {
		t.Errorf("the notes differ (-want +got):\n%s", diff)
	}
	if now := c.log.Next(); now != number+1 {
		t.Errorf("%d events were recorded, want the held request alone", now-number)
	}
	attempts, _ := c.Attempts(t.Context())
	if reason := attempts[0].Reason; !strings.Contains(reason, "amir is not appointed as recorder") {
		t.Errorf("the reason is %q", reason)
	}
}

var allocateNone = func() domain.AllocateFund { a := allocate(1); a.Fund = "NONE"; return a }()

func TestManyAttemptsInOneSubmissionAreNotedOnce(t *testing.T) {
	c := withOfficers(t)
	var commands []Command
	for n := range 3 * mostTurn {
		commands = append(commands, registerFor("import", n))
	}
	for _, r := range c.as(approver, commands...) {
		c.refuses(domain.RuleRole, r)
	}
	if got := attemptsOf(t, c.Ledger); len(got) != 1 || !strings.Contains(got[0], "import-0 role-lacking") {
		t.Errorf("noted: %q", got)
	}
}

// What was refused when it was decided first, and recorded when it was decided again, was no attempt.
func TestAnAttemptIsNotedOnlyOnceItIsAnswered(t *testing.T) {
	c := withOfficers(t)
	next := c.log.Next()
	c.rival(firstAdmin, Encode("rival", appoint("carl", domain.RoleRecorder, 0), ""))
	c.rival(secondAdmin, Encode("rival-2", domain.Approve{Request: next, Digest: c.digestOf(next)}, ""))
	// The ledger does not know of carl before the commit that it decides with his command fails.
	var requests []*request
	if err := c.writer.whileIdle(func() {
		for n, login := range []string{recorder, "carl"} {
			r := &request{commands: []prepared{new(decoder).prepare(registerFor(login, n), login)}, stamp: stamper{login, authDemo, c.at}, ctx: context.Background(), done: make(chan struct{})}
			requests = append(requests, r)
			if err := c.writer.queue.put(r); err != nil {
				t.Error(err)
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	for _, r := range requests {
		<-r.done
		c.noteAttempts(r)
		c.must(Recorded, r.receipts[0])
	}
	if requests[1].attempts[0].Rule != domain.RuleOfficerUnknown {
		t.Error("it was not refused at first: the test tests nothing")
	}
	if got := attemptsOf(t, c.Ledger); got != nil {
		t.Errorf("noted: %q", got)
	}
	c.checkReplay()
}

func TestANoteThatCannotBeWrittenChangesNoAnswer(t *testing.T) {
	c := withOfficers(t)
	var told bytes.Buffer
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	streams, err := filepath.Glob(filepath.Join(c.o.Dir, "jetstream", "*", "streams"))
	if err != nil || len(streams) != 1 {
		t.Fatal(streams, err)
	}
	c.o.Logger = slog.New(slog.NewTextHandler(&told, nil))
	c.Ledger = opened(t, c.o)
	if err := os.WriteFile(filepath.Join(streams[0], "SECURITY_test"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c.refuses(domain.RuleRole, c.does(approver, domain.RegisterBody{Body: "local:X", Kind: domain.KindCompany}))
	if !strings.Contains(told.String(), "could not be noted") {
		t.Errorf("the log says %s", told.String())
	}
	c.must(Recorded, c.does(recorder, domain.RegisterBody{Body: "local:X", Kind: domain.KindCompany}))
}

func TestALoginMayBeCalledAnything(t *testing.T) {
	c := withOfficers(t)
	for _, login := range []string{"*", ">", "DOMAIN\\Ann Other", "a.b.c", "名前", "x y\tz"} {
		c.refuses(domain.RuleOfficerUnknown, c.does(login, domain.RegisterBody{Body: "local:X", Kind: domain.KindCompany}))
	}
	if got := attemptsOf(t, c.Ledger); len(got) != 6 {
		t.Errorf("noted: %q", got)
	}
}
