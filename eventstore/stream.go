package eventstore

import (
	"fmt"
	"path/filepath"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"
)

// generation names what one generation of a ledger is called in NATS and on disk. A repair or a restore begins a new
// generation and leaves the one before it as it is.
type generation struct {
	ledger string
	n      int // from 1
}

const firstGeneration = 1

func (g generation) stream() string  { return fmt.Sprintf("LEDGER_%s_g%d", g.ledger, g.n) }
func (g generation) subject() string { return fmt.Sprintf("ledger.%s.g%d", g.ledger, g.n) }

// streamsDir is where the embedded server keeps its streams, each in a directory of its name.
func streamsDir(dir string) string {
	return filepath.Join(dir, server.JetStreamStoreDir, server.DEFAULT_GLOBAL_ACCOUNT, "streams")
}

// streamDir is where the embedded server keeps this one.
func (g generation) streamDir(dir string) string { return filepath.Join(streamsDir(dir), g.stream()) }

// config is a stream that only ever grows: nothing in it can be deleted, purged, aged, limited or rolled up, and what is
// read comes from the stream's leader. The windows in which NATS itself looks for duplicates are not relied upon.
func (g generation) config() jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name:              g.stream(),
		Subjects:          []string{g.subject()},
		Storage:           jetstream.FileStorage,
		Retention:         jetstream.LimitsPolicy,
		Discard:           jetstream.DiscardNew,
		PersistMode:       jetstream.DefaultPersistMode,
		Replicas:          1,
		MaxConsumers:      -1,
		MaxMsgs:           -1,
		MaxMsgsPerSubject: -1,
		MaxBytes:          -1,
		MaxMsgSize:        -1,
		DenyDelete:        true,
		DenyPurge:         true,
	}
}

// check reports the first setting of the stream by which it could lose or change what it holds.
func (g generation) check(found jetstream.StreamConfig) error { return checkConfig(g.config(), found) }

func checkConfig(want, found jetstream.StreamConfig) error {
	for _, setting := range []struct {
		name        string
		want, found any
	}{
		{"subjects", fmt.Sprint(want.Subjects), fmt.Sprint(found.Subjects)},
		{"storage", want.Storage, found.Storage},
		{"retention", want.Retention, found.Retention},
		{"discard", want.Discard, found.Discard},
		{"persist mode", want.PersistMode, found.PersistMode},
		{"deny delete", want.DenyDelete, found.DenyDelete},
		{"deny purge", want.DenyPurge, found.DenyPurge},
		{"allow rollup", want.AllowRollup, found.AllowRollup},
		{"allow direct", want.AllowDirect, found.AllowDirect},
		{"no ack", want.NoAck, found.NoAck},
		{"max age", want.MaxAge, found.MaxAge},
		{"max bytes", want.MaxBytes, found.MaxBytes},
		{"max messages", want.MaxMsgs, found.MaxMsgs},
		{"max messages per subject", want.MaxMsgsPerSubject, found.MaxMsgsPerSubject},
	} {
		if setting.want != setting.found {
			return fmt.Errorf("the stream's setting %q is %v, not %v", setting.name, setting.found, setting.want)
		}
	}
	return nil
}
