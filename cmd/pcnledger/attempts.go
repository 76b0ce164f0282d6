package main

import (
	"context"

	"pcnledger/reports"
)

// attempts prints what was refused because it is forbidden, which is in no view.
func (s *showCommand) attempts(ctx context.Context, c *cli, t *terminal) error {
	if s.Selection != (selection{}) || s.Moment != (moment{}) {
		return usage("attempts are shown all of them, and cannot be narrowed")
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
	noted, err := l.Attempts(ctx)
	if err != nil {
		return err
	}
	views, at, err := s.Moment.look(ctx, l)
	if err != nil {
		return err
	}
	proved, err := proofOf(ctx, l, at)
	if err != nil {
		return err
	}
	all := make([]reports.Attempt, len(noted))
	for i, a := range noted {
		all[i] = reports.Attempt(a)
	}
	return render(t.out, reports.Attempts(views, reports.Options{Version: version, Proof: proved}, all))
}
