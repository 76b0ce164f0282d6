package snapshot

//lint:file-ignore U1000 the fields of the types here are met by reflection alone

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"reflect"
	"runtime"
	"slices"
	"testing"
	"testing/iotest"
)

func TestAnotherTypeIsRefused(t *testing.T) {
	type (
		before = struct{ a, b int32 } // of no name, so that the names of the types do not tell them apart
		named  struct{ a, b int32 }
	)
	written := encoded(t, codec[before](t), &before{})
	for name, err := range map[string]error{
		"a field was renamed":   reading[struct{ a, c int32 }](t, written),
		"fields changed places": reading[struct{ b, a int32 }](t, written),
		"fields are wider":      reading[struct{ a, b int64 }](t, written),
		"a field is of another kind": reading[struct {
			a int32
			b uint32
		}](t, written),
		"a field was put in": reading[struct {
			a int32
			_ int32
			b int32
		}](t, written),
		"it got a name":        reading[named](t, written),
		"other concrete types": reading[before](t, written, 1),
	} {
		if !errors.Is(err, ErrOther) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func reading[T any](t testing.TB, b []byte, concrete ...any) error {
	t.Helper()
	_, err := codec[T](t, concrete...).Decode(bytes.NewReader(b), int64(len(b)))
	return err
}

func TestWhatIsCutOffOrGoesOnIsRefused(t *testing.T) {
	shapes := shapes(t)
	whole := encoded(t, shapes, filled[shape](7))
	for n := 0; n < len(whole); n += 1 + len(whole)/1000 {
		if _, err := shapes.Decode(bytes.NewReader(whole[:n]), int64(n)); !errors.Is(err, ErrCorrupt) {
			t.Fatalf("cut off after %d of %d bytes: %v", n, len(whole), err)
		}
		if _, err := shapes.Decode(bytes.NewReader(whole[:n]), int64(len(whole))); !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
			t.Fatalf("the reader ends after %d of %d bytes: %v", n, len(whole), err)
		}
	}
	longer := append(slices.Clone(whole), 0)
	if _, err := shapes.Decode(bytes.NewReader(longer), int64(len(longer))); !errors.Is(err, ErrCorrupt) {
		t.Errorf("a byte follows: %v", err)
	}
}

func TestAReaderThatGivesLittleAtATimeIsReadToTheEnd(t *testing.T) {
	shapes := shapes(t)
	v := filled[shape](11)
	whole := encoded(t, shapes, v)
	read, err := shapes.Decode(iotest.OneByteReader(bytes.NewReader(whole)), int64(len(whole)))
	if err != nil || !reflect.DeepEqual(read, v) {
		t.Errorf("read %+v, %v", read, err)
	}
}

// body is what follows the fingerprint: numbers as they are written.
func body[T any](t testing.TB, numbers ...uint64) []byte {
	b := slices.Clone(codec[T](t).tree.fingerprint[:])
	for _, n := range numbers {
		b = binary.AppendUvarint(b, n)
	}
	return b
}

func TestWhatNoWriterWritesIsRefused(t *testing.T) {
	type loop struct{ next *loop }
	type two struct {
		a *int64
		b *int32
	}
	var deep []uint64
	for range 2 * deepest {
		deep = append(deep, newObjectFollows)
	}
	const huge = math.MaxInt64
	for name, err := range map[string]error{
		"a slice that is longer than what is left":  reading[[]int64](t, body[[]int64](t, 3, 0, 0)),
		"a slice as long as can be":                 reading[[]int64](t, body[[]int64](t, huge)),
		"a length past all numbers":                 reading[[]byte](t, body[[]byte](t, math.MaxUint64)),
		"a slice of slices as long as can be":       reading[[][]int](t, body[[][]int](t, huge, 1, 1)),
		"a map that is longer than what is left":    reading[map[int8]int8](t, body[map[int8]int8](t, newObjectFollows, huge, 1, 1)),
		"a map of nothing that has many keys":       reading[map[struct{}]struct{}](t, body[map[struct{}]struct{}](t, newObjectFollows, huge)),
		"a map with one key twice":                  reading[map[int8]int8](t, body[map[int8]int8](t, newObjectFollows, 2, 1, 1, 1, 1)),
		"a string that is longer than what is left": reading[string](t, body[string](t, longWord, huge)),
		"a drawer that is empty":                    reading[string](t, body[string](t, oldWord)),
		"a drawer that is not there":                reading[string](t, body[string](t, oldWord+drawers)),
		"a new word in a drawer that is not there":  reading[string](t, body[string](t, newWord, drawers, 1, 'a')),
		"a pointer to what was not written":         reading[loop](t, body[loop](t, oldObject+1)),
		"a pointer to what is of another type":      reading[two](t, body[two](t, newObjectFollows, 1, 0, 0, 0, 0, 0, 0, 0, oldObject+1)),
		"a bool that is neither":                    reading[pair](t, append(body[pair](t), bytes.Repeat([]byte{2}, 32)...)[:32+24]),
		"a number that does not end":                reading[[]byte](t, append(body[[]byte](t), bytes.Repeat([]byte{0xff}, 12)...)),
		"a type that an interface cannot hold":      reading[variant](t, append(codec[variant](t, plain(0)).tree.fingerprint[:], 9), plain(0)),
		"nothing at all":                            reading[int64](t, nil),
	} {
		if !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrOther) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := reading[loop](t, body[loop](t, deep...)); !errors.Is(err, errDeep) {
		t.Errorf("a chain without end: %v", err)
	}
}

func TestACorruptLengthAllocatesNoMoreThanTheBytesCouldFill(t *testing.T) {
	claims := body[[][4]int64](t, 1<<40)
	claims = append(claims, make([]byte, 1<<20)...)
	c := codec[[][4]int64](t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := c.Decode(bytes.NewReader(claims), int64(len(claims))); !errors.Is(err, ErrCorrupt) {
		t.Error(err)
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 4<<20 {
		t.Errorf("%d bytes were allocated for a megabyte of nonsense", took)
	}
}

func TestAFlippedBitDoesNotPanic(t *testing.T) {
	shapes := shapes(t)
	whole := encoded(t, shapes, filled[shape](3))
	for i := range min(len(whole), 5_000) {
		flipped := byte(1) << (i % 8)
		whole[i] ^= flipped
		_, _ = shapes.Decode(bytes.NewReader(whole), int64(len(whole)))
		whole[i] ^= flipped
	}
}

// FuzzDecode reads anything that begins with the right fingerprint. What is read without an error can be written, and
// then read again.
func FuzzDecode(f *testing.F) {
	shapes := shapes(f)
	start := len(shapes.tree.fingerprint)
	for seed := range uint64(20) {
		v, few := new(shape), newFiller(seed)
		few.left = int(seed) * 3
		few.fill(reflect.ValueOf(v).Elem())
		f.Add(encoded(f, shapes, v)[start:])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		b = append(slices.Clone(shapes.tree.fingerprint[:]), b...)
		v, err := shapes.Decode(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		decoded(t, shapes, encoded(t, shapes, v))
	})
}
