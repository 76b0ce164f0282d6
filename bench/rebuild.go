package bench

import (
	"context"
	"fmt"

	"pcnledger/ledger"
)

// singleLog returns the log of one-event commits, which rows 5 and 7 share. Its registry, too, is recorded event by event.
func (r *run) singleLog(ctx context.Context) (*subject, error) {
	if r.singles != nil {
		return r.singles, nil
	}
	s, err := r.newLedger(ctx, "singles", r.size.region())
	if err != nil {
		return nil, err
	}
	r.singles = s
	commands := append(s.registry(), s.openBook()...)
	commands = append(commands, s.generator.singles(max(0, r.Events-len(commands)))...)
	for i, command := range commands {
		if i%500 == 0 {
			r.say(fmt.Sprintf("building a log, %d of %d commits", i, len(commands)))
		}
		if err := s.put(ctx, []ledger.Command{command}); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// rebuildSingles measures row 5: views and root from a log of one-event commits, against consumers that read the same and
// do nothing with it.
func (r *run) rebuildSingles(ctx context.Context) ([]Row, error) {
	s, err := r.singleLog(ctx)
	if err != nil {
		return nil, err
	}
	rebuilt, fastest, err := r.besideConsumers(ctx, s, s.number, "events/s")
	if err != nil {
		return nil, err
	}
	return []Row{Row{
		Row: 5, What: "all views and the Merkle root from a log of one-event commits",
		Figure: rebuilt, Yardstick: fastest, Budget: ratioAtLeast(0.75),
		Note: fmt.Sprintf("%d events", s.number),
	}.judged()}, nil
}

// rebuildBulk measures row 6: the same from a log of bulk commits. Its budget is absolute.
func (r *run) rebuildBulk(ctx context.Context) ([]Row, error) {
	s, err := r.bulkLog(ctx)
	if err != nil {
		return nil, err
	}
	rebuilt, fastest, err := r.besideConsumers(ctx, s, s.lines, "lines/s")
	if err != nil {
		return nil, err
	}
	return []Row{Row{
		Row: 6, What: "all views and the Merkle root from a log of bulk commits",
		Figure: rebuilt, Yardstick: fastest, Budget: Budget{Of: OfFigure, Side: AtLeast, Limit: 1_200_000, Unit: "lines/s"},
		Note: fmt.Sprintf("%d lines in %d events, %d postings", s.lines, s.number, s.Views().Journal.Len()),
	}.judged()}, nil
}

// besideConsumers rebuilds a ledger's views by turns with each way of reading the same stream, and returns how many of
// its units a second that came to, and the fastest way.
func (r *run) besideConsumers(ctx context.Context, s *subject, units int64, unit string) (rebuilt, fastest Measure, err error) {
	r.say("rebuilding by turns with consumers that do nothing")
	stream, err := r.copyStream(ctx, s)
	if err != nil {
		return Measure{}, Measure{}, err
	}
	defer stream.close()
	sides := []func() (float64, error){rateOf(units, func() error { return s.rebuild(ctx) })}
	for _, c := range consumers() {
		sides = append(sides, rateOf(units, func() error { return c.read(stream, ctx) }))
	}
	rates, err := alternate(r.effort.rounds, sides...)
	if err != nil {
		return Measure{}, Measure{}, err
	}
	for i, c := range consumers() {
		if m := rates[i+1].measure(unit).named("consumer that does nothing, " + c.name); m.Value > fastest.Value {
			fastest = m
		}
	}
	return rates[0].measure(unit), fastest, nil
}

// rebuild folds the whole log afresh, and compares its root with the one that was kept up.
func (s *subject) rebuild(ctx context.Context) error {
	_, root, err := s.Rebuild(ctx)
	if err == nil && root != s.Log().Root().String() {
		err = fmt.Errorf("the log was rebuilt to another root: %s", root)
	}
	return err
}
