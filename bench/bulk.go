package bench

import (
	"context"
	"fmt"
	"path/filepath"

	"pcnledger/ledger"
)

// A third of the bulk lines are claims and a third are list sizes: row 4 measures how they are recorded. The other third
// is the money that they lead to: it is in the log that row 6 is rebuilt from.
const bulkThirds = 3

// bulk measures row 4: commands of many lines, against publishing the very same messages to a raw stream.
func (r *run) bulk(ctx context.Context) ([]Row, error) {
	if _, err := r.bulkLog(ctx); err != nil {
		return nil, err
	}
	return []Row{
		r.bulkAtOnce.row("at once", "bulk lines in one call, decided, recorded and synced to disk"),
		r.bulkInTurn.row("in turn", "bulk lines command by command, each decided, recorded and synced to disk"),
	}, nil
}

// bulkSamples are what row 4 takes while the bulk log is made, in lines a second.
type bulkSamples struct {
	ours, alone, pipelined samples

	lines, messages, bytes int64
}

func (b bulkSamples) row(part, what string) Row {
	fastest, other := b.alone.measure("lines/s").named("raw publish one after another"), b.pipelined.measure("lines/s").named("raw publish pipelined")
	if other.Value > fastest.Value {
		fastest, other = other, fastest
	}
	return Row{
		Row: 4, Part: part, What: what,
		Figure:    b.ours.measure("lines/s"),
		Yardstick: fastest.named(fastest.Name + ", same messages, each acknowledged"),
		Budget:    ratioAtLeast(0.5),
		Note:      fmt.Sprintf("%d lines in %d messages of %.1f MB; %s: %s lines/s", b.lines, b.messages, float64(b.bytes)/1e6, other.Name, number(other.Value)),
	}.judged()
}

// bulkLog returns the bulk log, which rows 4 and 6 share. It is made in as many parts as there are rounds.
func (r *run) bulkLog(ctx context.Context) (*subject, error) {
	if r.bulkBook != nil {
		return r.bulkBook, nil
	}
	s, err := r.newLedger(ctx, "bulk", r.size)
	if err != nil {
		return nil, err
	}
	r.bulkBook = s
	if err := s.put(ctx, append(s.registry(), s.openRoles()...)); err != nil {
		return nil, err
	}
	raw, err := newRawStream(ctx, filepath.Join(r.dir, "raw-stream"))
	if err != nil {
		return nil, err
	}
	defer raw.close()
	for round := range r.effort.rounds {
		r.say(fmt.Sprintf("part %d of %d of a bulk log", round+1, r.effort.rounds))
		if err := r.bulkPart(ctx, s, raw); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// bulkPart adds a part to the log. It measures how claims and list sizes are recorded, one half of them at once and the
// other in turn.
func (r *run) bulkPart(ctx context.Context, s *subject, raw rawStream) error {
	third := r.Lines / r.effort.rounds / bulkThirds
	if err := s.put(ctx, s.hire(third)); err != nil {
		return err
	}
	err := r.bulkAtOnce.take(ctx, s, raw, third/2, s.put)
	if err == nil {
		err = r.bulkInTurn.take(ctx, s, raw, third/2, s.oneByOne)
	}
	if err != nil {
		return err
	}
	return s.put(ctx, s.money(third))
}

// take records about so many lines of claims and so many of list sizes, and publishes the same messages to the raw stream.
func (b *bulkSamples) take(ctx context.Context, s *subject, raw rawStream, lines int, record func(context.Context, []ledger.Command) error) error {
	before, from := s.lines, s.number+1
	commands := s.generator.bulk(lines)
	part := bulkSamples{lines: s.lines - before}
	ours, err := rateOf(part.lines, func() error { return record(ctx, commands) })()
	if err != nil {
		return err
	}
	part.ours = samples{ours}
	bodies, err := s.bodies(ctx, from)
	if err != nil {
		return err
	}
	if err := part.publish(ctx, raw, bodies); err != nil {
		return err
	}
	b.add(part)
	return nil
}

// publishes is how often a part is published: it is over sooner than a busy moment of the machine.
const publishes = 3

// publish takes the samples of the yardstick.
func (b *bulkSamples) publish(ctx context.Context, raw rawStream, bodies [][]byte) error {
	rates, err := alternate(publishes,
		rateOf(b.lines, func() error { return raw.oneByOne(ctx, bodies) }),
		rateOf(b.lines, func() error { return raw.pipelined(ctx, bodies) }))
	if err != nil {
		return err
	}
	b.alone, b.pipelined = samples{rates[0].median()}, samples{rates[1].median()}
	b.messages = int64(len(bodies))
	for _, body := range bodies {
		b.bytes += int64(len(body))
	}
	return nil
}

func (b *bulkSamples) add(part bulkSamples) {
	b.ours = append(b.ours, part.ours...)
	b.alone = append(b.alone, part.alone...)
	b.pipelined = append(b.pipelined, part.pipelined...)
	b.lines, b.messages, b.bytes = b.lines+part.lines, b.messages+part.messages, b.bytes+part.bytes
}
