package archive

import (
	"errors"
	"fmt"
)

var (
	// ErrNone: there is no archive in the directory, nor anything that looks like what is left of one.
	ErrNone = errors.New("there is no archive")

	// ErrOtherLog: the archive in the directory is not one of this log as far as it went. Nothing was written to it.
	ErrOtherLog = errors.New("the archive cannot be continued from this log")

	// ErrInUse: another backup is being written into the directory.
	ErrInUse = errors.New("another backup is being written into the directory")
)

// Damage reports that an archive is not what was written: a file is missing, cut short, changed, moved or added. An
// operator must act. Commits before Number were not affected.
type Damage struct {
	File   string // within the archive, with slashes
	What   string // what is wrong with it
	Number int64  // the first number that it concerns; 0 if it concerns the archive as a whole
}

func (d *Damage) Error() string {
	where := "the archive is damaged"
	if d.Number > 0 {
		where += fmt.Sprintf(" from number %d on", d.Number)
	}
	return where + ": " + d.File + " " + d.What
}

func damage(file string, number int64, format string, args ...any) *Damage {
	return &Damage{File: file, What: fmt.Sprintf(format, args...), Number: number}
}
