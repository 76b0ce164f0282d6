// Package intake turns files that people already have into commands.
//
// The invariant it keeps: a file becomes commands completely, or not at all. A file in which anything is wrong gives
// [Errors], each with the file, the line, the column and what would put it right, and no command.
//
// Nothing is guessed. A form is known by its header row, never by the file's name; columns by their names, in any
// order; a year, a date or a title that the file lacks is asked for. The same file imported again gives the same
// command ids, so that the ledger records it once.
package intake
