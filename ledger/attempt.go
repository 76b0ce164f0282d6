package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"pcnledger/domain"
)

// An Attempt is a command that was refused because whoever gave it may not do what it asks, rather than for a mistake. It is
// noted beside the ledger, for those who watch over it: once per actor, rule and hour.
type Attempt struct {
	Time    time.Time        `json:"time"` // of deciding, in UTC
	Actor   string           `json:"actor"`
	Auth    string           `json:"auth"`
	Officer domain.OfficerID `json:"officer,omitzero"` // none for an actor who is no officer
	Command string           `json:"command"`          // AllocateFund
	ID      string           `json:"id"`
	Rule    domain.Rule      `json:"rule"`
	Reason  string           `json:"reason"`
}

// attemptsEvery is how long further attempts of an actor against a rule go without a note: enough to see that there are
// some, and no way to fill the disk.
const attemptsEvery = time.Hour

// noteAttempt keeps a refusal in mind that is to be noted once it is answered. It may still be decided again.
func (r *request) noteAttempt(c prepared, receipt Receipt, stamp domain.Stamp, state *domain.Ledger) {
	if receipt.Refusal == nil || !receipt.Refusal.Rule.Forbidden() {
		return
	}
	if r.attempts == nil {
		r.attempts = map[int]Attempt{}
	}
	r.attempts[len(r.receipts)] = Attempt{
		Time: stamp.Time.UTC(), Actor: stamp.Actor, Auth: stamp.Auth, Officer: state.OfficerOf(stamp),
		Command: c.Name, ID: c.ID, Rule: receipt.Refusal.Rule, Reason: receipt.Refusal.Reason,
	}
}

// noteAttempts notes what was forbidden among the answers of a request that has ended. A note that cannot be written changes
// no answer: it is logged, and what is left of the request is not tried.
func (l *Ledger) noteAttempts(r *request) {
	noted := map[domain.Rule]time.Time{}
	for i, receipt := range r.receipts {
		a, forbidden := r.attempts[i]
		if !forbidden || receipt.Refusal == nil || receipt.Refusal.Rule != a.Rule { // it was decided again, to another end
			continue
		}
		if before, met := noted[a.Rule]; met && withinHour(before, a.Time) {
			continue
		}
		noted[a.Rule] = a.Time
		if err := l.note(a); err != nil {
			l.logger.Error("an attempt at what is forbidden could not be noted", "actor", a.Actor, "command", a.ID, "rule", a.Rule, "err", err)
			return
		}
	}
}

// note stores an attempt, unless one of the same actor against the same rule was noted within the hour.
func (l *Ledger) note(a Attempt) error {
	text, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("encode an attempt: %w", err)
	}
	return l.log.Note(context.Background(), a.token(), text, func(last []byte) bool {
		var before Attempt
		return last == nil || json.Unmarshal(last, &before) != nil || !withinHour(before.Time, a.Time)
	})
}

// withinHour says that two times are less than an hour apart. One that a wrong clock put into the future silences nothing.
func withinHour(a, b time.Time) bool { return a.Sub(b).Abs() < attemptsEvery }

// token files an attempt under its actor and rule. It is a hash, for an actor may be called anything.
func (a Attempt) token() string {
	sum := sha256.Sum256([]byte(a.Actor + "\x00" + string(a.Rule)))
	return hex.EncodeToString(sum[:])
}

// Attempts returns what was noted of commands that were refused because they are forbidden, the oldest first.
func (l *Ledger) Attempts(ctx context.Context) ([]Attempt, error) {
	texts, err := l.log.Notes(ctx)
	if err != nil {
		return nil, err
	}
	attempts := make([]Attempt, len(texts))
	for i, text := range texts {
		if err := json.Unmarshal(text, &attempts[i]); err != nil {
			return nil, fmt.Errorf("note %d of the attempts: %w", i+1, err)
		}
	}
	return attempts, nil
}
