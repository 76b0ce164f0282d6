package domain

import (
	"strings"
	"testing"
)

// technician engages a pharmacy technician, of whom a network of 2020/21 has one, or two from 100,000 patients on (Chemist
// and Druggist, 2020).
func technician(person Person, network Body, from Date, hours Hours) EngageRole {
	return engage(person, network, "ARRS_PT", from, hours)
}

// byLeave gives the leave of the commissioner to have more than the limit.
func byLeave(c EngageRole) EngageRole {
	c.Waiver = Source{Title: "letter of the CCG of 1 June 2020"}
	return c
}

// grown is a list of 1 January 2020 by which North has as many patients.
func grown(patients int64) chapter {
	return also(310, "2020-04-20", RecordListSizes{Population: PopulationRegistered, At: "2020-01-01", Source: Source{Title: "list sizes at 1 January 2020"},
		Lines: []ListLine{{Practice: mill, Patients: patients - 20_000}, {Practice: ford, Patients: 20_000}}})
}

var (
	in2020 = more(untilFunded19, adopts(300, "2020-04-20", "2020-21"))
	held1  = more(in2020, also(320, "2020-05-01", technician("T-0001", north, "2020-05-01", "37.5")))
	// unlisted2020 has no list of patients.
	unlisted2020 = []chapter{bodies, members, adopts(300, "2020-04-20", "2020-21")}
)

var limitRows = []row{
	{
		name:  "a network engages its one pharmacy technician of 2020/21",
		given: in2020,
		when:  technician("T-0001", north, "2020-05-01", "40"),
		then:  engagedAs(technician("T-0001", north, "2020-05-01", "40")),
	},
	{
		name:  "two pharmacy technicians of half a post each are one",
		given: more(in2020, also(320, "2020-05-01", technician("T-0001", north, "2020-05-01", "18.75"))),
		when:  technician("T-0002", north, "2020-06-01", "18.75"),
		then:  engagedAs(technician("T-0002", north, "2020-06-01", "18.75")),
	},
	{
		name:  "another network has a technician of its own",
		given: held1,
		when:  technician("T-0002", south, "2020-06-01", "37.5"),
		then:  engagedAs(technician("T-0002", south, "2020-06-01", "37.5")),
	},
	{
		name:  "a second pharmacy technician is refused",
		given: held1,
		when:  technician("T-0002", north, "2020-06-01", "0.01"),
		rule:  RuleRoleLimit,
	},
	{
		name:  "a technician who begins before the one that is there, and stays, is refused",
		given: held1,
		when:  technician("T-0002", north, "2020-04-20", "37.5"),
		rule:  RuleRoleLimit,
	},
	{
		name:  "a technician follows on one who left",
		given: more(held1, also(330, "2020-06-01", endRole("T-0001", "2020-05-31"))),
		when:  technician("T-0002", north, "2020-06-01", "37.5"),
		then:  engagedAs(technician("T-0002", north, "2020-06-01", "37.5")),
	},
	{
		name:  "a second pharmacy technician is engaged by leave of the commissioner",
		given: held1,
		when:  byLeave(technician("T-0002", north, "2020-06-01", "37.5")),
		then: func() RoleEngaged {
			e := engagedAs(byLeave(technician("T-0002", north, "2020-06-01", "37.5")))
			e.Warnings = []string{"local:North would have 2 whole-time posts of Pharmacy technician on 1 June 2020; its limit is 1, that of a network of fewer than 100,000 patients: it has 50001 by list 200; it may by leave: letter of the CCG of 1 June 2020"}
			return e
		}(),
	},
	{
		name:  "a network of 100,000 patients engages a second pharmacy technician",
		given: more(in2020, grown(100_000), also(320, "2020-05-01", technician("T-0001", north, "2020-05-01", "37.5"))),
		when:  technician("T-0002", north, "2020-06-01", "37.5"),
		then:  engagedAs(technician("T-0002", north, "2020-06-01", "37.5")),
	},
	{
		name: "a network of 100,000 patients is refused a third",
		given: more(in2020, grown(100_000), also(320, "2020-05-01", technician("T-0001", north, "2020-05-01", "37.5"),
			technician("T-0002", north, "2020-05-01", "37.5"))),
		when: technician("T-0003", north, "2020-06-01", "37.5"),
		rule: RuleRoleLimit,
	},
	{
		name:  "a network of 99,999 patients is refused a second",
		given: more(in2020, grown(99_999), also(320, "2020-05-01", technician("T-0001", north, "2020-05-01", "37.5"))),
		when:  technician("T-0002", north, "2020-06-01", "37.5"),
		rule:  RuleRoleLimit,
	},
	{
		name:  "without a list the smaller limit is assumed, and the engagement says so",
		given: unlisted2020,
		when:  technician("T-0001", north, "2020-05-01", "37.5"),
		then: func() RoleEngaged {
			e := engagedAs(technician("T-0001", north, "2020-05-01", "37.5"))
			e.Warnings = []string{"local:North: the limit of Pharmacy technician is taken to be 1, that of a network of fewer than 100,000 patients, for no registered list stands for 1 May 2020"}
			return e
		}(),
	},
	{
		name:  "without a list a second pharmacy technician is refused",
		given: more(unlisted2020, also(320, "2020-05-01", technician("T-0001", north, "2020-05-01", "37.5"))),
		when:  technician("T-0002", north, "2020-06-01", "37.5"),
		rule:  RuleRoleLimit,
	},
	{
		name: "more hours beyond the limit are refused",
		given: more(in2020, also(320, "2020-05-01", technician("T-0001", north, "2020-05-01", "18.75"),
			technician("T-0002", north, "2020-05-01", "18.75"))),
		when: changeRole("T-0002", "2020-06-01", "", hours("20")),
		rule: RuleRoleLimit,
	},
	{
		name:  "fewer hours are recorded where a network is above its limit by leave",
		given: more(held1, also(330, "2020-06-01", byLeave(technician("T-0002", north, "2020-06-01", "37.5")))),
		when:  changeRole("T-0002", "2020-07-01", "", hours("30")),
		then:  changedAs(changeRole("T-0002", "2020-07-01", "", hours("30")), north, "ARRS_PT"),
	},
	{
		name:  "a link worker who becomes a second pharmacy technician is refused",
		given: more(held1, also(330, "2020-05-01", engage("L-0001", north, "ARRS_SPLW", "2020-05-01", "37.5"))),
		when:  changeRole("L-0001", "2020-06-01", "ARRS_PT", hours("37.5")),
		rule:  RuleRoleLimit,
	},
	{
		name:  "a second pharmacy technician is engaged in 2021/22: the limit is gone",
		given: more(held1, onAmount(330, "2021-04-06", "2021-22", "ARRS_PT", "36000")),
		when:  technician("T-0002", north, "2021-04-06", "37.5"),
		then:  engagedAs(technician("T-0002", north, "2021-04-06", "37.5")),
	},
	{
		name: "a second mental health practitioner is refused in 2021/22",
		given: more(untilFunded19, onAmount(330, "2021-04-06", "2021-22", "ARRS_MHP", "56000"),
			also(340, "2021-04-06", engage("M-0001", north, "ARRS_MHP", "2021-04-06", "37.5"))),
		when: engage("M-0002", north, "ARRS_MHP", "2021-05-01", "37.5"),
		rule: RuleRoleLimit,
	},
	{
		name: "a second mental health practitioner is engaged in 2022/23",
		given: more(untilFunded19, onAmount(330, "2021-04-06", "2021-22", "ARRS_MHP", "56000"), also(335, "2022-04-06", AdoptRateCard{Year: "2022-23", Rates: []RateChoice{
			{Rate: "ARRS_MHP", From: "2022-04-01", Amount: "57000", Document: specification}}}),
			also(340, "2022-04-06", engage("M-0001", north, "ARRS_MHP", "2021-04-06", "37.5"))),
		when: engage("M-0002", north, "ARRS_MHP", "2022-04-06", "37.5"),
		then: engagedAs(engage("M-0002", north, "ARRS_MHP", "2022-04-06", "37.5")),
	},
	{
		name: "a network has one digital and transformation lead, whatever its size",
		given: more(untilFunded19, grown(150_000), onAmount(330, "2022-10-03", "2022-23", "ARRS_DTL", "72000"),
			also(340, "2022-10-03", engage("D-0001", north, "ARRS_DTL", "2022-10-03", "37.5"))),
		when: engage("D-0002", north, "ARRS_DTL", "2022-11-01", "7.5"),
		rule: RuleRoleLimit,
	},
}

func TestLimits(t *testing.T) { tell(t, limitRows) }

// TestLimitsSayTheirFigures has the refusal give the posts, the limit and whose patients it stands on.
func TestLimitsSayTheirFigures(t *testing.T) {
	for _, c := range []struct {
		given []chapter
		says  string
	}{
		{held1, "North would have 1.5333 whole-time posts of Pharmacy technician on 1 June 2020; its limit is 1, that of a network of fewer than 100,000 patients: it has 50001 by list 200"},
		{more(unlisted2020, also(320, "2020-05-01", technician("T-0001", north, "2020-05-01", "37.5"))),
			"its limit is 1, that of a network of fewer than 100,000 patients, for no registered list stands for 1 June 2020"},
	} {
		_, _, err := row{given: c.given, when: technician("T-0002", north, "2020-06-01", "20")}.decide(t)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v does not say %q", err, c.says)
		}
	}
}
