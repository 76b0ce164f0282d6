package main

import (
	"context"
	"errors"

	"pcnledger/domain"
	"pcnledger/ledger"
	"pcnledger/projections"
	"pcnledger/reports"
)

// moment says at which moment the ledger is looked at, on both axes of time.
type moment struct {
	AsAt      string `name:"as-at" placeholder:"MOMENT" help:"As the ledger was then: a number, a date or an instant."`
	Effective string `placeholder:"DATE" help:"Only money that is effective by this date, inclusive."`
}

const momentHelp = `Two axes of time. --as-at shows what the ledger knew: once event 57 was recorded (57), at the end of a day in London
(2019-03-31), at an instant (2019-03-31T17:00:00Z). --effective leaves out what moves money later than a date, whenever that
was recorded; facts that move no money are taken in. --period goes by the accounting period instead, where figures have one.
`

func (m moment) at() (at ledger.At, err error) {
	if m.AsAt != "" {
		if at, err = ledger.ParseAt(m.AsAt); err != nil {
			return at, usage("--as-at: %s", err)
		}
	}
	if m.Effective != "" {
		if at.Effective, err = domain.ParseDate(m.Effective); err != nil {
			return at, usage("--effective: %s", err)
		}
	}
	return at, nil
}

// look returns the views of the moment, and what it comes to.
func (m moment) look(ctx context.Context, l *ledger.Ledger) (*projections.Views, ledger.Moment, error) {
	at, err := m.at()
	if err != nil {
		return nil, ledger.Moment{}, err
	}
	views, is, err := l.LookAt(ctx, at)
	return views, is, noSuchMoment(err)
}

// number returns the last number of the moment.
func (m moment) number(ctx context.Context, l *ledger.Ledger) (int64, error) {
	at, err := m.at()
	if err != nil {
		return 0, err
	}
	number, err := l.NumberAt(ctx, at)
	return number, noSuchMoment(err)
}

// noSuchMoment says that whoever asked for a moment that the ledger does not have used the flags wrongly.
func noSuchMoment(err error) error {
	if no, is := errors.AsType[*ledger.MomentError](err); is {
		return usage("--as-at: %s", no)
	}
	return err
}

// balance prints what accounts of a fund stood at. It folds nothing again: the views that are kept up are asked.
func (s *showCommand) balance(ctx context.Context, c *cli, t *terminal) error {
	if s.Selection != (selection{Fund: s.Selection.Fund}) || s.Selection.Fund == "" {
		return usage("a balance is of one fund: show balance --fund CODE [--account ACCOUNT] [--as-at MOMENT] [--effective DATE]")
	}
	at, err := s.Moment.at()
	if err != nil {
		return err
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
	is, err := l.MomentAt(ctx, at)
	if err != nil {
		return noSuchMoment(err)
	}
	proved, err := proofOf(ctx, l, is)
	if err != nil {
		return err
	}
	report, err := reports.BalanceAt(projections.NewBalancesAt(l.Views()), l.Views(),
		reports.Options{Fund: domain.FundCode(s.Selection.Fund), Version: version, Proof: proved},
		reports.Asked{Account: domain.Account(s.Account), Number: is.Number, Time: is.Time, Effective: at.Effective})
	if unfit, is := errors.AsType[*reports.SelectionError](err); is {
		return usage("%s", unfit)
	}
	if err != nil {
		return err
	}
	return render(t.out, report)
}
