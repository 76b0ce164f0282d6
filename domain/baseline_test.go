package domain

import "testing"

func baseline(network Body, role RateCode, posts Quantity) SetRoleBaseline {
	return SetRoleBaseline{Network: network, Role: role, WTE: posts, Source: Source{Title: "workforce baseline of 31 March 2019"}}
}

// based has a baseline of 2.5 pharmacists for North.
var based = more(untilFunded19, also(245, "2019-07-01", baseline(north, "ARRS_CP", "2.5")))

func additional(c EngageRole, a Additionality) EngageRole {
	c.Additionality = a
	return c
}

func aPharmacist(a Additionality) EngageRole {
	return additional(engage("P-0001", north, "ARRS_CP", "2019-07-01", "37.5"), a)
}

var baselineRows = []row{
	{
		name:  "a network's baseline of pharmacists is recorded",
		given: untilFunded19,
		when:  baseline(north, "ARRS_CP", "2.5"),
		then:  RoleBaselineSet(baseline(north, "ARRS_CP", "2.5")),
	},
	{
		name:  "a baseline of none is recorded",
		given: untilFunded19,
		when:  baseline(north, "ARRS_SPLW", "0"),
		then:  RoleBaselineSet(baseline(north, "ARRS_SPLW", "0")),
	},
	{
		name:  "a baseline of a role whose maximum nobody adopted is recorded",
		given: untilFunded19,
		when:  baseline(north, "ARRS_FCP", "1"),
		then:  RoleBaselineSet(baseline(north, "ARRS_FCP", "1")),
	},
	{
		name:  "a baseline takes the place of the one before",
		given: based,
		when:  baseline(north, "ARRS_CP", "3"),
		then:  RoleBaselineSet(baseline(north, "ARRS_CP", "3")),
	},
	{
		name:      "a baseline recorded again changes nothing",
		given:     based,
		when:      baseline(north, "ARRS_CP", "2.5"),
		unchanged: true,
	},
	{
		name:  "a baseline of fewer than no posts is refused",
		given: untilFunded19,
		when:  baseline(north, "ARRS_CP", "-1"),
		rule:  RuleBaseline,
	},
	{
		name:  "a baseline that is no number is refused",
		given: untilFunded19,
		when:  baseline(north, "ARRS_CP", "two"),
		rule:  RuleBaseline,
	},
	{
		name:  "a baseline without its posts is refused",
		given: untilFunded19,
		when:  baseline(north, "ARRS_CP", ""),
		rule:  RuleBaseline,
	},
	{
		name:  "a baseline of a role that no card has is refused",
		given: untilFunded19,
		when:  baseline(north, "ARRS_WIZARD", "1"),
		rule:  RuleRateUnknown,
	},
	{
		name:  "a baseline of what is no role is refused",
		given: untilFunded19,
		when:  baseline(north, "CORE_PCN", "1"),
		rule:  RuleRateKind,
	},
	{
		name:  "a baseline of a practice is refused: its network has it",
		given: untilFunded19,
		when:  baseline(mill, "ARRS_CP", "1"),
		rule:  RuleBodyKind,
	},
	{
		name:  "a baseline without a source is refused",
		given: untilFunded19,
		when:  SetRoleBaseline{Network: north, Role: "ARRS_CP", WTE: "1"},
		rule:  RuleTextMissing,
	},

	{
		name:  "a pharmacist is engaged beyond the baseline",
		given: based,
		when:  aPharmacist(Additionality{Held: "2.50"}),
		then:  engagedAs(aPharmacist(Additionality{Held: "2.50"})),
	},
	{
		name:  "a pharmacist of a national scheme is excepted from the baseline",
		given: based,
		when:  aPharmacist(Additionality{Exception: "of the national clinical pharmacist scheme"}),
		then:  engagedAs(aPharmacist(Additionality{Exception: "of the national clinical pharmacist scheme"})),
	},
	{
		name:  "a pharmacist who takes a post of the baseline is refused",
		given: based,
		when:  aPharmacist(Additionality{Held: "2.4999"}),
		rule:  RuleAdditionality,
	},
	{
		name:  "a pharmacist is refused where nothing says how many posts are paid otherwise",
		given: based,
		when:  aPharmacist(Additionality{}),
		rule:  RuleAdditionality,
	},
	{
		name:  "posts paid otherwise that are no number are refused",
		given: untilFunded19,
		when:  aPharmacist(Additionality{Held: "some"}),
		rule:  RuleAdditionality,
	},
	{
		name:  "a link worker is engaged where only pharmacists have a baseline",
		given: based,
		when:  engage("L-0001", north, "ARRS_SPLW", "2019-07-01", "37.5"),
		then:  engagedAs(engage("L-0001", north, "ARRS_SPLW", "2019-07-01", "37.5")),
	},
	{
		name:  "another network's baseline does not matter",
		given: based,
		when:  engage("P-0001", south, "ARRS_CP", "2019-07-01", "37.5"),
		then:  engagedAs(engage("P-0001", south, "ARRS_CP", "2019-07-01", "37.5")),
	},
	{
		name:  "a link worker who becomes a pharmacist below the baseline is refused",
		given: more(based, also(250, "2019-07-01", engage("L-0001", north, "ARRS_SPLW", "2019-07-01", "37.5"))),
		when:  changeRole("L-0001", "2019-08-01", "ARRS_CP", hours("37.5")),
		rule:  RuleAdditionality,
	},
	{
		name:  "a pharmacist's hours change without another word about the baseline",
		given: more(based, also(250, "2019-07-01", aPharmacist(Additionality{Held: "3"}))),
		when:  changeRole("P-0001", "2019-08-01", "", hours("40")),
		then:  changedAs(changeRole("P-0001", "2019-08-01", "", hours("40")), north, "ARRS_CP"),
	},
}

func TestBaselines(t *testing.T) { tell(t, baselineRows) }
