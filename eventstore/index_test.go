package eventstore

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// recorded is a commit as far as an index looks at it: events from a number on, of these commands.
func recorded(first int64, commands ...string) Commit {
	var c Commit
	for i, id := range commands {
		c.Events = append(c.Events, Event{Number: first + int64(i), CommandID: id})
	}
	return c
}

// added has the index take in commits of these commands.
func added(t testing.TB, x *logIndex, commits ...[]string) {
	t.Helper()
	for _, commands := range commits {
		if repeated, err := x.add(recorded(x.commits.upcoming(), commands...)); repeated != "" || err != nil {
			t.Fatalf("add %v: %q, %v", commands, repeated, err)
		}
	}
}

func newIndex() *logIndex { return &logIndex{} }

func (x *commitIndex) upcoming() int64 { return max(x.next, 1) }

func mustFind(t testing.TB, x *logIndex, commandID string, want int64) {
	t.Helper()
	number, ok, err := x.find(commandID)
	if err != nil || ok != (want > 0) || number != want {
		t.Fatalf("%s is found at %d, %v, %v; want %d", commandID, number, ok, err, want)
	}
}

// written has the index's commands go into a file and be found there from then on.
func written(t testing.TB, x *logIndex) {
	t.Helper()
	frozen := x.freeze()
	sorted := writeCommands(t, frozen)
	check(t, x.adopt(sorted))
}

// writeCommands writes a frozen index to a file of its own.
func writeCommands(t testing.TB, frozen frozenIndex) *sortedCommands {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "commands"))
	check(t, err)
	t.Cleanup(func() { file.Close() })
	_, err = io.WriteString(file, "something before")
	check(t, err)
	sorted, err := frozen.writeCommands(file, file, int64(len("something before")))
	check(t, err)
	return sorted
}

func TestTheIndexFindsNumbersAndCommands(t *testing.T) {
	x := newIndex()
	added(t, x, []string{"init"}, []string{"a", "a", "b"}, []string{"c"})
	for id, want := range map[string]int64{"init": 1, "a": 2, "b": 4, "c": 5, "d": 0} {
		mustFind(t, x, id, want)
	}
	for number, want := range map[int64]uint64{0: 0, 1: 1, 2: 2, 4: 2, 5: 3, 6: 3} {
		if got := x.sequence(number); got != want {
			t.Errorf("number %d is at sequence %d, want %d", number, got, want)
		}
	}
	for sequence, want := range map[uint64]int64{1: 1, 2: 2, 3: 5} {
		if got := x.first(sequence); got != want {
			t.Errorf("sequence %d begins with number %d, want %d", sequence, got, want)
		}
	}
}

func TestACommandThatComesAgainIsReportedAndNothingOfItsCommitIsAdded(t *testing.T) {
	x := newIndex()
	added(t, x, []string{"in the file"})
	written(t, x)
	added(t, x, []string{"being written"})
	x.freeze()
	added(t, x, []string{"recent"})
	for _, again := range []string{"in the file", "being written", "recent"} {
		repeated, err := x.add(recorded(x.commits.upcoming(), "new", again))
		if repeated != again || err != nil {
			t.Errorf("%q, %v, want %q", repeated, err, again)
		}
		mustFind(t, x, "new", 0)
	}
	if repeated, _ := x.add(recorded(4, "x", "y", "x")); repeated != "x" {
		t.Errorf("a command that comes twice in one commit: %q", repeated)
	}
	if x.commits.count != 3 {
		t.Errorf("there are %d commits, want 3", x.commits.count)
	}
}

// TestAnIndexIsTheSameHoweverItWasComeBy compares an index with a map, through any sequence of commits, files, writes
// that fail and rebuilds.
func TestAnIndexIsTheSameHoweverItWasComeBy(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		x, want, log := newIndex(), map[string]int64{}, [][]string(nil)
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			switch rapid.IntRange(0, 9).Draw(r, "step") {
			case 0:
				x.freeze() // and is not written
			case 1, 2:
				written(t, x)
			case 3:
				x = newIndex()
				x.gather()
				added(t, x, log...)
				if repeated, err := x.settle(); repeated != nil || err != nil {
					r.Fatalf("%v, %v", repeated, err)
				}
			default:
				for range rapid.SampledFrom([]int{1, 10, 100, 500}).Draw(r, "commits") {
					first := x.commits.upcoming()
					commit := []string{fmt.Sprint("c-", first), fmt.Sprint("c-", first), fmt.Sprint("d-", first)}
					added(t, x, commit)
					log = append(log, commit)
					want[commit[0]], want[commit[2]] = first, first+2
				}
			}
		}
		for id, number := range want {
			mustFind(t, x, id, number)
			mustFind(t, x, "not "+id, 0)
		}
		for i := range log {
			if first := x.first(uint64(i) + 1); first != int64(3*i+1) || x.sequence(first+2) != uint64(i)+1 {
				r.Fatalf("commit %d begins with %d, and number %d is at %d", i+1, first, first+2, x.sequence(first+2))
			}
		}
	})
}

func TestARebuildReportsTheCommandThatCameAgainFirst(t *testing.T) {
	for name, c := range map[string]struct {
		commits [][]string
		want    repetition
	}{
		"in another commit":       {[][]string{{"a"}, {"b"}, {"a"}}, repetition{1, 3}},
		"in the same commit":      {[][]string{{"a", "b", "a"}}, repetition{1, 3}},
		"several, and more often": {[][]string{{"a"}, {"b"}, {"c"}, {"b"}, {"a"}, {"b"}, {"c"}}, repetition{2, 4}},
	} {
		x := newIndex()
		x.gather()
		for i := range 1000 {
			added(t, x, []string{fmt.Sprint("before-", i)})
		}
		added(t, x, c.commits...)
		repeated, err := x.settle()
		check(t, err)
		if want := (repetition{c.want.first + 1000, c.want.again + 1000}); repeated == nil || *repeated != want {
			t.Errorf("%s: %v, want %v", name, repeated, want)
		}
	}
}

func TestCommandsAreFoundAcrossPages(t *testing.T) {
	for _, n := range []int{0, 1, commandsInPage - 1, commandsInPage, commandsInPage + 1, 3 * commandsInPage, 20_000} {
		x := newIndex()
		x.gather()
		for i := range n {
			added(t, x, []string{fmt.Sprint("c-", i)})
		}
		_, err := x.settle()
		check(t, err)
		for range 2 {
			for i := range n {
				mustFind(t, x, fmt.Sprint("c-", i), int64(i)+1)
			}
			for i := range 1000 {
				mustFind(t, x, fmt.Sprint("d-", i), 0)
			}
			written(t, x)
		}
	}
}

// TestKeysThatBeginAlikeAreFound has whole pages of keys with one high half, which hashes will not give.
func TestKeysThatBeginAlikeAreFound(t *testing.T) {
	frozen := frozenIndex{recent: map[commandKey]int64{}}
	for high := range uint64(3) {
		for low := range uint64(2 * commandsInPage) {
			frozen.recent[commandKey{high << 62, low << 50}] = int64(high<<32 | low + 1)
		}
	}
	sorted := writeCommands(t, frozen)
	for key, want := range frozen.recent {
		if number, ok, err := sorted.find(key); number != want || !ok || err != nil {
			t.Fatalf("%x: %d, %v, %v", key, number, ok, err)
		}
		if _, ok, err := sorted.find(commandKey{key.high, key.low + 1}); ok || err != nil {
			t.Fatalf("%x: %v, %v", key, ok, err)
		}
	}
}

func TestAPageThatWasChangedIsAnErrorAndNeverACommandThatIsMissing(t *testing.T) {
	x := newIndex()
	for i := range 10 * commandsInPage {
		added(t, x, []string{fmt.Sprint("c-", i)})
	}
	written(t, x)
	path := x.sorted.file.(*os.File).Name()
	whole := readFile(t, path)
	pages := whole[x.sorted.offset:]
	swapped := slices.Concat(pages[pageSize:2*pageSize], pages[:pageSize])
	for name, damage := range map[string]func(content []byte) []byte{
		"a bit of a number":    func(b []byte) []byte { b[x.sorted.offset+16+24*7] ^= 1; return b },
		"a bit of a key":       func(b []byte) []byte { b[x.sorted.offset+24*100] ^= 1; return b },
		"the first pages swap": func(b []byte) []byte { copy(b[x.sorted.offset:], swapped); return b },
		"it was cut off":       func(b []byte) []byte { return b[:len(b)-1] },
		"it was emptied":       func(b []byte) []byte { return nil },
	} {
		writeFile(t, path, damage(slices.Clone(whole)))
		failed := 0
		for i := range 10 * commandsInPage {
			id := fmt.Sprint("c-", i)
			number, ok, err := x.find(id)
			if err == nil && (!ok || number != int64(i)+1) {
				t.Fatalf("%s: %s is found at %d, %v", name, id, number, ok)
			}
			if err != nil {
				failed++
			}
		}
		if failed == 0 {
			t.Errorf("%s, and nobody noticed", name)
		}
		if _, err := x.freeze().writeCommands(io.Discard, nil, 0); err == nil {
			t.Errorf("%s, and it was copied", name)
		}
	}
}

func TestACommandCannotBeAddedWhileItIsNotKnownWhetherItIsThere(t *testing.T) {
	x := newIndex()
	added(t, x, []string{"a"})
	written(t, x)
	writeFile(t, x.sorted.file.(*os.File).Name(), nil)
	if repeated, err := x.add(recorded(2, "new", "a")); err == nil {
		t.Errorf("added: %q", repeated)
	}
	mustFind(t, x, "new", 0)
}

func TestAClosedIndexIsAnError(t *testing.T) {
	x := newIndex()
	added(t, x, []string{"a"})
	written(t, x)
	check(t, x.close())
	if _, _, err := x.find("a"); !errors.Is(err, os.ErrClosed) {
		t.Error(err)
	}
}

func TestAnEmptyIndexHoldsNothing(t *testing.T) {
	x := newIndex()
	mustFind(t, x, "a", 0)
	written(t, x)
	mustFind(t, x, "a", 0)
	x.gather()
	if repeated, err := x.settle(); repeated != nil || err != nil {
		t.Error(repeated, err)
	}
	mustFind(t, x, "a", 0)
	if x.sequence(1) != 0 {
		t.Error("a number is there")
	}
	check(t, x.close())
}

// BenchmarkIndex rebuilds, writes, reads and asks an index of ten million commands, each in a commit of its own.
func BenchmarkIndex(b *testing.B) {
	const commands = 10_000_000
	commits := make([]Commit, 100_000)
	x := &logIndex{}
	perCommand := func(b *testing.B, n int) {
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/command")
	}
	b.Run("rebuild", func(b *testing.B) {
		for b.Loop() {
			x = &logIndex{}
			x.gather()
			for from := 0; from < commands; from += len(commits) {
				b.StopTimer()
				for i := range commits {
					commits[i] = recorded(int64(from+i+1), benchmarkID(from+i))
				}
				b.StartTimer()
				for _, c := range commits {
					if _, err := x.add(c); err != nil {
						b.Fatal(err)
					}
				}
			}
			if repeated, err := x.settle(); repeated != nil || err != nil {
				b.Fatal(repeated, err)
			}
		}
		perCommand(b, commands)
	})
	s, whole := snapshotsIn(b.TempDir(), testKey), b
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			writeSnapshot(whole, s, x, nil, nil)
		}
		perCommand(b, commands)
	})
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			got, _, err := use(s, headAt(x))
			check(b, err)
			check(b, got.close())
		}
		perCommand(b, commands)
	})
	b.Run("find", func(b *testing.B) { benchmarkFind(b, x, "c", commands) })
	b.Run("find none", func(b *testing.B) { benchmarkFind(b, x, "d", commands) })
	b.Run("add to it", func(b *testing.B) {
		for b.Loop() {
			n := int(x.commits.next)
			if repeated, err := x.add(recorded(int64(n), benchmarkID(n))); repeated != "" || err != nil {
				b.Fatal(repeated, err)
			}
		}
	})
}

func benchmarkID(n int) string { return fmt.Sprintf("c-claim-2019-04-%020d", n) }

func benchmarkFind(b *testing.B, x *logIndex, prefix string, commands int) {
	ids := make([]string, 100_000)
	for i := range ids {
		ids[i] = prefix + benchmarkID(i * (commands / len(ids)))[1:]
	}
	for i := 0; b.Loop(); i++ {
		if _, ok, err := x.find(ids[i%len(ids)]); ok != (prefix == "c") || err != nil {
			b.Fatal(ids[i%len(ids)], ok, err)
		}
	}
}
