package snapshot

import (
	"crypto/sha256"
	"errors"
	"reflect"
)

// A tree is the plan of a whole type.
type tree struct {
	whole       reflect.Type
	root        plan
	pointed     *pointerPlan // of pointers to the whole, from within it
	fingerprint [sha256.Size]byte
	mixed       bool // pointers within the type may point into the middle of something
}

// ErrOther reports bytes that are no snapshot of the type, or were written by another program.
var ErrOther = errors.New("it was written for another type")

// ErrCorrupt reports bytes that no codec wrote.
var ErrCorrupt = errors.New("it is corrupt")

// planTree plans a type. The whole is planned as what a pointer points to, since that is how it is handed in.
func planTree(whole reflect.Type, concrete []any) (tree, error) {
	p := &planner{plans: map[reflect.Type]plan{}}
	if err := p.list(concrete); err != nil {
		return tree{}, err
	}
	pointed, err := p.plan(reflect.PointerTo(whole))
	if err != nil {
		return tree{}, err
	}
	pointer := pointed.(*pointerPlan)
	return tree{
		whole:       whole,
		root:        pointer.target,
		pointed:     pointer,
		fingerprint: fingerprintOf(whole, p.concrete),
		mixed:       p.mixes(),
	}, nil
}

func (t tree) write(e *encoder, root place) error {
	if t.mixed {
		e.extents = &extents{}
		e.extents.add(extent{root, t.whole.Size(), true})
	}
	e.objects[object{root, t.pointed}] = len(e.objects)
	if err := t.root.write(e, root); err != nil {
		return err
	}
	if e.flush(); e.err != nil {
		return e.err
	}
	return e.extents.check()
}

func (t tree) read(d *decoder, root place) error {
	print, err := d.take(len(t.fingerprint))
	if err != nil {
		return err
	}
	if [sha256.Size]byte(print) != t.fingerprint {
		return ErrOther
	}
	d.objects = append(d.objects, object{root, t.pointed})
	if err := t.root.read(d, root); err != nil {
		return err
	}
	if left := d.remaining(); left > 0 {
		return corrupt("%d bytes follow the end", left)
	}
	return nil
}
