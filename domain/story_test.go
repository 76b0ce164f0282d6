package domain

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A story is a ledger and what is recorded on it, told day by day.
type story struct {
	t      rapid.TB
	ledger *Ledger
	log    []Recorded
	number int64 // of the next event
	now    time.Time
	login  string // of who acts
	auth   string // how that was proved; a script says so if not given
}

func newStory(t rapid.TB) *story {
	return &story{t: t, ledger: new(Ledger), number: 1, login: "finance"}
}

// on goes on at noon in London on that day.
func (s *story) on(d Date) *story {
	s.now = d.time().Add(12 * time.Hour)
	return s
}

func (s *story) stamp() Stamp {
	auth := s.auth
	if auth == "" {
		auth = AuthDemo
	}
	return Stamp{Number: s.number, Time: s.now, Actor: s.login, Auth: auth}
}

// as has another officer act from now on.
func (s *story) as(login string) *story {
	s.login = login
	return s
}

// look returns what is recorded under a number.
func (s *story) look(number int64) (Recorded, bool) {
	for _, r := range s.log {
		if r.Number == number {
			return r, true
		}
	}
	return Recorded{}, false
}

// decide asks the ledger, and requires that asking changed nothing and that asking twice gives the same.
func (s *story) decide(c Command, dated Date) ([]Recorded, error) {
	s.t.Helper()
	facts, err := s.ledger.DecideWith(c, dated, s.stamp(), s.look)
	again, errAgain := s.ledger.DecideWith(c, dated, s.stamp(), s.look)
	if !reflect.DeepEqual(facts, again) || !reflect.DeepEqual(err, errAgain) {
		s.t.Fatalf("%s decided twice differs: %v, then %v\n%s", KindOf(c).Name, err, errAgain, cmp.Diff(facts, again))
	}
	if err == nil && len(facts) == 0 {
		s.t.Fatalf("%s caused nothing", KindOf(c).Name)
	}
	return facts, err
}

// apply records facts.
func (s *story) apply(facts []Recorded) []Recorded {
	for _, r := range facts {
		if r.Number != s.number {
			s.t.Fatalf("%T is to be event %d, and the next is %d", r.Event, r.Number, s.number)
		}
		s.ledger.Apply(r)
		s.log = append(s.log, r)
		s.number++
	}
	if err := s.ledger.Fault(); err != nil {
		s.t.Fatal(err)
	}
	return facts
}

// do records commands that no rule forbids, with effect from the story's day.
func (s *story) do(commands ...Command) *story {
	s.t.Helper()
	for _, c := range commands {
		s.dated("", c)
	}
	return s
}

// dated records a command that no rule forbids, with effect from another day.
func (s *story) dated(effective Date, c Command) *story {
	s.t.Helper()
	facts, err := s.decide(c, effective)
	if err != nil {
		s.t.Fatalf("%s of %s: %v", KindOf(c).Name, DateIn(s.now), err)
	}
	s.apply(facts)
	return s
}

// approved records commands as one officer, and has another approve each: it has to be held.
func (s *story) approved(by string, commands ...Command) *story {
	s.t.Helper()
	for _, c := range commands {
		s.dated("", c)
		held, ok := s.log[len(s.log)-1].Event.(RequestHeld)
		if !ok {
			s.t.Fatalf("%s was not held", KindOf(c).Name)
		}
		raiser := s.login
		s.as(by).do(Approve{s.number - 1, held.Digest}).as(raiser)
	}
	return s
}

// totals adds the postings of a fund up by account and prints those that are not nil, in the order of a trial balance.
func (s *story) totals(fund FundCode) string {
	sums := map[Account]Pence{}
	for _, r := range s.log {
		for _, p := range Postings(r) {
			if p.Fund == fund {
				sums[p.Account] += p.Pence
			}
		}
	}
	var lines []string
	for _, account := range Accounts() {
		if sums[account] != 0 {
			lines = append(lines, string(account)+" "+sums[account].String())
		}
	}
	return strings.Join(lines, ", ")
}

// open lists the items that are not settled, as "120.1 £250.00".
func (s *story) open() []string {
	var open []string
	for id, item := range s.ledger.items {
		if left := item.left(); left != 0 {
			open = append(open, string(id)+" "+left.String())
		}
	}
	slices.Sort(open)
	return open
}

// A chapter is something that happened on a ledger before the case at hand.
type chapter func(*story)

// A row is one case of a table, named by the sentence an officer would say: given some chapters, when a command is
// asked, then it causes an event, or would change nothing, or a rule forbids it.
type row struct {
	name  string
	given []chapter

	as    string  // the login of who asks; that of the last chapter if not given
	on    Date    // the day of recording; that of the last chapter if not given
	dated Date    // the effective date asked for
	when  Command // or, as text of a kind of command:
	kind  string
	text  string

	approvedBy string // the login of who approves it: the command is held, and then is what its approval causes

	then      Event
	unchanged bool
	rule      Rule

	totals string // of fund, afterwards; the row's own fund NR-PCN-2018 if not given
	fund   FundCode
}

// tell runs the rows of a table.
func tell(t *testing.T, rows []row) {
	t.Helper()
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) { r.tell(t) })
	}
}

func (r row) tell(t *testing.T) {
	s, facts, err := r.decide(t)
	switch {
	case r.rule != "":
		if refusal := refusalOf(err); refusal == nil || refusal.Rule != r.rule {
			t.Fatalf("got %v, %v; want rule %s", firstEvent(facts), err, r.rule)
		}
		return
	case r.unchanged:
		if !errors.Is(err, ErrUnchanged) {
			t.Fatalf("got %v, %v; want nothing to change", firstEvent(facts), err)
		}
		return
	case err != nil:
		t.Fatal(err)
	}
	if diff := cmp.Diff(r.then, r.caused(facts)); r.then != nil && diff != "" {
		t.Errorf("the event differs (-want +got):\n%s", diff)
	}
	fund := r.fund
	if fund == "" {
		fund = "NR-PCN-2018"
	}
	s.apply(facts)
	if got := s.totals(fund); r.totals != "" && got != r.totals {
		t.Errorf("fund %s stands at\n%s\nwant\n%s", fund, got, r.totals)
	}
}

// caused is the event that a row is about: the first, or, of what was approved, that which follows the approval.
func (r row) caused(facts []Recorded) Event {
	if r.approvedBy != "" && len(facts) > 1 {
		facts = facts[1:]
	}
	return firstEvent(facts)
}

// firstEvent is the first of some facts; nil if there are none.
func firstEvent(facts []Recorded) Event {
	if len(facts) == 0 {
		return nil
	}
	return facts[0].Event
}

// decide tells the chapters and asks the row's command.
func (r row) decide(t rapid.TB) (*story, []Recorded, error) {
	s := newStory(t)
	for _, c := range r.given {
		c(s)
	}
	if r.on != "" {
		s.on(r.on)
	}
	if r.as != "" {
		s.as(r.as)
	}
	c := r.when
	if r.text != "" {
		kind, ok := CommandNamed(r.kind)
		if !ok {
			t.Fatalf("%q is no kind of command", r.kind)
		}
		var err error
		if c, err = kind.Decode(fromJSON(r.text)); err != nil {
			return s, nil, err
		}
	}
	facts, err := s.decide(c, r.dated)
	if err != nil || r.approvedBy == "" {
		return s, facts, err
	}
	s.apply(facts)
	held, ok := s.log[len(s.log)-1].Event.(RequestHeld)
	if !ok {
		t.Fatalf("%s was not held", KindOf(c).Name)
	}
	facts, err = s.as(r.approvedBy).decide(Approve{s.number - 1, held.Digest}, "")
	return s, facts, err
}

// fromJSON decodes text as the ledger does: strictly.
func fromJSON(text string) func(any) error {
	return func(into any) error { return json.Unmarshal([]byte(text), into, json.RejectUnknownMembers(true)) }
}

func refusalOf(err error) *Refusal {
	var refusal *Refusal
	errors.As(err, &refusal)
	return refusal
}

func pounds(n int64) Pence { return Pence(n) * 100 }

// The fixture: one commissioner, two payees, three networks with four practices, and three funds of 2018/19. Each
// chapter numbers its events from a round number, so that items can be named.

const (
	north, south, east Body     = "local:North", "local:South", "local:East"
	valley, trust      Body     = "local:Valley", "local:Trust"
	mill, ford         Body     = "local:Mill", "local:Ford" // of North
	hill, wood         Body     = "local:Hill", "local:Wood" // of South, of East
	nr                 FundCode = "NR-PCN-2018"
	ev, evWarn         FundCode = "EV-2018", "EV-WARN-2018"
	leadership         Category = "leadership"
	access             Category = "access"
)

var (
	paper    = Decision{Body: "Executive Committee", Date: "2018-11-27", Paper: "18/62"}
	letter   = Source{Title: "allocation letter of 1 November 2018"}
	register = Source{Title: "membership return"}
)

// created begins the ledger.
func created(s *story) {
	s.on("2018-04-03").do(CreateLedger{Ledger: "oxfordshire", Commissioner: "ods:10Q", Name: "Oxfordshire CCG", Kind: KindDemo})
}

// bodies registers everyone.
func bodies(s *story) {
	created(s)
	for _, b := range []RegisterBody{
		{Body: north, Kind: KindNetwork, Name: "North"}, {Body: south, Kind: KindNetwork}, {Body: east, Kind: KindNetwork},
		{Body: valley, Kind: KindFederation, Name: "Valley Federation"}, {Body: trust, Kind: KindTrust},
		{Body: mill, Kind: KindPractice}, {Body: ford, Kind: KindPractice}, {Body: hill, Kind: KindPractice}, {Body: wood, Kind: KindPractice},
	} {
		s.do(b)
	}
}

// members puts the practices in their networks, from 1 April 2018 on.
func members(s *story) {
	s.number = 20
	s.do(RecordMembership{Network: north, Members: []Member{{Practice: mill, From: "2018-04-01"}, {Practice: ford, From: "2018-04-01"}}, Source: register},
		RecordMembership{Network: south, Members: []Member{{Practice: hill, From: "2018-04-01"}}, Source: register},
		RecordMembership{Network: east, Members: []Member{{Practice: wood, From: "2018-04-01"}}, Source: register})
}

// lists records, as event 30, how many patients each practice had on 1 October 2018: North 15,000, South 20,000 and
// East 15,000.
func lists(s *story) {
	s.number = 30
	s.on("2018-10-20").do(octoberList())
}

func octoberList() RecordListSizes {
	return RecordListSizes{
		Population: PopulationRegistered, At: "2018-10-01", Source: Source{Title: "list sizes at 1 October 2018"},
		Lines: []ListLine{{Practice: mill, Patients: 10_000}, {Practice: ford, Patients: 5_000}, {Practice: hill, Patients: 20_000}, {Practice: wood, Patients: 15_000}},
	}
}

// terms are those of a fund that pays in advance and covers no overspend.
func terms(code FundCode) Terms {
	return Terms{
		Fund: code, Title: "Network development", Year: "2018-19", Cover: CoverHard, Basis: BasisAdvance,
		Categories: []Category{leadership, access}, Source: letter,
	}
}

// funded opens the fund NR-PCN-2018 as event 100 and confirms £1,000 for it.
func funded(s *story) {
	s.number = 100
	s.on("2018-11-05").do(OpenFund{terms(nr)}, ConfirmFunding{Fund: nr, Pence: pounds(1000), Title: "first tranche", Source: letter})
}

// allocated sets £800 of it aside, as event 110: for North through Valley for leadership, for South through the trust
// for anything, and for East through anyone.
func allocated(s *story) {
	s.number = 110
	s.on("2018-12-03").do(AllocateFund{Fund: nr, Decision: paper, Lines: []Line{
		{Bucket: Bucket{Payee: valley, Beneficiary: north, Category: leadership}, Pence: pounds(400)},
		{Bucket: Bucket{Payee: trust, Beneficiary: south}, Pence: pounds(300)},
		{Bucket: Bucket{Beneficiary: east}, Pence: pounds(100)},
	}})
}

// released pays £400 in advance, as event 120: items 120.1 and 120.2.
func released(s *story) {
	s.number = 120
	s.on("2018-12-10").do(ReleaseFunds{Fund: nr, Reason: "first instalment", Lines: []Line{
		{Bucket: Bucket{Payee: valley, Beneficiary: north, Category: leadership}, Pence: pounds(250)},
		{Bucket: Bucket{Payee: trust, Beneficiary: south}, Pence: pounds(150)},
	}})
}

// settled pays the first in full and £100 of the second, as event 130.
func settled(s *story) {
	s.number = 130
	s.on("2018-12-20").do(SettlePayment{Reference: "BACS 0141", Lines: []SettleLine{
		{Item: "120.1", Pence: pounds(250)}, {Item: "120.2", Pence: pounds(100)},
	}})
}

// spent reports £100 of Valley's advance, as event 140.
func spent(s *story) {
	s.number = 140
	s.on("2019-01-15").do(spend(nr, valley, north, leadership, pounds(100)))
}

// calledBack asks Valley for £60 of the rest back, as event 150: item 150.1.
func calledBack(s *story) {
	s.number = 150
	s.on("2019-02-04").do(ReturnAdvance{Fund: nr, Reason: "the post was not filled", Lines: []Line{
		{Bucket: Bucket{Payee: valley, Beneficiary: north}, Pence: pounds(60)},
	}})
}

// received has £20 of it back, as event 160.
func received(s *story) {
	s.number = 160
	s.on("2019-03-01").do(RecordReceipt{Reference: "receipt 7", Lines: []SettleLine{{Item: "150.1", Pence: pounds(20)}}})
}

// paidUp pays what released left open, so that the fund can be closed.
func paidUp(s *story) {
	s.number = 170
	s.on("2019-03-29").do(SettlePayment{Reference: "BACS 0202", Lines: []SettleLine{{Item: "120.2", Pence: pounds(50)}}})
}

// closed closes the fund as event 180, on 4 April for 31 March.
func closed(s *story) {
	s.number = 180
	s.on("2019-04-04").dated("2019-03-31", CloseFund{Fund: nr, Reason: "end of the financial year"})
}

var (
	untilFunded     = []chapter{bodies, members, lists, funded}
	untilAllocated  = slices.Concat(untilFunded, []chapter{allocated})
	untilReleased   = slices.Concat(untilAllocated, []chapter{released})
	untilSettled    = slices.Concat(untilReleased, []chapter{settled})
	untilSpent      = slices.Concat(untilSettled, []chapter{spent})
	untilCalledBack = slices.Concat(untilSpent, []chapter{calledBack})
	untilReceived   = slices.Concat(untilCalledBack, []chapter{received})
	untilPaidUp     = slices.Concat(untilReceived, []chapter{paidUp})
	untilClosed     = slices.Concat(untilPaidUp, []chapter{closed})
)

// more adds chapters to those that went before.
func more(before []chapter, after ...chapter) []chapter { return slices.Concat(before, after) }

// also is a chapter of plain commands on a day, numbered from n.
func also(n int64, on Date, commands ...Command) chapter {
	return func(s *story) {
		s.number = n
		s.on(on).do(commands...)
	}
}

func spend(fund FundCode, payee, beneficiary Body, category Category, pence Pence) RecordSpend {
	return RecordSpend{Fund: fund, Reference: "report of the third quarter", Lines: []Line{
		{Bucket: Bucket{Payee: payee, Beneficiary: beneficiary, Category: category}, Pence: pence},
	}}
}

// line is one line of a command about the fund's whole year.
func line(payee, beneficiary Body, category Category, pence Pence) Line {
	return Line{Bucket: Bucket{Payee: payee, Beneficiary: beneficiary, Category: category}, Pence: pence}
}

// bucket is a line's use in an event, for the year 2018/19.
func bucket(payee, beneficiary Body, category Category) Bucket {
	return Bucket{Payee: payee, Beneficiary: beneficiary, Category: category, For: "2018-19"}
}

// The officers of the fixture, by login: two administrators, two recorders, two verifiers, two approvers with different limits, a payment
// releaser and an auditor.
const (
	firstAdmin, secondAdmin = "admin-1", "admin-2"
	recorder, recorder2     = "recorder-1", "recorder-2"
	verifier, verifier2     = "verifier-1", "verifier-2"
	approver, chief         = "approver-1", "director-1"
	releaser, auditor       = "releaser-1", "auditor-1"
)

var minute = Source{Title: "minute 14 of the governing body"}

func appoint(officer OfficerID, role Role, grade string, limit Pence) AppointOfficer {
	return AppointOfficer{Appointment{Officer: officer, Identity: Identity{Login: string(officer)}, Role: role, Grade: grade, Limit: limit, From: "2018-04-01", Source: minute}}
}

// governed appoints officers, from event 600 on: recorders up to £500, an approver up to £5,000, a director up to
// £1,000,000, a releaser up to £1,000,000. From then on the first recorder acts. The officers' ids are their logins.
func governed(s *story) {
	s.number = 600
	s.as(firstAdmin).do(appoint(firstAdmin, RoleAdministrator, "", 0), appoint(secondAdmin, RoleAdministrator, "", 0))
	s.approved(secondAdmin,
		appoint(recorder, RoleRecorder, "senior manager band 8", pounds(500)), appoint(recorder2, RoleRecorder, "senior manager band 8", pounds(500)),
		appoint(verifier, RoleVerifier, "", 0), appoint(verifier2, RoleVerifier, "", 0),
		appoint(approver, RoleApprover, "senior manager band 8", pounds(5_000)), appoint(chief, RoleApprover, "other director", pounds(1_000_000)),
		appoint(releaser, RoleReleaser, "other director", pounds(1_000_000)), appoint(auditor, RoleAuditor, "", 0))
	s.as(recorder)
	s.number = 700
}
