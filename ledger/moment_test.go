package ledger

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pcnledger/domain"
	"pcnledger/eventstore"
	"pcnledger/eventstore/proof"
	"pcnledger/projections"
)

// A past is what a ledger was at each of its numbers.
type past struct {
	digests map[int64]string
	roots   map[int64]string
	times   map[int64]time.Time
	last    int64
}

func pastOf(t *testing.T, l *Ledger) past {
	t.Helper()
	p := past{digests: map[int64]string{}, roots: map[int64]string{}, times: map[int64]time.Time{}}
	views, tree := projections.NewViews(), proof.Tree{}
	if err := l.Log().Read(t.Context(), 1, func(c eventstore.Commit) error {
		leaves := c.Leaves()
		for i, e := range c.Events {
			r, err := decodeEvent(e)
			if err != nil {
				return err
			}
			views.Apply(r)
			tree.Add(leaves[i])
			p.digests[e.Number], p.roots[e.Number], p.times[e.Number], p.last = views.Digest(), tree.Root().String(), e.Time, e.Number
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p past) check(t *testing.T, l *Ledger, at At, want int64) {
	t.Helper()
	views, moment, err := l.LookAt(t.Context(), at)
	if err != nil {
		t.Errorf("%+v: %v", at, err)
		return
	}
	if moment != (Moment{want, p.times[want], p.roots[want]}) || views.Digest() != p.digests[want] {
		t.Errorf("%+v came to %+v, not to number %d of %s with root %s", at, moment, want, p.times[want], p.roots[want])
	}
	if again, err := l.MomentAt(t.Context(), at); again != moment || err != nil {
		t.Errorf("%+v came to %+v without folding: %v", at, again, err)
	}
	if number, err := l.NumberAt(t.Context(), at); number != want || err != nil {
		t.Errorf("%+v came to number %d, not %d: %v", at, number, want, err)
	}
}

func TestALedgerIsLookedAtAsItWasAtAnyNumber(t *testing.T) {
	l := playStory(t)
	p := pastOf(t, l)
	for number := range p.last {
		p.check(t, l, At{Number: number + 1}, number+1)
	}
	p.check(t, l, At{}, p.last)
	if views, _, err := l.LookAt(t.Context(), At{}); views != l.Views() || err != nil {
		t.Errorf("now is not what is kept up: %v", err)
	}
}

// Creating a ledger is one commit of two events.
func TestANumberWithinACommitIsAMomentToo(t *testing.T) {
	l := playStory(t)
	pastOf(t, l).check(t, l, At{Number: 1}, 1)
}

func TestALedgerIsLookedAtAsItWasAtAnInstantOrADate(t *testing.T) {
	l := playStory(t) // a minute from command to command, from 1 August 2019, 09:00 UTC
	p := pastOf(t, l)
	begin := time.Date(2019, 8, 1, 9, 0, 0, 0, time.UTC)
	for number := int64(1); number <= p.last; number++ {
		next := number
		for next < p.last && p.times[next+1].Equal(p.times[number]) {
			next++
		}
		p.check(t, l, At{Instant: p.times[number]}, next)
		p.check(t, l, At{Instant: p.times[number].Add(time.Second)}, next)
		if before := p.times[number].Add(-time.Millisecond); !before.Before(begin) && next == number && !p.times[number-1].Equal(p.times[number]) {
			p.check(t, l, At{Instant: before}, number-1)
		}
	}
	for _, date := range []domain.Date{"2019-08-01", "2019-08-02", "2020-01-01"} {
		p.check(t, l, At{Date: date}, p.last)
	}
}

// 23:30 UTC on 31 July is 00:30 on 1 August in London.
func TestADateIsLondons(t *testing.T) {
	o := Options{Dir: t.TempDir(), Name: "test"}
	script := Script{Actor: "scripted", At: time.Date(2019, 7, 31, 20, 0, 0, 0, time.UTC)}
	if _, err := Create(t.Context(), o, testLedger(domain.KindDemo), &script); err != nil {
		t.Fatal(err)
	}
	l := opened(t, o)
	script.At = time.Date(2019, 7, 31, 23, 30, 0, 0, time.UTC)
	if _, err := l.SubmitScripted(t.Context(), script, register(1)); err != nil {
		t.Fatal(err)
	}
	p := pastOf(t, l)
	p.check(t, l, At{Date: "2019-07-31"}, 2)
	p.check(t, l, At{Date: "2019-08-01"}, 3)
}

func TestAMomentThatTheLedgerDoesNotHaveIsNamedWithWhatThereIs(t *testing.T) {
	l := playStory(t)
	last, _ := l.Log().Last()
	now := time.Now()
	for _, test := range []struct {
		at   At
		says string
	}{
		{At{Number: last + 1}, "the ledger has numbers 1 to "},
		{At{Number: -1}, "there is no number -1"},
		{At{Date: "2019-07-31"}, "number 1 of this ledger was recorded on 1 August 2019, at 2019-08-01T09:00:00Z"},
		{At{Instant: time.Date(2019, 8, 1, 8, 59, 59, 0, time.UTC)}, "nothing was recorded by 2019-08-01T08:59:59Z: number 1"},
		{At{Instant: now.Add(time.Hour)}, "is still to come"},
		{At{Date: domain.DateIn(now.AddDate(0, 0, 2))}, "is still to come: nobody knows yet what will be recorded by then; today is "},
		{At{Number: 1, Date: "2019-08-01"}, "choose one of them"},
	} {
		_, _, err := l.LookAt(t.Context(), test.at)
		if _, of := errors.AsType[*MomentError](err); !of || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%+v: %v", test.at, err)
		}
	}
}

func TestAMomentIsReadAsPeopleWriteIt(t *testing.T) {
	for text, want := range map[string]At{
		"57":                        {Number: 57},
		"2019-03-31":                {Date: "2019-03-31"},
		"2019-03-31T17:00:00Z":      {Instant: time.Date(2019, 3, 31, 17, 0, 0, 0, time.UTC)},
		"2019-07-31T17:00:00+01:00": {Instant: time.Date(2019, 7, 31, 16, 0, 0, 0, time.UTC)},
	} {
		at, err := ParseAt(text)
		if err != nil || at != want {
			t.Errorf("%s: %+v, %v", text, at, err)
		}
		if again, err := ParseAt(at.String()); err != nil || again != at {
			t.Errorf("%s is written %s", text, at)
		}
	}
	for _, text := range []string{"", "0", "-3", "99999999999999999999", "yesterday", "2019-02-30", "31/03/2019", "2019-03-31 17:00", "1e3", "+5"} {
		if at, err := ParseAt(text); err == nil {
			t.Errorf("%q is read as %+v", text, at)
		}
	}
}

func TestWhatIsEffectiveByADateIsLookedAtAsAtAnyNumber(t *testing.T) {
	l := playStory(t)
	p := pastOf(t, l)
	var events []domain.Recorded
	if err := l.Recorded(t.Context(), func(r domain.Recorded) { events = append(events, r) }); err != nil {
		t.Fatal(err)
	}
	for _, effective := range []domain.Date{"2019-03-31", "2019-08-01", "2030-01-01"} {
		for _, number := range []int64{p.last / 2, p.last} {
			want := projections.NewViewsAt(effective)
			for _, r := range events[:number] {
				want.Apply(r)
			}
			views, moment, err := l.LookAt(t.Context(), At{Number: number, Effective: effective})
			if err != nil || views.Digest() != want.Digest() || views.Effective() != effective || moment.Root != p.roots[number] {
				t.Errorf("effective %s at %d: %+v, %v", effective, number, moment, err)
			}
		}
	}
	if views, moment, err := l.LookAt(t.Context(), At{Effective: "2019-03-31"}); err != nil || moment.Number != p.last || views == l.Views() {
		t.Errorf("%+v, %v", moment, err)
	}
}
