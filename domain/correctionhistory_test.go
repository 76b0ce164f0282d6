package domain

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// This file takes entries of random histories back, and holds what the ledger promises against what it stands at then.

// corrected is a ledger folded from a log, in which entries are taken back by whoever may.
type corrected struct {
	*Ledger
	log []Recorded
}

// takeBack reverses an entry on the day on which it took effect or, if later, on that of the newest event.
func (c *corrected) takeBack(number int64) (EntryReversed, error) {
	last := c.log[len(c.log)-1]
	look := func(n int64) (Recorded, bool) {
		i := slices.IndexFunc(c.log, func(r Recorded) bool { return r.Number == n })
		return c.log[max(i, 0)], i >= 0
	}
	was, _ := look(number)
	day := max(was.Effective, DateIn(last.Time))
	at := Stamp{Number: last.Number + 1, Time: day.time().Add(last.Time.Sub(DateIn(last.Time).time())), Actor: last.Actor, Auth: last.Auth}
	m, err := c.moment(KindOf(ReverseEntry{}), takeBack(number), day, at, look)
	if err != nil {
		return EntryReversed{}, err
	}
	facts, err := c.consider(takeBack(number), m)
	if err != nil {
		return EntryReversed{}, err
	}
	r := Recorded{at, facts[0]}
	c.Apply(r)
	c.log = append(c.log, r)
	return r.Event.(EntryReversed), nil
}

// leftStanding is what decisions depend on and a reversal has to restore, without what stands at nothing.
type leftStanding struct {
	Balances  map[fundSide]Pence
	Items     map[ItemID][]Part
	Recovered map[ItemID]Pence
	Raised    map[string]Pence
	Sums      map[sumKey]Pence
	Paid      map[string]Pence
}

func standsAt(l *Ledger) leftStanding {
	s := leftStanding{map[fundSide]Pence{}, map[ItemID][]Part{}, map[ItemID]Pence{}, map[string]Pence{}, map[sumKey]Pence{}, map[string]Pence{}}
	for code, f := range l.funds {
		for key, pence := range f.balances {
			note(s.Balances, fundSide{code, key}, pence)
		}
	}
	for id, item := range l.items {
		if item.left() != 0 {
			s.Items[id] = item.open
		}
		for _, pence := range item.recovered {
			note(s.Recovered, id, s.Recovered[id]+pence)
		}
	}
	for key, months := range l.raised {
		for month, pence := range months {
			note(s.Raised, fmt.Sprint(key, month), pence)
		}
	}
	for key, pence := range l.reimbursed {
		note(s.Sums, key, pence)
	}
	for number, claim := range l.claims {
		for post, pence := range claim.paid {
			note(s.Paid, fmt.Sprint(number, post, claim.approved != nil), pence)
		}
		for post, proved := range claim.proved {
			note(s.Paid, fmt.Sprint(number, post, "proved", proved), Pence(len(proved)))
		}
	}
	return s
}

// note keeps what is not nil.
func note[K comparable](of map[K]Pence, key K, pence Pence) {
	if pence != 0 {
		of[key] = pence
	}
}

// TestRandomEntriesAreTakenBack has random histories: what was just recorded can be taken back, and all is as it was
// before; and taking back whatever can be, the newest first or in any order, keeps every promise of the ledger.
func TestRandomEntriesAreTakenBack(t *testing.T) {
	back, refused := map[string]int{}, map[Rule]int{}
	rapid.Check(t, func(r *rapid.T) {
		h := &history{story: newStory(r), tally: newTally(), twin: new(Ledger), books: map[FundCode]*sums{}, year: newYearBooks()}
		h.in = rapid.SampledFrom([]Year{"", "2019-20", "2019-20", "2026-27"}).Draw(r, "in")
		h.seed = rapid.Uint64().Draw(r, "history")
		h.begin()
		for _, seed := range rapid.SliceOfN(rapid.Uint64(), 100, 200).Draw(r, "steps") {
			h.step(seed)
		}
		entries := slices.DeleteFunc(slices.Clone(h.log), func(r Recorded) bool { return len(Postings(r)) == 0 })
		entries = slices.DeleteFunc(entries, func(r Recorded) bool { _, first := r.Event.(FundingConfirmed); return first && h.dice.IntN(10) > 0 })
		if len(entries) == 0 {
			return
		}
		for range 8 {
			justRecorded(r, h.log, rapid.SampledFrom(entries).Draw(r, "entry"), back)
		}
		some := slices.Clone(entries[max(0, len(entries)-25):])
		slices.Reverse(some)
		inOrderOf(r, h.log, some, refused)
		inOrderOf(r, h.log, rapid.Permutation(some).Draw(r, "order"), refused)
	})
	t.Logf("taken back at once %v; refused later %v", back, refused)
	for _, rule := range reversals {
		if common := []string{"FundingConfirmed", "FundAllocated", "AllocationMoved", "FundsReleased", "SpendRecorded", "AdvanceCalledBack", "PaymentSettled"}; !testing.Short() &&
			slices.Contains(common, rule.kind) && back[rule.kind] < 3 {
			t.Errorf("%s was taken back %d times in all histories", rule.kind, back[rule.kind])
		}
	}
}

func newTally() *tally {
	return &tally{tried: map[string]int{}, done: map[string]int{}, refused: map[Rule]int{}, reached: map[string]int{}}
}

// justRecorded takes an entry back that is the newest of its ledger.
func justRecorded(t rapid.TB, log []Recorded, entry Recorded, back map[string]int) {
	through := slices.IndexFunc(log, func(r Recorded) bool { return r.Number == entry.Number })
	before := standsAt(fold(log[:through]))
	c := &corrected{fold(log[:through+1]), slices.Clone(log[:through+1])}
	name := EventKindOf(entry.Event).Name
	e, err := c.takeBack(entry.Number)
	if err != nil {
		rule, _ := reversalOf(entry.Event)
		overspent := rule.whole && c.funds[Postings(entry)[0].Fund].Cover == CoverWarn
		if rule.never == "" && !overspent {
			t.Fatalf("event %d, %s, was just recorded and cannot be taken back: %v", entry.Number, name, err)
		}
		return
	}
	if e.ToLapsed {
		t.Fatalf("event %d, %s, drew on what had lapsed", entry.Number, name)
	}
	if diff := cmp.Diff(before, standsAt(c.Ledger), cmp.AllowUnexported(fundSide{}, side{}, sumKey{})); diff != "" {
		t.Fatalf("event %d, %s, is taken back, and not all is as it was (-before +after):\n%s", entry.Number, name, diff)
	}
	back[name]++
}

// inOrderOf takes back what can be, one after another, and requires the books to hold after each and a rebuilt ledger to be the same.
func inOrderOf(t rapid.TB, log, entries []Recorded, refused map[Rule]int) {
	c := &corrected{fold(log), slices.Clone(log)}
	for _, entry := range entries {
		if _, err := c.takeBack(entry.Number); err != nil {
			if refusalOf(err) == nil {
				t.Fatalf("event %d: %v is no refusal", entry.Number, err)
			}
			refused[refusalOf(err).Rule]++
			continue
		}
		if err := errors.Join(checkBooks(c.Ledger, c.log), checkSums(c.Ledger)); err != nil {
			t.Fatalf("after event %d, %T, was taken back: %v", entry.Number, entry.Event, err)
		}
	}
	if diff := cmp.Diff(standsAt(fold(c.log)), standsAt(c.Ledger), cmp.AllowUnexported(fundSide{}, side{}, sumKey{})); diff != "" {
		t.Fatalf("a rebuilt ledger is another:\n%s", diff)
	}
}

// checkSums requires that no item is open beyond its amount or recovered beyond its charge, nothing is raised below nothing,
// no network is paid beyond its sum, and no post beyond its maximum or in two claims for one month.
func checkSums(l *Ledger) error {
	for id, item := range l.items {
		for i, part := range item.open {
			if whole := item.Parts[slices.IndexFunc(item.Parts, func(p Part) bool { return p.For == part.For })]; part.Pence > whole.Pence {
				return fmt.Errorf("item %s has %s open of part %d, %s", id, part.Pence, i, whole.Pence)
			}
		}
		for i, pence := range item.recovered {
			if pence < 0 || pence > item.Charges[i].Pence {
				return fmt.Errorf("item %s has %s recovered of charge %d, %s", id, pence, i, item.Charges[i].Pence)
			}
		}
	}
	for key, months := range l.raised {
		for month, pence := range months {
			if pence < 0 {
				return fmt.Errorf("%v is raised at %s for %s", key, pence, month)
			}
		}
	}
	for key, pence := range l.reimbursed {
		if sum, err := l.SumOf(key.network, key.year, key.sum); err != nil || pence < 0 || pence > sum {
			return fmt.Errorf("%s is reimbursed %s of %s, %v", key.network, pence, sum, err)
		}
	}
	for person := range l.claimsOf {
		paid := map[postMonth]Pence{}
		for _, claim := range l.claimsFor(person) {
			for _, line := range claim.lines {
				post := postMonth{person, claim.Network, line.month}
				if line.person != person || claim.uplift || !claim.standsFor(line.claimedPost) {
					continue
				}
				was := l.paidFor(line.claimedPost)
				most, err := l.maximumOf(person, claim.Network, line.role, line.month)
				// A maximum that rose since may have moved a month's rounding by a penny.
				if _, twice := paid[post]; twice || err != nil || was > most+1 {
					return fmt.Errorf("%+v is claimed twice, %v, or paid %s of %s, %v", post, twice, was, most, err)
				}
				paid[post] = was
			}
		}
	}
	return nil
}

// checkBooks requires what the ledger promises of every fund: it balances, released is advances and charged expenditure use
// by use, nothing is below zero that may not be, and items are what payables and receivables consist of.
func checkBooks(l *Ledger, log []Recorded) error {
	h := &history{story: &story{ledger: l}, books: map[FundCode]*sums{}}
	failed := &noted{}
	h.t = failed
	for code := range l.funds {
		h.books[code] = &sums{balances: map[side]Pence{}}
	}
	for _, r := range log {
		for _, p := range Postings(r) {
			h.books[p.Fund].balances[side{p.Account, p.Bucket}] += p.Pence
		}
	}
	for _, code := range sortedKeys(l.funds) {
		h.checkBuckets(code, h.books[code])
		h.checkItems(code, h.books[code])
		sums := h.books[code].totals()
		if parts := sums[Unallocated] + sums[Allocated] + sums[Released] + sums[Charged] + sums[Lapsed]; parts != -sums[Limit] {
			h.fail("fund %s: limit %s, and parts of %s", code, -sums[Limit], parts)
		}
	}
	return failed.first
}

// noted keeps the first thing that failed.
type noted struct {
	rapid.TB
	first error
}

func (n *noted) Logf(string, ...any) {}
func (n *noted) Helper()             {}
func (n *noted) Fatalf(format string, args ...any) {
	if n.first == nil {
		n.first = fmt.Errorf(format, args...)
	}
}
