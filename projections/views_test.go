package projections_test

import (
	"slices"
	"testing"

	"pcnledger/domain"
	"pcnledger/projections"
)

// workedExamples have, together, every kind of event.
var workedExamples = []func() []domain.Recorded{sixHundredThousand, firstNetworks, signed, governedYear, laterYears}

func TestTwoFoldsOfTheSameEventsAreEqual(t *testing.T) {
	for _, example := range workedExamples {
		events := example()
		if a, b := fold(events).Digest(), fold(example()).Digest(); a != b {
			t.Errorf("two folds of the same events have digests %s and %s", a, b)
		}
	}
}

func TestAnEventAppliedAgainChangesNothing(t *testing.T) {
	for _, example := range workedExamples {
		events := example()
		views := projections.NewViews()
		for _, r := range events {
			views.Apply(r)
			views.Apply(r)
			views.Apply(events[0])
		}
		if views.Digest() != fold(events).Digest() {
			t.Error("views that were given events twice differ from views that were given them once")
		}
	}
}

func TestEveryEventChangesTheViews(t *testing.T) {
	for _, example := range workedExamples {
		views := projections.NewViews()
		before := views.Digest()
		for _, r := range example() {
			views.Apply(r)
			after := views.Digest()
			if after == before {
				t.Errorf("event %d, %s, left the digest as it was", r.Number, domain.EventKindOf(r.Event).Name)
			}
			before = after
		}
	}
}

// Each kind of event is in a worked example, so that the tests above see all there are.
func TestTheWorkedExamplesHaveEveryKindOfEvent(t *testing.T) {
	var seen []string
	for _, example := range workedExamples {
		for _, r := range example() {
			seen = append(seen, domain.EventKindOf(r.Event).Name)
		}
	}
	for _, kind := range domain.Events() {
		if !slices.Contains(seen, kind.Name) {
			t.Errorf("no worked example has a %s", kind.Name)
		}
	}
}

// A view that is kept differs wherever an event does: each case changes one fact of one event of that kind.
func TestADifferentFactChangesTheDigest(t *testing.T) {
	for name, change := range differentFacts {
		t.Run(name, func(t *testing.T) {
			events := exampleWith(t, name)
			want := fold(events).Digest()
			at := slices.IndexFunc(events, func(r domain.Recorded) bool { return domain.EventKindOf(r.Event).Name == name })
			events[at].Event = change(events[at].Event)
			if fold(events).Digest() == want {
				t.Errorf("the views did not notice that event %d differs", events[at].Number)
			}
		})
	}
	for _, kind := range domain.Events() {
		if differentFacts[kind.Name] == nil {
			t.Errorf("no case changes a %s", kind.Name)
		}
	}
}

// exampleWith returns the first worked example that has a kind of event.
func exampleWith(t *testing.T, name string) []domain.Recorded {
	t.Helper()
	for _, example := range workedExamples {
		events := example()
		if slices.ContainsFunc(events, func(r domain.Recorded) bool { return domain.EventKindOf(r.Event).Name == name }) {
			return events
		}
	}
	t.Fatalf("no worked example has a %s", name)
	return nil
}

var differentFacts = map[string]func(domain.Event) domain.Event{
	"LedgerCreated":      different(func(e *domain.LedgerCreated) { e.Name = "Berkshire CCG" }),
	"KeyRotated":         different(func(e *domain.KeyRotated) { e.Key = "pcnledger/oxfordshire+ffffffff+AQ==" }),
	"BodyRegistered":     different(func(e *domain.BodyRegistered) { e.From = "2015-04-01" }),
	"BodySucceeded":      different(func(e *domain.BodySucceeded) { e.Date = "2019-02-02" }),
	"MembershipRecorded": different(func(e *domain.MembershipRecorded) { e.Members[0].From = "2018-01-01" }),
	"ListSizesRecorded":  different(func(e *domain.ListSizesRecorded) { e.Lines[0].Patients++ }),
	"PayeeNominated":     different(func(e *domain.PayeeNominated) { e.Source.Note = "known" }),
	"RateCardAdopted":    different(func(e *domain.RateCardAdopted) { e.Rates[0].Source = "another" }),
	"BudgetSet":          different(func(e *domain.BudgetSet) { e.Months[0].Pence++ }),
	"EntitlementRun":     different(func(e *domain.EntitlementRun) { e.Lines[0].Patients++ }),
	"RoleEngaged":        different(func(e *domain.RoleEngaged) { e.Hours = "30" }),
	"RoleEnded":          different(func(e *domain.RoleEnded) { e.To = "2020-01-30" }),
	"ClaimSubmitted":     different(func(e *domain.ClaimSubmitted) { e.Lines[0].NI++ }),
	"ClaimApproved":      different(func(e *domain.ClaimApproved) { e.Lines[0].Percent = "100" }),
	"ClaimRejected":      different(func(e *domain.ClaimRejected) { e.Reason = "another" }),
	"RecoveryRaised":     different(func(e *domain.RecoveryRaised) { e.Proved.NI++ }),
	"FundOpened":         different(func(e *domain.FundOpened) { e.Recurrent = true }),
	"FundingConfirmed":   different(func(e *domain.FundingConfirmed) { e.Pence++ }),
	"FundAllocated":      different(func(e *domain.FundAllocated) { e.Lines[0].Beneficiary = city }),
	"AllocationMoved":    different(func(e *domain.AllocationMoved) { e.Lines[0].To.Payee = federation }),
	"FundsReleased":      different(func(e *domain.FundsReleased) { e.Lines[0].Category = workforce }),
	"SpendRecorded":      different(func(e *domain.SpendRecorded) { e.Reference = "returns of March" }),
	"AdvanceCalledBack":  different(func(e *domain.AdvanceCalledBack) { e.ReturnsTo = domain.Lapsed }),
	"PaymentSettled":     different(func(e *domain.PaymentSettled) { e.Lines[0].Parts[0].Pence-- }),
	"ReceiptRecorded":    different(func(e *domain.ReceiptRecorded) { e.Lines[0].Item = "21.2" }),
	"FundClosed":         different(func(e *domain.FundClosed) { e.CalledBack[0].Due = "2019-05-01" }),
	"FrameworkAdopted":   different(func(e *domain.FrameworkAdopted) { e.Levels[0] = "level 0" }),
	"MaturityAssessed":   different(func(e *domain.MaturityAssessed) { e.Levels[0].Evidence = "minutes" }),
	"TargetSet":          different(func(e *domain.TargetSet) { e.By = "2019-12-31" }),
	"MilestoneRecorded":  different(func(e *domain.MilestoneRecorded) { e.Achieved = "2019-03-13" }),
	"NarrativeSubmitted": different(func(e *domain.NarrativeSubmitted) { e.Text += " And their targets." }),

	"OfficerAppointed":     different(func(e *domain.OfficerAppointed) { e.Source.Title = "minute 15" }),
	"AppointmentEnded":     different(func(e *domain.AppointmentEnded) { e.Reason = "retired" }),
	"PolicyAdopted":        different(func(e *domain.PolicyAdopted) { e.Expiry++ }),
	"InterestDeclared":     different(func(e *domain.InterestDeclared) { e.Nature = "a friend" }),
	"RequestHeld":          different(func(e *domain.RequestHeld) { e.Asked.Command = domain.RegisterBody{Body: city} }),
	"RequestApproved":      different(func(e *domain.RequestApproved) { e.Limit++ }),
	"RequestRefused":       different(func(e *domain.RequestRefused) { e.Reason = "another" }),
	"RequestWithdrawn":     different(func(e *domain.RequestWithdrawn) { e.Reason = "another" }),
	"BalancesOpened":       different(func(e *domain.BalancesOpened) { e.Due = "2019-05-16" }),
	"SpendVerified":        different(func(e *domain.SpendVerified) { e.Evidence = "invoice" }),
	"ClaimQueried":         different(func(e *domain.ClaimQueried) { e.Question = "since when?" }),
	"ClaimVerified":        different(func(e *domain.ClaimVerified) { e.Evidence = "contract" }),
	"PaymentRunProposed":   different(func(e *domain.PaymentRunProposed) { e.PayOn = "2019-05-11" }),
	"PaymentRunReleased":   different(func(e *domain.PaymentRunReleased) { e.Lines[0].Parts[0].Pence-- }),
	"PaymentFailed":        different(func(e *domain.PaymentFailed) { e.Reason = "another" }),
	"ReceivableWrittenOff": different(func(e *domain.ReceivableWrittenOff) { e.Loss = domain.LossOther }),
	"AccrualPosted":        different(func(e *domain.AccrualPosted) { e.Reverses = "2019-07-01" }),
	"JournalPosted":        different(func(e *domain.JournalPosted) { e.Lines[0].Debit++ }),
	"EntryReversed":        different(func(e *domain.EntryReversed) { e.Reason = "another" }),
	"EntryReplaced":        different(func(e *domain.EntryReplaced) { e.By++ }),
	"PeriodClosed":         different(func(e *domain.PeriodClosed) { e.Soft = false }),
	"PeriodReopened":       different(func(e *domain.PeriodReopened) { e.Reason = "another" }),

	"QuantityRecorded":       different(func(e *domain.QuantityRecorded) { e.Lines[0].Quantity = "329" }),
	"RateRevised":            different(func(e *domain.RateRevised) { e.Reason = "another" }),
	"RateOverridden":         different(func(e *domain.RateOverridden) { e.To = "2026-12-31" }),
	"EntitlementAdjusted":    different(func(e *domain.EntitlementAdjusted) { e.Lines[0].Parts[0].Was.Annual++ }),
	"RoleBaselineSet":        different(func(e *domain.RoleBaselineSet) { e.WTE = "2" }),
	"RoleChanged":            different(func(e *domain.RoleChanged) { e.Area = domain.AreaInner }),
	"UnclaimedRedistributed": different(func(e *domain.UnclaimedRedistributed) { e.Lines[0].Estimate++ }),
	"UpliftClaimed":          different(func(e *domain.UpliftClaimed) { e.Lines[0].Month = "2024-25/M05" }),
}

func different[E domain.Event](change func(*E)) func(domain.Event) domain.Event {
	return func(e domain.Event) domain.Event {
		changed := e.(E)
		change(&changed)
		return changed
	}
}

func TestNothingRecorded(t *testing.T) {
	views := projections.NewViews()
	if views.Ledger.Date() != "" || views.Registry.Name("") != "" || len(views.Networks()) != 0 {
		t.Error("views of nothing hold something")
	}
	if err := views.TrialBalance.Check(); err != nil {
		t.Error(err)
	}
}
