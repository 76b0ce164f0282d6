package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// small reads one of the small files, in its place or not yet in it: whichever has the checksum. Another program may be
// moving it there meanwhile.
func (d disk) small(file, sum string) ([]byte, error) {
	var wrong error = damage(file, 0, "is missing")
	for _, name := range []string{file, file + unfinished, file} {
		content, err := d.read(name)
		switch {
		case errors.Is(err, os.ErrNotExist):
		case err != nil:
			return nil, err
		case sumOf(content) == sum:
			return content, nil
		case name == file:
			wrong = damage(file, 0, "is not the file that was archived: its SHA-256 is not the one in %s%s", sumsFile, remedy(file))
		}
	}
	return nil, wrong
}

// remedy keeps nobody from restoring a ledger because the text for people is damaged.
func remedy(file string) string {
	if file != readmeFile {
		return ""
	}
	return "; nothing depends on this file, so to read the archive all the same put the SHA-256 that it has now there"
}

// read reads a small file that must not be large.
func (d disk) read(file string) ([]byte, error) {
	info, err := os.Stat(d.path(file))
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxSmall {
		return nil, damage(file, 0, "is not a file of at most %d bytes", maxSmall)
	}
	f, err := os.Open(d.path(file))
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(f, maxSmall+1))
	if err = errors.Join(err, f.Close()); err == nil && len(content) > maxSmall {
		err = damage(file, 0, "is larger than %d bytes", maxSmall)
	}
	return content, err
}

// packed reads a compressed file into buffer, wherever it lies, and checks it against the manifest. Another program may be
// moving it to its place meanwhile.
func (d disk) packed(p packed, number int64, buffer []byte) ([]byte, error) {
	var f *os.File
	var err error
	for _, name := range []string{p.File, p.File + unfinished, p.File} {
		if f, err = os.Open(d.path(name)); !errors.Is(err, os.ErrNotExist) {
			break
		}
	}
	if errors.Is(err, os.ErrNotExist) {
		return nil, damage(p.File, number, "is missing")
	}
	if err != nil {
		return nil, err
	}
	content := slices.Grow(buffer[:0], p.Compressed+1)[:p.Compressed+1]
	n, err := io.ReadFull(f, content)
	if err = errors.Join(err, f.Close()); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the commits from number %d on: %w", number, err)
	}
	if n != p.Compressed {
		return nil, damage(p.File, number, "is not of the %d bytes that were archived", p.Compressed)
	}
	content = content[:n]
	if sumOf(content) != p.SHA256 {
		return nil, damage(p.File, number, "is not the file that was archived: its SHA-256 is not the one in %s", manifestFile)
	}
	return content, nil
}

func sumOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
