package eventstore

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"sort"
	"sync"
)

// Commands lie sorted by key in pages:
//
//	170 times  key (16 bytes), number (8)     zero where there are fewer, which is in the last page only
//	           which page it is (8), how many commands it holds (4), CRC-32C of all before (4)
//
// All numbers are little-endian. Pages are checked each time they are read: the disk may have changed one long after the
// whole file was verified, and a command that is not found would be recorded again.
const (
	commandSize    = 24
	pageSize       = 4096
	trailerSize    = 16
	commandsInPage = (pageSize - trailerSize) / commandSize
)

func pagesFor(commands int64) int64 { return (commands + commandsInPage - 1) / commandsInPage }

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sortedCommands find the numbers of commands in a file. Nil holds none. Of each page the first key is in memory, and a
// filter of all keys, so that a command that is there takes one read and one that is not mostly none. Safe for concurrent
// use.
type sortedCommands struct {
	file   io.ReaderAt
	offset int64 // where the first page is
	count  int64
	firsts []uint64 // the high half of each page's first key
	filter filter
	pages  sync.Pool // of *page
}

type page [pageSize]byte

func (s *sortedCommands) len() int64 {
	if s == nil {
		return 0
	}
	return s.count
}

// find returns the number of a command. After an error it is not known whether the command is there.
func (s *sortedCommands) find(key commandKey) (number int64, ok bool, err error) {
	if s.len() == 0 || !s.filter.mayHold(key) {
		return 0, false, nil
	}
	p, reused := s.pages.Get().(*page)
	if !reused {
		p = new(page)
	}
	defer s.pages.Put(p)
	// The first page that may hold the key: the last of those that begin below it. Those behind it may as well, if
	// they begin with the same high half.
	at := max(0, sort.Search(len(s.firsts), func(i int) bool { return s.firsts[i] >= key.high })-1)
	for ; at < len(s.firsts) && s.firsts[at] <= key.high; at++ {
		if err := s.read(p, int64(at)); err != nil {
			return 0, false, err
		}
		if number, ok = p.find(key); ok {
			return number, true, nil
		}
	}
	return 0, false, nil
}

func (s *sortedCommands) read(p *page, at int64) error {
	if _, err := s.file.ReadAt(p[:], s.offset+at*pageSize); err != nil {
		return fmt.Errorf("read page %d of the command index: %w", at, err)
	}
	return p.check(at, s.count)
}

// each calls fn with every command, sorted by key.
func (s *sortedCommands) each(fn func(recordedCommand) error) error {
	if s.len() == 0 {
		return nil
	}
	buffered := bufio.NewReaderSize(io.NewSectionReader(s.file, s.offset, pagesFor(s.count)*pageSize), 1<<20)
	var p page
	for at := range pagesFor(s.count) {
		if _, err := io.ReadFull(buffered, p[:]); err != nil {
			return fmt.Errorf("read page %d of the command index: %w", at, err)
		}
		if err := p.check(at, s.count); err != nil {
			return err
		}
		for i := range p.len() {
			if err := fn(p.at(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// close lets go of the file, if there is one.
func (s *sortedCommands) close() error {
	if s == nil {
		return nil
	}
	if file, ok := s.file.(io.Closer); ok {
		return file.Close()
	}
	return nil
}

func (p *page) put(i int, c recordedCommand) {
	at := p[i*commandSize:]
	binary.LittleEndian.PutUint64(at, c.key.high)
	binary.LittleEndian.PutUint64(at[8:], c.key.low)
	binary.LittleEndian.PutUint64(at[16:], uint64(c.number))
}

func (p *page) at(i int) recordedCommand {
	at := p[i*commandSize : (i+1)*commandSize]
	return recordedCommand{
		key:    commandKey{binary.LittleEndian.Uint64(at), binary.LittleEndian.Uint64(at[8:])},
		number: int64(binary.LittleEndian.Uint64(at[16:])),
	}
}

func (p *page) trailer() []byte { return p[pageSize-trailerSize:] }

func (p *page) len() int { return int(binary.LittleEndian.Uint32(p.trailer()[8:])) }

func (p *page) find(key commandKey) (number int64, ok bool) {
	i := sort.Search(p.len(), func(i int) bool { return !p.at(i).key.less(key) })
	if i == p.len() {
		return 0, false
	}
	found := p.at(i)
	return found.number, found.key == key
}

// seal fills in the trailer.
func (p *page) seal(at int64, commands int) {
	trailer := p.trailer()
	binary.LittleEndian.PutUint64(trailer, uint64(at))
	binary.LittleEndian.PutUint32(trailer[8:], uint32(commands))
	binary.LittleEndian.PutUint32(trailer[12:], crc32.Checksum(p[:pageSize-4], castagnoli))
}

var errPage = errors.New("it was changed after it was written")

// check reports what is wrong with the page at a place among those of so many commands.
func (p *page) check(at, commands int64) error {
	trailer := p.trailer()
	if crc32.Checksum(p[:pageSize-4], castagnoli) != binary.LittleEndian.Uint32(trailer[12:]) ||
		binary.LittleEndian.Uint64(trailer) != uint64(at) ||
		int64(p.len()) != min(commandsInPage, commands-at*commandsInPage) {
		return fmt.Errorf("page %d of the command index: %w", at, errPage)
	}
	return nil
}

// A commandsWriter writes commands that come sorted by key.
type commandsWriter struct {
	to     io.Writer
	sorted *sortedCommands // of what was written
	page   page
	held   int // by the page
	last   recordedCommand
}

// newCommandsWriter returns a writer of so many commands.
func newCommandsWriter(to io.Writer, commands int64) *commandsWriter {
	return &commandsWriter{to: to, sorted: &sortedCommands{
		firsts: make([]uint64, 0, pagesFor(commands)),
		filter: filterFor(commands),
	}}
}

// add takes in the next command. One with the key of that before it is passed over and returned as repeated.
func (w *commandsWriter) add(c recordedCommand) (repeated *repetition, err error) {
	s := w.sorted
	if s.count > 0 && !w.last.key.less(c.key) {
		if w.last.key == c.key {
			return &repetition{w.last.number, c.number}, nil
		}
		return nil, errors.New("commands are out of order")
	}
	if w.held == commandsInPage {
		if err := w.flush(); err != nil {
			return nil, err
		}
	}
	if w.held == 0 {
		s.firsts = append(s.firsts, c.key.high)
	}
	w.page.put(w.held, c)
	w.held++
	s.filter.add(c.key)
	s.count++
	w.last = c
	return nil, nil
}

func (w *commandsWriter) flush() error {
	clear(w.page[w.held*commandSize:])
	w.page.seal(int64(len(w.sorted.firsts)-1), w.held)
	w.held = 0
	_, err := w.to.Write(w.page[:])
	return err
}

// finish writes what is left.
func (w *commandsWriter) finish() error {
	if w.held == 0 {
		return nil
	}
	return w.flush()
}

// in returns what was written, to be found in file from an offset on.
func (w *commandsWriter) in(file io.ReaderAt, offset int64) *sortedCommands {
	w.sorted.file, w.sorted.offset = file, offset
	return w.sorted
}
