package reports_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pcnledger/domain"
	"pcnledger/projections"
	"pcnledger/reports"
)

// controlReports are the reports that say little of a ledger without officers: their goldens are of the governed year.
var controlReports = []string{"approvals", "officers", "interests", "periods", "payment-runs", "prompt-payment", "spends", "losses", "corrections"}

// ungoverned are all other reports.
func ungoverned() []reports.Definition {
	return slices.DeleteFunc(reports.Reports(), func(d reports.Definition) bool { return slices.Contains(controlReports, d.Name) })
}

// The reports of control, and those that control changes, in figures of the governed year.
func TestTheReportsOfControl(t *testing.T) {
	views := governed(t)
	for _, report := range []struct {
		name    string
		options reports.Options
	}{
		{"approvals", reports.Options{}}, {"officers", reports.Options{}}, {"interests", reports.Options{}}, {"periods", reports.Options{}},
		{"periods", reports.Options{Period: "2019-20/M01"}}, {"payment-runs", reports.Options{}}, {"prompt-payment", reports.Options{}},
		{"spends", reports.Options{}}, {"losses", reports.Options{}}, {"corrections", reports.Options{}}, {"statement", reports.Options{Payee: "local:FED-A"}},
		{"items", reports.Options{}}, {"claims", reports.Options{}}, {"arrs", reports.Options{}}, {"funds", reports.Options{}}, {"finance", reports.Options{}},
	} {
		name := report.name
		if report.options.Period != "" {
			name += "-of-one"
		}
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := reports.Text(&out, build(t, views, report.name, report.options), reports.TextOptions{Detail: true}); err != nil {
				t.Fatal(err)
			}
			golden(t, "governed/"+name+".txt", out.String())
		})
	}
	for _, f := range reports.Formats()[1:] {
		golden(t, "governed/approvals"+f.Extension, written(t, f, build(t, views, "approvals", reports.Options{})))
	}
}

func TestARequestWaitsUpToItsDayAndIsExpiredAfter(t *testing.T) {
	views := governed(t)
	for day, want := range map[domain.Date][]reports.Cell{
		"":           {reports.Number(41), reports.Number(44)}, // the last event is of 14 August
		"2019-08-28": {reports.Number(41), reports.Number(44)},
		"2019-08-29": {reports.Number(41)},
		"2019-09-12": nil,
	} {
		r := build(t, views, "approvals", reports.Options{AsAt: day})
		var waiting []reports.Cell
		for _, row := range table(t, r, "waiting").Rows {
			waiting = append(waiting, row[0])
		}
		if !slices.Equal(waiting, want) {
			t.Errorf("on %q there wait %v, want %v", day, waiting, want)
		}
		if all := len(waiting) + len(table(t, r, "decided").Rows); all != 5 {
			t.Errorf("on %q there are %d requests", day, all)
		}
	}
	expired := table(t, build(t, views, "approvals", reports.Options{AsAt: "2019-09-12"}), "decided")
	if became := cell(t, expired, "became", reports.Number(44)); became != reports.Words("expired") {
		t.Errorf("it is %v", became)
	}
	views = exampleBy(t, "governed-year", "2019-09-12")
	if waiting := table(t, build(t, views, "approvals", reports.Options{}), "waiting").Rows; len(waiting) != 0 {
		t.Errorf("of what is effective by then %d requests wait", len(waiting))
	}
}

func TestADigestCanBeCopied(t *testing.T) {
	r := build(t, governed(t), "approvals", reports.Options{Fund: "CTRL-2019", OpenOnly: true})
	for _, f := range reports.Formats() {
		if !strings.Contains(written(t, f, r), "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef") {
			t.Errorf("as %s the digest is not whole", f.Name)
		}
	}
}

// The effect of a request that waits balances, as it is shown.
func TestTheEffectOfARequestIsShown(t *testing.T) {
	effect := table(t, build(t, governed(t), "approvals", reports.Options{}), "effect")
	if debit, credit := sumOf(t, effect, "debit"), sumOf(t, effect, "credit"); debit != 650_00 || credit != 650_00 {
		t.Errorf("it debits %s and credits %s", debit, credit)
	}
}

func TestAnAppointmentIsInForceUpToItsLastDay(t *testing.T) {
	views := governed(t)
	for day, want := range map[domain.Date]int{"2019-03-31": 0, "2019-06-30": 4, "2019-07-01": 3} {
		r := build(t, views, "officers", reports.Options{AsAt: day})
		if got := len(table(t, r, "in-force").Rows); got != want {
			t.Errorf("on %s there are %d appointments in force, want %d", day, got, want)
		}
		if all := len(table(t, r, "in-force").Rows) + len(table(t, r, "before").Rows); all != 4 {
			t.Errorf("on %s there are %d appointments", day, all)
		}
	}
}

// An interest that a later declaration took the place of does not come back when that one ends.
func TestAnInterestThatEndedLeavesNoneInForce(t *testing.T) {
	views := governed(t)
	views.Apply(domain.Recorded{Stamp: domain.Stamp{Number: 99, Time: views.Ledger.Time}, Fact: domain.Fact{Event: domain.InterestDeclared{Interest: domain.Interest{
		Officer: "approver-1", Body: "local:FED-A", Nature: "left the practice", Outcome: domain.OutcomeRemain, From: "2019-08-01", To: "2019-08-31",
	}}}})
	for day, want := range map[domain.Date]int{"2019-07-31": 1, "2019-08-31": 1, "2019-09-01": 0} {
		r := build(t, views, "interests", reports.Options{AsAt: day, Network: "local:NET-1"})
		if n := len(table(t, r, "in-force").Rows); n != 0 {
			t.Errorf("on %s there are %d interests in a network of which none is declared", day, n)
		}
		if got := len(table(t, build(t, views, "interests", reports.Options{AsAt: day}), "in-force").Rows); got != want {
			t.Errorf("on %s there are %d interests in force, want %d", day, got, want)
		}
	}
}

func TestAPeriodInWhichNothingIsPostedHasItsStatus(t *testing.T) {
	r := build(t, governed(t), "periods", reports.Options{Period: "2019-20/M13"})
	if status := cell(t, table(t, r, "periods"), "status", reports.Words("2019-20/M13")); status != reports.Words("opens after M12") {
		t.Errorf("it is %v", status)
	}
}

func TestAShippedPolicySaysSo(t *testing.T) {
	policy := table(t, build(t, created(domain.KindLive), "officers", reports.Options{}), "policy")
	if got := cell(t, policy, "says", reports.Words("adopted")); !strings.Contains(string(got.(reports.Words)), "as shipped, one CCG's example") {
		t.Error(got)
	}
}

func TestAPeriodThatDoesNotStandAtWhatItsCloseStoredSaysSo(t *testing.T) {
	views := governed(t)
	if r := build(t, views, "periods", reports.Options{Period: "2019-20/M01"}); !strings.HasPrefix(r.Closing[0], "The accounts stand at what event 27 stored") {
		t.Errorf("it closes with %q", r.Closing)
	}
	at := domain.Fact{Effective: "2019-04-30", Period: "2019-20/M01", Event: domain.FundingConfirmed{Fund: "CTRL-2019", For: "2019-20", Pence: 1}}
	views.Apply(domain.Recorded{Stamp: domain.Stamp{Number: 99, Time: views.Ledger.Time}, Fact: at})
	r := build(t, views, "periods", reports.Options{Period: "2019-20/M01"})
	if !strings.HasPrefix(r.Closing[0], "DOES NOT AGREE") {
		t.Errorf("it closes with %q", r.Closing)
	}
	trial := table(t, r, "trial-balance")
	if got := cell(t, trial, "difference", reports.Words("CTRL-2019"), reports.Words("control"), reports.Words("unallocated")); got != reports.Money(1) {
		t.Errorf("the difference is %v", got)
	}
}

// Two payables are paid of 10,000; brought in on 1 April and paid on 13 May, spent on 20 April and paid on 28 May: neither
// within 30 days, the first by its due date. 100 of 4 July is open.
func TestThePromptPaymentMeasure(t *testing.T) {
	views := governed(t)
	r := build(t, views, "prompt-payment", reports.Options{})
	month := table(t, r, "by-month")
	for column, want := range map[string]reports.Cell{
		"paid": reports.Count(2), "within 30 days": reports.Count(0), "% by number": reports.Words("0.0"), "value paid": reports.Money(10_000_00), "by due date": reports.Count(1),
	} {
		if got := cell(t, month, column, reports.Words("2019-20/M02")); got != want {
			t.Errorf("%s is %v, want %v", column, got, want)
		}
	}
	if open := sumOf(t, table(t, r, "overdue"), "open"); open != 100_00 {
		t.Errorf("open longer than 30 days is %s", open)
	}
	for day, want := range map[domain.Date]int{"2019-08-03": 0, "2019-08-04": 1} { // 30 and 31 days after 4 July
		if got := len(table(t, build(t, views, "prompt-payment", reports.Options{AsAt: day}), "overdue").Rows); got != want {
			t.Errorf("on %s there are %d payables older than 30 days, want %d", day, got, want)
		}
	}
	pay := domain.PaymentSettled{Reference: "BACS 9", Lines: []domain.SettledLine{{
		Item: "31.1", Fund: "CTRL-2019", Payee: "local:FED-A", Beneficiary: "local:NET-1", Pence: 100_00, Parts: []domain.Part{{For: "2019-20", Pence: 100_00}},
	}}}
	views.Apply(domain.Recorded{Stamp: domain.Stamp{Number: 99, Time: views.Ledger.Time}, Fact: domain.Fact{Effective: "2019-08-03", Period: "2019-20/M05", Event: pay}})
	fund := table(t, build(t, views, "prompt-payment", reports.Options{}), "by-fund")
	for column, want := range map[string]reports.Cell{
		"paid": reports.Count(3), "within 30 days": reports.Count(1), "% by number": reports.Words("33.3"), "% by value": reports.Words("1.0"), // 100 of 10,100
		"value within 30 days": reports.Money(100_00),
	} {
		if got := cell(t, fund, column, reports.Words("CTRL-2019")); got != want {
			t.Errorf("%s is %v, want %v", column, got, want)
		}
	}
}

func TestASpendIsOpenUntilSomebodyElseVerifiesIt(t *testing.T) {
	views := governed(t)
	all := table(t, build(t, views, "spends", reports.Options{}), "spends")
	open := table(t, build(t, views, "spends", reports.Options{OpenOnly: true}), "spends")
	verified := 0
	for _, s := range views.Spends.All() {
		if s.Verified.Number != 0 || s.Reversed != 0 {
			verified++
		}
	}
	if verified == 0 || len(all.Rows) != len(views.Spends.All()) || len(open.Rows) != len(all.Rows)-verified {
		t.Errorf("%d spends, %d of them open, %d verified or taken back", len(all.Rows), len(open.Rows), verified)
	}
}

func TestALossThatWasTakenBackStaysInTheRegister(t *testing.T) {
	views := governed(t)
	loss := views.Losses.All()[0]
	views.Apply(domain.Recorded{Stamp: domain.Stamp{Number: 99, Time: views.Ledger.Time}, Fact: domain.Fact{Effective: "2019-08-14", Period: "2019-20/M05",
		Event: domain.EntryReversed{Entry: 21, Dated: "2019-06-01", In: "2019-20/M03", Reason: "it was paid", Was: domain.Was{Event: loss.ReceivableWrittenOff}}}})
	r := build(t, views, "losses", reports.Options{})
	if register := table(t, r, "losses"); len(register.Rows) != 1 || sumOf(t, register, "amount") != 300_00 || sumOf(t, register, "stands") != 0 {
		t.Errorf("the register is %v", register.Rows)
	}
	if rows := table(t, r, "by-class").Rows; len(rows) != 0 {
		t.Errorf("by class there are %v", rows)
	}
	checkStatement(t, views, reports.Options{Payee: "local:FED-A"})
}

// A run of a rate that was taken back leaves nothing due, and a line for each side.
func TestAnEntitlementThatWasTakenBackIsOnBothSides(t *testing.T) {
	views := firstNetworks(t)
	var run projections.Raised
	for _, e := range views.Entitlements.All() {
		if e.Rate == "CD" && len(e.Raised) > 0 {
			run = e.Raised[0]
		}
	}
	event := eventOf(t, "first-networks", run.Number)
	o := reports.Options{Payee: run.Payee}
	before := sumOf(t, table(t, build(t, views, "statement", o), "lines"), "approved")
	views.Apply(domain.Recorded{Stamp: domain.Stamp{Number: 99, Time: views.Ledger.Time}, Fact: domain.Fact{Effective: "2020-02-01", Period: "2019-20/M11",
		Event: domain.EntryReversed{Entry: run.Number, Dated: run.Effective, In: domain.PeriodOf(run.Effective), Reason: "the wrong list", Was: domain.Was{Event: event}}}})
	checkStatement(t, views, o)
	var both domain.Pence
	for _, line := range event.(domain.EntitlementRun).Lines {
		if line.Payee == run.Payee {
			both += line.Pence
		}
	}
	lines := table(t, build(t, views, "statement", o), "lines")
	if after := sumOf(t, lines, "approved"); after != before-both {
		t.Errorf("approved was %s and is %s, not %s less", before, after, both)
	}
	var sides int
	for _, row := range lines.Rows {
		if row[2] == reports.Number(99) || row[2] == reports.Number(run.Number) {
			sides++
		}
	}
	if sides < 2 {
		t.Errorf("%d lines are of the run and of what took it back", sides)
	}
}

// On 31 May the accrual of May stands: of 18,000 spent by then 2,000 are accrued. On 1 June it has reversed itself, and 300 are
// written off.
func TestTheFinanceReturnShowsWhatIsAccrued(t *testing.T) {
	for effective, want := range map[domain.Date][2]domain.Pence{"2019-05-31": {18_000_00, 2_000_00}, "2019-06-01": {16_300_00, 0}} {
		views := exampleBy(t, "governed-year", effective)
		funds := table(t, build(t, views, "finance", reports.Options{Fund: "CTRL-2019"}), "funds")
		if got := [2]domain.Pence{sumOf(t, funds, "actual to date"), sumIfAny(t, funds, "of it accrued")}; got != want {
			t.Errorf("by %s actual and accrued are %v, want %v", effective, got, want)
		}
		financial := table(t, build(t, views, "funds", reports.Options{}), "financial")
		if got := -sumIfAny(t, financial, "accruals"); got != want[1] {
			t.Errorf("by %s accruals are %s", effective, got)
		}
	}
	views := projections.NewViews()
	file, err := os.ReadFile("../projections/testdata/governed-year.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(file) {
		if views.Apply(recorded(t, line)); views.Ledger.Number == 17 { // the run is released
			break
		}
	}
	if got := sumIfAny(t, table(t, build(t, views, "finance", reports.Options{}), "funds"), "in transit"); got != 9_400_00 {
		t.Errorf("in transit are %s", got)
	}
}

// eventOf returns an event of a worked example.
func eventOf(t *testing.T, name string, number int64) domain.Event {
	t.Helper()
	file, err := os.ReadFile("../projections/testdata/" + name + ".jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(file) {
		if r := recorded(t, line); r.Number == number {
			return r.Event
		}
	}
	t.Fatalf("%s has no event %d", name, number)
	return nil
}

// Who may give a command, and when it needs two people, is said in the words of docs/controls.md, which the tests of the
// rules keep true.
func TestTheSchemeOfDelegationSaysWhatTheControlsSay(t *testing.T) {
	text, err := os.ReadFile("../docs/controls.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := table(t, build(t, created(domain.KindLive), "officers", reports.Options{}), "commands")
	for _, row := range commands.Rows {
		words := make([]string, 3)
		for i := range words {
			if said, ok := row[i].(reports.Words); ok {
				words[i] = string(said)
			}
		}
		if line := "| " + strings.Join(words, " | ") + " |"; !strings.Contains(string(text), "\n"+line) {
			t.Errorf("docs/controls.md does not say %q", line)
		}
	}
	if said := strings.Count(string(text[:strings.Index(string(text), "<!-- end of commands -->")]), "\n| "); said != len(commands.Rows)+1 {
		t.Errorf("docs/controls.md has %d commands, the report %d", said-1, len(commands.Rows))
	}
}

func TestAPolicyThatLowersAGradeBindsThoseAppointedBefore(t *testing.T) {
	views := created(domain.KindLive)
	for i, e := range []domain.Event{
		domain.OfficerAppointed{Appointment: domain.Appointment{Officer: "approver-1", Role: domain.RoleApprover, Grade: "director", Limit: 10_000_00, From: "2019-04-01"}},
		domain.PolicyAdopted{Policy: domain.Policy{Title: "scheme", Expiry: 14, Grades: []domain.Grade{{Grade: "director", Limit: 4_000_00}}}},
	} {
		views.Apply(domain.Recorded{Stamp: domain.Stamp{Number: int64(i + 2), Time: views.Ledger.Time}, Fact: domain.Fact{Event: e}})
	}
	inForce := table(t, build(t, views, "officers", reports.Options{}), "in-force")
	if sumOf(t, inForce, "limit") != 10_000_00 || sumOf(t, inForce, "bound by its grade to") != 4_000_00 {
		t.Errorf("it shows %v", inForce.Rows)
	}
}

// What a remedy tells an officer to look at can be shown.
func TestWhatRemediesNameCanBeShown(t *testing.T) {
	shown := []string{"events", "checkpoints", "attempts", "balance"} // show has them beside the reports
	for _, d := range reports.Reports() {
		shown = append(shown, d.Name)
	}
	named := regexp.MustCompile(`pcnledger (?:show|report) ([a-z]+(?:-[a-z]+)*)`)
	for _, pattern := range []string{"../domain/*.go", "../ledger/*.go", "../cmd/pcnledger/*.go", "../intake/*.go", "*.go", "../README.md", "../docs/*.md", "../docs/howto/*.md"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("there are no files %s: %v", pattern, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range named.FindAllStringSubmatch(string(text), -1) {
				if !slices.Contains(shown, match[1]) {
					t.Errorf("%s names %q, and nothing shows that", file, match[0])
				}
			}
		}
	}
}
