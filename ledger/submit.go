package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"pcnledger/domain"
	"pcnledger/eventstore"
)

// mostBatch is how many commands share a commit: enough that the wait for the disk no longer counts.
const mostBatch = 500

// stamper returns who and when of the next command, given when the last event was recorded. The ledger adds the number.
type stamper func(last time.Time) (domain.Stamp, error)

// submit decides the commands batch by batch.
func (l *Ledger) submit(ctx context.Context, commands []Command, stamp stamper) ([]Receipt, error) {
	var receipts []Receipt
	for len(receipts) < len(commands) {
		b := &batch{ledger: l, stamp: stamp, seen: map[string]bool{}}
		answered, err := b.run(ctx, commands[len(receipts):])
		receipts = append(receipts, answered...)
		if err != nil {
			return receipts, err
		}
	}
	return receipts, nil
}

// A batch is what becomes one commit. While it is being decided the state runs ahead of the log; should the commit not
// be acknowledged, the ledger is stale and decides nothing more until it is opened again.
type batch struct {
	ledger   *Ledger
	stamp    stamper
	seen     map[string]bool // command ids in this batch
	entries  []eventstore.Entry
	facts    []domain.Recorded
	bytes    int
	receipts []Receipt
	recorded []int // which receipts wait for the commit; each has one entry
}

// run decides commands until the batch is full, commits it, and returns the receipts of those it answered.
func (b *batch) run(ctx context.Context, commands []Command) ([]Receipt, error) {
	if b.ledger.stale != nil {
		return nil, b.ledger.stale
	}
	for _, c := range commands {
		if len(b.entries) >= mostBatch || b.seen[c.ID] {
			break // a repeated id is answered from the log, once this commit is there
		}
		b.seen[c.ID] = true
		err := b.add(ctx, c)
		if errors.Is(err, errFull) {
			break // decided again in the next commit, which it begins
		}
		if err != nil {
			b.abandon(err)
			return nil, err
		}
	}
	return b.commit(ctx)
}

// errFull says that a command's event does not fit the commit any more. Nothing of it was applied.
var errFull = errors.New("the commit is full")

// abandon forgets what was decided and not committed: the state has to be folded again.
func (b *batch) abandon(why error) {
	if len(b.entries) > 0 {
		b.ledger.stale = fmt.Errorf("open the ledger again; nothing of this batch was recorded: %w", why)
	}
}

// add answers one command, or decides it and lets it wait for the commit.
func (b *batch) add(ctx context.Context, c Command) error {
	last := b.lastTime()
	stamp, err := b.stamp(last)
	if err != nil {
		return err
	}
	stamp.Number = b.ledger.log.Next() + int64(len(b.entries))
	receipt, found, err := b.ledger.lookUp(ctx, c, stamp.Actor)
	if err != nil {
		return err
	}
	if found {
		b.receipts = append(b.receipts, receipt)
		return nil
	}
	entry, fact, err := b.decide(c, stamp)
	if err != nil {
		receipt, err := receiptFor(c.ID, err)
		b.receipts = append(b.receipts, receipt)
		return err
	}
	if len(b.entries) > 0 && b.bytes+sizeOf(entry) > mostEventBytes {
		return errFull
	}
	b.ledger.state.Apply(fact)
	b.entries, b.facts, b.bytes = append(b.entries, entry), append(b.facts, fact), b.bytes+sizeOf(entry)
	b.recorded = append(b.recorded, len(b.receipts))
	b.receipts = append(b.receipts, Receipt{Command: c.ID, Outcome: Recorded, Warnings: domain.WarningsOf(fact.Event)})
	return nil
}

func (b *batch) lastTime() time.Time {
	if n := len(b.facts); n > 0 {
		return b.facts[n-1].Time
	}
	_, last := b.ledger.log.Last()
	return last
}

func (b *batch) decide(c Command, stamp domain.Stamp) (eventstore.Entry, domain.Recorded, error) {
	command, effective, err := c.decode()
	if err != nil {
		return eventstore.Entry{}, domain.Recorded{}, err
	}
	return decide(b.ledger.state, c, command, effective, stamp)
}

// commit appends the batch and answers the commands that waited for it.
func (b *batch) commit(ctx context.Context) ([]Receipt, error) {
	if len(b.entries) == 0 {
		return b.receipts, nil
	}
	commit, err := b.ledger.log.Append(ctx, b.entries)
	if err != nil {
		return b.unanswered(err)
	}
	for i, fact := range b.facts {
		b.ledger.views.Apply(fact)
		receipt := &b.receipts[b.recorded[i]]
		receipt.First, receipt.Last, receipt.Time = commit.Events[i].Number, commit.Events[i].Number, commit.Events[i].Time
	}
	return b.receipts, nil
}

// unanswered says what an append that was not acknowledged means for the commands that waited for it. The state has
// run ahead of the log, so the ledger must be opened again either way.
func (b *batch) unanswered(err error) ([]Receipt, error) {
	b.ledger.stale = fmt.Errorf("the ledger must be opened again: %w", err)
	if !errors.Is(err, eventstore.ErrUnknown) {
		return nil, err
	}
	for _, i := range b.recorded {
		b.receipts[i] = Receipt{Command: b.receipts[i].Command, Outcome: Unknown}
	}
	return b.receipts, err
}

// lookUp answers a command whose id is recorded: the first receipt again, or a refusal if it said something else.
func (l *Ledger) lookUp(ctx context.Context, c Command, actor string) (Receipt, bool, error) {
	if !eventstore.ValidCommandID(c.ID) {
		return refused(c.ID, RuleCommandID, "give it an id of its own of up to 64 letters, digits and hyphens; running the file again is safe then",
			"the command has no id that can be kept: %q", c.ID), true, nil
	}
	events, found, err := l.log.Find(ctx, c.ID)
	if err != nil || !found {
		return Receipt{}, false, err
	}
	hash, err := eventstore.CommandHash(actor, c.Name, c.Data, c.Effective)
	if err != nil {
		return refused(c.ID, RuleCommandData, "correct it; nothing is guessed", "the data is no JSON: %s", err), true, nil
	}
	if hash != events[0].CommandHash {
		if same, err := eventstore.CommandHash(events[0].Actor, c.Name, c.Data, c.Effective); err == nil && same == events[0].CommandHash {
			return refused(c.ID, RuleCommandReused, "nothing need be done: it is recorded already",
				"id %s was recorded in the same words as event %d by %s; %s cannot record it again", c.ID, events[0].Number, events[0].Actor, actor), true, nil
		}
		return refused(c.ID, RuleCommandReused, "give the new command an id of its own; to see what was recorded: pcnledger show events",
			"id %s was recorded as event %d by %s with other words", c.ID, events[0].Number, events[0].Actor), true, nil
	}
	receipt := receiptOf(Repeated, events)
	for _, e := range events {
		fact, err := decodeEvent(e)
		if err != nil {
			return Receipt{}, false, err
		}
		receipt.Warnings = append(receipt.Warnings, domain.WarningsOf(fact.Event)...)
	}
	return receipt, true, nil
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

// decide turns a command into the entry that records it and the fact as it will be read back.
func decide(state *domain.Ledger, sent Command, c domain.Command, effective domain.Date, stamp domain.Stamp) (eventstore.Entry, domain.Recorded, error) {
	hash, err := eventstore.CommandHash(stamp.Actor, sent.Name, sent.Data, sent.Effective)
	if err != nil {
		return eventstore.Entry{}, domain.Recorded{}, dataRefusal(err)
	}
	facts, err := state.Decide(c, effective, stamp)
	if err != nil {
		return eventstore.Entry{}, domain.Recorded{}, err
	}
	if len(facts) != 1 {
		panic("a command of more than one event: receipts and batches count on one")
	}
	entry, err := entryOf(facts[0], stamp)
	if err != nil {
		return eventstore.Entry{}, domain.Recorded{}, err
	}
	entry.CommandID, entry.CommandHash = sent.ID, hash
	// State and views take the fact as it will be read back, so that what is kept up cannot differ from a fresh fold.
	event, err := decodeData(entry.Type, entry.Version, entry.Data)
	return entry, domain.Recorded{Stamp: stamp, Fact: domain.Fact{Event: event, Effective: facts[0].Effective, Period: facts[0].Period}}, err
}

// mostEventBytes is what events may take of a commit, of which NATS limits the size; the rest is left to its frame.
const mostEventBytes = 890 << 10

// mostAttributes bounds what an event's line has beside its data and subject: ids, hash, times, actor.
const mostAttributes = 1 << 10

// sizeOf bounds the bytes of an event's line. A subject may be written with escapes.
func sizeOf(e eventstore.Entry) int { return len(e.Data) + 2*len(e.Subject) + mostAttributes }

// entryOf encodes a fact for the log, or refuses one that no commit can hold.
func entryOf(fact domain.Fact, stamp domain.Stamp) (eventstore.Entry, error) {
	kind := domain.EventKindOf(fact.Event)
	data, err := json.Marshal(fact.Event)
	if err != nil {
		return eventstore.Entry{}, fmt.Errorf("encode %s: %w", kind.Name, err)
	}
	entry := eventstore.Entry{
		Type: kind.Name, Version: kind.Version, Subject: fact.Event.Subject(), Time: stamp.Time,
		Actor: stamp.Actor, Auth: stamp.Auth, EffectiveDate: string(fact.Effective), Period: string(fact.Period), Data: data,
	}
	if size := sizeOf(entry); size > mostEventBytes {
		return eventstore.Entry{}, &domain.Refusal{Rule: RuleCommandLarge,
			Reason: fmt.Sprintf("the command causes an event of %d KiB; one event holds at most %d KiB", (size+1023)>>10, mostEventBytes>>10),
			Remedy: "split its lines over several commands, or shorten its text"}
	}
	return entry, nil
}
