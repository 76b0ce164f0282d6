package bench

import (
	"slices"
	"time"
)

// samples are what the rounds of a measurement came to.
type samples []float64

// median returns the middle sample: a moment in which the machine did something else moves it little.
func (s samples) median() float64 {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// measure makes a figure of the samples.
func (s samples) measure(unit string) Measure {
	if len(s) == 0 {
		return Measure{Unit: unit}
	}
	return Measure{Value: s.median(), Unit: unit, Low: slices.Min(s), High: slices.Max(s)}
}

// alternate runs the sides by turns, so that a slow moment of the machine hits all of them, and returns the samples of
// each. The first turn warms up and is thrown away.
func alternate(rounds int, sides ...func() (float64, error)) ([]samples, error) {
	all := make([]samples, len(sides))
	for round := range rounds + 1 {
		for i, side := range sides {
			sample, err := side()
			if err != nil {
				return nil, err
			}
			if round > 0 {
				all[i] = append(all[i], sample)
			}
		}
	}
	return all, nil
}

// rateOf makes a side of something that is done to so many at once: it returns how many that is a second.
func rateOf(n int64, do func() error) func() (float64, error) {
	return func() (float64, error) {
		began := time.Now()
		err := do()
		return rate(n, time.Since(began)), err
	}
}

// rate returns how many there were in a second.
func rate(n int64, took time.Duration) float64 { return float64(n) / took.Seconds() }
