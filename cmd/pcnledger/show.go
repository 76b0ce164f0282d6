package main

import (
	"context"
	"errors"
	"fmt"

	"pcnledger/domain"
	"pcnledger/eventstore"
	"pcnledger/ledger"
	"pcnledger/projections"
	"pcnledger/reports"
)

type showCommand struct {
	What      string    `arg:"" help:"What to show; pcnledger show --help lists it."`
	JSON      bool      `name:"json" help:"As JSON; events one a line, as they stand in the log."`
	CSV       bool      `name:"csv" help:"As CSV."`
	From      int64     `default:"1" placeholder:"N" help:"For events: begin with this number."`
	Account   string    `placeholder:"ACCOUNT" help:"For balance: only this account; payables."`
	Selection selection `embed:""`
	Moment    moment    `embed:""`
}

func (s *showCommand) Help() string {
	return "What there is to show:\n  events               every event, by number\n" +
		"  checkpoints          the signed checkpoints, and which witnesses saw them\n" +
		"  attempts             what was refused because it is forbidden, beside the ledger\n" +
		"  balance              what accounts of a --fund, or its --account, stood at; quick in a large ledger\n" + reportList() + `
` + momentHelp + `
Examples:

  pcnledger show approvals --open
  pcnledger show officers --as-at 2019-03-31
  pcnledger show rates --year 2021-22
  pcnledger show items --open --payee local:OCA-FEDERATION-1
  pcnledger show balance --fund NR-PCN-2018 --account payables --as-at 57 --effective 2019-03-31
  pcnledger show events --as-at 2019-03-31`
}

func (s *showCommand) Run(ctx context.Context, c *cli, t *terminal) error {
	switch {
	case s.JSON && s.CSV:
		return usage("choose --json or --csv")
	case s.Account != "" && s.What != "balance":
		return usage("--account is for show balance")
	case s.What == "balance":
		return s.balance(ctx, c, t)
	case s.What == "events":
		return s.events(ctx, c, t)
	case s.What == "checkpoints":
		return s.checkpoints(ctx, c, t)
	case s.What == "attempts":
		return s.attempts(ctx, c, t)
	}
	return c.write(ctx, t, s.What, s.format(), "", true, s.Selection, s.Moment)
}

func (s *showCommand) format() string {
	switch {
	case s.JSON:
		return "json"
	case s.CSV:
		return "csv"
	}
	return "text"
}

// beside prints what stands beside the events and is in no view. It is shown whole.
func (s *showCommand) beside(ctx context.Context, c *cli, t *terminal, build func(*ledger.Ledger, *projections.Views, reports.Options) (reports.Report, error)) error {
	if s.Selection != (selection{}) || s.Moment != (moment{}) {
		return usage("%s are shown all of them, and cannot be narrowed", s.What)
	}
	render, err := rendererOf(s.format(), t.text(true))
	if err != nil {
		return err
	}
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	views, at, err := s.Moment.look(ctx, l)
	if err != nil {
		return err
	}
	proved, err := proofOf(ctx, l, at)
	if err != nil {
		return err
	}
	report, err := build(l, views, reports.Options{Version: version, Proof: proved})
	if err != nil {
		return err
	}
	return render(t.out, report)
}

// checkpoints prints the checkpoints of the log.
func (s *showCommand) checkpoints(ctx context.Context, c *cli, t *terminal) error {
	return s.beside(ctx, c, t, func(l *ledger.Ledger, views *projections.Views, o reports.Options) (reports.Report, error) {
		notes, err := l.Log().Checkpoints(ctx)
		if err != nil {
			return reports.Report{}, err
		}
		var all []reports.Checkpoint
		for _, note := range notes {
			checkpoint := reports.Checkpoint{Origin: note.Origin, Size: note.Size, Root: note.Root.String(), Witnessed: witnessed(note)}
			for _, key := range note.SignedBy {
				checkpoint.SignedBy = append(checkpoint.SignedBy, key.ID())
			}
			all = append(all, checkpoint)
		}
		return reports.Checkpoints(views, o, all), nil
	})
}

// attempts prints what was refused because it is forbidden.
func (s *showCommand) attempts(ctx context.Context, c *cli, t *terminal) error {
	return s.beside(ctx, c, t, func(l *ledger.Ledger, views *projections.Views, o reports.Options) (reports.Report, error) {
		noted, err := l.Attempts(ctx)
		if err != nil {
			return reports.Report{}, err
		}
		all := make([]reports.Attempt, len(noted))
		for i, a := range noted {
			all[i] = reports.Attempt(a)
		}
		return reports.Attempts(views, o, all), nil
	})
}

// illustration says of a demo ledger, before anything of it is shown, what of it is made up.
func (t *terminal) illustration(l *ledger.Ledger) {
	if l.Views().Ledger.Kind == domain.KindDemo {
		fmt.Fprintf(t.out, "%s\n\n", reports.Illustration)
	}
}

// events prints the log itself: a line for each event, or the events as they are stored.
func (s *showCommand) events(ctx context.Context, c *cli, t *terminal) error {
	if s.CSV || s.Selection != (selection{}) || s.Moment.Effective != "" {
		return usage("events are shown as they stand, as text or --json, from a number on (--from) and up to a moment (--as-at)")
	}
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	if !s.JSON {
		t.illustration(l)
	}
	last, err := s.Moment.number(ctx, l)
	if err != nil {
		return err
	}
	err = l.Events(ctx, s.From, func(e eventstore.Event) error {
		if e.Number > last {
			return errShown
		}
		if s.JSON {
			line, err := e.Line()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(t.out, "%s\n", line)
			return err
		}
		_, err := fmt.Fprintf(t.out, "%7d  %s  %-19s %-28s %-12s %s\n", e.Number, e.Time.UTC().Format("2006-01-02T15:04:05Z"),
			e.Type, e.Subject, domain.Date(e.EffectiveDate).String(), e.Actor)
		return err
	})
	if errors.Is(err, errShown) {
		return nil
	}
	return err
}

// errShown ends a reading of the log where everything is shown that was asked for.
var errShown = errors.New("shown")
