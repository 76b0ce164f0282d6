package eventstore

import (
	"os"

	"golang.org/x/sys/unix"
)

// syncData puts the file's content on disk. Its size must not have changed: its times may be lost, which spares the file
// system a write of its own.
func syncData(file *os.File) error { return unix.Fdatasync(int(file.Fd())) }

// freeSpace returns the bytes that this process may still write to the file system that holds dir.
func freeSpace(dir string) (bytes uint64, known bool) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, false
	}
	return s.Bavail * uint64(s.Bsize), true
}
