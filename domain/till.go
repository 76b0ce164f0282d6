package domain

import (
	"cmp"
	"fmt"
	"slices"
)

// fundState is a fund's terms and where its money stands.
type fundState struct {
	Terms
	closed   Date // zero while it is open
	balances map[side]Pence
	days     map[side][]dayPence       // of unallocated and allocated: what was posted on each day, in order
	whose    map[Account][]relation    // of accounts that can be drawn on: whose buckets were ever posted to, in order
	buckets  map[whoseBuckets][]Bucket // the same buckets, in order
	items    []ItemID                  // in the order they were opened
	budget   []BudgetMonth
}

// whoseBuckets names the buckets of an account that are one relation's: few, however many a fund has, so that keeping them
// in order costs the same for a country as for a network.
type whoseBuckets struct {
	account Account
	relation
}

// dayPence is what was posted with effect from a day.
type dayPence struct {
	day   Date
	pence Pence
}

// post adds a posting. One that passes, of an accrual that reverses itself, keeps nobody from the money between its days.
func (f *fundState) post(p Posting, passes bool) {
	s := side{p.Account, p.Bucket}
	f.add(s, p.Pence)
	if passes || s.account != Unallocated && s.account != Allocated {
		return
	}
	days := f.days[s]
	i, known := slices.BinarySearchFunc(days, p.Effective, func(d dayPence, day Date) int { return cmp.Compare(d.day, day) })
	if known {
		days[i].pence += p.Pence
		return
	}
	set(&f.days, s, slices.Insert(days, i, dayPence{p.Effective, p.Pence}))
}

// from is the least that a side holds on a day or any later one: what can be taken from that day on without taking what
// was not there yet, or is taken later.
func (f *fundState) from(s side, d Date) Pence {
	balance := f.balances[s]
	least := balance
	days := f.days[s]
	for i := len(days) - 1; i >= 0 && days[i].day > d; i-- {
		balance -= days[i].pence
		least = min(least, balance)
	}
	return least
}

// add posts to a side and, if it is the first time and others can draw on it, keeps its bucket in order: what stands is
// asked for at every decision.
func (f *fundState) add(s side, pence Pence) {
	before, known := f.balances[s]
	f.balances[s] = before + pence
	if known || !drawable(s.account) {
		return
	}
	key := whoseBuckets{s.account, relation{s.bucket.Payee, s.bucket.Beneficiary}}
	if len(f.buckets[key]) == 0 {
		set(&f.whose, s.account, inOrder(f.whose[s.account], key.relation, compareRelations))
	}
	set(&f.buckets, key, inOrder(f.buckets[key], s.bucket, compareBuckets))
}

// inOrder inserts what is not there.
func inOrder[T any](all []T, one T, compare func(a, b T) int) []T {
	i, _ := slices.BinarySearchFunc(all, one, compare)
	return slices.Insert(all, i, one)
}

// standing returns the buckets that hold anything of an account that can be drawn on, in order.
func (f *fundState) standing(account Account) []side {
	var sides []side
	for _, whose := range f.whose[account] {
		sides = append(sides, f.standingOf(account, whose)...)
	}
	return sides
}

// standingOf returns those of them that are one relation's, in order.
func (f *fundState) standingOf(account Account, whose relation) []side {
	var sides []side
	for _, b := range f.buckets[whoseBuckets{account, whose}] {
		if s := (side{account, b}); f.balances[s] != 0 {
			sides = append(sides, s)
		}
	}
	return sides
}

func compareBuckets(a, b Bucket) int {
	return cmp.Or(cmp.Compare(a.Payee, b.Payee), cmp.Compare(a.Beneficiary, b.Beneficiary),
		cmp.Compare(a.Category, b.Category), cmp.Compare(a.For, b.For))
}

func compareRelations(a, b relation) int {
	return cmp.Or(cmp.Compare(a.payee, b.payee), cmp.Compare(a.beneficiary, b.beneficiary))
}

// A till is a fund's money while one command is decided: what a line takes is gone for the lines after it.
type till struct {
	ledger *Ledger
	fund   *fundState
	moment moment
	taken  map[side]Pence
	used   map[partOf]Pence
}

// relation is one payee's dealing for one beneficiary.
type relation struct{ payee, beneficiary Body }

// partOf is an item's part for one time of service.
type partOf struct {
	item    ItemID
	service Service
}

func (l *Ledger) tillOf(f *fundState, m moment) *till {
	return &till{ledger: l, fund: f, moment: m, taken: map[side]Pence{}, used: map[partOf]Pence{}}
}

// free is what a side of a fund holds, from the effective date on, and no waiting request would take.
func (m moment) free(f *fundState, s side) Pence {
	return f.from(s, m.effective) - m.holds.sides[fundSide{f.Fund, s}]
}

// left is what a side still holds after what the command took.
func (t *till) left(s side) Pence { return t.moment.free(t.fund, s) - t.taken[s] }

// since says in a refusal that money is there, but not yet on the effective date, or not until what is dated later.
func (t *till) since(sides ...side) string {
	for _, s := range sides {
		if t.fund.from(s, t.moment.effective) < t.fund.balances[s] {
			return " from " + t.moment.effective.String() + " on"
		}
	}
	return ""
}

// anyDay is the till of the same command for money that may be taken on a day before it was there: that of an advance
// which was called back, and was spent before; that of an accrual.
func (t *till) anyDay() *till {
	late := *t
	late.moment.effective = lastDay
	return &late
}

// lastDay is later than any.
const lastDay Date = "9999-12-31"

func (t *till) leftIn(sides []side) (sum Pence) {
	for _, s := range sides {
		sum += max(t.left(s), 0)
	}
	return sum
}

// take draws up to want from the sides, in their order, and returns what it drew and what is short.
func (t *till) take(sides []side, want Pence) (draws []Draw, short Pence) {
	for _, s := range sides {
		if pence := min(t.left(s), want); pence > 0 {
			draws = append(draws, t.draw(s, pence))
			want -= pence
		}
	}
	return draws, want
}

func (t *till) draw(s side, pence Pence) Draw {
	t.taken[s] += pence
	return Draw{Account: s.account, Bucket: s.bucket, Pence: pence}
}

// available lists where money for want may be charged: what is allocated for it, and then for blanks; once the fund has
// lapsed, or called advances back after its end, what lapsed.
func (t *till) available(want Bucket) []side {
	if t.fund.closed != "" {
		return t.lapsedFor(want)
	}
	return append(allocatedFor(want), t.lapsedFor(want)...)
}

// lapsedFor lists what lapsed of the beneficiary's money, then of nobody's, its own time of service first.
func (t *till) lapsedFor(want Bucket) []side {
	return t.ranked(Lapsed, want, func(b Bucket) bool { return b.Beneficiary == want.Beneficiary || b.Beneficiary == "" })
}

// givenBack lists where the money of an advance stands after it was called back: as available, and then under whatever
// category and time of service the payee's advance had.
func (t *till) givenBack(want Bucket) []side {
	sides := t.available(want)
	if t.fund.closed != "" {
		return sides
	}
	others := t.ranked(Allocated, want, func(b Bucket) bool {
		return b.Payee == want.Payee && (b.Beneficiary == want.Beneficiary || b.Beneficiary == "")
	})
	for _, s := range others {
		if !slices.Contains(sides, s) {
			sides = append(sides, s)
		}
	}
	return sides
}

// ranked lists an account's buckets that serve want: the same beneficiary before none, then by category and service.
func (t *till) ranked(account Account, want Bucket, serves func(Bucket) bool) []side {
	var sides []side
	for _, s := range t.fund.standing(account) {
		if serves(s.bucket) {
			sides = append(sides, s)
		}
	}
	slices.SortStableFunc(sides, func(a, b side) int {
		return cmp.Or(
			cmp.Compare(rank(a.bucket.Beneficiary, want.Beneficiary, ""), rank(b.bucket.Beneficiary, want.Beneficiary, "")),
			compareUse(a.bucket, b.bucket, want))
	})
	return sides
}

// compareUse orders buckets by how well their category and then their time of service fit want.
func compareUse(a, b, want Bucket) int {
	return cmp.Or(
		cmp.Compare(rank(a.Category, want.Category, ""), rank(b.Category, want.Category, "")),
		cmp.Compare(rank(a.For, want.For, want.For.WholeYear()), rank(b.For, want.For, want.For.WholeYear())))
}

// allocatedFor lists the allocations that may pay for want: an exact match, then ever more blanks.
func allocatedFor(want Bucket) []side {
	var sides []side
	for _, payee := range orBlank(want.Payee) {
		for _, beneficiary := range orBlank(want.Beneficiary) {
			for _, category := range orBlank(want.Category) {
				for _, service := range orYear(want.For) {
					sides = append(sides, at(Allocated, Bucket{payee, beneficiary, category, service}))
				}
			}
		}
	}
	return sides
}

func orBlank[T ~string](exact T) []T {
	if exact == "" {
		return []T{""}
	}
	return []T{exact, ""}
}

func orYear(s Service) []Service {
	if s == s.WholeYear() {
		return []Service{s}
	}
	return []Service{s, s.WholeYear()}
}

// advancesFor lists the advances that a spend may use: the payee's for this beneficiary, then for none; in each the
// spend's own category first, then blank, then any other, and so with its time of service.
func (t *till) advancesFor(want Bucket) []side {
	var sides []side
	for _, beneficiary := range orBlank(want.Beneficiary) {
		advances := t.fund.standingOf(Released, relation{want.Payee, beneficiary})
		slices.SortStableFunc(advances, func(a, b side) int { return compareUse(a.bucket, b.bucket, want) })
		sides = append(sides, advances...)
	}
	return sides
}

// rank orders a value that is exactly as wanted before one that is general, and that before any other.
func rank[T comparable](value, exact, general T) int {
	switch value {
	case exact:
		return 0
	case general:
		return 1
	}
	return 2
}

// owed takes up to want from advances of the payee that were called back and are not yet received, oldest first.
func (t *till) owed(want Bucket, pence Pence) (taken []owedPart, short Pence) {
	if pence == 0 {
		return nil, 0
	}
	for _, id := range t.fund.items {
		item := t.ledger.items[id]
		if item.Account != Receivables || !item.Advance || item.Payee != want.Payee ||
			(item.Beneficiary != want.Beneficiary && item.Beneficiary != "") {
			continue
		}
		for _, part := range t.moment.leftOf(item) {
			key := partOf{id, part.For}
			if take := min(part.Pence-t.used[key], pence); take > 0 {
				t.used[key] += take
				pence -= take
				taken = append(taken, owedPart{Owed{id, item.Beneficiary, part.For}, take})
			}
		}
	}
	return taken, pence
}

type owedPart struct {
	Owed
	pence Pence
}

// pair splits draws so that each part says which receivable it used up. Both sides sum to the same.
func pair(draws []Draw, owed []owedPart) []Draw {
	var paired []Draw
	for len(draws) > 0 {
		part := draws[0]
		part.Pence = min(draws[0].Pence, owed[0].pence)
		part.Owed = owed[0].Owed
		paired = append(paired, part)
		if draws[0].Pence -= part.Pence; draws[0].Pence == 0 {
			draws = draws[1:]
		}
		if owed[0].pence -= part.Pence; owed[0].pence == 0 {
			owed = owed[1:]
		}
	}
	return paired
}

func sumOwed(owed []owedPart) (sum Pence) {
	for _, o := range owed {
		sum += o.pence
	}
	return sum
}

func onLine(i int, err error) error {
	refusal, ok := err.(*Refusal)
	if !ok {
		return err
	}
	located := *refusal
	located.Reason = fmt.Sprintf("line %d: %s", i+1, refusal.Reason)
	return &located
}
