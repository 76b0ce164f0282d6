package eventstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"

	"pcnledger/eventstore/proof"
)

// What the caller must act upon. Every other error is for an operator.
var (
	// ErrNoLedger: there is nothing of this ledger in the directory, or no more than a creation that was interrupted
	// before anything was recorded. Nothing was created by asking.
	ErrNoLedger = errors.New("no ledger here")

	// ErrExists: the ledger was created before. It was not touched.
	ErrExists = errors.New("the ledger exists already")

	// ErrInUse: another process has the directory open, or this one has already.
	ErrInUse = errors.New("the data directory is in use")

	// ErrClosed: the log was closed, or is being closed.
	ErrClosed = errors.New("the log is closed")
)

// defaultReadTimeout is far longer than a disk takes to deliver one block of eight megabytes, and as long as a person
// waits for a message before thinking that the program hangs.
const defaultReadTimeout = 5 * time.Second

// Options say which ledger and where.
type Options struct {
	Dir         string        // the data directory; may hold several ledgers, one process at a time has it open
	Ledger      string        // see ValidLedger
	ReadTimeout time.Duration // how long a read may make no progress before that is reported as damage; 0 for five seconds
	Logger      *slog.Logger  // nil discards
	Verifying   bool          // open it although an earlier verification found damage, to verify it again

	limit        int64         // bytes that JetStream may use; 0 for storeLimit
	spaceReserve int64         // bytes to leave free on the disk; 0 for spaceReserve, less for none
	answerLimit  time.Duration // how long to wait for one answer to a commit; 0 for answerLimit
	through      connThrough   // nil but in tests
	lazySync     bool          // while a restore is written, which is fsynced as a whole at its end
}

func (o Options) logger() *slog.Logger {
	if o.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return o.Logger
}

func (o Options) readTimeout() time.Duration {
	if o.ReadTimeout <= 0 {
		return defaultReadTimeout
	}
	return o.ReadTimeout
}

func (o Options) answer() time.Duration {
	if o.answerLimit <= 0 {
		return answerLimit
	}
	return o.answerLimit
}

func (o Options) storeLimit() int64 {
	if o.limit <= 0 {
		return storeLimit
	}
	return o.limit
}

func (o Options) headPath() string { return filepath.Join(o.Dir, "heads", o.Ledger+".head") }

// settled returns the options with an absolute directory, or what is wrong with them.
func (o Options) settled() (_ Options, err error) {
	switch {
	case o.Dir == "":
		return o, errors.New("no data directory is given")
	case !ValidLedger(o.Ledger):
		return o, fmt.Errorf("ledger name %q is not 1 to 32 of a–z, 0–9 and hyphen", o.Ledger)
	}
	o.Dir, err = filepath.Abs(o.Dir)
	return o, err
}

// Log is one ledger's log, open in this process. It is safe for concurrent use.
type Log struct {
	options    Options
	generation generation
	lock       *flock.Flock
	resumed    bool // from a snapshot
	session    atomic.Pointer[session]
	closing    context.Context // ends when Close begins
	beginClose context.CancelFunc
	calls      sync.WaitGroup // those that use the server now; joined only while mu is held and closed is false

	writing sync.Mutex // held from reading the tail to writing the head of one append
	head    *headFile  // guarded by writing
	saving  chan error // guarded by writing: answers once the last head is on disk; nil when there is no such write
	headErr error      // guarded by writing: why the head could not be written
	broken  error      // guarded by writing: damage that was found while the log was open

	noting sync.Mutex // held while a note is stored

	mu         sync.RWMutex // guards what follows
	tail       tail
	tree       proof.Tree
	index      logIndex
	keys       []KeyHeld  // that sign, the first first
	signer     *proof.Key // the private half of the newest, if it is here
	nextSigner *proof.Key // that a KeyRotated event is to begin
	noted      int64      // the size of the newest checkpoint that is stored
	unsettled  *Draft     // was sent, and it is not known what became of it
	closed     bool
}

// tail is the last commit that was taken in.
type tail struct {
	sequence uint64
	number   int64
	at       time.Time
}

// Ledgers returns the names of the ledgers of which there is any trace in dir, damaged ones included, in order. It starts
// no server and changes nothing. A directory that is not there holds none.
func Ledgers(dir string) ([]string, error) {
	heads, err := namesIn(filepath.Join(dir, "heads"), regexp.MustCompile(`^([a-z0-9-]{1,32})\.head$`))
	if err != nil {
		return nil, err
	}
	streams, err := namesIn(streamsDir(dir), regexp.MustCompile(`^LEDGER_([a-z0-9-]{1,32})_g[0-9]+$`))
	if err != nil {
		return nil, err
	}
	names := append(heads, streams...)
	slices.Sort(names)
	return slices.Compact(names), nil
}

// namesIn returns what the form picks out of the names in a directory.
func namesIn(dir string, form *regexp.Regexp) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if match := form.FindStringSubmatch(entry.Name()); match != nil {
			names = append(names, match[1])
		}
	}
	return names, nil
}

// hasStream reports whether there is a directory for any generation of the ledger's stream.
func (o Options) hasStream() (bool, error) {
	entries, err := os.ReadDir(streamsDir(o.Dir))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return false, err
	}
	return slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		return strings.HasPrefix(e.Name(), "LEDGER_"+o.Ledger+"_g")
	}), nil
}

// newLog locks the directory. The log must be closed, whatever becomes of it.
func newLog(o Options) (*Log, error) {
	lock, err := lockDir(o.Dir)
	if err != nil {
		return nil, err
	}
	l := &Log{options: o, lock: lock, generation: generation{o.Ledger, firstGeneration}}
	l.closing, l.beginClose = context.WithCancel(context.Background())
	return l, nil
}

// abandon closes a log that could not be opened and returns why.
func (l *Log) abandon(why error) error {
	if err := l.Close(); err != nil {
		l.options.logger().Error("close the log after an error", "ledger", l.options.Ledger, "err", err)
	}
	return why
}

// Close waits for calls in progress, the last head and the server, and gives the directory back. Reads in progress end
// with [ErrClosed]. It may be called again and from anywhere but a function that [Log.Read] calls. An error leaves nothing
// of what was acknowledged in doubt. Only if the server does not stop is the directory kept locked, until the process ends.
func (l *Log) Close() error {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return nil
	}
	l.closed = true
	l.mu.Unlock()

	l.beginClose()
	l.calls.Wait()
	l.writing.Lock()
	defer l.writing.Unlock()
	l.awaitHead()
	errs := []error{l.closeCheckpoint(), l.headErr}
	if l.head != nil {
		errs = append(errs, l.head.close())
	}
	if s := l.on(); s != nil {
		if err := s.nats.stop(); err != nil {
			return errors.Join(append(errs, err)...)
		}
	}
	return errors.Join(append(errs, l.lock.Unlock())...)
}

// begin counts a call in, so that Close waits for it. The context ends with ctx and when Close begins. The caller calls
// done at its end.
func (l *Log) begin(ctx context.Context) (_ context.Context, done func(), err error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.closed {
		return nil, nil, ErrClosed
	}
	l.calls.Add(1)
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(l.closing, func() { cancel(ErrClosed) })
	return ctx, func() {
		stop()
		cancel(nil)
		l.calls.Done()
	}, nil
}

// take moves the tail on to c, if c is the commit that follows it. A commit that is behind the tail already was taken by
// whoever met it first.
func (l *Log) take(t taken) error {
	c, leaves, commands := t.Commit, t.leaves, t.commands
	keys, err := keysIn(c.Events)
	if err != nil {
		return l.options.damage(c.First(), c.Sequence, "its signing key: %v", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.Sequence != l.tail.sequence+1 {
		return nil
	}
	command, err := l.index.addCommands(c, commands)
	if err != nil {
		return err
	}
	if command != "" {
		number, _, _ := l.index.find(command)
		return l.options.recordedTwice(repetition{number, c.First()}, c.Sequence)
	}
	l.tail = c.tail()
	l.addKeys(keys...)
	for _, leaf := range leaves {
		l.tree.Add(leaf)
	}
	return nil
}

func (o Options) recordedTwice(r repetition, sequence uint64) *Damage {
	return o.damage(r.again, sequence, "the command that was recorded at number %d is recorded twice, again at number %d", r.first, r.again)
}

func (l *Log) lastTaken() tail {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.tail
}

// Ledger returns the ledger's name.
func (l *Log) Ledger() string { return l.options.Ledger }

// Next returns the number that the next event will get.
func (l *Log) Next() int64 { return l.lastTaken().number + 1 }

// Last returns the number and the time of the last event.
func (l *Log) Last() (number int64, at time.Time) {
	t := l.lastTaken()
	return t.number, t.at
}

// Head returns how far the ledger has got. The head on disk may be one commit behind it.
func (l *Log) Head() Head {
	l.mu.RLock()
	defer l.mu.RUnlock()
	h := Head{Ledger: l.options.Ledger, Generation: l.generation.n, Number: l.tail.number, Sequence: l.tail.sequence, Checkpoint: l.noted}
	if h.Number > 0 {
		h.Root = l.tree.Root().String()
	}
	return h
}

// Root returns the root of the tree over every event up to the last.
func (l *Log) Root() proof.Hash {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.tree.Root()
}

// saveHead begins to write the head, unless the last one could not be: the next append tries again before it does
// anything. Only one write is under way at a time: see [Log.awaitHead]. The caller holds writing.
func (l *Log) saveHead() {
	if l.headErr != nil {
		return
	}
	done, head, file := make(chan error, 1), l.Head(), l.head
	due := head.Number-head.Checkpoint >= checkpointEvery
	l.saving = done
	go func() {
		if due {
			head = l.noteCheckpoint(head)
		}
		done <- file.write(head)
	}()
}

// awaitHead waits until the last head is on disk. The caller holds writing.
func (l *Log) awaitHead() {
	if l.saving != nil {
		l.headSaved(<-l.saving)
	}
}

// headSaved notes that the last head was written, or why it was not. The caller holds writing.
func (l *Log) headSaved(err error) {
	l.saving, l.headErr = nil, nil
	if err == nil {
		return
	}
	l.headErr = fmt.Errorf("write the head of ledger %s: %w", l.options.Ledger, err)
	l.options.logger().Error("the head could not be written; nothing is recorded until it can be", "ledger", l.options.Ledger, "err", err)
}
