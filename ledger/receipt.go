package ledger

import (
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"pcnledger/domain"
)

// An Outcome says what became of a command.
type Outcome string

// The outcomes.
const (
	Recorded  Outcome = "recorded"  // on disk, now
	Held      Outcome = "held"      // on disk, now, as a request that waits for a second person
	Repeated  Outcome = "repeated"  // on disk since an earlier time; this is that receipt again
	Refused   Outcome = "refused"   // a rule forbids it; nothing was recorded
	Unchanged Outcome = "unchanged" // it is so already; nothing was recorded
	Unknown   Outcome = "unknown"   // the log did not answer: run the same command again
)

// A Receipt answers a command. First and Last are the numbers of its events, Time is when they were recorded; all three
// are absent where nothing was.
type Receipt struct {
	Command  string          `json:"command"`
	Outcome  Outcome         `json:"outcome"`
	First    int64           `json:"first,omitzero"`
	Last     int64           `json:"last,omitzero"`
	Time     time.Time       `json:"time,omitzero"`
	Root     string          `json:"root,omitzero"`    // of the log at the end of the commit, in base64
	Digest   string          `json:"digest,omitzero"`  // of the effect that has to be approved; the request is First
	Why      string          `json:"why,omitzero"`     // it needs a second person
	Expires  domain.Date     `json:"expires,omitzero"` // the last day on which it can be approved
	Warnings []string        `json:"warnings,omitzero"`
	Refusal  *domain.Refusal `json:"refusal,omitzero"`
}

// receiptOfFacts is the receipt of what a command causes, as far as it is known before it is recorded.
func receiptOfFacts(id string, facts []domain.Recorded) Receipt {
	r := Receipt{Command: id, Outcome: Recorded}
	for _, fact := range facts {
		r.note(fact)
	}
	return r
}

// note adds what an event says beside what it records: its warnings, and that it waits for a second person.
func (r *Receipt) note(fact domain.Recorded) {
	if held, is := fact.Event.(domain.RequestHeld); is {
		if r.Outcome == Recorded {
			r.Outcome = Held
		}
		r.Digest, r.Why, r.Expires = held.Digest, held.Why, held.Expires
	}
	if fact.Period != "" && fact.Period != domain.PeriodOf(fact.Effective) {
		r.Warnings = append(r.Warnings, fmt.Sprintf("dated %s, it is in period %s", fact.Effective, fact.Period))
	}
	r.Warnings = append(r.Warnings, domain.WarningsOf(fact.Event)...)
}

// MarshalJSON writes the time as the log does: UTC, always with three digits of milliseconds.
func (r Receipt) MarshalJSON() ([]byte, error) {
	written := struct {
		Command  string          `json:"command"`
		Outcome  Outcome         `json:"outcome"`
		First    int64           `json:"first,omitzero"`
		Last     int64           `json:"last,omitzero"`
		Time     string          `json:"time,omitzero"`
		Root     string          `json:"root,omitzero"`
		Digest   string          `json:"digest,omitzero"`
		Why      string          `json:"why,omitzero"`
		Expires  domain.Date     `json:"expires,omitzero"`
		Warnings []string        `json:"warnings,omitzero"`
		Refusal  *domain.Refusal `json:"refusal,omitzero"`
	}{r.Command, r.Outcome, r.First, r.Last, "", r.Root, r.Digest, r.Why, r.Expires, r.Warnings, r.Refusal}
	if !r.Time.IsZero() {
		written.Time = r.Time.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	return json.Marshal(written)
}

// receiptFor turns what deciding said against a command into its receipt. An error that is no outcome is returned.
func receiptFor(id string, err error) (Receipt, error) {
	var refusal *domain.Refusal
	switch {
	case errors.As(err, &refusal):
		return Receipt{Command: id, Outcome: Refused, Refusal: refusal}, nil
	case errors.Is(err, domain.ErrUnchanged):
		return Receipt{Command: id, Outcome: Unchanged}, nil
	}
	return Receipt{}, err
}
