package ledger

import (
	"bytes"
	"math"
	"reflect"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A decoder reads the data of events and commands as the JSON library does when it rejects unknown members. What stands
// there in the form in which the library writes it, as everything in the log does, it reads by a [plan], many times faster;
// whatever does not fit the plan is read by the library, which alone decides what is wrong.
//
// A decoder keeps what it learns of a ledger, so whoever reads much keeps one. The zero decoder is ready. It is for one
// goroutine at a time; several may read beside each other, each with its own.
type decoder struct {
	data  []byte // what is being read
	texts texts
	rooms []room // one for each list of the plans
}

// unmarshal reads data into what into points at, which must be zero.
func (d *decoder) unmarshal(data []byte, into any) error {
	if d.scan(data, into) {
		return nil
	}
	return json.Unmarshal(data, into, json.RejectUnknownMembers(true), d.carried())
}

// scan reads data by a plan, or reports false and leaves what into points at zero.
func (d *decoder) scan(data []byte, into any) bool {
	target := reflect.ValueOf(into)
	p := planned().byPointer[target.Type()]
	if p == nil {
		return false
	}
	d.data = data
	end := d.value(p, target.Elem(), 0)
	d.data = nil
	if end != len(data) {
		target.Elem().SetZero()
	}
	return end == len(data)
}

// value reads what begins at data[i] and sets to to it, whatever to was before. It returns where the value ends, or misfit
// if it does not fit the plan; to is then anything.
func (d *decoder) value(p *plan, to reflect.Value, i int) int {
	switch p.shape {
	case textShape:
		text, end := d.text(p, i)
		to.SetString(text)
		return end
	case wholeShape:
		whole, end := d.whole(i)
		to.SetInt(whole)
		if to.Int() != whole {
			return misfit
		}
		return end
	case yesNoShape:
		return d.yesNo(to, i)
	case objectShape:
		return d.object(p, to, i)
	case listShape:
		return d.list(p, to, i)
	}
	to.Set(reflect.New(p.of.goType))
	return d.value(p.of, to.Elem(), i)
}

// misfit is where a value ends that does not fit its plan. It is beyond all data.
const misfit = math.MaxInt / 2

// next returns data[i], or 0 beyond the end.
func (d *decoder) next(i int) byte {
	if uint(i) < uint(len(d.data)) {
		return d.data[i]
	}
	return 0
}

func (d *decoder) starts(i int, with string) bool {
	return i <= len(d.data) && len(d.data)-i >= len(with) && string(d.data[i:i+len(with)]) == with
}

func (d *decoder) yesNo(to reflect.Value, i int) int {
	to.SetBool(d.next(i) == 't')
	switch {
	case d.starts(i, "true"):
		return i + len("true")
	case d.starts(i, "false"):
		return i + len("false")
	}
	return misfit
}

// mostDigits is how many digits a number may have that surely fits.
const mostDigits = 18

func (d *decoder) whole(i int) (n int64, end int) {
	sign := int64(1)
	if d.next(i) == '-' {
		sign, i = -1, i+1
	}
	end = i
	for {
		digit := d.next(end) - '0'
		if digit > 9 {
			break
		}
		n, end = n*10+int64(digit), end+1
	}
	if end == i || end > i+mostDigits || d.next(i) == '0' && (end > i+1 || sign < 0) {
		return 0, misfit
	}
	return sign * n, end
}

// text reads a string. Its bytes are looked up before they are looked at: what is known is known to be plain.
func (d *decoder) text(p *plan, i int) (text string, end int) {
	if d.next(i) != '"' {
		return "", misfit
	}
	from := i + 1
	length := bytes.IndexByte(d.data[from:], '"')
	if length < 0 {
		return "", misfit
	}
	raw := d.data[from : from+length]
	if text, known := d.texts.find(raw, p.rule); known {
		return text, from + length + 1
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		if text, ok := d.texts.learn(raw, p.rule); ok {
			return text, from + length + 1
		}
		return "", misfit
	}
	return d.escaped(p, i)
}

// escaped reads a string that begins at data[i] and holds a backslash.
func (d *decoder) escaped(p *plan, i int) (text string, end int) {
	end = i + 1
	for d.next(end) != '"' {
		if end >= len(d.data) {
			return "", misfit
		}
		if d.data[end] == '\\' {
			end++
		}
		end++
	}
	raw, err := jsontext.AppendUnquote(nil, d.data[i:end+1])
	if err != nil {
		return "", misfit
	}
	text, ok := checkedText(raw, p.rule)
	if !ok {
		return "", misfit
	}
	return text, end + 1
}

// object reads the members that are there, in their order. Others are zero, as the library leaves them.
func (d *decoder) object(p *plan, to reflect.Value, i int) int {
	if d.next(i) != '{' {
		return misfit
	}
	i++
	first := true
	for n := range p.parts {
		part, start := &p.parts[n], i
		if !first && d.next(i) == ',' {
			start++
		}
		if first != (start == i) || !d.starts(start, part.opening) {
			part.in(to).SetZero()
			continue
		}
		i = d.value(part.plan, part.in(to), start+len(part.opening))
		first = false
	}
	if d.next(i) != '}' {
		return misfit
	}
	return i + 1
}

// list reads a list into its room and then copies it, so that what is kept is no longer than it must be. A type that
// contains itself has no plan, so that no list is read while its room is in use.
func (d *decoder) list(p *plan, to reflect.Value, i int) int {
	if d.next(i) != '[' {
		return misfit
	}
	i++
	if d.next(i) == ']' {
		to.Set(p.empty)
		return i + 1
	}
	r := d.room(p)
	for n := 0; ; {
		if n == r.size {
			r.grow(p)
		}
		i = d.value(p.of, r.gathered.Index(n), i)
		n++
		switch d.next(i) {
		case ',':
			i++
		case ']':
			to.SetZero()
			to.Grow(n)
			to.SetLen(n)
			reflect.Copy(to, r.gathered)
			return i + 1
		default:
			return misfit
		}
	}
}

// A room is where a list is gathered until its length is known.
type room struct {
	gathered reflect.Value // a slice
	size     int           // its length
}

func (d *decoder) room(p *plan) *room {
	if d.rooms == nil {
		d.rooms = make([]room, planned().rooms)
	}
	return &d.rooms[p.room]
}

// smallRoom is how many elements a room has at first.
const smallRoom = 4

func (r *room) grow(p *plan) {
	size := max(smallRoom, 2*r.size)
	larger := reflect.MakeSlice(p.goType, size, size)
	if r.size > 0 {
		reflect.Copy(larger, r.gathered)
	}
	*r = room{larger, size}
}
