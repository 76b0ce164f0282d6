package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"pcnledger/domain"
	"pcnledger/intake"
	"pcnledger/ledger"
)

type importCommand struct {
	ListSizes   importListSizes   `cmd:"" help:"Practices' list sizes, as NHS England publishes them or by hand."`
	Memberships importMemberships `cmd:"" help:"Which practices belong to which network: ePCN as published, or by hand."`
	RateCard    importRateCard    `cmd:"" help:"Rates that no card has: local ones, and those of a new contract."`
	Claims      importClaims      `cmd:"" help:"What networks claim for reimbursed roles: a sheet with the fields of the national claims portal."`
	Quantities  importQuantities  `cmd:"" help:"What else is counted for rates: care home beds, points, sessions."`
	Statement   importStatement   `cmd:"" help:"Which payments in transit arrived or came back: a statement of the bank or of PCSE, or by hand."`
}

// importFlags are what every import takes.
type importFlags struct {
	File   string `arg:"" help:"The file. Its header row says which form it is."`
	Title  string `placeholder:"TEXT" help:"Title of the publication or document it comes from, if the form does not tell."`
	Note   string `placeholder:"TEXT" help:"What is assumed about it."`
	DryRun bool   `help:"Show what the file holds and record nothing."`
	JSON   bool   `name:"json" help:"Print each receipt as a line of JSON."`
}

type importListSizes struct {
	Flags      importFlags `embed:""`
	Population string      `default:"registered" placeholder:"NAME" help:"Which patients to read: registered, weighted or adjusted (default registered)."`
	At         string      `placeholder:"DATE" help:"For a file that does not say it, such as adjusted populations: the day its patients were counted."`
	Average    string      `placeholder:"YEAR" help:"For a file of averages: the financial year (2019-20)."`
	StandsFor  string      `placeholder:"DATE" help:"The reference date the list is used for (2019-01-01), if that is not the day it was counted."`
	Known      bool        `help:"Of a file of the whole country, only the practices that the ledger knows; the others are left out and counted."`
}

func (i *importListSizes) Help() string {
	return `Reads gp-reg-pat-prac-all, gp-reg-pat-prac-quin-age (CSV or zip), PCN adjusted populations and the Oxfordshire forms. A total
and rows of larger bodies, ages or sexes are left out and counted. Registers the practices that the ledger does not know yet, by code and,
where the file has one, by name; then records their lists. Shares of money quote the number of the event that recorded the
list. The same file again changes nothing.

A file of the whole country is best imported with --known, after the memberships: a practice of elsewhere would be
registered, and counts in a run as patients in no network.

Examples:

  pcnledger import list-sizes gp-reg-pat-prac-all.csv --known --dry-run
  pcnledger import list-sizes lists_2019-20.csv --average 2019-20 --stands-for 2019-01-01
  pcnledger import list-sizes pcn_adjusted_populations_2025-26.csv --population adjusted --at 2025-01-01`
}

func (i *importListSizes) Run(ctx context.Context, c *cli, t *terminal) error {
	o := intake.ListOptions{Source: i.Flags.source(), KnownOnly: i.Known}
	if err := o.Population.UnmarshalText([]byte(i.Population)); err != nil {
		return usage("--population: %s", err)
	}
	var err error
	if i.Average != "" {
		if o.Average, err = domain.ParseYear(i.Average); err != nil {
			return usage("--average: %s", err)
		}
	}
	if o.StandsFor, err = optionalDate("--stands-for", i.StandsFor); err != nil {
		return err
	}
	if o.At, err = optionalDate("--at", i.At); err != nil {
		return err
	}
	return c.importFile(ctx, t, i.Flags, func(l *ledger.Ledger, file io.Reader) (intake.Import, error) {
		o.Ledger, o.Known = l.Views().Ledger.Name, knownBodies(l)
		return intake.ListSizes(file, i.Flags.File, o)
	})
}

type importMemberships struct {
	Flags        importFlags `embed:""`
	From         string      `placeholder:"DATE" help:"For a file without dates: the first day of every membership, which is then an assumption."`
	Commissioner string      `placeholder:"CODE" help:"Only the networks of this commissioner (10Q); ePCN says whose a network is."`
	LeaveOut     bool        `help:"Leave out memberships of one practice that overlap, and name them, instead of refusing the file."`
}

func (i *importMemberships) Help() string {
	return `Reads ePCN workbooks and gp-reg-pat-prac-map (CSV or zip) as published, and CSV files of practices and networks. Registers networks and practices that the ledger
does not know, or knows by another name; then records who belongs where, from when and until when. A practice in no
network is registered and belongs to none. The same file again changes nothing.

Examples:

  pcnledger import memberships ePCN.xlsx --commissioner 10Q --dry-run
  pcnledger import memberships ePCN.xlsx --leave-out
  pcnledger import memberships lists_2019-20.csv --from 2019-01-01`
}

func (i *importMemberships) Run(ctx context.Context, c *cli, t *terminal) error {
	o := intake.MembershipOptions{Source: i.Flags.source(), LeaveOut: i.LeaveOut}
	var err error
	if o.From, err = optionalDate("--from", i.From); err != nil {
		return err
	}
	if i.Commissioner != "" {
		if o.Commissioner, err = domain.ParseBody(i.Commissioner); err != nil {
			return usage("--commissioner: %s", err)
		}
	}
	return c.importFile(ctx, t, i.Flags, func(l *ledger.Ledger, file io.Reader) (intake.Import, error) {
		o.Ledger, o.Known, o.Enrolled = l.Views().Ledger.Name, knownBodies(l), enrolledMembers(l)
		return intake.Memberships(file, i.Flags.File, o)
	})
}

func (f importFlags) source() domain.Source { return domain.Source{Title: f.Title, Note: f.Note} }

func optionalDate(flag, text string) (domain.Date, error) {
	if text == "" {
		return "", nil
	}
	date, err := domain.ParseDate(text)
	if err != nil {
		return "", usage("%s: %s", flag, err)
	}
	return date, nil
}

// importFile reads a file, tells what it holds and, unless that is all that was asked, records it.
func (c *cli) importFile(ctx context.Context, t *terminal, f importFlags, read func(*ledger.Ledger, io.Reader) (intake.Import, error)) error {
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	file, err := os.Open(f.File)
	if err != nil {
		return usage("%s", err)
	}
	defer file.Close()
	found, err := read(l, file)
	if err != nil {
		return usage("%w", err)
	}
	fmt.Fprint(t.err, found.Summary.String())
	if f.DryRun {
		return t.dryRun(ctx, l, found)
	}
	return t.submitImport(ctx, l, found, f.JSON)
}

// sampled is how many commands a dry run shows of those it would put to the ledger.
const sampled = 5

// dryRun tells what a file would do: row by row where the form has rows to tell, and how many commands of it are recorded
// already, with a sample of the others.
func (t *terminal) dryRun(ctx context.Context, l *ledger.Ledger, found intake.Import) error {
	for _, line := range found.Summary.Lines {
		fmt.Fprintln(t.out, line)
	}
	recorded := 0
	var sample []intake.Numbered
	for _, c := range found.Commands {
		has, err := l.Has(ctx, c.ID)
		switch {
		case err != nil:
			return err
		case has:
			recorded++
		case len(sample) < sampled:
			sample = append(sample, c)
		}
	}
	left := len(found.Commands) - recorded
	fmt.Fprintf(t.err, "Would put %s to the ledger; %d of the file are recorded already.\n", commandCount(left), recorded)
	for _, c := range sample {
		fmt.Fprintf(t.err, "  %s\n", c)
	}
	if left > len(sample) {
		fmt.Fprintf(t.err, "  and %d more\n", left-len(sample))
	}
	fmt.Fprintln(t.err, "Dry run: nothing was recorded.")
	return nil
}

// enrolledMembers tells an import which memberships the ledger has, by network.
func enrolledMembers(l *ledger.Ledger) map[domain.Body][]domain.Member {
	members := map[domain.Body][]domain.Member{}
	for _, m := range l.Views().Registry.Memberships() {
		members[m.Network] = append(members[m.Network], domain.Member{Practice: m.Practice, From: m.From, To: m.To})
	}
	return members
}

// submitImport puts a file's commands to the ledger, with progress, and prints the receipts that matter: of those that
// were refused, and of the facts the file is about; registrations are counted.
func (t *terminal) submitImport(ctx context.Context, l *ledger.Ledger, found intake.Import, asJSON bool) error {
	commands := make([]ledger.Command, len(found.Commands))
	for i, n := range found.Commands {
		commands[i] = ledger.Encode(n.ID, n.Command, n.Effective)
	}
	counts := map[ledger.Outcome]int{}
	bar := t.progress(len(commands), "commands")
	for start := 0; start < len(commands); {
		end := min(start+importStep, len(commands))
		receipts, err := l.Submit(ctx, commands[start:end]...)
		for i, r := range receipts {
			counts[r.Outcome]++
			_, registration := found.Commands[start+i].Command.(domain.RegisterBody)
			if asJSON || !registration || r.Outcome == ledger.Refused {
				if err := t.receipt(r, where(found.Commands[start+i]), asJSON); err != nil {
					return err
				}
			}
		}
		if err != nil {
			return err
		}
		start = end
		bar.at(end)
	}
	bar.done()
	fmt.Fprintf(t.err, "%d recorded, %d repeated, %d unchanged, %d refused",
		counts[ledger.Recorded], counts[ledger.Repeated], counts[ledger.Unchanged], counts[ledger.Refused])
	if held := counts[ledger.Held]; held > 0 {
		fmt.Fprintf(t.err, ", %d held for a second person", held)
	}
	fmt.Fprintln(t.err)
	if counts[ledger.Refused] > 0 {
		return errRefused
	}
	return nil
}

// where says of a receipt which line of the file it answers, and what that asked for.
func where(n intake.Numbered) string {
	if n.Line == 0 {
		return ""
	}
	return n.String()
}

// importStep is how many commands go between two looks at the progress.
const importStep = 500

func commandCount(n int) string {
	if n == 1 {
		return "1 command"
	}
	return fmt.Sprintf("%d commands", n)
}
