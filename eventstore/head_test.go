package eventstore

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheHeadIsWrittenIntoItsHalvesInTurn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "heads", "oxfordshire.head")
	at := func(n int64) Head { return Head{Ledger: testLedger, Generation: 1, Number: n, Sequence: uint64(n)} }
	check(t, createHeadFile(path, at(0)))
	f, head, err := openHeadFile(path)
	check(t, err)
	if head != at(0) {
		t.Errorf("a new head is %+v", head)
	}
	for n := int64(1); n <= 5; n++ {
		check(t, f.write(at(n)))
		if n == 3 { // a restart makes no difference
			check(t, f.close())
			f, _, err = openHeadFile(path)
			check(t, err)
		}
		var found []Head
		for slot := range headSlots {
			h, err := readSlot(f.file, slot)
			check(t, err)
			found = append(found, h)
		}
		if !(found[0] == at(n) && found[1] == at(n-1) || found[0] == at(n-1) && found[1] == at(n)) {
			t.Errorf("after head %d there are %+v", n, found)
		}
	}
	check(t, f.close())
}

func TestAHeadIsReadByPeopleToo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "heads", "oxfordshire.head")
	check(t, createHeadFile(path, Head{Ledger: testLedger, Generation: 1, Number: 1234, Sequence: 567}))
	content := string(readFile(t, path))
	if len(content) != headSlots*slotSize || !strings.Contains(content, ` {"ledger":"oxfordshire","generation":1,"number":1234,"sequence":567} `) {
		t.Errorf("it is %d bytes: %q", len(content), content)
	}
}

func TestALaterGenerationIsTheNewerHead(t *testing.T) {
	if !(Head{Ledger: testLedger, Generation: 2, Number: 5, Sequence: 5}).after(Head{Ledger: testLedger, Generation: 1, Number: 9, Sequence: 9}) || (Head{Ledger: testLedger, Generation: 1, Number: 9, Sequence: 9}).after(Head{Ledger: testLedger, Generation: 2, Number: 5, Sequence: 5}) {
		t.Error("it is not")
	}
}

func TestAHeadOfALaterProgramIsNotRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "oxfordshire.head")
	text := `{"ledger":"oxfordshire","generation":1,"number":1,"sequence":1,"more":true}`
	slot := sumOf([]byte(text)) + " " + text
	slot += strings.Repeat(" ", slotSize-len(slot)-1) + "\n"
	writeFile(t, path, []byte(slot+slot))
	_, _, err := openHeadFile(path)
	if !errors.Is(err, errBadHead) || !strings.Contains(err.Error(), "more") {
		t.Errorf("error is %v", err)
	}
	if _, _, err := openHeadFile(path + "x"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error is %v", err)
	}
}
