package domain

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// An Asked is a command inside another fact: what an officer asked for, with its effective date. It stands in JSON as it
// would be sent: {"command","data","effective"?}.
type Asked struct {
	Command   Command
	Effective Date
}

type askedJSON struct {
	Command   string          `json:"command"`
	Data      json.RawMessage `json:"data"`
	Effective Date            `json:"effective,omitzero"`
}

// MarshalJSON writes the command by its name on the wire.
func (a Asked) MarshalJSON() ([]byte, error) {
	if a.Command == nil {
		return []byte("null"), nil
	}
	data, err := json.Marshal(a.Command)
	if err != nil {
		return nil, err
	}
	return json.Marshal(askedJSON{KindOf(a.Command).Name, data, a.Effective})
}

// UnmarshalJSON reads a command by its name on the wire, every member of it.
func (a *Asked) UnmarshalJSON(text []byte) error {
	if bytes.Equal(text, []byte("null")) {
		*a = Asked{}
		return nil
	}
	var read askedJSON
	if err := strictly(text, &read); err != nil {
		return err
	}
	kind, ok := CommandNamed(read.Command)
	if !ok || kind.Shell {
		return fmt.Errorf("there is no command %q", read.Command)
	}
	c, err := kind.Decode(func(into any) error { return strictly(read.Data, into) })
	if err != nil {
		return err
	}
	*a = Asked{c, read.Effective}
	return nil
}

// A Was is an event inside another: what was recorded and is corrected. It stands in JSON as {"event","version","data"}.
type Was struct{ Event Event }

type wasJSON struct {
	Event   string          `json:"event"`
	Version int             `json:"version"`
	Data    json.RawMessage `json:"data"`
}

// MarshalJSON writes the event by its name on the wire.
func (w Was) MarshalJSON() ([]byte, error) {
	if w.Event == nil {
		return []byte("null"), nil
	}
	data, err := json.Marshal(w.Event)
	if err != nil {
		return nil, err
	}
	kind := EventKindOf(w.Event)
	return json.Marshal(wasJSON{kind.Name, kind.Version, data})
}

// UnmarshalJSON reads an event by its name and version on the wire, every member of it.
func (w *Was) UnmarshalJSON(text []byte) error {
	if bytes.Equal(text, []byte("null")) {
		*w = Was{}
		return nil
	}
	var read wasJSON
	if err := strictly(text, &read); err != nil {
		return err
	}
	kind, err := EventKindNamed(read.Event, read.Version)
	if err != nil {
		return err
	}
	w.Event, err = kind.Decode(func(into any) error { return strictly(read.Data, into) })
	return err
}

// strictly reads JSON and refuses a member that is not known.
func strictly(text []byte, into any) error {
	if len(bytes.TrimSpace(text)) == 0 {
		return fmt.Errorf("the data is missing")
	}
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}
