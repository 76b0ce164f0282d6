package snapshot

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// A decoder reads a number of bytes that was fixed before, and so knows how many are left: nothing is allocated that
// what is left could not fill.
type decoder struct {
	from    io.Reader
	beyond  int64 // bytes that are still to come after those in the buffer
	buffer  []byte
	words   vocabulary
	letters letters
	objects []object
	depth   int
	space   []byte // for the buffer
}

func newDecoder(from io.Reader, size int64) *decoder {
	space := make([]byte, min(max(size, 0), bufferSize))
	return &decoder{from: from, beyond: max(size, 0), space: space, words: newVocabulary()}
}

// corrupt describes what no encoder writes.
func corrupt(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrCorrupt, fmt.Sprintf(format, args...))
}

func (d *decoder) remaining() int64 { return d.beyond + int64(len(d.buffer)) }

// fill has at least n bytes in the buffer, or as many as are left. n is at most the buffer's size.
func (d *decoder) fill(n int) error {
	if len(d.buffer) >= n || d.beyond == 0 {
		return nil
	}
	have := copy(d.space, d.buffer)
	most := int(min(int64(len(d.space)-have), d.beyond))
	got, err := io.ReadAtLeast(d.from, d.space[have:have+most], min(n-have, most))
	d.beyond -= int64(got)
	d.buffer = d.space[:have+got]
	return err
}

// take reads n bytes, at most as many as the buffer holds. They are good until the next read.
func (d *decoder) take(n int) ([]byte, error) {
	if int64(n) > d.remaining() {
		return nil, corrupt("it ends too early")
	}
	if len(d.buffer) < n {
		if err := d.fill(n); err != nil {
			return nil, err
		}
	}
	b := d.buffer[:n]
	d.buffer = d.buffer[n:]
	return b, nil
}

// takeInto reads as many bytes as there are in to.
func (d *decoder) takeInto(to []byte) error {
	if int64(len(to)) > d.remaining() {
		return corrupt("it ends too early")
	}
	n := copy(to, d.buffer)
	d.buffer = d.buffer[n:]
	if to = to[n:]; len(to) == 0 {
		return nil
	}
	if len(to) < len(d.space) {
		b, err := d.take(len(to))
		copy(to, b)
		return err
	}
	n, err := io.ReadFull(d.from, to)
	d.beyond -= int64(n)
	return err
}

// takeCount reads what putCount wrote.
func (d *decoder) takeCount() (uint64, error) {
	if len(d.buffer) > 0 && d.buffer[0] < 0x80 {
		n := d.buffer[0]
		d.buffer = d.buffer[1:]
		return uint64(n), nil
	}
	if err := d.fill(binary.MaxVarintLen64); err != nil {
		return 0, err
	}
	n, size := binary.Uvarint(d.buffer)
	if size <= 0 {
		return 0, corrupt("a number does not end")
	}
	d.buffer = d.buffer[size:]
	return n, nil
}

// takeLength reads how many values follow that take at least least bytes each.
func (d *decoder) takeLength(least int) (int, error) {
	n, err := d.takeCount()
	if err != nil {
		return 0, err
	}
	return d.fits(n, least)
}

// fits refuses to expect more values than what is left can hold.
func (d *decoder) fits(n uint64, least int) (int, error) {
	if n > math.MaxInt || least > 0 && n > uint64(d.remaining())/uint64(least) {
		return 0, corrupt("%d values are said to follow in %d bytes", n, d.remaining())
	}
	return int(n), nil
}

// enter is called before what stands within another value is read, and leave after it.
func (d *decoder) enter() error {
	if d.depth++; d.depth > deepest {
		return errDeep
	}
	return nil
}

func (d *decoder) leave() { d.depth-- }
