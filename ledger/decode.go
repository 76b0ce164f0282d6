package ledger

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pcnledger/domain"
	"pcnledger/eventstore"
)

// decodeEvent reads an event of the log strictly: a type, version or member that is not known stops the reader, for an
// event passed over may have moved money.
func decodeEvent(e eventstore.Event) (domain.Recorded, error) {
	version, err := e.Schema()
	if err != nil {
		return domain.Recorded{}, fmt.Errorf("event %d: %w", e.Number, err)
	}
	fact, err := decodeData(e.Type, version, e.Data)
	if err != nil {
		return domain.Recorded{}, fmt.Errorf("event %d: %w", e.Number, err)
	}
	return domain.Recorded{
		Stamp: domain.Stamp{Number: e.Number, Time: e.Time, Actor: e.Actor, Auth: e.Auth,
			Request: e.Request, RaisedBy: e.RaisedBy, ApprovedBy: e.ApprovedBy},
		Fact: domain.Fact{Event: fact, Effective: domain.Date(e.EffectiveDate), Period: domain.Period(e.Period)},
	}, nil
}

// decodeData reads the data of an event of a known type and version, every member of it.
func decodeData(name string, version int, data jsontext.Value) (domain.Event, error) {
	kind, err := domain.EventKindNamed(name, version)
	if err != nil {
		return nil, err
	}
	event, err := kind.Decode(func(into any) error {
		return json.Unmarshal(data, into, json.RejectUnknownMembers(true))
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return event, nil
}

// eachRecorded decodes the events of a commit and hands them on in order.
func eachRecorded(c eventstore.Commit, each func(domain.Recorded)) error {
	for _, e := range c.Events {
		r, err := decodeEvent(e)
		if err != nil {
			return err
		}
		each(r)
	}
	return nil
}
