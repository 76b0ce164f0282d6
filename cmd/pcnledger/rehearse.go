package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"pcnledger/domain"
	"pcnledger/ledger"
)

// rehearse says what would become of a command.
func (r *doRun) rehearse(ctx context.Context, command ledger.Command, where string) (stop bool, err error) {
	rehearsed, err := r.rehearsal.Try(ctx, command)
	if err != nil {
		return true, fmt.Errorf("%s: %w; nothing was recorded", where, err)
	}
	r.counts[rehearsed.Receipt.Outcome]++
	stop = rehearsed.Receipt.Outcome == ledger.Refused && !r.KeepGoing
	if r.JSON {
		return stop, r.json(rehearsed)
	}
	_, err = fmt.Fprint(r.out, rehearsedText(rehearsed, where))
	return stop, err
}

// rehearsedText is what would become of a command in words, the events that it would cause, and of an adjustment a table.
func rehearsedText(r ledger.Rehearsed, where string) string {
	var b strings.Builder
	b.WriteString(receiptText(r.Receipt, where))
	if r.Receipt.Why != "" {
		fmt.Fprintf(&b, "    It would wait for a second person: %s\n", r.Receipt.Why)
	}
	events := r.Events
	if len(r.Asked) > 0 {
		events = r.Asked
	}
	for _, e := range events {
		fmt.Fprintf(&b, "    %s", e.Type)
		if e.Effective != "" {
			fmt.Fprintf(&b, " of %s, in %s", e.Effective, e.Period)
		}
		fmt.Fprintf(&b, " %s\n", e.Data)
		if adjusted, is := e.Event.(domain.EntitlementAdjusted); is {
			b.WriteString(adjustedText(adjusted))
		}
	}
	return b.String()
}

// adjustedText is an adjustment as a table: for each payee and month the difference, and what the month stood on and would
// stand on, each by the number of the event that says so.
func adjustedText(e domain.EntitlementAdjusted) string {
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "    payee\tfor\tmonth\tdifference\ta year was\tis\tby rate\tby list\tby count\n")
	for _, line := range e.Lines {
		for _, part := range line.Parts {
			difference := part.Pence
			if line.Of != "" {
				difference = -difference
			}
			fmt.Fprintf(table, "    %s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", line.Payee.Bare(), cmp.Or(line.Practice, line.Beneficiary).Bare(), part.For, difference,
				part.Was.Annual, part.Now.Annual, fromTo(part.Was.Rate, part.Now.Rate), fromTo(part.Was.List, part.Now.List), fromTo(part.Was.Counted, part.Now.Counted))
		}
	}
	table.Flush()
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n") + fmt.Sprintf("    in all %s\n", e.Sum())
}

// fromTo names two events, once if they are the same.
func fromTo(was, now int64) string {
	switch {
	case was == now && was == 0:
		return ""
	case was == now:
		return fmt.Sprint(was)
	}
	return fmt.Sprintf("%d → %d", was, now)
}
