package ledger

import (
	"context"
	"errors"
	"sync"

	"pcnledger/eventstore"
)

// ErrBusy: so many callers wait already that another would wait too long. Nothing was recorded; try again.
var ErrBusy = errors.New("the ledger is busy: try again in a moment; nothing was recorded")

// mostWaiting is how many callers may wait. At the pace of one disk that is a second or two; who waits longer is better told
// so.
const mostWaiting = 4096

// mostTurn is how many commands of one caller are decided before the next caller has a turn: an import of thousands does
// not hold up the officer beside it.
const mostTurn = 50

// A request is the commands of one caller, decided in their order.
type request struct {
	commands []prepared
	stamp    stamper
	ctx      context.Context
	done     chan struct{} // closed once receipts and err are final

	// What follows is the writer's alone until done is closed.
	next     int             // the first command that is not decided
	deciding int             // commands that are decided and wait for their commit
	receipts []Receipt       // in the order of the commands
	err      error           // why the rest is not answered
	attempts map[int]Attempt // at what is forbidden, by the places of their receipts
}

// ended reports whether nothing of the request will be decided any more.
func (r *request) ended() bool { return r.err != nil || r.next == len(r.commands) }

// queue holds the requests that wait, and gives them their turns. It is safe for concurrent use.
type queue struct {
	wake chan struct{} // has a token when a request came in or was cancelled, or the queue was closed

	mu      sync.Mutex // guards what follows
	waiting []*request // whose commands are not all decided
	closed  bool
}

func newQueue() *queue { return &queue{wake: make(chan struct{}, 1)} }

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default: // a token is there
	}
}

// put lets a request wait for its turn.
func (q *queue) put(r *request) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.closed:
		return eventstore.ErrClosed
	case len(q.waiting) >= mostWaiting:
		return ErrBusy
	}
	q.waiting = append(q.waiting, r)
	q.signal()
	return nil
}

// putBack has requests decided again before all others.
func (q *queue) putBack(requests []*request) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var rest []*request
	for _, r := range q.waiting {
		if !contains(requests, r) {
			rest = append(rest, r)
		}
	}
	q.waiting = append(requests, rest...)
	q.signal()
}

// turn takes the request whose turn it is out of the queue; nil if none waits.
func (q *queue) turn() *request {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 {
		return nil
	}
	r := q.waiting[0]
	q.waiting = q.waiting[1:]
	return r
}

// again puts a request that had its turn behind the others.
func (q *queue) again(r *request) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, r)
}

// close lets nothing more in. What waits is answered by the writer.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.signal()
}

func (q *queue) isClosed() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed
}

func (q *queue) isEmpty() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting) == 0
}

func contains(requests []*request, r *request) bool {
	for _, other := range requests {
		if other == r {
			return true
		}
	}
	return false
}
