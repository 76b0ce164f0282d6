package snapshot

//lint:file-ignore U1000 the fields of the types here are met by reflection alone

import (
	"bytes"
	"math/big"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// shape has a field of every kind that can be kept.
type shape struct {
	flag      bool
	number    int64
	small     [3]int16
	ratio     float64
	_         int32
	name      code
	names     []code
	at        time.Time
	flags     []bool
	switches  [100]bool
	pairs     []pair
	table     [2][]string
	nested    [][]int32
	nothing   []struct{}
	none      [4]struct{}
	noTexts   [][0]string
	index     map[code]int64
	deep      map[pair]map[code][]mixed
	set       map[code]struct{}
	only      map[struct{}]struct{}
	byTime    map[time.Time]bool
	next      *shape
	mixed     *mixed
	chunks    []*[16]int32
	sum       *big.Int
	price     decimal.Decimal
	variant   variant
	variants  []variant
	anything  any
	children  []shape
	recursive tower
}

type code string

type pair struct {
	a   uint8
	on  bool
	b   int64
	off [2]bool
}

type mixed struct {
	before int8
	text   string
	after  int32
	last   bool
}

type tower []tower

type variant interface{ isVariant() }

type plain int32

func (plain) isVariant() {}
func (mixed) isVariant() {}

var concrete = []any{plain(0), mixed{}, &mixed{}, "", []int64(nil)}

func shapes(t testing.TB) *Codec[shape] { return codec[shape](t, concrete...) }

func codec[T any](t testing.TB, concrete ...any) *Codec[T] {
	t.Helper()
	c, err := Of[T](concrete...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func encoded[T any](t testing.TB, c *Codec[T], v *T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := c.Encode(&b, v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decoded[T any](t testing.TB, c *Codec[T], b []byte) *T {
	t.Helper()
	v, err := c.Decode(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// again writes a value and reads it.
func again[T any](t testing.TB, v *T, concrete ...any) *T {
	t.Helper()
	c := codec[T](t, concrete...)
	return decoded(t, c, encoded(t, c, v))
}

// A filler fills values of any type at random, unexported fields and all.
type filler struct {
	dice *rand.Rand
	left int // how many values may still be made
}

func newFiller(seed uint64) *filler { return &filler{rand.New(rand.NewPCG(seed, 1)), 300} }

func (f *filler) fill(v reflect.Value) {
	if v.Type() == instantType {
		v.Set(reflect.ValueOf(time.Unix(f.dice.Int64N(1<<40)-1<<39, f.dice.Int64N(1e9)).UTC()))
		return
	}
	f.left--
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(f.dice.IntN(2) == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(f.dice.Uint64()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(f.dice.Uint64())
	case reflect.Float64:
		v.SetFloat(f.dice.Float64())
	case reflect.String:
		v.SetString(f.word())
	case reflect.Array:
		for i := range v.Len() {
			f.fill(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Field(i)
			f.fill(reflect.NewAt(field.Type(), field.Addr().UnsafePointer()).Elem())
		}
	default:
		f.fillReference(v)
	}
}

// fillReference fills what may be nil, and leaves it nil now and then, and always once enough was made.
func (f *filler) fillReference(v reflect.Value) {
	if f.left < 0 || f.dice.IntN(5) == 0 {
		return
	}
	some := []int{0, 1, 2, 3, 20}[f.dice.IntN(5)]
	switch v.Kind() {
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), some, some))
		for i := range some {
			f.fill(v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range some {
			key, elem := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			f.fill(key)
			f.fill(elem)
			v.SetMapIndex(key, elem)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case reflect.Interface:
		f.fillVariant(v)
	}
}

func (f *filler) fillVariant(v reflect.Value) {
	t := reflect.TypeOf(concrete[f.dice.IntN(len(concrete))])
	if t.Implements(v.Type()) {
		held := reflect.New(t).Elem()
		f.fill(held)
		v.Set(held)
	}
}

// word is mostly one of a few.
func (f *filler) word() string {
	letters := []byte("abcdefghijklmnopqrstuvwxyz")
	switch n := f.dice.IntN(20); {
	case n < 3:
		return ""
	case n < 15:
		return "local:" + string(letters[n:n+3])
	case n < 19:
		return string(bytes.Repeat(letters, f.dice.IntN(6)))
	}
	return string(bytes.Repeat(letters, f.dice.IntN(6000)))
}

func filled[T any](seed uint64) *T {
	v := new(T)
	newFiller(seed).fill(reflect.ValueOf(v).Elem())
	return v
}

func TestAnyValueComesBackAsItWas(t *testing.T) {
	shapes := shapes(t)
	rapid.Check(t, func(r *rapid.T) {
		v := filled[shape](rapid.Uint64().Draw(r, "seed"))
		var b bytes.Buffer
		if err := shapes.Encode(&b, v); err != nil {
			r.Fatal(err)
		}
		read, err := shapes.Decode(&b, int64(b.Len()))
		if err != nil {
			r.Fatal(err)
		}
		if !reflect.DeepEqual(v, read) {
			r.Fatalf("written %+v\nread    %+v", v, read)
		}
	})
}

func TestNothingAndEmptyAreToldApart(t *testing.T) {
	type slices struct {
		none, empty   []int32
		noText, texts []string
		no, maps      map[string]int
	}
	v := again(t, &slices{empty: []int32{}, texts: []string{}, maps: map[string]int{}})
	if v.none != nil || v.noText != nil || v.no != nil {
		t.Errorf("what was nil is not: %#v", v)
	}
	if v.empty == nil || v.texts == nil || v.maps == nil {
		t.Errorf("what was empty is nil: %#v", v)
	}
}

func TestWhatWasSharedIsSharedAgain(t *testing.T) {
	type account struct {
		name   string
		pence  int64
		parent *account
	}
	type book struct {
		first, second *account
		all           map[string]*account
		byName        map[string]*account
		whole         *book
	}
	one := &account{name: "one"}
	one.parent = one
	b := &book{first: one, second: one, all: map[string]*account{"one": one}}
	b.byName, b.whole = b.all, b

	got := again(t, b)
	if got.first != got.second || got.first != got.all["one"] || got.first.parent != got.first {
		t.Error("pointers to one account are pointers to several")
	}
	if got.whole != got {
		t.Error("the pointer to the whole points elsewhere")
	}
	got.all["two"] = &account{}
	if len(got.byName) != 2 {
		t.Error("one map has become two")
	}
}

func TestADecimalComesBackEqualAndShared(t *testing.T) {
	type prices struct{ a, b, zero decimal.Decimal }
	v := &prices{a: decimal.RequireFromString("-1234567890123456789012345678901234567890.55")}
	v.b = v.a
	if got := again(t, v); !reflect.DeepEqual(v, got) || !got.a.Equal(v.a) {
		t.Errorf("got %v", got)
	}
}

func TestStringsThatRepeatShareTheirMemory(t *testing.T) {
	v := make([]string, 1000)
	for i := range v {
		v[i] = string([]byte("local:NETWORK-ONE"))
	}
	if n := len(encoded(t, codec[[]string](t), &v)); n > 5000 {
		t.Errorf("1,000 equal strings take %d bytes", n)
	}
	if read := *again(t, &v); !reflect.DeepEqual(v, read) {
		t.Errorf("got %q", read)
	}
}
