package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"
)

func TestALeafIsHashedAsOthersHashIt(t *testing.T) {
	for _, length := range []int{0, 1, 54, 55, 56, 63, 64, 119, 470, 1023, 1024, 1025, 900 << 10} {
		line := bytes.Repeat([]byte("é"), length)[:length]
		want := sha256.Sum256(append([]byte{0}, line...))
		if got := LeafHash(line); got != want || !bytes.Equal(got[:], rfc6962.DefaultHasher.HashLeaf(line)) {
			t.Errorf("%d bytes: %s", length, got)
		}
	}
}

func TestAHashHasOneSpelling(t *testing.T) {
	h := LeafHash([]byte("line"))
	if got, err := ParseHash(h.String()); err != nil || got != h {
		t.Fatalf("got %s, %v", got, err)
	}
	text := h.String()
	for name, other := range map[string]string{
		"nothing": "", "too short": text[1:], "without its filling": text[:43], "with a line end": text + "\n",
		"with a line end within": text[:4] + "\n" + text[4:], "with a return within": text[:4] + "\r" + text[4:],
		"idle bits set": idleBitSet(text), "of 31 bytes": encode(h[:31]), "of 33 bytes": encode(append(h[:], 1)),
		"for URLs": "_" + text[1:], "with a space": " " + text,
	} {
		if got, err := ParseHash(other); err == nil {
			t.Errorf("%s: %q was read as %s", name, other, got)
		}
	}
}

// idleBitSet sets a bit of the last digit of base64 that its bytes do not reach. Loose readers do not look at it.
func idleBitSet(text string) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	last := bytes.IndexByte([]byte(text), '=') - 1
	value := bytes.IndexByte([]byte(digits), text[last])
	return text[:last] + string(digits[value^1]) + text[last+1:]
}

func TestTheRootIsWhatTwoOtherImplementationsCompute(t *testing.T) {
	var tree Tree
	var kept []Hash // by tlog's index
	other := (&compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}).NewEmptyRange(0)
	for size := int64(0); size <= 1100; size++ {
		want, err := tlog.TreeHash(size, keptHashes(kept))
		if err != nil {
			t.Fatal(err)
		}
		root := tree.Root()
		if tree.Size() != size || root != want {
			t.Fatalf("%d leaves: size %d, root %s, tlog has %s", size, tree.Size(), root, want)
		}
		if theirs, err := other.GetRootHash(nil); err != nil || size > 0 && !bytes.Equal(theirs, root[:]) {
			t.Fatalf("%d leaves: root %s, merkle has %x, %v", size, root, theirs, err)
		}
		leaf := LeafHash(binary.BigEndian.AppendUint64(nil, uint64(size)))
		added, err := tlog.StoredHashesForRecordHash(size, leaf, keptHashes(kept))
		if err == nil {
			err = other.Append(leaf[:], nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, added...)
		tree.Add(leaf)
	}
}

type keptHashes []Hash

func (k keptHashes) ReadHashes(indexes []int64) ([]Hash, error) {
	var found []Hash
	for _, index := range indexes {
		found = append(found, k[index])
	}
	return found, nil
}

func TestTheEmptyRootIsTheHashOfNothing(t *testing.T) {
	const want = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" // printf '' | openssl dgst -sha256 -binary | base64
	if got := EmptyRoot().String(); got != want || new(Tree).Root().String() != want {
		t.Errorf("got %s", got)
	}
}

func TestACloneGrowsApart(t *testing.T) {
	tree := treeOf(storedLines()[:5])
	clone := tree.Clone()
	before := tree.Root()
	clone.Add(LeafHash([]byte("one")))
	if tree.Root() != before || tree.Size() != 5 {
		t.Error("adding to the clone changed the tree")
	}
	tree.Add(LeafHash([]byte("another")))
	tree.Add(LeafHash([]byte("third")))
	if want := treeOf(append(storedLines()[:5], []byte("one"))); clone.Root() != want.Root() {
		t.Error("adding to the tree changed the clone")
	}
}

func TestATreeIsReadAsItWasWritten(t *testing.T) {
	var tree Tree
	for size := range 300 {
		text, err := tree.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		read := Tree{size: 99} // whatever it was before
		if err := read.UnmarshalBinary(text); err != nil || read.Size() != int64(size) || read.Root() != tree.Root() {
			t.Fatalf("%d leaves: read %d with root %s, %v", size, read.Size(), read.Root(), err)
		}
		leaf := LeafHash(fmt.Append(nil, size))
		read.Add(leaf)
		tree.Add(leaf)
		if read.Root() != tree.Root() {
			t.Fatalf("%d leaves: what was read does not go on as the tree does", size)
		}
	}
}

func TestATreeOfAnotherLengthIsRefused(t *testing.T) {
	text, _ := treeOf(storedLines()).MarshalBinary()
	var tree Tree
	tree.Add(LeafHash(nil))
	before := tree
	for name, bad := range map[string][]byte{
		"nothing": nil, "no size": text[:7], "no hashes": text[:8], "a byte short": text[:len(text)-1],
		"a hash short": text[:len(text)-32], "a byte long": append(bytes.Clone(text), 0),
		"a size below zero":     binary.BigEndian.AppendUint64(nil, 1<<63),
		"a size beyond all":     append(binary.BigEndian.AppendUint64(nil, 1<<62), text[8:40]...),
		"more leaves":           append(binary.BigEndian.AppendUint64(nil, 15), text[8:]...),
		"another count of bits": append(binary.BigEndian.AppendUint64(nil, 8), text[8:]...),
	} {
		if err := tree.UnmarshalBinary(bad); err == nil || tree != before {
			t.Errorf("%s: %v, and the tree has %d leaves", name, err, tree.Size())
		}
	}
}

func TestAddingALeafAllocatesNothing(t *testing.T) {
	var tree Tree
	line := bytes.Repeat([]byte("x"), 470)
	if n := testing.AllocsPerRun(1000, func() { tree.Add(LeafHash(line)) }); n != 0 {
		t.Errorf("%v allocations a leaf", n)
	}
}

func BenchmarkTree(b *testing.B) {
	line := make([]byte, 474)
	for i := range line {
		line[i] = byte(rand.Uint32())
	}
	leaf := LeafHash(line)
	b.Run("hash a leaf of 474 bytes", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			leaf = LeafHash(line)
		}
	})
	b.Run("add a leaf", func(b *testing.B) {
		b.ReportAllocs()
		var tree Tree
		for b.Loop() {
			tree.Add(leaf)
		}
	})
	b.Run("hash and add a leaf", func(b *testing.B) {
		b.ReportAllocs()
		var tree Tree
		for b.Loop() {
			tree.Add(LeafHash(line))
		}
	})
	b.Run("root at 700,000", func(b *testing.B) {
		b.ReportAllocs()
		tree := Tree{size: 0xaaaaa} // ten bits set, as in a size by chance
		for b.Loop() {
			leaf = tree.Root()
		}
	})
}
