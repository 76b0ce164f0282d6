package eventstore

import (
	"errors"
	"fmt"
	"time"

	"pcnledger/eventstore/proof"
)

// A Draft is a commit that was composed and is not sent yet: numbered, framed, hashed and signed. The commit that follows
// it can be composed while it is on its way.
type Draft struct {
	Commit

	before tail       // the commit that it follows
	root   proof.Hash // of the tree before it
	tree   proof.Tree // after it
	key    *KeyHeld   // that signs after it
	begins *KeyHeld   // the key that it begins, if it does
	known  uint64     // the sequence up to which it was looked for its commands, beside the draft before it
}

// after is the tail once the draft is recorded.
func (d *Draft) after() tail {
	return d.Commit.tail()
}

// Root returns the root of the tree once the draft is recorded.
func (d *Draft) Root() proof.Hash { return d.tree.Root() }

// point is where the next commit goes: after the last one taken in, or after a draft.
type point struct {
	tail
	tree proof.Tree // to be cloned before it is added to
	key  *KeyHeld
}

func (l *Log) pointAfter(d *Draft) point {
	if d != nil {
		return point{d.after(), d.tree, d.key}
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	p := point{l.tail, l.tree.Clone(), nil}
	if n := len(l.keys); n > 0 {
		p.key = &l.keys[n-1]
	}
	return p
}

// Compose makes the commit that entries will be if they are recorded directly after a draft that is still on its way, or,
// where that is nil, after the last commit of the log. It reads it as it will be read: what could not be read back is not
// sent. Nothing is recorded before [Log.Commit].
func (l *Log) Compose(entries []Entry, after *Draft) (*Draft, error) {
	if len(entries) == 0 {
		return nil, errors.New("compose: there are no entries")
	}
	at, known := l.pointAfter(after), l.lastTaken().sequence
	if err := l.checkNew(entries, at.tail, after); err != nil {
		return nil, err
	}
	commit, err := l.frame(entries, at.tail)
	if err != nil {
		return nil, err
	}
	d := &Draft{Commit: commit, before: at.tail, root: at.tree.Root(), tree: at.tree.Clone(), key: at.key, known: known}
	for _, leaf := range commit.Leaves() {
		d.tree.Add(leaf)
	}
	return d, l.sign(d, at)
}

// frame numbers the entries, writes them, and reads them back.
func (l *Log) frame(entries []Entry, t tail) (Commit, error) {
	events := make([]Event, len(entries))
	n := 0
	for i, x := range entries {
		if i == 0 || x.CommandID != entries[i-1].CommandID {
			n = 0
		}
		n++
		events[i] = x.event(l.options.Ledger, t.number+1+int64(i), t.number+1, len(entries), n)
		if err := events[i].check(l.options.Ledger); err != nil {
			return Commit{}, fmt.Errorf("compose %s: %w", events[i].ID, err)
		}
	}
	body, err := encodeCommit(events)
	if err != nil {
		return Commit{}, fmt.Errorf("compose: %w", err)
	}
	if len(body) > MaxCommit {
		return Commit{}, fmt.Errorf("%w: %d events take %d bytes; %d are allowed", ErrTooLarge, len(events), len(body), MaxCommit)
	}
	if events, err = parseCommit(l.options.Ledger, body); err != nil {
		return Commit{}, fmt.Errorf("compose: %w", err)
	}
	return Commit{Sequence: t.sequence + 1, Events: events, Body: body}, nil
}

// sign adds the root before the draft and the signatures that it needs.
func (l *Log) sign(d *Draft, at point) error {
	keys, err := keysIn(d.Events)
	if err != nil {
		return err
	}
	switch {
	case len(keys) > 1:
		return errors.New("compose: one commit begins one key only")
	case len(keys) == 1:
		d.begins, d.key = &keys[0], &keys[0]
	}
	signers, err := l.signersOf(at.key, d.begins)
	if err != nil || len(signers) == 0 {
		return err
	}
	d.Before = d.root
	seal := d.seal(l.options.Ledger)
	for _, key := range signers {
		d.Signatures = append(d.Signatures, key.Sign(seal))
	}
	return nil
}

// checkNew reports what keeps entries from being recorded after t and the draft.
func (l *Log) checkNew(entries []Entry, t tail, after *Draft) error {
	onItsWay := after.commands()
	at := t.at
	for i, x := range entries {
		when := x.Time.UTC().Truncate(time.Millisecond)
		if when.Before(at) {
			return fmt.Errorf("append %s: its time %s is before that of the last event, %s", x.CommandID, when.Format(timeLayout), at.Format(timeLayout))
		}
		at = when
		if i > 0 && x.CommandID == entries[i-1].CommandID {
			continue
		}
		if onItsWay[x.CommandID] {
			return fmt.Errorf("append %s: %w: it is on its way", x.CommandID, ErrRecorded)
		}
		if err := l.checkUnrecorded(x.CommandID); err != nil {
			return fmt.Errorf("append %s: %w", x.CommandID, err)
		}
	}
	return nil
}

// commands returns the ids of the draft's commands; none of no draft.
func (d *Draft) commands() map[string]bool {
	if d == nil {
		return nil
	}
	ids := make(map[string]bool, len(d.Events))
	for i := range d.Events {
		ids[d.Events[i].CommandID] = true
	}
	return ids
}

// checkUnrecorded reports a command that is in the log already.
func (l *Log) checkUnrecorded(commandID string) error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	number, recorded, err := l.index.find(commandID)
	if err == nil && recorded {
		err = fmt.Errorf("%w, at number %d", ErrRecorded, number)
	}
	return err
}
