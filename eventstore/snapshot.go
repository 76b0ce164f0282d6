package eventstore

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
)

// A snapshot is what was made of a ledger's log up to a number, in one file. It is a cache: whoever finds it missing, or
// finds anything wrong with it, reads the log instead.
//
//	first page   "pcnledger snapshot 1" LF, zeros
//	sections     one after another: first the commands of the index in pages, as commands.go has them
//	header       JSON: snapshotHeader
//	seal         what the ledger's key made of the header's digest
//	tail         length of the header (8), length of the seal (8), digest of the header (32), "pcnledger tail 1" (16)
//
// The header holds the SHA-256 of every megabyte of every section, so that the seal covers every byte of the file, and
// one section can be verified while another is read.

// errSnapshot says that a snapshot is of no use. Each of the following is one reason; the log is to be read instead.
var (
	errSnapshot           = errors.New("the snapshot is not used")
	errSnapshotMissing    = fmt.Errorf("%w: there is none", errSnapshot)
	errSnapshotUnreadable = fmt.Errorf("%w: it cannot be read", errSnapshot)
	errSnapshotShort      = fmt.Errorf("%w: its end is missing", errSnapshot)
	errSnapshotChanged    = fmt.Errorf("%w: it was changed after it was written", errSnapshot)
	errSnapshotLedger     = fmt.Errorf("%w: it is of another ledger", errSnapshot)
	errSnapshotGeneration = fmt.Errorf("%w: it is of another generation", errSnapshot)
	errSnapshotProgram    = fmt.Errorf("%w: another program wrote it", errSnapshot)
	errSnapshotOther      = fmt.Errorf("%w: it was made of another log", errSnapshot)
	errSnapshotAhead      = fmt.Errorf("%w: it is ahead of the head", errSnapshot)
	errSnapshotSeal       = fmt.Errorf("%w: this ledger's key did not seal it", errSnapshot)
)

const (
	snapshotMagic = "pcnledger snapshot 1\n"
	tailMagic     = "pcnledger tail 1"
	tailSize      = 8 + 8 + sha256.Size + len(tailMagic)

	// chunkSize is how much of a section has a checksum of its own: enough that a checksum costs little, and little
	// enough that a few chunks on their way need little memory.
	chunkSize = 1 << 20

	// mostHeader bounds header and seal together: that of a snapshot of a terabyte is half as large.
	mostHeader = 64 << 20
)

// Names of the index's own sections.
const (
	sectionCommands = "commands"
	sectionFilter   = "filter"
	sectionCommits  = "commits"
)

// snapshotHeader says what a snapshot is of.
type snapshotHeader struct {
	Ledger     string            `json:"ledger"`
	Generation int               `json:"generation"`
	Number     int64             `json:"number"`   // of the last event in it
	Sequence   uint64            `json:"sequence"` // where the stream holds the commit that ends in Number
	Root       string            `json:"root"`     // of the tree at Number
	Frontier   []byte            `json:"frontier"` // of the tree, as it was given
	Time       time.Time         `json:"time"`     // of the last event
	Program    [sha256.Size]byte `json:"program"`  // the executable that wrote it
	Commands   int64             `json:"commands"` // in the index
	Sections   []snapshotSection `json:"sections"`
}

type snapshotSection struct {
	Name   string `json:"name"`
	Offset int64  `json:"offset"`
	Length int64  `json:"length"`
	Sums   []byte `json:"sums"` // SHA-256 of each chunk, one after another
}

// chunks is how many there are.
func (s snapshotSection) chunks() int { return int((s.Length + chunkSize - 1) / chunkSize) }

// chunk returns where the ith chunk is, and its checksum.
func (s snapshotSection) chunk(i int) (offset int64, length int, sum []byte) {
	start := int64(i) * chunkSize
	return s.Offset + start, int(min(chunkSize, s.Length-start)), s.Sums[i*sha256.Size:][:sha256.Size]
}

// snapshots is where the snapshot of a ledger is, and the key that seals it.
type snapshots struct {
	dir        string // the data directory
	ledger     string
	generation int
	seal       func(digest [sha256.Size]byte) []byte
	sealed     func(digest [sha256.Size]byte, seal []byte) bool // whether seal is what this ledger's key made of the digest
	program    func() ([sha256.Size]byte, error)                // nil for the running executable
}

func (s snapshots) path() string { return filepath.Join(s.dir, "snapshots", s.ledger+".snapshot") }

func (s snapshots) programSum() ([sha256.Size]byte, error) {
	if s.program != nil {
		return s.program()
	}
	return executableSum()
}

// executableSum is the SHA-256 of the executable that runs, even if another has taken its place on disk since.
var executableSum = sync.OnceValues(func() (sum [sha256.Size]byte, err error) {
	file, err := os.Open("/proc/self/exe")
	if errors.Is(err, fs.ErrNotExist) { // there is no such thing but on Linux
		path, pathErr := os.Executable()
		if pathErr != nil {
			return sum, pathErr
		}
		file, err = os.Open(path)
	}
	if err != nil {
		return sum, err
	}
	hash := sha256.New()
	_, err = io.Copy(hash, file)
	return [sha256.Size]byte(hash.Sum(nil)), errors.Join(err, file.Close())
})

// digestOf is what is sealed of a header.
func digestOf(header []byte) [sha256.Size]byte {
	return sha256.Sum256(append([]byte(snapshotMagic), header...))
}

// tailOf is the end of the file.
func tailOf(header, seal []byte) []byte {
	digest := digestOf(header)
	tail := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	tail = binary.LittleEndian.AppendUint64(tail, uint64(len(seal)))
	tail = append(tail, digest[:]...)
	return append(tail, tailMagic...)
}

func firstPage() []byte {
	page := make([]byte, pageSize)
	copy(page, snapshotMagic)
	return page
}

// snapshot is a snapshot's file, open for reading. Its header is what this ledger's key sealed; of its sections nothing is
// known but what was read with [snapshot.read].
type snapshot struct {
	header snapshotHeader
	file   *os.File
	lent   bool // to the index that was read from it, which closes it
}

// open opens the ledger's snapshot, if there is one of a number that head covers. Every error is an errSnapshot. The
// caller closes the snapshot.
//
// Whether the log holds at that number what the snapshot was made of is for the caller to see: the root that the next
// commit was signed over, or the head's, is the snapshot's root.
func (s snapshots) open(head Head) (*snapshot, error) {
	file, err := os.Open(s.path())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errSnapshotMissing
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errSnapshotUnreadable, err)
	}
	snap := &snapshot{file: file}
	if err := s.check(snap, head); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return snap, nil
}

// check reads the header and finds what keeps the snapshot from being used.
func (s snapshots) check(snap *snapshot, head Head) error {
	header, seal, err := snap.readHeader()
	if err != nil {
		return err
	}
	program, err := s.programSum()
	if err != nil {
		return fmt.Errorf("%w: the sum of this program: %w", errSnapshotUnreadable, err)
	}
	switch h := snap.header; {
	case h.Ledger != s.ledger:
		return fmt.Errorf("%w: %q", errSnapshotLedger, h.Ledger)
	case h.Generation != s.generation:
		return fmt.Errorf("%w: %d, not %d", errSnapshotGeneration, h.Generation, s.generation)
	case h.Program != program:
		return errSnapshotProgram
	case !s.sealed(digestOf(header), seal):
		return errSnapshotSeal
	case h.Number > head.Number, h.Sequence > head.Sequence, h.Number == head.Number && h.Sequence != head.Sequence:
		return fmt.Errorf("%w: it is of number %d (stream sequence %d), the head of number %d (sequence %d)",
			errSnapshotAhead, h.Number, h.Sequence, head.Number, head.Sequence)
	case h.Number == head.Number && head.Root != "" && h.Root != head.Root:
		return fmt.Errorf("%w: its root at number %d is %s, the head's %s", errSnapshotOther, h.Number, h.Root, head.Root)
	}
	return nil
}

// readHeader reads what stands around the sections: every byte that is in none of them.
func (snap *snapshot) readHeader() (header, seal []byte, err error) {
	stat, err := snap.file.Stat()
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errSnapshotUnreadable, err)
	}
	if stat.Size() < pageSize+int64(tailSize) {
		return nil, nil, errSnapshotShort
	}
	tail, err := snap.readAt(stat.Size()-int64(tailSize), tailSize)
	if err != nil {
		return nil, nil, err
	}
	if string(tail[tailSize-len(tailMagic):]) != tailMagic {
		return nil, nil, errSnapshotShort
	}
	headerSize, sealSize := binary.LittleEndian.Uint64(tail), binary.LittleEndian.Uint64(tail[8:])
	before := stat.Size() - int64(tailSize) - pageSize
	if headerSize > mostHeader || sealSize > mostHeader || int64(headerSize+sealSize) > before {
		return nil, nil, fmt.Errorf("%w: its tail", errSnapshotChanged)
	}
	both, err := snap.readAt(stat.Size()-int64(tailSize)-int64(headerSize+sealSize), int(headerSize+sealSize))
	if err != nil {
		return nil, nil, err
	}
	header, seal = both[:headerSize], both[headerSize:]
	if !bytes.Equal(tail, tailOf(header, seal)) {
		return nil, nil, fmt.Errorf("%w: its header", errSnapshotChanged)
	}
	if err := json.Unmarshal(header, &snap.header, json.RejectUnknownMembers(true)); err != nil {
		return nil, nil, fmt.Errorf("%w: its header: %w", errSnapshotProgram, err)
	}
	return header, seal, snap.checkLayout(before - int64(headerSize+sealSize))
}

// checkLayout requires that the first page is as it must be and that the sections fill what is between it and the header.
func (snap *snapshot) checkLayout(length int64) error {
	first, err := snap.readAt(0, pageSize)
	if err != nil {
		return err
	}
	if !bytes.Equal(first, firstPage()) {
		return fmt.Errorf("%w: its first page", errSnapshotChanged)
	}
	end := int64(pageSize)
	for _, s := range snap.header.Sections {
		if s.Offset != end || s.Length < 0 || s.Length > length || len(s.Sums) != s.chunks()*sha256.Size {
			return fmt.Errorf("%w: section %s is out of place", errSnapshotChanged, s.Name)
		}
		end += s.Length
	}
	if end != pageSize+length {
		return fmt.Errorf("%w: the sections end at %d, not at %d", errSnapshotChanged, end, pageSize+length)
	}
	return nil
}

func (snap *snapshot) readAt(offset int64, length int) ([]byte, error) {
	b := make([]byte, length)
	if _, err := snap.file.ReadAt(b, offset); err != nil {
		return nil, unreadable(err)
	}
	return b, nil
}

// unreadable is what an error of the disk means.
func unreadable(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errSnapshotShort
	}
	return fmt.Errorf("%w: %w", errSnapshotUnreadable, err)
}

func (snap *snapshot) section(name string) (snapshotSection, error) {
	for _, s := range snap.header.Sections {
		if s.Name == name {
			return s, nil
		}
	}
	return snapshotSection{}, fmt.Errorf("%w: it has no section %s", errSnapshotProgram, name)
}

// sequence returns where the stream holds the last commit in the snapshot; 0 for none.
func (snap *snapshot) sequence() uint64 {
	if snap == nil {
		return 0
	}
	return snap.header.Sequence
}

// close lets go of the file, unless an index that was read from it needs it.
func (snap *snapshot) close() error {
	if snap == nil || snap.lent {
		return nil
	}
	return snap.file.Close()
}

// readIndex reads and verifies the index. The index keeps the file open, to look commands up in it, and closes it.
func (snap *snapshot) readIndex() (*logIndex, error) {
	lengths, err := snap.readWhole(sectionCommits)
	if err != nil {
		return nil, err
	}
	commits, err := commitIndexOf(lengths)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errSnapshotProgram, err)
	}
	sorted, err := snap.readCommands()
	if err != nil {
		return nil, err
	}
	if commits.next != snap.header.Number+1 || uint64(commits.count) != snap.header.Sequence {
		return nil, fmt.Errorf("%w: its index ends with number %d, the header says %d", errSnapshotProgram, commits.next-1, snap.header.Number)
	}
	snap.lent = true
	return &logIndex{commits: commits, sorted: sorted}, nil
}

func (snap *snapshot) readCommands() (*sortedCommands, error) {
	bits, err := snap.readWhole(sectionFilter)
	if err != nil {
		return nil, err
	}
	commands := snap.header.Commands
	sorted := &sortedCommands{file: snap.file, count: commands, filter: filterOf(bits, commands)}
	section, err := snap.section(sectionCommands)
	if err != nil {
		return nil, err
	}
	if sorted.filter == nil || section.Length != pagesFor(commands)*pageSize {
		return nil, fmt.Errorf("%w: its index is not one of %d commands", errSnapshotProgram, commands)
	}
	sorted.offset = section.Offset
	err = snap.read(sectionCommands, func(r io.Reader, _ int64) error {
		_, err := io.Copy((*firstKeys)(&sorted.firsts), r)
		return err
	})
	return sorted, err
}

// firstKeys collects the first key of each page that is written to it. Chunks hold whole pages.
type firstKeys []uint64

func (f *firstKeys) Write(pages []byte) (int, error) {
	for at := 0; at < len(pages); at += pageSize {
		*f = append(*f, binary.LittleEndian.Uint64(pages[at:]))
	}
	return len(pages), nil
}

func (snap *snapshot) readWhole(name string) (content []byte, err error) {
	err = snap.read(name, func(r io.Reader, size int64) error {
		content = make([]byte, size)
		_, err := io.ReadFull(r, content)
		return err
	})
	return content, err
}
