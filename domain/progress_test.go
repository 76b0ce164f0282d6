package domain

import "testing"

func matrix() AdoptFramework {
	return AdoptFramework{Framework{
		Code: "matrix-2018", Title: "Maturity matrix", From: "2018-08-01", Levels: []string{"foundation", "step 1", "step 2"},
		Areas:  []Area{{Area: "leadership"}, {Area: "data", Levels: []string{"step 1", "step 2"}}},
		Source: Source{Title: "maturity matrix, 2018"},
	}}
}

// adopted puts the framework in use, as event 300.
func adopted(s *story) {
	s.number = 300
	s.on("2018-12-01").do(matrix())
}

// baselined assesses North for the first time, as event 310.
func baselined(s *story) {
	s.number = 310
	s.on("2018-12-20").do(assess("2018-12-15", true, "foundation"))
}

func assess(on Date, baseline bool, level string) AssessMaturity {
	return AssessMaturity{Assessment{
		Network: north, Framework: "matrix-2018", On: on, Baseline: baseline, Assessor: "network and CCG together",
		Levels: []AreaLevel{{Area: "leadership", Level: level, Evidence: "minutes"}},
	}}
}

func aim(by Date, levels ...AreaLevel) SetTarget {
	return SetTarget{Target{Network: north, Framework: "matrix-2018", By: by, Levels: levels}}
}

func milestone(achieved Date) RecordMilestone {
	return RecordMilestone{Milestone{Network: north, Code: "MS1", Title: "practices are agreed", Fund: nr, Due: "2019-01-31", Achieved: achieved}}
}

func tale(text string) SubmitNarrative {
	return SubmitNarrative{Narrative{Fund: nr, Network: north, Author: "network manager", Text: text}}
}

// adoptedWith asks for the framework after one change to it.
func adoptedWith(change func(*Framework)) AdoptFramework {
	c := matrix()
	change(&c.Framework)
	return c
}

var (
	untilAdopted   = more(untilFunded, adopted)
	untilBaselined = more(untilAdopted, baselined)
)

var progressRows = []row{
	{name: "a framework is adopted as its publisher set it out", given: untilFunded, when: matrix(), then: FrameworkAdopted(matrix())},
	{name: "adopting a framework again changes nothing", given: untilAdopted, when: matrix(), unchanged: true},
	{
		name: "a framework in other words under the same code is refused", given: untilAdopted,
		when: adoptedWith(func(f *Framework) { f.Title = "Another matrix" }), rule: RuleFrameworkExists,
	},
	{
		name: "a framework without a code is refused", given: untilFunded,
		when: adoptedWith(func(f *Framework) { f.Code = "" }), rule: RuleTextMissing,
	},
	{
		name: "a framework without a title is refused", given: untilFunded,
		when: adoptedWith(func(f *Framework) { f.Title = "" }), rule: RuleTextMissing,
	},
	{
		name: "a framework that does not say from when it is used is refused", given: untilFunded,
		when: adoptedWith(func(f *Framework) { f.From = "" }), rule: RuleTextMissing,
	},
	{
		name: "a framework without a source is refused", given: untilFunded,
		when: adoptedWith(func(f *Framework) { f.Source = Source{} }), rule: RuleTextMissing,
	},
	{
		name: "a framework without areas is refused", given: untilFunded,
		when: adoptedWith(func(f *Framework) { f.Areas = nil }), rule: RuleFrameworkLevels,
	},
	{
		name: "a framework without levels is refused", given: untilFunded,
		when: adoptedWith(func(f *Framework) { f.Levels, f.Areas = nil, []Area{{Area: "leadership"}} }), rule: RuleFrameworkLevels,
	},
	{
		name: "a framework with an area twice is refused", given: untilFunded,
		when: adoptedWith(func(f *Framework) { f.Areas = append(f.Areas, Area{Area: "data"}) }), rule: RuleFrameworkLevels,
	},
	{
		name: "a framework with a level twice is refused", given: untilFunded,
		when: adoptedWith(func(f *Framework) { f.Levels = append(f.Levels, "step 1") }), rule: RuleFrameworkLevels,
	},
	{
		name: "a framework whose area has a level that it lacks is refused", given: untilFunded,
		when: adoptedWith(func(f *Framework) { f.Areas[1].Levels = []string{"step 9"} }), rule: RuleFrameworkLevels,
	},

	{
		name: "a network's first assessment is its baseline", given: untilAdopted, on: "2018-12-20",
		when: assess("2018-12-15", true, "foundation"), then: MaturityAssessed(assess("2018-12-15", true, "foundation")),
	},
	{
		name: "a later assessment shows the progress", given: untilBaselined, on: "2019-03-20",
		when: assess("2019-03-20", false, "step 1"), then: MaturityAssessed(assess("2019-03-20", false, "step 1")),
	},
	{name: "recording the baseline again changes nothing", given: untilBaselined, when: assess("2018-12-15", true, "foundation"), unchanged: true},
	{
		name: "recording the baseline again after a later assessment changes nothing", on: "2019-03-20",
		given: more(untilBaselined, also(320, "2019-03-20", assess("2019-03-20", false, "step 1"))),
		when:  assess("2018-12-15", true, "foundation"), unchanged: true,
	},
	{
		name:  "recording a later assessment again changes nothing",
		given: more(untilBaselined, also(320, "2019-03-20", assess("2019-03-20", false, "step 1"))),
		when:  assess("2019-03-20", false, "step 1"), unchanged: true,
	},
	{
		name: "a second baseline is refused", given: untilBaselined, on: "2019-03-20",
		when: assess("2019-03-20", true, "step 1"), rule: RuleBaselineTwice,
	},
	{
		name: "an assessment before there is a baseline is refused", given: untilAdopted, on: "2018-12-20",
		when: assess("2018-12-15", false, "foundation"), rule: RuleBaselineMissing,
	},
	{
		name: "an assessment dated tomorrow is refused", given: untilAdopted, on: "2018-12-20",
		when: assess("2018-12-21", true, "foundation"), rule: RuleAssessmentDate,
	},
	{
		name: "an assessment without a day is refused", given: untilAdopted,
		when: assess("", true, "foundation"), rule: RuleAssessmentDate,
	},
	{
		name: "an assessment dated before the baseline is refused", given: untilBaselined,
		when: assess("2018-12-14", false, "foundation"), rule: RuleAssessmentDate,
	},
	{
		name: "an assessment by a framework that is not adopted is refused", given: untilFunded,
		when: assess("2018-11-01", true, "foundation"), rule: RuleFrameworkUnknown,
	},
	{
		name: "an assessment of what is no network is refused", given: untilAdopted,
		when: AssessMaturity{Assessment{Network: valley, Framework: "matrix-2018", On: "2018-12-01", Baseline: true, Assessor: "CCG", Levels: []AreaLevel{{Area: "data", Level: "step 1"}}}},
		rule: RuleBodyKind,
	},
	{
		name: "an assessment without areas is refused", given: untilAdopted,
		when: AssessMaturity{Assessment{Network: north, Framework: "matrix-2018", On: "2018-12-01", Baseline: true, Assessor: "CCG"}},
		rule: RuleLinesMissing,
	},
	{
		name: "an assessment that does not say who made it is refused", given: untilAdopted,
		when: AssessMaturity{Assessment{Network: north, Framework: "matrix-2018", On: "2018-12-01", Baseline: true, Levels: []AreaLevel{{Area: "data", Level: "step 1"}}}},
		rule: RuleTextMissing,
	},
	{
		name: "an assessment at a level that the area lacks is refused", given: untilAdopted,
		when: AssessMaturity{Assessment{Network: north, Framework: "matrix-2018", On: "2018-12-01", Baseline: true, Assessor: "CCG", Levels: []AreaLevel{{Area: "data", Level: "foundation"}}}},
		rule: RuleAreaLevel,
	},
	{
		name: "an assessment of an area that the framework lacks is refused", given: untilAdopted,
		when: AssessMaturity{Assessment{Network: north, Framework: "matrix-2018", On: "2018-12-01", Baseline: true, Assessor: "CCG", Levels: []AreaLevel{{Area: "estates", Level: "step 1"}}}},
		rule: RuleAreaLevel,
	},
	{
		name: "an assessment with an area twice is refused", given: untilAdopted,
		when: AssessMaturity{Assessment{Network: north, Framework: "matrix-2018", On: "2018-12-01", Baseline: true, Assessor: "CCG", Levels: []AreaLevel{
			{Area: "data", Level: "step 1"}, {Area: "data", Level: "step 2"},
		}}},
		rule: RuleAreaLevel,
	},

	{
		name: "a network sets a target", given: untilAdopted,
		when: aim("2019-03-31", AreaLevel{Area: "data", Level: "step 2"}),
		then: TargetSet(aim("2019-03-31", AreaLevel{Area: "data", Level: "step 2"})),
	},
	{
		name:  "setting the same target again changes nothing",
		given: more(untilAdopted, also(305, "2018-12-02", aim("2019-03-31", AreaLevel{Area: "data", Level: "step 2"}))),
		when:  aim("2019-03-31", AreaLevel{Area: "data", Level: "step 2"}), unchanged: true,
	},
	{
		name: "a target without a day is refused", given: untilAdopted,
		when: aim("", AreaLevel{Area: "data", Level: "step 2"}), rule: RuleTextMissing,
	},
	{
		name: "a target at a level that the area lacks is refused", given: untilAdopted,
		when: aim("2019-03-31", AreaLevel{Area: "data", Level: "step 9"}), rule: RuleAreaLevel,
	},

	{name: "a milestone is promised", given: untilFunded, when: milestone(""), then: MilestoneRecorded(milestone(""))},
	{
		name: "a milestone is achieved", given: more(untilFunded, also(310, "2018-12-02", milestone(""))), on: "2019-01-20",
		when: milestone("2019-01-20"), then: MilestoneRecorded(milestone("2019-01-20")),
	},
	{
		name: "recording a milestone again changes nothing", given: more(untilFunded, also(310, "2018-12-02", milestone(""))),
		when: milestone(""), unchanged: true,
	},
	{name: "a milestone achieved tomorrow is refused", given: untilFunded, on: "2019-01-20", when: milestone("2019-01-21"), rule: RuleMilestoneAchieved},
	{
		name: "a milestone without a due date is refused", given: untilFunded,
		when: RecordMilestone{Milestone{Network: north, Code: "MS1", Title: "practices are agreed"}}, rule: RuleTextMissing,
	},
	{
		name: "a milestone of a fund that nobody opened is refused", given: untilFunded,
		when: RecordMilestone{Milestone{Network: north, Code: "MS1", Title: "practices are agreed", Fund: "NR-PCN-2019", Due: "2019-01-31"}}, rule: RuleFundUnknown,
	},
	{
		name: "a milestone of what is no network is refused", given: untilFunded,
		when: RecordMilestone{Milestone{Network: trust, Code: "MS1", Title: "practices are agreed", Due: "2019-01-31"}}, rule: RuleBodyKind,
	},

	{name: "a narrative tells of a fund's use", given: untilFunded, when: tale("We began."), then: NarrativeSubmitted(tale("We began."))},
	{
		name: "a narrative may be about all networks", given: untilFunded,
		when: SubmitNarrative{Narrative{Fund: nr, Author: "CCG", Text: "All began."}},
		then: NarrativeSubmitted{Narrative{Fund: nr, Author: "CCG", Text: "All began."}},
	},
	{
		name: "a later narrative takes the place of the first", given: more(untilFunded, also(310, "2018-12-02", tale("We began."))),
		when: tale("We finished."), then: NarrativeSubmitted(tale("We finished.")),
	},
	{
		name: "submitting a narrative again changes nothing", given: more(untilFunded, also(310, "2018-12-02", tale("We began."))),
		when: tale("We began."), unchanged: true,
	},
	{name: "a narrative is accepted after the fund's close", given: untilClosed, when: tale("We finished."), then: NarrativeSubmitted(tale("We finished."))},
	{name: "a narrative without text is refused", given: untilFunded, when: tale(""), rule: RuleTextMissing},
	{
		name: "a narrative without an author is refused", given: untilFunded,
		when: SubmitNarrative{Narrative{Fund: nr, Text: "All began."}}, rule: RuleTextMissing,
	},
	{
		name: "a narrative about a fund that nobody opened is refused", given: untilFunded,
		when: SubmitNarrative{Narrative{Fund: "NR-PCN-2019", Author: "CCG", Text: "All began."}}, rule: RuleFundUnknown,
	},
	{
		name: "a narrative about what is no network is refused", given: untilFunded,
		when: SubmitNarrative{Narrative{Fund: nr, Network: mill, Author: "CCG", Text: "All began."}}, rule: RuleBodyKind,
	},
}

func TestProgress(t *testing.T) { tell(t, progressRows) }
