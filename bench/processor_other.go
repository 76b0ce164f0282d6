//go:build !unix

package bench

import "time"

// processorTime is not known here.
func processorTime() (_ time.Duration, known bool) { return 0, false }
