package domain

import (
	"strings"
	"testing"
)

// ownRates asks for rates of the commissioner's own.
func ownRates(year Year, rates ...Rate) AdoptRateCard { return AdoptRateCard{Year: year, Own: rates} }

// session is a session of a Lead GP, with something about it changed.
func session(change func(*Rate)) AdoptRateCard { return ownRates("2026-27", with(leadGP(), change)) }

// alliancePost is a post of an alliance, in 2027/28, for which there is no card.
func alliancePost() Rate {
	return Rate{Rate: "ALLIANCE_POST", Title: "Post of the alliance", Kind: RateReimbursedRole, Unit: UnitWTE, Amount: "48000", Sum: "ALLIANCE_SUM",
		Source: "alliance agreement of 2 April 2027", Standing: StandingPrimary, From: "2027-07-01"}
}

var ownRateRows = []row{
	{
		name:  "a session of a Lead GP is paid monthly for the year where nothing else is said",
		given: []chapter{bodies},
		when:  ownRates("2026-27", leadGP()),
		then:  RateCardAdopted{Year: "2026-27", Rates: []Rate{adoptedLeadGP()}},
	},
	{
		name:  "a year that is newer than the programme has rates of one's own",
		given: []chapter{bodies},
		when:  ownRates("2027-28", alliancePost()),
		then: RateCardAdopted{Year: "2027-28", Rates: []Rate{with(alliancePost(), func(r *Rate) {
			r.Year, r.To, r.First, r.Payee, r.Rounding = "2027-28", "2028-03-31", "2027-28/M04", PayNominated, RoundPenny
			r.Category, r.Percent, r.FullTime = "Post of the alliance", "100", "37.5"
		})}},
	},
	{
		name:      "rates of one's own that are adopted already change nothing",
		given:     []chapter{bodies, also(20, "2026-05-05", ownRates("2026-27", leadGP()))},
		when:      ownRates("2026-27", leadGP()),
		unchanged: true,
	},
	{
		name:  "a rate of one's own is not adopted again at another amount",
		given: []chapter{bodies, also(20, "2026-05-05", ownRates("2026-27", leadGP()))},
		when:  session(func(r *Rate) { r.Amount = "17000" }),
		rule:  RuleRateAdopted,
	},
	{
		name:  "an entitlement of one's own has one period in a year",
		given: []chapter{bodies, also(20, "2026-05-05", session(func(r *Rate) { r.To = "2026-09-30" }))},
		when:  session(func(r *Rate) { r.From = "2026-10-01" }),
		rule:  RuleRateAdopted,
	},
	{
		name:  "a rate of one's own that stands twice is refused",
		given: []chapter{bodies},
		when:  ownRates("2026-27", leadGP(), leadGP()),
		rule:  RuleRateAdopted,
	},
	{
		name:  "a code of the year's card is adopted from the card, not given as one's own",
		given: []chapter{bodies},
		when:  session(func(r *Rate) { r.Rate = "ENHANCED_ACCESS" }),
		rule:  RuleRateOnCard,
	},
	{
		name:  "a rate of one's own without a code is refused",
		given: []chapter{bodies},
		when:  session(func(r *Rate) { r.Rate = "Lead GP" }),
		rule:  RuleRateForm,
	},
	{
		name:  "a rate of one's own without a title is refused",
		given: []chapter{bodies},
		when:  session(func(r *Rate) { r.Title = "" }),
		rule:  RuleTextMissing,
	},
	{
		name:  "a rate of one's own without a unit is refused",
		given: []chapter{bodies},
		when:  session(func(r *Rate) { r.Unit = "" }),
		rule:  RuleRateForm,
	},
	{
		name:  "a rate of one's own for patients names the list",
		given: []chapter{bodies},
		when:  session(func(r *Rate) { r.Unit, r.Measure = UnitPatient, "" }),
		rule:  RuleRateForm,
	},
	{
		name:  "a rate of one's own for sessions names what is counted",
		given: []chapter{bodies},
		when:  session(func(r *Rate) { r.Measure = "" }),
		rule:  RuleRateForm,
	},
	{
		name:  "a budget of one's own is a network's and not its patients'",
		given: []chapter{bodies},
		when:  session(func(r *Rate) { r.Unit, r.Measure, r.Population = UnitNetwork, "", PopulationRegistered }),
		rule:  RuleRateForm,
	},
	{
		name:  "a post of one's own is paid for a whole-time post",
		given: []chapter{bodies},
		when:  ownRates("2027-28", with(alliancePost(), func(r *Rate) { r.Unit = UnitSession })),
		rule:  RuleRateForm,
	},
	{
		name:  "a rate of one's own without an amount is refused",
		given: []chapter{bodies},
		when:  session(func(r *Rate) { r.Amount = "" }),
		rule:  RuleRateAmount,
	},
	{
		name:  "a rate of one's own without a source is refused",
		given: []chapter{bodies},
		when:  session(func(r *Rate) { r.Document, r.Standing = Source{}, StandingSecondary }),
		rule:  RuleTextMissing,
	},
	{
		name:  "a rate of one's own that is less than secondary needs its document",
		given: []chapter{bodies},
		when:  session(func(r *Rate) { r.Source, r.Document = "hearsay", Source{} }),
		rule:  RuleRateStanding,
	},
	{
		name:  "a rate of one's own for a period outside its year is refused",
		given: []chapter{bodies},
		when:  session(func(r *Rate) { r.To = "2027-06-30" }),
		rule:  RuleRateDates,
	},
	{
		name:  "a rate of one's own for half a month is refused",
		given: []chapter{bodies},
		when:  session(func(r *Rate) { r.From = "2026-05-15" }),
		rule:  RuleRateDates,
	},
	{
		name:  "a rate of one's own is first paid within its period",
		given: []chapter{bodies},
		when:  session(func(r *Rate) { r.From, r.First = "2026-07-01", "2026-27/M01" }),
		rule:  RuleRateDates,
	},
	{
		name:  "a rate of one's own without the year it is adopted for is refused",
		given: []chapter{bodies},
		when:  AdoptRateCard{Own: []Rate{{Rate: "LEAD_GP_SESSION", Title: "Session of a Lead GP"}}},
		rule:  RuleTextMissing,
	},
	{
		name:  "a rate of one's own for another year is refused",
		given: []chapter{bodies},
		when:  session(func(r *Rate) { r.Year = "2025-26" }),
		rule:  RuleRateDates,
	},
	{
		name:  "an entitlement of one's own has no percentage",
		given: []chapter{bodies},
		when:  session(func(r *Rate) { r.Percent = "70" }),
		rule:  RuleRateForm,
	},
	{
		name:  "a post of one's own is not of more than forty hours",
		given: []chapter{bodies},
		when:  ownRates("2027-28", with(alliancePost(), func(r *Rate) { r.FullTime = "48" })),
		rule:  RuleHours,
	},
	{
		name:  "a limit that is no number is refused",
		given: []chapter{bodies},
		when:  ownRates("2027-28", with(alliancePost(), func(r *Rate) { r.Limit = "one" })),
		rule:  RuleRateForm,
	},
	{
		name:  "practices of a reference date need the date",
		given: []chapter{bodies},
		when:  session(func(r *Rate) { r.Membership = MembersAtReference }),
		rule:  RuleRateForm,
	},
	{
		name:  "nothing is paid on an on-cost of one's own",
		given: []chapter{bodies},
		when:  session(func(r *Rate) { r.Kind = RateOnCost }),
		rule:  RuleRateForm,
	},
	{
		name:  "a rate of one's own is no revision",
		given: []chapter{bodies},
		when:  session(func(r *Rate) { r.Use = UseRevision }),
		rule:  RuleRateForm,
	},
	{
		name:  "rates of one's own are no reason to adopt names of a card that there is not",
		given: []chapter{bodies},
		when:  AdoptRateCard{Year: "2027-28", Rates: []RateChoice{{Rate: "CORE_PCN"}}, Own: []Rate{alliancePost()}},
		rule:  RuleRateUnknown,
	},
}

func TestOwnRates(t *testing.T) { tell(t, ownRateRows) }

// The refusal says which row of a file it is about.
func TestARefusedRateOfOnesOwnIsNamedByItsRow(t *testing.T) {
	s := told(t, []chapter{bodies})
	_, err := s.decide(ownRates("2027-28", alliancePost(), with(alliancePost(), func(r *Rate) { r.Rate, r.Unit = "OTHER", "" })), "")
	if refusal := refusalOf(err); refusal == nil || !strings.HasPrefix(refusal.Reason, "line 2: ") {
		t.Errorf("the refusal is %v", err)
	}
}
