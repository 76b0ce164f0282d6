package eventstore

import (
	"bytes"
	"unicode/utf8"
)

// mostDepth and mostNames bound what [skipValue] keeps track of. What is deeper or wider is left to the library.
const (
	mostDepth = 32
	mostNames = 32
)

// skipValue returns where the JSON value ends that begins at b[i], if the JSON library would write that value with exactly
// these bytes: no spaces, no name twice in an object, text in valid UTF-8 and without an escape too many. Otherwise, or if
// that is not quickly told, it returns -1.
func skipValue(b []byte, i, depth int) int {
	if i >= len(b) || depth > mostDepth {
		return -1
	}
	switch b[i] {
	case '"':
		return skipText(b, i)
	case '{':
		return skipObject(b, i, depth)
	case '[':
		return skipArray(b, i, depth)
	case 't':
		return skipWord(b, i, "true")
	case 'f':
		return skipWord(b, i, "false")
	case 'n':
		return skipWord(b, i, "null")
	}
	return skipNumber(b, i)
}

func skipWord(b []byte, i int, word string) int {
	if end := i + len(word); end <= len(b) && string(b[i:end]) == word {
		return end
	}
	return -1
}

// skipText takes the short escapes only: they are the only spelling of what they stand for.
func skipText(b []byte, i int) int {
	from, ascii := i+1, true
	for i = from; ; i += 2 {
		end, ok := plainEnd(b, i)
		i, ascii = end, ascii && ok
		if i >= len(b) {
			return -1
		}
		if b[i] == '"' {
			break
		}
		if b[i] != '\\' || i+1 >= len(b) || bytes.IndexByte([]byte(`"\bfnrt`), b[i+1]) < 0 {
			return -1
		}
	}
	if !ascii && !utf8.Valid(b[from:i]) {
		return -1
	}
	return i + 1
}

// skipNumber takes any number: the library leaves them as they are.
func skipNumber(b []byte, i int) int {
	if b[i] == '-' {
		i++
	}
	from := i
	i = skipDigits(b, i)
	if i == from || b[from] == '0' && i > from+1 {
		return -1
	}
	if i < len(b) && b[i] == '.' {
		from = i + 1
		if i = skipDigits(b, from); i == from {
			return -1
		}
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		from = i
		if i = skipDigits(b, from); i == from {
			return -1
		}
	}
	return i
}

func skipDigits(b []byte, i int) int {
	for i < len(b) && b[i]-'0' <= 9 {
		i++
	}
	return i
}

func skipArray(b []byte, i, depth int) int {
	if i++; i < len(b) && b[i] == ']' {
		return i + 1
	}
	for {
		i = skipValue(b, i, depth+1)
		if i < 0 || i >= len(b) {
			return -1
		}
		switch b[i] {
		case ']':
			return i + 1
		case ',':
			i++
		default:
			return -1
		}
	}
}

func skipObject(b []byte, i, depth int) int {
	if i++; i < len(b) && b[i] == '}' {
		return i + 1
	}
	var names names
	for {
		if i >= len(b) || b[i] != '"' {
			return -1
		}
		end := skipText(b, i)
		if end < 0 || end >= len(b) || b[end] != ':' || !names.add(b, i, end) {
			return -1
		}
		i = skipValue(b, end+1, depth+1)
		if i < 0 || i >= len(b) {
			return -1
		}
		switch b[i] {
		case '}':
			return i + 1
		case ',':
			i++
		default:
			return -1
		}
	}
}

// names are those of an object's members. A name has only one spelling here, so its bytes can be compared.
type names struct {
	count int
	seen  uint64 // has a bit for each name; several may share one
	place [mostNames]struct{ from, to int32 }
}

// add reports false if the name was there, or if there are too many.
func (n *names) add(b []byte, from, to int) bool {
	bit := uint64(1) << ((uint(b[from+1])*7 + uint(b[to-2])*31 + uint(to-from)*3) % 64)
	if n.seen&bit != 0 {
		for _, p := range n.place[:n.count] {
			if bytes.Equal(b[p.from:p.to], b[from:to]) {
				return false
			}
		}
	}
	if n.count == mostNames {
		return false
	}
	n.seen |= bit
	n.place[n.count] = struct{ from, to int32 }{int32(from), int32(to)}
	n.count++
	return true
}
