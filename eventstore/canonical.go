package eventstore

import "bytes"

// appendCanonical appends the RFC 8785 form of the JSON value that begins at b[i] to dst, and returns where the value ends.
// If that form is not quickly found, or there is none, the end is -1: because a number is not a small whole one, because a
// name is not ASCII or has an escape, because a name stands twice, and whatever else [skipValue] leaves to the JSON library.
func appendCanonical(dst, b []byte, i, depth int) ([]byte, int) {
	c, i := after(b, i)
	if i < 0 || depth > mostDepth {
		return dst, -1
	}
	switch c {
	case '{':
		return canonicalObject(dst, b, i, depth)
	case '[':
		return canonicalArray(dst, b, i, depth)
	}
	end := skipValue(b, i, depth)
	if end < 0 || b[end-1]-'0' <= 9 && !exact(b[i:end]) {
		return dst, -1
	}
	return append(dst, b[i:end]...), end
}

// after returns the first character at b[i] or behind the space there, and where it stands; if there is none, or i is where
// something did not end, that is -1.
func after(b []byte, i int) (byte, int) {
	for i >= 0 && i < len(b) {
		if c := b[i]; c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			return c, i
		}
		i++
	}
	return 0, -1
}

// exactDigits is how long a whole number may be that surely is an IEEE 754 double.
const exactDigits = 15

// exact reports whether a number is surely written as RFC 8785 writes it.
func exact(number []byte) bool {
	for i, c := range number {
		if c-'0' > 9 && (i > 0 || c != '-') {
			return false
		}
	}
	return len(number) <= exactDigits && string(number) != "-0"
}

func canonicalArray(dst, b []byte, i, depth int) ([]byte, int) {
	if c, end := after(b, i+1); c == ']' {
		return append(dst, "[]"...), end + 1
	}
	for dst = append(dst, '['); ; dst = append(dst, ',') {
		dst, i = appendCanonical(dst, b, i+1, depth+1)
		var c byte
		switch c, i = after(b, i); c {
		case ',':
		case ']':
			return append(dst, ']'), i + 1
		default:
			return dst, -1
		}
	}
}

func canonicalObject(dst, b []byte, i, depth int) ([]byte, int) {
	if c, end := after(b, i+1); c == '}' {
		return append(dst, "{}"...), end + 1
	}
	dst = append(dst, '{')
	begin := len(dst)
	var room [mostNames]member
	for members := room[:0]; len(members) < mostNames; {
		m := member{from: len(dst)}
		if dst, i = canonicalName(dst, b, i+1); i < 0 {
			return dst, -1
		}
		m.name = len(dst)
		dst, i = appendCanonical(dst, b, i, depth+1)
		dst = append(dst, ',')
		m.to = len(dst)
		var fresh bool
		if members, fresh = insert(members, m, dst); !fresh {
			return dst, -1
		}
		var c byte
		switch c, i = after(b, i); c {
		case ',':
		case '}':
			putInOrder(dst, begin, members)
			dst[len(dst)-1] = '}'
			return dst, i + 1
		default:
			return dst, -1
		}
	}
	return dst, -1
}

// canonicalName appends the name of a member and the colon, and returns where the colon ends.
func canonicalName(dst, b []byte, i int) ([]byte, int) {
	quote, i := after(b, i)
	if quote != '"' {
		return dst, -1
	}
	end := skipText(b, i)
	colon, at := after(b, end)
	if colon != ':' {
		return dst, -1
	}
	for _, c := range b[i:end] {
		if c == '\\' || c >= 0x80 {
			return dst, -1
		}
	}
	return append(append(dst, b[i:end]...), ':'), at + 1
}

// member is where a member of an object was appended: its name with the colon, and its value with a comma.
type member struct{ from, name, to int }

// insert puts m in its place among members that are in the order of their names; false says that its name is there.
func insert(members []member, m member, in []byte) ([]member, bool) {
	name := func(m member) []byte { return in[m.from+1 : m.name-2] }
	i := len(members)
	for ; i > 0; i-- {
		order := bytes.Compare(name(m), name(members[i-1]))
		if order == 0 {
			return members, false
		}
		if order > 0 {
			break
		}
	}
	members = append(members, m)
	copy(members[i+1:], members[i:])
	members[i] = m
	return members, true
}

// putInOrder writes the members that dst ends with, from begin on, in their order.
func putInOrder(dst []byte, begin int, members []member) {
	ordered, at := true, begin
	for _, m := range members {
		ordered, at = ordered && m.from == at, m.to
	}
	if ordered {
		return
	}
	sorted := dst
	for _, m := range members {
		sorted = append(sorted, dst[m.from:m.to]...)
	}
	copy(dst[begin:], sorted[len(dst):])
}
