package eventstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// startLimit bounds the wait for JetStream. After a crash it reads every block of every stream, which for ten
	// gigabytes on a slow disk takes minutes; a server that needs longer than this is stuck.
	startLimit = 10 * time.Minute

	// stopLimit bounds the wait for JetStream to write its index and let go of its files: seconds at most. What is
	// acknowledged is on disk already, so giving up loses nothing but time at the next start.
	stopLimit = time.Minute

	// storeLimit is what JetStream is told it may use of the disk. Left alone it takes three quarters of what is free
	// at start and then refuses to write with the rest still there. The disk's own end is the limit that counts.
	storeLimit = 1 << 60

	// memoryLimit is what JetStream may use for streams held in memory, of which there are none.
	memoryLimit = 64 << 20

	// payloadLimit is what NATS carries in one message: MaxCommit and ample room for headers.
	payloadLimit = 1 << 20
)

// embedded is a NATS server in this process that opens no port, and the one connection to it.
type embedded struct {
	server  *server.Server
	log     *serverLog
	started chan struct{} // closed once the server's Start returned
	conn    *nats.Conn
	js      jetstream.JetStream
}

// startServer starts JetStream over the log's directory, in which there may be other ledgers. Every write to a stream is
// fsynced before it is acknowledged; that this is so is asked of the running server, not taken from what it was told.
// Whatever it returns, Close stops what runs.
func (l *Log) startServer(ctx context.Context) error {
	if err := l.options.checkNeighbours(ctx); err != nil {
		return err
	}
	l.options.checkNotes(ctx)
	if err := l.generation.syncLastBlock(l.options.Dir); err != nil {
		return fmt.Errorf("put on disk what an earlier run of the server wrote: %w", err)
	}
	s, err := server.NewServer(l.options.serverOptions())
	if err != nil {
		return fmt.Errorf("make the embedded server: %w", err)
	}
	e := &embedded{server: s, log: &serverLog{to: l.options.logger()}, started: make(chan struct{})}
	s.SetLogger(e.log, false, false)
	l.turn(&session{nats: e})
	go func() {
		defer close(e.started)
		s.Start()
	}()
	if err := e.ready(ctx, l.options); err != nil {
		return fmt.Errorf("start JetStream in %s: %w", l.options.Dir, err)
	}
	return nil
}

func (o Options) serverOptions() *server.Options {
	return &server.Options{
		ServerName:             "pcnledger",
		DontListen:             true,
		NoSigs:                 true,
		DisableJetStreamBanner: true,
		MaxPayload:             payloadLimit,
		JetStream:              true,
		StoreDir:               o.Dir, // the server adds jetstream/
		SyncAlways:             !o.lazySync,
		JetStreamMaxMemory:     memoryLimit,
		JetStreamMaxStore:      o.storeLimit(),
	}
}

// ready waits until the server has read its streams, checks what it runs with, and connects to it.
func (e *embedded) ready(ctx context.Context, o Options) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, fmt.Errorf("it did not start within %v", startLimit))
	defer cancel()
	select {
	case <-e.started:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if err := e.log.error(); err != nil {
		return err
	}
	config := e.server.JetStreamConfig()
	if config == nil {
		return errors.New("JetStream is not running")
	}
	if !config.SyncAlways && !o.lazySync {
		return errors.New("JetStream does not fsync every write")
	}
	return e.connect(o.through)
}

func (e *embedded) connect(through connThrough) (err error) {
	logged := func(_ *nats.Conn, _ *nats.Subscription, err error) { e.log.to.Warn("nats: " + err.Error()) }
	var provider nats.InProcessConnProvider = e.server
	if through != nil {
		provider = through(provider)
	}
	e.conn, err = nats.Connect("", nats.InProcessServer(provider), nats.Name("eventstore"), nats.NoReconnect(), nats.ErrorHandler(logged))
	if err != nil {
		return err
	}
	e.js, err = jetstream.New(e.conn)
	return err
}

// stop ends the connection and the server and waits until the server has let go of its files.
func (e *embedded) stop() error {
	if e.conn != nil {
		e.conn.Close()
	}
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		e.server.Shutdown()
		e.server.WaitForShutdown()
		<-e.started
	}()
	select {
	case <-stopped:
		return nil
	case <-time.After(stopLimit):
		return fmt.Errorf("JetStream did not stop within %v", stopLimit)
	}
}

// serverLog passes on what the server logs. It keeps what the server calls fatal, for an embedded one goes on after that as
// if it had started; and it tells whoever waits for an answer of an error, for a write that fails is only logged.
type serverLog struct {
	to      *slog.Logger
	mu      sync.Mutex
	fatal   error                   // guarded by mu
	waiting context.CancelCauseFunc // guarded by mu: of the call that waits for an answer
}

// serverFailure is an error that the server logged while a call waited for its answer.
type serverFailure struct{ message string }

func (f *serverFailure) Error() string { return "the embedded server says: " + f.message }

func isServerFailure(err error) bool {
	_, is := errors.AsType[*serverFailure](err)
	return is
}

// untilFailure returns a context that ends with ctx and with the next error that the server logs. Only one call waits at a
// time.
func (l *serverLog) untilFailure(ctx context.Context) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = cancel
	return ctx, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.waiting = nil
		cancel(nil)
	}
}

func (l *serverLog) failed(message string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting != nil {
		l.waiting(&serverFailure{message})
	}
}

func (l *serverLog) error() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fatal
}

func (l *serverLog) Fatalf(format string, v ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fatal = fmt.Errorf(format, v...)
}

func (l *serverLog) log(level slog.Level, format string, v []any) {
	l.to.Log(context.Background(), level, "nats: "+fmt.Sprintf(format, v...))
}

func (l *serverLog) Errorf(format string, v ...any) {
	l.log(slog.LevelError, format, v)
	l.failed(fmt.Sprintf(format, v...))
}
func (l *serverLog) Warnf(format string, v ...any)   { l.log(slog.LevelWarn, format, v) }
func (l *serverLog) Noticef(format string, v ...any) { l.log(slog.LevelDebug, format, v) }
func (l *serverLog) Debugf(string, ...any)           {}
func (l *serverLog) Tracef(string, ...any)           {}
