package reports

import (
	"strings"

	"pcnledger/projections"
)

// A Checkpoint is a signed statement of how many events a log had, and of the root that its tree had then.
type Checkpoint struct {
	Origin    string // which log: pcnledger/<ledger>/g<generation>
	Size      int64
	Root      string
	SignedBy  []string // the ids of the keys
	Witnessed []Witnessed
}

// Checkpoints is the report of a log's checkpoints, the oldest first. It is in no catalogue: views do not know them.
func Checkpoints(v *projections.Views, o Options, all []Checkpoint) Report {
	t := Table{
		Name: "checkpoints", Title: "Checkpoints by the number up to which they go",
		Empty:   "There is no checkpoint yet. Make one: pcnledger checkpoint",
		Columns: columns(of(KindNumber, "number"), of(KindText, "root", "signed by", "log", "witnessed")),
	}
	for _, c := range all {
		var witnessed []string
		for _, w := range c.Witnessed {
			witnessed = append(witnessed, w.Name+" at "+w.second())
		}
		t.row(Number(c.Size), text(c.Root), text(strings.Join(c.SignedBy, ", ")), text(c.Origin), text(strings.Join(witnessed, "; ")))
	}
	return Report{Name: "checkpoints", Title: "Checkpoints", Heading: headingOf(v, o, Takes{}), Tables: []Table{t}}
}
