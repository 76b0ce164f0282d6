package eventstore

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/minio/highwayhash"
)

// JetStream keeps a stream in block files, 1.blk, 2.blk … Each is nothing but records, one behind the other:
//
//	length 4 | sequence 8 | time 8 | subject's length 2 | subject | headers' length 4 | headers | message | hash 8
//
// in little-endian. The length is that of the whole record; its highest bit says that there are headers, without which
// their length is left out too. The hash is HighwayHash-64 over all but the lengths, keyed with the stream's name and
// the block's number.
//
// The log reads the blocks before it lets the server at them, because of what nats-server 2.15.2 does to damaged ones.
// If it has no index of them, as after a crash, it cuts a block off at the first record that it cannot read, and what lay
// behind is gone for the auditor too. If a sequence is changed, it fills the gap up to that sequence, and at a changed high
// bit goes on to do so until memory runs out. Nothing here writes. Should a later server keep its blocks otherwise, then
// TestBlocksAreReadAsTheServerWritesThem says so.
const (
	recordHead    = 22
	recordHash    = 8
	hasHeadersBit = 1 << 31 // in a length
	tombstoneBit  = 1 << 62 // in a sequence: the record tells of a deletion
)

// record is one record of a block.
type record struct {
	length   int
	sequence uint64
	header   []byte // as NATS writes headers; empty if there are none
	message  []byte
	intact   bool // its hash is right
}

// block is a block file.
type block struct {
	path   string
	number int
	key    [sha256.Size]byte
}

// blocks returns the block files of the ledger's stream in order.
func (g generation) blocks(dir string) ([]block, error) { return blocksOf(dir, g.stream()) }

// blocksOf returns the block files of a stream in order.
func blocksOf(dir, stream string) ([]block, error) {
	msgs := filepath.Join(streamsDir(dir), stream, "msgs")
	entries, err := os.ReadDir(msgs)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var blocks []block
	for _, entry := range entries {
		name, isBlock := strings.CutSuffix(entry.Name(), ".blk")
		number, err := strconv.Atoi(name)
		if !isBlock || err != nil {
			continue
		}
		blocks = append(blocks, block{
			path:   filepath.Join(msgs, entry.Name()),
			number: number,
			key:    sha256.Sum256(fmt.Appendf(nil, "%s-%d", stream, number)),
		})
	}
	slices.SortFunc(blocks, func(a, b block) int { return cmp.Compare(a.number, b.number) })
	return blocks, nil
}

// checkBlocks reads the records of the ledger's stream one after another and reports as Damage what is missing or changed
// among those that the head vouches for. A crash may leave half a record behind them, which was never acknowledged: it is
// left to the server. A sequence that runs ahead is no such rest, wherever it stands.
//
// Blocks that hold nothing behind the sequence known are passed over, so that opening takes no longer the longer the ledger
// is: whoever wrote the snapshot that ends there had read them. But where JetStream's own index is not whole, it would read
// and mend them all, and so they are all read here first.
func (o Options) checkBlocks(ctx context.Context, head Head, known uint64) error {
	g := generation{o.Ledger, head.Generation}
	blocks, err := g.blocks(o.Dir)
	if err != nil {
		return err
	}
	var last record
	if known > 0 && g.hasWholeIndex(o.Dir) {
		if blocks, last, err = behind(blocks, known); err != nil {
			return err
		}
	}
	for _, b := range blocks {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		var torn bool
		last, torn, err = b.follow(last)
		if errors.Is(err, fs.ErrPermission) {
			return err
		}
		if err != nil {
			return o.blockDamage(last, "%v", err)
		}
		if torn {
			break
		}
	}
	if last.sequence < head.Sequence {
		if damage := o.firstOutOfPlace(blocks); damage != nil {
			return damage
		}
		return o.blockDamage(last, "the head says that numbers up to %d were recorded (stream sequence %d), but the stream's blocks can be read up to sequence %d only",
			head.Number, head.Sequence, last.sequence)
	}
	return nil
}

// behind returns the blocks from the one on that holds the sequence, and the record before the first of them.
func behind(blocks []block, sequence uint64) ([]block, record, error) {
	for i := len(blocks) - 1; i > 0; i-- {
		first, err := blocks[i].firstSequence()
		if err != nil {
			return nil, record{}, err
		}
		if first > 0 && first <= sequence {
			return blocks[i:], record{sequence: first - 1}, nil
		}
	}
	return blocks, record{}, nil
}

// firstSequence reads the sequence of the block's first record; 0 if it has none.
func (b block) firstSequence() (uint64, error) {
	file, err := os.Open(b.path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	var head [recordHead]byte
	if _, err := io.ReadFull(file, head[:]); err != nil {
		return 0, nil // an empty block, or half a record
	}
	return binary.LittleEndian.Uint64(head[4:]), nil
}

// hasWholeIndex reports whether JetStream's index of the stream's blocks is there and has the checksum that JetStream will
// compare: HighwayHash-64 over all but its own eight bytes at the end, keyed with the stream's name.
func (g generation) hasWholeIndex(dir string) bool {
	content, err := os.ReadFile(filepath.Join(g.streamDir(dir), "msgs", "index.db"))
	if err != nil || len(content) < 32 {
		return false
	}
	key := sha256.Sum256([]byte(g.stream()))
	hash, err := highwayhash.NewDigest64(key[:])
	if err != nil {
		return false
	}
	end := len(content) - recordHash
	_, _ = hash.Write(content[:end])
	return bytes.Equal(hash.Sum(nil), content[end:])
}

// checkCheckpointBlocks does the same for the stream of checkpoints, of which the head vouches for none by its place: the
// newest are compared when they are read.
func (o Options) checkCheckpointBlocks(ctx context.Context) error {
	return o.checkBlocksOf(ctx, o.checkpointStream(), "the stream of checkpoints")
}

// checkBlocksOf looks through the files of a stream; what says in words which it is.
func (o Options) checkBlocksOf(ctx context.Context, stream, what string) error {
	blocks, err := blocksOf(o.Dir, stream)
	if err != nil {
		return err
	}
	var last record
	for i, b := range blocks {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		var torn bool
		last, torn, err = b.follow(last)
		if errors.Is(err, fs.ErrPermission) {
			return err
		}
		if err == nil && torn && i < len(blocks)-1 {
			err = fmt.Errorf("%s cannot be read behind sequence %d", b.path, last.sequence)
		}
		if err != nil {
			return o.damage(0, 0, "%s: %v", what, err)
		}
	}
	return nil
}

// firstOutOfPlace looks, in blocks that hold less than they should, for a commit that does not follow the one before: where
// one was taken out and those behind it moved up, the end is not what is wrong.
func (o Options) firstOutOfPlace(blocks []block) *Damage {
	var t tail
	var last record
	for _, b := range blocks {
		var found *Damage
		var err error
		last, _, err = b.followEach(last, func(r record) bool {
			c, err := t.follow(o, raw{sequence: r.sequence, header: nil, body: r.message})
			if damage, is := errors.AsType[*Damage](err); is {
				found = damage
				return false
			}
			t = c.tail()
			return true
		})
		if found != nil || err != nil {
			return found
		}
	}
	return nil
}

// checkNeighbours does the same for the other ledgers in the directory: one server opens them all. A neighbour without any
// block is none that it could spoil.
func (o Options) checkNeighbours(ctx context.Context) error {
	names, err := Ledgers(o.Dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		if name == o.Ledger {
			continue
		}
		neighbour := o
		neighbour.Ledger = name
		head := neighbour.peekHead()
		blocks, err := generation{name, head.Generation}.blocks(o.Dir)
		if err == nil && len(blocks) > 0 {
			err = neighbour.checkBlocks(ctx, head, 0)
		}
		if err == nil {
			err = neighbour.checkCheckpointBlocks(ctx)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// peekHead returns the ledger's head, or one that vouches for nothing if it cannot be read.
func (o Options) peekHead() Head {
	nothing := Head{Ledger: o.Ledger, Generation: firstGeneration}
	file, err := os.Open(o.headPath())
	if err != nil {
		return nothing
	}
	defer file.Close()
	head, err := (&headFile{file: file}).read()
	if err != nil {
		return nothing
	}
	return head
}

// blockDamage is Damage from the commit on that would follow the record.
func (o Options) blockDamage(last record, format string, args ...any) *Damage {
	number := int64(1)
	if last.sequence > 0 {
		number = 0 // not known, unless the last commit says so
		if events, err := parseCommit(o.Ledger, last.message); err == nil {
			number = events[0].Commit + int64(len(events))
		}
	}
	return o.damage(number, last.sequence+1, format, args...)
}

// follow reads the block's records, the first of which must follow last, and returns the last. Torn says that it met
// something that is not a whole record.
func (b block) follow(last record) (_ record, torn bool, err error) {
	return b.followEach(last, func(record) bool { return true })
}

// followEach is follow that calls fn with each record, and ends when fn returns false.
func (b block) followEach(last record, fn func(record) bool) (_ record, torn bool, err error) {
	content, err := os.ReadFile(b.path)
	if err != nil {
		return last, false, err
	}
	hash, err := highwayhash.NewDigest64(b.key[:])
	if err != nil {
		return last, false, err
	}
	for len(content) > 0 {
		r, ok := readRecord(content, hash)
		if !ok {
			return last, true, nil
		}
		content = content[r.length:]
		switch {
		case r.intact && r.sequence&tombstoneBit != 0:
			continue
		case r.sequence > last.sequence+1:
			return last, false, fmt.Errorf("in %s, sequence %d stands behind sequence %d", b.path, r.sequence, last.sequence)
		case !r.intact || r.sequence <= last.sequence:
			return last, true, nil
		}
		last = r
		if !fn(r) {
			break
		}
	}
	return last, false, nil
}

// readRecord reads the record that content begins with, if it is whole.
func readRecord(content []byte, hash *highwayhash.Digest64) (record, bool) {
	if len(content) < recordHead+recordHash {
		return record{}, false
	}
	length := binary.LittleEndian.Uint32(content)
	r := record{length: int(length &^ hasHeadersBit), sequence: binary.LittleEndian.Uint64(content[4:])}
	body := recordHead + int(binary.LittleEndian.Uint16(content[20:])) // where the subject ends
	if r.length > len(content) || body+recordHash > r.length {
		return record{}, false
	}
	end := r.length - recordHash
	hash.Reset()
	_, _ = hash.Write(content[4:20])
	_, _ = hash.Write(content[recordHead:body])
	if length&hasHeadersBit != 0 {
		if body+4 > end {
			return record{}, false
		}
		headers := binary.LittleEndian.Uint32(content[body:])
		body += 4
		if uint64(headers) > uint64(end-body) {
			return record{}, false
		}
		r.header = content[body : body+int(headers)]
		_, _ = hash.Write(r.header)
		body += int(headers)
	}
	r.message = content[body:end]
	_, _ = hash.Write(r.message)
	r.intact = bytes.Equal(hash.Sum(nil), content[end:r.length])
	return r, true
}
