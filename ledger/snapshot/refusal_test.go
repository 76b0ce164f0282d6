package snapshot

//lint:file-ignore U1000 the fields of the types here are met by reflection alone

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unique"
	"unsafe"
)

func TestATypeThatCannotBeKeptIsRefusedWithThePathOfTheField(t *testing.T) {
	type inner struct{ call func() }
	for name, c := range map[string]struct {
		make func() error
		want []string
	}{
		"a function":                  {of[struct{ a []map[string]*inner }], []string{".a[][…]*.call:", "func()"}},
		"a channel":                   {of[struct{ a [2]chan int }], []string{".a[]:", "chan int"}},
		"a lock":                      {of[struct{ mu sync.Mutex }], []string{".mu:", "lock"}},
		"a number that is an address": {of[struct{ a uintptr }], []string{".a:", "uintptr"}},
		"an address":                  {of[struct{ a unsafe.Pointer }], []string{".a:", "address"}},
		"an atomic pointer":           {of[struct{ a atomic.Pointer[int] }], []string{".a"}},
		"a handle":                    {of[struct{ a unique.Handle[string] }], []string{".a:", "known by its address"}},
		"a place of clocks":           {of[struct{ a *time.Location }], []string{".a*:", "time.Location"}},
		"an interface":                {of[struct{ err error }], []string{".err:", "error is an interface"}},
		"what an interface may hold": {
			func() error { _, err := Of[struct{ a any }](inner{}); return err }, []string{".a.(snapshot.inner).call:", "func()"},
		},
		"a key that is a pointer":      {of[map[*int]int], []string{"map[*int]int", "keys"}},
		"a key that is an interface":   {of[map[any]int], []string{"[key]:", "interface"}},
		"a function itself":            {of[func()], []string{"snapshot of func(): func() cannot be kept"}},
		"a key that holds a pointer":   {of[map[struct{ p *int }]int], []string{"keys"}},
		"a type that is listed twice":  {func() error { _, err := Of[int](1, 2); return err }, []string{"int", "twice"}},
		"nothing among concrete types": {func() error { _, err := Of[int](nil); return err }, []string{"nil"}},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.make()
			for _, want := range c.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("error is %v, want %q in it", err, want)
				}
			}
		})
	}
}

func of[T any]() error {
	_, err := Of[T]()
	return err
}

func TestAValueThatWouldNotComeBackIsRefusedWithItsPath(t *testing.T) {
	type holder struct {
		at  time.Time
		any any
	}
	type list struct {
		all  []pair
		one  *pair
		next *list
	}
	circle := tower{nil}
	circle[0] = circle
	pairs := []pair{{}, {}}
	long := &list{}
	for range 2 * deepest {
		long = &list{next: long}
	}
	for name, c := range map[string]struct {
		write func() error
		want  string
	}{
		"a time in London":         {writing(&holder{at: time.Unix(0, 0).In(london(t))}), ".at:"},
		"a reading of the clock":   {writing(&holder{at: time.Now()}), ".at:"},
		"a type that is not known": {writing(&map[string]holder{"a": {any: int8(1)}}), "[…].any:"},
		"a pointer into a slice":   {writing(&list{all: pairs, one: &pairs[1]}), errMiddle.Error()},
		"a circle of slices":       {writing(&circle), errDeep.Error()},
		"a chain without end":      {writing(long), errDeep.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			if err := c.write(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %q in it", err, c.want)
			}
		})
	}
}

func writing[T any](v *T) func() error {
	return func() error {
		c, err := Of[T]("")
		if err != nil {
			return err
		}
		return c.Encode(io.Discard, v)
	}
}

func london(t *testing.T) *time.Location {
	t.Helper()
	l, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestPointersOfATypeThatIsAlsoHeldByValueAreKept(t *testing.T) {
	type book struct {
		all  pair
		by   map[string]*pair
		rows []pair
	}
	v := &book{by: map[string]*pair{"a": {a: 1}, "b": {a: 2}}, rows: make([]pair, 100)}
	if got := again(t, v); !reflect.DeepEqual(v, got) {
		t.Errorf("got %+v", got)
	}
}

// broken is a writer that takes some bytes and then no more.
type broken struct{ left int }

var errBroken = errors.New("the disk is full")

func (b *broken) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errBroken
	}
	return len(p), nil
}

func TestAnErrorOfTheWriterIsReported(t *testing.T) {
	shapes := shapes(t)
	for seed := range uint64(50) {
		v := filled[shape](seed)
		size := len(encoded(t, shapes, v))
		for _, left := range []int{0, 1, size / 2} {
			if err := shapes.Encode(&broken{left}, v); !errors.Is(err, errBroken) {
				t.Fatalf("seed %d, %d bytes of %d: %v", seed, left, size, err)
			}
		}
	}
}
