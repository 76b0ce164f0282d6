package eventstore

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/go-json-experiment/json"
)

// Head is how far a ledger has got.
type Head struct {
	Ledger     string `json:"ledger"`
	Generation int    `json:"generation"` // of the stream, from 1
	Number     int64  `json:"number"`     // of the last event; 0 while the ledger is being created
	Sequence   uint64 `json:"sequence"`   // where the stream holds the commit that ends in Number

	Root       string `json:"root,omitzero"`       // of the tree of Number events, in base64; heads written before there was a tree have none
	Restoring  bool   `json:"restoring,omitzero"`  // a restore is under way; nothing is the ledger yet
	Checkpoint int64  `json:"checkpoint,omitzero"` // the size of the newest checkpoint that was stored when the head was written
}

// after reports whether h was written later than other.
func (h Head) after(other Head) bool {
	if h.Generation != other.Generation {
		return h.Generation > other.Generation
	}
	if h.Number != other.Number {
		return h.Number > other.Number
	}
	return h.Checkpoint > other.Checkpoint
}

const (
	// headSlots are written in turn, so that a crash in the middle of a write spoils the older head and not the newer.
	headSlots = 2

	// slotSize is the unit in which disks and page caches write, so that one torn write cannot reach both slots.
	slotSize = 4096

	sumSize = 2 * sha256.Size // in hexadecimal
)

// errBadHead: neither slot of a head file holds a head.
var errBadHead = errors.New("neither half can be read")

// headFile is the file of a ledger's head: two slots, each one line of
//
//	<sha256 of the JSON, in hexadecimal> <the head as JSON> <spaces up to the slot's size>
//
// It is not safe for concurrent use.
type headFile struct {
	file *os.File
	next int   // the slot to write next: the one that does not hold the newest head
	torn error // why a slot could not be read when the file was opened, if one could not
}

// createHeadFile writes h into both slots of a new file at path. The file appears whole, and durably, or not at all.
func createHeadFile(path string, h Head) error {
	if err := makeDir(filepath.Dir(path)); err != nil {
		return err
	}
	slot, err := encodeSlot(h)
	if err != nil {
		return err
	}
	unfinished := path + ".new"
	if err := writeSynced(unfinished, bytes.Repeat(slot, headSlots)); err != nil {
		return err
	}
	if err := os.Rename(unfinished, path); err != nil {
		return err
	}
	return syncDirs(filepath.Dir(path))
}

// openHeadFile returns the newest head in the file at path. One bad slot is passed over and noted as torn; two are
// errBadHead. If there is no file, the error is [os.ErrNotExist].
func openHeadFile(path string) (*headFile, Head, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, Head{}, err
	}
	f := &headFile{file: file}
	newest, err := f.read()
	if err != nil {
		return nil, Head{}, errors.Join(err, file.Close())
	}
	return f, newest, nil
}

func (f *headFile) read() (Head, error) {
	var newest Head
	var bad []error
	for i := range headSlots {
		h, err := readSlot(f.file, i)
		switch {
		case err != nil:
			bad = append(bad, fmt.Errorf("slot %d: %w", i+1, err))
		case newest == (Head{}) || h.after(newest):
			newest, f.next = h, (i+1)%headSlots
		}
	}
	switch len(bad) {
	case headSlots:
		return Head{}, fmt.Errorf("%w: %w; %w", errBadHead, bad[0], bad[1])
	case 1:
		f.torn = bad[0]
	}
	return newest, nil
}

// write puts h into the older slot and returns once it is on disk. After an error the other slot still holds the head
// before.
func (f *headFile) write(h Head) error {
	slot, err := encodeSlot(h)
	if err != nil {
		return err
	}
	if _, err := f.file.WriteAt(slot, int64(f.next)*slotSize); err != nil {
		return err
	}
	if err := syncData(f.file); err != nil {
		return err
	}
	f.next = (f.next + 1) % headSlots
	return nil
}

func (f *headFile) close() error { return f.file.Close() }

func encodeSlot(h Head) ([]byte, error) {
	text, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	slot := bytes.Repeat([]byte(" "), slotSize)
	slot[slotSize-1] = '\n'
	copy(slot, sumOf(text))
	copy(slot[sumSize+1:slotSize-1], text)
	return slot, nil
}

func readSlot(file io.ReaderAt, i int) (Head, error) {
	slot := make([]byte, slotSize)
	if _, err := file.ReadAt(slot, int64(i)*slotSize); err != nil {
		return Head{}, err
	}
	var h Head
	text := bytes.TrimRight(slot[sumSize+1:], " \n")
	if sumOf(text) != string(slot[:sumSize]) {
		return Head{}, errors.New("the checksum does not match")
	}
	return h, json.Unmarshal(text, &h, json.RejectUnknownMembers(true))
}

func sumOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
