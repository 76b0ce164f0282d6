package ledger

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"time"

	"pcnledger/domain"
	"pcnledger/eventstore"
	"pcnledger/eventstore/proof"
	"pcnledger/projections"
)

// At says at which moment a ledger is looked at, on both axes of time: what it knew then, and what of that is effective by
// a date. Of Number, Instant and Date one is set at most; none asks for all that is recorded. The zero At is now.
type At struct {
	Number  int64       // as it was when this was the last number, also within a commit
	Instant time.Time   // as it was then
	Date    domain.Date // as it was at the end of that day in London

	Effective domain.Date // what moves money is taken in if it is effective by this date, inclusive; blank for all
}

// A Moment is what an [At] came to in a ledger: the last number that was known, when that was recorded, and the root of the
// tree over every event up to it, in base64.
type Moment struct {
	Number int64
	Time   time.Time
	Root   string
}

// A MomentError reports a moment that the ledger does not have, and names what there is. Whoever asked can ask better.
type MomentError struct{ what string }

// Error returns what is wrong.
func (e *MomentError) Error() string { return e.what }

func noMoment(format string, args ...any) error { return &MomentError{fmt.Sprintf(format, args...)} }

// ParseAt reads a moment as people write it: a number, an instant as RFC 3339 has it, or a date.
func ParseAt(text string) (At, error) {
	if numberForm.MatchString(text) {
		if number, err := strconv.ParseInt(text, 10, 64); err == nil && number > 0 {
			return At{Number: number}, nil
		}
		return At{}, noMoment("%q is no number of an event: they count from 1", text)
	}
	if instant, err := time.Parse(time.RFC3339, text); err == nil {
		return At{Instant: instant.UTC()}, nil
	}
	if date, err := domain.ParseDate(text); err == nil {
		return At{Date: date}, nil
	}
	return At{}, noMoment("%q is no moment: write the number of an event (57), a date (2019-03-31) or an instant (2019-03-31T17:00:00Z)", text)
}

var numberForm = regexp.MustCompile(`^-?[0-9]+$`)

// LookAt returns the views of a moment, and the moment. It folds the log from its first event to that number and stops; the
// views are the caller's own. For the zero At nothing is folded: these are the views that are kept up, see [Ledger.Views].
//
// It fails with a [*MomentError] where the ledger has no such moment.
func (l *Ledger) LookAt(ctx context.Context, at At) (*projections.Views, Moment, error) {
	if at == (At{}) {
		moment, err := l.now(ctx)
		return l.views, moment, err
	}
	number, err := l.numberAt(ctx, at, time.Now())
	if err != nil {
		return nil, Moment{}, err
	}
	views := projections.NewViewsAt(at.Effective)
	tree, err := l.foldTo(ctx, number, views.Apply)
	return views, Moment{views.Ledger.Number, views.Ledger.Time, tree.Root().String()}, err
}

// now is the moment of the views that are kept up.
func (l *Ledger) now(ctx context.Context) (Moment, error) {
	var number int64
	l.Look(func(v *projections.Views) { number = v.Ledger.Number })
	return l.MomentAt(ctx, At{Number: number})
}

// MomentAt returns what a moment comes to. It fails as [Ledger.LookAt] does, and folds no views: what the root at the end of
// a commit is stands in the log.
func (l *Ledger) MomentAt(ctx context.Context, at At) (Moment, error) {
	number, err := l.numberAt(ctx, at, time.Now())
	if err != nil {
		return Moment{}, err
	}
	last, err := l.log.Event(ctx, number)
	if err != nil {
		return Moment{}, err
	}
	moment := Moment{Number: number, Time: last.Time}
	if endsCommit := last.Commit+int64(last.Of)-1 == number; endsCommit {
		root, known, err := l.log.RootAfter(ctx, number)
		if known || err != nil {
			moment.Root = root.String()
			return moment, err
		}
	}
	tree, err := l.foldTo(ctx, number, func(domain.Recorded) {})
	moment.Root = tree.Root().String()
	return moment, err
}

// NumberAt returns the last number that the ledger knew at a moment. It fails as [Ledger.LookAt] does, and folds nothing.
func (l *Ledger) NumberAt(ctx context.Context, at At) (int64, error) {
	return l.numberAt(ctx, at, time.Now())
}

func (l *Ledger) numberAt(ctx context.Context, at At, now time.Time) (int64, error) {
	last, err := l.log.Event(ctx, l.log.Next()-1)
	if err != nil {
		return 0, err
	}
	switch {
	case at.several():
		return 0, noMoment("a moment is a number, an instant or a date: choose one of them")
	case at.Number != 0:
		if at.Number < 1 || at.Number > last.Number {
			return 0, noMoment("there is no number %d: the ledger has numbers 1 to %d", at.Number, last.Number)
		}
		return at.Number, nil
	case at.Date != "":
		if today := domain.DateIn(now); at.Date > max(today, domain.DateIn(last.Time)) {
			return 0, noMoment("%s is still to come: nobody knows yet what will be recorded by then; today is %s", at.Date, today)
		}
	case !at.Instant.IsZero():
		if at.Instant.After(later(now, last.Time)) {
			return 0, noMoment("%s is still to come: nobody knows yet what will be recorded by then; it is %s now",
				written(at.Instant), written(now))
		}
	default:
		return last.Number, nil
	}
	return l.lastBefore(ctx, at, last.Number)
}

func (a At) several() bool {
	set := 0
	for _, is := range []bool{a.Number != 0, !a.Instant.IsZero(), a.Date != ""} {
		if is {
			set++
		}
	}
	return set > 1
}

// lastBefore looks for the last event of a moment. Times never go back from one number to the next.
func (l *Ledger) lastBefore(ctx context.Context, at At, last int64) (int64, error) {
	var unread error
	known := sort.Search(int(last), func(i int) bool {
		e, err := l.log.Event(ctx, int64(i)+1)
		unread = errors.Join(unread, err)
		return err != nil || at.isPast(e.Time)
	})
	if unread != nil || known > 0 {
		return int64(known), unread
	}
	first, err := l.log.Event(ctx, 1)
	if err != nil {
		return 0, err
	}
	return 0, noMoment("nothing was recorded by %s: number 1 of this ledger was recorded on %s, at %s",
		at, domain.DateIn(first.Time), written(first.Time))
}

// isPast says that an event recorded then was not known at the moment.
func (a At) isPast(recorded time.Time) bool {
	if a.Date != "" {
		return domain.DateIn(recorded) > a.Date
	}
	return recorded.After(a.Instant)
}

// String returns the moment as [ParseAt] reads it, without the effective date; blank for now.
func (a At) String() string {
	switch {
	case a.Number != 0:
		return strconv.FormatInt(a.Number, 10)
	case !a.Instant.IsZero():
		return written(a.Instant)
	}
	return string(a.Date)
}

func written(instant time.Time) string { return instant.UTC().Format("2006-01-02T15:04:05.999Z") }

// hashed are the events of a commit and their leaves of the tree.
type hashed struct {
	events []domain.Recorded
	leaves []proof.Hash
}

// foldTo hands on every event up to a number, and returns the tree over them.
func (l *Ledger) foldTo(ctx context.Context, number int64, each func(domain.Recorded)) (proof.Tree, error) {
	var tree proof.Tree
	decode := folding(nil).Decode
	fold := eventstore.Fold{Unsealed: true, Decode: func(c eventstore.Commit) (any, error) {
		events, err := decode(c)
		if err != nil {
			return nil, err
		}
		return hashed{events.([]domain.Recorded), c.Leaves()}, nil
	}}
	fold.Apply = func(_ eventstore.Commit, decoded any) error {
		commit := decoded.(hashed)
		for i, r := range commit.events {
			tree.Add(commit.leaves[i])
			each(r)
			if r.Number == number {
				return errEnough
			}
		}
		return nil
	}
	err := l.log.Fold(ctx, 1, fold)
	if errors.Is(err, errEnough) {
		err = nil
	}
	if err == nil && tree.Size() != number {
		err = fmt.Errorf("number %d cannot be read: the log ended at %d", number, tree.Size())
	}
	return tree, err
}
