package reports

import (
	"slices"

	"pcnledger/domain"
	"pcnledger/projections"
)

var maturity = Definition{
	Name:  "maturity",
	Title: "Maturity of networks",
	Line:  "each network's baseline, current level and target in every area, and its milestones",
	Takes: Takes{Network: true},
	body: func(v *projections.Views, o Options) body {
		return body{tables: []Table{
			standingTable(v, o), areaTable(v, o), milestoneTable(v, o), frameworkTable(v),
		}}
	},
}

const assessFirst = "No assessment is recorded. Adopt a framework (AdoptFramework) and record a baseline for each " +
	"network (AssessMaturity)."

func standingsOf(v *projections.Views, o Options) []projections.Standing {
	return slices.DeleteFunc(v.Progress.Standings(), func(s projections.Standing) bool {
		return o.Network != "" && s.Network != o.Network
	})
}

// standingTable has the dates of a network's assessments and target.
func standingTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "assessments", Title: "Assessments and targets", Empty: assessFirst,
		Columns: columns(of(KindOrganisation, "network"), of(KindText, "framework"), of(KindDate, "baseline on", "current on"),
			of(KindText, "assessed by"), of(KindDate, "target by")),
	}
	for _, s := range standingsOf(v, o) {
		t.row(organisation(v, s.Network), text(s.Framework), date(s.Baseline.On), date(s.Current.On),
			text(s.Current.Assessor), date(s.Target.By))
	}
	return t
}

// areaTable has a network's levels, area by area.
func areaTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "maturity", Title: "Maturity by area", Empty: assessFirst,
		Columns: columns(of(KindOrganisation, "network"), of(KindText, "framework", "area", "baseline", "current"),
			of(KindDate, "assessed"), of(KindText, "target", "evidence")),
	}
	for _, s := range standingsOf(v, o) {
		for _, a := range s.Areas {
			t.row(organisation(v, s.Network), text(s.Framework), text(a.Area), text(a.Baseline), text(a.Current), date(a.CurrentOn),
				text(a.Target), text(a.Evidence))
		}
	}
	return t
}

// milestoneTable shows milestones as they stand on the London date of the last event. One that names no fund belongs to
// every fund.
func milestoneTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "milestones", Title: "Milestones",
		Empty: "No milestone is recorded. Record what each network promises, and by when (RecordMilestone).",
		Columns: columns(of(KindOrganisation, "network"), of(KindText, "milestone", "title", "fund", "status"),
			of(KindDate, "due", "achieved"), of(KindText, "evidence")),
	}
	for _, m := range v.Progress.Milestones() {
		if (o.Network == "" || m.Network == o.Network) && (m.Fund == "" || o.shows(v, m.Fund)) {
			t.row(organisation(v, m.Network), text(m.Code), text(m.Title), text(m.Fund), text(m.Status(v.Ledger.Date())),
				date(m.Due), date(m.Achieved), text(m.Evidence))
		}
	}
	return t
}

func narrativeTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "narrative", Title: "Narrative",
		Empty: "Nothing is told of the fund's use yet. Submit a narrative (SubmitNarrative).",
		Columns: columns(of(KindText, "fund"), of(KindOrganisation, "network"), of(KindText, "author"),
			of(KindDate, "told"), of(KindText, "text")),
	}
	for _, n := range v.Progress.Narratives() {
		if o.shows(v, n.Fund) {
			t.row(text(n.Fund), organisation(v, n.Network), text(n.Author), date(n.Told), text(n.Text))
		}
	}
	return t
}

func frameworkTable(v *projections.Views) Table {
	t := Table{
		Name: "frameworks", Title: "Frameworks in use",
		Empty: "No framework is adopted. Adopt the maturity matrix that networks are measured by (AdoptFramework).",
		Columns: columns(of(KindText, "framework", "title"), of(KindDate, "from"),
			of(KindText, "area", "levels, lowest first", "source")),
	}
	for _, f := range v.Progress.Frameworks() {
		for _, a := range f.Areas {
			t.row(text(f.Code), text(f.Title), date(f.From), text(a.Area), text(levels(f, a)), text(f.Source.Title))
		}
	}
	return t
}

// levels joins the levels of an area, lowest first: its own, or all of the framework's.
func levels(f domain.Framework, a domain.Area) string {
	own := a.Levels
	if len(own) == 0 {
		own = f.Levels
	}
	joined := ""
	for i, level := range own {
		if i > 0 {
			joined += " < "
		}
		joined += level
	}
	return joined
}
