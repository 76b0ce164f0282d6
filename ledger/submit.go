package ledger

import (
	"context"
	"fmt"
	"time"

	"pcnledger/domain"
	"pcnledger/eventstore"
)

// A stamper says who acts and when.
type stamper struct {
	actor, auth string
	at          time.Time // of a script; zero for this machine's clock
}

// next returns the stamp of an event, given when the last one was recorded.
func (s stamper) next(number int64, last time.Time) (domain.Stamp, error) {
	stamp := domain.Stamp{Number: number, Actor: s.actor, Auth: s.auth}
	if !s.at.IsZero() {
		stamp.Time = later(s.at.UTC().Truncate(time.Millisecond), last) // as it is written
		return stamp, nil
	}
	var err error
	stamp.Time, err = clock(time.Now(), last)
	return stamp, err
}

// prepared is a command as far as it can be read before its turn, by whoever sends it.
type prepared struct {
	Command
	command   domain.Command
	effective domain.Date
	wrong     error // why it is no command of the domain
	hash      string
	noHash    error // why it has none
	own       bool  // the programme's, under an id that is reserved
}

func (d *decoder) prepare(c Command, actor string) prepared {
	p := prepared{Command: c}
	p.command, p.effective, p.wrong = d.command(c)
	p.hash, p.noHash = eventstore.CommandHash(actor, c.Name, c.Data, c.Effective)
	return p
}

// submit lets the commands be decided and waits for their receipts. When ctx ends, what is not decided by then is not
// recorded; what is, is awaited.
func (l *Ledger) submit(ctx context.Context, commands []Command, stamp stamper) ([]Receipt, error) {
	d := l.decoders.Get().(*decoder)
	defer l.decoders.Put(d)
	read := make([]prepared, len(commands))
	for i, c := range commands {
		read[i] = d.prepare(c, stamp.actor)
	}
	return l.submitPrepared(ctx, read, stamp)
}

func (l *Ledger) submitPrepared(ctx context.Context, commands []prepared, stamp stamper) ([]Receipt, error) {
	if len(commands) == 0 {
		return nil, nil
	}
	l.answering.RLock()
	defer l.answering.RUnlock()
	r := &request{commands: commands, stamp: stamp, ctx: ctx, done: make(chan struct{})}
	if err := l.writer.queue.put(r); err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, l.writer.queue.signal)
	defer stop()
	<-r.done
	l.noteAttempts(r)
	return r.receipts, r.err
}

// lookUp answers a command whose id is recorded: the first receipt again, or a refusal if it said something else.
func (l *Ledger) lookUp(ctx context.Context, c prepared, actor string) (Receipt, bool, error) {
	if !eventstore.ValidCommandID(c.ID) {
		return refused(c.ID, RuleCommandID, "give it an id of its own of up to 64 letters, digits and hyphens; running the file again is safe then",
			"the command has no id that can be kept: %q", c.ID), true, nil
	}
	events, found, err := l.log.Find(ctx, c.ID)
	if err == nil && !found && !c.own && isReserved(c.ID) {
		return refused(c.ID, RuleCommandID, "give it an id of its own", "the id %s is the programme's own", c.ID), true, nil
	}
	if err != nil || !found {
		return Receipt{}, false, err
	}
	if c.noHash != nil {
		return refused(c.ID, RuleCommandData, "correct it; nothing is guessed", "the data is no JSON: %s", c.noHash), true, nil
	}
	if c.hash != events[0].CommandHash {
		if same, err := eventstore.CommandHash(events[0].Actor, c.Name, c.Data, c.Effective); err == nil && same == events[0].CommandHash {
			return refused(c.ID, RuleCommandReused, "nothing need be done: it is recorded already",
				"id %s was recorded in the same words as event %d by %s; %s cannot record it again", c.ID, events[0].Number, events[0].Actor, actor), true, nil
		}
		return refused(c.ID, RuleCommandReused, "give the new command an id of its own; to see what was recorded: pcnledger show events",
			"id %s was recorded as event %d by %s with other words", c.ID, events[0].Number, events[0].Actor), true, nil
	}
	receipt := receiptOf(Repeated, events)
	if receipt.Root, err = l.rootAfter(ctx, events); err != nil {
		return Receipt{}, false, err
	}
	for _, e := range events {
		fact, err := decodeEvent(e)
		if err != nil {
			return Receipt{}, false, err
		}
		receipt.note(fact)
	}
	return receipt, true, nil
}

// isReserved says that an id is that of a command which the programme itself gives when a ledger begins.
func isReserved(id string) bool { return id == initID || id == firstKeyID || id == administratorID }

// rootAfter returns the root of the log at the end of the events' commit.
func (l *Ledger) rootAfter(ctx context.Context, events []eventstore.Event) (string, error) {
	root, known, err := l.log.RootAfter(ctx, events[0].Commit+int64(events[0].Of)-1)
	if err != nil || !known {
		return "", err
	}
	return root.String(), nil
}

func refused(id string, rule domain.Rule, remedy, reason string, args ...any) Receipt {
	return Receipt{Command: id, Outcome: Refused,
		Refusal: &domain.Refusal{Rule: rule, Reason: fmt.Sprintf(reason, args...), Remedy: remedy}}
}

// receiptOf is the receipt of a command's events.
func receiptOf(outcome Outcome, events []eventstore.Event) Receipt {
	last := events[len(events)-1]
	return Receipt{Command: last.CommandID, Outcome: outcome, First: events[0].Number, Last: last.Number, Time: last.Time}
}

// A decider turns commands into events. It is for one goroutine at a time; what it has met before it reads and writes
// faster.
type decider struct {
	decoder decoder
	encoder encoder
}

// A decided command is the entries that record it and the facts as they will be read back.
type decided struct {
	entries []eventstore.Entry
	facts   []domain.Recorded
}

// decide turns a command into what records it. Look returns what is recorded or decided under a number.
func (d *decider) decide(state *domain.Ledger, c prepared, stamp domain.Stamp, look domain.Lookup) (made decided, err error) {
	if c.wrong != nil {
		return made, c.wrong
	}
	if c.noHash != nil {
		return made, dataRefusal(c.noHash)
	}
	facts, err := state.DecideWith(c.command, c.effective, stamp, look)
	if err != nil {
		return made, err
	}
	for _, fact := range facts {
		entry, err := d.entryOf(fact)
		if err != nil {
			return made, err
		}
		entry.CommandID, entry.CommandHash = c.ID, c.hash
		// State and views take the fact as it will be read back, so that what is kept up cannot differ from a fresh fold.
		if fact.Event, err = d.decoder.fact(entry.Type, entry.Version, entry.Data); err != nil {
			return made, err
		}
		made.entries, made.facts = append(made.entries, entry), append(made.facts, fact)
	}
	if size := made.bytes(); size > mostEventBytes {
		return decided{}, tooLarge(c.command, size, len(made.entries))
	}
	return made, nil
}

// mostAttributes bounds what an event's line has beside its data and subject: ids, hash, times, actor.
const mostAttributes = 1 << 10

// sizeOf bounds the bytes of an event's line. A subject may be written with escapes.
func sizeOf(e eventstore.Entry) int { return len(e.Data) + 2*len(e.Subject) + mostAttributes }

// entryOf encodes a fact for the log.
func (d *decider) entryOf(fact domain.Recorded) (eventstore.Entry, error) {
	kind := domain.EventKindOf(fact.Event)
	data, err := d.encoder.encode(fact.Event)
	if err != nil {
		return eventstore.Entry{}, fmt.Errorf("encode %s: %w", kind.Name, err)
	}
	entry := eventstore.Entry{
		Type: kind.Name, Version: kind.Version, Subject: fact.Event.Subject(), Time: fact.Time,
		Actor: fact.Actor, Auth: fact.Auth, Request: fact.Request, RaisedBy: fact.RaisedBy, ApprovedBy: fact.ApprovedBy, EffectiveDate: string(fact.Effective), Period: string(fact.Period), Data: data,
	}
	return entry, nil
}

// tooLarge refuses a command whose events no commit can hold together.
func tooLarge(c domain.Command, size, events int) *domain.Refusal {
	what, remedy := "an event", "split its lines over several commands, or shorten its text"
	switch c.(type) {
	case domain.RunEntitlement, domain.AdjustEntitlement:
		remedy = fmt.Sprintf("run it for some networks at a time (networks): %d commands or a few more, each with networks of its own", size/mostEventBytes+1)
	}
	if events > 1 {
		what, remedy = fmt.Sprintf("%d events together", events), remedy+"; a request that cannot be approved for that is withdrawn (Withdraw) and raised in parts"
	}
	return &domain.Refusal{Rule: RuleCommandLarge, Remedy: remedy,
		Reason: fmt.Sprintf("the command causes %s of %d KiB; one commit holds at most %d KiB", what, (size+1023)>>10, mostEventBytes>>10)}
}
