package domain

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shared is a line shared over networks by the newest list.
func shared(payee Body, category Category, pence Pence, among ...Body) Line {
	l := line(payee, "", category, pence)
	l.Share = &Share{Among: among}
	return l
}

// by is the line shared by another list or by the memberships of another day.
func by(list int64, at Date, l Line) Line {
	l.Share = &Share{List: list, At: at, Among: l.Share.Among}
	return l
}

// allocatedShares is the event of one line that was shared.
func allocatedShares(lines ...AllocationLine) FundAllocated {
	return FundAllocated{Fund: nr, Decision: paper, Lines: lines}
}

// part is a network's part of a line for Valley's leadership that was shared by a list.
func part(network Body, pence Pence, list, patients int64) AllocationLine {
	return AllocationLine{Bucket: bucket(valley, network, leadership), Pence: pence, Shared: Shared{list, patients}}
}

// listed changes the October list.
func listed(change func(*RecordListSizes)) RecordListSizes {
	c := octoberList()
	change(&c)
	return c
}

// januaryList is a later list, with other sizes, that leaves Ford out.
var januaryList = RecordListSizes{
	Population: PopulationRegistered, At: "2019-01-01", Source: Source{Title: "list sizes at 1 January 2019"},
	Lines: []ListLine{{Practice: mill, Patients: 1}, {Practice: hill, Patients: 1}, {Practice: wood, Patients: 2}},
}

var shareRows = []row{
	{
		name:  "an allocation shared by the recorded lists gives every penny away",
		given: untilFunded, on: "2018-12-03",
		when: allocate(shared(valley, leadership, 10_001)),
		then: allocatedShares(part(east, 3000, 30, 15_000), part(north, 3000, 30, 15_000), part(south, 4001, 30, 20_000)),
	},
	{
		name:  "an odd penny goes to the first code where the lists are of a size",
		given: untilFunded, on: "2018-12-03",
		when: allocate(shared(valley, leadership, 101, north, east)),
		then: allocatedShares(part(east, 51, 30, 15_000), part(north, 50, 30, 15_000)),
	},
	{
		name:  "an allocation may be shared among some networks, each named once or twice",
		given: untilFunded, on: "2018-12-03",
		when: allocate(shared(valley, leadership, 700, south, north, south)),
		then: allocatedShares(part(north, 300, 30, 15_000), part(south, 400, 30, 20_000)),
	},
	{
		name:  "a network whose share is less than a penny gets no line",
		given: untilFunded, on: "2018-12-03",
		when: allocate(shared(valley, leadership, 1)),
		then: allocatedShares(part(south, 1, 30, 20_000)),
	},
	{
		name:  "a share goes by the newest list that stands for the day or earlier",
		given: more(untilFunded, also(40, "2019-01-10", januaryList)), on: "2019-01-10",
		when: allocate(shared(valley, leadership, 400, south, east)),
		then: allocatedShares(part(east, 267, 40, 2), part(south, 133, 40, 1)),
	},
	{
		name:  "a share dated on the day that a list stands for goes by it",
		given: more(untilFunded, also(40, "2019-01-10", januaryList)), dated: "2019-01-01",
		when: allocate(shared(valley, leadership, 3, south, east)),
		then: allocatedShares(part(east, 2, 40, 2), part(south, 1, 40, 1)),
	},
	{
		name:  "a share dated before the newest list goes by the list of its own time",
		given: more(untilFunded, also(40, "2019-01-10", januaryList)), dated: "2018-12-31",
		when: allocate(shared(valley, leadership, 700, south, north)),
		then: allocatedShares(part(north, 300, 30, 15_000), part(south, 400, 30, 20_000)),
	},
	{
		name:  "a share may name an older list by its number",
		given: more(untilFunded, also(40, "2019-01-10", januaryList)), on: "2019-01-10",
		when: allocate(by(30, "", shared(valley, leadership, 700, south, north))),
		then: allocatedShares(part(north, 300, 30, 15_000), part(south, 400, 30, 20_000)),
	},
	{
		name:  "a share may name a list that stands for a later day",
		given: more(untilFunded, also(40, "2019-01-10", januaryList)), dated: "2018-12-31",
		when: allocate(by(40, "", shared(valley, leadership, 3, south, east))),
		then: allocatedShares(part(east, 2, 40, 2), part(south, 1, 40, 1)),
	},
	{
		name:  "of two lists that stand for the same day the later recorded counts",
		given: more(untilFunded, also(40, "2018-12-02", listed(func(c *RecordListSizes) { c.Lines[2].Patients = 15_000 }))), on: "2018-12-03",
		when: allocate(shared(valley, leadership, 300)),
		then: allocatedShares(part(east, 100, 40, 15_000), part(north, 100, 40, 15_000), part(south, 100, 40, 15_000)),
	},
	{
		name:  "a share goes by the memberships of the effective date, or of a named day",
		given: more(untilFunded, also(40, "2018-12-02", enrol(north, Member{ford, "2018-04-01", "2018-11-30"}), enrol(east, Member{ford, "2018-12-01", ""}))),
		on:    "2018-12-03",
		when:  allocate(shared(valley, leadership, 500), by(0, "2018-11-30", shared(valley, leadership, 500))),
		then: allocatedShares(part(east, 200, 30, 20_000), part(north, 100, 30, 10_000), part(south, 200, 30, 20_000),
			part(east, 150, 30, 15_000), part(north, 150, 30, 15_000), part(south, 200, 30, 20_000)),
	},
	{
		name:  "a member practice without a list is named in a warning",
		given: more(untilFunded, also(40, "2018-12-02", RegisterBody{Body: "local:Dale", Kind: KindPractice}, enrol(east, Member{"local:Dale", "2018-04-01", ""}))),
		on:    "2018-12-03",
		when:  allocate(shared(valley, leadership, 300, north, east)),
		then: warned(allocatedShares(part(east, 150, 30, 15_000), part(north, 150, 30, 15_000)),
			"list 30 lacks 1 of the member practices of 3 December 2018, local:Dale the first: their networks share without them"),
	},
	{
		name: "of several member practices without a list the warning names the first code",
		given: more(untilFunded, also(40, "2018-12-02", RegisterBody{Body: "local:Dale", Kind: KindPractice}, RegisterBody{Body: "local:Combe", Kind: KindPractice},
			enrol(north, Member{"local:Dale", "2018-04-01", ""}), enrol(east, Member{"local:Combe", "2018-04-01", ""}))),
		on:   "2018-12-03",
		when: allocate(shared(valley, leadership, 300, north, east)),
		then: warned(allocatedShares(part(east, 150, 30, 15_000), part(north, 150, 30, 15_000)),
			"list 30 lacks 2 of the member practices of 3 December 2018, local:Combe the first: their networks share without them"),
	},
	{
		name:  "a practice without a list in a network that has no part in the share is no warning",
		given: more(untilFunded, also(40, "2018-12-02", RegisterBody{Body: "local:Dale", Kind: KindPractice}, enrol(east, Member{"local:Dale", "2018-04-01", ""}))),
		on:    "2018-12-03",
		when:  allocate(shared(valley, leadership, 700, north, south)),
		then:  allocatedShares(part(north, 300, 30, 15_000), part(south, 400, 30, 20_000)),
	},
	{
		name:  "a line that names a network and is shared as well is refused",
		given: untilFunded, on: "2018-12-03",
		when: allocate(Line{Bucket: bucket(valley, north, leadership), Pence: 1, Share: &Share{}}),
		rule: RuleShareAndOne,
	},
	{
		name:  "a share before any list is recorded is refused",
		given: []chapter{bodies, members, funded}, on: "2018-12-03",
		when: allocate(shared(valley, leadership, 1)),
		rule: RuleListUnknown,
	},
	{
		name:  "a share dated before every list is refused",
		given: untilFunded, dated: "2018-09-30",
		when: AllocateFund{Fund: nr, Decision: Decision{Body: "board", Date: "2018-09-01", Paper: "1"}, Lines: []Line{shared(valley, leadership, 1)}},
		rule: RuleListUnknown,
	},
	{
		name:  "a share by an event that is no list is refused",
		given: untilFunded, on: "2018-12-03",
		when: allocate(by(29, "", shared(valley, leadership, 1))),
		rule: RuleListUnknown,
	},
	{
		name:  "a share on a day when no practice was in a network is refused",
		given: untilFunded, on: "2018-12-03",
		when: allocate(by(0, "2018-03-31", shared(valley, leadership, 1))),
		rule: RuleShareEmpty,
	},
	{
		name:  "a share among networks of which one has no members is refused",
		given: more(untilFunded, also(40, "2018-12-02", RegisterBody{Body: "local:West", Kind: KindNetwork})),
		when:  AllocateFund{Fund: nr, Decision: paper, Lines: []Line{shared(valley, leadership, 1, north, "local:West")}},
		rule:  RuleShareEmpty,
	},
	{
		name: "a share that would fall to a network that was succeeded is refused",
		given: more(untilFunded, also(40, "2018-12-02", RegisterBody{Body: "local:West", Kind: KindNetwork},
			SucceedBody{Body: north, Date: "2018-12-02", Successors: []Successor{{"local:West", 1, 1}}, Reason: "new name"})),
		on:   "2018-12-03",
		when: allocate(shared(valley, leadership, pounds(1))),
		rule: RuleBodySucceeded,
	},

	{
		name:  "a list is recorded with its source and stands for its day",
		given: []chapter{bodies},
		when:  octoberList(),
		then:  ListSizesRecorded(listed(func(c *RecordListSizes) { c.StandsFor = "2018-10-01" })),
	},
	{
		name:  "an average over a year is rounded half away from zero to whole patients",
		given: []chapter{bodies},
		when: listed(func(c *RecordListSizes) {
			c.At, c.Average, c.StandsFor = "", "2018-19", "2019-01-01"
			c.Lines = []ListLine{{mill, 5355, "5354.5"}, {ford, 5355, "5355.4999"}, {hill, 0, "0.25"}, {wood, 7, "7"}}
		}),
		then: ListSizesRecorded(listed(func(c *RecordListSizes) {
			c.At, c.Average, c.StandsFor = "", "2018-19", "2019-01-01"
			c.Lines = []ListLine{{mill, 5355, "5354.5"}, {ford, 5355, "5355.4999"}, {hill, 0, "0.25"}, {wood, 7, "7"}}
		})),
	},
	{
		name:      "recording a list again changes nothing",
		given:     []chapter{bodies, members, lists},
		when:      octoberList(),
		unchanged: true,
	},
	{
		name:  "a list that says neither its day nor its year is refused",
		given: []chapter{bodies},
		when:  listed(func(c *RecordListSizes) { c.At = "" }),
		rule:  RuleListDate,
	},
	{
		name:  "a list that says both a day and a year is refused",
		given: []chapter{bodies},
		when:  listed(func(c *RecordListSizes) { c.Average = "2018-19" }),
		rule:  RuleListDate,
	},
	{
		name:  "an average that does not say which day it stands for is refused",
		given: []chapter{bodies},
		when:  listed(func(c *RecordListSizes) { c.At, c.Average = "", "2018-19" }),
		rule:  RuleListDate,
	},
	{
		name:  "a list without a source is refused",
		given: []chapter{bodies},
		when:  listed(func(c *RecordListSizes) { c.Source = Source{} }),
		rule:  RuleListSource,
	},
	{
		name:  "a list that does not say whom it counts is refused",
		given: []chapter{bodies},
		when:  listed(func(c *RecordListSizes) { c.Population = "" }),
		rule:  RuleTextMissing,
	},
	{
		name:  "a list without practices is refused",
		given: []chapter{bodies},
		when:  listed(func(c *RecordListSizes) { c.Lines = nil }),
		rule:  RuleLinesMissing,
	},
	{
		name:  "a list line whose number of patients was forgotten is refused, not taken for none",
		given: []chapter{bodies},
		when:  listed(func(c *RecordListSizes) { c.Lines[3].Patients = 0 }),
		rule:  RuleListLine,
	},
	{
		name:  "a list in which a practice stands twice is refused",
		given: []chapter{bodies},
		when:  listed(func(c *RecordListSizes) { c.Lines[3] = c.Lines[0] }),
		rule:  RuleListLine,
	},
	{
		name:  "a list with fewer than no patients is refused",
		given: []chapter{bodies},
		when:  listed(func(c *RecordListSizes) { c.Lines[3].Patients = -1 }),
		rule:  RuleListLine,
	},
	{
		name:  "a list with more patients than there are people is refused",
		given: []chapter{bodies},
		when:  listed(func(c *RecordListSizes) { c.Lines[3].Patients = 1 << 62 }),
		rule:  RuleListLine,
	},
	{
		name:  "a list whose published figure does not round to its patients is refused",
		given: []chapter{bodies},
		when:  listed(func(c *RecordListSizes) { c.Lines[1] = ListLine{ford, 5355, "5355.5"} }),
		rule:  RuleListLine,
	},
	{
		name:  "a list whose published figure is no number is refused",
		given: []chapter{bodies},
		when:  listed(func(c *RecordListSizes) { c.Lines[1] = ListLine{ford, 5355, "5,355"} }),
		rule:  RuleListLine,
	},
	{
		name:  "a list whose published figure is in powers of ten is refused",
		given: []chapter{bodies},
		when:  listed(func(c *RecordListSizes) { c.Lines[1] = ListLine{ford, 0, "1e-2000000000"} }),
		rule:  RuleListLine,
	},
	{
		name:  "a list of a network is refused: it is the sum of its members' lists",
		given: []chapter{bodies},
		when:  listed(func(c *RecordListSizes) { c.Lines[3].Practice = north }),
		rule:  RuleBodyKind,
	},
	{
		name:  "a list with a practice that nobody registered is refused",
		given: []chapter{bodies},
		when:  listed(func(c *RecordListSizes) { c.Lines[3].Practice = "ods:K84001" }),
		rule:  RuleBodyUnknown,
	},
}

// warned is the event with a warning.
func warned(e FundAllocated, warning string) FundAllocated {
	e.Warnings = []string{warning}
	return e
}

func TestShare(t *testing.T) { tell(t, shareRows) }

// TestOneCommandWarnsOnce has the warning of a list stand once, however many lines go by it.
func TestOneCommandWarnsOnce(t *testing.T) {
	s := newStory(t)
	for _, c := range more(untilFunded, also(40, "2019-01-10", januaryList)) {
		c(s)
	}
	e := mustDecide[FundAllocated](s, allocate(shared(valley, leadership, 10), shared(trust, access, 10)))
	if want := []string{"list 40 lacks 1 of the member practices of 10 January 2019, local:Ford the first: their networks share without them"}; !slices.Equal(e.Warnings, want) {
		t.Error(cmp.Diff(want, e.Warnings))
	}
}

func mustDecide[E Event](s *story, c Command) E {
	s.t.Helper()
	facts, err := s.decide(c, "")
	if err != nil {
		s.t.Fatal(err)
	}
	return facts[0].Event.(E)
}
