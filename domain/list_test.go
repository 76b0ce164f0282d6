package domain

import "testing"

// correction corrects list 200, of registered patients at 1 January 2019, for Hill.
func correction(change func(*RecordListSizes)) RecordListSizes {
	c := RecordListSizes{Population: PopulationRegistered, At: "2019-01-01", Corrects: 200, Source: Source{Title: "corrected"}, Lines: []ListLine{{Practice: hill, Patients: 49_000}}}
	change(&c)
	return c
}

var listRows = []row{
	{
		name: "a list that was replaced is recorded again, and counts again",
		given: more(untilFunded19, correctedList(60_000), also(246, "2019-07-22", RecordListSizes{Population: PopulationRegistered, At: "2019-01-01",
			Source: Source{Title: "another list of Hill"}, Lines: []ListLine{{Practice: hill, Patients: 70_000}}})), on: "2019-07-24",
		when: hillAgain,
		then: ListSizesRecorded{Population: PopulationRegistered, At: "2019-01-01", StandsFor: "2019-01-01", Source: hillAgain.Source, Lines: hillAgain.Lines},
	},
	{
		name:  "a list that counts is not recorded twice",
		given: more(untilFunded19, correctedList(60_000)), on: "2019-07-24",
		when:      hillAgain,
		unchanged: true,
	},
	{
		name:  "a correction of a list names the list, the month it is used from, and the lines that change",
		given: untilRated,
		when:  correction(func(c *RecordListSizes) { c.UsedFrom = "2019-06-01" }),
		then: ListSizesRecorded{Population: PopulationRegistered, At: "2019-01-01", StandsFor: "2019-01-01", UsedFrom: "2019-06-01", Corrects: 200,
			Source: Source{Title: "corrected"}, Lines: []ListLine{{Practice: hill, Patients: 49_000}}},
	},
	{
		name:      "recording a correction again changes nothing",
		given:     more(untilRated, also(215, "2019-06-04", correction(func(*RecordListSizes) {}))),
		when:      correction(func(*RecordListSizes) {}),
		unchanged: true,
	},
	{
		name:  "a list of adjusted patients is recorded",
		given: untilRated,
		when:  correction(func(c *RecordListSizes) { c.Population, c.Corrects = PopulationAdjusted, 0 }),
		then: ListSizesRecorded{Population: PopulationAdjusted, At: "2019-01-01", StandsFor: "2019-01-01", Source: Source{Title: "corrected"},
			Lines: []ListLine{{Practice: hill, Patients: 49_000}}},
	},
	{
		name:  "a correction of what is no list is refused",
		given: untilRated,
		when:  correction(func(c *RecordListSizes) { c.Corrects = 20 }),
		rule:  RuleListCorrection,
	},
	{
		name:  "a correction of a list of other patients is refused",
		given: untilRated,
		when:  correction(func(c *RecordListSizes) { c.Population = PopulationWeighted }),
		rule:  RuleListCorrection,
	},
	{
		name:  "a correction of a list for another day is refused",
		given: untilRated,
		when:  correction(func(c *RecordListSizes) { c.At = "2019-04-01" }),
		rule:  RuleListCorrection,
	},
	{
		name:  "a list that was corrected is corrected no more: its correction is",
		given: more(untilRated, also(215, "2019-06-04", correction(func(*RecordListSizes) {}))),
		when:  correction(func(c *RecordListSizes) { c.Lines[0].Patients = 48_000 }),
		rule:  RuleListCorrection,
	},
	{
		name:  "a list that is used from before the day it stands for is refused",
		given: untilRated,
		when:  correction(func(c *RecordListSizes) { c.UsedFrom = "2018-12-01" }),
		rule:  RuleListDate,
	},
}

func TestLists(t *testing.T) { tell(t, listRows) }

// hillAgain is the list that correctedList records for 60,000 patients, once more.
var hillAgain = RecordListSizes{
	Population: PopulationRegistered, At: "2019-01-01", Source: Source{Title: "corrected list of Hill"}, Lines: []ListLine{{Practice: hill, Patients: 60_000}},
}
