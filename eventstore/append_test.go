package eventstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/nats-io/nats.go/jetstream"
)

func TestAnAppendThatCannotBeRecorded(t *testing.T) {
	l := create(t)
	appendOne(t, l, "before", 1)
	with := func(change func(*Entry)) []Entry {
		x := entry("new")
		change(&x)
		return []Entry{entry("other"), x}
	}
	for name, c := range map[string]struct {
		entries []Entry
		want    error
	}{
		"because there is nothing in it":                 {nil, nil},
		"because its command was recorded before":        {with(func(x *Entry) { x.CommandID = "before" }), ErrRecorded},
		"because its command created the ledger":         {with(func(x *Entry) { x.CommandID = "init" }), ErrRecorded},
		"because it is larger than a commit may be":      {with(func(x *Entry) { x.Data = quoted(strings.Repeat("x", MaxCommit)) }), ErrTooLarge},
		"because its command is in two places":           {[]Entry{entry("a"), entry("b"), entry("a")}, nil},
		"because its command id has a slash":             {with(func(x *Entry) { x.CommandID = "a/1" }), nil},
		"because it has no command id":                   {with(func(x *Entry) { x.CommandID = "" }), nil},
		"because it has no hash":                         {with(func(x *Entry) { x.CommandHash = "" }), nil},
		"because it has no type":                         {with(func(x *Entry) { x.Type = "" }), nil},
		"because it has no version":                      {with(func(x *Entry) { x.Version = 0 }), nil},
		"because it has no subject":                      {with(func(x *Entry) { x.Subject = "" }), nil},
		"because it has no actor":                        {with(func(x *Entry) { x.Actor = "" }), nil},
		"because it does not say how that was proved":    {with(func(x *Entry) { x.Auth = "" }), nil},
		"because it has no data":                         {with(func(x *Entry) { x.Data = nil }), nil},
		"because its data has a member twice":            {with(func(x *Entry) { x.Data = jsontext.Value(`{"a":1,"a":2}`) }), nil},
		"because its data is not JSON":                   {with(func(x *Entry) { x.Data = jsontext.Value(`{"a":`) }), nil},
		"because its data is two values":                 {with(func(x *Entry) { x.Data = jsontext.Value("{}\n{}") }), nil},
		"because its subject is not UTF-8":               {with(func(x *Entry) { x.Subject = "\xff" }), nil},
		"because its time is before the last event's":    {[]Entry{earlier(entry("a"))}, nil},
		"because it has no time":                         {with(func(x *Entry) { x.Time = time.Time{} }), nil},
		"because its time is before the one beside it":   {[]Entry{later(entry("a")), entry("b")}, nil},
		"because its year has five digits":               {with(func(x *Entry) { x.Time = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }), nil},
		"because the caller has given up before it went": {[]Entry{entry("a")}, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if c.want == context.Canceled {
				cancel()
			}
			_, err := l.Append(ctx, c.entries)
			if err == nil || c.want != nil && !errors.Is(err, c.want) || errors.Is(err, ErrUnknown) {
				t.Errorf("error is %v, want %v", err, c.want)
			}
			if commits := readAll(t, l, 1); len(commits) != 2 || l.Next() != 3 {
				t.Errorf("there are %d commits, next is %d", len(commits), l.Next())
			}
		})
	}
	appendOne(t, l, "after", 1)
}

func earlier(x Entry) Entry { x.Time = x.Time.Add(-time.Millisecond); return x }
func later(x Entry) Entry   { x.Time = x.Time.Add(time.Millisecond); return x }

func quoted(s string) jsontext.Value {
	v, err := jsontext.AppendQuote(nil, s)
	if err != nil {
		panic(err)
	}
	return v
}

func TestALargeCommitIsRecorded(t *testing.T) {
	l := create(t)
	x := entry("large")
	x.Data = quoted(strings.Repeat("x", MaxCommit-1000))
	c, err := l.Append(t.Context(), []Entry{x})
	check(t, err)
	if got := readAll(t, l, 2); len(got) != 1 || string(got[0].Body) != string(c.Body) {
		t.Error("it is not read back")
	}
}

func TestManyLargeCommitsAreReadInOrder(t *testing.T) {
	l := create(t)
	for i := range 12 { // more bytes than one fetch may bring
		x := entry(fmt.Sprint("large-", i))
		x.Data = quoted(strings.Repeat("x", 800_000))
		_, err := l.Append(t.Context(), []Entry{x})
		check(t, err)
	}
	if got := readAll(t, l, 1); len(got) != 13 {
		t.Errorf("%d commits are read", len(got))
	}
}

func TestTheCallersTimeIsCutToMilliseconds(t *testing.T) {
	l := create(t)
	x := entry("a")
	x.Time = testTime.Add(1999 * time.Microsecond).In(time.FixedZone("BST", 3600))
	c, err := l.Append(t.Context(), []Entry{x})
	check(t, err)
	want := testTime.Add(time.Millisecond)
	if _, at := l.Last(); at != want || c.Events[0].Time != want {
		t.Errorf("time is %v in the log, %v in the commit", at, c.Events[0].Time)
	}
}

func TestOnlyOneOfTwoWritersGetsIn(t *testing.T) {
	l := create(t)
	theirs, err := l.Compose([]Entry{entry("theirs")}, nil)
	check(t, err)
	_, err = l.on().nats.js.Publish(t.Context(), l.generation.subject(), theirs.Body)
	check(t, err)

	_, err = l.Append(t.Context(), []Entry{entry("ours")})
	mustBe(t, err, ErrConflict)
	if errors.Is(err, ErrUnknown) || find(t, l, "ours") || l.Next() != 2 {
		t.Errorf("after the conflict: %v, next is %d", err, l.Next())
	}
	read := readAll(t, l, l.Next())
	if len(read) != 1 || read[0].Events[0].CommandID != "theirs" || !find(t, l, "theirs") || l.Next() != 3 {
		t.Errorf("reading on brings %d commits, next is %d", len(read), l.Next())
	}
	if c := appendOne(t, l, "ours", 1); c.First() != 3 {
		t.Errorf("decided again, it gets number %d", c.First())
	}
	l = reopen(t, l)
	if !find(t, l, "ours") || !find(t, l, "theirs") {
		t.Error("a command is gone")
	}
}

func TestAnAnswerIsUnderstood(t *testing.T) {
	for code, want := range map[jetstream.ErrorCode]error{
		10071: ErrConflict, 10164: ErrConflict, 10002: ErrNotRecorded, 10023: ErrNotRecorded, 10047: ErrNotRecorded, 10054: ErrTooLarge,
		10077: nil, // the store failed: it does not say where
	} {
		answer := &jetstream.APIError{ErrorCode: code}
		if isConflict(answer) != (want == ErrConflict) {
			t.Errorf("code %d is a conflict: %v", code, isConflict(answer))
		}
		if got := refusalOf(answer); got != want && want != ErrConflict {
			t.Errorf("code %d is %v", code, got)
		}
	}
}

func TestManyGoroutinesAppendAndRead(t *testing.T) {
	l := create(t)
	const writers, each = 8, 20
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for i := range each {
				id := fmt.Sprintf("w%d-%d", w, i)
				if _, err := l.Append(t.Context(), []Entry{entry(id)}); err != nil {
					t.Error(err)
				}
				if !find(t, l, id) {
					t.Errorf("%s is not found", id)
				}
			}
		})
	}
	group.Go(func() {
		for range each {
			readAll(t, l, 1)
		}
	})
	group.Wait()
	l = reopen(t, l)
	if l.Next() != writers*each+2 {
		t.Errorf("next is %d", l.Next())
	}
}

func TestAFullDiskRefusesAndRecordsNothing(t *testing.T) {
	o := options(t.TempDir())
	o.limit = 32 << 10
	l := createIn(t, o)
	var err error
	for err == nil {
		_, err = l.Append(t.Context(), []Entry{entry(fmt.Sprint("c-", l.Next()))})
	}
	mustBe(t, err, ErrNotRecorded)
	if errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
	refused := fmt.Sprint("c-", l.Next())
	if got := readAll(t, l, 1); int64(len(got)) != l.Next()-1 || find(t, l, refused) {
		t.Errorf("there are %d commits, next is %d", len(got), l.Next())
	}
	l = reopen(t, l) // with space again
	appendOne(t, l, refused, 1)
}

func TestAHeadThatCannotBeWrittenHoldsUpTheWriter(t *testing.T) {
	l := create(t)
	check(t, l.head.close())
	appendOne(t, l, "kept", 1) // its head fails while the caller goes on
	l.awaitHead()
	for range 2 {
		_, err := l.Append(t.Context(), []Entry{entry("refused")})
		mustBe(t, err, ErrNotRecorded)
		mustBe(t, err, os.ErrClosed)
	}
	var head Head
	var err error
	l.head, head, err = openHeadFile(headFileOf(l.options.Dir))
	check(t, err)
	if head.Number != 1 {
		t.Errorf("the head on disk is %+v", head)
	}
	appendOne(t, l, "later", 1)
	l.awaitHead()
	check(t, l.head.close())
	mustBe(t, l.Close(), os.ErrClosed)

	l = open(t, l.options)
	if !find(t, l, "kept") || find(t, l, "refused") || !find(t, l, "later") {
		t.Error("what was acknowledged is not what is there")
	}
}
