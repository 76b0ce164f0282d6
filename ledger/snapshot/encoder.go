package snapshot

import (
	"encoding/binary"
	"errors"
	"io"
)

const (
	// bufferSize is as much as is gathered before it is written, and as is read at once.
	bufferSize = 64 << 10

	// deepest is how far values may stand within each other. It keeps a chain of pointers, or a cycle that goes through
	// slices alone, from using up the stack, of which each level takes less than a kilobyte.
	deepest = 10_000
)

var errDeep = errors.New("values are nested too deep, or in a circle of slices")

// An encoder gathers what is written and remembers what may come again.
type encoder struct {
	to      io.Writer
	buffer  []byte
	words   vocabulary
	objects map[object]int // what was written behind a pointer or as a map, by the order in which it was
	extents *extents       // nil where the type rules out what it looks for
	depth   int
	err     error // the writer's first; nothing is written after it
}

// An object is what a pointer points to, or a map. Two objects may have one address: a struct and its first field.
type object struct {
	at   place
	plan plan
}

func newEncoder(to io.Writer) *encoder {
	return &encoder{to: to, buffer: make([]byte, 0, bufferSize), words: newVocabulary(), objects: map[object]int{}}
}

// put writes bytes. What the writer answers is in err.
func (e *encoder) put(b []byte) {
	if len(b) > cap(e.buffer)-len(e.buffer) {
		e.flush()
	}
	if len(b) < cap(e.buffer) {
		e.buffer = append(e.buffer, b...)
		return
	}
	e.send(b)
}

func (e *encoder) putText(s string) {
	if len(s) > cap(e.buffer)-len(e.buffer) {
		e.put([]byte(s))
		return
	}
	e.buffer = append(e.buffer, s...)
}

// putCount writes a number that is mostly small.
func (e *encoder) putCount(n uint64) {
	if cap(e.buffer)-len(e.buffer) < binary.MaxVarintLen64 {
		e.flush()
	}
	e.buffer = binary.AppendUvarint(e.buffer, n)
}

func (e *encoder) flush() {
	e.send(e.buffer)
	e.buffer = e.buffer[:0]
}

func (e *encoder) send(b []byte) {
	if e.err == nil {
		_, e.err = e.to.Write(b)
	}
}

// enter is called before what stands within another value is written, and leave after it.
func (e *encoder) enter() error {
	if e.depth++; e.depth > deepest {
		return errDeep
	}
	return nil
}

func (e *encoder) leave() { e.depth-- }
