package eventstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// session is the server as it runs now, and the ledger's streams in it. Another takes its place when the server has to be
// started again.
type session struct {
	nats        *embedded
	stream      jetstream.Stream // nil while the server is being started, and if it could not be
	checkpoints jetstream.Stream // nil while there are none
	failed      error            // why the server could not be started again; nil otherwise
	over        context.Context  // ends when another session takes the place of this one
	end         context.CancelCauseFunc
}

// connThrough stands between the log and its server; a test puts faults there.
type connThrough func(nats.InProcessConnProvider) nats.InProcessConnProvider

// mostSessions is how many servers a read may see come and go.
const mostSessions = 5

// errOver: the server is being started again.
var errOver = errors.New("the server is being started again")

// on returns the session, which may not be ready: only who holds writing may take it as it is.
func (l *Log) on() *session { return l.session.Load() }

// ready returns a session that can be used. While the server is being started again it waits.
func (l *Log) ready(ctx context.Context) (*session, error) {
	for {
		s := l.on()
		if s.stream != nil {
			return s, nil
		}
		if s.failed != nil {
			return nil, s.failed
		}
		select {
		case <-s.over.Done():
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// ask is [Log.during] for one question, which is answered within the read timeout or not at all.
func (l *Log) ask(ctx context.Context, fn func(context.Context, *session) error) error {
	return l.during(ctx, func(ctx context.Context, s *session) error {
		ctx, cancel := context.WithTimeout(ctx, l.options.readTimeout())
		defer cancel()
		return fn(ctx, s)
	})
}

// during calls fn with a session, and again with the next one if the server was started again under it. The context that
// fn is given ends with ctx and with the session. The caller does not hold writing.
func (l *Log) during(ctx context.Context, fn func(context.Context, *session) error) error {
	for range mostSessions {
		s, err := l.revived(ctx)
		if err != nil {
			return err
		}
		within, stop := s.within(ctx)
		err = fn(within, s)
		stop()
		if err == nil || !s.isLost() || ctx.Err() != nil {
			return err
		}
	}
	return fmt.Errorf("%w: %d times during one call", errOver, mostSessions)
}

// revived is ready for whoever does not hold writing: where the server is gone, or its connection, and no writer is about
// to start it again, that is done now.
func (l *Log) revived(ctx context.Context) (*session, error) {
	s, err := l.ready(ctx)
	if err == nil && !s.isLost() {
		return s, nil
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	l.writing.Lock()
	defer l.writing.Unlock()
	if now := l.on(); l.broken == nil && (now.failed != nil || now.isLost()) {
		if err := l.restart(); err != nil {
			return nil, err
		}
	}
	return l.ready(ctx)
}

// within returns a context that ends with ctx and with the session.
func (s *session) within(ctx context.Context) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	forget := context.AfterFunc(s.over, func() { cancel(errOver) })
	return ctx, func() {
		forget()
		cancel(nil)
	}
}

// isLost reports whether nothing more can be had of the session.
func (s *session) isLost() bool {
	return s.over.Err() != nil || s.nats.conn.IsClosed() || !s.nats.server.JetStreamEnabled()
}

// turn puts a session in the place of the one before. Whoever uses that learns that it is over before its server stops.
func (l *Log) turn(next *session) {
	next.over, next.end = context.WithCancelCause(context.Background())
	if last := l.session.Swap(next); last != nil {
		last.end(errOver)
	}
}

// openStream finds the ledger's stream in a server that was started.
func (l *Log) openStream(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, l.options.readTimeout())
	defer cancel()
	s := *l.on()
	var err error
	s.stream, err = s.nats.js.Stream(ctx, l.generation.stream())
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return err
	}
	if err != nil {
		return fmt.Errorf("open stream %s: %w", l.generation.stream(), err)
	}
	if err := l.generation.check(s.stream.CachedInfo().Config); err != nil {
		return l.options.damage(0, 0, "%v", err)
	}
	if s.checkpoints, err = l.openCheckpoints(ctx, &s); err != nil {
		return err
	}
	l.turn(&s)
	return nil
}

// restart stops the server and starts it again over the same files. When it returns nil, nothing that was sent before is
// on its way any more: what the stream holds is what was recorded. Reads wait meanwhile; if it fails, they do until the
// next restart. The caller holds writing.
func (l *Log) restart() error {
	err := l.startAgain()
	if err != nil {
		l.turn(&session{nats: l.on().nats, failed: fmt.Errorf("the server of ledger %s could not be started again: %w", l.options.Ledger, err)})
	}
	if damage, is := errors.AsType[*Damage](err); is {
		l.broken = damage
	}
	return err
}

func (l *Log) startAgain() error {
	ctx, cancel := context.WithTimeout(context.Background(), startLimit+stopLimit)
	defer cancel()
	running := l.on().nats
	l.turn(&session{nats: running})
	if err := running.stop(); err != nil {
		return err
	}
	if err := l.checkFiles(ctx, l.Head(), l.lastTaken().sequence); err != nil {
		return err
	}
	if err := l.generation.rewriteEnd(l.options.Dir); err != nil {
		return fmt.Errorf("put on disk what the server wrote before: %w", err)
	}
	if err := l.startServer(ctx); err != nil {
		return err
	}
	err := l.openStream(ctx)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return l.missing(l.Head(), "JetStream does not recognise what is in its directory any more")
	}
	return err
}

// syncLastBlock puts on disk what stands in the stream's last block. JetStream does so before it acknowledges; but whether
// it came so far with what was not acknowledged nobody knows, and what is found there counts as recorded from now on.
func (g generation) syncLastBlock(dir string) error {
	return g.withLastBlock(dir, func(*os.File) error { return nil })
}

// rewriteEnd writes the end of the stream's last block once more, byte for byte, and puts it on disk. For after an fsync
// that failed, the kernel takes what it could not write for written: the next fsync succeeds, and the server would read
// from memory what is not on disk.
func (g generation) rewriteEnd(dir string) error {
	return g.withLastBlock(dir, func(file *os.File) error {
		info, err := file.Stat()
		if err != nil {
			return err
		}
		end := make([]byte, min(info.Size(), 2*payloadLimit)) // at least the last record
		from := info.Size() - int64(len(end))
		if _, err := file.ReadAt(end, from); err != nil {
			return err
		}
		_, err = file.WriteAt(end, from)
		if errors.Is(err, syscall.ENOSPC) { // of a file system that writes nothing in place
			err = nil
		}
		return err
	})
}

// withLastBlock calls fn with the stream's last block, if there is one, and then puts that on disk.
func (g generation) withLastBlock(dir string, fn func(*os.File) error) error {
	blocks, err := g.blocks(dir)
	if err != nil || len(blocks) == 0 {
		return err
	}
	file, err := os.OpenFile(blocks[len(blocks)-1].path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(fn(file), file.Sync(), file.Close())
}
