package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pcnledger/eventstore"
)

// closedMonth are the commands of a ledger with a fund, money confirmed in December 2018, and that month closed.
const closedMonth = `{"id":"open","command":"OpenFund","data":{"fund":"NR","title":"Example","year":"2018-19","recurrent":false,"cover":"hard","basis":"advance","categories":["maturity"],"carryforward":false,"source":{"title":"letter"}}}
{"id":"confirm","command":"ConfirmFunding","effective":"2018-12-01","data":{"fund":"NR","pence":2240000,"title":"all","source":{"title":"letter"}}}
{"id":"close","command":"ClosePeriod","data":{"period":"2018-19/M09"}}
`

// TestAPostingInAClosedPeriodStopsTheProgramme puts an event into the log that no rule would let in, well formed and signed by
// the ledger's key, as other hands would who have the data directory.
func TestAPostingInAClosedPeriodStopsTheProgramme(t *testing.T) {
	data := t.TempDir()
	pcnledger := func(args ...string) (int, string) {
		var out bytes.Buffer
		code := run(t.Context(), append([]string{"--data", data}, args...), nil, &out, &out)
		return code, out.String()
	}
	file := filepath.Join(t.TempDir(), "commands.jsonl")
	if err := os.WriteFile(file, []byte(closedMonth), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"init", "--commissioner", "10Q"}, {"do", file}, {"replay"}} {
		if code, said := pcnledger(args...); code != exitDone {
			t.Fatalf("%v: exit %d: %s", args, code, said)
		}
	}
	log, err := eventstore.Open(t.Context(), eventstore.Options{Dir: data, Ledger: firstLedger})
	if err != nil {
		t.Fatal(err)
	}
	_, err = log.Append(t.Context(), []eventstore.Entry{{
		Type: "FundingConfirmed", Version: 1, Subject: "fund/NR", Time: time.Now(), CommandID: "put-in", CommandHash: strings.Repeat("0a", 32),
		Actor: "somebody", Auth: "os-login", EffectiveDate: "2018-12-02", Period: "2018-19/M09",
		Data: []byte(`{"fund":"NR","for":"2018-19","pence":100,"title":"more","source":{"title":"none"}}`),
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"show", "funds"}, {"do", file}, {"replay"}} {
		code, said := pcnledger(args...)
		if code != exitBroken || !strings.Contains(said, "event 6") || !strings.Contains(said, "2018-19/M09") {
			t.Errorf("%v: exit %d: %s", args, code, said)
		}
	}
}
