package projections_test

import (
	"testing"

	"pcnledger/domain"
	"pcnledger/projections"
)

func TestStandingOfANetwork(t *testing.T) {
	standings := fold(sixHundredThousand()).Progress.Standings()
	if len(standings) != 2 {
		t.Fatalf("%d standings", len(standings))
	}
	got := standings[0]
	check(t, "network", got.Network, north)
	check(t, "days", []domain.Date{got.Baseline.On, got.Current.On, got.Target.By}, []domain.Date{"2019-01-20", "2019-03-25", "2019-09-30"})
	check(t, "areas", got.Areas, []projections.AreaStanding{
		{
			Area: "right scale", Baseline: "foundations", Current: "step 1", Target: "step 2", Evidence: "agreement signed",
			BaselineOn: "2019-01-20", CurrentOn: "2019-03-25", TargetBy: "2019-09-30",
		}, { // which the second assessment leaves out
			Area: "integrated working", Baseline: "foundations", Current: "foundations", Target: "step 1", Evidence: "workshop notes",
			BaselineOn: "2019-01-20", CurrentOn: "2019-01-20", TargetBy: "2019-09-30",
		},
	})
	check(t, "no target for the city", standings[1].Target.Number, 0)
}

func TestAnEarlierAssessmentThatIsRecordedLateIsNotTheCurrentOne(t *testing.T) {
	h := &history{}
	assess := func(on domain.Date, level string, baseline bool) {
		h.record("2019-04-01", domain.MaturityAssessed{Assessment: domain.Assessment{
			Network: north, Framework: "m", On: on, Baseline: baseline, Levels: []domain.AreaLevel{{Area: "a", Level: level}},
		}})
	}
	assess("2019-01-01", "0", true)
	assess("2019-03-01", "2", false)
	assess("2019-02-01", "1", false)
	got := fold(h.events).Progress.Standings()[0]
	check(t, "levels", got.Areas, []projections.AreaStanding{
		{Area: "a", Baseline: "0", Current: "2", BaselineOn: "2019-01-01", CurrentOn: "2019-03-01"},
	})
}

func TestMilestones(t *testing.T) {
	views := fold(sixHundredThousand())
	got := map[string]projections.Status{}
	for _, m := range views.Progress.Milestones() {
		got[string(m.Network)+" "+m.Code] = m.Status(views.Ledger.Date())
	}
	check(t, "states on 2 April 2019", got, map[string]projections.Status{
		"local:NET-1 MS1": projections.StatusAchieved, "local:NET-1 MS2": projections.StatusLate, "local:NET-2 MS1": projections.StatusPlanned,
	})
	due := projections.Milestone{Milestone: domain.Milestone{Due: "2019-03-28", Achieved: "2019-04-05"}}
	check(t, "on its day", due.Status("2019-03-28"), projections.StatusPlanned)
	check(t, "the day after", due.Status("2019-03-29"), projections.StatusLate)
	check(t, "once achieved", due.Status("2019-04-05"), projections.StatusAchieved)
}

func TestNarrativesAreTheNewest(t *testing.T) {
	var got []string
	for _, n := range fold(sixHundredThousand()).Progress.Narratives() {
		got = append(got, n.Network.Bare()+": "+n.Text)
	}
	check(t, "narratives", got, []string{": The networks agreed their baselines.", "local:NET-1: Lead GP starts in May."})
}
