package eventstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"

	"pcnledger/eventstore/proof"
)

// A SnapshotPart is what the caller keeps in a snapshot beside what the log keeps there. The log does not look into it.
type SnapshotPart = snapshotPart

// A Resumption is how a caller takes up what it kept in a snapshot: Take is called with each part, which it must read to
// its end. Begin is called before the first and again should the snapshot be passed over after all; what was taken is then
// to be thrown away.
type Resumption struct {
	Begin func()
	Parts []string
	Take  func(name string, r io.Reader, size int64) error
}

// snapshotPurpose is what a snapshot's seal is for.
const snapshotPurpose = "snapshot"

const sectionKeys = "keys"

// snapshots returns where the ledger's snapshot is, sealed with the private key that lies beside the ledger. Without it no
// snapshot can be told from one that somebody else made, and none is used.
func (l *Log) snapshots() (snapshots, error) {
	key, err := l.options.keyFile().load()
	if err != nil {
		return snapshots{}, err
	}
	if key == nil {
		return snapshots{}, fmt.Errorf("%w: there is no key to seal it", errSnapshot)
	}
	return snapshots{
		dir: l.options.Dir, ledger: l.options.Ledger, generation: l.generation.n,
		seal: func(digest [32]byte) []byte { return []byte(key.SignDigest(snapshotPurpose, digest).String()) },
		sealed: func(digest [32]byte, seal []byte) bool {
			sig, err := proof.ParseSignature(string(seal))
			return err == nil && key.Public().VerifyDigest(snapshotPurpose, digest, sig)
		},
	}, nil
}

// openSnapshot returns the ledger's snapshot, or nil where there is none that can be used. Why not is logged: the log is
// read instead, and nothing else is different.
func (l *Log) openSnapshot(head Head, r *Resumption) *snapshot {
	if r == nil {
		return nil
	}
	s, err := l.snapshots()
	var snap *snapshot
	if err == nil {
		snap, err = s.open(head)
	}
	if err != nil {
		l.passOver(err)
		return nil
	}
	return snap
}

func (l *Log) passOver(why error) {
	if !errors.Is(why, errSnapshotMissing) {
		l.options.logger().Warn("the snapshot is passed over; the log is read from its first event", "ledger", l.options.Ledger, "why", why)
	}
}

// resume takes up what the snapshot holds, if it is of this log. It returns false if the log has to be read from its first
// event.
func (l *Log) resume(ctx context.Context, snap *snapshot, r *Resumption) bool {
	if snap == nil {
		return false
	}
	r.Begin()
	err := l.checkSnapshot(ctx, snap.header)
	if err == nil {
		err = l.takeUp(snap, r)
	}
	if closeErr := snap.close(); err == nil {
		err = closeErr
	}
	if l.resumed = err == nil; l.resumed {
		return true
	}
	l.passOver(err)
	l.forget()
	r.Begin()
	return false
}

// forget makes the log one that has read nothing.
func (l *Log) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.index.close(); err != nil {
		l.options.logger().Warn("let go of the snapshot", "ledger", l.options.Ledger, "err", err)
	}
	l.tail, l.tree, l.index, l.keys = tail{}, proof.Tree{}, logIndex{}, nil
}

// checkSnapshot compares the snapshot with what the stream holds where it ends: the commit there ends in its number, and
// the next was signed over its root, or the head says so.
func (l *Log) checkSnapshot(ctx context.Context, h snapshotHeader) error {
	info, err := l.on().stream.Info(ctx)
	if err != nil {
		return err
	}
	if s := info.State; s.FirstSeq != 1 || s.Msgs != s.LastSeq || s.LastSeq < h.Sequence {
		return fmt.Errorf("%w: the stream holds %d messages from sequence %d to %d", errSnapshotOther, s.Msgs, s.FirstSeq, s.LastSeq)
	}
	last, err := l.stored(ctx, h.Sequence)
	if err != nil {
		return err
	}
	if last.Last() != h.Number || !last.Events[len(last.Events)-1].Time.Equal(h.Time) {
		return fmt.Errorf("%w: it ends with number %d, the stream's commit there with %d", errSnapshotOther, h.Number, last.Last())
	}
	if info.State.LastSeq == h.Sequence {
		return nil // the head was compared when it was opened
	}
	next, err := l.stored(ctx, h.Sequence+1)
	if err != nil {
		return err
	}
	if !next.Sealed() || next.Before.String() != h.Root {
		return fmt.Errorf("%w: the next commit follows the root %s, not %s", errSnapshotOther, next.Before, h.Root)
	}
	return nil
}

// stored reads the commit at a sequence, whatever its number.
func (l *Log) stored(ctx context.Context, sequence uint64) (Commit, error) {
	ctx, cancel := context.WithTimeout(ctx, l.options.readTimeout())
	defer cancel()
	message, err := l.on().stream.GetMsg(ctx, sequence)
	if err != nil {
		return Commit{}, fmt.Errorf("%w: sequence %d: %w", errSnapshotOther, sequence, err)
	}
	return parseStored(l.options.Ledger, raw{sequence: sequence, header: message.Header, body: message.Data})
}

// takeUp reads the log's own sections and gives the caller its parts.
func (l *Log) takeUp(snap *snapshot, r *Resumption) error {
	index, err := snap.readIndex()
	if err != nil {
		return err
	}
	l.mu.Lock()
	l.index = *index
	l.mu.Unlock()
	content, err := snap.readWhole(sectionKeys)
	if err != nil {
		return err
	}
	var keys []keptKey
	if err := json.Unmarshal(content, &keys); err != nil {
		return err
	}
	var tree proof.Tree
	if err := tree.UnmarshalBinary(snap.header.Frontier); err != nil {
		return err
	}
	if tree.Size() != snap.header.Number || tree.Root().String() != snap.header.Root {
		return fmt.Errorf("%w: its tree is another", errSnapshotOther)
	}
	for _, name := range r.Parts {
		if err := snap.read(name, func(part io.Reader, size int64) error { return r.Take(name, part, size) }); err != nil {
			return fmt.Errorf("%w: %s: %w", errSnapshot, name, err)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tail, l.tree = tail{snap.header.Sequence, snap.header.Number, snap.header.Time}, tree
	l.keys, err = keysKept(keys)
	return err
}

// keptKey is a KeyHeld as a snapshot keeps it.
type keptKey struct {
	From int64  `json:"from"`
	Key  string `json:"key"`
	Lost bool   `json:"lost"`
}

func keysKept(kept []keptKey) (keys []KeyHeld, err error) {
	for _, k := range kept {
		key, err := proof.ParsePublicKey(k.Key)
		if err != nil {
			return nil, err
		}
		keys = append(keys, KeyHeld{From: k.From, Key: key, Lost: k.Lost})
	}
	return keys, nil
}

// A Frozen is the log as it was at a number, to be saved as a snapshot while it goes on.
type Frozen struct {
	log    *Log
	header snapshotHeader
	index  frozenIndex
	keys   []byte
}

// Freeze returns the log as it is now; nil if no key is here that could seal a snapshot of it. What it froze is to be
// saved before it is called again.
func (l *Log) Freeze() (*Frozen, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.signer == nil || l.tail.number == 0 {
		return nil, nil
	}
	frontier, err := l.tree.MarshalBinary()
	if err != nil {
		return nil, err
	}
	var kept []keptKey
	for _, k := range l.keys {
		kept = append(kept, keptKey{k.From, k.Key.String(), k.Lost})
	}
	keys, err := json.Marshal(kept)
	if err != nil {
		return nil, err
	}
	return &Frozen{log: l, index: l.index.freeze(), keys: keys, header: snapshotHeader{
		Number: l.tail.number, Sequence: l.tail.sequence, Root: l.tree.Root().String(), Frontier: frontier, Time: l.tail.at,
	}}, nil
}

// Save writes the snapshot, with the caller's parts as they were at the same number, in place of the one before. The head
// that covers it is on disk before. An error costs time at the next start and nothing else.
func (f *Frozen) Save(ctx context.Context, parts ...SnapshotPart) error {
	l := f.log
	_, done, err := l.begin(ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := l.headCovers(); err != nil {
		return err
	}
	s, err := l.snapshots()
	if err != nil {
		return err
	}
	own := SnapshotPart{Name: sectionKeys, Write: func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(f.keys))
		return err
	}}
	sorted, err := s.write(f.header, f.index, append([]SnapshotPart{own}, parts...)...)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.index.adopt(sorted)
}

// headCovers waits until the head on disk is that of the last commit, which it may be one behind.
func (l *Log) headCovers() error {
	l.writing.Lock()
	defer l.writing.Unlock()
	l.awaitHead()
	return l.headErr
}
