package domain

// ReverseEntry asks that an entry be taken back, line by line, with effect from the effective date. The entry stays. It
// always needs two people.
type ReverseEntry struct {
	Entry  int64  `json:"entry"` // the number of the event
	Reason string `json:"reason"`
}

// EntryReversed says that an entry is taken back: it posts the same lines with the sides exchanged. Was is the entry, and
// Dated and In are its own effective date and period. ToLapsed says that what it had drawn on has lapsed since: it returns
// there.
type EntryReversed struct {
	Entry    int64  `json:"entry"`
	Dated    Date   `json:"dated,omitzero"`
	In       Period `json:"in,omitzero"`
	ToLapsed bool   `json:"tolapsed,omitzero"`
	Reason   string `json:"reason"`
	Was      Was    `json:"was"`
}

// ReplaceEntry asks for a command in the place of an entry that was reversed. It always needs two people.
type ReplaceEntry struct {
	Entry int64 `json:"entry"`
	With  Asked `json:"with"`
}

// EntryReplaced says which event took the place of an entry that was reversed.
type EntryReplaced struct {
	Entry int64 `json:"entry"`
	By    int64 `json:"by"`
}

func (c ReverseEntry) decide(l *Ledger, m moment) (Event, error)       { panic("not built yet") }
func (c ReplaceEntry) decide(l *Ledger, m moment) (Event, error)       { panic("not built yet") }
func (l *Ledger) replacement(c ReplaceEntry, m moment) ([]Fact, error) { panic("not built yet") }
func (l *Ledger) reverse(r Recorded, e EntryReversed)                  { panic("not built yet") }
