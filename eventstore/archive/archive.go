package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/klauspost/compress/zstd"
)

// Archive is an archive as it was when it was opened. It is safe for concurrent use, holds no file open and needs no
// closing; a backup that is added meanwhile does not disturb it.
type Archive struct {
	disk     disk
	manifest manifest
	small    sums
	trailer  Trailer
	decoder  *zstd.Decoder // for whole files only: it holds nothing that would have to be closed
}

// openAttempts bounds how often Open begins again because a backup was made while it read.
const openAttempts = 20

// Open reads what the archive in dir says of itself and checks it: the small files against SHA256SUMS, that every segment
// is there with its size, and none besides. It returns [ErrNone] if there is no archive, and [Damage]. The contents of the
// segments are checked as they are read.
func Open(dir string) (*Archive, error) {
	d := disk{dir: dir}
	text, err := d.sums()
	for range openAttempts {
		if err != nil {
			return nil, err
		}
		a, fault := open(d, text)
		if fault == nil {
			return a, nil
		}
		before := text
		if text, err = d.sums(); err == nil && bytes.Equal(text, before) {
			return nil, fault
		}
	}
	return nil, fmt.Errorf("open archive %s: backups were made without end while it was read", dir)
}

// sums returns SHA256SUMS, or says why there is none.
func (d disk) sums() ([]byte, error) {
	text, err := d.read(sumsFile)
	if !errors.Is(err, os.ErrNotExist) {
		return text, err
	}
	bare, err := d.bare()
	if err != nil {
		return nil, err
	}
	if !bare {
		return nil, damage(sumsFile, 0, "is missing")
	}
	return nil, fmt.Errorf("%w in %s", ErrNone, d.dir)
}

// open reads the archive that text, its SHA256SUMS, is about.
func open(d disk, text []byte) (*Archive, error) {
	small, err := decodeSums(text)
	if err != nil {
		return nil, err
	}
	contents := map[string][]byte{}
	for _, file := range smallFiles() {
		if contents[file], err = d.small(file, small[file]); err != nil {
			return nil, err
		}
	}
	m, err := decodeManifest(contents[manifestFile])
	if err != nil {
		return nil, damage(manifestFile, 0, "%v", err)
	}
	if err := small.differs(m, text); err != nil {
		return nil, err
	}
	trailer, err := decodeTrailer(contents)
	if err != nil {
		return nil, err
	}
	if err := d.checkSegments(m); err != nil {
		return nil, err
	}
	// The checksum in the manifest covers what zstd's own would, and more.
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxRaw),
		zstd.WithDecodeAllCapLimit(true), zstd.IgnoreChecksum(true))
	return &Archive{d, m, small, trailer, decoder}, err
}

// decodeTrailer reads the checkpoints and the keys.
func decodeTrailer(contents map[string][]byte) (Trailer, error) {
	notes, err := decodeCheckpoints(contents[checkpointsFile])
	if err != nil {
		return Trailer{}, damage(checkpointsFile, 0, "cannot be read: %v", err)
	}
	keys, err := decodeKeys(contents[keysFile])
	if err != nil {
		return Trailer{}, damage(keysFile, 0, "cannot be read: %v", err)
	}
	var newest []byte
	if len(notes) > 0 {
		newest = notes[len(notes)-1]
	}
	if !bytes.Equal(contents[checkpointFile], newest) {
		return Trailer{}, damage(checkpointFile, 0, "is not the last one of %s", checkpointsFile)
	}
	return Trailer{notes, keys}, nil
}

// Ledger returns the name of the ledger.
func (a *Archive) Ledger() string { return a.manifest.Ledger }

// Generation returns the generation of the log that the last backup was taken from.
func (a *Archive) Generation() int { return a.manifest.Generation }

// Last returns the number of the last event, or 0 if there is none.
func (a *Archive) Last() int64 { return a.manifest.Last }

// Trailer returns the checkpoints and keys; they are not to be changed.
func (a *Archive) Trailer() Trailer { return a.trailer }

// Size returns how many bytes the commits and their signatures have, and how many their files.
func (a *Archive) Size() (raw, compressed int64) {
	for _, e := range a.manifest.Segments {
		for _, p := range e.files() {
			raw += int64(p.Raw)
			compressed += int64(p.Compressed)
		}
	}
	return raw, compressed
}

// Commits calls fn with every commit that ends at number from or later, in order, and checks the files that they come
// from. The commit's body is part of a buffer that is used again: it is valid until fn returns. The strings stay valid.
// If anything is wrong, it ends with [Damage], and fn has then been given every commit before the number that this names.
// fn's error is returned as it is.
func (a *Archive) Commits(ctx context.Context, from int64, fn func(Commit) error) error {
	return a.each(ctx, from, true, func(s *Segment) error {
		defer s.Release()
		return s.Commits(func(c Commit) error {
			if c.Last() < from {
				return nil
			}
			return fn(c)
		})
	})
}

// Segments calls fn with every segment that ends at number from or later, in order: the way to read fast, because other
// goroutines can take segments apart while the next ones are decompressed. Up to [Ahead] of them wait in memory, besides
// those that fn was given and that were not released. fn's error is returned as it is.
//
// The segment's bodies were compared with their checksum; its signatures are read when [Segment.Commits] asks for them.
func (a *Archive) Segments(ctx context.Context, from int64, fn func(*Segment) error) error {
	return a.each(ctx, from, false, fn)
}
