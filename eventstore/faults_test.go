package eventstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Whatever becomes of requests and answers, a caller is told the truth.
func TestWhateverBecomesOfAMessageTheCallerIsToldTheTruth(t *testing.T) {
	var group crowd // most of their time the cases wait
	for _, cases := range []map[string]faultCase{messageFaults(), serverFaults(), answersOfJetStream(), rivalFaults()} {
		for name, c := range cases {
			group.run(t, name, func(t *testing.T) { c.run(t) })
		}
	}
	group.Wait()
}

// faultCase is one append and what becomes of it.
type faultCase struct {
	plan     func(s *stand) []fate
	rest     fate
	refusals int   // of connections
	deaf     bool  // JetStream does not say what it holds
	brief    bool  // the log would wait for what never comes
	want     error // that the caller is told
}

func (c faultCase) run(t *testing.T) {
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
}

// messageFaults are cases of what becomes of messages.
func messageFaults() map[string]faultCase {
	return map[string]faultCase{
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
	}
}

// serverFaults are cases of what becomes of the server.
func serverFaults() map[string]faultCase {
	return map[string]faultCase{
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
		"the server logs an error, stores nothing, and another gets in": {want: ErrConflict,
			plan: func(s *stand) []fate {
				return []fate{{before: func() { s.rival.commit("theirs"); logs(s)() }, request: lost}}
			}},

		"it is restarted and does not say what it holds, and nothing is recorded": {want: ErrUnknown, deaf: true,
			plan: plan(fate{request: lost}, fate{request: lost})},
		"it is restarted and does not say what it holds, and it is recorded": {want: ErrUnknown, deaf: true,
			plan: plan(fate{answer: lost}, fate{answer: lost})},
		"there is a conflict and it does not say with what": {want: ErrUnknown, deaf: true,
			plan: plan(fate{answer: lost})},
	}
}

// answersOfJetStream are cases of what JetStream answers.
func answersOfJetStream() map[string]faultCase {
	return map[string]faultCase{
		"JetStream turns it away":                                   {want: ErrNotRecorded, plan: plan(fate{request: turned})},
		"JetStream turns it away when it is sent again":             {plan: plan(fate{request: held}, fate{request: turned})},
		"JetStream turns it away again and again":                   {want: ErrUnknown, plan: plan(fate{request: held}, fate{request: lost}, fate{request: held}, fate{request: turned})},
		"JetStream turns it away when one asks what became of it":   {want: ErrUnknown, plan: plan(fate{request: held}, fate{request: held}, fate{request: held}, fate{request: held}, fate{request: turned})},
		"JetStream turns it away after a restart":                   {want: ErrNotRecorded, plan: plan(fate{request: held}, fate{request: lost}, fate{request: turned})},
		"JetStream turns it away after a restart, and it was there": {plan: plan(fate{answer: held}, fate{request: lost}, fate{request: turned})},
	}
}

// rivalFaults are cases of what another writer does.
func rivalFaults() map[string]faultCase {
	return map[string]faultCase{
		"another gets in first": {want: ErrConflict,
			plan: func(s *stand) []fate { return []fate{{before: theirs(s)}} }},
		"another gets in first, and the answer is lost": {want: ErrConflict,
			plan: func(s *stand) []fate { return []fate{{before: theirs(s), answer: lost}} }},
		"another gets in first, and every answer is lost": {want: ErrConflict, rest: fate{answer: lost},
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
	}
}

// What happens beside a sending.
func theirs(s *stand) func() { return func() { s.rival.commit("theirs") } }
func dies(s *stand) func()   { return s.wire.kill }
func gives(s *stand) func()  { return s.wire.disable }
func mute(s *stand) func()   { return func() { s.silence(true) } }
func logs(s *stand) func() {
	return func() { s.log.on().nats.log.Errorf("Critical write error: as the test wants it") }
}

func plan(fates ...fate) func(*stand) []fate { return func(*stand) []fate { return fates } }

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
		select {
		case <-stored:
		case <-answered:
			t.Fatalf("%s is not recorded: %v", id, s.told.refused[id])
		}
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

// A rotation of which it is not known whether it is recorded is met by a read, and another is prepared.
func TestAKeySignsOnceItsRotationIsMet(t *testing.T) {
	s := newStand(t)
	rotate := func(id string) error {
		key, err := s.log.PrepareKey(s.keys.mint)
		check(t, err)
		c, err := s.log.Append(t.Context(), []Entry{keyEntry(key, id)})
		s.told.answer(c, err, id)
		return err
	}
	s.from(fate{answer: lost})
	s.refuse(1)
	mustBe(t, rotate("one"), ErrUnknown)
	s.heal()
	readAll(t, s.log, s.log.Next())
	check(t, rotate("two"))
	check(t, s.append("signed"))
	if keys := s.log.Keys(); len(keys) != 3 || keys[1] == keys[2] {
		t.Errorf("the keys are %v", keys)
	}
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

func TestTheEndOfABlockIsWrittenOnceMoreByteForByte(t *testing.T) {
	l := create(t)
	path := filepath.Join(l.options.Dir, blockPath)
	for _, bytes := range []int{1, 900_000, 900_000, 900_000} { // less than what is rewritten, and more
		_, err := l.Append(t.Context(), []Entry{heavy(fmt.Sprint("c-", l.Next()), bytes)})
		check(t, err)
		before := readFile(t, path)
		check(t, os.Chtimes(path, testTime, testTime))
		check(t, l.generation.rewriteEnd(l.options.Dir))
		if after := readFile(t, path); string(after) != string(before) {
			t.Errorf("%d bytes have become %d others", len(before), len(after))
		}
		if info, err := os.Stat(path); err != nil || info.ModTime().Equal(testTime) {
			t.Errorf("it was not written: %v", err)
		}
	}
	l = reopen(t, l)
	if _, err := l.Verify(t.Context(), 1, nil); err != nil || l.Next() != 6 {
		t.Errorf("next is %d, %v", l.Next(), err)
	}
}

// What was decided upon a commit whose fate is not known is recorded after it, or not at all.
func TestADraftAfterOneThatIsNotKnown(t *testing.T) {
	for name, c := range map[string]struct {
		first fate
		rival bool
		read  bool // what the rival has written, before the next draft is committed
		want  error
	}{
		"which was recorded":   {first: fate{answer: lost}},
		"which was not":        {first: fate{request: lost}}, // it is sent again
		"where another stands": {first: fate{request: lost}, rival: true, want: ErrConflict},
		"where another of its size stands, which was read": {first: fate{request: lost}, rival: true, read: true, want: ErrConflict},
		"which another followed, which was read":           {first: fate{answer: lost}, rival: true, read: true, want: ErrConflict},
		"which another followed":                           {first: fate{answer: lost}, rival: true, want: ErrConflict},
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
			if c.read {
				check(t, s.log.Settle(t.Context()))
				readAll(t, s.log, s.log.Next())
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
