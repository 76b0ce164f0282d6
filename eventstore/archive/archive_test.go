package archive

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"
)

func TestWhatIsArchivedIsReadBackByteForByte(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		dir := t.TempDir()
		var l testLog
		for range rapid.IntRange(1, 3).Draw(r, "backups") {
			for range rapid.IntRange(0, 5).Draw(r, "commits") {
				l = append(l, drawCommit(r, l.last()+1))
			}
			check(r, l.backup(disk{dir: dir}))
		}
		holds(r, dir, l)
	})
}

// drawCommit draws any commit that the frame allows, signed or not.
func drawCommit(r *rapid.T, first int64) Commit {
	line := rapid.StringMatching(`[^\n\]][^\n]{0,40}`)
	lines := rapid.SliceOfN(line, 1, 4).Draw(r, "lines")
	lines[0] += strings.Repeat("y", rapid.SampledFrom([]int{0, 0, 0, 300 << 10, 900 << 10}).Draw(r, "filler"))
	c := Commit{First: first, Events: len(lines), Body: []byte("[\n" + strings.Join(lines, ",\n") + "\n]")}
	if rapid.Bool().Draw(r, "signed") {
		token := rapid.StringMatching(`[!-~]{2,100}`)
		c.Root, c.Signatures = token.Draw(r, "root"), rapid.SliceOfN(token, 1, 2).Draw(r, "signatures")
	}
	return c
}

func TestWhatIsArchivedIsNeverWrittenAgain(t *testing.T) {
	dir := archived(t, largeLog(3))
	infos := map[string]os.FileInfo{}
	for _, file := range filesIn(t, dir) {
		info, err := os.Stat(filepath.Join(dir, file))
		check(t, err)
		infos[file] = info
	}
	before := copyOf(t, dir)
	backupIn(t, dir, largeLog(5))
	kept := 0
	for file, old := range infos {
		if filepath.Dir(file) == "." {
			continue
		}
		now, err := os.Stat(filepath.Join(dir, file))
		check(t, err)
		if !os.SameFile(old, now) || !old.ModTime().Equal(now.ModTime()) {
			t.Errorf("%s is another file", file)
		}
		if !bytes.Equal(readFile(t, dir, file), readFile(t, before, file)) {
			t.Errorf("%s has changed", file)
		}
		kept++
	}
	if kept != 6 {
		t.Errorf("there were %d files of segments, not 6", kept)
	}
}

func TestABackupOfNothingNewWritesNothing(t *testing.T) {
	dir := archived(t, largeLog(1))
	var written []change
	d := disk{dir: dir, before: func(c change) error {
		if c.kind == wrote || c.kind == renamed || c.kind == removed {
			written = append(written, c)
		}
		return nil
	}}
	check(t, largeLog(1).backup(d))
	if len(written) > 0 {
		t.Errorf("it did %v", written)
	}
}

func TestASegmentIsFullAtOneMebibyte(t *testing.T) {
	var l testLog
	for n := range int64(40_000) {
		l = append(l, Commit{First: n + 1, Events: 1, Body: []byte("[\n{\"event\":\"with a few words\"}\n]"), Root: "root", Signatures: []string{"signature"}})
	}
	a, err := Open(archived(t, l))
	check(t, err)
	segments := a.manifest.Segments
	if len(segments) < 2 {
		t.Fatalf("there is only %d segment", len(segments))
	}
	for _, e := range segments {
		full := max(e.Bodies.Raw, e.Signatures.Raw) > maxRaw-2*maxLine
		if e.Bodies.Raw > maxRaw || e.Signatures.Raw > maxRaw || !full && e.Last != a.Last() {
			t.Errorf("the segment at %d has %d bytes of bodies and %d of signatures", e.First, e.Bodies.Raw, e.Signatures.Raw)
		}
	}
}

func TestReadingBeginsAtAnyNumber(t *testing.T) {
	l := largeLog(2).with(1, 50).with(4, 50).with(1, 50)
	a, err := Open(archived(t, l))
	check(t, err)
	for from := int64(-1); from <= l.last()+2; from++ {
		var want testLog
		for _, c := range l {
			if c.Last() >= from {
				want = append(want, c)
			}
		}
		equal(t, commits(t, a, from), want)
	}
}

func TestSegmentsAreTakenApartByManyWorkers(t *testing.T) {
	l := largeLog(20)
	a, err := Open(archived(t, l))
	check(t, err)
	var mu sync.Mutex
	found := map[int64]Commit{} // guarded by mu
	work := make(chan *Segment)
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			for s := range work {
				err := s.Commits(func(c Commit) error {
					c.Body = bytes.Clone(c.Body)
					mu.Lock()
					defer mu.Unlock()
					found[c.First] = c
					return nil
				})
				s.Release()
				s.Release()
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	next := int64(1)
	check(t, a.Segments(t.Context(), 1, func(s *Segment) error {
		if s.First() != next {
			t.Errorf("segment %d came where %d must follow", s.First(), next)
		}
		next = s.Last() + 1
		work <- s
		return nil
	}))
	close(work)
	workers.Wait()
	var got testLog
	for _, c := range l {
		got = append(got, found[c.First])
	}
	equal(t, got, l)
}

func TestReadingEndsWithTheReadersError(t *testing.T) {
	a, err := Open(archived(t, largeLog(12)))
	check(t, err)
	enough := errors.New("enough")
	seen := 0
	err = a.Commits(t.Context(), 1, func(Commit) error {
		if seen++; seen == 3 {
			return enough
		}
		return nil
	})
	if err != enough || seen != 3 {
		t.Errorf("after %d commits: %v", seen, err)
	}
}

func TestReadingEndsWithItsContext(t *testing.T) {
	a, err := Open(archived(t, largeLog(12)))
	check(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	seen := 0
	err = a.Segments(ctx, 1, func(*Segment) error {
		if seen++; seen == 3 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || seen != 3 {
		t.Errorf("after %d segments: %v", seen, err)
	}
}

func TestAnArchiveThatIsOpenIsNotDisturbedByABackup(t *testing.T) {
	dir := archived(t, largeLog(3))
	a, err := Open(dir)
	check(t, err)
	backupIn(t, dir, largeLog(6))
	equal(t, commits(t, a, 1), largeLog(3))
}

func TestAnArchiveIsOpenedWhileBackupsAreMade(t *testing.T) {
	l := testLog(nil).with(1, 50)
	base := archived(t, l)
	var made recording // of many backups, to be made again without their fsyncs, which would leave little to get between
	recorder := copyOf(t, base)
	for range 10 {
		l = l.with(1, 50)
		changes, _ := stopped(t, recorder, l, -1)
		made = append(made, changes...)
	}
	for range 20 {
		dir := copyOf(t, base)
		var writing sync.WaitGroup
		writing.Go(func() { made.replay(t, dir, nil) })
		for last := int64(0); last < l.last(); {
			a, err := Open(dir)
			if err == nil {
				err = a.Commits(t.Context(), last, func(Commit) error { return nil })
			}
			if err != nil || a.Last() < last {
				writing.Wait()
				t.Fatalf("after number %d: %v", last, err)
			}
			last = a.Last()
		}
		writing.Wait()
	}
}

func TestAnEmptyLogHasAnArchive(t *testing.T) {
	dir := archived(t, nil)
	backupIn(t, dir, largeLog(2))
}

func TestAnArchiveCanLoseItsEmptyFolders(t *testing.T) {
	dir := archived(t, nil)
	check(t, os.Remove(filepath.Join(dir, segmentFolder)))
	check(t, os.Remove(filepath.Join(dir, signatureFolder)))
	holds(t, dir, nil)
	backupIn(t, dir, largeLog(1))
}

func TestThereIsNoArchiveInAnEmptyOrMissingDirectory(t *testing.T) {
	dir := t.TempDir()
	for _, dir := range []string{dir, filepath.Join(dir, "missing")} {
		if _, err := Open(dir); !errors.Is(err, ErrNone) {
			t.Error(err)
		}
	}
}

func TestASegmentIsAStreamOfJSONArrays(t *testing.T) {
	l := testLog(nil).with(3, 100).with(1, 100)
	dir := archived(t, l)
	decoder, err := zstd.NewReader(bytes.NewReader(readFile(t, dir, segmentName(1))))
	check(t, err)
	defer decoder.Close()
	stream := jsontext.NewDecoder(decoder)
	for _, c := range l {
		value, err := stream.ReadValue()
		check(t, err)
		if value.Kind() != '[' || !bytes.Equal(value, c.Body) {
			t.Errorf("read %s", value)
		}
	}
}

func TestSizeCountsWhatIsThere(t *testing.T) {
	l := largeLog(2)
	dir := archived(t, l)
	a, err := Open(dir)
	check(t, err)
	raw, compressed := a.Size()
	var bodies, files int64
	for _, c := range l {
		bodies += int64(len(c.Body) + 1 + len(c.appendSeal(nil)))
	}
	for _, folder := range []string{segmentFolder, signatureFolder} {
		for _, file := range filesIn(t, filepath.Join(dir, folder)) {
			files += int64(len(readFile(t, dir, folder, file)))
		}
	}
	if raw != bodies || compressed != files {
		t.Errorf("%d and %d bytes, not %d and %d", raw, compressed, bodies, files)
	}
}
