package eventstore

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Notes lie beside the log, in a stream of their own: what those who watch over the ledger are to know, and what is no event
// of it. They are fsynced like commits, and can be neither deleted nor purged, but nothing signs them: they are in no tree, in
// no checkpoint and in no archive. The stream is made with the first note.
func (o Options) securityStream() string { return "SECURITY_" + o.Ledger }

func (o Options) securitySubject(token string) string { return "security." + o.Ledger + "." + token }

func (g generation) securityConfig(o Options) jetstream.StreamConfig {
	config := g.config()
	config.Name, config.Subjects = o.securityStream(), []string{o.securitySubject("*")}
	return config
}

// noteToken is what a note may be filed under: one part of a NATS subject.
var noteToken = regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`)

// noteLimit bounds the wait for a note to be stored: who is refused waits for it.
const noteLimit = 5 * time.Second

// Note stores a text under a token, up to 64 letters, digits and hyphens, if it is due: that is asked with the newest text
// that is stored under the token, nil if there is none. A nil error means that the note is on disk, or was not due. After any
// other it may be stored all the same. Nothing of the log depends on a note.
func (l *Log) Note(ctx context.Context, token string, text []byte, due func(last []byte) bool) error {
	if !noteToken.MatchString(token) {
		return fmt.Errorf("%q is no token for a note", token)
	}
	ctx, done, err := l.begin(ctx)
	if err != nil {
		return err
	}
	defer done()
	ctx, cancel := context.WithTimeout(ctx, noteLimit)
	defer cancel()
	l.noting.Lock() // of two that are due at once the second is not due any more
	defer l.noting.Unlock()
	return l.during(ctx, func(ctx context.Context, s *session) error {
		last, err := l.lastNote(ctx, s, token)
		if err != nil || !due(last) {
			return err
		}
		_, err = s.nats.js.Publish(ctx, l.options.securitySubject(token), text, jetstream.WithExpectStream(l.options.securityStream()))
		if err != nil {
			return fmt.Errorf("store a note in stream %s: %w", l.options.securityStream(), err)
		}
		return nil
	})
}

// lastNote returns the newest text under a token, nil if there is none. It makes the stream if that is not there.
func (l *Log) lastNote(ctx context.Context, s *session, token string) ([]byte, error) {
	stream, err := l.openSecurity(ctx, s)
	if err == nil && stream == nil {
		stream, err = l.createSecurity(ctx, s)
	}
	if err != nil {
		return nil, err
	}
	message, err := stream.GetLastMsgForSubject(ctx, l.options.securitySubject(token))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the last note in stream %s: %w", l.options.securityStream(), err)
	}
	return message.Data, nil
}

// openSecurity finds the stream of notes; nil if there is none yet.
func (l *Log) openSecurity(ctx context.Context, s *session) (jetstream.Stream, error) {
	name := l.options.securityStream()
	stream, err := s.nats.js.Stream(ctx, name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open stream %s: %w", name, err)
	}
	if err := checkConfig(l.generation.securityConfig(l.options), stream.CachedInfo().Config); err != nil {
		return nil, fmt.Errorf("stream %s: %w", name, err)
	}
	return stream, nil
}

// createSecurity makes the stream of notes. A crash before its directories are on disk loses the notes in it, and no more.
func (l *Log) createSecurity(ctx context.Context, s *session) (jetstream.Stream, error) {
	name := l.options.securityStream()
	stream, err := s.nats.js.CreateStream(ctx, l.generation.securityConfig(l.options))
	if err != nil {
		return nil, fmt.Errorf("create stream %s: %w", name, err)
	}
	return stream, l.syncDirsDownTo(filepath.Join(streamsDir(l.options.Dir), name))
}

// Notes returns every note that is stored, the oldest first. A ledger for which nothing was ever noted has none.
func (l *Log) Notes(ctx context.Context) ([][]byte, error) {
	ctx, done, err := l.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	ctx, cancel := context.WithTimeout(ctx, notesReadLimit)
	defer cancel()
	var texts [][]byte
	err = l.during(ctx, func(ctx context.Context, s *session) (err error) {
		texts, err = l.readNotes(ctx, s)
		return err
	})
	return texts, err
}

// notesReadLimit bounds the reading of all notes: a hundred thousand take a few seconds.
const notesReadLimit = time.Minute

func (l *Log) readNotes(ctx context.Context, s *session) ([][]byte, error) {
	stream, err := l.openSecurity(ctx, s)
	if err != nil || stream == nil {
		return nil, err
	}
	var texts [][]byte
	for sequence := uint64(1); sequence <= stream.CachedInfo().State.LastSeq; sequence++ {
		message, err := stream.GetMsg(ctx, sequence)
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return nil, l.options.damage(0, 0, "note %d is missing from stream %s", sequence, l.options.securityStream())
		}
		if err != nil {
			return nil, fmt.Errorf("read note %d: %w", sequence, err)
		}
		texts = append(texts, message.Data)
	}
	return texts, nil
}

// checkNotes looks through the files of the stream of notes before a server runs over them and mends what is broken. That is
// told and no more: without its notes the ledger is whole.
func (o Options) checkNotes(ctx context.Context) {
	if err := o.checkBlocksOf(ctx, o.securityStream(), "the stream of notes"); err != nil {
		o.logger().Error("the notes about the ledger are damaged; the ledger itself is not", "ledger", o.Ledger, "err", err)
	}
}
