package snapshot

import "reflect"

// A flatPlan keeps a value without pointers as the bytes that it is in memory, whatever gaps there are among them.
type flatPlan struct {
	size  int
	bools []int // where in it a bool is: no byte but 0 and 1 may be read into one
}

func (f flatPlan) least() int { return f.size }

func (f flatPlan) write(e *encoder, p place) error {
	e.put(p.memory(f.size))
	return nil
}

func (f flatPlan) read(d *decoder, p place) error { return f.readRow(d, p, 1) }

// readRow reads length values that stand in a row.
func (f flatPlan) readRow(d *decoder, p place, length int) error {
	all := p.memory(f.size * length)
	if err := d.takeInto(all); err != nil {
		return err
	}
	if len(f.bools) == 0 {
		return nil
	}
	for start := 0; start < len(all); start += f.size {
		for _, offset := range f.bools {
			if b := all[start+offset]; b > 1 {
				clear(all)
				return corrupt("a bool is %d", b)
			}
		}
	}
	return nil
}

// and is the plan of f and of what stands offset bytes after it.
func (f flatPlan) and(next flatPlan, offset int) flatPlan {
	both := flatPlan{size: offset + next.size, bools: append([]int(nil), f.bools...)}
	for _, b := range next.bools {
		both.bools = append(both.bools, offset+b)
	}
	return both
}

// mostBools is how many bools an array may have that is kept as memory.
const mostBools = 64

// flat reports whether values of a type hold no pointer, and their size, and where their bools are.
func flat(t reflect.Type) (size int, bools []int, ok bool) {
	if unkept(t) != "" {
		return 0, nil, false
	}
	switch t.Kind() {
	case reflect.Bool:
		return 1, []int{0}, true
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64,
		reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		return int(t.Size()), nil, true
	case reflect.Array:
		return flatArray(t)
	case reflect.Struct:
		return flatStruct(t)
	}
	return 0, nil, false
}

func flatArray(t reflect.Type) (int, []int, bool) {
	size, within, ok := flat(t.Elem())
	if !ok || len(within)*t.Len() > mostBools {
		return 0, nil, false
	}
	var bools []int
	for i := range t.Len() {
		if len(within) == 0 {
			break
		}
		for _, offset := range within {
			bools = append(bools, i*size+offset)
		}
	}
	return int(t.Size()), bools, true
}

func flatStruct(t reflect.Type) (int, []int, bool) {
	var bools []int
	for i := range t.NumField() {
		_, within, ok := flat(t.Field(i).Type)
		if !ok {
			return 0, nil, false
		}
		for _, offset := range within {
			bools = append(bools, int(t.Field(i).Offset)+offset)
		}
	}
	return int(t.Size()), bools, true
}
