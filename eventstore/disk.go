package eventstore

import (
	"errors"
	"os"
	"path/filepath"
)

// What the ledger's operating-system user and group may do, and nobody else; JetStream gives its own files the same.
const (
	dirPerm  = 0o750
	filePerm = 0o640
)

// makeDir makes dir and those above it that are missing. What it made is on disk when it returns.
func makeDir(dir string) error {
	err := os.Mkdir(dir, dirPerm)
	switch {
	case errors.Is(err, os.ErrExist):
		return nil
	case errors.Is(err, os.ErrNotExist):
		if err := makeDir(filepath.Dir(dir)); err != nil {
			return err
		}
		err = os.Mkdir(dir, dirPerm)
	}
	if err != nil {
		return err
	}
	return syncDirs(filepath.Dir(dir))
}

// writeSynced writes content to a file at path and returns once it is on disk; its name is, once its directory is.
func writeSynced(path string, content []byte) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, filePerm)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	return errors.Join(err, file.Sync(), file.Close())
}

// syncDirs puts the names in the directories on disk: a file that was fsynced can still be lost with its name.
func syncDirs(paths ...string) error {
	for _, path := range paths {
		dir, err := os.Open(path)
		if err != nil {
			return err
		}
		if err := errors.Join(dir.Sync(), dir.Close()); err != nil {
			return err
		}
	}
	return nil
}

func exists(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
