package reports_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pcnledger/domain"
	"pcnledger/projections"
	"pcnledger/reports"
)

// A decided ledger is told by commands, which the rules decide; whoever approves reads the digest off the report.
type decided struct {
	t      *testing.T
	ledger *domain.Ledger
	views  *projections.Views
	log    []domain.Recorded
	now    time.Time
}

func (d *decided) on(day domain.Date) *decided {
	now, err := time.Parse(time.DateOnly, string(day))
	if err != nil {
		d.t.Fatal(err)
	}
	d.now = now.Add(12 * time.Hour)
	return d
}

// do has an officer give a command, and returns the number of the first event that it causes.
func (d *decided) do(login string, c domain.Command) int64 {
	d.t.Helper()
	stamp := domain.Stamp{Number: int64(len(d.log) + 1), Time: d.now, Actor: login, Auth: domain.AuthDemo}
	facts, err := d.ledger.DecideWith(c, "", stamp, func(number int64) (domain.Recorded, bool) {
		if number < 1 || number > int64(len(d.log)) {
			return domain.Recorded{}, false
		}
		return d.log[number-1], true
	})
	if err != nil {
		d.t.Fatalf("%T by %s: %v", c, login, err)
	}
	for _, r := range facts {
		d.log = append(d.log, r)
		d.ledger.Apply(r)
		d.views.Apply(r)
		d.check()
	}
	return stamp.Number
}

// check holds the reports of payees against the balances.
func (d *decided) check() {
	d.t.Helper()
	for _, payee := range []domain.Body{"local:FED-A", "local:FED-B"} {
		for _, p := range d.views.Purposes.All() {
			if p.Payee == payee {
				checkStatement(d.t, d.views, reports.Options{Payee: payee})
				break
			}
		}
	}
	for _, sentence := range build(d.t, d.views, "funds", reports.Options{}).Closing {
		if strings.HasPrefix(sentence, "DOES NOT AGREE") {
			d.t.Error(sentence)
		}
	}
}

// approved has a command held and then approved by the digest that the report shows, and returns the number of the event that
// it causes. That event posts what the report had said.
func (d *decided) approved(login, by string, c domain.Command) int64 {
	d.t.Helper()
	request := d.do(login, c)
	if _, held := d.log[request-1].Event.(domain.RequestHeld); !held {
		d.t.Fatalf("%T was not held", c)
	}
	r := build(d.t, d.views, "approvals", reports.Options{OpenOnly: true})
	digest := cell(d.t, table(d.t, r, "digests"), "digest", reports.Number(request)).(reports.Words)
	said := map[domain.Account]domain.Pence{}
	for _, row := range table(d.t, r, "effect").Rows {
		if row[0] == reports.Number(request) {
			for i, sign := range map[int]domain.Pence{8: 1, 9: -1} {
				if pence, ok := row[i].(reports.Money); ok {
					said[domain.Account(row[1].(reports.Words))] += sign * domain.Pence(pence)
				}
			}
		}
	}
	number := d.do(by, domain.Approve{Request: request, Digest: string(digest)})
	if _, run := c.(domain.ProposePaymentRun); run {
		return number + 1 // it posts once it is released
	}
	for _, entry := range d.views.Journal.All() {
		if entry.Number >= number {
			said[entry.Account] -= entry.Pence
		}
	}
	for account, left := range said {
		if left != 0 {
			d.t.Errorf("request %d had said something else of %s: %s more", request, account, left)
		}
	}
	return number + 1
}

func appoint(officer domain.OfficerID, role domain.Role, limit domain.Pence) domain.AppointOfficer {
	a := domain.Appointment{
		Officer: officer, Identity: domain.Identity{Login: string(officer)}, Role: role, Limit: limit, From: "2019-04-01", Source: domain.Source{Title: "minute 14"},
	}
	if limit > 0 {
		a.Grade = "chief officer"
	}
	return domain.AppointOfficer{Appointment: a}
}

// underControl is a ledger with officers and a fund of 100,000 that pays in advance, 60,000 of it allocated.
func underControl(t *testing.T) *decided {
	d := (&decided{t: t, ledger: new(domain.Ledger), views: projections.NewViews()}).on("2019-04-01")
	d.do("admin-1", domain.CreateLedger{Ledger: "governed", Commissioner: "ods:10Q", Kind: domain.KindDemo})
	d.do("admin-1", appoint("admin-1", domain.RoleAdministrator, 0))
	d.do("admin-1", appoint("admin-2", domain.RoleAdministrator, 0))
	for _, c := range []domain.AppointOfficer{
		appoint("recorder-1", domain.RoleRecorder, 1_000_000_00), appoint("approver-1", domain.RoleApprover, 1_000_000_00),
		appoint("releaser-1", domain.RoleReleaser, 1_000_000_00),
	} {
		d.approved("admin-1", "admin-2", c)
	}
	for _, b := range []domain.RegisterBody{
		{Body: "local:FED-A", Kind: domain.KindFederation}, {Body: "local:FED-B", Kind: domain.KindFederation}, {Body: "local:NET-1", Kind: domain.KindNetwork},
	} {
		d.do("recorder-1", b)
	}
	source := domain.Source{Title: "letter 1"}
	d.do("recorder-1", domain.OpenFund{Terms: domain.Terms{
		Fund: "NR-2019", Title: "Development", Year: "2019-20", From: "2019-04-01", To: "2020-03-31", Cover: domain.CoverHard, Basis: domain.BasisAdvance,
		Categories: []domain.Category{"workforce"}, Source: source,
	}})
	d.do("recorder-1", domain.ConfirmFunding{Fund: "NR-2019", Pence: 100_000_00, Title: "first tranche", Source: source})
	d.approved("recorder-1", "approver-1", domain.AllocateFund{Fund: "NR-2019", Decision: byCommittee, Lines: []domain.Line{
		{Bucket: forNorth("local:FED-A"), Pence: 40_000_00}, {Bucket: forNorth("local:FED-B"), Pence: 20_000_00},
	}})
	return d
}

var byCommittee = domain.Decision{Body: "Executive Committee", Date: "2019-04-01", Paper: "paper 7"}

func forNorth(payee domain.Body) domain.Bucket {
	return domain.Bucket{Payee: payee, Beneficiary: "local:NET-1", Category: "workforce", For: "2019-20"}
}

// A year's worth of corrections, decided by the rules: a release that is replaced, a run of which one payment fails, a payment
// that is taken back, a loss. After each event every statement agrees with the balances, and what a request was said to do is
// what its approval does.
func TestStatementsAgreeWhateverIsTakenBack(t *testing.T) {
	d := underControl(t)
	lines := func(payee domain.Body, pence domain.Pence) []domain.Line {
		return []domain.Line{{Bucket: forNorth(payee), Pence: pence}}
	}
	wrong := d.on("2019-04-10").do("recorder-1", domain.ReleaseFunds{Fund: "NR-2019", Reason: "mobilisation", Lines: lines("local:FED-A", 3_000_00)})
	d.approved("recorder-1", "approver-1", domain.ReverseEntry{Entry: wrong, Reason: "a nought was missing"})
	first := d.approved("recorder-1", "approver-1", domain.ReplaceEntry{Entry: wrong, With: domain.Asked{Command: domain.ReleaseFunds{
		Fund: "NR-2019", Reason: "mobilisation", Lines: lines("local:FED-A", 30_000_00),
	}}}) + 1 // replaced, and then released
	second := d.do("recorder-1", domain.ReleaseFunds{Fund: "NR-2019", Reason: "mobilisation", Lines: lines("local:FED-B", 10_000_00)})
	run := d.on("2019-04-20").approved("recorder-1", "approver-1", domain.ProposePaymentRun{
		Reference: "run of April", PayOn: "2019-04-22", Lines: []domain.SettleLine{{Item: item(first), Pence: 30_000_00}, {Item: item(second), Pence: 10_000_00}},
	})
	d.on("2019-04-22").do("releaser-1", domain.ReleasePaymentRun{Run: run})
	if transit := sumOf(t, table(t, build(t, d.views, "items", reports.Options{}), "payables"), "in transit"); transit != 40_000_00 {
		t.Errorf("in transit is %s", transit)
	}
	paid := d.on("2019-04-25").do("releaser-1", domain.SettlePayment{Reference: "BACS 1", Lines: []domain.SettleLine{{Item: item(first), Pence: 30_000_00, Run: run}}})
	d.do("releaser-1", domain.FailPayment{Run: run, Reason: "the account was closed", Lines: []domain.SettleLine{{Item: item(second), Pence: 10_000_00}}})
	d.on("2019-04-26").approved("recorder-1", "approver-1", domain.ReverseEntry{Entry: paid, Reason: "another payment was meant"})
	statement := build(t, d.views, "statement", reports.Options{Payee: "local:FED-A"})
	if transit := sumOf(t, table(t, statement, "remaining"), "in transit"); transit != 30_000_00 {
		t.Errorf("once its payment is taken back %s is in transit", transit)
	}
	d.do("releaser-1", domain.SettlePayment{Reference: "BACS 2", Lines: []domain.SettleLine{{Item: item(first), Pence: 30_000_00, Run: run}}})
	back := d.on("2019-05-10").do("recorder-1", domain.ReturnAdvance{Fund: "NR-2019", Reason: "a post was not filled", Lines: lines("local:FED-A", 1_000_00)})
	lost := d.approved("recorder-1", "approver-1", domain.WriteOff{Item: item(back), Pence: 400_00, Loss: domain.LossOther, Reason: "the payee was wound up", Decision: byCommittee})
	if stands := sumOf(t, table(t, build(t, d.views, "losses", reports.Options{}), "losses"), "stands"); stands != 400_00 {
		t.Errorf("the losses that stand are %s", stands)
	}
	d.approved("recorder-1", "approver-1", domain.ReverseEntry{Entry: lost, Reason: "it was paid"})
	corrected := build(t, d.views, "corrections", reports.Options{Fund: "NR-2019"})
	if n := len(table(t, corrected, "corrections").Rows); n != 3 {
		t.Errorf("%d entries were taken back, want 3", n)
	}
	sides := table(t, corrected, "sides")
	if debit, credit := sumOf(t, sides, "debit"), sumOf(t, sides, "credit"); debit != credit || debit == 0 {
		t.Errorf("the two sides debit %s and credit %s", debit, credit)
	}
}

// item is the first that an event opened.
func item(number int64) domain.ItemID { return domain.ItemID(strconv.FormatInt(number, 10) + ".1") }

// What was allocated, confirmed or released and taken back is in no return.
func TestReturnsLeaveOutWhatWasTakenBack(t *testing.T) {
	d := underControl(t)
	figures := func(r reports.Report, name string, columns ...string) (all []domain.Pence) {
		for _, column := range columns {
			all = append(all, sumOf(t, table(t, r, name), column))
		}
		return all
	}
	summary := []string{"confirmed", "allocated", "not allocated", "released", "spent", "lapsed", "underspend"}
	was := figures(build(t, d.views, "nhse-transformation", reports.Options{}), "summary", summary...)
	tranche := d.on("2019-05-01").do("recorder-1", domain.ConfirmFunding{Fund: "NR-2019", Pence: 5_000_00, Title: "second tranche", Source: domain.Source{Title: "letter 2"}})
	allocated := d.approved("recorder-1", "approver-1", domain.AllocateFund{Fund: "NR-2019", Decision: byCommittee, Lines: []domain.Line{
		{Bucket: forNorth("local:FED-A"), Pence: 7_000_00},
	}})
	released := d.do("recorder-1", domain.ReleaseFunds{Fund: "NR-2019", Reason: "mobilisation", Lines: []domain.Line{{Bucket: forNorth("local:FED-A"), Pence: 2_000_00}}})
	for _, entry := range []int64{released, allocated, tranche} {
		d.approved("recorder-1", "approver-1", domain.ReverseEntry{Entry: entry, Reason: "a mistake"})
	}
	after := build(t, d.views, "nhse-transformation", reports.Options{})
	if is := figures(after, "summary", summary...); !slices.Equal(was, is) {
		t.Errorf("%v was %v and is %v", summary, was, is)
	}
	if is := figures(after, "lines", "allocated", "released"); !slices.Equal(is, []domain.Pence{60_000_00, 0}) {
		t.Errorf("by line there are %v", is)
	}
	line := cell(t, table(t, build(t, d.views, "finance", reports.Options{}), "funds"), "funding line", reports.Words("NR-2019"))
	if line != reports.Words("first tranche") {
		t.Errorf("the funding line is %v", line)
	}
	var taken int
	for _, row := range table(t, build(t, d.views, "funds", reports.Options{}), "decisions").Rows {
		if row[2] == reports.Words("taken back: a mistake") && row[7] == reports.Money(-7_000_00) {
			taken++
		}
	}
	if taken != 1 {
		t.Errorf("%d decisions are taken back", taken)
	}
}
