package snapshot

import (
	"reflect"
	"time"
	"unsafe"
)

// This file is the only one that goes round Go's types. What makes it sound:
//
//   - A place is always made of a pointer that the runtime gave out for a whole object: a value's own pointer, a new
//     object, or a new array. It stays an unsafe.Pointer all the while and never becomes a number and a pointer again, so
//     that the collector sees it and keeps the object.
//   - A plan moves a place only by the offsets and sizes that reflection gives for that very type, so that it never leaves
//     the object. The fingerprint of the type is compared before anything is read.
//   - Memory is copied as bytes only where the type holds no pointer (see flatPlan), so that no write needs the
//     collector's barrier. Strings, slices and pointers are assigned as such, with the barrier.

// A place is the address of a value.
type place struct{ at unsafe.Pointer }

// placeOf returns the place that a pointer points to.
func placeOf(pointer reflect.Value) place { return place{pointer.UnsafePointer()} }

// field is the place of what lies offset bytes into the value here.
func (p place) field(offset uintptr) place { return place{unsafe.Add(p.at, offset)} }

// element is the place of the ith of the values that stand here in a row.
func (p place) element(i int, size uintptr) place { return place{unsafe.Add(p.at, uintptr(i)*size)} }

// memory is the size bytes here themselves. They must not be written to if there are pointers among them.
func (p place) memory(size int) []byte { return unsafe.Slice((*byte)(p.at), size) }

func (p place) address() uintptr { return uintptr(p.at) }

// text is the string here, of whatever string type.
func (p place) text() *string { return (*string)(p.at) }

// pointer is the place that the pointer here points to; at is nil if it points nowhere.
func (p place) pointer() place { return place{*(*unsafe.Pointer)(p.at)} }

func (p place) setPointer(to place) { *(*unsafe.Pointer)(p.at) = to.at }

// row is what a slice of whatever type is in memory.
type row struct {
	first  unsafe.Pointer
	length int
	space  int
}

// row is the slice here: where its first element is, and how many there are.
func (p place) row() (first place, length int) {
	r := (*row)(p.at)
	return place{r.first}, r.length
}

func (p place) setRow(first place, length int) { *(*row)(p.at) = row{first.at, length, length} }

// value is what is here as a value of type t that can be set.
func (p place) value(t reflect.Type) reflect.Value { return reflect.NewAt(t, p.at).Elem() }

// newObject makes a zero value of type t.
func newObject(t reflect.Type) place { return place{reflect.New(t).UnsafePointer()} }

// newRow makes the zero elements of a slice of type t.
func newRow(t reflect.Type, length int) place {
	return place{reflect.MakeSlice(t, length, length).UnsafePointer()}
}

func (p place) instant() *time.Time { return (*time.Time)(p.at) }
