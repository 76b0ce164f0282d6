//go:build linux

package eventstore

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// fullDisk is set to how the disk is made full where a test runs in a process of its own: this test binary again.
const fullDisk = "EVENTSTORE_TEST_FULL_DISK"

const (
	byMount = "mount" // a file system in memory, in a namespace in which only this process sees it
	byLimit = "limit" // no file may grow beyond a size, where the kernel forbids the former
)

// A disk that gets full, in two ways: the log leaves a reserve of it alone; and somebody else takes that too.
func TestADiskThatIsFull(t *testing.T) {
	kind := os.Getenv(fullDisk)
	if kind == "" {
		inItsOwnProcess(t)
		return
	}
	signal.Ignore(syscall.SIGXFSZ)
	d := &disk{kind: kind, dir: t.TempDir()}
	d.mount(t)
	t.Setenv("TMPDIR", d.dir)
	t.Run("the reserve is not touched", func(t *testing.T) { leavesItsReserve(t, d) })
	for pages := range int64(7) {
		t.Run(fmt.Sprintf("nothing is left but %d pages", pages), func(t *testing.T) { failsToWrite(t, d, pages*4096) })
	}
	t.Run("it stays full for some time", func(t *testing.T) { staysFull(t, d) })
	t.Run("a ledger is to be created", func(t *testing.T) { createsOnce(t, d) })

	bad := &disk{kind: byLimit, dir: d.dir} // which takes what it has, and no more
	for _, bytes := range []int64{0, 1, 700, 9500} {
		t.Run(fmt.Sprintf("no file grows by more than %d bytes", bytes), func(t *testing.T) { failsToWrite(t, bad, bytes) })
	}
	t.Run("no file grows for some time", func(t *testing.T) { staysFull(t, bad) })
	if kind == byMount {
		t.Run("no file can be made, and the server not started again", func(t *testing.T) { cannotStartAgain(t, d) })
	}
}

// inItsOwnProcess runs the test again where it can make a disk full.
func inItsOwnProcess(t *testing.T) {
	run := func(kind string, namespace *syscall.SysProcAttr) ([]byte, error) {
		child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
		child.Env = append(os.Environ(), fullDisk+"="+kind)
		child.SysProcAttr = namespace
		return child.CombinedOutput()
	}
	out, err := run(byMount, &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
	})
	_, started := errors.AsType[*exec.ExitError](err)
	if err != nil && (!started || strings.Contains(string(out), noMount)) {
		t.Logf("no disk can be mounted (%v): files are limited in size instead; for the whole test allow user namespaces", err)
		out, err = run(byLimit, nil)
	}
	t.Logf("%s", out)
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("it fails in its own process: %v", err)
	}
}

// disk is a place that can be made full.
type disk struct {
	kind string
	dir  string
}

const (
	diskSize = 64 << 20
	noMount  = "a file system in memory is needed, and cannot be mounted"
)

func (d *disk) mount(t *testing.T) {
	if d.kind == byLimit {
		return
	}
	if err := unix.Mount("tmpfs", d.dir, "tmpfs", 0, fmt.Sprintf("size=%d,nr_inodes=2000", diskSize)); err != nil {
		t.Fatalf("%s: %v", noMount, err)
	}
	t.Cleanup(func() { check(t, unix.Unmount(d.dir, unix.MNT_DETACH)) })
}

func (d *disk) ballast() string { return filepath.Join(d.dir, "ballast") }

// leave leaves that many bytes free, in whole pages; to be called when it is not full yet.
func (d *disk) leave(t *testing.T, bytes int64) {
	t.Helper()
	if d.kind == byLimit {
		d.limit(t, d.largest(t)+bytes)
		return
	}
	_ = os.Remove(d.ballast()) // of a test that failed
	free, known := freeSpace(d.dir)
	if !known {
		t.Fatal("it is not known how much is free")
	}
	file, err := os.Create(d.ballast())
	check(t, err)
	defer file.Close()
	check(t, unix.Fallocate(int(file.Fd()), 0, 0, max(int64(free)-bytes, 1)))
	if left, _ := freeSpace(d.dir); int64(left) > bytes {
		t.Fatalf("%d bytes are free, not %d", left, bytes)
	}
}

// release makes space.
func (d *disk) release(t *testing.T) {
	t.Helper()
	if d.kind == byLimit {
		d.limit(t, -1)
		return
	}
	check(t, os.Remove(d.ballast()))
}

func (d *disk) limit(t *testing.T, bytes int64) {
	limit := unix.Rlimit{Cur: uint64(bytes), Max: unix.RLIM_INFINITY} // of -1 nothing is limited
	check(t, unix.Prlimit(0, unix.RLIMIT_FSIZE, &limit, nil))
}

// largest returns the size of the largest file.
func (d *disk) largest(t *testing.T) (size int64) {
	check(t, filepath.WalkDir(d.dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			size = max(size, info.Size())
		}
		return err
	}))
	return size
}

// fill appends until it fails, and returns why and the command that failed.
func (s *stand) fill(bytes int) (failed string, err error) {
	for i := range diskSize / bytes {
		id := fmt.Sprintf("%s-%d", strings.ReplaceAll(s.Name()[strings.LastIndexByte(s.Name(), '/')+1:], "_", "-"), i)
		c, err := s.log.Append(s.Context(), []Entry{heavy(id, bytes)})
		s.told.answer(c, err, id)
		if err != nil {
			return id, err
		}
	}
	s.Fatal("the disk does not get full")
	return "", nil
}

// reads demands that all that is recorded can be read.
func (s *stand) reads() {
	s.Helper()
	s.compare()
	if _, err := s.log.Verify(s.Context(), 1, nil); err != nil {
		s.Error(err)
	}
}

func leavesItsReserve(t *testing.T, d *disk) {
	s := newStand(t)
	if d.kind == byLimit {
		s.log.options.spaceReserve = 1 << 60
	} else {
		d.leave(t, spaceReserve+200_000)
	}
	failed, err := s.fill(30_000)
	mustBe(t, err, ErrNotRecorded)
	if !strings.Contains(err.Error(), "KiB left") || !strings.Contains(err.Error(), s.log.options.Dir) || s.count() != len(s.stored(1)) {
		t.Errorf("after %d sendings of %d commits: %v", s.count(), len(s.stored(1)), err)
	}
	if free, _ := freeSpace(d.dir); free < spaceReserve {
		t.Errorf("%d bytes are left", free)
	}
	s.reads()
	o := s.log.options
	shut(t, s.log)
	s.log = open(t, o)
	s.reads()
	_, err = s.log.Append(t.Context(), []Entry{heavy(failed, 30_000)})
	mustBe(t, err, ErrNotRecorded)
	if d.kind == byLimit {
		s.log.options.spaceReserve = 0
	} else {
		d.release(t)
	}
	check(t, s.append(failed))
	s.settle()
}

// failsToWrite lets JetStream run into the end of the disk, in the middle of a record. JetStream does not answer then.
func failsToWrite(t *testing.T, d *disk, bytes int64) {
	s := newStand(t)
	s.log.options.spaceReserve = -1
	check(t, s.append("before"))
	d.leave(t, bytes)
	failed, err := s.fill(9000)
	mustBe(t, err, ErrNotRecorded)
	if err := s.append("small"); err != nil && !errors.Is(err, ErrNotRecorded) {
		t.Error(err)
	}
	s.reads()
	d.release(t)
	check(t, s.append(failed))
	s.reads()
	s.settle()
}

// staysFull tries again and again, and opens the ledger meanwhile.
func staysFull(t *testing.T, d *disk) {
	s := newStand(t)
	s.log.options.spaceReserve = -1
	check(t, s.append("before"))
	d.leave(t, 3*4096)
	failed, err := s.fill(9000)
	mustBe(t, err, ErrNotRecorded)
	for range 3 {
		c, err := s.log.Append(t.Context(), []Entry{heavy(failed, 9000)})
		mustBe(t, err, ErrNotRecorded)
		s.told.answer(c, err, failed)
		s.reads()
	}
	o := s.log.options
	shut(t, s.log)
	s.log = open(t, o)
	s.told.again()
	s.reads()
	d.release(t)
	check(t, s.append(failed))
	s.settle()
}

// cannotStartAgain: whether a commit was recorded is not known before the server can be started.
func cannotStartAgain(t *testing.T, d *disk) {
	for _, recorded := range []bool{true, false} {
		s := newStand(t)
		check(t, s.append("before"))
		s.from(fate{request: lost})
		if recorded {
			s.from(fate{answer: lost})
		}
		var files []string
		for {
			path := filepath.Join(d.dir, fmt.Sprint("file-", len(files)))
			if err := os.WriteFile(path, nil, filePerm); errors.Is(err, syscall.ENOSPC) {
				break
			} else {
				check(t, err)
			}
			files = append(files, path)
		}
		mustBe(t, s.append("ours"), ErrUnknown)
		mustBe(t, s.append("next"), ErrUnknown)
		_, _, err := s.log.Find(t.Context(), "ours")
		mustBe(t, err, ErrUnknown)
		if err := s.log.Read(t.Context(), 1, func(Commit) error { return nil }); err == nil || errors.As(err, new(*Damage)) {
			t.Errorf("without a server it is read, or damaged: %v", err)
		}
		delete(s.told.unknown, "next") // of which nothing was sent
		for _, path := range files {
			check(t, os.Remove(path))
		}
		s.from(fate{})
		readAll(t, s.log, 1)
		if s.isRecorded("next") {
			t.Error("what was never sent is recorded")
		}
		s.settle()
	}
}

// createsOnce creates a ledger on a disk that gets full on the way, and then on one that has space.
func createsOnce(t *testing.T, d *disk) {
	for pages := range int64(14) {
		dir := t.TempDir()
		o := options(dir)
		o.spaceReserve = -1
		d.leave(t, pages*4096)
		l, _, err := Create(soon(t), o, signedFounding())
		d.release(t)
		switch {
		case err == nil:
			shut(t, l)
			l, err = Open(soon(t), o)
		case errors.Is(err, ErrUnknown), errors.Is(err, ErrNotRecorded):
			t.Logf("%d pages: %v", pages, err)
			fallthrough
		default:
			l, _, err = Create(soon(t), o, signedFounding())
			if errors.Is(err, ErrExists) {
				l, err = Open(soon(t), o)
			}
		}
		if err != nil {
			t.Errorf("%d pages: %v", pages, err)
			continue
		}
		appendMany(t, l, 1)
		if _, err := l.Verify(t.Context(), 1, nil); err != nil || l.Next() != 4 {
			t.Errorf("%d pages: next is %d, %v", pages, l.Next(), err)
		}
		shut(t, l)
	}
}
