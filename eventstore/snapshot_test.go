package eventstore

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
)

// snapshotsIn are those of the test ledger in a directory, sealed with a key.
func snapshotsIn(dir string, key ed25519.PrivateKey) snapshots {
	return snapshots{
		dir: dir, ledger: testLedger, generation: 1,
		seal: func(digest [32]byte) []byte { return ed25519.Sign(key, digest[:]) },
		sealed: func(digest [32]byte, seal []byte) bool {
			return ed25519.Verify(key.Public().(ed25519.PublicKey), digest[:], seal)
		},
		program: func() ([32]byte, error) { return sha256.Sum256([]byte("this program")), nil },
	}
}

var testKey = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))

// part is a section with that content.
func part(name string, content []byte) snapshotPart {
	return snapshotPart{name, func(w io.Writer) error {
		for len(content) > 0 { // in pieces that are no chunks
			n := min(len(content), 300_000)
			if err := write(w, content[:n]); err != nil {
				return err
			}
			content = content[n:]
		}
		return nil
	}}
}

// noise is content that is not to be mistaken for other content.
func noise(seed uint64, size int) []byte {
	b := make([]byte, size)
	rand.NewChaCha8([32]byte{byte(seed)}).Read(b)
	return b
}

// headerOf is the header of a snapshot of all that is in an index.
func headerOf(x *logIndex) snapshotHeader {
	return snapshotHeader{Number: x.commits.upcoming() - 1, Sequence: uint64(x.commits.count), Root: "root", Frontier: []byte("frontier"), Time: testTime}
}

func headAt(x *logIndex) Head {
	h := headerOf(x)
	return Head{Ledger: testLedger, Generation: 1, Number: h.Number, Sequence: h.Sequence, Root: h.Root}
}

// writeSnapshot writes the index and two parts, and has the index go on from what was written.
func writeSnapshot(t testing.TB, s snapshots, x *logIndex, state, views []byte) {
	t.Helper()
	sorted, err := s.write(headerOf(x), x.freeze(), part("state", state), part("views", views))
	check(t, err)
	check(t, x.adopt(sorted))
	t.Cleanup(func() { x.close() })
}

func someIndex(t testing.TB, commands int) *logIndex {
	t.Helper()
	x := &logIndex{}
	for i := range commands {
		added(t, x, []string{fmt.Sprint("c-", i)})
	}
	return x
}

// use opens the snapshot and reads all of it, as a start does.
func use(s snapshots, head Head, parts ...string) (x *logIndex, contents map[string][]byte, err error) {
	snap, err := s.open(head)
	if err != nil {
		return nil, nil, err
	}
	defer snap.close()
	contents = map[string][]byte{}
	for _, name := range parts {
		if contents[name], err = snap.readWhole(name); err != nil {
			return nil, nil, err
		}
	}
	x, err = snap.readIndex()
	return x, contents, err
}

func TestASnapshotComesBackAsItWasWritten(t *testing.T) {
	for _, size := range []int{0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 5*chunkSize + 3} {
		s, x := snapshotsIn(t.TempDir(), testKey), someIndex(t, size/1000)
		state, views := noise(1, size), noise(2, size/2)
		writeSnapshot(t, s, x, state, views)
		added(t, x, []string{"later"})
		got, contents, err := use(s, headAt(x), "state", "views")
		check(t, err)
		if !bytes.Equal(contents["state"], state) || !bytes.Equal(contents["views"], views) {
			t.Errorf("%d bytes came back as others", size)
		}
		for i := range size / 1000 {
			mustFind(t, got, fmt.Sprint("c-", i), int64(i)+1)
		}
		mustFind(t, got, "later", 0)
		added(t, got, []string{"later"})
		mustFind(t, got, "later", int64(size/1000)+1)
		check(t, got.close())
	}
}

func TestTheHeaderComesBack(t *testing.T) {
	s, x := snapshotsIn(t.TempDir(), testKey), someIndex(t, 5)
	writeSnapshot(t, s, x, nil, nil)
	snap, err := s.open(headAt(x))
	check(t, err)
	defer snap.close()
	h, want := snap.header, headerOf(x)
	if h.Number != 5 || h.Sequence != 5 || h.Root != want.Root || !bytes.Equal(h.Frontier, want.Frontier) || !h.Time.Equal(want.Time) {
		t.Errorf("got %+v, want %+v", h, want)
	}
}

// TestASnapshotThatMayNotBeUsedSaysWhy has every reason for which a snapshot is not used. Whatever it is, the ledger can
// be rebuilt and the next snapshot takes the place of the bad one.
func TestASnapshotThatMayNotBeUsedSaysWhy(t *testing.T) {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, ed25519.SeedSize))
	for name, c := range map[string]struct {
		spoil func(t *testing.T, s *snapshots, head *Head)
		want  error
	}{
		"there is none": {func(t *testing.T, s *snapshots, _ *Head) { check(t, os.Remove(s.path())) }, errSnapshotMissing},
		"it is a directory": {func(t *testing.T, s *snapshots, _ *Head) {
			check(t, os.Remove(s.path()))
			check(t, os.Mkdir(s.path(), 0o755))
		}, errSnapshotShort},
		"it is empty":          {rewritten(func(b []byte) []byte { return nil }), errSnapshotShort},
		"its end is missing":   {rewritten(func(b []byte) []byte { return b[:len(b)-1] }), errSnapshotShort},
		"half is missing":      {rewritten(func(b []byte) []byte { return b[:len(b)/2] }), errSnapshotShort},
		"a byte was taken out": {rewritten(func(b []byte) []byte { return slices.Delete(b, 9000, 9001) }), errSnapshotChanged},
		"a byte was put in":    {rewritten(func(b []byte) []byte { return slices.Insert(b, 9000, 'x') }), errSnapshotChanged},
		"its lengths are nonsense": {rewritten(func(b []byte) []byte {
			lengths := b[len(b)-tailSize:]
			lengths[7], lengths[15] = 0x80, 0x80 // half of all numbers, each
			return b
		}), errSnapshotChanged},
		"it goes on": {rewritten(func(b []byte) []byte { return append(b, 0) }), errSnapshotShort},
		"the header was edited": {rewritten(func(b []byte) []byte {
			return bytes.Replace(b, []byte(`"number":1000`), []byte(`"number":1001`), 1)
		}), errSnapshotChanged},
		"the header was edited, and its sum": {rewritten(func(b []byte) []byte {
			return resealed(t, b, func(header string) string { return strings.Replace(header, `"number":1000`, `"number":0999`, 1) }, nil)
		}), errSnapshotProgram},
		"the header was edited well, and its sum": {rewritten(func(b []byte) []byte {
			return resealed(t, b, func(header string) string { return strings.Replace(header, `"root":"root"`, `"root":"ROOT"`, 1) }, nil)
		}), errSnapshotSeal},
		"it was sealed with another key": {rewritten(func(b []byte) []byte {
			return resealed(t, b, func(header string) string { return header }, key)
		}), errSnapshotSeal},
		"another key is the ledger's": {func(_ *testing.T, s *snapshots, _ *Head) { s.sealed = snapshotsIn("", key).sealed }, errSnapshotSeal},
		"a section was edited":        {rewritten(func(b []byte) []byte { b[len(b)/2] ^= 1; return b }), errSnapshotChanged},
		"it is of another ledger": {func(t *testing.T, s *snapshots, _ *Head) {
			before := s.path()
			s.ledger = "berkshire"
			check(t, os.Rename(before, s.path()))
		}, errSnapshotLedger},
		"it is of another generation":      {func(_ *testing.T, s *snapshots, _ *Head) { s.generation = 2 }, errSnapshotGeneration},
		"another program wrote it":         {func(_ *testing.T, s *snapshots, _ *Head) { s.program = snapshots{}.programSum }, errSnapshotProgram},
		"the program cannot be read":       {func(_ *testing.T, s *snapshots, _ *Head) { s.program = unreadableProgram }, errSnapshotUnreadable},
		"the head is behind it":            {func(_ *testing.T, _ *snapshots, h *Head) { h.Number-- }, errSnapshotAhead},
		"the stream is behind it":          {func(_ *testing.T, _ *snapshots, h *Head) { h.Number++; h.Sequence-- }, errSnapshotAhead},
		"the head has it at another place": {func(_ *testing.T, _ *snapshots, h *Head) { h.Sequence++ }, errSnapshotAhead},
		"the head has another root":        {func(_ *testing.T, _ *snapshots, h *Head) { h.Root = "another" }, errSnapshotOther},
		"it may not be read":               {func(t *testing.T, s *snapshots, _ *Head) { s.dir = "/dev/null" }, errSnapshotUnreadable},
		"it has no section of the index":   {func(t *testing.T, s *snapshots, h *Head) { writeParts(t, *s, *h, sectionCommits, sectionFilter) }, errSnapshotProgram},
		"its index is shorter than it says": {func(t *testing.T, s *snapshots, h *Head) {
			writeParts(t, *s, *h, sectionCommits, sectionFilter, sectionCommands)
		}, errSnapshotProgram},
	} {
		t.Run(name, func(t *testing.T) {
			s, x := snapshotsIn(t.TempDir(), testKey), someIndex(t, 1000)
			writeSnapshot(t, s, x, noise(1, 10*chunkSize), noise(2, 100))
			head := headAt(x)
			c.spoil(t, &s, &head)
			_, _, err := use(s, head, "state", "views")
			if !errors.Is(err, c.want) || !errors.Is(err, errSnapshot) {
				t.Fatalf("error is %v, want %v", err, c.want)
			}
			t.Log(err)
		})
	}
}

// rewritten spoils the file itself.
func rewritten(edit func([]byte) []byte) func(*testing.T, *snapshots, *Head) {
	return func(t *testing.T, s *snapshots, _ *Head) { writeFile(t, s.path(), edit(readFile(t, s.path()))) }
}

// resealed edits the header as someone would who knows the format: every length and sum fits. Only without the key the
// seal does not.
func resealed(t testing.TB, whole []byte, edit func(string) string, key ed25519.PrivateKey) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "snapshot")
	writeFile(t, path, whole)
	file, err := os.Open(path)
	check(t, err)
	defer file.Close()
	header, seal, err := (&snapshot{file: file}).readHeader()
	check(t, err)
	before := whole[:len(whole)-tailSize-len(header)-len(seal)]
	header = []byte(edit(string(header)))
	if key != nil {
		digest := digestOf(header)
		seal = ed25519.Sign(key, digest[:])
	}
	return slices.Concat(before, header, seal, tailOf(header, seal))
}

func unreadableProgram() (sum [32]byte, err error) { return sum, os.ErrPermission }

// writeParts writes, with the ledger's own seal, a file with empty sections of these names.
func writeParts(t testing.TB, s snapshots, head Head, names ...string) {
	t.Helper()
	program, err := s.programSum()
	check(t, err)
	h := snapshotHeader{Ledger: s.ledger, Generation: s.generation, Number: head.Number, Sequence: head.Sequence, Root: head.Root, Commands: 1000, Program: program}
	for _, name := range append(names, "state", "views") {
		h.Sections = append(h.Sections, snapshotSection{Name: name, Offset: pageSize})
	}
	header := marshal(t, h)
	seal := s.seal(digestOf(header))
	writeFile(t, s.path(), slices.Concat(firstPage(), header, seal, tailOf(header, seal)))
}

// TestAByteThatWasChangedAnywhereIsFound changes bytes of every part of a snapshot, and cuts it off in every part.
func TestAByteThatWasChangedAnywhereIsFound(t *testing.T) {
	s, x := snapshotsIn(t.TempDir(), testKey), someIndex(t, 30)
	writeSnapshot(t, s, x, noise(1, 3000), nil)
	head := headAt(x)
	whole := readFile(t, s.path())
	for i := 0; i < len(whole); i += 5 {
		whole[i] ^= 1 << (i % 8)
		writeFile(t, s.path(), whole)
		if _, _, err := use(s, head, "state", "views"); !errors.Is(err, errSnapshot) {
			t.Fatalf("byte %d of %d was changed: %v", i, len(whole), err)
		}
		whole[i] ^= 1 << (i % 8)
	}
	for n := 0; n < len(whole); n += 17 {
		writeFile(t, s.path(), whole[:n])
		if _, _, err := use(s, head, "state", "views"); !errors.Is(err, errSnapshot) {
			t.Fatalf("cut off after %d of %d bytes: %v", n, len(whole), err)
		}
	}
	writeFile(t, s.path(), whole)
	got, _, err := use(s, head, "state", "views")
	check(t, err)
	check(t, got.close())
}

func TestNothingIsGivenOutThatWasNotVerified(t *testing.T) {
	s, x := snapshotsIn(t.TempDir(), testKey), someIndex(t, 10)
	state := noise(1, 20*chunkSize)
	writeSnapshot(t, s, x, state, nil)
	whole := readFile(t, s.path())
	at := bytes.Index(whole, state[12*chunkSize:12*chunkSize+100])
	whole[at+50] ^= 1
	writeFile(t, s.path(), whole)

	snap, err := s.open(headAt(x))
	check(t, err)
	defer snap.close()
	var seen bytes.Buffer
	err = snap.read("state", func(r io.Reader, _ int64) error {
		_, err := io.Copy(&seen, r)
		return err
	})
	if !errors.Is(err, errSnapshotChanged) || !bytes.Equal(seen.Bytes(), state[:12*chunkSize]) {
		t.Errorf("%d bytes were given out, want %d; %v", seen.Len(), 12*chunkSize, err)
	}
	err = snap.read("state", func(r io.Reader, _ int64) error { return nil })
	if !errors.Is(err, errSnapshotChanged) {
		t.Errorf("what is not read is not verified: %v", err)
	}
}

func TestAReaderOfASectionMayGiveUp(t *testing.T) {
	s, x := snapshotsIn(t.TempDir(), testKey), someIndex(t, 10)
	writeSnapshot(t, s, x, noise(1, 20*chunkSize), nil)
	snap, err := s.open(headAt(x))
	check(t, err)
	defer snap.close()
	err = snap.read("state", func(r io.Reader, _ int64) error {
		if _, err := io.ReadFull(r, make([]byte, 10)); err != nil {
			return err
		}
		return errors.New("it is no state")
	})
	if !errors.Is(err, errSnapshotUnreadable) || !strings.Contains(err.Error(), "it is no state") {
		t.Error(err)
	}
}

// TestASnapshotThatIsNotFinishedLeavesTheOneBefore has every state of the directory in which a crash can leave it while
// the second snapshot is written, and every kind of write that fails.
func TestASnapshotThatIsNotFinishedLeavesTheOneBefore(t *testing.T) {
	dir := t.TempDir()
	s, x := snapshotsIn(dir, testKey), someIndex(t, 1000)
	writeSnapshot(t, s, x, []byte("the first"), nil)
	first := readFile(t, s.path())
	added(t, x, []string{"later"})
	writeSnapshot(t, s, x, []byte("the second"), nil)
	second := readFile(t, s.path())
	head := headAt(x)

	mustHold := func(want string) {
		t.Helper()
		got, contents, err := use(s, head, "state")
		check(t, err)
		defer got.close()
		if string(contents["state"]) != want {
			t.Fatalf("the snapshot holds %q, want %q", contents["state"], want)
		}
	}
	for written := 0; written <= len(second); written += 1 + len(second)/50 {
		check(t, os.Remove(s.path()))
		writeFile(t, s.path(), first)
		writeFile(t, s.path()+".new", second[:written]) // before the rename
		mustHold("the first")
		writeSnapshot(t, s, x, []byte("the second"), nil) // after the restart
		mustHold("the second")
	}

	broken := errors.New("the state cannot be written")
	for name, spoil := range map[string]func(s *snapshots, parts []snapshotPart){
		"a part fails at once": func(_ *snapshots, p []snapshotPart) { p[0].Write = func(io.Writer) error { return broken } },
		"a part fails in the midst": func(_ *snapshots, p []snapshotPart) {
			p[0].Write = func(w io.Writer) error { return errors.Join(write(w, noise(3, 3*chunkSize)), broken) }
		},
		"the program cannot be read": func(s *snapshots, _ []snapshotPart) { s.program = unreadableProgram },
	} {
		failing, parts := s, []snapshotPart{part("state", nil), part("views", nil)}
		spoil(&failing, parts)
		if _, err := failing.write(headerOf(x), x.freeze(), parts...); !errors.Is(err, broken) && !errors.Is(err, os.ErrPermission) {
			t.Errorf("%s: %v", name, err)
		}
		mustHold("the second")
		if left, err := filepath.Glob(filepath.Join(dir, "snapshots", "*.new")); len(left) > 0 || err != nil {
			t.Errorf("%s: %v is left, %v", name, left, err)
		}
	}
	added(t, x, []string{"last"})
	head = headAt(x)
	writeSnapshot(t, s, x, []byte("the last"), nil)
	mustHold("the last")
	mustFind(t, x, "last", 1002)
}

func TestTheSumOfTheProgramIsThatOfItsFile(t *testing.T) {
	path, err := os.Executable()
	check(t, err)
	sum, err := executableSum()
	check(t, err)
	if sum != sha256.Sum256(readFile(t, path)) {
		t.Errorf("sum is %x", sum)
	}
}

// FuzzSnapshot opens any file. Nothing but what this ledger's key sealed is ever used.
func FuzzSnapshot(f *testing.F) {
	s, x := snapshotsIn(f.TempDir(), testKey), &logIndex{}
	for i := range 200 {
		added(f, x, []string{fmt.Sprint("c-", i)})
	}
	writeSnapshot(f, s, x, []byte("state"), []byte("views"))
	head := headAt(x)
	whole := readFile(f, s.path())
	f.Add(whole)
	f.Add(whole[:len(whole)-tailSize])
	f.Fuzz(func(t *testing.T, b []byte) {
		writeFile(t, s.path(), b)
		got, _, err := use(s, head, "state", "views")
		if err != nil && !errors.Is(err, errSnapshot) {
			t.Fatal(err)
		}
		if err == nil {
			check(t, got.close())
			if !bytes.Equal(b, whole) {
				t.Fatal("a file is used that was not written")
			}
		}
	})
}

// BenchmarkSnapshot writes and reads half a gigabyte of state and views, without an index. What is read is verified, and
// copied once.
func BenchmarkSnapshot(b *testing.B) {
	const size = 500_000_000
	s, x := snapshotsIn(b.TempDir(), testKey), &logIndex{}
	content, into := noise(1, size), noise(1, size)
	b.Run("sha256 of it on one core", func(b *testing.B) {
		b.SetBytes(size)
		for b.Loop() {
			sha256.Sum256(content)
		}
	})
	b.Run("write", func(b *testing.B) {
		b.SetBytes(size)
		for b.Loop() {
			writeSnapshot(b, s, x, content, nil)
		}
	})
	b.Run("write and fsync it plainly", func(b *testing.B) {
		b.SetBytes(size)
		for b.Loop() {
			check(b, writeSynced(filepath.Join(b.TempDir(), "plain"), content))
		}
	})
	b.Run("verify", func(b *testing.B) {
		benchmarkRead(b, s, headAt(x), size, func(r io.Reader) error { _, err := io.Copy(io.Discard, r); return err })
	})
	b.Run("verify and copy", func(b *testing.B) {
		benchmarkRead(b, s, headAt(x), size, func(r io.Reader) error { _, err := io.ReadFull(r, into); return err })
	})
}

func benchmarkRead(b *testing.B, s snapshots, head Head, size int64, read func(io.Reader) error) {
	b.SetBytes(size)
	for b.Loop() {
		snap, err := s.open(head)
		check(b, err)
		check(b, snap.read("state", func(r io.Reader, _ int64) error { return read(r) }))
		check(b, snap.close())
	}
}

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	check(t, err)
	return b
}
