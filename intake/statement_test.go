package intake_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pcnledger/domain"
	"pcnledger/intake"
)

// Two runs: PR-1 pays K84036 £100.00 and £50.00, RTH £25,000.50, and local:OCA £70.00 twice; PR-2 pays K84036 £80.00.
var (
	first  = intake.InTransit{Run: 60, Reference: "PR-1", Item: "12.1", Payee: "ods:K84036", Pence: 100_00, Released: "2019-08-12"}
	second = intake.InTransit{Run: 60, Reference: "PR-1", Item: "12.2", Payee: "ods:K84036", Pence: 50_00, Released: "2019-08-12"}
	trust  = intake.InTransit{Run: 60, Reference: "PR-1", Item: "13.1", Payee: "ods:RTH", Pence: 25_000_50, Released: "2019-08-12"}
	one    = intake.InTransit{Run: 60, Reference: "PR-1", Item: "14.1", Payee: "local:OCA", Pence: 70_00, Released: "2019-08-12"}
	other  = intake.InTransit{Run: 60, Reference: "PR-1", Item: "14.2", Payee: "local:OCA", Pence: 70_00, Released: "2019-08-12"}
	later  = intake.InTransit{Run: 65, Reference: "PR-2", Item: "15.1", Payee: "ods:K84036", Pence: 80_00, Released: "2019-08-14"}
)

// reconciling is what the ledger waits for.
func reconciling(payments ...intake.InTransit) intake.StatementOptions {
	return intake.StatementOptions{Ledger: "oxfordshire", InTransit: payments}
}

var awaited = reconciling(first, second, trust, one, other, later)

const (
	ownHeader  = "date,payee,reference,amount,status,item\n"
	bankHeader = "Date,Type,Description,Paid out,Paid in,Balance\n"
	pcseHeader = "Pay Code,Description,Amount\n"
)

func paid(reference string, lines ...domain.SettleLine) domain.SettlePayment {
	return domain.SettlePayment{Reference: reference, Lines: lines}
}

func line(p intake.InTransit) domain.SettleLine {
	return domain.SettleLine{Item: p.Item, Pence: p.Pence, Run: p.Run}
}

func returned(p intake.InTransit) domain.SettleLine {
	return domain.SettleLine{Item: p.Item, Pence: p.Pence}
}

func failed(run int64, reason string, lines ...domain.SettleLine) domain.FailPayment {
	return domain.FailPayment{Run: run, Reason: reason, Lines: lines}
}

type dated struct {
	On      domain.Date
	Command domain.Command
}

func reconciled(t testing.TB, file string, opts intake.StatementOptions) intake.Reconciled {
	t.Helper()
	made, err := intake.Statement(strings.NewReader(file), "/home/officer/august.csv", opts)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func causes(made intake.Reconciled) (all []dated) {
	for _, c := range made.Commands {
		all = append(all, dated{c.Effective, c.Command})
	}
	return all
}

func on(date domain.Date, c domain.Command) dated { return dated{date, c} }

var statements = []struct {
	name      string
	file      string
	opts      intake.StatementOptions
	want      []dated
	unmatched []string // part of each reason
}{
	{"a payment is matched by payee, reference and amount", ownHeader + "2019-08-15,K84036,PR-1,100.00,paid,\n", awaited,
		[]dated{on("2019-08-15", paid("august.csv, PR-1", line(first)))}, nil},
	{"without a status a payment was paid", "date,payee,reference,amount\n15/08/2019,K84036,PR-1,50.00\n", awaited,
		[]dated{on("2019-08-15", paid("august.csv, PR-1", line(second)))}, nil},
	{"a line is all of the payee's payments of a run", ownHeader + "2019-08-15,K84036,pr-1,150.00,,\n", awaited,
		[]dated{on("2019-08-15", paid("august.csv, PR-1", line(first), line(second)))}, nil},
	{"two alike are told apart by their items", ownHeader + "2019-08-15,local:OCA,PR-1,70.00,,14.2\n2019-08-16,local:OCA,PR-1,70.00,returned,14.1\n", awaited,
		[]dated{on("2019-08-15", paid("august.csv, PR-1", line(other))), on("2019-08-16", failed(60, "came back: august.csv, PR-1", returned(one)))}, nil},
	{"an item needs no reference", ownHeader + "2019-08-15,RTH,,\"25,000.50\",,13.1\n", awaited,
		[]dated{on("2019-08-15", paid("august.csv, PR-1", line(trust)))}, nil},
	{"each day and run is one command, in the order of the items", ownHeader +
		"2019-08-16,K84036,PR-2,80.00,,\n2019-08-15,RTH,PR-1,£25000.50,,\n2019-08-15,K84036,PR-1,50.00,,\n2019-08-15,K84036,PR-1,100.00,,\n", awaited,
		[]dated{on("2019-08-15", paid("august.csv, PR-1", line(first), line(second), line(trust))), on("2019-08-16", paid("august.csv, PR-2", line(later)))}, nil},
	{"the rest beside a named item is a whole", ownHeader + "2019-08-15,K84036,PR-1,100.00,,12.1\n2019-08-16,K84036,PR-1,\"1,050.00\",,\n",
		reconciling(first, second, intake.InTransit{Run: 60, Reference: "PR-1", Item: "12.3", Payee: "ods:K84036", Pence: 1_000_00, Released: "2019-08-12"}),
		[]dated{on("2019-08-15", paid("august.csv, PR-1", line(first))),
			on("2019-08-16", paid("august.csv, PR-1", line(second), domain.SettleLine{Item: "12.3", Pence: 1_000_00, Run: 60}))}, nil},
	{"what left and came back has come back", ownHeader + "2019-08-15,K84036,PR-1,150.00,paid,\n2019-08-17,K84036,PR-1,100.00,returned,\n", awaited,
		[]dated{on("2019-08-15", paid("august.csv, PR-1", line(second))), on("2019-08-17", failed(60, "came back: august.csv, PR-1", returned(first)))}, nil},

	{"a part of a payment is not matched", ownHeader + "2019-08-15,RTH,PR-1,25000.00,,\n2019-08-15,K84036,PR-1,60.00,,12.1\n", awaited, nil,
		[]string{"£25,000.50; the line has £25,000.00, and a part", "item 12.1 of run 60 (PR-1) is in transit with £100.00; the line has £60.00"}},
	{"neither one nor all is not matched", ownHeader + "2019-08-15,K84036,PR-1,149.99,,\n", awaited, nil,
		[]string{"items 12.1 and 12.2 of run 60 (PR-1) are in transit with £150.00; the line has £149.99"}},
	{"what is not awaited is left out, and the rest recorded", ownHeader + "2019-08-15,K84036,PR-9,100.00,,\n2019-08-15,Y02754,PR-1,100.00,,\n2019-08-15,K84036,PR-1,100.00,,99.1\n" +
		"2019-08-15,RTH,PR-1,100.00,,12.1\n2019-08-15,K84036,PR-2,100.00,,12.1\n2019-08-15,K84036,PR-1,100.00,,\n",
		reconciling(first, trust, later),
		[]dated{on("2019-08-15", paid("august.csv, PR-1", line(first)))},
		[]string{`has the reference "PR-9"`, "run 60 (PR-1) has nothing for Y02754", "item 99.1 is in no payment run", "item 12.1 is K84036's, not RTH's", `item 12.1 is in run 60 (PR-1), not in "PR-2"`}},

	{"a bank's line is matched by what its description names", bankHeader +
		"15 Aug 2019,BAC,\"BACS pr-1 k84036 OX\",150.00,,\"1,850.00\"\n16/08/2019,BAC,PR-1/RTH,\"25,000.50\",0.00,0.00\n17/08/2019,BGC,RTN PR-1 RTH,,\"25,000.50\",1.00\n", awaited,
		[]dated{on("2019-08-15", paid("august.csv, PR-1", line(first), line(second))), on("2019-08-17", failed(60, "came back: august.csv, PR-1", returned(trust)))}, nil},
	{"a bank's other lines are left out", bankHeader + "15/08/2019,CHG,CHARGES,3.00,,1.00\n15/08/2019,BAC,PR-12 K84036,100.00,,1.00\n15/08/2019,BAC,PR-1 K840361,100.00,,1.00\n15/08/2019,BAC,,100.00,,1.00\n", awaited, nil,
		[]string{"names no payment run", "names no payment run", "names no payee of run 60 (PR-1)", "names no payment run"}},
	{"of two references, one in the other, the longer is meant", bankHeader + "15/08/2019,BAC,AUG/1/B K84036,100.00,,1.00\n",
		reconciling(intake.InTransit{Run: 60, Reference: "AUG/1", Item: "12.1", Payee: "ods:K84036", Pence: 100_00, Released: "2019-08-12"},
			intake.InTransit{Run: 65, Reference: "AUG/1/B", Item: "12.2", Payee: "ods:K84036", Pence: 90_00, Released: "2019-08-12"}), nil,
		[]string{"item 12.2 of run 65 (AUG/1/B) is in transit with £90.00; the line has £100.00"}},
	{"a payee's code within the reference names no payee", bankHeader + "15/08/2019,BAC,RTH-AUG K84036,90.00,,1.00\n15/08/2019,BAC,AUG RTH K84036,90.00,,1.00\n",
		reconciling(intake.InTransit{Run: 60, Reference: "RTH-AUG", Item: "12.1", Payee: "ods:K84036", Pence: 100_00, Released: "2019-08-12"},
			intake.InTransit{Run: 60, Reference: "RTH-AUG", Item: "12.2", Payee: "ods:RTH", Pence: 90_00, Released: "2019-08-12"},
			intake.InTransit{Run: 65, Reference: "AUG RTH", Item: "12.3", Payee: "ods:RTH", Pence: 90_00, Released: "2019-08-12"},
			intake.InTransit{Run: 65, Reference: "AUG RTH", Item: "12.4", Payee: "ods:K84036", Pence: 100_00, Released: "2019-08-12"}), nil,
		[]string{"item 12.1 of run 60 (RTH-AUG) is in transit with £100.00", "item 12.4 of run 65 (AUG RTH) is in transit with £100.00"}},

	{"of PCSE's statement the day and the payee are given", pcseHeader + "PCNXX,Network payment,80.00\nGSUM,Something else,\"1,000.00\"\n",
		intake.StatementOptions{Ledger: "oxfordshire", InTransit: []intake.InTransit{first, later}, PaidOn: "2019-08-15", Payee: "ods:K84036"},
		[]dated{on("2019-08-15", paid("august.csv, PR-2", line(later)))}, []string{"the line has £1,000.00"}},
	{"nothing in transit is no fault", ownHeader + "2019-08-15,K84036,PR-1,100.00,,\n", reconciling(), nil, []string{`has the reference "PR-1"`}},
}

func TestStatement(t *testing.T) {
	for _, s := range statements {
		t.Run(s.name, func(t *testing.T) {
			made := reconciled(t, s.file, s.opts)
			if diff := cmp.Diff(s.want, causes(made)); diff != "" {
				t.Error(diff)
			}
			checkUnmatched(t, made, s.unmatched)
		})
	}
}

func checkUnmatched(t *testing.T, made intake.Reconciled, want []string) {
	t.Helper()
	if len(made.Summary.Unmatched) != len(want) {
		t.Fatalf("%d lines are left out, want %d:\n%s", len(made.Summary.Unmatched), len(want), made.Summary)
	}
	for i, l := range made.Summary.Unmatched {
		if !strings.Contains(l.Text, want[i]) {
			t.Errorf("line %d: %s\nwant it to say: %s", l.Line, l.Text, want[i])
		}
	}
}

var badStatements = []struct {
	name string
	file string
	opts intake.StatementOptions
	want []at
}{
	{"a line that matches two items is not guessed", ownHeader + "2019-08-15,local:OCA,PR-1,70.00,,\n", awaited, []at{{2, 4, "amount"}}},
	{"a bank's line that matches two items is not guessed", bankHeader + "15/08/2019,BAC,PR-1 OCA,70.00,,1.00\n", awaited, []at{{2, 4, "Paid out"}}},
	{"a line that matches two runs is not guessed", ownHeader + "2019-08-15,K84036,,100.00,,12.1\n",
		reconciling(first, intake.InTransit{Run: 65, Reference: "PR-2", Item: "12.1", Payee: "ods:K84036", Pence: 100_00, Released: "2019-08-12"}), []at{{2, 4, "amount"}}},
	{"a line that stands twice is refused", ownHeader + "2019-08-15,K84036,PR-1,100.00,paid,\n15/08/2019,K84036,pr-1,100.00,,\n", awaited, []at{{3, 4, "amount"}}},
	{"a payment on two days is refused", ownHeader + "2019-08-15,K84036,PR-1,100.00,paid,\n2019-08-16,K84036,PR-1,150.00,paid,\n", awaited, []at{{3, 4, "amount"}}},
	{"a payment that leaves after it came back is refused", ownHeader + "2019-08-16,K84036,PR-1,100.00,paid,\n2019-08-15,K84036,PR-1,100.00,returned,\n", awaited, []at{{2, 4, "amount"}}},
	{"a day before the release is refused", ownHeader + "2019-08-11,K84036,PR-1,100.00,,\n", awaited, []at{{2, 1, "date"}}},
	{"nothing and less are no payments", ownHeader + "2019-08-15,K84036,PR-1,0.00,,\n2019-08-15,K84036,PR-1,-100.00,,\n2019-08-15,K84036,PR-1,(100.00),,\n2019-08-15,K84036,PR-1,,,\n", awaited,
		[]at{{2, 4, "amount"}, {3, 4, "amount"}, {4, 4, "amount"}, {5, 4, "amount"}}},
	{"pounds have two decimals, and their commas in their places", ownHeader + "2019-08-15,K84036,PR-1,100,,\n2019-08-15,K84036,PR-1,100.5,,\n2019-08-15,K84036,PR-1,\"10,00.00\",,\n2019-08-15,K84036,PR-1,1e2,,\n2019-08-15,K84036,PR-1,999999999999.99,,\n", awaited,
		[]at{{2, 4, "amount"}, {3, 4, "amount"}, {4, 4, "amount"}, {5, 4, "amount"}, {6, 4, "amount"}}},
	{"a total is no payment", ownHeader + "Total,,,150.00,,\n2019-08-15,TOTAL,PR-1,150.00,,\n2019-08-15,,PR-1,150.00,,\n2019-08-15,K84036,Grand total,150.00,,\n", awaited,
		[]at{{2, 1, "date"}, {3, 2, "payee"}, {4, 2, "payee"}, {5, 3, "reference"}}},
	{"a balance is no payment, and none goes both ways", bankHeader + "15/08/2019,,Balance brought forward,,,5.00\n15/08/2019,BAC,PR-1 RTH,5.00,5.00,5.00\n", awaited,
		[]at{{2, 4, "Paid out"}, {3, 5, "Paid in"}}},
	{"what is wrong with a row is told together", ownHeader + "31/02/2019,k84036,,abc,lost,12\n", awaited,
		[]at{{2, 1, "date"}, {2, 2, "payee"}, {2, 3, "reference"}, {2, 4, "amount"}, {2, 5, "status"}, {2, 6, "item"}}},
	{"a payment needs a reference, an item or a run", ownHeader + "2019-08-15,K84036,,100.00,,\n", awaited, []at{{2, 3, "reference"}}},
	{"PCSE's statement needs a day and a payee", pcseHeader + "PCNXX,Network payment,80.00\n", awaited, []at{{field: "paid-on"}, {field: "payee"}}},
	{"other statements take none", ownHeader + "2019-08-15,K84036,PR-1,100.00,,\n",
		intake.StatementOptions{Ledger: "oxfordshire", InTransit: []intake.InTransit{first}, PaidOn: "2019-08-15", Payee: "ods:K84036"}, []at{{field: "paid-on"}, {field: "payee"}}},
	{"a day given before the release is refused", pcseHeader + "PCNXX,Network payment,80.00\n",
		intake.StatementOptions{Ledger: "oxfordshire", InTransit: []intake.InTransit{later}, PaidOn: "2019-08-01", Payee: "ods:K84036"}, []at{{line: 2, field: "paid-on"}}},
	{"a run that was not released is refused", ownHeader + "2019-08-15,K84036,PR-1,100.00,,\n",
		intake.StatementOptions{Ledger: "oxfordshire", InTransit: []intake.InTransit{first}, Run: 61}, []at{{field: "run"}}},
	{"a header alone is refused", ownHeader, awaited, []at{{}}},
	{"an unknown header is refused", "when,who,what\n2019-08-15,K84036,PR-1\n", awaited, []at{{line: 1}}},
	{"a zip file is refused", "PK\x03\x04\x14\x00", awaited, []at{{}}},
}

func TestABadStatementIsRefusedWithThePlaceAndTheRemedy(t *testing.T) {
	var wording strings.Builder
	for _, bad := range badStatements {
		made, err := intake.Statement(strings.NewReader(bad.file), "august.csv", bad.opts)
		fmt.Fprintf(&wording, "# %s\n%v\n\n", bad.name, err)
		t.Run(bad.name, func(t *testing.T) {
			checkRefused(t, intake.Import{Commands: made.Commands}, err, "august.csv", bad.want)
		})
	}
	checkWording(t, "statement-errors.golden", wording.String())
}

// record is the options once an import is recorded, from event 70 on.
func record(made intake.Reconciled, opts intake.StatementOptions) intake.StatementOptions {
	ids := map[string]bool{}
	event := int64(70)
	for _, c := range made.Commands {
		ids[c.ID] = true
		switch command := c.Command.(type) {
		case domain.SettlePayment:
			opts = end(opts, command.Lines[0].Run, command.Lines, intake.Ended{Event: event, On: c.Effective})
		case domain.FailPayment:
			opts = end(opts, command.Run, command.Lines, intake.Ended{Event: event, On: c.Effective, Returned: true})
		}
		event++
	}
	before := opts.Recorded
	opts.Recorded = func(id string) bool { return ids[id] || before != nil && before(id) }
	return opts
}

func end(opts intake.StatementOptions, run int64, lines []domain.SettleLine, as intake.Ended) intake.StatementOptions {
	transit := opts.InTransit
	opts.InTransit = nil
	opts.Ended = append([]intake.Ended(nil), opts.Ended...)
	for _, p := range transit {
		as.InTransit = p
		found := false
		for _, l := range lines {
			found = found || l.Item == p.Item && run == p.Run
		}
		if found {
			opts.Ended = append(opts.Ended, as)
		} else {
			opts.InTransit = append(opts.InTransit, p)
		}
	}
	return opts
}

func TestAStatementImportedAgainGivesTheSameCommandsAndLeavesNothingOut(t *testing.T) {
	for _, s := range statements {
		made := reconciled(t, s.file, s.opts)
		again := reconciled(t, s.file, record(made, s.opts))
		if diff := cmp.Diff(made.Commands, again.Commands); diff != "" {
			t.Errorf("%s: %s", s.name, diff)
		}
		if len(again.Summary.Unmatched) != len(made.Summary.Unmatched) || again.Summary.Matched != 0 {
			t.Errorf("%s: %s", s.name, again.Summary)
		}
	}
}

func TestACompletedStatementRecordsOnlyWhatIsNew(t *testing.T) {
	short := ownHeader + "2019-08-15,K84036,PR-1,100.00,,\n"
	opts := record(reconciled(t, short, awaited), awaited)
	made := reconciled(t, short+"2019-08-15,RTH,PR-1,25000.50,,\n", opts)
	got := causes(made)
	if diff := cmp.Diff([]dated{on("2019-08-15", paid("august.csv, PR-1", line(trust))), on("2019-08-15", paid("august.csv, PR-1", line(first)))}, got); diff != "" {
		t.Error(diff)
	}
	if !opts.Recorded(made.Commands[1].ID) || opts.Recorded(made.Commands[0].ID) {
		t.Error("the first of the two commands is to be new, the second the one that is recorded")
	}
}

func TestWhatAnotherFileSettledIsToldAndGivesNoCommand(t *testing.T) {
	file := ownHeader + "2019-08-15,K84036,PR-1,150.00,,\n"
	opts := record(reconciled(t, file, awaited), awaited)
	made, err := intake.Statement(strings.NewReader(file), "bank.csv", opts)
	if err != nil || len(made.Commands) != 0 || len(made.Summary.Recorded) != 1 || len(made.Summary.Unmatched) != 0 {
		t.Fatalf("%v: %v\n%s", err, made.Commands, made.Summary)
	}
	if got, want := made.Summary.Recorded[0].Text, "K84036, PR-1, £150.00 paid: it is settled, on 15 August 2019 by event 70"; got != want {
		t.Errorf("told %q, want %q", got, want)
	}
}

func TestALineThatTheLedgerContradictsIsLeftOutWithWhatToDo(t *testing.T) {
	settled := record(reconciled(t, ownHeader+"2019-08-15,K84036,PR-1,100.00,,\n", awaited), awaited)
	back := record(reconciled(t, ownHeader+"2019-08-15,K84036,PR-1,100.00,returned,\n", awaited), awaited)
	for _, c := range []struct {
		line string
		opts intake.StatementOptions
		want string
	}{
		{"2019-08-16,K84036,PR-1,1.00,,12.1\n", settled, "of item 12.1 of run 60 (PR-1) nothing is in transit any more"},
		{"2019-08-16,K84036,PR-1,100.00,,\n", settled, "was settled on 15 August 2019 already, by event 70: if the money left twice"},
		{"2019-08-16,K84036,PR-1,100.00,returned,\n", settled, "by event 70: have that entry reversed"},
		{"2019-08-16,K84036,PR-1,100.00,returned,\n", back, "came back on 15 August 2019 already"},
		{"2019-08-16,K84036,PR-1,100.00,,\n", back, "came back on 15 August 2019, before this payment"},
	} {
		made := reconciled(t, ownHeader+c.line, c.opts)
		checkUnmatched(t, made, []string{c.want})
		if len(made.Commands) != 0 {
			t.Errorf("%s: commands %v", c.line, made.Commands)
		}
	}
}

func TestAPaymentThatLeftBeforeItCameBackIsRecordedAlready(t *testing.T) {
	opts := record(reconciled(t, ownHeader+"2019-08-15,K84036,PR-1,100.00,returned,\n", awaited), awaited)
	opts.Recorded = func(string) bool { return true }
	made := reconciled(t, ownHeader+"2019-08-14,K84036,PR-1,100.00,,\n", opts)
	if len(made.Commands) != 0 || len(made.Summary.Recorded) != 1 || !strings.HasSuffix(made.Summary.Recorded[0].Text, "it came back, on 15 August 2019 by event 70") {
		t.Errorf("%v\n%s", made.Commands, made.Summary)
	}
}

func TestAFileImportedBeforeWhosePaymentsAreInTransitIsWarnedOf(t *testing.T) {
	opts := awaited
	opts.Recorded = func(string) bool { return true }
	made := reconciled(t, ownHeader+"2019-08-15,K84036,PR-1,100.00,,\n", opts)
	if len(made.Commands) != 1 || len(made.Summary.Warnings) != 1 {
		t.Error(made.Summary)
	}
}

func TestOnlyTheRunThatIsAskedForIsMatched(t *testing.T) {
	opts := awaited
	opts.Run = 65
	made := reconciled(t, ownHeader+"2019-08-15,K84036,PR-1,100.00,,\n2019-08-15,K84036,,80.00,,\n", opts)
	if diff := cmp.Diff([]dated{on("2019-08-15", paid("august.csv, PR-2", line(later)))}, causes(made)); diff != "" {
		t.Error(diff)
	}
	checkUnmatched(t, made, []string{`reference "PR-1"`})
}

func TestAStatementMayBeAWorkbook(t *testing.T) {
	rows := [][]any{{"date", "payee", "reference", "amount", "item"}, {"2019-08-15", "RTH", "PR-1", 25000.5, ""}, {"2019-08-15", "K84036", "PR-1", 100, "12.1"}}
	made, err := intake.Statement(bytes.NewReader(workbook(t, sheet{"Payments", rows})), "august.xlsx", awaited)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]dated{on("2019-08-15", paid("august.xlsx, PR-1", line(first), line(trust)))}, causes(made)); diff != "" {
		t.Error(diff)
	}
	tenth := first
	tenth.Item = "12.10"
	made, err = intake.Statement(bytes.NewReader(workbook(t, sheet{"Payments", rows})), "august.xlsx", reconciling(first, trust, tenth))
	if err != nil {
		t.Fatal(err)
	}
	checkUnmatched(t, made, []string{"a workbook may mean item 12.10 by 12.1"})
}

func TestTheSummarySaysWhatIsMatchedAndWhatIsNot(t *testing.T) {
	const want = `Recognised as: payments, the ledger's own form
Matched: 2 of 3 lines
  settled: 1 payment, £50.00
  came back: 1 payment, £100.00
Not matched, and left out: 1 line
  line 4: Y02754, PR-1, £1.00 paid: run 60 (PR-1) has nothing for Y02754
In transit after this: 4 payments, £25,220.50
Columns not read: sort code
`
	made := reconciled(t, "date,payee,reference,amount,status,sort code\n2019-08-15,K84036,PR-1,150.00,,1\n2019-08-17,K84036,PR-1,100.00,returned,1\n2019-08-15,Y02754,PR-1,1.00,,1\n", awaited)
	if diff := cmp.Diff(want, made.Summary.String()); diff != "" {
		t.Error(diff)
	}
}

func TestTheTemplateIsAStatementOfNothing(t *testing.T) {
	_, err := intake.Statement(strings.NewReader(intake.StatementTemplate), "new.csv", awaited)
	if e, ok := errors.AsType[*intake.Error](err); !ok || e.Reason != "no row of the file is a payment" {
		t.Errorf("got %v", err)
	}
}

// FuzzStatement says of any bytes: they are refused with a reason and a remedy, or become commands that take each payment at
// most once and no more of it than is in transit; and become the same commands once they are recorded.
func FuzzStatement(f *testing.F) {
	for _, s := range statements {
		f.Add([]byte(s.file), s.opts.PaidOn != "")
	}
	for _, bad := range badStatements {
		f.Add([]byte(bad.file), bad.opts.PaidOn != "")
	}
	f.Fuzz(func(t *testing.T, raw []byte, asked bool) {
		opts := awaited
		if asked {
			opts.PaidOn, opts.Payee = "2019-08-15", "ods:K84036"
		}
		made, err := intake.Statement(bytes.NewReader(raw), "fuzz.csv", opts)
		if err != nil {
			checkTold(t, intake.Import{Commands: made.Commands}, err)
			return
		}
		awaits := map[domain.SettleLine]bool{}
		for _, p := range opts.InTransit {
			awaits[line(p)] = true
		}
		for _, c := range made.Commands {
			lines := []domain.SettleLine{}
			switch command := c.Command.(type) {
			case domain.SettlePayment:
				lines = command.Lines
			case domain.FailPayment:
				for _, l := range command.Lines {
					l.Run = command.Run
					lines = append(lines, l)
				}
			}
			for _, l := range lines {
				if !awaits[l] || c.Effective < "2019-08-12" {
					t.Fatalf("%+v on %s is not awaited, or taken twice", l, c.Effective)
				}
				delete(awaits, l)
			}
		}
		_ = made.Summary.String()
		again, err := intake.Statement(bytes.NewReader(raw), "fuzz.csv", record(made, opts))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(made.Commands, again.Commands); diff != "" {
			t.Fatalf("imported again it is another: %s", diff)
		}
	})
}
