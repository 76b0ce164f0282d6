package main

import (
	"context"
	"fmt"

	"pcnledger/domain"
	"pcnledger/eventstore"
	"pcnledger/ledger"
	"pcnledger/reports"
)

type showCommand struct {
	What      string    `arg:"" help:"What to show; pcnledger show --help lists it."`
	JSON      bool      `name:"json" help:"As JSON; events one a line, as they stand in the log."`
	CSV       bool      `name:"csv" help:"As CSV."`
	From      int64     `default:"1" placeholder:"N" help:"For events: begin with this number."`
	Selection selection `embed:""`
}

func (s *showCommand) Help() string {
	return "What there is to show:\n  events               every event, by number\n" + reportList() + `
Example:

  pcnledger show items --open --payee local:OCA-FEDERATION-1`
}

func (s *showCommand) Run(ctx context.Context, c *cli, t *terminal) error {
	switch {
	case s.JSON && s.CSV:
		return usage("choose --json or --csv")
	case s.What == "events":
		return s.events(ctx, c, t)
	case s.JSON:
		return c.write(ctx, t, s.What, "json", "", true, s.Selection)
	case s.CSV:
		return c.write(ctx, t, s.What, "csv", "", true, s.Selection)
	}
	return c.write(ctx, t, s.What, "text", "", true, s.Selection)
}

// illustration says of a demo ledger, before anything of it is shown, what of it is made up.
func (t *terminal) illustration(l *ledger.Ledger) {
	if l.Views().Ledger.Kind == domain.KindDemo {
		fmt.Fprintf(t.out, "%s\n\n", reports.Illustration)
	}
}

// events prints the log itself: a line for each event, or the events as they are stored.
func (s *showCommand) events(ctx context.Context, c *cli, t *terminal) error {
	if s.CSV || s.Selection != (selection{}) {
		return usage("events are shown as they stand, as text or --json, from a number on (--from)")
	}
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	if !s.JSON {
		t.illustration(l)
	}
	return l.Events(ctx, s.From, func(e eventstore.Event) error {
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
}
