package bench

import (
	"errors"
	"slices"
	"testing"
)

func TestAMedianIsTheMiddleOne(t *testing.T) {
	for _, c := range []struct {
		of   samples
		want float64
	}{{nil, 0}, {samples{3}, 3}, {samples{9, 1}, 5}, {samples{100, 1, 2}, 2}, {samples{4, 1, 3, 2}, 2.5}} {
		if got := c.of.median(); got != c.want {
			t.Errorf("median of %v is %v, not %v", c.of, got, c.want)
		}
	}
}

func TestAMeasureTellsTheLeastAndTheMost(t *testing.T) {
	s := samples{3, 1, 2}
	if m := s.measure("s"); m != (Measure{Value: 2, Unit: "s", Low: 1, High: 3}) || !slices.Equal(s, samples{3, 1, 2}) {
		t.Errorf("%+v of %v", m, s)
	}
}

func TestSidesTakeTurnsAndTheFirstTurnIsThrownAway(t *testing.T) {
	var turns []string
	side := func(name string) func() (float64, error) {
		return func() (float64, error) {
			turns = append(turns, name)
			return float64(len(turns)), nil
		}
	}
	all, err := alternate(2, side("a"), side("b"))
	if err != nil || !slices.Equal(turns, []string{"a", "b", "a", "b", "a", "b"}) {
		t.Fatal(turns, err)
	}
	if !slices.Equal(all[0], samples{3, 5}) || !slices.Equal(all[1], samples{4, 6}) {
		t.Error(all)
	}
}

func TestASideThatCannotBeMeasuredEndsTheTurns(t *testing.T) {
	broken := errors.New("broken")
	if _, err := alternate(1, func() (float64, error) { return 0, broken }); !errors.Is(err, broken) {
		t.Error(err)
	}
}
