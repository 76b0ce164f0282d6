package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/term"

	"pcnledger/domain"
	"pcnledger/eventstore/proof"
	"pcnledger/ledger"
	"pcnledger/projections"
	"pcnledger/reports"
)

// selection narrows what a report shows.
type selection struct {
	Fund    string `placeholder:"CODE" help:"Only this fund."`
	Payee   string `placeholder:"BODY" help:"Only what is paid to this body."`
	Network string `placeholder:"BODY" help:"Only what is for the benefit of this network."`
	Open    bool   `help:"Only items that are still to be paid or received; of approvals, only what waits."`
	Year    string `placeholder:"YEAR" help:"Only rates of this year, 2021-22, and what was raised and claimed by them."`
	Period  string `placeholder:"PERIOD" help:"Balances up to and including this period, 2019-20/M07; the journal and the periods report of it alone."`
}

func (s selection) options() (reports.Options, error) {
	o := reports.Options{Fund: domain.FundCode(s.Fund), OpenOnly: s.Open, Year: domain.Year(s.Year), Version: version}
	var err error
	if s.Period != "" {
		month, err := domain.ParseService(s.Period)
		if err != nil || month == month.WholeYear() {
			return o, usage("--period %q is no period: write 2019-20/M07 for October 2019", s.Period)
		}
		o.Period = domain.Period(month)
	}
	if s.Payee != "" {
		if o.Payee, err = domain.ParseBody(s.Payee); err != nil {
			return o, usage("--payee: %s", err)
		}
	}
	if s.Network != "" {
		if o.Network, err = domain.ParseBody(s.Network); err != nil {
			return o, usage("--network: %s", err)
		}
	}
	return o, nil
}

type reportCommand struct {
	Name      string    `arg:"" help:"Which report; pcnledger report --help lists them."`
	Format    string    `default:"text" placeholder:"FORMAT" help:"text, csv or json (default text)."`
	Out       string    `short:"o" type:"path" placeholder:"FILE" help:"Write to FILE instead of the terminal."`
	Detail    bool      `help:"In text, print long tables too."`
	Selection selection `embed:""`
	Moment    moment    `embed:""`
}

func (r *reportCommand) Help() string {
	return "The reports:\n" + reportList() + `
Each says at its head which ledger it is of, up to which event, the root of the log there, and which witnesses saw a log
that covers it, so that anyone can produce the same again, with --as-at, and hold it against the log.

` + momentHelp + `
Examples:

  pcnledger report nhse-transformation --fund NR-PCN-2018 --format csv -o return.csv
  pcnledger report trial-balance --as-at 2019-04-05 --period 2018-19/M12`
}

// reportList lists the reports with what each shows.
func reportList() string {
	var b strings.Builder
	for _, d := range reports.Reports() {
		fmt.Fprintf(&b, "  %-20s %s\n", d.Name, d.Line)
	}
	return b.String()
}

func (r *reportCommand) Run(ctx context.Context, c *cli, t *terminal) error {
	return c.write(ctx, t, r.Name, r.Format, r.Out, r.Detail, r.Selection, r.Moment)
}

// write opens the ledger, builds a report and writes it to a file or the terminal.
func (c *cli) write(ctx context.Context, t *terminal, name, format, out string, detail bool, s selection, m moment) error {
	options, err := s.options()
	if err != nil {
		return err
	}
	definition, err := reports.Named(name)
	if err != nil {
		return usage("%s", err)
	}
	text := reports.TextOptions{Detail: detail}
	if out == "" {
		text = t.text(detail)
	}
	renderer, err := rendererOf(format, text)
	if err != nil {
		return err
	}
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	views, at, err := m.look(ctx, l)
	if err != nil {
		return err
	}
	if options.Proof, err = proofOf(ctx, l, at); err != nil {
		return err
	}
	if options.AsAt, err = m.day(); err != nil {
		return err
	}
	report, err := definition.Build(views, options)
	var unfit *reports.SelectionError
	if errors.As(err, &unfit) {
		return usage("%s", unfit)
	}
	if err != nil {
		return err
	}
	if out == "" {
		return renderer(t.out, report)
	}
	return writeFile(out, func(w io.Writer) error { return renderer(w, report) })
}

// day is the London day that --as-at names; none if it names a number, or is not given.
func (m moment) day() (domain.Date, error) {
	at, err := m.at()
	if err == nil && !at.Instant.IsZero() {
		return domain.DateIn(at.Instant), nil
	}
	return at.Date, err
}

// A renderer writes a report in one format.
type renderer func(io.Writer, reports.Report) error

// rendererOf returns the renderer of a format; the options are those of text.
func rendererOf(format string, text reports.TextOptions) (renderer, error) {
	if format == "text" {
		return func(w io.Writer, r reports.Report) error { return reports.Text(w, r, text) }, nil
	}
	var names []string
	for _, f := range reports.Formats() {
		if f.Name == format {
			return f.Write, nil
		}
		names = append(names, f.Name)
	}
	return nil, usage("there is no format %q; choose one of: %s", format, strings.Join(names, ", "))
}

// writeFile writes a file whole or not at all: what was there before stays until the new one is complete.
func writeFile(path string, write func(io.Writer) error) error {
	var text bytes.Buffer
	if err := write(&text); err != nil {
		return err
	}
	temporary := path + ".part"
	if err := os.WriteFile(temporary, text.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(temporary, path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// deliver writes a text to a file, or where none is named to the terminal.
func (t *terminal) deliver(path string, text []byte) error {
	if path == "" {
		_, err := t.out.Write(text)
		return err
	}
	return writeFile(path, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// proofOf returns what proves the figures of a ledger at a moment: the root, and of each witness the first checkpoint that
// it cosigned of what was recorded by then.
func proofOf(ctx context.Context, l *ledger.Ledger, at ledger.Moment) (reports.Proof, error) {
	log := l.Log()
	proved := reports.Proof{Root: at.Root}
	witnesses, err := log.Witnesses()
	if err != nil || len(witnesses) == 0 {
		return proved, err
	}
	notes, err := log.Checkpoints(ctx)
	if err != nil {
		return proved, err
	}
	proved.Witnessed = covering(at.Number, notes)
	return proved, nil
}

// covering returns of each witness, by name, the earliest cosignature of a checkpoint that covers a number. One that came
// later does not take its place: a report that was printed with it comes out the same.
func covering(number int64, notes []proof.Note) []reports.Witnessed {
	first := map[string]reports.Witnessed{}
	for _, note := range notes {
		if note.Size < number {
			continue
		}
		for _, w := range witnessed(note) {
			if before, known := first[w.Name]; !known || w.At.Before(before.At) {
				first[w.Name] = w
			}
		}
	}
	return slices.SortedFunc(maps.Values(first), func(a, b reports.Witnessed) int { return strings.Compare(a.Name, b.Name) })
}

// witnessed lists who cosigned a checkpoint.
func witnessed(note proof.Note) (all []reports.Witnessed) {
	for _, c := range note.Cosignatures {
		all = append(all, reports.Witnessed{Name: c.Witness.Name(), Size: note.Size, At: c.At})
	}
	return all
}

// writeReports writes every report to a directory, as CSV and JSON; a report of one network once for each network.
func writeReports(v *projections.Views, p reports.Proof, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the directory of the reports: %w", err)
	}
	for _, d := range reports.Reports() {
		for _, o := range d.Selections(v) {
			o.Version, o.Proof = version, p
			name := d.Name
			if o.Network != "" {
				name += "-" + strings.ReplaceAll(o.Network.Bare(), ":", "-")
			}
			if err := writeReport(v, d, o, filepath.Join(dir, name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeReport writes one report, as CSV and JSON, to files of that path.
func writeReport(v *projections.Views, d reports.Definition, o reports.Options, path string) error {
	report, err := d.Build(v, o)
	if err != nil {
		return fmt.Errorf("report %s: %w", d.Name, err)
	}
	for _, format := range []string{"csv", "json"} {
		write, err := rendererOf(format, reports.TextOptions{})
		if err != nil {
			return err
		}
		if err := writeFile(path+"."+format, func(w io.Writer) error { return write(w, report) }); err != nil {
			return err
		}
	}
	return nil
}

// text says how reports are laid out as text: as wide as the terminal, or, in a pipe or a file, always the same.
func (t *terminal) text(detail bool) reports.TextOptions {
	o := reports.TextOptions{Detail: detail}
	if file, ok := t.out.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		if width, _, err := term.GetSize(int(file.Fd())); err == nil {
			o.Width = max(width, narrowest)
		}
	}
	return o
}

// narrowest is the width below which tables are no tables any more; a narrower terminal breaks the lines itself.
const narrowest = 60

// printReports prints reports as text, one after another, without their long tables.
func (t *terminal) printReports(v *projections.Views, p reports.Proof, names ...string) error {
	for _, name := range names {
		d, err := reports.Named(name)
		if err != nil {
			return err
		}
		report, err := d.Build(v, reports.Options{Version: version, Proof: p})
		if err != nil {
			return err
		}
		if err := reports.Text(t.out, report, t.text(false)); err != nil {
			return err
		}
		fmt.Fprintln(t.out)
	}
	return nil
}
