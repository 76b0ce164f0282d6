package eventstore

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"
)

// lockDir takes dir for this process until the lock is released; a killed process releases it by dying. The file stays:
// removing it would let two processes hold two files of the same name. [ErrInUse] says who holds it.
func lockDir(dir string) (*flock.Flock, error) {
	path := filepath.Join(dir, "lock")
	lock := flock.New(path, flock.SetPermissions(filePerm))
	taken, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	if !taken {
		return nil, fmt.Errorf("%w: %s holds %s; stop it first, or send the command to it", ErrInUse, holder(path), dir)
	}
	// The process id is a courtesy to whoever finds the directory taken. A disk too full to hold it is still readable.
	_ = os.WriteFile(path, []byte(strconv.Itoa(os.Getpid())+"\n"), filePerm)
	return lock, nil
}

func holder(path string) string {
	content, _ := os.ReadFile(path)
	pid := strings.TrimSpace(string(content))
	switch {
	case pid == "":
		return "another process"
	case pid == strconv.Itoa(os.Getpid()):
		return "this process, " + pid + ","
	}
	return "process " + pid
}
