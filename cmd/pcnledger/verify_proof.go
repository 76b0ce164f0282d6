package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pcnledger/eventstore"
	"pcnledger/eventstore/proof"
)

// A proofVerdict is what verify found of a proof, as it prints it. Members are only ever added.
type proofVerdict struct {
	OK           bool             `json:"ok"`               // false is exit code 3
	Problem      *problem         `json:"problem,omitzero"` // there if it is not
	Proof        string           `json:"proof"`            // inclusion or consistency
	Ledger       string           `json:"ledger,omitzero"`
	Event        jsontext.Value   `json:"event,omitzero"`   // of inclusion: as it stands in the log
	Earlier      *checkpointFound `json:"earlier,omitzero"` // of consistency: where it begins
	Checkpoint   *checkpointFound `json:"checkpoint,omitzero"`
	SignedBy     []string         `json:"signedby,omitzero"` // the keys of the checkpoint
	Cosignatures []cosignature    `json:"cosignatures,omitzero"`
	NotProved    []string         `json:"notproved,omitzero"`
}

// fail notes why the proof does not hold, unless something else was found before.
func (p *proofVerdict) fail(remedy, format string, args ...any) {
	if p.Problem == nil {
		p.Problem = &problem{What: fmt.Sprintf(format, args...), Remedy: remedy}
	}
}

const (
	askAgain   = "Ask for the proof again, with the newest checkpoint; and see that the key is the ledger's. If it fails once more, keep it for the auditor"
	ledgerSwap = "The ledger that gave this proof is not the one that is here, or it was rewritten since: keep both for the auditor"
)

// trusted is what a proof is held against: the key that was given, or the ledger at hand.
type trusted struct {
	keys      []proof.PublicKey
	witnesses []proof.WitnessKey
	log       *eventstore.Log // nil where the key was given
}

func (v *verifyCommand) proof(ctx context.Context, c *cli, t *terminal) error {
	text, err := os.ReadFile(v.Proof)
	if err != nil {
		return usage("%s", err)
	}
	against := trusted{witnesses: v.witnesses}
	if v.Key != "" {
		key, err := v.given()
		if err != nil {
			return err
		}
		against.keys = []proof.PublicKey{key}
	} else {
		log, err := c.openLog(ctx, false)
		if errors.Is(err, eventstore.ErrNoLedger) {
			return usage("there is no ledger here to take the key from: give the ledger's public key with --key")
		}
		if err != nil {
			return err
		}
		defer log.Close()
		if err := against.takeFrom(log); err != nil {
			return err
		}
	}
	out, err := v.check(ctx, text, against)
	if err != nil {
		return err
	}
	return t.proofVerdict(out, v.JSON)
}

// takeFrom trusts the keys of a log, and the witnesses that are listed for it unless others are named.
func (a *trusted) takeFrom(log *eventstore.Log) (err error) {
	a.log, a.keys = log, publicKeys(log.Keys())
	if len(a.witnesses) == 0 {
		a.witnesses, err = log.Witnesses()
	}
	return err
}

func (t *terminal) proofVerdict(out *proofVerdict, asJSON bool) (err error) {
	out.OK = out.Problem == nil
	if asJSON {
		err = t.json(out)
	} else if out.OK {
		p := &lines{out: t.out}
		out.print(p)
		err = p.err
	}
	if err == nil && !out.OK {
		err = fmt.Errorf("%s. %s", out.Problem.What, out.Problem.Remedy)
	}
	return err
}

// check reads a proof of either kind and checks it.
func (v *verifyCommand) check(ctx context.Context, text []byte, against trusted) (*proofVerdict, error) {
	var out *proofVerdict
	var note proof.Note
	var err error
	if bytes.HasPrefix(text, []byte("old ")) {
		out, note, err = v.consistency(text, against)
	} else {
		out, note, err = v.inclusion(text, against)
	}
	if err != nil || out.Problem != nil {
		return out, err
	}
	out.Ledger = note.Ledger()
	out.Checkpoint = &checkpointFound{note.Origin, note.Size, note.Root.String()}
	for _, key := range note.SignedBy {
		out.SignedBy = append(out.SignedBy, key.String())
	}
	out.Cosignatures = cosignaturesOf(note)
	if err := against.compare(ctx, out, note.Checkpoint); err != nil {
		return out, err
	}
	against.leaveOpen(out, note)
	return out, nil
}

func (v *verifyCommand) inclusion(text []byte, against trusted) (*proofVerdict, proof.Note, error) {
	if v.Checkpoint != "" {
		return nil, proof.Note{}, usage("--checkpoint goes with the proof that the log continues an earlier one; %s is of an event", v.Proof)
	}
	read, err := proof.ParseInclusion(text)
	if err != nil {
		return nil, proof.Note{}, usage("%s: %s", v.Proof, err)
	}
	out := &proofVerdict{Proof: "inclusion"}
	note, err := read.Check(against.keys, against.witnesses)
	if err != nil {
		out.fail(askAgain, "the proof in %s does not hold: %v", v.Proof, err)
		return out, note, nil
	}
	// The tree knows places and bytes. That the line says of itself what the place says is compared here.
	var event eventstore.Event
	if err := json.Unmarshal(read.Line, &event); err != nil || event.Number != read.Number || event.Source != "urn:pcnledger:"+note.Ledger() {
		out.fail(askAgain, "the proof in %s is of place %d of %s, but its line says otherwise: number %d of %s", v.Proof, read.Number, note.Origin, event.Number, event.Source)
		return out, note, nil
	}
	out.Event = read.Line
	return out, note, nil
}

func (v *verifyCommand) consistency(text []byte, against trusted) (*proofVerdict, proof.Note, error) {
	read, err := proof.ParseConsistency(text)
	if err != nil {
		return nil, proof.Note{}, usage("%s: %s", v.Proof, err)
	}
	out := &proofVerdict{Proof: "consistency"}
	said, err := proof.ReadCheckpoint(read.Note)
	if err != nil {
		return nil, proof.Note{}, usage("%s: %s", v.Proof, err)
	}
	earlier := proof.Checkpoint{Origin: said.Origin, Root: proof.EmptyRoot()}
	switch {
	case v.Checkpoint == "" && read.Old > 0:
		return nil, proof.Note{}, usage("%s proves that the log continues one of %d events: give the checkpoint of those with --checkpoint", v.Proof, read.Old)
	case v.Checkpoint != "":
		if earlier, err = v.earlier(out, against); err != nil {
			return nil, proof.Note{}, err
		}
	}
	note, err := read.Check(earlier, against.keys, against.witnesses)
	if err != nil {
		out.fail(askAgain+", because the ledger may have been rewritten", "the proof in %s does not hold: %v", v.Proof, err)
	}
	out.Earlier = &checkpointFound{earlier.Origin, earlier.Size, earlier.Root.String()}
	return out, note, nil
}

// earlier reads the checkpoint from which a proof of consistency begins. Whoever kept it knows whether it is genuine; that
// it is not signed with a key that is known is said.
func (v *verifyCommand) earlier(out *proofVerdict, against trusted) (proof.Checkpoint, error) {
	text, err := os.ReadFile(v.Checkpoint)
	if err != nil {
		return proof.Checkpoint{}, usage("%s", err)
	}
	kept, err := proof.ReadCheckpoint(text)
	if err != nil {
		return kept, usage("%s is no checkpoint: %s", v.Checkpoint, err)
	}
	switch _, err := proof.OpenNote(text, against.keys, against.witnesses); {
	case errors.Is(err, proof.ErrNotSigned):
		out.NotProved = append(out.NotProved, fmt.Sprintf("That the checkpoint in %s is the ledger's: it is signed with another key. Rely on it only if you kept it yourself.", v.Checkpoint))
	case err != nil:
		out.fail("Use the checkpoint as you were given it", "the checkpoint in %s is not genuine: %v", v.Checkpoint, err)
	}
	return kept, nil
}

// compare holds the checkpoint of a proof against the ledger at hand, if there is one.
func (a trusted) compare(ctx context.Context, out *proofVerdict, said proof.Checkpoint) error {
	if a.log == nil {
		return nil
	}
	if last, _ := a.log.Last(); said.Size > last {
		out.fail(ledgerSwap, "the proof leads to a checkpoint of %d events, but the ledger here has %d", said.Size, last)
		return nil
	}
	root, err := rootAt(ctx, func(ctx context.Context, fn func(eventstore.Commit) error) error { return a.log.Read(ctx, 1, fn) }, said.Size)
	if err == nil && root != said.Root {
		out.fail(ledgerSwap, "the proof leads to a checkpoint of %d events with the root %s, but the ledger here has %s", said.Size, said.Root, root)
	}
	return err
}

// leaveOpen says what the proof does not prove.
func (a trusted) leaveOpen(out *proofVerdict, note proof.Note) {
	say := func(sentence string) { out.NotProved = append(out.NotProved, sentence) }
	if len(note.Cosignatures) == 0 {
		say("That others are shown the same ledger: no witness cosigned this checkpoint, so it is proved against accident, not against a fraud by whoever holds the key.")
	}
	if a.log != nil {
		say("That the key is the ledger's: it was taken from the ledger here. Give the one that was printed when the ledger was made with --key.")
	}
	if out.Earlier != nil && out.Earlier.Number == 0 {
		say("Anything about the past: it begins with nothing.")
	}
	for _, key := range note.SignedBy {
		if key == proof.DemoKey(note.Ledger()).Public() {
			say("Anything by its signature: the key of a demo is known to everybody.")
		}
	}
}

func (p *proofVerdict) print(l *lines) {
	if p.Event != nil {
		l.say("The event is recorded in ledger %s, as it stands here:\n\n%s\n", p.Ledger, p.Event)
	} else {
		l.say("The log of ledger %s up to number %d continues the log up to number %d: nothing of that was changed, removed or put in between.\n",
			p.Ledger, p.Checkpoint.Number, p.Earlier.Number)
		l.fact("earlier", "%s up to number %d", p.Earlier.Origin, p.Earlier.Number)
		l.fact("root", "%s", p.Earlier.Root)
	}
	l.fact("checkpoint", "%s up to number %d", p.Checkpoint.Origin, p.Checkpoint.Number)
	l.fact("root", "%s", p.Checkpoint.Root)
	for _, key := range p.SignedBy {
		l.fact("signed", "with %s", key)
	}
	for _, c := range p.Cosignatures {
		l.fact("cosigned", "by %s at %s, up to number %d", c.Witness, c.At, c.Number)
	}
	l.notProved(p.NotProved)
}
