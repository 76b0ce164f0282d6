// Package proof holds what proves that a ledger's log was not altered: hashes, keys, the seals of commits, checkpoints,
// proofs and cosignatures. It is pure, but that [NewKey] and [NewWitnessSigner] draw on the machine's random numbers.
//
// What it holds to: a text that it accepts is, byte for byte, the text that it would write for what it read. So no byte of a
// proof, a checkpoint, a key or a signature can be changed without notice, and nothing has two spellings. The one exception
// is a note's signature by a key that the reader does not know: it is carried along unread, as signed notes require.
//
// The forms are public ones, so that a stranger's tools can read them:
//
//	tree          RFC 6962, as golang.org/x/mod/sumdb/tlog computes it; the event numbered n is leaf n-1
//	keys          golang.org/x/mod/sumdb/note; a ledger's key is named pcnledger/<ledger>
//	checkpoint    c2sp.org/tlog-checkpoint, of origin pcnledger/<ledger>/g<generation>, without extension lines
//	cosignature   c2sp.org/tlog-cosignature, cosignature/v1 (Ed25519)
//	inclusion     c2sp.org/tlog-proof@v1, with the event's line as its extra data
//	consistency   the body of an add-checkpoint request of c2sp.org/tlog-witness
//
// Only a commit's seal is of this project's own making; see [Seal].
package proof
