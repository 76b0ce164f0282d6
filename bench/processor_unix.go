//go:build unix

package bench

import (
	"syscall"
	"time"
)

// processorTime returns what this process has taken of the processors so far, in user and system mode.
func processorTime() (_ time.Duration, known bool) {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0, false
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()), true
}
