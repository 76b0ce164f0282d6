package domain

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The tests of this file hold docs/controls.md to the programme: its table of commands is that of the code, and each row,
// test and rule that it names is there.

var controlsDoc = filepath.Join("..", "docs", "controls.md")

const (
	commandsBegin = "<!-- commands: written by go test ./domain -run Controls -update -->\n"
	commandsEnd   = "<!-- end of commands -->\n"
)

func readControls(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(controlsDoc)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestControlsNameTheCommandsAsTheyAre compares who may do what.
func TestControlsNameTheCommandsAsTheyAre(t *testing.T) {
	text := readControls(t)
	before, rest, begins := strings.Cut(text, commandsBegin)
	table, after, ends := strings.Cut(rest, commandsEnd)
	if !begins || !ends {
		t.Fatalf("%s has no place for the table of commands", controlsDoc)
	}
	want := commandsTable()
	if *update {
		if err := os.WriteFile(controlsDoc, []byte(before+commandsBegin+want+commandsEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if table != want {
		t.Errorf("who may do what differs from %s; if it is meant, run with -update. It is:\n%s", controlsDoc, want)
	}
}

func commandsTable() string {
	var text strings.Builder
	text.WriteString("\n| command | in the role of | two people | an interest that forbids deciding forbids it | taken at a soft close |\n|---|---|---|---|---|\n")
	for _, kind := range Commands() {
		if kind.Name == "CreateLedger" {
			continue // before there is anyone to control
		}
		fmt.Fprintf(&text, "| %s | %s | %s | %s | %s |\n", kind.Name, rolesInWords(kind), twoPeopleInWords(kind), yes(decidesAtAll(kind)), yes(kind.MonthEnd))
	}
	text.WriteString("\n")
	return text.String()
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return ""
}

// decidesAtAll says that a command is deciding: approving and refusing are, whatever is approved.
func decidesAtAll(kind CommandKind) bool {
	return kind.Decides || kind.Name == "Approve" || kind.Name == "Refuse"
}

func rolesInWords(kind CommandKind) string {
	switch {
	case kind.Name == "Approve" || kind.Name == "Refuse":
		return "approver; administrator for what administrators raise"
	case kind.Name == "Withdraw":
		return "who raised the request"
	case len(kind.Roles) == 0:
		return "any officer but an auditor"
	}
	return rolesText(kind.Roles)
}

// twoPeopleInWords says when a command needs a second person, besides above a limit. That these are all is tested below.
func twoPeopleInWords(kind CommandKind) string {
	shipped := ShippedPolicy()
	switch {
	case kind.Name == "AppointOfficer":
		return "always, from the third officer on"
	case kind.TwoPeople:
		return "always"
	case slices.Contains(neverAlone, kind.Name):
		return "always, once there are officers"
	case kind.Name == "EndAppointment":
		return "of an administrator"
	case kind.Name == "SettlePayment":
		return "where no run was released, or with netting"
	case kind.Name == "AdoptRateCard" || kind.Name == "ReviseRate":
		return "by the policy as shipped, on a document or of one's own"
	case slices.Contains(shipped.TwoPeople, kind.Name):
		return "by the policy as shipped"
	}
	return ""
}

// TestControlsNameWhatThereIs checks each row, test and rule that the tables of controls name.
func TestControlsNameWhatThereIs(t *testing.T) {
	text := readControls(t)
	shown, rules := map[string]bool{}, map[string]bool{}
	for _, r := range tables() {
		shown[r.name] = true
	}
	for _, name := range append(testsThere(t), scriptsThere(t)...) {
		shown[name] = true
	}
	for _, rule := range rulesInSource(t) {
		rules[string(rule)] = true
	}
	named := map[string]bool{}
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.Trim(line, "|\n "), " | ")
		if !strings.HasPrefix(line, "| ") || len(cells) != 4 || cells[0] == "control" {
			continue
		}
		for _, rule := range inBackticks(cells[1]) {
			named[rule] = true
			if !rules[rule] {
				t.Errorf("%s: there is no rule %s", cells[0], rule)
			}
		}
		for _, name := range inBackticks(cells[3]) {
			if !shown[name] {
				t.Errorf("%s: there is no row, test or script %q", cells[0], name)
			}
		}
	}
	for _, rule := range rulesOfControl {
		if !named[string(rule)] {
			t.Errorf("no control names the rule %s", rule)
		}
	}
}

var rulesOfControl = []Rule{
	RuleOfficersMissing, RuleOfficerUnknown, RuleOfficerIdentity, RuleAdministratorFirst, RuleAppointmentDates, RuleAppointmentUnknown, RuleAppointOneself,
	RuleRoleAlone, RuleDeputy, RuleGrade, RulePolicy, RuleProof, RuleRole, RuleScope, RuleLimit, RuleSelfApproval, RuleSeparation, RuleInterest,
	RuleRequestUnknown, RuleRequestEnded, RuleRequestExpired, RuleRequestChanged, RuleRequestOther,

	RulePeriodNotBegun, RulePeriodClosed, RulePeriodOrder, RulePeriodNamed, RuleFundNoAdvances, RuleFundDates, RuleFundClosed, RuleFundUnpaid,
	RuleClaimUnverified, RuleSpendUnverified, RuleSpendUnknown,
	RulePaymentRunLines, RulePaymentRunPast, RulePaymentRunReference, RulePaymentRunEmpty, RulePaymentRunUnknown, RulePaymentRunDone, RulePaymentRunNotReleased,
	RulePaymentRunEarlier, RuleTransitOver, RuleTransitTwice, RuleSettlementMixed, RuleItemReserved, RuleItemOverpaid, RuleItemSettled, RuleItemTwice,
	RuleNettingOver, RuleRecoveryOver, RuleDecisionMissing, RuleDecisionLater,
	RuleAccrualTwice, RuleJournalSide, RuleJournalAccount, RuleJournalDimension, RuleJournalBalance, RuleJournalPair, RuleJournalOver,
	RuleOpeningPosted, RuleOpeningAccount, RuleOpeningSide,
	RuleEntryUnknown, RuleEntryKind, RuleEntryReversed, RuleReversalEarlier, RuleReversalClosed, RuleReversalItems, RuleReversalGone, RuleReversalOvertaken,
	RuleEntryStands, RuleEntryReplaced, RuleReplacement,
}

var backticks = regexp.MustCompile("`([^`]+)`")

func inBackticks(cell string) (names []string) {
	for _, match := range backticks.FindAllStringSubmatch(cell, -1) {
		names = append(names, match[1])
	}
	return names
}

// shownIn are the folders whose tests show a control.
var shownIn = []string{".", filepath.Join("..", "ledger"), filepath.Join("..", "cmd", "pcnledger")}

// testsThere lists the names of the test functions there are.
func testsThere(t *testing.T) (names []string) {
	t.Helper()
	form := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	for _, folder := range shownIn {
		for _, file := range filesLike(t, folder, "*_test.go") {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range form.FindAllStringSubmatch(string(text), -1) {
				names = append(names, match[1])
			}
		}
	}
	return names
}

// scriptsThere lists the scripts in which officers act on a terminal.
func scriptsThere(t *testing.T) (names []string) {
	t.Helper()
	for _, file := range filesLike(t, filepath.Join("..", "cmd", "pcnledger", "testdata", "script"), "*.txtar") {
		names = append(names, filepath.Base(file))
	}
	return names
}

func filesLike(t *testing.T, folder, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no %s in %s: %v", pattern, folder, err)
	}
	return files
}

// TestEveryCommandNeedsTwoPeopleAsControlsSay asks the kernel itself, for the commands whose need stands in no flag.
func TestEveryCommandNeedsTwoPeopleAsControlsSay(t *testing.T) {
	l := told(t, untilGoverned).ledger
	for _, c := range []Command{AllocateFund{}, MoveAllocation{}, NominatePayee{}, AppointOfficer{}, ReplaceEntry{}} {
		if !l.needsTwo(KindOf(c), c, nil) {
			t.Errorf("%s goes alone", KindOf(c).Name)
		}
	}
	for number, two := range map[int64]bool{601: true, recorderIn: false} {
		c := EndAppointment{Appointment: number}
		if l.needsTwo(KindOf(c), c, nil) != two {
			t.Errorf("ending appointment %d needs two people: %v, want %v", number, !two, two)
		}
	}
	sure, unsure, own := cardRate("CORE_PCN"), cardRate("EXT_HOURS"), Rate{Year: "2019-20", Rate: "LEAD_GP", Standing: StandingPrimary}
	for rate, two := range map[Rate]bool{sure: false, unsure: true, own: true} {
		adopted, revised := Event(RateCardAdopted{Rates: []Rate{rate}}), Event(RateRevised{RateChange{Year: rate.Year, Rate: rate.Rate, Now: rate}})
		if c := (AdoptRateCard{}); l.needsTwo(KindOf(c), c, []Fact{{Event: adopted}}) != two {
			t.Errorf("adopting %s, which is %s, needs two people: %v, want %v", rate.Rate, rate.Standing, !two, two)
		}
		if c := (ReviseRate{}); l.needsTwo(KindOf(c), c, []Fact{{Event: revised}}) != two {
			t.Errorf("revising %s, which is %s, needs two people: %v, want %v", rate.Rate, rate.Standing, !two, two)
		}
	}
	for run, two := range map[int64]bool{0: true, 700: false} {
		c := SettlePayment{}
		if l.needsTwo(KindOf(c), c, []Fact{{Event: PaymentSettled{Lines: []SettledLine{{Run: run}}}}}) != two {
			t.Errorf("settling payments of run %d needs two people: %v, want %v", run, !two, two)
		}
	}
}
