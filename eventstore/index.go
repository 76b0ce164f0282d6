package eventstore

import (
	"crypto/sha256"
	"sort"
)

// index finds what a number or a command id points at. It is rebuilt from the log whenever that is opened, and holds the
// commits of the stream from sequence 1 on, without a gap.
type index struct {
	commands map[commandKey]int64 // the first number of each command
	firsts   []int64              // the first number of the commit at sequence 1, 2, 3 …
}

// commandKey is the first half of the SHA-256 of a command id. Two ids will not meet in 128 bits; still, whoever relies
// on a hit confirms it by reading the event.
type commandKey [16]byte

func keyOf(commandID string) (key commandKey) {
	sum := sha256.Sum256([]byte(commandID))
	copy(key[:], sum[:])
	return key
}

// add takes in the commit that follows the last one. If one of its commands was recorded before, that is returned and
// nothing is added.
func (x *index) add(c Commit) (repeated string) {
	if x.commands == nil {
		x.commands = make(map[commandKey]int64)
	}
	begins := make(map[commandKey]int64, 1)
	for i, e := range c.Events {
		if i > 0 && e.CommandID == c.Events[i-1].CommandID {
			continue
		}
		key := keyOf(e.CommandID)
		if _, known := x.commands[key]; known {
			return e.CommandID
		}
		begins[key] = e.Number
	}
	for key, number := range begins {
		x.commands[key] = number
	}
	x.firsts = append(x.firsts, c.First())
	return ""
}

// find returns the first number of a command.
func (x *index) find(commandID string) (number int64, ok bool) {
	number, ok = x.commands[keyOf(commandID)]
	return number, ok
}

// sequence returns where the stream holds number, which must be one that the index has taken in.
func (x *index) sequence(number int64) uint64 {
	return uint64(sort.Search(len(x.firsts), func(i int) bool { return x.firsts[i] > number }))
}
