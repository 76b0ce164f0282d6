// Command pcnledger keeps the ledger of a health commissioner's money for its Primary Care Networks.
//
// It is one binary: this package reads the flags, wires the parts together and writes to the terminal. No rule of money
// is here.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"os/user"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is what reports print as the programme that made them.
const version = "0.1.0"

// The exit codes.
const (
	exitDone    = 0
	exitRefused = 1 // a rule forbids it; nothing of it is recorded
	exitUsage   = 2 // the flags or the file are wrong; nothing of it was put to the ledger
	exitBroken  = 3 // the ledger cannot be reached, or is damaged
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// cli is every command and flag.
type cli struct {
	Data   string `name:"data" type:"path" placeholder:"DIR" help:"Directory that holds the ledgers. Without it: $$PCNLEDGER_DATA, or pcnledger-data in your home directory."`
	Ledger string `name:"ledger" env:"PCNLEDGER_LEDGER" placeholder:"NAME" help:"Which ledger; not needed where the directory holds one."`

	dataGiven bool // by the flag

	Init    initCommand    `cmd:"" help:"Create a ledger, once."`
	Do      doCommand      `cmd:"" help:"Put commands to the ledger: allocate, release, record spend …"`
	Import  importCommand  `cmd:"" help:"Turn files you have into commands."`
	Show    showCommand    `cmd:"" help:"Look at the ledger."`
	Report  reportCommand  `cmd:"" help:"Write a report, as a table, CSV or JSON."`
	Explain explainCommand `cmd:"" help:"Open a figure: formula, inputs with their events and sources, roundings and caps."`
	Replay  replayCommand  `cmd:"" help:"Fold the whole history again and compare it with what the ledger shows."`

	Verify     verifyCommand     `cmd:"" help:"Check that nothing was changed, removed or put in: a ledger, an archive or a proof."`
	Prove      proveCommand      `cmd:"" help:"Write a proof that an event is recorded, or that the log continues an earlier one."`
	Checkpoint checkpointCommand `cmd:"" help:"Print the newest signed checkpoint, or add what a witness answered."`
	Witness    witnessCommand    `cmd:"" help:"Be a witness: remember what ledgers have shown, and cosign what continues it."`
	RotateKey  rotateKeyCommand  `cmd:"" help:"Sign with another key from now on."`

	Backup  backupCommand  `cmd:"" help:"Add what is new to an archive of the ledger."`
	Restore restoreCommand `cmd:"" help:"Put a ledger back from its archive."`
	Export  exportCommand  `cmd:"" help:"Write the ledger in a form that others can read."`

	Bench   benchCommand   `cmd:"" help:"Measure how fast the ledger is on this machine."`
	Demo    demoCommand    `cmd:"" help:"Play the Oxfordshire example, from first allocation to the return for NHS England."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

const description = `pcnledger keeps the money of Primary Care Networks: every command is recorded as a numbered event that is never
changed, in double entry, and every figure can be traced to the events it comes from.

A first look, and a ledger of your own:

  pcnledger demo --out demo
  pcnledger init --commissioner 10Q --name "NHS Oxfordshire CCG"

Exit codes: 0 done, 1 refused by a rule, 2 wrong flags or a malformed file, 3 ledger not reachable or damaged.`

// terminal is where a command talks to people and to other programs.
type terminal struct {
	in       io.Reader
	out, err io.Writer
}

// run is main without the process: it returns the exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	t := &terminal{in: in, out: out, err: errOut}
	var c cli
	exited := -1
	parser, err := kong.New(&c, kong.Name("pcnledger"), kong.Description(description), kong.UsageOnError(),
		kong.Writers(out, errOut), kong.Exit(func(code int) { exited = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}))
	if err != nil {
		panic("the flags do not hang together: " + err.Error())
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 { // --help printed itself
		return exited
	}
	if err != nil {
		fmt.Fprintf(errOut, "pcnledger: %s\nSee: pcnledger --help\n", err)
		return exitUsage
	}
	if err := c.findData(); err != nil {
		return t.exitCode(err)
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	return t.exitCode(parsed.Run(&c, t))
}

// exitCode prints what went wrong, once, and turns it into the exit code.
func (t *terminal) exitCode(err error) int {
	var coded *codedError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &coded):
		if coded.err != nil {
			fmt.Fprintf(t.err, "pcnledger: %s\n", coded.err)
		}
		return coded.code
	}
	fmt.Fprintf(t.err, "pcnledger: %s\n", err)
	return exitBroken
}

// A codedError is an error with its exit code. One without an error inside has been printed already.
type codedError struct {
	code int
	err  error
}

func (e *codedError) Error() string {
	if e.err == nil {
		return "see above"
	}
	return e.err.Error()
}
func (e *codedError) Unwrap() error { return e.err }

func usage(format string, args ...any) error {
	return &codedError{exitUsage, fmt.Errorf(format, args...)}
}

var errRefused = &codedError{code: exitRefused}

// login returns the operating-system login, the actor of what is recorded.
func login() (string, error) {
	u, err := user.Current()
	if err != nil {
		return "", fmt.Errorf("find out who is logged in: %w", err)
	}
	return u.Username, nil
}

type versionCommand struct{}

func (versionCommand) Run(t *terminal) error {
	_, err := fmt.Fprintln(t.out, "pcnledger", version)
	return err
}
