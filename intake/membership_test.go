package intake_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"pcnledger/domain"
	"pcnledger/intake"
)

const (
	memberHeader  = "practice_code,practice_name,pcn_code,pcn_name,start,end\n"
	networkHeader = "practice_code,practice_name,pcn_code,pcn_name\n"
)

// members is what a person says of the file with days.
var members = intake.MembershipOptions{Ledger: "oxfordshire", Source: domain.Source{Title: "ePCN of 25 October 2024, Oxfordshire"}}

// undated is what a person says of the file without.
var undated = intake.MembershipOptions{Ledger: "oxfordshire", From: "2019-01-01", Source: domain.Source{Title: "NHS Payments to General Practice, England, 2019/20"}}

// enlisted imports memberships that must be right.
func enlisted(t testing.TB, raw []byte, name string, opts intake.MembershipOptions) intake.Import {
	t.Helper()
	made, err := intake.Memberships(bytes.NewReader(raw), name, opts)
	if err != nil {
		t.Fatalf("import %s:\n%v", name, err)
	}
	return made
}

// schedules returns the RecordMembership of an import.
func schedules(made intake.Import) (all []domain.RecordMembership) {
	for _, numbered := range made.Commands {
		if c, ok := numbered.Command.(domain.RecordMembership); ok {
			all = append(all, c)
		}
	}
	return all
}

// inOneCommand returns the networks in the order of their commands, each with its members, practice from–to.
func inOneCommand(made intake.Import) (all []string) {
	for _, c := range schedules(made) {
		line := c.Network.Bare() + ":"
		for _, m := range c.Members {
			line += fmt.Sprintf(" %s %s–%s", m.Practice.Bare(), string(m.From), string(m.To))
		}
		all = append(all, line)
	}
	return all
}

// A book is a ledger that imports are recorded in, with what was recorded.
type book struct {
	t      testing.TB
	ledger domain.Ledger
	at     domain.Stamp
	spans  map[domain.Body][]domain.Member // by network
	names  map[domain.Body]string
}

func newBook(t testing.TB) *book {
	b := &book{
		t:     t,
		at:    domain.Stamp{Number: 1, Time: time.Date(2026, time.August, 1, 9, 0, 0, 0, time.UTC), Actor: "a.officer", Auth: "demo"},
		spans: map[domain.Body][]domain.Member{}, names: map[domain.Body]string{},
	}
	if err := b.decide(domain.CreateLedger{Ledger: "oxfordshire", Commissioner: "local:the-commissioner", Kind: domain.KindDemo}); err != nil {
		t.Fatal(err)
	}
	return b
}

// decide puts a command to the ledger and records what it causes.
func (b *book) decide(c domain.Command) error {
	facts, err := b.ledger.Decide(c, "", b.at)
	if err != nil {
		return err
	}
	for _, fact := range facts {
		b.ledger.Apply(fact)
		b.at.Number++
		switch e := fact.Event.(type) {
		case domain.BodyRegistered:
			b.names[e.Body] = e.Name
		case domain.MembershipRecorded:
			b.enrol(e)
		}
	}
	return nil
}

func (b *book) enrol(e domain.MembershipRecorded) {
	for _, m := range e.Members {
		known := slices.IndexFunc(b.spans[e.Network], func(k domain.Member) bool { return k.Practice == m.Practice && k.From == m.From })
		if known < 0 {
			b.spans[e.Network] = append(b.spans[e.Network], m)
		} else {
			b.spans[e.Network][known] = m
		}
	}
}

// record puts every command of an import to the ledger, none of which may be refused.
func (b *book) record(made intake.Import) {
	b.t.Helper()
	for _, numbered := range made.Commands {
		if err := b.decide(numbered.Command); err != nil && !errors.Is(err, domain.ErrUnchanged) {
			b.t.Fatalf("line %d: %v\nin the order:\n%s", numbered.Line, err, strings.Join(inOneCommand(made), "\n"))
		}
	}
}

// refused puts every command to the ledger and returns the networks whose members were refused.
func (b *book) refused(made intake.Import) (networks []string) {
	b.t.Helper()
	for _, numbered := range made.Commands {
		err := b.decide(numbered.Command)
		if _, ok := errors.AsType[*domain.Refusal](err); ok {
			networks = append(networks, numbered.Command.(domain.RecordMembership).Network.Bare())
		}
	}
	return networks
}

// networkOf returns the network that a practice is in on a day.
func (b *book) networkOf(practice domain.Body, day domain.Date) (in domain.Body) {
	for network, spans := range b.spans {
		for _, m := range spans {
			if m.Practice == practice && m.From <= day && (m.To == "" || day <= m.To) {
				in += network
			}
		}
	}
	return in
}

func (b *book) known(body domain.Body) (string, bool) { name, ok := b.names[body]; return name, ok }

func TestTheMembershipsOfOxfordshireAreSeventyThreeOfTwentyOneNetworks(t *testing.T) {
	made := enlisted(t, published(t, "oxfordshire_membership.csv"), "/home/officer/oxfordshire_membership.csv", members)
	want := `Recognised as: memberships with their days
73 memberships, the first from 1 October 2019: 64 open, 9 ended
  21 networks
  67 practices, 5 of them in more than one network over time
To register: 21 networks, 67 practices
`
	if diff := cmp.Diff(want, made.Summary.String()); diff != "" {
		t.Error(diff)
	}
	if len(made.Commands) != 21+67+21 {
		t.Errorf("%d commands, want 109: networks, practices, and one for the members of each network", len(made.Commands))
	}
	first, ok := made.Commands[0].Command.(domain.RegisterBody)
	if want := (domain.RegisterBody{Body: "ods:U01367", Kind: domain.KindNetwork, Name: "WALLINGFORD & SURROUNDS PCN"}); !ok || first != want {
		t.Errorf("the first command is %+v, want %+v", made.Commands[0].Command, want)
	}
	wantSchedule := domain.RecordMembership{
		Network: "ods:U90236",
		Members: []domain.Member{
			{Practice: "ods:K84013", From: "2019-10-01", To: "2023-03-31"},
			{Practice: "ods:K84032", From: "2019-10-01"},
			{Practice: "ods:K84060", From: "2019-10-01"},
			{Practice: "ods:K84063", From: "2019-10-01", To: "2020-05-31"},
			{Practice: "ods:K84063", From: "2021-04-30"},
		},
		Source: domain.Source{
			Title:  "ePCN of 25 October 2024, Oxfordshire",
			File:   "oxfordshire_membership.csv",
			SHA256: "a187540ad5a8ccdfa39587ce88f72998186155fc83de8ffc9fd5d14bccf57609",
		},
	}
	all := schedules(made)
	at := slices.IndexFunc(all, func(c domain.RecordMembership) bool { return c.Network == "ods:U90236" })
	if diff := cmp.Diff(wantSchedule, all[at]); diff != "" {
		t.Error(diff)
	}
}

func TestOxfordshiresNetworksFormAndPracticesMoveOnTheirDays(t *testing.T) {
	b := newBook(t)
	b.record(enlisted(t, published(t, "oxfordshire_membership.csv"), "oxfordshire_membership.csv", members))
	for _, one := range []struct {
		sentence string
		practice domain.Body
		on       domain.Date
		want     domain.Body
	}{
		{"Windrush is in Banbury Cross until 31 May 2020", "ods:K84024", "2020-05-31", "ods:U23620"},
		{"and in Banbury Alliance from 1 June", "ods:K84024", "2020-06-01", "ods:U62251"},
		{"so is Hightown", "ods:K84059", "2020-06-01", "ods:U62251"},
		{"and Woodlands", "ods:K84062", "2020-06-01", "ods:U62251"},
		{"while Banbury Cross Health Centre stays", "ods:K84028", "2020-06-01", "ods:U23620"},
		{"Horsefair left on 25 May and is in none", "ods:K84040", "2020-05-26", ""},
		{"Cowley Road is in East Oxford until 31 May 2020", "ods:K84063", "2020-05-31", "ods:U90236"},
		{"then in none", "ods:K84063", "2020-06-01", ""},
		{"until 29 April 2021", "ods:K84063", "2021-04-29", ""},
		{"and in East Oxford again", "ods:K84063", "2021-04-30", "ods:U90236"},
		{"St Bartholomew's is in East Oxford until 31 March 2023", "ods:K84013", "2023-03-31", "ods:U90236"},
		{"Hollow Way in the south-east", "ods:K84048", "2023-03-31", "ods:U12754"},
		{"and both are in Spires from 1 April", "ods:K84013", "2023-04-01", "ods:U09893"},
		{"as long as they go on", "ods:K84048", "2023-04-01", "ods:U09893"},
		{"nobody is in a network before the records begin", "ods:K84036", "2019-09-30", ""},
	} {
		if got := b.networkOf(one.practice, one.on); got != one.want {
			t.Errorf("%s: %s is in %q on %s, want %q", one.sentence, one.practice, got, one.on, one.want)
		}
	}
}

// seenOn returns the file as it would have been published on a day: without what began later, and open what ended later.
func seenOn(t testing.TB, raw []byte, day string) []byte {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	seen := rows[:1]
	for _, row := range rows[1:] {
		if row[4] > day {
			continue
		}
		if row[5] > day {
			row[5] = ""
		}
		seen = append(seen, row)
	}
	return written(t, seen)
}

func written(t testing.TB, rows [][]string) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := csv.NewWriter(&file).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestALaterFileEndsMembershipsBeforeOthersBegin(t *testing.T) {
	raw := published(t, "oxfordshire_membership.csv")
	whole := newBook(t)
	whole.record(enlisted(t, raw, "whole.csv", members))

	b := newBook(t)
	for _, day := range []string{"20191204", "20220128", "20241025"} {
		b.record(enlisted(t, seenOn(t, raw, day), day+".csv", members))
	}
	key := func(m domain.Member) string { return string(m.Practice) + string(m.From) }
	for _, spans := range []map[domain.Body][]domain.Member{whole.spans, b.spans} {
		for _, all := range spans {
			slices.SortFunc(all, func(a, b domain.Member) int { return strings.Compare(key(a), key(b)) })
		}
	}
	if diff := cmp.Diff(whole.spans, b.spans); diff != "" {
		t.Errorf("file by file the ledger is another than by the last alone:\n%s", diff)
	}
}

func TestAnEndingComesBeforeTheJoiningWhicheverTheFileHasFirst(t *testing.T) {
	leaves := "K84024,WINDRUSH SURGERY,U23620,BANBURY CROSS PCN,20191001,20200531\n"
	joins := "K84024,WINDRUSH SURGERY,U62251,BANBURY ALLIANCE PCN,20200601,\n"
	want := []string{"U23620: K84024 2019-10-01–2020-05-31", "U62251: K84024 2020-06-01–"}
	for name, rows := range map[string]string{"ending first": leaves + joins, "joining first": joins + leaves} {
		t.Run(name, func(t *testing.T) {
			b := newBook(t)
			b.record(enlisted(t, []byte(memberHeader+"K84024,WINDRUSH SURGERY,U23620,BANBURY CROSS PCN,20191001,\n"), "2019.csv", members))
			made := enlisted(t, []byte(memberHeader+rows), "2020.csv", members)
			b.record(made)
			if diff := cmp.Diff(want, inOneCommand(made)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNetworksThatExchangePracticesAreRecordedInParts(t *testing.T) {
	file := memberHeader + `K00001,A,U00001,N,20191001,20200331
K00001,A,U00002,S,20200401,
K00002,B,U00002,S,20191001,20200331
K00002,B,U00001,N,20200401,
K00003,C,U00001,N,20191001,
`
	made := enlisted(t, []byte(file), "exchange.csv", members)
	want := []string{
		"U00002: K00002 2019-10-01–2020-03-31",
		"U00001: K00001 2019-10-01–2020-03-31 K00002 2020-04-01– K00003 2019-10-01–",
		"U00002: K00001 2020-04-01–",
	}
	if diff := cmp.Diff(want, inOneCommand(made)); diff != "" {
		t.Error(diff)
	}
	b := newBook(t)
	b.record(enlisted(t, seenOn(t, []byte(file), "20191204"), "2019.csv", members))
	b.record(made)
}

func TestAPracticeThatComesBackWaitsForItsTimeElsewhereToEnd(t *testing.T) {
	file := memberHeader + `K00001,A,U00001,N,20191001,20200331
K00001,A,U00001,N,20210401,
K00001,A,U00002,S,20200401,20210331
`
	made := enlisted(t, []byte(file), "back.csv", members)
	want := []string{
		"U00001: K00001 2019-10-01–2020-03-31",
		"U00002: K00001 2020-04-01–2021-03-31",
		"U00001: K00001 2021-04-01–",
	}
	if diff := cmp.Diff(want, inOneCommand(made)); diff != "" {
		t.Error(diff)
	}
	b := newBook(t)
	b.record(enlisted(t, seenOn(t, []byte(file), "20200601"), "2020.csv", members))
	b.record(made)
}

func TestManyMembershipsThatWaitForEachOtherAreOrderedInTime(t *testing.T) {
	var chain, pairs strings.Builder
	chain.WriteString(memberHeader)
	pairs.WriteString(memberHeader)
	for i := range 5_000 {
		fmt.Fprintf(&chain, "K%05d,,U%05d,,20200401,\nK%05d,,U%05d,,20191001,20200331\n", i, i, i, i+1)
		fmt.Fprintf(&pairs, "K%05d,,U%05d,,20191001,20200331\nK%05d,,U%05d,,20200401,\n", i, i, i, i^1)
	}
	if got := schedules(enlisted(t, []byte(chain.String()), "chain.csv", members)); len(got) != 5_001 || got[0].Network != "ods:U05000" {
		t.Errorf("a chain of 5,001 networks has %d parts, the first of %s", len(got), got[0].Network)
	}
	if got := schedules(enlisted(t, []byte(pairs.String()), "pairs.csv", members)); len(got) != 7_500 {
		t.Errorf("2,500 pairs of networks that exchange members have %d parts, want three each", len(got))
	}
}

// Whatever the practices did and whenever somebody looked, importing what was seen in turn ends where the last file does.
func TestFilesOfAnyDaysCanBeImportedOneAfterTheOther(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var rows [][]string
		for practice := range rapid.IntRange(1, 8).Draw(r, "practices") {
			day := domain.Date("2019-10-01").AddDays(rapid.IntRange(0, 30).Draw(r, "begins"))
			for range rapid.IntRange(1, 5).Draw(r, "memberships") {
				last := day.AddDays(rapid.IntRange(0, 60).Draw(r, "days"))
				rows = append(rows, []string{
					fmt.Sprintf("K%05d", practice), "A", fmt.Sprintf("U%05d", rapid.IntRange(1, 4).Draw(r, "network")), "N",
					eight(day), eight(last),
				})
				day = last.AddDays(rapid.IntRange(1, 20).Draw(r, "gap"))
			}
		}
		shuffle := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "order"), 0))
		b := newBook(t)
		for _, days := range []int{rapid.IntRange(31, 200).Draw(r, "first look"), rapid.IntRange(200, 400).Draw(r, "second look"), 1000} {
			shuffle.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
			all := append([][]string{strings.Split(strings.TrimSpace(memberHeader), ",")}, rows...)
			made, err := intake.Memberships(bytes.NewReader(seenOn(t, written(t, all), eight(domain.Date("2019-10-01").AddDays(days)))), "seen.csv", members)
			if err != nil {
				r.Fatal(err)
			}
			b.record(made)
		}
		for _, row := range rows {
			from, to := row[4], row[5]
			for _, day := range []string{from, to} {
				on := domain.Date(day[:4] + "-" + day[4:6] + "-" + day[6:])
				if in := b.networkOf("ods:"+domain.Body(row[0]), on); in != "ods:"+domain.Body(row[2]) {
					r.Fatalf("%s is in %q on %s, want %s", row[0], in, on, row[2])
				}
			}
		}
	})
}

// eight writes a day as ePCN does.
func eight(d domain.Date) string { return strings.ReplaceAll(string(d), "-", "") }

func TestEverySpellingOfNoNetworkMakesNoMembershipButRegistersThePractice(t *testing.T) {
	file := memberHeader + "K84001,THE HART SURGERY,U96099,HENLEY SONNET PCN,20191001,\n"
	for i, spelling := range []string{"U", "", "no_data", "N/A", "Unknown or no PCN"} {
		file += fmt.Sprintf("K9000%d,IN NONE,%s,,20191001,\n", i, spelling)
	}
	made := enlisted(t, []byte(file), "members.csv", members)
	if got := made.Summary.Memberships; got.Unallocated != 5 || got.Open != 1 || got.Networks != 1 || made.Summary.Practices != 6 {
		t.Errorf("%+v of %d practices; want five in none and one membership", got, made.Summary.Practices)
	}
	if registered := bodies(made); registered["ods:K90004"].Name != "IN NONE" || registered["ods:K90004"].Kind != domain.KindPractice {
		t.Errorf("a practice in no network is registered as %+v", registered["ods:K90004"])
	}
	if diff := cmp.Diff([]string{"U96099: K84001 2019-10-01–"}, inOneCommand(made)); diff != "" {
		t.Error(diff)
	}
}

func TestTheFirstDayOfAFileWithoutDatesIsAssumedAndSaysSo(t *testing.T) {
	made := enlisted(t, published(t, "lists_2019-20.csv"), "lists_2019-20.csv", undated)
	want := `Recognised as: practices with their networks, without dates
68 memberships, the first from 1 January 2019: 68 open, 0 ended
  19 networks
  70 practices, 2 in no network
To register: 19 networks, 70 practices
Columns not read: registered_patients_average, weighted_patients_average
Please note: line 30: Y02754 BANBURY HEALTH CENTRE closed on 15 September 2019; its membership is recorded without a last day all the same
`
	if diff := cmp.Diff(want, made.Summary.String()); diff != "" {
		t.Error(diff)
	}
	const assumed = "the file has no dates: that each membership began on 1 January 2019 and goes on is assumed"
	for _, c := range schedules(made) {
		if c.Source.Note != assumed {
			t.Errorf("%s: the note is %q", c.Network, c.Source.Note)
		}
		for _, m := range c.Members {
			if m.From != "2019-01-01" || m.To != "" {
				t.Errorf("%s is in %s from %q to %q", m.Practice, c.Network, m.From, m.To)
			}
		}
	}
	newBook(t).record(made)

	opts := undated
	opts.Source.Note = "agreed with the networks"
	if got := schedules(enlisted(t, published(t, "lists_2019-20.csv"), "l.csv", opts))[0].Source.Note; got != "agreed with the networks; "+assumed {
		t.Errorf("beside a note of one's own it is %q", got)
	}
}

func TestOnlyBodiesThatTheLedgerDoesNotKnowByTheirNameAreRegistered(t *testing.T) {
	raw := published(t, "oxfordshire_membership.csv")
	b := newBook(t)
	b.record(enlisted(t, raw, "members.csv", members))
	opts := members
	opts.Known = b.known
	again := enlisted(t, raw, "members.csv", opts)
	if len(bodies(again)) != 0 || again.Summary.Registered != 0 || again.Summary.Memberships.Registered != 0 {
		t.Errorf("%d bodies are registered again", len(bodies(again)))
	}
	renamed := strings.NewReplacer("BOTLEY MEDICAL CENTRE", "BOTLEY SURGERY", "BICESTER PCN", "BICESTER NETWORK").Replace(string(raw))
	made := enlisted(t, []byte(renamed), "members.csv", opts)
	want := map[domain.Body]domain.RegisterBody{
		"ods:K84025": {Body: "ods:K84025", Kind: domain.KindPractice, Name: "BOTLEY SURGERY"},
		"ods:U83604": {Body: "ods:U83604", Kind: domain.KindNetwork, Name: "BICESTER NETWORK"},
	}
	if diff := cmp.Diff(want, bodies(made)); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(made.Summary.String(), "To register: 0 networks, 0 practices, and 1 network and 1 practice by a new name\n") {
		t.Errorf("the summary does not tell of new names:\n%s", made.Summary)
	}
}

func TestABodyHasTheNameOfItsLatestMembership(t *testing.T) {
	made := enlisted(t, []byte(memberHeader+`K84058,BLOXHAM SURGERY,U00002,NEW NAME PCN,20210401,
K84058,GODSWELL LODGE,U00001,OLD PCN,20191001,20210331
K84046,WYCHWOOD SURGERY,U00002,OLD NAME PCN,20191001,
`), "names.csv", members)
	for body, want := range map[domain.Body]string{"ods:K84058": "BLOXHAM SURGERY", "ods:U00002": "NEW NAME PCN"} {
		if got := bodies(made)[body].Name; got != want {
			t.Errorf("%s is registered as %q, want %q", body, got, want)
		}
	}
}

func TestWhatTheLedgerHasAndTheFileHasNotIsToldBeforehand(t *testing.T) {
	b := newBook(t)
	b.record(enlisted(t, []byte(memberHeader+`K84024,WINDRUSH,U23620,BANBURY CROSS PCN,20191001,
K84059,HIGHTOWN,U23620,BANBURY CROSS PCN,20191001,
Y02754,BANBURY HEALTH CENTRE,U23620,BANBURY CROSS PCN,20191001,
K84063,COWLEY ROAD,U90236,EAST OXFORD PCN,20191001,20200531
K84036,MILL STREAM,U01367,WALLINGFORD PCN,20191001,
K84037,WALLINGFORD,U01367,WALLINGFORD PCN,20191001,
K84001,THE HART SURGERY,U96099,HENLEY PCN,20191001,
`), "earlier.csv", members))
	file := []byte(memberHeader + `K84024,WINDRUSH,U23620,BANBURY CROSS PCN,20191001,20200531
K84059,HIGHTOWN,U23620,BANBURY CROSS PCN,20191001,
K84063,COWLEY ROAD,U90236,EAST OXFORD PCN,20191001,
K84036,MILL STREAM,U01367,WALLINGFORD PCN,20190701,
K84037,WALLINGFORD,U01367,WALLINGFORD PCN,20190701,
`)
	opts := members
	opts.Enrolled = b.spans
	made := enlisted(t, file, "later.csv", opts)
	want := []string{
		"in the ledger K84036 is in U01367 from 1 October 2019; the file has it in U01367 from 1 July 2019 instead, so the ledger will refuse the members of U01367 (and 1 more of U01367)",
		"in the ledger Y02754 is in U23620 from 1 October 2019; the file does not have it, so it goes on in the ledger until it is ended there",
		"in the ledger K84063 is in U90236 from 1 October 2019 until 31 May 2020; the file has it without a last day, and that will stand",
	}
	if diff := cmp.Diff(want, made.Summary.Warnings); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(enlisted(t, file, "later.csv", members).Commands, made.Commands); diff != "" {
		t.Errorf("what the ledger has changes the commands:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"U01367"}, b.refused(made)); diff != "" {
		t.Error(diff)
	}
}

// An older file after a newer one would open again what ended. Where the practice is elsewhere by now the ledger refuses.
func TestAnOlderFileAfterANewerIsWarnedOf(t *testing.T) {
	raw := published(t, "oxfordshire_membership.csv")
	b := newBook(t)
	b.record(enlisted(t, seenOn(t, raw, "20220128"), "2022.csv", members))
	opts := members
	opts.Enrolled = b.spans
	made := enlisted(t, seenOn(t, raw, "20191204"), "2019.csv", opts)
	want := []string{
		"in the ledger K84024 is in U62251 from 1 June 2020; the file has it in U23620 from 1 October 2019 instead, so the ledger will refuse the members of U23620 (and 2 more of U62251)",
		"in the ledger K84063 is in U90236 from 30 April 2021; the file has it in U90236 from 1 October 2019 instead, so the ledger will refuse the members of U90236",
	}
	if diff := cmp.Diff(want, made.Summary.Warnings); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"U23620", "U90236"}, b.refused(made)); diff != "" {
		t.Error(diff)
	}
}

// These ids stand in ledgers. If this test fails, files that were imported would be recorded a second time.
func TestTheIDsOfImportedMembershipsNeverChange(t *testing.T) {
	raw := published(t, "oxfordshire_membership.csv")
	made := enlisted(t, raw, "oxfordshire_membership.csv", members)
	for at, want := range map[int]string{
		0:  "fd78ab32-8726-5616-98fb-a3fb2aaa3b96",
		21: "e32ff6a0-f6fd-5ccc-aad0-ac91d8987ce1",
		88: "acf9dd55-c5d8-5512-b252-ddc6c6235b5e",
	} {
		if got := made.Commands[at].ID; got != want {
			t.Errorf("command %d, %T, has id %s, want %s", at, made.Commands[at].Command, got, want)
		}
	}
	opts := members
	opts.Known = func(domain.Body) (string, bool) { return "", true }
	again := enlisted(t, raw, `C:\finance\oxfordshire_membership.csv`, opts)
	ids := func(commands []intake.Numbered) (ids []string) {
		for _, c := range commands {
			ids = append(ids, c.ID)
		}
		return ids
	}
	if diff := cmp.Diff(ids(made.Commands), ids(again.Commands)); diff != "" {
		t.Errorf("imported again it has other ids:\n%s", diff)
	}
	if different := slices.Compact(slices.Sorted(slices.Values(ids(made.Commands)))); len(different) != len(made.Commands) {
		t.Error("an id is given twice")
	}
}

func TestColumnsOfMembershipsInAnyOrderSayTheSame(t *testing.T) {
	raw := published(t, "oxfordshire_membership.csv")
	want := inOneCommand(enlisted(t, raw, "members.csv", members))
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, order := range [][]int{{5, 4, 3, 2, 1, 0}, {2, 0, 1, 4, 5, 3}} {
		var moved [][]string
		for _, row := range rows {
			var to []string
			for _, from := range order {
				to = append(to, row[from]+" ")
			}
			moved = append(moved, append(to, "further"))
		}
		if diff := cmp.Diff(want, inOneCommand(enlisted(t, written(t, moved), "members.csv", members))); diff != "" {
			t.Error(diff)
		}
	}
}

func TestAMembershipFileThatCannotBeReadIsNotTheOfficersFault(t *testing.T) {
	broken := errors.New("input/output error")
	made, err := intake.Memberships(iotest.ErrReader(broken), "/media/members.csv", members)
	if _, ok := errors.AsType[intake.Errors](err); !errors.Is(err, broken) || ok || len(made.Commands) != 0 {
		t.Errorf("got %v with %d commands", err, len(made.Commands))
	}
}

var badMemberships = []struct {
	name string
	file string
	opts intake.MembershipOptions
	want []at
}{
	{"an empty file is refused", "", members, []at{{}}},
	{"a file too large is refused", strings.Repeat("x", 32<<20+1), members, []at{{}}},
	{"a workbook of before 2007 is refused", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", members, []at{{}}},
	{"a broken workbook is refused", "PK\x03\x04\x14\x00", members, []at{{}}},
	{"a file in another encoding is refused", memberHeader + "K84036,CAF\xc9 SURGERY,U01367,W,20191001,\n", members, []at{{line: 2}}},
	{"an unknown header is refused and the known ones told", "Practice,Network\nK84036,U01367\n", members, []at{{line: 1}}},
	{"a list file with dates is no file of memberships", historyHeader + "U01367,W,K84036,A,5,2021-01-01\n", members, []at{{1, 0, "start"}, {1, 0, "end"}}},
	{"a missing last day is not taken for none", "practice_code,practice_name,pcn_code,pcn_name,start\nK84036,A,U01367,W,20191001\n", undated, []at{{1, 0, "end"}}},
	{"a column that stands twice is refused", strings.TrimSpace(memberHeader) + ",START\nK84036,A,U01367,W,20191001,,20200401\n", members, []at{{1, 7, "start"}}},
	{"a header alone is refused", memberHeader, members, []at{{}}},
	{"practices in no network alone are refused", memberHeader + "K84036,A,U,,,\n", members, []at{{}}},
	{"a ragged row is refused, and the rest read on", memberHeader + "K84003,A,U20931,KIDLINGTON, ISLIP PCN,20191001,\nK84042,B,U20931,K,yesterday,\n", members,
		[]at{{line: 2}, {3, 5, "start"}}},

	{"a bad first day is refused", memberHeader + "K84036,A,U01367,W,20190931,\n", members, []at{{2, 5, "start"}}},
	{"a blank first day is refused", memberHeader + "K84036,A,U01367,W,,20200531\n", members, []at{{2, 5, "start"}}},
	{"a date with slashes is refused, for it has two readings", memberHeader + "K84036,A,U01367,W,20191001,06/05/2020\n", members, []at{{2, 6, "end"}}},
	{"a date before the NHS is refused", memberHeader + "K84036,A,U01367,W,00211001,\n", members, []at{{2, 5, "start"}}},
	{"a last day before the first is refused", memberHeader + "K84036,A,U01367,W,20191001,20190930\n", members, []at{{2, 6, "end"}}},
	{"a bad practice code is refused", memberHeader + "k84036,A,U01367,W,20191001,\n", members, []at{{2, 1, "practice_code"}}},
	{"a total is no practice", memberHeader + "TOTAL,,U01367,W,20191001,\n", members, []at{{2, 1, "practice_code"}}},
	{"U is no practice", memberHeader + "U,A,U01367,W,20191001,\n", members, []at{{2, 1, "practice_code"}}},
	{"a bad network code is refused", memberHeader + "K84036,A,Banbury PCN,W,20191001,\n", members, []at{{2, 3, "pcn_code"}}},
	{"a word is no network", memberHeader + "K84036,A,BANBURY,W,20191001,\n", members, []at{{2, 3, "pcn_code"}}},
	{"a paragraph is no name", memberHeader + "K84036,A,U01367," + strings.Repeat("A", 201) + ",20191001,\n", members, []at{{2, 4, "pcn_name"}}},
	{"a network is no practice", memberHeader + "K84036,A,U01367,W,20191001,\nU01367,B,U04862,W,20191001,\n", members, []at{{3, 1, "practice_code"}}},
	{"a practice is no network", memberHeader + "K84036,A,U01367,W,20191001,\nK84037,B,K84036,W,20191001,\n", members, []at{{3, 3, "pcn_code"}}},
	{"nothing is a member of itself", memberHeader + "U01367,A,U01367,W,20191001,\n", members, []at{{2, 3, "pcn_code"}}},

	{"a row that stands twice is refused", memberHeader + "K84036,A,U01367,W,20191001,\nK84037,B,U01367,W,20191001,\nK84036,A,U01367,W,20191001,\n", members, []at{{4, 1, "practice_code"}}},
	{"a membership with two last days is refused", memberHeader + "K84036,A,U01367,W,20191001,20200531\nods:K84036,A,U01367,W,2019-10-01,\n", members, []at{{3, 1, "practice_code"}}},
	{"a practice in two networks at once is refused where the first would have to end", memberHeader + "K84024,A,U62251,B,20200601,\nK84024,A,U23620,C,20191001,\n", members, []at{{3, 6, "end"}}},
	{"the last day of one network is not the first of the next", memberHeader + "K81007,A,U03989,W,20191001,20210401\nK81007,A,U99474,R,20210401,\n", members, []at{{2, 6, "end"}}},
	{"two networks from the same day are refused", memberHeader + "H84031,A,U84150,X,20241001,20241001\nH84031,A,U96434,Y,20241001,\n", members, []at{{3, 3, "pcn_code"}}},
	{"the same network twice at once is refused", memberHeader + "K84063,A,U90236,E,20191001,20210430\nK84063,A,U90236,E,20210430,\n", members, []at{{2, 6, "end"}}},
	{"a membership within another is refused", memberHeader + "K00001,A,U00001,N,20191001,20251001\nK00001,A,U00002,S,20200101,20200201\nK00001,A,U00003,S,20210101,20210201\n", members,
		[]at{{2, 6, "end"}, {2, 6, "end"}}},
	{"without dates a practice is in one network", networkHeader + "K84036,A,U01367,W,\nK84036,A,U04862,B\n", undated, []at{{line: 2}}},
	{"without dates a practice in two networks is refused", networkHeader + "K84036,A,U04862,B\nK84036,A,U01367,W\n", undated, []at{{3, 3, "pcn_code"}}},
	{"without dates a practice that stands twice is refused", networkHeader + "K84036,A,U01367,W\nK84036,A,U01367,W\n", undated, []at{{3, 1, "practice_code"}}},
	{"a bad close is refused", strings.TrimSpace(networkHeader) + ",close_date\nK84036,A,U01367,W,soon\n", undated, []at{{2, 5, "close_date"}}},

	{"a file without dates needs a first day", networkHeader + "K84036,A,U01367,W\n", members, []at{{field: "from"}}},
	{"a file with dates takes none", memberHeader + "K84036,A,U01367,W,20191001,\n", undated, []at{{field: "from"}}},
	{"a file that does not say whose networks it has takes no commissioner", memberHeader + "K84036,A,U01367,W,20191001,\n",
		intake.MembershipOptions{Ledger: "oxfordshire", Commissioner: "ods:10Q", Source: members.Source}, []at{{field: "commissioner"}}},
	{"memberships without a source are refused", memberHeader + "K84036,A,U01367,W,20191001,\n", intake.MembershipOptions{Ledger: "oxfordshire"}, []at{{field: "title"}}},
	{"a network too large for one commit is refused", largeNetwork(25_000), members, []at{{line: 2}}},
	{"more memberships than England could have are refused", largeNetwork(50_001), members, []at{{line: 50_002}}},

	{"all faults of a row are told together", memberHeader + "U,A,Banbury PCN,W,yesterday,tomorrow\n", members,
		[]at{{2, 1, "practice_code"}, {2, 3, "pcn_code"}, {2, 5, "start"}, {2, 6, "end"}}},
}

func largeNetwork(practices int) string {
	var file strings.Builder
	file.WriteString(memberHeader)
	for i := range practices {
		fmt.Fprintf(&file, "K%05d,,U01367,,20191001,\n", i)
	}
	return file.String()
}

func TestBadMembershipsAreRefusedWithThePlaceAndTheRemedy(t *testing.T) {
	var wording strings.Builder
	for _, bad := range badMemberships {
		made, err := intake.Memberships(strings.NewReader(bad.file), "members.csv", bad.opts)
		fmt.Fprintf(&wording, "# %s\n%v\n\n", bad.name, err)
		t.Run(bad.name, func(t *testing.T) { checkRefused(t, made, err, "members.csv", bad.want) })
	}
	checkWording(t, "membership-errors.golden", wording.String())
}
