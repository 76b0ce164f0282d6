package domain

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func TestOfficer(t *testing.T) { tell(t, officerRows) }

// The chapters that the tables of control have in common.

var untilGoverned = more(untilFunded, governed)

// doneBy has an officer do something on a day, from event n on.
func doneBy(n int64, on Date, login string, commands ...Command) chapter {
	return func(s *story) {
		s.number = n
		s.on(on).as(login).do(commands...)
	}
}

// askedFor has an officer ask for something that is held, as request n.
func askedFor(n int64, on Date, login string, c Command) chapter {
	return func(s *story) {
		doneBy(n, on, login, c)(s)
		if _, held := s.log[len(s.log)-1].Event.(RequestHeld); !held {
			s.t.Fatalf("%s was recorded, not held", KindOf(c).Name)
		}
	}
}

// agreedBy has an officer approve request n.
func agreedBy(n int64, login string) chapter {
	return func(s *story) {
		r, _ := s.look(n)
		s.as(login).do(Approve{n, r.Event.(RequestHeld).Digest})
	}
}

// haveAppointed has the two administrators appoint officers, from event n on.
func haveAppointed(n int64, on Date, officers ...AppointOfficer) chapter {
	return func(s *story) {
		s.number = n
		s.on(on).as(firstAdmin)
		for _, o := range officers {
			s.approved(secondAdmin, o)
		}
	}
}

// signedBy has officers known from now on by what proved who they are.
func signedBy(auth string) chapter { return func(s *story) { s.auth = auth } }

// deputy is an officer of band 8 who acts in another's stead.
func (c AppointOfficer) deputy(of OfficerID) AppointOfficer {
	c.DeputyOf = of
	return c
}

func (c AppointOfficer) scoped(s Scope) AppointOfficer {
	c.Scope = s
	return c
}

func (c AppointOfficer) between(from, to Date) AppointOfficer {
	c.From, c.To = from, to
	return c
}

func (c AppointOfficer) known(as Identity) AppointOfficer {
	c.Identity = as
	return c
}

const band8 = "senior manager band 8"

// A teller tells the chapters of a row when the tables are made: what is approved is known by its digest only.
type teller struct{ rapid.TB }

func (teller) Helper() {}

func (teller) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

func (teller) Fatal(args ...any) { panic(fmt.Sprint(args...)) }

// approves has the row's officer approve request n, as it was shown when it was raised.
func (r row) approves(n int64) row {
	held, _ := told(teller{}, r.given).look(n)
	r.when = Approve{n, held.Event.(RequestHeld).Digest}
	return r
}

// passes has the approval pass, in an appointment and up to its limit, for what it is judged by.
func (r row) passes(in int64, limit Pence, judged ...FundPence) row {
	asked := r.when.(Approve)
	r.then = RequestApproved{Request: asked.Request, Digest: asked.Digest, ApprovedIn: in, Limit: limit, Judged: judged}
	return r
}

// held has what the row asks be held: why, up to which limit it could have gone alone, and what it is judged by.
func (r row) held(why string, limit Pence, judged ...FundPence) row {
	_, facts, _ := r.decide(teller{})
	held, _ := firstEvent(facts).(RequestHeld)
	held.Why, held.Limit, held.Judged = why, limit, judged
	r.then = held
	return r
}

func ofNR(pence Pence) FundPence { return FundPence{nr, pence} }

// In the chapter of officers each appointment but the first two is a request, its approval and the appointment itself.
const (
	recorderIn, verifierIn, verifier2In int64 = 604, 610, 613
	approverIn, chiefIn                 int64 = 616, 619
)

var (
	firstAlone    = more(untilFunded, doneBy(600, "2018-11-05", firstAdmin, appoint(firstAdmin, RoleAdministrator, "", 0)))
	thirdAdmin    = haveAppointed(650, "2018-11-05", appoint("admin-3", RoleAdministrator, "", 0))
	newLogin      = Identity{Login: "j.doe2"}
	renamed       = haveAppointed(650, "2018-11-05", appoint(recorder, RoleRecorder, band8, pounds(500)).known(newLogin))
	newApprover   = appoint("approver-2", RoleApprover, band8, pounds(1_000))
	smallSpending = ConfirmFunding{Fund: nr, Pence: pounds(10), Title: "second tranche", Source: letter}
)

var officerRows = []row{
	{
		name:  "the first officer is an administrator",
		given: untilFunded, as: firstAdmin,
		when: appoint(firstAdmin, RoleAdministrator, "", 0),
		then: OfficerAppointed(appoint(firstAdmin, RoleAdministrator, "", 0)),
	},
	{
		name:  "the first administrator alone appoints the second",
		given: firstAlone,
		when:  appoint(secondAdmin, RoleAdministrator, "", 0),
		then:  OfficerAppointed(appoint(secondAdmin, RoleAdministrator, "", 0)),
	},
	{
		name:  "a first officer who is no administrator is refused",
		given: untilFunded,
		when:  appoint(recorder, RoleRecorder, band8, pounds(500)),
		rule:  RuleAdministratorFirst,
	},
	{
		name:  "the first administrator alone appoints nobody but a second administrator",
		given: firstAlone,
		when:  appoint(recorder, RoleRecorder, band8, pounds(500)),
		rule:  RuleAdministratorFirst,
	},
	{
		name:  "the first administrator alone does not appoint herself a second time",
		given: firstAlone,
		when:  appoint(firstAdmin, RoleAdministrator, "", 0).between("2018-10-01", ""),
		rule:  RuleAdministratorFirst,
	},
	{
		name:  "a second administrator who begins later is refused: until then nobody could be appointed",
		given: firstAlone,
		when:  appoint(secondAdmin, RoleAdministrator, "", 0).between("2018-11-06", ""),
		rule:  RuleAdministratorFirst,
	},
	row{
		name:  "from the third officer on an appointment needs two administrators",
		given: untilGoverned, as: firstAdmin,
		when: newApprover,
	}.held("AppointOfficer needs two people", 0),
	row{
		name:  "a second administrator approves an appointment",
		given: more(untilGoverned, askedFor(700, "2018-11-05", firstAdmin, newApprover)), as: secondAdmin,
	}.approves(700).passes(601, 0),
	row{
		name:  "an administrator may not approve the appointment that she raised",
		given: more(untilGoverned, askedFor(700, "2018-11-05", firstAdmin, newApprover)), as: firstAdmin,
		rule: RuleSelfApproval,
	}.approves(700),
	{
		name:  "an administrator may not raise her own appointment",
		given: untilGoverned, as: secondAdmin,
		when: appoint(secondAdmin, RoleAdministrator, "", 0).between("2018-10-01", ""),
		rule: RuleAppointOneself,
	},
	row{
		name:  "an administrator may not approve her own appointment",
		given: more(untilGoverned, askedFor(700, "2018-11-05", firstAdmin, appoint(secondAdmin, RoleAdministrator, "", 0).between("2018-10-01", ""))), as: secondAdmin,
		rule: RuleAppointOneself,
	}.approves(700),
	row{
		name:  "an approver approves no appointment, whatever her limit",
		given: more(untilGoverned, askedFor(700, "2018-11-05", firstAdmin, newApprover)), as: chief,
		rule: RuleRole,
	}.approves(700),
	{
		name:  "an officer who is no administrator appoints nobody",
		given: untilGoverned, as: chief,
		when: newApprover,
		rule: RuleRole,
	},
	{
		name:  "an administrator moves no money",
		given: untilGoverned, as: firstAdmin,
		when: smallSpending,
		rule: RuleRole,
	},
	row{
		name:  "an administrator approves no money",
		given: more(untilGoverned, askedFor(700, "2018-12-03", recorder, allocate(line(valley, north, leadership, pounds(400))))), as: firstAdmin,
		rule: RuleRole,
	}.approves(700),
	{
		name:  "an auditor looks and does nothing, not even for the register of interests",
		given: untilGoverned, as: auditor,
		when: DeclareInterest{Interest{Officer: chief, Body: valley, Nature: "trustee", Outcome: OutcomeNone, From: "2018-11-01", Decision: paper}},
		rule: RuleRole,
	},
	{
		name:  "a login that nobody was appointed under does nothing",
		given: untilGoverned, as: "finance",
		when: smallSpending,
		rule: RuleOfficerUnknown,
	},
	{
		name:  "an officer acts under a new login",
		given: more(untilGoverned, renamed), as: newLogin.Login,
		when: smallSpending,
		then: FundingConfirmed{Fund: nr, Pence: pounds(10), Title: "second tranche", Source: letter, For: "2018-19"},
	},
	{
		name:  "a login in whose place another was given does nothing any more",
		given: more(untilGoverned, renamed), as: recorder,
		when: smallSpending,
		rule: RuleOfficerUnknown,
	},
	{
		name:  "a login that an officer once had is given to nobody else",
		given: more(untilGoverned, renamed), as: firstAdmin,
		when: appoint("approver-2", RoleApprover, band8, pounds(1_000)).known(Identity{Login: recorder}),
		rule: RuleOfficerIdentity,
	},
	{
		name:  "one person is not appointed as two officers under one login",
		given: untilGoverned, as: firstAdmin,
		when: appoint("approver-2", RoleApprover, band8, pounds(1_000)).known(Identity{Login: recorder}),
		rule: RuleOfficerIdentity,
	},
	{
		name:  "a new officer without a login is refused",
		given: untilGoverned, as: firstAdmin,
		when: appoint("approver-2", RoleApprover, band8, pounds(1_000)).known(Identity{}),
		rule: RuleOfficerIdentity,
	},
	{
		name:  "an identity that is half a sign-in is refused",
		given: untilGoverned, as: firstAdmin,
		when: appoint("approver-2", RoleApprover, band8, pounds(1_000)).known(Identity{Subject: "1234"}),
		rule: RuleOfficerIdentity,
	},
	{
		name:  "appointing an officer again as it is appointed changes nothing, and is not held",
		given: untilGoverned, as: firstAdmin,
		when:      appoint(recorder, RoleRecorder, band8, pounds(500)),
		unchanged: true,
	},
	{
		name:  "an appointment that says neither who nor what is refused",
		given: untilGoverned, as: firstAdmin,
		when: appoint("", RoleApprover, band8, pounds(1_000)),
		rule: RuleTextMissing,
	},
	{
		name:  "an appointment without its minute is refused",
		given: untilGoverned, as: firstAdmin,
		when: func() AppointOfficer { a := newApprover; a.Source = Source{}; return a }(),
		rule: RuleTextMissing,
	},
	{
		name:  "an appointment that ends before it begins is refused",
		given: untilGoverned, as: firstAdmin,
		when: newApprover.between("2018-11-01", "2018-10-31"),
		rule: RuleAppointmentDates,
	},
	{
		name:  "an appointment that has not begun gives nothing",
		given: more(untilGoverned, haveAppointed(650, "2018-11-05", appoint("recorder-3", RoleRecorder, band8, pounds(500)).between("2018-12-01", ""))), on: "2018-11-30", as: "recorder-3",
		when: smallSpending,
		rule: RuleRole,
	},
	{
		name:  "an appointment holds on its last day",
		given: more(untilGoverned, haveAppointed(650, "2018-11-05", appoint("recorder-3", RoleRecorder, band8, pounds(500)).between("2018-11-05", "2018-12-31"))), on: "2018-12-31", as: "recorder-3",
		when: smallSpending,
		then: FundingConfirmed{Fund: nr, Pence: pounds(10), Title: "second tranche", Source: letter, For: "2018-19"},
	},
	{
		name:  "an appointment gives nothing after its last day",
		given: more(untilGoverned, haveAppointed(650, "2018-11-05", appoint("recorder-3", RoleRecorder, band8, pounds(500)).between("2018-11-05", "2018-12-31"))), on: "2019-01-01", as: "recorder-3",
		when: smallSpending,
		rule: RuleRole,
	},
	row{
		name:  "an approver whose appointment was ended approves nothing",
		given: more(untilGoverned, askedFor(700, "2018-12-03", recorder, allocate(line(valley, north, leadership, pounds(400)))), doneBy(710, "2018-12-03", firstAdmin, EndAppointment{approverIn, "2018-12-02", "left the CCG"})), as: approver,
		rule: RuleRole,
	}.approves(700),
	{
		name:  "an administrator, who has neither limit nor scope, is not given one",
		given: untilGoverned, as: firstAdmin,
		when: appoint("admin-3", RoleAdministrator, band8, pounds(500)),
		rule: RuleRoleAlone,
	},
	{
		name:  "an administrator is nobody's deputy",
		given: untilGoverned, as: firstAdmin,
		when: appoint("admin-3", RoleAdministrator, "", 0).deputy(secondAdmin),
		rule: RuleRoleAlone,
	},
	{
		name:  "an administrator is not appointed for a time",
		given: untilGoverned, as: firstAdmin,
		when: appoint("admin-3", RoleAdministrator, "", 0).between("2018-11-01", "2019-03-31"),
		rule: RuleRoleAlone,
	},
	{
		name:  "an approver is not made administrator as well",
		given: untilGoverned, as: firstAdmin,
		when: appoint(chief, RoleAdministrator, "", 0),
		rule: RuleRoleAlone,
	},
	{
		name:  "an auditor is not made recorder as well",
		given: untilGoverned, as: firstAdmin,
		when: appoint(auditor, RoleRecorder, band8, pounds(500)),
		rule: RuleRoleAlone,
	},
	{
		name:  "nobody is her own deputy",
		given: untilGoverned, as: firstAdmin,
		when: appoint(approver, RoleApprover, band8, pounds(500)).deputy(approver),
		rule: RuleDeputy,
	},
	{
		name:  "a deputy is not given more than the officer in whose stead she acts",
		given: untilGoverned, as: firstAdmin,
		when: appoint("deputy-1", RoleApprover, band8, pounds(5_000)+1).deputy(approver),
		rule: RuleDeputy,
	},
	{
		name:  "a deputy in a role that the other does not have is refused",
		given: untilGoverned, as: firstAdmin,
		when: appoint("deputy-1", RoleReleaser, band8, pounds(500)).deputy(approver),
		rule: RuleDeputy,
	},
	{
		name:  "a deputy of a deputy is refused",
		given: more(untilGoverned, haveAppointed(650, "2018-11-05", appoint("deputy-1", RoleApprover, band8, pounds(5_000)).deputy(approver))), as: firstAdmin,
		when: appoint("deputy-2", RoleApprover, band8, pounds(500)).deputy("deputy-1"),
		rule: RuleDeputy,
	},
	row{
		name:  "a deputy may have the higher of two limits that the other has",
		given: more(untilGoverned, haveAppointed(650, "2018-11-05", appoint(approver, RoleApprover, band8, pounds(20_000)).scoped(Scope{Funds: []FundCode{nr}}))), as: firstAdmin,
		when: appoint("deputy-1", RoleApprover, band8, pounds(20_000)).deputy(approver),
	}.held("AppointOfficer needs two people", 0),
	{
		name:  "a limit above that of the officer's grade is refused",
		given: untilGoverned, as: firstAdmin,
		when: appoint("approver-2", RoleApprover, band8, pounds(50_000)+1),
		rule: RuleGrade,
	},
	{
		name:  "a limit for a grade that the policy does not know is refused",
		given: untilGoverned, as: firstAdmin,
		when: appoint("approver-2", RoleApprover, "general manager", pounds(1_000)),
		rule: RuleGrade,
	},
	{
		name:  "a limit below nothing is refused",
		given: untilGoverned, as: firstAdmin,
		when: appoint("approver-2", RoleApprover, band8, -1),
		rule: RuleAmountPositive,
	},
	{
		name:  "an appointment for a fund that nobody opened is refused",
		given: untilGoverned, as: firstAdmin,
		when: newApprover.scoped(Scope{Funds: []FundCode{"NR-PCN-2019"}}),
		rule: RuleFundUnknown,
	},
	{
		name:  "an appointment for a practice as if it were a network is refused",
		given: untilGoverned, as: firstAdmin,
		when: newApprover.scoped(Scope{Networks: []Body{mill}}),
		rule: RuleBodyKind,
	},
	{
		name:  "an appointment for a command that there is not is refused",
		given: untilGoverned, as: firstAdmin,
		when: newApprover.scoped(Scope{Commands: []string{"BurnMoney"}}),
		rule: RulePolicy,
	},
	{
		name:  "one administrator ends an appointment",
		given: untilGoverned, as: firstAdmin,
		when: EndAppointment{approverIn, "2018-12-31", "left the CCG"},
		then: AppointmentEnded{approverIn, approver, "2018-12-31", "left the CCG"},
	},
	{
		name:  "ending an appointment again on the same day changes nothing",
		given: more(untilGoverned, doneBy(700, "2018-11-05", firstAdmin, EndAppointment{approverIn, "2018-12-31", "left the CCG"})),
		when:  EndAppointment{approverIn, "2018-12-31", "left the CCG"}, unchanged: true,
	},
	{
		name:  "an end that lengthens an appointment is refused",
		given: more(untilGoverned, doneBy(700, "2018-11-05", firstAdmin, EndAppointment{approverIn, "2018-12-31", "left the CCG"})),
		when:  EndAppointment{approverIn, "2019-01-31", "left the CCG later"},
		rule:  RuleAppointmentDates,
	},
	{
		name:  "ending what is no appointment is refused",
		given: untilGoverned, as: firstAdmin,
		when: EndAppointment{615, "2018-12-31", "left the CCG"},
		rule: RuleAppointmentUnknown,
	},
	{
		name:  "an end without its reason is refused",
		given: untilGoverned, as: firstAdmin,
		when: EndAppointment{approverIn, "2018-12-31", ""},
		rule: RuleTextMissing,
	},
	{
		name:  "of two administrators neither appointment can be ended",
		given: untilGoverned, as: firstAdmin,
		when: EndAppointment{601, "2018-12-31", "left the CCG"},
		rule: RuleAdministratorFirst,
	},
	row{
		name:  "of three administrators one appointment is ended by two people",
		given: more(untilGoverned, thirdAdmin), as: firstAdmin,
		when: EndAppointment{601, "2018-12-31", "left the CCG"},
	}.held("EndAppointment needs two people", 0),
	{
		name:  "an administrator who has not begun does not count as one of the two who must be left",
		given: more(untilGoverned, haveAppointed(650, "2018-11-05", appoint("admin-3", RoleAdministrator, "", 0).between("2100-01-01", ""))), as: firstAdmin,
		when: EndAppointment{601, "2018-12-31", "left the CCG"},
		rule: RuleAdministratorFirst,
	},
	{
		name: "an administrator who is appointed twice counts once",
		given: more(untilGoverned, thirdAdmin, func(s *story) {
			s.number = 660
			s.as(firstAdmin).approved(secondAdmin, appoint("admin-3", RoleAdministrator, "", 0).between("2018-10-01", ""))
			s.approved(secondAdmin, EndAppointment{600, "2018-11-01", "left the CCG"})
		}), as: "admin-3", on: "2018-11-06",
		when: EndAppointment{601, "2018-12-31", "left the CCG"},
		rule: RuleAdministratorFirst,
	},
}
