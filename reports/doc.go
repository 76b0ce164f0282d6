// Package reports turns views into tables, and tables into files that people and programs read.
//
// A report is a pure function of the views and of what was asked for: no clock, no map order, no locale. The invariant it
// keeps: the same views and the same question give the same bytes, in every format, for ever; and a demo ledger's report
// opens, in every format, with the line that says what in it is made up.
//
// A format knows nothing of reports and a report nothing of formats: [Reports] lists the ones, [Formats] the others.
package reports
