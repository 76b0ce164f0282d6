package eventstore

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// damagedAt is how many commits, each of one number, the damaged ledgers have.
const damagedAt = 300

// hurry is a read timeout that a healthy disk does not reach with a log of this size.
const hurry = 2 * time.Second

func wholeLedger(t *testing.T) (dir string, commits []Commit) {
	l := create(t)
	appendMany(t, l, damagedAt-1)
	commits = readAll(t, l, 1)
	shut(t, l)
	return l.options.Dir, commits
}

func TestDamageIsFoundAndNamed(t *testing.T) {
	whole, commits := wholeLedger(t)
	block := func(dir string) string { return filepath.Join(streamDirOf(dir), "msgs", "1.blk") }
	inStream := func(dir, name string) string { return filepath.Join(streamDirOf(dir), name) }

	flip := func(path, at string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			content := readFile(t, filepath.Join(dir, path))
			i := bytes.Index(content, []byte(at))
			if i < 0 {
				t.Fatalf("%s has no %s", path, at)
			}
			content[i] ^= 1
			writeFile(t, filepath.Join(dir, path), content)
		}
	}
	rel := func(path func(string) string) string { p, _ := filepath.Rel(whole, path(whole)); return p }
	cut := func(t *testing.T, dir string) {
		info, err := os.Stat(block(dir))
		check(t, err)
		check(t, os.Truncate(block(dir), info.Size()-int64(2.5*float64(info.Size())/damagedAt)))
	}
	noIndex := func(t *testing.T, dir string) { check(t, os.Remove(inStream(dir, "msgs/index.db"))) }
	all := func(steps ...func(*testing.T, string)) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			for _, step := range steps {
				step(t, dir)
			}
		}
	}
	remove := func(path func(string) string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			if _, err := os.Stat(path(dir)); err != nil {
				t.Fatal(err)
			}
			check(t, os.RemoveAll(path(dir)))
		}
	}
	headSays := func(h Head) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			check(t, os.Remove(headFileOf(dir)))
			check(t, createHeadFile(headFileOf(dir), h))
		}
	}
	tear := func(slots ...int) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			content := readFile(t, headFileOf(dir))
			for _, slot := range slots {
				content[slot*slotSize+sumSize+20] ^= 1
			}
			writeFile(t, headFileOf(dir), content)
		}
	}

	for name, c := range map[string]struct {
		damage func(*testing.T, string)
		number int64 // the first that is gone; 0 if none can be named
	}{
		"a byte is flipped in the middle":                  {flip(rel(block), `"id":"c-150/1"`), 150},
		"a byte is flipped in the first commit":            {flip(rel(block), `"id":"init/1"`), 1},
		"a byte is flipped in the last commit":             {flip(rel(block), `"id":"c-300/1"`), 300},
		"a byte is flipped and the index is gone":          {all(flip(rel(block), `"id":"c-150/1"`), noIndex), 150},
		"a byte is flipped in the last and the index gone": {all(flip(rel(block), `"id":"c-300/1"`), noIndex), 300},
		"the block is cut off":                             {cut, 298},
		"the block is cut off and the index is gone":       {all(cut, noIndex), 298},
		"the block is empty":                               {func(t *testing.T, dir string) { check(t, os.Truncate(block(dir), 0)) }, 1},
		"the block is deleted":                             {remove(block), 1},
		"the block and the index are deleted":              {all(remove(block), noIndex), 1},
		"the blocks' directory is deleted":                 {remove(func(dir string) string { return inStream(dir, "msgs") }), 1},
		"the stream's directory is deleted":                {remove(streamDirOf), 1},
		"the stream's directory is emptied":                {all(remove(streamDirOf), func(t *testing.T, dir string) { check(t, os.Mkdir(streamDirOf(dir), 0o700)) }), 1},
		"the JetStream directory is deleted":               {remove(func(dir string) string { return filepath.Join(dir, "jetstream") }), 1},
		"the JetStream directory is emptied":               {remove(func(dir string) string { return filepath.Join(dir, "jetstream", "$G") }), 1},
		"a bit is flipped in the stream's settings":        {flip(rel(func(dir string) string { return inStream(dir, "meta.inf") }), `"name"`), 1},
		"the stream's settings are deleted":                {remove(func(dir string) string { return inStream(dir, "meta.inf") }), 1},
		"the settings' checksum is deleted":                {remove(func(dir string) string { return inStream(dir, "meta.sum") }), 1},
		"the head is torn in both halves":                  {tear(0, 1), 0},
		"the head is empty":                                {func(t *testing.T, dir string) { check(t, os.Truncate(headFileOf(dir), 0)) }, 0},
		"the head is deleted":                              {remove(headFileOf), 0},
		"the head is another ledger's":                     {headSays(Head{"berkshire", 1, 300, 300}), 0},
		"the head is of a later generation":                {headSays(Head{testLedger, 2, 300, 300}), 1},
		"the head is ahead of the stream":                  {headSays(Head{testLedger, 1, 301, 301}), 301},
		"the head gives the commit another number":         {headSays(Head{testLedger, 1, 299, 300}), 300},
		"the stream is an older one":                       {headSays(Head{testLedger, 1, 5000, 5000}), 301},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := copyOf(t, whole)
			c.damage(t, dir)
			head, _ := os.ReadFile(headFileOf(dir))
			mustBeDamaged(t, dir, c.number, commits)
			mustBeDamaged(t, dir, c.number, commits) // still: looking has not mended it

			if _, _, err := Create(soon(t), options(dir), created()); err == nil {
				t.Error("a new ledger is created over it")
			}
			if now, _ := os.ReadFile(headFileOf(dir)); !bytes.Equal(head, now) {
				t.Error("the head was changed")
			}
			mustBeDamaged(t, dir, c.number, commits)
		})
	}
}

// mustBeDamaged opens the ledger in dir and demands to be told of damage from the number on; what it reads before that
// must be what was recorded.
func mustBeDamaged(t *testing.T, dir string, number int64, commits []Commit) {
	t.Helper()
	o := options(dir)
	o.ReadTimeout = hurry
	read := 0
	_, err := OpenAndRead(soon(t), o, func(c Commit) error {
		if diff := cmp.Diff(commits[read], c); diff != "" {
			t.Error(diff)
		}
		read++
		return nil
	})
	damage, ok := errors.AsType[*Damage](err)
	if !ok {
		t.Fatalf("error is %v", err)
	}
	t.Log(damage)
	if damage.Number != number || damage.Ledger != testLedger || damage.What == "" || !strings.Contains(damage.Remedy, dir) {
		t.Errorf("it is not damage from number %d on, with a remedy: %+v", number, damage)
	}
	if errors.Is(err, ErrNoLedger) || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error is %v", err)
	}
}

func TestATornHalfOfTheHeadIsPassedOver(t *testing.T) {
	whole, _ := wholeLedger(t)
	for slot := range headSlots {
		dir := copyOf(t, whole)
		content := readFile(t, headFileOf(dir))
		content[slot*slotSize+sumSize+20] ^= 1
		writeFile(t, headFileOf(dir), content)
		l := open(t, options(dir))
		appendMany(t, l, 2)
		shut(t, l)
		file, head, err := openHeadFile(headFileOf(dir))
		check(t, err)
		check(t, file.close())
		if head != l.Head() || file.torn != nil {
			t.Errorf("the head is %+v, torn %v", head, file.torn)
		}
	}
}

// Wherever one byte of the stream's files is changed, the ledger is damaged or whole; never is anything else read.
func TestAnyFlippedByteIsFoundOrHarmless(t *testing.T) {
	whole, commits := wholeLedger(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	flips := 24
	if testing.Short() {
		flips = 4
	}
	found := 0
	for range flips {
		dir := copyOf(t, whole)
		path := filepath.Join(streamDirOf(dir), []string{"msgs/1.blk", "msgs/1.blk", "msgs/1.blk", "msgs/index.db", "meta.inf", "meta.sum"}[random.IntN(6)])
		content := readFile(t, path)
		at := random.IntN(len(content))
		content[at] ^= 1 << random.IntN(8)
		writeFile(t, path, content)
		read := 0
		o := options(dir)
		o.ReadTimeout = hurry
		l, err := OpenAndRead(soon(t), o, func(c Commit) error {
			if !bytes.Equal(c.Body, commits[read].Body) {
				t.Errorf("byte %d of %s: commit %d is another", at, path, read+1)
			}
			read++
			return nil
		})
		damage, damaged := errors.AsType[*Damage](err)
		switch {
		case err == nil && read == len(commits):
			shut(t, l)
		case damaged && damage.Number >= 1 && damage.Number <= damagedAt:
			found++
		default:
			t.Errorf("byte %d of %s: %d commits are read, error is %v", at, path, read, err)
		}
	}
	t.Logf("%d of %d flipped bits did harm", found, flips)
}

func TestAForeignCommitIsDamage(t *testing.T) {
	for name, body := range map[string]func(l *Log) []byte{
		"not a commit":         func(*Log) []byte { return []byte("hello") },
		"a commit seen before": func(l *Log) []byte { return readAll(t, l, 3)[0].Body },
		"a commit from the future": func(l *Log) []byte {
			e := entry("new").event(testLedger, l.Next()+1, l.Next()+1, 1, 1)
			b, _ := encodeCommit([]Event{e})
			return b
		},
		"another ledger's": func(l *Log) []byte {
			b, _ := encodeCommit([]Event{entry("new").event("berkshire", l.Next(), l.Next(), 1, 1)})
			return b
		},
		"a command seen before": func(l *Log) []byte {
			b, _ := encodeCommit([]Event{entry("c-2").event(testLedger, l.Next(), l.Next(), 1, 1)})
			return b
		},
		"earlier than the commit before": func(l *Log) []byte {
			x := entry("new")
			x.Time = testTime.Add(-time.Hour)
			b, _ := encodeCommit([]Event{x.event(testLedger, l.Next(), l.Next(), 1, 1)})
			return b
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := create(t)
			appendMany(t, l, 3)
			_, err := l.nats.js.Publish(t.Context(), l.generation.subject(), body(l))
			check(t, err)
			mustBeDamage := func(err error) {
				t.Helper()
				if damage, ok := errors.AsType[*Damage](err); !ok || damage.Number != 5 {
					t.Errorf("error is %v", err)
				}
			}
			mustBeDamage(l.Read(t.Context(), 1, func(Commit) error { return nil }))
			shut(t, l)
			_, err = Open(t.Context(), l.options)
			mustBeDamage(err)
		})
	}
}

func TestDamageIsFoundWhileTheLogIsOpen(t *testing.T) {
	l := create(t)
	appendMany(t, l, 10)
	l.mu.Lock()
	l.tail.sequence++ // as if the stream had lost its last commit
	l.mu.Unlock()
	l.options.ReadTimeout = hurry
	err := l.Read(soon(t), 1, func(Commit) error { return nil })
	if damage, ok := errors.AsType[*Damage](err); !ok || damage.Number != 12 {
		t.Errorf("error is %v", err)
	}
}
