package domain

import (
	"math/big"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func endRole(person Person, to Date) EndRole { return EndRole{Person: person, To: to, Reason: "left"} }

var roleRows = []row{
	{
		name:  "a network engages a pharmacist",
		given: untilFunded19,
		when:  engage("P-0001", north, "ARRS_CP", "2019-07-01", "37.5"),
		then:  engagedAs(engage("P-0001", north, "ARRS_CP", "2019-07-01", "37.5")),
	},
	{
		name:  "forty hours a week are the most that can be claimed",
		given: untilFunded19,
		when:  engage("P-0001", north, "ARRS_CP", "2019-07-01", "40"),
		then:  engagedAs(engage("P-0001", north, "ARRS_CP", "2019-07-01", "40")),
	},
	{
		name:  "a person whose role ended can be engaged again, by another network",
		given: more(untilEngaged, also(255, "2019-10-20", endRole("P-0001", "2019-10-15"))),
		when:  engage("P-0001", south, "ARRS_CP", "2019-10-16", "22.5"),
		then:  engagedAs(engage("P-0001", south, "ARRS_CP", "2019-10-16", "22.5")),
	},
	{
		name:      "engaging a person again in the same role changes nothing",
		given:     untilEngaged,
		when:      engage("P-0001", north, "ARRS_CP", "2019-10-01", "37.5"),
		unchanged: true,
	},
	{
		name:      "engaging a person again whose role has ended since changes nothing",
		given:     more(untilEngaged, also(255, "2019-10-20", endRole("P-0001", "2019-10-15"))),
		when:      engage("P-0001", north, "ARRS_CP", "2019-10-01", "37.5"),
		unchanged: true,
	},
	{
		name:  "more than forty hours a week are refused",
		given: untilFunded19,
		when:  engage("P-0001", north, "ARRS_CP", "2019-07-01", "40.5"),
		rule:  RuleHours,
	},
	{
		name:  "no hours a week are refused",
		given: untilFunded19,
		when:  engage("P-0001", north, "ARRS_CP", "2019-07-01", "0"),
		rule:  RuleHours,
	},
	{
		name:  "hours that are no number are refused",
		given: untilFunded19,
		when:  engage("P-0001", north, "ARRS_CP", "2019-07-01", "full time"),
		rule:  RuleHours,
	},
	{
		name:  "a role that nobody adopted a maximum for is refused",
		given: more([]chapter{bodies, members, listed19}, nominated19, funded19),
		when:  engage("P-0001", north, "ARRS_CP", "2019-07-01", "37.5"),
		rule:  RuleRateNotAdopted,
	},
	{
		name:  "core funding is no role",
		given: untilFunded19,
		when:  engage("P-0001", north, "CORE_PCN", "2019-07-01", "37.5"),
		rule:  RuleRateKind,
	},
	{
		name:  "a role that begins before roles are reimbursed is refused",
		given: untilFunded19,
		when:  engage("P-0001", north, "ARRS_CP", "2019-06-30", "37.5"),
		rule:  RuleRateMonth,
	},
	{
		name:  "a person who is in a role cannot be engaged in another",
		given: untilEngaged,
		when:  engage("P-0001", south, "ARRS_SPLW", "2019-11-01", "10"),
		rule:  RuleRoleOpen,
	},
	{
		name:  "a person's first day in a new role cannot be the last in the old one",
		given: more(untilEngaged, also(255, "2019-10-20", endRole("P-0001", "2019-10-15"))),
		when:  engage("P-0001", south, "ARRS_CP", "2019-10-15", "37.5"),
		rule:  RuleRoleOpen,
	},
	{
		name:  "a practice engages no one: its network does",
		given: untilFunded19,
		when:  engage("P-0001", mill, "ARRS_CP", "2019-07-01", "37.5"),
		rule:  RuleBodyKind,
	},
	{
		name:  "a role without a person is refused",
		given: untilFunded19,
		when:  engage("", north, "ARRS_CP", "2019-07-01", "37.5"),
		rule:  RuleTextMissing,
	},
	{
		name:  "a role without its first day is refused",
		given: untilFunded19,
		when:  engage("P-0001", north, "ARRS_CP", "", "37.5"),
		rule:  RuleTextMissing,
	},
	{
		name:  "a role without a source is refused",
		given: untilFunded19,
		when:  EngageRole{Person: "P-0001", Network: north, Role: "ARRS_CP", From: "2019-07-01", Post: Post{Hours: "37.5"}},
		rule:  RuleTextMissing,
	},

	{
		name:  "a role ends on a person's last day",
		given: untilEngaged,
		when:  endRole("P-0001", "2019-10-31"),
		then:  RoleEnded{Person: "P-0001", To: "2019-10-31", Reason: "left"},
	},
	{
		name:  "a role may end in a month that is claimed and not decided",
		given: untilClaimed,
		when:  endRole("P-0001", "2019-10-15"),
		then:  RoleEnded{Person: "P-0001", To: "2019-10-15", Reason: "left"},
	},
	{
		name:  "a role may end on the last day of a month that was paid",
		given: untilApproved,
		when:  endRole("P-0001", "2019-10-31"),
		then:  RoleEnded{Person: "P-0001", To: "2019-10-31", Reason: "left"},
	},
	{
		name:  "a role may end before a month whose claim was rejected",
		given: more(untilClaimed, also(270, "2019-11-12", RejectClaim{Claim: 260, Reason: "not in post"})),
		when:  endRole("P-0001", "2019-10-01"),
		then:  RoleEnded{Person: "P-0001", To: "2019-10-01", Reason: "left"},
	},
	{
		name:  "a role may end in a month once what was paid beyond that is recovered",
		given: more(untilApproved, also(280, "2019-12-02", recoverOf("P-0001", 1_625_40))),
		when:  endRole("P-0001", "2019-10-15"),
		then:  RoleEnded{Person: "P-0001", To: "2019-10-15", Reason: "left"},
	},
	{
		name:      "ending a role again on the same day changes nothing",
		given:     more(untilEngaged, also(255, "2019-11-04", endRole("P-0001", "2019-10-31"))),
		when:      endRole("P-0001", "2019-10-31"),
		unchanged: true,
	},
	{
		name:  "a role that has ended does not end on another day",
		given: more(untilEngaged, also(255, "2019-11-04", endRole("P-0001", "2019-10-31"))),
		when:  endRole("P-0001", "2019-11-30"),
		rule:  RuleRoleNone,
	},
	{
		name:  "a role that ends before it began is refused",
		given: untilEngaged,
		when:  endRole("P-0001", "2019-09-30"),
		rule:  RuleRoleNone,
	},
	{
		name:  "a role without its last day is refused",
		given: untilEngaged,
		when:  endRole("P-0001", ""),
		rule:  RuleRoleNone,
	},
	{
		name:  "a person who is in no role cannot leave one",
		given: untilEngaged,
		when:  endRole("P-0002", "2019-10-31"),
		rule:  RuleRoleNone,
	},
	{
		name:  "a role that ends without a reason is refused",
		given: untilEngaged,
		when:  EndRole{Person: "P-0001", To: "2019-10-31"},
		rule:  RuleTextMissing,
	},
	{
		name:  "a role that ends before a month that is claimed is refused",
		given: more(untilEngaged, also(260, "2019-11-04", claim(north, "2019-20/M08", ClaimLine{Person: "P-0001", Costs: cost(4_500_00)}))),
		when:  endRole("P-0001", "2019-10-31"),
		rule:  RuleRoleClaimed,
	},
	{
		name:  "a role that ends in a month that was paid in full is refused",
		given: untilApproved,
		when:  endRole("P-0001", "2019-10-15"),
		rule:  RuleRoleClaimed,
	},
	{
		name:  "a role that ends a penny's worth short of what was paid is refused",
		given: more(untilApproved, also(280, "2019-12-02", recoverOf("P-0001", 1_625_39))),
		when:  endRole("P-0001", "2019-10-15"),
		rule:  RuleRoleClaimed,
	},
}

// changeRole has a person of the fixture in another post from a day on.
func changeRole(person Person, from Date, role RateCode, post Post) ChangeRole {
	return ChangeRole{Person: person, From: from, Role: role, Post: post, Source: Source{Title: "variation of the contract"}}
}

func changedAs(c ChangeRole, network Body, role RateCode) RoleChanged {
	return RoleChanged{Person: c.Person, Network: network, Role: role, From: c.From, Post: c.Post, Additionality: c.Additionality, Source: c.Source}
}

func hours(h Hours) Post { return Post{Hours: h} }

// inPostOf engages somebody for North in a post that is not only hours.
func inPostOf(person Person, role RateCode, from Date, post Post) EngageRole {
	c := engage(person, north, role, from, "")
	c.Post = post
	return c
}

// adopts is a chapter that adopts cards as far as a primary or secondary source prints them.
func adopts(n int64, on Date, years ...Year) chapter {
	return func(s *story) {
		s.number = n
		s.on(on)
		for _, year := range years {
			s.do(AdoptRateCard{Year: year})
		}
	}
}

// onAmount adopts a role of a card on a document, with the amount that the card lacks.
func onAmount(n int64, on Date, year Year, role RateCode, amount string) chapter {
	return also(n, on, AdoptRateCard{Year: year, Rates: []RateChoice{{Rate: role, Amount: amount, Document: specification}}})
}

// trained engages a trainee nursing associate for North, as event 301, in October 2020.
var trained = more(untilFunded19, adopts(300, "2020-11-02", "2020-21"), also(301, "2020-11-02", engage("T-0001", north, "ARRS_TNA", "2020-10-01", "37.5")))

var laterRoleRows = []row{
	{
		name:  "a GP is engaged for nine sessions a week",
		given: more(untilFunded19, adopts(300, "2024-10-01", "2024-25")),
		when:  inPostOf("G-0001", "ARRS_GP", "2024-10-01", Post{Sessions: "9"}),
		then:  engagedAs(inPostOf("G-0001", "ARRS_GP", "2024-10-01", Post{Sessions: "9"})),
	},
	{
		name:  "a GP is engaged for 37.5 hours a week",
		given: more(untilFunded19, adopts(300, "2024-10-01", "2024-25")),
		when:  inPostOf("G-0001", "ARRS_GP", "2024-10-01", hours("37.5")),
		then:  engagedAs(inPostOf("G-0001", "ARRS_GP", "2024-10-01", hours("37.5"))),
	},
	{
		name:  "a GP is engaged in London",
		given: more(untilFunded19, adopts(300, "2024-10-01", "2024-25")),
		when:  inPostOf("G-0001", "ARRS_GP", "2024-10-01", Post{Sessions: "9", Area: AreaLondon}),
		then:  engagedAs(inPostOf("G-0001", "ARRS_GP", "2024-10-01", Post{Sessions: "9", Area: AreaLondon})),
	},
	{
		name:  "9.6 sessions a week, which are forty hours, are the most that can be claimed",
		given: more(untilFunded19, adopts(300, "2024-10-01", "2024-25")),
		when:  inPostOf("G-0001", "ARRS_GP", "2024-10-01", Post{Sessions: "9.61"}),
		rule:  RuleHours,
	},
	{
		name:  "a post of both hours and sessions is refused",
		given: more(untilFunded19, adopts(300, "2024-10-01", "2024-25")),
		when:  inPostOf("G-0001", "ARRS_GP", "2024-10-01", Post{Hours: "37.5", Sessions: "9"}),
		rule:  RuleHours,
	},
	{
		name:  "a post of neither hours nor sessions is refused",
		given: more(untilFunded19, adopts(300, "2024-10-01", "2024-25")),
		when:  inPostOf("G-0001", "ARRS_GP", "2024-10-01", Post{}),
		rule:  RuleHours,
	},
	{
		name:  "sessions of a pharmacist are refused",
		given: untilFunded19,
		when:  inPostOf("P-0001", "ARRS_CP", "2019-07-01", Post{Sessions: "9"}),
		rule:  RuleHours,
	},
	{
		name:  "a pharmacist is engaged in inner London",
		given: more(untilFunded19, adopts(300, "2024-10-01", "2024-25")),
		when:  inPostOf("P-0001", "ARRS_CP", "2024-08-01", Post{Hours: "37.5", Area: AreaInner}),
		then:  engagedAs(inPostOf("P-0001", "ARRS_CP", "2024-08-01", Post{Hours: "37.5", Area: AreaInner})),
	},
	{
		name:  "outer London before it has a maximum is refused",
		given: more(untilFunded19, adopts(300, "2024-10-01", "2024-25")),
		when:  inPostOf("P-0001", "ARRS_CP", "2024-08-01", Post{Hours: "37.5", Area: AreaOuter}),
		rule:  RuleRoleArea,
	},
	{
		name:  "a GP in inner London is refused: one maximum holds for all of it",
		given: more(untilFunded19, adopts(300, "2024-10-01", "2024-25")),
		when:  inPostOf("G-0001", "ARRS_GP", "2024-10-01", Post{Sessions: "9", Area: AreaInner}),
		rule:  RuleRoleArea,
	},
	{
		name:  "a link worker is engaged through a contract with a supplier",
		given: untilFunded19,
		when:  inPostOf("L-0001", "ARRS_SPLW", "2019-07-01", Post{Hours: "37.5", Supplier: true}),
		then:  engagedAs(inPostOf("L-0001", "ARRS_SPLW", "2019-07-01", Post{Hours: "37.5", Supplier: true})),
	},
	{
		name:  "a role that no card has is refused",
		given: untilFunded19,
		when:  engage("P-0001", north, "ARRS_WIZARD", "2019-07-01", "37.5"),
		rule:  RuleRateUnknown,
	},
	{
		name:  "a paramedic in March 2021 is refused: paramedics are reimbursed from April",
		given: more(untilFunded19, adopts(300, "2021-03-01", "2020-21", "2021-22")),
		when:  engage("P-0001", north, "ARRS_PARA", "2021-03-01", "37.5"),
		rule:  RuleRateMonth,
	},
	{
		name:  "a pharmacist in July 2021 is refused: no maximum of that year was found",
		given: more(untilFunded19, adopts(300, "2021-07-01", "2020-21", "2021-22")),
		when:  engage("P-0001", north, "ARRS_CP", "2021-07-01", "37.5"),
		rule:  RuleRateNotAdopted,
	},
	{
		name:  "a pharmacist in July 2021 is engaged once a maximum is adopted with its amount and document",
		given: more(untilFunded19, adopts(300, "2021-07-01", "2020-21", "2021-22"), onAmount(310, "2021-07-01", "2021-22", "ARRS_CP", "56450")),
		when:  engage("P-0001", north, "ARRS_CP", "2021-07-01", "37.5"),
		then:  engagedAs(engage("P-0001", north, "ARRS_CP", "2021-07-01", "37.5")),
	},
	{
		name:  "a pharmacist of last year is not claimed for July 2021: the old maximum is not carried over",
		given: more(untilEngaged, adopts(300, "2021-08-02", "2020-21", "2021-22")),
		when:  claim(north, "2021-22/M04", ClaimLine{Person: "P-0001", Costs: cost(4_500_00)}),
		rule:  RuleRateNotAdopted,
	},

	{
		name:  "a person's hours change from a day on",
		given: untilEngaged,
		when:  changeRole("P-0001", "2019-11-16", "", hours("18.75")),
		then:  changedAs(changeRole("P-0001", "2019-11-16", "", hours("18.75")), north, "ARRS_CP"),
	},
	{
		name:  "a trainee who qualifies in mid-month is in another role from that day on",
		given: trained,
		when:  changeRole("T-0001", "2021-02-15", "ARRS_NA", hours("37.5")),
		then:  changedAs(changeRole("T-0001", "2021-02-15", "ARRS_NA", hours("37.5")), north, "ARRS_NA"),
	},
	{
		name: "a pharmacist moves to outer London",
		given: more(untilFunded19, adopts(300, "2024-10-01", "2024-25"),
			also(310, "2024-10-01", inPostOf("P-0001", "ARRS_CP", "2024-08-01", Post{Hours: "37.5", Area: AreaInner}))),
		when: changeRole("P-0001", "2024-11-01", "", Post{Hours: "37.5", Area: AreaOuter}),
		then: changedAs(changeRole("P-0001", "2024-11-01", "", Post{Hours: "37.5", Area: AreaOuter}), north, "ARRS_CP"),
	},
	{
		name:      "a change to what a post is already changes nothing",
		given:     untilEngaged,
		when:      changeRole("P-0001", "2019-11-16", "ARRS_CP", hours("37.5")),
		unchanged: true,
	},
	{
		name:      "a change recorded again changes nothing",
		given:     more(untilEngaged, also(255, "2019-11-18", changeRole("P-0001", "2019-11-16", "", hours("30")))),
		when:      changeRole("P-0001", "2019-11-16", "", hours("30")),
		unchanged: true,
	},
	{
		name:  "a role ends after it changed",
		given: more(untilEngaged, also(255, "2019-11-18", changeRole("P-0001", "2019-11-16", "", hours("30")))),
		when:  endRole("P-0001", "2019-11-30"),
		then:  RoleEnded{Person: "P-0001", To: "2019-11-30", Reason: "left"},
	},
	{
		name:  "a role that changed does not end before the change",
		given: more(untilEngaged, also(255, "2019-11-18", changeRole("P-0001", "2019-11-16", "", hours("30")))),
		when:  endRole("P-0001", "2019-11-15"),
		rule:  RuleRoleNone,
	},
	{
		name:  "a change on the first day in post is refused",
		given: untilEngaged,
		when:  changeRole("P-0001", "2019-10-01", "", hours("30")),
		rule:  RuleRoleNone,
	},
	{
		name:  "a change before the last change is refused",
		given: more(untilEngaged, also(255, "2019-11-18", changeRole("P-0001", "2019-11-16", "", hours("30")))),
		when:  changeRole("P-0001", "2019-11-01", "", hours("20")),
		rule:  RuleRoleNone,
	},
	{
		name:  "a change of a role that has ended is refused",
		given: more(untilEngaged, also(255, "2019-11-04", endRole("P-0001", "2019-10-31"))),
		when:  changeRole("P-0001", "2019-11-16", "", hours("30")),
		rule:  RuleRoleNone,
	},
	{
		name:  "a person who is in no role has none that changes",
		given: untilEngaged,
		when:  changeRole("P-0002", "2019-11-16", "", hours("30")),
		rule:  RuleRoleNone,
	},
	{
		name:  "a change without its day is refused",
		given: untilEngaged,
		when:  changeRole("P-0001", "", "", hours("30")),
		rule:  RuleTextMissing,
	},
	{
		name:  "a change without a source is refused",
		given: untilEngaged,
		when:  ChangeRole{Person: "P-0001", From: "2019-11-16", Post: hours("30")},
		rule:  RuleTextMissing,
	},
	{
		name:  "a change to more than forty hours a week is refused",
		given: untilEngaged,
		when:  changeRole("P-0001", "2019-11-16", "", hours("40.5")),
		rule:  RuleHours,
	},
	{
		name:  "a change to a role that is not reimbursed yet is refused",
		given: untilEngaged,
		when:  changeRole("P-0001", "2019-11-16", "ARRS_PT", hours("37.5")),
		rule:  RuleRateMonth,
	},
	{
		name:  "fewer hours in a month that is claimed and not decided are recorded",
		given: untilClaimed,
		when:  changeRole("P-0001", "2019-10-16", "", hours("18.75")),
		then:  changedAs(changeRole("P-0001", "2019-10-16", "", hours("18.75")), north, "ARRS_CP"),
	},
	{
		name:  "fewer hours in a month that was paid in full are refused",
		given: untilApproved,
		when:  changeRole("P-0001", "2019-10-16", "", hours("18.75")),
		rule:  RuleRoleClaimed,
	},
	{
		// 3,150.8333 × (15 + 16 ÷ 2) ÷ 31 = 2,337.715: of the 3,150.00 that was paid 812.28 is too much
		name:  "fewer hours in a month that was paid are recorded once what was paid beyond that is recovered",
		given: more(untilApproved, also(280, "2019-12-02", recoverOf("P-0001", 812_28))),
		when:  changeRole("P-0001", "2019-10-16", "", hours("18.75")),
		then:  changedAs(changeRole("P-0001", "2019-10-16", "", hours("18.75")), north, "ARRS_CP"),
	},
	{
		name:  "fewer hours a penny's worth short of what was paid are refused",
		given: more(untilApproved, also(280, "2019-12-02", recoverOf("P-0001", 812_27))),
		when:  changeRole("P-0001", "2019-10-16", "", hours("18.75")),
		rule:  RuleRoleClaimed,
	},
	{
		name:  "another role from before a month that is claimed in the old one is refused",
		given: more(untilEngaged, also(260, "2019-11-04", claim(north, "2019-20/M08", ClaimLine{Person: "P-0001", Costs: cost(4_500_00)}))),
		when:  changeRole("P-0001", "2019-10-16", "ARRS_SPLW", hours("37.5")),
		rule:  RuleRoleClaimed,
	},
	{
		name:  "fewer hours after the months that were paid are recorded",
		given: untilApproved,
		when:  changeRole("P-0001", "2019-11-01", "", hours("18.75")),
		then:  changedAs(changeRole("P-0001", "2019-11-01", "", hours("18.75")), north, "ARRS_CP"),
	},
}

// recoverOf recovers part of what item 270.1 paid for a person, cost or no cost.
func recoverOf(person Person, pence Pence) RaiseRecovery {
	return RaiseRecovery{Item: "270.1", Reason: "left on 15 October", Person: person, Pence: pence}
}

func TestRoles(t *testing.T) { tell(t, slices.Concat(roleRows, laterRoleRows)) }

// maxima are what a post can be reimbursed, month by month of a rate's period.
func maxima(rate Rate, e engagement) (months []Pence) {
	if rate.Rate == "" {
		rate.Rate = "ARRS_CP"
	}
	e.network, e.role = north, rate.Rate
	var g Grounds
	g.adoptRates(1, RateCardAdopted{Year: rate.Year, Rates: []Rate{rate}})
	set(&g.roles, "P-0001", []engagement{e})
	for _, m := range rate.Months() {
		most, err := g.maximumOf("P-0001", north, rate.Rate, m)
		if err != nil {
			panic(err)
		}
		months = append(months, most)
	}
	return months
}

// wholeYear is a role's rate whose period is the year.
func wholeYear(amount string) Rate {
	return Rate{Year: "2019-20", Kind: RateReimbursedRole, Amount: amount, From: "2019-04-01", To: "2020-03-31"}
}

// TestMaximaOfAPost has worked examples of £37,810 a year: f × £3,150.8333 a month, rounded as the year goes.
func TestMaximaOfAPost(t *testing.T) {
	card := cardRate("ARRS_CP") // July to March
	for _, c := range []struct {
		name string
		rate Rate
		post engagement
		want []Pence
	}{
		{"a whole-time pharmacist from July", card, engagement{from: "2019-07-01", Post: Post{Hours: "37.5"}},
			[]Pence{3_150_83, 3_150_84, 3_150_83, 3_150_83, 3_150_84, 3_150_83, 3_150_83, 3_150_84, 3_150_83}},
		{"forty hours are no more than whole time", card, engagement{from: "2020-02-01", Post: Post{Hours: "40"}},
			[]Pence{0, 0, 0, 0, 0, 0, 0, 3_150_83, 3_150_84}},
		{"half time", card, engagement{from: "2020-02-01", Post: Post{Hours: "18.75"}}, []Pence{0, 0, 0, 0, 0, 0, 0, 1_575_42, 1_575_41}},
		{"three days of five", card, engagement{from: "2020-03-01", Post: Post{Hours: "22.5"}}, []Pence{0, 0, 0, 0, 0, 0, 0, 0, 1_890_50}},
		{"from 11 November, 20 of 30 days", card, engagement{from: "2019-11-11", Post: Post{Hours: "37.5"}},
			[]Pence{0, 0, 0, 0, 2_100_56, 3_150_83, 3_150_83, 3_150_84, 3_150_83}},
		{"until 15 October, 15 of 31 days", card, engagement{from: "2019-10-01", to: "2019-10-15", Post: Post{Hours: "37.5"}},
			[]Pence{0, 0, 0, 1_524_60, 0, 0, 0, 0, 0}},
		{"one day of February in a leap year", card, engagement{from: "2020-02-29", to: "2020-02-29", Post: Post{Hours: "37.5"}},
			[]Pence{0, 0, 0, 0, 0, 0, 0, 108_65, 0}},
		{"half time from 11 November", card, engagement{from: "2019-11-11", to: "2019-11-30", Post: Post{Hours: "18.75"}},
			[]Pence{0, 0, 0, 0, 1_050_28, 0, 0, 0, 0}},
		{"a link worker", cardRate("ARRS_SPLW"), engagement{from: "2020-01-01", Post: Post{Hours: "37.5"}}, []Pence{0, 0, 0, 0, 0, 0, 2_842_75, 2_842_75, 2_842_75}},
	} {
		if diff := cmp.Diff(c.want, maxima(c.rate, c.post)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	if got := sumOf(maxima(card, engagement{from: "2019-07-01", Post: Post{Hours: "37.5"}})); got != 28_357_50 {
		t.Errorf("nine whole months come to %s, want £28,357.50: 9/12 of £37,810", got)
	}
}

// TestMaximaOfAYearSumToIt has a whole-time post of twelve months reimbursed the year's maximum to the penny, and any
// post no more than its part of it, within half a penny at every month.
func TestMaximaOfAYearSumToIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pence := Pence(rapid.Int64Range(1, 20_000_000).Draw(t, "maximum"))
		rate := wholeYear(pence.Decimal())
		if got := sumOf(maxima(rate, engagement{from: "2019-04-01", Post: Post{Hours: "37.5"}})); got != pence {
			t.Fatalf("twelve whole months come to %s, want %s", got, pence)
		}
		post := engagement{from: Date("2019-03-01").AddDays(rapid.IntRange(0, 400).Draw(t, "from"))}
		if rapid.Bool().Draw(t, "ends") {
			post.to = post.from.AddDays(rapid.IntRange(0, 400).Draw(t, "days"))
		}
		hours := rapid.Int64Range(1, 400).Draw(t, "tenths of hours")
		post.Hours = Hours(big.NewRat(hours, 10).FloatString(1))
		exact, sum := new(big.Rat), Pence(0)
		for i, most := range maxima(rate, post) {
			m := rate.Months()[i]
			days := int64(0)
			for d := m.First(); d <= m.Last(); d = d.AddDays(1) {
				if post.from <= d && (post.to == "" || d <= post.to) {
					days++
				}
			}
			f := big.NewRat(min(hours, 375)*days, 375*int64(len(daysOf(m))))
			exact.Add(exact, f.Mul(f, big.NewRat(int64(pence), 12)))
			if sum += most; most < 0 || sum != roundRat(exact) {
				t.Fatalf("%+v of %s: %s in %s makes %s, the fraction is %s pence", post, pence, most, m, sum, exact.FloatString(2))
			}
		}
	})
}

func daysOf(m Service) (days []Date) {
	for d := m.First(); d <= m.Last(); d = d.AddDays(1) {
		days = append(days, d)
	}
	return days
}

func TestPersonsAreTokens(t *testing.T) {
	var p Person
	for _, text := range []string{"P-0001", "0123", "A7b9-c3"} {
		if err := p.UnmarshalText([]byte(text)); err != nil || string(p) != text {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range []string{"", "abc", "Jane Smith", "j.smith@nhs.net", "Zoë-1"} {
		if err := p.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is taken for a token", text)
		}
	}
}

func TestHoursAWeek(t *testing.T) {
	for _, h := range []Hours{"0.1", "37.5", "40", "40.00", "7", "9.25"} {
		if _, err := h.rat(); err != nil {
			t.Errorf("%s: %v", h, err)
		}
	}
	for _, h := range []Hours{"", "0", "0.00", "40.01", "41", "-1", "1e1", "1/2", "37,5", "037.5", " 37.5", "37.555"} {
		if r, err := h.rat(); err == nil {
			t.Errorf("%q is taken for %s hours", h, r)
		}
	}
	if !slices.Equal(maxima(wholeYear("1200"), engagement{from: "2019-04-01", Post: Post{Hours: "40"}}), maxima(wholeYear("1200"), engagement{from: "2019-04-01", Post: Post{Hours: "37.5"}})) {
		t.Error("forty hours are reimbursed more than whole time")
	}
}

// engagedAs is the event that an engagement causes.
func engagedAs(c EngageRole) RoleEngaged {
	return RoleEngaged{Person: c.Person, Network: c.Network, Role: c.Role, From: c.From, Post: c.Post, Additionality: c.Additionality, Source: c.Source}
}
