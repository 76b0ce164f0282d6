package domain

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// typesWith returns the exported types of the package that have a method of that name.
func typesWith(t *testing.T, method string) []string {
	t.Helper()
	var names []string
	for _, file := range sources(t) {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil || f.Name.Name != method {
				continue
			}
			if receiver, ok := f.Recv.List[0].Type.(*ast.Ident); ok && receiver.IsExported() {
				names = append(names, receiver.Name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// sources parses the package without its tests.
func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	for _, name := range sourceNames(t) {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = file
	}
	return files
}

func TestEveryCommandIsInTheTableOfKinds(t *testing.T) {
	var listed, names []string
	for _, kind := range Commands() {
		listed = append(listed, kind.goType.Name())
		names = append(names, kind.Name)
		if got, ok := CommandNamed(kind.Name); !ok || got.goType != kind.goType {
			t.Errorf("%s is not found by its name", kind.Name)
		}
		c, err := kind.Decode(func(any) error { return nil })
		if err != nil || reflect.TypeOf(c) != kind.goType || KindOf(c).Name != kind.Name {
			t.Errorf("%s decodes into %T, %v", kind.Name, c, err)
		}
	}
	slices.Sort(listed)
	if diff := cmp.Diff(typesWith(t, "decide"), listed); diff != "" {
		t.Errorf("commands of the package and of the table differ (-package +table):\n%s", diff)
	}
	if !distinct(names) {
		t.Errorf("two commands have the same name on the wire: %q", names)
	}
	if _, ok := CommandNamed("BurnMoney"); ok {
		t.Error("BurnMoney is taken for a command")
	}
}

func TestEveryEventIsInTheTableOfKinds(t *testing.T) {
	var listed, names []string
	for _, kind := range Events() {
		listed = append(listed, kind.goType.Name())
		names = append(names, fmt.Sprintf("%s %d", kind.Name, kind.Version))
		if got, err := EventKindNamed(kind.Name, kind.Version); err != nil || got.goType != kind.goType {
			t.Errorf("%s version %d is not found by its name: %v", kind.Name, kind.Version, err)
		}
		e, err := kind.Decode(func(any) error { return nil })
		if err != nil || reflect.TypeOf(e) != kind.goType || EventKindOf(e).Name != kind.Name {
			t.Errorf("%s decodes into %T, %v", kind.Name, e, err)
		}
	}
	slices.Sort(listed)
	if diff := cmp.Diff(typesWith(t, "Subject"), listed); diff != "" {
		t.Errorf("events of the package and of the table differ (-package +table):\n%s", diff)
	}
	if !distinct(names) {
		t.Errorf("two events have the same name and version on the wire: %q", names)
	}
	if _, err := EventKindNamed("FundAllocated", 99); err == nil {
		t.Error("version 99 of FundAllocated is taken for known")
	}
}

func TestMoneyCommandsAreThoseWhoseEventsPost(t *testing.T) {
	money := map[string]bool{}
	for _, kind := range Commands() {
		money[kind.Name] = kind.Money
	}
	posted := map[string]bool{}
	for _, told := range everyEvent(t) {
		if posts := len(Postings(told.recorded)) > 0; posts && !money[told.command] {
			t.Errorf("%s posts and takes no effective date", told.command)
		}
		posted[told.command] = posted[told.command] || len(Postings(told.recorded)) > 0
	}
	for name, is := range money {
		if is && !posted[name] {
			t.Errorf("%s takes an effective date and never posts", name)
		}
	}
}

// toldEvent is an event and the name of the command that caused it.
type toldEvent struct {
	command  string
	before   []Recorded
	recorded Recorded
}

// everyEvent tells every row that causes an event.
func everyEvent(t *testing.T) []toldEvent {
	t.Helper()
	var told []toldEvent
	for _, r := range tables() {
		if r.then == nil {
			continue
		}
		s, facts, err := r.decide(t)
		if err != nil {
			t.Fatal(err)
		}
		for _, fact := range facts {
			before := slices.Clone(s.log)
			told = append(told, toldEvent{s.asked(r.when, fact.Event), before, s.apply([]Recorded{fact})[0]})
		}
	}
	return told
}

// asked names the command that caused an event: of what was approved, that which was held, and of what takes an entry's
// place, that which was asked for.
func (s *story) asked(c Command, e Event) string {
	_, approves := e.(RequestApproved)
	_, replaced := e.(EntryReplaced)
	switch c := c.(type) {
	case Approve:
		if !approves {
			return s.asked(s.ledger.requests[c.Request].command().Command, e)
		}
	case ReplaceEntry:
		if _, held := e.(RequestHeld); !replaced && !held {
			return s.asked(c.With.Command, e)
		}
	}
	return KindOf(c).Name
}

// tables are the rows of all nouns.
func tables() []row {
	return slices.Concat(ledgerRows, keyRows, registryRows, shareRows, fundRows, allocationRows, decisionRows, releaseRows, spendRows, itemRows, progressRows,
		rateRows, rateChoiceRows, ownRateRows, rateChangeRows, nomineeRows, budgetRows, entitlementRows, roleRows, laterRoleRows, limitRows, baselineRows,
		claimRows, recoveryRows, nettingRows,
		officerRows, policyRows, interestRows, requestRows, separationRows, periodRows, accrualRows, journalRows, openingRows,
		sumRows, redistributionRows, upliftRows, paymentRunRows, writeOffRows, verificationRows, correctionRows, adjustmentRows, quantityRows, listRows)
}

func TestEveryEventHappensAndRoundTrips(t *testing.T) {
	happened := map[string]bool{}
	for _, told := range everyEvent(t) {
		kind := EventKindOf(told.recorded.Event)
		happened[kind.Name] = true
		if told.recorded.Event.Subject() == "" || strings.HasSuffix(told.recorded.Event.Subject(), "/") {
			t.Errorf("%s has the subject %q", kind.Name, told.recorded.Event.Subject())
		}
		if err := roundTrips(told.recorded.Event); err != nil {
			t.Error(err)
		}
		fresh := new(Ledger)
		for _, r := range told.before {
			fresh.Apply(r)
		}
		fresh.Apply(told.recorded)
	}
	for _, kind := range Events() {
		if !happened[kind.Name] {
			t.Errorf("no row causes %s", kind.Name)
		}
	}
}

func TestAnEventThatNobodyKnowsIsNeverPassedOver(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("Apply passed over an event that it does not know")
		}
	}()
	new(Ledger).Apply(Recorded{Fact: Fact{Event: unknownEvent{}}})
}

type unknownEvent struct{}

func (unknownEvent) Subject() string { return "nothing" }

func TestWarningsStandInTheEvent(t *testing.T) {
	want := []string{"w"}
	for _, e := range []Event{FundAllocated{Warnings: want}, FundsReleased{Warnings: want}, SpendRecorded{Warnings: want}, AdvanceCalledBack{Warnings: want}} {
		if got := WarningsOf(e); !slices.Equal(got, want) {
			t.Errorf("%T has the warnings %q, want %q", e, got, want)
		}
	}
	for _, kind := range Events() {
		_, has := kind.goType.FieldByName("Warnings")
		e := reflect.New(kind.goType).Elem()
		if has {
			e.FieldByName("Warnings").Set(reflect.ValueOf(want))
		}
		if got := WarningsOf(e.Interface().(Event)); (len(got) > 0) != has {
			t.Errorf("%s has warnings: %v; WarningsOf gives %q", kind.Name, has, got)
		}
	}
}
