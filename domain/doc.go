// Package domain holds the rules of the ledger: which commands are allowed, what they cause, and what each fact posts.
//
// It is pure and deterministic. It reads no clock, no file and no random number: who acts, when, and the number of the
// next event come from outside, in a [Stamp]. The same events folded in the same order give the same [Ledger], on any
// machine, for ever.
//
// The invariant it keeps: a command that [Ledger.Decide] allows leaves every fund with
//
//	limit = unallocated + allocated + released + charged + lapsed,  advances = released,  expenditure = charged
//
// and every event's [Postings] sum to zero, for the financial and for the control accounts alike.
//
// One file holds one noun: its command, its event, its rule and what it changes.
package domain
