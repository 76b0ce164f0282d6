package eventstore

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

var (
	modelSeed  = flag.Uint64("model.seed", 0, "repeat the histories of this seed; 0 for new ones")
	modelSteps = flag.Int("model.steps", 50, "the steps of each history")
)

const histories = 4

// Whatever happens to a ledger, and in whatever order: what was acknowledged is there once, at its numbers; what was
// refused or is absent never is; there are no gaps, and tree, signatures and head are right.
func TestAnyHistoryOfALedgerIsTold(t *testing.T) {
	seed := *modelSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("-model.seed=%d", seed)
	var group crowd
	for i := range uint64(histories) {
		group.run(t, fmt.Sprint(i), func(t *testing.T) {
			h := &history{stand: newStand(t), random: rand.New(rand.NewPCG(seed, i))}
			h.log.options.answerLimit = patience / 2
			defer func() {
				if t.Failed() {
					t.Logf("the last steps were %q", h.steps[max(0, len(h.steps)-8):])
				}
			}()
			for range *modelSteps {
				h.step()
				if t.Failed() {
					return
				}
			}
			h.settle()
		})
	}
	group.Wait()
}

// history is what happens to a ledger, step by step.
type history struct {
	*stand
	random   *rand.Rand
	steps    []string
	commands []string // that were submitted
	own      []uint64 // the sequences of what this log was acknowledged since it was opened
}

// step lets something happen, with or without faults, and looks what came of it.
func (h *history) step() {
	kinds := []struct {
		name   string
		weight int
		happen func()
	}{
		{"one command", 6, h.one},
		{"several submitters", 4, h.several},
		{"a row of drafts", 5, h.row},
		{"a command again", 2, h.repeat},
		{"the rival", 4, h.rivals},
		{"reading", 2, h.read},
		{"letting go", 2, h.letGo},
		{"a new key", 1, h.rotate},
		{"a checkpoint", 1, h.note},
		{"closing and opening", 1, h.reopen},
		{"a kill", 1, h.kill},
	}
	var lots []int
	for i, k := range kinds {
		lots = append(lots, slices.Repeat([]int{i}, k.weight)...)
	}
	k := kinds[lots[h.random.IntN(len(lots))]]
	fates := h.fates()
	h.steps = append(h.steps, fmt.Sprintf("%s %v", k.name, describe(fates)))
	h.will(fates...)
	k.happen()
	h.heal()
	if h.random.IntN(4) > 0 {
		h.compare()
	} else {
		h.look() // what is not known is left to the next step
	}
	h.checkHead()
}

func describe(fates []fate) (words []string) {
	for _, f := range fates {
		words = append(words, fmt.Sprintf("[request %q answer %q hooks %v %v]", f.request, f.answer, f.before != nil, f.between != nil))
	}
	return words
}

// fates draws what becomes of the next sendings: of half of all steps, nothing bad.
func (h *history) fates() (fates []fate) {
	if h.random.IntN(2) == 0 {
		return nil
	}
	if h.random.IntN(10) == 0 {
		h.refuse(1)
	}
	ways := []way{passes, passes, lost, lost, early, late, held, severed}
	for range 1 + h.random.IntN(4) {
		f := fate{request: ways[h.random.IntN(len(ways))], answer: ways[h.random.IntN(len(ways))]}
		switch h.random.IntN(12) {
		case 0:
			f.before = h.wire.kill
		case 1:
			f.between = h.wire.kill
		case 2:
			f.before = func() { h.log.on().nats.log.Errorf("as the test wants it") }
		case 3, 4:
			id := h.command("rival")
			f.before = func() { _ = h.rival.try(id) }
		}
		fates = append(fates, f)
	}
	return fates
}

// command returns an id that was not used before.
func (h *history) command(by string) string {
	h.commands = append(h.commands, fmt.Sprintf("%s-%d", by, len(h.commands)))
	return h.commands[len(h.commands)-1]
}

// entries are the events of some new commands.
func (h *history) entries(by string) (entries []Entry, ids []string) {
	for range 1 + h.random.IntN(3) {
		id := h.command(by)
		ids = append(ids, id)
		for range 1 + h.random.IntN(3) {
			entries = append(entries, entry(id))
		}
	}
	return entries, ids
}

// answer notes what a caller was told.
func (h *history) answer(c Commit, err error, ids []string) {
	h.told.answer(c, err, ids...)
	switch {
	case err == nil:
		h.own = append(h.own, c.Sequence)
	case errors.Is(err, ErrConflict), errors.Is(err, ErrUnknown), errors.Is(err, ErrNotRecorded), errors.Is(err, ErrRecorded):
	default:
		h.Errorf("told of %v: %v", ids, err)
	}
}

func (h *history) one() {
	entries, ids := h.entries("one")
	c, err := h.log.Append(h.Context(), entries)
	h.answer(c, err, ids)
}

// several goroutines submit and read at once.
func (h *history) several() {
	type answer struct {
		ids []string
		c   Commit
		err error
	}
	var submitters sync.WaitGroup
	answers := make([]answer, 2+h.random.IntN(4))
	for i := range answers {
		entries, ids := h.entries("several")
		submitters.Go(func() {
			c, err := h.log.Append(context.Background(), entries)
			answers[i] = answer{ids, c, err}
		})
	}
	submitters.Go(func() { readAll(h, h.log, 1) })
	submitters.Go(func() { _, _, _ = h.log.Find(context.Background(), "one-0") })
	submitters.Wait()
	slices.SortFunc(answers, func(a, b answer) int { return int(a.c.Sequence) - int(b.c.Sequence) })
	for _, a := range answers {
		h.answer(a.c, a.err, a.ids)
	}
}

// row composes each draft while the one before it is on its way.
func (h *history) row() {
	type sent struct {
		draft *Draft
		ids   []string
		done  chan struct{}
		c     Commit
		err   error
	}
	var flying *sent
	land := func() {
		if flying != nil {
			<-flying.done
			h.answer(flying.c, flying.err, flying.ids)
		}
	}
	for range 2 + h.random.IntN(3) {
		var after *Draft
		if flying != nil {
			after = flying.draft
		}
		entries, ids := h.entries("row")
		draft, err := h.log.Compose(entries, after)
		if err != nil {
			h.Errorf("compose: %v", err)
			break
		}
		land()
		s := &sent{draft: draft, ids: ids, done: make(chan struct{})}
		flying = s
		go func() {
			defer close(s.done)
			s.c, s.err = h.log.Commit(context.Background(), s.draft)
		}()
	}
	land()
}

// repeat submits a command again that was submitted before, whatever became of it.
func (h *history) repeat() {
	if len(h.commands) == 0 {
		return
	}
	id := h.commands[h.random.IntN(len(h.commands))]
	if strings.HasPrefix(id, "rival") && h.told.times[id] == 0 {
		return // the rival may still record it
	}
	c, err := h.log.Append(h.Context(), []Entry{entry(id)})
	if _, is := h.told.recorded[id]; is && !errors.Is(err, ErrRecorded) && !errors.Is(err, ErrUnknown) {
		h.Errorf("%s is recorded, and was told again: %v", id, err)
	}
	if !h.told.unknown[id] || err == nil || errors.Is(err, ErrRecorded) {
		h.answer(c, err, []string{id})
	}
}

func (h *history) rivals() { h.rival.commit(h.command("rival")) }

func (h *history) read() {
	last := h.log.Next() - 1
	readAll(h, h.log, 1+h.random.Int64N(last))
	if len(h.commands) > 0 {
		_, _, err := h.log.Find(h.Context(), h.commands[h.random.IntN(len(h.commands))])
		if err != nil && !errors.Is(err, ErrUnknown) {
			h.Error(err)
		}
	}
	if h.random.IntN(4) == 0 {
		_, err := h.log.Verify(h.Context(), 1, nil)
		check(h, err)
	}
}

func (h *history) rotate() {
	key, err := h.log.PrepareKey(h.keys.mint)
	check(h, err)
	id := h.command("key")
	c, err := h.log.Append(h.Context(), []Entry{keyEntry(key, id)})
	h.answer(c, err, []string{id})
}

func (h *history) note() {
	note, err := h.log.Checkpoint(h.Context())
	check(h, err)
	if number, _ := h.log.Last(); note.Size != number {
		h.Errorf("the checkpoint is of %d of %d events", note.Size, number)
	}
}

func (h *history) reopen() {
	h.heal()
	o := h.log.options
	shut(h, h.log)
	h.log, h.own = open(h, o), nil
	h.told.again()
}

// kill opens what a kill would leave. The head goes first, for it is the head that may be behind.
func (h *history) kill() {
	dir, to := h.log.options.Dir, h.TempDir()
	for _, part := range []string{"heads", "keys", "jetstream"} {
		check(h, os.CopyFS(filepath.Join(to, part), os.DirFS(filepath.Join(dir, part))))
	}
	readAll(h, h.log, h.log.Next()) // after the copy: it may have been brought up to the stream only now
	left := open(h, options(to))
	same := func(a, b Commit) bool { return a.Sequence == b.Sequence && bytes.Equal(a.Body, b.Body) }
	if here, there := readAll(h, h.log, 1), readAll(h, left, 1); !slices.EqualFunc(here, there, same) {
		h.Errorf("%d commits are left of %d, or another", len(there), len(here))
	}
	if _, err := left.Verify(h.Context(), 1, nil); err != nil {
		h.Error(err)
	}
	shut(h, left)
}

// checkHead demands that the head on disk is right, and at most one commit behind what this log was told.
func (h *history) checkHead() {
	head := h.log.options.peekHead()
	if want := (end{head.Number, head.Root}); head.Sequence == 0 || h.told.ends[head.Sequence] != want {
		h.Errorf("the head is %+v where the log has %+v", head, h.told.ends[head.Sequence])
	}
	if n := len(h.own); n > 1 && head.Sequence < h.own[n-2] {
		h.Errorf("the head is at sequence %d, but %v were acknowledged", head.Sequence, h.own)
	}
}
