package eventstore

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// commitsInAll is how many commits, each of one number, there are in the ledgers to damage.
const commitsInAll = 300

// hurry is a read timeout for tests that may have to wait for it. Most damage is told without waiting.
const hurry = 2 * time.Second

func wholeLedger(t *testing.T) (dir string, commits []Commit) {
	l := create(t)
	appendMany(t, l, commitsInAll-1)
	commits = readAll(t, l, 1)
	shut(t, l)
	return l.options.Dir, commits
}

// A spoiler damages the ledger in a data directory.
type spoiler func(t *testing.T, dir string)

const (
	headPath   = "heads/oxfordshire.head"
	streamPath = "jetstream/$G/streams/LEDGER_oxfordshire_g1"
	blockPath  = streamPath + "/msgs/1.blk"
	indexPath  = streamPath + "/msgs/index.db"
)

// flip flips a bit of the file where the text begins.
func flip(path, text string) spoiler {
	return func(t *testing.T, dir string) {
		content := readFile(t, filepath.Join(dir, path))
		at := bytes.Index(content, []byte(text))
		if at < 0 {
			t.Fatalf("%s has no %s", path, text)
		}
		content[at] ^= 1
		writeFile(t, filepath.Join(dir, path), content)
	}
}

// flipRecord flips a bit of the record of a command's commit: of the byte that is so far from its beginning.
func flipRecord(commandID string, offset int) spoiler {
	return func(t *testing.T, dir string) {
		path := filepath.Join(dir, blockPath)
		content := readFile(t, path)
		at := bytes.Index(content, []byte(`"id":"`+commandID+`/1"`))
		begin := bytes.LastIndex(content[:at], []byte("ledger."+testLedger+".g1")) - recordHead
		content[begin+offset] ^= 1
		writeFile(t, path, content)
	}
}

func remove(path string) spoiler {
	return func(t *testing.T, dir string) {
		_, err := os.Stat(filepath.Join(dir, path))
		check(t, err)
		check(t, os.RemoveAll(filepath.Join(dir, path)))
	}
}

// cut leaves that part of the file.
func cut(path string, part float64) spoiler {
	return func(t *testing.T, dir string) {
		info, err := os.Stat(filepath.Join(dir, path))
		check(t, err)
		check(t, os.Truncate(filepath.Join(dir, path), int64(part*float64(info.Size()))))
	}
}

func mkdir(path string) spoiler {
	return func(t *testing.T, dir string) { check(t, os.Mkdir(filepath.Join(dir, path), 0o700)) }
}

func all(spoilers ...spoiler) spoiler {
	return func(t *testing.T, dir string) {
		for _, spoil := range spoilers {
			spoil(t, dir)
		}
	}
}

func headSays(h Head) spoiler {
	return func(t *testing.T, dir string) {
		check(t, os.Remove(filepath.Join(dir, headPath)))
		check(t, createHeadFile(filepath.Join(dir, headPath), h))
	}
}

func tearHead(slots ...int) spoiler {
	return func(t *testing.T, dir string) {
		content := readFile(t, filepath.Join(dir, headPath))
		for _, slot := range slots {
			content[slot*slotSize+sumSize+20] ^= 1
		}
		writeFile(t, filepath.Join(dir, headPath), content)
	}
}

func TestDamageIsFoundAndNamed(t *testing.T) {
	whole, commits := wholeLedger(t)
	for name, c := range map[string]struct {
		spoil  spoiler
		number int64 // the first that is gone; 0 if none can be named
	}{
		"a bit is flipped in the middle":                  {flip(blockPath, `"id":"c-150/1"`), 150},
		"a bit is flipped in the first commit":            {flip(blockPath, `"id":"init/1"`), 1},
		"a bit is flipped in the last commit":             {flip(blockPath, `"id":"c-300/1"`), 300},
		"a bit is flipped and the index is gone":          {all(flip(blockPath, `"id":"c-150/1"`), remove(indexPath)), 150},
		"a bit is flipped in the last and the index gone": {all(flip(blockPath, `"id":"c-300/1"`), remove(indexPath)), 300},
		"a bit is flipped in a record's length":           {flipRecord("c-150", 0), 150},
		"a bit is flipped in a record's length's end":     {flipRecord("c-150", 2), 150},
		"a bit is flipped in a record's sequence":         {flipRecord("c-150", 4), 150},
		"a bit is flipped in a record's sequence's end":   {flipRecord("c-150", 10), 150},
		"a bit is flipped in the last record's sequence":  {flipRecord("c-300", 9), 300},
		"a bit is flipped in it, beyond an older head":    {all(flipRecord("c-300", 10), headSays(Head{Ledger: testLedger, Generation: 1, Number: 200, Sequence: 200})), 300},
		"a bit is flipped in a subject's length":          {flipRecord("c-150", 20), 150},
		"a bit is flipped in a subject":                   {flipRecord("c-150", 22), 150},
		"a bit is flipped in a headers' length":           {flipRecord("c-150", 22+21), 150},
		"the block is cut off":                            {cut(blockPath, 297.5/commitsInAll), 298},
		"the block is cut off and the index is gone":      {all(cut(blockPath, 297.5/commitsInAll), remove(indexPath)), 298},
		"the block is empty":                              {cut(blockPath, 0), 1},
		"the block is deleted":                            {remove(blockPath), 1},
		"the block and the index are deleted":             {all(remove(blockPath), remove(indexPath)), 1},
		"the blocks' directory is deleted":                {remove(streamPath + "/msgs"), 1},
		"the stream's directory is deleted":               {remove(streamPath), 1},
		"the stream's directory is emptied":               {all(remove(streamPath), mkdir(streamPath)), 1},
		"the JetStream directory is deleted":              {remove("jetstream"), 1},
		"the JetStream directory is emptied":              {all(remove("jetstream"), mkdir("jetstream")), 1},
		"a bit is flipped in the stream's settings":       {flip(streamPath+"/meta.inf", `"name"`), 1},
		"the stream's settings are deleted":               {remove(streamPath + "/meta.inf"), 1},
		"the settings' checksum is deleted":               {remove(streamPath + "/meta.sum"), 1},
		"the head is torn in both halves":                 {tearHead(0, 1), 0},
		"the head is empty":                               {cut(headPath, 0), 0},
		"the head is deleted":                             {remove(headPath), 0},
		"the head is another ledger's":                    {headSays(Head{Ledger: "berkshire", Generation: 1, Number: 300, Sequence: 300}), 0},
		"the head is of a later generation":               {headSays(Head{Ledger: testLedger, Generation: 2, Number: 300, Sequence: 300}), 1},
		"the head is ahead of the stream":                 {headSays(Head{Ledger: testLedger, Generation: 1, Number: 301, Sequence: 301}), 301},
		"the head is far ahead of the stream":             {headSays(Head{Ledger: testLedger, Generation: 1, Number: 5000, Sequence: 4000}), 301},
		"the head gives the commit another number":        {headSays(Head{Ledger: testLedger, Generation: 1, Number: 299, Sequence: 300}), 300},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := copyOf(t, whole)
			c.spoil(t, dir)
			before := checksums(t, dir)
			mustBeDamaged(t, dir, c.number, commits)
			if _, _, err := Create(soon(t), options(dir), founding()); err == nil {
				t.Error("a new ledger is created over it")
			}
			if diff := cmp.Diff(before, checksums(t, dir)); diff != "" {
				t.Errorf("the files were changed: %s", diff)
			}
			mustBeDamaged(t, dir, c.number, commits) // still: looking has not mended it
		})
	}
}

// checksums identifies what is in the heads and in the blocks of a data directory.
func checksums(t *testing.T, dir string) map[string][sha256.Size]byte {
	sums := make(map[string][sha256.Size]byte)
	check(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && (filepath.Ext(path) == ".head" || filepath.Ext(path) == ".blk") {
			sums[path] = sha256.Sum256(readFile(t, path))
		}
		return err
	}))
	return sums
}

// mustBeDamaged opens the ledger in dir and demands to be told of damage from the number on; what it reads before that
// must be what was recorded.
func mustBeDamaged(t *testing.T, dir string, number int64, commits []Commit) {
	t.Helper()
	read := 0
	o := options(dir)
	o.ReadTimeout = hurry
	_, err := OpenAndRead(soon(t), o, each(func(c Commit) error {
		if c.First() != commits[read].First() || !bytes.Equal(c.Body, commits[read].Body) {
			t.Errorf("commit %d is another", read+1)
		}
		read++
		return nil
	}), nil)
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

// One server opens all ledgers of a directory, and would mend or choke on any of them.
func TestADamagedNeighbourIsNotTouched(t *testing.T) {
	whole, _ := wholeLedger(t)
	l, _, err := Create(t.Context(), Options{Dir: whole, Ledger: "berkshire"}, founding())
	check(t, err)
	shut(t, l)
	for name, spoil := range map[string]spoiler{
		"a bit is flipped and the index is gone":        all(flip(blockPath, `"id":"c-150/1"`), remove(indexPath)),
		"a bit is flipped in a record's sequence's end": flipRecord("c-150", 10),
		"that, and the head is gone":                    all(flipRecord("c-150", 10), remove(headPath)),
	} {
		t.Run(name, func(t *testing.T) {
			dir := copyOf(t, whole)
			spoil(t, dir)
			before := checksums(t, dir)
			_, openErr := Open(soon(t), Options{Dir: dir, Ledger: "berkshire"})
			_, _, createErr := Create(soon(t), Options{Dir: dir, Ledger: "wiltshire"}, founding())
			for _, err := range []error{openErr, createErr} {
				if damage, ok := errors.AsType[*Damage](err); !ok || damage.Ledger != testLedger || damage.Number != 150 {
					t.Errorf("error is %v", err)
				}
			}
			after := checksums(t, dir)
			delete(after, filepath.Join(dir, "heads", "wiltshire.head"))
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("the files were changed: %s", diff)
			}
		})
	}
}

func TestALostNeighbourIsNoHindrance(t *testing.T) {
	l := create(t)
	shut(t, l)
	check(t, os.RemoveAll(filepath.Join(l.options.Dir, streamPath)))
	o := Options{Dir: l.options.Dir, Ledger: "berkshire"}
	appendMany(t, reopen(t, createIn(t, o)), 2)
}

// Blocks can be damaged while they are being read, after they were looked at. Then the server tells, in its own ways.
func TestDamageThatTheServerMeetsIsFoundAndNamed(t *testing.T) {
	whole, _ := wholeLedger(t)
	for name, c := range map[string]struct {
		spoil  spoiler
		number int64
	}{
		"a bit is flipped in the middle":                  {flip(blockPath, `"id":"c-150/1"`), 150},
		"a bit is flipped in the first commit":            {flip(blockPath, `"id":"init/1"`), 1},
		"a bit is flipped in the last commit":             {flip(blockPath, `"id":"c-300/1"`), 300},
		"a bit is flipped and the index is gone":          {all(flip(blockPath, `"id":"c-150/1"`), remove(indexPath)), 150},
		"a bit is flipped in the last and the index gone": {all(flip(blockPath, `"id":"c-300/1"`), remove(indexPath)), 300},
		"a bit is flipped in a headers' length":           {flipRecord("c-150", 22+21), 150},
		"the block is cut off":                            {cut(blockPath, 297.5/commitsInAll), 298},
		"the block is cut off and the index is gone":      {all(cut(blockPath, 297.5/commitsInAll), remove(indexPath)), 298},
		"the block is empty":                              {cut(blockPath, 0), 1},
		"the block is deleted":                            {remove(blockPath), 1},
		"the block and the index are deleted":             {all(remove(blockPath), remove(indexPath)), 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := copyOf(t, whole)
			c.spoil(t, dir)
			o := options(dir)
			o.ReadTimeout = hurry
			l, err := newLog(o)
			check(t, err)
			defer shut(t, l)
			head, err := l.openHead()
			check(t, err)
			check(t, l.startStream(soon(t), head)) // the blocks are not looked at
			err = l.readRest(soon(t), head, &noted{}, Fold{})
			if damage, ok := errors.AsType[*Damage](err); !ok || damage.Number != c.number {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestATornHalfOfTheHeadIsPassedOver(t *testing.T) {
	whole, _ := wholeLedger(t)
	for slot := range headSlots {
		dir := copyOf(t, whole)
		tearHead(slot)(t, dir)
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
	flips := 60
	if testing.Short() {
		flips = 6
	}
	found := 0
	for range flips {
		dir := copyOf(t, whole)
		path := filepath.Join(dir, []string{blockPath, blockPath, blockPath, indexPath, streamPath + "/meta.inf", streamPath + "/meta.sum"}[random.IntN(6)])
		content := readFile(t, path)
		at := random.IntN(len(content))
		content[at] ^= 1 << random.IntN(8)
		writeFile(t, path, content)
		read := 0
		o := options(dir)
		o.ReadTimeout = hurry
		l, err := OpenAndRead(soon(t), o, each(func(c Commit) error {
			if !bytes.Equal(c.Body, commits[read].Body) {
				t.Errorf("byte %d of %s: commit %d is another", at, path, read+1)
			}
			read++
			return nil
		}), nil)
		damage, damaged := errors.AsType[*Damage](err)
		switch {
		case err == nil && read == len(commits):
			shut(t, l)
		case damaged && damage.Number >= 1 && damage.Number <= commitsInAll:
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
			_, err := l.on().nats.js.Publish(t.Context(), l.generation.subject(), body(l))
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

func TestACommitMustFollowTheOneBefore(t *testing.T) {
	body, err := encodeCommit([]Event{entry("a").event(testLedger, 5, 5, 1, 1)})
	check(t, err)
	before := tail{sequence: 3, number: 4, at: testTime}
	if _, err := before.follow(options("dir"), raw{sequence: 4, header: nil, body: body}); err != nil {
		t.Error(err)
	}
	for name, follow := range map[string]func() (Commit, error){
		"in the stream": func() (Commit, error) {
			return before.follow(options("dir"), raw{sequence: 5, header: nil, body: body})
		},
		"in number": func() (Commit, error) {
			return tail{3, 3, testTime}.follow(options("dir"), raw{sequence: 4, header: nil, body: body})
		},
		"in time": func() (Commit, error) {
			return tail{3, 4, testTime.Add(1)}.follow(options("dir"), raw{sequence: 4, header: nil, body: body})
		},
	} {
		if _, err := follow(); err == nil {
			t.Errorf("it need not %s", name)
		}
	}
}

func TestDamageIsFoundWhileTheLogIsOpen(t *testing.T) {
	l := create(t)
	appendMany(t, l, 10)
	l.mu.Lock()
	l.tail.sequence++ // as if the stream had lost its last commit
	l.mu.Unlock()
	err := l.Read(soon(t), 1, func(Commit) error { return nil })
	if damage, ok := errors.AsType[*Damage](err); !ok || damage.Number != 12 {
		t.Errorf("error is %v", err)
	}
}
