package eventstore

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// Whatever becomes of requests and answers, a caller is told the truth.
func TestWhateverBecomesOfAMessageTheCallerIsToldTheTruth(t *testing.T) {
	theirs := func(s *stand) func() { return func() { s.rival.commit("theirs") } }
	logs := func(s *stand) func() {
		return func() { s.log.on().nats.log.Errorf("Critical write error: as the test wants it") }
	}
	dies := func(s *stand) func() { return s.wire.kill }
	gives := func(s *stand) func() { return s.wire.disable }
	mute := func(s *stand) func() { return func() { s.silence(true) } }
	var group crowd

	for name, c := range map[string]struct {
		plan     func(s *stand) []fate
		rest     fate
		refusals int
		deaf     bool
		brief    bool // it would wait for what never comes
		want     error
	}{
		"the request is lost":                        {plan: plan(fate{request: lost})},
		"the answer is lost":                         {plan: plan(fate{answer: lost})},
		"two requests are lost":                      {plan: plan(fate{request: lost}, fate{request: lost})},
		"two answers are lost":                       {plan: plan(fate{answer: lost}, fate{answer: lost})},
		"the request, then the answer":               {plan: plan(fate{request: lost}, fate{answer: lost})},
		"the answer, then the request":               {plan: plan(fate{answer: lost}, fate{request: lost})},
		"all but the last":                           {plan: plan(fate{request: lost}, fate{answer: lost}, fate{request: lost})},
		"every answer is lost":                       {rest: fate{answer: lost}},
		"every request is lost":                      {rest: fate{request: lost}, want: ErrUnknown},
		"every request is held":                      {rest: fate{request: held}, want: ErrUnknown},
		"every connection is cut before the request": {rest: fate{request: severed}, want: ErrUnknown},
		"every connection is cut before the answer":  {rest: fate{answer: severed}},
		"the answer comes as it is sent again":       {plan: plan(fate{answer: early})},
		"the answer comes after the next one":        {plan: plan(fate{answer: late})},
		"the answer comes at the end":                {plan: plan(fate{answer: held})},
		"the answers come at the end":                {plan: plan(fate{answer: held}, fate{answer: held})},
		"the request comes just before the next":     {plan: plan(fate{request: early})},
		"the request comes after the next":           {plan: plan(fate{request: late})},
		"the request comes at the end":               {plan: plan(fate{request: held})},
		"the request comes late, the answer is lost": {plan: plan(fate{request: late, answer: lost}, fate{answer: lost})},
		"the connection is cut before the request":   {plan: plan(fate{request: severed})},
		"the connection is cut before the answer":    {plan: plan(fate{answer: severed})},
		"it is cut when a request is held":           {plan: plan(fate{request: held}, fate{request: severed})},

		"the server dies before the request":    {plan: func(s *stand) []fate { return []fate{{before: dies(s)}} }},
		"the server dies before the answer":     {plan: func(s *stand) []fate { return []fate{{between: dies(s), answer: lost}} }},
		"JetStream gives up before the request": {plan: func(s *stand) []fate { return []fate{{before: gives(s)}} }},
		"JetStream gives up before the answer":  {plan: func(s *stand) []fate { return []fate{{between: gives(s), answer: lost}} }},
		"the server dies again and again":       {want: ErrUnknown, plan: func(s *stand) []fate { return []fate{{before: dies(s)}, {before: dies(s)}} }},
		"it dies, with the answer on its way, and does not start again": {want: ErrUnknown, refusals: 1,
			plan: func(s *stand) []fate { return []fate{{between: dies(s), answer: lost}} }},
		"the server does not start again, and nothing is recorded": {want: ErrUnknown, refusals: 1,
			plan: plan(fate{request: lost}, fate{request: lost})},
		"the server does not start again, and it is recorded": {want: ErrUnknown, refusals: 1,
			plan: plan(fate{answer: lost}, fate{answer: lost})},
		"the server falls silent, and nothing is recorded": {want: ErrUnknown, brief: true,
			plan: func(s *stand) []fate { return []fate{{before: mute(s), request: lost}, {request: lost}} }},
		"the server falls silent, and it is recorded": {want: ErrUnknown, brief: true,
			plan: func(s *stand) []fate { return []fate{{before: mute(s)}} }},

		"the server logs an error and stores nothing": {want: ErrNotRecorded,
			plan: func(s *stand) []fate { return []fate{{before: logs(s), request: lost}} }},
		"the server logs an error, and the request waits": {want: ErrNotRecorded,
			plan: func(s *stand) []fate { return []fate{{before: logs(s), request: held}} }},
		"the server logs an error and stores it all the same": {
			plan: func(s *stand) []fate { return []fate{{between: logs(s), answer: lost}} }},
		"the server logs an error, stores nothing, and another gets in": {want: ErrNotRecorded,
			plan: func(s *stand) []fate {
				return []fate{{before: func() { s.rival.commit("theirs"); logs(s)() }, request: lost}}
			}},

		"it is restarted and does not say what it holds, and nothing is recorded": {want: ErrUnknown, deaf: true,
			plan: plan(fate{request: lost}, fate{request: lost})},
		"it is restarted and does not say what it holds, and it is recorded": {want: ErrUnknown, deaf: true,
			plan: plan(fate{answer: lost}, fate{answer: lost})},
		"there is a conflict and it does not say with what": {want: ErrUnknown, deaf: true,
			plan: plan(fate{answer: lost})},

		"JetStream turns it away":                                   {want: ErrNotRecorded, plan: plan(fate{request: turned})},
		"JetStream turns it away when it is sent again":             {plan: plan(fate{request: held}, fate{request: turned})},
		"JetStream turns it away again and again":                   {want: ErrUnknown, plan: plan(fate{request: held}, fate{request: lost}, fate{request: held}, fate{request: turned})},
		"JetStream turns it away when one asks what became of it":   {want: ErrUnknown, plan: plan(fate{request: held}, fate{request: held}, fate{request: held}, fate{request: held}, fate{request: turned})},
		"JetStream turns it away after a restart":                   {want: ErrNotRecorded, plan: plan(fate{request: held}, fate{request: lost}, fate{request: turned})},
		"JetStream turns it away after a restart, and it was there": {plan: plan(fate{answer: held}, fate{request: lost}, fate{request: turned})},

		"another gets in first": {want: ErrConflict,
			plan: func(s *stand) []fate { return []fate{{before: theirs(s)}} }},
		"another gets in first, and the answer is lost": {want: ErrConflict,
			plan: func(s *stand) []fate { return []fate{{before: theirs(s), answer: lost}} }},
		"another gets in first, and every answer is lost": {want: ErrUnknown, rest: fate{answer: lost},
			plan: func(s *stand) []fate { return []fate{{before: theirs(s), answer: lost}} }},
		"the request is lost, and another gets in": {want: ErrConflict,
			plan: func(s *stand) []fate { return []fate{{request: lost}, {before: theirs(s)}} }},
		"the request is lost, another gets in, and the answer that says so is lost": {want: ErrConflict,
			plan: func(s *stand) []fate { return []fate{{request: lost}, {before: theirs(s), answer: lost}} }},
		"the request is held, and another gets in": {want: ErrConflict,
			plan: func(s *stand) []fate { return []fate{{request: held}, {before: theirs(s)}} }},
		"the request comes late, after another's": {want: ErrConflict,
			plan: func(s *stand) []fate { return []fate{{request: late}, {before: theirs(s)}} }},
		"two requests are held, and another gets in": {want: ErrConflict,
			plan: func(s *stand) []fate { return []fate{{request: held}, {request: held}, {before: theirs(s)}} }},
		"two requests are lost, and another gets in": {want: ErrConflict,
			plan: func(s *stand) []fate { return []fate{{request: lost}, {request: lost}, {before: theirs(s)}} }},
		"every request is lost, and another gets in": {want: ErrUnknown, rest: fate{request: lost},
			plan: func(s *stand) []fate {
				return []fate{{request: lost}, {request: lost}, {request: lost}, {before: theirs(s), request: lost}}
			}},
		"the answer is lost, and another comes after it": {
			plan: func(s *stand) []fate { return []fate{{between: theirs(s), answer: lost}} }},
		"the answer is late, and another comes after it": {
			plan: func(s *stand) []fate { return []fate{{between: theirs(s), answer: late}} }},
		"every answer is lost, and another comes after it": {rest: fate{answer: lost},
			plan: func(s *stand) []fate { return []fate{{between: theirs(s), answer: lost}} }},
	} {
		group.run(t, name, func(t *testing.T) {
			s := newStand(t)
			check(t, s.append("before"))
			if c.plan != nil {
				s.will(c.plan(s)...)
			}
			s.from(c.rest)
			s.refuse(c.refusals)
			if c.deaf {
				s.ignore("$JS.API.STREAM.MSG.GET")
			}
			if c.brief || c.deaf {
				s.log.options.ReadTimeout = 3 * patience
			}
			err := s.append("ours")
			if c.want == nil && err != nil || !errors.Is(err, c.want) {
				t.Errorf("error is %v, want %v", err, c.want)
			}
			if s.told.unknown["ours"] {
				s.askAgain("ours")
			}
			s.log.options.ReadTimeout = hurry
			s.settle()
		})
	}
	group.Wait()
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

func plan(fates ...fate) func(*stand) []fate { return func(*stand) []fate { return fates } }

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

// Every two faults in a row, with another writer getting in between them, or not.
func TestEveryTwoFaultsInARow(t *testing.T) {
	kinds := map[string]fate{
		"none": {}, "request lost": {request: lost}, "answer lost": {answer: lost}, "request early": {request: early},
		"answer early": {answer: early}, "request late": {request: late}, "answer late": {answer: late},
		"request held": {request: held}, "cut before": {request: severed}, "cut behind": {answer: severed},
	}
	var group crowd
	for name, first := range kinds {
		group.run(t, "first "+name, func(t *testing.T) {
			s := newStand(t)
			s.log.options.answerLimit = patience / 3
			for then, second := range kinds {
				if name == "none" && then != name {
					continue // there is no second sending
				}
				for _, rivals := range []int{0, 2} {
					fates := []fate{first, second, {}}
					id := fmt.Sprintf("%s-%d", strings.ReplaceAll(then, " ", "-"), rivals)
					if rivals > 0 {
						fates[rivals-1].before = func() { _ = s.rival.try("theirs-" + id) } // ours may get in first
					}
					s.will(fates...)
					if err := s.append(id); err != nil && !errors.Is(err, ErrConflict) && !errors.Is(err, ErrUnknown) {
						t.Errorf("%s, the rival before %d: %v", then, rivals, err)
					}
					s.heal()
					if s.told.unknown[id] {
						s.told.found(id, s.isRecorded(id))
					}
					s.letGo()
					s.compare()
				}
			}
			s.settle()
		})
	}
	group.Wait()
}

// A read that meets a commit before its writer has the acknowledgement takes it in; the writer must not do so again.
func TestAReadMeetsACommitBeforeItsAcknowledgement(t *testing.T) {
	s := newStand(t)
	s.log.options.answerLimit = time.Minute
	next, err := s.log.PrepareKey(s.keys.mint)
	check(t, err)
	for id, entries := range map[string][]Entry{"one": {entry("one")}, "rotate": {keyEntry(next, "rotate")}, "two": {entry("two"), entry("two")}} {
		stored, answered := make(chan struct{}), make(chan struct{})
		s.will(fate{between: func() { close(stored) }, answer: held})
		go func() {
			defer close(answered)
			c, err := s.log.Append(t.Context(), entries)
			s.told.answer(c, err, id)
		}()
		<-stored
		if read := readAll(t, s.log, s.log.Next()); len(read) != 1 || !find(t, s.log, id) {
			t.Errorf("%s is not read: %v", id, read)
		}
		s.letGo()
		<-answered
		check(t, s.told.refused[id])
		check(t, s.append("after-"+id))
	}
	if found, err := exists(string(s.log.options.keyFile().next())); found || err != nil {
		t.Errorf("the key that took over is not in its place: %v", err)
	}
	again, err := s.log.PrepareKey(s.keys.mint)
	check(t, err)
	if again == next {
		t.Error("the key that took over is to take over once more")
	}
	s.settle()
}

// A rotation that is on disk is a rotation, whatever becomes of the key's file.
func TestAKeyThatCannotBePutInItsPlaceSignsAllTheSame(t *testing.T) {
	s := newStand(t)
	next, err := s.log.PrepareKey(s.keys.mint)
	check(t, err)
	path := string(s.log.options.keyFile())
	check(t, os.Remove(path))
	check(t, os.MkdirAll(filepath.Join(path, "in-the-way"), 0o700))
	c, err := s.log.Append(t.Context(), []Entry{keyEntry(next, "rotate")})
	check(t, err)
	s.told.answer(c, err, "rotate")
	check(t, s.append("signed-anew"))
	if again, err := s.log.PrepareKey(s.keys.mint); err == nil {
		t.Errorf("key %s is to take over while %s has no place", again.ID(), next.ID())
	}
	check(t, os.RemoveAll(path))
	if again, err := s.log.PrepareKey(s.keys.mint); err != nil || again == next {
		t.Errorf("the key that took over is to take over once more: %v, %v", again == next, err)
	}
	check(t, s.append("signed-still"))
	s.settle()
}

// While the server is started again, whoever reads waits.
func TestWhoeverReadsWaitsForARestart(t *testing.T) {
	s := newStand(t)
	for i := range 20 {
		check(t, s.append(fmt.Sprint("c-", i)))
	}
	_, err := s.log.Checkpoint(t.Context())
	check(t, err)
	stop, read := make(chan struct{}), make(chan struct{})
	var readers sync.WaitGroup
	for _, oneOf := range []func() error{
		func() error { _, _, err := s.log.Find(t.Context(), "c-7"); return err },
		func() error { return s.log.Read(t.Context(), 1, func(Commit) error { return nil }) },
		func() error { _, err := s.log.Verify(t.Context(), 1, nil); return err },
		func() error { _, _, err := s.log.RootAfter(t.Context(), 6); return err },
		func() error { _, err := s.log.Checkpoints(t.Context()); return err },
	} {
		readers.Go(func() {
			for {
				if err := oneOf(); err != nil {
					t.Error(err)
				}
				select {
				case <-stop:
					return
				case read <- struct{}{}:
				default:
				}
			}
		})
	}
	for i := range 8 {
		s.will([]fate{{request: severed}, {answer: severed}}[i%2])
		check(t, s.append(fmt.Sprint("again-", i)))
		for range 10 {
			<-read
		}
	}
	close(stop)
	readers.Wait()
	s.settle()
}

// Who gives up reading need not wait until the server is started again, which takes minutes where there is much to read.
func TestWhoeverGivesUpDoesNotWaitForARestart(t *testing.T) {
	s := newStand(t)
	s.connecting(func() {
		done := make(chan struct{})
		go func() {
			defer close(done)
			for _, read := range []func(context.Context) error{
				func(ctx context.Context) error { return s.log.Read(ctx, 1, func(Commit) error { return nil }) },
				func(ctx context.Context) error { _, _, err := s.log.Find(ctx, "init"); return err },
				func(ctx context.Context) error { _, err := s.log.Verify(ctx, 1, nil); return err },
			} {
				brief, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
				if err := read(brief); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("error is %v", err)
				}
				cancel()
			}
		}()
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			t.Error("they wait")
		}
	})
	s.will(fate{request: severed})
	check(t, s.append("one"))
	s.settle()
}

// A connection that ends under a reader is no damage, and is made again even if nobody writes.
func TestAReaderWhoseConnectionEndsReadsOn(t *testing.T) {
	s := newStand(t)
	for i := range 5 {
		check(t, s.append(fmt.Sprint("c-", i)))
	}
	for _, subject := range []string{"$JS.API.CONSUMER.MSG.NEXT", "$JS.API.CONSUMER.CREATE", "$JS.API.STREAM.INFO", "$JS.API.CONSUMER.DELETE"} {
		s.severAt(subject)
		_, err := s.log.Verify(t.Context(), 1, nil)
		check(t, err)
	}
	s.severAt("$JS.API.STREAM.MSG.GET")
	if !find(t, s.log, "c-3") {
		t.Error("c-3 is not found")
	}
	s.disable()
	readAll(t, s.log, 1)
	s.settle()
}

// What is lost while the server runs is found when it has to be started again. Then nothing more is written, or read.
func TestDamageThatARestartFinds(t *testing.T) {
	for name, spoil := range map[string]spoiler{
		"the block is cut off":        cut(blockPath, 0.5),
		"the block is deleted":        remove(blockPath),
		"the stream is deleted":       remove(streamPath),
		"the settings are gone":       remove(streamPath + "/meta.inf"),
		"all is deleted but the head": remove("jetstream"),
	} {
		t.Run(name, func(t *testing.T) {
			s := newStand(t)
			for i := range 5 {
				check(t, s.append(fmt.Sprint("c-", i)))
			}
			s.will(fate{before: func() { spoil(t, s.log.options.Dir) }, request: lost}, fate{request: lost})
			err := s.append("ours")
			mustBe(t, err, ErrUnknown)
			_, _, findErr := s.log.Find(t.Context(), "c-3")
			_, _, askErr := s.log.Find(t.Context(), "ours")
			for what, err := range map[string]error{
				"the append": err, "the next append": s.append("next"), "finding": findErr, "asking": askErr,
				"reading":  s.log.Read(t.Context(), 1, func(Commit) error { return nil }),
				"settling": s.log.Settle(t.Context()),
			} {
				if _, is := errors.AsType[*Damage](err); !is {
					t.Errorf("%s: %v", what, err)
				}
			}
			o := s.log.options
			shut(t, s.log)
			_, err = Open(soon(t), o)
			if _, is := errors.AsType[*Damage](err); !is {
				t.Errorf("opening: %v", err)
			}
		})
	}
}

// What was decided upon a commit whose fate is not known is recorded after it, or not at all.
func TestADraftAfterOneThatIsNotKnown(t *testing.T) {
	for name, c := range map[string]struct {
		first fate
		rival bool
		want  error
	}{
		"which was recorded":     {first: fate{answer: lost}},
		"which was not":          {first: fate{request: lost}}, // it is sent again
		"where another stands":   {first: fate{request: lost}, rival: true, want: ErrConflict},
		"which another followed": {first: fate{answer: lost}, rival: true, want: ErrConflict},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStand(t)
			one, err := s.log.Compose([]Entry{entry("one")}, nil)
			check(t, err)
			two, err := s.log.Compose([]Entry{entry("two")}, one)
			check(t, err)
			s.from(c.first)
			s.refuse(1)
			_, err = s.log.Commit(t.Context(), one)
			s.told.answer(one.Commit, err, "one")
			mustBe(t, err, ErrUnknown)
			s.heal()
			if c.rival {
				check(t, s.rival.try("theirs"))
			}
			commit, err := s.log.Commit(t.Context(), two)
			s.told.answer(commit, err, "two")
			if c.want == nil && err != nil || !errors.Is(err, c.want) {
				t.Errorf("error is %v, want %v", err, c.want)
			}
			s.settle()
		})
	}
}

// Compose looks back one draft; Commit looks at the log.
func TestACommandIsNotRecordedTwiceByALongRowOfDrafts(t *testing.T) {
	s := newStand(t)
	var drafts []*Draft
	var after *Draft
	for _, id := range []string{"a", "b", "a"} {
		d, err := s.log.Compose([]Entry{entry(id)}, after)
		check(t, err)
		drafts, after = append(drafts, d), d
	}
	for i, want := range []error{nil, nil, ErrRecorded} {
		c, err := s.log.Commit(t.Context(), drafts[i])
		if !errors.Is(err, want) {
			t.Errorf("draft %d: error is %v, want %v", i+1, err, want)
		}
		s.told.answer(c, err, drafts[i].Events[0].CommandID)
	}
	s.settle()
}

func TestGivingUpAfterACommitWasSentChangesNothing(t *testing.T) {
	s := newStand(t)
	ctx, giveUp := context.WithCancel(t.Context())
	s.will(fate{before: giveUp, answer: lost}, fate{answer: lost})
	c, err := s.log.Append(ctx, []Entry{entry("ours")})
	check(t, err)
	s.told.answer(c, err, "ours")
	s.settle()
}

func TestClosingWaitsForACommitThatWasSent(t *testing.T) {
	s := newStand(t)
	closed := make(chan error, 1)
	begun := s.log.closing.Done()
	s.will(fate{before: func() { go func() { closed <- s.log.Close() }(); <-begun }, request: lost}, fate{answer: lost})
	check(t, s.append("ours"))
	check(t, <-closed)
	s.log = open(t, s.log.options)
	s.settle()
}
