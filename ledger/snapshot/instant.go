package snapshot

import (
	"encoding/binary"
	"fmt"
	"reflect"
	"time"
)

var (
	instantType  = reflect.TypeFor[time.Time]()
	locationType = reflect.TypeFor[time.Location]()
)

// An instantPlan keeps a time as its seconds and nanoseconds. It must be in UTC, and so is no reading of the clock of this
// process: a time in UTC has none.
type instantPlan struct{}

const instantSize = 12

func (instantPlan) least() int { return instantSize }

func (instantPlan) write(e *encoder, p place) error {
	t := *p.instant()
	if t.Location() != time.UTC {
		return fmt.Errorf("the time %v is not in UTC", t)
	}
	var b [instantSize]byte
	binary.LittleEndian.PutUint64(b[:], uint64(t.Unix()))
	binary.LittleEndian.PutUint32(b[8:], uint32(t.Nanosecond()))
	e.put(b[:])
	return nil
}

func (instantPlan) read(d *decoder, p place) error {
	b, err := d.take(instantSize)
	if err != nil {
		return err
	}
	nanoseconds := binary.LittleEndian.Uint32(b[8:])
	if nanoseconds >= uint32(time.Second) {
		return corrupt("a second has no %d nanoseconds", nanoseconds)
	}
	*p.instant() = time.Unix(int64(binary.LittleEndian.Uint64(b)), int64(nanoseconds)).UTC()
	return nil
}
