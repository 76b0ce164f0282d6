package eventstore

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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
		if diff := cmp.Diff(Head{Ledger: testLedger, Generation: 1, Number: 8, Sequence: 4, Root: l.Root().String()}, l.Head()); diff != "" {
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
	l, err := OpenAndRead(t.Context(), l.options, each(func(c Commit) error {
		got = append(got, c)
		return nil
	}), nil)
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
	if _, err := OpenAndRead(t.Context(), l.options, each(stop), nil); err != enough {
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
	info, err := l.on().stream.Info(t.Context())
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

func TestALedgerIsCreatedOnce(t *testing.T) {
	l := create(t)
	o := l.options
	_, _, err := Create(t.Context(), o, founding())
	mustBe(t, err, ErrInUse)
	shut(t, l)
	before := readFile(t, headFileOf(o.Dir))
	_, _, err = Create(t.Context(), o, founding())
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
		l, _, err := Create(t.Context(), Options{Dir: dir, Ledger: name}, founding())
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
		if _, _, err := Create(t.Context(), o, founding()); err == nil {
			t.Errorf("Create %+v succeeds", o)
		}
	}
}

func TestTheServerSyncsEveryWriteAndOpensNoPort(t *testing.T) {
	l := create(t)
	if config := l.on().nats.server.JetStreamConfig(); !config.SyncAlways || config.StoreDir != filepath.Join(l.options.Dir, "jetstream") {
		t.Errorf("it runs with %+v", config)
	}
	if addr := l.on().nats.server.Addr(); addr != nil {
		t.Errorf("it listens on %v", addr)
	}
	info, err := l.on().stream.Info(t.Context())
	check(t, err)
	check(t, l.generation.check(info.Config))
	if err := l.on().stream.DeleteMsg(t.Context(), 1); err == nil {
		t.Error("a commit can be deleted")
	}
	if err := l.on().stream.Purge(t.Context()); err == nil {
		t.Error("the stream can be purged")
	}
}

func TestAStreamWithUnsafeSettingsIsNotOpened(t *testing.T) {
	l := create(t)
	config := l.generation.config()
	config.MaxAge = 24 * time.Hour
	_, err := l.on().nats.js.UpdateStream(t.Context(), config)
	check(t, err)
	shut(t, l)
	_, err = Open(t.Context(), l.options)
	damage, ok := errors.AsType[*Damage](err)
	if !ok || !strings.Contains(damage.What, "max age") {
		t.Errorf("error is %v", err)
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
