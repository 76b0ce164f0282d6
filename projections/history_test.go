package projections_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pcnledger/domain"
	"pcnledger/projections"
)

const (
	advanceFund  = domain.FundCode("ADVANCE")
	evidenceFund = domain.FundCode("EVIDENCE") // may be overdrawn
)

// A clerk sends commands to a ledger and keeps the views up, event by event.
type clerk struct {
	ledger domain.Ledger
	views  *projections.Views
	events []domain.Recorded
	day    domain.Date
}

// do decides a command and applies what it causes. A refusal is an ordinary outcome.
func (c *clerk) do(t *rapid.T, command domain.Command) {
	at, err := time.Parse(time.DateOnly, string(c.day))
	if err != nil {
		t.Fatal(err)
	}
	stamp := domain.Stamp{Number: int64(len(c.events) + 1), Time: at.Add(9 * time.Hour), Actor: "clerk", Auth: "demo"}
	facts, err := c.ledger.Decide(command, "", stamp)
	var refusal *domain.Refusal
	if errors.As(err, &refusal) || errors.Is(err, domain.ErrUnchanged) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range facts {
		c.ledger.Apply(r)
		c.views.Apply(r)
		c.events = append(c.events, r)
	}
}

func (c *clerk) open(t *rapid.T) {
	source := domain.Source{Title: "a paper"}
	c.do(t, domain.CreateLedger{Ledger: "random", Commissioner: ccg, Kind: domain.KindLive})
	c.do(t, domain.RegisterBody{Body: federation, Kind: domain.KindFederation})
	c.do(t, domain.RegisterBody{Body: trust, Kind: domain.KindTrust})
	for _, m := range []struct{ network, practice domain.Body }{{north, "ods:X00001"}, {city, "ods:X00002"}} {
		c.do(t, domain.RegisterBody{Body: m.network, Kind: domain.KindNetwork})
		c.do(t, domain.RegisterBody{Body: m.practice, Kind: domain.KindPractice})
		c.do(t, domain.RecordMembership{Network: m.network, Source: source, Members: []domain.Member{{Practice: m.practice, From: "2018-01-01"}}})
	}
	c.do(t, domain.RecordListSizes{Population: domain.PopulationRegistered, At: "2018-01-01", Source: source, Lines: []domain.ListLine{
		{Practice: "ods:X00001", Patients: 30_001}, {Practice: "ods:X00002", Patients: 19_998},
	}})
	terms := domain.Terms{Title: "a fund", Year: "2018-19", Cover: domain.CoverHard, Basis: domain.BasisAdvance,
		Categories: []domain.Category{development, workforce}, Source: source}
	terms.Fund = advanceFund
	c.do(t, domain.OpenFund{Terms: terms})
	terms.Fund, terms.Cover, terms.Basis = evidenceFund, domain.CoverWarn, domain.BasisEvidence
	c.do(t, domain.OpenFund{Terms: terms})
	for _, f := range []domain.FundCode{advanceFund, evidenceFund} {
		c.do(t, domain.ConfirmFunding{Fund: f, Pence: 5_000, Title: "first tranche", Source: source})
	}
}

func anyOf[T any](t *rapid.T, label string, values ...T) T {
	return rapid.SampledFrom(values).Draw(t, label)
}

func someBucket(t *rapid.T) domain.Bucket {
	return domain.Bucket{
		Payee:       anyOf(t, "payee", federation, trust, trust, ""),
		Beneficiary: anyOf(t, "beneficiary", north, city, ""),
		Category:    anyOf(t, "category", development, workforce, ""),
	}
}

func someLine(t *rapid.T, most int64) domain.Line {
	line := domain.Line{Bucket: someBucket(t), Pence: domain.Pence(rapid.Int64Range(1, most).Draw(t, "pence"))}
	if rapid.IntRange(0, 3).Draw(t, "shared") == 0 {
		line.Beneficiary, line.Share = "", &domain.Share{}
	}
	return line
}

// someCommand makes a command that may well be refused.
func (c *clerk) someCommand(t *rapid.T) domain.Command {
	f := anyOf(t, "fund", advanceFund, advanceFund, evidenceFund)
	lines := []domain.Line{someLine(t, 100)}
	decision := domain.Decision{Body: "committee", Date: "2018-04-01", Paper: "1"}
	source := domain.Source{Title: "a letter"}
	switch rapid.IntRange(0, 9).Draw(t, "command") {
	case 0:
		return domain.ConfirmFunding{Fund: f, Pence: lines[0].Pence * 10, Title: "a tranche", Source: source}
	case 1, 2:
		return domain.AllocateFund{Fund: f, Decision: decision, Lines: []domain.Line{someLine(t, 1_000)}}
	case 3:
		return domain.MoveAllocation{Fund: f, Decision: decision, Reason: "better there", Lines: []domain.MoveLine{
			{From: someBucket(t), To: someBucket(t), Pence: lines[0].Pence},
		}}
	case 4, 5:
		return domain.ReleaseFunds{Fund: f, Lines: c.linesOn(t, f, domain.Allocated)}
	case 6:
		return domain.RecordSpend{Fund: f, Reference: "a return", Lines: c.linesOn(t, f, domain.Released)}
	case 7:
		return domain.ReturnAdvance{Fund: f, Reason: "not needed", Lines: c.linesOn(t, f, domain.Released)}
	case 8:
		return domain.SettlePayment{Reference: "paid", Lines: c.openLines(t, domain.Payables)}
	}
	return domain.RecordReceipt{Reference: "received", Lines: c.openLines(t, domain.Receivables)}
}

// linesOn makes a line for some part of a bucket that holds money, where there is one, with blanks mostly filled in.
func (c *clerk) linesOn(t *rapid.T, f domain.FundCode, account domain.Account) []domain.Line {
	line := someLine(t, 100)
	var held []projections.Balance
	for _, b := range c.views.Balances.All() {
		if b.Fund == f && b.Account == account && b.Balance() > 0 {
			held = append(held, b)
		}
	}
	if len(held) == 0 {
		return []domain.Line{line}
	}
	from := anyOf(t, "from", held...)
	line.Pence = min(line.Pence, from.Balance())
	if from.Payee != "" {
		line.Payee = from.Payee
	}
	if from.Beneficiary != "" {
		line.Beneficiary, line.Share = from.Beneficiary, nil
	}
	return []domain.Line{line}
}

// openLines settles open items of an account, in whole or in part.
func (c *clerk) openLines(t *rapid.T, account domain.Account) []domain.SettleLine {
	var lines []domain.SettleLine
	for _, item := range c.views.Items.All() {
		if item.Account == account && item.Open() > 0 {
			pence := domain.Pence(rapid.Int64Range(1, int64(item.Open())).Draw(t, "settled"))
			lines = append(lines, domain.SettleLine{Item: item.ID, Pence: pence})
		}
	}
	return lines
}

// close pays what is to be paid and closes both funds at the end of the year.
func (c *clerk) close(t *rapid.T) {
	var lines []domain.SettleLine
	for _, item := range c.views.Items.All() {
		if item.Account == domain.Payables && item.Open() > 0 {
			lines = append(lines, domain.SettleLine{Item: item.ID, Pence: item.Open()})
		}
	}
	c.do(t, domain.SettlePayment{Reference: "the rest", Lines: lines})
	c.do(t, domain.CloseFund{Fund: advanceFund, Reason: "end of the year"})
	c.do(t, domain.CloseFund{Fund: evidenceFund, Reason: "end of the year"})
}

// checkAll checks what holds of any views after any event.
func (c *clerk) checkAll(t *rapid.T) {
	checkSums(t, c.views)
	if err := c.views.TrialBalance.Check(); err != nil {
		t.Error(err)
	}
	for _, f := range c.views.Funds.All() {
		if err := f.Check(); err != nil {
			t.Error(err)
		}
	}
	for _, item := range c.views.Items.All() {
		if item.Open() < 0 {
			t.Errorf("item %s is %s below nothing", item.ID, item.Open())
		}
	}
	for _, p := range c.views.Purposes.All() {
		if p.Fund == advanceFund && (p.Allocated < 0 || p.Unspent < 0) {
			t.Errorf("a fund that is never overdrawn has a row below nothing: %+v", p)
		}
	}
	c.checkOrigins(t)
}

// checkOrigins checks that every penny which was set aside knows where, as long as the fund is not overdrawn.
func (c *clerk) checkOrigins(t *rapid.T) {
	for _, b := range c.views.Balances.All() {
		if b.Fund != advanceFund || (b.Account != domain.Allocated && b.Account != domain.Released) {
			continue
		}
		if held := c.views.Purposes.HeldAt(b.Account, b.Fund, b.Bucket); held != b.Balance() {
			t.Errorf("%s of %+v holds %s, of which %s know where they were set aside", b.Account, b.Bucket, b.Balance(), held)
		}
	}
}

func TestRandomHistories(t *testing.T) {
	kinds := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		c := &clerk{views: projections.NewViews(), day: "2018-05-01"}
		c.open(t)
		for range rapid.IntRange(20, 80).Draw(t, "commands") {
			c.do(t, c.someCommand(t))
			c.checkAll(t)
		}
		c.day = "2019-03-31"
		c.close(t)
		c.checkAll(t)
		for range rapid.IntRange(0, 10).Draw(t, "late commands") {
			c.do(t, c.someCommand(t))
			c.checkAll(t)
		}
		if kept, folded := c.views.Digest(), fold(c.events).Digest(); kept != folded {
			t.Errorf("views kept up have digest %s, folded afresh %s", kept, folded)
		}
		checkUnwinding(t, c.events, false)
		for _, r := range c.events {
			kinds[domain.EventKindOf(r.Event).Name]++
		}
	})
	t.Logf("events met: %v", kinds)
}
