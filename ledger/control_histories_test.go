package ledger

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pcnledger/domain"
	"pcnledger/projections"
)

const (
	controlHistories = 3
	actsInHistory    = 250
	everyRestart     = 60 // acts, after which the ledger is opened again
)

// TestRandomOfficersLeaveALedgerThatIsWhole has officers give commands at random, whether they may or not, and looks at the
// ledger that is left: it replays, balances, keeps what its closed periods were closed at, and was at each number what is
// folded up to there.
func TestRandomOfficersLeaveALedgerThatIsWhole(t *testing.T) {
	for range controlHistories {
		seed := rand.Uint64()
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			h := withMoreOfficers(t)
			h.rand = rand.New(rand.NewPCG(seed, 0))
			for n := range actsInHistory {
				h.act()
				if n%everyRestart == everyRestart-1 {
					h.restart()
				}
			}
			h.check()
		})
	}
}

// A history is what officers did at random.
type history struct {
	*controlled
	rand     *rand.Rand
	requests []waiting
	made     map[string][]int64 // numbers of events, by the command that caused them
	outcomes map[Outcome]int
}

// waiting is a command that was held and not approved since.
type waiting struct {
	name string
	held Receipt
}

const (
	verifier, releaser = "vera", "rolf"
	evidence           = "EV"
)

var logins = []string{firstAdmin, secondAdmin, recorder, recorder2, approver, verifier, releaser, "stranger"}

// withMoreOfficers appoints a verifier and a payment releaser too, and sets money of two funds aside.
func withMoreOfficers(t *testing.T) *history {
	t.Helper()
	c := withOfficers(t)
	for _, a := range []domain.AppointOfficer{appoint(verifier, domain.RoleVerifier, 0), appoint(releaser, domain.RoleReleaser, 5_000_00)} {
		c.must(Recorded, c.approves(secondAdmin, c.holds(firstAdmin, a)))
	}
	source := domain.Source{Title: "letter"}
	c.must(Recorded, c.does(recorder, domain.OpenFund{Terms: domain.Terms{Fund: evidence, Title: "Services", Year: "2018-19", Cover: domain.CoverHard,
		Basis: domain.BasisEvidence, Categories: []domain.Category{"leadership"}, Source: source}}))
	c.must(Recorded, c.approves(approver, c.holds(recorder, domain.ConfirmFunding{Fund: evidence, Pence: 2_000_00, Title: "all", Source: source})))
	for _, fund := range []domain.FundCode{"NR", evidence} {
		a := allocate(1_000_00)
		a.Fund = fund
		c.must(Recorded, c.approves(approver, c.holds(recorder, a)))
	}
	return &history{controlled: c, made: map[string][]int64{}, outcomes: map[Outcome]int{}}
}

// act lets some time go by and has somebody do something: mostly who may.
func (h *history) act() {
	h.at = h.at.Add(time.Duration(h.rand.Int64N(int64(10 * time.Hour))))
	login, command := h.any()
	if h.rand.IntN(5) == 0 {
		login = logins[h.rand.IntN(len(logins))]
	}
	name := domain.KindOf(command).Name
	h.sent++
	r := h.as(login, Encode(fmt.Sprint("c-", h.sent), command, h.dated(command)))[0]
	h.outcomes[r.Outcome]++
	switch approve, approves := command.(domain.Approve); {
	case r.Outcome == Held:
		h.requests = append(h.requests, waiting{name, r})
	case r.Outcome == Recorded && approves:
		name = h.decided(approve.Request)
		fallthrough
	case r.Outcome == Recorded:
		h.made[name] = append(h.made[name], r.Last)
	}
}

// dated is a day of the last weeks for what was spent, so that it may come after its month was closed; the story's day for
// all else.
func (h *history) dated(command domain.Command) domain.Date {
	if _, spends := command.(domain.RecordSpend); spends && h.rand.IntN(2) == 0 {
		return domain.DateIn(h.at).AddDays(-h.rand.IntN(40))
	}
	return ""
}

// decided takes a request off those that wait, and returns the name of what was asked.
func (h *history) decided(request int64) string {
	for i, w := range h.requests {
		if w.held.First == request {
			h.requests = slices.Delete(h.requests, i, i+1)
			return w.name
		}
	}
	h.t.Fatalf("request %d was approved, and does not wait", request)
	return ""
}

// any returns a command, and the login of an officer who may give it.
func (h *history) any() (string, domain.Command) {
	line := domain.Line{Bucket: domain.Bucket{Payee: "local:FED", Beneficiary: "local:NORTH", Category: "leadership"}, Pence: h.pence()}
	switch h.rand.IntN(16) {
	case 0:
		return recorder, allocate(h.pence())
	case 1:
		return recorder, domain.ReleaseFunds{Fund: "NR", Lines: []domain.Line{line}}
	case 2:
		return recorder2, domain.RecordSpend{Fund: "NR", Reference: "report", Lines: []domain.Line{line}}
	case 3:
		return recorder2, domain.RecordSpend{Fund: evidence, Reference: "invoice", Lines: []domain.Line{line}}
	case 4:
		return verifier, domain.VerifySpend{Spend: h.one("RecordSpend"), Evidence: "invoice"}
	case 5:
		today := domain.DateIn(h.at)
		return recorder, domain.ProposePaymentRun{Reference: fmt.Sprint("BACS ", h.sent), PayOn: today.AddDays(7), DueBy: today.AddDays(60), Funds: []domain.FundCode{"NR"}}
	case 6:
		return releaser, domain.ReleasePaymentRun{Run: h.one("ProposePaymentRun")}
	case 7, 8:
		return releaser, h.ofRun()
	case 9:
		return recorder, domain.ReverseEntry{Entry: h.one("RecordSpend", "ReleaseFunds", "AllocateFund", "SettlePayment", "ProposePaymentRun"), Reason: "recorded wrongly"}
	case 10:
		return recorder, h.ofPeriod(line)
	case 11:
		return approver, h.ofPeriod(line)
	}
	return approver, h.decision()
}

func (h *history) pence() domain.Pence { return domain.Pence(1 + h.rand.IntN(60_00)) }

// one returns an event that one of some commands caused; 1 if there is none.
func (h *history) one(names ...string) int64 {
	if made := h.made[names[h.rand.IntN(len(names))]]; len(made) > 0 {
		return made[h.rand.IntN(len(made))]
	}
	return 1
}

// decision is what becomes of one of the last requests.
func (h *history) decision() domain.Command {
	if len(h.requests) == 0 {
		return domain.Approve{Request: 1}
	}
	held := h.requests[max(0, len(h.requests)-1-h.rand.IntN(3))].held
	switch h.rand.IntN(10) {
	case 0:
		return domain.Refuse{Request: held.First, Reason: "not agreed"}
	case 1:
		return domain.Withdraw{Request: held.First, Reason: "not needed"}
	}
	return approvalOf(held)
}

// ofRun says what became of a payment that is on its way.
func (h *history) ofRun() (command domain.Command) {
	command = domain.FailPayment{Run: 1, Reason: "came back", Lines: []domain.SettleLine{{Item: "1.1", Pence: 1}}}
	h.Look(func(v *projections.Views) {
		for _, run := range v.Runs.All() {
			for _, line := range run.Lines {
				if line.State != projections.RunInTransit || h.rand.IntN(2) == 0 {
					continue
				}
				paid := []domain.SettleLine{{Item: line.Item, Pence: line.Pence}}
				if command = (domain.SettlePayment{Reference: "bank", Lines: paid}); h.rand.IntN(3) == 0 {
					command = domain.FailPayment{Run: run.Number, Reason: "came back", Lines: paid}
				}
			}
		}
	})
	return command
}

// ofPeriod is something of the month end, of the month before the story's day.
func (h *history) ofPeriod(line domain.Line) domain.Command {
	today := domain.DateIn(h.at)
	before := domain.PeriodOf(domain.PeriodOf(today).First().AddDays(-1))
	switch h.rand.IntN(4) {
	case 0:
		return domain.ReopenPeriod{Period: before, Reason: "the statement came late"}
	case 1:
		return domain.ClosePeriod{Period: before, Soft: true}
	case 2:
		return domain.ClosePeriod{Period: before}
	}
	return domain.PostAccrual{Period: domain.PeriodOf(today), Reason: "not yet claimed", Lines: []domain.AccrualLine{{Fund: evidence, Bucket: line.Bucket, Pence: line.Pence}}}
}

// check looks at the ledger that is left.
func (h *history) check() {
	h.t.Helper()
	h.t.Logf("%v; %d events", h.outcomes, h.log.Next()-1)
	for _, outcome := range []Outcome{Recorded, Held, Refused} {
		if h.outcomes[outcome] == 0 {
			h.t.Errorf("nothing was %s: the test tests nothing", outcome)
		}
	}
	h.checkReplay()
	h.Look(func(v *projections.Views) {
		if err := v.Periods.Check(); err != nil {
			h.t.Error(err)
		}
		if err := v.TrialBalance.Check(); err != nil {
			h.t.Error(err)
		}
		for _, fund := range v.Funds.All() {
			if err := fund.Check(); err != nil {
				h.t.Error(err)
			}
		}
	})
	t := h.t.(*testing.T)
	past := pastOf(t, h.Ledger)
	for range 10 {
		number := 1 + h.rand.Int64N(past.last)
		past.check(t, h.Ledger, At{Number: number}, number)
	}
}
