package eventstore

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/mod/sumdb/tlog"

	"pcnledger/eventstore/proof"
)

// patience is how long a log waits for an answer where some are lost: longer than a disk needs, and no longer than a test
// can wait some times over. A disk that needs longer after all is another fault, and must do no harm either.
const patience = 150 * time.Millisecond

// stand is a signed ledger behind a wire, with a rival, and what callers were told of it.
type stand struct {
	testing.TB
	*wire
	log   *Log
	rival *rival
	keys  *keyring
	told  *account
}

func newStand(t testing.TB) *stand {
	o := options(t.TempDir())
	o.answerLimit, o.ReadTimeout = patience, hurry
	w, o := wireTo(t, o)
	keys := &keyring{}
	keys.add(proof.DemoKey(testLedger))
	l, _, err := Create(t.Context(), o, signedFounding())
	check(t, err)
	s := &stand{TB: t, wire: w, log: l, keys: keys, rival: newRival(t, w, keys), told: newAccount(t)}
	t.Cleanup(func() {
		w.heal()
		shut(t, s.log)
	})
	return s
}

// append appends a commit of one command and keeps what the caller is told.
func (s *stand) append(commandID string) error {
	c, err := s.log.Append(s.Context(), []Entry{entry(commandID), entry(commandID)})
	s.told.answer(c, err, commandID)
	return err
}

// settle ends all faults, lets go what is held, and demands that every command has one truth: that which callers were told,
// that which is stored, and that which the log says agree, now and after it was opened again.
func (s *stand) settle() {
	s.Helper()
	s.heal()
	s.compare()
	s.letGo()
	s.compare()
	for id := range maps.Clone(s.told.refused) { // whatever was refused can be run again
		readAll(s, s.log, s.log.Next())
		for err := s.append(id); errors.Is(err, ErrUnknown); {
			err = s.append(id)
		}
		if s.told.refused[id] != nil {
			s.Errorf("%s cannot be recorded: %v", id, s.told.refused[id])
		}
	}
	s.compare()
	if _, err := s.log.Verify(s.Context(), 1, nil); err != nil {
		s.Error(err)
	}
	o := s.log.options
	shut(s, s.log)
	s.log = open(s, o)
	s.told.again()
	s.compare()
}

// compare asks the log what became of every command of which that was not known, and then looks.
func (s *stand) compare() {
	s.Helper()
	for id := range maps.Clone(s.told.unknown) {
		s.told.found(id, s.isRecorded(id))
	}
	s.look()
}

// look compares what callers were told with what the log says and with what is stored. It looks at what is new since it
// was called last.
func (s *stand) look() {
	s.Helper()
	readAll(s, s.log, s.log.Next()) // what the rival has added
	s.told.take(s.stored(s.told.sequence + 1))
	s.told.compare()
	for _, id := range s.told.asked() {
		events, found, err := s.log.Find(s.Context(), id)
		c, recorded := s.told.recorded[id]
		if err != nil || found != recorded || c.Events != nil && events[0].Commit != c.First() {
			s.Errorf("%s was acknowledged: %v; it is found: %v; %v", id, recorded, found, err)
		}
	}
	if next, root := s.log.Next(), s.log.Root(); next != s.told.tree.size+1 || root != s.told.tree.root() {
		s.Errorf("the log is at %d with root %v; what is stored ends before %d and has root %v", next, root, s.told.tree.size+1, s.told.tree.root())
	}
}

// isRecorded asks the log after a command once there are no faults. A disk that takes its time is one all the same.
func (s *stand) isRecorded(commandID string) bool {
	var err error
	for range 20 {
		var found bool
		if _, found, err = s.log.Find(s.Context(), commandID); !errors.Is(err, ErrUnknown) {
			check(s, err)
			return found
		}
	}
	s.Fatalf("without faults it stays unknown whether %s is recorded: %v", commandID, err)
	return false
}

// account is what callers were told, and what is stored.
type account struct {
	t        testing.TB
	recorded map[string]Commit // by command id; only the id where it is not known in which commit
	refused  map[string]error
	unknown  map[string]bool
	fresh    map[string]bool // was something said of it since asked was called last?

	sequence uint64 // of the last message that was taken
	times    map[string]int
	bodies   map[int64][]byte
	ends     map[uint64]end // by sequence
	tree     referenceTree
	signing  []proof.PublicKey // the key that signs the next commit, once there is one
}

// end is how far a ledger has got with a commit.
type end struct {
	number int64
	root   string
}

func newAccount(t testing.TB) *account {
	a := &account{t: t, recorded: make(map[string]Commit), refused: make(map[string]error), unknown: make(map[string]bool), fresh: make(map[string]bool)}
	a.again()
	return a
}

// again forgets what is stored, so that all of it is looked at once more.
func (a *account) again() {
	a.sequence, a.tree, a.signing = 0, referenceTree{}, nil
	a.times, a.bodies, a.ends = make(map[string]int), make(map[int64][]byte), make(map[uint64]end)
	for _, known := range []func(func(string) bool){maps.Keys(a.recorded), maps.Keys(a.refused)} {
		for id := range known {
			a.fresh[id] = true
		}
	}
}

// asked returns the commands of which something is known that was not known before.
func (a *account) asked() (commandIDs []string) {
	for id := range a.fresh {
		if !a.unknown[id] {
			commandIDs = append(commandIDs, id)
		}
	}
	clear(a.fresh)
	return commandIDs
}

// answer notes what was said of the commands of one commit.
func (a *account) answer(c Commit, err error, commandIDs ...string) {
	for _, id := range commandIDs {
		delete(a.refused, id)
		delete(a.unknown, id)
		a.fresh[id] = true
		switch {
		case err == nil:
			a.recorded[id] = c
		case errors.Is(err, ErrRecorded):
			if _, known := a.recorded[id]; !known {
				a.recorded[id] = Commit{}
			}
		case errors.Is(err, ErrUnknown):
			a.unknown[id] = true
		default:
			a.refused[id] = err
		}
	}
}

// found notes what the log says of a command of which it was not known whether it is recorded.
func (a *account) found(commandID string, found bool) {
	err := errors.New("absent")
	if found {
		err = ErrRecorded
	}
	a.answer(Commit{}, err, commandID)
}

// take takes in messages of the stream, and compares them with what a log must be. It does not use the code of the log for
// that, but for the form of an event.
func (a *account) take(messages []*jetstream.RawStreamMsg) {
	a.t.Helper()
	for _, m := range messages {
		a.sequence++
		events, err := parseCommit(testLedger, m.Data)
		if err != nil {
			a.t.Fatalf("sequence %d: %v", m.Sequence, err)
		}
		if m.Sequence != a.sequence || events[0].Number != a.tree.size+1 {
			a.t.Errorf("at sequence %d stands number %d; it must be number %d at %d", m.Sequence, events[0].Number, a.tree.size+1, a.sequence)
		}
		a.checkSeal(m, events)
		a.tree.add(m.Data)
		a.bodies[events[0].Number] = m.Data
		a.ends[m.Sequence] = end{a.tree.size, a.tree.root().String()}
		for i, e := range events {
			if i == 0 || events[i-1].CommandID != e.CommandID {
				a.times[e.CommandID]++
			}
		}
	}
}

// checkSeal demands of a message the root before it and the signatures of the key before it and of the one that it begins.
func (a *account) checkSeal(m *jetstream.RawStreamMsg, events []Event) {
	keys := a.signing
	for _, e := range events {
		var data struct {
			Key string `json:"key"`
		}
		if e.Type != KeyRotated {
			continue
		}
		check(a.t, json.Unmarshal(e.Data, &data))
		key, err := proof.ParsePublicKey(data.Key)
		check(a.t, err)
		keys, a.signing = append(slices.Clone(a.signing), key), []proof.PublicKey{key}
	}
	signatures := m.Header[signatureHeader]
	if m.Header.Get(rootHeader) != a.tree.root().String() || len(signatures) != len(keys) {
		a.t.Fatalf("sequence %d has the headers %v, after the root %s and with %d keys", m.Sequence, m.Header, a.tree.root(), len(keys))
	}
	seal := proof.Seal{Ledger: testLedger, First: events[0].Number, Before: a.tree.root(), Body: sha256.Sum256(m.Data)}
	for i, key := range keys {
		signature, err := proof.ParseSignature(signatures[i])
		if err != nil || !key.Verify(seal, signature) {
			a.t.Errorf("sequence %d is not signed with key %s: %v", m.Sequence, key.ID(), err)
		}
	}
}

// compare compares what was said with what is stored.
func (a *account) compare() {
	a.t.Helper()
	for id, n := range a.times {
		if n != 1 {
			a.t.Fatalf("%s is recorded %d times", id, n)
		}
	}
	for id, c := range a.recorded {
		switch {
		case a.times[id] != 1:
			a.t.Fatalf("%s was acknowledged and is recorded %d times", id, a.times[id])
		case c.Events != nil && !bytes.Equal(a.bodies[c.First()], c.Body):
			a.t.Fatalf("%s was acknowledged as number %d, where something else stands", id, c.First())
		}
	}
	for id, err := range a.refused {
		if a.times[id] != 0 {
			a.t.Fatalf("%s is recorded, and this was said of it: %v", id, err)
		}
	}
}

// referenceTree is the tree of the log as golang.org/x/mod/sumdb/tlog makes it.
type referenceTree struct {
	size   int64
	hashes []tlog.Hash
}

func (r *referenceTree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		found[i] = r.hashes[x]
	}
	return found, nil
}

func (r *referenceTree) add(body []byte) {
	body = bytes.TrimSuffix(bytes.TrimPrefix(body, []byte("[\n")), []byte("\n]"))
	for line := range bytes.SplitSeq(body, []byte(",\n")) {
		hashes, err := tlog.StoredHashes(r.size, line, r)
		if err != nil {
			panic(err)
		}
		r.hashes = append(r.hashes, hashes...)
		r.size++
	}
}

func (r *referenceTree) root() tlog.Hash {
	if r.size == 0 {
		return sha256.Sum256(nil)
	}
	root, err := tlog.TreeHash(r.size, r)
	if err != nil {
		panic(err)
	}
	return root
}

// askAgain asks after a command of which it is not known what became of it, while that may still not be known.
func (s *stand) askAgain(commandID string) {
	_, found, err := s.log.Find(s.Context(), commandID)
	if err == nil {
		s.told.found(commandID, found)
	}
	if _, damaged := errors.AsType[*Damage](err); damaged {
		s.Error(err)
	}
}

// crowd runs subtests that wait most of their time: more of them at once than there are cores.
type crowd struct {
	sync.WaitGroup
	once sync.Once
	free chan struct{}
}

func (c *crowd) run(t *testing.T, name string, test func(*testing.T)) {
	c.once.Do(func() { c.free = make(chan struct{}, 6) })
	c.Go(func() {
		c.free <- struct{}{}
		defer func() { <-c.free }()
		t.Run(name, test)
	})
}
