package snapshot

import (
	"fmt"
	"reflect"
	"slices"
)

// A variantPlan keeps what an interface holds as the number of its type, from 1 in the order of the list, and its value.
type variantPlan struct {
	variant  reflect.Type
	concrete []reflect.Type
	values   []plan // nil where the type is none that this interface can hold
}

func (*variantPlan) least() int { return 1 }

func (v *variantPlan) write(e *encoder, p place) error {
	held := p.value(v.variant)
	if held.IsNil() {
		e.putCount(0)
		return nil
	}
	value := held.Elem()
	i := slices.Index(v.concrete, value.Type())
	if i < 0 {
		return fmt.Errorf("%s holds a %s, which is not in the list of concrete types", v.variant, value.Type())
	}
	if err := e.enter(); err != nil {
		return err
	}
	defer e.leave()
	e.putCount(uint64(i) + 1)
	copied := newObject(v.concrete[i])
	copied.value(v.concrete[i]).Set(value)
	return v.values[i].write(e, copied)
}

func (v *variantPlan) read(d *decoder, p place) error {
	n, err := d.takeCount()
	if err != nil {
		return err
	}
	held := p.value(v.variant)
	if n == 0 {
		held.SetZero()
		return nil
	}
	if n > uint64(len(v.values)) || v.values[n-1] == nil {
		return corrupt("%s holds no type number %d", v.variant, n)
	}
	if err := d.enter(); err != nil {
		return err
	}
	defer d.leave()
	copied := newObject(v.concrete[n-1])
	err = v.values[n-1].read(d, copied)
	held.Set(copied.value(v.concrete[n-1]))
	return err
}

func (p *planner) planInterface(t reflect.Type) (plan, error) {
	v := &variantPlan{variant: t, concrete: p.concrete, values: make([]plan, len(p.concrete))}
	p.plans[t] = v
	some := false
	for i, c := range p.concrete {
		if !c.Implements(t) {
			continue
		}
		some = true
		var err error
		if v.values[i], err = p.within(".("+c.String()+")", c); err != nil {
			return nil, err
		}
	}
	if !some {
		return nil, p.refuse(t, "is an interface, and no concrete type that it may hold is listed")
	}
	return v, nil
}
