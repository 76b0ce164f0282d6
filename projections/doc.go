// Package projections folds recorded events into views: what reports, pages and exports read.
//
// A view is never a source of truth. It can be deleted at any number and folded again from the log, and then holds the
// same figures to the penny: [Views.Digest] is how that is compared. Views ask nothing of the log but the events, apply
// each number once, and take what an event posts from [domain.Postings] alone.
//
// The invariant kept: for each fund the sums of a view over its rows are those of the fund (allocated, released, spent,
// recovered, called back, received), and what is unspent is what was allocated less what was spent and not recovered.
// A reversal leaves every figure as if its entry had not been.
//
// A ledger may post ten million times, and every start may fold it again. What grows with the log is therefore kept in
// columns of rows without pointers: a text is a number in its row (see words), a place of money is a number (see book),
// and rows that belong together are told by their numbers. The types that are exported are made of the rows when they are
// asked for.
package projections
