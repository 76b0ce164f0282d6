package projections

import (
	"cmp"
	"slices"

	"pcnledger/domain"
)

// Progress holds what networks achieved: assessments and targets by framework, milestones, narratives.
type Progress struct {
	frameworks  []domain.Framework
	assessments []Assessment
	targets     []Target
	milestones  map[milestoneKey]Milestone
	narratives  map[narrativeKey]Narrative
}

// An Assessment is where a network stood on a day, as an event recorded it.
type Assessment struct {
	Number int64
	domain.Assessment
}

// A Target is where a network aims to stand, as an event recorded it.
type Target struct {
	Number int64
	domain.Target
}

// A Milestone is a step that a network promised, as it was recorded last.
type Milestone struct {
	Number int64
	domain.Milestone
}

// A Narrative is what was told last of a fund's use for one network, or for all.
type Narrative struct {
	Number int64
	Told   domain.Date // London date of recording
	domain.Narrative
}

type milestoneKey struct {
	network domain.Body
	code    string
}

type narrativeKey struct {
	fund    domain.FundCode
	network domain.Body
}

// A Status says how a milestone stands on a day.
type Status string

// The states of a milestone.
const (
	StatusPlanned  Status = "planned"
	StatusAchieved Status = "achieved"
	StatusLate     Status = "late" // its day has passed
)

// Status returns how the milestone stands on a day.
func (m Milestone) Status(on domain.Date) Status {
	switch {
	case m.Achieved != "" && m.Achieved <= on:
		return StatusAchieved
	case m.Due < on:
		return StatusLate
	}
	return StatusPlanned
}

func newProgress() Progress {
	return Progress{milestones: map[milestoneKey]Milestone{}, narratives: map[narrativeKey]Narrative{}}
}

func (p *Progress) apply(r *record) {
	switch e := r.Event.(type) {
	case domain.FrameworkAdopted:
		p.frameworks = append(p.frameworks, e.Framework)
	case domain.MaturityAssessed:
		p.assessments = append(p.assessments, Assessment{r.Number, e.Assessment})
	case domain.TargetSet:
		p.targets = append(p.targets, Target{r.Number, e.Target})
	case domain.MilestoneRecorded:
		p.milestones[milestoneKey{e.Network, e.Code}] = Milestone{r.Number, e.Milestone}
	case domain.NarrativeSubmitted:
		p.narratives[narrativeKey{e.Fund, e.Network}] = Narrative{r.Number, domain.DateIn(r.Time), e.Narrative}
	}
}

// Frameworks returns the frameworks in the order they were adopted.
func (p *Progress) Frameworks() []domain.Framework { return slices.Clone(p.frameworks) }

// Milestones returns every milestone by network, due date and code.
func (p *Progress) Milestones() []Milestone {
	milestones := make([]Milestone, 0, len(p.milestones))
	for _, m := range p.milestones {
		milestones = append(milestones, m)
	}
	slices.SortFunc(milestones, func(a, b Milestone) int {
		return cmp.Or(cmp.Compare(a.Network, b.Network), cmp.Compare(a.Due, b.Due), cmp.Compare(a.Code, b.Code))
	})
	return milestones
}

// Narratives returns the newest narrative of each fund and network, by fund and network: those for all networks first.
func (p *Progress) Narratives() []Narrative {
	narratives := make([]Narrative, 0, len(p.narratives))
	for _, n := range p.narratives {
		narratives = append(narratives, n)
	}
	slices.SortFunc(narratives, func(a, b Narrative) int {
		return cmp.Or(cmp.Compare(a.Fund, b.Fund), cmp.Compare(a.Network, b.Network))
	})
	return narratives
}
