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

func (l *Ledger) apply(r domain.Recorded) {
	l.Number, l.Time = r.Number, r.Time.UTC()
	if e, ok := r.Event.(domain.LedgerCreated); ok {
		l.Name, l.Commissioner, l.Kind = e.Ledger, e.Commissioner, e.Kind
	}
	for _, text := range domain.WarningsOf(r.Event) {
		l.Warnings = append(l.Warnings, Warning{r.Number, r.Event.Subject(), text})
	}
}
