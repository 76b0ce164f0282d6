package domain

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// rateOf is the line of a year's card, as first published.
func rateOf(t rapid.TB, year Year, code RateCode) Rate {
	i := slices.IndexFunc(RateCard(year), func(r Rate) bool { return r.Rate == code && r.Use == "" })
	if i < 0 {
		t.Fatalf("the card of %s has no rate %s", year, code)
	}
	return RateCard(year)[i]
}

// T2 and T8 of MONEY.md: 50,000 ÷ 1,000 × 30 minutes of extended hours are 25 hours a week (specification 2019/20, paragraph
// 4.6), and at 60 minutes of enhanced access 50 hours (LMC, anonymised example of opting in).
func TestAccessHoursAWeek(t *testing.T) {
	for _, c := range []struct {
		year     Year
		rate     RateCode
		patients int64
		want     WeeklyMinutes
		text     string
	}{
		{"2019-20", "EXT_HOURS", 50_000, 25 * 60, "25 h"},
		{"2022-23", "ENHANCED_ACCESS", 50_000, 50 * 60, "50 h"},
		{"2021-22", "EXT_HOURS", 27_524, 825, "13 h 45 min"}, // 825.72 minutes: down
		{"2021-22", "EXT_HOURS", 27_750, 840, "14 h"},        // 832.5 minutes: half way, up
		{"2021-22", "EXT_HOURS", 27_749, 825, "13 h 45 min"}, // just less
		{"2021-22", "EXT_HOURS", 0, 0, "0 h"},
	} {
		got, ok := rateOf(t, c.year, c.rate).AccessMinutes(c.patients)
		if !ok || got != c.want || got.String() != c.text {
			t.Errorf("%s of %s for %d patients: %d minutes, %q, want %d, %q", c.rate, c.year, c.patients, got, got, c.want, c.text)
		}
	}
}

func TestARateWithoutHoursAsksForNone(t *testing.T) {
	if minutes, ok := rateOf(t, "2021-22", "CORE_PCN").AccessMinutes(50_000); ok {
		t.Errorf("core funding asks for %s a week", minutes)
	}
}

func TestAccessHoursAreNeverMoreThanHalfAQuarterOff(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minutes, patients := rapid.Int64Range(1, 600).Draw(t, "tenths of a minute"), rapid.Int64Range(0, 1_000_000).Draw(t, "patients")
		got, _ := Rate{Minutes: big.NewRat(minutes, 10).FloatString(1)}.AccessMinutes(patients)
		off := new(big.Rat).Sub(big.NewRat(int64(got), 1), big.NewRat(minutes*patients, 10_000))
		if got%quarterHour != 0 || off.Abs(off).Cmp(big.NewRat(15, 2)) > 0 {
			t.Fatalf("%d tenths of a minute for %d patients make %s", minutes, patients, got)
		}
	})
}
