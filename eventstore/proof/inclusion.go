package proof

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Inclusion proves, without the log, that an event stands in it: at that number, with exactly that line, in the tree of a
// signed checkpoint.
type Inclusion struct {
	Number int64  // of the event
	Line   []byte // the event, as it stands in the log
	Path   []Hash // of the subtrees beside the way from the leaf to the root, beginning at the leaf
	Note   []byte // the signed checkpoint
}

// ProveInclusion returns the path from the event of the number, counted from 1, to the root of the tree of the size.
func ProveInclusion(leaves Leaves, number, size int64) ([]Hash, error) {
	if number < 1 || number > size || size > maxSize {
		return nil, fmt.Errorf("prove that event %d is in the log: its tree has %d events", number, size)
	}
	path, err := tlog.ProveRecord(size, number-1, leaves)
	if err != nil {
		return nil, fmt.Errorf("prove that event %d is in the log: %w", number, err)
	}
	return path, nil
}

// Check returns the checkpoint that i was proved against, if it is signed as [OpenNote] demands and the event stands in its
// tree at that number. It does not compare the checkpoint's origin, nor the number that the line itself states, with what
// the caller expects.
func (i Inclusion) Check(keys []PublicKey, witnesses []WitnessKey) (Note, error) {
	n, err := OpenNote(i.Note, keys, witnesses)
	if err != nil {
		return Note{}, fmt.Errorf("event %d: %w", i.Number, err)
	}
	if i.Number < 1 || i.Number > n.Size {
		return Note{}, fmt.Errorf("event %d is not in the tree of the checkpoint, which has %d events", i.Number, n.Size)
	}
	if err := tlog.CheckRecord(i.Path, n.Size, n.Root, i.Number-1, LeafHash(i.Line)); err != nil {
		return Note{}, fmt.Errorf("event %d is not proved to be in the tree of %d events with root %s", i.Number, n.Size, n.Root)
	}
	return n, nil
}

const (
	inclusionTitle = "c2sp.org/tlog-proof@v1\n"
	extraPrefix    = "extra "
	indexPrefix    = "index "
)

// maxPath is how many hashes a proof may have: one for each level of the largest tree there can be.
const maxPath = 63

// Text returns the proof as c2sp.org/tlog-proof@v1 has it, with the event's line as extra data.
func (i Inclusion) Text() []byte {
	text := []byte(inclusionTitle + extraPrefix + encode(i.Line) + "\n" + indexPrefix + strconv.FormatInt(i.Number-1, 10) + "\n")
	text = appendPath(text, i.Path)
	return append(append(text, '\n'), i.Note...)
}

// ParseInclusion reads what Text returned. It does not check the proof.
func ParseInclusion(text []byte) (Inclusion, error) {
	i, err := parseInclusion(text)
	if err != nil {
		return Inclusion{}, fmt.Errorf("this is not a proof of inclusion: %w", err)
	}
	return i, nil
}

func parseInclusion(text []byte) (i Inclusion, err error) {
	lines, signed, err := splitProof(text)
	if err != nil {
		return i, err
	}
	if len(lines) < 3 || lines[0]+"\n" != inclusionTitle {
		return i, fmt.Errorf("it does not begin with %s and two lines more", strings.TrimSpace(inclusionTitle))
	}
	extra, hasExtra := strings.CutPrefix(lines[1], extraPrefix)
	index, hasIndex := strings.CutPrefix(lines[2], indexPrefix)
	if !hasExtra || !hasIndex {
		return i, errors.New("its second line is not the event (extra …) or its third not the place (index …)")
	}
	if i.Line, err = decode(extra); err != nil {
		return i, fmt.Errorf("the event's line: %w", err)
	}
	if len(i.Line) == 0 || bytes.IndexByte(i.Line, '\n') >= 0 {
		return i, errors.New("the event's line is not one line")
	}
	leaf, err := parseSize(index)
	if err != nil || leaf == maxSize {
		return i, fmt.Errorf("%q is not a place in a log", index)
	}
	i.Number, i.Note = leaf+1, signed
	i.Path, err = parsePath(lines[3:])
	return i, err
}

// splitProof cuts a proof at its first empty line, behind which stands a signed checkpoint.
func splitProof(text []byte) (lines []string, signed []byte, err error) {
	head, signed, found := bytes.Cut(text, []byte("\n\n"))
	if !found {
		return nil, nil, errors.New("it has no empty line with a checkpoint after it")
	}
	if _, err := ReadCheckpoint(signed); err != nil {
		return nil, nil, err
	}
	return strings.Split(string(head), "\n"), bytes.Clone(signed), nil
}

func appendPath(text []byte, path []Hash) []byte {
	for _, h := range path {
		text = append(append(text, h.String()...), '\n')
	}
	return text
}

func parsePath(lines []string) ([]Hash, error) {
	if len(lines) > maxPath {
		return nil, fmt.Errorf("%d hashes are more than any proof needs", len(lines))
	}
	var path []Hash
	for _, line := range lines {
		h, err := ParseHash(line)
		if err != nil {
			return nil, err
		}
		path = append(path, h)
	}
	return path, nil
}
