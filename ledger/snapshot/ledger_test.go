package snapshot_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"

	"pcnledger/domain"
	"pcnledger/ledger/snapshot"
	"pcnledger/projections"
)

// A book is a ledger's state and views, kept up together.
type book struct {
	state *domain.Ledger
	views *projections.Views
}

// clerk gives the commands of a book in which nobody is an officer.
const clerk = "clerk"

// do decides a command and applies what it causes. A refusal is an ordinary outcome.
func (b book) do(c domain.Command, effective domain.Date, at time.Time) bool {
	return b.record(clerk, c, effective, at, nil) != nil
}

// record decides a command of an officer, applies what it causes and returns it; none if the command is refused.
func (b book) record(actor string, c domain.Command, effective domain.Date, at time.Time, recorded []domain.Recorded) []domain.Recorded {
	stamp := domain.Stamp{Number: b.views.Ledger.Number + 1, Time: at, Actor: actor, Auth: domain.AuthDemo}
	facts, err := b.state.DecideWith(c, effective, stamp, func(number int64) (r domain.Recorded, known bool) {
		i := slices.IndexFunc(recorded, func(r domain.Recorded) bool { return r.Number == number })
		if i >= 0 {
			r = recorded[i]
		}
		return r, i >= 0
	})
	if err != nil {
		return nil
	}
	for _, r := range facts {
		b.state.Apply(r)
		b.views.Apply(r)
	}
	return facts
}

// story begins a ledger and has every command of the story carried out, each by the officer who gives it there.
func story(t testing.TB) book {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "testdata", "story.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	b, actor, digest := book{new(domain.Ledger), projections.NewViews()}, clerk, ""
	at := time.Date(2019, 8, 1, 9, 0, 0, 0, time.UTC)
	b.do(domain.CreateLedger{Ledger: "story", Commissioner: "ods:10Q", Kind: domain.KindDemo}, "", at)
	b.do(domain.RotateKey{Key: "pcnledger/story+00000000+AAAA"}, "", at) // event 2 of every ledger
	var recorded []domain.Recorded
	for line := range strings.Lines(string(text)) {
		var sent struct {
			As, ID, Command, Effective string
			Data                       jsontext.Value
		}
		if err := json.Unmarshal([]byte(strings.ReplaceAll(line, `"digest":"shown"`, `"digest":"`+digest+`"`)), &sent, json.MatchCaseInsensitiveNames(true)); err != nil {
			t.Fatal(err)
		}
		if sent.As != "" {
			actor = sent.As
			continue
		}
		kind, _ := domain.CommandNamed(sent.Command)
		c, err := kind.Decode(func(into any) error { return json.Unmarshal(sent.Data, into) })
		if err != nil {
			t.Fatal(err)
		}
		at = at.Add(time.Minute)
		facts := b.record(actor, c, domain.Date(sent.Effective), at, recorded)
		if facts == nil {
			t.Fatalf("%s is refused", sent.ID)
		}
		recorded = append(recorded, facts...)
		if held, is := facts[0].Event.(domain.RequestHeld); is {
			digest = held.Digest
		}
	}
	return b
}

// again is what comes back of a book.
func (b book) again(t testing.TB) book {
	t.Helper()
	return book{roundTrip(t, b.state), roundTrip(t, b.views)}
}

func roundTrip[T any](t testing.TB, v *T) *T {
	t.Helper()
	codec, err := snapshot.Of[T]()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := codec.Encode(&b, v); err != nil {
		t.Fatal(err)
	}
	read, err := codec.Decode(&b, int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func (b book) mustEqual(t interface{ Error(...any) }, other book) {
	if !reflect.DeepEqual(b.state, other.state) {
		t.Error("the state is another")
	}
	if !reflect.DeepEqual(b.views, other.views) {
		t.Error("the views are others")
	}
	if b.views.Digest() != other.views.Digest() {
		t.Error("the views have another digest")
	}
}

func TestALedgerAndItsViewsComeBackAsTheyWere(t *testing.T) {
	b := story(t)
	b.mustEqual(t, b.again(t))
	if b.views.Journal.Len() < 50 {
		t.Errorf("the story has only %d postings", b.views.Journal.Len())
	}
}

func TestAnEmptyLedgerComesBackEmpty(t *testing.T) {
	b := book{new(domain.Ledger), projections.NewViews()}
	b.mustEqual(t, b.again(t))
}

// someCommand is one that may well be refused.
func someCommand(t *rapid.T) domain.Command {
	pence := domain.Pence(rapid.Int64Range(1, 1_000_000).Draw(t, "pence"))
	payee := rapid.SampledFrom([]domain.Body{"local:P1", "local:P2", "local:P3"}).Draw(t, "payee")
	lines := []domain.Line{{Bucket: domain.Bucket{Payee: payee, Beneficiary: "local:N", Category: "access"}, Pence: pence}}
	source := domain.Source{Title: "a letter"}
	switch rapid.IntRange(0, 5).Draw(t, "command") {
	case 0:
		body := domain.Body(fmt.Sprintf("local:B%d", rapid.IntRange(1, 5).Draw(t, "body")))
		return domain.RegisterBody{Body: body, Kind: domain.KindCompany, Name: rapid.String().Draw(t, "name")}
	case 1:
		return domain.ConfirmFunding{Fund: "F", Pence: pence * 10, Title: "a tranche", Source: source}
	case 2:
		decision := domain.Decision{Body: "committee", Date: "2018-04-01", Paper: "1"}
		return domain.AllocateFund{Fund: "F", Decision: decision, Lines: lines}
	case 3:
		return domain.ReleaseFunds{Fund: "F", Lines: lines}
	case 4:
		return domain.RecordSpend{Fund: "F", Reference: "a return", Lines: lines}
	}
	return domain.ReturnAdvance{Fund: "F", Reason: "not needed", Lines: lines}
}

func (b book) open(at time.Time) {
	source := domain.Source{Title: "a paper"}
	b.do(domain.CreateLedger{Ledger: "random", Commissioner: "ods:10Q", Kind: domain.KindLive}, "", at)
	for _, payee := range []domain.Body{"local:P1", "local:P2", "local:P3"} {
		b.do(domain.RegisterBody{Body: payee, Kind: domain.KindFederation}, "", at)
	}
	b.do(domain.RegisterBody{Body: "local:N", Kind: domain.KindNetwork}, "", at)
	b.do(domain.OpenFund{Terms: domain.Terms{Fund: "F", Title: "a fund", Year: "2018-19", Cover: domain.CoverHard,
		Basis: domain.BasisAdvance, Categories: []domain.Category{"access"}, Source: source}}, "", at)
}

// TestALedgerGoesOnFromWhatCameBack has a ledger that went through a snapshot and one that did not carry out the same
// commands: they stay the same.
func TestALedgerGoesOnFromWhatCameBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		at := time.Date(2018, 5, 1, 9, 0, 0, 0, time.UTC)
		b := book{new(domain.Ledger), projections.NewViews()}
		b.open(at)
		for range rapid.IntRange(0, 30).Draw(r, "before") {
			b.do(someCommand(r), "", at)
		}
		other := b.again(t)
		b.mustEqual(r, other)
		for range rapid.IntRange(0, 30).Draw(r, "after") {
			c := someCommand(r)
			at = at.Add(time.Hour)
			if b.do(c, "", at) != other.do(c, "", at) {
				r.Fatalf("one allows %+v and the other does not", c)
			}
		}
		b.mustEqual(r, other)
	})
}
