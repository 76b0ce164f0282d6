package eventstore

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAKilledWriterLeavesWhatWasAcknowledged(t *testing.T) {
	l := create(t)
	appendMany(t, l, 50)
	want := readAll(t, l, 1)
	left := open(t, options(copyOf(t, l.options.Dir))) // the log was not closed: JetStream has written no index
	if diff := cmp.Diff(want, readAll(t, left, 1)); diff != "" {
		t.Error(diff)
	}
	appendMany(t, left, 5)
	if left = reopen(t, left); left.Next() != 57 {
		t.Errorf("next is %d", left.Next())
	}
}

// A crash of the machine, unlike one of the process, can leave a part of a record that was never acknowledged.
func TestHalfARecordAtTheEndIsForgotten(t *testing.T) {
	l := create(t)
	appendMany(t, l, 5)
	shut(t, l)
	whole := readFile(t, filepath.Join(l.options.Dir, blockPath))
	record := whole[bytes.LastIndex(whole, []byte("ledger."+testLedger))-recordHead:]
	binary.LittleEndian.PutUint64(record[4:], 7)
	for name, rest := range map[string][]byte{
		"a byte":                    record[:1],
		"a record's head":           record[:recordHead],
		"all but the hash":          record[:len(record)-recordHash],
		"nought":                    make([]byte, len(record)),
		"a head, and nought behind": append(record[:recordHead:recordHead], make([]byte, len(record)-recordHead)...),
	} {
		t.Run(name, func(t *testing.T) {
			dir := copyOf(t, l.options.Dir)
			writeFile(t, filepath.Join(dir, blockPath), append(readFile(t, filepath.Join(dir, blockPath)), rest...))
			check(t, os.Remove(filepath.Join(dir, indexPath)))
			left := open(t, options(dir))
			if left.Next() != 7 {
				t.Errorf("next is %d", left.Next())
			}
			appendMany(t, left, 2)
			if left = reopen(t, left); left.Next() != 9 {
				t.Errorf("next is %d", left.Next())
			}
		})
	}
}

func TestAHeadThatIsBehindIsBroughtUp(t *testing.T) {
	l := create(t)
	appendMany(t, l, 10)
	shut(t, l)
	for _, behind := range []int64{1, 2, 11} {
		dir := copyOf(t, l.options.Dir)
		check(t, os.Remove(headFileOf(dir)))
		check(t, createHeadFile(headFileOf(dir), Head{Ledger: testLedger, Generation: 1, Number: 11 - behind, Sequence: uint64(11 - behind)}))
		left := open(t, options(dir))
		if left.Next() != 12 {
			t.Errorf("next is %d", left.Next())
		}
		shut(t, left)
		_, head, err := openHeadFile(headFileOf(dir))
		check(t, err)
		if diff := cmp.Diff(left.Head(), head); diff != "" {
			t.Error(diff)
		}
	}
}

func TestTheHeadOnDiskIsAtMostOneCommitBehind(t *testing.T) {
	l := create(t)
	for range 20 {
		appendMany(t, l, 1)
		file, head, err := openHeadFile(headFileOf(l.options.Dir))
		check(t, err)
		if now := l.Head(); head.Number < now.Number-1 || head.Sequence < now.Sequence-1 {
			t.Errorf("the head is at %+v, the log at %+v", head, now)
		}
		check(t, file.close())
	}
}

// A creation can be interrupted after each of its steps. Until the first commit is on disk it is as if it had not begun.
func TestAnInterruptedCreation(t *testing.T) {
	// begun makes what Create makes, up to the end of a step.
	begun := func(t *testing.T, dir string, steps ...func(*Log) error) {
		l, err := newLog(options(dir))
		check(t, err)
		for _, step := range steps {
			check(t, step(l))
		}
		shut(t, l)
	}
	head := func(l *Log) error { return l.beginHead() }
	server := func(l *Log) error { return l.startServer(t.Context()) }
	stream := func(l *Log) error { return l.createStream(t.Context()) }

	for name, leave := range map[string]func(t *testing.T, dir string){
		"with the directory": func(t *testing.T, dir string) {},
		"with the lock":      func(t *testing.T, dir string) { begun(t, dir) },
		"with half a head": func(t *testing.T, dir string) {
			begun(t, dir)
			check(t, os.Mkdir(filepath.Join(dir, "heads"), 0o700))
			writeFile(t, headFileOf(dir)+".new", []byte("12ab"))
		},
		"with the head":         func(t *testing.T, dir string) { begun(t, dir, head) },
		"with the server begun": func(t *testing.T, dir string) { begun(t, dir, head, server) },
		"with the stream":       func(t *testing.T, dir string) { begun(t, dir, head, stream) },
		"without the stream's checksum": func(t *testing.T, dir string) {
			begun(t, dir, head, stream)
			check(t, os.Remove(filepath.Join(dir, streamPath+"/meta.sum")))
		},
		"without the stream's settings": func(t *testing.T, dir string) {
			begun(t, dir, head, stream)
			check(t, os.Remove(filepath.Join(dir, streamPath+"/meta.inf")))
		},
		"with no more than its directory": func(t *testing.T, dir string) {
			begun(t, dir, head)
			check(t, os.MkdirAll(filepath.Join(dir, streamPath+"/msgs"), 0o700))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			leave(t, dir)
			_, err := Open(soon(t), options(dir))
			mustBe(t, err, ErrNoLedger)
			advice := "run init"
			if _, err := os.Stat(headFileOf(dir)); err == nil {
				advice = "creation was interrupted; run init again"
			}
			if !strings.Contains(err.Error(), advice) {
				t.Errorf("error is %v", err)
			}
			l := createIn(t, options(dir))
			appendMany(t, l, 3)
			if l = reopen(t, l); l.Next() != 5 {
				t.Errorf("next is %d", l.Next())
			}
		})
	}
}

func TestACreationInterruptedAfterItsCommit(t *testing.T) {
	l := create(t)
	shut(t, l)
	dir := l.options.Dir
	check(t, os.Remove(headFileOf(dir)))
	check(t, createHeadFile(headFileOf(dir), Head{Ledger: testLedger, Generation: 1, Number: 0, Sequence: 0}))

	_, _, err := Create(t.Context(), options(dir), founding())
	mustBe(t, err, ErrExists)
	if l = open(t, options(dir)); l.Next() != 2 || !find(t, l, "init") {
		t.Errorf("next is %d", l.Next())
	}
}

func TestAFirstEventThatCannotBeRecordedLeavesNoLedger(t *testing.T) {
	dir := t.TempDir()
	bad := created()
	bad.Data = nil
	if _, _, err := Create(t.Context(), options(dir), foundingWith(bad)); err == nil {
		t.Fatal("it is created")
	}
	if _, err := os.Stat(headFileOf(dir)); !os.IsNotExist(err) {
		t.Errorf("the head: %v", err)
	}
	createIn(t, options(dir))
}

// The process below is this test binary again. It opens the ledger whose directory it is given, appends until it is
// killed, and prints every command that was acknowledged.
const childDir = "EVENTSTORE_TEST_CHILD_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		child(dir)
	}
	os.Exit(m.Run())
}

func child(dir string) {
	ctx := context.Background()
	l, err := Open(ctx, options(dir))
	for err == nil {
		id := fmt.Sprint("c-", l.Next())
		fmt.Println(id) // acknowledged is all but the last
		_, err = l.Append(ctx, []Entry{entry(id)})
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func TestAnotherProcessHoldsTheDirectoryUntilItIsKilled(t *testing.T) {
	l := create(t)
	shut(t, l)
	for _, enough := range []int{1, 2, 150} {
		process := exec.Command(os.Args[0])
		process.Env = append(os.Environ(), childDir+"="+l.options.Dir)
		process.Stderr = os.Stderr
		out, err := process.StdoutPipe()
		check(t, err)
		check(t, process.Start())
		lines := bufio.NewScanner(out)
		var printed []string
		for len(printed) < enough && lines.Scan() {
			printed = append(printed, lines.Text())
		}
		_, err = Open(t.Context(), l.options)
		mustBe(t, err, ErrInUse)
		if !strings.Contains(err.Error(), "process "+strconv.Itoa(process.Process.Pid)) {
			t.Errorf("it does not say who: %v", err)
		}
		check(t, process.Process.Kill())
		for lines.Scan() {
			printed = append(printed, lines.Text())
		}
		_ = process.Wait()

		next := open(t, l.options)
		for _, id := range printed[:max(len(printed)-1, 0)] {
			if !find(t, next, id) {
				t.Errorf("%s was acknowledged and is gone", id)
			}
		}
		if got := len(readAll(t, next, 1)); int64(got) != next.Next()-1 {
			t.Errorf("%d commits for %d numbers", got, next.Next()-1)
		}
		shut(t, next)
	}
}
