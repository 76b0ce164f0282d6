package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"pcnledger/domain"
	"pcnledger/ledger"
	"pcnledger/reports"
)

type explainCommand struct {
	Figure []string        `arg:"" help:"An item (57.3), an event with all its items (57), or a network's sum for roles: arrs-sum U62251 2021-22."`
	For    domain.Service  `name:"for" placeholder:"MONTH" help:"Of a sum: one month, 2021-22/M04."`
	Sum    domain.RateCode `placeholder:"CODE" help:"Of a sum: another than ARRS_SUM, ARRS_GP_SUM."`
	JSON   bool            `name:"json" help:"As JSON."`
	Text   bool            `help:"Only the arithmetic in one sentence, as statements print it."`
}

func (e *explainCommand) Help() string {
	return `Opens a figure into a tree: the formula in words and in numbers, and what it was worked out of, each with the number of its
event, its file, source and standing; with roundings, maxima, parts of months and assumptions, down to the lists and costs
that were recorded.

The log is folded once more up to the event before, and the figure is worked out again on what the ledger knew then. If
that does not come to what the event holds, the exit code is 3: then the ledger is damaged, or another version of the
programme wrote it.

Examples:

  pcnledger explain 57.3
  pcnledger explain 57 --text
  pcnledger explain arrs-sum U62251 2021-22 --for 2021-22/M04`
}

// explained is what explain prints as JSON. Members are only ever added.
type explained struct {
	Explained []domain.Explanation `json:"explained"`
	Differs   []string             `json:"differs,omitzero"` // where the ledger holds another figure; then the exit code is 3
}

var (
	itemFigure  = regexp.MustCompile(`^[1-9][0-9]*\.[1-9][0-9]*$`)
	eventFigure = regexp.MustCompile(`^[1-9][0-9]*$`)
)

// sumFigure is how the network's sum for roles is asked for.
const sumFigure = "arrs-sum"

func (e *explainCommand) Run(ctx context.Context, c *cli, t *terminal) error {
	if e.JSON && e.Text {
		return usage("choose --json or --text")
	}
	open, err := e.asked()
	if err != nil {
		return err
	}
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	all, err := open(ctx, l)
	if err != nil {
		return notExplained(err)
	}
	return e.print(t, l, all)
}

// asked reads which figure is meant, and says how to open it.
func (e *explainCommand) asked() (func(context.Context, *ledger.Ledger) ([]domain.Explanation, error), error) {
	figure := e.Figure[0]
	switch {
	case figure == sumFigure:
		return e.sum()
	case e.For != "" || e.Sum != "":
		return nil, usage("--for and --sum are for %s", sumFigure)
	case len(e.Figure) > 1:
		return nil, usage("explain one figure at a time")
	case itemFigure.MatchString(figure):
		return func(ctx context.Context, l *ledger.Ledger) ([]domain.Explanation, error) {
			x, err := l.ExplainItem(ctx, domain.ItemID(figure))
			return []domain.Explanation{x}, err
		}, nil
	case eventFigure.MatchString(figure):
		if number, err := strconv.ParseInt(figure, 10, 64); err == nil {
			return func(ctx context.Context, l *ledger.Ledger) ([]domain.Explanation, error) {
				return l.Explain(ctx, number)
			}, nil
		}
	}
	return nil, usage("%q is no figure: write an item (57.3), the number of an event (57), or %s NETWORK YEAR", figure, sumFigure)
}

// sum reads a network and a year.
func (e *explainCommand) sum() (func(context.Context, *ledger.Ledger) ([]domain.Explanation, error), error) {
	if len(e.Figure) != 3 {
		return nil, usage("write %s NETWORK YEAR: %s U62251 2021-22", sumFigure, sumFigure)
	}
	network, err := domain.ParseBody(e.Figure[1])
	if err != nil {
		return nil, usage("%s", err)
	}
	year, err := domain.ParseYear(e.Figure[2])
	if err != nil {
		return nil, usage("%s", err)
	}
	if e.For != "" && e.For.Year() != year {
		return nil, usage("--for %s is not in %s", e.For, year)
	}
	return func(ctx context.Context, l *ledger.Ledger) ([]domain.Explanation, error) {
		x, err := l.ExplainSum(ctx, network, year, cmp.Or(e.Sum, domain.SumARRS), e.For)
		return []domain.Explanation{x}, err
	}, nil
}

// notExplained says that there is nothing to explain, with its own exit code.
func notExplained(err error) error {
	if none, is := errors.AsType[*domain.Unexplained](err); is {
		return &codedError{exitRefused, none}
	}
	if refusal, is := errors.AsType[*domain.Refusal](err); is { // of a sum that nobody adopted, or without a list
		return &codedError{exitRefused, refusal}
	}
	return err
}

// print writes the trees, and fails loudly where the ledger holds another figure.
func (e *explainCommand) print(t *terminal, l *ledger.Ledger, all []domain.Explanation) error {
	out := explained{Explained: all}
	for i := range all {
		out.Differs = append(out.Differs, all[i].Differs()...)
	}
	if !e.JSON {
		t.illustration(l)
	}
	var err error
	switch {
	case e.JSON:
		err = t.json(out)
	case e.Text:
		err = reports.Sentences(t.out, all)
	default:
		err = reports.Explanations(t.out, all, t.text(true).Width)
	}
	if err != nil || len(out.Differs) == 0 {
		return err
	}
	return fmt.Errorf("the ledger holds other figures than they are worked out to: %s. Check it (pcnledger verify), and see which version of the programme wrote it",
		strings.Join(out.Differs, "; "))
}
