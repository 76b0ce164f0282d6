package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// A consumer reads a stream from its beginning in order, and does nothing with what it reads.
type consumer struct {
	name string
	read func(copiedStream, context.Context) error
}

// consumers are the ways to read a stream in order. Which of them is the fastest depends on the server's version.
func consumers() []consumer {
	return []consumer{
		{"fetched in batches", copiedStream.fetch},
		{"ordered pull consumer", copiedStream.pull},
		{"push subscription", copiedStream.push},
	}
}

const (
	// fetchMessages and fetchBytes bound what is asked for at once. More were not faster, and more bytes would run into what
	// the server is willing to queue for a connection.
	fetchMessages = 5000
	fetchBytes    = 8 << 20

	// idle is how long a consumer waits for a message before it gives up.
	idle = 10 * time.Second
)

func (c copiedStream) fetch(ctx context.Context) error {
	from, err := c.js.CreateConsumer(ctx, c.stream, jetstream.ConsumerConfig{AckPolicy: jetstream.AckNonePolicy, MemoryStorage: true})
	if err != nil {
		return err
	}
	defer c.js.DeleteConsumer(ctx, c.stream, from.CachedInfo().Name)
	for read := uint64(0); read < c.messages; {
		fetched, err := from.Fetch(int(min(fetchMessages, c.messages-read)), jetstream.FetchMaxBytes(fetchBytes), jetstream.FetchMaxWait(idle))
		if err != nil {
			return err
		}
		before := read
		for range fetched.Messages() {
			read++
		}
		if err := fetched.Error(); err != nil || read == before {
			return errors.Join(err, c.incomplete(read))
		}
	}
	return nil
}

func (c copiedStream) pull(ctx context.Context) error {
	from, err := c.js.OrderedConsumer(ctx, c.stream, jetstream.OrderedConsumerConfig{})
	if err != nil {
		return err
	}
	all, err := from.Messages(jetstream.PullMaxMessagesWithBytesLimit(fetchMessages, fetchBytes))
	if err != nil {
		return err
	}
	defer all.Stop()
	for read := range c.messages {
		if _, err := all.Next(jetstream.NextMaxWait(idle)); err != nil {
			return errors.Join(err, c.incomplete(read))
		}
	}
	return nil
}

func (c copiedStream) push(ctx context.Context) error {
	legacy, err := c.conn.JetStream()
	if err != nil {
		return err
	}
	done := make(chan struct{})
	read := uint64(0)
	subscription, err := legacy.Subscribe("", func(*nats.Msg) {
		if read++; read == c.messages {
			close(done)
		}
	}, nats.BindStream(c.stream), nats.OrderedConsumer())
	if err != nil {
		return err
	}
	defer subscription.Unsubscribe()
	if err := subscription.SetPendingLimits(-1, -1); err != nil {
		return err
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (c copiedStream) incomplete(read uint64) error {
	return fmt.Errorf("only %d of %d messages came", read, c.messages)
}
