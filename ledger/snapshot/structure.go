package snapshot

import "reflect"

// A structPlan keeps the fields of a struct one after another; those without pointers that stand side by side are kept
// as one piece of memory.
type structPlan struct {
	fields []fieldPlan
	fewest int
}

type fieldPlan struct {
	name   string
	offset uintptr
	plan   plan
}

func (s *structPlan) least() int { return s.fewest }

func (s *structPlan) write(e *encoder, p place) error {
	for i := range s.fields {
		f := &s.fields[i]
		if err := f.plan.write(e, p.field(f.offset)); err != nil {
			return at("."+f.name, err)
		}
	}
	return nil
}

func (s *structPlan) read(d *decoder, p place) error {
	for i := range s.fields {
		f := &s.fields[i]
		if err := f.plan.read(d, p.field(f.offset)); err != nil {
			return at("."+f.name, err)
		}
	}
	return nil
}

func (p *planner) planStruct(t reflect.Type) (plan, error) {
	s := &structPlan{}
	for i := range t.NumField() {
		field := t.Field(i)
		plan, err := p.within("."+field.Name, field.Type)
		if err != nil {
			return nil, err
		}
		s.add(fieldPlan{field.Name, field.Offset, plan})
	}
	for _, f := range s.fields {
		s.fewest += f.plan.least()
	}
	p.plans[t] = s
	return s, nil
}

// add appends a field, or makes it one piece with the field before.
func (s *structPlan) add(f fieldPlan) {
	memory, flat := f.plan.(flatPlan)
	if n := len(s.fields); flat && n > 0 {
		last := &s.fields[n-1]
		if before, flat := last.plan.(flatPlan); flat {
			last.plan = before.and(memory, int(f.offset-last.offset))
			return
		}
	}
	s.fields = append(s.fields, f)
}

// An arrayPlan keeps the elements of an array one after another.
type arrayPlan struct {
	length int
	size   uintptr // of an element
	plan   plan
}

func (a *arrayPlan) least() int { return a.length * a.plan.least() }

func (a *arrayPlan) write(e *encoder, p place) error { return writeRow(e, a.plan, p, a.length, a.size) }
func (a *arrayPlan) read(d *decoder, p place) error  { return readRow(d, a.plan, p, a.length, a.size) }

func (p *planner) planArray(t reflect.Type) (plan, error) {
	elements, err := p.within("[]", t.Elem())
	if err != nil {
		return nil, err
	}
	a := &arrayPlan{t.Len(), t.Elem().Size(), elements}
	p.plans[t] = a
	return a, nil
}

// writeRow writes values that stand in a row.
func writeRow(e *encoder, elements plan, first place, length int, size uintptr) error {
	if memory, flat := elements.(flatPlan); flat {
		e.put(first.memory(memory.size * length))
		return e.err
	}
	if size == 0 {
		return nil
	}
	for i := range length {
		if err := elements.write(e, first.element(i, size)); err != nil {
			return at("[]", err)
		}
	}
	return e.err
}

func readRow(d *decoder, elements plan, first place, length int, size uintptr) error {
	if memory, flat := elements.(flatPlan); flat {
		return memory.readRow(d, first, length)
	}
	if size == 0 {
		return nil
	}
	for i := range length {
		if err := elements.read(d, first.element(i, size)); err != nil {
			return at("[]", err)
		}
	}
	return nil
}
