package archive

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// settle moves the files of an archive that are not in their places to them. It can be done again after a crash.
func (d disk) settle(small sums, m manifest) error {
	var pending []string
	for _, file := range smallFiles() {
		if content, err := d.read(file); err != nil || sumOf(content) != small[file] {
			pending = append(pending, file)
		}
	}
	for i, folder := range []string{segmentFolder, signatureFolder} {
		names, err := d.list(folder)
		if err != nil {
			return err
		}
		for _, e := range m.Segments {
			if file := e.files()[i].File; names[filepath.Base(file)] == nil {
				pending = append(pending, file)
			}
		}
	}
	if len(pending) == 0 {
		return nil
	}
	for _, file := range pending {
		if err := d.rename(file+unfinished, file); err != nil {
			return err
		}
	}
	return d.sync(segmentFolder, signatureFolder, ".")
}

// tidy removes what is left of backups that were not made, and makes the folders.
func (d disk) tidy() error {
	for _, folder := range []string{segmentFolder, signatureFolder} {
		if err := d.mkdir(folder); err != nil {
			return err
		}
	}
	leftovers, err := d.leftovers()
	if err != nil {
		return err
	}
	for _, file := range leftovers {
		if err := d.remove(file); err != nil {
			return err
		}
	}
	return d.sync(segmentFolder, signatureFolder, ".")
}

// leftovers lists the files whose names say that they are not in their places.
func (d disk) leftovers() ([]string, error) {
	var found []string
	for _, folder := range []string{"", segmentFolder + "/", signatureFolder + "/"} {
		files, err := os.ReadDir(d.path(folder))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
		for _, file := range files {
			name, isNew := strings.CutSuffix(file.Name(), unfinished)
			if isNew && (folder != "" || isSmall(name)) {
				found = append(found, folder+file.Name())
			}
		}
	}
	return found, nil
}

func isSmall(name string) bool { return name == sumsFile || slices.Contains(smallFiles(), name) }

// mustBeEmpty refuses a directory that holds anything but what is left of a first backup that was not made: it may be the
// wrong one.
func (d disk) mustBeEmpty() error {
	files, err := os.ReadDir(d.dir)
	if err != nil {
		return err
	}
	for _, file := range files {
		name, isNew := strings.CutSuffix(file.Name(), unfinished)
		ours := name == lockFile || name == segmentFolder || name == signatureFolder || isNew && isSmall(name)
		if !ours {
			return fmt.Errorf("%s has no archive and is not empty: there is %s in it; choose an empty directory, or one that does not exist", d.dir, file.Name())
		}
	}
	return nil
}
