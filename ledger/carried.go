package ledger

import (
	"bytes"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pcnledger/domain"
)

// carried are options of the JSON library with which a command or an event that stands within another is read as strictly
// as one by itself, and by its own plan. The domain's own reading takes member names in any case.
func (d *decoder) carried() json.Options {
	return json.WithUnmarshalers(json.JoinUnmarshalers(
		json.UnmarshalFunc(func(text []byte, into *domain.Asked) error { return d.asked(text, into) }),
		json.UnmarshalFunc(func(text []byte, into *domain.Was) error { return d.was(text, into) }),
	))
}

func (d *decoder) asked(text []byte, into *domain.Asked) error {
	var read struct {
		Command   string         `json:"command"`
		Data      jsontext.Value `json:"data"`
		Effective domain.Date    `json:"effective,omitzero"`
	}
	if nothing, err := within(text, &read); nothing || err != nil {
		return err
	}
	kind, ok := domain.CommandNamed(read.Command)
	if !ok || kind.Shell {
		return fmt.Errorf("there is no command %q", read.Command)
	}
	c, err := kind.Decode(func(into any) error { return d.unmarshal(read.Data, into) })
	if err == nil {
		*into = domain.Asked{Command: c, Effective: read.Effective}
	}
	return err
}

func (d *decoder) was(text []byte, into *domain.Was) error {
	var read struct {
		Event   string         `json:"event"`
		Version int            `json:"version"`
		Data    jsontext.Value `json:"data"`
	}
	if nothing, err := within(text, &read); nothing || err != nil {
		return err
	}
	event, err := d.fact(read.Event, read.Version, read.Data)
	if err == nil {
		into.Event = event
	}
	return err
}

// within reads what says which kind is carried, or says that it is null: nothing is carried.
func within(text []byte, into any) (nothing bool, err error) {
	if bytes.Equal(text, []byte("null")) {
		return true, nil
	}
	return false, json.Unmarshal(text, into, json.RejectUnknownMembers(true))
}
