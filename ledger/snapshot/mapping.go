package snapshot

import "reflect"

// A mapPlan keeps a map as its length and its entries, in whatever order. A map that is met again is the same map.
type mapPlan struct {
	mapping, key, elem reflect.Type
	keys, elems        plan
}

func (*mapPlan) least() int { return 1 }

func (m *mapPlan) write(e *encoder, p place) error {
	if !e.putObject(m, p.pointer()) {
		return nil
	}
	if err := e.enter(); err != nil {
		return err
	}
	defer e.leave()
	mapping := p.value(m.mapping)
	e.putCount(uint64(mapping.Len()))
	keyAt, elemAt := newObject(m.key), newObject(m.elem)
	key, elem := keyAt.value(m.key), elemAt.value(m.elem)
	for entries := mapping.MapRange(); entries.Next(); {
		key.SetIterKey(entries)
		elem.SetIterValue(entries)
		if err := m.keys.write(e, keyAt); err != nil {
			return at("[key]", err)
		}
		if err := m.elems.write(e, elemAt); err != nil {
			return at("[…]", err)
		}
	}
	return e.err
}

func (m *mapPlan) read(d *decoder, p place) error {
	old, follows, err := d.takeObject(m)
	if err != nil {
		return err
	}
	if !follows {
		p.setPointer(old)
		return nil
	}
	if err := d.enter(); err != nil {
		return err
	}
	defer d.leave()
	length, err := d.takeLength(m.keys.least() + m.elems.least())
	if err != nil {
		return err
	}
	if length > 1 && m.key.Size() == 0 {
		return corrupt("a map of one key has %d", length)
	}
	mapping := reflect.MakeMapWithSize(m.mapping, length)
	p.value(m.mapping).Set(mapping)
	d.objects = append(d.objects, object{p.pointer(), m})
	return m.fill(d, mapping, length)
}

func (m *mapPlan) fill(d *decoder, mapping reflect.Value, length int) error {
	keyAt, elemAt := newObject(m.key), newObject(m.elem)
	key, elem := keyAt.value(m.key), elemAt.value(m.elem)
	for range length {
		if err := m.keys.read(d, keyAt); err != nil {
			return at("[key]", err)
		}
		if err := m.elems.read(d, elemAt); err != nil {
			return at("[…]", err)
		}
		mapping.SetMapIndex(key, elem)
	}
	if mapping.Len() != length {
		return corrupt("%d of %d keys of a map are repeated", length-mapping.Len(), length)
	}
	return nil
}

func (p *planner) planMap(t reflect.Type) (plan, error) {
	m := &mapPlan{mapping: t, key: t.Key(), elem: t.Elem()}
	p.plans[t] = m
	var err error
	if m.keys, err = p.within("[key]", t.Key()); err != nil {
		return nil, err
	}
	if !keepsItsHash(t.Key()) {
		return nil, p.refuse(t, "has keys that hold a pointer or an interface")
	}
	m.elems, err = p.within("[…]", t.Elem())
	return m, err
}

// keepsItsHash reports whether a key that was read is the key that was written: not a pointer, which is another then, and
// not an interface, which may hold what is no key.
func keepsItsHash(t reflect.Type) bool {
	if t == instantType {
		return true
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Interface:
		return false
	case reflect.Array:
		return keepsItsHash(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if !keepsItsHash(t.Field(i).Type) {
				return false
			}
		}
	}
	return true
}
