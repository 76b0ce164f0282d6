package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pcnledger/eventstore"
	"pcnledger/ledger"
)

type doCommand struct {
	File      string `arg:"" help:"File of commands, one JSON object a line; - reads standard input."`
	KeepGoing bool   `help:"Go on after a refused command instead of stopping there."`
	JSON      bool   `name:"json" help:"Print each receipt as a line of JSON."`
	DryRun    bool   `name:"dry-run" help:"Say what would become of each command, after those before it, and record nothing."`
}

func (d *doCommand) Help() string {
	return `Each command is a JSON object: an id of your own, the command, its data and, for commands that move money, the effective
date (today if it is left out). Amounts are in whole pence.

  {"id":"alloc-2019-01","command":"AllocateFund","effective":"2019-01-15","data":{"fund":"NR-PCN-2018",
   "decision":{"body":"Executive Committee","date":"2018-12-18","paper":"18/104"},
   "lines":[{"payee":"local:OCA-1","category":"network maturity","pence":9000000,"share":{}}]}}

Each is answered by a receipt. Recorded means on disk. Refused means that nothing was recorded of it. A command that is
recorded already is answered by the same receipt again, so a file can always be run again from the start.

Held means recorded as a request that waits for a second person: the receipt says why, and what that person has to approve.
It is no failure. Approving needs the digest of what was shown; if what would be done is another by then, it is refused.

With --dry-run nothing is recorded: each command is answered by what would become of it and the events that it would record,
and an adjustment by what it makes of each payee and month.

Exit codes: 0 all done or held, 1 one was refused, 2 the file is malformed from the line named on, 3 the ledger did not answer.`
}

func (d *doCommand) Run(ctx context.Context, c *cli, t *terminal) error {
	text, name, err := d.read(t)
	if err != nil {
		return err
	}
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	run := &doRun{doCommand: d, terminal: t, ledger: l, name: name, counts: map[ledger.Outcome]int{}}
	if d.DryRun {
		if run.rehearsal, err = l.Rehearse(ctx); err != nil {
			return err
		}
	}
	err = run.all(ctx, text)
	run.summary()
	if err == nil && run.counts[ledger.Refused] > 0 {
		err = errRefused
	}
	return err
}

// read returns the file's text and the name that messages give it.
func (d *doCommand) read(t *terminal) (text []byte, name string, err error) {
	if d.File == "-" {
		text, err = io.ReadAll(t.in)
		return text, "standard input", err
	}
	text, err = os.ReadFile(d.File)
	if err != nil {
		return nil, "", usage("%s", err)
	}
	return text, d.File, nil
}

// doRun is one file on its way into the ledger.
type doRun struct {
	*doCommand
	*terminal
	ledger *ledger.Ledger
	name   string

	rehearsal *ledger.Rehearsal // of a dry run

	counts  map[ledger.Outcome]int
	untried bool // commands after a refusal
}

// all puts the commands to the ledger one by one: each stands alone, and what came before it stays recorded.
func (r *doRun) all(ctx context.Context, text []byte) error {
	decoder := jsontext.NewDecoder(bytes.NewReader(text))
	for {
		value, err := decoder.ReadValue()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return r.malformed(lineOf(text, errorOffset(err, decoder.InputOffset())), &ledger.MalformedError{Err: ledger.PlainJSON(err)})
		}
		line := lineOf(text, decoder.InputOffset()-int64(len(value)))
		command, err := ledger.ParseCommand(value)
		if err != nil {
			return r.malformed(line, err)
		}
		stop, err := r.one(ctx, command, line)
		if err != nil || stop {
			r.untried = err == nil && len(bytes.TrimSpace(text[decoder.InputOffset():])) > 0
			return err
		}
	}
}

// one puts one command to the ledger and prints its receipt.
func (r *doRun) one(ctx context.Context, command ledger.Command, line int) (stop bool, err error) {
	if r.rehearsal != nil {
		return r.rehearse(ctx, command, fmt.Sprintf("%s:%d", r.name, line))
	}
	receipts, err := r.ledger.Submit(ctx, command)
	for _, receipt := range receipts {
		r.counts[receipt.Outcome]++
		if err := r.receipt(receipt, fmt.Sprintf("%s:%d", r.name, line), r.JSON); err != nil {
			return true, err
		}
		stop = receipt.Outcome == ledger.Refused && !r.KeepGoing
	}
	switch {
	case errors.Is(err, eventstore.ErrUnknown):
		err = fmt.Errorf("%s:%d: the log did not answer; run the same file again, nothing will be recorded twice: %w", r.name, line, err)
	case err != nil:
		err = fmt.Errorf("%s:%d: %w; nothing from that line on was recorded, and the same file can be run again", r.name, line, err)
	}
	return stop, err
}

func (r *doRun) malformed(line int, err error) error {
	return usage("%s:%d: %s; nothing from that line on was put to the ledger", r.name, line, err)
}

// summary tells a person at the end what became of the file.
func (r *doRun) summary() {
	if r.JSON {
		return
	}
	var parts []string
	for _, outcome := range []ledger.Outcome{ledger.Recorded, ledger.Held, ledger.WouldRecord, ledger.WouldHold, ledger.Repeated, ledger.Unchanged, ledger.Refused, ledger.Unknown} {
		if n := r.counts[outcome]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, outcome))
		}
	}
	if len(parts) == 0 {
		parts = []string{"no command answered"}
	}
	fmt.Fprint(r.err, strings.Join(parts, ", "))
	if r.untried {
		fmt.Fprint(r.err, "; the rest of the file was not tried (--keep-going goes on after a refusal)")
	}
	if r.rehearsal != nil {
		fmt.Fprint(r.err, "; nothing was recorded")
	}
	fmt.Fprintln(r.err)
}

// lineOf returns the number of the line that holds an offset; what is missing at the end is missing on the last line.
func lineOf(text []byte, offset int64) int {
	text = bytes.TrimRight(text, "\r\n\t ")
	return bytes.Count(text[:min(offset, int64(len(text)))], []byte("\n")) + 1
}

func errorOffset(err error, otherwise int64) int64 {
	var syntactic *jsontext.SyntacticError
	if errors.As(err, &syntactic) {
		return syntactic.ByteOffset
	}
	return otherwise
}
