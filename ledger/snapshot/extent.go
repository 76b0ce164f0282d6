package snapshot

import (
	"cmp"
	"errors"
	"reflect"
	"slices"
)

// A pointer into the middle of something, an element of a slice or a field of a struct, would be read back as a pointer to
// a copy, and what is then changed through one would not be seen through the other: figures would be wrong, in silence,
// only after a restart. Most types rule such pointers out. Where one does not, the writer looks where everything lies.

var errMiddle = errors.New("a pointer points into the middle of a slice or of another object, and would be read as one to a copy")

// mixes reports whether some type is pointed to in one place of the tree and held by value in another, so that the pointer
// might point at what is held.
func (p *planner) mixes() bool {
	held := map[reflect.Type]bool{}
	for t := range p.plans {
		switch t.Kind() {
		case reflect.Slice, reflect.Array, reflect.Struct:
			hold(held, t)
		}
	}
	for t := range p.plans {
		if t.Kind() == reflect.Pointer {
			hold(held, t.Elem())
		}
	}
	for t := range p.plans {
		if t.Kind() == reflect.Pointer && held[t.Elem()] {
			return true
		}
	}
	return false
}

// hold notes the types of all that lies within a value of type t.
func hold(held map[reflect.Type]bool, t reflect.Type) {
	var parts []reflect.Type
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		parts = append(parts, t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			parts = append(parts, t.Field(i).Type)
		}
	}
	for _, part := range parts {
		if !held[part] {
			held[part] = true
			if part.Kind() != reflect.Slice {
				hold(held, part)
			}
		}
	}
}

// An extent is the memory of an object or of the elements of a slice.
type extent struct {
	start  place
	size   uintptr
	object bool
}

func (x extent) end() uintptr { return x.start.address() + x.size }

// extents are those of all that was written. Nil takes in nothing.
type extents struct{ all []extent }

func (x *extents) add(one extent) {
	if x != nil && one.size > 0 {
		x.all = append(x.all, one)
	}
}

// check reports an object that lies within anything else.
func (x *extents) check() error {
	if x == nil {
		return nil
	}
	slices.SortFunc(x.all, func(a, b extent) int { return cmp.Compare(a.start.address(), b.start.address()) })
	var objects, rows uintptr // where those so far end
	for _, one := range x.all {
		start := one.start.address()
		if start < objects || one.object && start < rows {
			return errMiddle
		}
		if one.object {
			objects = max(objects, one.end())
		} else {
			rows = max(rows, one.end())
		}
	}
	return nil
}
