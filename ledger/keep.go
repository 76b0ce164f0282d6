package ledger

import (
	"bytes"
	"context"
	"io"
	"sync"

	"pcnledger/domain"
	"pcnledger/eventstore"
	"pcnledger/ledger/snapshot"
	"pcnledger/projections"
)

const (
	// keepAtLeast is how many events a ledger must have folded, or recorded, before a snapshot is worth its file.
	keepAtLeast = 5000

	// keepEvery is when a ledger that stays open makes another one: once it has grown by a quarter, and by so many events,
	// so that all snapshots together cost no more than a few times the last.
	keepEvery = 20_000
)

// The parts of a snapshot that are the ledger's.
const (
	partState = "state"
	partViews = "views"
)

// codecs write state and views. They are made once: what they know is the types.
var codecs = sync.OnceValues(func() (c struct {
	state *snapshot.Codec[domain.Ledger]
	views *snapshot.Codec[projections.Views]
}, err error) {
	if c.state, err = snapshot.Of[domain.Ledger](); err != nil {
		return c, err
	}
	c.views, err = snapshot.Of[projections.Views]()
	return c, err
})

// kept is what a ledger is made of: state to decide on, and views to look at. It is folded from the log, or taken out of a
// snapshot and folded on.
type kept struct {
	state *domain.Ledger
	views *projections.Views
	from  int64 // the number of the snapshot that it was taken out of; 0 if none
}

func (k *kept) apply(r domain.Recorded) {
	k.state.Apply(r)
	k.views.Apply(r)
}

// resumption takes state and views out of a snapshot.
func (k *kept) resumption() *eventstore.Resumption {
	c, err := codecs()
	if err != nil {
		return nil // a type that no codec can keep: a test says so
	}
	return &eventstore.Resumption{
		Begin: func() { *k = kept{state: &domain.Ledger{}, views: projections.NewViews()} },
		Parts: []string{partState, partViews},
		Take: func(name string, r io.Reader, size int64) error {
			var err error
			if name == partState {
				k.state, err = c.state.Decode(r, size)
				return err
			}
			if k.views, err = c.views.Decode(r, size); err == nil {
				k.from = k.views.Ledger.Number
			}
			return err
		},
	}
}

// keeper saves snapshots of an open ledger.
type keeper struct {
	ledger *Ledger
	saving sync.WaitGroup

	mu   sync.Mutex // guards what follows
	last int64      // the number of the newest snapshot
	busy bool       // one is being saved
}

// due reports whether the ledger has grown enough since the last snapshot for another, and if so, that it is being saved.
func (k *keeper) due(number, least int64) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.busy || number-k.last < max(least, k.last/4) {
		return false
	}
	k.busy = true
	return true
}

// save saves a snapshot of the ledger as it is now. It is called by the writer while nothing is decided or on its way. What
// has to be copied is copied at once; the writing goes on beside. A state that ran ahead of what was recorded is not saved.
func (k *keeper) save() {
	l := k.ledger
	if l.writer.stale {
		k.saved(0, nil)
		return
	}
	frozen, parts, err := k.copy()
	if err != nil || frozen == nil {
		k.saved(0, err)
		return
	}
	number := l.views.Ledger.Number
	k.saving.Go(func() { k.saved(number, frozen.Save(context.Background(), parts...)) })
}

// copy encodes state and views in memory.
func (k *keeper) copy() (*eventstore.Frozen, []eventstore.SnapshotPart, error) {
	c, err := codecs()
	if err != nil {
		return nil, nil, err
	}
	frozen, err := k.ledger.log.Freeze()
	if frozen == nil || err != nil {
		return nil, nil, err
	}
	var state, views bytes.Buffer
	if err := c.state.Encode(&state, k.ledger.writer.state); err != nil {
		return nil, nil, err
	}
	if err := c.views.Encode(&views, k.ledger.views); err != nil {
		return nil, nil, err
	}
	return frozen, []eventstore.SnapshotPart{partOf(partState, &state), partOf(partViews, &views)}, nil
}

func partOf(name string, content *bytes.Buffer) eventstore.SnapshotPart {
	return eventstore.SnapshotPart{Name: name, Write: func(w io.Writer) error {
		_, err := w.Write(content.Bytes())
		return err
	}}
}

// saved notes what became of a snapshot. One that could not be saved costs time at the next start and nothing else.
func (k *keeper) saved(number int64, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.busy = false
	if err != nil {
		k.ledger.logger.Warn("no snapshot was saved", "err", err)
		number = k.ledger.log.Next() // not again for every commit
	}
	k.last = max(k.last, number)
}
