package main

import (
	"io"
	"testing"

	"pcnledger/cmd/pcnledger/oxfordshire"
	"pcnledger/domain"
	"pcnledger/eventstore"
	"pcnledger/ledger"
)

// played returns the ledger of the whole example.
func played(t *testing.T) *ledger.Ledger {
	t.Helper()
	example, err := oxfordshire.Read()
	if err != nil {
		t.Fatal(err)
	}
	l, err := createDemo(t.Context(), ledger.Options{Dir: t.TempDir(), Name: demoLedger})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	p := &player{ledger: l, terminal: &terminal{out: io.Discard, err: io.Discard}}
	if err := p.play(t.Context(), example); err != nil {
		t.Fatal(err)
	}
	return l
}

// TestTheExample plays the example once, and looks at what came of it.
func TestTheExample(t *testing.T) {
	l := played(t)
	for _, look := range []struct {
		what string
		at   func(*testing.T, *ledger.Ledger)
	}{
		{"the example shares each allocation to the penny", theExampleSharesEachAllocationToThePenny},
		{"the example ends with the figures of the six hundred thousand", theExampleEndsWithTheFiguresOfTheSixHundredThousand},
		{"the example pays core funding of one pound fifty a head", theExamplePaysCoreFundingOfOnePoundFiftyAHead},
		{"the example pays each claim the less of its part and its maximum", theExamplePaysEachClaimTheLessOfItsPartAndItsMaximum},
		{"the examples allocation is held and approved by another officer", theExamplesAllocationIsHeldAndApprovedByAnotherOfficer},
		{"no money of the example leaves through one pair of hands", noMoneyOfTheExampleLeavesThroughOnePairOfHands},
		{"the example has a payment run with one failure and one netted recovery", theExampleHasAPaymentRunWithOneFailureAndOneNettedRecovery},
		{"the examples months are closed with their accruals", theExamplesMonthsAreClosedWithTheirAccruals},
		{"the examples late posting lands in the next open period", theExamplesLatePostingLandsInTheNextOpenPeriod},
		{"the example has an officer for every role", theExampleHasAnOfficerForEveryRole},
	} {
		t.Run(look.what, func(t *testing.T) { look.at(t, l) })
	}
}

// publishedPatients is the sum of the 68 practices in networks, each rounded to whole patients.
const publishedPatients = 763_959

func theExampleSharesEachAllocationToThePenny(t *testing.T, l *ledger.Ledger) {
	var allocated domain.FundAllocated
	find(t, l, "fund-allocate", &allocated)
	sums, networks := map[domain.Body]domain.Pence{}, map[domain.Body]int64{}
	for _, line := range allocated.Lines {
		sums[line.Payee] += line.Pence
		networks[line.Beneficiary] = line.Patients
		exact := 9_000_000 * line.Patients
		if got := int64(line.Pence) * publishedPatients; got < exact-publishedPatients || got > exact+publishedPatients {
			t.Errorf("%s for %s with %d patients is not within a penny of its share", line.Pence, line.Beneficiary, line.Patients)
		}
	}
	var patients int64
	for _, n := range networks {
		patients += n
	}
	if len(networks) != 19 || patients != publishedPatients {
		t.Errorf("shared over %d networks with %d patients, want 19 with %d", len(networks), patients, publishedPatients)
	}
	if len(sums) != 5 {
		t.Errorf("%d partners, want 5", len(sums))
	}
	for payee, sum := range sums {
		if sum != 90_000_00 {
			t.Errorf("the shares of %s sum to %s, want £90,000.00", payee, sum)
		}
	}
}

func theExampleEndsWithTheFiguresOfTheSixHundredThousand(t *testing.T, l *ledger.Ledger) {
	fund, _ := l.Views().Funds.Fund("NR-PCN-2018")
	if err := fund.Check(); err != nil {
		t.Error(err)
	}
	for name, figure := range map[string][2]domain.Pence{
		"limit":       {fund.Control.Limit, 600_000_00},
		"charged":     {fund.Control.Charged, 120_000_00},
		"lapsed":      {fund.Control.Lapsed, 480_000_00},
		"expenditure": {fund.Financial.Expenditure, 120_000_00},
		"receivables": {fund.Financial.Receivables, 70_000_00},
		"clearing":    {fund.Financial.Clearing, -190_000_00},
		"allocated":   {fund.Sums.Allocated, 450_000_00},
	} {
		if figure[0] != figure[1] {
			t.Errorf("%s is %s, want %s", name, figure[0], figure[1])
		}
	}
}

func theExamplePaysCoreFundingOfOnePoundFiftyAHead(t *testing.T, l *ledger.Ledger) {
	paid, patients := map[domain.Body]domain.Pence{}, map[domain.Body]int64{}
	july := map[domain.Body]domain.Pence{}
	for _, e := range runs(t, l, "CORE-2019") {
		for _, line := range e.Lines {
			paid[line.Beneficiary] += line.Pence
			patients[line.Beneficiary] = line.Patients
			if e.Through == "2019-20/M04" {
				july[line.Beneficiary] = line.Pence
			}
		}
	}
	var allPaid domain.Pence
	var all int64
	for network, pence := range paid {
		allPaid += pence
		all += patients[network]
		if want := domain.Pence(patients[network] * 150); pence != want {
			t.Errorf("%s was paid %s for %d patients, want %s", network, pence, patients[network], want)
		}
		if want := domain.Pence(patients[network] * 50); july[network] != want {
			t.Errorf("%s was paid %s in July, want £0.50 a head: %s", network, july[network], want)
		}
	}
	if len(paid) != 19 || all != publishedPatients || allPaid != 1_145_938_50 {
		t.Errorf("%s for %d patients of %d networks, want £1,145,938.50 for %d of 19", allPaid, all, len(paid), publishedPatients)
	}
}

func theExamplePaysEachClaimTheLessOfItsPartAndItsMaximum(t *testing.T, l *ledger.Ledger) {
	var claims, atMaximum int
	eachEvent(t, l, func(e domain.Event) {
		approved, ok := e.(domain.ClaimApproved)
		if !ok {
			return
		}
		claims++
		for _, line := range approved.Lines {
			if line.Pence != min(line.Part, line.Maximum) {
				t.Errorf("claim %d, %s: paid %s of %s with a maximum of %s", approved.Claim, line.Person, line.Pence, line.Part, line.Maximum)
			}
			if line.Part > line.Maximum {
				atMaximum++
			}
		}
	})
	if claims != 18 || atMaximum != 1 {
		t.Errorf("%d claims, %d above the maximum; want 18 and 1", claims, atMaximum)
	}
}

// runs returns the entitlement runs of a fund.
func runs(t *testing.T, l *ledger.Ledger, fund domain.FundCode) (all []domain.EntitlementRun) {
	t.Helper()
	eachEvent(t, l, func(e domain.Event) {
		if run, ok := e.(domain.EntitlementRun); ok && run.Fund == fund {
			all = append(all, run)
		}
	})
	return all
}

func eachEvent(t *testing.T, l *ledger.Ledger, each func(domain.Event)) {
	t.Helper()
	if err := l.Recorded(t.Context(), func(r domain.Recorded) { each(r.Event) }); err != nil {
		t.Fatal(err)
	}
}

// find fills into with the event of a command, or of its approval.
func find[E domain.Event](t *testing.T, l *ledger.Ledger, id string, into *E) {
	t.Helper()
	number := int64(0)
	err := l.Events(t.Context(), 1, func(e eventstore.Event) error {
		if e.CommandID == id || e.CommandID == "approve-"+id { // what was held is caused by its approval
			number = e.Number
		}
		return nil
	})
	if err != nil || number == 0 {
		t.Fatalf("%s: event %d, %v", id, number, err)
	}
	if err := l.Recorded(t.Context(), func(r domain.Recorded) {
		if r.Number == number {
			*into = r.Event.(E)
		}
	}); err != nil {
		t.Fatal(err)
	}
}
