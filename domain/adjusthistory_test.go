package domain

import (
	"fmt"
	"maps"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// This file holds what is promised of changes that reach back, whatever the lists, the rates and the order of facts.

// drawnPounds is a rate in pounds to three places.
func drawnPounds(t *rapid.T, label string) string {
	mills := rapid.IntRange(100, 12_000).Draw(t, label)
	return fmt.Sprintf("%d.%03d", mills/1000, mills%1000)
}

// dueFor is what a rate in pounds on so many patients comes to for the first months of a year: the year's amount in whole
// pence, and of that the months' part in whole pence, both rounded half away from zero.
func dueFor(amount string, patients int64, months int64) Pence {
	pounds, _ := new(big.Rat).SetString(amount)
	annual := halfUp(pounds.Mul(pounds, big.NewRat(100*patients, 1)))
	return Pence(halfUp(big.NewRat(months*annual, 12)))
}

// halfUp rounds what is not below zero to a whole number, half up.
func halfUp(r *big.Rat) int64 {
	twice := new(big.Int).Add(new(big.Int).Mul(r.Num(), big.NewInt(2)), r.Denom())
	return twice.Quo(twice, new(big.Int).Mul(r.Denom(), big.NewInt(2))).Int64()
}

// TestAdjustmentOfARevision: what an adjustment adds is the new total less the old, for each network and in all, however
// many months were raised, and in however many runs. (A month that came to nothing was never raised, and is the next run's:
// here every month comes to a penny at least.)
func TestAdjustmentOfARevision(t *testing.T) {
	const year Year = "2024-25"
	rapid.Check(t, func(t *rapid.T) {
		s := told(t, underContract(year))
		patients := map[Body]int64{}
		var lists []int64
		for i := range 4 {
			lists = append(lists, rapid.Int64Range(100, 60_000).Draw(t, fmt.Sprint("list ", i)))
		}
		patients[north], patients[south], patients[east] = lists[0]+lists[1], lists[2], lists[3]
		old, now := drawnPounds(t, "old"), drawnPounds(t, "new")
		document := Source{Title: "a schedule"}
		if rapid.Bool().Draw(t, "old is a revision") {
			s.do(ReviseRate{Year: year, Rate: "ENHANCED_ACCESS", Amount: old, Document: document, Reason: "first"})
		} else {
			old = "7.674"
		}
		s.do(adjustedPopulation("2024-01-01", lists[0], lists[1], lists[2], lists[3]))
		months := rapid.IntRange(1, 12).Draw(t, "months")
		for n := 1; n <= months; n++ {
			if n == months || rapid.Bool().Draw(t, fmt.Sprint("run ", n)) {
				s.monthly(year, n, n, "ENHANCED_ACCESS")
			}
		}
		revised, err := s.decide(ReviseRate{Year: year, Rate: "ENHANCED_ACCESS", Amount: now, Document: document, Reason: "second"}, "")
		if err != nil && err != ErrUnchanged {
			t.Fatal(err)
		}
		s.apply(revised)
		facts, err := s.decide(AdjustEntitlement{Fund: desFund, Rate: "ENHANCED_ACCESS", Through: monthOfYear(year, months), Reason: "revised"}, "")
		changes := map[Body]Pence{}
		if err == nil {
			changes = facts[0].Event.(EntitlementAdjusted).changes()
			s.apply(facts)
		} else if err != ErrUnchanged {
			t.Fatal(err)
		}
		var all, want Pence
		for network, list := range patients {
			difference := dueFor(now, list, int64(months)) - dueFor(old, list, int64(months))
			if changes[network] != difference {
				t.Fatalf("%s with %d patients is adjusted by %s, from £%s to £%s for %d months that is %s", network, list, changes[network], old, now, months, difference)
			}
			all, want = all+changes[network], want+difference
			if _, sum := s.standing(year, "ENHANCED_ACCESS", network, months); sum != dueFor(now, list, int64(months)) {
				t.Fatalf("%s stands raised at %s", network, sum)
			}
		}
		if all != want {
			t.Fatalf("in all it is %s, want %s", all, want)
		}
		s.wantBooks()
	})
}

// lateFacts are facts about 2026/27 that may come late and in any order: none says anything of what another says.
func lateFacts(s *story) []Command {
	list := adjustedPopulation("2026-01-01", 30_000, 21_777, 20_001, 12_345)
	list.Source.Title = "PCN adjusted populations, corrected (made up)"
	return []Command{
		list,
		OverrideRate{Year: "2026-27", Rate: "ENHANCED_ACCESS", From: "2026-05-01", To: "2026-09-30", Amount: "9.501", Reason: "agreed", Agreement: Source{Title: "variation"}},
		ReviseRate{Year: "2026-27", Rate: "ENHANCED_ACCESS", From: "2026-10-01", Amount: "8.777", Document: Source{Title: "a schedule"}, Reason: "issued again"},
		ReviseRate{Year: "2026-27", Rate: "CARE_HOME", From: "2026-04-01", Amount: "133.333", Document: Source{Title: "a schedule"}, Reason: "issued again"},
		bedsFrom("2026-08-01", "311", "47"),
		enrol(north, Member{ford, "2018-04-01", "2026-07-31"}, Member{Practice: mill, From: "2018-04-01"}),
	}
}

// yearOfLateFacts begins 2026/27 with officers, beds from April and a care home rate, on a day near its end.
func yearOfLateFacts(t rapid.TB) *story {
	s := told(t, more(underContract("2026-27"), governed))
	s.approved(chief, AdoptRateCard{Year: "2026-27", Own: []Rate{{
		Rate: "CARE_HOME", Year: "2026-27", Title: "Care home premium", Kind: RateEntitlement, Unit: UnitBed, Amount: "134.50", Measure: "care home beds", From: "2026-04-01", To: "2027-03-31",
		Instalments: PayMonthly, First: "2026-27/M01", Payee: PayNominated, Category: "care home premium", Source: "a schedule (made up)", Standing: StandingSecondary,
	}}})
	s.do(bedsFrom("2026-04-01", "328", "41"))
	return s.on("2027-03-15")
}

var lateRates = []RateCode{"ENHANCED_ACCESS", "CARE_HOME"}

// TestOrderOfLateFacts: a revision, an override, a corrected list, a late membership and a late count of beds, in any order,
// with months raised and adjusted in between, leave the same raised for every network and month once all is adjusted and run.
func TestOrderOfLateFacts(t *testing.T) {
	known := yearOfLateFacts(t)
	for _, c := range lateFacts(known) {
		known.approvedOrNot(c)
	}
	known.settleYear(12)
	want := known.positions()
	reached := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		s := yearOfLateFacts(t)
		for _, c := range rapid.Permutation(lateFacts(s)).Draw(t, "order") {
			for range rapid.IntRange(0, 2).Draw(t, "steps") {
				reached[s.step(t)] = true
			}
			s.approvedOrNot(c)
		}
		s.settleYear(12)
		if diff := cmp.Diff(want, s.positions()); diff != "" {
			t.Fatalf("known late the year stands elsewhere (-known first +known late):\n%s", diff)
		}
		s.wantBooks()
	})
	for _, name := range []string{"run", "to be adjusted first", "patients missing", "adjusted", "paid"} {
		if !reached[name] {
			t.Errorf("no history reached: %s", name)
		}
	}
}

// step runs or adjusts a rate through some month, or pays an item, and says which.
func (s *story) step(t *rapid.T) string {
	rate, through := rapid.SampledFrom(lateRates).Draw(t, "rate"), monthOfYear("2026-27", rapid.IntRange(1, 12).Draw(t, "through"))
	var c Command
	var name string
	switch rapid.IntRange(0, 3).Draw(t, "step") {
	case 0, 1:
		missing := rapid.SampledFrom([]Quantity{"100", "100", ""}).Draw(t, "missing at most")
		c, name = RunEntitlement{Fund: desFund, Rate: rate, Through: through, MissingAtMost: missing}, "run"
	case 2:
		c, name = AdjustEntitlement{Fund: desFund, Rate: rate, Through: through, Reason: "made good"}, "adjusted"
	default:
		c, name = s.payOne(t), "paid"
	}
	if c == nil {
		return ""
	}
	s.as(recorder)
	_, err := s.decide(c, "")
	switch refusal := refusalOf(err); {
	case err == nil:
		s.approvedOrNot(c)
		return name
	case err == ErrUnchanged:
		return "unchanged"
	case refusal.Rule == RuleEntitlementFell || refusal.Rule == RuleRateRevised:
		return "to be adjusted first"
	case refusal.Rule == RuleMissing:
		return "patients missing"
	}
	t.Fatal(err)
	return ""
}

// payOne settles one payable of the story; none if none is open.
func (s *story) payOne(t *rapid.T) Command {
	var ids []ItemID
	for _, id := range s.ledger.funds[desFund].items {
		if item := s.ledger.items[id]; item.Account == Payables && item.left() > 0 {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	id := rapid.SampledFrom(ids).Draw(t, "item")
	return settle(SettleLine{Item: id, Pence: s.ledger.items[id].left()})
}

// settleYear adjusts and runs all rates through a month; first what was raised, then what was not.
func (s *story) settleYear(through int) {
	s.t.Helper()
	month := monthOfYear("2026-27", through)
	for _, rate := range lateRates {
		for _, c := range []Command{
			AdjustEntitlement{Fund: desFund, Rate: rate, Through: month, Reason: "made good"},
			RunEntitlement{Fund: desFund, Rate: rate, Through: month, MissingAtMost: "100"}, // Ford may have left for no network
		} {
			s.as(recorder)
			if _, err := s.decide(c, ""); err == nil {
				s.approvedOrNot(c)
			} else if err != ErrUnchanged {
				s.t.Fatalf("%s of %s: %v", KindOf(c).Name, rate, err)
			}
		}
	}
}

// positions is what stands raised by rate, network and month, without what is nothing.
func (s *story) positions() map[string]Pence {
	all := map[string]Pence{}
	for key, months := range s.ledger.raised {
		for month, pence := range months {
			if pence != 0 {
				all[fmt.Sprint(key.rate.code, " ", key.beneficiary, " ", month)] = pence
			}
		}
	}
	return all
}

// TestAnAdjustmentTakenBack: whatever happened before, an adjustment that is taken back leaves the money, the items and what
// months stand on exactly as they were, and asked again it is the same.
func TestAnAdjustmentTakenBack(t *testing.T) {
	reached := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		s := yearOfLateFacts(t)
		for _, c := range rapid.Permutation(lateFacts(s)).Draw(t, "order") {
			for range rapid.IntRange(0, 2).Draw(t, "steps") {
				s.step(t)
			}
			s.approvedOrNot(c)
		}
		c := AdjustEntitlement{Fund: desFund, Rate: rapid.SampledFrom(lateRates).Draw(t, "rate"), Through: "2026-27/M12", Reason: "made good"}
		if _, err := s.as(recorder).decide(c, ""); err == ErrUnchanged {
			return
		}
		before := s.picture()
		s.approvedOrNot(c)
		adjusted := s.log[len(s.log)-1]
		for _, line := range adjusted.Event.(EntitlementAdjusted).Lines {
			reached[map[bool]string{true: "more", false: "less"}[line.Of == ""]] = true
		}
		s.reversed(adjusted.Number)
		if diff := cmp.Diff(before, s.picture()); diff != "" {
			t.Fatalf("taken back it left (-before +after):\n%s", diff)
		}
		s.approvedOrNot(c)
		if diff := cmp.Diff(adjusted.Event, s.log[len(s.log)-1].Event); diff != "" {
			t.Fatalf("asked again it is another (-first +second):\n%s", diff)
		}
		s.wantBooks()
	})
	if !reached["more"] || !reached["less"] {
		t.Errorf("only %v was adjusted", reached)
	}
}

// picture is all that an adjustment may change, but for the items that it opened itself.
func (s *story) picture() map[string]string {
	all := map[string]string{"fund": s.totals(desFund)}
	for key, pence := range s.positions() {
		all["raised "+key] = pence.String()
	}
	for key, months := range s.ledger.footings {
		for month, stands := range maps.All(months) {
			all[fmt.Sprint("stands ", key, " ", month)] = fmt.Sprint(stands)
		}
	}
	for id, item := range s.ledger.items {
		if s.ledger.reversed[id.number()] == 0 {
			all["item "+string(id)] = fmt.Sprint(item.open, item.recovered)
		}
	}
	for side, pence := range s.ledger.funds[desFund].balances {
		if pence != 0 {
			all[fmt.Sprint("balance ", side)] = pence.String()
		}
	}
	return all
}

// TestPaidAtOnceAndLess: what is paid all at once and falls later is less in the months that had it, and in none below nothing.
func TestPaidAtOnceAndLess(t *testing.T) {
	rate := Rate{Year: "2024-25", From: "2024-04-01", To: "2025-03-31", First: "2024-25/M01", Instalments: PayOnce}
	for _, r := range []struct{ annual, own []Pence }{
		{[]Pence{0, 300, 300, 200}, []Pence{0, 200, 0, 0}},
		{[]Pence{100, 300, 300, 50}, []Pence{50, 0, 0, 0}},
		{[]Pence{100, 300, 200, 400}, []Pence{100, 100, 0, 200}},
		{[]Pence{100, 0, 0}, []Pence{0, 0, 0}},
	} {
		if got := rate.own(r.annual); !cmp.Equal(got, r.own) {
			t.Errorf("of %v the months' own are %v, want %v", r.annual, got, r.own)
		}
	}
}
