package bench

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"pcnledger/domain"
	"pcnledger/projections"
)

// A program is another ledger, which reads the journal as plain text and prints the balance of every account.
type program struct {
	name    string // ledger
	tool    string // what is run
	suffix  string // of its files
	limit   float64
	journal func(io.Writer, *projections.Views)
	args    func(file string) []string
	comma   rune // between account and balance in what it prints
}

// programs are those that row 8 names. Each is packaged by Debian under its name.
func programs() []program {
	return []program{
		{"ledger", "ledger", "ledger", 10, writeJournal, func(file string) []string {
			return []string{"--args-only", "-f", file, "balance", "--flat", "--no-total", "--format", "%(account),%(display_total)\n"}
		}, ','},
		{"hledger", "hledger", "journal", 50, writeJournal, func(file string) []string {
			return []string{"-f", file, "balance", "--flat", "-N", "-O", "csv"}
		}, ','},
		{"beancount", "bean-query", "beancount", 50, writeBeancount, func(file string) []string {
			return []string{"-f", "csv", file, "SELECT account, sum(number) GROUP BY account"}
		}, ','},
	}
}

// otherPrograms measures row 8: how much processor time it takes to come from the stored journal to the balance of every
// account, here and in other programs. Their balances must be ours, to the penny.
func (r *run) otherPrograms(ctx context.Context) ([]Row, error) {
	s, err := r.journal(ctx)
	if err != nil {
		return nil, err
	}
	views := s.Views()
	if err := s.close(); err != nil {
		return nil, err
	}
	ours, balances, err := r.ownBalances(ctx, s)
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, p := range programs() {
		row := Row{Row: 8, Part: p.name, What: "processor time from the stored journal to all balances", Budget: timesLess(p.limit)}
		row, err := r.otherBalances(ctx, p, row, views, ours, balances)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// journal records what other programs are to add up: as many tranches of one system, and as many single commands as make
// the same number of postings again.
func (r *run) journal(ctx context.Context) (*subject, error) {
	s, err := r.newLedger(ctx, "journal", r.size.alone())
	if err != nil {
		return nil, err
	}
	r.others = s
	system := s.systems[0]
	commands := s.registry()
	for range r.effort.journal {
		commands = append(commands, s.tranche(system)...)
	}
	commands = append(commands, s.openBook()...)
	commands = append(commands, s.generator.singles(r.effort.journal*len(system.book.uses)*4)...)
	return s, s.put(ctx, commands)
}

// ownBalances returns how many seconds of processor time it takes to open the ledger from its log alone and to add up
// every account.
func (r *run) ownBalances(ctx context.Context, s *subject) (Measure, map[string]domain.Pence, error) {
	var seconds samples
	var balances map[string]domain.Pence
	for range r.effort.rounds {
		if err := os.RemoveAll(s.snapshots()); err != nil {
			return Measure{}, nil, err
		}
		before, known := processorTime()
		if !known {
			return Measure{}, nil, nil
		}
		if err := s.open(ctx); err != nil {
			return Measure{}, nil, err
		}
		balances = balancesOf(s.Views())
		after, _ := processorTime()
		seconds = append(seconds, (after - before).Seconds())
		if err := s.close(); err != nil {
			return Measure{}, nil, err
		}
	}
	return seconds.measure("s"), balances, nil
}

// otherBalances completes a row with what a program takes, if it is installed.
func (r *run) otherBalances(ctx context.Context, p program, row Row, views *projections.Views, ours Measure, balances map[string]domain.Pence) (Row, error) {
	tool, err := exec.LookPath(p.tool)
	if err != nil {
		row.Note = "not installed: apt-get install " + p.name
		return row, nil
	}
	if ours.Value == 0 {
		row.Note = "this system does not say what processor time a process takes"
		return row, nil
	}
	r.say(p.name)
	file := filepath.Join(r.dir, "journal."+p.suffix)
	if err := writeFile(file, func(w io.Writer) { p.journal(w, views) }); err != nil {
		return row, err
	}
	var seconds samples
	for range otherRounds {
		took, printed, err := p.run(ctx, tool, file)
		if err != nil {
			return row, err
		}
		if err := compareBalances(balances, printed); err != nil {
			return row, fmt.Errorf("%s comes to other balances: %w", p.name, err)
		}
		seconds = append(seconds, took.Seconds())
	}
	row.Figure, row.Yardstick = ours, seconds.measure("s").named(p.name)
	row.Note = fmt.Sprintf("%d postings to %d accounts, all balances equal", views.Journal.Len(), len(balances))
	return row.judged(), nil
}

// otherRounds is how often another program runs. Processor time varies little, and some are slow.
const otherRounds = 1

// run runs the program over a file and returns the processor time that it took and the balances that it printed.
func (p program) run(ctx context.Context, tool, file string) (time.Duration, map[string]domain.Pence, error) {
	var out, complaints bytes.Buffer
	command := exec.CommandContext(ctx, tool, p.args(file)...)
	command.Stdout, command.Stderr = &out, &complaints
	command.Env = append(os.Environ(), "BEANCOUNT_DISABLE_LOAD_CACHE=1", "LEDGER_FILE=", "LC_ALL=C.UTF-8")
	if err := command.Run(); err != nil {
		return 0, nil, fmt.Errorf("%s: %w: %s", p.tool, err, strings.TrimSpace(complaints.String()))
	}
	balances, err := p.read(&out)
	if err != nil {
		return 0, nil, fmt.Errorf("%s printed: %w", p.tool, err)
	}
	return command.ProcessState.UserTime() + command.ProcessState.SystemTime(), balances, nil
}

// read reads balances as the program prints them: an account and an amount on each line. What is no amount is a heading.
func (p program) read(printed io.Reader) (map[string]domain.Pence, error) {
	lines := csv.NewReader(printed)
	lines.Comma, lines.FieldsPerRecord, lines.TrimLeadingSpace = p.comma, 2, true
	rows, err := lines.ReadAll()
	if err != nil {
		return nil, err
	}
	balances := map[string]domain.Pence{}
	for _, row := range rows {
		pounds, ok := new(big.Rat).SetString(strings.TrimSuffix(strings.TrimSpace(row[1]), " "+currency))
		if !ok {
			continue
		}
		pence := pounds.Mul(pounds, big.NewRat(100, 1))
		if !pence.IsInt() {
			return nil, fmt.Errorf("%s, which is no whole number of pence", row[1])
		}
		if n := domain.Pence(pence.Num().Int64()); n != 0 {
			balances[strings.TrimSpace(row[0])] = n
		}
	}
	return balances, nil
}

// compareBalances names the first account that differs.
func compareBalances(ours, theirs map[string]domain.Pence) error {
	for account, pence := range ours {
		if theirs[account] != pence {
			return fmt.Errorf("%s has %s here and %s there", account, pence, theirs[account])
		}
	}
	if len(ours) != len(theirs) {
		return fmt.Errorf("%d accounts here, %d there", len(ours), len(theirs))
	}
	return nil
}

// writeFile writes a file and syncs it, so that nobody waits for that later.
func writeFile(path string, write func(io.Writer)) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	var text bytes.Buffer
	write(&text)
	if _, err := text.WriteTo(file); err != nil {
		return err
	}
	return file.Sync()
}
