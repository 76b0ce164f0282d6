package ledger

import (
	"bytes"
	"reflect"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// encode returns the JSON of an event or a command. Whoever encodes many uses one [encoder] for all.
func encode(v any) ([]byte, error) { return new(encoder).encode(v) }

// An encoder writes events and commands as the JSON library does, byte for byte: by a [plan] if there is one. The zero
// encoder is ready. It is for one goroutine at a time.
type encoder struct {
	room []byte // where values are written before it is known how long they are
}

func (e *encoder) encode(v any) ([]byte, error) {
	value := reflect.ValueOf(v)
	if p := planned().made[value.Type()]; p != nil {
		if data, ok := p.append(e.room[:0], value); ok {
			e.room = data
			return bytes.Clone(data), nil
		}
	}
	return json.Marshal(v)
}

// append writes a value; false says that it cannot be written.
func (p *plan) append(to []byte, value reflect.Value) ([]byte, bool) {
	switch p.shape {
	case textShape:
		return appendText(to, value.String())
	case wholeShape:
		return strconv.AppendInt(to, value.Int(), 10), true
	case yesNoShape:
		return strconv.AppendBool(to, value.Bool()), true
	case objectShape:
		return p.appendObject(to, value)
	case listShape:
		return p.appendList(to, value)
	}
	if value.IsNil() {
		return append(to, "null"...), true
	}
	return p.of.append(to, value.Elem())
}

func appendText(to []byte, text string) ([]byte, bool) {
	ascii := true
	for i := range len(text) {
		c := text[i]
		if c < ' ' || c == '"' || c == '\\' {
			to, err := jsontext.AppendQuote(to, text)
			return to, err == nil
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	return append(append(append(to, '"'), text...), '"'), ascii || utf8.ValidString(text)
}

func (p *plan) appendObject(to []byte, object reflect.Value) (_ []byte, ok bool) {
	to = append(to, '{')
	begun := len(to)
	for i := range p.parts {
		part := &p.parts[i]
		value := part.in(object)
		if part.omitzero && value.IsZero() {
			continue
		}
		if len(to) > begun {
			to = append(to, ',')
		}
		if to, ok = part.append(append(to, part.opening...), value); !ok {
			return nil, false
		}
	}
	return append(to, '}'), true
}

func (p *plan) appendList(to []byte, list reflect.Value) (_ []byte, ok bool) {
	to = append(to, '[')
	for i := range list.Len() {
		if i > 0 {
			to = append(to, ',')
		}
		if to, ok = p.of.append(to, list.Index(i)); !ok {
			return nil, false
		}
	}
	return append(to, ']'), true
}
