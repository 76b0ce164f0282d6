package archive

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const testLedger = "oxfordshire"

// A testLog is a log to archive: its commits in order.
type testLog []Commit

func (l testLog) last() int64 {
	if len(l) == 0 {
		return 0
	}
	return l[len(l)-1].Last()
}

func (l testLog) source() Source {
	return Source{Ledger: testLedger, Generation: 1, Last: l.last(), Commit: l.commit}
}

func (l testLog) commit(first int64) (Commit, error) {
	for _, c := range l {
		if c.First == first {
			return c, nil
		}
	}
	return Commit{}, nil
}

// with returns the log with one more commit: so many events, lines of so many bytes.
func (l testLog) with(events, size int) testLog {
	first := l.last() + 1
	var lines []string
	for n := range int64(events) {
		line := fmt.Sprintf(`{"number":%d,"filler":"`, first+n)
		lines = append(lines, line+strings.Repeat("x", max(0, size-len(line)-2))+`"}`)
	}
	body := []byte("[\n" + strings.Join(lines, ",\n") + "\n]")
	c := Commit{First: first, Events: events, Body: body, Root: fmt.Sprintf("root%d=", first), Signatures: []string{fmt.Sprintf("0a:%d", first)}}
	return append(slices.Clip(l), c)
}

// large is the line of an event so large that there is one commit to a segment.
const large = maxRaw/2 + 1

// largeLog is a log of so many segments, each of one commit with two events.
func largeLog(segments int) testLog {
	var l testLog
	for range segments {
		l = l.with(2, large/2)
	}
	return l
}

func (l testLog) trailer() Trailer {
	t := Trailer{Keys: []Key{{1, "pcnledger/oxfordshire+0a+AAAA"}}}
	for _, c := range l[max(0, len(l)-20):] {
		t.Checkpoints = append(t.Checkpoints, fmt.Appendf(nil, "pcnledger/oxfordshire/g1\n%d\nroot\n\n— pcnledger/oxfordshire AAAA\n", c.Last()))
	}
	return t
}

// backup archives what the log has more than the archive.
func (l testLog) backup(d disk) error {
	w, err := openWriter(d, l.source())
	if err != nil {
		return err
	}
	for _, c := range l {
		if c.First <= w.Last() {
			continue
		}
		if err := w.Add(c); err != nil {
			w.Abort()
			return err
		}
	}
	return w.Close(l.trailer())
}

// backupIn archives the log in dir and checks that it can be read.
func backupIn(t testing.TB, dir string, l testLog) {
	t.Helper()
	check(t, l.backup(disk{dir: dir}))
	holds(t, dir, l)
}

// archived returns the directory of an archive of the log.
func archived(t testing.TB, l testLog) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "archive")
	backupIn(t, dir, l)
	return dir
}

// A tester is a test, of rapid too.
type tester interface {
	Helper()
	Errorf(string, ...any)
	Fatalf(string, ...any)
}

// holds checks that the archive holds exactly the log, with its trailer.
func holds(t tester, dir string, l testLog) {
	t.Helper()
	a, err := Open(dir)
	check(t, err)
	if a.Ledger() != testLedger || a.Last() != l.last() {
		t.Errorf("the archive is of ledger %s up to %d, not %s up to %d", a.Ledger(), a.Last(), testLedger, l.last())
	}
	equal(t, a.Trailer(), l.trailer())
	equal(t, commits(t, a, 1), l)
}

// commits reads the commits from number from on.
func commits(t tester, a *Archive, from int64) testLog {
	t.Helper()
	var l testLog
	check(t, a.Commits(context.Background(), from, func(c Commit) error {
		c.Body = bytes.Clone(c.Body)
		l = append(l, c)
		return nil
	}))
	return l
}

func equal[T any](t tester, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("found\n%.2000v\nnot\n%.2000v", got, want)
	}
}

func check(t tester, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v", err)
	}
}

func readFile(t testing.TB, path ...string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(path...))
	check(t, err)
	return content
}

func writeFile(t testing.TB, path string, content []byte) {
	t.Helper()
	check(t, os.WriteFile(path, content, filePerm))
}

// filesIn lists the files below dir, with slashes.
func filesIn(t testing.TB, dir string) []string {
	t.Helper()
	var files []string
	check(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(dir, path)
			files = append(files, filepath.ToSlash(name))
		}
		return err
	}))
	return files
}

// copyOf copies a directory.
func copyOf(t testing.TB, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	check(t, os.CopyFS(to, os.DirFS(dir)))
	return to
}

// random returns a source of random numbers that can be had again from what the test prints.
func random(t testing.TB) *rand.Rand {
	seed := rand.Uint64()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the random numbers began with %d", seed)
		}
	})
	return rand.New(rand.NewPCG(seed, 0))
}
