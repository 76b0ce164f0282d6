package ledger

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"pcnledger/domain"
	"pcnledger/eventstore"
)

// begun creates a live ledger in a directory of its own and opens it.
func begun(t *testing.T) (*Ledger, Options) {
	t.Helper()
	o := Options{Dir: t.TempDir(), Name: "test", Actor: "finance"}
	receipt, err := Create(t.Context(), o, testLedger(domain.KindLive), nil)
	if err != nil || receipt.Outcome != Recorded {
		t.Fatalf("create: %+v, %v", receipt, err)
	}
	return opened(t, o), o
}

func testLedger(kind domain.LedgerKind) domain.CreateLedger {
	return domain.CreateLedger{Ledger: "test", Commissioner: "ods:10Q", Name: "NHS Oxfordshire CCG", Kind: kind}
}

func opened(t *testing.T, o Options) *Ledger {
	t.Helper()
	l, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// reopen closes a ledger and opens it again, as after a restart.
func reopen(t *testing.T, l *Ledger, o Options) *Ledger {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return opened(t, o)
}

func submit(t *testing.T, l *Ledger, commands ...Command) []Receipt {
	t.Helper()
	receipts, err := l.Submit(t.Context(), commands...)
	if err != nil {
		t.Fatal(err)
	}
	return receipts
}

func parsed(t *testing.T, line string) Command {
	t.Helper()
	c, err := ParseCommand([]byte(line))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func register(n int) Command {
	body := domain.Body(fmt.Sprintf("local:body-%d", n))
	return Encode(fmt.Sprintf("register-%d", n), domain.RegisterBody{Body: body, Kind: domain.KindCompany}, "")
}

func TestACommandSentAgainIsRecordedOnceAlsoAfterARestart(t *testing.T) {
	l, o := begun(t)
	first := submit(t, l, register(1))[0]
	again := submit(t, l, register(1))[0]
	l = reopen(t, l, o)
	afterRestart := submit(t, l, register(1))[0]

	want := first
	want.Outcome = Repeated
	for _, got := range []Receipt{again, afterRestart} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the receipt differs (-first +again):\n%s", diff)
		}
	}
	if n := l.Views().Ledger.Number; n != 3 {
		t.Errorf("the ledger has %d events, want 3", n)
	}
}

func TestAnIDSentAgainWithOtherWordsIsRefused(t *testing.T) {
	l, _ := begun(t)
	submit(t, l, register(1))
	other := register(2)
	other.ID = "register-1"
	got := submit(t, l, other)[0]
	if got.Outcome != Refused || got.Refusal.Rule != RuleCommandReused {
		t.Errorf("got %+v", got)
	}
}

func TestTheIDIsLookedUpBeforeAnyRule(t *testing.T) {
	l, _ := begun(t)
	c := parsed(t, `{"id":"a","command":"RegisterBody","data":{"body":"local:x","kind":"company","name":"X"}}`)
	first := submit(t, l, c)[0]
	submit(t, l, parsed(t, `{"id":"b","command":"RegisterBody","data":{"body":"local:x","kind":"company","name":"Y"}}`))
	if got := submit(t, l, c)[0]; got.Outcome != Repeated || got.First != first.First {
		t.Errorf("a command that today's facts would take otherwise: %+v", got)
	}
}

func TestARefusalDoesNotTouchItsNeighbours(t *testing.T) {
	l, o := begun(t)
	bad := Encode("bad", domain.AllocateFund{Fund: "NONE"}, "")
	receipts := submit(t, l, register(1), bad, register(2), register(1))
	var outcomes []Outcome
	for _, r := range receipts {
		outcomes = append(outcomes, r.Outcome)
	}
	if diff := cmp.Diff([]Outcome{Recorded, Refused, Recorded, Repeated}, outcomes); diff != "" {
		t.Error(diff)
	}
	l = reopen(t, l, o)
	if n := l.Views().Ledger.Number; n != 4 {
		t.Errorf("the ledger has %d events, want 4", n)
	}
}

func TestMoreCommandsThanOneCommitHoldsAreAllRecorded(t *testing.T) {
	l, o := begun(t)
	var commands []Command
	for n := range 2*mostBatch + 3 {
		commands = append(commands, register(n))
	}
	for i, r := range submit(t, l, commands...) {
		if r.Outcome != Recorded || r.First != int64(i)+3 {
			t.Fatalf("receipt %d: %+v", i, r)
		}
	}
	replayed, err := reopen(t, l, o).Replay(t.Context(), nil)
	if err != nil || !replayed.OK() || replayed.Events != int64(len(commands))+2 || replayed.Commits != 4 {
		t.Errorf("%+v, %v", replayed, err)
	}
}

func TestCommandsThatAreNoneAreRefused(t *testing.T) {
	l, _ := begun(t)
	for _, c := range []struct {
		name, line string
		rule       domain.Rule
		says       string
	}{
		{"a command without an id", `{"command":"RegisterBody","data":{}}`, RuleCommandID, "no id"},
		{"an id with a space", `{"id":"a b","command":"RegisterBody","data":{}}`, RuleCommandID, `"a b"`},
		{"an id that is the ledger's own", `{"id":"init","command":"RegisterBody","data":{}}`, RuleCommandReused, "event 1"},
		{"an unknown command", `{"id":"a","command":"StealFund","data":{}}`, RuleCommandUnknown, "StealFund"},
		{"a second creation", `{"id":"a","command":"CreateLedger","data":{}}`, RuleCommandUnknown, "CreateLedger"},
		{"no data", `{"id":"a","command":"OpenFund"}`, RuleCommandData, "no data"},
		{"a member that is none", `{"id":"a","command":"RegisterBody","data":{"boddy":"x"}}`, RuleCommandData, "boddy"},
		{"fractional pence", `{"id":"a","command":"ConfirmFunding","data":{"fund":"F","pence":12.5}}`, domain.RuleAmountWholePence, "data/pence: 12.5"},
		{"pence in words", `{"id":"a","command":"ConfirmFunding","data":{"fund":"F","pence":"12"}}`, domain.RuleAmountWholePence, `"12"`},
		{"an amount in a line", `{"id":"a","command":"AllocateFund","data":{"fund":"F","lines":[{"pence":1},{"pence":1e2}]}}`, domain.RuleAmountWholePence, "data/lines/1/pence"},
		{"U as a payee", `{"id":"a","command":"AllocateFund","data":{"fund":"F","lines":[{"payee":"U","pence":1}]}}`, domain.RuleBodyUnallocated, "data/lines/0/payee"},
		{"a day that is none", `{"id":"a","command":"ConfirmFunding","effective":"2019-02-30","data":{"fund":"F","pence":1}}`, RuleCommandData, "2019-02-30"},
		{"a text where a number is due", `{"id":"a","command":"RecordListSizes","data":{"lines":[{"patients":"many"}]}}`, RuleCommandData, "data/lines/0/patients"},
		{"an effective date on what moves no money", `{"id":"a","command":"RegisterBody","effective":"2019-01-01","data":{"body":"local:x","kind":"company"}}`, domain.RuleEffectiveNotTaken, "RegisterBody"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := submit(t, l, parsed(t, c.line))[0]
			if got.Outcome != Refused || got.Refusal.Rule != c.rule || !strings.Contains(got.Refusal.Reason, c.says) || got.Refusal.Remedy == "" {
				t.Errorf("got %+v %+v, want rule %s with %q", got, got.Refusal, c.rule, c.says)
			}
		})
	}
	if n := l.Views().Ledger.Number; n != 2 {
		t.Errorf("refused commands left %d events", n-2)
	}
}

func TestTextThatIsNoCommandIsMalformed(t *testing.T) {
	for name, line := range map[string]string{
		"broken JSON":                `{"id":"a",`,
		"a duplicate member":         `{"id":"a","id":"b","command":"OpenFund","data":{}}`,
		"a duplicate member of data": `{"id":"a","command":"OpenFund","data":{"fund":"A","fund":"B"}}`,
		"an unknown member":          `{"id":"a","command":"OpenFund","actor":"somebody","data":{}}`,
		"an actor of its own":        `{"id":"a","command":"OpenFund","data":{},"time":"2019-01-01"}`,
		"no object":                  `["OpenFund"]`,
		"two objects":                `{"id":"a"} {"id":"b"}`,
	} {
		if c, err := ParseCommand([]byte(line)); err == nil {
			t.Errorf("%s: parsed as %+v", name, c)
		} else if _, ok := err.(*MalformedError); !ok {
			t.Errorf("%s: %T is no MalformedError", name, err)
		}
	}
}

func TestOnlyADemoTakesActorsAndTimesFromAScript(t *testing.T) {
	l, _ := begun(t)
	if _, err := l.SubmitScripted(t.Context(), Script{Actor: "x", At: time.Unix(0, 0)}, register(1)); err == nil {
		t.Error("a live ledger took a script")
	}
	o := Options{Dir: t.TempDir(), Name: "test"}
	if _, err := Create(t.Context(), o, testLedger(domain.KindDemo), nil); err == nil {
		t.Error("a demo was created without a script")
	}
	script := Script{Actor: "scripted", At: time.Date(2019, 1, 15, 10, 0, 0, 0, time.UTC)}
	if _, err := Create(t.Context(), o, testLedger(domain.KindDemo), &script); err != nil {
		t.Fatal(err)
	}
	demo := opened(t, o)
	earlier := Script{Actor: "scripted", At: script.At.Add(-time.Hour)}
	receipts, err := demo.SubmitScripted(t.Context(), earlier, register(1))
	if err != nil || !receipts[0].Time.Equal(script.At) {
		t.Errorf("time ran back: %+v, %v", receipts, err)
	}
}

func TestInitAgainIsRepeatedAndAnotherInitIsRefused(t *testing.T) {
	l, o := begun(t)
	l.Close()
	same, err := Create(t.Context(), o, testLedger(domain.KindLive), nil)
	if err != nil || same.Outcome != Repeated || same.First != 1 {
		t.Errorf("the same: %+v, %v", same, err)
	}
	other := testLedger(domain.KindLive)
	other.Commissioner = "ods:99A"
	got, err := Create(t.Context(), o, other, nil)
	if err != nil || got.Outcome != Refused || got.Refusal.Rule != domain.RuleLedgerExists {
		t.Errorf("another: %+v, %v", got, err)
	}
}

func TestAClockThatRunsBehindStopsWriting(t *testing.T) {
	last := time.Date(2019, 1, 15, 10, 0, 0, 0, time.UTC)
	if at, err := clock(last.Add(-time.Minute), last); err != nil || !at.Equal(last) {
		t.Errorf("a minute behind: %s, %v", at, err)
	}
	if at, err := clock(last.Add(1234567*time.Nanosecond), last); err != nil || !at.Equal(last.Add(time.Millisecond)) {
		t.Errorf("whole milliseconds: %s, %v", at, err)
	}
	if _, err := clock(last.Add(-6*time.Minute), last); err == nil {
		t.Error("six minutes behind: accepted")
	}
}

func TestAnEventThatNobodyKnowsStopsTheReader(t *testing.T) {
	l, o := begun(t)
	_, err := l.log.Append(t.Context(), []eventstore.Entry{{Type: "FundStolen", Version: 1, Subject: "fund/X", Time: time.Now(),
		CommandID: "x", CommandHash: strings.Repeat("0", 64), Actor: "x", Auth: "os-login", Data: []byte(`{}`)}})
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if _, err := Open(t.Context(), o); err == nil || !strings.Contains(err.Error(), "FundStolen version 1 is not known") {
		t.Errorf("opened, or: %v", err)
	}
}

func TestAReceiptIsWrittenWithThreeDigitsOfMilliseconds(t *testing.T) {
	r := Receipt{Command: "a", Outcome: Recorded, First: 2, Last: 2, Time: time.Date(2019, 1, 15, 10, 0, 0, 0, time.UTC)}
	line, err := json.Marshal(r)
	if want := `"time":"2019-01-15T10:00:00.000Z"`; err != nil || !strings.Contains(string(line), want) {
		t.Errorf("%s, %v", line, err)
	}
	var back Receipt
	if err := json.Unmarshal(line, &back); err != nil || !cmp.Equal(r, back) {
		t.Errorf("%+v, %v", back, err)
	}
	if line, err := json.Marshal(Receipt{Command: "a", Outcome: Unchanged}); err != nil || string(line) != `{"command":"a","outcome":"unchanged"}` {
		t.Errorf("%s, %v", line, err)
	}
}

func TestCommandsThatFitNoCommitTogetherAreRecordedInTwo(t *testing.T) {
	l, _ := begun(t)
	named := func(id string, length int) Command {
		return Encode(id, domain.RegisterBody{Body: domain.Body("local:" + id), Kind: domain.KindCompany, Name: strings.Repeat("x", length)}, "")
	}
	receipts := submit(t, l, named("half", 250<<10), named("nearly-whole", 800<<10), named("too-much", 891<<10), named("small", 1))
	var outcomes []Outcome
	for _, r := range receipts {
		outcomes = append(outcomes, r.Outcome)
	}
	if diff := cmp.Diff([]Outcome{Recorded, Recorded, Refused, Recorded}, outcomes); diff != "" {
		t.Error(diff)
	}
	if r := receipts[2].Refusal; r == nil || r.Rule != RuleCommandLarge {
		t.Errorf("too much for any commit: %+v", r)
	}
	replayed, err := l.Replay(t.Context(), nil)
	if err != nil || !replayed.OK() || replayed.Events != 5 {
		t.Errorf("%+v, %v", replayed, err)
	}
}
