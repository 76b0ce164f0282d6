// Package eventstore keeps the events of a ledger, in one order and for ever, as commits in a NATS JetStream stream that
// it runs inside this process. It does not know what an event means.
//
// What it holds to, at every moment and after every crash:
//
//   - Numbers run 1, 2, 3 … without a gap. A number identifies an event; the stream's own sequence only says where it lies.
//   - A commit is one JetStream message. All of its events are recorded, or none is.
//   - Acknowledged means on disk: [Log.Append] returns nil only after the stream's file was fsynced.
//   - There is one order. A commit is taken only directly after the commit it was decided upon; otherwise [ErrConflict].
//   - No outcome is guessed. What is not answered is sent again byte for byte, then asked for, then asked for once more when
//     the server was started anew. Only where that fails too is it [ErrUnknown], and then nothing else is recorded before it
//     is known.
//   - Once a ledger has a key, each commit is signed together with the root of the tree over all events before it.
//   - A command is recorded at most once, however often and however late it is sent again.
//   - What is stored is what this package writes, byte for byte. Anything else in the stream is [Damage], and so is anything
//     that is missing from it. Damage is reported with the number it begins at, without hanging; it is never repaired or
//     skipped, and nothing is ever created in place of what is missing: only [Create] creates, and only where there was
//     nothing.
//
// # What lies where
//
//	<dir>/lock                 held while a process has the directory open; contains its process id
//	<dir>/heads/<ledger>.head  how far the ledger has got, kept apart from the stream so that a lost stream is noticed
//	<dir>/heads/<ledger>.damage  what [Log.Verify] found wrong; the ledger does not open while it is there
//	<dir>/keys/<ledger>.key    the private key that signs commits; <ledger>.key.next is the one that is to take over
//	<dir>/keys/<ledger>.witnesses  the public keys of the witnesses whose cosignatures are kept
//	<dir>/snapshots/           what was folded, so that opening reads only the end of the log; safe to delete
//	<dir>/jetstream/           the streams LEDGER_<ledger>_g<generation> and CHECKPOINTS_<ledger>, and SECURITY_<ledger>
//	                           with notes that are no part of the ledger; JetStream alone writes them
//
// The head is written after each commit, while the caller goes on. It may be one commit behind what callers have been told
// was recorded, never more but when it cannot be written, and then nothing more is recorded either.
//
// # What cannot be seen
//
// The newest commit is lost without a trace if the disk loses it at the moment of a crash, before the head that names it
// was written. An older copy of the whole directory is a whole ledger, and so is one that was rewritten throughout and
// signed again by someone who may write to it and has the key. A checkpoint that was given away before, or that a witness
// cosigned, tells of both.
package eventstore
