package archive

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Trailer is what an archive keeps beside the commits. It is written whole at each backup.
type Trailer struct {
	Checkpoints [][]byte // signed notes, oldest first; the last one is the newest
	Keys        []Key    // in the order of their numbers
}

// A Key is a public key that signs commits.
type Key struct {
	Number int64  // of the first event that it signs
	Text   string // without a space
}

// betweenNotes separates the notes of checkpoints.txt. A note has no control character but line feeds.
const betweenNotes = "\f\n"

// encode returns the contents of the files of a trailer.
func (t Trailer) encode() (checkpoint, checkpoints, keys []byte, err error) {
	for i, note := range t.Checkpoints {
		if err := checkNote(note); err != nil {
			return nil, nil, nil, fmt.Errorf("checkpoint %d of %d: %w", i+1, len(t.Checkpoints), err)
		}
		checkpoint = note
	}
	keys, err = encodeKeys(t.Keys)
	return checkpoint, bytes.Join(t.Checkpoints, []byte(betweenNotes)), keys, err
}

// checkNote reports what is no note: whatever else is wrong with it, it must come out of checkpoints.txt as it was put in.
func checkNote(note []byte) error {
	if len(note) == 0 || note[len(note)-1] != '\n' {
		return errors.New("it does not end with a line feed")
	}
	for _, b := range note {
		if b < ' ' && b != '\n' {
			return fmt.Errorf("it contains the control character %q", b)
		}
	}
	return nil
}

func decodeCheckpoints(text []byte) ([][]byte, error) {
	if len(text) == 0 {
		return nil, nil
	}
	notes := bytes.Split(text, []byte(betweenNotes))
	for i, note := range notes {
		if err := checkNote(note); err != nil {
			return nil, fmt.Errorf("checkpoint %d of %d: %w", i+1, len(notes), err)
		}
	}
	return notes, nil
}

func encodeKeys(keys []Key) ([]byte, error) {
	text := bytes.NewBuffer(nil)
	last := int64(0)
	for _, k := range keys {
		if k.Number <= last || k.Number > maxNumber || !isToken(k.Text) {
			return nil, fmt.Errorf("key %q cannot hold from number %d on, after a key of number %d", k.Text, k.Number, last)
		}
		last = k.Number
		fmt.Fprintf(text, "%d %s\n", k.Number, k.Text)
	}
	return text.Bytes(), nil
}

func decodeKeys(text []byte) ([]Key, error) {
	var keys []Key
	for line := range strings.Lines(string(text)) {
		number, key, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", len(keys)+1, err)
		}
		keys = append(keys, Key{n, key})
	}
	again, err := encodeKeys(keys)
	if err == nil && !bytes.Equal(again, text) {
		err = errors.New("it is not in the form that this programme writes")
	}
	return keys, err
}

// isToken reports whether s can stand on a line between spaces.
func isToken(s string) bool {
	for _, b := range []byte(s) {
		if b <= ' ' || b > '~' {
			return false
		}
	}
	return s != "" && s != absent && len(s) <= maxToken
}
