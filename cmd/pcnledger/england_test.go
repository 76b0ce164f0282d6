package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"pcnledger/domain"
	"pcnledger/ledger"
)

const england = "../../examples/england"

// TestTheWholeOfEngland pays core funding and extended hours of 2021/22 for every network and month, as the README of
// examples/england says, and requires of each network what the lists, the memberships and the two rates come to: £1.50 and
// £1.44 a patient (BMA, 10 May 2021).
func TestTheWholeOfEngland(t *testing.T) {
	data, programme := t.TempDir(), programmeFile(t, "pcnledger")
	began := time.Now()
	for _, args := range [][]string{
		{"init", "--ledger", "england", "--commissioner", "X24"},
		{"import", "list-sizes", filepath.Join(england, "lists_2021-01-01.csv")},
		{"import", "memberships", filepath.Join(england, "memberships.csv"), "--title", "ePCN of 28 January 2022"},
		{"do", filepath.Join(england, "commands.jsonl")},
	} {
		runProgramme(t, programme, append([]string{"--data", data}, args...)...)
	}
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &used); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s, at most %d MB", time.Since(began).Round(time.Millisecond), used.Maxrss>>10)

	l, err := ledger.Open(t.Context(), ledger.Options{Dir: data, Name: "england"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	due, sum, members := englandIsDue(t), domain.Pence(0), l.Views().Grounds.Sums()
	for _, e := range l.Views().Entitlements.All() {
		rate, _ := l.Views().Rates.Rate(e.Year, e.Rate)
		if more := l.Views().Entitlements.ToComeToMembers(e, rate, members); more != 0 {
			t.Errorf("%s of %s is to come to %s: every month was run", more, e.Rate, e.Beneficiary)
		}
		key := string(e.Rate) + " " + e.Beneficiary.Bare()
		if e.Pence() != due[key] {
			t.Errorf("%s is raised at %s; its lists and memberships come to %s", key, e.Pence(), due[key])
		}
		sum += e.Pence()
		delete(due, key)
	}
	for key, pence := range due {
		if pence != 0 {
			t.Errorf("nothing is raised for %s: its lists and memberships come to %s", key, pence)
		}
	}
	if err := l.Views().TrialBalance.Check(); err != nil {
		t.Error(err)
	}
	t.Logf("%s in all", sum)
}

// englandIsDue works out from the two files alone what each rate comes to for each network over the year.
func englandIsDue(t *testing.T) map[string]domain.Pence {
	t.Helper()
	patients := map[string]int64{}
	for _, row := range englandRows(t, "lists_2021-01-01.csv") {
		patients[row["CODE"]], _ = strconv.ParseInt(row["NUMBER_OF_PATIENTS"], 10, 64)
	}
	members, due := englandRows(t, "memberships.csv"), map[string]domain.Pence{}
	for rate, pence := range map[string]int64{"CORE_PCN": 150, "EXT_HOURS": 144} {
		twelvefold := map[string]int64{}
		for month := range 12 {
			first := time.Date(2021, time.April+time.Month(month), 1, 0, 0, 0, 0, time.UTC).Format("20060102")
			for _, m := range members {
				if m["start"] <= first && (m["end"] == "" || first <= m["end"]) {
					twelvefold[m["pcn_code"]] += pence * patients[m["practice_code"]]
				}
			}
		}
		for network, sum := range twelvefold {
			due[rate+" "+network] = domain.Pence((sum + 6) / 12)
		}
	}
	return due
}

// englandRows reads a file of the example, each row by the names of its columns.
func englandRows(t *testing.T, name string) (rows []map[string]string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(england, name))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, column := range lines[0] {
			row[column] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}
