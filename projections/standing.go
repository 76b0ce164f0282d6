package projections

import (
	"cmp"
	"slices"

	"pcnledger/domain"
)

// A Standing is where a network stands against a framework: at first, now, and where it aims to stand. An assessment or
// target that was never recorded has number 0.
type Standing struct {
	Network   domain.Body
	Framework string
	Baseline  Assessment
	Current   Assessment // the newest: by its day, then by its number; the baseline while it is the only one
	Target    Target     // the one recorded last
	Areas     []AreaStanding
}

// An AreaStanding is where a network stands in one area. A later assessment that leaves an area out leaves it where it
// was, and so does a target. Dates are blank where there is no level.
type AreaStanding struct {
	Area                      string
	Baseline, Current, Target string
	BaselineOn, CurrentOn     domain.Date
	TargetBy                  domain.Date
	Evidence                  string // for the current level
}

// Standings returns the standing of every network with an assessment or a target, by network and framework. Areas are in
// the order of the framework.
func (p *Progress) Standings() []Standing {
	standings := map[standingKey]Standing{}
	for _, a := range p.inOrder() {
		key := standingKey{a.Network, a.Framework}
		standings[key] = standings[key].assessed(a)
	}
	for _, t := range p.targets {
		key := standingKey{t.Network, t.Framework}
		standings[key] = standings[key].aiming(t)
	}
	sorted := make([]Standing, 0, len(standings))
	for key, s := range standings {
		s.Network, s.Framework = key.network, key.framework
		p.sortAreas(s)
		sorted = append(sorted, s)
	}
	slices.SortFunc(sorted, func(a, b Standing) int {
		return cmp.Or(cmp.Compare(a.Network, b.Network), cmp.Compare(a.Framework, b.Framework))
	})
	return sorted
}

type standingKey struct {
	network   domain.Body
	framework string
}

// inOrder returns the assessments by their day; those of one day in the order of recording.
func (p *Progress) inOrder() []Assessment {
	assessments := slices.Clone(p.assessments)
	slices.SortStableFunc(assessments, func(a, b Assessment) int { return cmp.Compare(a.On, b.On) })
	return assessments
}

func (s Standing) assessed(a Assessment) Standing {
	if a.Baseline {
		s.Baseline = a
	}
	s.Current = a
	for _, level := range a.Levels {
		area := s.area(level.Area)
		if a.Baseline {
			area.Baseline, area.BaselineOn = level.Level, a.On
		}
		area.Current, area.CurrentOn, area.Evidence = level.Level, a.On, level.Evidence
	}
	return s
}

func (s Standing) aiming(t Target) Standing {
	s.Target = t
	for _, level := range t.Levels {
		area := s.area(level.Area)
		area.Target, area.TargetBy = level.Level, t.By
	}
	return s
}

// area returns the standing's area of that name, added if it is not there.
func (s *Standing) area(name string) *AreaStanding {
	for i := range s.Areas {
		if s.Areas[i].Area == name {
			return &s.Areas[i]
		}
	}
	s.Areas = append(s.Areas, AreaStanding{Area: name})
	return &s.Areas[len(s.Areas)-1]
}

// sortAreas puts areas in the order of the framework. All that are recorded are the framework's own.
func (p *Progress) sortAreas(s Standing) {
	at := slices.IndexFunc(p.frameworks, func(f domain.Framework) bool { return f.Code == s.Framework })
	if at < 0 {
		return
	}
	place := func(name string) int {
		return slices.IndexFunc(p.frameworks[at].Areas, func(a domain.Area) bool { return a.Area == name })
	}
	slices.SortStableFunc(s.Areas, func(a, b AreaStanding) int { return cmp.Compare(place(a.Area), place(b.Area)) })
}
