package domain

import "testing"

func enrol(network Body, members ...Member) RecordMembership {
	return RecordMembership{Network: network, Members: members, Source: register}
}

// split has North succeeded by two networks on 1 June 2019.
var split = SucceedBody{Body: north, Date: "2019-06-01", Successors: []Successor{{east, 1, 3}, {south, 2, 3}}, Reason: "the network divides"}

var registryRows = []row{
	{
		name:  "an organisation is registered by code, kind and name",
		given: []chapter{created},
		when:  RegisterBody{Body: "ods:U62251", Kind: KindNetwork, Name: "Banbury Cross", From: "2019-07-01"},
		then:  BodyRegistered{Body: "ods:U62251", Kind: KindNetwork, Name: "Banbury Cross", From: "2019-07-01"},
	},
	{
		name:  "an organisation can be registered by its code alone and named later",
		given: more([]chapter{bodies}, also(15, "2018-04-04", RegisterBody{Body: "ods:K84001", Kind: KindPractice})),
		when:  RegisterBody{Body: "ods:K84001", Kind: KindPractice, Name: "The practice"},
		then:  BodyRegistered{Body: "ods:K84001", Kind: KindPractice, Name: "The practice"},
	},
	{
		name:  "an organisation can go by a new name",
		given: []chapter{bodies},
		when:  RegisterBody{Body: valley, Kind: KindFederation, Name: "Vale Federation", From: "2019-01-01"},
		then:  BodyRegistered{Body: valley, Kind: KindFederation, Name: "Vale Federation", From: "2019-01-01"},
	},
	{
		name:      "registering an organisation again changes nothing",
		given:     []chapter{bodies},
		when:      RegisterBody{Body: valley, Kind: KindFederation, Name: "Valley Federation"},
		unchanged: true,
	},
	{
		name:      "registering an organisation again without its name changes nothing",
		given:     []chapter{bodies},
		when:      RegisterBody{Body: valley, Kind: KindFederation},
		unchanged: true,
	},
	{
		name:      "the commissioner is registered from the beginning",
		given:     []chapter{created},
		when:      RegisterBody{Body: "ods:10Q", Kind: KindCommissioner, Name: "Oxfordshire CCG"},
		unchanged: true,
	},
	{
		name:  "registering an organisation as another kind is refused",
		given: []chapter{bodies},
		when:  RegisterBody{Body: valley, Kind: KindCompany, Name: "Valley Ltd"},
		rule:  RuleBodyKind,
	},
	{
		name:  "registering an organisation without its kind is refused",
		given: []chapter{bodies},
		when:  RegisterBody{Body: "ods:U62251"},
		rule:  RuleTextMissing,
	},

	{
		name:  "an organisation can be succeeded by several, each taking a share",
		given: []chapter{bodies},
		when:  split,
		then:  BodySucceeded(split),
	},
	{
		name:      "recording a succession again changes nothing",
		given:     []chapter{bodies, also(20, "2019-06-03", split)},
		when:      split,
		unchanged: true,
	},
	{
		name:  "an organisation cannot be succeeded twice",
		given: []chapter{bodies, also(20, "2019-06-03", split)},
		when:  SucceedBody{Body: north, Date: "2020-06-01", Successors: []Successor{{east, 1, 1}}, Reason: "merger"},
		rule:  RuleBodySucceeded,
	},
	{
		name:  "shares of successors that do not make a whole are refused",
		given: []chapter{bodies},
		when:  SucceedBody{Body: north, Date: "2019-06-01", Successors: []Successor{{east, 1, 3}, {south, 1, 3}}, Reason: "the network divides"},
		rule:  RuleSuccessorShares,
	},
	{
		name:  "shares of successors in different parts are refused",
		given: []chapter{bodies},
		when:  SucceedBody{Body: north, Date: "2019-06-01", Successors: []Successor{{east, 1, 2}, {south, 1, 4}}, Reason: "the network divides"},
		rule:  RuleSuccessorShares,
	},
	{
		name:  "shares of successors that make a whole only by going round the largest number are refused",
		given: []chapter{bodies, also(15, "2018-04-04", RegisterBody{Body: "local:West", Kind: KindNetwork})},
		when: SucceedBody{Body: north, Date: "2019-06-01", Reason: "the network divides", Successors: []Successor{
			{east, 1 << 62, 4}, {south, 1 << 62, 4}, {"local:West", 1<<62 + 1, 4}, {"local:West", 1<<62 + 3, 4},
		}},
		rule: RuleSuccessorShares,
	},
	{
		name:  "a successor that takes nothing is refused",
		given: []chapter{bodies},
		when:  SucceedBody{Body: north, Date: "2019-06-01", Successors: []Successor{{east, 1, 1}, {south, 0, 1}}, Reason: "the network divides"},
		rule:  RuleSuccessorShares,
	},
	{
		name:  "a share of a whole below nothing is refused",
		given: []chapter{bodies},
		when:  SucceedBody{Body: north, Date: "2019-06-01", Successors: []Successor{{east, 1, -1}}, Reason: "the network divides"},
		rule:  RuleSuccessorShares,
	},
	{
		name:  "an organisation that succeeds itself is refused",
		given: []chapter{bodies},
		when:  SucceedBody{Body: north, Date: "2019-06-01", Successors: []Successor{{north, 1, 1}}, Reason: "the network divides"},
		rule:  RuleSuccessorShares,
	},
	{
		name:  "a succession without successors is refused",
		given: []chapter{bodies},
		when:  SucceedBody{Body: north, Date: "2019-06-01", Reason: "the network ends"},
		rule:  RuleSuccessorShares,
	},
	{
		name:  "a successor of another kind is refused",
		given: []chapter{bodies},
		when:  SucceedBody{Body: north, Date: "2019-06-01", Successors: []Successor{{valley, 1, 1}}, Reason: "the network ends"},
		rule:  RuleBodyKind,
	},
	{
		name:  "a successor that nobody registered is refused",
		given: []chapter{bodies},
		when:  SucceedBody{Body: north, Date: "2019-06-01", Successors: []Successor{{"ods:U62251", 1, 1}}, Reason: "the network ends"},
		rule:  RuleBodyUnknown,
	},
	{
		name:  "a succession without its day is refused",
		given: []chapter{bodies},
		when:  SucceedBody{Body: north, Successors: []Successor{{east, 1, 1}}, Reason: "merger"},
		rule:  RuleTextMissing,
	},
	{
		name:  "a succession without a reason is refused",
		given: []chapter{bodies},
		when:  SucceedBody{Body: north, Date: "2019-06-01", Successors: []Successor{{east, 1, 1}}},
		rule:  RuleTextMissing,
	},
	{
		name:  "a succession of an organisation that nobody registered is refused",
		given: []chapter{bodies},
		when:  SucceedBody{Body: "ods:U62251", Date: "2019-06-01", Successors: []Successor{{east, 1, 1}}, Reason: "merger"},
		rule:  RuleBodyUnknown,
	},

	{
		name:  "practices join a network",
		given: []chapter{bodies},
		when:  enrol(north, Member{mill, "2018-04-01", ""}, Member{ford, "2018-04-01", "2018-12-31"}),
		then: MembershipRecorded{Network: north, Source: register, Members: []Member{
			{mill, "2018-04-01", ""}, {ford, "2018-04-01", "2018-12-31"},
		}},
	},
	{
		name:  "a membership recorded again takes its last day",
		given: []chapter{bodies, members},
		when:  enrol(north, Member{mill, "2018-04-01", "2018-12-31"}),
		then:  MembershipRecorded{Network: north, Source: register, Members: []Member{{mill, "2018-04-01", "2018-12-31"}}},
	},
	{
		name:  "a practice may leave and come back",
		given: []chapter{bodies, members, also(25, "2018-12-01", enrol(north, Member{mill, "2018-04-01", "2018-12-31"}))},
		when:  enrol(north, Member{mill, "2019-04-30", ""}),
		then:  MembershipRecorded{Network: north, Source: register, Members: []Member{{mill, "2019-04-30", ""}}},
	},
	{
		name:  "a practice may move to another network on the day after its last",
		given: []chapter{bodies, members, also(25, "2018-12-01", enrol(north, Member{mill, "2018-04-01", "2018-12-31"}))},
		when:  enrol(south, Member{mill, "2019-01-01", ""}),
		then:  MembershipRecorded{Network: south, Source: register, Members: []Member{{mill, "2019-01-01", ""}}},
	},
	{
		name:  "a practice's first day in a new network cannot be its last day in the old one",
		given: []chapter{bodies, members, also(25, "2018-12-01", enrol(north, Member{mill, "2018-04-01", "2018-12-31"}))},
		when:  enrol(south, Member{mill, "2018-12-31", ""}),
		rule:  RuleMembershipOverlap,
	},
	{
		name:  "a practice in two networks at a time is refused",
		given: []chapter{bodies, members},
		when:  enrol(south, Member{mill, "2018-06-01", ""}),
		rule:  RuleMembershipOverlap,
	},
	{
		name:  "a membership that runs into a later one of the practice is refused",
		given: []chapter{bodies, members},
		when:  enrol(south, Member{mill, "2018-01-01", ""}),
		rule:  RuleMembershipOverlap,
	},
	{
		name:  "a membership that begins on the same day as another of the practice is refused",
		given: []chapter{bodies, members},
		when:  enrol(south, Member{mill, "2018-04-01", ""}),
		rule:  RuleMembershipOverlap,
	},
	{
		name:  "a practice that stands twice in one membership return is refused where the times overlap",
		given: []chapter{bodies},
		when:  enrol(south, Member{mill, "2018-06-01", ""}, Member{mill, "2018-07-01", ""}),
		rule:  RuleMembershipOverlap,
	},
	{
		name:  "one return may end a membership and begin the next",
		given: []chapter{bodies, members},
		when:  enrol(north, Member{mill, "2018-04-01", "2018-12-31"}, Member{mill, "2019-02-01", ""}),
		then: MembershipRecorded{Network: north, Source: register, Members: []Member{
			{mill, "2018-04-01", "2018-12-31"}, {mill, "2019-02-01", ""},
		}},
	},
	{
		name:      "recording memberships again changes nothing",
		given:     []chapter{bodies, members},
		when:      enrol(north, Member{ford, "2018-04-01", ""}, Member{mill, "2018-04-01", ""}),
		unchanged: true,
	},
	{
		name:  "a membership without its first day is refused",
		given: []chapter{bodies},
		when:  enrol(north, Member{mill, "", ""}),
		rule:  RuleMembershipDates,
	},
	{
		name:  "a membership that ends before it begins is refused",
		given: []chapter{bodies},
		when:  enrol(north, Member{mill, "2018-06-02", "2018-06-01"}),
		rule:  RuleMembershipDates,
	},
	{
		name:  "a member that is no practice is refused",
		given: []chapter{bodies},
		when:  enrol(north, Member{valley, "2018-06-01", ""}),
		rule:  RuleBodyKind,
	},
	{
		name:  "a member that nobody registered is refused",
		given: []chapter{bodies},
		when:  enrol(north, Member{"ods:K84001", "2018-06-01", ""}),
		rule:  RuleBodyUnknown,
	},
	{
		name:  "a membership of what is no network is refused",
		given: []chapter{bodies},
		when:  enrol(valley, Member{mill, "2018-06-01", ""}),
		rule:  RuleBodyKind,
	},
	{
		name:  "a membership of a network that is not named is refused",
		given: []chapter{bodies},
		when:  enrol("", Member{mill, "2018-06-01", ""}),
		rule:  RuleBodyUnknown,
	},
	{
		name:  "a membership return without members is refused",
		given: []chapter{bodies},
		when:  enrol(north),
		rule:  RuleLinesMissing,
	},
	{
		name:  "a membership return without a source is refused",
		given: []chapter{bodies},
		when:  RecordMembership{Network: north, Members: []Member{{mill, "2018-06-01", ""}}},
		rule:  RuleTextMissing,
	},
}

func TestRegistry(t *testing.T) { tell(t, registryRows) }

func TestMembershipLastsUntilItsLastDay(t *testing.T) {
	s := newStory(t)
	for _, c := range []chapter{bodies, members} {
		c(s)
	}
	s.do(enrol(north, Member{mill, "2018-04-01", "2018-12-31"}), enrol(south, Member{mill, "2019-02-01", ""}))
	for _, at := range []struct {
		day  Date
		want Body
	}{
		{"2018-03-31", ""}, {"2018-04-01", north}, {"2018-12-31", north}, {"2019-01-01", ""}, {"2019-01-31", ""}, {"2019-02-01", south}, {"2030-01-01", south},
	} {
		if got := s.ledger.registry.networkOf(mill, at.day); got != at.want {
			t.Errorf("on %s the practice is in %q, want %q", at.day, got, at.want)
		}
	}
}
