package ledger

import (
	"context"
	"fmt"

	"pcnledger/domain"
	"pcnledger/eventstore/proof"
)

// firstKeyID is the command id of the key that a ledger begins with.
const firstKeyID = "init-key"

// mintKey makes the first key of a ledger. That of a demo is known to everybody, so that its reports come out the same
// everywhere; it proves nothing, and all that a demo prints says that it is one.
func mintKey(c domain.CreateLedger) (*proof.Key, error) {
	if c.Kind == domain.KindDemo {
		return proof.DemoKey(c.Ledger), nil
	}
	return proof.NewKey(c.Ledger)
}

// firstKey records the key that a new ledger is signed with.
func firstKey(state *domain.Ledger, key proof.PublicKey, stamp domain.Stamp) (decided, error) {
	p, err := ownCommand(firstKeyID, domain.RotateKey{Key: domain.VerifierKey(key.String())}, stamp.Actor)
	if err != nil {
		return decided{}, err
	}
	return new(decider).decide(state, p, stamp, nil)
}

// A KeyChange asks for another signing key.
type KeyChange struct {
	Lost   bool   // the key in use is not here any more and cannot sign the event
	Reason string // required where it was lost
}

// RotateKey makes another key and records that it signs from the event on. A ledger that was begun before commits were
// signed gets its first key so. An attempt that was interrupted left its key behind: the same key is used, and recorded
// once.
func (l *Ledger) RotateKey(ctx context.Context, change KeyChange) (Receipt, domain.VerifierKey, error) {
	var name string
	var held domain.VerifierKey
	l.mu.RLock()
	name = l.views.Ledger.Name
	if n := len(l.views.Ledger.Keys); n > 0 {
		held = l.views.Ledger.Keys[n-1].Key
	}
	l.mu.RUnlock()
	public, err := l.log.PrepareKey(func() (*proof.Key, error) { return proof.NewKey(name) })
	if err != nil {
		return Receipt{}, "", err
	}
	key := domain.VerifierKey(public.String())
	c := Encode("key-"+key.ID(), domain.RotateKey{Key: key, Lost: change.Lost, Reason: change.Reason}, "")
	p := new(decoder).prepare(c, l.actor)
	p.command, p.wrong = domain.RotateKey{Key: key, Lost: change.Lost, Reason: change.Reason}, nil
	receipts, err := l.submitPrepared(ctx, []prepared{p}, stamper{actor: l.actor, auth: authLogin})
	if err != nil || len(receipts) == 0 {
		return Receipt{}, held, err
	}
	if receipts[0].Outcome == Refused {
		return receipts[0], held, nil
	}
	return receipts[0], key, nil
}

// PublicKey returns the public half of the key that signs the ledger, or an error if there is none yet.
func (l *Ledger) PublicKey() (domain.VerifierKey, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	keys := l.views.Ledger.Keys
	if len(keys) == 0 {
		return "", fmt.Errorf("ledger %s is not signed yet: run rotate-key once", l.views.Ledger.Name)
	}
	return keys[len(keys)-1].Key, nil
}
