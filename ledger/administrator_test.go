package ledger

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pcnledger/domain"
	"pcnledger/eventstore"
)

func TestTheFirstAdministratorIsAppointedInTheCommitThatCreatesTheLedger(t *testing.T) {
	o := Options{Dir: t.TempDir(), Name: "test", Actor: "finance"}
	create := func(a Administrator) []Receipt {
		t.Helper()
		receipts, err := CreateGoverned(t.Context(), o, testLedger(domain.KindLive), nil, a)
		if err != nil {
			t.Fatal(err)
		}
		return receipts
	}
	first := create(Administrator{FirstAdministrator, "ann"})
	l := opened(t, o)
	var ids []string
	if err := l.Events(t.Context(), 1, func(e eventstore.Event) error {
		ids = append(ids, fmt.Sprint(e.Number, " ", e.Commit, " ", e.ID, " ", e.Type))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1 1 init/1 LedgerCreated", "2 1 init-key/1 KeyRotated", "3 1 init-administrator/1 OfficerAppointed"}, ids); diff != "" {
		t.Error(diff)
	}
	if got := submit(t, l, register(1))[0]; got.Outcome != Refused || got.Refusal.Rule != domain.RuleOfficerUnknown {
		t.Errorf("who is no officer: %+v", got)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	again := create(Administrator{FirstAdministrator, "ann"})
	for i := range again {
		want := first[i]
		want.Outcome = Repeated
		if diff := cmp.Diff(want, again[i]); diff != "" {
			t.Errorf("the receipt differs (-first +again):\n%s", diff)
		}
	}
	if other := create(Administrator{FirstAdministrator, "bea"})[1]; other.Outcome != Refused || other.Refusal.Rule != RuleCommandReused {
		t.Errorf("another administrator: %+v", other)
	}
}

func TestAnAdministratorWhoCannotBeAppointedLeavesNoLedgerBehind(t *testing.T) {
	o := Options{Dir: t.TempDir(), Name: "test", Actor: "finance"}
	receipts, err := CreateGoverned(t.Context(), o, testLedger(domain.KindLive), nil, Administrator{FirstAdministrator, ""})
	if err != nil || len(receipts) != 1 || receipts[0].Outcome != Refused || receipts[0].Refusal.Rule != domain.RuleOfficerIdentity {
		t.Fatalf("%+v, %v", receipts, err)
	}
	if _, err := Open(t.Context(), o); !errors.Is(err, eventstore.ErrNoLedger) {
		t.Errorf("error is %v", err)
	}
	receipts, err = CreateGoverned(t.Context(), o, testLedger(domain.KindLive), nil, Administrator{FirstAdministrator, "ann"})
	if err != nil || len(receipts) != 2 || receipts[1].Outcome != Recorded {
		t.Errorf("%+v, %v", receipts, err)
	}
}

func TestALedgerThatWasCreatedWithoutOfficersGetsItsAdministratorLater(t *testing.T) {
	l, o := begun(t)
	submit(t, l, register(1))
	if got := submit(t, l, Encode(administratorID, domain.RegisterBody{Body: "local:X", Kind: domain.KindCompany}, ""))[0]; got.Outcome != Refused || got.Refusal.Rule != RuleCommandID {
		t.Errorf("under an id that is reserved: %+v", got)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []Outcome{Recorded, Repeated} {
		receipts, err := CreateGoverned(t.Context(), o, testLedger(domain.KindLive), nil, Administrator{FirstAdministrator, "finance"})
		if err != nil || len(receipts) != 2 || receipts[0].Outcome != Repeated || receipts[1].Outcome != want || receipts[1].First != 4 {
			t.Fatalf("%+v, %v", receipts, err)
		}
	}
}

func TestALedgerThatHasOfficersGetsNoFirstAdministrator(t *testing.T) {
	l, o := begun(t)
	submit(t, l, Encode("admin", appoint("ann", domain.RoleAdministrator, 0), ""))
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	receipts, err := CreateGoverned(t.Context(), o, testLedger(domain.KindLive), nil, Administrator{FirstAdministrator, "finance"})
	if err != nil || receipts[1].Outcome != Refused || receipts[1].Refusal.Rule != domain.RuleLedgerExists {
		t.Fatalf("%+v, %v", receipts, err)
	}
}
