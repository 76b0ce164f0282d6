package domain

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// cardLine is the line of a year's card that a test means: the first of its code, area, day and edition.
func cardLine(t *testing.T, year Year, code RateCode, area CostArea, d Date, edition string) Rate {
	t.Helper()
	for _, r := range RateCard(year) {
		if r.Rate == code && r.Area == area && r.From <= d && d <= r.To && r.Edition == edition {
			return r
		}
	}
	t.Fatalf("the card of %s has no %s %s on %s, edition %q", year, code, area, d, edition)
	return Rate{}
}

// Cards of 2024/25 to 2026/27 as they are adopted whole, as events 40, 50 and 60.
var (
	rated2425 = []chapter{bodies, also(40, "2024-04-03", AdoptRateCard{Year: "2024-25"})}
	rated2526 = []chapter{bodies, also(50, "2025-04-03", AdoptRateCard{Year: "2025-26"})}
	rated2627 = []chapter{bodies, also(60, "2026-05-18", AdoptRateCard{Year: "2026-27"}), governed}

	reissued  = "the specification was issued again on 26 September 2024"
	variation = Source{Title: "Local Variation Agreement of 12 May 2026"}
)

// variedAccess is the commissioner's own enhanced access from June 2026 on.
func variedAccess() OverrideRate {
	return OverrideRate{Year: "2026-27", Rate: "ENHANCED_ACCESS", From: "2026-06-01", Amount: "9.25", Reason: "nine practices agreed", Agreement: variation}
}

var rateChangeRows = []row{
	{
		name:  "enhanced access of 2024/25 is revised to what was published in September, back to April",
		given: rated2425, on: "2024-10-07",
		when: ReviseRate{Year: "2024-25", Rate: "ENHANCED_ACCESS", Edition: "September 2024", Reason: reissued},
		then: RateRevised{RateChange{Year: "2024-25", Rate: "ENHANCED_ACCESS", From: "2024-04-01", To: "2025-03-31", Was: 40, Before: "7.674", Reason: reissued,
			Now: RateCard("2024-25")[cardIndex("2024-25", "ENHANCED_ACCESS", "September 2024")]}},
	},
	{
		name:  "a maximum of 2025/26 that was worked out here is revised on the document that the officer has",
		given: rated2526, on: "2025-08-07",
		when: ReviseRate{Year: "2025-26", Rate: "ARRS_CP", Edition: "August 2025", Reason: "pay award", Document: specification},
		then: revisedAs(50, "66972", "2025-04-01", "pay award", with(RateCard("2025-26")[cardIndex("2025-26", "ARRS_CP", "August 2025")], func(r *Rate) { r.Document = specification })),
	},
	{
		name:  "without a document it is not revised",
		given: rated2526, on: "2025-08-07",
		when: ReviseRate{Year: "2025-26", Rate: "ARRS_CP", Edition: "August 2025", Reason: "pay award"},
		rule: RuleRateStanding,
	},
	{
		name:  "core funding of 2024/25 was published again as a total, and is not revised until a source gives the split",
		given: rated2425,
		when:  ReviseRate{Year: "2024-25", Rate: "CORE_PCN", Edition: "September 2024", Reason: reissued},
		rule:  RuleRateSplit,
	},
	{
		name:  "nor is either part of core funding",
		given: rated2425,
		when:  ReviseRate{Year: "2024-25", Rate: "CORE_PCN_ADJ", Edition: "September 2024", Reason: reissued},
		rule:  RuleRateSplit,
	},
	{
		name:  "a part of core funding is revised on a document that gives the split",
		given: rated2425,
		when:  ReviseRate{Year: "2024-25", Rate: "CORE_PCN_ADJ", Amount: "0.710", Reason: reissued, Document: specification},
		then:  revisedAs(40, "0.698", "2024-04-01", reissued, documented(RateCard("2024-25")[cardIndex("2024-25", "CORE_PCN_ADJ", "")], "0.710", specification)),
	},
	{
		name:  "an edition that the card does not have is refused",
		given: rated2425,
		when:  ReviseRate{Year: "2024-25", Rate: "ENHANCED_ACCESS", Edition: "December 2024", Reason: reissued},
		rule:  RuleRateUnknown,
	},
	{
		name:  "a revision without a reason is refused",
		given: rated2425,
		when:  ReviseRate{Year: "2024-25", Rate: "ENHANCED_ACCESS", Edition: "September 2024"},
		rule:  RuleTextMissing,
	},
	{
		name:  "a revision without an amount is refused",
		given: rated2425,
		when:  ReviseRate{Year: "2024-25", Rate: "ENHANCED_ACCESS", Reason: reissued, Document: specification},
		rule:  RuleRateForm,
	},
	{
		name:  "a revision that names an edition and an amount is refused",
		given: rated2425,
		when:  ReviseRate{Year: "2024-25", Rate: "ENHANCED_ACCESS", Edition: "September 2024", Amount: "7.975", Reason: reissued},
		rule:  RuleRateForm,
	},
	{
		name:  "an amount below nothing is refused",
		given: rated2425,
		when:  ReviseRate{Year: "2024-25", Rate: "ENHANCED_ACCESS", Amount: "-7.975", Reason: reissued, Document: specification},
		rule:  RuleRateForm,
	},
	{
		name:  "an amount of one's own is refused without a document",
		given: rated2425,
		when:  ReviseRate{Year: "2024-25", Rate: "ENHANCED_ACCESS", Amount: "7.98", Reason: reissued},
		rule:  RuleRateStanding,
	},
	{
		name:  "a rate that nobody adopted is not revised",
		given: []chapter{bodies},
		when:  ReviseRate{Year: "2024-25", Rate: "ENHANCED_ACCESS", Edition: "September 2024", Reason: reissued},
		rule:  RuleRateNotAdopted,
	},
	{
		name:      "a revision to what is paid already changes nothing",
		given:     rated2425,
		when:      ReviseRate{Year: "2024-25", Rate: "ENHANCED_ACCESS", Amount: "7.6740", Reason: reissued, Document: specification},
		unchanged: true,
	},
	{
		name:  "a revision from a day outside the rate's period is refused",
		given: rated2425,
		when:  ReviseRate{Year: "2024-25", Rate: "ARRS_GP_SUM", From: "2024-09-01", Amount: "1.4", Reason: reissued, Document: specification},
		rule:  RuleRateDates,
	},
	{
		name:  "a revision within a month is refused",
		given: rated2425,
		when:  ReviseRate{Year: "2024-25", Rate: "ENHANCED_ACCESS", From: "2024-09-26", Amount: "7.98", Reason: reissued, Document: specification},
		rule:  RuleRateDates,
	},
	{
		name:  "a maximum with two parts of the year is revised from a day that is named",
		given: rated2425,
		when:  ReviseRate{Year: "2024-25", Rate: "ARRS_CP", Amount: "66000", Reason: reissued, Document: specification},
		rule:  RuleRateDates,
	},
	{
		name:  "the maximum of a post in inner London is revised for inner London",
		given: rated2425,
		when:  ReviseRate{Year: "2024-25", Rate: "ARRS_CP", Area: AreaInner, From: "2024-12-01", Amount: "77000", Reason: "correction", Document: specification},
		then:  revisedAs(40, "76313", "2024-12-01", "correction", documented(innerCP(), "77000", specification)),
	},
	{
		name:  "the sum of 2019/20 is worked out from the maxima and not revised itself",
		given: untilRated,
		when:  ReviseRate{Year: "2019-20", Rate: "ARRS_SUM", Amount: "53492", Reason: "as printed", Document: specification},
		rule:  RuleRateKind,
	},
	{
		name:  "the part of a pharmacist's cost that is reimbursed is revised alone",
		given: untilRated,
		when:  ReviseRate{Year: "2019-20", Rate: "ARRS_CP", Percent: "75", Reason: "correction", Document: specification},
		then:  revisedAs(210, "37810", "2019-07-01", "correction", with(documented(cardRate("ARRS_CP"), "37810", specification), func(r *Rate) { r.Percent = "75" })),
	},
	{
		name:  "more than the whole cost of a post is not reimbursed",
		given: untilRated,
		when:  ReviseRate{Year: "2019-20", Rate: "ARRS_CP", Percent: "170", Reason: "correction", Document: specification},
		rule:  RuleRateForm,
	},
	{
		name:  "an entitlement has no percentage",
		given: untilRated,
		when:  ReviseRate{Year: "2019-20", Rate: "CD", Percent: "70", Reason: "correction", Document: specification},
		rule:  RuleRateForm,
	},
	{
		name:  "practices that agreed a local variation are paid the commissioner's own amount from June 2026",
		given: rated2627, approvedBy: chief,
		when: variedAccess(),
		then: RateOverridden{RateChange{Year: "2026-27", Rate: "ENHANCED_ACCESS", From: "2026-06-01", To: "2027-03-31", Was: 60, Before: "8.903", Reason: "nine practices agreed",
			Now: overriddenAccess("9.25")}},
	},
	{
		name:  "a local variation may end before the year does",
		given: rated2627, approvedBy: chief,
		when: OverrideRate{Year: "2026-27", Rate: "ENHANCED_ACCESS", From: "2026-06-01", To: "2026-09-30", Amount: "9.25", Reason: "a trial", Agreement: variation},
		then: RateOverridden{RateChange{Year: "2026-27", Rate: "ENHANCED_ACCESS", From: "2026-06-01", To: "2026-09-30", Was: 60, Before: "8.903", Reason: "a trial", Now: overriddenAccess("9.25")}},
	},
	{
		name:  "a local variation does not last longer than the rate",
		given: rated2627,
		when:  OverrideRate{Year: "2026-27", Rate: "ENHANCED_ACCESS", From: "2026-06-01", To: "2027-04-30", Amount: "9.25", Reason: "a trial", Agreement: variation},
		rule:  RuleRateDates,
	},
	{
		name:  "a local variation needs two people, so it waits for officers to be appointed",
		given: []chapter{bodies, also(60, "2026-05-18", AdoptRateCard{Year: "2026-27"})},
		when:  variedAccess(),
		rule:  RuleOfficersMissing,
	},
	{
		name:  "a local variation needs its agreement",
		given: rated2627,
		when:  OverrideRate{Year: "2026-27", Rate: "ENHANCED_ACCESS", From: "2026-06-01", Amount: "9.25", Reason: "a trial"},
		rule:  RuleTextMissing,
	},
	{
		name:  "a local variation needs a reason",
		given: rated2627,
		when:  OverrideRate{Year: "2026-27", Rate: "ENHANCED_ACCESS", From: "2026-06-01", Amount: "9.25", Agreement: variation},
		rule:  RuleTextMissing,
	},
	{
		name:  "a local variation needs a first day",
		given: rated2627,
		when:  OverrideRate{Year: "2026-27", Rate: "ENHANCED_ACCESS", Amount: "9.25", Reason: "a trial", Agreement: variation},
		rule:  RuleRateDates,
	},
	{
		name:  "a local variation needs an amount",
		given: rated2627,
		when:  OverrideRate{Year: "2026-27", Rate: "ENHANCED_ACCESS", From: "2026-06-01", Reason: "a trial", Agreement: variation},
		rule:  RuleRateForm,
	},
	{
		name:  "before 1 May 2026 the contract cannot be varied locally",
		given: rated2627,
		when:  OverrideRate{Year: "2026-27", Rate: "ENHANCED_ACCESS", From: "2026-04-01", Amount: "9.25", Reason: "a trial", Agreement: variation},
		rule:  RuleOverrideDate,
	},
	{
		name:      "the same variation again changes nothing",
		given:     more(rated2627, func(s *story) { s.approved(chief, variedAccess()) }),
		when:      variedAccess(),
		unchanged: true,
	},
	{
		name:  "a rate of the commissioner's own is not overridden",
		given: []chapter{bodies, also(40, "2026-05-04", AdoptRateCard{Year: "2026-27", Own: []Rate{leadGP()}})},
		when:  OverrideRate{Year: "2026-27", Rate: "LEAD_GP_SESSION", From: "2026-06-01", Amount: "400", Reason: "a trial", Agreement: variation},
		rule:  RuleOverride,
	},
	{
		name:  "a rate of the commissioner's own is revised",
		given: []chapter{bodies, also(40, "2026-05-04", AdoptRateCard{Year: "2026-27", Own: []Rate{leadGP()}})},
		when:  ReviseRate{Year: "2026-27", Rate: "LEAD_GP_SESSION", From: "2026-06-01", Amount: "400", Reason: "agreed", Document: variation},
		then:  revisedAs(40, "16800", "2026-06-01", "agreed", documented(adoptedLeadGP(), "400", variation)),
	},
}

// cardIndex is where an edition of a rate stands in its year's card.
func cardIndex(year Year, code RateCode, edition string) int {
	for i, r := range RateCard(year) {
		if r.Rate == code && r.Edition == edition {
			return i
		}
	}
	return -1
}

// revised is a rate that is paid as it now is from a day to the end of its period.
func revisedAs(was int64, before string, from Date, reason string, now Rate) RateRevised {
	return RateRevised{RateChange{Year: now.Year, Rate: now.Rate, Area: now.Area, From: from, To: now.To, Was: was, Before: before, Now: now, Reason: reason}}
}

// documented is a rate at an amount that a document says.
func documented(r Rate, amount string, document Source) Rate {
	r.Amount, r.Use, r.Standing, r.Source, r.Note, r.Document = amount, UseRevision, StandingUnverified, "", "", document
	return r
}

// innerCP is the maximum of a clinical pharmacist in inner London from October 2024 on.
func innerCP() Rate {
	card := RateCard("2024-25")
	return card[slices.IndexFunc(card, func(r Rate) bool { return r.Rate == "ARRS_CP" && r.Area == AreaInner && r.From == "2024-10-01" })]
}

// overriddenAccess is enhanced access of 2026/27 as the commissioner pays it.
func overriddenAccess(amount string) Rate {
	rate := RateCard("2026-27")[cardIndex("2026-27", "ENHANCED_ACCESS", "")]
	rate.Amount, rate.Edition, rate.Note = amount, "local variation", ""
	rate.Source, rate.Standing, rate.Document = variation.Title, StandingPrimary, variation
	return rate
}

// adoptedLeadGP is the same with what goes without saying.
func adoptedLeadGP() Rate {
	return with(leadGP(), func(r *Rate) {
		r.Year, r.From, r.To, r.First = "2026-27", "2026-04-01", "2027-03-31", "2026-27/M01"
		r.Membership, r.Instalments, r.Payee, r.Rounding = MembersOnFirst, PayMonthly, PayNominated, RoundPenny
		r.Standing, r.Source = StandingUnverified, r.Document.Title
	})
}

// leadGP is a session a week of a Lead GP, for 48 weeks at £350.
func leadGP() Rate {
	return Rate{Rate: "LEAD_GP_SESSION", Title: "Session of a Lead GP", Kind: RateEntitlement, Unit: UnitSession, Measure: "Lead GP sessions a week", Amount: "16800",
		Category: leadership, Document: Source{Title: "service agreement of 1 April 2026"}}
}

func TestRateChanges(t *testing.T) { tell(t, rateChangeRows) }

// Of several versions that cover a day the one recorded last is paid: a revision takes the place of an override too.
func TestTheVersionRecordedLastIsPaid(t *testing.T) {
	s := newStory(t)
	for _, c := range rated2627 {
		c(s)
	}
	paid := func(want ...string) {
		t.Helper()
		for i, d := range []Date{"2026-04-01", "2026-06-01", "2026-09-01", "2026-12-01", "2027-03-31"} {
			if rate, _, ok := s.ledger.Version("2026-27", "ENHANCED_ACCESS", "", d); !ok || rate.Amount != want[i] {
				t.Errorf("on %s £%s is paid; want £%s", d, rate.Amount, want[i])
			}
		}
	}
	paid("8.903", "8.903", "8.903", "8.903", "8.903")
	s.approved(chief, variedAccess())
	paid("8.903", "9.25", "9.25", "9.25", "9.25")
	s.approved(chief, ReviseRate{Year: "2026-27", Rate: "ENHANCED_ACCESS", From: "2026-09-01", Amount: "9.1", Reason: "issued again", Document: specification})
	paid("8.903", "9.25", "9.1", "9.1", "9.1")
	again := variedAccess()
	again.From, again.To = "2026-09-01", "2026-11-30"
	s.approved(chief, again)
	paid("8.903", "9.25", "9.25", "9.1", "9.1")
	if _, err := s.decide(again, ""); !errors.Is(err, ErrUnchanged) {
		t.Errorf("overriding again: %v", err)
	}
	s.approved(chief, ReviseRate{Year: "2026-27", Rate: "ENHANCED_ACCESS", Amount: "9.1", Reason: "from April on", Document: specification})
	paid("9.1", "9.1", "9.1", "9.1", "9.1")
}

// Whatever is revised and overridden: each change holds for its own days and leaves the others as they were, says what it
// takes the place of, and asked again changes nothing.
func TestAChangeOfARateHoldsForItsOwnDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := told(t, rated2627[:2])
		months := RateCard("2026-27")[cardIndex("2026-27", "ENHANCED_ACCESS", "")].Months()
		in := func() (amounts []string) {
			for _, m := range months {
				rate, _, _ := s.ledger.Version("2026-27", "ENHANCED_ACCESS", "", m.First())
				amounts = append(amounts, rate.Amount)
			}
			return amounts
		}
		for range rapid.IntRange(1, 6).Draw(t, "changes") {
			first := rapid.IntRange(0, 11).Draw(t, "first")
			c := ReviseRate{Year: "2026-27", Rate: "ENHANCED_ACCESS", From: months[first].First(), Reason: "issued again", Document: specification,
				Amount: rapid.SampledFrom([]string{"8.9", "9", "9.125"}).Draw(t, "amount")}
			before := in()
			facts, err := s.decide(c, "")
			if errors.Is(err, ErrUnchanged) {
				if !slices.Equal(before[first:], slices.Repeat([]string{c.Amount}, 12-first)) {
					t.Fatalf("£%s from %s changes nothing, and paid is %v", c.Amount, c.From, before)
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if e := facts[0].Event.(RateRevised); e.Before != before[first] {
				t.Fatalf("it says that £%s was paid; it was £%s", e.Before, before[first])
			}
			s.apply(facts)
			if want := slices.Concat(before[:first], slices.Repeat([]string{c.Amount}, 12-first)); !slices.Equal(in(), want) {
				t.Fatalf("paid is %v; want %v", in(), want)
			}
			if _, err := s.decide(c, ""); !errors.Is(err, ErrUnchanged) {
				t.Fatalf("asked again: %v", err)
			}
		}
	})
}
