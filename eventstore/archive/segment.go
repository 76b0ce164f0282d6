package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sort"
	"sync"
)

// Ahead is how many segments are read before they are asked for: enough for two cores to decompress while two work.
const Ahead = 4

// Segment is some commits that follow one another, decompressed. Its methods may be called from any goroutine, but from
// one at a time.
type Segment struct {
	archive *Archive
	entry   entry
	buffer  *buffer
	seals   string // the lines of signatures; "" until they were read
}

// A buffer is what a segment is read into.
type buffer struct {
	packed []byte
	raw    []byte
	free   chan<- *buffer // where it goes when it is no longer needed
}

// First returns the number of the segment's first event.
func (s *Segment) First() int64 { return s.entry.First }

// Last returns the number of the segment's last event.
func (s *Segment) Last() int64 { return s.entry.Last }

// Release gives the segment's memory back, to be used for another one. The segment and every body that came out of it are
// not to be used after that. A segment that is not released is left to the garbage collector.
func (s *Segment) Release() {
	b := s.buffer
	s.buffer = nil
	if b == nil {
		return
	}
	select {
	case b.free <- b:
	default:
	}
}

// Bodies calls fn with the body of every commit, the number of its first event and how many events it has. The body is
// part of the segment's memory, valid until [Segment.Release] and not to be changed. fn's error is returned as it is.
func (s *Segment) Bodies(fn func(first int64, events int, body []byte) error) error {
	next, commits, rest := s.entry.First, 0, s.buffer.raw
	for len(rest) > 0 {
		end := bytes.Index(rest, []byte(bodyEnd))
		if end <= len(bodyOpen) || rest[0] != bodyOpen[0] || rest[1] != bodyOpen[1] {
			return damage(s.entry.Bodies.File, next, "does not hold commits in their frame")
		}
		body := rest[: end+len(bodyClose) : end+len(bodyClose)]
		events := eventsIn(body)
		if next+int64(events)-1 > s.entry.Last {
			break
		}
		if err := fn(next, events, body); err != nil {
			return err
		}
		next, commits, rest = next+int64(events), commits+1, rest[end+len(bodyEnd):]
	}
	if next != s.entry.Last+1 || commits != s.entry.Commits || len(rest) > 0 {
		return damage(s.entry.Bodies.File, next, "does not hold %d commits of numbers %d to %d", s.entry.Commits, s.entry.First, s.entry.Last)
	}
	return nil
}

// Commits calls fn with every commit. Its body is valid as in [Segment.Bodies]; its strings stay valid.
func (s *Segment) Commits(fn func(Commit) error) error {
	if err := s.readSeals(); err != nil {
		return err
	}
	rest, all := s.seals, make([]string, 0, s.entry.Commits+maxSignatures)
	err := s.Bodies(func(first int64, events int, body []byte) (err error) {
		c := Commit{First: first, Events: events, Body: body}
		if rest, all, err = c.readSeal(rest, all); err != nil {
			return damage(s.entry.Signatures.File, first, "does not match the commits: %v", err)
		}
		return fn(c)
	})
	if err == nil && rest != "" {
		return damage(s.entry.Signatures.File, s.entry.First, "has lines for more commits than there are")
	}
	return err
}

// readSeals reads the file of signatures, once.
func (s *Segment) readSeals() error {
	if s.seals != "" {
		return nil
	}
	file := s.entry.Signatures
	content, err := s.archive.disk.packed(file, s.entry.First, nil)
	if err != nil {
		return err
	}
	text, err := s.archive.unpack(file, s.entry.First, content, make([]byte, 0, file.Raw+overrun))
	s.seals = string(text)
	return err
}

// overrun is room after the data that lets the decoder take its fast path to the end.
const overrun = 256

// unpack decompresses into the capacity of raw and no further.
func (a *Archive) unpack(p packed, number int64, content, raw []byte) ([]byte, error) {
	raw, err := a.decoder.DecodeAll(content, raw[:0])
	if err != nil {
		return nil, damage(p.File, number, "cannot be decompressed to %d bytes: %v", p.Raw, err)
	}
	if len(raw) != p.Raw {
		return nil, damage(p.File, number, "holds %d bytes; %d were archived", len(raw), p.Raw)
	}
	return raw, nil
}

// load reads and checks a segment.
func (a *Archive) load(e entry, seals bool, b *buffer) (*Segment, error) {
	var err error
	if b.packed, err = a.disk.packed(e.Bodies, e.First, b.packed); err != nil {
		return nil, err
	}
	if b.raw, err = a.unpack(e.Bodies, e.First, b.packed, b.raw); err != nil {
		return nil, err
	}
	s := &Segment{archive: a, entry: e, buffer: b}
	if seals {
		err = s.readSeals()
	}
	return s, err
}

type loaded struct {
	segment *Segment
	err     error
}

// each reads segments ahead, several at once, and gives them to fn one after another. All that it started has ended when
// it returns.
func (a *Archive) each(ctx context.Context, from int64, seals bool, fn func(*Segment) error) error {
	reading, stop := context.WithCancel(ctx)
	var readers sync.WaitGroup
	defer readers.Wait()
	defer stop()
	queue := make(chan chan loaded, Ahead-1) // in order; with the one that is waited for, Ahead are under way
	readers.Go(func() { a.readAhead(reading, &readers, from, seals, queue) })
	for result := range queue {
		if err := ctx.Err(); err != nil {
			return err
		}
		l := <-result
		if l.err != nil {
			return l.err
		}
		if err := fn(l.segment); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// readAhead begins to read a segment as soon as there is room for it in the queue.
func (a *Archive) readAhead(ctx context.Context, readers *sync.WaitGroup, from int64, seals bool, queue chan<- chan loaded) {
	defer close(queue)
	free := make(chan *buffer, 2*Ahead)
	segments := a.manifest.Segments
	begin := sort.Search(len(segments), func(i int) bool { return segments[i].Last >= from })
	for _, e := range segments[begin:] {
		result := make(chan loaded, 1)
		select {
		case queue <- result:
		case <-ctx.Done():
			return
		}
		readers.Go(func() {
			s, err := a.load(e, seals, takeBuffer(free))
			result <- loaded{s, err}
		})
	}
}

func takeBuffer(free chan *buffer) *buffer {
	select {
	case b := <-free:
		return b
	default:
		return &buffer{raw: make([]byte, 0, maxRaw+overrun), free: free}
	}
}

// lastCommit returns the last commit, copied, or the zero Commit if there is none.
func (a *Archive) lastCommit() (Commit, error) {
	var last Commit
	err := a.Commits(context.Background(), a.Last(), func(c Commit) error {
		last = c
		last.Body = bytes.Clone(c.Body)
		return nil
	})
	if err == nil && last.Last() != a.Last() && a.Last() != 0 {
		err = errors.New("the archive does not end with its last commit")
	}
	if err != nil {
		return Commit{}, fmt.Errorf("read the last commit: %w", err)
	}
	return last, nil
}
