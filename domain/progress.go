package domain

import (
	"reflect"
	"slices"
	"strings"
)

// A Framework is a maturity matrix or readiness tool as its publisher set it out: areas, and in each the levels from
// lowest to highest. Frameworks differ by place and year, so they are data.
type Framework struct {
	Code   string   `json:"framework"` // pcn-maturity-2018
	Title  string   `json:"title"`
	From   Date     `json:"from"`   // in use from then on
	Levels []string `json:"levels"` // lowest first
	Areas  []Area   `json:"areas"`
	Source Source   `json:"source"`
}

// An Area is a row of a framework. Levels are those it has, where that is not all of the framework's.
type Area struct {
	Area   string   `json:"area"`
	Levels []string `json:"levels,omitzero"`
}

// AdoptFramework asks that a framework be used from a date on.
type AdoptFramework struct{ Framework }

// FrameworkAdopted says that a framework is in use.
type FrameworkAdopted struct{ Framework }

// An AreaLevel is the level reached, or aimed at, in one area.
type AreaLevel struct {
	Area     string `json:"area"`
	Level    string `json:"level"`
	Evidence string `json:"evidence,omitzero"` // where it can be seen
}

// An Assessment is where a network stands against a framework on a day. The first is its baseline.
type Assessment struct {
	Network   Body        `json:"network"`
	Framework string      `json:"framework"`
	On        Date        `json:"on"`
	Baseline  bool        `json:"baseline"`
	Assessor  string      `json:"assessor"` // a role, not a person
	Levels    []AreaLevel `json:"levels"`
}

// AssessMaturity asks to record an assessment.
type AssessMaturity struct{ Assessment }

// MaturityAssessed says where a network stood on a day.
type MaturityAssessed struct{ Assessment }

// A Target is where a network aims to stand by a day.
type Target struct {
	Network   Body        `json:"network"`
	Framework string      `json:"framework"`
	By        Date        `json:"by"`
	Levels    []AreaLevel `json:"levels"`
}

// SetTarget asks to record a target.
type SetTarget struct{ Target }

// TargetSet says where a network aims to stand.
type TargetSet struct{ Target }

// A Milestone is a step that a network promised. Recorded again under its code it takes the new dates.
type Milestone struct {
	Network  Body     `json:"network"`
	Code     string   `json:"milestone"` // within the network: MS1
	Title    string   `json:"title"`
	Fund     FundCode `json:"fund,omitzero"` // the fund that pays for it
	Due      Date     `json:"due"`
	Achieved Date     `json:"achieved,omitzero"`
	Evidence string   `json:"evidence,omitzero"`
}

// RecordMilestone asks to record a milestone, or that it was achieved.
type RecordMilestone struct{ Milestone }

// MilestoneRecorded says what a network promised, and when it was achieved.
type MilestoneRecorded struct{ Milestone }

// A Narrative is what is told of a fund's use, for one network or for all.
type Narrative struct {
	Fund    FundCode `json:"fund"`
	Network Body     `json:"network,omitzero"`
	Author  string   `json:"author"` // a role, not a person
	Text    string   `json:"text"`
}

// SubmitNarrative asks to record a narrative. A later one for the same fund and network takes its place in reports.
type SubmitNarrative struct{ Narrative }

// NarrativeSubmitted says what was told of a fund's use.
type NarrativeSubmitted struct{ Narrative }

// progress is what the ledger keeps of frameworks, assessments, milestones and narratives to decide on further ones.
type progress struct {
	frameworks map[string]Framework
	assessed   map[networkFramework]Assessment // the newest
	baselines  map[networkFramework]Assessment
	targets    map[networkFramework]Target
	milestones map[networkMilestone]Milestone
	narratives map[fundNetwork]Narrative
}

type networkFramework struct {
	network   Body
	framework string
}

type networkMilestone struct {
	network Body
	code    string
}

type fundNetwork struct {
	fund    FundCode
	network Body
}

// set puts a value into a map that may not exist yet.
func set[K comparable, V any](m *map[K]V, key K, value V) {
	if *m == nil {
		*m = map[K]V{}
	}
	(*m)[key] = value
}

func (p *progress) adopt(e FrameworkAdopted) { set(&p.frameworks, e.Code, e.Framework) }

func (p *progress) assess(e MaturityAssessed) {
	key := networkFramework{e.Network, e.Framework}
	if e.Baseline {
		set(&p.baselines, key, e.Assessment)
	}
	if e.On >= p.assessed[key].On {
		set(&p.assessed, key, e.Assessment)
	}
}

func (p *progress) target(e TargetSet) {
	set(&p.targets, networkFramework{e.Network, e.Framework}, e.Target)
}

func (p *progress) milestone(e MilestoneRecorded) {
	set(&p.milestones, networkMilestone{e.Network, e.Code}, e.Milestone)
}

func (p *progress) narrate(e NarrativeSubmitted) {
	set(&p.narratives, fundNetwork{e.Fund, e.Network}, e.Narrative)
}

func (c AdoptFramework) decide(l *Ledger, _ moment) (Event, error) {
	if known, ok := l.progress.frameworks[c.Code]; ok {
		if reflect.DeepEqual(known, c.Framework) {
			return nil, ErrUnchanged
		}
		return nil, refuse(RuleFrameworkExists, "give the new version a code of its own", "framework %s is adopted already, in other words", c.Code)
	}
	if c.Code == "" || c.Title == "" || c.From == "" {
		return nil, refuse(RuleTextMissing, `give all three, for example pcn-maturity-2018, "PCN maturity matrix" and 2018-08-01`,
			"the framework's code, title or first day (from) is missing")
	}
	if err := checkText(c.Source.Title, "the source's title", `"PCN maturity matrix, 2018"`); err != nil {
		return nil, err
	}
	if err := c.Framework.check(); err != nil {
		return nil, err
	}
	return FrameworkAdopted(c), nil
}

// check refuses a framework without areas or levels, or with the same one twice.
func (f Framework) check() error {
	areas := make([]string, len(f.Areas))
	for i, a := range f.Areas {
		areas[i] = a.Area
		for _, level := range a.Levels {
			if !slices.Contains(f.Levels, level) {
				return refuse(RuleFrameworkLevels, "add it to the framework's levels, or correct the area's", "area %s has the level %q, which the framework lacks",
					a.Area, level)
			}
		}
	}
	if len(areas) == 0 || len(f.Levels) == 0 || !distinct(areas) || !distinct(f.Levels) {
		return refuse(RuleFrameworkLevels, "list every area and every level once, the lowest level first",
			"framework %s lacks areas or levels, or has one twice", f.Code)
	}
	return nil
}

func distinct(names []string) bool {
	sorted := slices.Sorted(slices.Values(names))
	return !slices.Contains(sorted, "") && len(slices.Compact(sorted)) == len(names)
}

// checkLevels refuses what is no level of a framework that the network may be measured by.
func (l *Ledger) checkLevels(network Body, framework string, levels []AreaLevel) error {
	if err := l.registry.knownAs(network, "the network", KindNetwork); err != nil {
		return err
	}
	f, ok := l.progress.frameworks[framework]
	if !ok {
		return refuse(RuleFrameworkUnknown, "adopt it first (AdoptFramework)", "framework %q is not adopted", framework)
	}
	if err := checkLines(len(levels)); err != nil {
		return err
	}
	seen := map[string]bool{}
	for i, level := range levels {
		if seen[level.Area] {
			return onLine(i, refuse(RuleAreaLevel, "name each area once", "area %q stands twice", level.Area))
		}
		seen[level.Area] = true
		if err := f.checkLevel(level); err != nil {
			return onLine(i, err)
		}
	}
	return nil
}

// checkLevel refuses an area that the framework lacks, or a level that the area lacks.
func (f Framework) checkLevel(level AreaLevel) error {
	area := slices.IndexFunc(f.Areas, func(a Area) bool { return a.Area == level.Area })
	if area < 0 {
		names := make([]string, len(f.Areas))
		for i, a := range f.Areas {
			names[i] = a.Area
		}
		return refuse(RuleAreaLevel, "choose one of: "+strings.Join(names, ", "), "%q is no area of framework %s", level.Area, f.Code)
	}
	if levels := f.levelsOf(area); !slices.Contains(levels, level.Level) {
		return refuse(RuleAreaLevel, "choose one of: "+strings.Join(levels, ", "), "%q is no level of area %s in framework %s",
			level.Level, level.Area, f.Code)
	}
	return nil
}

// levelsOf returns the levels of one area, lowest first.
func (f Framework) levelsOf(area int) []string {
	if own := f.Areas[area].Levels; len(own) > 0 {
		return own
	}
	return f.Levels
}

func (c AssessMaturity) decide(l *Ledger, m moment) (Event, error) {
	if err := l.checkLevels(c.Network, c.Framework, c.Levels); err != nil {
		return nil, err
	}
	if err := checkText(c.Assessor, "the assessor", `"network and CCG together"`); err != nil {
		return nil, err
	}
	key := networkFramework{c.Network, c.Framework}
	baseline, has := l.progress.baselines[key]
	switch {
	case has && c.Baseline && reflect.DeepEqual(baseline, c.Assessment), reflect.DeepEqual(l.progress.assessed[key], c.Assessment):
		return nil, ErrUnchanged
	case has && c.Baseline:
		return nil, refuse(RuleBaselineTwice, "record it as a later assessment: leave out baseline", "%s has its baseline of %s already",
			c.Network.Bare(), baseline.On)
	case !has && !c.Baseline:
		return nil, refuse(RuleBaselineMissing, "record its first assessment with baseline true", "%s has no baseline by %s yet",
			c.Network.Bare(), c.Framework)
	}
	return MaturityAssessed(c), c.checkDay(m.today(), baseline.On)
}

// checkDay refuses an assessment without a day, in the future, or before the network's baseline.
func (a Assessment) checkDay(today, baseline Date) error {
	remedy := "give the day of the assessment: not in the future and not before the baseline"
	switch {
	case a.On == "":
		return refuse(RuleAssessmentDate, remedy, "the day of the assessment (on) is missing")
	case a.On > today:
		return refuse(RuleAssessmentDate, remedy, "the assessment is dated %s; today is %s", a.On, today)
	case a.On < baseline:
		return refuse(RuleAssessmentDate, remedy, "the assessment is dated %s, before the baseline of %s", a.On, baseline)
	}
	return nil
}

func (c SetTarget) decide(l *Ledger, _ moment) (Event, error) {
	if err := l.checkLevels(c.Network, c.Framework, c.Levels); err != nil {
		return nil, err
	}
	if c.By == "" {
		return nil, refuse(RuleTextMissing, "give the day by which the target is to be reached (by)", "the target's date is missing")
	}
	if reflect.DeepEqual(l.progress.targets[networkFramework{c.Network, c.Framework}], c.Target) {
		return nil, ErrUnchanged
	}
	return TargetSet(c), nil
}

func (c RecordMilestone) decide(l *Ledger, m moment) (Event, error) {
	if err := l.registry.knownAs(c.Network, "the network", KindNetwork); err != nil {
		return nil, err
	}
	if c.Code == "" || c.Title == "" || c.Due == "" {
		return nil, refuse(RuleTextMissing, "give all three, for example MS1, a sentence, and a date", "the milestone's code, title or due date is missing")
	}
	if c.Achieved > m.today() {
		return nil, refuse(RuleMilestoneAchieved, "leave it out until the day has come", "a milestone cannot be achieved on %s, in the future", c.Achieved)
	}
	if c.Fund != "" {
		if _, err := l.fund(c.Fund); err != nil {
			return nil, err
		}
	}
	if l.progress.milestones[networkMilestone{c.Network, c.Code}] == c.Milestone {
		return nil, ErrUnchanged
	}
	return MilestoneRecorded(c), nil
}

func (c SubmitNarrative) decide(l *Ledger, _ moment) (Event, error) {
	if _, err := l.fund(c.Fund); err != nil {
		return nil, err
	}
	if c.Network != "" {
		if err := l.registry.knownAs(c.Network, "the network", KindNetwork); err != nil {
			return nil, err
		}
	}
	if err := checkText(c.Text, "the narrative", `"the networks agreed their baseline"`); err != nil {
		return nil, err
	}
	if err := checkText(c.Author, "the author", `"network manager"`); err != nil {
		return nil, err
	}
	if l.progress.narratives[fundNetwork{c.Fund, c.Network}] == c.Narrative {
		return nil, ErrUnchanged
	}
	return NarrativeSubmitted(c), nil
}
