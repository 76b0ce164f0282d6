package archive

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// list returns the names in a folder that no unfinished backup put there, with what is known of each. Names that begin
// with a point are those of operating systems, and none of ours.
func (d disk) list(folder string) (map[string]os.FileInfo, error) {
	files, err := os.ReadDir(d.path(folder))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	names := make(map[string]os.FileInfo, len(files))
	for _, file := range files {
		if strings.HasPrefix(file.Name(), ".") || strings.HasSuffix(file.Name(), unfinished) {
			continue
		}
		info, err := file.Info()
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
		if err == nil {
			names[file.Name()] = info
		}
	}
	return names, nil
}

// checkSegments reports the first segment that is missing or not of its size, or one too many.
func (d disk) checkSegments(m manifest) error {
	bodies, err := d.list(segmentFolder)
	if err != nil {
		return err
	}
	signatures, err := d.list(signatureFolder)
	if err != nil {
		return err
	}
	for _, e := range m.Segments {
		for i, names := range []map[string]os.FileInfo{bodies, signatures} {
			file := e.files()[i]
			if err := d.checkSize(file, e.First, names[filepath.Base(file.File)]); err != nil {
				return err
			}
			delete(names, filepath.Base(file.File))
		}
	}
	return errors.Join(tooMany(segmentFolder, bodies), tooMany(signatureFolder, signatures))
}

func (d disk) checkSize(p packed, number int64, info os.FileInfo) error {
	if info == nil {
		var err error
		if info, err = os.Stat(d.path(p.File + unfinished)); errors.Is(err, os.ErrNotExist) {
			info, err = os.Stat(d.path(p.File)) // it may just have been moved
		}
		if errors.Is(err, os.ErrNotExist) {
			return damage(p.File, number, "is missing")
		}
		if err != nil {
			return err
		}
	}
	if !info.Mode().IsRegular() || info.Size() != int64(p.Compressed) {
		return damage(p.File, number, "has %d bytes; %d were archived", info.Size(), p.Compressed)
	}
	return nil
}

// tooMany reports a file that the manifest does not name.
func tooMany(folder string, names map[string]os.FileInfo) error {
	if len(names) == 0 {
		return nil
	}
	var first string
	for name := range names {
		if first == "" || name < first {
			first = name
		}
	}
	digits, _, _ := strings.Cut(first, ".")
	number, _ := strconv.ParseInt(digits, 10, 64)
	return damage(folder+"/"+first, max(number, 0), "is not in %s: it does not belong to this archive", manifestFile)
}

// bare reports whether no backup was ever made in the directory: none of an archive's files is in its place.
func (d disk) bare() (bool, error) {
	for _, folder := range []string{".", segmentFolder, signatureFolder} {
		names, err := d.list(folder)
		if err != nil {
			return false, err
		}
		for name := range names {
			if folder != "." || slices.Contains(smallFiles(), name) {
				return false, nil
			}
		}
	}
	return true, nil
}
