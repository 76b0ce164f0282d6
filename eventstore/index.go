package eventstore

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
)

// logIndex finds what a number or a command id points at. It holds the commits of the stream from sequence 1 on, without
// a gap: all of them in memory, at little more than a byte each, and their commands in a sorted file, but for those that
// are more recent than the file.
//
// The file belongs to the ledger's snapshot. While there is none, as after a rebuild, its content is in memory instead.
type logIndex struct {
	commits  commitIndex
	sorted   *sortedCommands // nil holds none
	frozen   map[commandKey]int64
	recent   map[commandKey]int64
	gathered *gathered // while the index is rebuilt, instead of recent
}

// commandKey is the first half of the SHA-256 of a command id. Two ids will not meet in 128 bits; still, whoever relies
// on a hit confirms it by reading the event.
type commandKey struct{ high, low uint64 }

func (k commandKey) less(other commandKey) bool {
	return k.high < other.high || k.high == other.high && k.low < other.low
}

func keyOf(commandID string) commandKey {
	var short [64]byte // as long as a valid id may be
	id := short[:copy(short[:], commandID)]
	if len(commandID) > len(short) {
		id = []byte(commandID)
	}
	sum := sha256.Sum256(id)
	return commandKey{binary.BigEndian.Uint64(sum[:]), binary.BigEndian.Uint64(sum[8:])}
}

// recordedCommand is where a command begins.
type recordedCommand struct {
	key    commandKey
	number int64
}

// gather begins a rebuild: until settle, add takes commits in without looking for commands that are recorded twice, and
// no command is found.
func (x *logIndex) gather() { x.gathered = &gathered{} }

// settle ends a rebuild. If a command was recorded twice, that is returned: of several, the one that was recorded again
// first.
func (x *logIndex) settle() (*repetition, error) {
	sorted, repeated, err := x.gathered.sort()
	if err != nil {
		return nil, err
	}
	x.sorted, x.gathered = sorted, nil
	return repeated, nil
}

// A repetition is a command that was recorded twice.
type repetition struct{ first, again int64 } // the numbers of its events

// add takes in the commit that follows the last one. If one of its commands was recorded before, that is returned and
// nothing is added, and so it is after an error, which says that the index's file cannot be read.
func (x *logIndex) add(c Commit) (repeated string, err error) { return x.addCommands(c, commandsIn(c)) }

// commandsIn returns where the commands of a commit begin. It is most of the work of add and needs no index, so that it can
// be done in any goroutine before.
func commandsIn(c Commit) []recordedCommand {
	begun := make([]recordedCommand, 0, 1)
	for i := range c.Events {
		if e := &c.Events[i]; i == 0 || e.CommandID != c.Events[i-1].CommandID {
			begun = append(begun, recordedCommand{keyOf(e.CommandID), e.Number})
		}
	}
	return begun
}

// addCommands is add for a commit whose commands are known.
func (x *logIndex) addCommands(c Commit, begun []recordedCommand) (repeated string, err error) {
	if x.gathered != nil {
		x.gathered.add(begun)
	} else if known, err := x.addRecent(begun); known != nil || err != nil {
		if known != nil {
			repeated = c.Events[known.again-c.First()].CommandID
		}
		return repeated, err
	}
	x.commits.add(c.First(), len(c.Events))
	return "", nil
}

// addRecent adds all of the commands, or none and returns one that is known.
func (x *logIndex) addRecent(begun []recordedCommand) (*repetition, error) {
	if x.recent == nil {
		x.recent = make(map[commandKey]int64)
	}
	for i, c := range begun {
		number, known, err := x.number(c.key)
		if known || err != nil {
			for _, added := range begun[:i] {
				delete(x.recent, added.key)
			}
		}
		if err != nil {
			return nil, err
		}
		if known {
			return &repetition{number, c.number}, nil
		}
		x.recent[c.key] = c.number
	}
	return nil, nil
}

// find returns the first number of a command. After an error it is not known whether the command is recorded: the index's
// file was changed or cannot be read, and a rebuild is needed.
func (x *logIndex) find(commandID string) (number int64, ok bool, err error) {
	return x.number(keyOf(commandID))
}

func (x *logIndex) number(key commandKey) (number int64, ok bool, err error) {
	if number, ok = x.recent[key]; ok {
		return number, true, nil
	}
	if number, ok = x.frozen[key]; ok {
		return number, true, nil
	}
	if x.sorted == nil {
		return 0, false, nil
	}
	return x.sorted.find(key)
}

// sequence returns where the stream holds number, which must be one that the index has taken in.
func (x *logIndex) sequence(number int64) uint64 { return x.commits.sequence(number) }

// first returns the first number of the commit at a sequence that the index has taken in.
func (x *logIndex) first(sequence uint64) int64 { return x.commits.first(sequence) }

// freeze returns all that is in the index now, to be written while more is added. It takes no longer for more commands.
// One frozen index is written at a time; once it is, adopt follows. If writing it failed, the next freeze includes it.
func (x *logIndex) freeze() frozenIndex {
	if x.frozen == nil {
		x.frozen, x.recent = x.recent, nil
	} else {
		for key, number := range x.recent {
			x.frozen[key] = number
		}
		x.recent = nil
	}
	return frozenIndex{x.commits, x.sorted, x.frozen}
}

// adopt takes what was written of the frozen index in place of it, and lets go of the file before.
func (x *logIndex) adopt(sorted *sortedCommands) error {
	before := x.sorted
	x.sorted, x.frozen = sorted, nil
	return before.close()
}

// close lets go of the index's file. Nothing is found in it any more.
func (x *logIndex) close() error { return x.sorted.close() }

// frozenIndex is an index as it was when it was frozen. Nothing changes it.
type frozenIndex struct {
	commits commitIndex
	sorted  *sortedCommands
	recent  map[commandKey]int64
}

func (f frozenIndex) count() int64 { return f.sorted.len() + int64(len(f.recent)) }

// each calls fn with every command, sorted by key.
func (f frozenIndex) each(fn func(recordedCommand) error) error {
	recent := sortedOf(f.recent)
	err := f.sorted.each(func(c recordedCommand) error {
		for len(recent) > 0 && !c.key.less(recent[0].key) {
			if err := fn(recent[0]); err != nil {
				return err
			}
			recent = recent[1:]
		}
		return fn(c)
	})
	for err == nil && len(recent) > 0 {
		err = fn(recent[0])
		recent = recent[1:]
	}
	return err
}

// writeCommands writes the commands to w. They are to be found in file, from an offset on.
func (f frozenIndex) writeCommands(w io.Writer, file io.ReaderAt, offset int64) (*sortedCommands, error) {
	to := newCommandsWriter(w, f.count())
	err := f.each(func(c recordedCommand) error {
		repeated, err := to.add(c)
		if repeated != nil {
			return fmt.Errorf("the command of number %d is in the index again at number %d", repeated.first, repeated.again)
		}
		return err
	})
	if err == nil {
		err = to.finish()
	}
	return to.in(file, offset), err
}
