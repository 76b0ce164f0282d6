package eventstore

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// exampleCommit is two commands in one commit, with every optional member somewhere.
func exampleCommit(t testing.TB) []byte {
	release, held := entry("0b9d6f0e-release"), entry("0b9d6f0e-held")
	held.Request, held.RaisedBy, held.ApprovedBy = "0b9d6f0e-raise", "os:bob", "os:ann"
	held.Subject = "fund/naïve \"quoted\" <&> \u2028 line"
	held.Time = testTime.Add(1500*time.Microsecond + 7)
	held.EffectiveDate, held.Period = "", ""
	release.Data = jsontext.Value(` { "pence" : 20000000, "note":"tab\tand \u00e9" } `)
	body, err := encodeCommit([]Event{
		release.event(testLedger, 12, 12, 3, 1),
		release.event(testLedger, 13, 12, 3, 2),
		held.event(testLedger, 14, 12, 3, 1),
	})
	check(t, err)
	return body
}

func TestACommitIsStoredInThisForm(t *testing.T) {
	body := exampleCommit(t)
	const golden = "testdata/commit.golden"
	if *update {
		writeFile(t, golden, body)
	}
	if diff := cmp.Diff(string(readFile(t, golden)), string(body)); diff != "" {
		t.Error(diff)
	}
	events, err := parseCommit(testLedger, body)
	check(t, err)
	again, err := encodeCommit(events)
	check(t, err)
	if !bytes.Equal(again, body) {
		t.Errorf("read and written again it is\n%s", again)
	}
	if got := events[2].Time.Format(timeLayout); got != "2019-01-15T10:00:00.001Z" {
		t.Errorf("time is %s", got)
	}
}

func TestAnotherFormIsRejected(t *testing.T) {
	replace := func(old, new string) func(string) string {
		return func(s string) string {
			if !strings.Contains(s, old) {
				panic("the example has no " + old)
			}
			return strings.Replace(s, old, new, 1)
		}
	}
	lines := func(f func(l []string) []string) func(string) string {
		return func(s string) string {
			return "[\n" + strings.Join(f(strings.Split(strings.TrimSuffix(strings.TrimPrefix(s, "[\n"), "\n]"), ",\n")), ",\n") + "\n]"
		}
	}
	for name, change := range map[string]func(string) string{
		"nothing":                        func(string) string { return "" },
		"an empty array":                 func(string) string { return "[]" },
		"a frame without events":         func(string) string { return "[\n]" },
		"a frame with an empty line":     func(string) string { return "[\n\n]" },
		"no frame":                       func(s string) string { return strings.Trim(s, "[]\n") },
		"no line feed after the bracket": replace("[\n{", "[{"),
		"a line feed at the end":         func(s string) string { return s + "\n" },
		"carriage returns":               func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"a comma on the next line":       replace(",\n", "\n,"),
		"no comma":                       replace(",\n", "\n"),
		"two events on one line":         replace(",\n", ","),
		"an event on two lines":          replace(`,"data"`, ",\n\"data\""),
		"a comma after the last event":   func(s string) string { return strings.TrimSuffix(s, "\n]") + ",\n]" },
		"something other than an event":  lines(func(l []string) []string { l[0] = "null"; return l }),
		"an event and more":              lines(func(l []string) []string { l[0] += "{}"; return l }),
		"a space":                        replace(`"number":`, `"number": `),
		"a space in the data":            replace(`"pence":`, `"pence": `),
		"an escape that is not needed":   replace(`release`, `r\u0065lease`),
		"an escape in the data":          replace(`tab\t`, `tab\u0009`),
		"a moved member":                 replace(`"number":12,"commit":12`, `"commit":12,"number":12`),
		"a missing member":               replace(`"auth":"os-login",`, ``),
		"an empty optional member":       replace(`"actor":`, `"request":"","actor":`),
		"an unknown member":              replace(`"data":`, `"more":1,"data":`),
		"a member in capitals":           replace(`"actor"`, `"Actor"`),
		"a member twice":                 replace(`"of":3`, `"of":3,"of":3`),
		"a member of the data twice":     replace(`{"pence":`, `{"pence":1,"pence":`),
		"invalid UTF-8":                  replace(`os:ann`, "os:\xff"),
		"a time without milliseconds":    replace(`10:00:00.000Z`, `10:00:00Z`),
		"a time with microseconds":       replace(`10:00:00.000Z`, `10:00:00.000000Z`),
		"a time in another zone":         replace(`10:00:00.000Z`, `11:00:00.000+01:00`),
		"a time that is a number":        replace(`"2019-01-15T10:00:00.000Z"`, `1547546400`),
		"a number with a fraction":       replace(`"number":12`, `"number":12.0`),
		"a number in quotes":             replace(`"number":12`, `"number":"12"`),
		"a gap in the numbers":           replace(`"number":13`, `"number":15`),
		"numbers from zero": func(s string) string {
			return strings.NewReplacer(":12,", ":0,", ":13,", ":1,", ":14,", ":2,").Replace(s)
		},
		"another commit's number":             replace(`"commit":12`, `"commit":11`),
		"fewer events than it says":           lines(func(l []string) []string { return l[:2] }),
		"more events than it says":            lines(func(l []string) []string { return append(l, strings.Replace(l[2], `"number":14`, `"number":15`, 1)) }),
		"events in another order":             lines(func(l []string) []string { l[0], l[1] = l[1], l[0]; return l }),
		"an id of another command":            replace(`release/1`, `other/1`),
		"an id that counts from zero":         replace(`release/1`, `release/0`),
		"an id that does not count on":        replace(`release/2`, `release/1`),
		"a command with two hashes":           replace(strings.Repeat("0a", 32), strings.Repeat("0b", 32)),
		"a hash in capitals":                  func(s string) string { return strings.ReplaceAll(s, "0a0a", "0A0A") },
		"a command id with a space":           func(s string) string { return strings.ReplaceAll(s, "0b9d6f0e-release", "0b9d6f0e release") },
		"a time that goes back":               replace(`10:00:00.001Z`, `09:00:00.000Z`),
		"another ledger's source":             replace(`urn:pcnledger:oxfordshire`, `urn:pcnledger:berkshire`),
		"another version of CloudEvents":      replace(`"specversion":"1.0"`, `"specversion":"1.1"`),
		"another content type":                replace(`application/json`, `text/plain`),
		"the schema of another type":          replace(`urn:pcnledger:FundAllocated:1`, `urn:pcnledger:FundOpened:1`),
		"a schema without a version":          replace(`urn:pcnledger:FundAllocated:1`, `urn:pcnledger:FundAllocated`),
		"a schema version of nought":          replace(`urn:pcnledger:FundAllocated:1`, `urn:pcnledger:FundAllocated:0`),
		"a schema version with leading zeros": replace(`urn:pcnledger:FundAllocated:1`, `urn:pcnledger:FundAllocated:01`),
		"an event without a subject":          replace(`"fund/NR-PCN-2018"`, `""`),
		"an event without an actor":           replace(`"os:ann"`, `""`),
	} {
		t.Run(name, func(t *testing.T) {
			body := change(string(exampleCommit(t)))
			if events, err := parseCommit(testLedger, []byte(body)); err == nil {
				t.Errorf("it is accepted, as %d events:\n%s", len(events), body)
			}
		})
	}
}

func TestACommandStandsInOnePlaceOfACommit(t *testing.T) {
	a, b := entry("a"), entry("b")
	body, err := encodeCommit([]Event{a.event(testLedger, 1, 1, 3, 1), b.event(testLedger, 2, 1, 3, 1), a.event(testLedger, 3, 1, 3, 1)})
	check(t, err)
	if _, err := parseCommit(testLedger, body); err == nil {
		t.Error("it is accepted in two")
	}
}

func TestWhateverIsWrittenIsReadTheSame(t *testing.T) {
	text := rapid.StringMatching(`[\PC\n\t"\\<>&]{1,20}`)
	rapid.Check(t, func(t *rapid.T) {
		first, of := rapid.Int64Range(1, 1<<53).Draw(t, "first"), rapid.IntRange(1, 5).Draw(t, "of")
		events := make([]Event, of)
		for i := range events {
			x := entry("c")
			x.Version = rapid.IntRange(1, 99).Draw(t, "version")
			x.Subject, x.Actor, x.Request = text.Draw(t, "subject"), text.Draw(t, "actor"), text.Draw(t, "request")
			x.Time = time.UnixMilli(int64(i) + rapid.Int64Range(0, 1).Draw(t, "millisecond"))
			data, _ := jsontext.AppendQuote(nil, text.Draw(t, "data"))
			x.Data = data
			events[i] = x.event(testLedger, first+int64(i), first, of, i+1)
		}
		body, err := encodeCommit(events)
		if err != nil {
			t.Fatal(err)
		}
		got, err := parseCommit(testLedger, body)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(events, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// The server that is linked in is never quite still, which misleads the search for shorter inputs: run it with
// -fuzzminimizetime 10x.
func FuzzParseCommit(f *testing.F) {
	example := exampleCommit(f)
	f.Add(example)
	f.Add(bytes.ReplaceAll(example, []byte("\n"), nil))
	f.Add([]byte("[\n{}\n]"))
	f.Fuzz(func(t *testing.T, body []byte) {
		events, err := parseCommit(testLedger, body)
		if err != nil {
			return
		}
		again, err := encodeCommit(events)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(again, body) {
			t.Errorf("accepted:\n%q\nwritten again:\n%q", body, again)
		}
	})
}
