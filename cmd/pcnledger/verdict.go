package main

import (
	"fmt"
	"io"
	"time"

	"pcnledger/eventstore"
	"pcnledger/eventstore/proof"
)

// A verdict is what verify found of a ledger or an archive, as it prints it. Members are only ever added.
type verdict struct {
	OK           bool             `json:"ok"`               // false is exit code 3
	Problem      *problem         `json:"problem,omitzero"` // there if it is not
	Ledger       string           `json:"ledger,omitzero"`  //
	Generation   int              `json:"generation,omitzero"`
	Archive      string           `json:"archive,omitzero"` // the directory, if it was one
	Events       int64            `json:"events,omitzero"`
	Commits      int64            `json:"commits,omitzero"`
	Last         string           `json:"last,omitzero"`       // when the last event was recorded
	Root         string           `json:"root,omitzero"`       // of the tree over all events
	From         int64            `json:"from,omitzero"`       // number from which on signatures were verified
	SignedFrom   int64            `json:"signedfrom,omitzero"` // number of the first event that is signed
	Signatures   int64            `json:"signatures"`          // that were verified
	Keys         []keyFound       `json:"keys,omitzero"`
	Checkpoints  int              `json:"checkpoints"`
	Newest       *checkpointFound `json:"newest,omitzero"`
	Cosignatures []cosignature    `json:"cosignatures,omitzero"`
	Kept         *checkpointFound `json:"kept,omitzero"` // the checkpoint that was given, if what is there continues it
	Covered      int64            `json:"covered"`       // number up to which a witness, or the checkpoint that was kept, covers it
	NotProved    []string         `json:"notproved,omitzero"`
}

// A problem is why a verdict is not OK.
type problem struct {
	Number int64  `json:"number,omitzero"` // from which on it is wrong, if that is known
	What   string `json:"what"`
	Remedy string `json:"remedy"`
}

type keyFound struct {
	From int64  `json:"from"`
	Key  string `json:"key"`
	Lost bool   `json:"lost,omitzero"` // the key before did not sign for it

	id string
}

type checkpointFound struct {
	Origin string `json:"origin"`
	Number int64  `json:"number"`
	Root   string `json:"root"`
}

type cosignature struct {
	Witness string `json:"witness"`
	At      string `json:"at"`
	Number  int64  `json:"number"`
}

// fill takes over what was found.
func (v *verdict) fill(found eventstore.Verification) {
	v.Ledger, v.Generation, v.Events, v.Commits = found.Ledger, found.Generation, found.Events, found.Commits
	v.Last, v.Root = found.Last.UTC().Format("2006-01-02T15:04:05.000Z"), found.Root.String()
	v.From, v.SignedFrom, v.Signatures, v.Checkpoints = found.From, found.SignedFrom, found.Signatures, len(found.Checkpoints)
	for _, held := range found.Keys {
		v.Keys = append(v.Keys, keyFound{held.From, held.Key.String(), held.Lost, held.Key.ID()})
	}
	for _, note := range found.Checkpoints {
		if v.Newest == nil || note.Size >= v.Newest.Number {
			v.Newest = &checkpointFound{note.Origin, note.Size, note.Root.String()}
		}
	}
}

// cosigned takes over the cosignatures: of the witnesses that were given, or else of those that are listed.
func (v *verdict) cosigned(found eventstore.Verification, given []proof.WitnessKey) error {
	for _, note := range found.Checkpoints {
		if len(given) > 0 {
			var err error
			if note, err = proof.OpenNote(note.Text, publicKeys(found.Keys), given); err != nil {
				return fmt.Errorf("the checkpoint of %d events: %w", note.Size, err)
			}
		}
		v.Cosignatures = append(v.Cosignatures, cosignaturesOf(note)...)
	}
	return nil
}

func cosignaturesOf(note proof.Note) (all []cosignature) {
	for _, w := range witnessed(note) {
		all = append(all, cosignature{w.Name, w.At.UTC().Format(time.RFC3339), w.Size})
	}
	return all
}

// covered is the number up to which somebody else than the ledger vouches.
func (v *verdict) covered() (number int64) {
	for _, c := range v.Cosignatures {
		number = max(number, c.Number)
	}
	if v.Kept != nil {
		number = max(number, v.Kept.Number)
	}
	return number
}

// unproved lists, in plain sentences, what the verdict leaves open.
func unproved(found eventstore.Verification, v *verdict, key proof.PublicKey, witnesses []proof.WitnessKey) (open []string) {
	v.Covered = v.covered()
	say := func(format string, args ...any) { open = append(open, fmt.Sprintf(format, args...)) }
	switch {
	case v.Covered == 0:
		say("That its keeper did not write it anew: no witness cosigned it, so it is proved against accident, not against a fraud by whoever holds the key.")
	case v.Covered < v.Events:
		say("That its keeper did not write numbers %d to %d anew: nobody outside saw them yet.", v.Covered+1, v.Events)
	}
	if len(v.Cosignatures) > 0 && len(witnesses) == 0 {
		say("That the witnesses are who they say: their keys were taken from this machine. Give the keys that they published with --witness.")
	}
	switch {
	case v.SignedFrom == 0:
		say("Who wrote any of it: the ledger has no key. Give it one: pcnledger rotate-key")
	case key == (proof.PublicKey{}):
		say("That the key is the ledger's: it was taken from the log itself. Give the one that was printed when the ledger was made with --key.")
	}
	if v.SignedFrom > 1 {
		say("Who wrote numbers 1 to %d: they were recorded before the ledger had a key. The signature of number %d covers them as they stood then.", v.SignedFrom-1, v.SignedFrom)
	}
	if v.From > 1 {
		say("Who wrote numbers 1 to %d: their signatures were not verified. The signature of number %d covers them as they stood then.", v.From-1, v.From)
	}
	for i, held := range found.Keys {
		if held.Lost {
			say("THE KEY %s WAS LOST: that numbers from %d on are by the same hands as those before. Nothing but the recorded word of an officer joins the key %s to it.",
				found.Keys[max(i-1, 0)].Key.ID(), held.From, held.Key.ID())
		}
	}
	if len(found.Keys) > 0 && found.Keys[0].Key == proof.DemoKey(found.Ledger).Public() {
		say("Anything by its signatures: the key of a demo is known to everybody.")
	}
	return open
}

// print writes the verdict in words.
func (v *verdict) print(out io.Writer) error {
	p := &lines{out: out}
	what := "Ledger " + v.Ledger
	if v.Archive != "" {
		what = "The archive of ledger " + v.Ledger + " in " + v.Archive
	}
	p.say("%s is whole: numbers 1 to %d in %d commits, generation %d.\n", what, v.Events, v.Commits, v.Generation)
	p.fact("root", "%s", v.Root)
	p.fact("last event", "recorded at %s", v.Last)
	if v.SignedFrom == 0 {
		p.fact("signatures", "none: the ledger has no key")
	} else {
		p.fact("signatures", "%d verified, from number %d on; commits are signed from number %d on", v.Signatures, v.From, v.SignedFrom)
	}
	for _, key := range v.Keys {
		p.fact("key", "from number %d: %s%s", key.From, key.Key, lost(key))
	}
	if v.Newest == nil {
		p.fact("checkpoints", "none")
	} else {
		p.fact("checkpoints", "%d, each consistent with the newest, which goes up to number %d", v.Checkpoints, v.Newest.Number)
	}
	for _, c := range v.Cosignatures {
		p.fact("cosigned", "by %s at %s, up to number %d", c.Witness, c.At, c.Number)
	}
	if v.Kept != nil {
		p.fact("kept", "the checkpoint that you kept is continued: numbers 1 to %d are what they were", v.Kept.Number)
	}
	p.notProved(v.NotProved)
	return p.err
}

func lost(key keyFound) string {
	if key.Lost {
		return "  THE KEY BEFORE WAS LOST"
	}
	return ""
}

// lines writes lines until one cannot be written.
type lines struct {
	out io.Writer
	err error
}

func (l *lines) say(format string, args ...any) {
	if l.err == nil {
		_, l.err = fmt.Fprintf(l.out, format+"\n", args...)
	}
}

func (l *lines) fact(name, format string, args ...any) {
	l.say("%-14s%s", name, fmt.Sprintf(format, args...))
}

// notProved writes what a verification leaves open.
func (l *lines) notProved(open []string) {
	if len(open) == 0 {
		return
	}
	l.say("\nNot proved by this:")
	for _, sentence := range open {
		l.say("  - %s", sentence)
	}
}
