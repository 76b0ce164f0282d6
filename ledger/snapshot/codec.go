package snapshot

import (
	"fmt"
	"io"
	"reflect"
)

// A Codec writes and reads values of type T. It may be used by several goroutines at once.
type Codec[T any] struct{ tree tree }

// Of makes the codec of T, or says which field of T it could not keep. Concrete are values of the types that an interface
// within T may hold; any value of each will do.
func Of[T any](concrete ...any) (*Codec[T], error) {
	whole := reflect.TypeFor[T]()
	tree, err := planTree(whole, concrete)
	if err != nil {
		return nil, fmt.Errorf("snapshot of %s: %w", whole, err)
	}
	return &Codec[T]{tree}, nil
}

// Encode writes v, which nobody may change meanwhile. After an error what was written is worth nothing.
func (c *Codec[T]) Encode(w io.Writer, v *T) error {
	e := newEncoder(w)
	e.put(c.tree.fingerprint[:])
	if err := c.tree.write(e, placeOf(reflect.ValueOf(v))); err != nil {
		return fmt.Errorf("write a snapshot of %s: %w", c.tree.whole, err)
	}
	return nil
}

// Decode reads what Encode wrote, all size bytes of it.
func (c *Codec[T]) Decode(r io.Reader, size int64) (*T, error) {
	v := new(T)
	d := newDecoder(r, size)
	if err := c.tree.read(d, placeOf(reflect.ValueOf(v))); err != nil {
		return nil, fmt.Errorf("read a snapshot of %s: %w", c.tree.whole, err)
	}
	return v, nil
}
