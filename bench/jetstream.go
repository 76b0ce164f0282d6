package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// A natsServer is a JetStream server of its own in this process, set up as the ledger's is: it opens no port and syncs
// every write before it acknowledges it. It has one connection.
type natsServer struct {
	server *server.Server
	conn   *nats.Conn
	js     jetstream.JetStream
}

// startLimit is how long a server may take to start over a log as large as is measured here.
const startLimit = time.Minute

// startNATS starts a server over a directory.
func startNATS(dir string) (*natsServer, error) {
	s, err := server.NewServer(&server.Options{ServerName: "bench", DontListen: true, NoSigs: true, NoLog: true,
		JetStream: true, StoreDir: dir, SyncAlways: true, MaxPayload: 1 << 20, JetStreamMaxStore: 1 << 60})
	if err != nil {
		return nil, err
	}
	n := &natsServer{server: s}
	go s.Start()
	if err := n.connect(); err != nil {
		n.close()
		return nil, fmt.Errorf("start a raw JetStream: %w", err)
	}
	return n, nil
}

func (n *natsServer) connect() (err error) {
	if !n.server.ReadyForConnections(startLimit) {
		return errors.New("the server did not start")
	}
	if n.conn, err = nats.Connect("", nats.InProcessServer(n.server)); err != nil {
		return err
	}
	n.js, err = jetstream.New(n.conn, jetstream.WithPublishAsyncMaxPending(pipeline))
	return err
}

func (n *natsServer) close() {
	if n.conn != nil {
		n.conn.Close()
	}
	n.server.Shutdown()
	n.server.WaitForShutdown()
}

// A rawStream takes what is published to it. No ledger on JetStream can be faster.
type rawStream struct{ *natsServer }

// rawSubject is where it takes messages.
const rawSubject = "raw"

// newRawStream starts a server over an empty directory and makes a stream.
func newRawStream(ctx context.Context, dir string) (rawStream, error) {
	n, err := startNATS(dir)
	if err != nil {
		return rawStream{}, err
	}
	if _, err := n.js.CreateStream(ctx, jetstream.StreamConfig{Name: "RAW", Subjects: []string{rawSubject}, Storage: jetstream.FileStorage}); err != nil {
		n.close()
		return rawStream{}, err
	}
	return rawStream{n}, nil
}

// oneByOne publishes messages, each after the one before is acknowledged.
func (s rawStream) oneByOne(ctx context.Context, messages [][]byte) error {
	for _, message := range messages {
		if _, err := s.js.Publish(ctx, rawSubject, message); err != nil {
			return err
		}
	}
	return nil
}

// pipeline is how many messages may wait for their acknowledgement at once. More were not faster.
const pipeline = 64

// stallLimit is how long a full pipeline may stand still: the disk is busy with other things then.
const stallLimit = time.Minute

// pipelined publishes messages without waiting, and then waits until each is acknowledged.
func (s rawStream) pipelined(ctx context.Context, messages [][]byte) error {
	acks := make([]jetstream.PubAckFuture, len(messages))
	for i, message := range messages {
		ack, err := s.js.PublishAsync(rawSubject, message, jetstream.WithStallWait(stallLimit))
		if err != nil {
			return err
		}
		acks[i] = ack
	}
	for _, ack := range acks {
		select {
		case <-ack.Ok():
		case err := <-ack.Err():
			return err
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// A copiedStream is a copy of a ledger's stream, byte for byte on the same disk, in a server of its own: what reads it
// does not disturb the ledger, and the ledger need not let anybody at its connection.
type copiedStream struct {
	*natsServer
	stream   string
	messages uint64
}

// copyStream copies the stream of a ledger, which is closed for that and opened again.
func (r *run) copyStream(ctx context.Context, s *subject) (copiedStream, error) {
	if err := s.close(); err != nil {
		return copiedStream{}, err
	}
	dir := s.options.Dir + "-copy"
	if err := os.CopyFS(filepath.Join(dir, server.JetStreamStoreDir), os.DirFS(filepath.Join(s.options.Dir, server.JetStreamStoreDir))); err != nil {
		return copiedStream{}, err
	}
	n, err := startNATS(dir)
	if err != nil {
		return copiedStream{}, err
	}
	c := copiedStream{natsServer: n}
	if err := errors.Join(c.find(ctx), s.open(ctx)); err != nil {
		n.close()
		return copiedStream{}, err
	}
	return c, nil
}

// find finds the one stream that holds a ledger's commits.
func (c *copiedStream) find(ctx context.Context) error {
	names := c.js.StreamNames(ctx)
	for name := range names.Name() {
		if strings.HasPrefix(name, "LEDGER_") {
			c.stream = name
		}
	}
	if err := names.Err(); err != nil {
		return err
	}
	stream, err := c.js.Stream(ctx, c.stream)
	if err != nil {
		return err
	}
	c.messages = stream.CachedInfo().State.Msgs
	return nil
}
