package eventstore

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"pcnledger/eventstore/proof"
)

// checkpointEvery is how many events may be recorded before a checkpoint of them is stored, while the log is open. Another
// is stored when it is closed, so that what one run of the programme recorded is covered by one.
const checkpointEvery = 4096

// Checkpoints lie in a stream of their own, as signed notes in the order in which they were made. One that a witness
// cosigned is stored again with the cosignature.
func (o Options) checkpointStream() string  { return "CHECKPOINTS_" + o.Ledger }
func (o Options) checkpointSubject() string { return "checkpoints." + o.Ledger }

func (g generation) checkpointConfig(o Options) jetstream.StreamConfig {
	config := g.config()
	config.Name, config.Subjects = o.checkpointStream(), []string{o.checkpointSubject()}
	return config
}

// openCheckpoints finds the stream of checkpoints; nil if there is none yet.
func (l *Log) openCheckpoints(ctx context.Context, s *session) (jetstream.Stream, error) {
	stream, err := s.nats.js.Stream(ctx, l.options.checkpointStream())
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open stream %s: %w", l.options.checkpointStream(), err)
	}
	return stream, nil
}

// noteCheckpoint signs a checkpoint of what the head covers and stores it, and returns the head with it. Where that cannot
// be done the log goes on: the next head tries again.
func (l *Log) noteCheckpoint(head Head) Head {
	l.mu.RLock()
	signer := l.signer
	l.mu.RUnlock()
	if signer == nil || head.Root == "" {
		return head
	}
	if err := l.signCheckpoint(head, signer); err != nil {
		l.options.logger().Error("the checkpoint could not be stored", "ledger", l.options.Ledger, "number", head.Number, "err", err)
		return head
	}
	head.Checkpoint = head.Number
	return head
}

func (l *Log) signCheckpoint(head Head, signer *proof.Key) error {
	root, err := proof.ParseHash(head.Root)
	if err != nil {
		return err
	}
	note, err := signer.SignCheckpoint(proof.Checkpoint{Origin: l.origin(), Size: head.Number, Root: root})
	if err != nil {
		return err
	}
	if err := l.storeNote(note); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.noted = max(l.noted, head.Number)
	return nil
}

// origin names the log in its checkpoints.
func (l *Log) origin() string { return proof.Origin(l.options.Ledger, l.generation.n) }

// ownOrigin reports whether a checkpoint's origin is this log, or a generation before it: what was restored is one tree
// with what it was restored from.
func (l *Log) ownOrigin(origin string) bool {
	ledger, n, err := proof.ParseOrigin(origin)
	return err == nil && ledger == l.options.Ledger && n <= l.generation.n
}

// storeNote appends a note to the stream of checkpoints, which it makes if this is the first.
func (l *Log) storeNote(note []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), checkpointLimit)
	defer cancel()
	s, err := l.ready(ctx)
	if err != nil {
		return err
	}
	if s.checkpoints == nil {
		stream, err := s.nats.js.CreateStream(ctx, l.generation.checkpointConfig(l.options))
		if err != nil {
			return err
		}
		// A head that names a checkpoint must not outlive the directory that holds it.
		if err := l.syncDirsDownTo(filepath.Join(streamsDir(l.options.Dir), l.options.checkpointStream())); err != nil {
			return err
		}
		with := *s
		with.checkpoints = stream
		l.session.CompareAndSwap(s, &with)
	}
	_, err = s.nats.js.Publish(ctx, l.options.checkpointSubject(), note)
	return err
}

// checkpointLimit bounds the wait for a checkpoint to be stored.
const checkpointLimit = 5 * time.Second

// Checkpoint stores a checkpoint of the log as it is, if the newest is older, and returns the newest. It is [ErrNoKey] if
// there is none and none can be signed.
func (l *Log) Checkpoint(ctx context.Context) (proof.Note, error) {
	ctx, done, err := l.begin(ctx)
	if err != nil {
		return proof.Note{}, err
	}
	defer done()
	l.writing.Lock()
	defer l.writing.Unlock()
	l.awaitHead()
	if err := l.closeCheckpoint(); err != nil {
		return proof.Note{}, err
	}
	notes, err := l.notes(ctx)
	if err != nil {
		return proof.Note{}, err
	}
	if len(notes) == 0 {
		return proof.Note{}, fmt.Errorf("%w: no checkpoint was ever signed", ErrNoKey)
	}
	return notes[len(notes)-1], nil
}

// closeCheckpoint stores a checkpoint if something was recorded since the newest, and the head with it. The caller holds
// writing and has awaited the head.
func (l *Log) closeCheckpoint() error {
	head := l.Head()
	if l.broken != nil || l.headErr != nil || head.Number <= head.Checkpoint || l.head == nil || l.on() == nil || l.on().stream == nil {
		return nil
	}
	if noted := l.noteCheckpoint(head); noted.Checkpoint > head.Checkpoint {
		return l.head.write(noted)
	}
	return nil
}

// Checkpoints returns every checkpoint that is stored, each verified to be signed by a key of the ledger, in the order in
// which they were made. One that was cosigned later is returned once, as it was stored last.
func (l *Log) Checkpoints(ctx context.Context) ([]proof.Note, error) {
	ctx, done, err := l.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	var notes []proof.Note
	err = l.during(ctx, func(ctx context.Context, _ *session) (err error) {
		notes, err = l.notes(ctx)
		return err
	})
	return notes, err
}

func (l *Log) notes(ctx context.Context) ([]proof.Note, error) {
	texts, err := l.noteTexts(ctx)
	if err != nil {
		return nil, err
	}
	witnesses, err := l.options.witnesses()
	if err != nil {
		return nil, err
	}
	var notes []proof.Note
	for i, text := range texts {
		note, err := proof.OpenNote(text, l.publicKeys(), witnesses)
		if err != nil {
			return notes, l.options.damage(0, 0, "checkpoint %d of stream %s: %v", i+1, l.options.checkpointStream(), err)
		}
		before := slices.IndexFunc(notes, func(n proof.Note) bool { return n.Checkpoint == note.Checkpoint })
		if before >= 0 {
			notes[before] = note
		} else {
			notes = append(notes, note)
		}
	}
	return notes, nil
}

// noteTexts returns the notes in the stream of checkpoints.
func (l *Log) noteTexts(ctx context.Context) ([][]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, checkpointReadLimit)
	defer cancel()
	s, err := l.ready(ctx)
	if err != nil {
		return nil, err
	}
	stream := s.checkpoints
	if stream == nil {
		return nil, nil
	}
	info, err := stream.Info(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the checkpoints: %w", err)
	}
	var texts [][]byte
	for sequence := uint64(1); sequence <= info.State.LastSeq; sequence++ {
		message, err := stream.GetMsg(ctx, sequence)
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return texts, l.options.damage(0, 0, "checkpoint %d is missing from stream %s", sequence, l.options.checkpointStream())
		}
		if err != nil {
			return texts, fmt.Errorf("read checkpoint %d: %w", sequence, err)
		}
		texts = append(texts, message.Data)
	}
	return texts, nil
}

// checkpointReadLimit bounds the reading of all checkpoints: a hundred thousand take a few seconds.
const checkpointReadLimit = time.Minute

func (l *Log) publicKeys() []proof.PublicKey {
	var keys []proof.PublicKey
	for _, held := range l.Keys() {
		keys = append(keys, held.Key)
	}
	return keys
}

// newestNote returns the newest checkpoint, not yet verified, or none if no checkpoint is stored. Behind it in the stream
// there may be older ones that were cosigned later; the head says how far the newest reaches at least.
func (l *Log) newestNote(ctx context.Context, head Head) (text []byte, c proof.Checkpoint, err error) {
	stream := l.on().checkpoints
	if stream == nil {
		if head.Checkpoint > 0 {
			err = l.options.damage(0, 0, "the head says that a checkpoint of %d events was stored, but stream %s is missing",
				head.Checkpoint, l.options.checkpointStream())
		}
		return nil, c, err
	}
	info, err := stream.Info(ctx)
	if err != nil {
		return nil, c, fmt.Errorf("read the newest checkpoint: %w", err)
	}
	for sequence := info.State.LastSeq; sequence > 0; sequence-- {
		message, err := stream.GetMsg(ctx, sequence)
		if err != nil {
			return nil, c, l.options.damage(0, 0, "checkpoint %d of stream %s cannot be read: %v", sequence, l.options.checkpointStream(), err)
		}
		found, err := proof.ReadCheckpoint(message.Data)
		if err != nil {
			return nil, c, l.options.damage(0, 0, "checkpoint %d of stream %s: %v", sequence, l.options.checkpointStream(), err)
		}
		if found.Size > c.Size {
			text, c = message.Data, found
		}
		if c.Size >= head.Checkpoint {
			return text, c, nil
		}
	}
	if c.Size < head.Checkpoint {
		err = l.options.damage(0, 0, "the head says that a checkpoint of %d events was stored, but the newest in stream %s is of %d",
			head.Checkpoint, l.options.checkpointStream(), c.Size)
	}
	return text, c, err
}
