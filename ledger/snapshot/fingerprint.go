package snapshot

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"reflect"
	"runtime"
)

// format is what the fingerprint says of the codec itself; it changes with what is written for one and the same type.
const format = "pcnledger snapshot 1"

// fingerprintOf returns a hash of all that a type consists of, down to the last field, with names, kinds and offsets.
func fingerprintOf(whole reflect.Type, concrete []reflect.Type) [sha256.Size]byte {
	f := printer{hash: sha256.New(), seen: map[reflect.Type]int{}}
	fmt.Fprintln(f.hash, format, runtime.GOARCH)
	f.print(whole)
	for _, t := range concrete {
		fmt.Fprintln(f.hash, "concrete")
		f.print(t)
	}
	return [sha256.Size]byte(f.hash.Sum(nil))
}

type printer struct {
	hash hash.Hash
	seen map[reflect.Type]int
}

// print adds a type: what it is the first time, and then only which of those before it is.
func (f printer) print(t reflect.Type) {
	if number, seen := f.seen[t]; seen {
		fmt.Fprintln(f.hash, "type", number)
		return
	}
	f.seen[t] = len(f.seen)
	fmt.Fprintln(f.hash, t.PkgPath(), t.Name(), t.Kind(), t.Size())
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			field := t.Field(i)
			fmt.Fprintln(f.hash, "field", field.Name, field.Offset)
			f.print(field.Type)
		}
		fmt.Fprintln(f.hash, "end")
	case reflect.Array:
		fmt.Fprintln(f.hash, t.Len())
		f.print(t.Elem())
	case reflect.Slice, reflect.Pointer:
		f.print(t.Elem())
	case reflect.Map:
		f.print(t.Key())
		f.print(t.Elem())
	case reflect.Interface:
		fmt.Fprintln(f.hash, t)
	}
}
