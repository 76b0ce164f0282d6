package ledger

import (
	"context"
	"errors"
	"time"

	"pcnledger/domain"
	"pcnledger/eventstore"
	"pcnledger/eventstore/proof"
)

// initID is the command id of LedgerCreated; no other command may have it.
const initID = "init"

// Create begins a ledger with LedgerCreated as its event 1 and, in the same commit, the key that signs it as event 2.
// Asked again with the same words it answers repeated; where another ledger of that name is, it is refused. Script stamps
// a demo; it is nil for a live ledger.
func Create(ctx context.Context, o Options, c domain.CreateLedger, script *Script) (Receipt, error) {
	receipts, err := create(ctx, o, founding{CreateLedger: c, script: script})
	if err != nil {
		return Receipt{}, err
	}
	return receipts[0], nil
}

// CreateGoverned is [Create] for a ledger that has its first officer from the beginning: an administrator, appointed as event
// 3 in the same commit. The second receipt answers that. Where the ledger was created before and has no officers yet, the
// administrator is appointed now; where it has, that is refused.
func CreateGoverned(ctx context.Context, o Options, c domain.CreateLedger, script *Script, a Administrator) ([]Receipt, error) {
	return create(ctx, o, founding{c, script, &a})
}

// A founding is what a ledger begins with.
type founding struct {
	domain.CreateLedger
	script        *Script
	administrator *Administrator // nil for none
}

func create(ctx context.Context, o Options, f founding) ([]Receipt, error) {
	stamp, err := firstStamp(o, f.Kind, f.script)
	if err != nil {
		return nil, err
	}
	sent, err := ownCommand(initID, f.CreateLedger, stamp.Actor)
	if err != nil {
		return nil, err
	}
	state := &domain.Ledger{}
	made, err := new(decider).decide(state, sent, stamp, nil)
	if err != nil {
		return oneReceipt(receiptFor(initID, err))
	}
	state.Apply(made.facts[0])
	log, commit, err := eventstore.Create(ctx, o.store(), eventstore.Founding{
		Key:     func() (*proof.Key, error) { return mintKey(f.CreateLedger) },
		Entries: func(key proof.PublicKey) ([]eventstore.Entry, error) { return f.entries(state, made, key, stamp) },
	})
	if errors.Is(err, eventstore.ErrExists) {
		return f.createdBefore(ctx, o, sent, stamp)
	}
	var refusal *domain.Refusal
	if errors.As(err, &refusal) {
		return []Receipt{{Command: administratorID, Outcome: Refused, Refusal: refusal}}, nil
	}
	if err != nil {
		return nil, err
	}
	receipts := []Receipt{receiptOf(Recorded, commit.Events[:1])}
	if f.administrator != nil {
		receipts = append(receipts, receiptOf(Recorded, commit.Events[2:]))
	}
	for i := range receipts {
		receipts[i].Root = log.Root().String()
	}
	return receipts, log.Close()
}

// ownCommand is a command that the programme itself gives, under an id that is its own.
func ownCommand(id string, c domain.Command, actor string) (prepared, error) {
	p := prepared{Command: Encode(id, c, ""), command: c, own: true}
	var err error
	p.hash, err = eventstore.CommandHash(actor, p.Name, p.Data, "")
	return p, err
}

func oneReceipt(r Receipt, err error) ([]Receipt, error) {
	if err != nil {
		return nil, err
	}
	return []Receipt{r}, nil
}

// entries are those of the first commit: the ledger, its key, and the first officer if there is to be one. The state is that
// after the first of them.
func (f founding) entries(state *domain.Ledger, created decided, key proof.PublicKey, stamp domain.Stamp) ([]eventstore.Entry, error) {
	entries := created.entries[:1:1]
	stamp.Number++
	keyed, err := firstKey(state, key, stamp)
	if err != nil {
		return nil, err
	}
	entries = append(entries, keyed.entries...)
	if f.administrator == nil {
		return entries, nil
	}
	state.Apply(keyed.facts[0])
	stamp.Number++
	appointed, err := f.administrator.decide(state, stamp)
	return append(entries, appointed.entries...), err
}

func firstStamp(o Options, kind domain.LedgerKind, script *Script) (domain.Stamp, error) {
	if (script != nil) != (kind == domain.KindDemo) {
		return domain.Stamp{}, errors.New("a demo ledger is created by a script, a live one never is")
	}
	stamp := domain.Stamp{Number: 1, Time: time.Now().UTC().Truncate(time.Millisecond), Actor: o.Actor, Auth: authLogin}
	if script != nil {
		stamp.Time, stamp.Actor, stamp.Auth = script.At, script.Actor, authDemo
	}
	return stamp, nil
}

// createdBefore answers a second init: the first receipts if it asks for the same ledger, else a refusal.
func (f founding) createdBefore(ctx context.Context, o Options, sent prepared, stamp domain.Stamp) ([]Receipt, error) {
	l, err := Open(ctx, o)
	if err != nil {
		return nil, err
	}
	defer l.Close()
	receipt, found, err := l.lookUp(ctx, sent, stamp.Actor)
	if err != nil {
		return nil, err
	}
	if !found || receipt.Outcome != Repeated {
		created := &domain.Ledger{}
		if err := l.Recorded(ctx, created.Apply); err != nil {
			return nil, err
		}
		_, err = created.Decide(domain.CreateLedger{}, "", domain.Stamp{})
		return oneReceipt(receiptFor(initID, err))
	}
	if f.administrator == nil {
		return []Receipt{receipt}, nil
	}
	appointed, err := l.appointFirst(ctx, *f.administrator, stamp)
	if err != nil {
		return nil, err
	}
	return []Receipt{receipt, appointed}, nil
}
