// Package ledger runs one ledger: it ties the rules that decide, the log that keeps and the views that show.
//
// Every change goes one way: a [Command] is looked up by its id, decoded strictly, decided on the state, appended to the
// log and synced to disk, and only then applied to state and views and answered with a [Receipt].
//
// The invariants it keeps: what a receipt calls recorded is on disk; what it calls refused left no trace; the same
// command id is never recorded twice, however often and after whatever crash it is sent; and the state and the views
// are at every number what a fresh fold of the log gives, which [Ledger.Replay] proves.
package ledger
