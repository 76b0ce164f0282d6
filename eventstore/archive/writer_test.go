package archive

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestAnotherLogIsRefused(t *testing.T) {
	l := testLog(nil).with(2, 100).with(1, 100)
	for name, c := range map[string]struct {
		change func(*Source)
		says   string
	}{
		"another ledger":     {func(s *Source) { s.Ledger = "berkshire" }, "of ledger oxfordshire, not berkshire"},
		"a shorter log":      {func(s *Source) { s.Last = 2 }, "goes to number 3, the log only to 2"},
		"an older one":       {func(s *Source) { s.Generation = 1 }, "of generation 2, this is generation 1"},
		"another end":        {func(s *Source) { s.Generation, s.Commit = 3, l[:1].with(1, 101).commit }, "at number 3 the log has another commit"},
		"nothing there":      {func(s *Source) { s.Commit = testLog(nil).with(9, 10).commit }, "at number 3 the log has another commit"},
		"another root there": {func(s *Source) { s.Commit = rooted(l, "other").commit }, "before number 3 the log has root other"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := l.source()
			s.Generation = 2
			w, err := OpenWriter(dir, s)
			check(t, err)
			for _, commit := range l {
				check(t, w.Add(commit))
			}
			check(t, w.Close(l.trailer()))
			before := copyOf(t, dir)
			c.change(&s)
			_, err = OpenWriter(dir, s)
			if !errors.Is(err, ErrOtherLog) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("the error is %v", err)
			}
			sameFiles(t, dir, before)
			holds(t, dir, l)
		})
	}
}

// rooted returns the log with another root before its last commit.
func rooted(l testLog, root string) testLog {
	last := l[len(l)-1]
	last.Root = root
	return append(slices.Clip(l[:len(l)-1]), last)
}

func sameFiles(t testing.TB, dir, before string) {
	t.Helper()
	equal(t, filesIn(t, dir), filesIn(t, before))
	for _, file := range filesIn(t, dir) {
		equal(t, readFile(t, dir, file), readFile(t, before, file))
	}
}

func TestALaterGenerationThatGoesOnIsArchived(t *testing.T) {
	l := testLog(nil).with(2, 100)
	dir := archived(t, l)
	l = l.with(1, 100)
	s := l.source()
	s.Generation = 2
	w, err := OpenWriter(dir, s)
	check(t, err)
	if w.Last() != 2 {
		t.Errorf("the archive goes to %d", w.Last())
	}
	check(t, w.Add(l[1]))
	check(t, w.Close(l.trailer()))
	holds(t, dir, l)
	a, err := Open(dir)
	check(t, err)
	if a.Generation() != 2 {
		t.Errorf("it is of generation %d", a.Generation())
	}
}

func TestTheLogThatCannotBeReadIsNotAnotherLog(t *testing.T) {
	l := testLog(nil).with(2, 100)
	s := l.source()
	broken := errors.New("broken")
	s.Commit = func(int64) (Commit, error) { return Commit{}, broken }
	_, err := OpenWriter(archived(t, l), s)
	if !errors.Is(err, broken) || errors.Is(err, ErrOtherLog) {
		t.Error(err)
	}
}

func TestADirectoryOfOtherThingsIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "accounts.xlsx"), nil)
	if err := largeLog(1).backup(disk{dir: dir}); err == nil || !strings.Contains(err.Error(), "accounts.xlsx") {
		t.Error(err)
	}
	equal(t, filesIn(t, dir), []string{"accounts.xlsx", "lock"})
}

func TestTwoBackupsAtOnceAreRefused(t *testing.T) {
	dir := t.TempDir()
	w, err := OpenWriter(dir, largeLog(1).source())
	check(t, err)
	if _, err := OpenWriter(dir, largeLog(1).source()); !errors.Is(err, ErrInUse) {
		t.Error(err)
	}
	w.Abort()
	w.Abort()
	backupIn(t, dir, largeLog(1))
}

func TestABackupThatWasAbortedLeavesNothing(t *testing.T) {
	dir := archived(t, largeLog(1))
	before := copyOf(t, dir)
	l := largeLog(4)
	w, err := OpenWriter(dir, l.source())
	check(t, err)
	for _, c := range l[1:] {
		check(t, w.Add(c))
	}
	w.Abort()
	sameFiles(t, dir, before)
	if err := w.Add(l[1]); err == nil {
		t.Error("a commit was added after the end")
	}
	if err := w.Close(Trailer{}); err == nil {
		t.Error("the backup was closed after its end")
	}
}

func TestOnlyACommitThatFollowsIsAdded(t *testing.T) {
	good := testLog(nil).with(2, 30)[0]
	body := func(s string) Commit { return Commit{First: 1, Events: 1, Body: []byte(s)} }
	for name, c := range map[string]Commit{
		"a gap":                {First: 2, Events: 1, Body: []byte("[\n{}\n]")},
		"no events":            {First: 1, Events: 0, Body: good.Body},
		"too many events":      {First: 1, Events: 3, Body: good.Body},
		"no body":              body(""),
		"no events in it":      body("[\n\n]"),
		"no frame":             body("{}"),
		"something after it":   body("[\n{}\n]\n"),
		"two commits":          {First: 1, Events: 4, Body: []byte("[\n{}\n]\n[\n{}\n]")},
		"too large":            body("[\n" + strings.Repeat("x", maxRaw-4) + "\n]"),
		"a root without names": {First: 1, Events: 2, Body: good.Body, Root: "root"},
		"names without a root": {First: 1, Events: 2, Body: good.Body, Signatures: []string{"s"}},
		"a space":              {First: 1, Events: 2, Body: good.Body, Root: "r", Signatures: []string{"a b"}},
		"a line feed":          {First: 1, Events: 2, Body: good.Body, Root: "r\n", Signatures: []string{"a"}},
		"the sign for absence": {First: 1, Events: 2, Body: good.Body, Root: "-", Signatures: []string{"-"}},
		"no text":              {First: 1, Events: 2, Body: good.Body, Root: "r", Signatures: []string{""}},
		"too many signatures":  {First: 1, Events: 2, Body: good.Body, Root: "r", Signatures: strings.Split(strings.Repeat("s", 9), "")},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			w, err := OpenWriter(dir, testLog{good}.source())
			check(t, err)
			if err := w.Add(c); err == nil {
				t.Error("it was added")
			}
			check(t, w.Add(good)) // a refusal does no harm
			check(t, w.Close(testLog{good}.trailer()))
			holds(t, dir, testLog{good})
		})
	}
}

func TestTheLargestCommitIsArchived(t *testing.T) {
	body := "[\n" + strings.Repeat("x", maxRaw-5) + "\n]"
	if l := (testLog{{First: 1, Events: 1, Body: []byte(body)}}); len(body) != maxRaw-1 || l.backup(disk{dir: t.TempDir()}) != nil {
		t.Error("it was not")
	}
}

func TestATrailerThatWouldNotComeBackIsRefused(t *testing.T) {
	note := []byte("text\n\n— name AAAA\n")
	for name, bad := range map[string]Trailer{
		"an empty note":          {Checkpoints: [][]byte{note, {}}},
		"a note without an end":  {Checkpoints: [][]byte{[]byte("text")}},
		"a note with separators": {Checkpoints: [][]byte{[]byte("text\n\f\n")}},
		"a key with a space":     {Keys: []Key{{1, "a b"}}},
		"a key of no number":     {Keys: []Key{{0, "a"}}},
		"keys out of order":      {Keys: []Key{{3, "a"}, {2, "b"}}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			w, err := OpenWriter(dir, largeLog(1).source())
			check(t, err)
			if err := w.Close(bad); err == nil {
				t.Error("it was taken")
			}
			if _, err := Open(dir); !errors.Is(err, ErrNone) {
				t.Error(err)
			}
		})
	}
}

func TestAnArchiveIsForItsOwnerAndGroupOnly(t *testing.T) {
	dir := archived(t, largeLog(1))
	for _, file := range append(filesIn(t, dir), ".", segmentFolder, signatureFolder) {
		info, err := os.Stat(filepath.Join(dir, file))
		check(t, err)
		if info.Mode().Perm()&0o007 != 0 {
			t.Errorf("%s is %v", file, info.Mode())
		}
	}
}
