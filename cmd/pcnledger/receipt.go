package main

import (
	"fmt"
	"strings"

	"pcnledger/ledger"
)

// receipt prints a receipt: a line for people, or one line of JSON. Where says which line of which file it answers.
func (t *terminal) receipt(r ledger.Receipt, where string, asJSON bool) error {
	if asJSON {
		return t.json(r)
	}
	_, err := fmt.Fprint(t.out, receiptText(r, where))
	return err
}

// receiptText is a receipt in words: what became of the command, and, if it was refused, why and what would help.
func receiptText(r ledger.Receipt, where string) string {
	var b strings.Builder
	if where != "" {
		where += "  "
	}
	fmt.Fprintf(&b, "%s%s  %s", where, r.Command, r.Outcome)
	switch {
	case r.First > 0 && r.First == r.Last:
		fmt.Fprintf(&b, "  event %d", r.First)
	case r.First > 0:
		fmt.Fprintf(&b, "  events %d to %d", r.First, r.Last)
	}
	switch r.Outcome {
	case ledger.Held:
		b.WriteString(heldText(r))
	case ledger.Refused:
		fmt.Fprintf(&b, "  %s\n    %s\n    What would help: %s", r.Refusal.Rule, r.Refusal.Reason, r.Refusal.Remedy)
		for _, f := range r.Refusal.Figures {
			fmt.Fprintf(&b, "\n      %-32s %18s", f.Name, f.Pence)
		}
	case ledger.Unchanged:
		b.WriteString("  it is so already")
	case ledger.Repeated:
		if r.Digest != "" {
			fmt.Fprintf(&b, "\n    It was held as request %d; what became of it: pcnledger show approvals", r.First)
		}
	case ledger.Unknown:
		b.WriteString("  the log did not answer: run the same command again")
	}
	for _, warning := range r.Warnings {
		fmt.Fprintf(&b, "\n    Warning: %s", warning)
	}
	b.WriteString("\n")
	return b.String()
}

// heldText says of a command that is held why, and what another officer has to give so that it is carried out. That officer
// looks at what it would do before: the digest is of that.
func heldText(r ledger.Receipt) string {
	return fmt.Sprintf(`
    Request %d waits for a second person until %s: %s
    Digest %s
    What to do: look at what it would do (pcnledger show approvals), and have another officer put this to the ledger, with an id
    of its own, under its own login:
      {"id":"approve-%[1]d","command":"Approve","data":{"request":%[1]d,"digest":"%[4]s"}}`, r.First, r.Expires, r.Why, r.Digest)
}
