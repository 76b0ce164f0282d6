package domain

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// explained opens an event of a story, on the events before it.
func (s *story) explained(number int64) []Explanation {
	s.t.Helper()
	w := new(Workings)
	for _, r := range s.log {
		if r.Number == number {
			all, err := w.Explain(r)
			if err != nil {
				s.t.Fatalf("event %d: %v", number, err)
			}
			return all
		}
		w.Apply(r)
	}
	s.t.Fatalf("there is no event %d", number)
	return nil
}

// last opens the last event of a story.
func (s *story) last() []Explanation { return s.explained(s.number - 1) }

// lines prints a tree: figures with their numbers, and notes.
func (x Explanation) lines(margin string) (lines []string) {
	lines = append(lines, margin+x.Figure+": "+x.Value)
	if x.Numbers != "" {
		lines = append(lines, margin+"  = "+x.Numbers)
	}
	for _, note := range x.Notes {
		lines = append(lines, margin+"  * "+note)
	}
	for _, part := range x.Parts {
		lines = append(lines, part.lines(margin+"  ")...)
	}
	return lines
}

// part finds a figure in a tree.
func (x Explanation) part(t *testing.T, figure string) Explanation {
	t.Helper()
	for _, part := range x.Parts {
		if strings.HasPrefix(part.Figure, figure) {
			return part
		}
	}
	t.Fatalf("%s has no part %q:\n%s", x.Figure, figure, strings.Join(x.lines(""), "\n"))
	return x
}

// input finds a fact of a figure.
func (x Explanation) input(t *testing.T, name string) Input {
	t.Helper()
	for _, in := range x.Inputs {
		if strings.HasPrefix(in.Name, name) {
			return in
		}
	}
	t.Fatalf("%s has no input %q: %v", x.Figure, name, x.Inputs)
	return Input{}
}

// explains requires that every amount of a history is worked out to what was recorded, and that this changes no state.
func (h *history) explains() {
	w := new(Workings)
	for _, r := range h.log {
		if fault := w.explains(r); fault != "" {
			h.fail("%s", fault)
		}
		w.Apply(r)
	}
	if !reflect.DeepEqual(&w.ledger, h.ledger) {
		h.fail("explaining changed the ledger")
	}
}

// explains says what is wrong with the explanation of an event; nothing for one that works nothing out.
func (w *Workings) explains(r Recorded) string {
	all, err := w.Explain(r)
	if none := (*Unexplained)(nil); errors.As(err, &none) {
		switch r.Event.(type) {
		case EntitlementRun, EntitlementAdjusted, ClaimApproved, RecoveryRaised:
			return fmt.Sprintf("event %d, %T: %v", r.Number, r.Event, err)
		}
		return ""
	}
	if err != nil {
		return fmt.Sprintf("event %d, %T: %v", r.Number, r.Event, err)
	}
	for i, x := range all {
		if differs := x.Differs(); len(differs) > 0 {
			return fmt.Sprintf("event %d, %T: %s:\n%s", r.Number, r.Event, differs, strings.Join(x.lines(""), "\n"))
		}
		if x.Numbers == "" || x.Formula == "" || len(x.Inputs) == 0 {
			return fmt.Sprintf("event %d: figure %d is not explained: %+v", r.Number, i+1, x)
		}
	}
	for _, item := range ItemsOpened(r) {
		if x := all[item.ID.Line()-1]; x.Pence != item.Pence() {
			return fmt.Sprintf("item %s of %s is worked out to %s", item.ID, item.Pence(), x.Pence)
		}
	}
	return ""
}

// TestEveryAmountOfTheTablesIsExplained opens whatever the tables of cases have happen: runs, adjustments, claims, uplifts,
// recoveries, also those that follow what was taken back or replaced.
func TestEveryAmountOfTheTablesIsExplained(t *testing.T) {
	explained := map[string]int{}
	for _, r := range tables() {
		if r.then == nil && r.rule != "" {
			continue
		}
		t.Run(r.name, func(t *testing.T) {
			s, facts, err := r.decide(t)
			if err == nil {
				s.apply(facts)
			}
			if !reflect.DeepEqual(fold(s.log), s.ledger) {
				return // the case sets what is left of a sum by hand: its events do not tell it
			}
			w := new(Workings)
			for _, recorded := range s.log {
				if fault := w.explains(recorded); fault != "" {
					t.Fatal(fault)
				}
				explained[EventKindOf(recorded.Event).Name]++
				w.Apply(recorded)
			}
		})
	}
	for _, name := range []string{"EntitlementRun", "EntitlementAdjusted", "ClaimApproved", "RecoveryRaised"} {
		if explained[name] == 0 {
			t.Errorf("no %s happens in the tables", name)
		}
	}
}

// TestAnotherFigureIsSaidLoudly has an event hold a penny more than it is worked out to.
func TestAnotherFigureIsSaidLoudly(t *testing.T) {
	s := told(t, untilJuly)
	w := new(Workings)
	for _, r := range s.log {
		run, is := r.Event.(EntitlementRun)
		if !is {
			w.Apply(r)
			continue
		}
		run.Lines = append([]EntitlementLine(nil), run.Lines...)
		run.Lines[1].Pence++
		r.Event = run
		all, err := w.Explain(r)
		if err != nil {
			t.Fatal(err)
		}
		if got := all[1].Differs(); len(got) != 1 || got[0] != "item 240.2 is worked out to £25,000.50, and recorded as £25,000.51" {
			t.Errorf("a penny more is recorded than is due: %q", got)
		}
		if got := all[0].Differs(); len(got) != 0 {
			t.Errorf("the first line is as it was worked out: %q", got)
		}
	}
}

const (
	windrush, hightown Body     = "ods:K84024", "ods:K84059"
	woodlands          Body     = "ods:K84062"
	core21             FundCode = "CORE-2021"
)

var january21 = Source{Title: "Patients Registered at a GP Practice, January 2021", File: "gp-reg-pat-prac-all.csv", SHA256: strings.Repeat("ab", 32)}

// banbury21 has Banbury Alliance with its published lists of 1 January 2021 (NHS England, Patients Registered at a GP Practice)
// and its rates of 2021/22, from event 300 on: the list is event 305, the rates 306, the first run 311, item 311.1.
func banbury21(s *story) {
	s.number = 300
	s.on("2021-05-17").do(RegisterBody{Body: banbury, Kind: KindNetwork}, RegisterBody{Body: windrush, Kind: KindPractice},
		RegisterBody{Body: hightown, Kind: KindPractice}, RegisterBody{Body: woodlands, Kind: KindPractice},
		RecordMembership{Network: banbury, Members: []Member{{windrush, "2020-06-01", ""}, {hightown, "2020-06-01", ""}, {woodlands, "2020-06-01", ""}}, Source: register},
		RecordListSizes{Population: PopulationRegistered, At: "2021-01-01", Source: january21, Lines: []ListLine{
			{Practice: windrush, Patients: 8_558}, {Practice: hightown, Patients: 11_424}, {Practice: woodlands, Patients: 7_542}}},
		AdoptRateCard{Year: "2021-22"}, nominate(banbury, hightown, "2020-06-01"),
		OpenFund{Terms{Fund: core21, Title: "Network Contract DES", Year: "2021-22", Cover: CoverWarn, Basis: BasisEvidence, Categories: []Category{"extended hours", "care home premium"}, Source: letter}},
		ConfirmFunding{Fund: core21, Pence: pounds(80_000), Title: "allocation", Source: letter},
		AllocateFund{Fund: core21, Decision: paper, Lines: []Line{line19(banbury, pounds(80_000))}},
		run(core21, "EXT_HOURS", "2021-22/M01"))
}

func TestExtendedHoursOfBanbury(t *testing.T) {
	s := told(t, []chapter{bodies, banbury21})
	x := s.last()[0]
	if want := "27,524 patients × £1.44 = £39,634.56 for the year; instalment 1 of 12 is £3,302.88"; x.Numbers != want || x.Value != "£3,302.88" {
		t.Errorf("the first month is %s: %q, want %q", x.Value, x.Numbers, want)
	}
	annual := x.part(t, "annual amount")
	patients := annual.part(t, "patients of U62251")
	rate := annual.input(t, "rate EXT_HOURS of 2021-22")
	if rate.Value != "£1.44 a patient" || rate.Standing != StandingSecondary || rate.Source != "BMA: Primary care network funding (10 May 2021)" || rate.Event != s.number-6 {
		t.Errorf("the rate is %+v", rate)
	}
	if want := "8,558 + 11,424 + 7,542 = 27,524 patients"; patients.Numbers != want {
		t.Errorf("the patients are %q, want %q", patients.Numbers, want)
	}
	list := patients.input(t, "K84024")
	if list.Value != "8,558 patients" || list.File != january21.File || list.SHA256 != january21.SHA256 || list.Event != s.number-7 || !strings.Contains(list.Note, "in U62251 from 1 June 2020") {
		t.Errorf("the list of a practice is %+v", list)
	}
	// The contract asks for 30 minutes a week for 1,000 patients: 27.524 × 30 = 825.72 minutes, 13.762 hours.
	if want := "surgeries are to be open 13 h 45 min a week: 27,524 patients × 30 minutes for 1,000, to the nearest quarter of an hour"; !slices.Contains(annual.Notes, want) {
		t.Errorf("the hours are %q, want %q", annual.Notes, want)
	}
	if len(patients.Notes) != 1 || !strings.Contains(patients.Notes[0], "this is an assumption") {
		t.Errorf("the assumption about members is %q", patients.Notes)
	}
}

// TestBedsOfBanbury is 328 beds × £120 = £39,360, as it was paid; the number of beds is derived from that.
func TestBedsOfBanbury(t *testing.T) {
	s := told(t, []chapter{bodies, banbury21})
	s.on("2022-03-31").do(counted(beds, "2021-04-01", QuantityLine{Body: banbury, Quantity: "328"}), run(core21, "CARE_HOME", "2021-22/M12"))
	x := s.last()[0]
	if want := "328 beds × £120.00 = £39,360.00 for the year; instalments 1 to 12 of 12 are £39,360.00"; x.Numbers != want {
		t.Errorf("the year is %q, want %q", x.Numbers, want)
	}
	if in := x.part(t, "annual amount").input(t, "care home beds of U62251"); in.Value != "328" || in.Event != s.number-2 || in.Source != directory.Title {
		t.Errorf("the beds are %+v", in)
	}
}

func TestTheSentencesOfTheFirstYear(t *testing.T) {
	for _, c := range []struct {
		name  string
		given []chapter
		event int64
		line  int
		want  string
	}{
		{"core funding for the first four months", untilJuly, 240, 1, "50,001 patients × £1.50 = £75,001.50 for the year; instalments 1 to 4 of 12 are £25,000.50"},
		{"the Clinical Director's nine months", more(untilFunded19, also(240, "2019-07-15", run(core, "CD", "2019-20/M04", south))), 240, 0,
			"50,000 patients × £0.5143 = £25,715.00 for 9 months; instalment 1 of 9 is £2,857.22"},
		{"participation of one practice", more(untilFunded19, also(240, "2019-07-15", run(core, "NPP", "2019-20/M04", north))), 240, 1,
			"31,000 patients × £1.761 = £54,591.00 for the year; instalments 1 to 4 of 12 are £18,197.00"},
		{"a corrected list", more(untilJuly, correctedList(50_080), also(246, "2019-08-15", run(core, "CORE_PCN", "2019-20/M05", south))), 246, 0,
			"50,080 patients × £1.50 = £75,120.00 for the year; instalments 1 to 5 of 12 are £31,300.00; £25,000.00 was raised before, £6,300.00 now"},
		{"an adjustment", adjustedDown, 246, 0, "was 50,000 patients × £1.50 = £75,000.00 for the year (rate of event 210, list 200); " +
			"is 49,920 patients × £1.50 = £74,880.00 for the year (rate of event 210, list 245); £40.00 is to be paid back by local:Hill of item 240.3, by 21 August 2019"},
		{"a pharmacist of October", untilApproved, 270, 0, "70 % of £4,500.00 = £3,150.00; maximum £3,150.83"},
		{"a recovery", untilRecovered, 280, 0, "£3,150.00 − £2,992.50 = £157.50"},
	} {
		if got := told(t, c.given).explained(c.event)[c.line].Numbers; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestAPracticeThatCountsByDayIsExplained has Ford leave North for South on 16 October 2019, in a rate that counts by day.
func TestAPracticeThatCountsByDayIsExplained(t *testing.T) {
	s := told(t, more(untilFunded19, bedsOfOwn))
	s.on("2019-07-20").do(enrol(north, Member{ford, "2018-04-01", "2019-10-15"}), enrol(south, Member{Practice: ford, From: "2019-10-16"}))
	s.on("2020-03-31").do(run("BEDS", "BY_DAY", month(12)))
	october := s.last()[1].part(t, "annual amount for October 2019").part(t, "patients of")
	var days []string
	for _, in := range october.Inputs {
		if strings.Contains(in.Value, "days") {
			days = append(days, in.Value+" ["+in.Note+"]")
		}
	}
	want := []string{"20,000 × 15 ÷ 31 days [in local:North from 1 April 2018 until 15 October 2019 by event 242: membership return]"}
	if diff := cmp.Diff(want, days); diff != "" {
		t.Errorf("the days differ (-want +got):\n%s\n%s", diff, strings.Join(october.lines(""), "\n"))
	}
	if want := "20,000 × 15 ÷ 31 days + 30,001 = 39,678 13/31 patients"; october.Numbers != want {
		t.Errorf("October's patients are %q, want %q", october.Numbers, want)
	}
	if !slices.ContainsFunc(october.Notes, func(n string) bool { return strings.Contains(n, "day") }) {
		t.Errorf("no note says that days count: %q", october.Notes)
	}
}

// TestAClaimInFull is the pharmacist of MONEY.md: £4,500 in October 2019, 70 %, at most £3,150.83.
func TestAClaimInFull(t *testing.T) {
	want := []string{
		"item 270.1: £3,150.00",
		"  = 70 % of £4,500.00 = £3,150.00; maximum £3,150.83",
		"  post P-0001, October 2019: £3,150.00",
		"    = 70 % of £4,500.00 = £3,150.00; maximum £3,150.83",
		"    * the part of the cost is paid in full: it is not above the maximum of £3,150.83",
		"    part of the cost that is reimbursed: £3,150.00",
		"      = 70 % of £4,500.00 = £3,150.00",
		"    maximum of the post for October 2019: £3,150.83",
		"      = £37,810.00 × 1 ÷ 12 = £3,150.83 for October 2019",
		"      * what a month leaves unused is not carried on",
		"    left of the sum ARRS_SUM of 2019-20: £53,942.25",
		"      = £53,942.25 − £0.00 claimed = £53,942.25",
		"      * opened by: pcnledger explain arrs-sum local:North 2019-20",
		"      sum ARRS_SUM of local:North for 2019-20: £53,942.25",
		"        = the maxima of the roles come to £53,942.25",
	}
	if diff := cmp.Diff(want, told(t, untilApproved).explained(270)[0].lines("")); diff != "" {
		t.Errorf("the tree differs (-want +got):\n%s", diff)
	}
}

func TestWhatCannotBeExplained(t *testing.T) {
	s := told(t, untilJuly)
	w := new(Workings)
	for _, r := range s.log {
		w.Apply(r)
	}
	if _, err := w.Explain(s.log[0]); err == nil || !strings.Contains(err.Error(), "nothing was worked out in it") {
		t.Errorf("the first event: %v", err)
	}
	if _, err := w.ExplainSum("ods:U00000", "2019-20", SumARRS, ""); err == nil || !strings.Contains(err.Error(), "U00000 is not a registered body") {
		t.Errorf("the sum of nobody: %v", err)
	}
	x, err := w.ExplainSum(north, "2019-20", SumARRS, "")
	if err != nil || x.Value != "£53,942.25" { // Practice Index (2019): (37,810 + 34,113) × 9 ÷ 12
		t.Errorf("the sum of North is %s: %v", x.Value, err)
	}
}
