package domain

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A history is a random ledger: funds of every shape, and whatever may happen to them, in any order that officers could
// choose. After every command, refused or recorded, the ledger's promises are checked.
type history struct {
	*story
	tally *tally
	seed  uint64
	dice  *rand.Rand
	asked []asked
	twin  *Ledger // has the same events applied and is never asked
	books map[FundCode]*sums
}

// asked is a command that was asked for, and when.
type asked struct {
	on, dated Date
	command   Command
}

// sums is what an officer with a pencil keeps of a fund: totals from the events' own amounts, not from postings.
type sums struct {
	balances map[side]Pence // these from postings

	confirmed, allocated, spent       Pence
	released, spentAdvance, calledOut Pence // calledOut: called back
	payable, paid                     Pence
	owedSpent, received, lapsed       Pence
}

// tally counts what histories reached, so that a generator that goes stale is seen.
type tally struct {
	tried, done map[string]int
	refused     map[Rule]int
	reached     map[string]int
	decided     int
	longest     int
}

func TestHistories(t *testing.T) {
	seen := &tally{tried: map[string]int{}, done: map[string]int{}, refused: map[Rule]int{}, reached: map[string]int{}}
	rapid.Check(t, func(r *rapid.T) {
		h := &history{story: newStory(r), tally: seen, twin: new(Ledger), books: map[FundCode]*sums{}}
		h.seed = rapid.Uint64().Draw(r, "history")
		h.begin()
		for _, seed := range rapid.SliceOfN(rapid.Uint64(), 130, 400).Draw(r, "steps") {
			h.step(seed)
		}
		h.rebuild()
		seen.longest = max(seen.longest, len(h.log))
	})
	seen.report(t)
	if testing.Short() {
		return
	}
	for _, kind := range Commands() {
		if least := 40; seen.done[kind.Name] < least {
			t.Errorf("%s succeeded %d times in all histories; at least %d are wanted for the properties to mean anything",
				kind.Name, seen.done[kind.Name], least)
		}
	}
	for _, state := range deepStates {
		if seen.reached[state] < 5 {
			t.Errorf("only %d histories reached %q", seen.reached[state], state)
		}
	}
}

// attempt asks for a command and, unless it is refused, records it.
func (h *history) attempt(dated Date, c Command) bool {
	name := KindOf(c).Name
	h.tally.tried[name]++
	h.tally.decided++
	h.asked = append(h.asked, asked{DateIn(h.now), dated, c})
	fact, err := h.decide(c, dated)
	switch h.tally.decided % 16 {
	case 0:
		h.decidesAlike(c, dated, fact, err)
	case 8:
		h.undisturbed()
	}
	if err != nil {
		h.checkRefusal(name, err)
		return false
	}
	h.tally.done[name]++
	if err := roundTrips(fact.Event); err != nil {
		h.fail("%v", err)
	}
	h.readsBack(c, dated, fact)
	r := h.apply(fact)
	h.twin.Apply(r)
	h.post(r)
	h.check(r)
	h.note(r)
	return true
}

// undisturbed requires that deciding has left the ledger as one that was never asked. A change would stay, so that it is
// enough to look now and then and at the end.
func (h *history) undisturbed() {
	if !reflect.DeepEqual(h.ledger, h.twin) {
		h.fail("deciding, on this command or on one of the last sixteen, changed the ledger")
	}
}

// fail ends the history and tells it.
func (h *history) fail(format string, args ...any) {
	for _, a := range h.asked {
		text, _ := json.Marshal(a.command)
		h.t.Logf("%s: %s dated %q: %s", a.on, KindOf(a.command).Name, string(a.dated), text)
	}
	h.t.Fatalf(format, args...)
}

// decidesAlike has a ledger that was folded anew from what is recorded take the same decision.
func (h *history) decidesAlike(c Command, dated Date, fact Fact, err error) {
	again := &story{t: h.t, ledger: fold(h.log), number: h.number, now: h.now}
	factAgain, errAgain := again.decide(c, dated)
	if !reflect.DeepEqual(fact, factAgain) || !reflect.DeepEqual(err, errAgain) {
		h.fail("a rebuilt ledger decides otherwise: %v, %v; then %v, %v", fact, err, factAgain, errAgain)
	}
}

// readsBack has the command mean the same after it was written as JSON and read again.
func (h *history) readsBack(c Command, dated Date, fact Fact) {
	text, err := json.Marshal(c)
	if err != nil {
		h.fail("%v", err)
	}
	read, err := KindOf(c).Decode(fromJSON(string(text)))
	if err != nil {
		h.fail("%s is accepted, but not when read from %s: %v", KindOf(c).Name, text, err)
	}
	if again, err := h.ledger.Decide(read, dated, h.stamp()); err != nil || !reflect.DeepEqual([]Fact{fact}, again) {
		h.fail("%s decides otherwise when read from %s: %v", KindOf(c).Name, text, err)
	}
}

func (h *history) checkRefusal(name string, err error) {
	if errors.Is(err, ErrUnchanged) {
		h.tally.reached["nothing would change"]++
		return
	}
	refusal := refusalOf(err)
	if refusal == nil || refusal.Rule == "" || refusal.Reason == "" || refusal.Remedy == "" {
		h.fail("%s: %v is no refusal with a rule, a reason and a remedy", name, err)
	}
	h.tally.refused[refusal.Rule]++
}

func fold(log []Recorded) *Ledger {
	l := new(Ledger)
	for _, r := range log {
		l.Apply(r)
	}
	return l
}

// rebuild folds the log anew, as decided and as read from JSON, and requires the same ledger.
func (h *history) rebuild() {
	h.undisturbed()
	stored := slices.Clone(h.log)
	for i, r := range stored {
		text, err := json.Marshal(r.Event)
		if err != nil {
			h.fail("%v", err)
		}
		if stored[i].Event, err = EventKindOf(r.Event).Decode(fromJSON(string(text))); err != nil {
			h.fail("%v", err)
		}
	}
	if !reflect.DeepEqual(fold(h.log), h.ledger) || !reflect.DeepEqual(fold(stored), h.ledger) {
		h.fail("a rebuilt ledger is another")
	}
}

// roundTrips requires that an event reads from its JSON as it was decided.
func roundTrips(e Event) error {
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	back, err := EventKindOf(e).Decode(fromJSON(string(text)))
	if err != nil {
		return fmt.Errorf("%s does not read back from %s: %w", EventKindOf(e).Name, text, err)
	}
	if !reflect.DeepEqual(e, back) {
		return fmt.Errorf("%s is stored otherwise than decided (-decided +stored):\n%s", EventKindOf(e).Name, cmp.Diff(e, back))
	}
	return nil
}

// post keeps the books: balances from the postings, and totals from the amounts of the event's lines.
func (h *history) post(r Recorded) {
	if e, ok := r.Event.(FundOpened); ok {
		h.books[e.Fund] = &sums{balances: map[side]Pence{}}
	}
	for _, p := range Postings(r) {
		h.books[p.Fund].balances[side{p.Account, p.Bucket}] += p.Pence
	}
	switch e := r.Event.(type) {
	case FundingConfirmed:
		h.books[e.Fund].confirmed += e.Pence
	case FundAllocated:
		for _, line := range e.Lines {
			h.books[e.Fund].allocated += line.Pence
		}
	case FundsReleased:
		for _, line := range e.Lines {
			h.books[e.Fund].released += line.Pence
			h.books[e.Fund].payable += line.Pence
		}
	case SpendRecorded:
		for _, line := range e.Lines {
			h.books[e.Fund].spend(line)
		}
	case AdvanceCalledBack:
		for _, line := range e.Lines {
			h.books[e.Fund].calledOut += line.Pence
			if e.ReturnsTo == Lapsed {
				h.books[e.Fund].lapsed += line.Pence
			}
		}
	case PaymentSettled:
		for _, line := range e.Lines {
			h.books[line.Fund].paid += line.Pence
		}
	case ReceiptRecorded:
		for _, line := range e.Lines {
			h.books[line.Fund].received += line.Pence
		}
	case FundClosed:
		for _, line := range e.CalledBack {
			h.books[e.Fund].calledOut += line.Pence
		}
	}
}

// spend adds a line of spend up: what an advance paid, what a called-back one paid, and what is owed on evidence.
func (b *sums) spend(line DrawnLine) {
	b.spent += line.Pence
	for _, d := range line.Draws {
		switch {
		case d.Owed.Item != "":
			b.owedSpent += d.Pence
		case d.Account == Released:
			b.spentAdvance += d.Pence
		default:
			b.payable += d.Pence
		}
	}
}

func (b *sums) totals() map[Account]Pence {
	totals := map[Account]Pence{}
	for s, pence := range b.balances {
		totals[s.account] += pence
	}
	return totals
}

// check requires every promise of the ledger after an event.
func (h *history) check(r Recorded) {
	h.checkPostings(r)
	h.checkLines(r.Event)
	touched := map[FundCode]bool{}
	for _, p := range Postings(r) {
		touched[p.Fund] = true
	}
	for code := range touched {
		h.checkTotals(code, h.books[code])
		h.checkBuckets(code, h.books[code])
		h.checkItems(code, h.books[code])
	}
}

// checkPostings requires that an event balances, fund by fund and side by side, and posts only what accounts keep.
func (h *history) checkPostings(r Recorded) {
	type part struct {
		fund    FundCode
		control bool
	}
	sums := map[part]Pence{}
	for _, p := range Postings(r) {
		sums[part{p.Fund, p.Account.IsControl()}] += p.Pence
		if p.Pence == 0 || p.Account.keep(p.Bucket) != p.Bucket || p.Effective != r.Effective || p.Period != PeriodOf(r.Effective) {
			h.fail("event %d posts %+v", r.Number, p)
		}
	}
	for of, sum := range sums {
		if sum != 0 {
			h.fail("event %d, %s, leaves %s in fund %s, control %v", r.Number, EventKindOf(r.Event).Name, sum, of.fund, of.control)
		}
	}
}

// checkLines requires that what a line is made of sums to it.
func (h *history) checkLines(e Event) {
	drawn := func(pence Pence, draws []Draw) {
		sum := Pence(0)
		for _, d := range draws {
			sum += d.Pence
			if d.Pence <= 0 {
				h.fail("%s draws %s", EventKindOf(e).Name, d.Pence)
			}
		}
		if sum != pence {
			h.fail("%s: draws of %s make a line of %s", EventKindOf(e).Name, sum, pence)
		}
	}
	settled := func(line SettledLine) {
		sum := Pence(0)
		for _, p := range line.Parts {
			sum += p.Pence
		}
		if sum != line.Pence {
			h.fail("%s: parts of %s make a line of %s", EventKindOf(e).Name, sum, line.Pence)
		}
	}
	switch e := e.(type) {
	case FundsReleased:
		for _, line := range e.Lines {
			drawn(line.Pence, line.Draws)
		}
	case SpendRecorded:
		for _, line := range e.Lines {
			drawn(line.Pence, line.Draws)
		}
	case AdvanceCalledBack:
		for _, line := range e.Lines {
			drawn(line.Pence, line.Draws)
		}
	case FundClosed:
		for _, line := range e.CalledBack {
			drawn(line.Pence, line.Draws)
		}
	case PaymentSettled:
		for _, line := range e.Lines {
			settled(line)
		}
	case ReceiptRecorded:
		for _, line := range e.Lines {
			settled(line)
		}
	}
}

// checkTotals requires that every account stands where the amounts of the events put it, sign and all.
func (h *history) checkTotals(code FundCode, b *sums) {
	want := map[Account]Pence{
		Expenditure: b.spent,
		Advances:    b.released - b.spentAdvance - b.calledOut,
		Receivables: b.calledOut - b.owedSpent - b.received,
		Payables:    b.paid - b.payable,
		Clearing:    b.received - b.paid,
		Limit:       -b.confirmed,
		Released:    b.released - b.spentAdvance - b.calledOut,
		Charged:     b.spent,
	}
	f := h.ledger.funds[code]
	if f.closed == "" {
		want[Unallocated] = b.confirmed - b.allocated
	} else {
		want[Unallocated], want[Allocated], want[Advances] = 0, 0, 0
	}
	totals := b.totals()
	for account, pence := range want {
		if got := totals[account]; got != pence {
			h.fail("fund %s has %s on %s; its events come to %s", code, got, account, pence)
		}
	}
	parts := totals[Unallocated] + totals[Allocated] + totals[Released] + totals[Charged] + totals[Lapsed]
	if limit := -totals[Limit]; limit != parts {
		h.fail("fund %s: limit %s is not %s, the sum of unallocated, allocated, released, charged and lapsed", code, limit, parts)
	}
}

// checkBuckets requires that control and financial accounts say the same of each use, that nothing was taken that was
// not there, and that the ledger's own balances are those of the postings.
func (h *history) checkBuckets(code FundCode, b *sums) {
	f := h.ledger.funds[code]
	for s, pence := range b.balances {
		if f.balances[s] != pence {
			h.fail("fund %s decides on %s for %+v; its postings say %s", code, f.balances[s], s, pence)
		}
		for _, pair := range []struct{ control, financial Account }{{Released, Advances}, {Charged, Expenditure}} {
			if other := (side{pair.financial, s.bucket}); s.account == pair.control && pence != b.balances[other] {
				h.fail("fund %s: %s of %+v is %s, %s %s", code, pair.control, s.bucket, pence, pair.financial, b.balances[other])
			}
			if other := (side{pair.control, s.bucket}); s.account == pair.financial && pence != b.balances[other] {
				h.fail("fund %s: %s of %+v is %s, %s %s", code, pair.financial, s.bucket, pence, pair.control, b.balances[other])
			}
		}
		switch s.account {
		case Unallocated, Released, Advances, Receivables:
			if pence < 0 {
				h.fail("fund %s has %s on %+v", code, pence, s)
			}
		case Allocated, Lapsed:
			if pence < 0 && f.Cover == CoverHard {
				h.fail("fund %s with hard cover has %s on %+v", code, pence, s)
			}
		case Payables:
			if pence > 0 {
				h.fail("fund %s has overpaid %s of %+v", code, pence, s)
			}
		}
	}
}

// checkItems requires that open items are what payables and receivables consist of, and that none was overpaid.
func (h *history) checkItems(code FundCode, b *sums) {
	open := map[side]Pence{}
	for id, item := range h.ledger.items {
		if item.Fund != code {
			continue
		}
		sign := Pence(1)
		if item.Account == Payables {
			sign = -1
		}
		for _, part := range item.open {
			if part.Pence < 0 {
				h.fail("item %s has %s left for %s", id, part.Pence, part.For)
			}
			open[side{item.Account, Bucket{Payee: item.Payee, Beneficiary: item.Beneficiary, For: part.For}}] += sign * part.Pence
		}
	}
	for s, pence := range b.balances {
		if (s.account == Payables || s.account == Receivables) && pence != open[s] {
			h.fail("fund %s has %s on %+v, and items of %s", code, pence, s, open[s])
		}
		delete(open, s)
	}
	for s, pence := range open {
		if pence != 0 {
			h.fail("fund %s has items of %s for %+v, and nothing posted", code, pence, s)
		}
	}
}

// deepStates are what histories must reach again and again for the properties to mean anything.
var deepStates = []string{
	"nothing would change", "shared", "advance drawn on open allocations", "month drawn on the year",
	"several draws for one line", "spend for another purpose than its advance",
	"late spend of an advance called back", "late spend of an advance that lapsed", "late spend after the close",
	"late spend of two items", "evidence after the close", "overspend", "part payment", "part receipt",
	"called back to lapsed", "close that calls back", "close of an overspent fund", "a penny", "more than a billion pounds",
}

// note counts what an event reached.
func (h *history) note(r Recorded) {
	reach := func(is bool, state string) {
		if is {
			h.tally.reached[state]++
		}
	}
	switch e := r.Event.(type) {
	case FundingConfirmed:
		reach(e.Pence > 1_000_000_000_00, "more than a billion pounds")
	case FundAllocated:
		reach(e.Lines[0].List != 0, "shared")
		reach(e.Lines[0].Pence == 1, "a penny")
	case FundsReleased:
		for _, line := range e.Lines {
			reach(line.Draws[0].Payee == "" || line.Draws[0].Category != line.Category, "advance drawn on open allocations")
			reach(line.For != line.For.WholeYear() && line.Draws[0].For == line.For.WholeYear(), "month drawn on the year")
			reach(len(line.Draws) > 1, "several draws for one line")
		}
	case SpendRecorded:
		h.noteSpend(e, reach)
	case PaymentSettled:
		for _, line := range e.Lines {
			reach(h.ledger.items[line.Item].left() > 0, "part payment")
		}
	case ReceiptRecorded:
		for _, line := range e.Lines {
			reach(h.ledger.items[line.Item].left() > 0, "part receipt")
		}
	case AdvanceCalledBack:
		reach(e.ReturnsTo == Lapsed, "called back to lapsed")
	case FundClosed:
		reach(len(e.CalledBack) > 0, "close that calls back")
		reach(len(e.Overspent) > 0, "close of an overspent fund")
	}
}

func (h *history) noteSpend(e SpendRecorded, reach func(bool, string)) {
	closed := h.ledger.funds[e.Fund].closed != ""
	for _, line := range e.Lines {
		items := map[ItemID]bool{}
		for _, d := range line.Draws {
			owed := d.Owed.Item != ""
			items[d.Owed.Item] = owed
			reach(d.Account == Released && d.Category != line.Category, "spend for another purpose than its advance")
			reach(owed && d.Account == Allocated, "late spend of an advance called back")
			reach(owed && d.Account == Lapsed && !closed, "late spend of an advance that lapsed")
			reach(owed && closed, "late spend after the close")
			reach(!owed && d.Account == Lapsed, "evidence after the close")
		}
		delete(items, "")
		reach(len(items) > 1, "late spend of two items")
	}
	reach(h.ledger.funds[e.Fund].Basis == BasisEvidence && len(e.Warnings) > 0, "overspend")
}

func (s *tally) report(t *testing.T) {
	t.Logf("%d commands decided, the longest history has %d events", s.decided, s.longest)
	for _, name := range slices.Sorted(maps.Keys(s.tried)) {
		t.Logf("%-16s recorded %5d of %5d", name, s.done[name], s.tried[name])
	}
	for _, state := range slices.Sorted(maps.Keys(s.reached)) {
		t.Logf("reached %5d times: %s", s.reached[state], state)
	}
	for _, rule := range slices.Sorted(maps.Keys(s.refused)) {
		t.Logf("refused %5d times: %s", s.refused[rule], rule)
	}
}
