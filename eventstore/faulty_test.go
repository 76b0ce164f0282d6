package eventstore

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"pcnledger/eventstore/proof"
)

// A way is what becomes of a request or of its answer.
type way string

const (
	passes  way = ""
	lost    way = "lost"
	early   way = "held until the next sending comes" // and then it goes first
	late    way = "held until another sending is answered"
	held    way = "held until the test lets it go"
	turned  way = "turned away for want of space" // a request
	severed way = "cut off with the connection"
)

// A fate is what becomes of one sending of a commit. The zero fate is that it is answered.
type fate struct {
	before  func() // is called when the request comes
	request way
	between func() // is called when the server has answered
	answer  way
}

// wire stands between a log and its server and does to the sendings of commits what a network, or a server in trouble, does
// to messages. Everything else passes. What it does is settled by its plan and by the order of messages, not by time.
type wire struct {
	t       testing.TB
	subject string
	pumps   sync.WaitGroup

	mu        sync.Mutex // guards what follows
	server    *server.Server
	plan      []fate // of the next sendings, one each
	rest      fate   // of every sending after those
	mute      bool   // the server says nothing, whatever it is asked, once it has let the log in
	ignored   string // how subjects begin of which the server hears no request
	severed   string // how the subject begins of the next request that ends the connection
	refusals  int    // connections to refuse
	sendings  []*sending
	newest    *link
	connected func() // is called before a connection is made
}

// sending is one request to record a commit.
type sending struct {
	fate     fate
	link     *link
	request  []byte        // while it is held
	answer   []byte        // while it is held
	reply    string        // where the answer goes
	answered chan struct{} // closed when the server has answered
	settled  bool          // it is
}

// wireTo returns a wire for the log that is opened with o, and o with the wire in it.
func wireTo(t testing.TB, o Options) (*wire, Options) {
	w := &wire{t: t, subject: generation{o.Ledger, firstGeneration}.subject()}
	o.through = func(p nats.InProcessConnProvider) nats.InProcessConnProvider {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.server = p.(*server.Server)
		return w
	}
	t.Cleanup(w.pumps.Wait)
	return w, o
}

// will plans the next sendings.
func (w *wire) will(plan ...fate) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.plan = plan
}

// from says what becomes of every sending after those that are planned.
func (w *wire) from(rest fate) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rest = rest
}

// refuse lets that many connections fail.
func (w *wire) refuse(connections int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refusals = connections
}

// silence lets the server say nothing, or speak again.
func (w *wire) silence(mute bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mute = mute
}

// severAt cuts the connection off at the next request to a subject that begins so.
func (w *wire) severAt(subject string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.severed = subject
}

// connecting has fn called before each connection is made.
func (w *wire) connecting(fn func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.connected = fn
}

// ignore lets the server not hear requests to subjects that begin so.
func (w *wire) ignore(subjects string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ignored = subjects
}

// heal ends all faults.
func (w *wire) heal() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.plan, w.rest, w.refusals, w.mute, w.ignored, w.connected = nil, fate{}, 0, false, "", nil
	for _, s := range w.sendings {
		s.fate.between = nil
	}
}

// letGo lets everything go that is held, and waits until the server has answered the requests among it.
func (w *wire) letGo() {
	w.mu.Lock()
	var awaited []*sending
	for _, s := range w.sendings {
		if s.request != nil {
			awaited = append(awaited, s)
		}
		w.release(s)
		if !s.settled {
			s.fate.answer = passes
		}
	}
	w.mu.Unlock()
	for _, s := range awaited {
		select {
		case <-s.answered:
		case <-s.link.up.ended: // it died with its connection
		}
	}
}

// release passes on what is held of a sending. The caller holds mu.
func (w *wire) release(s *sending) {
	if s.request != nil {
		s.link.up.put(s.request)
		s.request, s.fate.request = nil, passes
	}
	if s.answer != nil {
		s.link.down.put(s.answer)
		s.answer = nil
	}
}

// count returns how many sendings there were.
func (w *wire) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.sendings)
}

// kill stops the server, as if it had died.
func (w *wire) kill() {
	w.mu.Lock()
	s := w.server
	w.mu.Unlock()
	s.Shutdown()
	s.WaitForShutdown()
}

// disable shuts JetStream down while the server goes on, as it does where it may not write.
func (w *wire) disable() {
	w.mu.Lock()
	s := w.server
	w.mu.Unlock()
	if err := s.DisableJetStream(); err != nil {
		w.t.Error(err)
	}
}

// InProcessConn connects the log with its server.
func (w *wire) InProcessConn() (net.Conn, error) {
	w.mu.Lock()
	s, refused, connected := w.server, w.refusals > 0, w.connected
	if refused {
		w.refusals--
	}
	w.mu.Unlock()
	if connected != nil {
		connected()
	}
	if refused {
		return nil, errors.New("the connection is refused, as the test wants it")
	}
	far, err := s.InProcessConn()
	if err != nil {
		return nil, err
	}
	ours, theirs := net.Pipe()
	l := &link{wire: w, client: ours, server: far, up: newQueue(), down: newQueue()}
	w.mu.Lock()
	w.newest = l
	w.mu.Unlock()
	w.pumps.Go(func() { l.read(ours, l.takeRequest) })
	w.pumps.Go(func() { l.read(far, l.takeAnswer) })
	w.pumps.Go(func() { l.up.writeTo(far); l.close() })
	w.pumps.Go(func() { l.down.writeTo(ours); l.close() })
	return theirs, nil
}

// link is one connection.
type link struct {
	wire           *wire
	client, server net.Conn // to them, from here
	up, down       *queue   // what goes to the server, and to the client
	inbox, sid     string   // where the client takes answers
}

func (l *link) close() {
	l.up.end()
	l.down.end()
	_ = l.client.Close()
	_ = l.server.Close()
}

// frame is a line of the NATS protocol and the payload that belongs to it.
type frame struct {
	bytes   []byte
	op      string
	subject string
	reply   string
}

func readFrame(from *bufio.Reader) (frame, error) {
	line, err := from.ReadBytes('\n')
	if err != nil {
		return frame{}, err
	}
	words := bytes.Fields(line)
	if len(words) == 0 {
		return frame{bytes: line}, nil
	}
	f := frame{bytes: line, op: string(words[0])}
	sizes := map[string]int{"PUB": 1, "HPUB": 2, "MSG": 1, "HMSG": 2}[f.op]
	if sizes == 0 {
		return f, nil
	}
	f.subject = string(words[1])
	if f.op == "PUB" || f.op == "HPUB" {
		if len(words) == 2+1+sizes {
			f.reply = string(words[2])
		}
	}
	size, err := strconv.Atoi(string(words[len(words)-1]))
	if err != nil {
		return frame{}, err
	}
	payload := make([]byte, size+len("\r\n"))
	_, err = io.ReadFull(from, payload)
	f.bytes = append(f.bytes, payload...)
	return f, err
}

// read gives every frame to take until the connection ends.
func (l *link) read(from io.Reader, take func(frame)) {
	defer l.close()
	r := bufio.NewReader(from)
	for {
		f, err := readFrame(r)
		if err != nil {
			return
		}
		take(f)
	}
}

// takeRequest passes on what the client says.
func (l *link) takeRequest(f frame) {
	if f.subject != l.wire.subject {
		l.pass(f)
		return
	}
	s := l.wire.begin(l, f)
	if s.fate.before != nil {
		s.fate.before()
	}
	l.wire.mu.Lock()
	defer l.wire.mu.Unlock()
	for _, other := range l.wire.sendings {
		if other == s || other.link != l {
			continue
		}
		if other.fate.request == early && other.request != nil || other.fate.answer == early && other.answer != nil {
			l.wire.release(other)
		}
	}
	switch s.fate.request {
	case passes:
		l.up.put(f.bytes)
	case severed:
		l.close()
	case early, late, held:
		s.request = f.bytes
	case turned:
		l.turnAway(f)
	}
}

// pass passes on a request that is not to record a commit.
func (l *link) pass(f frame) {
	if words := strings.Fields(string(f.bytes)); f.op == "SUB" && strings.HasSuffix(words[1], ".*") {
		l.inbox, l.sid = strings.TrimSuffix(words[1], "*"), words[len(words)-1]
	}
	l.wire.mu.Lock()
	begins := func(prefix string) bool { return prefix != "" && strings.HasPrefix(f.subject, prefix) }
	ignored, severed := begins(l.wire.ignored), begins(l.wire.severed)
	if severed {
		l.wire.severed = ""
	}
	l.wire.mu.Unlock()
	switch {
	case severed:
		l.close()
	case !ignored:
		l.up.put(f.bytes)
	}
}

// turnAway answers as JetStream does that may not use more of the disk.
func (l *link) turnAway(f frame) {
	if !strings.HasPrefix(f.reply, l.inbox) {
		l.wire.t.Errorf("the answer to a commit goes to %s, not to %s", f.reply, l.inbox)
	}
	answer := fmt.Sprintf(`{"error":{"code":503,"err_code":%d,"description":"insufficient storage"},"stream":"x","seq":0}`, storageFull)
	l.down.put(fmt.Appendf(nil, "MSG %s %s %d\r\n%s\r\n", f.reply, l.sid, len(answer), answer))
}

// begin notes a sending and what is to become of it.
func (w *wire) begin(l *link, f frame) *sending {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := &sending{fate: w.rest, link: l, reply: f.reply, answered: make(chan struct{})}
	if len(w.plan) > 0 {
		s.fate, w.plan = w.plan[0], w.plan[1:]
	}
	w.sendings = append(w.sendings, s)
	return s
}

// takeAnswer passes on what the server says.
func (l *link) takeAnswer(f frame) {
	w := l.wire
	w.mu.Lock()
	mute := w.mute && (f.op == "MSG" || f.op == "HMSG")
	var s *sending
	var between func()
	for _, known := range w.sendings {
		if f.reply == "" && f.subject != "" && known.reply == f.subject {
			s, between = known, known.fate.between
		}
	}
	w.mu.Unlock()
	if mute {
		return
	}
	if s == nil {
		l.down.put(f.bytes)
		return
	}
	if between != nil {
		between()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch s.fate.answer {
	case passes:
		l.down.put(f.bytes)
	case severed:
		l.close()
	case early, late, held:
		s.answer = f.bytes
	}
	for _, other := range w.sendings {
		if other == s || other.link != l {
			continue
		}
		if other.fate.request == late && other.request != nil || other.fate.answer == late && other.answer != nil {
			w.release(other)
		}
	}
	if !s.settled {
		s.settled = true
		close(s.answered)
	}
}

// queue is what is to be written to one end of a connection. It takes whatever it is given, so that the two directions
// cannot wait for each other.
type queue struct {
	mu     sync.Mutex
	more   *sync.Cond
	frames [][]byte      // guarded by mu
	done   bool          // guarded by mu
	ended  chan struct{} // closed when nothing more is written
}

func newQueue() *queue {
	q := &queue{ended: make(chan struct{})}
	q.more = sync.NewCond(&q.mu)
	return q
}

func (q *queue) put(frame []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.frames = append(q.frames, frame)
	q.more.Signal()
}

func (q *queue) end() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.done {
		q.done = true
		close(q.ended)
		q.more.Signal()
	}
}

func (q *queue) next() (frames [][]byte, more bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.frames) == 0 && !q.done {
		q.more.Wait()
	}
	frames, q.frames = q.frames, nil
	return frames, !q.done
}

func (q *queue) writeTo(w io.Writer) {
	for {
		frames, more := q.next()
		if !more {
			return
		}
		if _, err := w.Write(bytes.Join(frames, nil)); err != nil {
			return
		}
	}
}

// rival is a second writer of the ledger: it has a state and a connection of its own, to whichever server runs.
type rival struct {
	t    testing.TB
	wire *wire
	keys *keyring
	log  *Log // not opened: only what is needed to read, to compose and to take in
}

func newRival(t testing.TB, w *wire, keys *keyring) *rival {
	l := &Log{options: options(t.TempDir()), generation: generation{testLedger, firstGeneration}}
	l.closing, l.beginClose = context.WithCancel(context.Background())
	l.broken = errors.New("a rival starts no server")
	t.Cleanup(l.beginClose)
	return &rival{t: t, wire: w, keys: keys, log: l}
}

// connect calls fn with the ledger's stream over a connection of its own, past all faults.
func (w *wire) connect(fn func(*session)) error {
	w.mu.Lock()
	e := &embedded{server: w.server, log: &serverLog{to: Options{}.logger()}}
	w.mu.Unlock()
	if err := e.connect(nil); err != nil {
		return err
	}
	defer e.conn.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	stream, err := e.js.Stream(ctx, generation{testLedger, firstGeneration}.stream())
	if err != nil {
		return err
	}
	s := &session{nats: e, stream: stream}
	s.over, s.end = context.WithCancelCause(context.Background())
	defer s.end(nil)
	fn(s)
	return nil
}

// commit records a commit with a command, however often it must try: the log may get in first, or stop the server under
// the rival.
func (r *rival) commit(commandID string) {
	var err error
	for range 20 {
		if err = r.try(commandID); err == nil || errors.Is(err, ErrRecorded) {
			return
		}
	}
	r.t.Errorf("the rival cannot record %s: %v", commandID, err)
}

// try is commit, once.
func (r *rival) try(commandID string) (err error) {
	failed := r.wire.connect(func(s *session) {
		l := r.log
		l.session.Store(s)
		if err = l.Read(context.Background(), l.Next(), func(Commit) error { return nil }); err != nil {
			return
		}
		if key, held := l.newestKey(); held {
			l.signer = r.keys.private(key.Key)
		}
		var d *Draft
		x := entry(commandID)
		x.Actor = "os:rival"
		if d, err = l.Compose([]Entry{x}, nil); err != nil {
			return
		}
		if err = l.publish(d); err == nil {
			err = l.takeDraft(d)
		}
	})
	return errors.Join(failed, err)
}

// stored returns the messages that are in the stream from a sequence on, read past all faults.
func (w *wire) stored(from uint64) (messages []*jetstream.RawStreamMsg) {
	var err error
	failed := w.connect(func(s *session) {
		var info *jetstream.StreamInfo
		if info, err = s.stream.Info(soon(w.t)); err != nil {
			return
		}
		for sequence := from; sequence <= info.State.LastSeq && err == nil; sequence++ {
			var m *jetstream.RawStreamMsg
			m, err = s.stream.GetMsg(soon(w.t), sequence)
			messages = append(messages, m)
		}
	})
	if err := errors.Join(failed, err); err != nil {
		w.t.Fatalf("what is stored cannot be read: %v", err)
	}
	return messages
}

// keyring holds the private keys that a test has made.
type keyring struct {
	mu   sync.Mutex
	keys []*proof.Key // guarded by mu
}

// mint makes a key.
func (k *keyring) mint() (*proof.Key, error) {
	key, err := proof.NewKey(testLedger)
	k.add(key)
	return key, err
}

func (k *keyring) add(key *proof.Key) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys = append(k.keys, key)
}

func (k *keyring) private(public proof.PublicKey) *proof.Key {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, key := range k.keys {
		if key.Public() == public {
			return key
		}
	}
	return nil
}

// heavy is an event of so many bytes.
func heavy(commandID string, bytes int) Entry {
	x := entry(commandID)
	x.Data = jsontext.Value(`"` + strings.Repeat("x", bytes) + `"`)
	return x
}
