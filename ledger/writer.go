package ledger

import (
	"context"
	"errors"
	"sync"
	"time"

	"pcnledger/domain"
	"pcnledger/eventstore"
)

// A writer decides the commands that wait, in the order of their turns, and commits them batch by batch. While one batch
// is on its way to the disk it decides the next, on a state that runs ahead of the log. It is one goroutine; what is not
// marked otherwise is its alone.
type writer struct {
	ledger *Ledger
	queue  *queue
	ended  chan struct{}

	decider decider
	state   *domain.Ledger
	next    int64     // the number of the next event to be decided
	last    time.Time // when the last event that was decided is recorded
	unread  error     // why an entry that a decision asked for could not be read
	stale   bool      // the state ran ahead of what was recorded: it has to be folded again

	open   *batch // is being decided
	flying *batch // is on its way; nil if none is
	landed chan landing

	mu    sync.Mutex // guards tasks
	tasks []func()   // to be run while nothing is decided or on its way
}

// A landing is what became of a batch that was on its way.
type landing struct {
	commit eventstore.Commit
	err    error
}

func newWriter(l *Ledger, state *domain.Ledger) *writer {
	w := &writer{ledger: l, queue: newQueue(), ended: make(chan struct{}), state: state, open: newBatch(), landed: make(chan landing, 1)}
	w.next = l.log.Next()
	_, w.last = l.log.Last()
	go w.run()
	return w
}

// close waits until what was decided is answered; what was not is answered with [eventstore.ErrClosed].
func (w *writer) close() {
	w.queue.close()
	<-w.ended
}

func (w *writer) run() {
	defer close(w.ended)
	for {
		if !w.hasTasks() {
			w.decideWaiting()
		}
		if w.flying == nil {
			w.send()
		}
		if w.flying == nil {
			w.runTasks()
			if w.queue.isClosed() && w.queue.isEmpty() {
				return
			}
			if !w.queue.isEmpty() && !w.queue.isClosed() {
				continue
			}
		}
		select {
		case <-w.queue.wake:
		case landing := <-w.landed:
			w.land(landing)
		}
	}
}

// decideWaiting gives every request that waits its turns, until the batch is full.
func (w *writer) decideWaiting() {
	var blocked []*request
	for !w.open.full {
		r := w.queue.turn()
		if r == nil {
			break
		}
		if r.ended() { // by what became of a batch
			continue
		}
		if w.endedEarly(r) {
			continue
		}
		waits := w.turn(r)
		switch {
		case waits:
			blocked = append(blocked, r)
		case !r.ended() && w.open.full:
			w.queue.putBack([]*request{r})
		case !r.ended():
			w.queue.again(r)
		}
	}
	for _, r := range blocked {
		w.queue.again(r)
	}
	if w.open.full && w.flying != nil && w.open.draft == nil {
		// While the disk is busy. Should it fail, it fails again when the batch is to be sent.
		_ = w.compose(w.open)
	}
}

// endedEarly answers a request that is not to be decided any more: its caller gave up, or the ledger is being closed, or
// the state could not be brought up to the log.
func (w *writer) endedEarly(r *request) bool {
	err := context.Cause(r.ctx)
	if err == nil && w.queue.isClosed() {
		err = eventstore.ErrClosed
	}
	if err == nil && w.stale {
		if w.flying != nil {
			panic("the state is folded again while a batch is on its way")
		}
		err = w.refold()
	}
	if err == nil {
		return false
	}
	r.err = err
	r.finish()
	return true
}

// turn decides some commands of a request. It returns true if the next one has to wait for the batch on its way.
func (w *writer) turn(r *request) (waits bool) {
	for range mostTurn {
		if r.ended() || w.open.full {
			return false
		}
		c := r.commands[r.next]
		if w.open.ids[c.ID] || w.flying != nil && w.flying.ids[c.ID] {
			if w.flying == nil {
				w.open.full = true // once this is recorded, it is a repeated command
				return false
			}
			return true
		}
		if err := w.one(r, c); err != nil {
			r.err = err
			r.finish()
			return false
		}
	}
	return false
}

// one answers one command, or decides it and lets it wait for the commit.
func (w *writer) one(r *request, c prepared) error {
	receipt, found, err := w.ledger.lookUp(r.ctx, c, r.stamp.actor)
	if err != nil {
		return err
	}
	if found {
		w.open.answer(r, receipt)
		return nil
	}
	stamp, err := r.stamp.next(w.next, w.last)
	if err != nil {
		return err
	}
	w.unread = nil
	made, err := w.decider.decide(w.state, c, stamp, w.look)
	if w.unread != nil {
		return w.unread
	}
	if err != nil {
		receipt, err := receiptFor(c.ID, err)
		if err == nil {
			r.noteAttempt(c, receipt, stamp, w.state)
			w.open.answer(r, receipt)
		}
		return err
	}
	if !w.open.fits(made) {
		w.open.full = true // it begins the next
		return nil
	}
	for _, fact := range made.facts {
		w.state.Apply(fact)
		w.next, w.last = w.next+1, fact.Time
	}
	w.open.record(r, receiptOfFacts(c.ID, made.facts), made)
	return nil
}

// look returns what is recorded under a number, or was decided and is on its way.
func (w *writer) look(number int64) (domain.Recorded, bool) {
	for _, b := range []*batch{w.open, w.flying} {
		if b == nil || len(b.facts) == 0 || number < b.facts[0].Number {
			continue
		}
		if i := number - b.facts[0].Number; i < int64(len(b.facts)) {
			return b.facts[i], true
		}
	}
	r, found, err := w.ledger.recordedAt(number)
	if err != nil {
		w.unread = err
	}
	return r, found
}

// compose makes a batch a draft, after the one on its way.
func (w *writer) compose(b *batch) error {
	var after *eventstore.Draft
	if w.flying != nil {
		after = w.flying.draft
	}
	draft, err := w.ledger.log.Compose(b.entries, after)
	if err == nil {
		b.draft = draft
	}
	return err
}

// send sends the open batch and begins another. A batch that records nothing is answered at once: nothing that it was
// decided upon is on its way.
func (w *writer) send() {
	b := w.open
	if b.isEmpty() {
		return
	}
	w.open = newBatch()
	if len(b.entries) == 0 {
		b.landed(eventstore.Commit{}, "")
		return
	}
	var err error
	if b.draft == nil {
		err = w.compose(b)
	}
	if err == nil && b.draft.First() != b.facts[0].Number {
		err = eventstore.ErrConflict // the log went on since this was decided
	}
	w.flying = b
	if err != nil {
		w.landed <- landing{err: err}
		return
	}
	go func() {
		commit, err := w.ledger.log.Commit(context.Background(), b.draft)
		w.landed <- landing{commit, err}
	}()
}

// land answers the batch that was on its way.
func (w *writer) land(l landing) {
	b := w.flying
	w.flying = nil
	if l.err == nil {
		w.ledger.show(b.facts)
		b.landed(l.commit, b.draft.Root().String())
		if w.ledger.keeper.due(l.commit.Last(), keepEvery) {
			w.addTask(w.ledger.keeper.save)
		}
		return
	}
	w.stale = true
	open := w.open
	w.open = newBatch()
	requests := b.undecided()
	for _, r := range open.undecided() {
		if !contains(requests, r) {
			requests = append(requests, r)
		}
	}
	if !errors.Is(l.err, eventstore.ErrConflict) {
		w.fail(b, l.err)
	}
	var again []*request
	for _, r := range requests {
		if r.err == nil {
			again = append(again, r)
		} else {
			r.finish()
		}
	}
	w.queue.putBack(again)
}

// fail ends the requests of a batch of which nothing was recorded, or of which that is not known: then its commands have a
// receipt that says so.
func (w *writer) fail(b *batch, err error) {
	for _, a := range b.answers {
		r := a.request
		r.err = err
		if a.entry >= 0 && errors.Is(err, eventstore.ErrUnknown) && a.index == len(r.receipts) {
			r.receipts = append(r.receipts, Receipt{Command: b.entries[a.entry].CommandID, Outcome: Unknown})
		}
	}
}

// refold brings views and state up to what is recorded, once it is known what is.
func (w *writer) refold() error {
	l := w.ledger
	ctx := context.Background()
	if err := l.log.Settle(ctx); err != nil {
		return err
	}
	if err := l.catchUp(ctx); err != nil {
		return err
	}
	state := &domain.Ledger{}
	if err := l.Recorded(ctx, state.Apply); err != nil {
		return err
	}
	if err := faultOf(l.log.Ledger(), state); err != nil {
		return err
	}
	w.state, w.stale = state, false
	w.next = l.log.Next()
	_, w.last = l.log.Last()
	return nil
}

// whileIdle runs a function while nothing is decided or on its way and the state is that of the log, and waits for it.
func (w *writer) whileIdle(task func()) error {
	done := make(chan struct{})
	var err error
	w.addTask(func() {
		defer close(done)
		if w.stale {
			err = w.refold()
		}
		if err == nil {
			task()
		}
	})
	w.queue.signal()
	select {
	case <-done:
		return err
	case <-w.ended:
		return eventstore.ErrClosed
	}
}

func (w *writer) addTask(task func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tasks = append(w.tasks, task)
}

func (w *writer) hasTasks() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.tasks) > 0
}

func (w *writer) runTasks() {
	w.mu.Lock()
	tasks := w.tasks
	w.tasks = nil
	w.mu.Unlock()
	for _, task := range tasks {
		task()
	}
}
