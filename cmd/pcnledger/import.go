package main

import (
	"context"
	"fmt"
	"os"

	"pcnledger/domain"
	"pcnledger/intake"
	"pcnledger/ledger"
)

type importCommand struct {
	ListSizes importListSizes `cmd:"" help:"Practices' registered list sizes, as NHS England publishes them or by hand."`
}

type importListSizes struct {
	File      string `arg:"" help:"The file: gp-reg-pat-prac-all, or one of the Oxfordshire forms. Its header row says which."`
	Average   string `placeholder:"YEAR" help:"For a file of averages: the financial year (2019-20)."`
	StandsFor string `placeholder:"DATE" help:"The reference date the list is used for (2019-01-01), if that is not the day it was counted."`
	Title     string `placeholder:"TEXT" help:"Title of the publication or document it comes from, if the form does not tell."`
	Note      string `placeholder:"TEXT" help:"What is assumed about it."`
	DryRun    bool   `help:"Show what the file holds and record nothing."`
	JSON      bool   `name:"json" help:"Print each receipt as a line of JSON."`
}

func (i *importListSizes) Help() string {
	return `Registers the practices that the ledger does not know yet, by code and, where the file has one, by name; then records
their lists. Shares of money quote the number of the event that recorded the list. The same file again changes nothing.

Examples:
  pcnledger import list-sizes gp-reg-pat-prac-all.csv --dry-run
  pcnledger import list-sizes lists_2019-20.csv --average 2019-20 --stands-for 2019-01-01`
}

func (i *importListSizes) Run(ctx context.Context, c *cli, t *terminal) error {
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	options, err := i.options(l)
	if err != nil {
		return err
	}
	file, err := os.Open(i.File)
	if err != nil {
		return usage("%s", err)
	}
	defer file.Close()
	found, err := intake.ListSizes(file, i.File, options)
	if err != nil {
		return usage("%w", err)
	}
	t.importSummary(found)
	if i.DryRun {
		fmt.Fprintln(t.err, "Dry run: nothing was recorded.")
		return nil
	}
	return t.submitImport(ctx, l, found, i.JSON)
}

// options turns the flags into what the file does not say.
func (i *importListSizes) options(l *ledger.Ledger) (intake.ListOptions, error) {
	views := l.Views()
	o := intake.ListOptions{
		Ledger: views.Ledger.Name,
		Source: domain.Source{Title: i.Title, Note: i.Note},
		Known:  knownBodies(l),
	}
	var err error
	if i.Average != "" {
		if o.Average, err = domain.ParseYear(i.Average); err != nil {
			return o, usage("--average: %s", err)
		}
	}
	if i.StandsFor != "" {
		if o.StandsFor, err = domain.ParseDate(i.StandsFor); err != nil {
			return o, usage("--stands-for: %s", err)
		}
	}
	return o, nil
}

// importSummary tells what a file holds.
func (t *terminal) importSummary(found intake.Import) {
	s := found.Summary
	fmt.Fprintf(t.err, "%s\n%d practices, of which %d are new to the ledger and %d take a new name\n", s.Form, s.Practices, s.Registered, s.Renamed)
	for _, list := range s.Lists {
		fmt.Fprintf(t.err, "  %s: %s patients of %d practices\n", listWhen(list), count(list.Patients), list.Practices)
	}
	for _, left := range s.LeftOut {
		fmt.Fprintf(t.err, "  %d rows left out: %s\n", left.Rows, left.Reason)
	}
	for _, warning := range s.Warnings {
		fmt.Fprintf(t.err, "  Note: %s\n", warning)
	}
}

func listWhen(l intake.ListSummary) string {
	if l.Average != "" {
		return fmt.Sprintf("average over %s, standing for %s", l.Average, l.StandsFor)
	}
	return l.At.String()
}

// count prints a number of patients with its thousands apart.
func count(n int64) string {
	pounds := domain.Pence(n * 100).String()
	return pounds[len("£") : len(pounds)-len(".00")]
}

// submitImport puts a file's commands to the ledger, with progress, and prints the receipts that matter: of those that
// were refused, and of the facts the file is about; registrations are counted.
func (t *terminal) submitImport(ctx context.Context, l *ledger.Ledger, found intake.Import, asJSON bool) error {
	commands := make([]ledger.Command, len(found.Commands))
	for i, n := range found.Commands {
		commands[i] = ledger.Encode(n.ID, n.Command, "")
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
				if err := t.receipt(r, "", asJSON); err != nil {
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
	fmt.Fprintf(t.err, "%d recorded, %d repeated, %d unchanged, %d refused\n",
		counts[ledger.Recorded], counts[ledger.Repeated], counts[ledger.Unchanged], counts[ledger.Refused])
	if counts[ledger.Refused] > 0 {
		return errRefused
	}
	return nil
}

// importStep is how many commands go between two looks at the progress.
const importStep = 500
