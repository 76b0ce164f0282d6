package eventstore

import (
	"context"
	"errors"
	"io/fs"

	"pcnledger/eventstore/proof"
)

// foldBlocks folds the ledger's stream out of its files, before a server runs over them. The blocks have to be read anyway
// to see that they are whole; whoever reads them to the end knows the log, and need not be sent it again by the server.
// What is missing or changed among that which the head vouches for is Damage, as in [Options.checkBlocks].
func (l *Log) foldBlocks(ctx context.Context, head Head, meet func(taken) error, fold Fold) error {
	blocks, err := generation{l.options.Ledger, head.Generation}.blocks(l.options.Dir)
	if err != nil {
		return err
	}
	r := &reader{log: l}
	var last record
	err = l.options.pipeline(ctx, fold, head.Sequence, func(ctx context.Context, emit func(raw) error) error {
		last, err = l.options.emitBlocks(blocks, emit)
		return err
	}, func(c taken) error { return r.deliver(c, meet, fold) })
	if caller, ours := errors.AsType[*callerError](err); ours {
		return caller.error
	}
	if err != nil {
		return err
	}
	if last.sequence < head.Sequence {
		return l.options.blockDamage(last, "the head says that numbers up to %d were recorded (stream sequence %d), but the stream's blocks can be read up to sequence %d only",
			head.Number, head.Sequence, last.sequence)
	}
	return nil
}

// emitBlocks emits the records of the blocks up to the first that is not whole, and returns the last of them.
func (o Options) emitBlocks(blocks []block, emit func(raw) error) (last record, err error) {
	for _, b := range blocks {
		var emitErr error
		var torn bool
		last, torn, err = b.followEach(last, func(r record) bool {
			emitErr = emit(raw{sequence: r.sequence, head: r.header, body: r.message})
			return emitErr == nil
		})
		switch {
		case emitErr != nil:
			return last, emitErr
		case errors.Is(err, fs.ErrPermission):
			return last, err
		case err != nil:
			return last, o.blockDamage(last, "%v", err)
		case torn:
			return last, nil
		}
	}
	return last, nil
}

// largestCheckpoint returns the size of the largest checkpoint in the files of its stream; 0 if none can be read there. Its
// signature is verified later; here it only says at which number the root is to be looked at.
func (o Options) largestCheckpoint() (size int64) {
	blocks, err := blocksOf(o.Dir, o.checkpointStream())
	if err != nil {
		return 0
	}
	_, _ = o.emitBlocks(blocks, func(r raw) error {
		if c, err := proof.ReadCheckpoint(r.body); err == nil {
			size = max(size, c.Size)
		}
		return nil
	})
	return size
}
