// Package archive keeps a ledger's log as a directory of compressed files: the backup, the auditor's pack and a fast
// source for rebuilding, in one format. It knows the bytes of commits and how they are framed; what an event, a hash, a
// signature or a checkpoint means is its caller's business.
//
// What it holds to, at every moment and after every crash:
//
//   - An archive holds the commits of one log from number 1 on, without a gap, byte for byte.
//   - What is archived is never written again. A further backup adds files and replaces only the small ones.
//   - A backup is there as a whole once SHA256SUMS was replaced, and not at all before.
//   - What is missing, changed, moved or added is [Damage], which names the file and the first number concerned.
//   - Reading takes a bounded amount of memory, whatever the files say.
//
// # What lies where
//
//	<dir>/README.txt                       how to read and check the archive without this program
//	<dir>/manifest.json                    the ledger, and each segment with its numbers, sizes and checksums
//	<dir>/segments/<number>.jsonl.zst      bodies of commits, each followed by LF; named for the first number in it
//	<dir>/signatures/<number>.txt.zst      a line for each of those commits: first number, root before it, signatures
//	<dir>/checkpoint.txt                   the newest checkpoint, or nothing
//	<dir>/checkpoints.txt                  all of them, oldest first, with a line that holds only a form feed between two
//	<dir>/keys.txt                         "<number> <public key>" for each key, from which number on it signs
//	<dir>/SHA256SUMS                       the checksum of every file above, for sha256sum -c
//	<dir>/lock                             empty; held while a backup is being written
//	<dir>/**.new                           a backup that was not finished
//
// A note cannot contain a form feed, so the notes in checkpoints.txt come apart as they were put together.
//
// # How a backup is added
//
// Every file is first written and fsynced beside its place, as <name>.new, SHA256SUMS last of all. Then SHA256SUMS takes
// its place, by one rename: this is the moment at which the backup is made. Then the others take theirs. A file that is in
// SHA256SUMS but not yet in its place is read from <name>.new, and the next backup moves it; any other .new is what is
// left of a backup that was not made, and the next one removes it. Readers need no lock. Who copies the files does so while no
// backup is being written, or checks the copy.
package archive
