package main

import (
	"context"
	"fmt"
	"os"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/term"

	"pcnledger/bench"
)

type benchCommand struct {
	Rows     []int  `placeholder:"1,2,…" help:"Measure only these rows of the budget."`
	Events   int    `default:"15000" help:"Commits of one event in the log of rows 5 and 7."`
	Lines    int    `default:"300000" help:"Lines in the bulk log of rows 4 and 6."`
	Clients  int    `default:"64" help:"Clients at once in row 2."`
	Postings int    `default:"500000" help:"Postings in the journals of rows 9 and 10; their budgets are for 10000000."`
	Dir      string `type:"existingdir" placeholder:"DIR" help:"Measure on the disk of this directory; without it on that of the system's temporary files."`
	JSON     bool   `name:"json" help:"Print the report as JSON."`
}

func (b *benchCommand) Help() string {
	return `Measures how fast the ledger is on this machine: each row of the budget beside a yardstick that is measured in the same run
on the same disk, by turns, and the median of several rounds is printed with the least and the most of them. It works on
made-up ledgers in a temporary directory, which it removes; it touches no ledger of yours.

It measures and does not judge: the exit code is 0 whether budgets are met or missed, and 3 if something could not be
measured. Row 8 runs ledger, hledger and beancount where they are installed.`
}

func (b *benchCommand) Run(ctx context.Context, t *terminal) error {
	o := bench.Options{Rows: b.Rows, Events: b.Events, Lines: b.Lines, Clients: b.Clients, Postings: b.Postings, Dir: b.Dir}
	if err := o.Check(); err != nil {
		return usage("%s", err)
	}
	say, done := t.saying()
	o.Progress = say
	report, err := bench.Run(ctx, o)
	done()
	if err != nil {
		return err
	}
	if !b.JSON {
		return report.Text(t.out)
	}
	text, err := json.Marshal(report, jsontext.WithIndent("  "))
	if err != nil {
		return fmt.Errorf("encode the report: %w", err)
	}
	_, err = fmt.Fprintf(t.out, "%s\n", text)
	return err
}

// saying returns a function that says on a terminal what is being done, in place of what it said before, and one that
// takes the line away again. In a pipe neither says anything.
func (t *terminal) saying() (say func(string), done func()) {
	file, ok := t.err.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return func(string) {}, func() {}
	}
	const clear = "\r\x1b[K"
	return func(text string) { fmt.Fprint(file, clear, text) }, func() { fmt.Fprint(file, clear) }
}
