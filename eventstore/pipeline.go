package eventstore

import (
	"context"
	"sync"

	"github.com/nats-io/nats.go"

	"pcnledger/eventstore/proof"
)

// A Fold is what is done with commits that are read. Decode, if it is not nil, is called in any goroutine and in any order;
// what it returns is given to Apply, which is called in the order of the log, from one goroutine.
type Fold struct {
	Decode func(Commit) (any, error)
	Apply  func(c Commit, decoded any) error

	// Unsealed says that Apply does not look at Before and Signatures: of commits whose signatures were verified before they
	// are then not read.
	Unsealed bool
}

// each makes a Fold of a function that wants nothing decoded.
func each(fn func(Commit) error) Fold {
	return Fold{Apply: func(c Commit, _ any) error { return fn(c) }}
}

const (
	// pieceMessages and pieceBytes are how much is taken apart in one go: enough that handing it over costs nothing beside
	// the work, little enough to be in the processor's cache still when it is applied.
	pieceMessages = 256
	pieceBytes    = 256 << 10

	// piecesAhead bounds what is taken apart and not yet applied, and with it the memory that reading takes.
	piecesAhead = 16

	// takers is how many goroutines take pieces apart.
	takers = 2
)

// raw is a commit as it was stored.
type raw struct {
	sequence uint64
	header   nats.Header
	head     []byte // headers that are not parsed, in place of header
	body     []byte
}

// taken is a commit that was taken apart, and not yet found to follow the one before.
type taken struct {
	Commit
	leaves   []proof.Hash
	commands []recordedCommand
	decoded  any
	broken   error // why it is no commit of the ledger
	err      error // of Decode
}

// piece is some commits on their way from where they are stored to whoever applies them.
type piece struct {
	raws  []raw
	taken []taken
	bytes int
	ready chan struct{} // closed once taken is filled
}

// pipeline reads commits from a source, takes them apart in several goroutines, and delivers them in order. The source
// calls emit with each and returns at the end or with an error, which pipeline returns when all before it was delivered. An
// error of deliver ends everything. The signatures of commits up to the sequence known were verified before. When pipeline returns, all that it started has ended.
func (o Options) pipeline(ctx context.Context, fold Fold, known uint64, source func(ctx context.Context, emit func(raw) error) error, deliver func(taken) error) error {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	jobs, ordered := make(chan *piece, piecesAhead), make(chan *piece, piecesAhead)
	for range takers {
		running.Go(func() {
			for p := range jobs {
				p.takeApart(o, fold, known)
			}
		})
	}
	var sourceErr error
	running.Go(func() {
		defer close(ordered)
		defer close(jobs)
		f := feeder{ctx: ctx, jobs: jobs, ordered: ordered}
		if sourceErr = source(ctx, f.emit); sourceErr == nil {
			sourceErr = f.flush()
		} else if err := f.flush(); err != nil {
			sourceErr = err
		}
	})
	for p := range ordered {
		<-p.ready
		for _, t := range p.taken {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if err := deliver(t); err != nil {
				return err
			}
		}
	}
	return sourceErr // the source has ended: it closed ordered
}

// feeder gathers commits into pieces.
type feeder struct {
	ctx           context.Context
	jobs, ordered chan<- *piece
	filling       *piece
}

func (f *feeder) emit(r raw) error {
	if f.filling == nil {
		f.filling = &piece{ready: make(chan struct{})}
	}
	p := f.filling
	p.raws, p.bytes = append(p.raws, r), p.bytes+len(r.body)
	if len(p.raws) < pieceMessages && p.bytes < pieceBytes {
		return nil
	}
	return f.flush()
}

func (f *feeder) flush() error {
	p := f.filling
	if p == nil {
		return nil
	}
	f.filling = nil
	for _, to := range []chan<- *piece{f.jobs, f.ordered} {
		select {
		case to <- p:
		case <-f.ctx.Done():
			return context.Cause(f.ctx)
		}
	}
	return nil
}

// takeApart parses, hashes and decodes the piece's commits.
func (p *piece) takeApart(o Options, fold Fold, known uint64) {
	defer close(p.ready)
	p.taken = make([]taken, len(p.raws))
	for i, r := range p.raws {
		t := &p.taken[i]
		t.Sequence, t.Body = r.sequence, r.body
		if fold.Unsealed && r.sequence <= known {
			r.header, r.head = nil, nil
		}
		if t.Commit, t.broken = parseStored(o.Ledger, r); t.broken != nil {
			continue
		}
		t.leaves, t.commands = t.Commit.Leaves(), commandsIn(t.Commit)
		if fold.Decode != nil {
			t.decoded, t.err = fold.Decode(t.Commit)
		}
	}
	p.raws = nil
}

// parseStored reads a commit by itself, whatever stands before it.
func parseStored(ledger string, r raw) (Commit, error) {
	c := Commit{Sequence: r.sequence, Body: r.body}
	var err error
	if c.Events, err = parseCommit(ledger, r.body); err != nil {
		return c, err
	}
	if len(r.head) > 0 {
		return c, c.scanSeal(r.head)
	}
	return c, c.readSeal(r.header)
}

// place checks that a commit that was taken apart is the one after t.
func (t tail) place(o Options, c Commit, broken error) error {
	number := t.number + 1
	switch {
	case c.Sequence != t.sequence+1:
		return o.damage(number, t.sequence+1, "the commit that begins there is missing; the next that can be read is at stream sequence %d", c.Sequence)
	case broken != nil:
		return o.damage(number, c.Sequence, "what stands there was not written by this ledger: %v", broken)
	}
	if found := c.Events[0]; found.Number != number || found.Time.Before(t.at) {
		return o.damage(number, c.Sequence, "number %d of %s stands where number %d must stand, after %s",
			found.Number, found.Time.Format(timeLayout), number, t.at.Format(timeLayout))
	}
	return nil
}

// follow makes a commit of what was found after t, or says why it is not the commit that was recorded there.
func (t tail) follow(o Options, r raw) (Commit, error) {
	c, broken := parseStored(o.Ledger, r)
	if err := t.place(o, c, broken); err != nil {
		return Commit{}, err
	}
	return c, nil
}
