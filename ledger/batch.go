package ledger

import (
	"pcnledger/domain"
	"pcnledger/eventstore"
)

const (
	// mostBatch is how many commands share a commit: enough that the wait for the disk no longer counts.
	mostBatch = 500

	// mostEventBytes is what events may take of a commit, of which NATS limits the size; the rest is left to its frame.
	mostEventBytes = 890 << 10
)

// A batch is what becomes one commit. While it is decided and on its way the state runs ahead of the log; should it not be
// recorded, the state is folded again.
type batch struct {
	draft   *eventstore.Draft // once it is composed
	entries []eventstore.Entry
	facts   []domain.Recorded
	bytes   int
	ids     map[string]bool // of the commands that wait for the commit
	answers []answer        // in the order in which they were decided
	full    bool
}

// An answer is the place of a receipt. One that was recorded waits for its commit and has its entry; the others wait with
// it, because they were decided upon what came before.
type answer struct {
	request *request
	index   int // in the request's receipts
	entry   int // the first of its entries in the batch; -1 if nothing is to be recorded
	entries int // how many there are
}

func newBatch() *batch { return &batch{ids: map[string]bool{}} }

func (b *batch) isEmpty() bool { return len(b.answers) == 0 }

// fits reports whether what a command causes can be added.
func (b *batch) fits(made decided) bool {
	return len(b.entries) == 0 || len(b.entries) < mostBatch && b.bytes+made.bytes() <= mostEventBytes
}

func (d decided) bytes() (sum int) {
	for i := range d.entries {
		sum += sizeOf(d.entries[i])
	}
	return sum
}

// record adds what a command causes with the receipt that waits for it.
func (b *batch) record(r *request, receipt Receipt, made decided) {
	b.answer(r, receipt)
	a := &b.answers[len(b.answers)-1]
	a.entry, a.entries = len(b.entries), len(made.entries)
	b.entries, b.facts, b.bytes = append(b.entries, made.entries...), append(b.facts, made.facts...), b.bytes+made.bytes()
	b.ids[made.entries[0].CommandID] = true
	b.full = len(b.entries) >= mostBatch
}

// answer adds a receipt for which nothing is recorded.
func (b *batch) answer(r *request, receipt Receipt) {
	b.answers = append(b.answers, answer{r, len(r.receipts), -1, 0})
	r.receipts = append(r.receipts, receipt)
	r.next++
	r.deciding++
}

// landed completes the receipts with what was recorded, and lets them go.
func (b *batch) landed(commit eventstore.Commit, root string) {
	for _, a := range b.answers {
		if a.entry >= 0 {
			first, last := commit.Events[a.entry], commit.Events[a.entry+a.entries-1]
			receipt := &a.request.receipts[a.index]
			receipt.First, receipt.Last, receipt.Time, receipt.Root = first.Number, last.Number, last.Time, root
		}
		a.request.release()
	}
}

// undecided takes every answer back and returns the requests, the first first: they will be decided again.
func (b *batch) undecided() []*request {
	var requests []*request
	for _, a := range b.answers {
		r := a.request
		r.deciding--
		if !contains(requests, r) {
			requests = append(requests, r)
		}
		if a.index < r.next {
			r.next, r.receipts = a.index, r.receipts[:a.index]
		}
	}
	return requests
}

// release counts an answer out, and ends the request with its last one.
func (r *request) release() {
	r.deciding--
	r.finish()
}

// finish ends the request if nothing of it is open any more.
func (r *request) finish() {
	if r.ended() && r.deciding == 0 {
		close(r.done)
	}
}
