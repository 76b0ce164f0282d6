package bench

import (
	"reflect"
	"testing"

	"github.com/go-json-experiment/json"

	"pcnledger/domain"
	"pcnledger/eventstore"
	"pcnledger/ledger"
)

// hamlet is a country for tests.
var hamlet = country{systems: 3, networks: 2, practices: 2}

// everything is all that is ever made up, in the order of a ledger's life.
func everything(g *generator) []ledger.Command {
	commands := append(g.registry(), g.openRoles()...)
	for range monthsOf + 1 {
		for _, s := range g.systems {
			commands = append(commands, g.tranche(s)...)
		}
	}
	for range 4 {
		commands = append(commands, g.hire(2*claimLines)...)
		commands = append(commands, g.bulk(30)...)
		commands = append(commands, g.money(1000)...)
	}
	commands = append(commands, g.openBook()...)
	return append(commands, g.singles(500)...)
}

func opened(t *testing.T) *subject {
	t.Helper()
	o, err := Options{Events: 1, Lines: 1, Clients: 1, Postings: 1}.settled()
	if err != nil {
		t.Fatal(err)
	}
	r := &run{Options: o, dir: t.TempDir()}
	s, err := r.newLedger(t.Context(), "test", hamlet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestALedgerRecordsEveryCommandThatIsMadeUp(t *testing.T) {
	s := opened(t)
	if err := s.put(t.Context(), everything(s.generator)); err != nil {
		t.Fatal(err)
	}
	if recorded := s.Views().Ledger.Number; recorded != s.number {
		t.Errorf("the last event has number %d; the generator counted %d", recorded, s.number)
	}
	if replayed, err := s.Replay(t.Context(), nil); err != nil || !replayed.OK() {
		t.Errorf("%+v, %v", replayed, err)
	}
	t.Run("every kind of money moves", func(t *testing.T) { checkMoney(t, s) })
	t.Run("lines are counted as the events have them", func(t *testing.T) {
		if lines := linesIn(t, s.Ledger); lines != s.lines {
			t.Errorf("the events have %d lines; the generator counted %d", lines, s.lines)
		}
	})
}

func checkMoney(t *testing.T, s *subject) {
	moved := map[string]int{}
	for _, e := range s.Views().Journal.All() {
		moved[e.Event]++
	}
	for _, event := range []string{"FundingConfirmed", "FundAllocated", "FundsReleased", "PaymentSettled", "SpendRecorded", "ClaimApproved", "EntitlementRun"} {
		if moved[event] == 0 {
			t.Errorf("no %s posted anything", event)
		}
	}
}

// linesIn counts the lines of all events but those that the ledger was created with.
func linesIn(t *testing.T, l *ledger.Ledger) (lines int64) {
	t.Helper()
	err := l.Events(t.Context(), 1, func(e eventstore.Event) error {
		var has struct {
			Lines   []any `json:"lines"`
			Members []any `json:"members"`
		}
		switch e.Type {
		case "LedgerCreated", "KeyRotated":
			return nil
		}
		err := json.Unmarshal(e.Data, &has)
		lines += max(1, int64(len(has.Lines)+len(has.Members)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func TestTheSameCommandsAreMadeUpEveryTime(t *testing.T) {
	if a, b := everything(newGenerator(hamlet, 2)), everything(newGenerator(hamlet, 2)); !reflect.DeepEqual(a, b) {
		t.Error("two generators made up different commands")
	}
}

func TestNetworksHaveAboutFiftyThousandPatients(t *testing.T) {
	g := newGenerator(england, 2)
	var patients, networks int64
	g.networks(func(_ *system, n *network) {
		patients += int64(n.registered())
		networks++
	})
	if mean := patients / networks; networks != 1302 || mean < 48_000 || mean > 52_000 {
		t.Errorf("%d networks of %d patients", networks, mean)
	}
}

func TestSingleCommandsAreOneEventEachInAnyOrder(t *testing.T) {
	s := opened(t)
	if err := s.put(t.Context(), append(s.registry(), s.openBook()...)); err != nil {
		t.Fatal(err)
	}
	commands := s.generator.singles(200)
	for i := len(commands) - 1; i >= 0; i-- {
		if err := s.put(t.Context(), commands[i:i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.Views().Ledger.Number; n != s.number {
		t.Errorf("%d events; %d commands", n, s.number)
	}
	if s.Views().Ledger.Kind != domain.KindLive {
		t.Error("what is measured is a demo")
	}
}
