package bench

import (
	"context"
	"fmt"
	"sync"
	"time"

	"pcnledger/ledger"
)

// clients measures row 2: so many goroutines that each submit one command after another, against one that does.
func (r *run) clients(ctx context.Context) ([]Row, error) {
	s, err := r.newBook(ctx)
	if err != nil {
		return nil, err
	}
	sides, err := alternate(r.effort.rounds,
		func() (float64, error) { return s.throughput(ctx, r.Clients, r.effort.perClient) },
		func() (float64, error) { return s.throughput(ctx, 1, r.effort.alone) })
	if err != nil {
		return nil, err
	}
	return []Row{Row{
		Row: 2, What: fmt.Sprintf("commands of one event by %d clients at once", r.Clients),
		Figure:    sides[0].measure("commands/s"),
		Yardstick: sides[1].measure("commands/s").named("one client"),
		Budget:    ratioAtLeast(20),
	}.judged()}, nil
}

// throughput returns how many commands a second were recorded for so many clients, each of which submits so many, one at
// a time.
func (s *subject) throughput(ctx context.Context, clients, each int) (float64, error) {
	queues := make([][]ledger.Command, clients)
	for i := range queues {
		queues[i] = s.generator.singles(each)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var all sync.WaitGroup
	began := time.Now()
	for _, queue := range queues {
		all.Go(func() {
			if err := s.oneByOne(ctx, queue); err != nil {
				stop(err)
			}
		})
	}
	all.Wait()
	return rate(int64(clients*each), time.Since(began)), context.Cause(ctx)
}

// oneByOne submits commands each after the answer to the one before.
func (s *subject) oneByOne(ctx context.Context, commands []ledger.Command) error {
	for _, command := range commands {
		if err := s.put(ctx, []ledger.Command{command}); err != nil {
			return err
		}
	}
	return nil
}
