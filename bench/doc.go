// Package bench measures how fast the ledger is, each figure beside a yardstick that is measured in the same run on the
// same disk: a raw write, a raw stream, a consumer that does nothing, another ledger program. Machines differ and are
// shared with others, so it is the ratio that counts. A figure that misses its budget is a finding, not an error.
//
// It holds to three things. What it measures goes the way that everything goes: made-up commands that a real ledger in a
// temporary directory decides, records and syncs to disk. The commands are the same in every run. And nothing is left
// behind.
package bench
