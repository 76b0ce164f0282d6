package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"pcnledger/cmd/pcnledger/oxfordshire"
	"pcnledger/domain"
	"pcnledger/ledger"
	"pcnledger/projections"
	"pcnledger/reports"
)

// everyReport writes all reports of a moment, and a balance of every fund, and returns them by the names of their files.
func everyReport(t *testing.T, l *ledger.Ledger, m moment) map[string]string {
	t.Helper()
	views, at, err := m.look(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	proved, err := proofOf(t.Context(), l, at)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := writeReports(views, proved, dir); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join(dir, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[file.Name()] = string(text)
	}
	balances := projections.NewBalancesAt(l.Views()) // kept up, and so as they are now
	for _, fund := range views.Funds.All() {
		report, err := reports.BalanceAt(balances, l.Views(), reports.Options{Fund: fund.Fund, Proof: proved},
			reports.Asked{Number: at.Number, Time: at.Time, Effective: domain.Date(m.Effective)})
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if err := reports.JSON(&text, report); err != nil {
			t.Fatal(err)
		}
		all["balance-"+string(fund.Fund)] = text.String()
	}
	return all
}

// A report as at a number is byte for byte the report that was made when that was the last number.
func TestAReportCanBeMadeAgainByteForByteAfterMoreWasRecorded(t *testing.T) {
	example, err := oxfordshire.Read()
	if err != nil {
		t.Fatal(err)
	}
	l, err := createDemo(t.Context(), ledger.Options{Dir: t.TempDir(), Name: demoLedger})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	p := &player{ledger: l, terminal: &terminal{out: io.Discard, err: io.Discard}}
	var before []map[string]string
	var numbers []int64
	whole := len(example.Commands)
	for _, n := range []int{whole / 3, 2 * whole / 3, whole} {
		part := example
		part.Commands = example.Commands[:n]
		if err := p.play(t.Context(), part); err != nil {
			t.Fatal(err)
		}
		before = append(before, everyReport(t, l, moment{}))
		numbers = append(numbers, l.Views().Ledger.Number)
	}
	for i, number := range numbers {
		again := everyReport(t, l, moment{AsAt: strconv.FormatInt(number, 10)})
		if len(again) != len(before[i]) || len(again) < 2*len(reports.Reports()) {
			t.Errorf("as at %d there are %d reports; there were %d", number, len(again), len(before[i]))
		}
		for name, text := range before[i] {
			if again[name] != text {
				t.Errorf("%s as at %d is not what it was:\n%s\nnow:\n%s", name, number, text, again[name])
			}
		}
	}
}

// What is looked up in the journal is what the views of the moment hold.
func TestABalanceAtAMomentIsThatOfTheTrialBalanceOfIt(t *testing.T) {
	l := playedDemo(t)
	balances := projections.NewBalancesAt(l.Views())
	last := l.Views().Ledger.Number
	for _, number := range []int64{last / 4, last / 2, last} {
		for _, effective := range []domain.Date{"", "2019-01-31", "2019-03-31", "2019-09-30"} {
			views, _, err := l.LookAt(t.Context(), ledger.At{Number: number, Effective: effective})
			if err != nil {
				t.Fatal(err)
			}
			lines := views.TrialBalance.Lines()
			for _, line := range lines {
				if got := balances.Of(line.Account, line.Fund, number, effective); got != line.Balance() {
					t.Errorf("%s of %s at %d by %s is %s, not %s", line.Account, line.Fund, number, effective, got, line.Balance())
				}
			}
		}
	}
}

func playedDemo(t *testing.T) *ledger.Ledger {
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
	if err := (&player{ledger: l, terminal: &terminal{out: io.Discard, err: io.Discard}}).play(t.Context(), example); err != nil {
		t.Fatal(err)
	}
	return l
}
