package projections

import "unsafe"

// A word stands for a text that is used again and again: the code of a body or fund, a category, a date. Equal texts have
// the same word, so that words can be compared for being equal. 0 is the blank text.
type word int32

// A person stands for a person's token as a word does. There are many, and they are kept apart from the words.
type person int32

// A text stands for a text that is said once or a few times: a reference, a reason. 0 is the blank text. Equal texts may
// have several.
type text int32

// words gives texts their words (or persons) and words their texts.
type words[W ~int32] struct {
	letters letters
	index   index
}

// of returns the word of a text, a new one if the text was not met before.
func (w *words[W]) of(text string) W {
	if text == "" {
		return 0
	}
	hash := hashText(text)
	row, met := w.index.find(hash, func(row int32) bool { return w.letters.at(row) == text })
	if !met {
		row = w.letters.add(text)
		w.index.add(hash, row)
	}
	return W(row + 1)
}

// find returns the word of a text, if it was met.
func (w *words[W]) find(text string) (found W, met bool) {
	if text == "" {
		return 0, true
	}
	row, met := w.index.find(hashText(text), func(row int32) bool { return w.letters.at(row) == text })
	return W(row + 1), met
}

// text returns the text of a word.
func (w *words[W]) text(of W) string {
	if of == 0 {
		return ""
	}
	return w.letters.at(int32(of - 1))
}

// texts keeps texts. Most differ from all others, so that looking for an equal one would cost more than it saves; but one
// that was kept lately is not kept again, and so what a whole import repeats is kept a few times and no more.
type texts struct {
	letters letters
	lately  [512]text // by hash
}

// add keeps a text.
func (t *texts) add(said string) text {
	if said == "" {
		return 0
	}
	same := &t.lately[hashText(said)%uint32(len(t.lately))]
	if t.text(*same) != said {
		*same = text(t.letters.add(said) + 1)
	}
	return *same
}

// text returns a text that was kept.
func (t *texts) text(of text) string {
	if of == 0 {
		return ""
	}
	return t.letters.at(int32(of - 1))
}

// letters keeps texts one after another.
type letters struct {
	bytes []byte // what stands here is never changed
	ends  []int64
}

// add keeps a text that is not blank and returns its number, from 0.
func (l *letters) add(text string) int32 {
	l.bytes = append(l.bytes, text...)
	l.ends = append(l.ends, int64(len(l.bytes)))
	return int32(len(l.ends) - 1)
}

// at returns a text. It is no copy, and need not be: its bytes are never changed, and where the list has to move to grow,
// they stay where they are for whom they were given to.
func (l *letters) at(number int32) string {
	var begin int64
	if number > 0 {
		begin = l.ends[number-1]
	}
	return unsafe.String(&l.bytes[begin], l.ends[number]-begin)
}
