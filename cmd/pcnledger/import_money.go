package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"pcnledger/domain"
	"pcnledger/intake"
	"pcnledger/ledger"
)

// ownFlags are what imports of the ledger's own forms take: such a file says itself where it comes from.
type ownFlags struct {
	File   string `arg:"" optional:"" help:"The file, CSV or a workbook. Its header row is that of the form."`
	DryRun bool   `help:"Show what the file holds, line by line, and record nothing."`
	JSON   bool   `name:"json" help:"Print each receipt as a line of JSON."`
}

func (f ownFlags) flags() importFlags {
	return importFlags{File: f.File, DryRun: f.DryRun, JSON: f.JSON}
}

// named refuses a command line without a file.
func (f ownFlags) named() error {
	if f.File == "" {
		return usage("name the file")
	}
	return nil
}

type importRateCard struct {
	Flags ownFlags `embed:""`
}

func (i *importRateCard) Help() string {
	return `Reads rates that no card of the programme has, and adopts them: one command for each contract year. The columns year, rate,
title, unit, amount, from, to, source and standing are needed. Others are read if they are there, named as in the rate cards
of the programme: area, edition, kind, percent, population, measure, reference, membership, instalments, first, payee,
category, sum, fulltime, limit, largelimit, shared, minutes, rounding, note; document and address name what an officer
relied on. Without them a rate is an entitlement in monthly instalments to the nominated payee, rounded to the penny.

Lines that begin with # are not read. If one line is wrong, nothing of the file is recorded.

Example:

  pcnledger import rate-card local-rates.csv --dry-run`
}

func (i *importRateCard) Run(ctx context.Context, c *cli, t *terminal) error {
	if err := i.Flags.named(); err != nil {
		return err
	}
	return c.importFile(ctx, t, i.Flags.flags(), func(l *ledger.Ledger, file io.Reader) (intake.Import, error) {
		return intake.RateCard(file, i.Flags.File, intake.RateOptions{Ledger: l.Views().Ledger.Name})
	})
}

type importQuantities struct {
	Flags ownFlags `embed:""`
}

func (i *importQuantities) Help() string {
	return `Reads what is counted for organisations from a day on: the columns measure, from, body, quantity and source, and if they are
there factors (prevalence=1.02; list size=0.97), address and note. A measure is what a rate names, such as care home beds. One
command for each measure and day.

Example:

  pcnledger import quantities beds.csv --dry-run`
}

func (i *importQuantities) Run(ctx context.Context, c *cli, t *terminal) error {
	if err := i.Flags.named(); err != nil {
		return err
	}
	return c.importFile(ctx, t, i.Flags.flags(), func(l *ledger.Ledger, file io.Reader) (intake.Import, error) {
		return intake.Quantities(file, i.Flags.File, intake.QuantityOptions{Ledger: l.Views().Ledger.Name, Known: knownBodies(l)})
	})
}

type importClaims struct {
	Flags    ownFlags `embed:""`
	Title    string   `placeholder:"TEXT" help:"What shows that the posts are held: contracts seen on 4 May 2021. Without it: claims sheet."`
	Template bool     `help:"Write an empty sheet, with what belongs into each column."`
	Output   string   `name:"output" short:"o" type:"path" placeholder:"FILE" help:"With --template: the file to write, .csv or .xlsx, instead of printing CSV."`
}

func (i *importClaims) Help() string {
	return `Reads a sheet with the fields of the national claims portal, CSV or xlsx, a line for each post and month. Engages the people
that the ledger does not know in their role, ends the role of those who left, and submits a claim for each network and month.
People are random tokens: a name or a National Insurance number is refused. If one line is wrong, nothing is recorded.

The template explains its columns in lines that begin with #, which are not read: fill in lines below them, and import it as it is.

Examples:

  pcnledger import claims --template -o may.xlsx
  pcnledger import claims may.xlsx --dry-run`
}

func (i *importClaims) Run(ctx context.Context, c *cli, t *terminal) error {
	if i.Template {
		return i.template(t)
	}
	if i.Output != "" {
		return usage("-o goes with --template")
	}
	if err := i.Flags.named(); err != nil {
		return err
	}
	return c.importFile(ctx, t, i.Flags.flags(), func(l *ledger.Ledger, file io.Reader) (intake.Import, error) {
		return intake.Claims(file, i.Flags.File, intake.ClaimOptions{
			Ledger: l.Views().Ledger.Name, Known: knownBodies(l), Adopted: adoptedRoles(l), Source: domain.Source{Title: i.Title},
		})
	})
}

// adoptedRoles tells an import which roles the ledger pays on a day.
func adoptedRoles(l *ledger.Ledger) func(domain.RateCode, domain.CostArea, domain.Date) bool {
	grounds := &l.Views().Grounds
	return func(role domain.RateCode, area domain.CostArea, on domain.Date) bool {
		rate, _, ok := grounds.Version(domain.YearOf(on), role, area, on)
		return ok && rate.Kind == domain.RateReimbursedRole
	}
}

// template writes an empty claims sheet. A file that is there already is left as it is.
func (i *importClaims) template(t *terminal) error {
	if i.Output == "" {
		_, err := fmt.Fprint(t.out, intake.ClaimTemplate())
		return err
	}
	content := []byte(intake.ClaimTemplate())
	switch strings.ToLower(filepath.Ext(i.Output)) {
	case ".csv":
	case ".xlsx":
		var book bytes.Buffer
		if err := intake.ClaimTemplateWorkbook(&book); err != nil {
			return err
		}
		content = book.Bytes()
	default:
		return usage("-o %s: end the file's name in .csv or .xlsx", i.Output)
	}
	file, err := os.OpenFile(i.Output, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return usage("%s", err)
	}
	if _, err := file.Write(content); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}
