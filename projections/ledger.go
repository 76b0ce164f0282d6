package projections

import (
	"time"

	"pcnledger/domain"
)

// Ledger holds the facts of the ledger itself.
type Ledger struct {
	Name         string
	Commissioner domain.Body
	Kind         domain.LedgerKind
	Number       int64     // of the last event; 0 while nothing is recorded
	Time         time.Time // of the last event, in UTC
	Warnings     []Warning // in the order of their events
	Keys         []Key     `json:",omitzero"` // in the order of their events
	Officers     int       `json:",omitzero"` // appointments of officers, ended ones too; 0 while whoever opens the ledger may record
	Governed     int64     `json:",omitzero"` // number of the event that appointed the first; 0 while there is none
}

// A Key is what signs the ledger's commits from a number on.
type Key struct {
	Number int64 // of the event that began it
	domain.KeyRotated
}

// A Warning is what an event was recorded in spite of.
type Warning struct {
	Number  int64
	Subject string // fund/NR-PCN-2018
	Text    string
}

// Date returns the London date of the last event, or no date while nothing is recorded.
func (l Ledger) Date() domain.Date {
	if l.Number == 0 {
		return ""
	}
	return domain.DateIn(l.Time)
}

func (l *Ledger) apply(r *record) {
	l.Number, l.Time = r.Number, r.Time.UTC()
	switch e := r.Event.(type) {
	case domain.LedgerCreated:
		l.Name, l.Commissioner, l.Kind = e.Ledger, e.Commissioner, e.Kind
	case domain.KeyRotated:
		l.Keys = append(l.Keys, Key{r.Number, e})
	case domain.OfficerAppointed:
		l.Officers++
		if l.Governed == 0 {
			l.Governed = r.Number
		}
	}
	for _, text := range domain.WarningsOf(r.Event) {
		l.Warnings = append(l.Warnings, Warning{r.Number, r.Event.Subject(), text})
	}
}
