package ledger

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pcnledger/domain"
	"pcnledger/eventstore"
)

// tamper appends an event as other hands would who have the key.
func tamper(t *testing.T, l *Ledger, fact domain.Fact) {
	t.Helper()
	_, last := l.log.Last()
	entry, err := new(decider).entryOf(domain.Recorded{Stamp: domain.Stamp{Number: l.log.Next(), Time: last, Actor: "mallory", Auth: authLogin}, Fact: fact})
	if err != nil {
		t.Fatal(err)
	}
	entry.CommandID, entry.CommandHash = fmt.Sprint("tampered-", l.log.Next()), strings.Repeat("0a", 32)
	if _, err := l.log.Append(t.Context(), []eventstore.Entry{entry}); err != nil {
		t.Fatal(err)
	}
}

// closedLedger has £1,000 confirmed in December 2018, and that month closed.
func closedLedger(t *testing.T) (*Ledger, Options) {
	t.Helper()
	l, o := begun(t)
	source := domain.Source{Title: "letter"}
	for _, r := range submit(t, l,
		Encode("open", domain.OpenFund{Terms: domain.Terms{Fund: "NR", Title: "Development", Year: "2018-19", Cover: domain.CoverHard, Basis: domain.BasisAdvance,
			Categories: []domain.Category{"leadership"}, Source: source}}, ""),
		Encode("confirm", domain.ConfirmFunding{Fund: "NR", Pence: 1_000_00, Title: "all", Source: source}, "2018-12-10"),
		Encode("close", domain.ClosePeriod{Period: "2018-19/M09"}, "")) {
		if r.Outcome != Recorded {
			t.Fatalf("%+v", r)
		}
	}
	return l, o
}

// A posting in a closed period that no rule let in is found wherever the log is folded.
func TestALedgerWhoseClosedPeriodWasTamperedWithIsNotGoneOnWith(t *testing.T) {
	l, o := closedLedger(t)
	if replayed, err := l.Replay(t.Context(), nil); err != nil || !replayed.OK() {
		t.Fatalf("before: %+v, %v", replayed, err)
	}
	if _, _, err := l.Rebuild(t.Context()); err != nil {
		t.Fatalf("before: %v", err)
	}
	tamper(t, l, domain.Fact{Event: domain.FundingConfirmed{Fund: "NR", Pence: 1, Title: "more", For: "2018-19"}, Effective: "2018-12-11", Period: "2018-19/M09"})
	const what = "2018-19/M09"
	mustBeDamage := func(where string, err error) {
		t.Helper()
		var damage *eventstore.Damage
		if !errors.As(err, &damage) || !strings.Contains(damage.What, what) {
			t.Errorf("%s: error is %v", where, err)
		}
	}
	replayed, err := l.Replay(t.Context(), nil)
	if err != nil || !strings.Contains(strings.Join(replayed.Problems, "\n"), what) {
		t.Errorf("replay: %+v, %v", replayed.Problems, err)
	}
	_, _, err = l.Rebuild(t.Context())
	mustBeDamage("rebuild", err)
	_, err = l.Submit(t.Context(), register(1))
	mustBeDamage("submit", err)
	_, err = l.Submit(t.Context(), register(2))
	mustBeDamage("submit again", err)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), o)
	mustBeDamage("open", err)
}

// A close that says something else than what is recorded, and a posting in a period of adjustments that never opened.
func TestAForgedCloseIsNotGoneOnWith(t *testing.T) {
	for name, fact := range map[string]domain.Fact{
		"a close with another trial balance":       {Event: domain.PeriodClosed{Period: "2018-19/M10", Hash: strings.Repeat("0", 64)}},
		"a posting in M13 while M12 is not closed": {Event: domain.FundingConfirmed{Fund: "NR", Pence: 1, Title: "more", For: "2018-19"}, Effective: "2019-03-31", Period: "2018-19/M13"},
	} {
		t.Run(name, func(t *testing.T) {
			l, o := closedLedger(t)
			tamper(t, l, fact)
			_, _, rebuilt := l.Rebuild(t.Context())
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			_, opened := Open(t.Context(), o)
			for _, err := range []error{rebuilt, opened} {
				var damage *eventstore.Damage
				if !errors.As(err, &damage) {
					t.Errorf("error is %v", err)
				}
			}
		})
	}
}
