package eventstore

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"runtime"
	"sync"
)

// read calls fn with the content of a section, whose size is size. The reader gives out nothing but what was verified;
// while fn works on one part the next are read and verified. If anything was changed the reader returns, and so does
// read, an errSnapshot, and what fn made of the part before is to be thrown away. read also verifies what fn leaves unread.
func (snap *snapshot) read(name string, fn func(r io.Reader, size int64) error) error {
	section, err := snap.section(name)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &sectionReader{chunks: make(chan chan verified, 2*runtime.GOMAXPROCS(0)), free: make(chan []byte, 8)}
	var reading sync.WaitGroup
	defer reading.Wait()
	defer cancel()
	reading.Go(func() { r.readAhead(ctx, snap.file, section) })
	err = fn(r, section.Length)
	if r.err == nil && err == nil {
		_, err = io.Copy(io.Discard, r)
	}
	if r.err != nil && r.err != io.EOF {
		return r.err
	}
	if err != nil {
		return fmt.Errorf("%w: section %s: %w", errSnapshotUnreadable, name, err)
	}
	return nil
}

// verified is a chunk whose checksum was confirmed, or why it was not.
type verified struct {
	content []byte
	err     error
}

// sectionReader reads the chunks of a section in their order.
type sectionReader struct {
	chunks  chan chan verified
	free    chan []byte // space for chunks that was used before
	current []byte      // what is left of it
	whole   []byte      // current and what was before it
	err     error       // io.EOF at the end
}

// readAhead reads and verifies chunk after chunk, several at once, as far ahead as chunks has room.
func (r *sectionReader) readAhead(ctx context.Context, file io.ReaderAt, section snapshotSection) {
	defer close(r.chunks)
	var reading sync.WaitGroup
	defer reading.Wait()
	for i := range section.chunks() {
		chunk := make(chan verified, 1)
		select {
		case r.chunks <- chunk:
		case <-ctx.Done():
			return
		}
		reading.Go(func() {
			content, err := r.verify(file, section, i)
			chunk <- verified{content, err}
		})
	}
}

func (r *sectionReader) verify(file io.ReaderAt, section snapshotSection, i int) ([]byte, error) {
	offset, length, sum := section.chunk(i)
	var space []byte
	select {
	case space = <-r.free:
	default:
		space = make([]byte, length) // the first chunk is the longest
	}
	content := space[:length]
	if _, err := file.ReadAt(content, offset); err != nil {
		return nil, unreadable(err)
	}
	if sha256.Sum256(content) != [sha256.Size]byte(sum) {
		return nil, fmt.Errorf("%w: section %s, in the %d bytes from %d on", errSnapshotChanged, section.Name, length, offset)
	}
	return content, nil
}

// next makes the next chunk the current one.
func (r *sectionReader) next() error {
	if r.err != nil {
		return r.err
	}
	if r.whole != nil {
		select {
		case r.free <- r.whole[:cap(r.whole)]:
		default:
		}
		r.whole = nil
	}
	chunk, more := <-r.chunks
	if !more {
		r.err = io.EOF
		return r.err
	}
	v := <-chunk
	r.whole, r.current, r.err = v.content, v.content, v.err
	return r.err
}

func (r *sectionReader) Read(b []byte) (int, error) {
	for len(r.current) == 0 {
		if err := r.next(); err != nil {
			return 0, err
		}
	}
	n := copy(b, r.current)
	r.current = r.current[n:]
	return n, nil
}

// WriteTo writes chunk by chunk what is left to read, without a copy.
func (r *sectionReader) WriteTo(w io.Writer) (written int64, err error) {
	for {
		n, err := w.Write(r.current)
		written += int64(n)
		r.current = r.current[n:]
		if err != nil {
			return written, err
		}
		if err := r.next(); err == io.EOF {
			return written, nil
		} else if err != nil {
			return written, err
		}
	}
}
