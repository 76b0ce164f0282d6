// Package eventstore keeps the events of a ledger, in one order and for ever, as commits in a NATS JetStream stream that
// it runs inside this process. It does not know what an event means.
//
// What it holds to, at every moment and after every crash:
//
//   - Numbers run 1, 2, 3 … without a gap. A number identifies an event; the stream's own sequence only says where it lies.
//   - A commit is one JetStream message. All of its events are recorded, or none is.
//   - Acknowledged means on disk: [Log.Append] returns nil only after the stream's file was fsynced.
//   - There is one order. A commit is taken only directly after the commit it was decided upon; otherwise [ErrConflict].
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
//	<dir>/jetstream/           the stream LEDGER_<ledger>_g<generation>, which JetStream alone writes
//
// The head is written after each commit, while the caller goes on. It may be one commit behind what callers have been told
// was recorded, never more but when it cannot be written, and then nothing more is recorded either.
//
// # What cannot be seen
//
// The newest commit is lost without a trace if the disk loses it at the moment of a crash, before the head that names it
// was written. An older copy of the whole directory is a whole ledger, and so is one that was rewritten throughout by
// someone who may write to it: to see that takes proofs that are kept elsewhere.
package eventstore
