package eventstore

import (
	"bytes"
	"errors"
	"fmt"

	"pcnledger/eventstore/proof"
)

// MaxCommit is the most bytes that a commit may take, frame included. NATS carries 1 MiB a message unless told
// otherwise; the rest is room for headers.
const MaxCommit = 900 << 10

// The frame of a commit. An event's line has no line feed, so every line feed in a commit is one of the frame's, and a
// commit can be cut into its lines without understanding them. A stranger can read it as a CloudEvents JSON batch.
var (
	frameOpen  = []byte("[\n")
	frameJoin  = []byte(",\n")
	frameClose = []byte("\n]")
)

// Commit is the events of one or more commands that were recorded together: one JetStream message.
type Commit struct {
	Sequence   uint64            // where the stream holds it
	Events     []Event           // at least one
	Body       []byte            // the message: the events' lines in their frame; not to be changed
	Before     proof.Hash        // root of the tree before it, as its header says; zero where it is unsealed
	Signatures []proof.Signature // over its [proof.Seal]; none while the ledger has no key
}

// Sealed reports whether the commit says what the log was before it and is signed.
func (c Commit) Sealed() bool { return len(c.Signatures) > 0 }

// Leaves returns the hash of each event's line, in order.
func (c Commit) Leaves() []proof.Hash {
	lines, err := splitLines(c.Body)
	if err != nil {
		panic("a commit that was read cannot be split: " + err.Error())
	}
	leaves := make([]proof.Hash, len(lines))
	for i, line := range lines {
		leaves[i] = proof.LeafHash(line)
	}
	return leaves
}

// First returns the number of the commit's first event.
func (c Commit) First() int64 { return c.Events[0].Number }

// Last returns the number of the commit's last event.
func (c Commit) Last() int64 { return c.Events[len(c.Events)-1].Number }

// tail is the log's end once the commit is in it.
func (c Commit) tail() tail { return tail{c.Sequence, c.Last(), c.Events[len(c.Events)-1].Time} }

// encodeCommit frames the lines of events.
func encodeCommit(events []Event) (body []byte, err error) {
	room := len(frameOpen) + len(frameClose)
	for i := range events {
		room += roomBesideData + len(events[i].Data)
	}
	body = append(make([]byte, 0, room), frameOpen...)
	for i := range events {
		if i > 0 {
			body = append(body, frameJoin...)
		}
		if body, err = appendLine(body, &events[i]); err != nil {
			return nil, fmt.Errorf("event %d of %d: %w", i+1, len(events), err)
		}
	}
	return append(body, frameClose...), nil
}

// parseCommit reads the body of a commit of the ledger. It accepts exactly what [encodeCommit] makes of events that
// follow one another as they must, so a body that it accepts is the body that its events would be written as. The data of
// the events are parts of body.
func parseCommit(ledger string, body []byte) ([]Event, error) {
	lines, err := splitLines(body)
	if err != nil {
		return nil, err
	}
	events := make([]Event, len(lines))
	for i, line := range lines {
		if events[i], err = parseLine(line); err == nil {
			err = events[i].check(ledger)
		}
		if err != nil {
			return nil, fmt.Errorf("event %d of %d: %w", i+1, len(lines), err)
		}
	}
	return events, checkOrder(events)
}

// splitLines takes a commit out of its frame. The lines are parts of body, not copies.
func splitLines(body []byte) ([][]byte, error) {
	if len(body) <= len(frameOpen)+len(frameClose) || !bytes.HasPrefix(body, frameOpen) || !bytes.HasSuffix(body, frameClose) {
		return nil, errors.New("the commit does not begin with [ and end with ] on lines of their own")
	}
	rest := body[len(frameOpen) : len(body)-len(frameClose)]
	of := 1 + bytes.Count(rest, frameJoin[1:])
	lines := make([][]byte, of)
	for i := range lines {
		comma, more := true, false
		lines[i], rest, more = bytes.Cut(rest, frameJoin[1:])
		if more {
			lines[i], comma = bytes.CutSuffix(lines[i], frameJoin[:1])
		}
		if !comma || len(lines[i]) == 0 {
			return nil, fmt.Errorf("event %d of %d is not one line", i+1, of)
		}
	}
	return lines, nil
}

// checkOrder reports an event that does not follow the one before it in the same commit.
func checkOrder(events []Event) error {
	first, of, n := events[0].Number, len(events), 0
	if first < 1 {
		return fmt.Errorf("event 1 of %d has number %d", of, first)
	}
	var begun commandsBegun
	for i := range events {
		e := &events[i]
		goesOn := i > 0 && e.CommandID == events[i-1].CommandID
		if !goesOn {
			n = 0
		}
		n++
		switch number := first + int64(i); {
		case e.Number != number || e.Commit != first || e.Of != of:
			return fmt.Errorf("event %d of %d says number %d, commit %d, of %d; its place is number %d, commit %d, of %d",
				i+1, of, e.Number, e.Commit, e.Of, number, first, of)
		case !goesOn && begun.again(events[:i], e.CommandID):
			return fmt.Errorf("event %d of %d: command %s stands in two places of one commit", i+1, of, e.CommandID)
		case !isID(e.ID, e.CommandID, n):
			return fmt.Errorf("event %d of %d has id %q, not %q", i+1, of, e.ID, eventID(e.CommandID, n))
		case goesOn && e.CommandHash != events[i-1].CommandHash:
			return fmt.Errorf("event %d of %d: command %s has two hashes", i+1, of, e.CommandID)
		case i > 0 && e.Time.Before(events[i-1].Time):
			return fmt.Errorf("event %d of %d is earlier than the event before it", i+1, of)
		}
	}
	return nil
}

// fewEvents is up to how many events it is quicker to look through them than to keep a map.
const fewEvents = 16

// commandsBegun are the ids of the commands of a commit so far.
type commandsBegun map[string]bool

// again notes a command that begins after the events before, and reports whether it was there already.
func (c *commandsBegun) again(before []Event, id string) bool {
	if len(before) < fewEvents {
		for i := range before {
			if before[i].CommandID == id {
				return true
			}
		}
		return false
	}
	if *c == nil {
		*c = commandsBegun{}
		for i := range before {
			(*c)[before[i].CommandID] = true
		}
	}
	begun := (*c)[id]
	(*c)[id] = true
	return begun
}
