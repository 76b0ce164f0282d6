package reports

import (
	"time"

	"pcnledger/domain"
	"pcnledger/projections"
)

// An Attempt is a command that was refused because whoever gave it may not do what it asks.
type Attempt struct {
	Time    time.Time
	Actor   string
	Auth    string // how the actor proved who it is
	Officer domain.OfficerID
	Command string
	ID      string
	Rule    domain.Rule
	Reason  string
}

// Attempts is the report of what was refused because it is forbidden, the oldest first. It is in no catalogue: it stands
// beside the log, and views do not know it.
func Attempts(v *projections.Views, o Options, all []Attempt) Report {
	t := Table{
		Name: "attempts", Title: "Attempts at what is forbidden",
		Empty: "Nothing is noted: no officer has tried what it may not do, nor anyone who is no officer. Commands that were refused for a " +
			"mistake are not noted.",
		Columns: of(KindText, "time", "actor", "proof", "officer", "command", "id", "rule", "reason"),
	}
	for _, a := range all {
		t.row(text(instant(a.Time)), text(a.Actor), text(a.Auth), text(a.Officer), text(a.Command), text(a.ID), text(a.Rule), text(a.Reason))
	}
	return Report{Name: "attempts", Title: "Attempts", Heading: headingOf(v, o, Takes{}), Tables: []Table{t},
		Closing: []string{"Attempts are noted once per actor, rule and hour. They are no events of the ledger: no number, no signature and no archive covers them."}}
}
