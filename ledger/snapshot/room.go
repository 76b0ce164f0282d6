package snapshot

import "reflect"

// Small objects of one type are made many at a time: that takes a fraction of the time, for the allocator now and for the
// collector ever after. They are given back together only, which costs nothing where almost all are kept for as long as
// the ledger is open.
const (
	roomSize   = 16 << 10 // bytes that are made together, once so many objects were read
	mostInRoom = 1 << 10  // bytes of an object, or of the elements of a slice, that is not made by itself
)

// A room is where objects of one type are made.
type room struct {
	next place
	left int // how many more find place there
	made int // how many were made together
}

// rooms are those of all plans, by their number.
type rooms []room

// take makes the zero values of length elements of a slice type, each of size bytes, in the room with a number.
func (r rooms) take(number int, slice reflect.Type, length int, size uintptr) place {
	if uintptr(length)*size > mostInRoom || length == 0 || size == 0 {
		return newRow(slice, length)
	}
	here := &r[number]
	if here.left < length {
		here.made = max(length, min(2*here.made, roomSize/int(size)))
		here.next, here.left = newRow(slice, here.made), here.made
	}
	taken := here.next
	if here.left -= length; here.left > 0 { // a place behind the last element would be in another object
		here.next = taken.element(length, size)
	}
	return taken
}
