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
	year  yearBooks
	in    Year // of the Network Contract, in which it begins; blank if before that

	governed bool // officers are appointed
	control  controlBooks
}

// asked is a command that was asked for, and when.
type asked struct {
	on, dated Date
	command   Command
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
		modes := []struct {
			in       Year
			governed bool
		}{{"", false}, {"2019-20", false}, {"", true}, {"2019-20", true}, {"2026-27", rapid.IntRange(0, 3).Draw(r, "governed") > 0}}
		for _, mode := range modes {
			h := &history{story: newStory(r), tally: seen, twin: new(Ledger), books: map[FundCode]*sums{}, year: newYearBooks(), control: newControlBooks(), in: mode.in}
			h.seed = rapid.Uint64().Draw(r, "history")
			h.begin()
			if mode.governed {
				h.govern()
			}
			for _, seed := range rapid.SliceOfN(rapid.Uint64(), 100, 400).Draw(r, "steps") {
				h.step(seed)
			}
			h.rebuild()
			h.explains()
			seen.longest = max(seen.longest, len(h.log))
		}
	})
	seen.report(t)
	if testing.Short() {
		return
	}
	for _, kind := range Commands() {
		if least := 20; seen.done[kind.Name] < least {
			t.Errorf("%s succeeded %d times in all histories; at least %d are wanted for the properties to mean anything",
				kind.Name, seen.done[kind.Name], least)
		}
	}
	for _, state := range slices.Concat(deepStates, yearStates, controlStates) {
		if seen.reached[state] < 3 && !slices.Contains(rareStates, state) {
			t.Errorf("only %d histories reached %q", seen.reached[state], state)
		}
	}
}

// rareStates are reached ten times or so in all histories, some of them now and then not at all. Each has rows of its own
// in the tables; that a run missed one is no fault.
var rareStates = []string{
	"reversed to lapsed", "posting in M13", "approved otherwise than it was held", "run with netting", "replaced", "paid to the network's sum", "role ended in a claimed month", "uplift reversed", "claimed again after a full recovery",
	"close of an overspent fund", "called back from several advances", "late spend of an advance that lapsed",
}

// attempt asks for a command as somebody who may, mostly, and, unless it is refused, records it.
func (h *history) attempt(dated Date, c Command) bool {
	if h.governed && len(h.ledger.officers.known) > 1 {
		h.as(h.actor(c))
	}
	return h.attemptAs(dated, c)
}

// attemptAs asks for a command as whoever acts.
func (h *history) attemptAs(dated Date, c Command) bool {
	name := KindOf(c).Name
	h.tally.tried[name]++
	h.tally.decided++
	h.asked = append(h.asked, asked{DateIn(h.now), dated, c})
	facts, err := h.decide(c, dated)
	switch h.tally.decided % 16 {
	case 0:
		h.decidesAlike(c, dated, facts, err)
	case 8:
		h.undisturbed()
	}
	if err != nil {
		h.checkRefusal(name, err)
		return false
	}
	h.tally.done[name]++
	h.readsBack(c, dated, facts)
	for _, r := range facts {
		if err := roundTrips(r.Event); err != nil {
			h.fail("%v", err)
		}
		h.apply([]Recorded{r})
		h.twin.Apply(r)
		h.post(r)
		h.check(r)
		h.note(r)
	}
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
func (h *history) decidesAlike(c Command, dated Date, facts []Recorded, err error) {
	again := &story{t: h.t, ledger: fold(h.log), log: h.log, number: h.number, now: h.now, login: h.login}
	factsAgain, errAgain := again.decide(c, dated)
	if !reflect.DeepEqual(facts, factsAgain) || !reflect.DeepEqual(err, errAgain) {
		h.fail("a rebuilt ledger decides otherwise: %v, %v; then %v, %v", facts, err, factsAgain, errAgain)
	}
}

// readsBack has the command mean the same after it was written as JSON and read again.
func (h *history) readsBack(c Command, dated Date, facts []Recorded) {
	text, err := json.Marshal(c)
	if err != nil {
		h.fail("%v", err)
	}
	read, err := KindOf(c).Decode(fromJSON(string(text)))
	if err != nil {
		h.fail("%s is accepted, but not when read from %s: %v", KindOf(c).Name, text, err)
	}
	if again, err := h.ledger.DecideWith(read, dated, h.stamp(), h.look); err != nil || !reflect.DeepEqual(facts, again) {
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
	switch refusal.Rule {
	case RuleMissing:
		h.tally.reached["run refused for missing patients"]++
	case RuleRateRevised, RuleEntitlementFell:
		h.tally.reached["run refused until adjusted"]++
	}
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

// deepStates are what histories must reach again and again for the properties to mean anything.
var deepStates = []string{
	"nothing would change", "shared", "advance drawn on open allocations", "month drawn on the year",
	"several draws for one line", "spend for another purpose than its advance",
	"late spend of an advance called back", "late spend of an advance that lapsed", "late spend after the close",
	"late spend of two items", "evidence after the close", "overspend", "part payment", "part receipt",
	"called back from several advances", "item of several services", "called back to lapsed", "close that calls back", "close of an overspent fund", "a penny", "more than a billion pounds",
}

// note counts what an event reached.
func (h *history) note(r Recorded) {
	reach := func(is bool, state string) {
		if is {
			h.tally.reached[state]++
		}
	}
	for _, item := range ItemsOpened(r) {
		reach(len(item.Parts) > 1, "item of several services")
	}
	h.noteYear(r, reach)
	if h.governed {
		h.noteControlStates(r, reach)
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
		for _, line := range e.Lines {
			reach(len(line.Draws) > 1, "called back from several advances")
		}
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
