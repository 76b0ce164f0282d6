package eventstore

import (
	"bytes"
	"errors"
	"fmt"
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
	Sequence uint64  // where the stream holds it
	Events   []Event // at least one
	Body     []byte  // the message: the events' lines in their frame; not to be changed
}

// First returns the number of the commit's first event.
func (c Commit) First() int64 { return c.Events[0].Number }

// Last returns the number of the commit's last event.
func (c Commit) Last() int64 { return c.Events[len(c.Events)-1].Number }

// encodeCommit frames the lines of events.
func encodeCommit(events []Event) ([]byte, error) {
	body := bytes.Clone(frameOpen)
	for i, e := range events {
		if i > 0 {
			body = append(body, frameJoin...)
		}
		line, err := e.Line()
		if err != nil {
			return nil, fmt.Errorf("event %d of %d: %w", i+1, len(events), err)
		}
		body = append(body, line...)
	}
	return append(body, frameClose...), nil
}

// parseCommit reads the body of a commit of the ledger. It accepts exactly what [encodeCommit] makes of events that
// follow one another as they must, so a body that it accepts is the body that its events would be written as.
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
	lines := bytes.Split(body[len(frameOpen):len(body)-len(frameClose)], frameJoin)
	for i, line := range lines {
		if len(line) == 0 || bytes.IndexByte(line, '\n') >= 0 {
			return nil, fmt.Errorf("event %d of %d is not one line", i+1, len(lines))
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
	commands := make(map[string]string, 1) // hash by id
	for i, e := range events {
		hash, begun := commands[e.CommandID]
		if i == 0 || e.CommandID != events[i-1].CommandID {
			n = 0
		}
		n++
		switch number := first + int64(i); {
		case e.Number != number || e.Commit != first || e.Of != of:
			return fmt.Errorf("event %d of %d says number %d, commit %d, of %d; its place is number %d, commit %d, of %d",
				i+1, of, e.Number, e.Commit, e.Of, number, first, of)
		case begun && n == 1:
			return fmt.Errorf("event %d of %d: command %s stands in two places of one commit", i+1, of, e.CommandID)
		case e.ID != eventID(e.CommandID, n):
			return fmt.Errorf("event %d of %d has id %q, not %q", i+1, of, e.ID, eventID(e.CommandID, n))
		case begun && e.CommandHash != hash:
			return fmt.Errorf("event %d of %d: command %s has two hashes", i+1, of, e.CommandID)
		case i > 0 && e.Time.Before(events[i-1].Time):
			return fmt.Errorf("event %d of %d is earlier than the event before it", i+1, of)
		}
		commands[e.CommandID] = e.CommandHash
	}
	return nil
}
