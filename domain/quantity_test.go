package domain

import "testing"

const (
	beds   Measure = "care home beds"
	points Measure = "IIF points"
	parts  Measure = "CAIP parts"
)

var directory = Source{Title: "CQC directory of care homes", Note: "beds of the homes aligned to each network"}

// counted asks to record a quantity of some bodies.
func counted(measure Measure, from Date, lines ...QuantityLine) RecordQuantity {
	return RecordQuantity{Measure: measure, From: from, Source: directory, Lines: lines}
}

var quantityRows = []row{
	{
		name:  "the beds of the homes that are aligned to networks are counted from a day on",
		given: untilRated,
		when:  counted(beds, "2019-04-01", QuantityLine{Body: north, Quantity: "328"}, QuantityLine{Body: south, Quantity: "0"}),
		then: QuantityRecorded{Measure: beds, From: "2019-04-01", Source: directory, Lines: []QuantityLine{
			{Body: north, Quantity: "328"}, {Body: south, Quantity: "0"},
		}},
	},
	{
		name:  "points are recorded with the adjustments that they are multiplied by",
		given: untilRated,
		when: counted(points, "2020-03-31", QuantityLine{Body: north, Quantity: "140.5", Factors: []Factor{
			{Name: "prevalence", Factor: "1.0312"}, {Name: "list size", Factor: "50001/52000"},
		}}),
		then: QuantityRecorded{Measure: points, From: "2020-03-31", Source: directory, Lines: []QuantityLine{
			{Body: north, Quantity: "140.5", Factors: []Factor{{"prevalence", "1.0312"}, {"list size", "50001/52000"}}},
		}},
	},
	{
		name:  "all of a payment on patients may be declared",
		given: untilRated,
		when:  counted(parts, "2019-04-01", QuantityLine{Body: north, Quantity: "3/3"}),
		then:  QuantityRecorded(counted(parts, "2019-04-01", QuantityLine{Body: north, Quantity: "3/3"})),
	},
	{
		name:  "a practice's quantity is recorded as a network's is",
		given: untilRated,
		when:  counted(points, "2019-04-01", QuantityLine{Body: mill, Quantity: "12"}),
		then:  QuantityRecorded(counted(points, "2019-04-01", QuantityLine{Body: mill, Quantity: "12"})),
	},
	{
		name:      "recording a quantity of the same day again changes nothing",
		given:     more(untilRated, also(215, "2019-06-04", counted(beds, "2019-04-01", QuantityLine{Body: north, Quantity: "328"}, QuantityLine{Body: south, Quantity: "20"}))),
		when:      counted(beds, "2019-04-01", QuantityLine{Body: north, Quantity: "328"}),
		unchanged: true,
	},
	{
		name:  "the same quantity from a later day is another fact, which no correction of the earlier one changes",
		given: more(untilRated, also(215, "2019-06-04", counted(beds, "2019-04-01", QuantityLine{Body: north, Quantity: "328"}))),
		when:  counted(beds, "2019-07-01", QuantityLine{Body: north, Quantity: "328"}),
		then:  QuantityRecorded(counted(beds, "2019-07-01", QuantityLine{Body: north, Quantity: "328"})),
	},
	{
		name: "a quantity that was corrected back is recorded again",
		given: more(untilRated, also(215, "2019-06-04", counted(beds, "2019-04-01", QuantityLine{Body: north, Quantity: "328"}),
			counted(beds, "2019-04-01", QuantityLine{Body: north, Quantity: "300"}))),
		when: counted(beds, "2019-04-01", QuantityLine{Body: north, Quantity: "328"}),
		then: QuantityRecorded(counted(beds, "2019-04-01", QuantityLine{Body: north, Quantity: "328"})),
	},

	{
		name:  "a measure that no rate is paid on is refused",
		given: untilRated,
		when:  counted("care homes", "2019-04-01", QuantityLine{Body: north, Quantity: "328"}),
		rule:  RuleMeasureUnknown,
	},
	{
		name:  "a quantity without its measure is refused",
		given: untilRated,
		when:  counted("", "2019-04-01", QuantityLine{Body: north, Quantity: "328"}),
		rule:  RuleMeasureUnknown,
	},
	{
		name:  "a quantity without its first day is refused",
		given: untilRated,
		when:  counted(beds, "", QuantityLine{Body: north, Quantity: "328"}),
		rule:  RuleTextMissing,
	},
	{
		name:  "a quantity without a source is refused",
		given: untilRated,
		when:  RecordQuantity{Measure: beds, From: "2019-04-01", Lines: []QuantityLine{{Body: north, Quantity: "328"}}},
		rule:  RuleTextMissing,
	},
	{
		name:  "a measure of nobody is refused",
		given: untilRated,
		when:  counted(beds, "2019-04-01"),
		rule:  RuleLinesMissing,
	},
	{
		name:  "beds of a body that nobody registered are refused",
		given: untilRated,
		when:  counted(beds, "2019-04-01", QuantityLine{Body: "local:Home", Quantity: "328"}),
		rule:  RuleBodyUnknown,
	},
	{
		name:  "beds of a federation are refused: they are those of a network",
		given: untilRated,
		when:  counted(beds, "2019-04-01", QuantityLine{Body: valley, Quantity: "328"}),
		rule:  RuleBodyKind,
	},
	{
		name:  "a network that stands twice is refused",
		given: untilRated,
		when:  counted(beds, "2019-04-01", QuantityLine{Body: north, Quantity: "328"}, QuantityLine{Body: north, Quantity: "20"}),
		rule:  RuleQuantityTwice,
	},
	{
		name:  "a factor that stands twice is refused",
		given: untilRated,
		when:  counted(points, "2019-04-01", QuantityLine{Body: north, Quantity: "1", Factors: []Factor{{"prevalence", "1.1"}, {"prevalence", "1.1"}}}),
		rule:  RuleQuantityTwice,
	},
	{
		name:  "a factor without a name is refused",
		given: untilRated,
		when:  counted(points, "2019-04-01", QuantityLine{Body: north, Quantity: "1", Factors: []Factor{{"", "1.1"}}}),
		rule:  RuleTextMissing,
	},
	{
		name:  "a factor that is no number is refused",
		given: untilRated,
		when:  counted(points, "2019-04-01", QuantityLine{Body: north, Quantity: "1", Factors: []Factor{{"prevalence", "high"}}}),
		rule:  RuleQuantityForm,
	},
	{
		name:  "fewer than no beds are refused",
		given: untilRated,
		when:  counted(beds, "2019-04-01", QuantityLine{Body: north, Quantity: "-1"}),
		rule:  RuleQuantityForm,
	},
	{
		name:  "a quantity that is left out is not taken for none",
		given: untilRated,
		when:  counted(beds, "2019-04-01", QuantityLine{Body: north}),
		rule:  RuleQuantityForm,
	},
	{
		name:  "a part of nothing is refused",
		given: untilRated,
		when:  counted(parts, "2019-04-01", QuantityLine{Body: north, Quantity: "1/0"}),
		rule:  RuleQuantityForm,
	},
	{
		name:  "a quantity in powers of ten is refused",
		given: untilRated,
		when:  counted(beds, "2019-04-01", QuantityLine{Body: north, Quantity: "1e9"}),
		rule:  RuleQuantityForm,
	},
	{
		name:  "a quantity longer than any count is refused",
		given: untilRated,
		when:  counted(beds, "2019-04-01", QuantityLine{Body: north, Quantity: "12345678901"}),
		rule:  RuleQuantityForm,
	},
	{
		name:  "a quantity that its factors lift beyond any count is refused",
		given: untilRated,
		when:  counted(beds, "2019-04-01", QuantityLine{Body: north, Quantity: "100000000", Factors: []Factor{{"prevalence", "11"}}}),
		rule:  RuleQuantityForm,
	},
	{
		name:  "more than all of a payment on patients is refused",
		given: untilRated,
		when:  counted(parts, "2019-04-01", QuantityLine{Body: north, Quantity: "4/3"}),
		rule:  RuleQuantityWhole,
	},
	{
		name:  "a part that its factor lifts beyond the whole is refused",
		given: untilRated,
		when:  counted(parts, "2019-04-01", QuantityLine{Body: north, Quantity: "2/3", Factors: []Factor{{"weight", "1.6"}}}),
		rule:  RuleQuantityWhole,
	},
}

func TestQuantities(t *testing.T) { tell(t, quantityRows) }
