package snapshot

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// A plan writes and reads the values of one type.
type plan interface {
	write(e *encoder, p place) error
	read(d *decoder, p place) error // sets all of what is at p
	least() int                     // the fewest bytes that a value takes
}

// A planner makes the plans of a type and of all that are within it, one each.
type planner struct {
	plans    map[reflect.Type]plan
	concrete []reflect.Type
	path     []string // from the whole to what is being planned
}

// list takes in the types that interfaces may hold.
func (p *planner) list(concrete []any) error {
	for _, value := range concrete {
		t := reflect.TypeOf(value)
		if t == nil || slices.Contains(p.concrete, t) {
			return fmt.Errorf("the list of concrete types holds %v twice, or nil", t)
		}
		p.concrete = append(p.concrete, t)
	}
	return nil
}

// plan returns the plan of a type. That of a type that contains itself is met again before it is done, but only behind
// a pointer, a slice, a map or an interface, which look into it only when they write and read.
func (p *planner) plan(t reflect.Type) (plan, error) {
	if known, ok := p.plans[t]; ok {
		return known, nil
	}
	if t == instantType {
		return instantPlan{}, nil
	}
	if why := unkept(t); why != "" {
		return nil, p.refuse(t, why)
	}
	if size, bools, ok := flat(t); ok {
		return flatPlan{size, bools}, nil
	}
	switch t.Kind() {
	case reflect.String:
		return wordPlan{}, nil
	case reflect.Struct:
		return p.planStruct(t)
	case reflect.Array:
		return p.planArray(t)
	case reflect.Slice:
		return p.planSlice(t)
	case reflect.Pointer:
		return p.planPointer(t)
	case reflect.Map:
		return p.planMap(t)
	case reflect.Interface:
		return p.planInterface(t)
	}
	return nil, p.refuse(t, "is nothing that can be kept")
}

// within plans a type that is part of another.
func (p *planner) within(part string, t reflect.Type) (plan, error) {
	p.path = append(p.path, part)
	defer func() { p.path = p.path[:len(p.path)-1] }()
	return p.plan(t)
}

func (p *planner) refuse(t reflect.Type, why string) error {
	if len(p.path) < 2 { // the whole, to which the first part of the path leads
		return fmt.Errorf("%s %s", t, why)
	}
	return fmt.Errorf("%s: %s %s", strings.Join(p.path[1:], ""), t, why)
}

// unkept says why a type means nothing outside the process that made it.
func unkept(t reflect.Type) string {
	switch t.PkgPath() {
	case "sync", "internal/sync":
		return "is a lock, and no value"
	case "unique", "weak":
		return "is known by its address"
	}
	if t == locationType {
		return "is known by its address"
	}
	switch t.Kind() {
	case reflect.Uintptr, reflect.UnsafePointer:
		return "is an address"
	case reflect.Func, reflect.Chan:
		return "cannot be kept"
	}
	return ""
}

// A pathError says where in a value the fault is.
type pathError struct {
	path string
	err  error
}

func (e *pathError) Error() string { return e.path + ": " + e.err.Error() }
func (e *pathError) Unwrap() error { return e.err }

// at puts the part of a value that an error is about before it.
func at(part string, err error) error {
	if inner, ok := err.(*pathError); ok {
		if len(inner.path) < longestPath {
			inner.path = part + inner.path
		}
		return inner
	}
	return &pathError{part, err}
}

// longestPath keeps the path of a value that is nested without end short.
const longestPath = 200
