package domain

import "testing"

// succeededValley has another federation take Valley's place on 1 June 2019, as events 215 and 216.
func succeededValley(s *story) {
	s.number = 215
	s.on("2019-06-03").do(RegisterBody{Body: "local:Vale", Kind: KindFederation},
		SucceedBody{Body: valley, Date: "2019-06-01", Successors: []Successor{{"local:Vale", 1, 1}}, Reason: "merger"})
}

var nomineeRows = []row{
	{
		name:  "a federation is nominated as a network's payee",
		given: untilRated,
		when:  nominate(north, valley, "2019-04-01"),
		then:  PayeeNominated{Network: north, Payee: valley, From: "2019-04-01", Source: agreement},
	},
	{
		name:  "a member practice is nominated as a network's payee",
		given: untilRated,
		when:  nominate(north, mill, "2019-04-01"),
		then:  PayeeNominated{Network: north, Payee: mill, From: "2019-04-01", Source: agreement},
	},
	{
		name:  "a payee is nominated for an alliance of networks",
		given: more(untilRated, also(215, "2019-06-03", RegisterBody{Body: "local:Alliance", Kind: KindArea})),
		when:  nominate("local:Alliance", valley, "2019-04-01"),
		then:  PayeeNominated{Network: "local:Alliance", Payee: valley, From: "2019-04-01", Source: agreement},
	},
	{
		name:  "another payee is nominated from a later day",
		given: more(untilRated, nominated19),
		when:  nominate(north, trust, "2019-10-01"),
		then:  PayeeNominated{Network: north, Payee: trust, From: "2019-10-01", Source: agreement},
	},
	{
		name:      "nominating the same payee from the same day changes nothing",
		given:     more(untilRated, nominated19),
		when:      nominate(north, valley, "2019-04-01"),
		unchanged: true,
	},
	{
		name:  "U, as files write unallocated, is no payee",
		given: untilRated,
		kind:  "NominatePayee",
		text:  `{"network":"local:North","payee":"U","from":"2019-04-01","source":{"title":"agreement"}}`,
		rule:  RuleBodyUnallocated,
	},
	{
		name:  "a payee that nobody registered is refused",
		given: untilRated,
		when:  nominate(north, "local:Nobody", "2019-04-01"),
		rule:  RuleBodyUnknown,
	},
	{
		name:  "a practice in no network is no payee",
		given: more(untilRated, also(215, "2019-06-03", RegisterBody{Body: "local:Lone", Kind: KindPractice})),
		when:  nominate(north, "local:Lone", "2019-04-01"),
		rule:  RulePayeeNoMember,
	},
	{
		name:  "a practice is no payee from before it joined a network",
		given: untilRated,
		when:  nominate(north, mill, "2018-03-31"),
		rule:  RulePayeeNoMember,
	},
	{
		name:  "the commissioner is no payee of its own",
		given: untilRated,
		when:  nominate(north, "ods:10Q", "2019-04-01"),
		rule:  RuleBodyKind,
	},
	{
		name:  "a payee is nominated for networks only",
		given: untilRated,
		when:  nominate(mill, valley, "2019-04-01"),
		rule:  RuleBodyKind,
	},
	{
		name:  "a payee that another has succeeded is refused",
		given: more(untilRated, succeededValley),
		when:  nominate(north, valley, "2019-06-01"),
		rule:  RuleBodySucceeded,
	},
	{
		name:  "two payees from one day are refused",
		given: more(untilRated, nominated19),
		when:  nominate(north, trust, "2019-04-01"),
		rule:  RulePayeeTwice,
	},
	{
		name:  "a nomination without its first day is refused",
		given: untilRated,
		when:  nominate(north, valley, ""),
		rule:  RuleTextMissing,
	},
	{
		name:  "a nomination without a source is refused",
		given: untilRated,
		when:  NominatePayee{Network: north, Payee: valley, From: "2019-04-01"},
		rule:  RuleTextMissing,
	},
}

func TestNominees(t *testing.T) { tell(t, nomineeRows) }
