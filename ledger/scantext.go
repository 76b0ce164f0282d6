package ledger

import (
	"encoding"
	"hash/maphash"
	"reflect"
	"strings"
	"unicode/utf8"
)

// texts remembers the texts that were read last, so that those that return, such as bodies, months and purposes, are
// neither checked nor copied each time. What a type makes of a text must depend on nothing but the text.
type texts struct {
	slots   []knownText // as many as a power of two, and not all in use; none at first
	known   int         // how many are in use
	learned int         // how many texts were met before there were slots
}

type knownText struct {
	text string
	rule int // see [plan]; 0 where there is no text yet
}

const (
	fewTexts  = 1 << 5
	mostTexts = 1 << 16 // one and a half megabytes
	longText  = 64      // a longer text is hardly said twice
	nearSlots = 8       // a text stands in one of so many slots, from the one on that its hash names
)

var textSeed = maphash.MakeSeed()

// find returns the text if it is remembered.
func (t *texts) find(text []byte, rule int) (string, bool) {
	if len(t.slots) == 0 {
		return "", false
	}
	at := maphash.Bytes(textSeed, text)
	for range nearSlots {
		slot := &t.slots[at&uint64(len(t.slots)-1)]
		if slot.rule == rule && slot.text == string(text) {
			return slot.text, true
		}
		at++
	}
	return "", false
}

// remember keeps a text, if need be in the place of another.
func (t *texts) remember(text string, rule int) {
	if len(t.slots) == 0 && t.learned < fewTexts {
		t.learned++ // one event alone is not worth it
		return
	}
	if 2*t.known >= len(t.slots) && len(t.slots) < mostTexts {
		t.enlarge()
	}
	at := maphash.String(textSeed, text)
	for range nearSlots {
		if slot := &t.slots[at&uint64(len(t.slots)-1)]; slot.rule == 0 {
			*slot = knownText{text, rule}
			t.known++
			return
		}
		at++
	}
	t.slots[(at-1)&uint64(len(t.slots)-1)] = knownText{text, rule}
}

func (t *texts) enlarge() {
	before := t.slots
	*t = texts{slots: make([]knownText, max(2*fewTexts, 4*len(before)))}
	for _, known := range before {
		if known.rule != 0 {
			t.remember(known.text, known.rule)
		}
	}
}

// learn checks a text that is written without escapes and remembers it.
func (t *texts) learn(raw []byte, rule int) (string, bool) {
	for _, c := range raw {
		if c < ' ' {
			return "", false
		}
	}
	if !utf8.Valid(raw) {
		return "", false
	}
	text, ok := checkedText(raw, rule)
	if ok && len(text) <= longText && text == string(raw) {
		t.remember(text, rule)
	}
	return text, ok
}

// checkedText returns what the type that has the rule makes of a text; ok is false if it is an error to it.
func checkedText(raw []byte, rule int) (text string, ok bool) {
	if rule == anyText {
		return string(raw), true
	}
	value := reflect.New(planned().rules[rule])
	checker, _ := reflect.TypeAssert[encoding.TextUnmarshaler](value)
	err := checker.UnmarshalText(raw)
	return value.Elem().String(), err == nil
}

// own returns a text of its own, not a part of something larger that it would keep in memory.
func (t *texts) own(text string) string {
	if text == "" {
		return ""
	}
	if len(text) > longText {
		return strings.Clone(text)
	}
	var room [longText]byte
	if known, ok := t.find(room[:copy(room[:], text)], anyText); ok {
		return known
	}
	text = strings.Clone(text)
	t.remember(text, anyText)
	return text
}
