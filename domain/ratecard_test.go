package domain

import (
	"slices"
	"testing"
)

// cardRate is a line of the year's card.
func cardRate(code RateCode) Rate {
	card := RateCard("2019-20")
	return card[slices.IndexFunc(card, func(r Rate) bool { return r.Rate == code })]
}

// onDocument is a line of the year's card as adopted on a document of the officer's own.
func onDocument(code RateCode, document Source) Rate {
	rate := cardRate(code)
	rate.Document = document
	return rate
}

var specification = Source{Title: "Network Contract DES specification 2019/20", Address: "https://www.england.nhs.uk/gp/"}

var rateRows = []row{
	{
		name:  "the card of a year is adopted as far as a primary or secondary source prints it",
		given: []chapter{bodies},
		when:  AdoptRateCard{Year: "2019-20"},
		then: RateCardAdopted{Year: "2019-20", Rates: []Rate{
			cardRate("CORE_PCN"), cardRate("CD"), cardRate("NPP"), cardRate("ARRS_SUM"), cardRate("ARRS_CP"), cardRate("ARRS_SPLW"), cardRate("ARRS_SPLW_FEE"),
		}},
	},
	{
		name:  "one rate of a card can be adopted alone",
		given: []chapter{bodies},
		when:  AdoptRateCard{Year: "2019-20", Rates: []RateChoice{{Rate: "CORE_PCN"}}},
		then:  RateCardAdopted{Year: "2019-20", Rates: []Rate{cardRate("CORE_PCN")}},
	},
	{
		name:  "the rest of a card is adopted after one of its rates",
		given: []chapter{bodies, also(20, "2019-06-03", AdoptRateCard{Year: "2019-20", Rates: []RateChoice{{Rate: "CORE_PCN", Document: specification}, {Rate: "CD"}}})},
		when:  AdoptRateCard{Year: "2019-20"},
		then: RateCardAdopted{Year: "2019-20", Rates: []Rate{
			cardRate("NPP"), cardRate("ARRS_SUM"), cardRate("ARRS_CP"), cardRate("ARRS_SPLW"), cardRate("ARRS_SPLW_FEE"),
		}},
	},
	{
		name:  "a rate that no text prints is adopted on the document that the officer relies on",
		given: untilRated,
		when:  AdoptRateCard{Year: "2019-20", Rates: []RateChoice{{Rate: "EXT_HOURS", Document: specification}}},
		then:  RateCardAdopted{Year: "2019-20", Rates: []Rate{onDocument("EXT_HOURS", specification)}},
	},
	{
		name:  "where sources disagree one of the rates is adopted, not both",
		given: untilRated,
		when:  AdoptRateCard{Year: "2019-20", Rates: []RateChoice{{Rate: "CD", Edition: "press, a year", Document: specification}}},
		rule:  RuleRateAdopted,
	},
	{
		name:      "adopting a card again changes nothing",
		given:     untilRated,
		when:      AdoptRateCard{Year: "2019-20"},
		unchanged: true,
	},
	{
		name:      "adopting a rate again on the same document changes nothing",
		given:     untilRated,
		when:      AdoptRateCard{Year: "2019-20", Rates: []RateChoice{{Rate: "NPP"}}},
		unchanged: true,
	},
	{
		name:  "a rate that no text prints is refused without a document",
		given: untilRated,
		when:  AdoptRateCard{Year: "2019-20", Rates: []RateChoice{{Rate: "CORE_PCN"}, {Rate: "EXT_HOURS"}}},
		rule:  RuleRateStanding,
	},
	{
		name:  "a rate on which sources disagree is refused without a document",
		given: []chapter{bodies},
		when:  AdoptRateCard{Year: "2019-20", Rates: []RateChoice{{Rate: "CD", Edition: "press, a year"}}},
		rule:  RuleRateStanding,
	},
	{
		name:  "a document without a title is none",
		given: untilRated,
		when:  AdoptRateCard{Year: "2019-20", Rates: []RateChoice{{Rate: "EXT_HOURS", Document: Source{Address: "https://example.org"}}}},
		rule:  RuleRateStanding,
	},
	{
		name:  "a year without a card is refused",
		given: []chapter{bodies},
		when:  AdoptRateCard{Year: "2016-17"},
		rule:  RuleRateUnknown,
	},
	{
		name:  "a rate that the card does not have is refused",
		given: []chapter{bodies},
		when:  AdoptRateCard{Year: "2019-20", Rates: []RateChoice{{Rate: "CARE_HOMES"}}},
		rule:  RuleRateUnknown,
	},
	{
		name:  "a rate named twice is refused",
		given: []chapter{bodies},
		when:  AdoptRateCard{Year: "2019-20", Rates: []RateChoice{{Rate: "CD"}, {Rate: "CD"}}},
		rule:  RuleRateAdopted,
	},
	{
		name:  "a rate that is adopted is not adopted again on another document",
		given: untilRated,
		when:  AdoptRateCard{Year: "2019-20", Rates: []RateChoice{{Rate: "CD", Document: specification}}},
		rule:  RuleRateAdopted,
	},
}

func TestRates(t *testing.T) { tell(t, rateRows) }

func TestACardIsNotChangedByItsReaders(t *testing.T) {
	RateCard("2019-20")[0].Amount = "9999"
	if got := RateCard("2019-20")[0].Amount; got != "1.5" {
		t.Errorf("the card says %s", got)
	}
	if got := RateCard("2016-17"); len(got) != 0 {
		t.Errorf("2016-17 has the card %v", got)
	}
}
