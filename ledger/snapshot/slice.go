package snapshot

import "reflect"

// A slicePlan keeps a slice as its length and its elements.
type slicePlan struct {
	slice    reflect.Type
	size     uintptr // of an element
	elements plan
}

func (s *slicePlan) least() int { return 1 }

func (s *slicePlan) write(e *encoder, p place) error {
	first, length := p.row()
	if first.at == nil {
		e.putCount(0)
		return nil
	}
	e.putCount(uint64(length) + 1)
	e.extents.add(extent{first, uintptr(length) * s.size, false})
	if err := e.enter(); err != nil {
		return err
	}
	defer e.leave()
	return writeRow(e, s.elements, first, length, s.size)
}

func (s *slicePlan) read(d *decoder, p place) error {
	n, err := d.takeCount()
	if err != nil {
		return err
	}
	if n == 0 {
		p.setRow(place{}, 0)
		return nil
	}
	length, err := d.fits(n-1, s.elements.least())
	if err != nil {
		return err
	}
	if err := d.enter(); err != nil {
		return err
	}
	defer d.leave()
	first := newRow(s.slice, length)
	p.setRow(first, length)
	return readRow(d, s.elements, first, length, s.size)
}

func (p *planner) planSlice(t reflect.Type) (plan, error) {
	s := &slicePlan{slice: t, size: t.Elem().Size()}
	p.plans[t] = s
	var err error
	s.elements, err = p.within("[]", t.Elem())
	return s, err
}
