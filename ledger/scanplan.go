package ledger

import (
	"encoding"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"

	"pcnledger/domain"
)

// A plan says how a value of one Go type stands in the JSON that the JSON library writes of it, so that a [decoder] can
// expect it byte by byte. A type that cannot be planned, because it has rules of its own for JSON or an option of the
// library that is not known here, has no plan and is left to the library, and with it every type it is part of.
type plan struct {
	shape  shape
	goType reflect.Type
	rule   int           // of text: what the text must be: anyText, or which of the types that check it
	parts  []part        // of an object, in the order in which they are written
	of     *plan         // of a list, what it lists; of a pointer, what it points at
	empty  reflect.Value // of a list, one that has nothing in it and is not nil
	room   int           // of a list, in which of a decoder's rooms its elements are gathered
}

// A part is a member of an object.
type part struct {
	*plan
	opening  string // `"pence":`
	index    []int  // which field of the struct it is: as in [reflect.Value.FieldByIndex]
	omitzero bool   // it is written only if it is not zero
}

// anyText is the rule of text that nobody checks.
const anyText = 1

// in returns the part of an object.
func (p *part) in(object reflect.Value) reflect.Value {
	for _, i := range p.index {
		object = object.Field(i)
	}
	return object
}

type shape byte

const (
	textShape  shape = iota // string, and types of it
	wholeShape              // int and int64, and types of them
	yesNoShape              // bool
	objectShape
	listShape
	pointerShape
)

// plans are the plans of a set of types.
type plans struct {
	byPointer map[reflect.Type]*plan // of what is pointed at, by the type of the pointer
	made      map[reflect.Type]*plan // nil for a type that cannot be planned, and while its plan is being made
	rules     []reflect.Type         // by rule, the type that checks the text
	rooms     int
}

// planned has the plans of all events and commands. They do not change.
var planned = sync.OnceValue(func() *plans {
	all := &plans{byPointer: map[reflect.Type]*plan{}, made: map[reflect.Type]*plan{}, rules: make([]reflect.Type, anyText+1)}
	include := func(into any) error {
		pointer := reflect.TypeOf(into)
		all.byPointer[pointer] = all.plan(pointer.Elem())
		return nil
	}
	for _, kind := range domain.Events() {
		_, _ = kind.Decode(include)
	}
	for _, kind := range domain.Commands() {
		_, _ = kind.Decode(include)
	}
	return all
})

// plan returns the plan of a type, or nil. A type that contains itself has none.
func (all *plans) plan(t reflect.Type) *plan {
	if made, ok := all.made[t]; ok {
		return made
	}
	all.made[t] = nil
	all.made[t] = all.make(t)
	return all.made[t]
}

func (all *plans) make(t reflect.Type) *plan {
	switch {
	case t == reflect.TypeFor[domain.Pence]():
		return &plan{shape: wholeShape, goType: t} // its UnmarshalJSON takes what an int64 takes
	case writesItself(t):
		return nil
	case reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return all.checked(t)
	}
	switch t.Kind() {
	case reflect.String:
		return &plan{shape: textShape, goType: t, rule: anyText}
	case reflect.Int64, reflect.Int:
		return &plan{shape: wholeShape, goType: t}
	case reflect.Bool:
		return &plan{shape: yesNoShape, goType: t}
	case reflect.Struct:
		return all.object(t)
	case reflect.Slice:
		return all.list(t)
	case reflect.Pointer:
		if of := all.plan(t.Elem()); of != nil {
			return &plan{shape: pointerShape, goType: t, of: of}
		}
	}
	return nil
}

// writesItself reports whether the JSON library asks the type itself how it is read or written, other than by
// UnmarshalText, or whether it is nothing.
func writesItself(t reflect.Type) bool {
	for _, method := range []reflect.Type{reflect.TypeFor[json.Marshaler](), reflect.TypeFor[json.MarshalerTo](), reflect.TypeFor[json.Unmarshaler](),
		reflect.TypeFor[json.UnmarshalerFrom](), reflect.TypeFor[encoding.TextMarshaler](), reflect.TypeFor[encoding.TextAppender](), reflect.TypeFor[interface{ IsZero() bool }]()} {
		if reflect.PointerTo(t).Implements(method) {
			return true
		}
	}
	return false
}

// checked plans a type of string that checks the text it is read from.
func (all *plans) checked(t reflect.Type) *plan {
	if t.Kind() != reflect.String {
		return nil
	}
	all.rules = append(all.rules, t)
	return &plan{shape: textShape, goType: t, rule: len(all.rules) - 1}
}

func (all *plans) list(t reflect.Type) *plan {
	of := all.plan(t.Elem())
	if of == nil {
		return nil
	}
	all.rooms++
	return &plan{shape: listShape, goType: t, of: of, empty: reflect.MakeSlice(t, 0, 0), room: all.rooms - 1}
}

func (all *plans) object(t reflect.Type) *plan {
	p := &plan{shape: objectShape, goType: t}
	if !all.addParts(p, t, nil) {
		return nil
	}
	names := map[string]bool{}
	for _, part := range p.parts {
		names[part.opening] = true
	}
	if len(names) != len(p.parts) {
		return nil // the library knows which of two members of one name is meant
	}
	return p
}

// addParts adds the members of the struct at index, those of embedded structs in their place.
func (all *plans) addParts(p *plan, t reflect.Type, index []int) bool {
	for i := range t.NumField() {
		field, index := t.Field(i), append(slices.Clip(index), i)
		name, options, tagged := strings.Cut(field.Tag.Get("json"), ",")
		if field.Anonymous && name == "" && !tagged && field.Type.Kind() == reflect.Struct && !writesItself(field.Type) {
			if !all.addParts(p, field.Type, index) {
				return false
			}
			continue
		}
		of := all.plan(field.Type)
		if of == nil || !field.IsExported() || !plainName(name) || tagged && options != "omitzero" {
			return false
		}
		p.parts = append(p.parts, part{of, `"` + name + `":`, index, tagged})
	}
	return true
}

// plainName reports whether a member's name is one that the library takes as it is and writes without escapes.
func plainName(name string) bool {
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}
