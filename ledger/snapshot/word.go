package snapshot

import (
	"hash/maphash"
	"strings"
)

// How a string is written: empty; letter by letter; letter by letter, to be kept in a drawer of the vocabulary; or, from
// oldWord on, as the drawer in which it is.
const (
	emptyWord = iota
	longWord
	newWord
	oldWord
)

const (
	// drawers bounds what the vocabulary holds: a ledger knows a few thousand bodies, and ids that are met once must not
	// make it grow.
	drawers = 1 << 14

	// longestWord is the longest string that is kept in it: names, codes and dates, not titles and reasons.
	longestWord = 64
)

// A vocabulary holds strings that were met, each in the drawer that its hash names, until another needs that drawer. The
// writer says which drawer it uses and the reader follows, so that what is read shares the memory of its strings.
type vocabulary struct {
	drawer []string
	seed   maphash.Seed
}

func newVocabulary() vocabulary {
	return vocabulary{make([]string, drawers), maphash.MakeSeed()}
}

type wordPlan struct{}

func (wordPlan) least() int { return 1 }

func (wordPlan) write(e *encoder, p place) error {
	s := *p.text()
	if s == "" {
		e.putCount(emptyWord)
		return nil
	}
	if len(s) > longestWord {
		e.putCount(longWord)
		e.putCount(uint64(len(s)))
		e.putText(s)
		return nil
	}
	drawer := maphash.String(e.words.seed, s) % drawers
	if e.words.drawer[drawer] == s {
		e.putCount(oldWord + drawer)
		return nil
	}
	e.words.drawer[drawer] = s
	e.putCount(newWord)
	e.putCount(drawer)
	e.putCount(uint64(len(s)))
	e.putText(s)
	return nil
}

func (wordPlan) read(d *decoder, p place) error {
	form, err := d.takeCount()
	if err != nil {
		return err
	}
	switch form {
	case emptyWord:
		*p.text() = ""
		return nil
	case longWord:
		*p.text(), err = d.takeText()
		return err
	case newWord:
		return d.takeNew(p)
	}
	drawer := form - oldWord
	if drawer >= drawers || d.words.drawer[drawer] == "" {
		return corrupt("drawer %d of the vocabulary is empty", drawer)
	}
	*p.text() = d.words.drawer[drawer]
	return nil
}

func (d *decoder) takeNew(p place) error {
	drawer, err := d.takeCount()
	if err != nil {
		return err
	}
	if drawer >= drawers {
		return corrupt("the vocabulary has no drawer %d", drawer)
	}
	s, err := d.takeText()
	*p.text(), d.words.drawer[drawer] = s, s
	return err
}

// takeText reads a length and as many letters.
func (d *decoder) takeText() (string, error) {
	length, err := d.takeLength(1)
	if err != nil {
		return "", err
	}
	if length > longestShared {
		letters := make([]byte, length)
		err := d.takeInto(letters)
		return string(letters), err
	}
	b, err := d.take(length)
	if err != nil {
		return "", err
	}
	return d.letters.add(b), nil
}

const (
	// sheetSize is how many letters short strings share one allocation of. They are given back together only, which
	// costs nothing where almost all are kept for as long as the ledger is open.
	sheetSize = 32 << 10

	// longestShared is the longest string that is not allocated by itself.
	longestShared = 1 << 10
)

// letters makes short strings.
type letters struct{ sheet strings.Builder }

func (l *letters) add(b []byte) string {
	if l.sheet.Cap()-l.sheet.Len() < len(b) {
		l.sheet.Reset()
		l.sheet.Grow(sheetSize)
	}
	start := l.sheet.Len()
	l.sheet.Write(b)
	return l.sheet.String()[start:]
}
