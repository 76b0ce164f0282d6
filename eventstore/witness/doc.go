// Package witness is a second pair of eyes: it remembers, on a machine and under a key that are not the ledger's, the last
// checkpoint that each ledger showed it, and cosigns the next only if that goes on from there. An operator who rewrites a
// ledger then has to win the witness over as well.
//
// What it holds to, at every moment and after every crash: no two checkpoints of one origin that it ever cosigned
// contradict each other. For that it keeps a checkpoint on disk before it answers, and one process at a time has the
// directory.
//
// # What lies where
//
//	<dir>/lock                           held while a process has the directory open; contains its process id
//	<dir>/key                            the witness's private key; written last when the directory is made
//	<dir>/ledgers/<ledger>.g<generation> what is known of one origin: the keys trusted, and the last checkpoint, cosigned
//	<dir>/evidence/                      checkpoints that contradict each other, both signed; never removed by this package
//	….new                                a file that a crash left half written; nothing reads it
//
// # What it cannot see
//
// An older copy of the directory, put in its place, forgets what was cosigned since: do not restore one; make a new witness.
// A ledger's file that was taken away makes that ledger unknown, and it stays so until someone says again whom to trust. A
// new generation of a ledger is a new origin, to be trusted anew; its first checkpoint has to continue the last one that was
// cosigned of the generation before.
package witness
