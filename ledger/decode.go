package ledger

import (
	"fmt"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"pcnledger/domain"
	"pcnledger/eventstore"
)

// decodeEvent reads an event of the log strictly: a type, version or member that is not known stops the reader, for an
// event passed over may have moved money. Whoever reads many uses one [decoder] for all.
func decodeEvent(e eventstore.Event) (domain.Recorded, error) { return new(decoder).event(&e) }

func (d *decoder) event(e *eventstore.Event) (domain.Recorded, error) {
	version, err := e.Schema()
	if err != nil {
		return domain.Recorded{}, fmt.Errorf("event %d: %w", e.Number, err)
	}
	fact, err := d.fact(e.Type, version, e.Data)
	if err != nil {
		return domain.Recorded{}, fmt.Errorf("event %d: %w", e.Number, err)
	}
	return domain.Recorded{
		Stamp: domain.Stamp{Number: e.Number, Time: e.Time, Actor: d.texts.own(e.Actor), Auth: d.texts.own(e.Auth),
			Request: d.texts.own(e.Request), RaisedBy: d.texts.own(e.RaisedBy), ApprovedBy: d.texts.own(e.ApprovedBy)},
		Fact: domain.Fact{Event: fact, Effective: domain.Date(d.texts.own(e.EffectiveDate)), Period: domain.Period(d.texts.own(e.Period))},
	}, nil
}

// fact reads the data of an event of a known type and version, every member of it.
func (d *decoder) fact(name string, version int, data jsontext.Value) (domain.Event, error) {
	kind, err := domain.EventKindNamed(name, version)
	if err != nil {
		return nil, err
	}
	event, err := kind.Decode(func(into any) error { return d.unmarshal(data, into) })
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return event, nil
}

// folding decodes the commits of a log beside each other and hands their events on in order, commit by commit: of one that
// holds an event which cannot be read, none is handed on.
func folding(each func(domain.Recorded)) eventstore.Fold {
	decoders := sync.Pool{New: func() any { return new(decoder) }}
	return eventstore.Fold{
		Unsealed: true,
		Decode: func(c eventstore.Commit) (any, error) {
			d := decoders.Get().(*decoder)
			defer decoders.Put(d)
			return d.commit(c)
		},
		Apply: func(_ eventstore.Commit, decoded any) error {
			for _, r := range decoded.([]domain.Recorded) {
				each(r)
			}
			return nil
		},
	}
}

func (d *decoder) commit(c eventstore.Commit) (events []domain.Recorded, err error) {
	events = make([]domain.Recorded, len(c.Events))
	for i := range c.Events {
		if events[i], err = d.event(&c.Events[i]); err != nil {
			return nil, err
		}
	}
	return events, nil
}
