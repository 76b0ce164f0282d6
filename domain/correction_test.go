package domain

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestCorrection(t *testing.T) { tell(t, correctionRows) }

// takeBack asks that an entry be reversed.
func takeBack(entry int64) ReverseEntry {
	return ReverseEntry{Entry: entry, Reason: "recorded for the wrong network"}
}

// reversed takes entries back with effect from the story's day; the director approves.
func (s *story) reversed(entries ...int64) *story {
	s.t.Helper()
	for _, entry := range entries {
		s.reversedOn("", entry)
	}
	return s
}

// reversedOn takes an entry back with effect from a day.
func (s *story) reversedOn(dated Date, entry int64) *story {
	s.t.Helper()
	return s.approvedOn(dated, takeBack(entry))
}

// approvedOn records a command as the first recorder, with effect from a day, and has the director approve it.
func (s *story) approvedOn(dated Date, c Command) *story {
	s.t.Helper()
	s.as(recorder).dated(dated, c)
	held, ok := s.log[len(s.log)-1].Event.(RequestHeld)
	if !ok {
		s.t.Fatalf("%s was not held", KindOf(c).Name)
	}
	return s.as(chief).do(Approve{s.number - 1, held.Digest}).as(recorder)
}

// takenBack is a chapter that reverses entries on a day.
func takenBack(on Date, entries ...int64) chapter {
	return func(s *story) { s.on(on).reversed(entries...) }
}

// instead is a chapter that records a command in the place of a reversed entry.
func instead(on Date, entry int64, dated Date, c Command) chapter {
	return func(s *story) { s.on(on).approvedOn("", ReplaceEntry{Entry: entry, With: Asked{c, dated}}) }
}

// byHand is a chapter that records an event for which no command is asked: only its postings and items count.
func byHand(number int64, on Date, e Event) chapter {
	return func(s *story) {
		s.number = number
		r := Recorded{s.on(on).stamp(), Fact{Event: e, Effective: on, Period: PeriodOf(on)}}
		for _, p := range Postings(r) {
			s.ledger.funds[p.Fund].post(p)
			s.ledger.periods.post(p)
		}
		s.ledger.applyItems(r)
		s.log = append(s.log, r)
		s.number++
	}
}

// closing closes periods, the last one given.
func closing(on Date, through ...Period) chapter {
	return func(s *story) {
		for _, p := range through {
			s.on(on).as(chief).do(ClosePeriod{Period: p})
		}
		s.as(recorder)
	}
}

// A takenBackRow is one entry that is taken back, and where its fund stands before and after.
type takenBackRow struct {
	name          string
	given         []chapter
	entry         int64
	on, dated     Date
	fund          FundCode
	before, after string
	open          string // items afterwards
	toLapsed      bool
	period        Period          // it lands in; not looked at if not given
	then          func(*story)    // what is done afterwards
	state         func(*Ledger) error // what else has to be as it was
}

var takenBackRows = []takenBackRow{
	{name: "funding", given: untilFunded, entry: 101, on: "2018-11-06", fund: nr},
	{name: "an allocation", given: untilAllocated, entry: 110, on: "2018-12-04", fund: nr},
	{name: "a release", given: untilReleased, entry: 120, on: "2018-12-11", fund: nr},
	{name: "a payment", given: untilSpent, entry: 130, on: "2019-01-16", fund: nr},
	{name: "a spend", given: untilSpent, entry: 140, on: "2019-01-16", fund: nr},
	{name: "a call back", given: untilCalledBack, entry: 150, on: "2019-02-05", fund: nr},
	{name: "a receipt", given: untilReceived, entry: 160, on: "2019-03-02", fund: nr},
	{name: "a spend after the close", given: untilClosed, entry: 140, on: "2019-04-05", fund: nr},
	{name: "a call back after the close", given: more(untilCalledBack, paidUp, closed), entry: 150, on: "2019-04-05", fund: nr},
	{name: "evidence", given: evidencePaid, entry: 220, on: "2019-01-16", fund: evWarn},
	{name: "entitlement", given: untilJuly, entry: 240, on: "2019-07-16", fund: core},
	{name: "claim", given: untilApproved, entry: 270, on: "2019-11-16", fund: arrs},
	{name: "recovery", given: untilRecovered, entry: 280, on: "2019-12-16", fund: arrs},
	{name: "recovery after close", given: more(untilRecovered, closedArrs), entry: 280, on: "2020-04-16", fund: arrs},
}

func TestTakenBack(t *testing.T) {
	for _, r := range takenBackRows {
		t.Run(r.name, func(t *testing.T) { r.tell(t) })
	}
}

func (r takenBackRow) tell(t *testing.T) {
	s := told(t, r.given)
	t.Log(s.totals(r.fund))
	governed(s)
	s.on(r.on).reversedOn(r.dated, r.entry)
	t.Log(s.totals(r.fund))
	t.Log(s.open())
}

var correctionRows = []row{}
var _ = errors.Is
var _ = fmt.Sprint
var _ = maps.Keys[map[int]int]
var _ = rand.New
var _ = slices.Sort[[]int]
var _ = strings.Cut
var _ = cmp.Diff
var _ rapid.TB
