package snapshot

import "reflect"

// What stands for a pointer or a map: nothing, a new object that follows, or, from oldObject on, the number of an object
// that was begun before.
const (
	noObject = iota
	newObjectFollows
	oldObject
)

// putObject writes what stands for an object and reports whether the object itself must follow.
func (e *encoder) putObject(p plan, at place) (follows bool) {
	if at.at == nil {
		e.putCount(noObject)
		return false
	}
	o := object{at, p}
	if number, known := e.objects[o]; known {
		e.putCount(oldObject + uint64(number))
		return false
	}
	e.objects[o] = len(e.objects)
	e.putCount(newObjectFollows)
	return true
}

// takeObject reads what putObject wrote. An object that was begun before is handed out only as what it is: anything else
// would let a corrupt file take one type for another.
func (d *decoder) takeObject(p plan) (old place, follows bool, err error) {
	n, err := d.takeCount()
	if err != nil || n == noObject {
		return place{}, false, err
	}
	if n == newObjectFollows {
		return place{}, true, nil
	}
	if n -= oldObject; n >= uint64(len(d.objects)) || d.objects[n].plan != p {
		return place{}, false, corrupt("there is no such object before it")
	}
	return d.objects[n].at, false, nil
}

// A pointerPlan keeps what is pointed to, once.
type pointerPlan struct {
	pointed reflect.Type
	target  plan
}

func (*pointerPlan) least() int { return 1 }

func (o *pointerPlan) write(e *encoder, p place) error {
	target := p.pointer()
	if !e.putObject(o, target) {
		return nil
	}
	e.extents.add(extent{target, o.pointed.Size(), true})
	if err := e.enter(); err != nil {
		return err
	}
	defer e.leave()
	return o.target.write(e, target)
}

func (o *pointerPlan) read(d *decoder, p place) error {
	target, follows, err := d.takeObject(o)
	if err != nil {
		return err
	}
	if !follows {
		p.setPointer(target)
		return nil
	}
	if err := d.enter(); err != nil {
		return err
	}
	defer d.leave()
	target = newObject(o.pointed)
	d.objects = append(d.objects, object{target, o})
	p.setPointer(target)
	return o.target.read(d, target)
}

func (p *planner) planPointer(t reflect.Type) (plan, error) {
	o := &pointerPlan{pointed: t.Elem()}
	p.plans[t] = o
	var err error
	o.target, err = p.within("*", t.Elem())
	return o, err
}
