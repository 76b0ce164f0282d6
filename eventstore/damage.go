package eventstore

import "fmt"

// Damage reports that a ledger, or its head, is not what was recorded: something is missing, cannot be read, or was put
// there by other hands. An operator must act. Nothing is written to a ledger after damage was found in it.
type Damage struct {
	Ledger   string
	Number   int64  // the first number that is missing or cannot be read; 0 if damage to the head leaves none to name
	Sequence uint64 // where the stream holds that number, or should; 0 if not known
	What     string // what is wrong, with the numbers
	Remedy   string // what to do
}

func (d *Damage) Error() string {
	where := "ledger " + d.Ledger + " is damaged"
	if d.Number > 0 {
		where += fmt.Sprintf(" from number %d on", d.Number)
	}
	if d.Sequence > 0 {
		where += fmt.Sprintf(" (stream sequence %d)", d.Sequence)
	}
	return where + ": " + d.What + ". " + d.Remedy
}

// damage describes a fault of the ledger in o.Dir. The remedy says that the ledger was not written to, not that no file
// was: a server that meets damage which arose while it ran may cut a block off behind it. The copy for the auditor shows
// what is left; the backup is what to go on with.
func (o Options) damage(number int64, sequence uint64, format string, args ...any) *Damage {
	return &Damage{
		Ledger:   o.Ledger,
		Number:   number,
		Sequence: sequence,
		What:     fmt.Sprintf(format, args...),
		Remedy: fmt.Sprintf("The ledger was not written to. Stop; copy the whole of %s away and keep it for the auditor; "+
			"then restore it, heads and jetstream together, from the last backup", o.Dir),
	}
}
