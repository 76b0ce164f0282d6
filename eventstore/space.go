package eventstore

import "fmt"

// spaceReserve is what is left free on the disk: with it the server can still be stopped and started, and the ledger read
// and backed up. JetStream itself gives up on a stream at the first write that fails.
const spaceReserve = 16 << 20

// checkSpace refuses what would take the disk's last space, before anything of it is sent. That another program takes it
// in the same moment cannot be ruled out: then the write fails, and the server is started again.
func (o Options) checkSpace(bytes int) error {
	if o.spaceReserve < 0 {
		return nil
	}
	free, known := freeSpace(o.Dir)
	needed := uint64(o.reserve()) + uint64(bytes)
	if !known || free >= needed {
		return nil
	}
	return fmt.Errorf("%w: the disk that holds %s has %d KiB left, and %d KiB must stay free: make space and run the same command again",
		ErrNotRecorded, o.Dir, free>>10, needed>>10)
}

func (o Options) reserve() int64 {
	if o.spaceReserve != 0 {
		return o.spaceReserve
	}
	return spaceReserve
}
