package archive

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// These tests stop a backup before each change that it makes to the disk and look at what is left: after a kill, which
// leaves every change before it, and after a loss of power, which may also undo any name that was not synced.

var errStopped = errors.New("stopped")

// A recording is the changes that a backup made.
type recording []change

// stopped begins a backup of the log in dir and stops it for good before change number n, counted from 0, or lets it end.
func stopped(t testing.TB, dir string, l testLog, n int) (made recording, ended bool) {
	t.Helper()
	d := disk{dir: dir, before: func(c change) error {
		if len(made) == n {
			return errStopped
		}
		c.content = bytes.Clone(c.content)
		made = append(made, c)
		return nil
	}}
	err := l.backup(d)
	if err != nil && !errors.Is(err, errStopped) {
		t.Fatalf("stopped before change %d: %v", n, err)
	}
	return made, err == nil
}

// replay makes the changes in dir, all of them or, if r is not nil, those that are certain to outlast a loss of power and
// some of the rest.
func (made recording) replay(t testing.TB, dir string, r *rand.Rand) {
	t.Helper()
	for i, c := range made {
		if r != nil && !made.durable(i) && r.IntN(2) == 0 {
			continue
		}
		if err := (disk{dir: dir}).make(c); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
}

// durable reports whether the folder of what change i named was synced afterwards.
func (made recording) durable(i int) bool {
	for _, c := range made[i:] {
		if c.kind == synced && path.Clean(c.file) == path.Dir(made[i].file) {
			return true
		}
	}
	return false
}

// make makes a change as the backup did, but for the fsync, which a replay has no use for.
func (d disk) make(c change) error {
	switch c.kind {
	case madeDir:
		return d.mkdir(c.file)
	case wrote:
		return os.WriteFile(d.path(c.file), c.content, filePerm)
	case renamed:
		return d.rename(c.file, c.to)
	case removed:
		return d.remove(c.file)
	}
	return nil
}

// commitment returns the places of the rename that makes the backup and of the sync that makes it durable.
func (made recording) commitment() (renaming, syncing int) {
	renaming, syncing = len(made), len(made)
	for i, c := range made {
		if c.kind == renamed && c.to == sumsFile {
			renaming = i
		}
		if c.kind == synced && i > renaming && syncing == len(made) {
			syncing = i
		}
	}
	return renaming, syncing
}

func TestACrashLeavesTheArchiveBeforeOrTheNewOne(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "archive")
	check(t, os.Mkdir(empty, dirPerm))
	small := archived(t, largeLog(2))
	whole, _ := stopped(t, copyOf(t, small), largeLog(4), -1)
	renaming, syncing := whole.commitment()
	for name, c := range map[string]crash{
		"first backup":                          {base: empty, now: largeLog(2)},
		"further backup":                        {base: small, before: largeLog(2), now: largeLog(4)},
		"backup after one that was not made":    {base: small, earlier: whole[:renaming], before: largeLog(2), now: largeLog(3)},
		"backup after one just made":            {base: small, earlier: whole[:syncing+3], before: largeLog(4), now: largeLog(5)},
		"backup after one that was not settled": {base: small, earlier: whole[:len(whole)-3], before: largeLog(4), now: largeLog(5)},
	} {
		t.Run(name, func(t *testing.T) {
			r := random(t)
			dir := copyOf(t, c.base)
			c.earlier.replay(t, dir, nil)
			made, _ := stopped(t, dir, c.now, -1)
			for n := range len(made) + 1 {
				for i, lost := range []*rand.Rand{nil, r, r} {
					c.examine(t, made[:n], lost, i == n%3)
				}
			}
		})
	}
}

// A crash is one that comes while a backup is added to an archive.
type crash struct {
	base    string    // the archive
	earlier recording // changes by a backup before, which was killed; nothing says that they are durable
	before  testLog   // what the archive then holds; nil if there is none
	now     testLog   // what it is to hold
}

// examine checks what a crash after the changes leaves and, as this takes longer, that it can be repaired.
func (c crash) examine(t *testing.T, made recording, lost *rand.Rand, repair bool) {
	t.Helper()
	dir := copyOf(t, c.base)
	slices.Concat(c.earlier, made).replay(t, dir, lost)
	renaming, syncing := made.commitment()
	what := fmt.Sprintf("after change %d", len(made))
	if len(made) > 0 {
		what += fmt.Sprintf(", %s %s,", made[len(made)-1].kind, made[len(made)-1].file)
	}
	found := c.before
	switch a, err := Open(dir); {
	case errors.Is(err, ErrNone) && c.before == nil:
	case err != nil:
		t.Fatalf("%s the archive cannot be read: %v", what, err)
	default:
		if a.Last() == c.now.last() {
			found = c.now
		}
		holds(t, dir, found)
	}
	if len(made) > syncing && found.last() != c.now.last() || renaming == len(made) && found.last() != c.before.last() {
		t.Fatalf("%s the archive goes to %d", what, found.last())
	}
	if repair {
		repaired(t, dir, c.now.with(2, 60))
	}
}

// repaired makes a further backup and checks that nothing is left of the crash.
func repaired(t *testing.T, dir string, l testLog) {
	t.Helper()
	backupIn(t, dir, l)
	listed := strings.Fields(string(readFile(t, dir, sumsFile)))
	files := []string{lockFile, sumsFile}
	for i := 0; i < len(listed); i += 2 {
		if sumOf(readFile(t, dir, listed[i+1])) != listed[i] {
			t.Errorf("%s is not as %s says", listed[i+1], sumsFile)
		}
		files = append(files, listed[i+1])
	}
	if found := filesIn(t, dir); len(found) != len(files) {
		t.Fatalf("there are %v; there should be %v", found, files)
	}
}

func TestAnArchiveOutlivesManyLossesOfPower(t *testing.T) {
	r := random(t)
	dir := filepath.Join(t.TempDir(), "archive")
	check(t, os.Mkdir(dir, dirPerm))
	var l testLog
	for range 60 {
		before := int64(0)
		if a, err := Open(dir); err == nil {
			before = a.Last()
		} else if !errors.Is(err, ErrNone) {
			t.Fatal(err)
		}
		l = l.with(1, 100+r.IntN(large))
		made, ended := stopped(t, copyOf(t, dir), l, r.IntN(40))
		made.replay(t, dir, r)
		if !ended {
			continue
		}
		if a, err := Open(dir); err != nil || a.Last() != l.last() || a.Last() < before {
			t.Fatalf("a backup that was made is not there: %v", err)
		}
	}
	repaired(t, dir, l)
}

// A disk that fails once and then works, as a full one does.
func TestABackupThatCannotWriteFailsCleanly(t *testing.T) {
	base := archived(t, largeLog(2))
	full := errors.New("no space left on device")
	for n := 0; ; n++ {
		dir := copyOf(t, base)
		count, torn := 0, ""
		d := disk{dir: dir}
		d.before = func(c change) error {
			if count++; count-1 != n {
				return nil
			}
			if c.kind == wrote {
				torn = c.file
				writeFile(t, filepath.Join(dir, c.file), c.content[:len(c.content)/2])
			}
			return full
		}
		err := largeLog(4).backup(d)
		if count <= n {
			check(t, err)
			return
		}
		if !errors.Is(err, full) {
			t.Fatalf("without change %d: %v", n, err)
		}
		a, err := Open(dir)
		check(t, err)
		if a.Last() != largeLog(2).last() && a.Last() != largeLog(4).last() {
			t.Errorf("without change %d the archive goes to %d", n, a.Last())
		}
		if torn != "" {
			equal(t, filesIn(t, dir), filesIn(t, base))
		}
		repaired(t, dir, largeLog(5))
	}
}

func TestEverythingIsOnDiskBeforeTheBackupIsMadeAndInItsPlaceAfterwards(t *testing.T) {
	made, _ := stopped(t, archived(t, largeLog(1)), largeLog(3), -1)
	renaming, _ := made.commitment()
	if renaming == len(made) {
		t.Fatal("no backup was made")
	}
	for i, c := range made {
		if c.kind == wrote && !made[:renaming].durable(i) {
			t.Errorf("%s may be lost", c.file)
		}
		if c.kind == renamed && (i < renaming || !made.durable(i)) {
			t.Errorf("%s was moved too early, or may not be", c.file)
		}
	}
}
