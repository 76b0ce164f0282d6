package eventstore

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

func TestWhatIsAppendedIsReadBack(t *testing.T) {
	l := create(t)
	var want []Commit
	want = append(want, readAll(t, l, 1)...)
	want = append(want, appendOne(t, l, "one", 1), appendOne(t, l, "three", 3))
	two, err := l.Append(t.Context(), []Entry{entry("a"), entry("b"), entry("b")})
	check(t, err)
	want = append(want, two)

	var numbers []int64
	for i, c := range want {
		if c.Sequence != uint64(i+1) {
			t.Errorf("commit %d has sequence %d", i+1, c.Sequence)
		}
		for _, e := range c.Events {
			numbers = append(numbers, e.Number)
		}
	}
	if diff := cmp.Diff([]int64{1, 2, 3, 4, 5, 6, 7, 8}, numbers); diff != "" {
		t.Error(diff)
	}
	for _, when := range []string{"in the same log", "after a restart"} {
		if diff := cmp.Diff(want, readAll(t, l, 1)); diff != "" {
			t.Error(when, diff)
		}
		if number, at := l.Last(); number != 8 || !at.Equal(testTime) || l.Next() != 9 {
			t.Errorf("%s: last is %d at %v, next %d", when, number, at, l.Next())
		}
		if diff := cmp.Diff(Head{Ledger: testLedger, Generation: 1, Number: 8, Sequence: 4}, l.Head()); diff != "" {
			t.Error(when, diff)
		}
		l = reopen(t, l)
	}
}

func TestReadBeginsWithTheCommitThatHoldsTheNumber(t *testing.T) {
	l := create(t)          // number 1
	appendOne(t, l, "a", 3) // numbers 2 to 4
	appendOne(t, l, "b", 1) // number 5
	for range 2 {
		for from, want := range map[int64][]int64{-1: {1, 2, 5}, 1: {1, 2, 5}, 2: {2, 5}, 3: {2, 5}, 4: {2, 5}, 5: {5}, 6: nil, math.MaxInt64: nil} {
			var firsts []int64
			for _, c := range readAll(t, l, from) {
				firsts = append(firsts, c.First())
			}
			if diff := cmp.Diff(want, firsts); diff != "" {
				t.Errorf("from %d: %s", from, diff)
			}
		}
		l = reopen(t, l)
	}
}

func TestOpeningReadsTheWholeLogOnce(t *testing.T) {
	l := create(t)
	appendMany(t, l, 5)
	want := readAll(t, l, 1)
	shut(t, l)
	var got []Commit
	l, err := OpenAndRead(t.Context(), l.options, func(c Commit) error {
		got = append(got, c)
		return nil
	})
	check(t, err)
	defer shut(t, l)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheErrorOfWhoeverReadsIsReturnedAsItIs(t *testing.T) {
	l := create(t)
	appendMany(t, l, 5)
	enough := errors.New("enough")
	stop := func(c Commit) error {
		if c.Last() == 3 {
			return enough
		}
		return nil
	}
	if err := l.Read(t.Context(), 1, stop); err != enough {
		t.Errorf("Read: %v", err)
	}
	shut(t, l)
	if _, err := OpenAndRead(t.Context(), l.options, stop); err != enough {
		t.Errorf("OpenAndRead: %v", err)
	}
}

func TestAReadLeavesNothingBehind(t *testing.T) {
	l := create(t)
	appendMany(t, l, 5)
	readAll(t, l, 1)
	_ = l.Read(t.Context(), 1, func(Commit) error { return errors.New("enough") })
	ctx, cancel := context.WithCancel(t.Context())
	err := l.Read(ctx, 1, func(Commit) error { cancel(); return nil })
	mustBe(t, err, context.Canceled)
	info, err := l.stream.Info(t.Context())
	check(t, err)
	if info.State.Consumers != 0 {
		t.Errorf("there are %d consumers left", info.State.Consumers)
	}
}

func TestACommandIsFoundAfterARestart(t *testing.T) {
	l := create(t)
	appendMany(t, l, 3)
	c, err := l.Append(t.Context(), []Entry{entry("a"), entry("b"), entry("b"), entry("c")})
	check(t, err)
	for range 2 {
		got, found, err := l.Find(t.Context(), "b")
		if err != nil || !found {
			t.Fatalf("found is %v, error %v", found, err)
		}
		if diff := cmp.Diff(c.Events[1:3], got); diff != "" {
			t.Error(diff)
		}
		if find(t, l, "d") || find(t, l, "B") || find(t, l, "") {
			t.Error("a command is found that was never recorded")
		}
		l = reopen(t, l)
	}
}

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
		"because its time is before the last event's":    {with(func(x *Entry) { x.Time = testTime.Add(-time.Millisecond) }), nil},
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

func later(x Entry) Entry { x.Time = x.Time.Add(time.Millisecond); return x }

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
	for i := range 40 { // more bytes than one fetch may bring
		x := entry(fmt.Sprint("large-", i))
		x.Data = quoted(strings.Repeat("x", 500_000))
		_, err := l.Append(t.Context(), []Entry{x})
		check(t, err)
	}
	if got := readAll(t, l, 1); len(got) != 41 {
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
	theirs, err := l.compose([]Entry{entry("theirs")})
	check(t, err)
	_, err = l.nats.js.Publish(t.Context(), l.generation.subject(), theirs.Body)
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

func TestBothFormsOfAConflictAreTheSame(t *testing.T) {
	l := create(t)
	for code, want := range map[jetstream.ErrorCode]error{
		10071: ErrConflict, 10164: ErrConflict, 10002: ErrNotRecorded, 10023: ErrNotRecorded, 10047: ErrNotRecorded, 10054: ErrTooLarge,
		10077: ErrUnknown, // the store failed: it does not say where
	} {
		err := l.outcome(fmt.Errorf("nats: %w", &jetstream.APIError{ErrorCode: code}))
		if !errors.Is(err, want) || want != ErrUnknown && errors.Is(err, ErrUnknown) {
			t.Errorf("code %d is %v", code, err)
		}
	}
	l.unknown = nil
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

func TestALedgerIsCreatedOnce(t *testing.T) {
	l := create(t)
	o := l.options
	_, _, err := Create(t.Context(), o, created())
	mustBe(t, err, ErrInUse)
	shut(t, l)
	before := readFile(t, headFileOf(o.Dir))
	_, _, err = Create(t.Context(), o, created())
	mustBe(t, err, ErrExists)
	if diff := cmp.Diff(before, readFile(t, headFileOf(o.Dir))); diff != "" {
		t.Error("the head was changed")
	}
	if l = open(t, o); l.Next() != 2 {
		t.Errorf("next is %d", l.Next())
	}
}

func TestADirectoryHoldsSeveralLedgers(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"oxfordshire", "berkshire"} {
		l, _, err := Create(t.Context(), Options{Dir: dir, Ledger: name}, created())
		check(t, err)
		appendOne(t, l, "in-"+name, 1)
		shut(t, l)
	}
	for _, name := range []string{"oxfordshire", "berkshire"} {
		l := open(t, Options{Dir: dir, Ledger: name})
		if !find(t, l, "in-"+name) || l.Next() != 3 || l.Ledger() != name {
			t.Errorf("%s: next is %d", l.Ledger(), l.Next())
		}
		shut(t, l)
	}
	names, err := Ledgers(dir)
	if diff := cmp.Diff([]string{"berkshire", "oxfordshire"}, names); diff != "" || err != nil {
		t.Error(diff, err)
	}
	check(t, os.Remove(filepath.Join(dir, "heads", "oxfordshire.head")))
	check(t, os.RemoveAll(filepath.Join(streamsDir(dir), "LEDGER_berkshire_g1")))
	if damaged, err := Ledgers(dir); !slices.Equal(names, damaged) || err != nil {
		t.Errorf("of damaged ledgers %v is left, %v", damaged, err)
	}
}

func TestOpeningWhatIsNotThereCreatesNothing(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none")
	_, err := Open(t.Context(), options(missing))
	mustBe(t, err, ErrNoLedger)
	names, err := Ledgers(missing)
	if len(names) > 0 || err != nil {
		t.Errorf("ledgers are %v, %v", names, err)
	}
	if _, err := os.Stat(missing); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the directory: %v", err)
	}

	l := create(t)
	shut(t, l)
	before := filesIn(t, l.options.Dir)
	_, err = Open(t.Context(), Options{Dir: l.options.Dir, Ledger: "berkshire"})
	mustBe(t, err, ErrNoLedger)
	if diff := cmp.Diff(before, filesIn(t, l.options.Dir)); diff != "" {
		t.Error(diff)
	}
}

func filesIn(t *testing.T, dir string) (paths []string) {
	check(t, filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		paths = append(paths, path)
		return err
	}))
	return paths
}

func TestOptionsThatMakeNoSense(t *testing.T) {
	for _, o := range []Options{{Ledger: "a"}, {Dir: t.TempDir()}, {Dir: t.TempDir(), Ledger: "../a"}} {
		if _, err := Open(t.Context(), o); err == nil || errors.Is(err, ErrNoLedger) {
			t.Errorf("Open %+v: %v", o, err)
		}
		if _, _, err := Create(t.Context(), o, created()); err == nil {
			t.Errorf("Create %+v succeeds", o)
		}
	}
}

func TestTheServerSyncsEveryWriteAndOpensNoPort(t *testing.T) {
	l := create(t)
	if config := l.nats.server.JetStreamConfig(); !config.SyncAlways || config.StoreDir != filepath.Join(l.options.Dir, "jetstream") {
		t.Errorf("it runs with %+v", config)
	}
	if addr := l.nats.server.Addr(); addr != nil {
		t.Errorf("it listens on %v", addr)
	}
	info, err := l.stream.Info(t.Context())
	check(t, err)
	check(t, l.generation.check(info.Config))
	if err := l.stream.DeleteMsg(t.Context(), 1); err == nil {
		t.Error("a commit can be deleted")
	}
	if err := l.stream.Purge(t.Context()); err == nil {
		t.Error("the stream can be purged")
	}
}

func TestAStreamWithUnsafeSettingsIsNotOpened(t *testing.T) {
	l := create(t)
	config := l.generation.config()
	config.MaxAge = 24 * time.Hour
	_, err := l.nats.js.UpdateStream(t.Context(), config)
	check(t, err)
	shut(t, l)
	_, err = Open(t.Context(), l.options)
	damage, ok := errors.AsType[*Damage](err)
	if !ok || !strings.Contains(damage.What, "max age") {
		t.Errorf("error is %v", err)
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

func TestAHeadThatCannotBeWrittenStopsTheWriter(t *testing.T) {
	l := create(t)
	check(t, l.head.file.Close())
	appendOne(t, l, "kept", 1) // its head fails while the caller goes on
	l.awaitHead()
	_, err := l.Append(t.Context(), []Entry{entry("refused")})
	mustBe(t, err, ErrNotRecorded)
	mustBe(t, err, os.ErrClosed)
	mustBe(t, l.Close(), os.ErrClosed)
	l = open(t, l.options)
	if !find(t, l, "kept") || find(t, l, "refused") {
		t.Error("what was acknowledged is not what is there")
	}
}

func TestAClosedLogSaysSo(t *testing.T) {
	l := create(t)
	appendMany(t, l, 3)
	closed := make(chan error)
	err := l.Read(t.Context(), 1, func(c Commit) error {
		if c.First() == 1 {
			go func() { closed <- l.Close() }()
			<-l.closing.Done()
		}
		return nil
	})
	mustBe(t, err, ErrClosed)
	check(t, <-closed)
	check(t, l.Close())
	_, err = l.Append(t.Context(), []Entry{entry("a")})
	mustBe(t, err, ErrClosed)
	mustBe(t, l.Read(t.Context(), 1, nil), ErrClosed)
	_, _, err = l.Find(t.Context(), "a")
	mustBe(t, err, ErrClosed)
	if l.Next() != 5 {
		t.Errorf("next is %d", l.Next())
	}
}

// The two tests below lose the reply to an append, once with the commit kept and once without.

func TestAReplyIsLostAndTheCommitKept(t *testing.T) {
	l := create(t)
	config := l.generation.config()
	config.NoAck = true // the stream stores and does not answer
	_, err := l.nats.js.UpdateStream(t.Context(), config)
	check(t, err)
	appendUnanswered(t, l)
	for last := uint64(1); last < 2; { // the stream may still be at it
		last, err = l.lastSequence(soon(t))
		check(t, err)
	}
	config.NoAck = false
	_, err = l.nats.js.UpdateStream(t.Context(), config)
	check(t, err)

	l = reopen(t, l)
	if !find(t, l, "lost") {
		t.Error("the commit was kept but is not found")
	}
	_, err = l.Append(t.Context(), []Entry{entry("lost")})
	mustBe(t, err, ErrRecorded)
	if commits := readAll(t, l, 1); len(commits) != 2 {
		t.Errorf("there are %d commits", len(commits))
	}
}

func TestAReplyIsLostAndSoIsTheCommit(t *testing.T) {
	l := create(t)
	config := l.generation.config()
	config.Subjects = []string{"elsewhere"} // someone hears the commit, but not the stream
	_, err := l.nats.js.UpdateStream(t.Context(), config)
	check(t, err)
	appendUnanswered(t, l)
	_, err = l.nats.js.UpdateStream(t.Context(), l.generation.config())
	check(t, err)

	l = reopen(t, l)
	if find(t, l, "lost") {
		t.Error("the commit was lost but is found")
	}
	if c := appendOne(t, l, "lost", 1); c.First() != 2 {
		t.Errorf("run again, it gets number %d", c.First())
	}
}

// appendUnanswered gives up an append once the commit was sent.
func appendUnanswered(t *testing.T, l *Log) {
	ctx, cancel := context.WithCancel(t.Context())
	heard, err := l.nats.conn.Subscribe(l.generation.subject(), func(*nats.Msg) { cancel() })
	check(t, err)
	_, err = l.Append(ctx, []Entry{entry("lost")})
	mustBe(t, err, ErrUnknown)
	mustBe(t, err, context.Canceled)
	check(t, heard.Unsubscribe())

	_, err = l.Append(t.Context(), []Entry{entry("next")})
	mustBe(t, err, ErrUnknown)
	if !strings.Contains(err.Error(), "reopen") {
		t.Errorf("error is %v", err)
	}
}
