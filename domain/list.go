package domain

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// RuleListCorrection forbids a correction of a list that cannot be corrected so.
const RuleListCorrection Rule = "list-correction"

// A Population says which of the three patient counts a list holds. They are never interchanged.
type Population string

// The populations.
const (
	PopulationRegistered Population = "registered" // patients registered with a practice
	PopulationWeighted   Population = "weighted"   // the same, weighted for need as in the global sum (Carr-Hill)
	PopulationAdjusted   Population = "adjusted"   // as NHS England adjusts them for networks
)

// UnmarshalText refuses a population that the ledger does not know.
func (p *Population) UnmarshalText(text []byte) error {
	switch population := Population(text); population {
	case PopulationRegistered, PopulationWeighted, PopulationAdjusted:
		*p = population
		return nil
	}
	return fmt.Errorf("%q is no population: registered, weighted or adjusted", text)
}

// RecordListSizes asks to record practices' list sizes from one source. Exactly one of At and Average is given.
type RecordListSizes struct {
	Population Population `json:"population"`
	At         Date       `json:"at,omitzero"`        // counted on that day
	Average    Year       `json:"average,omitzero"`   // or averaged over that year
	StandsFor  Date       `json:"standsfor,omitzero"` // the reference date it is used for, At if not given
	UsedFrom   Date       `json:"usedfrom,omitzero"`  // payments for earlier months stay on the list before it; none = all months
	Corrects   int64      `json:"corrects,omitzero"`  // the number of the list of which these lines are corrected; its others stand
	Source     Source     `json:"source"`
	Lines      []ListLine `json:"lines"`
}

// A ListLine is one practice's list, in whole patients. Published is the figure as printed where that is not whole, which
// is rounded half away from zero, or where it is 0, so that a figure that was forgotten is not taken for none.
type ListLine struct {
	Practice  Body   `json:"practice"`
	Patients  int64  `json:"patients"`
	Published string `json:"published,omitzero"`
}

// ListSizesRecorded says how many patients practices have, by one source. A network's list is the sum of its members'
// and is never recorded itself. Shares of money quote the number of this event.
type ListSizesRecorded struct {
	Population Population `json:"population"`
	At         Date       `json:"at,omitzero"`
	Average    Year       `json:"average,omitzero"`
	StandsFor  Date       `json:"standsfor"`
	UsedFrom   Date       `json:"usedfrom,omitzero"`
	Corrects   int64      `json:"corrects,omitzero"`
	Source     Source     `json:"source"`
	Lines      []ListLine `json:"lines"`
}

// listState is a recorded list as shares use it.
type listState struct {
	number     int64
	population Population
	standsFor  Date
	usedFrom   Date
	patients   map[Body]int64 // by practice
	digest     ListSizesRecorded
}

func newListState(number int64, e ListSizesRecorded) listState {
	patients := make(map[Body]int64, len(e.Lines))
	for _, line := range e.Lines {
		patients[line.Practice] = line.Patients
	}
	return listState{number: number, population: e.Population, standsFor: e.StandsFor, usedFrom: e.UsedFrom, patients: patients, digest: e}
}

// recordList keeps a list as shares and payments use it: one that corrects another has the other's lines beside its own.
func (g *Grounds) recordList(number int64, e ListSizesRecorded) {
	list := newListState(number, e)
	for _, other := range g.lists {
		if e.Corrects != 0 && other.number == e.Corrects {
			for practice, patients := range other.patients {
				if _, corrected := list.patients[practice]; !corrected {
					list.patients[practice] = patients
				}
			}
		}
	}
	g.lists = append(g.lists, list)
}

// listOf returns the list that some practices are paid on for a month: of those that have one of them, stand for the day or
// an earlier one and are used for the month, the latest, and of several for the same day the last recorded. It is none if the
// lists have none of them, and refused if there is no such list at all.
func (g *Grounds) listOf(members []Body, population Population, day Date, month Service) (listState, error) {
	var found listState
	recorded := false
	for _, list := range g.lists {
		if list.population != population || list.standsFor > day || list.usedFrom > month.First() {
			continue
		}
		recorded = true
		if list.standsFor < found.standsFor {
			continue
		}
		if slices.ContainsFunc(members, func(b Body) bool { return has(list.patients, b) }) {
			found = list
		}
	}
	if !recorded {
		return found, refuse(RuleListUnknown, "import one: pcnledger import list-sizes FILE", "no %s list is recorded that stands for %s or an earlier day; %s is paid on one",
			population, day, members[0].Bare())
	}
	return found, nil
}

func (c RecordListSizes) decide(l *Ledger, _ moment) (Event, error) {
	e := ListSizesRecorded(c)
	if err := c.checkWhen(); err != nil {
		return nil, err
	}
	if e.StandsFor == "" {
		e.StandsFor = c.At
	}
	if !c.Source.given() {
		return nil, refuse(RuleListSource, "give the title of the publication or document it comes from",
			"the list has no source: money shared by it could not be traced")
	}
	if err := checkLines(len(c.Lines)); err != nil {
		return nil, err
	}
	seen := make(map[Body]bool, len(c.Lines))
	for i, line := range c.Lines {
		if err := l.registry.checkListLine(line, seen); err != nil {
			return nil, onLine(i, err)
		}
		seen[line.Practice] = true
	}
	if l.listStands(e) {
		return nil, ErrUnchanged
	}
	if err := l.checkCorrects(e); err != nil {
		return nil, err
	}
	return e, nil
}

// listStands says that a list is recorded already and still is what counts for its practices: no list of the same population
// for the same day was recorded for one of them since.
func (g *Grounds) listStands(e ListSizesRecorded) bool {
	for _, known := range slices.Backward(g.lists) {
		if sameList(known.digest, e) {
			return true
		}
		if known.population == e.Population && known.standsFor == e.StandsFor && slices.ContainsFunc(e.Lines, func(line ListLine) bool { return has(known.patients, line.Practice) }) {
			return false
		}
	}
	return false
}

// checkCorrects refuses a correction of what is no list for the same, or of one that was corrected since: the lines that
// were corrected then would be lost.
func (g *Grounds) checkCorrects(e ListSizesRecorded) error {
	if e.UsedFrom != "" && e.UsedFrom <= e.StandsFor {
		return refuse(RuleListDate, "give the first day on which payments use it, or leave it out (usedfrom): then all months do",
			"the list stands for %s and is used from %s: it cannot be used before", e.StandsFor, e.UsedFrom)
	}
	if e.Corrects == 0 {
		return nil
	}
	i := slices.IndexFunc(g.lists, func(list listState) bool { return list.number == e.Corrects })
	if i < 0 {
		return refuse(RuleListCorrection, "name the event that recorded the list: pcnledger show lists", "event %d recorded no list; it cannot be corrected", e.Corrects)
	}
	if was := g.lists[i]; was.population != e.Population || was.standsFor != e.StandsFor {
		return refuse(RuleListCorrection, "correct it with figures of the same population for the same day (standsfor), or record a list of its own",
			"list %d is of %s patients and stands for %s; the correction is of %s patients for %s", e.Corrects, was.population, was.standsFor, e.Population, e.StandsFor)
	}
	for _, list := range g.lists {
		if list.digest.Corrects == e.Corrects {
			return refuse(RuleListCorrection, fmt.Sprintf("correct list %d", list.number), "list %d was corrected by list %d already", e.Corrects, list.number)
		}
	}
	return nil
}

func sameList(a, b ListSizesRecorded) bool {
	return a.Population == b.Population && a.At == b.At && a.Average == b.Average && a.StandsFor == b.StandsFor && a.UsedFrom == b.UsedFrom && a.Corrects == b.Corrects &&
		a.Source == b.Source && slices.Equal(a.Lines, b.Lines)
}

// checkWhen refuses a list that does not say when it was counted or which day it stands for.
func (c RecordListSizes) checkWhen() error {
	if c.Population == "" {
		return refuse(RuleTextMissing, `write "population": "registered"`, "the population that the list counts is missing")
	}
	if (c.At == "") == (c.Average == "") {
		return refuse(RuleListDate, "give either the day it was counted (at) or the year it is the average of (average)",
			"the list must say when it was counted: a day, or the average over a year")
	}
	if c.Average != "" && c.StandsFor == "" {
		return refuse(RuleListDate, "give the reference date it is used for (standsfor)",
			"the average over %s must say which day it stands for", c.Average)
	}
	return nil
}

// mostPatients is the longest list one practice may have: more people than England has, so that no sum can overflow.
const mostPatients = 100_000_000

// checkListLine refuses a line that is no practice's whole number of patients, once each, as published.
func (r *registry) checkListLine(line ListLine, seen map[Body]bool) error {
	if err := r.knownAs(line.Practice, "the practice", KindPractice); err != nil {
		return err
	}
	if seen[line.Practice] {
		return refuse(RuleListLine, "remove one of the two lines", "%s stands twice in the list", line.Practice.Bare())
	}
	if line.Patients < 0 {
		return refuse(RuleListLine, "a list is a number of people, 0 or more", "%s has %d patients", line.Practice.Bare(), line.Patients)
	}
	if line.Patients == 0 && line.Published == "" {
		return refuse(RuleListLine, `give the number of patients; if the source prints none, write "published": "0" beside it`,
			"%s has no number of patients", line.Practice.Bare())
	}
	if line.Patients > mostPatients {
		return refuse(RuleListLine, "check the figure: it is one practice's list", "%s has %d patients; one practice has at most %d",
			line.Practice.Bare(), line.Patients, mostPatients)
	}
	if line.Published == "" {
		return nil
	}
	published, err := decimal.NewFromString(line.Published)
	if err != nil {
		return refuse(RuleListLine, "write it in digits, with a point where it is not whole: 5355.75", "%s has the published figure %q, which is no number",
			line.Practice.Bare(), line.Published)
	}
	if !published.Round(0).Equal(decimal.NewFromInt(line.Patients)) {
		return refuse(RuleListLine, "round the published figure half away from zero to whole patients",
			"%s has %d patients; the published %s does not round to that", line.Practice.Bare(), line.Patients, line.Published)
	}
	return nil
}
