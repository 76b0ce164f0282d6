package witness

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"
)

// The directory holds a private key: it is for the user who made it, and nobody else.
const (
	dirPerm  = 0o700
	filePerm = 0o600
)

// ErrInUse: another process, or another part of this one, has the witness's directory open.
var ErrInUse = errors.New("the witness is in use")

// lockDir takes dir until the lock is released; a killed process releases it by dying. The file stays: removing it would
// let two processes hold two files of the same name.
func lockDir(dir string) (*flock.Flock, error) {
	path := filepath.Join(dir, "lock")
	lock := flock.New(path, flock.SetPermissions(filePerm))
	taken, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	if !taken {
		holder, _ := os.ReadFile(path)
		return nil, fmt.Errorf("%w: process %s holds %s", ErrInUse, strings.TrimSpace(string(holder)), dir)
	}
	// The process id is a courtesy to whoever finds the directory taken; nothing depends on it.
	_ = os.WriteFile(path, []byte(strconv.Itoa(os.Getpid())+"\n"), filePerm)
	return lock, nil
}

// makeDir makes dir and those above it that are missing. What it made is on disk when it returns.
func makeDir(dir string) error {
	err := os.Mkdir(dir, dirPerm)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if errors.Is(err, os.ErrNotExist) {
		if err = makeDir(filepath.Dir(dir)); err == nil {
			err = os.Mkdir(dir, dirPerm)
		}
	}
	if err != nil {
		return err
	}
	return syncDir(filepath.Dir(dir))
}

// A step is a moment in the writing of a file at which a crash leaves the disk in another state.
type step string

const (
	written step = "written" // beside the file, perhaps in part; the file is what it was
	synced  step = "synced"  // beside the file, whole; the file is what it was
	renamed step = "renamed" // the file is the new one, or after a power cut perhaps still the old one
	kept    step = "kept"    // the file is the new one for good
)

// replace makes content the content of the file at path. After a crash the file holds what it did, or content, whole; once
// replace has returned nil, content. At each step it asks at, and gives up there if that returns an error.
func replace(path string, content []byte, at func(step) error) error {
	beside := path + ".new"
	file, err := os.OpenFile(beside, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, filePerm)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err == nil {
		err = at(written)
	}
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err := at(synced); err != nil {
		return err
	}
	if err := os.Rename(beside, path); err != nil {
		return err
	}
	if err := at(renamed); err != nil {
		return err
	}
	if err := syncDir(filepath.Dir(path)); err != nil {
		return err
	}
	return at(kept)
}

// syncDir puts the names in a directory on disk: a file that was fsynced can still be lost with its name.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
