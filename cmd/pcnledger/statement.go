package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"

	"pcnledger/domain"
	"pcnledger/intake"
	"pcnledger/ledger"
)

type importStatement struct {
	File     string `arg:"" optional:"" help:"The statement, a CSV file or a workbook. Its header row says which form it is."`
	Of       int64  `name:"run" placeholder:"N" help:"Only the payment run that was proposed by event N."`
	PaidOn   string `placeholder:"DATE" help:"For a statement of PCSE Online: the day its payments arrived."`
	Payee    string `placeholder:"CODE" help:"For a statement of PCSE Online: whose statement it is."`
	Template bool   `help:"Print an empty statement in the ledger's own form."`
	DryRun   bool   `help:"Show what matches and what does not, and record nothing."`
	JSON     bool   `name:"json" help:"Print each receipt as a line of JSON."`
}

func (i *importStatement) Help() string {
	return `Matches the lines of a statement with the payments in transit, those of payment runs that were released. What arrived is
settled, on the day of its line; what came back is to be paid again.

The forms:
  our own: date,payee,reference,amount,status,item. status is paid or returned; item and reference may be blank, not both
  a bank's: Date,Type,Description,Paid out,Paid in,Balance. The description holds the run's reference and the payee's code
  of PCSE Online: Pay Code,Description,Amount, with --paid-on and --payee

A line is matched by its item, or by payee, reference and amount: of one payment, or of all the payee's of the run together.
A line that matches two is not guessed: then nothing of the file is recorded. Lines that match nothing are listed with the
reason and left out, and the exit code is 1; the others are recorded all the same. The same file again changes nothing.

Examples:

  pcnledger import statement --template > august.csv
  pcnledger import statement august.csv --dry-run
  pcnledger import statement bank.csv --run 61`
}

func (i *importStatement) Run(ctx context.Context, c *cli, t *terminal) error {
	if i.Template {
		_, err := fmt.Fprint(t.out, intake.StatementTemplate)
		return err
	}
	if i.File == "" {
		return usage("name the statement, or print an empty one with --template")
	}
	o, err := i.options()
	if err != nil {
		return err
	}
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer l.Close()
	found, err := i.match(ctx, l, o)
	if err != nil {
		return err
	}
	fmt.Fprint(t.err, found.Summary.String())
	return i.record(ctx, t, l, found)
}

// options are what the flags say.
func (i *importStatement) options() (o intake.StatementOptions, err error) {
	o.Run = i.Of
	if o.PaidOn, err = optionalDate("--paid-on", i.PaidOn); err != nil {
		return o, err
	}
	if i.Payee != "" {
		if o.Payee, err = domain.ParseBody(i.Payee); err != nil {
			return o, usage("--payee: %s", err)
		}
	}
	return o, nil
}

// match reads the statement and matches it with what the ledger waits for.
func (i *importStatement) match(ctx context.Context, l *ledger.Ledger, o intake.StatementOptions) (intake.Reconciled, error) {
	file, err := os.Open(i.File)
	if err != nil {
		return intake.Reconciled{}, usage("%s", err)
	}
	defer file.Close()
	var sent transit
	if err := l.Recorded(ctx, sent.apply); err != nil {
		return intake.Reconciled{}, err
	}
	var unread error
	o.Ledger, o.InTransit, o.Ended = l.Views().Ledger.Name, sent.inTransit(), sent.ended
	o.Recorded = func(id string) bool {
		has, err := l.Has(ctx, id)
		if err != nil {
			unread = err
		}
		return has
	}
	found, err := intake.Statement(file, i.File, o)
	if unread != nil {
		return intake.Reconciled{}, unread
	}
	if err != nil {
		return intake.Reconciled{}, usage("%w", err)
	}
	return found, nil
}

// record puts what was matched to the ledger. What was not matched makes the exit code 1, also of a dry run.
func (i *importStatement) record(ctx context.Context, t *terminal, l *ledger.Ledger, found intake.Reconciled) error {
	if i.DryRun {
		fmt.Fprintln(t.err, "Dry run: nothing was recorded.")
	} else if err := t.submitImport(ctx, l, intake.Import{Commands: found.Commands}, i.JSON); err != nil {
		return err
	}
	if len(found.Summary.Unmatched) > 0 {
		return errRefused
	}
	return nil
}

// transit is the payments of runs that were released, folded from the events: those that are on their way, and those that
// arrived or came back. The zero transit has none.
type transit struct {
	waiting map[sentItem]intake.InTransit
	ended   []intake.Ended
}

// A sentItem is an item of a payment run. One that came back may be in a further run.
type sentItem struct {
	run  int64
	item domain.ItemID
}

func (s *transit) apply(r domain.Recorded) {
	switch e := r.Event.(type) {
	case domain.PaymentRunReleased:
		s.release(e, r.Effective)
	case domain.PaymentSettled:
		for _, line := range e.Lines {
			s.end(line.Run, line, intake.Ended{Event: r.Number, On: r.Effective})
		}
	case domain.PaymentFailed:
		for _, line := range e.Lines {
			s.end(e.Run, line, intake.Ended{Event: r.Number, On: r.Effective, Returned: true})
		}
	case domain.EntryReversed:
		s.reverse(e)
	}
}

func (s *transit) release(e domain.PaymentRunReleased, on domain.Date) {
	if s.waiting == nil {
		s.waiting = map[sentItem]intake.InTransit{}
	}
	for _, line := range e.Lines {
		key := sentItem{e.Run, line.Item}
		sent := s.waiting[key]
		s.waiting[key] = intake.InTransit{
			Run: e.Run, Reference: e.Reference, Item: line.Item, Payee: line.Payee, Pence: sent.Pence + line.Pence, Released: on,
		}
	}
}

// end takes a line out of transit. One that is of no run never was in it.
func (s *transit) end(run int64, line domain.SettledLine, as intake.Ended) {
	key := sentItem{run, line.Item}
	sent, ok := s.waiting[key]
	if !ok {
		return
	}
	as.InTransit = sent
	as.Pence = line.Pence
	s.ended = append(s.ended, as)
	if sent.Pence -= line.Pence; sent.Pence > 0 {
		s.waiting[key] = sent
	} else {
		delete(s.waiting, key)
	}
}

// reverse takes back what a reversed entry did: a release, or that payments arrived or came back.
func (s *transit) reverse(e domain.EntryReversed) {
	if released, ok := e.Was.Event.(domain.PaymentRunReleased); ok {
		maps.DeleteFunc(s.waiting, func(key sentItem, _ intake.InTransit) bool { return key.run == released.Run })
		return
	}
	s.ended = slices.DeleteFunc(s.ended, func(p intake.Ended) bool {
		if p.Event != e.Entry {
			return false
		}
		key, back := sentItem{p.Run, p.Item}, p.InTransit
		back.Pence += s.waiting[key].Pence
		s.waiting[key] = back
		return true
	})
}

// inTransit lists the payments that are on their way, in no order.
func (s *transit) inTransit() []intake.InTransit { return slices.Collect(maps.Values(s.waiting)) }
