package eventstore

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"golang.org/x/mod/sumdb/tlog"

	"pcnledger/eventstore/proof"
)

// rotate has the ledger sign with another key from the next commit on.
func rotate(t testing.TB, l *Log) Commit {
	t.Helper()
	key, err := l.PrepareKey(func() (*proof.Key, error) { return proof.NewKey(testLedger) })
	check(t, err)
	c, err := l.Append(t.Context(), []Entry{keyEntry(key, "key-"+key.ID())})
	check(t, err)
	return c
}

// signedLedger is a closed ledger of 41 events in 40 commits: numbers 1 and 2 begin it, number 21 changes its key, and a
// checkpoint covers it all. Command c-<number> is number <number>.
func signedLedger(t *testing.T) *Log {
	l := createSigned(t)
	appendMany(t, l, 18)
	rotate(t, l)
	appendMany(t, l, 20)
	shut(t, l)
	return l
}

// messages returns the messages of a closed ledger's stream.
func messages(t *testing.T, dir string) []*nats.Msg {
	l := open(t, options(dir))
	defer shut(t, l)
	var all []*nats.Msg
	for _, c := range readAll(t, l, 1) {
		all = append(all, &nats.Msg{Header: c.header(), Data: bytes.Clone(c.Body)})
	}
	return all
}

// rewrite puts other messages in the place of a closed ledger's, as one who may write to its files could: JetStream's own
// checksums are right.
func rewrite(t *testing.T, dir string, to []*nats.Msg) {
	forger, err := newLog(options(t.TempDir()))
	check(t, err)
	check(t, forger.createStream(t.Context()))
	for _, m := range to {
		m.Subject = forger.generation.subject()
		_, err := forger.on().nats.js.PublishMsg(t.Context(), m)
		check(t, err)
	}
	shut(t, forger)
	stream := forger.generation.streamDir(dir)
	check(t, os.RemoveAll(stream))
	check(t, os.CopyFS(stream, os.DirFS(forger.streamDir())))
}

// withHead has the head say what the rewritten stream holds, as a thorough forger would.
func withHead(number int64, sequence uint64) func(t *testing.T, dir string) {
	return func(t *testing.T, dir string) {
		file, head, err := openHeadFile(headFileOf(dir))
		check(t, err)
		check(t, file.close())
		head.Number, head.Sequence, head.Root = number, sequence, ""
		headSays(head)(t, dir)
	}
}

// verifyDir verifies a closed ledger as the programme does.
func verifyDir(t *testing.T, dir string) (Verification, error) {
	o := options(dir)
	o.Verifying = true
	l, err := Open(soon(t), o)
	if err != nil {
		return Verification{}, err
	}
	defer shut(t, l)
	return l.Verify(soon(t), 1, nil)
}

func replaced(m *nats.Msg, old, to string) *nats.Msg {
	if !bytes.Contains(m.Data, []byte(old)) {
		panic("there is nothing to replace: " + old)
	}
	return &nats.Msg{Header: m.Header, Data: bytes.ReplaceAll(m.Data, []byte(old), []byte(to))}
}

func signedBy(m *nats.Msg, root string, signatures ...string) *nats.Msg {
	return &nats.Msg{Header: nats.Header{rootHeader: {root}, signatureHeader: signatures}, Data: m.Data}
}

func TestAWholeLedgerIsVerified(t *testing.T) {
	l := signedLedger(t)
	var seen int64
	l = open(t, l.options)
	v, err := l.Verify(t.Context(), 1, func(n int64) { seen = n })
	check(t, err)
	if v.Events != 41 || v.Commits != 40 || v.SignedFrom != 1 || v.Signatures != 41 || len(v.Keys) != 2 || v.Keys[1].From != 21 || seen != 41 {
		t.Errorf("%+v, progress ended at %d", v, seen)
	}
	if len(v.Checkpoints) != 1 || v.Checkpoints[0].Size != 41 || v.Checkpoints[0].Root != v.Root || v.Root != l.Root() {
		t.Errorf("%+v", v.Checkpoints)
	}
	if v, err = l.Verify(t.Context(), 30, nil); err != nil || v.Signatures != 12 {
		t.Errorf("from number 30: %d signatures, %v", v.Signatures, err)
	}
}

func TestTheRootIsThatOfTheLines(t *testing.T) {
	l := signedLedger(t)
	l = open(t, l.options)
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) (list []tlog.Hash, err error) {
		for _, i := range indexes {
			list = append(list, hashes[i])
		}
		return list, nil
	})
	var n int64
	for _, c := range readAll(t, l, 1) {
		if c.Sealed() && n > 0 {
			before, err := tlog.TreeHash(n, reader)
			check(t, err)
			if c.Before != before {
				t.Errorf("number %d says that the root before it was %s, not %s", c.First(), c.Before, before)
			}
		}
		for _, e := range c.Events {
			line, err := e.Line()
			check(t, err)
			stored, err := tlog.StoredHashes(n, line, reader)
			check(t, err)
			hashes = append(hashes, stored...)
			n++
		}
	}
	root, err := tlog.TreeHash(n, reader)
	check(t, err)
	if root != l.Root() {
		t.Errorf("the root is %s, not %s", l.Root(), root)
	}
}

// forgery is a way to change a ledger behind its back.
type forgery struct {
	forge  func(all []*nats.Msg) []*nats.Msg
	head   func(t *testing.T, dir string) // nil: left as it was
	number int64                          // where it is found
	later  bool                           // opening does not notice, verify does
}

// at is the index of the message that holds a number: 1 and 2 lie in the first.
func at(number int) int { return max(number-2, 0) }

func forgeries(t *testing.T) map[string]forgery {
	stranger, err := proof.NewKey(testLedger)
	check(t, err)
	elsewhere := createSigned(t)
	appendMany(t, elsewhere, 40)
	shut(t, elsewhere)
	theirs := messages(t, elsewhere.options.Dir)
	cut := func(number int) func([]*nats.Msg) []*nats.Msg {
		return func(all []*nats.Msg) []*nats.Msg { return slices.Delete(all, at(number), at(number)+1) }
	}
	put := func(number int, change func(m *nats.Msg) *nats.Msg) func([]*nats.Msg) []*nats.Msg {
		return func(all []*nats.Msg) []*nats.Msg { all[at(number)] = change(all[at(number)]); return all }
	}
	resigned := func(m *nats.Msg) *nats.Msg {
		c := parsedMessage(t, m)
		m = replaced(m, `"pence":9000000`, `"pence":9000001`)
		c.Body = m.Data
		return signedBy(m, c.Before.String(), stranger.Sign(c.seal(testLedger)).String())
	}
	return map[string]forgery{
		"a byte is changed":                            {put(30, func(m *nats.Msg) *nats.Msg { return replaced(m, "9000000", "9000001") }), nil, 30, false},
		"a byte is changed, and the head":              {put(30, func(m *nats.Msg) *nats.Msg { return replaced(m, "9000000", "9000001") }), withHead(41, 40), 30, false},
		"a byte is changed in the first commit":        {put(1, func(m *nats.Msg) *nats.Msg { return replaced(m, `"kind":"demo"`, `"kind":"live"`) }), nil, 1, false},
		"a byte is changed in the last commit":         {put(41, func(m *nats.Msg) *nats.Msg { return replaced(m, "9000000", "9000001") }), nil, 41, false},
		"a commit is changed and signed by a stranger": {put(30, resigned), nil, 30, false},
		"a commit is removed":                          {cut(30), nil, 30, false},
		"the last commit is removed":                   {cut(41), nil, 41, false},
		"the last commit is removed, and the head":     {cut(41), withHead(40, 39), 41, false},
		"two commits are exchanged":                    {func(all []*nats.Msg) []*nats.Msg { all[28], all[29] = all[29], all[28]; return all }, nil, 30, false},
		"a commit is repeated":                         {func(all []*nats.Msg) []*nats.Msg { return slices.Insert(all, 29, all[28]) }, nil, 31, false},
		"a commit of another ledger stands there": {put(30, func(m *nats.Msg) *nats.Msg {
			return replaced(m, "urn:pcnledger:oxfordshire", "urn:pcnledger:berkshire")
		}), nil, 30, false},
		"a commit of a ledger of the same name":      {func(all []*nats.Msg) []*nats.Msg { all[28] = theirs[28]; return all }, nil, 30, true},
		"a commit is put behind the last":            {func(all []*nats.Msg) []*nats.Msg { return append(all, unsigned(t, 42)) }, nil, 42, false},
		"a signature is changed":                     {put(30, changedSignature), nil, 30, true},
		"a signature is changed in the first commit": {put(1, changedSignature), nil, 1, true},
		"a signature is another commit's": {func(all []*nats.Msg) []*nats.Msg {
			all[28].Header[signatureHeader] = all[29].Header[signatureHeader]
			return all
		}, nil, 30, true},
		"a signature is removed": {put(30, func(m *nats.Msg) *nats.Msg { return &nats.Msg{Data: m.Data} }), nil, 30, true},
		"a root is changed": {put(30, func(m *nats.Msg) *nats.Msg {
			return signedBy(m, proof.EmptyRoot().String(), m.Header[signatureHeader]...)
		}), nil, 30, true},
		"a root is no root": {put(30, func(m *nats.Msg) *nats.Msg { return signedBy(m, "none", m.Header[signatureHeader]...) }), nil, 30, false},
		"a new key is signed by itself alone": {put(21, func(m *nats.Msg) *nats.Msg {
			return signedBy(m, m.Header.Get(rootHeader), m.Header[signatureHeader][1])
		}), nil, 21, true},
		"a new key is signed by the key before alone": {put(21, func(m *nats.Msg) *nats.Msg {
			return signedBy(m, m.Header.Get(rootHeader), m.Header[signatureHeader][0])
		}), nil, 21, true},
		"a commit is signed by the key before": {put(30, func(m *nats.Msg) *nats.Msg {
			return signedBy(m, m.Header.Get(rootHeader), proof.DemoKey(testLedger).Sign(parsedMessage(t, m).seal(testLedger)).String())
		}), nil, 30, true},
		"all is another ledger of the same name":        {func([]*nats.Msg) []*nats.Msg { return slices.Clone(theirs[:40]) }, nil, 0, false},
		"all is another of the same name, and the head": {func([]*nats.Msg) []*nats.Msg { return slices.Clone(theirs[:40]) }, withHead(41, 40), 0, false},
	}
}

func changedSignature(m *nats.Msg) *nats.Msg {
	s, err := proof.ParseSignature(m.Header.Get(signatureHeader))
	if err != nil {
		panic(err)
	}
	s.Bytes[7] ^= 1
	return signedBy(m, m.Header.Get(rootHeader), s.String())
}

func parsedMessage(t *testing.T, m *nats.Msg) Commit {
	events, err := parseCommit(testLedger, m.Data)
	check(t, err)
	c := Commit{Events: events, Body: m.Data}
	check(t, c.readSeal(m.Header))
	return c
}

// unsigned is a commit that stands in its place and has no signature.
func unsigned(t *testing.T, number int64) *nats.Msg {
	body, err := encodeCommit([]Event{entry("late").event(testLedger, number, number, 1, 1)})
	check(t, err)
	return &nats.Msg{Data: body}
}

func TestAForgeryIsFoundAndNamedAndTheLedgerStaysShut(t *testing.T) {
	whole := signedLedger(t)
	original := messages(t, whole.options.Dir)
	for name, f := range forgeries(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := copyOf(t, whole.options.Dir)
			var all []*nats.Msg
			for _, m := range original {
				h := nats.Header{}
				for k, v := range m.Header {
					h[k] = slices.Clone(v)
				}
				all = append(all, &nats.Msg{Header: h, Data: bytes.Clone(m.Data)})
			}
			rewrite(t, dir, f.forge(all))
			if f.head != nil {
				f.head(t, dir)
			}
			l, err := Open(soon(t), options(dir))
			if err == nil {
				shut(t, l)
			}
			if (err == nil) != f.later {
				t.Errorf("opened: %v", err)
			}
			_, err = verifyDir(t, dir)
			damage, is := errors.AsType[*Damage](err)
			if !is || damage.Number != f.number || damage.Ledger != testLedger || damage.Remedy == "" {
				t.Fatalf("verify says %v, want damage from number %d on", err, f.number)
			}
			if _, err = Open(soon(t), options(dir)); !errors.As(err, &damage) {
				t.Errorf("after that it opens: %v", err)
			}
		})
	}
}

func TestWhatVerifyFoundIsForgottenOnceTheLedgerIsWhole(t *testing.T) {
	l := signedLedger(t)
	dir := l.options.Dir
	check(t, l.options.noteDamage(l.options.damage(30, 29, "a test")))
	_, err := Open(t.Context(), options(dir))
	if damage, is := errors.AsType[*Damage](err); !is || !strings.Contains(damage.What, "a test") {
		t.Fatalf("error is %v", err)
	}
	_, err = verifyDir(t, dir)
	check(t, err)
	l = open(t, options(dir))
	appendMany(t, l, 1)
}

func TestCheckpointsThatDoNotFitAreDamage(t *testing.T) {
	whole := signedLedger(t)
	forged := func(change func(*proof.Checkpoint), key func(dir string) *proof.Key) spoiler {
		return func(t *testing.T, dir string) {
			l := open(t, options(dir))
			c := proof.Checkpoint{Origin: l.origin(), Size: 41, Root: l.Root()}
			change(&c)
			note, err := key(dir).SignCheckpoint(c)
			check(t, err)
			check(t, l.storeNote(note))
			shut(t, l)
		}
	}
	own := func(dir string) *proof.Key {
		key, err := options(dir).keyFile().load()
		check(t, err)
		return key
	}
	checkpoints := "jetstream/$G/streams/CHECKPOINTS_" + testLedger
	for name, spoil := range map[string]spoiler{
		"more events than there are": forged(func(c *proof.Checkpoint) { c.Size = 50 }, own),
		"another root":               forged(func(c *proof.Checkpoint) { c.Root[0] ^= 1 }, own),
		"another ledger's": forged(func(c *proof.Checkpoint) { c.Origin = proof.Origin("berkshire", 1) },
			func(string) *proof.Key { return proof.DemoKey("berkshire") }),
		"a later generation's": forged(func(c *proof.Checkpoint) { c.Origin = proof.Origin(testLedger, 2) }, own),
		"signed by a stranger": forged(func(*proof.Checkpoint) {}, func(string) *proof.Key {
			key, err := proof.NewKey(testLedger)
			check(t, err)
			return key
		}),
		"the stream is deleted":      remove(checkpoints),
		"its settings are damaged":   flip(checkpoints+"/meta.inf", `"name"`),
		"a bit is flipped in a note": flip(checkpoints+"/msgs/1.blk", "pcnledger/"),
		"a bit is flipped in a sequence": func(t *testing.T, dir string) {
			path := filepath.Join(dir, checkpoints+"/msgs/1.blk")
			content := readFile(t, path)
			content[10] ^= 1
			writeFile(t, path, content)
		},
		"its blocks are deleted":          remove(checkpoints + "/msgs"),
		"its blocks and index are cut to": all(cut(checkpoints+"/msgs/1.blk", 0), remove(checkpoints+"/msgs/index.db")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := copyOf(t, whole.options.Dir)
			spoil(t, dir)
			l, err := Open(soon(t), options(dir))
			if err == nil {
				shut(t, l)
			}
			if damage, is := errors.AsType[*Damage](err); !is || !strings.Contains(damage.What, "heckpoint") && !strings.Contains(damage.What, "CHECKPOINTS") {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestSignaturesBeginWithTheKeysEventInALedgerBegunBefore(t *testing.T) {
	l := create(t)
	appendMany(t, l, 5)
	l = reopen(t, l)
	v, err := l.Verify(t.Context(), 1, nil)
	if err != nil || v.SignedFrom != 0 || v.Signatures != 0 || len(v.Checkpoints) != 0 {
		t.Fatalf("%+v, %v", v, err)
	}
	if c := rotate(t, l); c.First() != 7 || len(c.Signatures) != 1 {
		t.Fatalf("number %d has %d signatures", c.First(), len(c.Signatures))
	}
	appendMany(t, l, 5)
	l = reopen(t, l)
	v, err = l.Verify(t.Context(), 1, nil)
	if err != nil || v.SignedFrom != 7 || v.Signatures != 6 || v.Events != 12 {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestWithoutItsKeyALedgerIsReadAndNothingIsRecorded(t *testing.T) {
	l := signedLedger(t)
	check(t, os.Remove(string(l.options.keyFile())))
	l = open(t, l.options)
	_, err := l.Append(t.Context(), []Entry{entry("late")})
	mustBe(t, err, ErrNoKey)
	if got := readAll(t, l, 1); len(got) != 40 {
		t.Errorf("%d commits are read", len(got))
	}
	key, err := l.PrepareKey(func() (*proof.Key, error) { return proof.NewKey(testLedger) })
	check(t, err)
	lost := keyEntry(key, "lost")
	lost.Data = jsontext.Value(fmt.Sprintf(`{"key":%q,"lost":true}`, key))
	_, err = l.Append(t.Context(), []Entry{lost})
	check(t, err)
	appendOne(t, l, "late", 1)
	l = reopen(t, l)
	appendOne(t, l, "later", 1)
	v, err := l.Verify(t.Context(), 1, nil)
	if err != nil || len(v.Keys) != 3 || !v.Keys[2].Lost || v.Keys[2].From != 42 {
		t.Errorf("%+v, %v", v, err)
	}
}

// A rotation can be interrupted once the new key is on disk, and again once the event is.
func TestAnInterruptedRotation(t *testing.T) {
	l := createSigned(t)
	appendMany(t, l, 3)
	first, err := l.PrepareKey(func() (*proof.Key, error) { return proof.NewKey(testLedger) })
	check(t, err)
	l = reopen(t, l)
	appendMany(t, l, 1) // still signed by the key in use
	again, err := l.PrepareKey(func() (*proof.Key, error) { return proof.NewKey(testLedger) })
	check(t, err)
	if first != again {
		t.Error("the key that was prepared is not used")
	}
	before := readFile(t, string(l.options.keyFile()))
	_, err = l.Append(t.Context(), []Entry{keyEntry(again, "key-2")})
	check(t, err)
	shut(t, l)
	after := readFile(t, string(l.options.keyFile()))
	writeFile(t, string(l.options.keyFile()), before) // the event is on disk, the files are as they were
	writeFile(t, string(l.options.keyFile().next()), after)
	l = open(t, l.options)
	appendMany(t, l, 1)
	if _, err := os.Stat(string(l.options.keyFile().next())); !os.IsNotExist(err) {
		t.Errorf("the key was not put in place: %v", err)
	}
	v, err := l.Verify(t.Context(), 1, nil)
	if err != nil || len(v.Keys) != 2 {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestAProofIsCheckedWithoutTheLog(t *testing.T) {
	l := signedLedger(t)
	l = open(t, l.options)
	keys := l.publicKeys()
	for _, number := range []int64{1, 2, 21, 41} {
		p, err := l.ProveInclusion(t.Context(), number)
		check(t, err)
		back, err := proof.ParseInclusion(p.Text())
		check(t, err)
		note, err := back.Check(keys, nil)
		if err != nil || note.Size != 41 || !bytes.Contains(back.Line, fmt.Appendf(nil, `"number":%d,`, number)) {
			t.Errorf("number %d: %+v, %v", number, note, err)
		}
	}
	earlier, err := l.Checkpoint(t.Context())
	check(t, err)
	appendMany(t, l, 7)
	p, err := l.ProveConsistency(t.Context(), earlier.Size)
	check(t, err)
	back, err := proof.ParseConsistency(p.Text())
	check(t, err)
	later, err := back.Check(earlier.Checkpoint, keys, nil)
	if err != nil || later.Size != 48 {
		t.Errorf("%+v, %v", later, err)
	}
	if _, err := l.ProveInclusion(t.Context(), 49); err == nil {
		t.Error("a number that is not there is proved")
	}
	if _, err := l.ProveConsistency(t.Context(), 49); err == nil {
		t.Error("a size that is not there is proved")
	}
}

func TestABackupIsRestoredByteForByte(t *testing.T) {
	l := createSigned(t)
	dir := filepath.Join(t.TempDir(), "archive")
	appendMany(t, l, 10)
	made, err := l.Backup(t.Context(), dir, nil)
	if err != nil || made.First != 1 || made.Last != 12 {
		t.Fatalf("%+v, %v", made, err)
	}
	rotate(t, l)
	appendMany(t, l, 10)
	if made, err = l.Backup(t.Context(), dir, nil); err != nil || made.First != 13 || made.Last != 23 {
		t.Fatalf("%+v, %v", made, err)
	}
	if made, err = l.Backup(t.Context(), dir, nil); err != nil || made.First != 24 || made.Last != 23 {
		t.Fatalf("with nothing to add: %+v, %v", made, err)
	}
	want, key := readAll(t, l, 1), readFile(t, string(l.options.keyFile()))
	c, err := OpenCopy(dir)
	check(t, err)
	v, err := c.Verify(t.Context(), 1, nil, nil)
	if err != nil || v.Events != 23 || v.Root != l.Root() || len(v.Checkpoints) != 2 || v.Signatures != 23 {
		t.Fatalf("%+v, %v", v, err)
	}
	to := t.TempDir()
	v, err = Restore(t.Context(), options(to), c, nil)
	if err != nil || v.Root != l.Root() || v.Generation != 2 {
		t.Fatalf("%+v, %v", v, err)
	}
	_, err = Restore(t.Context(), options(to), c, nil)
	mustBe(t, err, ErrExists)

	check(t, os.MkdirAll(filepath.Dir(string(options(to).keyFile())), 0o700))
	writeFile(t, string(options(to).keyFile()), key)
	restored := open(t, options(to))
	if diff := cmp.Diff(want, readAll(t, restored, 1)); diff != "" {
		t.Error(diff)
	}
	appendMany(t, restored, 5)
	restored = reopen(t, restored)
	v, err = restored.Verify(t.Context(), 1, nil)
	if err != nil || v.Events != 28 || v.Generation != 2 || len(v.Checkpoints) != 3 {
		t.Errorf("%+v, %v", v, err)
	}
	// The archive goes on from the restored ledger.
	if made, err = restored.Backup(t.Context(), dir, nil); err != nil || made.First != 24 || made.Last != 28 {
		t.Errorf("%+v, %v", made, err)
	}
}

func TestAnInterruptedRestoreIsNoLedgerAndIsBegunAnew(t *testing.T) {
	l := signedLedger(t)
	l = open(t, l.options)
	dir := filepath.Join(t.TempDir(), "archive")
	_, err := l.Backup(t.Context(), dir, nil)
	check(t, err)
	c, err := OpenCopy(dir)
	check(t, err)
	to := t.TempDir()
	half, err := newLog(options(to))
	check(t, err)
	half.generation.n = 2
	_, _, err = half.restore(t.Context(), c, nil) // the head is not written
	check(t, err)
	shut(t, half)
	_, err = Open(t.Context(), options(to))
	mustBe(t, err, ErrNoLedger)
	if !strings.Contains(err.Error(), "restore was interrupted") {
		t.Error(err)
	}
	v, err := Restore(t.Context(), options(to), c, nil)
	if err != nil || v.Root != l.Root() {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestACosignatureIsKeptWithItsCheckpoint(t *testing.T) {
	l := signedLedger(t)
	l = open(t, l.options)
	witness, err := proof.NewWitnessSigner("auditor.example/w1")
	check(t, err)
	first, err := l.Checkpoint(t.Context())
	check(t, err)
	line, err := witness.Cosign(first.Checkpoint, testTime)
	check(t, err)
	if _, err := l.AddCosignature(t.Context(), first.Size, line); err == nil {
		t.Error("the cosignature of a witness that nobody listed is kept")
	}
	check(t, l.TrustWitness(witness.Key()))
	appendMany(t, l, 3)
	_, err = l.Checkpoint(t.Context()) // a later one, behind which the cosigned one is stored
	check(t, err)
	note, err := l.AddCosignature(t.Context(), first.Size, line)
	if err != nil || len(note.Cosignatures) != 1 {
		t.Fatalf("%+v, %v", note, err)
	}
	l = reopen(t, l)
	notes, err := l.Checkpoints(t.Context())
	if err != nil || len(notes) != 2 || len(notes[0].Cosignatures) != 1 || notes[0].Cosignatures[0].Witness != witness.Key() {
		t.Errorf("%+v, %v", notes, err)
	}
	if newest, err := l.Checkpoint(t.Context()); err != nil || newest.Size != 44 {
		t.Errorf("the newest is %+v, %v", newest, err)
	}
	line, err = witness.Cosign(first.Checkpoint, testTime.Add(time.Hour))
	check(t, err)
	note, err = l.AddCosignature(t.Context(), first.Size, line)
	if err != nil || len(note.Cosignatures) != 1 || !note.Cosignatures[0].At.Equal(testTime) {
		t.Errorf("the same witness once more: %+v, %v", note.Cosignatures, err)
	}
}

func TestDamageThatOpeningFindsForVerifyIsNoted(t *testing.T) {
	l := signedLedger(t)
	dir := l.options.Dir
	kept := filepath.Join(t.TempDir(), "kept")
	check(t, os.CopyFS(kept, os.DirFS(l.streamDir())))
	check(t, os.RemoveAll(l.streamDir()))
	_, err := verifyDir(t, dir)
	mustBeDamage(t, err)
	check(t, os.CopyFS(l.streamDir(), os.DirFS(kept)))
	_, err = Open(t.Context(), options(dir))
	mustBeDamage(t, err)
	_, err = verifyDir(t, dir)
	check(t, err)
	shut(t, open(t, options(dir)))
}

func mustBeDamage(t *testing.T, err error) {
	t.Helper()
	if _, is := errors.AsType[*Damage](err); !is {
		t.Errorf("the error is %v, not Damage", err)
	}
}
