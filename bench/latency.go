package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// latency measures row 1: a command of one event by one client, against writing the same bytes to a file and syncing it,
// by turns in the same file system.
func (r *run) latency(ctx context.Context) ([]Row, error) {
	s, err := r.newBook(ctx)
	if err != nil {
		return nil, err
	}
	file, err := os.Create(filepath.Join(r.dir, "raw"))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var all, allRaw samples // in µs
	var bodies [][]byte     // of the round before: a commit's own are known only when it is there
	for round := range r.effort.rounds + 1 {
		r.say(fmt.Sprintf("round %d of %d", round, r.effort.rounds))
		from := s.at() + 1
		ours, raw, err := s.latencyRound(ctx, file, bodies, r.effort.latencies)
		if err != nil {
			return nil, err
		}
		if round > 0 {
			all, allRaw = append(all, ours.median()), append(allRaw, raw.median())
		}
		if bodies, err = s.bodies(ctx, from); err != nil {
			return nil, err
		}
	}
	return []Row{Row{
		Row: 1, What: "one command, decided, recorded and synced to disk; median",
		Figure:    all.measure("µs"),
		Yardstick: allRaw.measure("µs").named("write and sync of the same bytes"),
		Budget:    ratioAtMost(2),
		Note:      fmt.Sprintf("%d commands", len(all)*r.effort.latencies),
	}.judged()}, nil
}

// latencyRound returns how many microseconds each of n commands took, and each raw write between them.
func (s *subject) latencyRound(ctx context.Context, file *os.File, bodies [][]byte, n int) (ours, raw samples, err error) {
	for i, command := range s.singles(n) {
		began := time.Now()
		receipts, err := s.Submit(ctx, command)
		ours = append(ours, microseconds(time.Since(began)))
		if err != nil {
			return nil, nil, err
		}
		if err := allRecorded(receipts); err != nil {
			return nil, nil, err
		}
		if i >= len(bodies) {
			continue
		}
		began = time.Now()
		if _, err := file.Write(bodies[i]); err != nil {
			return nil, nil, err
		}
		if err := file.Sync(); err != nil {
			return nil, nil, err
		}
		raw = append(raw, microseconds(time.Since(began)))
	}
	return ours, raw, nil
}

func microseconds(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }
