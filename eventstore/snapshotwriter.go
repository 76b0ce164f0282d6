package eventstore

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/go-json-experiment/json"
)

// A snapshotPart is a section that the log knows nothing of: Write writes its content.
type snapshotPart struct {
	Name  string
	Write func(w io.Writer) error
}

// write writes a snapshot of the index and the parts in place of the one before, and returns the commands of the index in
// it: they keep the file open. The caller fills in what the header says of the ledger; Ledger, Generation, Program and
// Sections are filled in here.
//
// It is written beside the one before under another name, and takes its name once it is on disk. A crash leaves the one
// before, or the new one, and perhaps the unfinished file, which the next write begins anew. So does an error, without
// that file; it is the caller's to log: a snapshot that is not written is a slower start and no more.
func (s snapshots) write(h snapshotHeader, index frozenIndex, parts ...snapshotPart) (*sortedCommands, error) {
	if err := makeDir(filepath.Dir(s.path())); err != nil {
		return nil, err
	}
	unfinished := s.path() + ".new"
	file, err := os.OpenFile(unfinished, os.O_CREATE|os.O_RDWR|os.O_TRUNC, filePerm)
	if err != nil {
		return nil, err
	}
	sorted, err := s.writeTo(file, h, index, parts)
	if err == nil {
		err = s.publish(file, unfinished)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("write a snapshot: %w", err), file.Close(), os.RemoveAll(unfinished))
	}
	return sorted, nil
}

// publish puts what was written on disk and then in the place of the one before, which is deleted by that.
func (s snapshots) publish(file *os.File, unfinished string) error {
	if err := file.Sync(); err != nil {
		return err
	}
	if err := os.Rename(unfinished, s.path()); err != nil {
		return err
	}
	return syncDirs(filepath.Dir(s.path()))
}

func (s snapshots) writeTo(file *os.File, h snapshotHeader, index frozenIndex, parts []snapshotPart) (_ *sortedCommands, err error) {
	h.Ledger, h.Generation, h.Commands = s.ledger, s.generation, index.count()
	if h.Program, err = s.programSum(); err != nil {
		return nil, err
	}
	if _, err := file.Write(firstPage()); err != nil {
		return nil, err
	}
	var sorted *sortedCommands
	own := []snapshotPart{
		{sectionCommands, func(w io.Writer) (err error) {
			sorted, err = index.writeCommands(w, file, pageSize)
			return err
		}},
		{sectionFilter, func(w io.Writer) error { return write(w, sorted.filter.append(nil)) }},
		{sectionCommits, func(w io.Writer) error { return write(w, index.commits.lengths) }},
	}
	end := int64(pageSize)
	for _, part := range append(own, parts...) {
		section, err := writeSection(file, part, end)
		if err != nil {
			return nil, fmt.Errorf("section %s: %w", part.Name, err)
		}
		h.Sections = append(h.Sections, section)
		end += section.Length
	}
	header, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	seal := s.seal(digestOf(header))
	return sorted, errors.Join(write(file, header), write(file, seal), write(file, tailOf(header, seal)))
}

func write(w io.Writer, b []byte) error {
	_, err := w.Write(b)
	return err
}

// writeSection writes a part at the end of the file.
func writeSection(file *os.File, part snapshotPart, offset int64) (snapshotSection, error) {
	w := &sectionWriter{section: snapshotSection{Name: part.Name, Offset: offset}, to: make(chan []byte, 1), free: make(chan []byte, 3)}
	for range cap(w.free) {
		w.free <- nil
	}
	w.current = <-w.free
	done := make(chan error, 1)
	go func() { done <- w.writeChunks(file) }()
	err := part.Write(w)
	w.to <- w.current
	close(w.to)
	return w.section, errors.Join(err, <-done)
}

// sectionWriter gathers chunks, which are hashed and written while the next is gathered.
type sectionWriter struct {
	current []byte
	to      chan []byte // for chunks to be written
	free    chan []byte // for chunks that were
	section snapshotSection
}

func (w *sectionWriter) Write(b []byte) (int, error) {
	written := len(b)
	for len(b) > 0 {
		n := min(len(b), chunkSize-len(w.current))
		w.current = append(w.current, b[:n]...)
		b = b[n:]
		if len(w.current) == chunkSize {
			w.to <- w.current
			w.current = (<-w.free)[:0]
		}
	}
	return written, nil
}

// writeChunks writes what comes, until there is no more or the file takes no more.
func (w *sectionWriter) writeChunks(file *os.File) (err error) {
	for chunk := range w.to {
		if err == nil && len(chunk) > 0 {
			err = w.writeChunk(file, chunk)
		}
		w.free <- chunk
	}
	return err
}

func (w *sectionWriter) writeChunk(file *os.File, chunk []byte) error {
	sum := sha256.Sum256(chunk)
	w.section.Sums = append(w.section.Sums, sum[:]...)
	w.section.Length += int64(len(chunk))
	if err := write(file, chunk); err != nil {
		return err
	}
	if w.section.chunks()%syncEvery == 0 {
		return file.Sync()
	}
	return nil
}

// syncEvery is how many chunks are written between fsyncs. Whoever commits meanwhile waits for the disk behind what is
// unwritten then: a quarter of a second for half a gigabyte in one go, a twentieth for so little.
const syncEvery = 16
