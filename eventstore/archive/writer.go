package archive

import (
	"bytes"
	"errors"
	"fmt"
	"maps"

	"github.com/gofrs/flock"
	"github.com/klauspost/compress/zstd"
)

// Source is the log that a backup is taken from.
type Source struct {
	Ledger     string
	Generation int   // from 1
	Last       int64 // number of the log's last event

	// Commit returns the log's commit that begins at number first, or the zero Commit if none does. It is asked for the
	// archive's last commit, once, before anything is written: if that is another one, so may be everything before it.
	Commit func(first int64) (Commit, error)
}

// Writer adds one backup to an archive. Nothing of it is to be seen before Close returns nil. It is not safe for
// concurrent use.
type Writer struct {
	disk     disk
	lock     *flock.Flock
	encoder  *zstd.Encoder
	manifest manifest // of what was archived before and was added since
	before   sums     // of the small files that were found; nil if there was no archive
	added    []string // the files of this backup, as they are to be called
	made     bool     // the backup may be on disk as a whole
	kept     int      // segments that were archived before
	fault    error    // the first failure to write; nothing is added after it

	filling entry  // the segment that is being filled; it has no commits while there is none
	bodies  []byte // of filling
	seals   []byte // of filling
	packed  []byte
}

// OpenWriter begins a backup of a log into dir, which is made if need be, and first completes one that was interrupted. It
// returns [ErrInUse] while another one is being written, [ErrOtherLog] if the archive in dir is of another ledger, of a
// later generation, longer than the log or ends in another commit than the log has there, and [Damage] if it is damaged. A
// directory that has no archive must be empty.
//
// The caller ends with Close or Abort; Abort after either does nothing.
func OpenWriter(dir string, source Source) (*Writer, error) {
	return openWriter(disk{dir: dir}, source)
}

func openWriter(d disk, source Source) (*Writer, error) {
	if err := checkLog(source.Ledger, source.Generation); err != nil {
		return nil, fmt.Errorf("cannot archive a log: %w", err)
	}
	encoder, err := newEncoder()
	if err != nil {
		return nil, err
	}
	if err := makeDir(d.dir); err != nil {
		return nil, err
	}
	lock, err := lockDir(d)
	if err != nil {
		return nil, err
	}
	w := &Writer{disk: d, lock: lock, encoder: encoder}
	if err := w.begin(source); err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	return w, nil
}

// newEncoder: higher levels write several times slower and save a tenth; none is read faster. Signatures repeat nothing and
// shrink by entropy alone, which the fastest level leaves out unless it is asked for.
func newEncoder() (*zstd.Encoder, error) {
	return zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithAllLitEntropyCompression(true))
}

// lockDir keeps a second backup out until the lock is released; a killed process releases it by dying. The file stays, for
// removing it would let two processes hold two files of the same name, and stays empty: what travels with an archive names
// no process.
func lockDir(d disk) (*flock.Flock, error) {
	lock := flock.New(d.path(lockFile), flock.SetPermissions(filePerm))
	taken, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", d.dir, err)
	}
	if !taken {
		return nil, fmt.Errorf("%w: %s", ErrInUse, d.dir)
	}
	return lock, nil
}

// begin finds where the archive ends and makes the directory ready for more. Nothing is changed in an archive that cannot
// be continued.
func (w *Writer) begin(source Source) error {
	a, err := Open(w.disk.dir)
	switch {
	case errors.Is(err, ErrNone):
		if err := w.disk.mustBeEmpty(); err != nil {
			return err
		}
		w.manifest = manifest{Format: formatName, Version: formatVersion, Ledger: source.Ledger}
	case err != nil:
		return err
	default:
		if err := continues(a, source); err != nil {
			return err
		}
		if err := w.disk.settle(a.small, a.manifest); err != nil {
			return fmt.Errorf("complete the backup before: %w", err)
		}
		w.manifest, w.before, w.kept = a.manifest, a.small, len(a.manifest.Segments)
	}
	w.manifest.Generation = source.Generation
	return w.disk.tidy()
}

// continues reports whether the archive is the beginning of the log.
func continues(a *Archive, source Source) error {
	if a.Ledger() != source.Ledger {
		return fmt.Errorf("%w: it is of ledger %s, not %s", ErrOtherLog, a.Ledger(), source.Ledger)
	}
	if a.Generation() > source.Generation {
		return fmt.Errorf("%w: it is of generation %d, this is generation %d", ErrOtherLog, a.Generation(), source.Generation)
	}
	if a.Last() > source.Last {
		return fmt.Errorf("%w: it goes to number %d, the log only to %d", ErrOtherLog, a.Last(), source.Last)
	}
	if a.Last() == 0 {
		return nil
	}
	last, err := a.lastCommit()
	if err != nil {
		return err
	}
	found, err := source.Commit(last.First)
	if err != nil {
		return fmt.Errorf("read the log where the archive ends, at number %d: %w", last.First, err)
	}
	if !bytes.Equal(found.Body, last.Body) || found.First != last.First {
		return fmt.Errorf("%w: at number %d the log has another commit than the archive", ErrOtherLog, last.First)
	}
	if found.Root != last.Root && found.Root != "" && last.Root != "" {
		return fmt.Errorf("%w: before number %d the log has root %s, the archive %s", ErrOtherLog, last.First, found.Root, last.Root)
	}
	return nil
}

// Last returns the number of the last event that is archived or was added.
func (w *Writer) Last() int64 {
	if w.filling.Commits > 0 {
		return w.filling.Last
	}
	return w.manifest.Last
}

// Segments returns how many segments were archived before, which are not touched, and how many this backup has written.
// The one that is being filled is not among them before Close.
func (w *Writer) Segments() (kept, added int) { return w.kept, len(w.manifest.Segments) - w.kept }

// Add adds the commit that follows number Last. The commit's body may be used again afterwards. An error says that the
// commit cannot be archived, or that the disk could not be written; after the latter there is only Abort.
func (w *Writer) Add(c Commit) error {
	if w.lock == nil {
		return errClosed
	}
	if err := c.check(w.Last() + 1); err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	if len(w.bodies)+len(c.Body)+1 > maxRaw || len(w.seals)+maxLine > maxRaw {
		w.seal()
	}
	if w.fault != nil {
		return w.fault
	}
	if w.filling.Commits == 0 {
		w.filling.First = c.First
	}
	w.filling.Last = c.Last()
	w.filling.Commits++
	w.bodies = append(append(w.bodies, c.Body...), '\n')
	w.seals = c.appendSeal(w.seals)
	return nil
}

var errClosed = errors.New("archive: the backup was ended")

// seal writes the segment that is being filled and begins another one.
func (w *Writer) seal() {
	if w.fault != nil || w.filling.Commits == 0 {
		return
	}
	e := w.filling
	e.Bodies = w.pack(segmentName(e.First), w.bodies)
	e.Signatures = w.pack(signatureName(e.First), w.seals)
	w.manifest.add(e)
	w.filling, w.bodies, w.seals = entry{}, w.bodies[:0], w.seals[:0]
}

// pack writes a compressed file.
func (w *Writer) pack(file string, raw []byte) packed {
	w.packed = w.encoder.EncodeAll(raw, w.packed[:0])
	w.write(file, w.packed)
	return packed{File: file, Raw: len(raw), Compressed: len(w.packed), SHA256: sumOf(w.packed)}
}

// write writes a file beside its place.
func (w *Writer) write(file string, content []byte) {
	if w.fault != nil {
		return
	}
	w.added = append(w.added, file)
	if err := w.disk.write(file+unfinished, content); err != nil {
		w.fault = fmt.Errorf("archive: %w", err)
	}
}

// Close makes the backup. When it returns nil, everything that was added is on disk and part of the archive. After an
// error the archive is what it was before or, if the disk failed at the very end, what it was to become.
func (w *Writer) Close(t Trailer) error {
	if w.lock == nil {
		return errClosed
	}
	w.seal()
	if err := w.finish(t); err != nil {
		w.Abort()
		return fmt.Errorf("end the backup into %s: %w", w.disk.dir, err)
	}
	return w.release()
}

func (w *Writer) finish(t Trailer) error {
	contents, err := w.small(t)
	if err != nil {
		return err
	}
	small := sums{}
	for file, content := range contents {
		small[file] = sumOf(content)
	}
	if w.fault == nil && maps.Equal(small, w.before) {
		return nil // the manifest is the same, and so are the segments
	}
	for _, file := range smallFiles() {
		if small[file] != w.before[file] {
			w.write(file, contents[file])
		}
	}
	w.write(sumsFile, small.encode(w.manifest))
	if w.fault != nil {
		return w.fault
	}
	// A crash up to here leaves the archive before and, beside it, files that nothing names.
	if err := w.disk.sync(segmentFolder, signatureFolder, "."); err != nil {
		return err
	}
	w.made = true
	if err := w.disk.rename(sumsFile+unfinished, sumsFile); err != nil {
		return err
	}
	if err := w.disk.sync("."); err != nil {
		return err
	}
	// A crash from here on leaves the new archive, of which some files are still to be moved to their places.
	return w.disk.settle(small, w.manifest)
}

// small returns the contents of the small files.
func (w *Writer) small(t Trailer) (map[string][]byte, error) {
	checkpoint, checkpoints, keys, err := t.encode()
	if err != nil {
		return nil, err
	}
	text, err := w.manifest.encode()
	if err != nil {
		return nil, err
	}
	contents := map[string][]byte{
		readmeFile: readme(w.manifest.Ledger), checkpointFile: checkpoint, checkpointsFile: checkpoints,
		keysFile: keys, manifestFile: text,
	}
	for file, content := range contents {
		if len(content) > maxSmall {
			return nil, fmt.Errorf("%s would have %d bytes; it can have %d", file, len(content), maxSmall)
		}
	}
	return contents, nil
}

// Abort ends the backup without making it and removes what it wrote, as far as the disk lets it; the next backup removes
// the rest.
func (w *Writer) Abort() {
	if w.lock == nil {
		return
	}
	if !w.made {
		for _, file := range w.added {
			_ = w.disk.remove(file + unfinished)
		}
	}
	_ = w.release()
}

func (w *Writer) release() error {
	lock := w.lock
	w.lock = nil
	return errors.Join(lock.Unlock(), w.encoder.Close())
}
