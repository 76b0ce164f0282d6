package eventstore

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBlocksAreReadAsTheServerWritesThem(t *testing.T) {
	l := create(t)
	appendBlocks(t, l, 2)
	theirs, err := l.Compose([]Entry{entry("theirs")}, nil)
	check(t, err)
	_, err = l.on().nats.js.Publish(t.Context(), l.generation.subject(), theirs.Body) // without headers
	check(t, err)
	commits := readAll(t, l, 1)
	blocks, err := l.generation.blocks(l.options.Dir)
	check(t, err)
	if len(blocks) < 2 {
		t.Fatalf("there are %d blocks", len(blocks))
	}
	var last record
	for _, b := range blocks {
		var torn bool
		last, torn, err = b.follow(last)
		if err != nil || torn {
			t.Fatalf("%s: torn is %v, error %v", b.path, torn, err)
		}
		if !bytes.Equal(last.message, commits[last.sequence-1].Body) {
			t.Errorf("%s ends with another message than sequence %d", b.path, last.sequence)
		}
	}
	if last.sequence != commits[len(commits)-1].Sequence {
		t.Errorf("the blocks end with sequence %d", last.sequence)
	}
	check(t, l.options.checkBlocks(t.Context(), l.Head(), 0))
}

func TestAMissingBlockIsDamage(t *testing.T) {
	l := create(t)
	appendBlocks(t, l, 2)
	shut(t, l)
	blocks, err := l.generation.blocks(l.options.Dir)
	check(t, err)
	for missing := range 2 {
		dir := copyOf(t, l.options.Dir)
		check(t, os.Remove(filepath.Join(dir, streamPath, "msgs", filepath.Base(blocks[missing].path))))
		var before record
		if missing > 0 {
			before, _, err = blocks[0].follow(record{})
			check(t, err)
		}
		_, err := Open(soon(t), options(dir))
		damage, ok := errors.AsType[*Damage](err)
		if !ok || damage.Number != int64(before.sequence)+1 { // each commit has one number
			t.Errorf("without block %d error is %v", missing+1, err)
		}
	}
}

// appendBlocks appends commits until the stream has that many blocks.
func appendBlocks(t *testing.T, l *Log, n int) {
	for {
		blocks, err := l.generation.blocks(l.options.Dir)
		check(t, err)
		if len(blocks) == n {
			return
		}
		x := entry(fmt.Sprint("large-", l.Next()))
		x.Data = quoted(strings.Repeat("x", 800_000))
		_, err = l.Append(t.Context(), []Entry{x})
		check(t, err)
	}
}
