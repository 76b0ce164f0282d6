package archive

import (
	"errors"
	"os"
	"path/filepath"
)

// What the ledger's operating-system user and group may do, and nobody else.
const (
	dirPerm  = 0o750
	filePerm = 0o640
)

// disk is a directory in which a backup is written. Names are relative to it, with slashes. Each method makes one change,
// so that a test can stop a backup between any two.
type disk struct {
	dir string

	// before is called before each change, which is not made if it returns an error. It is nil but in tests.
	before func(change) error
}

// A change is what one method of disk does.
type change struct {
	kind     changeKind
	file, to string
	content  []byte
}

type changeKind string

const (
	madeDir changeKind = "mkdir"
	wrote   changeKind = "write"
	renamed changeKind = "rename"
	removed changeKind = "remove"
	synced  changeKind = "sync"
)

func (d disk) path(file string) string { return filepath.Join(d.dir, filepath.FromSlash(file)) }

func (d disk) announce(c change) error {
	if d.before == nil {
		return nil
	}
	return d.before(c)
}

func (d disk) mkdir(file string) error {
	if err := d.announce(change{kind: madeDir, file: file}); err != nil {
		return err
	}
	err := os.Mkdir(d.path(file), dirPerm)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	return err
}

// write returns once the content is on disk. The file's name is, once its folder was synced.
func (d disk) write(file string, content []byte) error {
	if err := d.announce(change{kind: wrote, file: file, content: content}); err != nil {
		return err
	}
	f, err := os.OpenFile(d.path(file), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, filePerm)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}

func (d disk) rename(file, to string) error {
	if err := d.announce(change{kind: renamed, file: file, to: to}); err != nil {
		return err
	}
	return os.Rename(d.path(file), d.path(to))
}

func (d disk) remove(file string) error {
	if err := d.announce(change{kind: removed, file: file}); err != nil {
		return err
	}
	return os.Remove(d.path(file))
}

// sync puts the names in the folders on disk.
func (d disk) sync(folders ...string) error {
	for _, folder := range folders {
		if err := d.announce(change{kind: synced, file: folder}); err != nil {
			return err
		}
		if err := syncDir(d.path(folder)); err != nil {
			return err
		}
	}
	return nil
}

func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// makeDir makes dir and those above it that are missing. What it made is on disk when it returns.
func makeDir(dir string) error {
	err := os.Mkdir(dir, dirPerm)
	switch {
	case errors.Is(err, os.ErrExist):
		return nil
	case errors.Is(err, os.ErrNotExist) && filepath.Dir(dir) != dir:
		if err := makeDir(filepath.Dir(dir)); err != nil {
			return err
		}
		err = os.Mkdir(dir, dirPerm)
	}
	if err != nil {
		return err
	}
	return syncDir(filepath.Dir(dir))
}
